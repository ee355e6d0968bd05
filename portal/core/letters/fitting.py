"""How a letter is set so that no page holds a signature or 版记 alone. Source: GB/T 9704-2012, 7.3.5.4 and 7.5.

The text is never told "此页无正文": the lines are set a little closer or wider instead, and where no pitch helps, the last
paragraph goes over to the next page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from portal.core.letters.measures import LINE, PITCHES, pitch


@dataclass(frozen=True, slots=True)
class Fit:
    """Pitch of the lines in points, and what else is needed. `carry`: of the text or the annex the last paragraph begins a
    new page. `apart`: 版记 stands on the back of the last sheet. `unnumbered_after`: the pages after this one bear no
    number, 0 where all do."""

    line: float = LINE
    carry: tuple[str, ...] = ()
    apart: bool = False
    unnumbered_after: int = 0


_OTHERS = (
    *(Fit(pitch(lines)) for lines in PITCHES[1:]),
    *(Fit(carry=parts) for parts in (("text",), ("annex",), ("text", "annex"))),
)
# On which page the text, the names of attachments, signature and contact, the annexes, and 版记 end.
Pages = Mapping[str, int]


def fitted(pages_of: Callable[[Fit], Pages], *, both_sides: bool) -> Fit:
    """The first way of setting that leaves nothing alone: the usual pitch, closer, wider, then a paragraph carried over."""
    usual = Fit()
    found = [(usual, pages_of(usual))]
    if _signed_with("text", found[0][1]) and _imprint_with_text(found[0][1], both_sides):
        return usual
    found += [(fit, pages_of(fit)) for fit in _OTHERS]
    # Names of many attachments may leave no room for text beside the signature; they then stand for it.
    signed = [one for part in ("text", "names") for one in found if _signed_with(part, one[1])]
    good = next((fit for fit, pages in signed if _imprint_with_text(pages, both_sides)), None)
    fit, pages = (signed or found)[0]
    return good or (_apart(fit, pages) if both_sides else fit)


def _apart(fit: Fit, pages: Pages) -> Fit:
    """版记 on the back of the last sheet; a blank page before it and 版记 itself then bear no number."""
    last = _last(pages)
    return replace(fit, apart=True, unnumbered_after=0 if last % 2 else last) if "imprint" in pages else fit


def _last(pages: Pages) -> int:
    return max(pages["signed"], pages.get("annex", 0))


def _signed_with(part: str, pages: Pages) -> bool:
    return pages.get(part, pages.get("text", pages["signed"])) == pages["signed"]


def _imprint_with_text(pages: Pages, both_sides: bool) -> bool:
    page = pages.get("imprint")
    return page is None or (page == _last(pages) and not (both_sides and page % 2))
