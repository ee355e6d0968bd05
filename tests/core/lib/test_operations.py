"""Operations of migrations that Django has not, against PostgreSQL."""

from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from portal.core.lib.operations import AddCounters, RestrictDeletes, Together

TABLES = {"core_shelf", "core_book"}
CREATED = Together(
    [
        migrations.CreateModel("Shelf", [("id", models.AutoField(primary_key=True)), ("name", models.TextField())]),
        migrations.CreateModel(
            "Book",
            [("id", models.AutoField(primary_key=True)), ("shelf", models.ForeignKey("core.Shelf", models.CASCADE))],
        ),
    ]
)
ADDED = Together(
    [
        migrations.AddField("book", "title", models.TextField(default="")),
        migrations.AddField("shelf", "best", models.ForeignKey("core.Book", models.SET_NULL, null=True)),
        migrations.AddIndex("book", models.Index(fields=["title"], name="book_title")),
        migrations.AddConstraint("shelf", models.UniqueConstraint(fields=["name"], name="shelf_name")),
        AddCounters("book", ("pages", "letters"), ("letters",)),
    ]
)


def _states() -> list[ProjectState]:
    states = [ProjectState()]
    for operation in (CREATED, ADDED):
        state = states[-1].clone()
        operation.state_forwards("core", state)
        states.append(state)
    return states


def _tables() -> dict[str, set[str]]:
    """Columns, indexes and constraints of the tables that are there."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES & set(connection.introspection.table_names(cursor)):
            named = connection.introspection.get_constraints(cursor, table)
            columns = {column.name for column in connection.introspection.get_table_description(cursor, table)}
            found[table] = columns | ({"book_title", "shelf_name"} & set(named))
    return found


def test_together_goes_forwards_and_backwards(db):
    empty, created, added = _states()
    two = {"core_shelf": {"id", "name"}, "core_book": {"id", "shelf_id"}}
    with connection.schema_editor() as editor:
        CREATED.database_forwards("core", editor, empty, created)
    assert _tables() == two

    with connection.schema_editor() as editor:
        ADDED.database_forwards("core", editor, created, added)
    assert _tables() == {
        "core_shelf": two["core_shelf"] | {"best_id", "shelf_name"},
        "core_book": two["core_book"] | {"title", "book_title", "pages", "letters"},
    }

    with connection.schema_editor() as editor:
        ADDED.database_backwards("core", editor, added, created)
    assert _tables() == two
    with connection.schema_editor() as editor:
        CREATED.database_backwards("core", editor, created, empty)
    assert _tables() == {}


def test_together_says_what_it_does():
    assert CREATED.describe() == "Create model Shelf; Create model Book"
    assert CREATED.reduces_to_sql
    assert Together([migrations.RunPython(migrations.RunPython.noop)]).reduces_to_sql is False


def test_foreign_keys_restrict_deletions_and_are_as_before_when_taken_back(db):
    states, restricting = _states(), RestrictDeletes("core_shelf")
    found = []
    with connection.schema_editor() as editor:
        CREATED.database_forwards("core", editor, *states[:2])
    for act in ("database_forwards", "database_forwards", "database_backwards"):
        with connection.schema_editor() as editor:
            getattr(restricting, act)("core", editor, states[1], states[1])
        with connection.cursor() as cursor:
            cursor.execute(_KEYS)
            found.append(cursor.fetchall())
    ending = "DEFERRABLE INITIALLY DEFERRED"
    refers = "FOREIGN KEY (shelf_id) REFERENCES core_shelf(id)"
    restricted = [(f"{refers} ON DELETE RESTRICT {ending}", True)]
    assert found == [restricted, restricted, [(f"{refers} {ending}", True)]]


_KEYS = "SELECT pg_get_constraintdef(oid), convalidated FROM pg_constraint WHERE confrelid = 'core_shelf'::regclass"
