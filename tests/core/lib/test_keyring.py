import copy
import pickle

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.core.lib import keyring

OLD, NEW = "0123456789abcdefghijklmnopqrstuv", "vutsrqponmlkjihgfedcba9876543210"
RING = keyring.parse(f"k2:{NEW},k1:{OLD}")


def test_parse_takes_the_first_id_as_current():
    assert (RING.current, RING.ids) == ("k2", ("k2", "k1"))


def test_parse_ignores_white_space_and_a_last_comma():
    assert keyring.parse(f" k2 : {NEW} ,\n k1:{OLD}, ") == RING


def test_parse_keeps_colons_inside_a_key():
    assert keyring.parse(f"k1:{OLD}:a").ids == ("k1",)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty. Set it to id:key, for instance the output of `python -c"),
        (" , ", "is empty."),
        (OLD, "entry 1 has no colon. Write each key as id:key, separated by commas."),
        (f"k1:{OLD},{NEW}", "entry 2 has no colon."),
        (f"ä:{OLD}", "the id of entry 1 must be 1 to 16 letters, digits, - or _ before the colon."),
        (f"k|1:{OLD}", "the id of entry 1 must be"),
        (f":{OLD}", "the id of entry 1 must be"),
        (f"k1:{OLD},k1:{NEW}", "the id 'k1' is there twice. Give each key its own id; the first one is current."),
        ("k1:short", "the key 'k1' is too weak. Use 32 or more random characters, for instance"),
        ("k1:" + "a" * 64, "the key 'k1' is too weak."),
    ],
)
def test_parse_wrong_text_is_a_sentence_without_the_key(text, sentence):
    with pytest.raises(ValueError) as caught:
        keyring.parse(text)
    assert str(caught.value).startswith(sentence)
    assert OLD not in str(caught.value) and NEW not in str(caught.value)


def test_derive_gives_every_purpose_id_and_length_its_own_key():
    keys = {
        RING.derive(purpose, key_id, length)[:16]
        for purpose in (keyring.ENCRYPTION, keyring.BLIND_INDEX, keyring.AUDIT_SEAL, f"{keyring.ENCRYPTION}/sm4")
        for key_id in ("k1", "k2")
        for length in (16, 32)
    }
    assert len(keys) == 16
    assert len(RING.derive(keyring.AUDIT_SEAL)) == 32


def test_derive_is_the_same_in_every_process():
    """A key that changes with a release would make every stored value unreadable."""
    assert RING.derive(keyring.ENCRYPTION, "k1").hex() == (
        "fc6b509e10ada2e4f23b5bc704bfa16b30c1178a5dbd8ba9b4554a3baef9782c"
    )


def test_derive_unknown_id_says_how_to_mend_it():
    with pytest.raises(
        KeyError, match="No key with the id 'k9' in FIELD_KEYS; add the key that sealed this value again"
    ):
        RING.derive(keyring.ENCRYPTION, "k9")


def test_keyring_shows_no_secret_and_survives_copies():
    assert repr(RING) == "Keyring(ids=('k2', 'k1'))"
    assert str(RING) == repr(RING)
    for twin in (copy.deepcopy(RING), pickle.loads(pickle.dumps(RING))):
        assert twin == RING
        assert twin.derive(keyring.AUDIT_SEAL) == RING.derive(keyring.AUDIT_SEAL)


def test_hkdf_of_rfc_5869_case_1():
    key = keyring.hkdf(bytes([11] * 22), bytes(range(13)), bytes(range(0xF0, 0xFA)), 42)
    assert key.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"


@pytest.mark.parametrize("length", [1, 16, 32, 33, 64, 100])
def test_hkdf_agrees_with_cryptography(length):
    other = HKDF(algorithm=hashes.SHA256(), length=length, salt=b"salt", info=b"info")
    assert keyring.hkdf(b"secret", b"salt", b"info", length) == other.derive(b"secret")
