from datetime import timedelta

from portal.core.findings.actions import acknowledge
from portal.core.findings.models import Finding, State
from portal.core.findings.reconcile import Reconciled, reconcile
from tests import factories
from tests import world as w
from workforce.actions.tallies import refresh_tallies
from workforce.inspections.staffing import STAFFING

SHORT = {"96", "960101", w.STREET, w.SPRING, w.AUTUMN, "960102", "960102001", w.SNOW}


def run(world, days=0):
    return reconcile(inspection=STAFFING, on=world.today + timedelta(days=days), by=None)


def fill(code, heads):
    for number in range(heads):
        factories.worker(f"补{number}", code)
    refresh_tallies([code])


def test_opens_one_finding_per_short_division_with_numbers_and_source(world):
    assert run(world) == Reconciled(opened=8, refreshed=0, resolved=0)
    assert set(Finding.objects.values_list("division_id", flat=True)) == SHORT
    facts = Finding.objects.get(division_id=w.SPRING).facts
    assert {key: facts[key] for key in ("required", "workers", "gap", "population", "heads", "per", "article")} == {
        "required": 6,
        "workers": 2,
        "gap": 4,
        "population": 3000,
        "heads": 18,
        "per": 10_000,
        "article": "第一条",
    }
    assert "应配 6 人，在岗 2 人，缺 4 人" in STAFFING.headline(facts)


def test_twice_and_late_is_the_same(world):
    run(world)
    assert run(world) == Reconciled(opened=0, refreshed=8, resolved=0)
    assert run(world, days=3) == Reconciled(opened=0, refreshed=8, resolved=0)
    assert Finding.objects.get(division_id=w.SPRING).opened_on == world.today


def test_resolves_by_itself_and_reopens_as_a_new_finding(world):
    run(world)
    fill(w.AUTUMN, 2)
    assert run(world) == Reconciled(opened=0, refreshed=7, resolved=1)
    gone = Finding.objects.get(division_id=w.AUTUMN)
    assert (gone.state, gone.resolved_on) == (State.RESOLVED, world.today)
    for post in world.people["周秋"].appointments.all():
        post.valid_to = world.today
        post.save()
    refresh_tallies([w.AUTUMN])
    assert run(world).opened == 1
    assert Finding.objects.filter(division_id=w.AUTUMN).count() == 2


def test_acknowledged_stays_acknowledged_and_resolves(world):
    run(world)
    finding = acknowledge(finding=Finding.objects.get(division_id=w.AUTUMN), note="已报区里", by=world.users.neighbour)
    run(world)
    finding.refresh_from_db()
    assert (finding.state, finding.acknowledged_by, finding.note) == (State.ACKNOWLEDGED, "neighbour", "已报区里")
    fill(w.AUTUMN, 2)
    run(world)
    finding.refresh_from_db()
    assert finding.state == State.RESOLVED


def test_inbox_holds_the_territory_only(world):
    run(world)
    mine = Finding.objects.for_user(world.users.street, "finding.view")
    assert set(mine.values_list("division_id", flat=True)) == {w.STREET, w.SPRING}
    assert Finding.objects.for_user(world.users.outsider, "finding.view").count() == 0
