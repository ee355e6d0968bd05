import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models
from django.db.models.functions import Concat


class Migration(migrations.Migration):
    """The guard of posts against overlaps no longer draws the planner to it for a range of places.

    It is made anew in one go, while nobody reads posts: less than a second for a city of 60,000.
    """

    dependencies = [
        ('workforce', '0010_case_extension'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='appointment', name='appointment_no_overlap'),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('person', '='), (Concat(models.F('division'), models.Value('')), '='), ('body', '='), ('title', '='), (models.Func('valid_from', 'valid_to', models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='appointment_no_overlap'),
        ),
    ]
