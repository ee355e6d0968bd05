"""Figures kept ready: found again while nothing has changed, and never after anything has, whoever changed it."""

import csv
import io
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from openpyxl import load_workbook

from portal.core.accounts.models import ApiToken, Grant
from portal.core.accounts.roles import Scope
from portal.core.indicators.stamps import stamp_of
from portal.core.lib import shared
from portal.core.policy.actions import end_rule, set_rule
from portal.core.policy.models import PolicyRule
from portal.core.territory.models import Division, Population
from portal.core.web import answers
from tests import factories
from tests import world as w
from tests.api.conftest import refused
from workforce.actions import certificates, contracts, people, statuses
from workforce.actions.populations import load_populations, record_population
from workforce.actions.tallies import recount, roll_figures
from workforce.counters import BOOK
from workforce.models import Appointment, Snapshot

STAFFING = "/api/v1/staffing/?division=960101"
RATIO = f"/api/v1/indicators/staffing_ratio/?division={w.SPRING}"
SHARE = f"/api/v1/indicators/certified_share/?division={w.SPRING}"
SERIES = f"/api/v1/indicators/certified_share/series/?division={w.SPRING}"
TREE = f"/api/v1/indicators/values/?keys=workers,certified_share,staffing_ratio&division={w.STREET}&level=community"
ADDRESSES = (STAFFING, RATIO, SHARE, SERIES, TREE)


@pytest.fixture
def city(world, api):
    return api(world.users.city, Scope.STATS_READ)


@pytest.fixture
def made(monkeypatch):
    """How often an answer had to be made."""
    count = []
    keep = answers._keep
    monkeypatch.setattr(answers, "_keep", lambda *args: count.append(1) or keep(*args))
    return count


def tags(client) -> dict[str, str]:
    return {address: client.get(address)["ETag"] for address in ADDRESSES}


def bodies(client) -> dict[str, dict]:
    """What is answered now, with what had been answered before in everybody's hands."""
    return {address: client.get(address).json() for address in ADDRESSES}


def afresh(client, monkeypatch) -> dict[str, dict]:
    """What would be answered if nothing were kept."""
    with monkeypatch.context() as patch:
        patch.setattr(answers, "_kept", lambda *args: None)
        return bodies(client)


def test_second_answer_is_the_kept_one_to_the_byte(city, made):
    for address in ADDRESSES:
        first, second = city.get(address), city.get(address)
        assert (first.content, first["ETag"]) == (second.content, second["ETag"])
        for header in ("Content-Type", "Cache-Control"):
            assert first[header] == second[header]
        assert set(first["Vary"].split(", ")) == set(second["Vary"].split(", "))
    assert len(made) == len(ADDRESSES)


def test_kept_answer_and_304_cost_two_queries(city, django_assert_num_queries):
    for address in ADDRESSES:
        tag = city.get(address)["ETag"]
        with django_assert_num_queries(2):  # the token with its user and grants, the stamp
            assert city.get(address).status_code == 200
        with django_assert_num_queries(2):
            answer = city.get(address, headers={"if-none-match": tag})
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)


@pytest.mark.parametrize("accept", ["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"])
def test_sheets_are_kept_too(city, made, accept):
    first, second = (city.get(STAFFING, headers={"accept": accept}) for _time in range(2))
    assert first.getvalue() == second.getvalue()
    assert first["Content-Disposition"] == second["Content-Disposition"]
    assert len(made) == 1


def test_formats_languages_fields_and_hosts_have_answers_of_their_own(city, made):
    variants = [
        city.get(RATIO),
        city.get(RATIO, headers={"accept-language": "en"}),
        city.get(RATIO, headers={"accept": "text/csv"}),
        city.get(RATIO + "&fields=code"),
        city.get(RATIO, headers={"host": "portal.invalid"}),
    ]
    assert len(made) == len(variants)
    assert "portal.invalid" in variants[-1].json()["results"][0]["rows"]["numerator"]


def test_readers_of_one_territory_share_their_answers_and_others_do_not(world, api, made):
    address = "/api/v1/indicators/workers/"
    first = api(factories.user("one", ("district", w.DISTRICT))).get(address)
    assert api(factories.user("two", ("district", w.DISTRICT))).get(address).content == first.content
    assert len(made) == 1
    assert api(world.users.street).get(address).content != first.content


