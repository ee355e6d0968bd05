"""Every address of the portal."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from portal.pages import (
    account_acts,
    accounts,
    audit,
    calendar,
    divisions,
    errors,
    exports,
    findings,
    grants,
    grid,
    health,
    import_mapping,
    imports,
    login,
    notices,
    places,
    policies,
    populations,
    runs,
    supervision,
    today,
    tokens,
    webhooks,
    what_if,
)
from workforce import urls as workforce_urls

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("api/", include("portal.api")),
    path("roster/", include("workforce.urls")),
    path("grids/", include(workforce_urls.grids)),
    path("training/", include(workforce_urls.training)),
    path("careers/", include(workforce_urls.careers)),
    path("positions/", include(workforce_urls.positions)),
    path("terms/", include(workforce_urls.terms)),
    path("transfers/", include(workforce_urls.transfers)),
    *login.routes,
    *today.routes,
    *divisions.routes,
    *exports.routes,
    *populations.routes,
    *places.routes,
    *runs.routes,
    *findings.routes,
    *supervision.routes,
    *webhooks.routes,
    *calendar.routes,
    *notices.routes,
    *policies.routes,
    *what_if.routes,
    *import_mapping.routes,
    *imports.routes,
    *grid.routes,
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
