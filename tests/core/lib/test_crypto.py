"""Sealing and blind indexes, with the published vectors of the ciphers beneath."""

import time

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from portal.core.lib import crypto, keyring

OLD, NEW = "0123456789abcdefghijklmnopqrstuv", "vutsrqponmlkjihgfedcba9876543210"
BEFORE = keyring.parse(f"k1:{OLD}")
RING = keyring.parse(f"k2:{NEW},k1:{OLD}")
AAD = "workforce_person.id_number"
NUMBER = "999999199001010016"
BOTH = pytest.mark.parametrize("cipher", ["aes", "sm4"])


def test_aes_256_gcm_of_the_nist_case_16():
    key = bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)
    plain = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    aad = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    sealed = AESGCM(key).encrypt(bytes.fromhex("cafebabefacedbaddecaf888"), plain, aad)
    assert sealed.hex() == (
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )


def test_sm4_block_of_gb_t_32907():
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()
    assert encryptor.update(key).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_of_rfc_8998():
    plain = bytes.fromhex("".join(letter * 16 for letter in "abcdefea"))
    gcm = crypto.Sm4Gcm(bytes.fromhex("0123456789abcdeffedcba9876543210"))
    nonce, aad = bytes.fromhex("00001234567800000000abcd"), bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    sealed = gcm.encrypt(nonce, plain, aad)
    assert sealed.hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert gcm.decrypt(nonce, sealed, aad) == plain


def test_sm3_of_gb_t_32905():
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"abc")
    assert digest.finalize().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@BOTH
@given(plain=st.text(st.characters(exclude_categories=["Cs"]), max_size=60), aad=st.text("abc._", max_size=20))
def test_token_opens_to_what_was_sealed(cipher, plain, aad):
    assert crypto.decrypt(RING, crypto.encrypt(RING, plain, aad, cipher), aad) == plain


@BOTH
def test_token_has_its_documented_form_and_hides_the_text(cipher):
    token = crypto.encrypt(RING, NUMBER, AAD, cipher)
    assert token.split(b"|", 3)[:3] == [b"v1", cipher.encode(), b"k2"]
    assert len(token) == len(f"v1|{cipher}|k2|") + 12 + len(NUMBER) + 16
    assert NUMBER.encode() not in token
    assert crypto.encrypt(RING, NUMBER, AAD, cipher) != token


@BOTH
def test_token_altered_in_any_byte_does_not_open(cipher):
    token = crypto.encrypt(RING, NUMBER, AAD, cipher)
    for place in range(len(token)):
        altered = token[:place] + bytes([token[place] ^ 1]) + token[place + 1 :]
        with pytest.raises(crypto.DecryptionError) as caught:
            crypto.decrypt(RING, altered, AAD)
        assert NUMBER not in str(caught.value)


@BOTH
def test_token_moved_to_another_column_does_not_open(cipher):
    token = crypto.encrypt(RING, NUMBER, AAD, cipher)
    with pytest.raises(crypto.DecryptionError, match="sealed value of workforce_person.phone does not open"):
        crypto.decrypt(RING, token, "workforce_person.phone")


@pytest.mark.parametrize("token", [b"", b"v1|aes|k1", b"v1|aes|k1|short", b"v2|aes|k1|" + bytes(40), bytes(60)])
def test_token_of_no_form_is_named(token):
    with pytest.raises(crypto.DecryptionError, match="^This value is no sealed token of version 1.$"):
        crypto.decrypt(RING, token, AAD)


def test_token_of_unknown_cipher_or_key_says_which():
    with pytest.raises(crypto.DecryptionError, match="The cipher 'des' of a sealed value is unknown"):
        crypto.decrypt(RING, b"v1|des|k1|" + bytes(40), AAD)
    with pytest.raises(crypto.DecryptionError, match="No key with the id 'k2' in FIELD_KEYS"):
        crypto.decrypt(BEFORE, crypto.encrypt(RING, NUMBER, AAD), AAD)


def test_rotation_opens_old_tokens_and_knows_them():
    old = crypto.encrypt(BEFORE, NUMBER, AAD)
    assert crypto.decrypt(RING, old, AAD) == NUMBER
    assert crypto.is_current(RING, old) is False
    assert crypto.is_current(RING, crypto.encrypt(RING, NUMBER, AAD)) is True
    assert crypto.is_current(RING, crypto.encrypt(RING, NUMBER, AAD), "sm4") is False


@BOTH
def test_blind_index_is_equal_for_equal_texts_only(cipher):
    index = crypto.blind_index(RING, NUMBER, "id_number", cipher)
    assert len(index) == 32
    assert crypto.blind_index(RING, NUMBER, "id_number", cipher) == index
    others = {
        crypto.blind_index(RING, NUMBER, "phone", cipher),
        crypto.blind_index(RING, NUMBER + "0", "id_number", cipher),
        crypto.blind_index(RING, NUMBER, "id_number", cipher, key_id="k1"),
        crypto.blind_index(RING, NUMBER, "id_number", "sm4" if cipher == "aes" else "aes"),
    }
    assert len(others | {index}) == 5


def test_blind_index_is_the_same_in_every_process():
    """An index that changes with a release would let the same person in twice."""
    assert (
        crypto.blind_index(BEFORE, NUMBER, "id_number").hex()
        == "bcb17dedf9caba7816ecb7c91b92458df1a3c8d13740136812d07c9a0b7c7767"
    )
    assert (
        crypto.blind_index(BEFORE, NUMBER, "id_number", "sm4").hex()
        == "e5d95ef00bd320eea9bb199af2bf637b9ed1ea3f0b8bffb606424b6280608385"
    )


def test_index_candidates_cover_every_key_current_first():
    assert crypto.index_candidates(RING, NUMBER, "id_number") == [
        crypto.blind_index(RING, NUMBER, "id_number"),
        crypto.blind_index(BEFORE, NUMBER, "id_number"),
    ]


@pytest.mark.parametrize(
    "work",
    [
        lambda: [crypto.encrypt(RING, NUMBER, AAD) for _ in range(20_000)],
        lambda: [crypto.encrypt(RING, NUMBER, AAD, "sm4") for _ in range(20_000)],
        lambda: [crypto.blind_index(RING, NUMBER, "id_number") for _ in range(20_000)],
        lambda: [crypto.blind_index(RING, NUMBER, "id_number", "sm4") for _ in range(20_000)],
    ],
    ids=["aes", "sm4", "hmac-sha256", "hmac-sm3"],
)
def test_bulk_of_20000_takes_a_fraction_of_a_second(work):
    began = time.process_time()
    work()
    assert time.process_time() - began < 0.6  # 0.05 to 0.15 s alone on the machine
