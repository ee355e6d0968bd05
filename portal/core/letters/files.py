"""Letters as files: each made once from the frozen paper, kept byte for byte, checked whenever it is read."""

import hashlib
import hmac

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.core.letters.models import Letter, LetterFile, LetterForm
from portal.core.letters.paper import Paper
from portal.core.letters.pdf import pdf
from portal.core.letters.word import docx

TYPES = {
    LetterForm.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    LetterForm.PDF: "application/pdf",
}
_MAKERS = {LetterForm.DOCX: docx, LetterForm.PDF: pdf}
_NO_FILE_NAME = str.maketrans(dict.fromkeys('/\\:*?"<>|\r\n\t', " "))
_LONGEST_NAME = 80


class LetterAltered(Exception):
    """A letter or a file of it is no longer what was issued; the sentence says so."""


def paper_of(letter: Letter) -> Paper:
    """The paper as issued. LetterAltered where the stored text does not fit its hash."""
    try:
        paper = Paper.from_data(letter.paper)
    except ValueError as error:
        raise LetterAltered(_altered()) from error
    if not hmac.compare_digest(paper.digest(), letter.sha256):
        raise LetterAltered(_altered())
    return paper


def name_of(letter: Letter, form: str) -> str:
    """A file name that begins with the number, or else with the day."""
    head = letter.number or f"{letter.issued_on:%Y%m%d}"
    return f"{head} {letter.title}".translate(_NO_FILE_NAME)[:_LONGEST_NAME].rstrip() + f".{form}"


def file_of(letter: Letter, form: str) -> tuple[str, bytes]:
    """Name and content, made at the first call and the same ever after.

    LetterAltered where text or file have been tampered with; NoChineseFont and CannotShow as `pdf`.
    """
    form = LetterForm(form)
    kept = LetterFile.objects.filter(letter=letter, form=form).first() or _make(letter, form)
    content = bytes(kept.content)
    if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), kept.sha256):
        raise LetterAltered(_altered())
    return name_of(letter, form), content


def _make(letter: Letter, form: LetterForm) -> LetterFile:
    content = _MAKERS[form](paper_of(letter))
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        with transaction.atomic():
            return LetterFile.objects.create(letter=letter, form=form, sha256=sha256, content=content)
    except IntegrityError:  # somebody else made it at the same moment
        return LetterFile.objects.get(letter=letter, form=form)


def _altered() -> str:
    return _("保存的公文与签发时的校验值不一致，已停止下载。请联系系统管理员核查。")
