"""Item lists: what may be asked of communities here, and how an item enters a list or leaves it."""

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.policy.kinds import ACCESS
from portal.core.policy.queries import rule_for
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import BoundedPaginator
from ratings.actions import access as writes
from ratings.enums import AccessState
from ratings.exports.access import APPLICATIONS, ITEMS
from ratings.forms.access import (
    ApplicationFilter,
    ApplicationForm,
    DecisionForm,
    ItemFilter,
    ItemForm,
    ReviewForm,
    RevokeForm,
)
from ratings.forms.rows import RowForm
from ratings.models import AccessApplication, ListItem
from ratings.queries import access as reads
from ratings.views import ledger as page
from workforce.views.answers import form_page, may_change_now, page_or_part
from workforce.views.places import chosen_place

TABS = (("access", gettext_lazy("事项清单")), ("access_applications", gettext_lazy("准入申请")))


def _tabs(request: HttpRequest, name: str, place) -> list[dict]:
    found = [{"label": label, "url": keep.page_url(request, key), "current": key == name} for key, label in TABS]
    if place is not None:
        url = keep.page_url(request, "access_refusals", place.code)
        found.append({"label": _("拒绝的事项"), "url": url, "current": False})
    return found


def _new(request: HttpRequest, perm: Perm, name: str, label: str, primary: bool = True) -> list[dict]:
    if not (may_change_now(request) and request.user.can(perm)):
        return []
    return [{"label": label, "icon": "plus-lg", "url": keep.page_url(request, name), "primary": primary}]


@require_safe
@requires(Perm.VIEW_SERVICE)
@never_cache
def access(request: HttpRequest) -> HttpResponse:
    """What may be asked of communities at a place, with a search: is this item on a list?"""
    on, place, form = keep.day_of(request), chosen_place(request, Perm.VIEW_SERVICE), ItemFilter(request.GET)
    asked, code = form.asked(), place.code if place else ""
    ended = asked.pop("show") == "ended"
    found = reads.items(request.user, code=code, on=on, ended=ended, **asked)
    shown = BoundedPaginator(found, page.PAGE_ROWS).get_page(request.GET.get("page"))
    for item in shown:
        item.mine = request.user.can(Perm.DECIDE_ACCESS, item.division_id)
    context = {
        "page": shown,
        "place": place,
        "asked": asked | {"quoted": urlencode({"title": asked["q"]})},
        "ended": ended,
        "barring": reads.BARRED,
        "changes": may_change_now(request) and request.user.can(Perm.DECIDE_ACCESS),
        "refuses": bool(place) and len(code) == 12 and page.changes(request, place),
    }
    if not request.htmx:
        context |= {
            "form": form,
            "title": _("事项清单"),
            "rows": "ratings/_item_rows.html",
            "tabs": _tabs(request, "access", place),
            "exports": export_menu(request, ITEMS),
            "lead": _("清单以外的事项，未经准入不得交给社区办理；社区可以拒绝。"),
            "actions": _new(request, Perm.DECIDE_ACCESS, "access_item_new", _("登记清单事项")),
        }
    return page_or_part(request, "ratings/access.html", "ratings/_item_rows.html", context)


@require_safe
@requires(Perm.VIEW_SERVICE)
@never_cache
def access_applications(request: HttpRequest) -> HttpResponse:
    """Applications for access, those without a decision first."""
    on, place, form = keep.day_of(request), chosen_place(request, Perm.VIEW_SERVICE), ApplicationFilter(request.GET)
    code = place.code if place else ""
    found = reads.applications(request.user, under=code, **form.asked())
    context = {
        "page": BoundedPaginator(found, page.PAGE_ROWS).get_page(request.GET.get("page")),
        "place": place,
        "narrowed": any(form.asked().values()),
        "changes": request.user.can(Perm.HANDLE_ACCESS),
    }
    if not request.htmx:
        context |= {
            "form": form,
            "title": _("准入申请"),
            "rows": "ratings/_application_rows.html",
            "tabs": _tabs(request, "access_applications", place),
            "exports": export_menu(request, APPLICATIONS),
            "rule": page.rule_line(rule_for(ACCESS, code, on)),
            "actions": _new(request, Perm.HANDLE_ACCESS, "access_new", _("登记申请")),
        }
    return page_or_part(request, "ratings/access.html", "ratings/_application_rows.html", context)


def _back(request: HttpRequest, form, name: str, title: str, *args, **context) -> HttpResponse:
    """The page of a form of this part."""
    context = {"title": title, "back": keep.page_url(request, name, *args), "draft": request.path, **context}
    return form_page(request, "workforce/plain_form.html", form, **context)


@requires(Perm.HANDLE_ACCESS)
@never_cache
def access_new(request: HttpRequest) -> HttpResponse:
    """Enters a department's application."""
    form = ApplicationForm(request.POST or None, by=request.user)
    if form.is_valid() and (made := page.tried(form, writes.apply_access, **form.asked(), by=request.user)):
        words = {"title": made.title, "day": made.due_on.isoformat()}
        sentence = _("已登记“%(title)s”的准入申请，最迟 %(day)s 作出决定。请由其他同事审核。") % words
        return page.done(request, "access_application", made.pk, sentence)
    place = chosen_place(request, Perm.HANDLE_ACCESS)
    rule = rule_for(ACCESS, place.code if place else "", keep.day_of(request))
    off = _("本地没有生效的准入期限规则，审批期限按拟进入日期计算。")
    return _back(request, form, "access_applications", _("登记准入申请"), lead=rule.words if rule.value else off)


