"""Published figures are frozen with all they rest on, never changed, corrected only by another that names them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from portal.core.audit.models import AuditEvent
from portal.core.indicators import days, publishing
from portal.core.indicators.archive import unpacked
from portal.core.indicators.models import Publication
from portal.core.indicators.publishing import mark_of, publish
from portal.core.indicators.revisions import Revision
from portal.core.indicators.values import figure_afresh
from portal.core.territory.models import Division, Population
from portal.registry import INDICATORS
from tests import factories
from tests import world as w
from workforce.actions.tallies import recount, take_snapshots

SHARE, RATIO = INDICATORS["certified_share"], INDICATORS["staffing_ratio"]


def published(world, one=SHARE, code=w.DISTRICT, **given) -> Publication:
    given = {"on": world.today, "title": "季度通报", "by": world.users.district} | given
    return publish(indicator=one, division=Division.objects.get(pk=code), **given)


def test_publisher_is_told_by_name(world):
    world.users.district.name = "李民"
    assert published(world).published_by == "李民"


def test_figure_is_frozen_with_its_rows_and_definition(world):
    made = Publication.objects.get(pk=published(world, document="示例〔2026〕1号").pk)
    assert (made.value, made.numerator, made.denominator, made.place) == ("60.0", 3, 5, "东区")
    rows = unpacked(made.rows)
    people = world.people
    certified = {(w.SPRING, "赵春"), (w.SUMMER, "孙夏"), (w.AUTUMN, "周秋")}
    assert rows["numerator"] == {(code, str(people[name].pk)) for code, name in certified}
    assert len(rows["denominator"]) == 5
    assert made.definition["zh-hans"]["label"] == "持证率"
    assert made.method["counters"] == {"numerator": "certified", "denominator": "workers"}
    assert (made.population, made.rule, made.document) == (None, None, "示例〔2026〕1号")
    assert made.sealed() == made.digest


def test_day_gone_by_of_a_big_place_is_counted_by_the_records_and_not_by_what_was_kept(world, monkeypatch):
    day = world.today - timedelta(days=world.today.day)
    take_snapshots(day.replace(day=1), day)
    factories.worker("补登", w.SPRING)
    monkeypatch.setattr(days, "PEOPLE_AT_MOST", 3)
    made = published(world, INDICATORS["workers"], on=day)
    assert (made.numerator, len(unpacked(made.rows)["numerator"])) == (6, 6)
    factories.worker("再补", w.SPRING)
    revision = Revision(made, INDICATORS["workers"])
    assert (revision.now.numerator, revision.parts[0].now, len(revision.parts[0].came)) == (7, 7, 1)


def test_population_and_rule_are_frozen(world):
    made = published(world, RATIO)
    assert made.population["value"] == 30_000
    assert (made.population["basis"], made.population["own"]) == ("urban_permanent", True)
    assert (made.rule["target"], made.rule["document"]) == ("18", "示例文件〔2022〕1号")
    assert made.met == "missed"


def test_publishing_is_on_record_with_the_digest(world):
    made = published(world)
    event = AuditEvent.objects.get(act="figure_published")
    assert (event.actor, event.division, event.subject) == ("district", w.DISTRICT, f"东区 持证率 {world.today}")
    assert event.detail == {"value": "60.0", "digest": made.digest, "corrects": None}


@pytest.mark.parametrize("sql", ["UPDATE core_publication SET value = '61.0'", "DELETE FROM core_publication"])
def test_database_refuses_to_change_it(world, sql):
    published(world)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Publication.objects.get().value == "60.0"


def test_what_is_altered_all_the_same_shows(world):
    made = published(world)
    made.numerator = 4
    assert made.sealed() != made.digest


def test_it_is_published_once_and_then_corrected_by_name(world):
    first = published(world)
    with pytest.raises(ValidationError, match="已经发布过"):
        published(world)
    with pytest.raises(ValidationError, match="更正的理由"):
        published(world, corrects=first, reason=" ")
    second = published(world, corrects=first, reason="补录证书")
    assert (second.corrects, list(Publication.objects.valid())) == (first, [second])
    with pytest.raises(ValidationError, match="已经被别人更正过"):
        published(world, corrects=first, reason="再来")


def test_what_has_changed_since_it_was_shown_is_not_published(world):
    seen = mark_of(figure_afresh(SHARE, w.DISTRICT, world.today))
    factories.certificate(world.people["钱风"])
    recount()
    with pytest.raises(ValidationError, match="刚刚变了"):
        published(world, seen=seen)
    assert Publication.objects.count() == 0


@pytest.mark.parametrize(
    ("code", "days", "match"),
    [(w.DISTRICT, 1, "还没有到"), (w.UNKNOWN, 0, "没有这个数"), (w.VILLAGE, 0, "没有这个数")],
)
def test_a_day_to_come_and_a_figure_without_value_are_refused(world, code, days, match):
    with pytest.raises(ValidationError, match=match):
        published(world, RATIO, code, on=world.today + timedelta(days=days))


def test_nothing_has_changed(world):
    revision = Revision(published(world), SHARE)
    assert revision.same
    assert [part.changes for part in revision.parts] == [[], []]


def test_rows_that_came_in_and_went_out_are_named(world):
    made = published(world)
    factories.certificate(world.people["钱风"])
    world.people["周秋"].appointments.update(valid_from=world.today + timedelta(days=30))
    recount()
    revision = Revision(made, SHARE)
    numerator, denominator = revision.parts
    assert (numerator.then, numerator.now, denominator.then, denominator.now) == (3, 3, 5, 4)
    assert [(change.code, change.record, change.came) for change in numerator.changes] == [
        (w.SPRING, str(world.people["钱风"].pk), True),
        (w.AUTUMN, str(world.people["周秋"].pk), False),
    ]
    assert [change.came for change in denominator.changes] == [False]
    assert not revision.same


def test_somebody_who_only_moved_inside_changes_nothing(world):
    made = published(world)
    world.people["孙夏"].appointments.update(division_id=w.AUTUMN)
    recount()
    numerator = Revision(made, SHARE).parts[0]
    assert (numerator.changes, len(numerator.moved), numerator.differs) == ([], 1, False)


def test_changed_population_and_rule_are_told(world):
    made = published(world, RATIO)
    Population.objects.filter(division=w.DISTRICT).update(value=20_000)
    factories.staffing_rule(w.DISTRICT, heads=20, since=date(2023, 1, 1))
    recount()
    revision = Revision(made, RATIO)
    assert (revision.population_changed, revision.rule_changed, revision.words_changed) == (True, True, False)


def test_a_corrected_age_shows_though_the_same_people_count(world):
    one = INDICATORS["mean_age"]
    made = published(world, one)
    person = world.people["钱风"]
    person.birth_date = date(1985, 1, 1)
    person.save(update_fields=["birth_date"])
    recount()
    ages = Revision(made, one).parts[0]
    assert [change.record for change in ages.changes] == [str(person.pk)] * 2
    assert int(ages.changes[0].amount) - int(ages.changes[1].amount) in (5, -5)


def test_too_many_rows_are_kept_as_the_numbers_of_the_divisions_below(world, monkeypatch):
    monkeypatch.setattr(publishing, "KEPT_ROWS", 2)
    made = published(world)
    assert made.rows is None
    assert [(row["code"], row["numerator"], row["denominator"]) for row in made.children] == [
        (w.STREET, 2, 4),
        (w.NEIGHBOUR, 1, 1),
    ]
    factories.certificate(world.people["李雨"])
    recount()
    (child,) = Revision(made, SHARE).children
    assert (child.code, child.then, child.now) == (w.STREET, (2, 4), (3, 4))
