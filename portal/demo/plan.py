"""How many people live and work in each community of the demonstration: invented, but adding up to the census."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from portal.core.territory.models import Division
from workforce.quota import required_heads

HEADS, PER = 18, 10_000
# The city's residents outside towns at the census (13,866,009 less 11,744,440), per village.
_VILLAGERS_PER_VILLAGE = 615
_LEDGER_SHARE = 0.96  # a ledger misses some of the residents that a census finds
_LARGEST_COMMUNITY = 9_000  # on average over a district
_SMALLEST_COMMUNITY = 600

# Counted workers against what the ledger calls for: several districts reach their census figure, several do not.
STAFFED = {
    "120101": 1.03,
    "120102": 1.02,
    "120103": 1.09,
    "120104": 1.07,
    "120105": 0.99,
    "120106": 1.06,
    "120110": 1.08,
    "120111": 1.13,
    "120112": 1.06,
    "120113": 1.10,
    "120114": 1.05,
    "120115": 1.03,
    "120116": 1.12,
    "120117": 1.02,
    "120118": 0.97,
    "120119": 1.04,
}
SHOWCASE = "120101001"  # the street whose import is demonstrated: a few workers short
SHOWCASE_GAP = 4
OUTDATED = "120103002"  # the street whose ledger is more than a year old
WITHOUT_LEDGER = 16  # communities without any population


@dataclass
class Community:
    """One residents' committee of the plan; `population` is None where the demonstration enters none."""

    code: str
    street: str
    population: int | None
    households: int
    ledger_day: date
    workers: int


def half_year_end(day: date) -> date:
    """The last 30 June or 31 December before `day`: the usual reference date of a ledger."""
    return date(day.year, 6, 30) if day > date(day.year, 6, 30) else date(day.year - 1, 12, 31)


def communities(census: dict[str, int], day: date) -> list[Community]:
    """The plan for every residents' committee under the districts of `census`, in code order."""
    random = Random("populations")
    planned: list[Community] = []
    for district, residents in sorted(census.items()):
        there = list(Division.objects.under(district).filter(level=5).in_force(day).order_by("code"))
        streets = {division.code: division.parent_id for division in there if division.urban}
        weights = {code: random.lognormvariate(0, 0.35) for code in streets}
        urban = (residents - _VILLAGERS_PER_VILLAGE * (len(there) - len(streets))) * _LEDGER_SHARE
        scale = min(urban, _LARGEST_COMMUNITY * len(streets)) / sum(weights.values())
        for code, weight in weights.items():
            population = max(_SMALLEST_COMMUNITY, int(weight * scale))
            planned.append(_community(code, streets[code], population, STAFFED[district], day, random))
    _leave_out(planned, random)
    _shorten([community for community in planned if community.street == SHOWCASE])
    return planned


def _community(code: str, street: str, population: int, staffed: float, day: date, random: Random) -> Community:
    ledger_day = half_year_end(day)
    if street == OUTDATED:
        ledger_day = half_year_end(ledger_day - timedelta(days=400))
    workers = round(population * HEADS / PER * staffed * random.gauss(1, 0.13))
    return Community(code, street, population, round(population / 2.4), ledger_day, max(3, workers))


def _leave_out(planned: list[Community], random: Random) -> None:
    """Takes the population away from a few communities, each in a street of its own."""
    by_street = {community.street: community for community in planned if community.street not in (SHOWCASE, OUTDATED)}
    for street in random.sample(sorted(by_street), WITHOUT_LEDGER):
        by_street[street].population = None


def _shorten(street: list[Community]) -> None:
    """Makes the street of the demonstration short by exactly SHOWCASE_GAP, mostly in its first community."""
    for community in street:
        community.workers = required_heads(community.population or 1, HEADS, PER)
    wanted = required_heads(sum(community.population or 0 for community in street), HEADS, PER) - SHOWCASE_GAP
    street[0].workers -= SHOWCASE_GAP
    position = 1
    while sum(community.workers for community in street) > wanted:
        street[position].workers -= 1
        position = position % (len(street) - 1) + 1
