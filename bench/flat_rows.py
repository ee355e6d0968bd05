"""The least that counting every figure can cost: all its rows lie ready in tables, are read once and only grouped."""

from dataclasses import replace


def lay_out() -> list[str]:
    """Puts the rows of every family of counters into a table; returns the statements, one a book, that group them."""
    from django.db import connection  # noqa: PLC0415 - after the set-up

    from portal.core.indicators.books import books  # noqa: PLC0415
    from portal.core.indicators.counting import Scope  # noqa: PLC0415
    from portal.core.indicators.tallies import EVERYBODY, planned  # noqa: PLC0415
    from portal.core.lib.clock import today  # noqa: PLC0415
    from portal.core.policy.queries import RULES_CTE  # noqa: PLC0415

    here, statements = Scope.EVERYWHERE, []
    with connection.cursor() as cursor, planned(cursor, EVERYBODY):
        for book in books():
            for one in book.families:
                rows = f"WITH {RULES_CTE}, {book.shared(here)} SELECT * FROM ({one.rows(here)}) q"
                cursor.execute(f"CREATE TABLE flat_{one.name} AS {rows}", {"on": today()})
                cursor.execute(f"ANALYZE flat_{one.name}")
            families = (
                replace(one, rows=lambda _scope, one=one: f"SELECT * FROM flat_{one.name}") for one in book.families
            )
            flat = replace(book, families=tuple(families), shared=lambda _scope: "nothing AS (SELECT 1)")
            table = f"CREATE TEMP TABLE grouped_{len(statements)} ON COMMIT DROP"
            statements.append(f"{table} AS WITH {flat.recounted(here)} SELECT * FROM tallies")
    return statements


def group(statements: list[str]) -> None:
    """Reads what `lay_out` laid out, once, and makes the same counters of it; needs a transaction."""
    from django.db import connection  # noqa: PLC0415

    from portal.core.indicators.tallies import EVERYBODY, planned  # noqa: PLC0415
    from portal.core.lib.clock import today  # noqa: PLC0415

    with connection.cursor() as cursor, planned(cursor, EVERYBODY):
        for statement in statements:
            cursor.execute(statement, {"on": today()})
