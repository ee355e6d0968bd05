"""What the pages of a transfer show, each side as far as it may know."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.lib.dated import ONE_DAY
from portal.core.web import formats, keep
from workforce.enums import Body, Entry, Tier, TransferState
from workforce.forms.transfers import keyed
from workforce.models import Person, Transfer
from workforce.queries.transfers import GIVING, RECEIVING, Standing, left_behind, waits_for

COLUMNS = (
    {"key": "person", "label": gettext_lazy("姓名")},
    {"key": "from", "label": gettext_lazy("调出")},
    {"key": "to", "label": gettext_lazy("调入")},
    {"key": "day", "label": gettext_lazy("生效日期")},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "by", "label": gettext_lazy("提出")},
)
_TONES = {
    TransferState.PROPOSED: "waiting",
    TransferState.AGREED: "done",
    TransferState.REFUSED: "ended",
    TransferState.WITHDRAWN: "ended",
}


def _word(transfer: Transfer, standing: Standing) -> str:
    side = waits_for(transfer)
    if side:
        return _("待调出方同意") if side == GIVING else _("待调入方同意")
    if transfer.state == TransferState.REFUSED:
        refused_by = GIVING if transfer.from_agreed_at is None else RECEIVING
        return _("已答复不同意") if standing.holds(refused_by) else _("对方不同意")
    return transfer.get_state_display()


def line_of(user, transfer: Transfer) -> dict:
    """A line of the list."""
    standing = Standing.of(user, transfer)
    return {
        "transfer": transfer,
        "name": standing.name,
        "masked": standing.masked,
        "place": transfer.from_division.label if standing.sees_place else _("另一街道"),
        "status": _TONES[transfer.state],
        "word": _word(transfer, standing),
        "answers": standing.answers,
    }


def page_of(request: HttpRequest, transfer: Transfer) -> dict:
    """Everything on the page of one transfer."""
    standing = Standing.of(request.user, transfer)
    return {
        **line_of(request.user, transfer),
        "facts": _facts(request, transfer, standing),
        "consents": _consents(transfer),
        "ends": ending_of(request, transfer) if waits_for(transfer) else [],
        "consequence": consequence_of(request.user, transfer) if standing.answers else "",
        "withdraws": standing.withdraws,
        "waits": _("等待对方答复；答复以前可以撤回。") if standing.withdraws and not standing.answers else "",
    }


def _facts(request: HttpRequest, transfer: Transfer, standing: Standing) -> list[dict]:
    place = transfer.from_division.label if standing.sees_place else _("另一街道（对方同意后可见）")
    typed = transfer.post.get("name", "")
    rows = [
        {"label": _("姓名"), "value": standing.name, "url": _file(request, transfer, standing)},
        {"label": _("身份证号"), "value": standing.masked},
        {"label": _("调出社区"), "value": place},
        {"label": _("调入社区"), "value": transfer.to_division.label},
        {"label": _("生效日期"), "value": transfer.effective_on.isoformat()},
        {"label": _("新职务"), "value": post_in_words(transfer.post)},
    ]
    if standing.sees_file and typed and typed != standing.name:
        rows[0]["hint"] = _("申请中填写的姓名是“%(name)s”，请核对是否同一人。") % {"name": typed}
    if transfer.reason:
        rows.append({"label": _("调动理由"), "value": transfer.reason})
    if transfer.decision_reason:
        withdrawn = transfer.state == TransferState.WITHDRAWN
        label = _("撤回的理由") if withdrawn else _("不同意的理由")
        rows.append({"label": label, "value": transfer.decision_reason})
    return rows


def _file(request: HttpRequest, transfer: Transfer, standing: Standing) -> str:
    """Address of the person's page for those who may open it."""
    people = Person.objects.for_user(request.user, Perm.VIEW_ROSTER)
    seen = standing.sees_file and people.filter(pk=transfer.person_id).exists()
    return keep.page_url(request, "worker", transfer.person_id) if seen else ""


def post_in_words(post: dict) -> str:
    """The new post in one line."""
    words = [f"{Body(post['body']).label} {post['title']}", _("层级 %(tier)s") % {"tier": Tier(post["tier"]).label}]
    if post["grade"]:
        words.append(_("%(grade)s 级") % {"grade": post["grade"]})
    words += [Entry(post["entry"]).label, _("专职") if post["full_time"] else _("非专职")]
    words.append(_("纳入管理") if post["managed"] else _("未纳入管理"))
    return " · ".join(map(str, words + ([_("兼任网格员")] if post["grid_worker"] else [])))


def _consents(transfer: Transfer) -> list[dict]:
    """Who agreed for which side and when, as the steps of the case; of the missing side nothing is said."""
    sides = [
        (_("调入方"), transfer.to_agreed_by, transfer.to_agreed_at),
        (_("调出方"), transfer.from_agreed_by, transfer.from_agreed_at),
    ]
    given = [
        {"label": _("%(side)s已同意") % {"side": side}, "value": f"{who} · {formats.moment(at)}"}
        for side, who, at in sorted(sides, key=lambda one: (one[2] is None, one[2]))
        if at is not None
    ]
    return [{"label": _("提出"), "value": f"{transfer.proposed_by} · {formats.moment(transfer.proposed_at)}"}, *given]


def ending_of(request: HttpRequest, transfer: Transfer) -> list[str]:
    """Posts that the move would end, for the side that has them."""
    if not Standing.of(request.user, transfer).giving:
        return []
    return list(keyed(left_behind(transfer)).values())


def consequence_of(user, transfer: Transfer) -> str:
    """What agreeing will write, in one sentence."""
    standing = Standing.of(user, transfer)
    words = {
        "name": standing.name,
        "from": transfer.from_division.label if standing.sees_place else _("另一街道"),
        "to": transfer.to_division.label,
        "last": formats.day_long(transfer.effective_on - ONE_DAY),
        "first": formats.day_long(transfer.effective_on),
    }
    sentence = _(
        "同意后立即写入名册：%(name)s在%(from)s所在街道的任职到%(last)s为止，%(first)s起在%(to)s任职。合同不变。"
    )
    amends = "" if waits_for(transfer) == GIVING else _("新任职由调入方确定，同意时可以修改。")
    return sentence % words + amends
