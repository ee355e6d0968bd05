"""From a finding to the page of what it is about, for readers who may open that."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.web import keep

# Facts that name a row: which page shows it, to whom. Of several the first that is there counts.
PAGES = (
    ("task", "ledger_task", gettext_lazy("查看任务"), Perm.VIEW_REPORTS),
    ("commitment", "promise", gettext_lazy("查看承诺事项"), Perm.VIEW_PROPOSALS),
    ("proposal", "proposal", gettext_lazy("查看提案或建议"), Perm.VIEW_PROPOSALS),
)


def links_of(request: HttpRequest, facts: dict) -> list[dict]:
    """The way to the row, and to the explanation of its last day where the finding is about one."""
    found = [
        {"url": keep.page_url(request, name, facts[fact]), "label": label}
        for fact, name, label, perm in PAGES
        if facts.get(fact) and request.user.can(perm)
    ][:1]
    if facts.get("deadline") and request.user.can(Perm.VIEW_PROPOSALS):
        url = keep.page_url(request, "deadline", facts["deadline"])
        found.append({"url": url, "label": gettext_lazy("期限是怎样算出来的")})
    return found
