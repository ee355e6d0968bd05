"""Forms of the checklist of a community."""

from django.utils.translation import gettext_lazy as _

from portal.core.lib.clock import today
from ratings.forms.rows import RowForm
from workforce.forms.fields import DayField, TextField


class FeatureForm(RowForm):
    keys = ("valid_from", "note", "valid_to")
    valid_from = DayField(label=_("自"), initial=today)
    note = TextField(label=_("说明"), required=False, max_length=200, help_text=_("如 文号、地点、负责人职务。"))
    valid_to = DayField(label=_("截止"), required=False, help_text=_("最后一天；仍然有效时不填。"))
