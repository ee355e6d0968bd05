from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes for the counts of the inbox and of the badge, made without keeping anybody from writing meanwhile."""

    atomic = False

    dependencies = [
        ('core', '0009_report_scopes'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='finding',
            index=models.Index(fields=['division', 'state', 'kind', 'held_level'], name='finding_counts'),
        ),
        AddIndexConcurrently(
            model_name='finding',
            index=models.Index(
                condition=models.Q(('state', 'open')), fields=['held_level', 'division'], name='finding_waiting'
            ),
        ),
        RemoveIndexConcurrently(model_name='finding', name='finding_division_state'),
    ]
