"""Sealed files of any size: what comes out is what went in, and nothing can be cut, swapped or read in clear."""

import struct

import pytest

from portal.core.lib.crypto import DecryptionError
from portal.core.lib.vault import FRAME_BYTES, read_sealed, write_sealed

SIZES = [0, 1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 3 * FRAME_BYTES + 7]


def frames(path) -> list[bytes]:
    data, found = path.read_bytes(), []
    while data:
        length = struct.unpack(">I", data[:4])[0]
        found.append(data[: 4 + length])
        data = data[4 + length :]
    return found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pieces", [1, 3])
def test_content_comes_back_whatever_the_pieces(tmp_path, size, pieces):
    content = bytes(range(251)) * (size // 251 + 1)
    content = content[:size]
    step = max(1, -(-size // pieces))
    write_sealed(tmp_path / "a", (content[at : at + step] for at in range(0, size, step)), "test")
    assert b"".join(read_sealed(tmp_path / "a", "test")) == content


def test_nothing_stands_in_clear_and_only_the_owner_reads(tmp_path):
    write_sealed(tmp_path / "a", [b"110101199001010002" * 100], "test")
    assert b"1101011990" not in (tmp_path / "a").read_bytes()
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", [lambda f: f[:-1], lambda f: [f[1], f[0], *f[2:]], lambda f: f[1:], lambda f: []])
def test_dropped_swapped_and_cut_off_frames_are_noticed(tmp_path, damage):
    path = tmp_path / "a"
    write_sealed(path, [bytes(3 * FRAME_BYTES)], "test")
    path.write_bytes(b"".join(damage(frames(path))))
    with pytest.raises(DecryptionError):
        list(read_sealed(path, "test"))


def test_file_of_another_name_does_not_open(tmp_path):
    write_sealed(tmp_path / "a", [b"x"], "one")
    with pytest.raises(DecryptionError):
        list(read_sealed(tmp_path / "a", "other"))
