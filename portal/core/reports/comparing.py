"""Every number of a frozen report by what it is, and what differs between two of them: reported 3,310, now 3,297."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.indicators.figures import State
from portal.core.reports.frozen_findings import COUNTS

COUNT_LABELS = {
    "before": gettext_lazy("期初"),
    "opened": gettext_lazy("本期新增"),
    "resolved": gettext_lazy("本期消除"),
    "standing": gettext_lazy("期末"),
    "overdue": gettext_lazy("其中已过期限"),
}
_OWN = {"now": gettext_lazy("本期"), "previous": gettext_lazy("上期"), "year": gettext_lazy("上年同期")}
_PARTS = ("state", "value", "numerator", "denominator", "met", "target")

Key = tuple[str, ...]


@dataclass(frozen=True)
class Number:
    """One number of a report: where it stands, whose it is, what it says, and what it was made of."""

    section: str
    place: str
    label: str
    text: str
    made_of: tuple[Any, ...]


@dataclass(frozen=True)
class Change:
    """A number that is no longer what was frozen; None where the one or the other does not have it."""

    section: str
    place: str
    label: str
    old: str | None
    new: str | None
    parts: str = ""


def changes(frozen: Mapping[str, Any], fresh: Mapping[str, Any]) -> list[Change]:
    """What a fresh count of the same report would print differently, in the order of the report."""
    old, new = dict(numbers_of(frozen)), dict(numbers_of(fresh))
    found = []
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        if (before.made_of if before else None) != (after.made_of if after else None):
            known = before or after
            texts = (before.text if before else None, after.text if after else None)
            found.append(Change(known.section, known.place, known.label, *texts, parts=_parts(before, after)))
    return found


def _parts(before: Number | None, after: Number | None) -> str:
    """704/1641 → 703/1640, where the printed value alone would not show the difference."""
    if before is None or after is None:
        return ""
    old, new = (_fraction(number.made_of) for number in (before, after))
    return f"{old} → {new}" if old and new and old != new else ""


def _fraction(made_of: tuple[Any, ...]) -> str:
    found = dict(zip(_PARTS, made_of, strict=False))
    if found.get("denominator") is None:
        return ""
    return f"{found['numerator']:,}/{found['denominator']:,}"


def numbers_of(content: Mapping[str, Any]) -> Iterator[tuple[Key, Number]]:
    """Every number of a report with a key that tells it from all others."""
    for section in content["sections"]:
        yield from _NUMBERS[section["type"]](section, content)


def _figures(section: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[tuple[Key, Number]]:
    own = content["place"]["name"]
    # The year before is the period before of a yearly report: told once, as it is printed.
    shown = {when: word for when, word in _OWN.items() if when != "year" or not is_yearly(content)}
    for line in section["own"]:
        label = content["indicators"][line["indicator"]]["label"]
        for when, word in shown.items():
            if line[when] is not None:
                key = (section["key"], "own", line["indicator"], when)
                about = f"{label}" if when == "now" else _("%(label)s（%(when)s）") % {"label": label, "when": word}
                yield key, _figure(section, own, about, line[when], content["indicators"][line["indicator"]])
    for row in section["rows"]:
        for indicator in section["below"]:
            definition, figure = content["indicators"][indicator], row["figures"][indicator]
            key = (section["key"], row["code"], indicator)
            yield key, _figure(section, row["name"], definition["label"], figure, definition)


def is_yearly(content: Mapping[str, Any]) -> bool:
    """Whether the period before and the same period of the year before end on the same day."""
    return content["days"]["previous"] == content["days"]["year"]


def _figure(
    section: Mapping[str, Any], place: str, label: str, figure: Mapping[str, Any], definition: Mapping[str, Any]
) -> Number:
    made_of = tuple(figure.get(part) for part in _PARTS)
    return Number(section["title"], place, label, figure_text(figure, definition), made_of)


def figure_text(figure: Mapping[str, Any] | None, definition: Mapping[str, Any]) -> str:
    """A frozen value with its unit where that is a sign, or the word for its absence."""
    if figure is None or figure["state"] != State.VALUE:
        return str(State(figure["state"] if figure else State.NO_DATA).label)
    number = f"{Decimal(figure['value']):,f}"
    return f"{number}%" if definition["unit"] == "percent" else number


def _findings(section: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[tuple[Key, Number]]:
    own = content["place"]["name"]
    for group, rows in (("kinds", section["kinds"]), ("rows", section["rows"])):
        for row in rows:
            for name in COUNTS:
                place = own if group == "kinds" else row["name"]
                about = {"name": row["name"], "count": COUNT_LABELS[name]}
                label = _("%(name)s（%(count)s）") % about if group == "kinds" else str(COUNT_LABELS[name])
                key = (section["key"], group, row.get("code") or row["key"], name)
                yield key, Number(section["title"], place, label, f"{row[name]:,}", (row[name],))


def _due(section: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[tuple[Key, Number]]:
    for row in section["kinds"]:
        number = Number(section["title"], content["place"]["name"], row["name"], f"{row['count']:,}", (row["count"],))
        yield (section["key"], row["key"]), number


_NUMBERS = {"figures": _figures, "findings": _findings, "due": _due}
