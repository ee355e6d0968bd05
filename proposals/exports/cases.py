"""The list of proposals and suggestions as a file: the columns of the import first, then how each stands."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, filter_words
from proposals.enums import Body, HandlingRole, ProposerType
from proposals.forms.cases import CaseFilter
from proposals.importers.columns import BODIES, HEADERS, TYPES
from proposals.models import Handling, Proposal, Proposer
from proposals.queries import cases as reads

_CHUNK = 1000
_BODY = {value: word for word, value in BODIES.items()}
_TYPE = {value: word for word, value in TYPES.items()}
_WIDTHS = {"title": 40, "signers": 24, "proposer_type": 14, "first_signer_forwards": 16, "number": 12}
_READ = tuple(key for key in HEADERS if key != "text")


def find_proposals(asked: Asked) -> Found:
    """Proposals as the list shows them."""
    code = reads.place_of_cases(asked.under)
    form = CaseFilter(asked.params, user=asked.user, code=code)
    rows = reads.listed(asked.user, code, **form.asked())
    return Found(rows.count(), _rows(rows), filters=filter_words(form))


def _rows(found: QuerySet[Proposal]) -> Iterator[list[Any]]:
    parts = Handling.objects.exclude(stage__in=reads.GONE).select_related("unit").order_by("id")
    signers = Proposer.objects.defer("phone", "address").order_by("position")
    found = found.select_related("session", "merged_into").prefetch_related(
        Prefetch("handlings", queryset=parts, to_attr="taking_part"),
        Prefetch("proposers", queryset=signers, to_attr="signers"),
    )
    yield from map(_row, found.iterator(chunk_size=_CHUNK))


def _row(one: Proposal) -> list[Any]:
    session = one.session
    people = ["、".join(signer.name for signer in one.signers), one.proposers_count]
    flags = [_yes(one.between_sessions), _yes(one.key), _yes(one.first_signer_forwards)]
    co = HandlingRole.CO
    return [
        _BODY[session.body], session.term, session.meeting, one.number, one.title, _type(one), *people,
        one.received_on, one.filed_on, *flags, one.field, one.get_state_display(), one.get_ground_display(),
        one.merged_into.number if one.merged_into else "", one.assigned_on,
        _units(part for part in one.taking_part if part.role != co), _units(part for part in one.taking_part if part.role == co),
        one.closed_on,
    ]  # fmt: skip


def _type(one: Proposal) -> str:
    deputy = (one.session.body, one.proposer_type) == (Body.NPC, ProposerType.MEMBER)
    return "代表个人" if deputy else _TYPE[one.proposer_type]


def _units(parts) -> str:
    return "、".join(part.unit.short for part in parts)


def _yes(value: bool) -> str:
    return "是" if value else "否"


def _kind(key: str) -> Kind:
    if key in ("received_on", "filed_on"):
        return Kind.DATE
    return Kind.NUMBER if key in ("term", "meeting", "proposers_count") else Kind.TEXT


PROPOSALS = Export(
    key="proposals",
    label=_L("提案和建议"),
    perm=Perm.VIEW_PROPOSALS,
    page="proposals",
    columns=(
        *(Column(key, HEADERS[key], kind=_kind(key), width=_WIDTHS.get(key, 10)) for key in _READ),
        Column("state", "状态", width=10),
        Column("ground", "不予立案理由", width=20),
        Column("merged_into", "并入", width=10),
        Column("assigned_on", "交办日期", kind=Kind.DATE, width=12),
        Column("lead", "主办单位", width=20),
        Column("co", "会办单位", width=20),
        Column("closed_on", "办结日期", kind=Kind.DATE, width=12),
    ),
    find=find_proposals,
    personal=True,
)
EXPORTS = (PROPOSALS,)
