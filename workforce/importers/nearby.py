"""Names of communities near to one that is none: same sound first, then same characters.

Most slips are of the keyboard: another character with the same pinyin. Thirty thousand rows may each have a name of
their own that is wrong, so names are compared only with those that share half their characters.
"""

import difflib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from portal.core.lib.text import pinyin_key

_MOST = 3
_COMPARED = 12
_LEAST, _MARGIN, _CLEAR = 0.5, 0.15, 0.66


@dataclass(frozen=True, slots=True)
class Similar:
    """Names, the nearest first; `clear` where no other than the first can have been meant."""

    names: tuple[str, ...]
    clear: bool


class Nearby:
    """The keys of names (`places.name_key`) to search in; those that several communities bear are never clear."""

    def __init__(self, names: dict[str, list]) -> None:
        self._names = names
        self._found: dict[str, Similar | None] = {}

    def of(self, name: str) -> Similar | None:
        """The nearest names; None where none is near."""
        if name not in self._found:
            self._found[name] = self._search(name)
        return self._found[name]

    def _search(self, name: str) -> Similar | None:
        sounding = self._sounds.get(pinyin_key(name), [])
        scored = sorted(((self._score(name, other), other) for other in self._sharing(name)), reverse=True)
        near = [(score, other) for score, other in scored if score >= _LEAST and other not in sounding]
        found = [*sounding, *(other for _score, other in near)][:_MOST]
        if not found:
            return None
        alone = len(near) == 1 or (len(near) > 1 and near[0][0] - near[1][0] >= _MARGIN)
        clear = len(sounding) == 1 if sounding else alone and near[0][0] >= _CLEAR
        return Similar(tuple(found), clear and len(self._names[found[0]]) == 1)

    def _score(self, name: str, other: str) -> float:
        return difflib.SequenceMatcher(None, name, other, autojunk=False).ratio()

    def _sharing(self, name: str) -> Iterable[str]:
        """The names that share most characters with one."""
        shared = Counter(other for character in set(name) for other in self._characters.get(character, ()))
        return [other for other, count in shared.most_common(_COMPARED) if 2 * count >= len(set(name)) - 1]

    @cached_property
    def _characters(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self._names:
            for character in set(name):
                found.setdefault(character, []).append(name)
        return found

    @cached_property
    def _sounds(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self._names:
            found.setdefault(pinyin_key(name), []).append(name)
        return found
