"""Present and proposed grades as a sheet."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import Level
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, NotExportable, filter_words
from workforce.enums import Tier
from workforce.forms.pay import GradeFilter
from workforce.queries.grades import Proposal, proposals


def find(asked: Asked) -> Found:
    """Everybody in post whom the list shows; a city or province has to choose a district first."""
    place, form = asked.chosen(Perm.VIEW_PAY), GradeFilter(asked.params)
    if place.level < Level.DISTRICT:
        raise NotExportable(_("请先选择一个区、街道或社区。"))
    found = [one for one in proposals(asked.user, under=place.code, on=asked.on) if form.takes(one)]
    return Found(len(found), _rows(found), about=place.label, filters=filter_words(form))


def _rows(found: list[Proposal]) -> Iterator[list[Any]]:
    for one in found:
        post = one.worker.post
        yield [
            one.worker.code,
            post.division.label,
            one.worker.person.name,
            post.title,
            str(Tier(one.tier).label),
            one.served.years,
            one.present,
            one.grade,
            one.difference,
            one.due_since,
            one.next_on,
        ]


GRADES = Export(
    key="grades",
    label=gettext_lazy("岗位等级表"),
    perm=Perm.VIEW_PAY,
    page="grades",
    columns=(
        Column("code", gettext_lazy("社区代码"), width=14),
        Column("community", gettext_lazy("社区"), width=18),
        Column("name", gettext_lazy("姓名")),
        Column("title", gettext_lazy("职务"), width=20),
        Column("tier", gettext_lazy("岗位层级"), width=10),
        Column("years", gettext_lazy("计入年限（年）"), kind=Kind.NUMBER),
        Column("present", gettext_lazy("现等级"), kind=Kind.NUMBER, width=10),
        Column("grade", gettext_lazy("核定等级"), kind=Kind.NUMBER, width=10),
        Column("difference", gettext_lazy("差"), kind=Kind.NUMBER, width=8),
        Column("since", gettext_lazy("满足条件之日"), kind=Kind.DATE, width=14),
        Column("next", gettext_lazy("下次满足条件之日"), kind=Kind.DATE, width=16),
    ),
    find=find,
    personal=True,
)
