from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds an index alone, without keeping anybody from writing meanwhile."""

    atomic = False

    dependencies = [
        ('proposals', '0005_task_rolled'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='handling',
            index=models.Index(
                condition=models.Q(('due_on__isnull', False)),
                fields=['division', 'suspended', 'due_on'],
                name='handling_lights',
            ),
        ),
    ]
