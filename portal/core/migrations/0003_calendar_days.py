"""The working calendar of the years that this release ships; years loaded by the office itself are left alone."""

from django.db import migrations

from portal.core.workdays.files import SHIPPED, read_calendar


def load(apps, schema_editor):
    calendar = apps.get_model("core", "CalendarDay")
    known = set(calendar.objects.values_list("day__year", flat=True))
    shipped = read_calendar(SHIPPED.read_text(encoding="utf-8"))
    calendar.objects.bulk_create(
        calendar(day=named.day, is_workday=named.is_workday, name=named.name, source=named.source)
        for named in shipped
        if named.day.year not in known
    )


class Migration(migrations.Migration):

    # Row history of the days needs the function that pghistory brings.
    dependencies = [("core", "0002_findings_live"), ("pghistory", "0007_auto_20250421_0444")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
