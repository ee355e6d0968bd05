"""What tells a proposal of the CPPCC from a suggestion of deputies: its word, who signs it, to whom a reply goes (domain §2.2).

A suggestion is never called 提案, those who sign it are 代表. Names and their number have to agree. Pure.
"""

import re
from dataclasses import dataclass

CPPCC, NPC = "cppcc", "npc"
# Types of proposers that are people, each by name.
PEOPLE = ("member", "joint")


@dataclass(frozen=True)
class Words:
    """What a body calls its documents and people, and which types of proposers it knows."""

    document: str
    person: str
    types: tuple[str, ...]
    wrong_endings: tuple[str, ...]
    wrong_person: str


WORDS = {
    CPPCC: Words(
        "提案",
        "委员",
        ("member", "joint", "party", "organisation", "sector", "group", "committee"),
        ("议案", "代表建议"),
        "代表",
    ),
    NPC: Words("建议", "代表", ("member", "joint", "delegation"), ("提案",), "委员"),
}
_CLOSING = "》”\"'）)。. "
_SPLIT = re.compile(r"[、，,；;\n]+")
_TOLD = re.compile(r"等?\s*(?:共)?\s*(\d{1,4})\s*(?:位|名|人)(?:政协)?(?:委员|代表)?$")


def types_of(body: str) -> tuple[str, ...]:
    """Types of proposers that a body knows."""
    return WORDS[body].types


def wrong_word(body: str, title: str) -> str:
    """The word in the title that belongs to the other body's documents; empty where the title calls it rightly.

    Only what the document calls itself counts: a suggestion about the handling of proposals may name them.
    """
    bare = title.strip().rstrip(_CLOSING)
    return next((word for word in WORDS[body].wrong_endings if bare.endswith(word)), "")


def wrong_person(body: str, proposer_type: str, names: list[str]) -> str:
    """The first name that bears the title of the other body's people; empty where there is none."""
    title = WORDS[body].wrong_person
    return next((name for name in names if proposer_type in PEOPLE and name.endswith(title)), "")


def count_fault(proposer_type: str, count: int, names: list[str]) -> str:
    """What is wrong between type, number and names: none, twice, differs, one, several; empty where they agree."""
    if not names:
        return "none"
    if len(set(names)) != len(names):
        return "twice"
    if count != len(names):
        return "differs"
    if proposer_type == "member" and count != 1:
        return "one"
    return "several" if proposer_type == "joint" and count < 2 else ""


def read_names(text: str) -> tuple[list[str], int | None]:
    """Names out of a cell, and the number that it tells itself: 甲某、乙某等5位委员 are two names and 5."""
    told = None
    if found := _TOLD.search(text.strip()):
        told, text = int(found[1]), text.strip()[: found.start()]
    return [name for name in (part.strip() for part in _SPLIT.split(text)) if name], told
