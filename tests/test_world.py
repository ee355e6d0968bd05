from django.db import connection, transaction

from tests import world as w
from workforce.queries.staffing import StaffingQuery


def test_world_counts_what_its_drawing_says(world):
    figures = StaffingQuery(territories=("",), on=world.today).rows()
    assert {row.code: (row.workers, row.required, row.status) for row in figures} == {
        "96": (6, 72, "short"),
        "960101": (5, 54, "short"),
        "960101001": (4, 8, "short"),
        w.SPRING: (2, 6, "short"),
        w.SUMMER: (2, 2, "met"),
        w.VILLAGE: (0, None, "not_applicable"),
        "960101002": (1, None, "no_data"),
        w.AUTUMN: (1, 3, "short"),
        w.UNKNOWN: (0, None, "no_data"),
        "960102": (1, 3, "short"),
        "960102001": (1, 3, "short"),
        w.SAME_NAME: (1, 1, "met"),
        w.SNOW: (0, 2, "short"),
        "97": (1, None, "not_in_force"),
        "9701": (1, None, "not_in_force"),
        "970101": (1, None, "not_in_force"),
        "970101001": (1, None, "not_in_force"),
        w.FAR: (1, None, "not_in_force"),
    }


def _rows() -> dict[str, int]:
    """How many rows every table holds that has any."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables))
        return {table: count for table, count in cursor.fetchall() if count}


def _made(make) -> tuple[w.World, dict[str, int]]:
    with transaction.atomic():
        made = make(), _rows()
        transaction.set_rollback(True)
    return made


def test_world_made_again_is_the_world_made_first(db):
    first, rows = _made(w.again)
    assert _made(w.again) == (first, rows)
    assert _made(w.build)[1] == rows
