"""The ledger of contracts as a sheet."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm
from portal.core.lib.dated import last_day
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, filter_words
from workforce.enums import ContractKind
from workforce.exports.people import word
from workforce.forms.listing import ContractFilter, ContractState
from workforce.queries.contract_ledger import ContractLedger, ContractLine


def find(asked: Asked) -> Found:
    """Everybody in post under the place, as the ledger lists them."""
    place, form = asked.chosen(Perm.VIEW_ROSTER), ContractFilter(asked.params)
    lines, count = ContractLedger(place, asked.on).people(**form.asked(), limit=None)
    return Found(count, _rows(asked, lines), about=place.label, filters=filter_words(form))


def _rows(asked: Asked, lines: list[ContractLine]) -> Iterator[list[Any]]:
    for line in lines:
        last = last_day(line.valid_to)
        yield [
            line.code,
            line.place,
            line.name,
            line.title,
            str(ContractState(line.state).label),
            word(ContractKind.choices, line.kind),
            line.number,
            line.party,
            line.valid_from,
            last,
            (last - asked.on).days if last else None,
            line.probation_until,
        ]


CONTRACTS = Export(
    key="contracts",
    label=_("合同台账"),
    perm=Perm.VIEW_ROSTER,
    page="contracts",
    columns=(
        Column("code", _("社区代码"), width=14),
        Column("community", _("社区"), width=18),
        Column("name", _("姓名")),
        Column("title", _("职务"), width=18),
        Column("state", _("合同情况"), width=14),
        Column("kind", _("合同类型")),
        Column("number", _("合同编号"), width=16),
        Column("party", _("用工主体"), width=24),
        Column("valid_from", _("合同起始"), kind=Kind.DATE),
        Column("valid_to", _("合同截止"), kind=Kind.DATE),
        Column("left", _("剩余（天，负数为已过期）"), kind=Kind.NUMBER),
        Column("probation_until", _("试用期截止"), kind=Kind.DATE),
    ),
    find=find,
    personal=True,
)
