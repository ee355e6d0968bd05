"""A joint proposal with a lead and two co-handlers in the middle of its way, made through the actions."""

from types import SimpleNamespace

from portal.core.lib.clock import today
from proposals.actions import contacts, extensions, opinions, steps
from proposals.actions.assigning import assign
from proposals.models import Reply
from tests.proposals import cases


def case(number: str = "0023") -> SimpleNamespace:
    """One opinion given, one missing; a talk on record, an extension asked for, a draft begun."""
    who = cases.people()
    lead_unit = cases.unit("区民政局", cases.w.DISTRICT, who.drafter, who.checker)
    labour = cases.unit("区人社局", cases.w.DISTRICT, who.co_officer)
    proposal = cases.proposal(number, names=("甲委员", "乙委员", "丙委员"))
    units = {"lead": lead_unit, "co": [labour, cases.unit("区财政局")]}
    lead, co, _silent = assign(proposal=proposal, version=1, assigned_on=today(), by=who.office, **units)
    lead = steps.sign_for(handling=lead, version=lead.version, section="基政科", officer="科员甲", by=who.drafter)
    co = steps.sign_for(handling=co, version=co.version, section="就业科", officer="科员乙", by=who.co_officer)
    words = "建议结合公益性岗位政策，分两年增配专职工作者。"
    opinions.give_opinion(handling=co, version=co.version, words=words, result="B", by=who.co_officer)
    talk = {
        "when": "during",
        "mode": "visit",
        "on": today(),
        "people": "甲委员",
        "words": "当面听取意见，提案者表示理解。",
    }
    contacts.add_contact(handling=lead, version=lead.version, by=who.drafter, **talk)
    lead.refresh_from_db()
    extensions.ask_extension(
        handling=lead, version=lead.version, months=6, reason="需与市级部门会商", told_on=today(), by=who.drafter
    )
    lead.refresh_from_db()
    Reply.objects.create(
        handling=lead, title="关于区政协十四届五次会议第0023号提案的答复", addressee="甲委员、乙委员、丙委员", opening="收悉。",
        drafted_by=who.drafter,
    )  # fmt: skip
    return SimpleNamespace(proposal=proposal, lead=lead, co=co, who=who)
