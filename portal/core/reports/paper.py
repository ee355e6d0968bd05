"""A report as it is laid out, before it becomes a page, a Word file or a workbook: all three print the same parts.

Everything comes from the frozen content, the remarks and the signature. The document is Chinese, whoever reads it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone, translation

from portal.core.indicators.figures import Met, State
from portal.core.lib.numerals import chinese_number
from portal.core.reports.comparing import COUNT_LABELS, is_yearly
from portal.core.reports.freezing import LANGUAGE
from portal.core.reports.models import Report, ReportState
from portal.core.reports.words import chinese_day

REMARK_TITLES = {"causes": "原因分析", "next": "下一步措施"}
_STAMPS = {
    ReportState.DRAFT: "草稿，未经签发，不得引用",
    ReportState.SIGNED: "已签发，尚未发布",
    ReportState.WITHDRAWN: "本报告已被更正，以更正后的版本为准",
}
_TARGETS = {Met.NO_TARGET: "不设", Met.NOT_IN_FORCE: "未生效"}
_JUDGED = {Met.NO_TARGET: "不评判"}


@dataclass(frozen=True)
class Cell:
    """What stands in a cell; `number` where it is one, with `places` decimals, for spreadsheets to count with.

    `figure` tells which one it is: key of the indicator, code of the division, day.
    """

    text: str
    number: Decimal | None = None
    places: int = 0
    figure: tuple[str, str, str] | None = None


@dataclass(frozen=True)
class Head:
    """A column: numbers stand right-aligned, `width` is a share of the line's, `name` marks what the rows go by."""

    label: str
    num: bool = False
    width: int = 2
    name: bool = False


@dataclass(frozen=True)
class Table:
    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remark:
    name: str
    title: str
    text: str


