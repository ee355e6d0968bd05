import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from portal.core.lib.operations import Together

# What the findings that are there add to the counts; while it runs, nobody changes one.
COUNT = """
INSERT INTO core_findingcount (division_id, kind, state, digits, held_level, due_on, n)
SELECT left(code, kept), kind, state, length(code), held_level, CASE WHEN state <> 'resolved' AND kept <= 4 THEN due_on END,
    sum(n)
FROM (SELECT division_id AS code, kind, state, held_level, due_on, count(*) AS n
      FROM core_finding GROUP BY 1, 2, 3, 4, 5) found
JOIN unnest(ARRAY[0, 2, 4, 6]) kept ON kept <= length(code)
GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1"""


class Migration(migrations.Migration):
    """Counts of findings kept by the database for large places."""

    dependencies = [
        ('core', '0010_finding_counts'),
    ]

    operations = [
        migrations.CreateModel(
            name='FindingCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('division_id', models.CharField(db_collation='C', max_length=12)),
                ('kind', models.CharField(max_length=60)),
                ('state', models.CharField(max_length=12)),
                ('digits', models.PositiveSmallIntegerField()),
                ('held_level', models.PositiveSmallIntegerField()),
                ('due_on', models.DateField(null=True)),
                ('n', models.IntegerField()),
            ],
        ),
        migrations.AddIndex(
            model_name='findingcount',
            index=models.Index(fields=['division_id'], name='finding_count_place'),
        ),
        Together([
            pgtrigger.migrations.AddTrigger(
                model_name='finding',
                trigger=pgtrigger.compiler.Trigger(name='count_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO core_findingcount (division_id, kind, state, digits, held_level, due_on, n)\nSELECT left(code, kept) AS division_id, kind, state, length(code) AS digits, held_level,\n        CASE WHEN state <> 'resolved' AND kept <= 4 THEN due_on END AS due_on, sum(n) AS n\n    FROM (SELECT division_id AS code, kind, state, held_level, due_on, 1 * count(*) AS n FROM new_values GROUP BY 1, 2, 3, 4, 5) changed JOIN unnest(ARRAY[0, 2, 4, 6]) kept ON kept <= length(code)\n    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0;\nRETURN NULL;", hash='09ae79ee30c5e912dd8a59c700df16c04d51e1fc', level='STATEMENT', operation='INSERT', pgid='pgtrigger_count_insert_cffa0', referencing='REFERENCING NEW TABLE AS new_values ', table='core_finding', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='finding',
                trigger=pgtrigger.compiler.Trigger(name='count_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO core_findingcount (division_id, kind, state, digits, held_level, due_on, n)\nSELECT left(code, kept) AS division_id, kind, state, length(code) AS digits, held_level,\n        CASE WHEN state <> 'resolved' AND kept <= 4 THEN due_on END AS due_on, sum(n) AS n\n    FROM (SELECT division_id AS code, kind, state, held_level, due_on, -1 * count(*) AS n FROM old_values GROUP BY 1, 2, 3, 4, 5 UNION ALL SELECT division_id AS code, kind, state, held_level, due_on, 1 * count(*) AS n FROM new_values GROUP BY 1, 2, 3, 4, 5) changed JOIN unnest(ARRAY[0, 2, 4, 6]) kept ON kept <= length(code)\n    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0;\nRETURN NULL;", hash='9d9dfbdd369b44b2b3c8d96d72b2e550458353a3', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_count_update_2f540', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='core_finding', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='finding',
                trigger=pgtrigger.compiler.Trigger(name='count_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO core_findingcount (division_id, kind, state, digits, held_level, due_on, n)\nSELECT left(code, kept) AS division_id, kind, state, length(code) AS digits, held_level,\n        CASE WHEN state <> 'resolved' AND kept <= 4 THEN due_on END AS due_on, sum(n) AS n\n    FROM (SELECT division_id AS code, kind, state, held_level, due_on, -1 * count(*) AS n FROM old_values GROUP BY 1, 2, 3, 4, 5) changed JOIN unnest(ARRAY[0, 2, 4, 6]) kept ON kept <= length(code)\n    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0;\nRETURN NULL;", hash='f331b3a3b6fe2591c30723a2918b1e600a6a31c9', level='STATEMENT', operation='DELETE', pgid='pgtrigger_count_delete_b0e9c', referencing='REFERENCING OLD TABLE AS old_values ', table='core_finding', when='AFTER')),
            ),
        ]),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
