"""`indicators/{key}/rows/`: the very records behind a number."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm, Scope
from portal.core.audit.actions import record
from portal.core.indicators.counting import RowKind
from portal.core.indicators.days import refuse_lists
from portal.core.indicators.declare import POPULATION
from portal.core.indicators.figures import Figure
from portal.core.indicators.parts import DENOMINATOR, NUMERATOR, Part
from portal.core.indicators.population_rows import PopulationBehind, PopulationRow
from portal.core.indicators.rows import Row, RowsBehind
from portal.core.indicators.values import FigureQuery
from portal.core.lib.clock import today
from portal.core.territory.chosen import Chosen
from portal.core.territory.models import Division
from portal.core.web.filters import ChoiceParameter, DayParameter
from portal.core.web.operations import Operation
from portal.core.web.renderers import MAX_ROWS, SheetRenderer
from portal.core.web.viewsets import ListMixin
from portal.pages.indicator_row_kinds import perm_of
from portal.pages.indicator_row_list import LISTED_ROWS
from portal.rest.indicator_access import DIVISION, KEY, FigureViewSet
from portal.rest.indicator_serializers import PARTS, FigureRowSerializer, rows_of
from proposals.models import Commitment, Handling, LedgerTask, Proposal
from ratings.models import Deliberation, Facility, Need, Premises, Project, ServiceRequest, Shift, StarGrade
from workforce.models import Contract, Enrolment, Establishment, Exit, Grid, Person, Term


@dataclass(frozen=True)
class Record:
    """How rows of a kind are named: the records, the name of one, its resource (if there is one) and the key there."""

    model: type
    name: Callable[[Any], str]
    resource: str = ""
    key: Callable[[Any], Any] = lambda found: found.pk
    perm: Perm = Perm.VIEW_ROSTER
    related: tuple[str, ...] = ()


def _person_name(found: Any) -> str:
    return found.person.name


RECORDS = {
    RowKind.PERSON: Record(Person, lambda found: found.name, "workers"),
    RowKind.COMMUNITY: Record(Division, lambda found: found.label, "divisions", perm=Perm.VIEW_STAFFING),
    RowKind.ALLOTMENT: Record(Division, lambda found: found.label, "divisions", perm=Perm.VIEW_STAFFING),
    RowKind.GRID: Record(Grid, lambda found: found.name, "grids"),
    RowKind.CONTRACT: Record(Contract, _person_name, "contracts", related=("person",)),
    # There is no resource of those who left; it is the person that can be read.
    RowKind.EXIT: Record(Exit, _person_name, "workers", lambda found: found.person_id, related=("person",)),
    RowKind.ENROLMENT: Record(Enrolment, _person_name, "training-enrolments", related=("person",)),
    RowKind.POSITION: Record(Establishment, lambda found: found.get_worker_class_display(), "establishments"),
    RowKind.TERM: Record(Term, lambda found: found.get_body_display(), "terms"),
    RowKind.PREMISES: Record(Premises, str, perm=Perm.VIEW_SERVICE),
    RowKind.REQUEST: Record(ServiceRequest, str, perm=Perm.VIEW_SERVICE),
    RowKind.NEED: Record(Need, str, perm=Perm.VIEW_SERVICE),
    RowKind.PROJECT: Record(Project, str, perm=Perm.VIEW_SERVICE),
    RowKind.FACILITY: Record(Facility, str, perm=Perm.VIEW_SERVICE),
    RowKind.SHIFT: Record(Shift, str, perm=Perm.VIEW_SERVICE),
    RowKind.WORKDAY: Record(Shift, lambda found: found.on.isoformat(), perm=Perm.VIEW_SERVICE),
    RowKind.ROTA_DAY: Record(Shift, lambda found: found.on.isoformat(), perm=Perm.VIEW_SERVICE),
    RowKind.DELIBERATION: Record(Deliberation, str, perm=Perm.VIEW_SERVICE),
    RowKind.STAR: Record(StarGrade, str, perm=Perm.VIEW_RATINGS),
    RowKind.PROPOSAL: Record(Proposal, str, "proposals", perm=Perm.VIEW_PROPOSALS),
    # An answer is read with its proposal.
    RowKind.HANDLING: Record(
        Handling,
        lambda found: str(found.proposal),
        "proposals",
        lambda found: found.proposal_id,
        perm=Perm.VIEW_PROPOSALS,
        related=("proposal",),
    ),
    RowKind.COMMITMENT: Record(Commitment, str, perm=Perm.VIEW_PROPOSALS),
    RowKind.LEDGER_TASK: Record(LedgerTask, str, perm=Perm.VIEW_REPORTS),
}


class WholeSource:
    """All rows read at once, for a sheet: asked for one chunk after the other, each would count everything again."""

    def __init__(self, rows: Sequence[Row | PopulationRow]):
        self.rows = rows
        self.position = {(row.code, row.id): number for number, row in enumerate(rows)}

    def after(self, key: Sequence | None, limit: int) -> Sequence[Row | PopulationRow]:
        start = 0 if key is None else self.position[key[0], key[1]] + 1
        return self.rows[start : start + limit]

    def key_of(self, row: Row | PopulationRow) -> list[str]:
        return [row.code, row.id]

    def count(self) -> int:
        return len(self.rows)


class FigureRowViewSet(ListMixin, FigureViewSet):
    """Rows that name people are personal data; a sheet of them needs the right to take the roster out."""

    serializer_class = FigureRowSerializer
    personal = True
    path_parameters = (KEY,)
    operations = {
        "list": Operation(
            summary=_("一个数所数的记录"),
            description=_(
                "分子或分母所数的每一条记录，与数值用同一个统计，限于您的管理范围：人员、社区、网格、合同等，附记录的地址；"
                "part=population 为所用人口由哪些登记相加而成。"
                "列出离职原因、薪酬所涉人员另需相应权限。范围超过 20 万人、这个数又超过 2 万的答 422。csv 和 xlsx 需要导出名册的"
                "权限。"
            ),
            scope=Scope.ROSTER_READ,
            perm=Perm.VIEW_ROSTER,
            sheet_perm=Perm.EXPORT_ROSTER,
            parameters=(
                DIVISION,
                DayParameter(),
                ChoiceParameter(
                    name="part",
                    description=_(
                        "哪个数：分子、分母，rest 为分母中不计入分子的，population 为所用的人口，或公式用到的其他计数；缺省为分子。"
                    ),
                    example=NUMERATOR,
                    refers=True,
                    choices={key: key for key in sorted(PARTS)},
                ),
            ),
            example=FigureRowSerializer.example,
            refusals=(422,),
        )
    }

    @cached_property
    def part(self) -> Part:
        """The number that is asked about; raises Http404 where the figure has none, or none whose rows can be listed."""
        parts = rows_of(self.indicators[0])
        if not parts:
            raise Http404
        asked = self.values["part"] or next(key for key in (NUMERATOR, DENOMINATOR, *parts) if key in parts)
        if asked not in parts:
            raise Http404
        return parts[asked]

    def needed(self) -> list[Perm]:
        return [*super().needed(), perm_of(self.part)]

    @cached_property
    def on(self):
        return self.values["on"] or today()

    def source(self) -> RowsBehind | PopulationBehind | WholeSource:
        book, reach = self.part.book, self._chosen.reach
        behind = self._behind(reach)
        people = isinstance(behind, PopulationBehind)
        refuse_lists(book, reach, behind.count if people else self._number, LISTED_ROWS)
        whole = isinstance(self.request.accepted_renderer, SheetRenderer)
        if whole and not (self.values["cursor"] or self.values["page_size"]):
            return WholeSource(behind.page(MAX_ROWS + 1))
        return behind

    @property
    def _chosen(self) -> Chosen:
        return Chosen(self.territories, self.on, under=self.place.code if self.place else "", codes=tuple(self.codes()))

    def _behind(self, reach: str) -> RowsBehind | PopulationBehind:
        counter = self.part.counter
        if not counter:
            figures = self._figures()
            return PopulationBehind(figures, figures[0].on if figures else self.on)
        return RowsBehind(self.part.book, counter, reach, self.on, self.territories, self.part.without)

    def _figures(self) -> list[Figure]:
        """The number that is asked about as a figure of each division asked for."""
        one = self.part.plain
        return [line[one.key] for line in FigureQuery((one,), self._chosen).lines()]

    def _number(self) -> int:
        """The number that is asked about, over all the divisions asked for."""
        return sum(figure.numerator or 0 for figure in self._figures())

    def represent(self, rows: Sequence[Row | PopulationRow]) -> list[dict]:
        if self.part.kind is None:
            return super().represent(self._populations(rows))
        kind = RECORDS[self.part.kind]
        found = {str(one.pk): one for one in self._records(kind, {row.id for row in rows})}
        seen = self._labels({row.code for row in rows})
        base = self.request.build_absolute_uri(reverse(f"api-{kind.resource}-list")) if kind.resource else ""
        written = []
        for row in rows:
            one = found.get(row.id)
            written.append(
                {
                    "kind": self.part.kind,
                    "id": row.id,
                    "name": kind.name(one) if one else None,
                    "division": {"code": row.code, "name": seen.get(row.code)},
                    "amount": row.amount,
                    "url": f"{base}{kind.key(one)}/" if one and base else None,
                    "population": None,
                }
            )
        return super().represent(written)

    def _populations(self, rows: Sequence[PopulationRow]) -> list[dict]:
        """Records of populations; what can be read by itself is the place."""
        seen = self._labels({row.code for row in rows})
        base = self.request.build_absolute_uri(reverse("api-divisions-list"))
        return [
            {
                "kind": POPULATION,
                "id": row.id,
                "name": seen.get(row.code),
                "division": {"code": row.code, "name": seen.get(row.code)},
                "amount": row.amount,
                "url": f"{base}{row.code}/" if row.code in seen else None,
                "population": {"basis": row.basis, "on": row.on, "source": row.source, "own": row.own},
            }
            for row in rows
        ]

    def _records(self, kind: Record, ids: Iterable[str]) -> QuerySet:
        return (
            kind.model.objects.for_user(self.request.user, kind.perm).select_related(*kind.related).filter(pk__in=ids)
        )

    def _labels(self, codes: set[str]) -> dict[str, str]:
        mine = Division.objects.for_user(self.request.user, Perm.VIEW_STAFFING).filter(pk__in=codes)
        return dict(mine.values_list("pk", "label"))

    def list(self, request, *args, **kwargs):
        response = super().list(request, *args, **kwargs)
        if self.perm == Perm.EXPORT_ROSTER:
            told = {"token": request.auth.prefix, "query": request.query_params.dict(), "indicator": self.kwargs["key"]}
            record("export_roster", by=request.user, subject=self.basename, division=request.user.home, **told)
        return response
