"""Names of people and places for rows that hold only their keys; ID numbers stay sealed."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from portal.core.territory.models import Division
from workforce.models import Person

CHUNK = 2000


def chunks(rows: Iterable) -> Iterator[list]:
    """The rows, some thousand at a time."""
    found = iter(rows)
    while chunk := list(islice(found, CHUNK)):
        yield chunk


def names_of(people: Iterable) -> dict:
    return dict(Person.objects.filter(pk__in=set(people)).values_list("pk", "name"))


def labels_of(codes: Iterable[str]) -> dict[str, str]:
    return dict(Division.objects.filter(pk__in=set(codes)).values_list("pk", "label"))


def word(choices: Sequence[tuple], value: object) -> str:
    """The label of a choice; empty for none."""
    return str(dict(choices).get(value, "")) if value not in (None, "") else ""
