"""What the dated records of a person have in common: entered, corrected, ended, taken back; never deleted.

A record taken back keeps its row with the empty period [d, d): it holds on no day, collides with nothing and stays
readable as what was entered by mistake.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from portal.core.lib.dated import end_of


def enter(model: type[models.Model], fields: dict, *, overlap: str, field: str = "valid_from") -> models.Model:
    """A new row. Raises ValidationError with the sentence `overlap` where the database refuses it as a second one."""
    return put(model(**fields), overlap=overlap, field=field)


def change(row: models.Model, fields: dict, *, overlap: str, field: str = "valid_from") -> models.Model:
    """The row as it should have been. Raises ValidationError as `enter` does."""
    for name, value in fields.items():
        setattr(row, name, value)
    return put(row, overlap=overlap, field=field)


def put(row: models.Model, *, overlap: str, field: str) -> models.Model:
    _refuse_reversed(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ValidationError({field: overlap}) from error
    return row


def _refuse_reversed(row: models.Model) -> None:
    """An end before the beginning is a slip; the empty period is kept for what is taken back."""
    if row.valid_to is not None and row.valid_to <= row.valid_from:
        raise ValidationError({"valid_to": _("最后一天不能早于开始日期。")})


def close(row: models.Model, last_day: date) -> None:
    """Ends a row; `last_day` still counts. Raises ValidationError before the first day, or past the start of another row."""
    if last_day < row.valid_from:
        raise ValidationError({"last_day": _("截止日期不能早于开始日期；登记有误时请撤回这条记录。")})
    end(row, end_of(last_day), field="last_day")


def end(row: models.Model, valid_to: date | None, *, field: str = "") -> None:
    """Gives a row another end, of the form's `field`. Raises ValidationError where that runs into a later one of its kind."""
    row.valid_to = valid_to
    try:
        with transaction.atomic():
            row.save(update_fields=["valid_to"])
    except IntegrityError as error:
        sentence = _("这样会与之后的另一条同类记录重叠。请先更正那条记录的起始日期。")
        raise ValidationError({field: sentence} if field else sentence) from error


def withdraw(row: models.Model) -> None:
    """Takes back a row that should never have been entered. Raises ValidationError when it was taken back before."""
    if taken_back(row):
        raise ValidationError(_("这条记录已经撤回。"))
    end(row, row.valid_from)


def taken_back(row: models.Model) -> bool:
    """Whether a dated row was taken back."""
    return row.valid_to == row.valid_from
