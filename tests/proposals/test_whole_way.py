"""A joint proposal from hand-over to the file through every act: two co-handlers, two rounds, a consultation, counters exact."""

import pytest

from portal.core.lib.clock import today
from portal.registry import INDICATORS
from proposals.actions import contacts, feedback, opinions, publication, sending, signing, steps
from proposals.actions.assigning import assign
from proposals.actions.drafting import Written, save_reply, start_reply
from proposals.models import Handling, Reply
from proposals.queries.publication import mark_of
from tests.proposals import cases

TODAY = today()
pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def who():
    return cases.people()


@pytest.fixture
def parts(who):
    units = {
        "lead": cases.unit("区民政局"),
        "co": [cases.unit("区人社局", cases.w.DISTRICT, who.co_officer), cases.unit("区财政局")],
    }
    proposal = cases.proposal(names=("甲委员", "乙委员"))
    made = assign(proposal=proposal, version=1, assigned_on=TODAY, by=who.office, **units)
    return [take(part, "sign_for", who.drafter) for part in made]


def take(part, key, by, words=""):
    part.refresh_from_db()
    if key == "sign_for":
        return steps.sign_for(handling=part, version=part.version, by=by)
    return steps.take_proposal_step(handling=part, version=part.version, step=key, words=words, by=by)


def talk(part, by, when, consultation=False):
    part.refresh_from_db()
    about = {"mode": "meeting", "on": TODAY, "people": "甲委员", "words": "已沟通", "consultation": consultation}
    contacts.add_contact(handling=part, version=part.version, when=when, by=by, **about)


def answer(lead, who):
    """Drafts, approves, signs and sends the answer of the present round; the links of the feedback forms."""
    lead.refresh_from_db()
    reply = start_reply(handling=lead, by=who.drafter)
    written = [Written(None, 0, "已研究采纳。")]
    save_reply(reply=reply, version=reply.version, by=who.drafter, fields={"result": "A"}, sections=written)
    take(lead, "submit_draft", who.drafter)
    take(lead, "pass_office", who.checker)
    take(lead, "pass_supervision", who.supervisor)
    reply = Reply.objects.get(pk=reply.pk)
    signing.sign_reply(reply=reply, version=reply.version, indicators=INDICATORS, by=who.leader)
    lead.refresh_from_db()
    return sending.send_reply(handling=lead, version=lead.version, sent_on=TODAY, mode="visit", by=who.office)


def returned(links, result):
    for link in links:
        feedback.return_feedback(
            token=link.token, contact_mode="visit", attitude="satisfied", result=result, words="", by=None
        )


def stage(part):
    return Handling.objects.values_list("stage", flat=True).get(pk=part.pk)


def open_dues(part):
    return set(part.deadlines.filter(met_on__isnull=True, dropped=False).values_list("kind", flat=True))


def test_a_joint_proposal_goes_the_whole_way(who, parts, run_command):
    lead, labour, finance = parts
    opinions.give_opinion(handling=labour, version=labour.version, words="同意", by=who.co_officer)
    opinions.waive_opinion(handling=finance, version=finance.version, words="不涉及经费", by=who.office)
    talk(lead, who.drafter, "during")
    links = answer(lead, who)
    assert (stage(lead), len(links)) == ("sent", 2)
    assert open_dues(lead) == {"feedback", "publication"}
    returned(links, "dissatisfied")
    assert stage(lead) == "rehandling"
    assert open_dues(lead) == {"rehandling"}
    returned(answer(lead, who), "dissatisfied")
    assert stage(lead) == "consultation"
    talk(lead, who.drafter, "after", consultation=True)
    take(lead, "close_consulted", who.drafter, "提案者表示理解")
    assert open_dues(lead) == {"publication"}
    reply = Reply.objects.filter(handling=lead).latest("pk")
    checked = publication.check_publication(reply=reply, disclosure="public", by=who.checker)
    publication.release_publication(publication=checked, seen=mark_of(checked), by=who.office)
    assert (stage(lead), open_dues(lead)) == ("answered", set())
    lead.proposal.refresh_from_db()
    assert (lead.proposal.state, lead.proposal.closed_on) == ("closed", TODAY)
    for part in (lead, labour, finance):
        take(part, "archive", who.office)
    lead.proposal.refresh_from_db()
    assert lead.proposal.state == "archived"
    lead.refresh_from_db()
    assert (lead.round, lead.replied_on, lead.due_on) == (2, TODAY, None)
    assert run_command("recount", "--verify").code == 0
