from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Findings of some kinds in one place by an index of their own, made without keeping anybody from writing meanwhile."""

    atomic = False

    dependencies = [
        ('core', '0015_finding_earlier'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='finding',
            index=models.Index(condition=models.Q(('state', 'resolved'), _negated=True), fields=['held_level', 'kind', 'division'], name='finding_held_kind'),
        ),
        RemoveIndexConcurrently(
            model_name='finding',
            name='finding_held',
        ),
    ]
