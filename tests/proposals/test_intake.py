import hashlib
import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from portal.core.audit.models import AuditEvent
from portal.core.lib.clock import today
from proposals.actions import files
from proposals.actions.intake import Signer, change_proposal, receive_proposal, upsert_proposal
from proposals.actions.sessions import add_session, add_unit, change_session, close_unit, give_seat, take_seat
from proposals.models import HandlingUnit, Proposal, Proposer, Seat
from proposals.queries import cases as reads
from tests import factories
from tests import world as w
from tests.proposals import cases

DAY = date(2026, 1, 12)
TWO = [Signer("甲某", "0000-0000001", "示例路1号"), Signer("乙某")]


@pytest.fixture
def office(world):
    return cases.user("office")


@pytest.fixture
def held(office):
    return cases.session()


def received(session, by, number="0023", signers=TWO, **facts):
    given = {"title": "关于加强社区工作者队伍建设的提案", "text": "建议提高社区工作者待遇。", "proposer_type": "joint",
             "proposers_count": len(signers), "received_on": DAY}  # fmt: skip
    return receive_proposal(session=session, number=number, signers=signers, by=by, **given | facts)


def refused(error):
    return {name: list(map(str, errors)) for name, errors in error.value.message_dict.items()}


def test_received_proposal_keeps_number_names_and_seals_contacts(held, office):
    made = received(held, office, "第0023号")
    assert (made.number, made.state, made.division_id, made.version) == ("0023", "received", w.DISTRICT, 1)
    assert [(one.position, one.name, one.phone) for one in made.proposers.all()] == [
        (1, "甲某", "0000-0000001"),
        (2, "乙某", None),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM proposals_proposer WHERE name = '甲某'")
        assert "0000" not in str(cursor.fetchone()[0])
    assert (held.label, str(held.document)) == ("区政协十四届五次会议", "提案")


def test_faults_are_told_together_by_field(held, office):
    with pytest.raises(ValidationError) as error:
        received(held, office, "", title="关于养老的议案", proposer_type="delegation", proposers_count=5,
                 received_on=today() + timedelta(days=1), first_signer_forwards=True)  # fmt: skip
    assert refused(error) == {
        "number": ["请填写编号。"],
        "title": ["案由把文件叫作“议案”，这里应称“提案”。请改正。"],
        "proposer_type": ["这一类会议的提案者只有：委员个人、联名、党派、团体、界别、小组、专门委员会。"],
        "proposers_count": ["提案者数填的是 5，写出的是 2 位。请核对，两者应一致。"],
        "received_on": ["收到日期不能晚于今天。"],
        "first_signer_forwards": ["只有联名提出的才能约定由第一提案人转告。"],
    }


def test_suggestion_is_checked_with_the_words_of_the_congress(office):
    npc = cases.session(body="npc", place_name="区人大", term=17, meeting=3)
    with pytest.raises(ValidationError) as error:
        received(npc, office, title="关于养老服务的提案", signers=[Signer("甲某委员"), Signer("乙某")])
    assert refused(error) == {
        "title": ["案由把文件叫作“提案”，这里应称“建议”。请改正。"],
        "signers": ["“甲某委员”：这里的提出者是代表，姓名后不用写称谓。"],
    }
    made = received(
        npc, office, title="关于改进提案办理的建议", proposer_type="delegation", signers=[Signer("一号代表团")]
    )
    with pytest.raises(ValidationError) as error:
        received(npc, office, "2", title="关于食堂的建议", proposer_type="party", signers=[Signer("民盟")])
    assert refused(error) == {"proposer_type": ["这一类会议的提案者只有：代表个人、联名、代表团。"]}
    assert (made.proposers_count, str(npc.document), npc.label) == (1, "建议", "区人大十七届三次会议")


def test_number_is_used_once_in_a_session(held, office):
    received(held, office)
    with pytest.raises(ValidationError) as error:
        received(held, office, "第0023号")
    assert refused(error) == {"number": ["本次会议已有 0023 号。请核对编号，或打开原来的那一件更正。"]}
    assert received(cases.session(meeting=4), office).number == "0023"


def test_stranger_and_handler_receive_nothing(held, world):
    for user in (cases.user("elsewhere", "district", "960102"), cases.user("officer", "handler"), world.users.street):
        with pytest.raises(ValidationError):
            received(held, user)
    assert not Proposal.objects.exists()


def test_change_renews_signers_and_search(held, office):
    made = received(held, office)
    facts = {
        "title": "关于增设养老驿站的提案",
        "text": "",
        "proposer_type": "member",
        "proposers_count": 1,
        "received_on": DAY,
    }
    changed = change_proposal(proposal=made, version=1, number="0024", signers=[Signer("丙某")], by=office, **facts)
    assert (changed.number, changed.version, [one.name for one in changed.proposers.all()]) == ("0024", 2, ["丙某"])
    assert [one.pk for one in reads.listed(office, q="养老驿站")] == [made.pk]
    assert not reads.listed(office, q="社区工作者").exists()
    with pytest.raises(ValidationError, match="刚被其他人修改"):
        change_proposal(proposal=made, version=1, number="0024", signers=[Signer("丙某")], by=office, **facts)


def test_closed_case_is_not_changed(held, office):
    made = received(held, office)
    Proposal.objects.filter(pk=made.pk).update(state="archived", assigned_on=DAY)
    with pytest.raises(ValidationError, match="现在是“已归档”"):
        change_proposal(proposal=made, version=1, number="0023", signers=TWO, by=office, title="x")


def test_upsert_by_session_and_number(held, office):
    facts = {"title": "关于食堂的提案", "proposer_type": "member", "received_on": DAY}
    one = [Signer("甲某", "0000-0000009")]
    first = upsert_proposal(session=held, number="7", signers=one, by=office, **facts)
    again = upsert_proposal(session=held, number="第7号", signers=[Signer("甲某")], by=office, **facts)
    third = upsert_proposal(session=held, number="7", by=office, title="关于老年食堂的提案", key=True)
    assert [one.outcome for one in (first, again, third)] == ["new", "unchanged", "changed"]
    made = Proposal.objects.get()
    assert (made.title, made.key, made.version, made.proposers.get().phone) == (
        "关于老年食堂的提案",
        True,
        2,
        "0000-0000009",
    )


def test_search_finds_chinese_words_numbers_and_names_together(held, office):
    first = received(held, office, text="建议按每万人18名配备社区工作者。")
    second = received(held, office, "0101", title="关于养老服务的提案", text="")
    found = lambda words: set(reads.listed(office, q=words).values_list("pk", flat=True))  # noqa: E731
    assert found("社区工作者") == {first.pk}
    assert found("0101") == {second.pk}
    assert found("甲某 养老") == {second.pk}
    assert found("每万人１８名") == {first.pk}
    assert found("，。") == set()
    assert found("甲某") == {first.pk, second.pk}
    assert found("a' & !b | 养老") == set()


def test_filters_of_the_list(held, office):
    lead, other = cases.unit("区民政局"), cases.unit("区人社局")
    first, second = cases.proposal("1", key=True), cases.proposal("2", names=("甲", "乙"))
    cases.handling(first, lead), cases.handling(first, other, "co"), cases.handling(second, other)
    suggestion = cases.proposal(
        "1", "关于食堂的建议", session=cases.session(body="npc", place_name="区人大"), state="received"
    )
    pks = lambda **asked: list(reads.listed(office, **asked).values_list("pk", flat=True))  # noqa: E731
    assert pks() == [suggestion.pk, second.pk, first.pk]
    assert pks(lead=lead.pk) == [first.pk]
    assert pks(lead=other.pk) == [second.pk]
    assert pks(body="npc") == pks(state="received") == [suggestion.pk]
    assert pks(key=True) == [first.pk]
    assert pks(proposer_type="joint") == [second.pk]
    assert pks(session=held.pk) == [second.pk, first.pk]
    assert pks(code="960102") == []
    assert reads.counts(office) == {"handling": 2, "received": 1}


def test_handler_sees_what_its_unit_takes_part_in(held, office):
    officer = cases.user("officer", "handler")
    mine, theirs = cases.proposal("1"), cases.proposal("2")
    cases.handling(mine, cases.unit("区人社局", w.DISTRICT, officer), "co")
    cases.handling(theirs)
    assert list(reads.listed(officer).values_list("pk", flat=True)) == [mine.pk]
    assert reads.counts(officer) == {"handling": 1}


def test_file_is_sealed_and_taken_out_on_record(held, office, settings, tmp_path):
    settings.ATTACHMENT_DIR = tmp_path
    made, content = received(held, office), b"%PDF-1.7 example"
    kept = files.add_file(proposal=made, file=io.BytesIO(content), name="a/附件.pdf", size=len(content), by=office)
    assert (kept.filename, kept.content_type, kept.sha256) == ("附件.pdf", "pdf", hashlib.sha256(content).hexdigest())
    assert content not in files.path_of(kept.pk).read_bytes()
    assert b"".join(files.taken_out(kept, office)) == content
    assert AuditEvent.objects.filter(act="case_file_taken", subject=str(kept.pk)).count() == 1
    files.take_back_file(file=kept, by=office)
    assert not reads.files_of(made).exists() and files.path_of(kept.pk).exists()


@pytest.mark.parametrize(("name", "content"), [("a.pdf", b""), ("a.exe", b"MZ"), ("a.pdf", b"\x89PNG\r\n\x1a\nx")])
def test_file_of_another_kind_is_refused(held, office, settings, tmp_path, name, content):
    settings.ATTACHMENT_DIR = tmp_path
    with pytest.raises(ValidationError):
        files.add_file(
            proposal=received(held, office), file=io.BytesIO(content), name=name, size=len(content), by=office
        )
    assert list(tmp_path.iterdir()) == []


def test_session_is_entered_once_and_its_days_agree(office, world):
    facts = {"body": "cppcc", "place_name": "区政协", "term": 3, "meeting": 1, "opened_on": DAY, "closed_on": DAY}
    made = add_session(division=world.divisions[w.DISTRICT], by=office, **facts)
    with pytest.raises(ValidationError) as error:
        add_session(division=world.divisions[w.DISTRICT], by=office, **facts)
    assert refused(error) == {"meeting": ["这次会议已经登记。请核对届次。"]}
    with pytest.raises(ValidationError) as error:
        change_session(session=made, by=office, **facts | {"reply_by": DAY})
    assert refused(error) == {"reply_by": ["答复期限应晚于闭幕日期。"]}
    cases.proposal(session=made)
    with pytest.raises(ValidationError) as error:
        change_session(session=made, by=office, **facts | {"body": "npc"})
    assert list(refused(error)) == ["body"]


def test_unit_its_seats_and_closing(office, world):
    facts = {"name": "东区卫健委", "short": "区卫健委", "heading": "东区卫健委"}
    made = add_unit(division=world.divisions[w.DISTRICT], by=office, **facts)
    officer = factories.user("health", ("handler", w.DISTRICT), division=w.DISTRICT)
    seat = give_seat(unit=made, username=" health ", by=office)
    assert (seat.user, seat.unit) == (officer, made)
    for name in ("health", "nobody", world.users.street.username):
        with pytest.raises(ValidationError):
            give_seat(unit=made, username=name, by=office)
    take_seat(seat=seat, by=office)
    assert not Seat.objects.exists()
    cases.handling(cases.proposal(), made)
    with pytest.raises(ValidationError, match="未办结"):
        close_unit(unit=made, by=office)
    made.handlings.update(stage="archived")
    assert close_unit(unit=made, by=office).closed_on == today()
    assert close_unit(unit=made, by=office).closed_on is None
    assert HandlingUnit.objects.count() == 1 and Proposer.objects.count() == 1
