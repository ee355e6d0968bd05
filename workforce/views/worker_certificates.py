"""The parts of a person's page about certificates: clocks as bars; certificates with registrations and hours."""

from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.core.accounts.roles import Perm
from portal.core.lib.dated import last_day
from portal.core.policy.kinds import CONTRACT_NOTICE
from portal.core.web import keep
from workforce.enums import CertificateLevel
from workforce.models import Certificate, Person, ReviewCase
from workforce.queries.certificate_clocks import deadline_clock, registration_clock, rules_for
from workforce.queries.people import contract_on
from workforce.views.clock_bars import contract_bar, deadline_bar, registration_bar
from workforce.views.worker_rights import may_change


def clocks(request: HttpRequest, person: Person, on: date) -> dict:
    """What runs out for the person: the two-year rule, the registration, the contract."""
    rules = rules_for(person, on)
    bars = [
        deadline_bar(deadline_clock(person, rules, on), on),
        registration_bar(registration_clock(person, rules, on), on),
        contract_bar(contract_on(person, on), rules[CONTRACT_NOTICE.key], on),
    ]
    handled = ReviewCase.objects.for_user(request.user, Perm.HANDLE_CASES).filter(person=person)
    return {
        "key": "clocks",
        "title": pgettext("section", "期限"),
        "template": "workforce/_worker_clocks.html",
        "clocks": [bar for bar in bars if bar is not None],
        "case": handled.filter(opened_on__lte=on).order_by("-opened_on", "-id").first(),
        "side": True,
    }


def certificates(request: HttpRequest, person: Person, on: date) -> dict:
    """Certificates obtained by the day, the latest first, and the hours of continuing education."""
    edits = may_change(request, person)

    def url(name: str, *args) -> str:
        return keep.page_url(request, name, *args) if edits else ""

    held = person.certificates.filter(obtained_on__lte=on).order_by("-obtained_on").prefetch_related("registrations")
    done = person.education_hours.filter(done_on__lte=on).order_by("-done_on", "-id")
    actions = [
        {"label": label, "url": url("paper_new", person.pk, kind)}
        for kind, label in (("certificate", _("登记证书")), ("education", _("登记学时")))
    ]
    return {
        "key": "certificates",
        "title": pgettext("section", "证书"),
        "template": "workforce/_worker_certificates.html",
        "certificates": [_certificate(one, on, url) for one in held],
        "hours": [{"row": one, "edit_url": url("paper_edit", "education", one.pk)} for one in done],
        "actions": actions if edits else [],
    }


def _certificate(held: Certificate, on: date, url) -> dict:
    known = sorted(held.registrations.all(), key=lambda one: one.registered_on, reverse=True)
    rows = [
        {"row": one, "last_day": last_day(one.valid_to), "edit_url": url("paper_edit", "registration", one.pk)}
        for one in known
        if one.registered_on <= on
    ]
    registered = held.level != CertificateLevel.LOCAL
    return {
        "certificate": held,
        "registrations": rows,
        "edit_url": url("paper_edit", "certificate", held.pk),
        "register_url": url("registration_new", held.pk) if registered else "",
    }
