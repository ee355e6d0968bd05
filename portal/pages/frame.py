"""What the frame around every page shows: place, day, navigation, the reader's own count of findings.

`frame` is a context processor; everything is worked out on first use, so fragments and error pages cost nothing.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.core.accounts.roles import SCOPE_NEEDS, Perm, Role
from portal.core.findings.queries import waiting_for
from portal.core.lib import clock
from portal.core.lib.codes import COUNTRY, ancestors, candidates
from portal.core.territory.models import Division
from portal.core.territory.queries import COUNTRY_NAME
from portal.core.web import keep

MOST_COUNTED = 999


@dataclass(frozen=True)
class Entry:
    """A line of the navigation. `letter` is typed after g; URL names that begin with a `family` light it up."""

    name: str
    label: str
    icon: str
    letter: str
    perms: tuple[Perm, ...]
    family: tuple[str, ...]
    group: str = ""


_TEAM, _WATCH, _SYSTEM = gettext_lazy("队伍"), gettext_lazy("监督"), gettext_lazy("系统")
_STARS, _REPLIES = gettext_lazy("星级"), gettext_lazy("答复")
_DIVISION = ("division", "community", "terms", "term", "grids", "grid", "gridpost")
_ROSTER = ("roster", "worker", "appointment", "record", "contract")
_CERTIFICATES = ("certificates", "paper", "registration")
_CAREERS = ("careers", "directed", "awards", "award", "nomination")
_FINDINGS = ("findings", "finding", "supervisions", "supervision", "runs")
_SERVICE_PAGES = (
    "service", "premises", "visits", "visit", "requests", "request", "shifts", "needs", "need", "projects", "project",
    "facilities", "facility", "features", "feature", "deliberations", "deliberation", "points", "point",
)  # fmt: skip
_FIGURES = ("indicators", "indicator", "publications", "publication")
_STAFFING, _SEE, _PAY = (Perm.VIEW_STAFFING,), (Perm.VIEW_ROSTER,), (Perm.VIEW_PAY,)
_ACCOUNTS = (Perm.MANAGE_ACCOUNTS, Perm.MANAGE_GRANTS)
_RESULTS = ("stars", "star", "objections", "objection")
_FOLLOWED = ("consequences", "consequence", "eligibilities", "eligibility", "exceptions", "exception")
_PROPOSALS = (
    "proposals", "proposal", "handling", "reply", "implementation", "feedback", "satisfaction", "disclosure",
    "deadline", "unanswered",
)  # fmt: skip
_PROMISES = ("promises", "promise")
_TOKENS = tuple(dict.fromkeys(SCOPE_NEEDS.values()))

# How the places stand; the people in the order of a working life; who watches and by which rules; the system itself.
NAV = (
    Entry("today", gettext_lazy("今日"), "house", "t", tuple(Perm), ("today",)),
    Entry("division", gettext_lazy("配备"), "diagram-3", "d", _STAFFING, _DIVISION),
    Entry("indicators", pgettext_lazy("section", "统计"), "activity", "z", _STAFFING, _FIGURES),
    Entry("forecast", gettext_lazy("预测"), "hourglass-split", "w", _STAFFING, ("forecast",)),
    Entry("establishments", gettext_lazy("员额"), "person-badge", "e", _STAFFING, ("establishments", "establishment")),
    Entry("roster", gettext_lazy("名册"), "people", "r", _SEE, _ROSTER, _TEAM),
    Entry(
        "transfers",
        gettext_lazy("调动"),
        "arrow-repeat",
        "m",
        (Perm.IMPORT_ROSTER,),
        ("transfers", "transfer"),
        _TEAM,
    ),
    Entry("certificates", pgettext_lazy("section", "证书"), "award", "c", _SEE, _CERTIFICATES, _TEAM),
    Entry("contracts", pgettext_lazy("section", "合同"), "file-earmark-text", "o", _SEE, ("contracts",), _TEAM),
    Entry("training", gettext_lazy("培训"), "book", "l", _SEE, ("training",), _TEAM),
    Entry(
        "assessments", pgettext_lazy("section", "考核"), "card-checklist", "s", _PAY, ("assessments", "scheme"), _TEAM
    ),
    Entry("grades", gettext_lazy("等级"), "bar-chart", "b", _PAY, ("grades", "grade"), _TEAM),
    Entry("payroll", gettext_lazy("薪酬"), "bank", "y", _PAY, ("payroll",), _TEAM),
    Entry("careers", gettext_lazy("发展"), "graph-up", "v", _SEE, _CAREERS, _TEAM),
    Entry(
        "imports",
        gettext_lazy("导入"),
        "upload",
        "i",
        (Perm.IMPORT_ROSTER, Perm.CHANGE_SERVICE),
        ("imports", "import"),
        _TEAM,
    ),
    Entry("service", gettext_lazy("服务"), "list-check", "h", (Perm.VIEW_SERVICE,), _SERVICE_PAGES, _STARS),
    Entry("ratings", gettext_lazy("星级评定"), "star-fill", "j", (Perm.VIEW_RATINGS,), ("ratings", "rating"), _STARS),
    Entry("stars", gettext_lazy("星级结果"), "star", "1", (Perm.VIEW_RATINGS,), _RESULTS, _STARS),
    Entry("consequences", gettext_lazy("星级后果"), "arrow-return-left", "3", (Perm.VIEW_RATINGS,), _FOLLOWED, _STARS),
    Entry("access", gettext_lazy("事项准入"), "file-earmark-check", "2", (Perm.VIEW_SERVICE,), ("access",), _STARS),
    Entry("proposals", gettext_lazy("提案"), "envelope-paper", "4", (Perm.VIEW_PROPOSALS,), _PROPOSALS, _REPLIES),
    Entry("promises", gettext_lazy("承诺事项"), "bookmark", "5", (Perm.VIEW_PROPOSALS,), _PROMISES, _REPLIES),
    Entry("ledger", gettext_lazy("任务台账"), "card-checklist", "6", (Perm.VIEW_REPORTS,), ("ledger",), _REPLIES),
    Entry(
        "letters",
        gettext_lazy("发文"),
        "file-earmark-text",
        "7",
        (Perm.MANAGE_PROPOSALS,),
        ("letters", "letter"),
        _REPLIES,
    ),
    Entry("findings", gettext_lazy("预警"), "flag", "f", (Perm.VIEW_FINDINGS,), _FINDINGS, _WATCH),
    Entry("reports", gettext_lazy("报告"), "megaphone", "q", (Perm.VIEW_REPORTS,), ("reports", "report"), _WATCH),
    Entry("cases", gettext_lazy("个案"), "clipboard", "k", (Perm.HANDLE_CASES,), ("cases", "case"), _WATCH),
    Entry(
        "policies",
        gettext_lazy("政策"),
        "journal-text",
        "p",
        (Perm.VIEW_POLICY,),
        ("policies", "policy", "rule"),
        _WATCH,
    ),
    Entry(
        "webhooks",
        gettext_lazy("通知"),
        "send",
        "n",
        (Perm.MANAGE_NOTICES,),
        ("webhooks", "webhook", "calendar"),
        _SYSTEM,
    ),
    Entry("developers", gettext_lazy("接口"), "link-45deg", "x", _TOKENS, ("developers",), _SYSTEM),
    Entry("audit", gettext_lazy("审计"), "shield-check", "a", (Perm.VIEW_AUDIT,), ("audit",), _SYSTEM),
    Entry("accounts", gettext_lazy("账号"), "person-badge", "u", _ACCOUNTS, ("accounts", "account", "grant"), _SYSTEM),
)


class Frame:
    """The frame's data for one request. Making it asks the database nothing: the page for an outage has a frame too."""

    def __init__(self, request):
        self.request = request
        self.today = clock.today()
        self.on = keep.day_of(request)
        self.is_past = self.on < self.today
        self.is_future = self.on > self.today

    @cached_property
    def user(self):
        """The reader; None before the log-in, where nothing else is asked."""
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    def url(self, name: str, *args) -> str:
        """Address of a page with place and day kept; empty where the portal has no such page."""
        try:
            return keep.page_url(self.request, name, *args)
        except NoReverseMatch:
            return ""

    @staticmethod
    def plain_url(name: str) -> str:
        try:
            return reverse(name)
        except NoReverseMatch:
            return ""

    @cached_property
    def home(self) -> str | None:
        """Code of the reader's first territory ('' = the whole country); None for one who sees no place at all."""
        return next(iter(self.user.territories(Perm.VIEW_STAFFING)), None) if self.user else None

    @cached_property
    def place(self) -> dict | None:
        """The chosen place with the way down to it; levels above the reader's territory are named but not linked."""
        if self.home is None:
            return None
        asked = [code for code in candidates(keep.place_of(self.request)) if self._sees(code)]
        codes = [*asked, self.home]
        wanted = {*codes, *(above for code in codes for above in ancestors(code))}
        # The page of a division has looked up the way to it already.
        known = getattr(self.request, "on_the_way", None) or Division.objects.in_bulk(wanted)
        division = next((known[code] for code in codes if code in known), None)
        top = [{"name": str(COUNTRY_NAME), "url": self._country_url}] if self._sees(COUNTRY) else []
        if division is None:
            return {"code": COUNTRY, "name": str(COUNTRY_NAME), "trail": top} if top else None
        above = [known[code] for code in reversed(ancestors(division.code)) if code in known]
        way = [*(d for d in above if not d.formal), division]
        trail = [{"name": d.label, "url": self.place_url(d.code) if self._sees(d.code) else ""} for d in way]
        return {"code": division.code, "name": division.label, "trail": [*top, *trail]}

    def _sees(self, code: str) -> bool:
        return self.user.can(Perm.VIEW_STAFFING, code)

    @cached_property
    def view_name(self) -> str:
        """The page to stay on when the place changes; a single record has no other place, so its division's page."""
        match = getattr(self.request, "resolver_match", None)
        return match.view_name if match and set(match.kwargs) <= {"code"} else "division"

    @property
    def _country_url(self) -> str:
        """The same page for everything, where it is addressed by `?place=`; else the page of the country."""
        match = getattr(self.request, "resolver_match", None)
        by_path = match is None or match.kwargs
        return keep.place_url(self.request, "division" if by_path else self.view_name, COUNTRY)

    def place_url(self, code: str) -> str:
        return keep.place_url(self.request, self.view_name, code)

    @cached_property
    def nav(self) -> list[dict]:
        match = getattr(self.request, "resolver_match", None)
        family = (match.url_name or "").split("_")[0] if match else ""
        entries = []
        for entry in NAV:
            args = [self.place["code"]] if entry.name in ("division", "forecast") and self.place else []
            if not self.user or not any(map(self.user.can, entry.perms)):
                continue
            if entry.name == "forecast" and args == [COUNTRY]:  # forecasts count people one by one
                continue
            if url := self.url(entry.name, *args):
                count = self.findings_shown if entry.name == "findings" and self.findings_count else ""
                words = {"label": str(entry.label), "group": str(entry.group)}  # put into words once, shown three times
                entries.append({"entry": entry, **words, "url": url, "active": family in entry.family, "count": count})
        return entries

    @cached_property
    def findings_count(self) -> int:
        """Findings that wait for the reader: held by the reader's level, and nobody has acknowledged them yet. The whole
        country has millions: no more are counted than a badge can show."""
        return waiting_for(self.user).order_by()[: MOST_COUNTED + 1].count()

    @property
    def findings_shown(self) -> str:
        return f"{MOST_COUNTED}+" if self.findings_count > MOST_COUNTED else str(self.findings_count)

    @property
    def my_findings_url(self) -> str:
        """The inbox with what waits for the reader."""
        now = not (self.is_past or self.is_future)
        mine = "mine" if now and self.user and self.user.can(Perm.HANDLE_FINDINGS) else None
        return keep.page_url(self.request, "findings", holder=mine)

    @property
    def sees_findings(self) -> bool:
        return bool(self.user) and self.user.can(Perm.VIEW_FINDINGS)

    @property
    def role(self) -> str:
        return " · ".join(str(Role(role).label) for role in self.user.roles) if self.user else ""

    @cached_property
    def day_choices(self) -> list[dict]:
        """Days that people report for: today and the ends of the last month, quarter and year."""
        first = self.today.replace(day=1)
        quarter = first.replace(month=(first.month - 1) // 3 * 3 + 1)
        ends = [(_("上月末"), first), (_("上季末"), quarter), (_("上年末"), first.replace(month=1))]
        days = [(_("今天"), self.today), *((label, start - dt.timedelta(days=1)) for label, start in ends)]
        return [{"label": label, "day": on, "url": self._day_url(on), "current": on == self.on} for label, on in days]

    def _day_url(self, day: dt.date) -> str:
        query = self.request.GET.copy()
        query.pop("on", None)
        query.pop("page", None)
        if day != self.today:
            query["on"] = day.isoformat()
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    @property
    def day_fields(self) -> list[tuple[str, str]]:
        """The other query parameters, which the day form repeats."""
        return [(k, v) for k, values in self.request.GET.lists() if k not in {"on", "page"} for v in values]

    @property
    def other_language(self) -> dict:
        if translation.get_language() == "en":
            return {"code": "zh-hans", "short": "中", "name": "中文"}
        return {"code": "en", "short": "EN", "name": "English"}

    @cached_property
    def urls(self) -> dict[str, str]:
        """Pages of the top bar; a missing one leaves its control out."""
        kept = {name: self.url(name) for name in ("place_search", "search", "findings", "today")}
        plain = {
            name: self.plain_url(name)
            for name in ("tokens", "my_notices", "password_change", "second_factor", "logout", "set_language")
        }
        return kept | plain


def frame(request) -> dict:
    return {"frame": Frame(request)}
