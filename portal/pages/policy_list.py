"""The rules of a place on a day for the page: by topic, with origin, history and next change; narrowed by words or state."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.lib.dated import last_day
from portal.core.policy.history import Outlook
from portal.core.policy.kinds import KINDS, Topic
from portal.core.policy.models import PolicyRule
from portal.core.policy.queries import RuleInForce
from portal.core.web import keep

QUERY_LENGTH = 60
STATES = {"set": gettext_lazy("已规定"), "default": gettext_lazy("系统默认"), "off": gettext_lazy("未生效")}


def state_of(current: RuleInForce) -> str:
    """Whether a rule was set, the kind's default applies, or nothing does."""
    return "set" if current.rule else "default" if current.value else "off"


class PolicyList:
    """Every kind of rule at a place on a day; `q` and `state` of the address narrow the list."""

    def __init__(self, request: HttpRequest, code: str, found: list[Outlook], may: bool):
        self.request, self.code, self.found, self.may = request, code, found, may
        self.q = request.GET.get("q", "").strip()[:QUERY_LENGTH]
        asked = request.GET.get("state", "")
        self.state = asked if asked in STATES else ""

    @property
    def narrowed(self) -> bool:
        return bool(self.q or self.state)

    @property
    def chips(self) -> list[dict]:
        """The states to choose from, each with its number."""
        matching = [outlook for outlook in self.found if self._matches(outlook)]
        chips = [("", _("全部"), len(matching))]
        for state, label in STATES.items():
            chips.append((state, label, sum(state_of(outlook.current) == state for outlook in matching)))
        return [
            {"label": label, "url": self._url(state), "current": state == self.state, "count": count}
            for state, label, count in chips
        ]

    def _url(self, state: str) -> str:
        return keep.page_url(self.request, "policies", q=self.q or None, state=state or None)

    @property
    def clear_url(self) -> str:
        return keep.page_url(self.request, "policies")

    def _matches(self, outlook: Outlook) -> bool:
        kind = outlook.kind
        texts = (kind.label, kind.topic.label, kind.key, kind.summary, outlook.current.words, outlook.current.source)
        return all(any(part in str(text).lower() for text in texts) for part in self.q.lower().split())

    def topics(self) -> list[dict]:
        """The topics that have something to show, each with its kinds."""
        shown = [
            outlook
            for outlook in self.found
            if self._matches(outlook) and self.state in ("", state_of(outlook.current))
        ]
        topics = [(topic, [self._item(one) for one in shown if one.kind.topic == topic]) for topic in Topic]
        return [{"topic": topic, "kinds": kinds} for topic, kinds in topics if kinds]

    def _item(self, outlook: Outlook) -> dict:
        rule = outlook.current.rule
        return {
            "outlook": outlook,
            "kind": outlook.kind,
            "origin": self._origin(rule),
            "until": last_day(rule.valid_to) if rule else None,
            "history": [self._history_line(one, outlook.current) for one in outlook.history],
        }

    def _origin(self, rule: PolicyRule | None) -> dict | None:
        """Where the rule comes from, with the way there if the reader may go."""
        if rule is None:
            return None
        scope = rule.division_id or ""
        may = scope != self.code and self.request.user.can(Perm.VIEW_POLICY, scope)
        return {
            "name": rule.division.label if rule.division else _("全国"),
            "here": scope == self.code,
            "url": keep.page_url(self.request, "policies", place=scope or None) if may else "",
        }

    def _history_line(self, rule: PolicyRule, current: RuleInForce) -> dict:
        on, own = keep.day_of(self.request), (rule.division_id or "") == self.code
        over = rule.valid_to is not None and rule.valid_to <= on
        state = "ended" if over else "future" if rule.valid_from > on else "in_force"
        return {
            "rule": rule,
            "words": KINDS[rule.kind].in_words(rule.value),
            "origin": self._origin(rule),
            "until": last_day(rule.valid_to),
            "state": state,
            "covered": state == "in_force" and rule != current.rule,
            "who": rule.entered_by if self.request.user.can(Perm.VIEW_POLICY, rule.division_id or "") else "",
            "may_end": self.may and own and state == "in_force",
            "may_withdraw": self.may and own and state == "future",
        }
