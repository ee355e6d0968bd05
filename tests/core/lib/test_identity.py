"""Numbers of persons and bodies, against the examples of the standards and against oracles written another way."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.lib import identity
from portal.core.lib.identity import CreditCodeError, IdError, PhoneError

BIRTHS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def iso7064_valid(number: str) -> bool:
    """ISO 7064 MOD 11-2 by its recursion, not by weights."""
    product = 0
    for character in number:
        product = (product + (10 if character == "X" else int(character))) * 2 % 11
    return product == 2  # the last character is not doubled any more: (P + c) mod 11 = 1, doubled is 2


def credit_valid(code: str) -> bool:
    """GB 32100 by modular powers over all 18 places: the whole sum is a multiple of 31."""
    values = [CREDIT_ALPHABET.index(character) for character in code]
    return (sum(value * pow(3, place, 31) for place, value in enumerate(values[:17])) + values[17]) % 31 == 0


def test_id_of_the_standard_is_valid_and_says_birth_and_sex():
    assert identity.parse_id("11010519491231002X") == identity.IdNumber(
        "11010519491231002X", date(1949, 12, 31), "F", doubtful=False
    )


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "'11010519491231002X",
        "\ufeff11010519491231002X\u200b",
        "\t110105\u00a019491231\u3000002X\r\n",
    ],
)
def test_id_as_people_type_it_is_normalised(typed):
    parsed = identity.parse_id(typed)
    assert isinstance(parsed, identity.IdNumber)
    assert parsed.number == "11010519491231002X"


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        ("", IdError.EMPTY),
        (" \u200b\u3000", IdError.EMPTY),
        ("1.20101E+17", IdError.DESTROYED),
        ("1.20101199001011e+17", IdError.DESTROYED),
        (1.2010119900101e17, IdError.DESTROYED),
        (120101199001010000, IdError.DESTROYED),
        pytest.param(10**5000, IdError.DESTROYED, id="5000 digits"),
        (math.inf, IdError.DESTROYED),
        ("999999199001010000", IdError.DESTROYED),  # stored as a number once, then as text: the end is zeros
        ("11010519491231002O", IdError.CHARACTERS),
        ("110105X9491231002X", IdError.CHARACTERS),
        ("身份证11010519491231", IdError.CHARACTERS),
        ("11010519491231002Х", IdError.CHARACTERS),  # a Cyrillic letter
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢٧", IdError.CHARACTERS),  # Arabic digits
        ("110***********002X", IdError.MASKED),
        ("*****", IdError.MASKED),
        ("11010519491231002*", IdError.CHARACTERS),  # stands for X
        (math.nan, IdError.CHARACTERS),
        (1.5, IdError.CHARACTERS),
        ("110105491231002", IdError.FIFTEEN_DIGITS),
        (110105491231002.0, IdError.FIFTEEN_DIGITS),
        ("1101051949123100", IdError.LENGTH),
        ("11010519491231002X1", IdError.CHARACTERS),
        ("1101051949123100211", IdError.LENGTH),
        ("110105194902300021", IdError.BIRTH_DATE),
        ("110105190002290021", IdError.BIRTH_DATE),  # 1900 was no leap year
        ("110105189912310021", IdError.BIRTH_DATE),
        ("110105194913310021", IdError.BIRTH_DATE),
        ("110105194912310021", IdError.CHECK_DIGIT),
    ],
)
def test_id_wrong_is_refused_with_its_reason(raw, error):
    assert identity.parse_id(raw) is error


def test_id_ending_in_zeros_by_right_is_doubtful():
    seventeen = next(
        f"999999{year}0101{seq}00"
        for year in range(1950, 2000)
        for seq in range(1, 10)
        if identity.check_digit(f"999999{year}0101{seq}00") == "0"
    )
    parsed = identity.parse_id(seventeen + "0")
    assert isinstance(parsed, identity.IdNumber)
    assert parsed.doubtful is True


@given(BIRTHS, st.integers(1, 999))
def test_synthetic_passes_an_independent_check_and_reads_back(birth, seq):
    number = identity.synthetic(birth, seq)
    assert iso7064_valid(number)
    sex = "M" if seq % 2 else "F"
    assert identity.parse_id(number) == identity.IdNumber(number, birth, sex, number.endswith("000"))
    assert number.startswith("999999")


@given(BIRTHS, st.integers(1, 999), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_id_with_one_character_changed_is_never_valid(birth, seq, place, other):
    number = identity.synthetic(birth, seq)
    changed = number[:place] + other + number[place + 1 :]
    valid = isinstance(identity.parse_id(changed), identity.IdNumber)
    assert valid is (changed == number)


@given(st.text(max_size=40) | st.floats() | st.integers())
def test_id_of_anything_is_an_answer_and_no_exception(raw):
    parsed = identity.parse_id(raw)
    assert isinstance(parsed, IdError) or iso7064_valid(parsed.number)


def test_synthetic_sequence_outside_a_day_is_refused():
    with pytest.raises(ValueError, match="between 1 and 999"):
        identity.synthetic(date(1990, 1, 1), 1000)


@pytest.mark.parametrize(
    ("number", "shown"),
    [("11010519491231002X", "110***********002X"), ("1234567", "*******"), ("12345678", "123*5678"), ("", "")],
)
def test_mask_shows_three_and_four(number, shown):
    assert identity.mask(number) == shown


@pytest.mark.parametrize(
    ("raw", "phone"),
    [
        ("13812345678", "13812345678"),
        (13812345678.0, "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("0086 138 1234 5678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("(022)27301234", "022-27301234"),
        ("022—2730 1234", "022-27301234"),
        ("0315-2012345", "0315-2012345"),
        ("+86-22-27301234", "022-27301234"),
        ("01082345678", "010-82345678"),
        ("", PhoneError.EMPTY),
        ("27301234", PhoneError.LENGTH),
        (2227301234.0, PhoneError.LENGTH),  # a landline whose leading 0 Excel dropped
        ("1381234567", PhoneError.LENGTH),
        ("12812345678", PhoneError.LENGTH),
        ("13812345678/13912345678", PhoneError.CHARACTERS),
        ("张三 13812345678", PhoneError.CHARACTERS),
    ],
)
def test_phone_is_read_or_refused_with_its_reason(raw, phone):
    assert identity.parse_phone(raw) == phone


@pytest.mark.parametrize(
    ("phone", "shown"), [("13812345678", "138****5678"), ("022-27301234", "022-****1234"), ("", "")]
)
def test_mask_phone_hides_the_middle(phone, shown):
    assert identity.mask_phone(phone) == shown


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91110000101623741K", "55331002MF0000001M"])
def test_credit_code_examples_are_valid(code):
    assert identity.parse_credit_code(code) == code
    assert identity.parse_credit_code(f" {code.lower()} ") == code
    assert credit_valid(code)


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        ("", CreditCodeError.EMPTY),
        (9.1110000101623e17, CreditCodeError.DESTROYED),
        ("9.1110E+17", CreditCodeError.DESTROYED),
        ("91350100M000100Y4", CreditCodeError.LENGTH),
        ("91350100I000100Y43", CreditCodeError.CHARACTERS),
        ("91350100M000100Y44", CreditCodeError.CHECK_DIGIT),
    ],
)
def test_credit_code_wrong_is_refused_with_its_reason(raw, error):
    assert identity.parse_credit_code(raw) is error


@given(st.text(CREDIT_ALPHABET, min_size=17, max_size=17))
def test_credit_check_agrees_with_an_independent_check_at_every_remainder(seventeen):
    assert credit_valid(seventeen + identity.credit_check(seventeen))


def test_credit_check_at_remainder_zero_is_the_digit_zero():
    assert identity.credit_check("0" * 17) == "0"
