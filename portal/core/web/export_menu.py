"""The menu 导出 of a list page: the list as shown, as a file or on paper."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.sheets.exporting import Export

# What belongs to the screen and not to the list.
_OF_THE_SCREEN = ("page", "open")


def export_menu(request: HttpRequest, export: Export, **fixed: str | int) -> list[dict]:
    """One action for the page header, none for whom the list is not meant. `fixed`: what the page's path says of the list.

    The files follow the filters that the reader changes afterwards: a script takes them from the address.
    """
    if not request.user.can(export.perm):
        return []
    query = {name: texts for name, texts in request.GET.lists() if name not in _OF_THE_SCREEN} | fixed
    tail = f"?{urlencode(query, doseq=True)}" if query else ""
    follows = {"follows": True, "fixed": urlencode(fixed)}

    def file(form: str, label: str, icon: str) -> dict:
        return {"label": label, "icon": icon, "url": reverse("export", args=[export.key, form]) + tail, **follows}

    choices = [
        file("xlsx", _("Excel 表格（xlsx）"), "file-earmark-spreadsheet"),
        file("csv", _("文本表格（csv）"), "file-earmark-text"),
    ]
    if export.offers_clear and request.user.can(Perm.EXPORT_ROSTER):
        url = reverse("export_clear", args=[export.key]) + tail
        choices.append({"label": _("含完整证件号码…"), "icon": "eye", "url": url, **follows})
    choices.append({"label": _("打印本页"), "icon": "printer", "print": True})
    return [{"label": _("导出"), "icon": "download", "choices": choices}]
