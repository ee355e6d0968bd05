"""What counters have in common, in SQL: dates, ages, and what the free text of the roster about a person `w` stands for."""

from workforce.ladder import DEGREE_WORDS, LEVELS

__all__ = ["LEVELS"]

_RANKS = {"college": 2, "bachelor": 3, "master": 4, "doctor": 5}

SCHOOLING = (
    "(CASE "
    + " ".join(
        f"WHEN w.education LIKE '%%{word}%%' OR w.degree LIKE '%%{word}%%' THEN {_RANKS[key]}"
        for word, key in DEGREE_WORDS
    )
    + " WHEN w.education = '' THEN 0 ELSE 1 END)"
)
"""5 doctor, 4 master, 3 bachelor, 2 college 大专, 1 below, 0 where nothing is recorded (domain §1.M: order of education)."""

PARTY_MEMBER = (
    "((w.political_status LIKE '中共%%' OR w.political_status LIKE '中国共%%' OR w.political_status LIKE '预备党员%%'"
    " OR w.political_status LIKE '党员%%')"
    " AND w.political_status NOT LIKE '%%团员%%' AND w.political_status NOT LIKE '%%共青团%%')"
)
"""Members of the Communist Party, probationary ones too."""

AGE = "extract(year FROM age(%(on)s::date, w.birth_date))::int"
"""Completed years 周岁 on the day (domain §1.M)."""

LEVEL_BIT = "(CASE {0} " + " ".join(f"WHEN '{level}' THEN {1 << place}" for place, level in enumerate(LEVELS)) + " END)"
"""Certificate levels as bits, so that a number says which of them somebody holds; a higher level is a higher bit."""


def bit_of(level: str) -> int:
    """The bit of a certificate level."""
    return 1 << LEVELS.index(level)


def in_force(row: str) -> str:
    """SQL condition: a dated row is in force on the day."""
    return f"{row}.valid_from <= %(on)s AND ({row}.valid_to IS NULL OR {row}.valid_to > %(on)s)"


def this_year(day: str) -> str:
    """SQL condition: a day lies in the calendar year of the day asked for, and not after it."""
    return f"{day} >= date_trunc('year', %(on)s::date)::date AND {day} <= %(on)s"


def last_months(day: str, months: int = 12) -> str:
    """SQL condition: a day lies in the last `months` months up to the day asked for."""
    return f"{day} > (%(on)s::date - make_interval(months => {months}))::date AND {day} <= %(on)s"
