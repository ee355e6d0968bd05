"""A thing of every kind of intake, in the district of a place."""

from portal.core.accounts.models import User
from portal.core.lib.vault import write_sealed
from proposals.actions.files import path_of
from proposals.models import CaseFile, HandlingUnit, Seat
from tests import factories
from tests.makers.proposals import DIGITS, part_of
from tests.proposals import cases


def _file(code):
    proposal = part_of(code).proposal
    about = {
        "filename": "x.pdf",
        "content_type": "pdf",
        "size": 1,
        "sha256": "0" * 64,
        "added_by": cases.user("office"),
    }
    row = CaseFile.objects.create(division_id=proposal.division_id, proposal=proposal, **about)
    write_sealed(path_of(row.pk), [b"x"], f"proposals.file:{row.pk}")
    return [row.pk]


def _unit(code):
    return cases.unit(f"第{HandlingUnit.objects.count() + 1}局", code[:DIGITS])


def _seat(code):
    return [Seat.objects.create(unit=_unit(code), user=factories.user(f"seated{User.objects.count()}")).pk]


MAKERS = {
    "proposal_act": lambda code: [part_of(code).proposal_id, "file"],
    "case_file": _file,
    "session": lambda code: [cases.session(code[:DIGITS]).pk],
    "handling_unit": lambda code: [_unit(code).pk],
    "seat": _seat,
}
