"""Requests that only read may have their figures from the replica; installed where REPLICA_URL is set."""

from django.http import HttpRequest, HttpResponse

from portal.core.lib import replica


class ReplicaMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        # By the time a figure is read, REST framework has put the owner of the token here.
        with replica.offered(lambda: request.user.pk):
            return self.get_response(request)
