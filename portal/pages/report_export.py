"""The list of reports as a sheet."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.reports.declare import kind_label
from portal.core.reports.queries import BELOW, OWN, Line, Listing, in_group
from portal.core.reports.words import period_name
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, filter_words
from portal.core.web import formats
from portal.pages.report_forms import ListForm
from portal.pages.report_words import badges_of
from portal.registry import REPORTS


def listing_of(user, params: Mapping[str, str], place: str) -> tuple[ListForm, Listing]:
    """The filters of the address and the list under them; for the whole country that of the levels below."""
    usual = OWN if place or any(user.territories(Perm.VIEW_REPORTS)) else BELOW
    form = ListForm(params, scope=usual)
    given = {"kind": form.given("kind") or "", "year": form.given("year"), "scope": form.given("scope") or usual}
    return form, Listing(user, REPORTS, today(), place=place, **given)


def find(asked: Asked) -> Found:
    """The lines that the list shows, all pages of it."""
    form, listing = listing_of(asked.user, asked.params, asked.under)
    lines = in_group(listing.lines(), form.given("state") or "")
    return Found(len(lines), _rows(lines), filters=filter_words(form))


def _rows(lines: list[Line]) -> Iterator[list[Any]]:
    for line in lines:
        report = line.report
        badges = badges_of(report.state if report else None, line.standing)
        about = [line.period.key, period_name(line.period), kind_label(line.kind, REPORTS), line.code]
        yield [
            *about,
            line.place,
            line.period.starts_on,
            line.period.ends_on,
            line.due_on,
            "、".join(word for _key, word in badges),
            report.edition if report else None,
            report.made_by if report else "",
            report.signed_by if report else "",
            formats.moment(report.signed_at) if report else "",
            report.published_by if report else "",
            formats.moment(report.published_at) if report else "",
            report.digest if report else "",
        ]


REPORT_LIST = Export(
    key="reports",
    label=_("定期报告清单"),
    perm=Perm.VIEW_REPORTS,
    page="reports",
    columns=(
        Column("period", _("期间代号"), width=12),
        Column("name", _("期间"), width=16),
        Column("kind", _("报告"), width=12),
        Column("code", _("区划代码"), width=14),
        Column("division", _("单位"), width=20),
        Column("starts_on", _("期初"), kind=Kind.DATE),
        Column("ends_on", _("期末"), kind=Kind.DATE),
        Column("due_on", _("发布期限"), kind=Kind.DATE),
        Column("state", _("状态"), width=24),
        Column("edition", _("版次"), kind=Kind.NUMBER, width=8),
        Column("made_by", _("编制人")),
        Column("signed_by", _("签发人")),
        Column("signed_at", _("签发时间"), width=18),
        Column("published_by", _("发布人")),
        Column("published_at", _("发布时间"), width=18),
        Column("digest", _("数据指纹"), width=30),
    ),
    find=find,
)
