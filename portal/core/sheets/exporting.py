"""One way to take a list out of the portal: an `Export` is declared once and answers as xlsx or csv, on record, row by row.

A list has the filters, order and day of the page it stands on. What names people is personal: it is limited per hour,
stamped with who, when and why, and holds clear ID numbers only for a reason and with the permission.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import name_of, record
from portal.core.audit.models import AuditEvent
from portal.core.lib.clock import now
from portal.core.sheets.columns import Column
from portal.core.sheets.writing import LAST_ROW, Sheet, Stamp, csv_lines, xlsx_pieces
from portal.core.territory.models import Division
from portal.core.territory.queries import country

FORMS = ("xlsx", "csv")
ACT = "list_exported"
HOUR = timedelta(hours=1)
_KEY_DIGITS = 18
_NO_FILE_NAME = str.maketrans(dict.fromkeys('/\\:*?"<>|\r\n\t', " "))


class NotExportable(Exception):
    """The list cannot be taken out as asked; the sentence says why and what to do instead."""


class TooMany(Exception):
    """Too many personal lists in an hour; `wait` seconds until the next one may go."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


@dataclass(frozen=True)
class Asked:
    """What somebody asks of a list: the day, the place and the parameters of its page. `clear`: personal numbers in full."""

    user: Any
    on: date
    params: Mapping[str, str]
    place: Division | None = None
    clear: bool = False
    request: HttpRequest | None = None

    @property
    def under(self) -> str:
        """Code of the place, empty for all that the user may see."""
        return self.place.code if self.place else ""

    def chosen(self, perm: Perm, *, whole: bool = False) -> Division:
        """The place, else the user's first territory, as pages about one place do.

        Who holds the country has to choose, unless it is one place of the list (`whole`).
        """
        code = next(iter(self.user.territories(perm)), "")
        found = self.place or Division.objects.filter(pk=code).first()
        if found is None and whole and "" in self.user.territories(perm):
            return country()
        if found is None:
            raise NotExportable(_("请先在顶部选择一个地方，再导出。"))
        return found

    @property
    def key(self) -> int:
        """The row that the page is about, `?pk=`; Http404 where there can be none."""
        text = self.params.get("pk", "")
        if not (text.isascii() and text.isdigit() and len(text) <= _KEY_DIGITS):
            raise Http404
        return int(text)


@dataclass(frozen=True)
class Found:
    """What a list came to. `about` stands in the file's name, `sheet` names the worksheet, `more` are further ones."""

    count: int
    rows: Iterable[Sequence[Any]] = field(repr=False)
    about: str = ""
    filters: str = ""
    columns: Sequence[Column] = ()
    more: Sequence[Sheet] = ()
    sheet: str = ""


@dataclass(frozen=True)
class Export:
    """A list that can be taken out. `find` gives rows in the order of `columns`; they may come from a generator.

    `page` is the route of the list, `page_needs` the parameters that its path takes: place or pk. `personal`: the rows
    name people. `offers_clear`: holders of EXPORT_ROSTER may have ID numbers and telephones in full, for a reason.
    `sheet` names the worksheet where the label will not do.
    """

    key: str
    label: str | Promise
    perm: Perm
    page: str
    columns: Sequence[Column]
    find: Callable[[Asked], Found]
    personal: bool = False
    offers_clear: bool = False
    sheet: str = ""
    page_needs: tuple[str, ...] = ()


def take_out(export: Export, asked: Asked, form: str, *, reason: str = "") -> tuple[str, Iterator[bytes]]:
    """The file's name and its content in pieces; on record before the first piece leaves.

    Raises NotExportable, or TooMany when the user has taken out enough personal lists for this hour.
    """
    if export.personal:
        check_rate(asked.user)
    found = export.find(asked)
    if form == "xlsx" and found.count >= LAST_ROW:
        raise NotExportable(_("一张 Excel 表容纳不下这么多行。请缩小范围，或改为导出 CSV。"))
    note_taken(export.key, asked, found.count, form=form, personal=export.personal, reason=reason)
    columns = found.columns or export.columns
    title = _title(export, asked, found)
    if form == "csv":
        header = [str(column.header) for column in columns]
        return f"{title}.csv", (text.encode() for text in csv_lines(_headed(header, found.rows)))
    sheets = [Sheet(found.sheet or export.sheet or str(export.label), columns, found.rows), *found.more]
    return f"{title}.xlsx", xlsx_pieces(
        sheets, stamp_of(str(export.label), asked, found, reason) if export.personal else None
    )


def note_taken(key: str, asked: Asked, rows: int, *, form: str, personal: bool, reason: str = "") -> None:
    """Puts on record that somebody takes a list out; `by` None is the portal itself."""
    by = asked.user
    home = by.home if by is not None else ""
    # A name that was searched for is personal; that one was is all the record needs.
    query = "&".join(f"{name}={'…' if name == 'q' else value}" for name, value in asked.params.items() if value)[:200]
    detail = {"list": key, "form": form, "rows": rows, "on": asked.on, "clear": asked.clear, "personal": personal}
    record(ACT, by=by, subject=asked.under or home, division=asked.under or home, reason=reason, query=query, **detail)


def check_rate(user: Any) -> None:
    """Raises TooMany when the user took out EXPORTS_PER_HOUR personal lists within the last hour."""
    limit, moment = settings.EXPORTS_PER_HOUR, now()
    taken = AuditEvent.objects.filter(act=ACT, actor=name_of(user), at__gt=moment - HOUR, detail__personal=True)
    times = list(taken.order_by("-at").values_list("at", flat=True)[:limit])
    if len(times) == limit:
        raise TooMany(max(1, int((times[-1] + HOUR - moment).total_seconds()) + 1))


def stamp_of(label: str, asked: Asked, found: Found, reason: str = "") -> Stamp:
    """Who, when, what, under which filters and why."""
    moment = _moment(now())
    who = f"{asked.user} ({asked.user.get_username()})"
    lines = [
        (_("导出人"), who),
        (_("导出时间"), moment),
        (_("内容"), label),
        (_("范围"), found.about or _place(asked)),
        (_("数据日期"), asked.on.isoformat()),
        (_("筛选条件"), found.filters or _("无")),
        (_("行数"), str(found.count)),
        (_("用途"), reason or _("未填写（不含完整证件号码）")),
        (_("提示"), _("本文件含个人信息，只供所填用途使用，不得转发；用完请删除。导出已记入审计记录。")),
    ]
    return Stamp(who, f"{moment}  {reason}".strip(), lines)


def filter_words(form: Any) -> str:
    """The filters of a form that are set, in words."""
    form.is_valid()
    found = []
    for name, bound in form.fields.items():
        value = form.cleaned_data.get(name)
        if value in (None, ""):
            continue
        choices = dict(getattr(bound, "choices", ()))
        word = choices.get(value, choices.get(str(value), value))
        found.append(_("%(name)s：%(value)s") % {"name": bound.label or name, "value": word})
    return _("；").join(found)


def _title(export: Export, asked: Asked, found: Found) -> str:
    parts = [f"{found.about or _place(asked)}{export.label}", asked.on.isoformat()]
    if export.personal:
        parts += [asked.user.get_username(), f"{now():%Y%m%d-%H%M}"]
    return " ".join(parts).translate(_NO_FILE_NAME)


def _place(asked: Asked) -> str:
    return asked.place.label if asked.place else _("全部辖区")


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _headed(header: list[str], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    yield header
    yield from rows
