"""A model field for personal data: sealed in the database, a plain text in Python, never shown by accident.

What stands in the column is a token of `crypto.py`, bound to its table and column. Look-ups go through a blind index in
a column of its own (`index_of`); the field itself refuses them. Imports that bypass the ORM seal with `seal_text`.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact

from portal.core.lib import crypto
from portal.core.lib.keyring import Keyring


class SecretText(str):
    """An opened value: a str in every way, except that its repr (tracebacks, debug output) shows nothing."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


class _NullExact(Exact):
    """`field=None`, which Django turns into IS NULL; any other value could never match a freshly sealed one."""

    def get_prep_lookup(self) -> None:
        if self.rhs is not None:
            raise FieldError("A sealed column cannot be searched; search its blind index with index_of(text) instead.")


class EncryptedTextField(models.BinaryField):
    """Text sealed with FIELD_KEYS and FIELD_CIPHER; None stays None. Not editable: no form or admin page offers it.

    `aad` is what the tokens are bound to, `table.column` unless given. It is part of the migration, so that history
    tables, which copy the tokens, open them too; name the old one when a table or column is renamed.
    """

    description = "Encrypted text"

    def __init__(self, *args: Any, aad: str = "", **kwargs: Any) -> None:
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)
        self.aad = aad

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        if self.aad:
            kwargs["aad"] = self.aad
        return name, path, args, kwargs

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only=private_only)
        if not self.aad and not cls._meta.abstract:
            self.aad = f"{cls._meta.db_table}.{self.column}"

    def get_prep_value(self, value: Any) -> bytes | None:
        """The token of a text; bytes are taken for a token already sealed."""
        if value is None or isinstance(value, bytes | memoryview):
            return value if value is None else bytes(value)
        return seal_text(self.aad, value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> SecretText | None:
        return None if value is None else open_text(self.aad, value)

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.aad} is sealed and is not written to fixtures; use the backup command.")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "exact":
            return _NullExact
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError("A sealed column cannot be searched; search its blind index with index_of(text) instead.")


def seal_text(aad: str, text: str) -> bytes:
    """The token that belongs in the column `aad` (table.column) for a text: for COPY and other bulk writes."""
    return crypto.encrypt(settings.FIELD_KEYS, text, aad, settings.FIELD_CIPHER)


def sealer(aad: str) -> Callable[[str], bytes]:
    """`seal_text` for many texts of one column: what is the same for all of them is looked up once."""
    return crypto.sealer(settings.FIELD_KEYS, aad, settings.FIELD_CIPHER)


def open_text(aad: str, token: bytes | memoryview) -> SecretText:
    """The text of a token read past the ORM; DecryptionError when it does not open."""
    return SecretText(crypto.decrypt(settings.FIELD_KEYS, bytes(token), aad))


def index_of(text: str, purpose: str = "id_number") -> bytes:
    """The blind index of a normalised text under the current key: what unique constraints and look-ups use."""
    return crypto.blind_index(settings.FIELD_KEYS, text, purpose, settings.FIELD_CIPHER)


def index_candidates(text: str, purpose: str = "id_number") -> list[bytes]:
    """The blind indexes of a text under every key of the ring, current first; filter with `__in` during a rotation."""
    return crypto.index_candidates(settings.FIELD_KEYS, text, purpose, settings.FIELD_CIPHER)


def indexer(purpose: str = "id_number") -> Callable[[str], list[bytes]]:
    """`index_candidates` for many texts."""
    return partial(_candidates, settings.FIELD_KEYS, purpose, settings.FIELD_CIPHER)


def _candidates(keyring: Keyring, purpose: str, cipher: str, text: str) -> list[bytes]:
    return crypto.index_candidates(keyring, text, purpose, cipher)
