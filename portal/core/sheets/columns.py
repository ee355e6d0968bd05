"""The description of one column of a sheet: what the reader expects and what the template writer draws."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """How a column is formatted in sheets we write; the reader takes what it finds."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True)
class Column:
    """`header` is the printed name, `aliases` other names users give it. `choices` names a list of the template's
    dictionary; `length` is the exact number of characters Excel should insist on. Widths are in characters."""

    key: str
    header: str
    required: bool = False
    kind: Kind = Kind.TEXT
    aliases: tuple[str, ...] = ()
    choices: str = ""
    width: int = 12
    length: int | None = None
    explanation: str = ""
    example: str = ""


def letter_of(index: int) -> str:
    """The letter Excel shows for a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The number of a column from its letters: A is 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
