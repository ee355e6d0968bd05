"""Foreign keys to people refuse a deletion at once: taking an import back is twice as fast."""

from django.db import migrations

from portal.core.lib.operations import RestrictDeletes


class Migration(migrations.Migration):
    atomic = False  # each key by itself

    dependencies = [
        ("workforce", "0008_restrict_deletes"),
        ("ratings", "0003_star_drafts"),
    ]

    operations = [RestrictDeletes("workforce_person")]
