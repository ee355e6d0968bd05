"""Sealing personal data: AES-256-GCM or SM4-GCM tokens, and blind indexes for looking values up without opening them.

A token is bytes, `v1|cipher|key id|` followed by a 12-byte nonce, the ciphertext and a 16-byte tag. Its header and the
caller's `aad` (table.column) are authenticated with it, so a token moved to another column does not open. A blind index
is an HMAC (SHA-256, or SM3 beside SM4) under a key of its own: equal texts have equal indexes, nothing else shows.
"""

import hashlib
import hmac
import os
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC

from portal.core.lib.keyring import BLIND_INDEX, ENCRYPTION, Keyring

VERSION = b"v1"
NONCE_BYTES = 12
TAG_BYTES = 16
KEY_BYTES = {"aes": 32, "sm4": 16}


class DecryptionError(ValueError):
    """A token that cannot be opened; the sentence says why and never holds the content."""


class Aead(Protocol):
    """What both ciphers offer, in the form of `cryptography`: the tag stands at the end of the ciphertext."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...


class Sm4Gcm:
    """SM4 (GB/T 32907) in Galois/counter mode (RFC 8998)."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        body, tag = data[:-TAG_BYTES], data[-TAG_BYTES:]
        decryptor = Cipher(self._algorithm, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(associated_data)
        return decryptor.update(body) + decryptor.finalize()


@lru_cache(maxsize=64)
def _aead(keyring: Keyring, key_id: str, cipher: str) -> Aead:
    key = keyring.derive(f"{ENCRYPTION}/{cipher}", key_id, KEY_BYTES[cipher])
    return AESGCM(key) if cipher == "aes" else Sm4Gcm(key)


@lru_cache(maxsize=64)
def _header(key_id: str, cipher: str) -> bytes:
    return b"|".join((VERSION, cipher.encode(), key_id.encode(), b""))


def encrypt(keyring: Keyring, plain: str, aad: str, cipher: str = "aes") -> bytes:
    """Seals a text under the current key; `cipher` is aes or sm4. The same text gives another token every time."""
    return encrypt_bytes(keyring, plain.encode(), aad, cipher)


def encrypt_bytes(keyring: Keyring, plain: bytes, aad: str, cipher: str = "aes") -> bytes:
    """Seals any bytes, as `encrypt` does a text."""
    header = _header(keyring.current, cipher)
    nonce = os.urandom(NONCE_BYTES)
    sealed = _aead(keyring, keyring.current, cipher).encrypt(nonce, plain, header + aad.encode())
    return header + nonce + sealed


def sealer(keyring: Keyring, aad: str, cipher: str = "aes") -> Callable[[str], bytes]:
    """`encrypt` for many texts under one `aad`."""
    header = _header(keyring.current, cipher)
    seal, bound, draw = _aead(keyring, keyring.current, cipher).encrypt, header + aad.encode(), os.urandom

    def sealed(plain: str) -> bytes:
        nonce = draw(NONCE_BYTES)
        return header + nonce + seal(nonce, plain.encode(), bound)

    return sealed


def decrypt(keyring: Keyring, token: bytes, aad: str) -> str:
    """Opens a token of either cipher and any key of the ring; DecryptionError says why it does not open."""
    return decrypt_bytes(keyring, token, aad).decode()


def decrypt_bytes(keyring: Keyring, token: bytes, aad: str) -> bytes:
    """Opens a token into bytes, as `decrypt` does into a text."""
    cipher, key_id, body = _split(token)
    try:
        aead = _aead(keyring, key_id, cipher)
    except KeyError as error:
        raise DecryptionError(str(error.args[0])) from None
    try:
        return aead.decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], _header(key_id, cipher) + aad.encode())
    except InvalidTag:
        raise DecryptionError(
            f"A sealed value of {aad} does not open with the key {key_id!r}: altered, moved or another key."
        ) from None


def prefix(keyring: Keyring, cipher: str = "aes") -> bytes:
    """What every token of the current key and cipher begins with, and no other."""
    return _header(keyring.current, cipher)


def is_current(keyring: Keyring, token: bytes, cipher: str = "aes") -> bool:
    """Whether a token is sealed by the current key and cipher: what a key rotation may skip."""
    return bytes(token[:64]).startswith(prefix(keyring, cipher))


def _split(token: bytes) -> tuple[str, str, bytes]:
    parts = bytes(token).split(b"|", 3)
    if len(parts) != 4 or parts[0] != VERSION or len(parts[3]) < NONCE_BYTES + TAG_BYTES:
        raise DecryptionError("This value is no sealed token of version 1.")
    cipher, key_id = parts[1].decode("ascii", "replace"), parts[2].decode("ascii", "replace")
    if cipher not in KEY_BYTES:
        raise DecryptionError(f"The cipher {cipher!r} of a sealed value is unknown; it is neither aes nor sm4.")
    return cipher, key_id, parts[3]


@lru_cache(maxsize=64)
def _index_key(keyring: Keyring, key_id: str, cipher: str) -> bytes:
    return keyring.derive(f"{BLIND_INDEX}/{cipher}", key_id)


@lru_cache(maxsize=64)
def _sm3(keyring: Keyring, key_id: str) -> HMAC:
    return HMAC(_index_key(keyring, key_id, "sm4"), hashes.SM3())


def blind_index(keyring: Keyring, text: str, purpose: str, cipher: str = "aes", key_id: str | None = None) -> bytes:
    """32 bytes that stand for a text in look-ups and unique constraints; other under every purpose, key and cipher.

    Normalise the text first: the index knows no case and no spaces. Without `key_id` the current key is used.
    """
    wanted = keyring.current if key_id is None else key_id
    message = f"{purpose}\0{text}".encode()
    if cipher == "aes":
        return hmac.digest(_index_key(keyring, wanted, cipher), message, hashlib.sha256)
    digest = _sm3(keyring, wanted).copy()
    digest.update(message)
    return digest.finalize()


def index_candidates(keyring: Keyring, text: str, purpose: str, cipher: str = "aes") -> list[bytes]:
    """The index of a text under every key of the ring, current first: for look-ups while a rotation is under way."""
    return [blind_index(keyring, text, purpose, cipher, key_id) for key_id in keyring.ids]
