"""Operations of migrations that Django has not."""

from django.db.migrations.operations.base import Operation
from django.db.models import BigIntegerField, IntegerField


def counter_field(big: bool) -> IntegerField:
    """The column of a counter: never empty, 0 in the rows that are there already, which costs no rewrite of the table."""
    return (BigIntegerField if big else IntegerField)(default=0, db_default=0)


class AddCounters(Operation):
    """Adds many counter columns to one table at once; as so many AddField they would take Django half a minute."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str, names: tuple[str, ...], big: tuple[str, ...] = ()) -> None:
        self.model_name, self.names, self.big = model_name, names, big

    def deconstruct(self):
        return self.__class__.__qualname__, [self.model_name, self.names, self.big], {}

    def state_forwards(self, app_label, state):
        key = app_label, self.model_name.lower()
        state.models[key].fields |= {name: counter_field(name in self.big) for name in self.names}
        state.reload_model(*key, delay=True)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        self._each(schema_editor, to_state.apps.get_model(app_label, self.model_name), "add_field")

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        self._each(schema_editor, from_state.apps.get_model(app_label, self.model_name), "remove_field")

    def _each(self, schema_editor, model, act: str) -> None:
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            for name in self.names:
                getattr(schema_editor, act)(model, model._meta.get_field(name))

    def describe(self) -> str:
        return f"Add {len(self.names)} counters to {self.model_name}"


class RestrictDeletes(Operation):
    """Lets the app's foreign keys to some tables refuse a deletion at once: ON DELETE RESTRICT (docs/adr/0020).

    Each is made anew by itself, first for new rows only and then looked through, so that nobody waits; for migrations
    that are not atomic. What is inserted is still checked at the end of the transaction. Safe to run again.
    """

    reduces_to_sql = True
    reversible = True

    _FOUND = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I, ADD CONSTRAINT %%I ', t, k.conname, k.conname)
        || replace(replace(pg_get_constraintdef(k.oid), ' ON DELETE RESTRICT', ''), ' DEFERRABLE', %s) || ' NOT VALID',
        format('ALTER TABLE %%s VALIDATE CONSTRAINT %%I', t, k.conname)
    FROM pg_constraint k CROSS JOIN LATERAL (SELECT k.conrelid::regclass AS t) t
    WHERE k.contype = 'f' AND k.confdeltype = %s AND k.confrelid = ANY(%s::regclass[])
      AND starts_with(k.conrelid::regclass::text, %s) ORDER BY k.conname"""

    def __init__(self, *tables: str) -> None:
        self.tables = tables

    def deconstruct(self):
        return self.__class__.__qualname__, list(self.tables), {}

    def state_forwards(self, app_label, state):
        """The models do not tell of it."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        self._remake(schema_editor, app_label, "a", " ON DELETE RESTRICT DEFERRABLE")

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        self._remake(schema_editor, app_label, "r", " DEFERRABLE")

    def _remake(self, schema_editor, app_label, present: str, ending: str) -> None:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(self._FOUND, [ending, present, list(self.tables), f"{app_label}_"])
            for statements in cursor.fetchall():
                for statement in statements:
                    schema_editor.execute(statement)

    def describe(self) -> str:
        return f"Foreign keys to {', '.join(self.tables)} refuse a deletion at once"


class Together(Operation):
    """Operations of a migration done as one, between the same two states.

    One after the other each makes Django build all models anew that have to do with it: half a minute for a new
    database. For operations that do not build on each other: those that create models, or those that add to models.
    """

    reversible = True

    def __init__(self, operations: list[Operation]) -> None:
        self.operations = operations

    @property
    def reduces_to_sql(self) -> bool:
        return all(one.reduces_to_sql for one in self.operations)

    def deconstruct(self):
        return self.__class__.__qualname__, [self.operations], {}

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # built anew when next asked for
        for one in self.operations:
            one.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for one in self.operations:
            one.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for one in reversed(self.operations):
            one.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(one.describe() for one in self.operations)
