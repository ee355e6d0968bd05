"""The sealed column: on a real table, through every path the ORM writes by."""

import pickle

import pytest
from django.core.exceptions import FieldError
from django.core.serializers import serialize
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter
from django.forms import modelform_factory
from django.test.utils import isolate_apps

from portal.core.lib import crypto, fields, keyring

NUMBER = "999999199001010016"
AAD = "core_bearer.number"


@pytest.fixture
def bearer(db):
    """A model with a sealed column, and its table, for one test."""
    with isolate_apps("portal.core"):

        class Bearer(models.Model):
            name = models.CharField(max_length=20)
            number = fields.EncryptedTextField(null=True)

            class Meta:
                app_label = "core"

        with connection.schema_editor() as editor:
            editor.create_model(Bearer)
        yield Bearer


def stored(model) -> list[bytes | None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number FROM {model._meta.db_table} ORDER BY id")
        return [None if row[0] is None else bytes(row[0]) for row in cursor.fetchall()]


def test_value_is_sealed_in_the_table_and_opened_in_python(bearer):
    bearer.objects.create(name="张三", number=NUMBER)
    (token,) = stored(bearer)
    assert token.startswith(b"v1|aes|test|") and NUMBER.encode() not in token
    value = bearer.objects.get().number
    assert value == NUMBER
    assert isinstance(value, str)
    assert fields.open_text(AAD, token) == NUMBER


def test_value_none_stays_none_and_empty_stays_empty(bearer):
    bearer.objects.create(name="甲", number=None)
    bearer.objects.create(name="乙", number="")
    assert stored(bearer)[0] is None
    assert [row.number for row in bearer.objects.order_by("id")] == [None, ""]
    assert bearer.objects.filter(number=None).count() == bearer.objects.filter(number__isnull=True).count() == 1
    assert bearer.objects.exclude(number=None).count() == 1


def test_value_written_in_bulk_is_sealed(bearer):
    rows = bearer.objects.bulk_create([bearer(name=str(n), number=f"{n:018d}") for n in range(3)])
    rows[1].number = NUMBER
    bearer.objects.bulk_update(rows, ["number"])
    bearer.objects.filter(name="2").update(number="X")
    assert list(bearer.objects.order_by("id").values_list("number", flat=True)) == [f"{0:018d}", NUMBER, "X"]
    assert all(token.startswith(b"v1|aes|") for token in stored(bearer))


def test_token_sealed_beforehand_is_stored_as_it_is(bearer):
    token = fields.seal_text(AAD, NUMBER)
    bearer.objects.create(name="张三", number=token)
    assert stored(bearer) == [token]
    assert bearer.objects.get().number == NUMBER


def test_token_moved_from_another_column_does_not_open(bearer):
    bearer.objects.create(name="张三", number=fields.seal_text("core_bearer.phone", NUMBER))
    with pytest.raises(crypto.DecryptionError, match="sealed value of core_bearer.number does not open"):
        bearer.objects.get()


@pytest.mark.parametrize("lookup", ["number", "number__exact", "number__contains", "number__in", "number__startswith"])
def test_search_by_value_is_refused_with_the_way_out(bearer, lookup):
    value = [NUMBER] if lookup.endswith("in") and "contains" not in lookup else NUMBER
    with pytest.raises(FieldError, match=r"search its blind index with index_of\(text\) instead"):
        bearer.objects.filter(**{lookup: value}).exists()


def test_value_is_in_no_form_fixture_or_repr(bearer):
    row = bearer.objects.create(name="张三", number=NUMBER)
    row.refresh_from_db()
    assert list(modelform_factory(bearer, fields="__all__").base_fields) == ["name"]
    assert repr(row.number) == "'***'"
    assert repr({"number": row.number}) == "{'number': '***'}"
    assert f"{row.number}" == NUMBER
    with pytest.raises(FieldError, match="core_bearer.number is sealed and is not written to fixtures"):
        serialize("json", [row])


def test_value_survives_pickling_without_showing(bearer):
    row = bearer.objects.create(name="张三", number=NUMBER)
    row.refresh_from_db()
    copy = pickle.loads(pickle.dumps(row.number))
    assert (copy, repr(copy)) == (NUMBER, "'***'")


def test_field_keeps_its_aad_in_migrations_and_copies(bearer):
    field = bearer._meta.get_field("number")
    assert field.aad == AAD
    _name, path, args, kwargs = field.deconstruct()
    assert (path, args, kwargs) == ("portal.core.lib.fields.EncryptedTextField", [], {"null": True, "aad": AAD})
    assert "aad='core_bearer.number'" in MigrationWriter.serialize(field)[0]
    assert field.clone().aad == AAD


def test_rotation_and_change_of_cipher_keep_values_readable(bearer, settings):
    bearer.objects.create(name="张三", number=NUMBER)
    before = fields.index_of(NUMBER)
    old = "test:0123456789abcdefghijklmnopqrstuvwxyz"
    settings.FIELD_KEYS = keyring.parse(f"new:{'vutsrqponmlkjihgfedcba9876543210'},{old}")
    settings.FIELD_CIPHER = "sm4"
    row = bearer.objects.get()
    assert row.number == NUMBER
    row.save()
    assert stored(bearer)[0].startswith(b"v1|sm4|new|")
    assert bearer.objects.get().number == NUMBER
    settings.FIELD_CIPHER = "aes"
    assert fields.index_of(NUMBER) != before
    assert fields.index_candidates(NUMBER) == [fields.index_of(NUMBER), before]
