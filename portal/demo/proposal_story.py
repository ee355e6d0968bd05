"""One joint proposal with two co-handlers, from its arrival to the published letter, by the portal's own actions."""

from datetime import date, timedelta

from portal.core.lib.clock import today
from portal.core.lib.dated import ONE_DAY
from portal.core.lib.workdays import roll
from portal.core.territory.models import Division
from portal.demo.proposal_courses import Hands
from portal.demo.proposal_walk import Clock
from portal.registry import INDICATORS
from proposals.actions.assigning import assign
from proposals.actions.contacts import add_contact
from proposals.actions.drafting import Written, save_reply, start_reply
from proposals.actions.feedback import enter_paper
from proposals.actions.figures import insert_figure
from proposals.actions.intake import Signer, receive_proposal
from proposals.actions.opinions import give_opinion
from proposals.actions.publication import check_publication, release_publication
from proposals.actions.reply_sections import take_opinion
from proposals.actions.screening import file_proposal
from proposals.actions.sending import send_reply
from proposals.actions.signing import sign_reply
from proposals.actions.steps import sign_for, take_proposal_step
from proposals.enums import Disclosure, Satisfaction
from proposals.models import Feedback, Handling, HandlingUnit, Reply, Session
from proposals.queries.publication import mark_of

NUMBER = "1001"
TITLE = "关于落实社区工作者薪酬待遇、稳定基层队伍的提案"
SIGNERS = ("沈秋砚", "姚云帆", "卢溪亭")
_TEXT = "建议统一招录标准，落实薪酬待遇，提高持证比例。（演示数据，内容虚构）"


def tell(session: Session, units: dict[str, HandlingUnit], hands: Hands, clock: Clock) -> None:
    """The lead is the unit of the log-in `handler`; what cannot be dated back by an action happens today."""
    day = clock.day
    assigned = roll(day - timedelta(days=46), clock.calendar)
    lead, parts = _handed_over(session, units, hands, assigned)
    for part, by in zip(parts, (hands.office, hands.supervisor), strict=True):
        sign_for(
            handling=part, version=part.version, on=assigned + ONE_DAY, section="办公室", officer="演示经办", by=by
        )
        words = f"{part.unit.short}同意所提建议，与我单位职责有关的部分将一并落实。（演示）"
        give_opinion(handling=part, version=_now(part), words=words, result="A", by=by)
    reply = _written(lead, parts, hands, assigned, day)
    _approved(lead, reply, hands)
    _published(lead, reply, hands)


def _now(part: Handling) -> int:
    """The version as it stands: every act gives the next one."""
    part.refresh_from_db()
    return part.version


def _handed_over(
    session: Session, units: dict[str, HandlingUnit], hands: Hands, on: date
) -> tuple[Handling, list[Handling]]:
    """Received, filed, and handed to the lead and two co-handlers."""
    received = on - timedelta(days=5)
    proposal = receive_proposal(
        session=session, number=NUMBER, signers=[Signer(name, f"026-2299000{place}") for place, name in enumerate(SIGNERS, 1)],
        title=TITLE, text=_TEXT, proposer_type="joint", between_sessions=True, key=True, received_on=received,
        field="社会建设", by=hands.office,
    )  # fmt: skip
    filed = file_proposal(proposal=proposal, version=proposal.version, filed_on=on - timedelta(days=2), by=hands.office)
    filed.refresh_from_db()
    lead, *parts = assign(
        proposal=filed, version=filed.version, lead=units["人社局"], co=[units["民政局"], units["教委"]], assigned_on=on,
        by=hands.office,
    )  # fmt: skip
    return lead, parts


def _written(lead: Handling, parts: list[Handling], hands: Hands, assigned: date, day: date) -> Reply:
    """Signed for, talked over, and drafted with figures of the catalogue and what the co-handlers gave."""
    on = assigned + ONE_DAY
    sign_for(handling=lead, version=_now(lead), on=on, section="工资福利科", officer="演示经办", by=hands.drafter)
    add_contact(
        handling=lead, version=_now(lead), when="during", mode="visit", on=assigned + timedelta(days=12),
        people=f"{SIGNERS[0]}、承办科室", words="走访第一提案人，介绍办理思路，听取意见。（演示）", by=hands.drafter,
    )  # fmt: skip
    lead.refresh_from_db()
    reply = start_reply(handling=lead, by=hands.drafter)
    sections = [
        Written(None, 1, "基本情况"),
        Written(None, 0, "我市社区工作者队伍情况如下：。"),
        Written(None, 0, "按城镇常住人口计算，每万人配备社区工作者。"),
        Written(None, 1, "已开展的工作"),
        Written(None, 0, "统一招录、岗位等级和年度考核已经衔接，取证补贴按标准发放。（演示）"),
        Written(None, 1, "下一步工作"),
        Written(None, 0, "我们将按季度通报配备和取证进度，稳定基层队伍。（演示）"),
    ]
    reply = save_reply(reply=reply, version=reply.version, fields={"result": "A"}, sections=sections, by=hands.drafter)
    place = Division.objects.get(pk=lead.division_id)
    for position, indicator in ((2, "workers"), (3, "staffing_ratio")):
        reply.refresh_from_db()
        section = reply.sections.get(position=position)
        insert_figure(
            reply=reply, version=reply.version, indicators=INDICATORS, indicator=indicator, division=place, on=day,
            section=section.pk, at=len(section.text) - 1, with_day=position == 2, by=hands.drafter,
        )  # fmt: skip
    for part in parts:
        reply.refresh_from_db()
        take_opinion(reply=reply, version=reply.version, part=part, by=hands.drafter)
    return reply


def _approved(lead: Handling, reply: Reply, hands: Hands) -> None:
    """Checked, supervised, signed with its number, sent, and found good by all three."""
    for step, by in (
        ("submit_draft", hands.drafter), ("pass_office", hands.checker), ("pass_supervision", hands.supervisor),
    ):  # fmt: skip
        take_proposal_step(handling=lead, version=_now(lead), step=step, by=by)
    reply.refresh_from_db()
    sign_reply(reply=reply, version=reply.version, indicators=INDICATORS, by=hands.leader)
    send_reply(handling=lead, version=_now(lead), sent_on=today(), mode="mail", by=hands.drafter)
    for form in Feedback.objects.filter(handling=lead).order_by("pk"):
        enter_paper(
            feedback=form, on=today(), attitude=Satisfaction.SATISFIED, result=Satisfaction.SATISFIED,
            contact_mode="visit", words="答复具体，表示感谢。（演示）", by=hands.drafter,
        )  # fmt: skip


def _published(lead: Handling, reply: Reply, hands: Hands) -> None:
    reply = Reply.objects.get(pk=reply.pk)
    checked = check_publication(reply=reply, disclosure=Disclosure.PUBLIC, by=hands.supervisor)
    release_publication(publication=checked, seen=mark_of(checked), by=hands.leader)
