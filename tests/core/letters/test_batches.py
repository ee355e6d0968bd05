"""Many letters at once: what may be asked for, progress, cancelling, going on after a worker died, the archive."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.core.letters import batches, fonts
from portal.core.letters.batches import archive, ask_batch, cancel_batch, left_over, run_batch
from portal.core.letters.models import BatchState, LetterBatch, LetterFile
from portal.tasks import render_letters, resume_letters
from tests.core.letters.test_issuing import issue


@pytest.fixture
def letters(world):
    """Three letters of the district, the last two without a number and of the same title, and one of elsewhere."""
    return [issue(world), issue(world, ""), issue(world, ""), issue(world, code="97")]


def ask(world, letters, by="district", form="docx") -> LetterBatch:
    return ask_batch(letters=[letter.pk for letter in letters], form=form, by=getattr(world.users, by))


def names_in(batch, user):
    with zipfile.ZipFile(io.BytesIO(b"".join(archive(batch, user)))) as found:
        assert found.testzip() is None
        return sorted(found.namelist())


def test_batch_makes_every_letter_within_reach_and_hands_out_an_archive(world, letters):
    batch = run_batch(ask(world, letters).pk)
    assert (batch.state, batch.done, len(batch.letters), batch.problem) == (BatchState.DONE, 3, 3, "")
    assert LetterFile.objects.count() == 3
    title = "临山市民政局关于市政协六届二次会议第2023128号提案答复的函"
    assert names_in(batch, world.users.district) == [
        f"20230717 {title}.docx",
        f"20230717 {title}（2）.docx",
        f"示民函〔2023〕1号 {title}.docx",
    ]


def test_archive_is_made_of_pieces_and_is_the_same_every_time(world, letters):
    batch = run_batch(ask(world, letters).pk)
    pieces = list(archive(batch, world.users.district))
    assert len(pieces) == 4  # one per letter and the table of contents
    assert b"".join(pieces) == b"".join(archive(batch, world.users.district))


@pytest.mark.parametrize("by", ["outsider", "auditor", "nobody", "community"])
def test_nothing_out_of_reach_is_made(world, letters, by):
    with pytest.raises(ValidationError, match="没有可以生成的公文"):
        ask(world, letters[:3], by)


def test_too_many_letters_or_batches_are_refused(world, letters, monkeypatch):
    monkeypatch.setattr(batches, "MOST", 2)
    with pytest.raises(ValidationError, match="一次最多生成 2 份"):
        ask(world, letters)
    for _ in range(3):
        ask(world, letters[:1])
    with pytest.raises(ValidationError, match="已有 3 批"):
        ask(world, letters[:1])


def test_progress_is_told_and_a_cancelled_batch_stops(world, letters, monkeypatch):
    monkeypatch.setattr(batches, "_STEP", 1)
    batch, told = ask(world, letters), []
    make = batches.file_of

    def watched(letter, form):
        told.append(LetterBatch.objects.get(pk=batch.pk).done)
        if len(told) == 2:
            assert cancel_batch(batch=batch, by=world.users.district)
        return make(letter, form)

    monkeypatch.setattr(batches, "file_of", watched)
    ended = run_batch(batch.pk)
    assert told == [0, 1]
    assert (ended.state, ended.done) == (BatchState.CANCELLED, 1)
    assert run_batch(batch.pk) is None
    assert not cancel_batch(batch=batch, by=world.users.district)


def test_batch_is_cancelled_by_its_maker_alone(world, letters):
    batch = ask(world, letters)
    assert not cancel_batch(batch=batch, by=world.users.city)
    assert not batches.batches_of(world.users.city).exists()


def test_batch_whose_worker_died_goes_on_with_the_rest(world, letters, monkeypatch):
    batch, calls = ask(world, letters), []
    make = batches.file_of

    def dies(letter, form):
        calls.append(letter.pk)
        if len(calls) == 2:
            raise SystemExit
        return make(letter, form)

    monkeypatch.setattr(batches, "file_of", dies)
    with pytest.raises(SystemExit):
        run_batch(batch.pk)
    LetterBatch.objects.filter(pk=batch.pk).update(asked_at=timezone.now() - timedelta(minutes=2))
    assert left_over() == [batch.pk]
    monkeypatch.setattr(batches, "file_of", make)
    assert run_batch(batch.pk).state == BatchState.DONE
    assert LetterFile.objects.count() == 3
    assert left_over() == []


def test_letter_that_cannot_be_shown_does_not_stop_the_others(world, letters, monkeypatch):
    make = batches.file_of

    def refuses(letter, form):
        if letter.number:
            raise batches.CannotShow("服务器的字体中没有“𲎯”")
        return make(letter, form)

    monkeypatch.setattr(batches, "file_of", refuses)
    batch = run_batch(ask(world, letters).pk)
    assert (batch.state, batch.done) == (BatchState.DONE, 2)
    assert batch.problem == "1 份未能生成。示民函〔2023〕1号：服务器的字体中没有“𲎯”"
    assert len(names_in(batch, world.users.district)) == 2


def test_machine_without_fonts_fails_with_the_sentence(world, letters, monkeypatch):
    monkeypatch.setattr(fonts, "STACKS", {"body": ("No Such Font",)})
    batch = run_batch(ask(world, letters, form="pdf").pk)
    assert batch.state == BatchState.FAILED
    assert "fonts-noto-cjk" in batch.problem


def test_letters_lost_from_reach_since_are_left_out_and_counted(world, letters):
    batch = ask(world, letters)
    world.users.district.grants.all().delete()
    batch = run_batch(batch.pk)
    assert (batch.state, batch.done) == (BatchState.DONE, 0)
    assert batch.problem == "3 份已不在您的管理范围内，没有生成。"


def test_task_may_run_twice(world, letters):
    batch = ask(world, letters)
    render_letters(str(batch.pk))
    render_letters(str(batch.pk))
    assert LetterFile.objects.count() == 3


def test_lost_tasks_are_sent_again(world, letters, monkeypatch):
    batch, sent = ask(world, letters), []
    monkeypatch.setattr(render_letters, "delay", sent.append)
    resume_letters()
    assert sent == []
    LetterBatch.objects.filter(pk=batch.pk).update(asked_at=timezone.now() - timedelta(minutes=2))
    resume_letters()
    assert sent == [str(batch.pk)]
