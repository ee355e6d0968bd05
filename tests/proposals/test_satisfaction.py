"""The table of satisfaction: every number leads to the forms that it counts, units of one name are kept apart."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.core.lib.clock import today
from proposals.models import Feedback
from proposals.queries.feedback import by_unit, lines
from tests import world as w
from tests.pages.test_followed_numbers import CELL, HIDDEN, body_of, links_of
from tests.proposals import answered, cases

WEST = "960102"


def say(feedback: Feedback, result: str) -> None:
    Feedback.objects.filter(pk=feedback.pk).update(attitude="basic", result=result, returned_at=timezone.now())


@pytest.fixture
def said(world):
    """Three answers of two units: of joint proposals, asked again, with and without a class."""
    _first, (one, two, _three) = answered.sent(("甲一丁", "乙二丁", "丙三丁"))
    say(one.feedback, "satisfied")
    say(two.feedback, "basic")
    again, (link,) = answered.sent(number="0024")
    say(link.feedback, "dissatisfied")
    second = Feedback.objects.create(
        handling=again, proposer=link.feedback.proposer, round=2, token_hash="0" * 64, asked_on=today(),
        expires_on=today(), attitude="basic", result="satisfied", returned_at=timezone.now(),
    )  # fmt: skip
    other, (paper,) = answered.sent(number="0025")
    other.unit, other.result = cases.unit("区人社局"), ""
    other.save()
    say(paper.feedback, "dissatisfied")
    return second


@pytest.mark.parametrize("query", [{}, {"year": "2026", "result": "A"}])
def test_every_number_of_the_table_leads_to_the_forms_that_it_counts(said, login, query):
    client = login(cases.user("office"))
    page = client.get(reverse("satisfaction"), query)
    found = links_of(page, reverse("satisfaction"))
    assert len(found) > 20
    for url, number in found:
        listed = client.get(url.partition("#")[0]).context
        count, share = len(listed["page"].object_list), listed["share"]
        assert number == (share if "." in number else f"{count:,}"), url
    bare = (HIDDEN.sub("", inside).strip() for _about, inside in CELL.findall(body_of(page)) if "<a " not in inside)
    assert {words for words in bare if words[:1].isdigit()} <= {"0", "0.00"}


def test_forms_behind_a_number_are_those_of_the_last_round(said, login):
    client = login(cases.user("office"))
    page = client.get(reverse("satisfaction"), {"said": "satisfied", "unit": cases.unit().pk, "result": "A"})
    assert [(one.proposer.name, one.round) for one in page.context["page"]] == [("甲一丁委员", 2), ("甲一丁", 1)]
    assert [row["line"].name for row in page.context["units"]] == ["区民政局"]
    none = client.get(reverse("satisfaction"), {"said": "asked", "result": "none"})
    assert [one.handling.unit.short for one in none.context["page"]] == ["区人社局"]
    text = none.content.decode()
    assert "征询意见表：发出的" in text and "态度基本满意，结果不满意" in text


def test_what_nobody_asked_for_lists_nothing(said, login):
    client = login(cases.user("office"))
    for query in ({}, {"said": "x", "unit": "x" * 40, "result": "Z"}, {"unit": "9" * 18}):
        page = client.get(reverse("satisfaction"), query)
        assert (page.status_code, "page" in page.context, len(page.context["lines"])) == (200, False, 2)
    assert (
        login(cases.user("outside", code=WEST)).get(reverse("satisfaction"), {"said": "asked"}).context["lines"] == []
    )


def test_units_of_one_name_are_kept_apart(world):
    answered.sent()
    other, _links = answered.sent(number="0031")
    other.unit, other.division_id = cases.unit("区民政局", WEST), WEST
    other.save()
    found = by_unit(lines(world.users.city))
    assert [(line.name, line.place, line.returns.asked) for line in found] == [
        ("区民政局", world.divisions[w.DISTRICT].label, 1),
        ("区民政局", world.divisions[WEST].label, 1),
    ]


def test_list_costs_the_same_for_one_and_many(said, login, django_assert_max_num_queries):
    client = login(cases.user("office"))
    url = reverse("satisfaction")
    for number in range(40, 45):
        answered.sent(("甲", "乙"), number=f"00{number}", sent_on=today() - timedelta(days=2))
    with django_assert_max_num_queries(12):
        assert len(client.get(url, {"said": "asked"}).context["page"]) == 15
