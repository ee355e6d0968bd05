"""Writes of the yearly assessment. A closed scheme is frozen: its grades feed the ladder and the bonus."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action, record
from portal.core.lib.clock import today
from workforce import cases
from workforce.actions.versions import Stale, claim_row
from workforce.enums import CaseKind, GridRole, SchemeState
from workforce.models import Appointment, Assessment, AssessmentScheme, GridPost, ReviewCase
from workforce.queries.assessments import faults_of, result_of, results
from workforce.queries.pay_people import Worker, workers


@dataclass(frozen=True)
class Scored:
    """The scores typed for one person, by indicator, as decimal texts; an empty one takes the score back."""

    pk: int
    version: int
    scores: dict[str, str]


@action
def add_scheme(*, fields: dict, by) -> AssessmentScheme:
    """Enters a draft. Raises ValidationError where the place has one of that name for the year."""
    return _saved(AssessmentScheme(**fields))


@action
def change_scheme(*, scheme: AssessmentScheme, version: int, fields: dict, by) -> AssessmentScheme:
    """Changes a draft. Raises `Stale`, or ValidationError once it was opened."""
    claim_row(scheme, version)
    _refuse_unless(scheme, SchemeState.DRAFT, _("方案已启用，指标和权重不能再改。"))
    for name, value in fields.items():
        setattr(scheme, name, value)
    return _saved(scheme)


def _saved(scheme: AssessmentScheme) -> AssessmentScheme:
    try:
        with transaction.atomic():
            scheme.save()
    except IntegrityError as error:
        raise ValidationError({"name": _("这个范围在该年度已有同名方案。请换一个名称。")}) from error
    return scheme


def _refuse_unless(scheme: AssessmentScheme, state: str, sentence: str) -> None:
    if scheme.state != state:
        raise ValidationError(sentence)


@action
def open_scheme(*, scheme: AssessmentScheme, version: int, by) -> int:
    """Begins scoring with everybody in post; returns how many.

    Raises `Stale`, or ValidationError when the weights do not fit or a rule of the place is not met.
    """
    claim_row(scheme, version)
    _refuse_unless(scheme, SchemeState.DRAFT, _("方案已启用。"))
    if faults_of(scheme, today()):
        raise ValidationError(_("方案还不符合要求，请先更正指标和权重。"))
    scheme.state = SchemeState.OPEN
    scheme.save(update_fields=["state"])
    return _take_in(scheme, by)


@action
def take_in_people(*, scheme: AssessmentScheme, version: int, by) -> int:
    """Adds people who came into post since the scheme was opened; returns how many. Nobody is taken out."""
    claim_row(scheme, version)
    _refuse_unless(scheme, SchemeState.OPEN, _("方案未在进行中，不能补入人员。"))
    return _take_in(scheme, by)


def _take_in(scheme: AssessmentScheme, by) -> int:
    """People in post on the last day of the year assessed, or today while the year runs."""
    on = min(today(), date(scheme.year, 12, 31))
    known = set(scheme.assessments.values_list("person_id", flat=True))
    found = workers(by, Perm.CHANGE_ASSESSMENT, under=scheme.division_id, on=on)
    new = [one for one in found if one.person.pk not in known]
    doubling = _grid_workers(new, on)
    Assessment.objects.bulk_create(
        Assessment(scheme=scheme, person=one.person, division_id=one.code, grid_worker=one.person.pk in doubling)
        for one in new
    )
    return len(new)


def _grid_workers(found: list[Worker], on: date) -> set:
    """Those who double as grid workers: by the roster's mark, or by a grid post of their own."""
    marked = {one.person.pk for one in found if any(post.grid_worker for post in one.posts)}
    posts = GridPost.objects.in_force(on).filter(
        person__in=[one.person.pk for one in found], role__in=(GridRole.FULL_TIME, GridRole.PART_TIME)
    )
    return marked | set(posts.values_list("person_id", flat=True))


