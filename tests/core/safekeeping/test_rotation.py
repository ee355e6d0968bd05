"""A new key: everything that can be sealed anew is, the content and its history stay, and the rest is named."""

import pytest
from django.conf import settings as given

from portal.core.audit.models import AuditEvent
from portal.core.audit.sealing import seal_pending
from portal.core.lib import crypto, keyring
from portal.core.lib.fields import index_of
from portal.core.lib.vault import is_current, read_sealed, write_sealed
from portal.core.safekeeping import rotation
from portal.core.safekeeping.rotation import rotate_keys
from tests import factories
from workforce.models import Person

NEW, OLD = "new:ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210", "test:0123456789abcdefghijklmnopqrstuvwxyz"


@pytest.fixture
def people(db, monkeypatch):
    """Five people, the last without a telephone, in batches of two."""
    monkeypatch.setattr(rotation, "BATCH", 2)
    made = [factories.person(f"甲{number}", phone=f"1990000000{number}") for number in range(4)]
    return [*made, factories.person("甲五", phone=None)]


@pytest.fixture
def new_key(people, settings):
    settings.FIELD_KEYS = keyring.parse(f"{NEW},{OLD}")


def tokens():
    """(ID number, telephone) as they stand in the columns, by person."""
    rows = Person.objects.raw("SELECT id, id_number AS a, phone AS b FROM workforce_person ORDER BY name")
    return [(bytes(row.a), row.b and bytes(row.b)) for row in rows]


def test_rows_are_sealed_anew_with_their_indexes_and_keep_their_content(people, new_key):
    numbers = [str(person.id_number) for person in people]
    rotated = rotate_keys(files=())
    assert rotated.rows["workforce_person"] == 5
    assert all(token.startswith(b"v1|aes|new|") for pair in tokens() for token in pair if token)
    found = Person.objects.order_by("name")
    assert [str(person.id_number) for person in found] == sorted(numbers, key=numbers.index)
    assert [person.phone and str(person.phone) for person in found] == [person.phone for person in people]
    assert [bytes(person.id_number_index) for person in found] == [index_of(number) for number in numbers]


def test_neither_history_nor_version_grows(people, new_key):
    before = Person.pgh_event_model.objects.count()
    rotate_keys(files=())
    assert Person.pgh_event_model.objects.count() == before
    assert set(Person.objects.values_list("version", flat=True)) == {1}


def test_second_run_finds_nothing_and_records_nothing(people, new_key):
    rotate_keys(files=())
    rotated = rotate_keys(files=())
    assert (sum(rotated.rows.values()), rotated.files) == (0, 0)
    assert AuditEvent.objects.filter(act="keys_rotated").count() == 1


def test_keys_that_history_and_seals_need_are_named(people, settings):
    seal_pending()
    settings.FIELD_KEYS = keyring.parse(f"{NEW},{OLD}")
    opened = 5 + 4  # ID numbers and telephones of the history
    seals = rotate_keys(files=()).kept["test"] - opened
    assert seals >= 1
    assert set(rotate_keys(files=()).kept) == {"test"}


def test_rotation_goes_on_where_a_stopped_one_was(people, new_key, monkeypatch):
    calls = []

    def stops(aad, text):
        calls.append(text)
        if len(calls) > 4:
            raise KeyboardInterrupt
        return crypto.encrypt(given.FIELD_KEYS, text, aad)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(rotation, "seal_text", stops)
        rotate_keys(files=())
    assert sum(pair[0].startswith(b"v1|aes|new|") for pair in tokens()) == 2
    assert rotate_keys(files=()).rows["workforce_person"] == 3


def test_files_are_sealed_anew_once(people, new_key, tmp_path, settings):
    ring = settings.FIELD_KEYS
    settings.FIELD_KEYS = keyring.parse(OLD)
    write_sealed(tmp_path / "a.sealed", [b"content"], "bound")
    settings.FIELD_KEYS = ring
    source = lambda: iter([(tmp_path / "a.sealed", "bound"), (tmp_path / "gone.sealed", "bound")])  # noqa: E731
    assert not is_current(tmp_path / "a.sealed")
    assert [rotate_keys(files=[source]).files for _run in range(2)] == [1, 0]
    assert b"".join(read_sealed(tmp_path / "a.sealed", "bound")) == b"content"
    assert [path.name for path in tmp_path.iterdir()] == ["a.sealed"]
