"""Document numbers (发文字号): one register per place, word and year, without gap or double. Source: GB/T 9704-2012, 7.2.5."""

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from portal.core.letters.models import NumberRegister


def number_text(word: str, year: int, sequence: int) -> str:
    """朝民函〔2023〕32号: full year in these brackets, no padding zeros, no 第."""
    return f"{word}〔{year}〕{sequence}号"


def take_number(division_id: str, word: str, year: int) -> int:
    """The next number of a register, inside the caller's transaction; others wait for it to end.

    A transaction that is taken back gives its number back with everything else, so there is no gap.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a document number is taken inside the transaction that issues its letter")
    if not word or len(word) > NumberRegister._meta.get_field("word").max_length:
        raise ValidationError(_("机关代字须为 1 至 12 个字。"))
    which = {"division_id": division_id, "word": word, "year": year}
    NumberRegister.objects.bulk_create([NumberRegister(**which)], ignore_conflicts=True)
    register = NumberRegister.objects.select_for_update().get(**which)
    register.last += 1
    register.save(update_fields=["last"])
    return register.last