@action
def save_scores(*, scheme: AssessmentScheme, rows: Sequence[Scored], by) -> int:
    """Writes a scoring sheet; returns how many people's scores changed.

    Everything or nothing: raises `Stale` naming those whose scores somebody else saved meanwhile, and ValidationError
    outside the user's territory or once the scheme is closed.
    """
    scheme = AssessmentScheme.objects.select_for_update().get(pk=scheme.pk)
    _refuse_unless(scheme, SchemeState.OPEN, _("方案未在进行中，不能打分。"))
    mine = scheme.assessments.for_user(by, Perm.CHANGE_ASSESSMENT).select_related("person").order_by("pk")
    locked = {one.pk: one for one in mine.select_for_update(of=("self",)).filter(pk__in=[row.pk for row in rows])}
    if len(locked) != len(rows):
        raise ValidationError(_("所填人员中有人不在您的范围内。请重新打开打分表。"))
    changed = [row for row in rows if locked[row.pk].scores != row.scores]
    stale = [locked[row.pk].person.name for row in changed if locked[row.pk].version != row.version]
    if stale:
        raise Stale(_("%(names)s的得分刚被其他人保存过。请核对最新得分后再保存。") % {"names": _("、").join(stale)})
    for row in changed:
        _write(scheme, locked[row.pk], row.scores)
    return len(changed)


def _write(scheme: AssessmentScheme, row: Assessment, scores: dict[str, str]) -> None:
    row.scores, row.version = scores, row.version + 1
    for name, value in result_of(scheme, scores, row.grid_worker).items():
        setattr(row, name, value)
    row.save(update_fields=["scores", "community", "grid", "total", "grade", "version"])


@action
def close_scheme(*, scheme: AssessmentScheme, version: int, by) -> AssessmentScheme:
    """Freezes a scheme: its grades feed the ladder and the bonus from then on.

    Raises `Stale`, or ValidationError as long as somebody is not scored.
    """
    claim_row(scheme, version)
    _refuse_unless(scheme, SchemeState.OPEN, _("方案未在进行中，不能归档。"))
    open_rows = scheme.assessments.filter(total__isnull=True).count()
    if open_rows or not scheme.assessments.exists():
        raise ValidationError(_("还有 %(n)s 人没有完成打分，全部完成后才能归档。") % {"n": open_rows})
    scheme.state = SchemeState.CLOSED
    scheme.save(update_fields=["state"])
    record("assessment_closed", by=by, subject=scheme.pk, division=scheme.division_id, rows=scheme.assessments.count())
    return scheme


@action
def open_bottom_cases(*, scheme: AssessmentScheme, under: str = "", by) -> int:
    """Opens a review case for everybody on the list for review whom the user handles; returns how many are new.

    The list is a reason to look at a case and decides nothing (domain §2.11). Raises ValidationError before closing.
    """
    _refuse_unless(scheme, SchemeState.CLOSED, _("考核归档后才能立案复核。"))
    listed = results(by, scheme, today(), under, Perm.HANDLE_CASES).review
    due = date(scheme.year, 12, 31)
    known = ReviewCase.objects.filter(kind=CaseKind.ASSESSMENT_BOTTOM, due_on=due)
    known = set(known.filter(person__in=[one.row.person_id for one in listed]).values_list("person_id", flat=True))
    new = [one.row for one in listed if one.row.person_id not in known]
    elected = Appointment.objects.in_force(today()).filter(person__in=[row.person_id for row in new])
    routes = {
        person: cases.ELECTION
        for person, entry, body in elected.values_list("person_id", "entry", "body")
        if cases.route_of(entry, body) == cases.ELECTION
    }
    begun = {"state": cases.FIRST, "state_since": today(), "opened_on": today(), "due_on": due}
    ReviewCase.objects.bulk_create(
        (
            ReviewCase(
                kind=CaseKind.ASSESSMENT_BOTTOM,
                person_id=row.person_id,
                division_id=row.division_id,
                route=routes.get(row.person_id, cases.EMPLOYER),
                **begun,
            )
            for row in new
        ),
        ignore_conflicts=True,
    )
    return len(new)
