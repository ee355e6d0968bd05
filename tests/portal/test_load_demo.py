"""The demonstration: what it holds, that a second run only looks, that its logins work, that it spares real data."""

import json
import os
import stat
from collections import Counter
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count, Max, Min, Sum
from django.utils import timezone

from portal.core.accounts.models import Grant, User
from portal.core.findings.models import Finding
from portal.core.indicators import rolling
from portal.core.indicators.parts import DENOMINATOR
from portal.core.letters.models import Letter, NumberRegister
from portal.core.letters.paper import Paper
from portal.core.lib.clock import today
from portal.core.lib.identity import IdNumber, parse_id, parse_phone
from portal.core.policy.models import PolicyRule
from portal.core.territory.models import Basis, Division, Population
from portal.demo import loading, logins, plan
from portal.demo.filling import LEDGER_SOURCE
from portal.registry import INDICATORS, INSPECTIONS
from proposals import models as answered
from proposals.enums import ProposalState, Satisfaction
from proposals.queries.figures import standing
from proposals.queries.ledger import rollable
from proposals.queries.unanswered import unanswered
from proposals.views.task_rolling import rolling_year
from ratings import models as rated
from tests.headcounts import not_counted
from workforce import models
from workforce.actions.tallies import differences
from workforce.enums import NotCounted, StaffingStatus
from workforce.indicators.committees import COMMITTEES
from workforce.models import Appointment, Person
from workforce.queries.forecast import Forecast
from workforce.queries.forecast_parts import Assumed
from workforce.queries.lines import Line, lines_under
from workforce.queries.staffing import StaffingQuery, staffing_of
from workforce.queries.term_before import place_of, term_before

USERS = [
    "city-admin", "city-office", "city-leader", "handler", "district-staff", "street-admin", "community", "auditor",
    "system-admin", "security-admin",
]  # fmt: skip

