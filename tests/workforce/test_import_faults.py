"""An import while something fails: two streets at one person, a full disk, a database that goes, a worker that is killed.

After every one of them there is no half batch, the tallies are exact, and trying again comes to its end.
"""

import os
import random
import resource
import signal
import threading
import time
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, connections, transaction

from portal.core.sheets.actions import request_apply
from portal.core.sheets.claims import lock
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.running import apply_batch
from tests import factories, rosters
from tests import world as w
from tests.rosters import line
from tests.together import together
from workforce.actions.tallies import differences
from workforce.importers import ROSTER
from workforce.models import Appointment, Contract, Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
# Enough for an application to last, so that twenty moments of it are twenty different ones.
ROWS = 800


@pytest.fixture(autouse=True)
def uploads(tmp_path, settings):
    settings.UPLOADS_DIR = tmp_path / "uploads"
    return settings.UPLOADS_DIR


def street(world):
    return world.divisions[w.STREET]


def confirmed(by, division, lines) -> ImportBatch:
    batch = rosters.judged(by, division, lines)
    assert batch.counts["error"] == 0
    return request_apply(batch=batch, importer=ROSTER, by=by)


def written() -> tuple[int, ...]:
    return Person.objects.count(), Appointment.objects.count(), Contract.objects.count()


@pytest.mark.parametrize("turned", [False, True], ids=["same order", "opposite order"])
def test_people_in_the_files_of_two_streets_go_to_the_first_and_the_other_is_told(world, turned):
    admin = factories.user("both", ("street", w.CITY))
    seqs = list(range(1, 60))
    files = {w.STREET: (w.SPRING, seqs), w.NEIGHBOUR: (w.AUTUMN, seqs[::-1] if turned else seqs)}
    batches = [
        confirmed(admin, world.divisions[code], [line(n, code=community) for n in order])
        for code, (community, order) in files.items()
    ]
    before = Person.objects.count()
    answers = together(*(lambda batch=batch: apply_batch(batch.pk, admin, ROSTER) for batch in batches))
    assert sorted(answer.state for answer in answers) == ["applied", "judged"]
    (loser,) = [answer for answer in answers if answer.state == "judged"]
    assert rosters.problems(loser) == ["changed"]
    assert (loser.counts["moved"], loser.counts["new"]) == (59, 0)
    assert Person.objects.count() == before + 59
    assert Appointment.objects.filter(person__name__startswith="新").values("division_id").distinct().count() == 1
    assert differences() == []


def test_full_disk_refuses_the_upload_with_a_sentence_and_leaves_nothing(world, login, uploads):
    client = login(world.users.street)
    noise = random.Random(1).randbytes(400_000).hex().encode()
    file = {"division": w.STREET, "file": SimpleUploadedFile("名册.csv", b"a,b\n" + noise)}
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))  # writing beyond fails as on a full disk
    try:
        answer = client.post("/imports/new/", file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert answer.status_code == 422
    assert "服务器暂时存不下这份文件" in answer.content.decode()
    assert not ImportBatch.objects.exists()
    assert list(uploads.glob("*")) == []
    file["file"].seek(0)
    assert client.post("/imports/new/", file).status_code == 302


def test_database_that_goes_in_the_middle_leaves_nothing_and_the_next_attempt_finishes(world):
    batch = confirmed(world.users.street, street(world), [line(n) for n in range(1, 40)])
    before, gone = written(), threading.Event()

    def apply():
        def cut(execute, sql, params, many, context):
            answer = execute(sql, params, many, context)
            if not gone.is_set() and "INSERT INTO workforce_appointment" in str(sql):
                gone.set()
                with other.cursor() as cursor:
                    cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
            return answer

        with connection.execute_wrapper(cut):
            return apply_batch(batch.pk, world.users.street, ROSTER)

    other = connection.copy()
    try:
        (answer,) = together(apply)
    finally:
        other.close()
    assert gone.is_set()
    assert isinstance(answer, DatabaseError)
    batch.refresh_from_db()
    assert (batch.state, rosters.problems(batch)) == ("judged", ["unexpected"])
    assert (written(), differences()) == (before, [])
    request_apply(batch=batch, importer=ROSTER, by=world.users.street)
    assert apply_batch(batch.pk, world.users.street, ROSTER).state == "applied"
    assert (Person.objects.count(), differences()) == (before[0] + 39, [])


def test_worker_killed_at_twenty_moments_leaves_nothing_and_the_next_one_finishes(world):
    user, draw, killed, kept = world.users.street, random.Random(20), 0, written()
    batch, began = confirmed(user, street(world), rows_of(0)), time.monotonic()
    assert not killed_after(300, batch, user)
    took, fresh, kept = time.monotonic() - began, 1, more(kept)
    assert outcome(batch) == ("applied", kept)
    batch = confirmed(user, street(world), rows_of(fresh))
    while killed < 20:
        killed += killed_after(draw.uniform(0.02, 0.9) * took, batch, user)
        settled(batch)
        if outcome(batch) == ("applied", more(kept)):  # behind the end of its transaction
            fresh, kept = fresh + 1, more(kept)
            batch = confirmed(user, street(world), rows_of(fresh))
            continue
        assert (outcome(batch), differences()) == (("applying", kept), [])
        ImportBatch.objects.filter(pk=batch.pk).update(heartbeat=None, progress={})  # a minute later
    assert apply_batch(batch.pk, user, ROSTER).state == "applied"
    assert (outcome(batch), differences()) == (("applied", more(kept)), [])


def rows_of(block: int) -> list[dict]:
    """Rows of people whom no other block has."""
    days = [rosters.BORN + timedelta(days=3 * block + n) for n in range(3)]
    return [line(1, id_number=rosters.number(n % 999 + 1, days[n // 999])) for n in range(ROWS)]


def more(counted: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(count + ROWS for count in counted)


def outcome(batch: ImportBatch) -> tuple[str, tuple[int, ...]]:
    """State of the batch, and how much there is in all."""
    batch.refresh_from_db()
    return batch.state, written()


def killed_after(seconds: float, batch: ImportBatch, user) -> bool:
    """Applies in a child process that is killed after so long; False when it came to its end before."""
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            apply_batch(batch.pk, user, ROSTER)
        finally:
            os._exit(0)
    timer = threading.Timer(seconds, os.kill, (child, signal.SIGKILL))
    timer.start()
    ended = os.waitpid(child, 0)[1]
    timer.cancel()
    return os.WIFSIGNALED(ended)


def settled(batch: ImportBatch) -> None:
    """Waits until the server has noticed that the worker is gone and let go of what it held."""
    with transaction.atomic():
        lock(batch)
