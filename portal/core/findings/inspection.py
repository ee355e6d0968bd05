"""What a periodic check is: it looks, and says what it saw in words. `reconcile` acts on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.functional import Promise

Topic = Literal[
    "staffing", "contracts", "certificates", "committee", "pay", "training", "careers", "service", "ratings", "proposals",
    "data",
]  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One number of a finding, or the rule it was judged by with its source as `hint`."""

    label: str | Promise
    value: str
    hint: str = ""


@dataclass(frozen=True)
class Inspection:
    """A periodic check of one rule.

    `problems(on)` gives SQL and parameters that select (subject, division_id, due_on, facts jsonb), one row per subject;
    `subjects(on)` counts what was looked at. `headline` turns the facts of one finding into a sentence, `lines` into
    numbers; `remedy` says what makes it go away. Facts about a person hold the key `person` (the id), never a name.
    """

    key: str
    label: str | Promise
    sentence: str | Promise
    topic: Topic
    subjects: Callable[[date], int]
    problems: Callable[[date], tuple[str, dict]]
    headline: Callable[[dict], str]
    lines: Callable[[dict], list[Line]]
    remedy: str | Promise
