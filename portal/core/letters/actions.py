"""Issuing letters: number, text and hash in one transaction, and never changed afterwards."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from portal.core.audit.actions import record
from portal.core.letters.models import Letter
from portal.core.letters.numbers import number_text, take_number
from portal.core.letters.paper import Paper
from portal.core.territory.models import Division

_LONGEST_TITLE = 200


def issue_letter(
    *,
    division: Division,
    word: str,
    paper: Paper,
    figures: Sequence[dict[str, Any]] = (),
    issued_on: date,
    by,
    corrects: Letter | None = None,
) -> Letter:
    """Freezes a paper as a letter, with the next number of the place's register under `word` (empty: none is given).

    A part of the caller's action: runs inside its transaction and leaves it to the caller who may sign. Number and date
    on the paper are those of the register and of `issued_on`. A letter that was wrong is answered by a new one that
    `corrects` it, once. ValidationError where the paper has no title or the letter is corrected already.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a letter is issued inside the transaction of the act that signs it")
    title = "".join(line.strip() for line in paper.title.splitlines())
    if not title or len(title) > _LONGEST_TITLE:
        raise ValidationError(_("公文标题须为 1 至 %(most)s 个字。") % {"most": _LONGEST_TITLE})
    if corrects is not None:
        _check_correction(corrects, division)
    sequence = take_number(division.pk, word, issued_on.year) if word else None
    number = number_text(word, issued_on.year, sequence) if sequence else ""
    frozen = replace(paper, number=number, dated=issued_on, stamp="")
    letter = Letter.objects.create(
        division=division,
        word=word,
        year=issued_on.year,
        sequence=sequence,
        number=number,
        title=title,
        issued_on=issued_on,
        issued_by=by,
        paper=frozen.to_data(),
        figures=list(figures),
        sha256=frozen.digest(),
        corrects=corrects,
    )
    corrected = {"corrects": str(corrects.pk)} if corrects else {}
    record("letter_issued", by=by, subject=str(letter), division=division.pk, sha256=letter.sha256, **corrected)
    return letter


def _check_correction(corrects: Letter, division: Division) -> None:
    held = Letter.objects.select_for_update().filter(pk=corrects.pk).first()
    if held is None or held.division_id != division.pk:
        raise ValidationError(_("被更正的公文不属于这个地区。"))
    if Letter.objects.filter(corrects=held).exists():
        raise ValidationError(_("这份公文已经有更正件。如仍需更正，请对更正件再作更正。"))
