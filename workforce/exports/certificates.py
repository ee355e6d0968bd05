"""The ledger of certificates: what the page lists, people with their certificate, deadline and open case, or every
certificate by itself."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found
from workforce.enums import CaseState, CertificateLevel
from workforce.exports.people import chunks, labels_of, names_of
from workforce.forms.listing import LedgerFilter
from workforce.models import Certificate, Registration
from workforce.queries.cases import cases_on
from workforce.queries.certificate_ledger import Ledger, Line
from workforce.queries.people import LEVELS

STAGES = {
    "first_due": _("待首次登记"),
    "first_overdue": _("首次登记逾期"),
    "window": _("可再登记"),
    "lapsed": _("登记已过期"),
}


def find(asked: Asked) -> Found:
    """The people of the ledger as the address asks for them, the most urgent first."""
    place = asked.chosen(Perm.VIEW_ROSTER)
    ledger, form = Ledger(place, asked.on), LedgerFilter(asked.params)
    lines, count = ledger.people(form.show, month=form.month, limit=None)
    return Found(count, _rows(asked, lines), about=place.label, filters=form.title)


def _rows(asked: Asked, lines: list[Line]) -> Iterator[list[Any]]:
    for chunk in chunks(lines):
        people = {line.person_id for line in chunk}
        names, labels = names_of(people), labels_of(line.division_id for line in chunk)
        held, cases = _certificates(people, asked.on), _cases(asked, people)
        for line in chunk:
            level, number, obtained_on, registered_on = _told(held.get(line.person_id, {}), line.level)
            yield [
                line.division_id,
                labels[line.division_id],
                names[line.person_id],
                level,
                number,
                obtained_on,
                registered_on,
                line.due_on,
                (line.due_on - asked.on).days if line.due_on else None,
                STAGES.get(line.stage, ""),
                line.sittings,
                cases.get(line.person_id, ""),
            ]


def _told(held: dict[str, tuple], level: str | None) -> tuple:
    """The certificate of a level, else the best one: level in words, number, day obtained, latest registration."""
    best = level if level in held else min(held, key=LEVELS.index, default=None)
    return ("", "", None, None) if best is None else (str(CertificateLevel(best).label), *held[best])


def _certificates(people: set, on: date) -> dict[Any, dict[str, tuple]]:
    """What everybody held on the day, by level: number, day obtained, latest registration."""
    made = Registration.objects.filter(person__in=people, registered_on__lte=on).order_by("registered_on")
    registered = dict(made.values_list("certificate_id", "registered_on"))
    found: dict[Any, dict[str, tuple]] = {}
    rows = Certificate.objects.filter(person__in=people, obtained_on__lte=on)
    for pk, person, level, *told in rows.values_list("id", "person_id", "level", "number", "obtained_on"):
        found.setdefault(person, {})[level] = (*told, registered.get(pk))
    return found


def _cases(asked: Asked, people: set) -> dict[Any, str]:
    """The stage of the case of each that was open on the day, as far as the user handles cases."""
    rows = cases_on(asked.user, asked.on).filter(person__in=people).exclude(stage=CaseState.CLOSED)
    return {person: str(CaseState(stage).label) for person, stage in rows.values_list("person_id", "stage")}


CERTIFICATES = Export(
    key="certificates",
    label=_("证书台账"),
    perm=Perm.VIEW_ROSTER,
    page="certificates",
    columns=(
        Column("code", _("社区代码"), width=14),
        Column("community", _("社区"), width=18),
        Column("name", _("姓名")),
        Column("level", _("证书等级"), width=18),
        Column("number", _("证书编号"), width=18),
        Column("obtained_on", _("证书取得日期"), kind=Kind.DATE, width=14),
        Column("registered_on", _("最近登记日期"), kind=Kind.DATE, width=14),
        Column("due", _("期限"), kind=Kind.DATE),
        Column("left", _("剩余（天，负数为逾期）"), kind=Kind.NUMBER),
        Column("stage", _("登记情况"), width=14),
        Column("sittings", _("还来得及的考试（次）"), kind=Kind.NUMBER),
        Column("case", _("个案阶段"), width=14),
    ),
    find=find,
    personal=True,
)
