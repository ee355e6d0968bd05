"""Foreign keys to people and what hangs on them refuse a deletion at once: taking an import back is twice as fast."""

from django.db import migrations

from portal.core.lib.operations import RestrictDeletes


class Migration(migrations.Migration):
    atomic = False  # each key by itself

    dependencies = [
        ("workforce", "0007_star_ratings"),
    ]

    operations = [RestrictDeletes("workforce_person", "workforce_appointment", "workforce_certificate")]