def _application(request: HttpRequest, pk: int, perm: Perm) -> AccessApplication:
    return page.fetched(request, AccessApplication.objects.all(), pk, perm)


@require_safe
@requires(Perm.VIEW_SERVICE)
@never_cache
def access_application(request: HttpRequest, pk: int) -> HttpResponse:
    """One application: what is asked for, who did what, and the next step for who may take it."""
    rows = reads.applications(request.user).select_related("division", "entered_by", "reviewed_by", "decided_by")
    held = get_object_or_404(rows, pk=pk)
    user, code = request.user, held.division_id
    now = may_change_now(request)
    third = user.pk not in (held.entered_by_id, held.reviewed_by_id)
    may_review = held.state == AccessState.APPLIED and user.can(Perm.HANDLE_ACCESS, code)
    may_decide = held.state == AccessState.REVIEWED and user.can(Perm.DECIDE_ACCESS, code)
    context = {
        "held": held,
        "item": ListItem.objects.filter(application=held).first(),
        "open": held.state in reads.OPEN,
        "rule": page.rule_line(rule_for(ACCESS, code, held.applied_on)),
        "reviews": now and may_review and held.entered_by_id != user.pk,
        "decides": now and may_decide and third,
        "own": now and (may_review and held.entered_by_id == user.pk or may_decide and not third),
        "withdraws": now and held.state in reads.OPEN and user.can(Perm.HANDLE_ACCESS, code),
    }
    return render(request, "ratings/access_application.html", context)


STEPS = {"review": ReviewForm, "decide": DecisionForm, "withdraw": RowForm}
ACTIONS = {"review": writes.review_access, "decide": writes.decide_access, "withdraw": writes.withdraw_access}


@requires(Perm.HANDLE_ACCESS, Perm.DECIDE_ACCESS)
@never_cache
def access_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Reviews, decides or withdraws an application."""
    if step not in STEPS:
        raise Http404
    held = _application(request, pk, Perm.DECIDE_ACCESS if step == "decide" else Perm.HANDLE_ACCESS)
    form = STEPS[step](request.POST or None, row=held)
    if form.is_valid() and page.tried(form, ACTIONS[step], application=held, **form.asked(), by=request.user):
        return page.done(request, "access_application", held.pk, _("已办理“%(title)s”。") % {"title": held.title})
    titles = {"review": _("审核"), "decide": _("审批"), "withdraw": _("撤回申请")}
    title = f"{titles[step]}：{held.title}"
    words = {"review": "", "decide": held.review, "withdraw": _("撤回后这份申请不再办理，需要时重新登记。")}
    kind = held.department
    return _back(request, form, "access_application", title, held.pk, kind=kind, lead=words[step], button=titles[step])


@requires(Perm.DECIDE_ACCESS)
@never_cache
def access_item_new(request: HttpRequest) -> HttpResponse:
    """Enters an item of a published list."""
    form = ItemForm(request.POST or None, by=request.user)
    if form.is_valid() and (made := page.tried(form, writes.add_item, **form.asked(), by=request.user)):
        words = {"title": made.title, "list": made.get_list_display()}
        return _done(request, _("已将“%(title)s”列入“%(list)s”。") % words)
    lead = _("已公布的清单逐项登记；部门新交办的事项走准入申请。")
    return _back(request, form, "access", _("登记清单事项"), lead=lead)


def _done(request: HttpRequest, sentence: str) -> HttpResponse:
    return page.gone(request, keep.page_url(request, "access"), sentence)


def _item(request: HttpRequest, pk: int) -> ListItem:
    return page.fetched(request, ListItem.objects.exclude(valid_to=F("valid_from")), pk, Perm.DECIDE_ACCESS)


@requires(Perm.DECIDE_ACCESS)
@never_cache
def access_item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects an item of a list."""
    item = _item(request, pk)
    form = ItemForm(request.POST or None, by=request.user, row=item)
    if form.is_valid() and page.tried(form, writes.change_item, item=item, **form.asked(), by=request.user):
        return _done(request, _("已更正“%(title)s”。") % form.cleaned_data)
    return _back(request, form, "access", _("更正清单事项"), kind=item.division.label)


@requires(Perm.DECIDE_ACCESS)
@never_cache
def access_item_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back an item entered by mistake."""
    item = _item(request, pk)
    form, words = RowForm(request.POST or None, row=item), {"title": item.title}
    if form.is_valid() and page.tried(form, writes.take_back_item, item=item, **form.asked(), by=request.user):
        return _done(request, _("已撤回“%(title)s”的登记。") % words)
    sentence = _("撤回登记有误的事项“%(title)s”：记录保留在历史中，视同从未列入。") % words
    kind, title = item.division.label, _("撤回清单事项")
    return _back(request, form, "access", title, kind=kind, sentence=sentence, button=_("撤回"))


@requires(Perm.DECIDE_ACCESS)
@never_cache
def access_item_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes an item off its list, with the reason and the last day."""
    item = _item(request, pk)
    form, words = RevokeForm(request.POST or None, row=item), {"title": item.title, "list": item.get_list_display()}
    if form.is_valid() and page.tried(form, writes.revoke_item, item=item, **form.asked(), by=request.user):
        return _done(request, _("已从“%(list)s”撤销“%(title)s”。") % words)
    sentence = _("“%(title)s”到所填日期退出“%(list)s”，之后按未列入清单对待。") % words
    kind, title = item.division.label, _("撤销清单事项")
    return _back(request, form, "access", title, kind=kind, sentence=sentence, button=_("撤销"))
