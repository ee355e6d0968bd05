"""Proposals for tests: a session of 东区, its units and who works in them, and a case at the stage that a test needs."""

from datetime import date
from types import SimpleNamespace

from portal.core.accounts.models import User
from proposals.models import Handling, HandlingUnit, Proposal, Proposer, Seat, Session
from tests import factories
from tests import world as w

ASSIGNED = date(2026, 2, 10)


def user(name: str, role: str = "district", code: str = w.DISTRICT) -> User:
    """A user by name, made once; bureau users of a district draft, check, supervise and sign."""
    return User.objects.filter(username=name).first() or factories.user(name, (role, code), division=code)


def people() -> SimpleNamespace:
    """Four of the bureau, and one officer each of the lead and of a co-handling department."""
    return SimpleNamespace(
        office=user("office"), drafter=user("drafter"), checker=user("checker"), supervisor=user("supervisor"),
        leader=user("leader"), lead_officer=user("lead_officer", "handler"), co_officer=user("co_officer", "handler"),
    )  # fmt: skip


def session(division: str = w.DISTRICT, **fields) -> Session:
    about = {"body": "cppcc", "place_name": "区政协", "term": 14, "meeting": 5, "opened_on": date(2026, 1, 10),
             "closed_on": date(2026, 1, 14)} | fields  # fmt: skip
    return Session.objects.get_or_create(
        division_id=division, body=about["body"], term=about["term"], meeting=about["meeting"], defaults=about
    )[0]


def unit(short: str = "区民政局", division: str = w.DISTRICT, *members: User, **fields) -> HandlingUnit:
    about = {
        "short": short,
        "heading": f"东{short}",
        "word": f"东{short[1]}函",
        "contact": "办公室",
        "phone": "0000-0000000",
    }
    made = HandlingUnit.objects.get_or_create(division_id=division, name=f"东{short}", defaults=about | fields)[0]
    for member in members:
        Seat.objects.get_or_create(unit=made, user=member)
    return made


def proposal(number: str = "0023", title: str = "关于加强社区工作者队伍建设的提案", **fields) -> Proposal:
    """A filed proposal of one member, received on the day the session opened."""
    held = fields.pop("session", None) or session()
    names = fields.pop("names", ("甲委员",))
    about = {"proposer_type": "member" if len(names) == 1 else "joint", "proposers_count": len(names), "state": "filed",
             "text": "建议充实社区工作者队伍。", "received_on": held.opened_on, "filed_on": held.closed_on} | fields  # fmt: skip
    about.setdefault("entered_by", user("office"))
    made = Proposal.objects.create(session=held, division_id=held.division_id, number=number, title=title, **about)
    Proposer.objects.bulk_create(
        Proposer(proposal=made, position=place, name=name) for place, name in enumerate(names, 1)
    )
    return made


def handling(of: Proposal, by: HandlingUnit | None = None, role: str = "lead", **fields) -> Handling:
    """A unit's part in a proposal that is in handling, as rows, without deadlines; what goes through actions is elsewhere."""
    about = {"stage": "opinion" if role == "co" else "handling", "assigned_on": ASSIGNED, "assigned_by": user("office"),
             "signed_for_on": ASSIGNED} | fields  # fmt: skip
    if of.assigned_on is None:
        of.state, of.assigned_on = "handling", about["assigned_on"]
        of.save(update_fields=["state", "assigned_on"])
    return Handling.objects.create(proposal=of, division_id=of.division_id, unit=by or unit(), role=role, **about)
