"""Which connection figures are read with, as far as one server can show; two real ones are in tests/portal."""

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from portal.core.audit.actions import action
from portal.core.lib import replica, shared
from portal.core.web.replica import ReplicaMiddleware
from tests import factories


def test_without_a_replica_everything_is_read_from_the_primary(db):
    with replica.offered(lambda: 1):
        assert replica.read(lambda connection: connection.alias) == "default"
    assert replica.fetch("SELECT 1 AS one, %(two)s AS two", {"two": 2}) == (["one", "two"], [(1, 2)])


def test_no_table_is_ever_made_on_a_replica():
    router = replica.PrimaryOnly()
    assert (router.allow_migrate("replica", "core"), router.allow_migrate("default", "core")) == (False, None)


@pytest.mark.parametrize(("method", "offered"), [("get", True), ("head", True), ("post", False), ("delete", False)])
def test_only_calls_that_read_are_offered_the_replica(method, offered):
    def view(request):
        return HttpResponse(str(replica._call.get() is not None))

    request = getattr(RequestFactory(), method)("/")
    assert ReplicaMiddleware(view)(request).content.decode() == str(offered)
    assert replica._call.get() is None


class Server:
    """Stands for a connection."""

    def __init__(self, alias: str):
        self.alias = alias
        self.in_atomic_block = False
        self.closed = 0

    def close(self):
        self.closed += 1


@pytest.fixture
def second(monkeypatch):
    """A replica in good order, and a reader who has written nothing."""
    other = Server("replica")
    monkeypatch.setattr(replica, "connections", {"default": Server("default"), "replica": other})
    monkeypatch.setattr(replica, "_is_close", lambda: True)
    monkeypatch.setattr(replica._Look, "good", False)
    monkeypatch.setattr(replica._Look, "until", 0.0)
    monkeypatch.setattr(shared, "ask", lambda work: 0)
    return other


def alias() -> str:
    with replica.offered(lambda: 7):
        return replica.read(lambda connection: connection.alias)


def test_replica_is_read_only_inside_a_call_that_reads(second):
    assert alias() == "replica"
    assert replica.read(lambda connection: connection.alias) == "default"


def test_open_transaction_keeps_to_the_primary(second):
    replica.connections["default"].in_atomic_block = True
    assert alias() == "default"


def test_without_redis_nobody_knows_who_wrote(second, monkeypatch):
    monkeypatch.setattr(shared, "ask", lambda work: None)
    assert alias() == "default"


def test_reader_without_an_account_reads_the_primary(second):
    with replica.offered(lambda: None):
        assert replica.read(lambda connection: connection.alias) == "default"


def test_failure_on_the_way_goes_to_the_primary_and_leaves_the_replica_alone(second):
    tried = []

    def work(connection):
        tried.append(connection.alias)
        if connection.alias == "replica":
            raise OperationalError
        return "answer"

    with replica.offered(lambda: 7):
        assert [replica.read(work) for _ in range(3)] == ["answer"] * 3
    assert (tried, second.closed) == (["replica", "default", "default", "default"], 1)


def test_replica_out_of_reach_is_asked_once_in_a_while(second, monkeypatch):
    looks = []

    def away():
        looks.append(1)
        raise OperationalError

    monkeypatch.setattr(replica, "_is_close", away)
    assert [alias() for _ in range(4)] == ["default"] * 4
    assert len(looks) == 1


def test_every_action_notes_who_wrote_once_it_holds(
    db, second, monkeypatch, settings, django_capture_on_commit_callbacks
):
    settings.REPLICA_MAX_LAG = 5
    noted = []

    class Notes:
        def set(self, key, value, ex):
            noted.append((key, ex))

    monkeypatch.setattr(shared, "ask", lambda work: work(Notes()))

    @action
    def touch(*, by, well=True):
        assert noted == []
        if not well:
            raise ValueError

    user = factories.user("writer")
    with django_capture_on_commit_callbacks(execute=True):
        touch(by=None)
        with pytest.raises(ValueError):
            touch(by=user, well=False)
    assert noted == []
    with django_capture_on_commit_callbacks(execute=True):
        touch(by=user)
    assert noted == [(f"portal:wrote:{user.pk}", 10)]
