"""Open tasks of a year taken into the list of the next one, those that are ticked together."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.web import keep
from portal.core.web.access import requires
from proposals.actions.task_rolling import ROLLS_FROM_MONTH, roll_over_tasks
from proposals.forms.tasks import RollTasksForm
from proposals.queries.ledger import rollable
from proposals.views.ticked import ticked
from ratings.views.ledger import tried
from workforce.views.answers import form_page


def rolling_year() -> int:
    """The list that is rolled over now: the year's own from December on, before that the year's that is over."""
    day = today()
    return day.year if day.month >= ROLLS_FROM_MONTH else day.year - 1


@requires(Perm.SIGN_REPORTS)
@never_cache
def ledger_roll(request: HttpRequest) -> HttpResponse:
    """What is still open on the list that ends; the ticked tasks go on in the next year."""
    year = rolling_year()
    tasks = rollable(request.user, under=keep.place_of(request), year=year)
    form, back = RollTasksForm(request.POST or None, year=year), keep.page_url(request, "ledger", year=year)
    chosen = ticked(request)
    if form.is_valid() and not chosen:
        form.add_error(None, _("请先勾选要转入下年度的任务。"))
    elif form.is_valid() and (
        made := tried(form, roll_over_tasks, chosen=chosen, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("%(n)s 项已转入 %(year)s 年台账。") % {"n": len(made), "year": year + 1})
        return redirect(keep.page_url(request, "ledger", year=year + 1))
    kept = {pk for pk, _version in chosen} or {task.pk for task in tasks}
    context = {"tasks": tasks, "kept": kept, "year": year, "back": back, "draft": request.path}
    return form_page(request, "proposals/ledger_roll.html", form, **context)
