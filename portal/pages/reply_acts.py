"""What the editor of answers was sent: the sections as typed, and the button that was pressed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from portal.core.territory.models import Division
from portal.registry import INDICATORS
from proposals.actions import figures, reply_sections
from proposals.actions.drafting import Written
from proposals.models import Handling, Reply, ReplySection
from proposals.queries.drafts import TABLE
from proposals.queries.figures import shown_figures, spoken


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


@dataclass
class Editing:
    """The editor's state: sections in their order, the button with what it names, cursor and section in hand."""

    reply: int = 0
    version: int = 0
    sections: list[Written] = field(default_factory=list)
    verb: str = "save"
    named: str = ""
    current: int = 0
    at: int | None = None
    asked: QueryDict | None = None
    focus: int | None = None
    saved: bool = False

    @classmethod
    def stored(cls, reply: Reply, focus: int | None = None) -> "Editing":
        return cls(version=reply.version, focus=focus)

    @classmethod
    def typed(cls, data: QueryDict) -> "Editing":
        """What was sent. Levels and keys that are none count as text of a new paragraph."""
        lines = zip(data.getlist("key"), data.getlist("level"), data.getlist("text"), strict=False)
        verb, _colon, named = data.get("act", "save").partition(":")
        return cls(
            version=_number(data.get("version")) or 0,
            sections=[Written(_number(key), min(_number(level) or 0, TABLE), text) for key, level, text in lines],
            verb=verb,
            named=named,
            current=_number(data.get("current")) or 0,
            at=_number(data.get("at")),
            asked=data,
        )

    def rearrange(self) -> None:
        """Buttons that only move, add or remove sections. The focus follows the section."""
        place = _number(self.named)
        if self.verb == "add":
            at = len(self.sections) if place is None else min(place + 1, len(self.sections))
            self.sections.insert(at, Written(None, 0, ""))
            self.focus = at
        elif place is None or place >= len(self.sections):
            return
        elif self.verb == "remove":
            self.sections.pop(place)
            self.focus = min(place, len(self.sections) - 1) if self.sections else None
        elif self.verb in ("up", "down"):
            to = place + (-1 if self.verb == "up" else 1)
            if 0 <= to < len(self.sections):
                self.sections[place], self.sections[to] = self.sections[to], self.sections[place]
                self.focus = to

    def written(self) -> list[Written]:
        return self.sections

    def rows(self, stored: Iterable[ReplySection]) -> list[dict]:
        """The sections as the form shows them, with where each came from."""
        known = {one.pk: one for one in stored}
        fresh = self.asked is None or self.saved
        lines = [Written(one.pk, one.level, one.text) for one in known.values()] if fresh else self.sections
        return [self._row(number, line, known.get(line.key)) for number, line in enumerate(lines)]

    def _row(self, number: int, line: Written, section: ReplySection | None) -> dict:
        return {
            "number": number + 1,
            "index": number,
            "key": line.key or "",
            "level": str(line.level),
            "text": line.text,
            "section": section,
            "lines": max(2, min(12, 1 + len(line.text) // 40 + line.text.count("\n"))),
            "focus": number == self.focus,
            "spoken": ""
            if section is None or "[[" not in line.text
            else spoken(line.text, shown_figures(section.reply)),
        }


def follow(reply: Reply, editing: Editing, by) -> str:
    """Does what the button asks for beside saving, with the text saved already; returns what to say."""
    editing.saved = True
    act = _ACTS.get(editing.verb)
    return act(reply, editing, by) if act else _("已保存。")


def _current(reply: Reply, editing: Editing) -> int | None:
    """The key of the section in hand, as now stored."""
    keys = list(reply.sections.order_by("position").values_list("pk", flat=True))
    if not keys:
        return None
    editing.focus = min(editing.current, len(keys) - 1)
    return keys[editing.focus]


def _asked(reply: Reply, editing: Editing, by) -> dict:
    """Which figure to insert, of which place and day, and where."""
    asked = editing.asked
    try:
        on = date.fromisoformat(asked.get("figure_on", ""))
    except ValueError:
        raise ValidationError(_("请填写指标的时点。")) from None
    return {
        "reply": reply, "version": reply.version, "indicators": INDICATORS, "indicator": editing.named, "on": on,
        "division": get_object_or_404(Division, pk=asked.get("figure_place") or reply.handling.division_id),
        "decimals": _number(asked.get("figure_decimals")), "section": _current(reply, editing), "by": by,
    }  # fmt: skip


def _table(reply: Reply, editing: Editing, by) -> str:
    made = figures.insert_table(**_asked(reply, editing, by))
    return _("已插入 %(n)s 个下级的%(label)s。") % {"n": len(made), "label": made[0].inserted["label"]}


def _insert(reply: Reply, editing: Editing, by) -> str:
    figure = figures.insert_figure(**_asked(reply, editing, by), at=editing.at, with_day="figure_day" in editing.asked)
    return _("已插入：%(label)s %(text)s。") % {"label": figure.inserted["label"], "text": figure.inserted["text"]}


def _refresh(reply: Reply, editing: Editing, by) -> str:
    figure = figures.refresh_figure(
        reply=reply, version=reply.version, figure=_number(editing.named) or 0, indicators=INDICATORS, by=by
    )
    return _("已更新为 %(text)s。") % {"text": figure.inserted["text"]}


def _drop(reply: Reply, editing: Editing, by) -> str:
    figures.remove_figure(reply=reply, version=reply.version, figure=_number(editing.named) or 0, by=by)
    return _("已从正文中删去这个指标。")


def _opinion(reply: Reply, editing: Editing, by) -> str:
    part = get_object_or_404(Handling.objects.select_related("unit"), pk=_number(editing.named) or 0)
    taken = reply_sections.take_opinion(
        reply=reply, version=reply.version, part=part, after=_current(reply, editing), by=by
    )
    return _("已插入%(unit)s的会办意见，共 %(n)s 段。") % {"unit": part.unit.short, "n": len(taken)}


def _take(reply: Reply, editing: Editing, by) -> str:
    source = get_object_or_404(ReplySection.objects.defer("search"), pk=_number(editing.named) or 0)
    reply_sections.take_paragraph(
        reply=reply, version=reply.version, source=source, indicators=INDICATORS, after=_current(reply, editing), by=by
    )
    return _("已引用这一段，其中的指标已按现在的数据重新插入。")


def _copy(reply: Reply, editing: Editing, by) -> str:
    source = get_object_or_404(Reply, pk=_number(editing.named) or 0)
    after = _current(reply, editing)
    taken = reply_sections.take_text(
        reply=reply, version=reply.version, source=source, indicators=INDICATORS, after=after, by=by
    )
    return _("已引用全文，共 %(n)s 段，其中的指标已按现在的数据重新插入。") % {"n": len(taken)}


_ACTS = {
    "copy": _copy, "figure": _insert, "table": _table, "refresh": _refresh, "drop": _drop, "opinion": _opinion,
    "take": _take,
}  # fmt: skip
