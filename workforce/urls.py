"""Addresses of the roster and of people."""

from django.urls import path

from workforce.views import posts, roster, worker

urlpatterns = [
    path("", roster.roster, name="roster"),
    path("export.<str:form>", roster.roster_export, name="roster_export"),
    path("new/", posts.worker_new, name="worker_new"),
    path("<uuid:pk>/", worker.worker, name="worker"),
    path("<uuid:pk>/reveal/", worker.worker_reveal, name="worker_reveal"),
    path("<uuid:pk>/posts/new/", posts.worker_post_new, name="worker_post_new"),
    path("<uuid:pk>/leave/", posts.worker_leave, name="worker_leave"),
    path("<int:pk>/edit/", posts.appointment_edit, name="appointment_edit"),
    path("<int:pk>/end/", posts.appointment_end, name="appointment_end"),
]