MONTHS = 4  # of past figures, where the demonstration keeps two years: each is counted like the other


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demonstration loaded once, for all tests of this file; rolled back after the last."""
    folder, kept = tmp_path_factory.mktemp("demo"), settings.DATA_DIR
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "MONTHS_KEPT", MONTHS)
        settings.DATA_DIR = folder
        loaded = call_command("load_demo", verbosity=0)
        connection.check_constraints()  # once: what is left unchecked here is checked at the end of every test
        yield SimpleNamespace(logins=loaded, file=folder / "demo_logins.json")
        settings.DATA_DIR = kept
        transaction.set_rollback(True)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.fixture(autouse=True)
def same_logins(demo):
    """Every test finds the file of logins as the first run left it, as it finds the database."""
    text, times = demo.file.read_text(), demo.file.stat()
    yield
    demo.file.write_text(text)
    os.utime(demo.file, ns=(times.st_atime_ns, times.st_mtime_ns))


def valid(words: dict[str, str]) -> set[str]:
    """Users whose password this is."""
    return {user.username for user in User.objects.filter(is_active=True) if user.check_password(words[user.username])}


def figures(level: int, on: date | None = None) -> list:
    return StaffingQuery(territories=("12",), on=on or today(), level=level).rows()


def test_tree_is_the_whole_of_tianjin():
    assert Counter(Division.objects.values_list("level", flat=True)) == {1: 1, 2: 1, 3: 16, 4: 299, 5: 5617}


def test_city_and_districts_stand_on_the_census():
    assert [(row.basis, row.population, row.required) for row in figures(1)] == [
        ("urban_permanent", 11_744_440, 21_140)
    ]
    assert {row.basis for row in figures(3)} == {"permanent"}
    assert sum(row.population for row in figures(3)) == 13_866_009
    assert all(row.population_outdated for row in figures(1) + figures(3))


def test_some_districts_comply_and_some_are_short():
    states = Counter(row.status for row in figures(3))
    assert set(states) == {StaffingStatus.MET, StaffingStatus.SHORT}
    assert min(states.values()) >= 4
    city = figures(1)[0]
    assert 15 < city.ratio < 25
    assert 80 < city.certified_share < 92


def test_communities_are_short_over_and_without_population():
    rows = [row for row in figures(5) if row.urban]
    states = Counter(row.status for row in rows)
    assert states[StaffingStatus.NO_DATA] == plan.WITHOUT_LEDGER
    assert states[StaffingStatus.SHORT] > 300
    assert sum(row.gap < 0 for row in rows if row.gap is not None) > 300
    assert sum(row.status == StaffingStatus.NO_DATA for row in figures(4)) == plan.WITHOUT_LEDGER


def test_ledger_populations_are_marked_fictitious_and_stay_below_the_census():
    ledgers = Population.objects.filter(basis=Basis.LEDGER)
    assert set(ledgers.values_list("source", flat=True)) == {LEDGER_SOURCE}
    assert "虚构" in LEDGER_SOURCE
    for district in Population.objects.filter(basis=Basis.PERMANENT, division__level=3):
        there = ledgers.under(district.division_id).aggregate(total=Sum("value"))["total"]
        assert 0.2 * district.value < there < district.value


def test_one_street_has_an_outdated_ledger():
    outdated = {row.code for row in figures(4) if row.basis == "ledger" and row.population_outdated}
    assert outdated == {plan.OUTDATED}


def test_about_24000_people_whom_nobody_can_be():
    people = list(Person.objects.all())
    assert 23_000 < len(people) < 25_000
    numbers = [parse_id(person.id_number) for person in people]
    assert all(isinstance(number, IdNumber) and number.number.startswith("999999") for number in numbers)
    assert [(n.birth, n.sex) for n in numbers] == [(p.birth_date, {"male": "M", "female": "F"}[p.sex]) for p in people]
    assert len({n.number for n in numbers}) == len(people)
    phones = {str(person.phone) for person in people}
    assert len(phones) == len(people)
    assert all(phone.startswith("026-") and parse_phone(phone) == phone for phone in phones)


def test_head_of_a_community_holds_two_posts_and_counts_once():
    posts = Appointment.objects.filter(division="120101001001", tier=1).order_by("body")
    assert list(posts.values_list("body", "title", "entry")) == [
        ("committee", "居委会主任", "elected"),
        ("party", "社区党组织书记", "elected"),
    ]
    assert len(set(posts.values_list("person", flat=True))) == 1


def test_every_reason_for_not_counting_occurs():
    assert set(not_counted("12", today())) == set(NotCounted.values)
    villages = [row for row in figures(5) if not row.urban]
    assert sum(row.in_post for row in villages) == 80
    assert sum(row.workers for row in villages) == 0


def test_last_year_was_a_little_different():
    now, before = figures(1)[0], figures(1, today().replace(year=today().year - 1, day=1))[0]
    assert 0.85 * now.workers < before.workers < now.workers
    assert Person.objects.filter(left_on__isnull=False).count() > 500


def test_some_retire_in_most_months_ahead():
    own = staffing_of("12", today())
    months = Forecast(today(), Assumed(36, today() + timedelta(days=300)), own, []).months
    # The age rises by a month for every four months of birth, so that nobody reaches it in one month of five.
    assert sum(month.aged > 0 for month in months) > 25
    assert 100 < sum(month.aged for month in months) < 1000


def test_term_before_is_on_record_as_the_present_one():
    now, _below = lines_under(Division.objects.get(pk="12"), today(), COMMITTEES)
    before = Line(now.division, term_before(COMMITTEES, place_of(now.division), today()).figures)
    assert 0.9 < before.count("one_shoulder_rate", DENOMINATOR) / now.count("one_shoulder_rate", DENOMINATOR) <= 1
    assert 0.5 < before.count("committee_members") / now.count("committee_members") < 1
    assert 0.3 < before.count("cross_appointment") / before.count("committee_members") < 0.8


def test_street_of_the_demonstration_is_a_few_workers_short():
    street = staffing_of(plan.SHOWCASE, today())
    first = Division.objects.under(plan.SHOWCASE).filter(level=5).order_by("code")[0]
    assert street.gap == plan.SHOWCASE_GAP
    assert staffing_of(first.code, today()).gap == plan.SHOWCASE_GAP


def test_tallies_are_exact_and_findings_open():
    assert differences() == []
    short = {row.code for level in (1, 3, 4, 5) for row in figures(level) if row.status == StaffingStatus.SHORT}
    assert set(Finding.objects.filter(kind="staffing").values_list("division", flat=True)) == short


def test_rest_of_the_working_lives_is_there():
    empty = {"PayApproval", "ProfessionalAppointment", "QuotaException", "ReviewStep", "Transfer"}
    counts = {name: getattr(models, name).objects.count() for name in models.__all__}
    assert {name for name, count in counts.items() if not count} == empty
    assert counts["GradeRecord"] == models.GradeRecord.objects.values("person").distinct().count()
    assert set(models.Registration.objects.values_list("certificate__level", flat=True)) == {
        "assistant",
        "social_worker",
        "senior",
    }


def test_service_records_and_ratings_are_there():
    counts = {name: getattr(rated, name).objects.count() for name in rated.__all__}
    names = ("Visit", "ServiceRequest", "Need", "Project", "ProjectNeed", "Facility", "Feature", "Shift", "ItemRefusal")
    assert all(counts[name] for name in names)
    assert 5_000 < counts["Premises"] < 12_000
    assert counts["PointEntry"] and counts["Deliberation"] and counts["ListItem"] and counts["AccessApplication"]


def test_every_unit_has_a_star_of_last_year_and_a_cycle_this_year():
    year = rated.StarGrade.objects.aggregate(year=Max("year"))["year"]
    results = rated.StarGrade.objects.filter(year=year, current=True)
    grades = dict(results.order_by().values_list("grade").annotate(count=Count("id")))
    assert sum(grades.values()) == 5617
    assert {grade: round(count / 5617, 1) for grade, count in grades.items()} == {5: 0.1, 4: 0.4, 3: 0.4, 0: 0.1}
    assert set(results.values_list("change", flat=True)) == {"up", "same", "down"}
    cycles = rated.RatingCycle.objects.filter(year=year + 1)
    assert (cycles.count(), rated.UnitRating.objects.filter(cycle__in=cycles).count()) == (16, 5617)
    assert set(cycles.values_list("stage", flat=True)) == {"self", "joint", "calibration", "notice"}


def test_proposals_stand_at_every_stage_and_agree_with_their_figures():
    counts = {name: getattr(answered, name).objects.count() for name in answered.__all__}
    assert {name for name, count in counts.items() if not count} == set()
    assert (counts["Session"], counts["Proposal"], counts["LedgerTask"]) == (5, 307, 23)
    assert set(answered.Proposal.objects.values_list("state", flat=True)) == set(ProposalState.values)
    stages = set(answered.Handling.objects.values_list("stage", flat=True))
    assert {"return_requested", "returned", "office_check", "signature", "consultation", "archived"} < stages
    assert answered.Publication.objects.filter(published_at__isnull=False).count() > 20
    assert set(answered.Feedback.objects.values_list("result", flat=True)) == {"", *Satisfaction.values}
    assert rolling.differences() == []


def test_pages_of_unanswered_cases_and_of_tasks_to_roll_have_rows():
    clerk, leader = (User.objects.get(username=name) for name in ("city-admin", "city-leader"))
    assert len(unanswered(clerk, "", today())) >= 2
    assert len(rollable(leader, under="", year=rolling_year())) >= 2


def test_letters_of_the_demonstration_have_numbers_without_gap_and_hold_their_hash():
    for register in NumberRegister.objects.all():
        letters = Letter.objects.filter(division=register.division_id, word=register.word, year=register.year)
        assert sorted(letters.values_list("sequence", flat=True)) == list(range(1, register.last + 1))
    assert all(Paper.from_data(one.paper).digest() == one.sha256 for one in Letter.objects.all())


def test_joint_proposal_went_from_its_arrival_to_the_published_letter():
    told = answered.Proposal.objects.get(number="1001")
    parts = dict(told.handlings.values_list("role", "stage").distinct())
    assert (told.state, parts) == ("closed", {"lead": "answered", "co": "opinion_given"})
    letter = answered.Publication.objects.get(reply__handling__proposal=told).reply.letter
    assert [figure["indicator"] for figure in letter.figures] == ["workers", "staffing_ratio"]


def test_promises_of_last_year_go_on_and_a_figure_waits_for_signature_that_changed():
    rolled = answered.Commitment.objects.filter(rolled_from__isnull=False).select_related("rolled_from")
    assert {(one.rolled_from.state, one.year - one.rolled_from.year) for one in rolled} == {("rolled", 1)}
    kept = answered.Commitment.objects.filter(state="kept")
    proven = answered.CommitmentStep.objects.filter(evidence__isnull=False, percent=100)
    assert set(proven.values_list("commitment", flat=True)) == set(kept.values_list("pk", flat=True))
    merged = answered.Proposal.objects.filter(state="merged")
    assert [set(one.handlings.values_list("unit", "role")) for one in merged] == [
        set(one.merged_into.handlings.exclude(stage="returned").values_list("unit", "role")) for one in merged
    ]
    assert all(one.handlings.exists() for one in merged)
    waiting = answered.Reply.objects.filter(handling__stage="signature", figures__indicator="workers")
    assert any(one.changed for reply in waiting for one in standing(reply, INDICATORS))


def test_checks_find_something_of_every_topic_and_not_everybody():
    found = dict(Finding.objects.order_by().values_list("kind").annotate(count=Count("id")))
    topics = {INSPECTIONS[kind].topic for kind in found}
    assert topics == {
        "staffing", "contracts", "certificates", "committee", "pay", "training", "careers", "service", "ratings", "data",
        "proposals",
    }  # fmt: skip
    assert 1_000 < found["certificate_deadline"] < 2_000
    assert sum(found.values()) < 10_000


def test_history_names_the_demonstration_as_actor():
    for model in ("PersonEvent", "AppointmentEvent", "ContractEvent", "CertificateEvent"):
        events = apps.get_model("workforce", model).objects
        assert set(events.values_list("pgh_context__user", "pgh_context__act").distinct()) == {("demo", "fill")}
    assert set(PolicyRule.objects.values_list("entered_by", flat=True)) == {"demo"}


def test_logins_are_one_per_role_and_work(demo):
    assert list(demo.logins) == USERS
    assert valid(demo.logins) == set(USERS)
    first = Appointment.objects.filter(division__gt=plan.SHOWCASE).aggregate(code=Min("division"))["code"]
    grants = {g.user.username: (g.role, g.division_id) for g in Grant.objects.select_related("user")}
    assert grants == {
        "city-admin": ("city", "12"),
        "city-office": ("city", "12"),
        "city-leader": ("city", "12"),
        "handler": ("handler", "12"),
        "district-staff": ("district", "120101"),
        "street-admin": ("street", "120101001"),
        "community": ("community", first),
        "auditor": ("auditor", "12"),
        "system-admin": ("system_admin", None),
        "security-admin": ("security_admin", None),
    }
    assert not User.objects.filter(must_change_password=True).exists()


def test_logins_are_kept_for_the_next_start_and_for_nobody_else(demo):
    assert json.loads(demo.file.read_text()) == demo.logins
    assert stat.S_IMODE(demo.file.stat().st_mode) == 0o600


def test_second_run_changes_nothing_and_only_looks(demo, django_assert_max_num_queries):
    before = demo.file.read_text()
    with django_assert_max_num_queries(17):
        assert call_command("load_demo", verbosity=0) == demo.logins
    assert demo.file.read_text() == before


def test_lost_logins_are_replaced(demo):
    demo.file.unlink()
    fresh = call_command("load_demo", verbosity=0)
    assert valid(fresh) == set(USERS)
    assert valid(demo.logins) == set()


def test_password_that_its_user_changed_is_not_printed(demo):
    User.objects.filter(username="auditor").update(password_changed_at=timezone.now() + timedelta(minutes=1))
    assert call_command("load_demo", verbosity=0) == demo.logins | {"auditor": logins.CHANGED}
    User.objects.filter(username="community").update(username="gone")
    again = call_command("load_demo", verbosity=0)
    assert {name for name in USERS if again[name] != demo.logins[name]} == {"auditor", "community"}
    assert json.loads(demo.file.read_text()) == again
    assert again["auditor"] == logins.CHANGED


def test_account_that_was_switched_off_works_again_with_a_new_password(demo):
    User.objects.filter(username="auditor").update(is_active=False)
    again = call_command("load_demo", verbosity=0)
    assert {name for name in USERS if again[name] != demo.logins[name]} == {"auditor"}
    assert valid(again) == set(USERS)


def test_demo_prints_its_logins_on_the_command_line(demo, run_command):
    lines = run_command("load_demo").out.splitlines()
    assert lines == [f"{name:<14}  {word}" for name, word in demo.logins.items()]


def test_demo_stays_out_of_a_configured_database(run_command, settings):
    settings.EMBEDDED = settings.DEMO = False
    result = run_command("load_demo")
    assert result.code == 1
    assert "works on the embedded database only" in result.err


def test_demo_stays_out_of_a_real_roster(run_command):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_population SET source = '街道台账' WHERE source = %s", [LEDGER_SOURCE])
    result = run_command("load_demo")
    assert result.code == 1
    assert "a roster that is not the demonstration's" in result.err