PAY = (
    f"mean_pay/?division={w.DISTRICT}",
    f"mean_pay/?division={w.DISTRICT}&level=community",
    f"values/?topic=pay&division={w.DISTRICT}",
    f"values/?keys=workers,mean_pay&division={w.DISTRICT}",
    f"values/?division={w.DISTRICT}&page_size=500",
    f"mean_grade/series/?division={w.DISTRICT}",
)
FORMATS = ("application/json", "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@pytest.mark.parametrize("accept", FORMATS)
@pytest.mark.parametrize("path", PAY)
def test_what_is_kept_of_pay_is_for_those_who_may_see_pay(world, api, city, path, accept):
    """An auditor of the same territory, who may see figures and not pay, gets neither the answer nor a 304."""
    address, headers = f"/api/v1/indicators/{path}", {"accept": accept}
    kept = city.get(address, headers=headers)
    assert kept.status_code == 200
    auditor = api(world.users.auditor, Scope.STATS_READ)
    for known in ({}, {"if-none-match": kept["ETag"]}, {"if-none-match": "*"}):
        answer = auditor.get(address, headers=headers | known)
        if path.startswith("values/?division"):
            assert (answer.status_code, "etag" in answer.headers) == (304 if "*" in known.values() else 200, True)
            assert answer["ETag"] != kept["ETag"]
            assert answer.status_code == 304 or not {"mean_pay", "mean_grade"} & _keys(answer)
        else:
            refused(answer, 404, "not-found")
    again = city.get(address, headers=headers | {"if-none-match": kept["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def _keys(answer) -> set[str]:
    """Keys of the figures in an answer of any format."""
    if answer["Content-Type"] == FORMATS[2]:
        rows = list(load_workbook(io.BytesIO(answer.getvalue())).active.values)
        return {row[rows[0].index("indicator")] for row in rows[1:]}
    if answer["Content-Type"].startswith(FORMATS[1]):
        return {row["indicator"] for row in csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")))}
    return {row["indicator"] for row in answer.json()["results"]}


def test_pay_in_a_part_of_the_territory_is_kept_for_that_part(world, api, made):
    """Two readers of the same figures, of whom one may see pay in one street: each has an answer of his own."""
    address = f"/api/v1/indicators/mean_pay/?division={w.DISTRICT}&level=street"
    assert len(api(world.users.city).get(address).json()["results"]) == 2
    part = api(factories.user("part", ("auditor", w.CITY), ("street", w.STREET)))
    refused(part.get(address), 404, "not-found")
    below = f"/api/v1/indicators/mean_pay/?division={w.STREET}&level=street"
    assert [row["code"] for row in part.get(below).json()["results"]] == [w.STREET]
    assert len(made) == 2


# What an answer rests on -----------------------------------------------------------------------------------------------


def _worker(world) -> None:
    """A worker with everything, through the action that forms use."""
    person = {
        "name": "新人",
        "id_number": factories.id_number(),
        "sex": "male",
        "birth_date": factories.BORN,
        "hired_on": factories.STARTED,
    }
    post = {
        "division": world.divisions[w.SPRING],
        "body": "station",
        "title": "工作人员",
        "tier": 3,
        "grade": 5,
        "entry": "hired",
        "full_time": True,
        "managed": True,
        "valid_from": factories.STARTED,
    }
    contract = {"kind": "labour", "party": "一号街道办事处", "valid_from": factories.STARTED, "valid_to": None}
    people.add_worker(person=person, post=post, contract=contract, by=world.users.street)


def _end_post(world) -> None:
    post = Appointment.objects.get(person=world.people["钱风"])
    people.end_post(
        appointment=post, version=post.person.version, last_day=world.today - timedelta(days=1), by=world.users.street
    )


def _certificate(world) -> None:
    person = world.people["钱风"]
    certificates.add_certificate(
        person=person,
        version=person.version,
        level="assistant",
        number="T1",
        obtained_on=factories.STARTED,
        issued_on=None,
        by=world.users.street,
    )


def _contract(world) -> None:
    contract = world.people["钱风"].contracts.get()
    contracts.end_contract(
        record=contract,
        version=contract.person.version,
        last_day=world.today - timedelta(days=1),
        by=world.users.street,
    )


def _status(world) -> None:
    factories.rule("staffing.excluded_statuses", {"statuses": ["maternity"]}, "96")
    person = world.people["钱风"]
    statuses.add_status(
        person=person,
        version=person.version,
        kind="maternity",
        valid_from=factories.STARTED,
        valid_to=None,
        note="",
        by=world.users.street,
    )


def _population(world) -> None:
    division = world.divisions[w.SPRING]
    record_population(
        division=division, on=world.today, basis="ledger", value=2500, source="示例台账", by=world.users.street
    )


def _population_file(world) -> None:
    load_populations(
        rows=[Population(division_id=w.SPRING, on=world.today, basis="ledger", value=2600, source="示例")], by=None
    )


def _rule(world) -> None:
    set_rule(
        kind="staffing.per_population",
        division=world.divisions["960101"],
        valid_from=world.today,
        value={"heads": 20, "per": 10_000},
        document="示例文件〔2026〕9号",
        by=world.users.district,
    )


def _rule_ended(world) -> None:
    end_rule(rule=PolicyRule.objects.get(kind="staffing.per_population"), valid_to=world.today, by=world.users.city)


def _rule_of_the_country(world) -> None:
    factories.rule("certificate.share_target", {"percent": 60, "due": "2026-12-31"})


def _division(world) -> None:
    Division.objects.filter(pk=w.SPRING).update(label="春光社区")


def _division_closed(world) -> None:
    Division.objects.filter(pk=w.SPRING).update(valid_to=world.today)


def _sql(world) -> None:
    """Past every action: the database itself must notice."""
    with connection.cursor() as cursor:
        cursor.execute('UPDATE core_policyrule SET value = \'{"heads": 30, "per": 10000}\'')


def _recount(world) -> None:
    factories.worker("又一人", w.SPRING)
    recount("960101001")


def _day(world) -> None:
    roll_figures(world.today - timedelta(days=400))


CHANGES = (
    _worker,
    _end_post,
    _certificate,
    _contract,
    _status,
    _population,
    _population_file,
    _rule,
    _rule_ended,
    _rule_of_the_country,
    _division,
    _division_closed,
    _sql,
    _recount,
    _day,
)


@pytest.mark.parametrize("change", CHANGES)
def test_no_change_leaves_a_stale_answer(world, city, monkeypatch, change):
    before = tags(city)
    change(world)
    assert bodies(city) == afresh(city, monkeypatch)
    after = tags(city)
    assert any(before[address] != after[address] for address in ADDRESSES), "the change shows in no answer"
    for address in ADDRESSES:
        known = city.get(address, headers={"if-none-match": before[address]})
        assert known.status_code == (304 if before[address] == after[address] else 200)


def test_snapshot_taken_later_is_in_the_series(world, city):
    before = city.get(SERIES).json()["results"]
    Snapshot.objects.filter(on__gte=world.today - timedelta(days=62), on__lt=world.today).delete()
    end = world.today.replace(day=1) - timedelta(days=1)
    Snapshot.objects.create(division_id=w.SPRING, on=end, workers=10, certified=1)
    after = city.get(SERIES).json()["results"]
    assert end.isoformat() in [row["on"] for row in after if row["value"] == "10.0"]
    assert after != before


def test_change_elsewhere_leaves_tag_and_answer_alone(world, api, made):
    client = api(world.users.neighbour, Scope.STATS_READ)
    address = "/api/v1/indicators/workers/"
    known = client.get(address)["ETag"]
    _worker(world)
    assert client.get(address)["ETag"] == known
    _population(world)  # of the same province: made anew, and the same again
    again = client.get(address, headers={"if-none-match": known})
    assert (again.status_code, again["ETag"]) == (304, known)


def test_change_in_another_province_makes_nothing_anew(world, city, made):
    city.get(RATIO)
    record_population(
        division=world.divisions[w.FAR],
        on=world.today,
        basis="ledger",
        value=999,
        source="示例",
        by=world.users.outsider,
    )
    factories.staffing_rule("97")
    city.get(RATIO)
    assert len(made) == 1


def test_midnight_ends_what_was_kept(world, city, made):
    first = city.get(STAFFING).json()["results"][0]["on"]
    with time_machine.travel(f"{world.today + timedelta(days=1)}T09:00:00+08:00", tick=False):
        ApiToken.objects.update(expires_at=factories.timezone.now() + timedelta(days=9))
        assert city.get(STAFFING).json()["results"][0]["on"] > first  # counted from the records
        roll_figures()
        assert city.get(STAFFING).json()["results"][0]["on"] > first
    assert len(made) == 2


def test_grant_lost_or_narrowed_counts_at_the_next_call(world, api):
    client = api(world.users.district)
    known = client.get("/api/v1/indicators/workers/")
    grant = Grant.objects.get(user=world.users.district)
    Grant.objects.filter(pk=grant.pk).update(division=w.STREET)
    answer = client.get("/api/v1/indicators/workers/", headers={"if-none-match": known["ETag"]})
    assert (answer.status_code, [row["code"] for row in answer.json()["results"]]) == (200, [w.STREET])
    refused(client.get(STAFFING, headers={"if-none-match": "*"}), 404, "not-found")
    grant.delete()
    refused(client.get(RATIO, headers={"if-none-match": known["ETag"]}), 403, "missing-permission")


def test_scope_lost_counts_at_the_next_call(world, api):
    client = api(world.users.city, Scope.STATS_READ)
    known = client.get(RATIO)["ETag"]
    ApiToken.objects.update(scopes=[Scope.POLICIES_READ])
    refused(client.get(RATIO, headers={"if-none-match": known}), 403, "missing-scope")
    ApiToken.objects.update(revoked_at=factories.timezone.now())
    refused(client.get(RATIO, headers={"if-none-match": known}), 401, "unauthenticated")


def test_refusals_and_missing_divisions_are_not_kept(city, made):
    refused(city.get("/api/v1/staffing/?division=970101"), 404, "not-found")
    refused(city.get("/api/v1/staffing/?level=nonsense"), 400, "invalid-parameter")
    refused(city.get("/api/v1/staffing/?division=970101", headers={"if-none-match": "*"}), 404, "not-found")
    assert made == []


def test_past_days_are_made_anew_every_time(city, made):
    for _time in range(2):
        assert city.get(RATIO + "&on=2024-06-01").status_code == 200
    assert made == []


def test_without_redis_every_answer_is_made(city, monkeypatch, made):
    kept = bodies(city)
    monkeypatch.setattr(shared, "client", lambda: None)
    assert bodies(city) == kept
    tag = city.get(RATIO)["ETag"]
    assert city.get(RATIO, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize(("limit", "number"), [("MAX_BYTES", 10), ("BYTES_PER_MINUTE", 0)])
def test_long_answers_and_a_flood_of_them_are_not_kept(city, monkeypatch, made, limit, number):
    monkeypatch.setattr(answers, limit, number)
    for _time in range(2):
        assert city.get(TREE).status_code == 200
    assert len(made) == 2


def test_kept_answers_end_by_themselves(city):
    city.get(RATIO)
    ages = shared.ask(lambda redis: [redis.ttl(name) for name in redis.scan_iter("rest:kept:*")])
    assert ages and all(0 < age <= answers.SECONDS for age in ages)


# The stamp itself ------------------------------------------------------------------------------------------------------


def test_stamp_is_one_query(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert stamp_of(BOOK, [w.SPRING, "970101"], world.today)
    with django_assert_num_queries(1):
        assert stamp_of(BOOK, [""], world.today)


def test_stamp_is_for_the_figures_day_alone(world):
    assert stamp_of(BOOK, ["96"], world.today - timedelta(days=1)) is None
    assert stamp_of(BOOK, ["96"], date(2099, 1, 1)) is None


def test_stamp_of_the_country_knows_of_every_change(world):
    before = stamp_of(BOOK, [""], world.today)
    _worker(world)
    between = stamp_of(BOOK, [""], world.today)
    record_population(
        division=world.divisions[w.FAR],
        on=world.today,
        basis="ledger",
        value=999,
        source="示例",
        by=world.users.outsider,
    )
    assert len({before, between, stamp_of(BOOK, [""], world.today)}) == 3
