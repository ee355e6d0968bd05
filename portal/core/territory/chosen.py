"""Which divisions a question is about: the reader's territory narrowed by level, parent, codes or name, on a day."""

from dataclasses import dataclass
from datetime import date
from os.path import commonprefix

from portal.core.lib.codes import COUNTRY, LENGTHS, ancestors, code_range


@dataclass(frozen=True)
class Chosen:
    """Divisions `d` of core_division, formal nodes left out; or the country alone, by its code."""

    territories: tuple[str, ...]
    on: date
    under: str = ""
    level: int | None = None
    parent: str | None = None
    codes: tuple[str, ...] | None = None
    search: str = ""

    @property
    def country(self) -> bool:
        """Whether it is the country as a whole that is asked about."""
        return self.codes == (COUNTRY,)

    @property
    def reach(self) -> str:
        """The lowest division ('' = the country) that everything asked for lies in: what has to be counted for it."""
        if self.country or self.under == COUNTRY:
            return ""
        if self.under or not self.territories:
            return self.under
        shared = commonprefix(self.territories)
        return max((code for code in [shared, *ancestors(shared)] if len(code) in LENGTHS), key=len, default="")

    def where(self) -> tuple[str, dict]:
        """Condition and parameters (among them on, low and high: the range of `reach`)."""
        conditions = [
            "NOT d.formal",
            "d.code >= %(low)s AND d.code < %(high)s",
            "(d.valid_from IS NULL OR d.valid_from <= %(on)s) AND (d.valid_to IS NULL OR d.valid_to > %(on)s)",
        ]
        low, high = code_range(self.reach)
        parameters: dict = {"on": self.on, "low": low, "high": high}
        if not self.territories:
            conditions.append("false")
        elif "" not in self.territories:
            parts = []
            for number, code in enumerate(self.territories):
                parts.append(f"d.code >= %(low{number})s AND d.code < %(high{number})s")
                parameters[f"low{number}"], parameters[f"high{number}"] = code_range(code)
            conditions.append(f"({' OR '.join(parts)})")
        if self.level is not None:
            conditions.append("d.level = %(level)s")
            parameters["level"] = self.level
        if self.parent == COUNTRY:
            conditions.append("d.level = 1")
        elif self.parent is not None:
            conditions.append(
                "(d.parent_id = %(parent)s OR d.parent_id IN (SELECT code FROM core_division "
                "WHERE parent_id = %(parent)s AND formal AND level < 5 AND code >= %(low)s AND code < %(high)s))"
            )
            parameters["parent"] = self.parent
        if self.codes is not None:
            conditions.append("d.code = ANY(%(codes)s)")
            parameters["codes"] = list(self.codes)
        if self.search:
            conditions.append(
                "(strpos(d.label, %(search)s) > 0 OR starts_with(d.code, %(search)s) "
                "OR starts_with(d.initials, lower(%(search)s)))"
            )
            parameters["search"] = self.search
        return " AND ".join(conditions), parameters
