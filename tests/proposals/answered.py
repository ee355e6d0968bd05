"""Signed replies for tests: a case whose letter is issued, sent, under publication review or published."""

from datetime import date, timedelta

from portal.core.letters.models import Letter
from portal.core.letters.paper import Block, Contact, Kind, Paper, Style, Table
from portal.core.lib.clock import today
from proposals.actions.publication import check_publication, release_publication
from proposals.actions.sending import Link, send_reply
from proposals.models import Handling, Publication, Reply
from proposals.queries.publication import mark_of
from tests import world as w
from tests.proposals import cases

BODY = "截至2026年3月，全区在岗社区工作者3310人，每万城镇常住人口18人，依据东政发〔2025〕7号。"
SECRET = "13800138000"


def paper(**fields) -> Paper:
    about = {
        "style": Style.LETTER, "title": "关于区政协十四届五次会议第0023号提案答复的函", "issuer": "东区民政局",
        "number": "东民函〔2026〕1号", "class_mark": "A", "addressee": "甲一丁委员",
        "blocks": (
            Block(Kind.PARAGRAPH, "您提出的关于加强社区工作者队伍建设的提案收悉，现答复如下："),
            Block(Kind.HEADING_1, "配备情况"),
            Block(Kind.PARAGRAPH, f"{BODY}经办人电话{SECRET}。"),
            Block(Kind.HEADING_2, "下一步", follows="甲一丁委员的建议已列入计划。"),
            Block(Kind.TABLE, table=Table((("街道", "人数"), ("一号街道", "12")), caption="各街道人数")),
        ),
        "contact": Contact(unit="东区民政局办公室", person="戊某", phone="0000-0000000"),
        "signature": "东区民政局", "dated": date(2026, 3, 2), "note": "此件主动公开", "copies": ("区政协提案委",),
    } | fields  # fmt: skip
    return Paper(**about)


def letter(of: Paper | None = None, **fields) -> Letter:
    held = of or paper()
    about = {"division_id": w.DISTRICT, "year": 2026, "title": held.title, "issued_on": held.dated,
             "issued_by": cases.user("leader"), "sha256": held.digest()} | fields  # fmt: skip
    return Letter.objects.create(paper=held.to_data(), **about)


def signed(handling: Handling, of: Paper | None = None, **fields) -> Reply:
    """The signed answer of the handling's present round."""
    about = {"kind": "reply" if handling.round == 1 else "second", "round": handling.round, "title": "答复",
             "addressee": "甲一丁委员", "opening": "现答复如下", "result": "A", "drafted_by": cases.user("drafter")} | fields  # fmt: skip
    return Reply.objects.create(handling=handling, letter=letter(of), **about)


def ready(names=("甲一丁委员",), number: str = "0023", **fields) -> Handling:
    """A case whose reply is signed and not sent yet."""
    proposal = cases.proposal(number, names=names, **fields)
    handling = cases.handling(proposal, stage="signed", drafted_by=cases.user("drafter"))
    signed(handling)
    return handling


def sent(
    names=("甲一丁委员",), number: str = "0023", sent_on: date | None = None, **fields
) -> tuple[Handling, list[Link]]:
    """The same, sent by post."""
    handling = ready(names, number, **fields)
    day = sent_on or today() - timedelta(days=3)
    links = send_reply(handling=handling, version=handling.version, sent_on=day, mode="mail", by=cases.user("office"))
    handling.refresh_from_db()
    return handling, links


def reviewed(number: str = "0023", of: Paper | None = None, **fields) -> Reply:
    """The signed reply of a case under publication review."""
    proposal = cases.proposal(number, names=("甲一丁委员",), **fields)
    handling = cases.handling(proposal, stage="publication", replied_on=date(2026, 3, 3), sent_on=date(2026, 3, 3))
    return signed(handling, of)


def checked(reply: Reply | None = None, **fields) -> Publication:
    given = {"disclosure": "public"} | fields
    held = reply or reviewed()
    return check_publication(reply=held, by=_office("checker", held), **given)


def _office(name: str, reply: Reply):
    """Somebody of the office that manages the case: of the district, or of the city for its own."""
    if reply.handling.division_id == w.CITY:
        return cases.user(f"city_{name}", "city", w.CITY)
    return cases.user(name)


def published(number: str = "0023", of: Paper | None = None, **fields) -> Publication:
    made = checked(reviewed(number, of, **fields))
    return release_publication(publication=made, seen=mark_of(made), by=_office("office", made.reply))
