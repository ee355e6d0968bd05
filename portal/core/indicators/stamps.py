"""What the stored figures of some divisions rest on, in one cheap look: the same answer as long as the stamp is the same.

Holds for the figures' day alone: tallies carry the version of the last change of the roster, everything else they are
joined with is stamped by the database (`portal.core.territory.stamps`). Other days are counted from the records anew.
"""

from collections.abc import Iterable
from datetime import date

from portal.core.indicators.counting import Book
from portal.core.lib.replica import fetch

# Asked about a formal node, figures are those of the division above it.
_FORMAL = "ARRAY(SELECT f.parent_id FROM core_division f WHERE f.code = ANY(%(formal)s::varchar[]) AND f.formal)"


def stamp_of(book: Book, codes: Iterable[str], on: date) -> str | None:
    """Stamp of all figures of `book` at and under `codes` ('' = the country); None where `on` is not the figures' day.

    Read it before the figures, never after: what changes in between then makes the next stamp, not this one.
    """
    asked = sorted(set(codes))
    formal = [code for code in asked if len(code) == 4 or code.endswith("00") and len(code) == 6]
    if "" in asked:
        # The country has no tally of its own; every change reaches that of a province.
        tallies, places = "t.division_id IN (SELECT code FROM core_division WHERE level = 1)", "true"
    else:
        above = f" || {_FORMAL}" if formal else ""
        tallies = f"t.division_id = ANY(%(codes)s::varchar[]{above})"
        places = "split_part(s.key, '/', 2) = ANY(%(places)s)"
    _columns, rows = fetch(
        f"""SELECT
            (SELECT string_agg(t.division_id || ':' || t.version, ' ' ORDER BY t.division_id)
             FROM {book.tally} t WHERE {tallies}),
            (SELECT string_agg(s.key || ':' || s.version, ' ' ORDER BY s.key) FROM core_stamp s WHERE {places})
        FROM core_figuresday f WHERE f."on" = %(on)s""",
        {"on": on, "codes": asked, "formal": formal, "places": ["", *{code[:2] for code in asked}]},
    )
    return f"{on} {','.join(asked)} {rows[0][0]} {rows[0][1]}" if rows else None
