"""Many letters made into files in the background and handed out as one archive.

The files are kept with their letters as they are made, so a batch that is started again, or asked for twice, only makes
what is missing, and the archive is put together while it is downloaded: nothing lies about that would have to be cleared.
"""

import contextlib
import zipfile
from collections.abc import Iterable, Iterator
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action, record
from portal.core.letters.files import LetterAltered, file_of
from portal.core.letters.fonts import NoChineseFont
from portal.core.letters.models import BatchState, Letter, LetterBatch, LetterForm
from portal.core.letters.pdf import CannotShow

PERM = Perm.MANAGE_PROPOSALS
MOST = 2_000
OPEN = (BatchState.WAITING, BatchState.RUNNING)
_OPEN_PER_USER = 3
_STEP = 10  # letters between two looks at the batch
_PATIENCE = timedelta(minutes=1)
_TOLD = 5  # letters named in the problem of a batch
_EPOCH = (1980, 1, 1, 0, 0, 0)


def letters_of(user) -> QuerySet[Letter]:
    """The letters that a user may read whole and take out."""
    return Letter.objects.for_user(user, PERM)


def batches_of(user) -> QuerySet[LetterBatch]:
    """A batch is its maker's alone."""
    return LetterBatch.objects.filter(asked_by=user)


@action
def ask_batch(*, letters: Iterable[UUID], form: str, by) -> LetterBatch:
    """Notes that these letters are wanted as files; the caller sends the task. Letters out of reach are left out.

    ValidationError where none is left, there are too many, or this user has several batches under way.
    """
    wanted = list(letters_of(by).filter(pk__in=list(letters)).order_by("-issued_at", "pk").values_list("pk", flat=True))
    if not wanted:
        raise ValidationError(_("没有可以生成的公文。"))
    if len(wanted) > MOST:
        raise ValidationError(_("一次最多生成 %(most)s 份，请缩小范围后分批生成。") % {"most": MOST})
    if batches_of(by).filter(state__in=OPEN).count() >= _OPEN_PER_USER:
        raise ValidationError(_("您已有 %(most)s 批公文正在生成，请等其中一批完成。") % {"most": _OPEN_PER_USER})
    batch = LetterBatch.objects.create(asked_by=by, form=LetterForm(form), letters=wanted)
    record("letters_asked", by=by, subject=batch.pk, count=len(wanted), form=batch.form)
    return batch


@action
def cancel_batch(*, batch: LetterBatch, by) -> bool:
    """Stops a batch that is not done; files made so far stay with their letters. False where it was done already."""
    stopped = LetterBatch.objects.filter(pk=batch.pk, asked_by=by, state__in=OPEN).update(
        state=BatchState.CANCELLED, ended_at=timezone.now()
    )
    if stopped:
        record("letters_cancelled", by=by, subject=batch.pk)
    return bool(stopped)


def run_batch(pk: UUID) -> LetterBatch | None:
    """Makes the files of a batch. Safe to call again: a second worker finds it taken, a later one goes on with the rest."""
    with _alone(pk) as mine:
        if not mine:
            return None
        going = LetterBatch.objects.filter(pk=pk, state__in=OPEN)
        if not going.update(state=BatchState.RUNNING, started_at=timezone.now()):
            return None
        batch = LetterBatch.objects.select_related("asked_by").get(pk=pk)
        try:
            _make_all(batch)
        except NoChineseFont as error:
            _end(batch, BatchState.FAILED, str(error))
        except Exception:
            _end(batch, BatchState.FAILED, _("生成时出错，请稍后重新提出；仍不成功请联系系统管理员。"))
            raise
    batch.refresh_from_db()
    return batch


def left_over() -> list[UUID]:
    """Batches not done that may have lost their worker; sending the task of one that has not does no harm."""
    since = timezone.now() - _PATIENCE
    return list(LetterBatch.objects.filter(state__in=OPEN, asked_at__lt=since).values_list("pk", flat=True))


def archive(batch: LetterBatch, user) -> Iterator[bytes]:
    """The batch as a zip file, piece by piece; letters that its maker may no longer see are left out of it."""
    pipe, names = _Pipe(), set()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as out:
        for letter in _in_order(batch, user):
            try:
                name, content = file_of(letter, batch.form)
            except (CannotShow, LetterAltered):
                continue
            out.writestr(zipfile.ZipInfo(_unused(name, names), _EPOCH), content)
            yield pipe.taken()
    yield pipe.taken()


def _make_all(batch: LetterBatch) -> None:
    refused: list[str] = []
    done = 0
    for done, letter in enumerate(_in_order(batch, batch.asked_by), 1):
        try:
            file_of(letter, batch.form)
        except (CannotShow, LetterAltered) as error:
            refused.append(f"{letter}：{error}")
        if done % _STEP == 0 and not _going(batch).update(done=done):
            return
    _going(batch).update(done=done - len(refused))
    _end(batch, BatchState.DONE, _told(refused, len(batch.letters) - done))


def _told(refused: list[str], gone: int) -> str:
    said = [_("%(count)s 份未能生成。") % {"count": len(refused)}] if refused else []
    if gone:
        said.append(_("%(count)s 份已不在您的管理范围内，没有生成。") % {"count": gone})
    return "".join([*said, *refused[:_TOLD]])


def _going(batch: LetterBatch) -> QuerySet[LetterBatch]:
    return LetterBatch.objects.filter(pk=batch.pk, state=BatchState.RUNNING)


def _end(batch: LetterBatch, state: str, problem: str) -> None:
    _going(batch).update(state=state, ended_at=timezone.now(), problem=problem[:300])


def _in_order(batch: LetterBatch, user) -> Iterator[Letter]:
    """The letters one by one as they were asked for, no more of them in memory than one."""
    for pk in batch.letters:
        if letter := letters_of(user).filter(pk=pk).first():
            yield letter


@contextlib.contextmanager
def _alone(pk: UUID) -> Iterator[bool]:
    """Whether this worker alone has the batch; the database lets go of it when the worker dies."""
    key = [f"letters {pk}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('core.letters'), hashtext(%s))", key)
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('core.letters'), hashtext(%s))", key)


def _unused(name: str, names: set[str]) -> str:
    """The name, with a number where another letter has it."""
    stem, _dot, ending = name.rpartition(".")
    free, number = name, 1
    while free in names:
        number += 1
        free = f"{stem}（{number}）.{ending}"
    names.add(free)
    return free


class _Pipe:
    """A file that only takes, and gives what it has taken since the last time."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        pass

    def taken(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken
