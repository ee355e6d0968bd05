"""Sets the demonstration up step by step; a step that was done before costs a look."""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from portal.core.findings.models import Trigger
from portal.core.findings.runs import run
from portal.core.indicators.rolling import is_kept, recount, roll_figures, take_snapshots
from portal.core.lib.clock import today
from portal.core.lib.dated import add_months
from portal.core.policy.presets import PRESETS, Preset, PresetError, read_presets
from portal.core.territory import loading
from portal.core.territory.models import Basis, Division, Population
from portal.core.territory.population_file import read_populations
from portal.demo import proposals, service, stars, working_life
from portal.demo.filling import fill, ledger
from portal.demo.logins import ensure_logins
from portal.demo.plan import SHOWCASE, communities
from portal.demo.targets import proposal_rules, service_rules, share_targets
from portal.registry import AFTER_INSPECTIONS, INSPECTIONS
from proposals.models import Session
from ratings.models import Facility, StarGrade
from workforce.actions.populations import load_populations
from workforce.actions.rules import load_rules
from workforce.models import Person, Term

CITY = "12"
MONTHS_KEPT = 24
CENSUS = Path(loading.__file__).parent / "data" / "population_tianjin_2020.csv"
FILLED = ("core_division", "core_population", "workforce_person", "workforce_appointment")
FILLED += ("workforce_contract", "workforce_certificate")


class Actor:
    """Who the demonstration's rows were entered by, in the history: no account, and nobody can log in as it."""

    pk = None

    def get_username(self) -> str:
        return "demo"

    def can(self, perm: str, code: str | None = None) -> bool:
        return True


def load(say: Callable[[str], None]) -> dict[str, str]:
    """Brings the demonstration up to date and returns password by user name; `say` hears what takes long."""
    by, day = Actor(), today()
    if not Division.objects.filter(code=CITY).exists():
        say("Loading the divisions of Tianjin ...")
        loading.load_divisions(loading.read_divisions(under=CITY), under=CITY, on=day)
    new = not Person.objects.exists()
    if new:
        say("Making an invented roster ...")
        _fill(by, day)
    if not Term.objects.exists():
        say("Making the rest of their working lives ...")
        load_rules([*_presets(), *share_targets(CITY, day)], by=by)
        working_life.fill(day=day, by=by)
        recount()
        new = True
    moved = roll_figures()
    logins = ensure_logins(by)
    if not Facility.objects.exists():
        say("Making service records and star ratings ...")
        _rate(by, day)
        new = True
    if not Session.objects.exists():
        say("Making proposals, replies and promises ...")
        _propose(by, day)
        new = True
    if not is_kept(day.replace(day=1) - timedelta(days=1)):
        say("Counting the figures of the last two years ...")
        take_snapshots(add_months(day, -MONTHS_KEPT), day)
    if new or moved:
        for inspection in INSPECTIONS.values():
            run(inspection, on=day, trigger=Trigger.MANUAL)
        for follow in AFTER_INSPECTIONS:
            follow(on=day)
    return logins


@transaction.atomic
def _rate(by: Actor, day) -> None:
    """Service records and star ratings, with the rules they go by; an older demonstration gains all of it on upgrade."""
    named = [preset for preset in _presets() if preset.kind.startswith(("service.", "rating."))]
    _enter_rules([*named, *service_rules("1201", SHOWCASE[:6], day)], by)
    service.fill(day=day, by=by)
    if not StarGrade.objects.exists():
        stars.fill(day=day, by=by)
    recount()


@transaction.atomic
def _propose(by: Actor, day) -> None:
    """Sessions with what came of them, with the rules they go by; an older demonstration gains all of it on upgrade."""
    _enter_rules(proposal_rules(CITY, day), by)
    proposals.fill(day=day, by=by)
    recount()


def _enter_rules(presets: list[Preset], by: Actor) -> None:
    """Where users of the demonstration have set a rule of their own meanwhile, that one stays."""
    for preset in presets:
        with contextlib.suppress(PresetError, ValidationError), transaction.atomic():
            load_rules([preset], by=by)


def _presets() -> list:
    return [preset for path in sorted(PRESETS.glob("*.json")) for preset in read_presets(path)]


def _fill(by: Actor, day) -> None:
    with transaction.atomic():
        load_populations(rows=read_populations(CENSUS), by=by)
        census = Population.objects.filter(basis=Basis.PERMANENT, division__level=3).values_list("division_id", "value")
        planned = communities(dict(census), day)
        load_populations(rows=ledger(planned), by=by)
        fill(planned=planned, day=day, by=by)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(FILLED)}")
        recount()
