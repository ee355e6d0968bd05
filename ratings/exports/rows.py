"""What the exports of service records share: the place with its code first, and yes or no in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.sheets.columns import Column

PLACE = (Column("code", _L("社区代码"), width=14), Column("community", _L("社区"), width=18))


def yes(value: bool) -> str:
    return _("是") if value else _("否")
