"""A thing of every kind of services and ratings, in a place."""

from datetime import date, timedelta

from portal.core.lib.vault import write_sealed
from ratings.actions.evidence import path_of
from ratings.models import (
    AccessApplication,
    DepartmentOpinion,
    Evidence,
    Facility,
    Feature,
    Incident,
    ItemRefusal,
    ListItem,
    PointRule,
    Premises,
    RatingCycle,
    RatingScheme,
    SchemeItem,
)
from tests import factories
from tests.ratings import rated, scheme_builders
from tests.ratings.starred import exception, followed


def _rating_scheme(code):
    """A scheme in use, which everybody who reads schemes may see."""
    return [scheme_builders.scheme(code, year=2001 + RatingScheme.objects.count() % 90).pk]


def _premises(code):
    return [factories.premises(code, f"矩阵{Premises.objects.count()}").pk]


def _visit(code):
    return [factories.visit(Premises.objects.get(pk=_premises(code)[0])).pk]


def _request(code):
    return [factories.service_request(code).pk]


def _consequence(code):
    return [followed(code).pk]


def _bonus(code):
    return [followed(code, kind="bonus", person=factories.worker("矩阵", code), months=12, due_on=None, facts={}).pk]


def _exception(code):
    return [exception(code).pk]


def _need(code):
    return [factories.need(code).pk]


def _project(code):
    return [factories.project(code).pk]


def _facility(code):
    return [factories.facility(code, f"矩阵{Facility.objects.count()}").pk]


def _feature(code):
    return [factories.feature(code, since=date(2024, 1, 1) + timedelta(days=Feature.objects.count())).pk]


def _matter(code):
    return [factories.deliberation(code).pk]


def _point_rule(code):
    return [factories.point_rule(code, f"矩阵{PointRule.objects.count()}").pk]


def _list_item(code):
    return [factories.list_item(code, f"矩阵{ListItem.objects.count()}").pk]


def _access(code):
    return [factories.access_application(code, factories.user(f"officer{AccessApplication.objects.count()}")).pk]


def _refusal(code):
    return [factories.refusal(code, factories.user(f"refuser{ItemRefusal.objects.count()}")).pk]


def _cycle(code):
    """A rating of one unit that is scored at its own stage."""
    year = 2100 - RatingCycle.objects.count()
    return [rated.cycle(code, year=year, stage="self").pk]


def _rated_unit(code, stage="self", cycle_stage="self"):
    year = 2100 - RatingCycle.objects.count()
    cycle = rated.cycle(code, year=year, stage=cycle_stage)
    return rated.unit(cycle, code, stage=stage)


def _evidence(code):
    unit = _rated_unit(code)
    item = unit.scheme.items.first() or SchemeItem.objects.create(scheme=unit.scheme, order=1, label="x", points=100)
    by = factories.user(f"filer{Evidence.objects.count()}")
    row = Evidence.objects.create(
        unit=unit, item=item, filename="x.pdf", content_type="pdf", size=1, sha256="0" * 64, added_by=by
    )
    write_sealed(path_of(row.pk), [b"x"], f"ratings.evidence:{row.pk}")
    return [row.pk]


def _incident(code):
    unit = _rated_unit(code)
    item = SchemeItem.objects.create(scheme=unit.scheme, order=90, label="x", kind="veto")
    by = factories.user(f"reporter{Incident.objects.count()}")
    return [
        Incident.objects.create(unit=unit, item=item, happened_on="2026-01-01", text="x", entered_by=by).pk,
        "confirm",
    ]


def _opinion(code):
    cycle = RatingCycle.objects.get(pk=_cycle(code)[0])
    by = factories.user(f"sayer{DepartmentOpinion.objects.count()}")
    given = {"department": "x", "stand": "agrees", "given_on": "2026-01-01", "entered_by": by}
    return [DepartmentOpinion.objects.create(cycle=cycle, **given).pk]


MAKERS = {
    "cycle": _cycle,
    "cycle_act": lambda code: [*_cycle(code), "extend"],
    "rated_unit": lambda code: [_rated_unit(code).pk],
    "rated_unit_act": lambda code: [_rated_unit(code).pk, "send-back"],
    "evidence": _evidence,
    "incident": _incident,
    "opinion": _opinion,
    "starred": lambda code: [rated.starred(code).division_id],
    "star_draft": lambda code: [rated.drafted(code).pk],
    "objection": lambda code: [rated.objection(rated.held(code)).pk],
    "community": lambda code: [code],
    "need": _need,
    "project": _project,
    "project_step": lambda code: [*_project(code), "approve"],
    "facility": _facility,
    "feature": _feature,
    "feature_kind": lambda code: [code, "mediation"],
    "matter": _matter,
    "matter_step": lambda code: [*_matter(code), "hold"],
    "point_rule": _point_rule,
    "list_item": _list_item,
    "access": _access,
    "access_step": lambda code: [*_access(code), "review"],
    "refusal": _refusal,
    "unit": lambda code: [code],
    "consequence": _consequence,
    "bonus": _bonus,
    "exception": _exception,
    "premises": _premises,
    "visit": _visit,
    "request": _request,
    "request_act": lambda code: [*_request(code), "withdraw"],
    "shifts_day": lambda code: [code, "2026-01-05"],
    "rating_scheme": _rating_scheme,
    "rating_scheme_act": lambda code: [*_rating_scheme(code), "use"],
    "rating_item": lambda code: [RatingScheme.objects.get(pk=_rating_scheme(code)[0]).items.first().pk],
}
