"""Terms and elections of the two committees, and how the committees stand place by place."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm
from portal.core.indicators.days import TooManyRows
from portal.core.indicators.parts import DENOMINATOR, NUMERATOR
from portal.core.lib.dated import last_day
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, NotExportable
from portal.core.sheets.writing import Sheet
from workforce.indicators.committees import COMMITTEES as FIGURES
from workforce.models import Term
from workforce.queries.lines import Line, lines_under

COMMITTEES = (
    Column("code", _("区划代码"), width=14),
    Column("name", _("区划"), width=24),
    Column("formed", _("已组成居委会（个）"), kind=Kind.NUMBER),
    Column("party", _("党组织成员（人）"), kind=Kind.NUMBER),
    Column("committee", _("居委会成员（人）"), kind=Kind.NUMBER),
    Column("both", _("交叉任职（人）"), kind=Kind.NUMBER),
    Column("women", _("其中女性（人）"), kind=Kind.NUMBER),
    Column("one_shoulder", _("一肩挑（个）"), kind=Kind.NUMBER),
    Column("apart", _("书记主任分设（个）"), kind=Kind.NUMBER),
    Column("without_secretary", _("书记空缺（个）"), kind=Kind.NUMBER),
    Column("without_chair", _("主任空缺（个）"), kind=Kind.NUMBER),
    Column("ended", _("到期未换届（届）"), kind=Kind.NUMBER),
)
# Which number of which figure stands in the columns after the name.
_NUMBERS = (
    ("one_shoulder_rate", DENOMINATOR),
    ("party_members_seated", NUMERATOR),
    ("committee_members_seated", NUMERATOR),
    ("cross_appointment", NUMERATOR),
    ("committee_women_share", NUMERATOR),
    ("one_shoulder_rate", NUMERATOR),
    ("communities_apart", NUMERATOR),
    ("communities_without_secretary", NUMERATOR),
    ("communities_without_chair", NUMERATOR),
    ("terms_ended", NUMERATOR),
)


def find(asked: Asked) -> Found:
    """Every term begun by the day under the place, by community, the latest of each committee first."""
    place = asked.chosen(Perm.VIEW_STAFFING)
    terms = Term.objects.for_user(asked.user, Perm.VIEW_STAFFING).under(place.code).filter(valid_from__lte=asked.on)
    terms = terms.select_related("division").order_by("division_id", "body", "-valid_from")
    try:
        own, below = lines_under(place, asked.on, FIGURES)
    except TooManyRows as error:
        raise NotExportable(str(error)) from error
    sums = Sheet(str(_("两委情况")), COMMITTEES, (_committees(line) for line in (*below, own)))
    return Found(terms.count(), _rows(terms, asked.on), about=place.label, more=[sums])


def _rows(terms, on: date) -> Iterator[list[Any]]:
    seen: set[tuple[str, str]] = set()
    for term in terms.iterator(chunk_size=2000):
        latest = (term.division_id, term.body) not in seen
        seen.add((term.division_id, term.body))
        yield [
            term.division_id,
            term.division.label,
            term.get_body_display(),
            term.number,
            term.get_form_display(),
            term.elected_on,
            term.valid_from,
            last_day(term.valid_to),
            term.seats,
            _state(term, on, latest),
        ]


def _state(term: Term, on: date, latest: bool) -> str:
    if term.valid_to is None or term.valid_to > on:
        return str(_("任期内"))
    return str(_("到期未换届")) if latest else str(_("已结束"))


def _committees(line: Line) -> list[Any]:
    return [line.division.pk, line.division.label, *(line.count(key, part) for key, part in _NUMBERS)]


TERMS = Export(
    key="terms",
    label=_("换届情况表"),
    perm=Perm.VIEW_STAFFING,
    page="terms",
    page_needs=("place",),
    columns=(
        Column("code", _("社区代码"), width=14),
        Column("community", _("社区"), width=18),
        Column("body", _("机构"), width=16),
        Column("number", _("届次"), kind=Kind.NUMBER, width=8),
        Column("form", _("党组织形式"), width=14),
        Column("elected_on", _("选举日期"), kind=Kind.DATE),
        Column("valid_from", _("任期起始"), kind=Kind.DATE),
        Column("valid_to", _("任期截止"), kind=Kind.DATE),
        Column("seats", _("职数"), kind=Kind.NUMBER, width=8),
        Column("state", _("状态")),
    ),
    find=find,
)
