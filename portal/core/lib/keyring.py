"""The keys for personal data: parsed from FIELD_KEYS, derived per purpose, never printed.

FIELD_KEYS is a list `id:key,id2:key2`. The first id is the current one, with which new values are sealed; the others
only open what they sealed. A key is any text of at least 32 characters (base64, hex or a long phrase): it is used as
it stands as input of HKDF-SHA256 (RFC 5869), so the same bytes written as hex and as base64 are two different keys.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass, field

_ID = re.compile(r"[A-Za-z0-9_-]{1,16}")
_MIN_LENGTH = 32
_MIN_DISTINCT = 8
_SALT = b"portal.keyring.v1"
_RECIPE = 'for instance the output of `python -c "import secrets; print(secrets.token_urlsafe(48))"`'

ENCRYPTION = "field-encryption"
BLIND_INDEX = "blind-index"
AUDIT_SEAL = "audit-seal"


def hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """HKDF-SHA256 (RFC 5869): `length` bytes (at most 8160) of key for the purpose named by `info`."""
    extracted = hmac.digest(salt, secret, hashlib.sha256)
    block, output = b"", b""
    for counter in range(1, -(-length // 32) + 1):
        block = hmac.digest(extracted, block + info + bytes([counter]), hashlib.sha256)
        output += block
    return output[:length]


@dataclass(frozen=True)
class Keyring:
    """Named secrets, the first of them current. Plain data: copied and pickled at will; repr hides it."""

    ids: tuple[str, ...]
    _secrets: tuple[bytes, ...] = field(repr=False)

    @property
    def current(self) -> str:
        """The id of the key that seals new values."""
        return self.ids[0]

    def derive(self, purpose: str, key_id: str | None = None, length: int = 32) -> bytes:
        """The key for one purpose (ENCRYPTION, BLIND_INDEX, AUDIT_SEAL or a label that extends one of them).

        Keys of different purposes, ids and lengths say nothing about each other. KeyError when no key has that id.
        """
        wanted = self.current if key_id is None else key_id
        if wanted not in self.ids:
            raise KeyError(f"No key with the id {wanted!r} in FIELD_KEYS; add the key that sealed this value again.")
        secret = self._secrets[self.ids.index(wanted)]
        return hkdf(secret, _SALT, f"{purpose}/{length}".encode(), length)


def parse(text: str) -> Keyring:
    """Reads FIELD_KEYS; ValueError with a sentence that tells how to mend it and never repeats a key."""
    entries = [entry.strip() for entry in text.split(",") if entry.strip()]
    if not entries:
        raise ValueError(f"is empty. Set it to id:key, {_RECIPE} after `k1:`.")
    ids: list[str] = []
    secrets: list[bytes] = []
    for position, entry in enumerate(entries, 1):
        key_id, colon, key = (part.strip() for part in entry.partition(":"))
        if not colon:
            raise ValueError(f"entry {position} has no colon. Write each key as id:key, separated by commas.")
        if not _ID.fullmatch(key_id):
            raise ValueError(f"the id of entry {position} must be 1 to 16 letters, digits, - or _ before the colon.")
        if key_id in ids:
            raise ValueError(f"the id {key_id!r} is there twice. Give each key its own id; the first one is current.")
        if len(key) < _MIN_LENGTH or len(set(key)) < _MIN_DISTINCT:
            raise ValueError(f"the key {key_id!r} is too weak. Use {_MIN_LENGTH} or more random characters, {_RECIPE}.")
        ids.append(key_id)
        secrets.append(key.encode())
    return Keyring(tuple(ids), tuple(secrets))
