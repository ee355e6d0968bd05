"""What the stored figures of some divisions rest on, in one cheap look: the same answer as long as the stamp is the same.

Holds for the figures' day alone: tallies carry the version of the last change of the roster, everything else they are
joined with is stamped by the database (`portal.core.territory.stamps`). Other days are counted from the records anew.
"""

from collections.abc import Iterable
from datetime import date

from portal.core.indicators.counting import Book
from portal.core.lib.codes import COUNTRY
from portal.core.lib.replica import fetch

# Asked about a formal node, figures are those of the division above it.
_FORMAL = "ARRAY(SELECT f.parent_id FROM core_division f WHERE f.code = ANY(%(formal)s::varchar[]) AND f.formal)"


def stamp_of(books: Book | Iterable[Book], codes: Iterable[str], on: date) -> str | None:
    """Stamp of all figures of one or several books at and under `codes` ('' = the country); None where `on` is not the figures' day.

    Read it before the figures, never after: what changes in between then makes the next stamp, not this one.
    """
    asked = sorted({"" if code == COUNTRY else code for code in codes})
    formal = [code for code in asked if len(code) == 4 or code.endswith("00") and len(code) == 6]
    if "" in asked:
        # The country has no tally of its own; every change reaches that of a province.
        tallies, places = "t.division_id IN (SELECT code FROM core_division WHERE level = 1)", "true"
    else:
        above = f" || {_FORMAL}" if formal else ""
        tallies = f"t.division_id = ANY(%(codes)s::varchar[]{above})"
        places = "split_part(s.key, '/', 2) = ANY(%(places)s)"
    read = (books,) if isinstance(books, Book) else tuple(books)
    versions = " UNION ALL ".join(
        f"SELECT '{book.name}/' || t.division_id, t.version::text FROM {book.tally} t WHERE {tallies}" for book in read
    )
    # No aggregate and no order: what costs most here is planning the statement.
    _columns, rows = fetch(
        f"""SELECT '', "on"::text FROM core_figuresday
        UNION ALL {versions}
        UNION ALL SELECT s.key, s.version::text FROM core_stamp s WHERE {places}""",
        {"codes": asked, "formal": formal, "places": ["", *{code[:2] for code in asked}]},
    )
    if ("", on.isoformat()) not in rows:
        return None
    return f"{','.join(asked)} {' '.join(f'{key}:{version}' for key, version in sorted(rows))}"
