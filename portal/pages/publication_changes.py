"""The rows that came into a published number or went out of it since, grouped by what changed them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.audit.acts import label_of
from portal.core.audit.changes import describe
from portal.core.indicators.models import Publication
from portal.core.indicators.revisions import Change, PartRevision
from portal.core.indicators.rows import Row
from portal.core.lib.codes import within
from portal.core.web import formats
from portal.core.web.paginator import Paginator
from portal.pages.indicator_row_kinds import LOOKS, perm_of
from workforce.queries.row_causes import Cause, causes

PAGE_ROWS = 50
EXPLAINED_ROWS = 5000
# A row that was added or removed has all its fields: the first few say enough.
FIELDS = 4
UNKNOWN = "unknown"
PRIVATE = gettext_lazy("个人情况变动")


@dataclass(frozen=True)
class Group:
    """Rows that one act of one person (or one import) moved."""

    key: str
    act: str | Promise
    actor: str
    first: str
    last: str
    came: int
    went: int


class Changes:
    """The changed rows of one number as far as the reader may see them."""

    def __init__(self, request: HttpRequest, publication: Publication, part: PartRevision) -> None:
        self.request, self.user = request, request.user
        self.publication, self.part = publication, part
        self.group = request.GET.get("group", "")

    @cached_property
    def territories(self) -> list[str]:
        held = self.user.territories(perm_of(self.part.part))
        place = self.publication.division_id
        return [code for code in held if within(place, code) or within(code, place)]

    @cached_property
    def seen(self) -> list[Change]:
        return [change for change in self.part.changes or [] if any(within(change.code, t) for t in self.territories)]

    @property
    def unseen(self) -> int:
        """How many changed rows lie outside what the reader may see."""
        return len(self.part.changes or []) - len(self.seen)

    @property
    def explained(self) -> bool:
        return len(self.seen) <= EXPLAINED_ROWS

    @cached_property
    def causes(self) -> dict[tuple[str, str], Cause]:
        if not self.explained:
            return {}
        rows = [(change.code, change.record) for change in self.seen]
        return causes(self.part.part.kind, rows, self.publication.published_at, self.publication.on)

    def _cause(self, change: Change) -> Cause | None:
        return self.causes.get((change.code, change.record))

    def _reveals(self, change: Change, cause: Cause) -> bool:
        """Leave and exits tell of health and discipline: what exactly happened is not for every reader."""
        return not cause.source.private or self.user.can(Perm.REVEAL_PERSONAL, change.code)

    def _key(self, change: Change) -> str:
        cause = self._cause(change)
        if cause is None:
            return UNKNOWN
        act = cause.act if self._reveals(change, cause) else "private"
        return f"{act}-{cause.batch or cause.actor}"

    @cached_property
    def groups(self) -> list[Group]:
        """What moved rows, the most first; rows that no record explains last."""
        found: dict[str, list[Change]] = {}
        for change in self.seen:
            found.setdefault(self._key(change), []).append(change)
        groups = [self._group(key, changes) for key, changes in found.items()]
        return sorted(groups, key=_order)

    def _group(self, key: str, changes: list[Change]) -> Group:
        came = sum(change.came for change in changes)
        told = [cause for change in changes if (cause := self._cause(change))]
        if not told:
            act = _("没有找到对应的记录变动（可能因为规则、人口或区划变动）")
            return Group(key, act, "", "", "", came, len(changes) - came)
        times = sorted(formats.moment(cause.at) for cause in told)
        act = PRIVATE if key.startswith("private-") else label_of(told[0].act) or _("未经平台直接写入")
        return Group(key, act, told[0].actor, times[0], times[-1], came, len(changes) - came)

    @property
    def filtered(self) -> list[Change]:
        known = {group.key for group in self.groups}
        return [c for c in self.seen if self._key(c) == self.group] if self.group in known else self.seen

    @cached_property
    def page(self) -> Page:
        return Paginator(self.filtered, PAGE_ROWS).get_page(self.request.GET.get("page"))

    @property
    def columns(self) -> Sequence[str | Promise]:
        return LOOKS[self.part.part.kind].columns

    @property
    def head(self) -> list[dict]:
        labels = [gettext_lazy("变化"), *self.columns[:2], gettext_lazy("原因"), gettext_lazy("变动内容")]
        return [{"key": str(at), "label": label} for at, label in enumerate(labels)]

    @property
    def lines(self) -> list[dict]:
        return list(self.lines_of(list(self.page)))

    def lines_of(self, changes: list[Change]) -> Iterator[dict]:
        """The rows in words, each with the change that moved it; a fixed number of queries."""
        rows = [Row(change.code, change.record) for change in changes]
        cells = LOOKS[self.part.part.kind].cells(self.user, rows, self.publication.on)
        told = self._told(changes)
        for change, found in zip(changes, cells, strict=True):
            cause = self._cause(change)
            yield {
                "change": change,
                "word": _("新计入") if change.came else _("不再计入"),
                "badge": "new" if change.came else "leaving",
                "cells": found[:2],
                "cause": cause,
                "act": self._act(change, cause),
                "fields": told.get(cause.key, []) if cause and self._reveals(change, cause) else [],
            }

    def _act(self, change: Change, cause: Cause | None) -> str:
        if cause is None:
            return _("没有找到")
        return label_of(cause.act) or _("未经平台直接写入") if self._reveals(change, cause) else str(PRIVATE)

    def _told(self, changes: list[Change]) -> dict[tuple, list]:
        """The first fields that each cause changed, by its table and row in the history."""
        wanted = [cause for change in changes if (cause := self._cause(change)) and self._reveals(change, cause)]
        keys = list(dict.fromkeys(cause.key for cause in wanted))
        return {key: told.fields[:FIELDS] for key, told in zip(keys, describe(keys), strict=True)}


def _order(group: Group) -> tuple:
    return group.key == UNKNOWN, -group.came - group.went, not group.actor, group.key
