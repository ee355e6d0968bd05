"""The events that other systems are told of, in words: the table on the pages of webhooks, and logs of what was sent."""

import json
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core.findings.models import Delivery


@dataclass(frozen=True)
class Event:
    """A kind of message: `key` is the `type` in its body."""

    key: str
    label: str | Promise
    when: str | Promise


EVENTS = (
    Event("finding.opened", _("预警新增"), _("检查发现新的问题。")),
    Event("finding.escalated", _("预警上报"), _("逾期无人处理，转由上一级处理；每上一级一次。")),
    Event("finding.resolved", _("预警消除"), _("检查不再发现这一问题。")),
    Event("supervision.issued", _("督办单发出"), _("上级就一批预警向下一级发出督办单。")),
    Event("supervision.replied", _("督办单回复"), _("受办单位回复，等待发单单位审核；退回后再回复的，再推送一次。")),
    Event("supervision.returned", _("督办单退回"), _("发单单位退回回复，重新给出期限。")),
    Event("supervision.closed", _("督办单办结"), _("发单单位认可回复，或者督办已无必要。")),
    Event("supervision.overdue", _("督办单逾期"), _("过了回复期限还没有回复；每错过一个期限推送一次。")),
)
_TITLES = {event.key: event.label for event in EVENTS} | {
    "test": _("测试消息"),
    "digest": _("每日待办提醒"),
}


def told(delivery: Delivery) -> Delivery:
    """A message of the log with `title` and `about`: what happened, and to what."""
    delivery.title = _TITLES[delivery.event]
    if delivery.finding is not None:
        delivery.about = delivery.finding.division.label
    else:
        delivery.about = json.loads(delivery.body or "{}").get("data", {}).get("number", "")
    return delivery
