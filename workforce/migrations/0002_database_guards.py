from django.db import migrations

from portal.core.audit.append_only import protect

# Django adds a pattern index to a text primary key; with collation "C" the key's own index serves prefixes already.
DROP_PATTERN_INDEX = """
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT indexname FROM pg_indexes
        WHERE schemaname = current_schema() AND tablename = 'core_division' AND indexname LIKE '%\\_like'
    LOOP
        EXECUTE format('DROP INDEX %I', name);
    END LOOP;
END $$"""


class Migration(migrations.Migration):
    """Audit tables become append-only for the role that runs the portal."""

    dependencies = [("core", "0001_initial"), ("workforce", "0001_initial")]

    operations = [
        migrations.RunSQL(DROP_PATTERN_INDEX, migrations.RunSQL.noop),
        migrations.RunPython(protect, migrations.RunPython.noop),
    ]
