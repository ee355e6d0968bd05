"""Answers for the matrices: a draft, and an issued one, of the unit that the world's handler works for."""

from portal.core.letters.models import Letter
from portal.core.letters.paper import Paper, Style
from portal.core.lib.clock import today
from proposals.models import Reply
from tests.makers.proposals import part_of
from tests.proposals import cases


def _reply(code: str, **fields) -> Reply:
    about = {"title": "矩阵", "addressee": "甲委员", "opening": "x", "drafted_by": cases.user("office")}
    return Reply.objects.create(handling=part_of(code), **(about | fields))


def issued(code: str) -> Reply:
    reply = _reply(code)
    paper = Paper(style=Style.LETTER, title="矩阵", dated=today())
    reply.letter = Letter.objects.create(
        division_id=reply.handling.division_id, year=today().year, title="矩阵", issued_on=today(),
        issued_by=cases.user("office"), paper=paper.to_data(), sha256=paper.digest(),
    )  # fmt: skip
    reply.save(update_fields=["letter"])
    return reply


MAKERS = {
    "reply": lambda code: [_reply(code).pk],
    "reply_page": lambda code: [_reply(code).pk, 1],
    "reply_file": lambda code: [_reply(code).pk, "docx"],
    "reply_issued": lambda code: [issued(code).pk],
}
