"""Numbers of headings and of sessions as official documents write them. Source: GB/T 9704-2012, 7.3.3."""

from collections.abc import Iterable, Iterator

from portal.core.lib.numerals import chinese_number

LEVELS = 4


def heading_number(level: int, number: int) -> str:
    """What stands before a heading: 一、 then （一） then 1. then （1）."""
    if level == 1:
        return f"{chinese_number(number)}、"
    if level == 2:
        return f"（{chinese_number(number)}）"
    if level == 3:
        return f"{number}."
    if level == 4:
        return f"（{number}）"
    raise ValueError(f"headings have levels 1 to {LEVELS}, not {level}")


def heading_numbers(levels: Iterable[int]) -> Iterator[str]:
    """The number of each heading, given the levels in order (0 = no heading, gets an empty text).

    A heading of a higher level starts the counts of the lower ones anew.
    """
    counts = [0] * (LEVELS + 1)
    for level in levels:
        if level == 0:
            yield ""
            continue
        counts[level] += 1
        counts[level + 1 :] = [0] * (LEVELS - level)
        yield heading_number(level, counts[level])


def outline_levels(levels: Iterable[int]) -> Iterator[int]:
    """Depth of each heading in the outline, which readers aloud require to begin at 1 and to leave none out.

    A letter may begin with （一）: its rank on paper is the second, its depth the first.
    """
    above: list[int] = []
    for level in levels:
        if level == 0:
            yield 0
            continue
        while above and above[-1] >= level:
            above.pop()
        above.append(level)
        yield len(above)