@dataclass(frozen=True)
class Part:
    """A numbered section: sentences, tables, what people say to it."""

    key: str
    heading: str
    title: str
    says: tuple[str, ...]
    tables: tuple[Table, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Paper:
    title: str
    subtitle: str
    stamp: str
    as_of: str
    lead: tuple[str, ...]
    parts: tuple[Part, ...]
    closing: tuple[str, ...]
    definitions: Table
    author: str
    digest: str


def paper_of(report: Report) -> Paper:
    """The report as laid out; of a correction, with the report that it replaces and why."""
    with translation.override(LANGUAGE):
        content = report.content
        return Paper(
            title=content["title"],
            subtitle=_subtitle(content),
            stamp=_STAMPS.get(report.state, ""),
            as_of=_as_of(report),
            lead=tuple(_lead(report)),
            parts=tuple(_parts(report)),
            closing=tuple(_closing(report)),
            definitions=_definitions(content),
            author=content["place"]["name"],
            digest=report.digest,
        )


def _lead(report: Report) -> Iterator[str]:
    content = report.content
    if report.corrects is not None:
        old = report.corrects
        day = chinese_day(timezone.localdate(old.published_at))
        named = f"《{old.content['title']}{_subtitle(old.content)}》"
        reason = f"更正原因：{report.correction_reason}"
        yield f"本报告为第 {report.edition} 版，更正并取代{day}发布的{named}第 {old.edition} 版。{reason}"
    yield f"{_as_of(report)}{_compared_with(content)}"
    if report.kept_reason:
        yield f"统计后登记的变动未计入本报告，理由：{report.kept_reason}"


def _as_of(report: Report) -> str:
    moment = timezone.localtime(report.figures_at)
    return (
        f"数据截至{chinese_day(report.ends_on)}，按登记记录统计，统计时间{chinese_day(moment.date())}{moment:%H:%M}。"
    )


def _day(text: str) -> str:
    return chinese_day(date.fromisoformat(text))


def _subtitle(content: Mapping[str, Any]) -> str:
    """The period in one pair of brackets: （2026年10月）, （2026年第47周，11月16日至11月22日）."""
    return f"（{content['period'].replace('（', '，').replace('）', '')}）"


def _compared_with(content: Mapping[str, Any]) -> str:
    """Which days the columns of comparison are; in a yearly report both are the same."""
    before = _day(content["days"]["previous"])
    if is_yearly(content):
        return f"上期即上年同期，指截至{before}。"
    return f"上期指截至{before}，上年同期指{_year(content)}。"


def _year(content: Mapping[str, Any]) -> str:
    day = content["days"]["year"]
    return f"截至{_day(day)}" if day else "的同一周，上年没有这一周，故不作比较"


def _closing(report: Report) -> Iterator[str]:
    if report.signed_at is not None:
        yield f"签发人：{report.signed_by}"
        yield f"签发日期：{chinese_day(timezone.localdate(report.signed_at))}"
    if report.published_at is not None:
        yield f"发布日期：{chinese_day(timezone.localdate(report.published_at))}"


def _parts(report: Report) -> Iterator[Part]:
    content = report.content
    for number, section in enumerate(content["sections"], 1):
        texts = report.remarks.get(section["key"], {})
        yield Part(
            key=section["key"],
            heading=f"{chinese_number(number)}、{section['title']}",
            title=section["title"],
            says=tuple(section["says"]),
            tables=tuple(_TABLES[section["type"]](section, content)),
            remarks=tuple(Remark(key, title, texts[key]) for key, title in REMARK_TITLES.items() if key in texts),
        )


def _figures(section: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[Table]:
    definitions = content["indicators"]
    judged = any(definitions[line["indicator"]]["judged"] for line in section["own"])
    compared = ("本期", "上期", "比上期", *(() if is_yearly(content) else ("上年同期", "比上年同期")))
    heads = (Head("指标", width=5, name=True), Head("单位", width=1), *(Head(label, num=True) for label in compared))
    if judged:
        heads += (Head("目标", num=True), Head("评判"))
    rows = tuple((*_own(line, content), *(_judged(line, content) if judged else ())) for line in section["own"])
    title = f"{content['place']['name']}{_situation(section)}"
    yield Table(title, heads, rows, tuple(_notes(section, definitions)))
    if section["rows"]:
        yield _below(section, content)


def _situation(section: Mapping[str, Any]) -> str:
    return f"{section['title'].removesuffix('情况')}情况"


def _own(line: Mapping[str, Any], content: Mapping[str, Any]) -> tuple[Cell, ...]:
    key, code, days = line["indicator"], content["place"]["code"], content["days"]
    definition = content["indicators"][key]
    found = [
        Cell(definition["label"]),
        Cell(definition["unit_label"]),
        _value(line["now"], definition, (key, code, content["on"])),
    ]
    for when in ("previous",) if is_yearly(content) else ("previous", "year"):
        found.append(_value(line[when], definition, (key, code, days[when])))
        found.append(_moved(line[f"{when}_change"], definition["decimals"]))
    return tuple(found)


def _judged(line: Mapping[str, Any], content: Mapping[str, Any]) -> tuple[Cell, Cell]:
    met = Met(line["now"].get("met", Met.NO_TARGET))
    return _target(line["now"]), Cell(_JUDGED.get(met, str(met.label)))


def _value(figure: Mapping[str, Any] | None, definition: Mapping[str, Any], which: tuple[str, str, str]) -> Cell:
    if figure is None or figure["state"] != State.VALUE:
        return Cell(str(State(figure["state"] if figure else State.NO_DATA).label))
    value = Decimal(figure["value"])
    return Cell(_text(value), value, definition["decimals"], which)


def _text(value: Decimal) -> str:
    return f"{value:,f}".replace("-", "\N{MINUS SIGN}")


def _moved(change: str | None, places: int) -> Cell:
    if change is None:
        return Cell(str(State.NO_DATA.label))
    value = Decimal(change)
    sign = "+" if value > 0 else ""
    return Cell(f"{sign}{_text(value)}", value, places)


def _target(figure: Mapping[str, Any]) -> Cell:
    if "target" not in figure:
        return Cell(_TARGETS.get(figure.get("met", Met.NO_TARGET), str(State.NO_DATA.label)))
    value = Decimal(figure["target"])
    return Cell(f"{value:,f}", value, max(0, -value.as_tuple().exponent))


def _notes(section: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[str]:
    """Basis, day and source of what the section prints; each said once."""
    figures = [line["now"] for line in section["own"]]
    populations = {one["population"]["basis"]: one["population"] for one in figures if "population" in one}
    for one in populations.values():
        own = "" if one["own"] else "，由下级合计"
        source = f"，来源 {one['source']}" if one["source"] else ""
        yield f"口径：{one['basis_label']} {one['value']:,} 人，时点{_day(one['on'])}{own}{source}。"
    if sources := dict.fromkeys(one["source"] for one in figures if one.get("source")):
        yield f"依据：{'；'.join(sources)}。"
    if any(definitions[line["indicator"]]["unit"] == "percent" for line in section["own"]):
        yield "百分比指标的增减单位为个百分点。"


def _below(section: Mapping[str, Any], content: Mapping[str, Any]) -> Table:
    definitions, ranked = content["indicators"], section["ranked"]
    units = {key: definitions[key]["unit_label"] for key in section["below"]}
    heads = [
        Head("地区", width=4, name=True),
        *(Head(f"{definitions[key]['label']}（{units[key]}）", num=True) for key in units),
    ]
    if ranked:
        change = "个百分点" if definitions[ranked]["unit"] == "percent" else units[ranked]
        about = f"{definitions[ranked]['label']}比上期（{change}）"
        heads = [Head("名次", num=True, width=1), *heads, Head(about, num=True)]
    rows = []
    for row in section["rows"]:
        which = {key: (key, row["code"], content["on"]) for key in section["below"]}
        cells = [Cell(row["name"]), *(_value(row["figures"][key], definitions[key], which[key]) for key in which)]
        if ranked:
            rank = row["rank"]
            cells = [Cell(str(rank), Decimal(rank)) if rank else Cell("未排名"), *cells]
            cells.append(_moved(row["previous_change"], definitions[ranked]["decimals"]))
        rows.append(tuple(cells))
    notes = (f"名次按{definitions[ranked]['label']}排列，数值相同的并列。",) if ranked else ()
    notes += tuple(_bases(section, content))
    return Table(f"各地{_situation(section)}", tuple(heads), tuple(rows), notes)


def _bases(section: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[str]:
    """On which populations the divisions' figures stand, and that other bases are not to be compared (domain §2.8)."""
    known = [people for row in section["rows"] if (people := _population(row["figures"].values()))]
    bases = {one["basis_label"]: [other for other in known if other["basis"] == one["basis"]] for one in known}
    if len(bases) > 1:
        told = "、".join(f"{label} {len(all_of)} 个地区（{_reference(all_of)}）" for label, all_of in bases.items())
        yield f"口径：{told}；口径不同的不能直接比较，只有口径相同的一组排名。"
        return
    own, place = _population(line["now"] for line in section["own"]), content["place"]["name"]
    for label, all_of in bases.items():
        differs = own is not None and own["basis_label"] != label
        other = f"{place}为{own['basis_label']}，口径不同，各地的比率与{place}的不能直接比较。" if differs else ""
        yield f"口径：各地为{label}，{_reference(all_of)}。{other}"


def _population(figures: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    return next((one["population"] for one in figures if "population" in one), None)


def _reference(populations: list[Mapping[str, Any]]) -> str:
    """时点2020年11月1日, or from the first to the last where they differ."""
    days = [one["on"] for one in populations]
    first, last = min(days), max(days)
    return f"时点{_day(first)}" if first == last else f"时点{_day(first)}至{_day(last)}"


def _count(number: int) -> Cell:
    return Cell(f"{number:,}", Decimal(number))


def _findings(section: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[Table]:
    counts = tuple(Head(str(label), num=True) for label in COUNT_LABELS.values())
    groups = (("kinds", "类别", f"{content['place']['name']}各类预警（条）"), ("rows", "地区", "各地预警（条）"))
    for group, first, title in groups:
        if section[group]:
            rows = [(Cell(row["name"]), *(_count(row[name]) for name in COUNT_LABELS)) for row in section[group]]
            if group == "kinds":
                rows.append((Cell("合计"), *(_count(section["total"][name]) for name in COUNT_LABELS)))
            yield Table(title, (Head(first, width=5, name=True), *counts), tuple(rows))


def _due(section: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[Table]:
    if section["kinds"]:
        heads = (Head("类别", width=5, name=True), Head("到期（条）", num=True), Head("最早到期"))
        rows = tuple((Cell(row["name"]), _count(row["count"]), Cell(row["first"])) for row in section["kinds"])
        yield Table(f"至{_day(section['until'])}到期的预警", heads, rows)


_TABLES = {"figures": _figures, "findings": _findings, "due": _due}


def _printed(content: Mapping[str, Any]) -> Iterable[str]:
    """The keys of all figures in the order in which they are printed, which the database does not keep; targets last."""
    sections = content["sections"]
    printed = [
        key for one in sections for key in (*(line["indicator"] for line in one.get("own", ())), *one.get("below", ()))
    ]
    return dict.fromkeys([*printed, *content["indicators"]])


def _definitions(content: Mapping[str, Any]) -> Table:
    heads = (Head("指标", width=3, name=True), Head("计算方法", width=8), Head("出处", width=4))
    rows = tuple(
        (Cell(one["label"]), Cell(one["formula"]), Cell(one["citation"] or "本平台"))
        for one in (content["indicators"][key] for key in _printed(content))
    )
    return Table("指标说明", heads, rows)
