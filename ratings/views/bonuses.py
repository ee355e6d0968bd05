"""Bonus shares that follow from stars: settling those ticked in the list, and the amount of one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.core.accounts.roles import Perm
from portal.core.web import formats, keep
from portal.core.web.access import requires
from ratings.actions.bonuses import set_bonus_amount, settle_bonuses
from ratings.enums import ConsequenceKind
from ratings.forms.bonuses import AmountForm, SettleManyForm
from ratings.queries.consequences import consequences
from ratings.views import consequence_words as words
from workforce.views.answers import attempt, form_page


@require_POST
@requires(Perm.MANAGE_RATINGS)
def bonuses_settle(request: HttpRequest) -> HttpResponse:
    """One end for many bonus shares; those that others were faster with are told."""
    form = SettleManyForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
    elif not form.pairs():
        messages.warning(request, _("请先勾选要处理的绩效。"))
    else:
        _settle(request, form)
    query = request.GET.urlencode()
    return redirect(f"{reverse('consequences')}?{query}" if query else reverse("consequences"))


def _settle(request: HttpRequest, form: SettleManyForm) -> None:
    pairs, given = form.pairs(), form.cleaned_data
    try:
        settled = settle_bonuses(
            pairs=pairs, state=given["state"], done_on=given["done_on"], note=given["note"], by=request.user
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return
    if settled:
        sentence = ngettext("已登记 %(count)s 条绩效。", "已登记 %(count)s 条绩效。", settled)
        messages.success(request, sentence % {"count": formats.number(settled)})
    if late := len(pairs) - settled:
        sentence = ngettext(
            "%(count)s 条已由别人改动、已经处理或在这一天以后才决定，没有变。",
            "%(count)s 条已由别人改动、已经处理或在这一天以后才决定，没有变。",
            late,
        )
        messages.info(request, sentence % {"count": formats.number(late)})


@requires(Perm.MANAGE_RATINGS)
@never_cache
def bonus_amount(request: HttpRequest, pk: int) -> HttpResponse:
    """Enters or corrects the amount of a bonus share."""
    rows = consequences(request.user, Perm.MANAGE_RATINGS).filter(kind=ConsequenceKind.BONUS)
    row = get_object_or_404(rows.select_related("division", "person", "result"), pk=pk)
    form = AmountForm(request.POST or None, consequence=row)
    back = keep.page_url(request, "consequences", place=row.division_id, kind=ConsequenceKind.BONUS)
    if form.is_valid() and attempt(form, set_bonus_amount, consequence=row, **form.cleaned_data, by=request.user):
        messages.success(request, _("已保存。"))
        return redirect(back)
    about = {"title": _("绩效金额"), "kind": f"{row.division.label} {row.person.name}", "back": back}
    return form_page(
        request, "workforce/plain_form.html", form, draft=request.path, sentence=words.content(row), **about
    )
