"""Puts the plan into the database: populations, people, posts, contracts and certificates."""

from collections.abc import Iterator
from datetime import date
from random import Random

from portal.core.audit.actions import action
from portal.core.lib.bulk import insert_rows
from portal.core.lib.fields import index_of, seal_text
from portal.core.lib.text import name_initials, pinyin_key
from portal.core.territory.models import Basis, Division, Population
from portal.demo.plan import Community
from portal.demo.roster import Roster, Worker
from workforce.models import Appointment, Certificate, Contract, Person

LEDGER_SOURCE = "演示数据（虚构）：社区台账"
VILLAGES_STAFFED = 80

_PERSON = (
    "id", "name", "name_pinyin", "name_initials", "id_number", "id_number_index", "sex", "birth_date", "ethnicity",
    "political_status", "education", "degree", "major", "phone", "hired_on", "left_on", "leaving_reason", "version",
)  # fmt: skip
_POST = (
    "person_id", "division_id", "body", "title", "tier", "grade", "entry", "full_time", "managed", "grid_worker",
    "valid_from", "valid_to",
)  # fmt: skip
_CONTRACT = ("person_id", "kind", "party", "party_kind", "valid_from", "valid_to")
_CERTIFICATE = ("person_id", "level", "number", "obtained_on")


@action
def fill(*, planned: list[Community], day: date, by) -> int:
    """Enters the roster of the plan; returns the number of people."""
    workers = list(_workers(planned, day))
    insert_rows(Person, _PERSON, map(_person, workers))
    for model, columns, name in (
        (Appointment, _POST, "posts"),
        (Contract, _CONTRACT, "contracts"),
        (Certificate, _CERTIFICATE, "certificates"),
    ):
        insert_rows(model, columns, ((worker.id, *row) for worker in workers for row in getattr(worker, name)))
    return len(workers)


def ledger(planned: list[Community]) -> list[Population]:
    """The ledger populations of the plan, not yet stored."""
    return [
        Population(
            division_id=community.code,
            on=community.ledger_day,
            basis=Basis.LEDGER,
            value=community.population,
            households=community.households,
            source=LEDGER_SOURCE,
        )
        for community in planned
        if community.population is not None
    ]


def _workers(planned: list[Community], day: date) -> Iterator[Worker]:
    roster = Roster(day)
    streets = dict(Division.objects.filter(code__in={c.street for c in planned}).values_list("code", "label"))
    for community in planned:
        yield from roster.community(community, f"{streets[community.street]}社区工作者事务所")
    districts = {community.code[:6] for community in planned}
    villages = Division.objects.filter(level=5, urban=False, parent__parent__in=districts).order_by("code")
    for code in Random("villages").sample(list(villages.values_list("code", flat=True)), VILLAGES_STAFFED):
        yield from roster.village(code)


def _person(worker: Worker) -> tuple:
    return (
        worker.id,
        worker.name,
        pinyin_key(worker.name),
        name_initials(worker.name),
        seal_text("workforce_person.id_number", worker.number),
        index_of(worker.number),
        worker.sex,
        worker.birth,
        *worker.details,
        seal_text("workforce_person.phone", worker.phone),
        worker.hired_on,
        worker.left_on,
        worker.leaving_reason,
        1,
    )
