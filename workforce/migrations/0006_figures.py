"""Counters of every figure in the tallies, and snapshots of them.

The columns have a default in the database, so that adding them rewrites nothing and the running version goes on writing
its own three. The figures' day is forgotten: the next roll counts everything anew, until then figures are counted from
the rows.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from portal.core.lib.operations import AddCounters, counter_field

COUNTERS = tuple(
    ["workers", "in_post", "in_community", "uncounted_part_time", "uncounted_not_managed", "uncounted_no_contract", "uncounted_age", "uncounted_village", "uncounted_status", "certified", "uncertified", "certified_national", "certified_senior", "certified_social_worker", "certified_assistant", "certified_local", "women", "men", "young", "aged_to_45", "aged_46_55", "aged_over_55", "age_sum", "schooling_known", "schooling_unknown", "schooling_below", "schooling_college", "schooling_bachelor", "schooling_master", "schooling_doctor", "college_up", "bachelor_up", "politics_known", "cpc_members", "tier_principal", "tier_deputy", "tier_staff", "body_party", "body_committee", "body_station", "body_centre", "grid_workers", "tenure_known", "tenure_unknown", "tenure_under_1", "tenure_1_3", "tenure_3_5", "tenure_5_10", "tenure_10_up", "tenure_sum", "joined_12m", "joined_year", "trained_in_post", "employed", "contract_labour", "contract_service", "contract_none", "contract_missing", "employer_street", "employer_office", "employer_centre", "employer_other", "employer_unknown", "contract_ends_30", "contract_ends_60", "contract_ends_90", "graded", "graded_principal", "graded_deputy", "graded_staff", "grade_sum", "grade_sum_principal", "grade_sum_deputy", "grade_sum_staff", "paid", "paid_principal", "paid_deputy", "paid_staff", "pay_sum", "pay_sum_principal", "pay_sum_deputy", "pay_sum_staff", "certificate_running", "certificate_due_90", "certificate_overdue", "members", "members_party", "members_committee", "members_both", "members_party_only", "members_committee_only", "members_full_time", "members_women", "members_young", "members_college", "members_schooling_known", "members_cpc", "members_age_sum", "secretaries", "secretaries_women", "secretaries_young", "secretaries_college", "secretaries_schooling_known", "secretaries_age_sum", "chairs", "chairs_women", "communities", "seated", "formed", "one_shoulder", "apart", "without_secretary", "without_chair", "terms", "terms_ended", "terms_due_90", "grids", "micro_grids", "grid_households", "grids_without_chief", "grids_without_full_time", "grids_without_instructor", "grid_people", "grid_chiefs", "grid_full_time", "grid_part_time", "grid_instructors", "grid_doubling", "posts_established", "posts_taken", "posts_vacant", "posts_over", "posts_recorded_committee", "posts_established_committee", "posts_taken_committee", "posts_vacant_committee", "posts_over_committee", "posts_recorded_staff", "posts_established_staff", "posts_taken_staff", "posts_vacant_staff", "posts_over_staff", "exits_12m", "exits_12m_resigned", "exits_12m_retired", "exits_12m_dismissed", "exits_12m_promoted", "exits_12m_not_reelected", "exits_12m_contract_ended", "exits_12m_other", "exits_12m_new", "exits_year", "exits_year_resigned", "exits_year_retired", "exits_year_dismissed", "exits_year_promoted", "exits_year_not_reelected", "exits_year_contract_ended", "exits_year_other", "training_times", "training_times_city", "training_times_district", "training_times_street", "trained", "trained_city", "trained_district", "trained_street"]
)
BIG = tuple(
    ["age_sum", "grade_sum", "grade_sum_principal", "grade_sum_deputy", "grade_sum_staff", "pay_sum", "pay_sum_principal", "pay_sum_deputy", "pay_sum_staff"]
)
OLD = ("workers", "certified", "in_post")


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_stamps'),
        ('workforce', '0005_entry'),
    ]

    operations = [
        *(migrations.AlterField("tally", name, counter_field(False)) for name in OLD),
        AddCounters("tally", tuple(name for name in COUNTERS if name not in OLD), BIG),
        migrations.AddField("tally", "version", models.BigIntegerField(default=0, db_default=0)),
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                *((name, counter_field(name in BIG)) for name in COUNTERS),
                ('on', models.DateField(verbose_name='时点')),
                ('counted_at', models.DateTimeField(auto_now_add=True, verbose_name='统计时间')),
                ('population', models.PositiveBigIntegerField(null=True)),
                ('basis', models.CharField(blank=True, choices=[('urban_permanent', '城镇常住人口'), ('permanent', '常住人口'), ('actual', '实有人口'), ('ledger', '社区台账人口'), ('registered', '户籍人口')], db_default='', default='', max_length=20)),
                ('population_on', models.DateField(null=True)),
                ('population_own', models.BooleanField(null=True)),
                ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='snapshots', to='core.division')),
            ],
            options={
                'indexes': [models.Index(fields=['on', 'division'], name='snapshot_day')],
                'constraints': [models.UniqueConstraint(fields=('division', 'on'), name='snapshot_once')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="snapshot",
            trigger=pgtrigger.compiler.Trigger(name='stamp_snapshots_any', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO core_stamp (key, version) VALUES ('snapshots/', hashtextextended(gen_random_uuid()::text, 0))\nON CONFLICT (key) DO UPDATE SET version = excluded.version;\nRETURN NULL;", hash='95bf8fca345337f238f863e96d7951e109d345c8', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_stamp_snapshots_any_152d3', table='workforce_snapshot', when='AFTER')),
        ),
        migrations.RunSQL("DELETE FROM core_figuresday", migrations.RunSQL.noop),
    ]
