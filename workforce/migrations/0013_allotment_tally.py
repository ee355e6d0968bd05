"""Tallies and snapshots of the heads that rules allot to communities.

The figures' day is forgotten: the next roll counts every book anew, until then figures are counted from the rows.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from portal.core.lib.operations import Together, counter_field

COUNTERS = (
    "staffed",
    "allotment_ruled",
    "allotment_known",
    "allotment_incomplete",
    "allotted",
    "allotment_judged",
    "allotment_met",
    "allotment_short",
    "allotment_missing",
    "allotment_surplus",
    "by_population_ruled",
    "by_population_known",
    "by_population_heads",
    "by_households_ruled",
    "by_households_known",
    "by_households_heads",
    "by_brackets_ruled",
    "by_brackets_known",
    "by_brackets_heads",
    "by_population_binds",
    "by_households_binds",
    "by_brackets_binds",
    "cap_ruled",
    "cap_binds",
)


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0015_finding_earlier'),
        ('workforce', '0012_gridpost_person'),
    ]

    operations = [
        Together([
            migrations.CreateModel(
                name='AllotmentTally',
                fields=[
                    *((name, counter_field(False)) for name in COUNTERS),
                    ('division', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='allotment_tally', serialize=False, to='core.division')),
                    ('version', models.BigIntegerField(db_default=0, default=0)),
                ],
                options={'abstract': False},
            ),
            migrations.CreateModel(
                name='AllotmentSnapshot',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    *((name, counter_field(False)) for name in COUNTERS),
                    ('on', models.DateField(verbose_name='时点')),
                    ('counted_at', models.DateTimeField(auto_now_add=True, verbose_name='统计时间')),
                    ('population', models.PositiveBigIntegerField(null=True)),
                    ('basis', models.CharField(blank=True, choices=[('urban_permanent', '城镇常住人口'), ('permanent', '常住人口'), ('actual', '实有人口'), ('ledger', '社区台账人口'), ('registered', '户籍人口')], db_default='', default='', max_length=20)),
                    ('population_on', models.DateField(null=True)),
                    ('population_own', models.BooleanField(null=True)),
                    ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='allotment_snapshots', to='core.division')),
                ],
                options={
                    'indexes': [models.Index(fields=['on', 'division'], name='allotment_snapshot_day')],
                    'constraints': [models.UniqueConstraint(fields=('division', 'on'), name='allotment_snapshot_once')],
                },
            ),
        ]),
        pgtrigger.migrations.AddTrigger(
            model_name='allotmentsnapshot',
            trigger=pgtrigger.compiler.Trigger(name='stamp_snapshots_any', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO core_stamp (key, version) VALUES ('snapshots/', hashtextextended(gen_random_uuid()::text, 0))\nON CONFLICT (key) DO UPDATE SET version = excluded.version;\nRETURN NULL;", hash='101aefbb78073ae420b0277ab5755b23b27c1fe2', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_stamp_snapshots_any_d831b', table='workforce_allotmentsnapshot', when='AFTER')),
        ),
        migrations.RunSQL("DELETE FROM core_figuresday", migrations.RunSQL.noop),
    ]
