"""The payroll sheet of a place and month."""

from functools import cached_property

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import LENGTHS, Level
from portal.core.policy.kinds import KINDS
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import Paginator
from workforce.enums import AssessmentGrade, Tier
from workforce.exports.payroll import PAYROLL
from workforce.forms.pay import MonthForm
from workforce.models import StarBonus
from workforce.payroll import RULES
from workforce.queries.payroll import Changed, PayLine, PaySheet, by_division, changes, month_before, sheet
from workforce.views.pay_words import bonus_lines, change_words, part_words, verdict_words
from workforce.views.places import below, chosen_place

PAGE_ROWS = 300
PARTS = {
    "grade": gettext_lazy("等级工资"),
    "post": gettext_lazy("职务补贴"),
    "certificate": gettext_lazy("证书津贴"),
}


class PayrollPage:
    """The sheet as the address asks for it: people of a street or community, sums of what lies below a district."""

    parts = PARTS

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.place = request, chosen_place(request, Perm.VIEW_PAY)
        self.on = MonthForm.last_day(request.GET, keep.day_of(request))
        self.form = MonthForm.of(request.GET, keep.day_of(request))

    @property
    def too_large(self) -> bool:
        return self.place is None or self.place.level < Level.DISTRICT

    @property
    def by_person(self) -> bool:
        return not self.too_large and (self.place.level >= Level.STREET or self.form.narrows)

    @cached_property
    def places(self) -> list[Division]:
        return below(self.place, self.on)

    @cached_property
    def sheet(self) -> PaySheet:
        return sheet(self.request.user, under=self.place.code, on=self.on)

    @cached_property
    def before(self) -> PaySheet:
        return sheet(self.request.user, under=self.place.code, on=month_before(self.on))

    @cached_property
    def changes(self) -> list[dict]:
        return [_change(one) for one in changes(self.sheet, self.before)]

    @property
    def difference(self) -> int:
        """Of the amounts given, in all."""
        return (self.sheet.sums["known"] or 0) - (self.before.sums["known"] or 0)

    @cached_property
    def listed(self) -> PaySheet:
        """The sheet of the people asked for."""
        return self.form.narrowed(self.sheet)

    @cached_property
    def people(self) -> Page:
        return Paginator(self.listed.lines, PAGE_ROWS).get_page(self.request.GET.get("page"))

    @cached_property
    def lines(self) -> list[dict]:
        return [_line(one, self.listed.star_bonuses.get(one.key, [])) for one in self.people]

    def url(self, code: str = "", **asked) -> str:
        """The people of a place that a number of the sheet counts."""
        code = code or self.place.code
        return keep.page_url(self.request, "payroll", place=code, month=f"{self.on:%Y-%m}", **asked)

    def _urls(self, code: str, missing: int) -> dict[str, str]:
        lacking = self.url(code, show="lacking") if missing else ""
        return {"people_url": self.url(code, show="people"), "missing_url": lacking}

    @cached_property
    def districts(self) -> list[dict]:
        """Sums of the places one step below a district or street."""
        length = LENGTHS[min(self.place.level, Level.STREET)]
        found = by_division(self.sheet.lines, length)
        labels = Division.objects.in_bulk(list(found))
        return [
            {"code": code, "label": labels[code].label, "people": people, "known": known, "missing": missing}
            | self._urls(code, missing)
            for code, (people, known, missing) in found.items()
        ]

    @property
    def incomplete(self) -> int:
        """People who lack an amount."""
        return sum(row["missing"] for row in self.districts)

    @property
    def sums_urls(self) -> dict[str, str]:
        return self._urls(self.place.code, self.incomplete)

    @cached_property
    def missing(self) -> list[dict]:
        """Parts without an amount: for how many people, and the rule that lacks it."""
        return [
            {"label": PARTS[key], "people": number, "kind": KINDS[RULES[key]], "url": self.url(show=key)}
            for key, number in self.sheet.missing.items()
        ]

    @cached_property
    def averages(self) -> list[dict]:
        return [
            {"tier": Tier(tier).label, "people": people, "mean": mean, "url": self.url(tier=tier)}
            for tier, people, mean in self.sheet.averages
        ]

    @property
    def running(self) -> bool:
        """Whether the month is not over yet: the sheet then rests on today's records."""
        return keep.day_of(self.request) < self.on


def _line(one: PayLine, stars: list[StarBonus]) -> dict:
    parts = [{"key": key, "part": one.pay.part(key), "words": part_words(one.pay.part(key))} for key in PARTS]
    result = AssessmentGrade(one.result).label if one.result else ""
    return {"line": one, "parts": parts, "verdict": verdict_words(one), "result": result, "stars": bonus_lines(stars)}


def _change(one: Changed) -> dict:
    return {
        "line": one.line,
        "kind": one.shift.kind,
        "difference": one.shift.difference,
        "words": change_words(one.shift, PARTS),
    }


@require_safe
@requires(Perm.VIEW_PAY)
@never_cache
def payroll(request: HttpRequest) -> HttpResponse:
    """One row per person with the parts of the month's pay, the sums, and what changed since the month before."""
    page = PayrollPage(request)
    exports = [] if page.too_large else export_menu(request, PAYROLL)
    return render(request, "workforce/payroll.html", {"page": page, "exports": exports})
