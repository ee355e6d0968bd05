"""Promises and tasks for tests: an answered case with a reply, a promise of it, a task of the ledger."""

import io
from datetime import date

from portal.core.accounts.models import User
from portal.core.lib.clock import today
from portal.core.territory.models import Division
from proposals.actions import commitments, tasks
from proposals.actions.evidence import Upload
from proposals.models import Commitment, Handling, LedgerTask, Proposal, Reply
from tests import world as w
from tests.proposals import cases

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TASK = {
    "title": "养老机构互认互通", "domain": "elderly", "agreement": "合作协议〔2026〕1号", "regions": "京津冀",
    "leader": "甲局长", "chief": "乙处长", "officer": "丙专员",
}  # fmt: skip


def upload(name: str = "佐证.pdf", content: bytes = PDF) -> Upload:
    return Upload(io.BytesIO(content), name, len(content))


def answered(number: str = "0023", result: str = "B", division: str = w.DISTRICT, **fields) -> Handling:
    """A case that was answered with the class, by 区民政局, for which the lead's officer works."""
    people = cases.people()
    unit = cases.unit("区民政局", division, people.lead_officer)
    session = cases.session(division)
    found = Proposal.objects.filter(session=session, number=number).first()
    about = {"stage": "answered", "result": result, "officer": "丁经办", "replied_on": date(2026, 4, 20)} | fields
    return cases.handling(found or cases.proposal(number, session=session), unit, **about)


def reply(of: Handling, result: str = "B") -> Reply:
    return Reply.objects.create(
        handling=of, title="关于第0023号提案答复的函", addressee="甲委员：", opening="您提出的提案收悉。", result=result,
        drafted_by=cases.user("drafter"),
    )  # fmt: skip


def promise(of: Handling | None = None, by: User | None = None, **fields) -> Commitment:
    """A promise made by its action, by whoever works for the unit."""
    of = of or answered()
    about = {
        "reply": None,
        "text": "年底前充实社区工作者20名",
        "owner": "丁经办",
        "due_on": date(2026, 12, 20),
    } | fields
    return commitments.promise(handling=of, by=by or cases.user("lead_officer", "handler"), **about)


def row(of: Handling, year: int = 2026, **fields) -> Commitment:
    """A promise as a row, with its first step on a day; for ledgers of other years."""
    by = cases.user("lead_officer", "handler")
    about = {
        "text": "充实队伍",
        "owner": "丁经办",
        "due_on": date(year, 12, 20),
        "first_result": "B",
        "result": "B",
    } | fields
    made = Commitment.objects.create(
        handling=of, division_id=of.division_id, unit=of.unit, year=year, entered_by=by, **about
    )
    made.steps.create(on=date(year, 5, 1), words="登记承诺事项", entered_by=by)
    return made


def task(division: str = w.DISTRICT, by: User | None = None, **fields) -> LedgerTask:
    """A task put on this year's list by its action."""
    year = fields.pop("year", today().year)
    about = TASK | {"posted_on": date(year, 1, 5), "due_on": date(year, 12, 31)} | fields
    return tasks.post_task(
        division=Division.objects.get(pk=division),
        year=year,
        by=by or cases.user(f"poster{division}", code=division),
        **about,
    )
