from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Index for the earlier findings about the same subject, made without keeping anybody from writing meanwhile."""

    atomic = False

    dependencies = [
        ('core', '0014_report_writing'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='finding',
            index=models.Index(condition=models.Q(('state', 'resolved')), fields=['kind', 'subject'], name='finding_earlier'),
        ),
    ]
