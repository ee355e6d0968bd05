"""Processes kept alive, taken down, and cleaned up after a kill."""

import json
import re
import subprocess
import sys
import time

import pytest

from portal import supervisor
from portal.embedded import processes
from portal.supervisor import Child, GivenUp, Supervisor, stop_orphans

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
# Ignores every polite request and has a child of its own.
STUBBORN = """
import signal, subprocess, sys, time
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
    signal.signal(number, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, file=open(sys.argv[1], "w"), flush=True)
time.sleep(60)
"""


@pytest.fixture
def team(tmp_path, monkeypatch):
    """A supervisor whose lines are collected; nothing outlives the test."""
    monkeypatch.setattr(supervisor, "WARM_SECONDS", 0.5)
    monkeypatch.setattr(supervisor, "COLD_SECONDS", 0.2)
    lines = []
    made = Supervisor(tmp_path / "record.json", lines.append)
    made.lines = lines
    yield made
    made.stop()


def tick(team, until, seconds=60.0):
    deadline = time.monotonic() + seconds
    for _tick in team.watch():
        if until() or time.monotonic() > deadline:
            break
    assert until()


def is_gone(pid):
    return processes.birth_of(pid) == ""


def test_child_that_dies_is_started_again(team):
    child = Child("web", SLEEPER)
    team.start(child)
    first = child.process.pid
    child.began -= supervisor.QUICK_SECONDS
    child.process.kill()
    tick(team, lambda: child.alive() and child.process.pid != first)
    (line,) = team.lines
    told = re.fullmatch(r"The web process ended after (\d+) s \(exit status -9\); starting it again\.", line)
    assert supervisor.QUICK_SECONDS <= int(told[1]) < 10 * supervisor.QUICK_SECONDS  # some more on a busy machine
    assert list(json.loads(team.record.read_text())) == [str(child.process.pid)]


def test_child_that_dies_at_once_three_times_is_given_up(team):
    team.start(Child("worker", [sys.executable, "-c", "raise SystemExit(7)"]))
    with pytest.raises(
        GivenUp, match=r"The worker process ended 3 times within 30 seconds of its start .exit status 7."
    ):
        tick(team, lambda: False)
    assert len(team.lines) == 2


@pytest.mark.fault
def test_stop_ends_stubborn_children_with_their_own(team, tmp_path):
    note = tmp_path / "pid"
    child = Child("worker", [sys.executable, "-c", STUBBORN, str(note)])
    team.start(child, Child("beat", SLEEPER))
    tick(team, lambda: note.exists() and note.read_text().strip())
    grandchild = int(note.read_text())
    team.stop()
    assert [child.alive() for child in team.children] == [False, False]
    tick_until_gone(grandchild)
    assert not team.record.exists()


def tick_until_gone(pid):
    deadline = time.monotonic() + 60
    while not is_gone(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert is_gone(pid)


@pytest.mark.fault
def test_orphans_of_a_killed_run_are_ended(tmp_path):
    record = tmp_path / "record.json"
    orphans = [subprocess.Popen(SLEEPER) for _ in range(2)]
    record.write_text(json.dumps({str(orphan.pid): processes.birth_of(orphan.pid) for orphan in orphans}))
    assert stop_orphans(record) == 2
    assert [orphan.wait(60) for orphan in orphans] == [-15, -15]
    assert not record.exists()


def test_number_that_belongs_to_another_program_by_now_is_left_alone(tmp_path):
    record = tmp_path / "record.json"
    stranger = subprocess.Popen(SLEEPER)
    record.write_text(json.dumps({str(stranger.pid): "1", "999999999": "2"}))
    assert stop_orphans(record) == 0
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


@pytest.mark.parametrize("text", ["", "{", "not json"])
def test_damaged_record_is_no_obstacle(tmp_path, text):
    (tmp_path / "record.json").write_text(text)
    assert stop_orphans(tmp_path / "record.json") == 0
    assert stop_orphans(tmp_path / "missing.json") == 0
