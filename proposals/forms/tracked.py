"""What the forms of promises and tasks share: the version that was seen, progress, a piece of evidence."""

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from proposals.actions.evidence import Upload
from proposals.actions.files import MOST_BYTES
from ratings.actions.evidence import ENDINGS
from workforce.forms.fields import TextField
from workforce.forms.grids import CountField
from workforce.forms.judged import HouseForm

ALL = ("", _("全部"))
_MEGABYTE = 1024 * 1024


def long_text(label: str | Promise, most: int, rows: int = 3, **options) -> TextField:
    """Some sentences."""
    return TextField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **options)


def percent_field(**options) -> CountField:
    return CountField(label=_("完成进度（%）"), most=100, **options)


def evidence_field() -> forms.FileField:
    hint = _("PDF、JPG、PNG、DOCX 或 XLSX，不超过 {n} MB；加密保存，每次下载都有记录。")
    return forms.FileField(
        label=_("佐证材料"), required=False, max_length=250, help_text=format_lazy(hint, n=MOST_BYTES // _MEGABYTE),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(sum(ENDINGS.values(), ()))}),
    )  # fmt: skip


class SeenForm(HouseForm):
    """A form about a row, of which it carries the version that its reader has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_147_483_647)

    def __init__(self, data=None, files=None, *, row, **options) -> None:
        options["initial"] = {"version": row.version, **self.initial_of(row), **options.get("initial", {})}
        super().__init__(data, files, **options)
        self.row = row

    def initial_of(self, row) -> dict:
        """What the fields begin with."""
        return {}

    def see_again(self) -> None:
        """After a refusal as stale: sent once more, the form counts as having seen the row as it is now."""
        self.row.refresh_from_db()
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(self.row.version)

    def asked(self) -> dict:
        """Arguments of the action."""
        given = dict(self.cleaned_data)
        if "file" in given:
            file = given.pop("file")
            given["upload"] = Upload(file.file, file.name, file.size) if file else None
        return given
