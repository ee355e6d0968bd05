"""A letter and a batch of letters, in a place."""

from django.contrib.auth import get_user_model
from django.db import transaction

from portal.core.letters.actions import issue_letter
from portal.core.letters.models import Letter, LetterBatch
from portal.core.lib.clock import today
from portal.core.territory.models import Division
from tests import factories
from tests import world as w
from tests.core.letters.samples import REPLY

# A batch is its maker's alone: of the role whose own place this is in the matrices.
_MAKERS = {w.SNOW: "city", w.AUTUMN: "district"}


def _issued(code) -> Letter:
    by = get_user_model().objects.filter(username="office").first() or factories.user("office")
    with transaction.atomic():
        place = Division.objects.get(pk=code)
        return issue_letter(division=place, word="", paper=REPLY, issued_on=today(), by=by)


def _batch(code):
    by = get_user_model().objects.get(username=_MAKERS.get(code, "outsider"))
    return [LetterBatch.objects.create(asked_by=by, form="docx", letters=[_issued(code).pk]).pk]


MAKERS = {
    "letter": lambda code: [_issued(code).pk],
    "letter_file": lambda code: [_issued(code).pk, "docx"],
    "letter_batch": _batch,
}
