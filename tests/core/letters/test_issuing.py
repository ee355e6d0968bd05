"""Letters as issued: numbers without gap or double, frozen text, corrections, files kept and checked."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import InternalError, transaction

from portal.core.audit.models import AuditEvent
from portal.core.letters import actions, files, numbers
from portal.core.letters.actions import issue_letter
from portal.core.letters.files import LetterAltered, file_of, name_of, paper_of
from portal.core.letters.models import Letter, LetterFile, NumberRegister
from portal.core.letters.numbers import take_number
from portal.core.letters.paper import Paper
from tests import world as w
from tests.core.letters.samples import OPINION, REPLY
from tests.together import together

DAY = date(2023, 7, 17)


def issue(world, word="示民函", *, paper=REPLY, on=DAY, code=w.DISTRICT, **more) -> Letter:
    with transaction.atomic():
        return issue_letter(
            division=world.divisions[code], word=word, paper=paper, issued_on=on, by=world.users.city, **more
        )


def test_numbers_of_a_register_follow_each_other_and_begin_anew_with_the_year(world):
    given = [issue(world, on=on).number for on in (DAY, DAY, date(2024, 1, 2), date(2023, 12, 29))]
    assert given == ["示民函〔2023〕1号", "示民函〔2023〕2号", "示民函〔2024〕1号", "示民函〔2023〕3号"]


def test_each_place_and_word_has_a_register_of_its_own(world):
    issue(world)
    assert issue(world, "示民议").number == "示民议〔2023〕1号"
    assert issue(world, code=w.CITY).number == "示民函〔2023〕1号"
    assert issue(world).number == "示民函〔2023〕2号"


def test_signature_that_fails_gives_its_number_back(world):
    issue(world)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        issue_letter(
            division=world.divisions[w.DISTRICT], word="示民函", paper=REPLY, issued_on=DAY, by=world.users.city
        )
        _ = 1 / 0
    assert issue(world).number == "示民函〔2023〕2号"
    assert Letter.objects.count() == 2


def test_letter_without_a_word_has_no_number(world):
    letters = [issue(world, ""), issue(world, "")]
    assert [(letter.number, letter.sequence) for letter in letters] == [("", None), ("", None)]
    assert not NumberRegister.objects.exists()


def test_frozen_paper_bears_number_and_day_and_no_stamp(world):
    letter = issue(world, paper=replace(REPLY, stamp="草稿", dated=date(2020, 1, 1)), figures=[{"key": "workers"}])
    paper = paper_of(Letter.objects.get(pk=letter.pk))
    assert paper == replace(REPLY, number="示民函〔2023〕1号", dated=DAY)
    assert (letter.sha256, letter.title) == (paper.digest(), REPLY.title.replace("\n", ""))
    event = AuditEvent.objects.get(act="letter_issued")
    assert (event.actor, event.subject, event.detail["sha256"]) == ("city", letter.number, letter.sha256)


def test_letter_needs_a_title_and_a_transaction(world, monkeypatch):
    with pytest.raises(ValidationError, match="公文标题"):
        issue(world, paper=replace(REPLY, title=" \n "))
    for module in (actions, numbers):
        monkeypatch.setattr(module, "connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(RuntimeError):
        issue_letter(division=world.divisions[w.CITY], word="", paper=REPLY, issued_on=DAY, by=None)
    with pytest.raises(RuntimeError):
        take_number(w.CITY, "示民函", 2023)


@pytest.mark.parametrize("values", [{"title": "改过的标题"}, {"number": "示民函〔2023〕9号"}])
def test_database_refuses_to_change_or_delete_a_letter(world, values):
    letter = issue(world)
    with pytest.raises(InternalError, match="append_only"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**values)
    with pytest.raises(InternalError, match="append_only"), transaction.atomic():
        letter.delete()


def test_correction_is_a_new_letter_with_a_number_of_its_own_and_only_one(world):
    wrong = issue(world)
    right = issue(world, corrects=wrong)
    assert (right.number, right.corrects_id) == ("示民函〔2023〕2号", wrong.pk)
    assert wrong.correction == right
    with pytest.raises(ValidationError, match="已经有更正件"):
        issue(world, corrects=wrong)
    with pytest.raises(ValidationError, match="不属于这个地区"):
        issue(world, corrects=right, code=w.CITY)
    assert issue(world, corrects=right).number == "示民函〔2023〕3号"


@pytest.mark.django_db(transaction=True)
def test_fifty_signatures_at_once_leave_neither_gap_nor_double(world):
    failing = {7, 23, 41}

    def sign(position):
        def act():
            with transaction.atomic():
                letter = issue_letter(
                    division=world.divisions[w.DISTRICT],
                    word="示民函",
                    paper=OPINION,
                    issued_on=DAY,
                    by=world.users.city,
                )
                if position in failing:
                    raise RuntimeError("the act that signs fails after the number is taken")
            return letter.sequence

        return act

    answers = together(*(sign(position) for position in range(50)))
    given = [answer for answer in answers if isinstance(answer, int)]
    assert [type(answers[position]) for position in sorted(failing)] == [RuntimeError] * 3
    assert sorted(given) == list(range(1, 48))
    assert NumberRegister.objects.get().last == 47


def test_file_is_made_once_and_kept(world, monkeypatch):
    letter = issue(world)
    name, content = file_of(letter, "pdf")
    assert (name, content[:5]) == (
        "示民函〔2023〕1号 临山市民政局关于市政协六届二次会议第2023128号提案答复的函.pdf",
        b"%PDF-",
    )
    monkeypatch.setattr(files, "_MAKERS", {})
    assert file_of(letter, "pdf") == (name, content)
    kept = LetterFile.objects.get()
    assert (kept.form, bytes(kept.content)) == ("pdf", content)


def test_word_file_can_be_had_where_no_pdf_can(world):
    letter = issue(world)
    assert file_of(letter, "docx")[1][:2] == b"PK"


def test_name_of_a_file_holds_nothing_that_a_system_refuses(world):
    letter = issue(world, "", paper=replace(REPLY, title='关于"甲/乙"的函<1>?' + "长" * 120))
    name = name_of(letter, "docx")
    assert name.startswith("20230717 关于 甲 乙 的函 1")
    assert len(name) <= 85 and name.endswith(".docx")


def test_altered_text_is_refused(world):
    letter = issue(world)
    letter.paper["blocks"][0]["text"] = "改过的话"
    with pytest.raises(LetterAltered, match="校验值不一致"):
        paper_of(letter)
    letter.paper = {"form": 1}
    with pytest.raises(LetterAltered):
        file_of(letter, "pdf")


def test_altered_file_is_refused(world):
    letter = issue(world)
    LetterFile.objects.create(letter=letter, form="pdf", sha256="0" * 64, content=b"%PDF-other")
    with pytest.raises(LetterAltered, match="校验值不一致"):
        file_of(letter, "pdf")


def test_files_of_a_letter_are_those_of_its_frozen_paper(world):
    letter = issue(world, paper=OPINION)
    assert Paper.from_data(letter.paper) == replace(OPINION, number=letter.number, dated=DAY)
