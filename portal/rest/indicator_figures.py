"""`indicators/{key}/`, `indicators/values/`, `indicators/{key}/series/`: figures of divisions, and over time."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from portal import registry
from portal.core.indicators.declare import Indicator
from portal.core.indicators.figures import Line
from portal.core.indicators.small_cells import SmallCells
from portal.core.indicators.stamps import stamp_of
from portal.core.indicators.values import FigureQuery, kept
from portal.core.lib.clock import today
from portal.core.lib.dated import add_months
from portal.core.territory.chosen import Chosen
from portal.core.web.answers import KeptListMixin, right
from portal.core.web.filters import (
    ChoiceParameter,
    DayParameter,
    IntegerParameter,
    Parameter,
    printable,
    wrong_parameters,
)
from portal.core.web.operations import Operation
from portal.core.web.problems import at_parameter
from portal.core.web.viewsets import ListMixin
from portal.rest.indicator_access import DIVISION, KEY, LEVEL, RIGHTS, TOPIC, FigureViewSet
from portal.rest.indicator_serializers import FigureSerializer, Shown
from portal.rest.indicators import catalogue_address

ON = DayParameter(
    description=_(
        "统计日（ISO 日期，北京时间）；缺省为今天。过去的日子按记录重新统计；范围超过 20 万人时只有留存的日子（每月末）"
        "可取，其余答 422 并给出最近的留存日。以后的日子按今天已登记的内容推算，不是预测。"
    ),
    example="2021-03-27",
)
SEARCH = Parameter(name="search", description=_("只要名称含有、代码或拼音首字母以此开头的。"), example="和平")
SUPPRESS = IntegerParameter(
    name="suppress",
    description=_(
        "用于对外公布：1 到该数减 1 之间的人数（分子、分母以及两者之差）不给出，state 为 suppressed。凡能减出它的也一并隐去："
        "同级区划之间由上级合计，同一区划内由构成的其余部分、互补的一方（如持证与未持证）或其他合计。按全部指标判定，与一次"
        "取哪些、分几次取无关。承诺的是：同一天、同一个 suppress、同一管理范围内取得的数，相加减得不出被隐去的小数；不同的"
        "日子、不同的 suppress 之间相减，以及只能推知大致范围的，不在此列。同一天公布的各表应取同一个数。"
    ),
    example="5",
    minimum=2,
    maximum=20,
)
PLACES = (DIVISION, LEVEL, ON, SEARCH, SUPPRESS)
MOST_KEYS = 20


class FigureSource:
    """Figures as a source of pages: by code, and of one division in the order in which they were asked for."""

    def __init__(self, query: FigureQuery):
        self.query = query
        self.keys = [one.key for one in query.indicators]

    def after(self, key: Sequence | None, limit: int) -> list[Shown]:
        code, number = key or ("", -1)
        lines = self.query.lines(limit=self._lines(limit), after=_just_before(code))
        return [one for one in self._shown(lines) if (one.figure.code, one.number) > (code, number)][:limit]

    def before(self, key: Sequence | None, limit: int) -> list[Shown]:
        code, number = key or (":", -1)
        lines = self.query.lines("-code", limit=self._lines(limit), before=f"{code}!")
        return [one for one in self._shown(lines[::-1]) if (one.figure.code, one.number) < (code, number)][-limit:]

    def key_of(self, row: Shown) -> list:
        return [row.figure.code, row.number]

    def count(self) -> int:
        return self.query.count() * len(self.keys)

    def _lines(self, limit: int) -> int:
        """How many divisions are read for so many figures; the first of them may have been shown already."""
        return -(-limit // len(self.keys)) + 1

    def _shown(self, lines: list[Line]) -> list[Shown]:
        return [Shown(line[key], number) for line in lines for number, key in enumerate(self.keys)]


def _just_before(code: str) -> str:
    """A text right before a code and behind all codes before it."""
    return f"{code[:-1]}{chr(ord(code[-1]) - 1)}\x7f" if code else ""


class StoredFigureViewSet(KeptListMixin, ListMixin, FigureViewSet):
    """What all addresses of figures share: how rows are written, and what an answer rests on."""

    serializer_class = FigureSerializer

    def rights(self) -> list[str]:
        """Where the caller holds every permission needed, and which figures that opens; Http404 where it opens none."""
        where = ",".join(self.territories)
        held = [right(perm, self.request.user) for perm in self.needed()]
        return [where, *held, *(one.key for one in self.indicators)]

    def stamp(self) -> str | None:
        books = dict.fromkeys(book for one in self.indicators for book in one.read)
        return stamp_of(books, self.stamped_codes(), self.values.get("on") or today())

    def get_serializer_context(self) -> dict[str, Any]:
        return super().get_serializer_context() | {"base": catalogue_address(self.request)}


class FigureListViewSet(StoredFigureViewSet):
    """`indicators/{key}/`."""

    operation_id = "indicators_figure_list"
    path_parameters = (KEY,)
    operations = {
        "list": Operation(
            summary=_("一个指标"),
            description=_(
                "所问区划的数值、分子、分母、口径、目标和是否达标，每个区划一行，按代码排列。带 level 时给出其下该层级的全部"
                "区划；不带 division 时以您的每个管理范围作为所问区划，管理范围为全国的给出各省。"
            ),
            parameters=PLACES,
            example=FigureSerializer.example,
            refusals=(422,),
            **RIGHTS,
        )
    }

    def source(self) -> FigureSource:
        level, place, on = self.values["level"], self.place, self.values["on"] or today()
        chosen = Chosen(
            territories=self.territories,
            on=on,
            under=place.code if place else "",
            level=level,
            codes=None if level else tuple(self.codes()),
            search=self.values["search"] or "",
        )
        return FigureSource(FigureQuery(self.indicators, chosen, figures_on=on if self.is_stored else None))

    def represent(self, rows: list[Shown]) -> list[dict]:
        return super().represent(self._published(rows) if self.values["suppress"] else rows)

    def _published(self, rows: list[Shown]) -> list[Shown]:
        """The rows with the small cells among them marked."""
        if not rows:
            return rows
        asked = {row.figure.indicator.key: row.figure.indicator for row in rows}
        small = SmallCells(
            registry.DISCLOSURE, tuple(asked.values()), rows[0].figure.on, self.territories, self.values["suppress"]
        )
        hidden = small.among(row.figure.code for row in rows)
        return [Shown(row.figure, row.number, (row.figure.code, row.figure.indicator.key) in hidden) for row in rows]


class KeysParameter(Parameter):
    """Keys of figures, separated by commas."""

    def parse(self, text: str) -> tuple[str, ...]:
        keys = tuple(dict.fromkeys(text.split(",")))
        if unknown := [key for key in keys if key not in registry.INDICATORS]:
            raise ValueError(_gettext("没有指标 %(key)s，见指标目录。") % {"key": printable(unknown[0])})
        if len(keys) > MOST_KEYS:
            raise ValueError(_gettext("一次最多 %(limit)s 个指标。") % {"limit": MOST_KEYS})
        return keys

    def schema(self) -> dict:
        one = "(?:" + "|".join(registry.INDICATORS) + ")"
        return {"type": "string", "pattern": f"^{one}(?:,{one}){{0,{MOST_KEYS - 1}}}$"}


class ManyFiguresViewSet(FigureListViewSet):
    """`indicators/values/`: several figures in one call."""

    operation_id = ""
    path_parameters = ()
    operations = {
        "list": Operation(
            summary=_("多个指标"),
            description=_(
                "同“一个指标”，一次取多个：每个区划每个指标一行，按区划代码、再按 keys 的次序排列。不带 keys 时为您可读的"
                "全部指标。"
            ),
            parameters=(
                KeysParameter(
                    name="keys",
                    description=_("指标的 key，以逗号分隔，最多 20 个。"),
                    example="cross_appointment,committee_women_share",
                    max_length=1000,
                ),
                TOPIC,
                *PLACES,
            ),
            example=FigureSerializer.example,
            refusals=(422,),
            **RIGHTS,
        )
    }

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        keys, topic, user = self.values["keys"], self.values["topic"], self.request.user
        found = [registry.INDICATORS[key] for key in keys or registry.INDICATORS]
        if not keys:
            found = [one for one in found if one.perm is None or user.can(one.perm)]
        found = [one for one in found if topic in (None, one.topic)]
        if not found:
            raise Http404
        return tuple(found)


STEPS = {"month": 1, "quarter": 3, "year": 12}
MONTHS = 24
_EARLIEST = date(1950, 1, 1)


class SeriesSource:
    """A short list of figures by division and day."""

    def __init__(self, rows: list[Shown]):
        self.rows = sorted(rows, key=lambda row: row.key)

    def after(self, key: Sequence | None, limit: int) -> list[Shown]:
        return [row for row in self.rows if key is None or row.key > tuple(key)][:limit]

    def before(self, key: Sequence | None, limit: int) -> list[Shown]:
        return [row for row in self.rows if key is None or row.key < tuple(key)][-limit:]

    def key_of(self, row: Shown) -> list[str]:
        return list(row.key)

    def count(self) -> int:
        return len(self.rows)


class FigureSeriesViewSet(StoredFigureViewSet):
    """`indicators/{key}/series/`."""

    path_parameters = (KEY,)
    operations = {
        "list": Operation(
            summary=_("一个指标的历史"),
            description=_(
                "每月末留存的数值，当时怎样统计就怎样给出（counted_at 是统计的时刻），末尾是今天的。按各自当天生效的规则"
                "判定。要按现在的记录重新统计某一天，请用“一个指标”的 on。"
            ),
            parameters=(
                DIVISION,
                DayParameter(name="from", description=_("从这一天起；缺省为两年前。"), example="2025-01-01"),
                DayParameter(
                    name="to", description=_("到这一天为止；缺省为今天。早于 from 的答 400。"), example="2026-12-31"
                ),
                ChoiceParameter(
                    name="step",
                    description=_("取每月、每季还是每年最后一个月的月末；缺省为每月。"),
                    example="month",
                    choices=STEPS,
                ),
            ),
            example=FigureSerializer.example | {"origin": "snapshot", "counted_at": "2021-04-01T00:12:30+08:00"},
            **RIGHTS,
        )
    }

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if self.action and (first := self.values["from"]) and first > (self.values["to"] or today()):
            sentence = _gettext("from 不能晚于 to（缺省为今天）。")
            raise wrong_parameters([at_parameter(name, sentence) for name in ("from", "to")])

    def source(self) -> SeriesSource:
        now, codes = today(), self.codes()
        last = self.values["to"] or now
        first = self.values["from"] or add_months(max(last, _EARLIEST), -MONTHS)
        every = self.values["step"] or 1
        key = self.indicators[0].key
        found = [line[key] for line in kept(self.indicators, codes, first, last)]
        found = [figure for figure in found if figure.on.month % every == 0 and figure.on != now]
        if first <= now <= last:
            chosen = Chosen(self.territories, now, codes=tuple(codes))
            query = FigureQuery(self.indicators, chosen, figures_on=now if self.is_stored else None)
            found += [line[key] for line in query.lines()]
        return SeriesSource([Shown(figure) for figure in found])
