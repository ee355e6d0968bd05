"""Items that communities refused because no list lets them in, and the answers of their streets."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from ratings.actions import refusals as writes
from ratings.exports.access import REFUSALS as EXPORT
from ratings.forms.access import RefusalFilter, RefusalForm, ReplyForm
from ratings.models import ItemRefusal
from ratings.queries import access as reads
from ratings.views import ledger as page
from workforce.views.places import at_place


@require_safe
@at_place(Perm.VIEW_SERVICE)
@never_cache
def access_refusals(request: HttpRequest, division: Division) -> HttpResponse:
    """Refused items under a place; those that wait for the street first."""
    form = RefusalFilter(request.GET)
    found = reads.refusals(request.user, under=division.code, **form.asked())

    def whole() -> dict:
        lists = {"label": _("查事项清单"), "icon": "search"}
        lists["url"] = keep.page_url(request, "access", place=division.code)
        return {
            "lead": _("未列入准入清单的事项，社区可以拒绝；街镇核实后答复。"),
            "actions": [*page.new_act(request, "access_refusal_new", division, _("登记拒绝的事项")), lists],
            "exports": export_menu(request, EXPORT, place=division.code),
        }

    return page.ledger(
        request, division, "access_refusals", _("拒绝的事项"), "ratings/_refusal_rows.html", found, form, whole,
        changes=page.changes(request, division), answers=page.changes(request, division, Perm.CONFIRM_SERVICE),
    )  # fmt: skip


@at_place(Perm.CHANGE_SERVICE)
@never_cache
def access_refusal_new(request: HttpRequest, division: Division) -> HttpResponse:
    """Enters an item that the community refused; what is on a list cannot be."""
    page.only_community(division)
    initial = {"title": request.GET.get("title", "")[:100]}
    form = RefusalForm(request.POST or None, initial=initial)
    if form.is_valid() and page.tried(form, writes.refuse_item, division=division, **form.asked(), by=request.user):
        sentence = _("已登记拒绝“%(title)s”，等待街镇处理。") % form.cleaned_data
        return page.done(request, "access_refusals", division.code, sentence)
    return page.row_form(request, form, division, "access_refusals", _("登记拒绝的事项"))


@requires(Perm.CHANGE_SERVICE)
@never_cache
def access_refusal_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a refusal that has no answer yet."""
    held = page.fetched(request, ItemRefusal.objects.filter(replied_on=None), pk)
    form = RefusalForm(request.POST or None, row=held)
    if form.is_valid() and page.tried(form, writes.change_refusal, refusal=held, **form.asked(), by=request.user):
        return page.done(request, "access_refusals", held.division_id, _("已更正“%(title)s”。") % form.cleaned_data)
    return page.row_form(request, form, held.division, "access_refusals", _("更正拒绝的事项"))


@requires(Perm.CONFIRM_SERVICE)
@never_cache
def access_refusal_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The street's answer: what it did about an item that a community refused."""
    held = page.fetched(request, ItemRefusal.objects.filter(replied_on=None), pk, Perm.CONFIRM_SERVICE)
    form = ReplyForm(request.POST or None, row=held)
    if form.is_valid() and page.tried(form, writes.answer_refusal, refusal=held, **form.asked(), by=request.user):
        return page.done(request, "access_refusals", held.division_id, _("已答复“%(title)s”。") % {"title": held.title})
    words = {"department": held.department, "title": held.title, "reason": held.reason}
    sentence = _("%(department)s 交办“%(title)s”，社区拒绝，理由：%(reason)s") % words
    return page.row_form(
        request, form, held.division, "access_refusals", _("处理拒绝的事项"), sentence=sentence, button=_("答复")
    )
