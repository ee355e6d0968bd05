"""Breaking a title into lines that keep words whole and form a trapezoid or a diamond. Source: GB/T 9704-2012, 7.3.1."""

import re
from functools import lru_cache
from itertools import combinations, pairwise

from portal.core.letters.measures import MM, TITLE, TYPE_WIDTH_MM, width_of

WIDEST = int(TYPE_WIDTH_MM * MM / TITLE)  # characters of a line of the title
_LONGEST = 4  # lines that are searched for the best shape; longer titles are filled line by line
_BEST_FILL = 0.92  # of the widest line; fuller looks like running text

# What a break must not tear apart: numbers with their words, brackets with what they hold, common words of such titles.
_WHOLE = re.compile(
    r"第?[〇一二三四五六七八九十百]+届[〇一二三四五六七八九十百]+次(?:全体)?会议"
    r"|第?[0-9〇一二三四五六七八九十百]+(?:号|届|次|年|月|日|期|位|件)+(?:全体)?(?:会议)?"
    r"|[0-9A-Za-z.%-]+"
    r"|市政协|省政协|区政协|县政协|政协|人大代表|人大|代表|委员会|委员|会议|提案|建议|答复|意见|落实|办理|关于|进一步|加强|推进|促进|"
    r"完善|健全|加快|推动|提升|社区工作者|社区|工作者|队伍|建设|民政局|民政|养老|服务|农村|城市|居家|救助|社会|组织|治理|基层|乡村|发展|"
    r"体系|机制|管理|培养|激励|保障|职业|待遇|试点|情况|工作|问题|会办|复函|的函|通知|请示|报告|函"
)
_NOT_FIRST = set("，。、；：？！）》〉」』】〕”’·的和与等及号之了") | set(",.;:?!)]}%")
_NOT_LAST = set("（《〈「『【〔“‘第和与及对在为以") | set("([{")
_GOOD_BEFORE = (*"0123456789", "关于", "《", "第", "提案", "建议", "答复", "落实", "的")


@lru_cache(maxsize=512)
def title_lines(title: str, widest: int = WIDEST) -> tuple[str, ...]:
    """The lines of a title. Line breaks that it holds are kept; each part that is too wide is broken further."""
    given = [line.strip() for line in title.splitlines() if line.strip()]
    if len(given) > 1 and all(width_of(line) <= widest for line in given):
        return tuple(given)
    return tuple(line for part in given for line in _broken(part, widest))


def _broken(text: str, widest: int) -> tuple[str, ...]:
    width = width_of(text)
    if width <= widest:
        return (text,)
    places = _places(text)
    least = int(-(-width // widest))
    for count in range(least, least + 2):
        if count > _LONGEST:
            break
        shapes = (_cut(text, cuts) for cuts in combinations(places, count - 1))
        fitting = [lines for lines in shapes if all(width_of(line) <= widest for line in lines)]
        if fitting:
            return min(fitting, key=_ugliness)
    return tuple(_filled(text, widest))


def _places(text: str) -> list[int]:
    """Where a line may end."""
    inside = {place for found in _WHOLE.finditer(text) for place in range(found.start() + 1, found.end())}
    return [
        place
        for place in range(1, len(text))
        if place not in inside and text[place] not in _NOT_FIRST and text[place - 1] not in _NOT_LAST
    ]


def _cut(text: str, cuts: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(text[start:end].strip() for start, end in pairwise((0, *cuts, len(text))))


def _ugliness(lines: tuple[str, ...]) -> float:
    """Small for lines of nearly one length whose outline swells or tapers once; large for an hourglass."""
    widths = [width_of(line) for line in lines]
    mean = sum(widths) / len(widths)
    uneven = sum(abs(width - mean) for width in widths)
    waist = sum(
        max(0.0, min(max(widths[:spot]), max(widths[spot + 1 :])) - widths[spot]) for spot in range(1, len(widths) - 1)
    )
    rectangle = 1.0 if len(set(widths)) == 1 else 0.0
    crowded = sum(max(0.0, width - WIDEST * _BEST_FILL) for width in widths)
    torn = sum(0.0 if line.startswith(_GOOD_BEFORE) else 1.5 for line in lines[1:])
    return uneven + 4 * waist + rectangle + crowded + torn


def _filled(text: str, widest: int) -> list[str]:
    """Line after line as full as it goes: for titles beyond any good shape."""
    allowed, lines, start = set(_places(text)), [], 0
    while width_of(text[start:]) > widest:
        end = start + 1
        while width_of(text[start : end + 1]) <= widest:
            end += 1
        best = max((place for place in allowed if start < place <= end), default=end)
        lines.append(text[start:best].strip())
        start = best
    return [*lines, text[start:].strip()]
