"""Which community a row means: by code, or by a name that only one community of the division bears."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from portal.core.lib.codes import Level, candidates, within
from portal.core.lib.text import fold
from portal.core.territory.models import Division
from workforce.importers.nearby import Nearby
from workforce.importers.rows import Row

_SUFFIX = re.compile("(?:社区居民委员会|社区居委会|居民委员会|社区委员会|居委会|社区|村民委员会|村委会|村)$")
_VILLAGE = ("村", "村委会", "村民委员会")


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """What is left of a community's name to compare: 花园路社区居委会 and 花园路社区 are the same."""
    folded = fold(name)
    return _SUFFIX.sub("", folded) or folded


@dataclass(frozen=True, slots=True)
class Place:
    """A division as the check needs it."""

    code: str
    label: str
    level: int
    urban: bool
    valid_to: date | None


_FIELDS = ("code", "label", "level", "urban", "valid_to")


class Places:
    """Finds the communities of a sheet inside `division`; whatever lies outside of it is not told apart.

    Names are searched in the division. A name that is not there but belongs to one community of the same district is a
    community outside; any other is a mistake in the sheet.
    """

    def __init__(self, division: Division, rows: list[Row]) -> None:
        self.division = division
        district = division.code[:6]
        near = Division.objects.under(district if len(district) == 6 else division.code).filter(level=Level.COMMUNITY)
        places = [Place(*values) for values in near.values_list(*_FIELDS)]
        self.inside = {place.code: place for place in places if within(place.code, division.code)}
        self.by_name: dict[str, list[Place]] = {}
        self.near_names: dict[str, int] = {}
        for place in places:
            key = name_key(place.label)
            if place.code in self.inside:
                self.by_name.setdefault(key, []).append(place)
            else:
                self.near_names[key] = self.near_names.get(key, 0) + 1
        self.others = self._others(rows)
        self.nearby = Nearby(self.by_name)

    def _others(self, rows: list[Row]) -> dict[str, Place]:
        """Divisions for the codes of the sheet that are no communities of the division."""
        codes = {row.values["code"] for row in rows if "code" in row.values} - set(self.inside)
        wanted = {code for text in codes for code in candidates(text)}
        found = Division.objects.filter(code__in=wanted).values_list(*_FIELDS)
        return {place.code: place for place in (Place(*values) for values in found)}

    def find(self, row: Row) -> Place | None:
        """The community of a row. Notes on the row why there is none, or that it lies outside the division."""
        typed, name = row.values.get("code", ""), row.values.get("community", "")
        if typed:
            place = self._by_code(row, typed)
            return place and self._agreed(row, place, name)
        self._offer_code(row, name)
        if name:
            return self._by_name(row, name)
        if not row.is_wrong("code"):
            row.error("community_missing", "community")
        return None

    def _by_code(self, row: Row, typed: str) -> Place | None:
        place = self.inside.get(typed)
        if place is None:
            place = next((self.others[code] for code in candidates(typed) if code in self.others), None)
        if place is None:
            row.error("community_code_unknown", "code", typed=typed, **self._meant_by(row.values.get("community", "")))
        elif place.level != Level.COMMUNITY:
            row.error("not_community", "code", typed=typed, official=place.label)
            return None
        elif place.code not in self.inside:
            row.outside = True
            return None
        return place

    def _agreed(self, row: Row, place: Place, name: str) -> Place | None:
        """The place by code, unless the name beside it is another community's."""
        if not name or name_key(name) == name_key(place.label):
            return place
        if namesakes := self.by_name.get(name_key(name)):
            codes = "、".join(other.code for other in namesakes)
            row.error("community_mismatch", "community", typed=place.code, official=place.label, name=name, other=codes)
            return None
        row.warn("community_other_name", "community", official=place.label)
        return place

    def _by_name(self, row: Row, name: str) -> Place | None:
        key = name_key(name)
        found = self.by_name.get(key, [])
        if len(found) > 1 and not name.endswith(_VILLAGE):
            found = [place for place in found if place.urban] or found
        if len(found) > 1:
            found = [place for place in found if fold(place.label) == fold(name)] or found
        if len(found) == 1:
            return found[0]
        known = {"division": self.division.label, "name": name}
        if found:
            codes = "、".join(place.code for place in found)
            row.error("community_ambiguous", "community", **known, count=len(found), codes=codes)
        elif self.near_names.get(key) == 1:
            row.outside = True
        elif similar := self.nearby.of(key) or self.nearby.of(key.partition("社区")[0]):
            places = [self.by_name[one][0] for one in similar.names]
            names = "、".join(f"{place.label}（{place.code}）" for place in places)
            more = {"suggestion": places[0].label} if similar.clear else {}
            row.error("community_unknown_similar", "community", **known, names=names, **more)
        else:
            row.error("community_unknown", "community", **known)
        return None

    def _offer_code(self, row: Row, name: str) -> None:
        """Offers the code of the community named beside one that cannot be read, such as 1.20101E+11."""
        for error in row.errors:
            if error["code"] == "community_code":
                error["params"] |= self._meant_by(name)

    def _meant_by(self, name: str) -> dict[str, str]:
        """The code of the community that is named beside a wrong one, where only one bears the name."""
        found = self.by_name.get(name_key(name), []) if name else []
        return {"suggestion": found[0].code} if len(found) == 1 else {}
