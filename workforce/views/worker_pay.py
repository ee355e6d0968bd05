"""The parts of a person's page about grade and pay: grade history, appointments at a level, approvals, yearly results."""

from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.web import keep
from workforce.models import Person
from workforce.queries.assessments import assessments_of
from workforce.queries.grades import grade_history
from workforce.views.pay_words import bonus_lines
from workforce.views.worker_parts import dated
from workforce.views.worker_rights import may_change


def grades(request: HttpRequest, person: Person, on: date) -> dict | None:
    """The grades of a person, the latest first."""
    held, change = grade_history(request.user, person), may_change(request, person)
    if not held and not change:
        return None
    actions = []
    if request.user.can(Perm.VIEW_PAY):
        actions.append({"label": _("核定过程"), "url": keep.page_url(request, "grade_proposal", person.pk)})
    if change:
        actions.append({"label": _("登记等级"), "url": keep.page_url(request, "record_new", person.pk, "grade")})
    return {
        "key": "grades",
        "title": _("岗位等级"),
        "template": "workforce/_worker_grades.html",
        "lines": [{**dated(one, on), "edits": change} for one in held],
        "count": len(held),
        "actions": actions,
    }


def pay(request: HttpRequest, person: Person, on: date) -> dict | None:
    """What pay follows from besides the grade; only for readers of pay."""
    if not Person.objects.for_user(request.user, Perm.VIEW_PAY).filter(pk=person.pk).exists():
        return None
    change = may_change(request, person)
    new = (("professional", _("登记专业水平聘任")), ("approval", _("登记薪酬批准")))
    links = [{"label": label, "url": keep.page_url(request, "record_new", person.pk, kind)} for kind, label in new]
    return {
        "key": "pay",
        "title": _("聘任、薪酬与考核"),
        "template": "workforce/_worker_pay.html",
        "professional": [
            {**dated(one, on), "edits": change} for one in person.professional_appointments.order_by("-valid_from")
        ],
        "approvals": [{**dated(one, on), "edits": change} for one in person.pay_approvals.order_by("-valid_from")],
        "results": assessments_of(request.user, person),
        "stars": bonus_lines(person.star_bonuses.select_related("division").order_by("-year", "-grade", "division_id")),
        "actions": links if change else [],
    }
