"""Every address of the portal."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from portal.pages import (
    account_acts,
    accounts,
    audit,
    divisions,
    downloads,
    errors,
    findings,
    grants,
    health,
    imports,
    login,
    places,
    policies,
    populations,
    today,
    tokens,
)

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("api/", include("portal.api")),
    path("roster/", include("workforce.urls")),
    *login.routes,
    *today.routes,
    *divisions.routes,
    *downloads.routes,
    *populations.routes,
    *places.routes,
    *findings.routes,
    *policies.routes,
    *imports.routes,
    *accounts.routes,
    *account_acts.routes,
    *grants.routes,
    *tokens.routes,
    *audit.routes,
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.failed
