"""Many figures in one number: how many divisions stand where, and the sums of a list where sums mean something."""

from dataclasses import dataclass
from decimal import Decimal

from workforce import quota
from workforce.enums import StaffingStatus
from workforce.queries.staffing import StaffingQuery


@dataclass(frozen=True)
class Overview:
    """Sums over a list of divisions that do not contain each other.

    Required heads are never summed: every row rounds up, so the sum exceeds what the whole needs (domain §1.B1).
    """

    statuses: dict[str, int]
    workers: int = 0
    certified: int = 0
    in_post: int = 0
    population_sum: int | None = None
    populated: int = 0
    urban: int = 0
    bases: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return sum(self.statuses.values())

    @property
    def judged(self) -> int:
        """Divisions the staffing rule is meant for: all but villages and what holds nothing else."""
        return self.count - self.statuses.get(StaffingStatus.NOT_APPLICABLE, 0)

    @property
    def population(self) -> int | None:
        """The sum, where every row has a population and all have the same basis."""
        return self.population_sum if self.urban and self.populated == self.urban and len(self.bases) == 1 else None

    @property
    def ratio(self) -> Decimal | None:
        """Heads per 10,000 residents of the whole list, from the sums; never an average of ratios."""
        return quota.ratio_per_10k(self.workers, self.population) if self.population else None

    @property
    def certified_share(self) -> Decimal | None:
        return quota.share(self.certified, self.workers)


_SUMS = """SELECT status, count(*), sum(workers), sum(certified), sum(in_post), sum(population), count(population),
    count(*) FILTER (WHERE urban), array_agg(DISTINCT basis) FILTER (WHERE basis IS NOT NULL) FROM shown GROUP BY status"""


def overview_of(query: StaffingQuery) -> dict[str, Overview]:
    """Sums by status and, under the key '', of all together; one statement whatever the length of the list."""
    parts = {
        status: Overview({status: count}, *map(int, sums[:3]), sums[3], *sums[4:6], tuple(sums[6] or ()))
        for status, count, *sums in query.read(_SUMS)
    }
    return {**parts, "": _together(list(parts.values()))}


def _together(parts: list[Overview]) -> Overview:
    return Overview(
        statuses={status: count for part in parts for status, count in part.statuses.items()},
        workers=sum(part.workers for part in parts),
        certified=sum(part.certified for part in parts),
        in_post=sum(part.in_post for part in parts),
        population_sum=sum(int(part.population_sum or 0) for part in parts) or None,
        populated=sum(part.populated for part in parts),
        urban=sum(part.urban for part in parts),
        bases=tuple(sorted({basis for part in parts for basis in part.bases})),
    )


def statuses_by_level(query: StaffingQuery, above: int) -> dict[int, Overview]:
    """How many divisions that the rule is meant for stand in each status, for every level below `above`, upper levels first.

    Villages, four in five of all places, are left out before anything is looked up for them.
    """
    rows = query.read(
        "SELECT level, status, count(*) FROM shown WHERE urban AND level > %(above)s GROUP BY 1, 2 ORDER BY 1",
        above=above,
    )
    levels: dict[int, dict[str, int]] = {}
    for level, status, count in rows:
        levels.setdefault(level, {})[status] = count
    return {level: Overview(statuses) for level, statuses in levels.items()}
