"""Which signed letter of a handling is its answer: the one that goes out, and the one that is published."""

from django.db.models import QuerySet

from proposals.enums import ReplyKind
from proposals.models import Handling, Reply


def signed(handling: Handling) -> QuerySet[Reply]:
    """The signed letters of a handling, the latest first; drafts are none of them."""
    found = Reply.objects.filter(handling=handling, letter__isnull=False)
    return found.select_related("letter", "handling__proposal__session", "handling__unit").order_by("-pk")


def reply_of_round(handling: Handling) -> Reply | None:
    """The signed answer of the present round; a corrected one is replaced by its correction."""
    answers = signed(handling).filter(round=handling.round).exclude(kind=ReplyKind.IMPLEMENTATION)
    return answers.filter(correction__letter__isnull=True).first()


def answer_of(handling: Handling) -> Reply | None:
    """The latest signed answer of any round."""
    answers = signed(handling).exclude(kind=ReplyKind.IMPLEMENTATION).filter(correction__letter__isnull=True)
    return answers.order_by("-round", "-pk").first()


def implementations(handling: Handling) -> list[Reply]:
    """The later reports on what became of the answer, signed and not corrected, the first one first."""
    found = signed(handling).filter(kind=ReplyKind.IMPLEMENTATION, correction__letter__isnull=True)
    return list(found.order_by("pk"))
