"""Where a write about people may move a figure: every community that any of their records names."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

_TABLES = ("workforce_appointment", "workforce_gridpost", "workforce_exit", "workforce_enrolment")


def communities_sql(people: str) -> str:
    """SELECT of the communities of the people whose ids the SELECT `people` gives."""
    return " UNION ".join(f"SELECT division_id FROM {table} WHERE person_id IN ({people})" for table in _TABLES)


def communities_of(people: Iterable[UUID | str]) -> set[str]:
    """Communities in which a write about these people may move a figure."""
    with connection.cursor() as cursor:
        cursor.execute(communities_sql("SELECT unnest(%(people)s::uuid[])"), {"people": [str(one) for one in people]})
        return {code for (code,) in cursor.fetchall()}
