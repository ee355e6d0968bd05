"""Full-text search of Chinese without a dictionary: runs of Chinese characters as overlapping pairs.

社区工作者 becomes 社区 区工 工作 作者; Latin words and numbers stay whole. The same terms make the index (PostgreSQL's
`simple` configuration) and the question, so whatever stands together in a text is found, and nothing depends on how a
word list would have cut it. Pure: knows no database.
"""

import re
import unicodedata
from collections.abc import Iterator

from portal.core.lib.text import clean

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_HAN}]+|[0-9a-z]+")
_WORD = re.compile("[0-9a-z]+")


def bigrams(text: str) -> list[str]:
    """The search terms of a text in their order, repeats included; a Chinese character that stands alone is one."""
    folded = unicodedata.normalize("NFKC", clean(text)).casefold()
    return [term for run in _RUN.findall(folded) for term in _terms(run)]


def _terms(run: str) -> Iterator[str]:
    if len(run) == 1 or _WORD.fullmatch(run):
        yield run
    else:
        yield from (run[place : place + 2] for place in range(len(run) - 1))
