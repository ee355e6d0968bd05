"""Sealed files of any size, written and read piece by piece, so that memory does not grow with them.

A file is a row of frames: four bytes of length, then a token of `crypto`. Every token is bound to the file's name, its
place in the row and whether it is the last, so that frames cannot be dropped, swapped or cut off unnoticed.
"""

import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from portal.core.lib import crypto

FRAME_BYTES = 1024 * 1024
_LENGTH = struct.Struct(">I")


def write_sealed(path: Path, pieces: Iterable[bytes], aad: str) -> None:
    """Seals the pieces, of any length, into `path`; on disk before the function returns, or nothing of it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with open(descriptor, "wb") as file:
            for frame in _frames(pieces, aad):
                file.write(_LENGTH.pack(len(frame)) + frame)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _frames(pieces: Iterable[bytes], aad: str) -> Iterator[bytes]:
    number, held = 0, bytearray()
    for piece in pieces:
        held += piece
        while len(held) > FRAME_BYTES:  # never all of it: the last frame is told from the others
            yield _seal(bytes(held[:FRAME_BYTES]), aad, number, last=False)
            del held[:FRAME_BYTES]
            number += 1
    yield _seal(bytes(held), aad, number, last=True)


def _seal(plain: bytes, aad: str, number: int, *, last: bool) -> bytes:
    return crypto.encrypt_bytes(settings.FIELD_KEYS, plain, _bound(aad, number, last), settings.FIELD_CIPHER)


def _bound(aad: str, number: int, last: bool) -> str:
    return f"{aad}:{number}:{'last' if last else 'more'}"


def read_sealed(path: Path, aad: str) -> Iterator[bytes]:
    """The content of a sealed file in pieces. FileNotFoundError when it is gone, DecryptionError when it was altered."""
    size = path.stat().st_size
    with path.open("rb") as file:
        number = 0
        while head := file.read(_LENGTH.size):
            token = file.read(_LENGTH.unpack(head.ljust(_LENGTH.size, b"\0"))[0])
            last = file.tell() >= size
            yield crypto.decrypt_bytes(settings.FIELD_KEYS, token, _bound(aad, number, last))
            number += 1
    if not number:
        raise crypto.DecryptionError(f"The sealed file of {aad} is empty; its end was cut off.")


def is_current(path: Path) -> bool:
    """Whether a sealed file is sealed by the current key and cipher, by its first frame."""
    with path.open("rb") as file:
        return crypto.is_current(
            settings.FIELD_KEYS, file.read(_LENGTH.size + 64)[_LENGTH.size :], settings.FIELD_CIPHER
        )
