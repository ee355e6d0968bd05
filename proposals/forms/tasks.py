"""Forms of the task ledger: the list's filter, a task, striking off, a report and many reports at once."""

from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.territory.models import Division
from proposals.actions.ledger_reports import Entry
from proposals.enums import TaskDomain, TaskState
from proposals.forms.tracked import ALL, SeenForm, evidence_field, long_text, percent_field
from proposals.ledger import Standing
from proposals.models import LedgerTask
from workforce.forms.fields import DayField, TextField
from workforce.forms.judged import HouseForm
from workforce.forms.training import YearFilter

SHOWS = (
    (Standing.MISSING, _L("有报告未报")),
    (Standing.LATE, _L("有报告迟报")),
    ("overdue", _L("任务逾期")),
)
_MOST_PLACES = 300
FIELDS = ("title", "domain", "agreement", "regions", "leader", "chief", "officer", "posted_on", "due_on")


class TaskFilter(YearFilter):
    """Which tasks of a year; anything odd in the address is left out and the rest still holds."""

    q = forms.CharField(label=_L("任务、依据或责任人"), required=False, max_length=60)
    domain = forms.ChoiceField(label=_L("领域"), required=False, choices=[ALL, *TaskDomain.choices])
    show = forms.ChoiceField(label=_L("情况"), required=False, choices=[ALL, *SHOWS, *TaskState.choices])


class _TaskFields(forms.Form):
    title = TextField(label=_L("任务"), max_length=200)
    domain = forms.ChoiceField(label=_L("领域"), choices=TaskDomain.choices, initial=TaskDomain.COMMUNITY)
    agreement = TextField(label=_L("依据文件或协议"), max_length=200, required=False)
    regions = TextField(label=_L("涉及地区"), max_length=100, required=False, help_text=_L("如 京津冀；不涉及的不填。"))
    leader = TextField(label=_L("分管领导"), max_length=40, help_text=_L("分管厅局领导，负总责。"))
    chief = TextField(label=_L("第一责任人"), max_length=40, help_text=_L("业务处室主要负责人。"))
    officer = TextField(label=_L("具体承办人"), max_length=40, help_text=_L("有事先问的人。"))
    posted_on = DayField(label=_L("挂账日期"), initial=today, help_text=_L("从这一天所在的期间起应报报告。"))
    due_on = DayField(label=_L("完成期限"))


class TaskForm(_TaskFields, HouseForm):
    """A new task, in a place where the reader signs; `place` is the one in hand."""

    division = forms.ChoiceField(label=_L("地区"))
    year = forms.IntegerField(
        label=_L("清单年度"), min_value=2000, max_value=2100,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
    )  # fmt: skip
    field_order = ("division", "year")

    def __init__(self, data=None, *, user, place: str = "", **options) -> None:
        codes = [code for code in user.territories(Perm.SIGN_REPORTS) if code]
        found = Division.objects.for_user(user, Perm.SIGN_REPORTS).filter(pk__in=[*codes, *([place] if place else [])])
        self.places = {one.pk: one for one in found.order_by("code")[:_MOST_PLACES]}
        chosen = place if place in self.places else next(iter(self.places), "")
        options["initial"] = {"division": chosen, "year": today().year, **options.get("initial", {})}
        super().__init__(data, **options)
        self.fields["division"].choices = [(pk, one.label) for pk, one in self.places.items()]

    def asked(self) -> dict:
        return {**self.cleaned_data, "division": self.places[self.cleaned_data["division"]]}


class TaskEditForm(_TaskFields, SeenForm):
    """The same about a task on the ledger; place, year and number stay."""

    def initial_of(self, row: LedgerTask) -> dict:
        return {name: getattr(row, name) for name in FIELDS}


class AskForm(SeenForm):
    evidence = long_text(_L("完成情况和佐证"), 2000, rows=5)
    file = evidence_field()

    def initial_of(self, row: LedgerTask) -> dict:
        return {"evidence": row.evidence}


class SignForm(SeenForm):
    """Nothing but the version: the sign-off of another person."""


class ReasonForm(SeenForm):
    reason = long_text(_L("理由"), 300)


class RollTasksForm(HouseForm):
    """What the tasks that go into the next year have in common."""

    due_on = DayField(label=_L("新的完成期限"))
    reason = long_text(_L("未能按期完成的原因和下一步打算"), 500)

    def __init__(self, data=None, *, year: int, **options) -> None:
        super().__init__(data, initial={"due_on": date(year + 1, 12, 31)}, **options)


class ReportForm(HouseForm):
    """The report of a task for a period."""

    words = long_text(_L("进展"), 2000, rows=5)
    percent = percent_field()
    problems = long_text(_L("存在问题"), 1000, required=False)


class ReportEditForm(SeenForm, ReportForm):
    """A report that came in, corrected."""

    def initial_of(self, row) -> dict:
        return {"words": row.words, "percent": row.percent, "problems": row.problems}


class QuickForm(HouseForm):
    """Reports of many tasks for one period; a task whose progress is left empty is not reported."""

    def __init__(self, data=None, *, tasks: list[LedgerTask], percents: dict[int, int], **options) -> None:
        self.tasks = tasks
        super().__init__(data, **options)
        for task in tasks:
            words = {"number": task.number}
            self.fields[f"words-{task.pk}"] = long_text(
                _("第 %(number)s 项的进展") % words, 2000, rows=2, required=False
            )
            self.fields[f"percent-{task.pk}"] = percent_field(required=False, initial=percents.get(task.pk))
            self.fields[f"percent-{task.pk}"].label = _("第 %(number)s 项的进度（%%）") % words
            self.fields[f"problems-{task.pk}"] = TextField(
                label=_("第 %(number)s 项的问题") % words, max_length=1000, required=False
            )

    def clean(self) -> dict:
        given = super().clean()
        for task in self.tasks:
            if given.get(f"words-{task.pk}") and given.get(f"percent-{task.pk}") is None:
                self.add_error(f"percent-{task.pk}", _("写了进展的，请同时填写完成进度。"))
            if given.get(f"problems-{task.pk}") and not given.get(f"words-{task.pk}"):
                self.add_error(f"words-{task.pk}", _("写了问题的，请同时填写进展。"))
        if not self.errors and not self.entries(given):
            self.add_error(None, _("还没有填写任何一项的进展。"))
        return given

    def entries(self, given: dict | None = None) -> list[Entry]:
        """What was filled in."""
        given = self.cleaned_data if given is None else given
        return [
            Entry(task, given[f"words-{task.pk}"], given[f"percent-{task.pk}"], given.get(f"problems-{task.pk}") or "")
            for task in self.tasks
            if given.get(f"words-{task.pk}")
        ]

    def rows(self) -> list[dict]:
        """The tasks with their fields, as the page lays them out."""
        return [
            {
                "task": task,
                "words": self[f"words-{task.pk}"],
                "percent": self[f"percent-{task.pk}"],
                "problems": self[f"problems-{task.pk}"],
            }
            for task in self.tasks
        ]
