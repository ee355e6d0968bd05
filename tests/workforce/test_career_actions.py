"""Careers in the database: directed posts, full terms by the records, quotas that hold under load; actions and pages."""

import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from tests import factories
from tests import world as w
from tests import world as worlds
from workforce.actions import careers
from workforce.actions.careers import NEXT
from workforce.actions.versions import Stale
from workforce.careers import Breach
from workforce.enums import NominationStage
from workforce.models import Award, DirectedRecruitment, Nomination
from workforce.queries import careers as reads


def directed(world, **fields) -> DirectedRecruitment:
    given = {"division": world.divisions[w.DISTRICT], "year": 2026, "kind": "institution", "group": "heads", "posts": 2}
    given |= {"applicants": None, "hired": None, "document": "", "by": world.users.district}
    return careers.enter_directed(**{**given, **fields})


def test_directed_posts_are_entered_once_and_corrected(world):
    row = directed(world)
    with pytest.raises(ValidationError) as caught:
        directed(world)
    assert caught.value.message_dict == {"kind": ["该区该年度的这一类岗位已经登记，请更正原记录。"]}
    careers.change_directed(row=row, version=1, hired=1, applicants=9, by=world.users.district)
    for version, hired, refusal in ((1, 1, Stale), (2, 3, ValidationError)):
        with pytest.raises(refusal):
            careers.change_directed(row=row, version=version, hired=hired, by=world.users.district)
    assert DirectedRecruitment.objects.values_list("hired", "applicants").get() == (1, 9)


def test_directed_table_shows_both_groups_of_every_district_with_breaches(world):
    factories.rule("careers.directed_posts", {"heads_least": 1, "workers_least": 1}, w.CITY)
    directed(world)
    directed(world, group="workers", posts=0)
    lines = reads.directed(world.users.city, under="", year=2026, on=world.today)
    assert [(line.district.code, line.group, line.posts, line.breach) for line in lines] == [
        (w.DISTRICT, "heads", 2, None),
        (w.DISTRICT, "workers", 0, Breach(w.DISTRICT, 2026, "workers", 0, 1)),
        ("960102", "heads", None, Breach("960102", 2026, "heads", None, 1)),
        ("960102", "workers", None, Breach("960102", 2026, "workers", None, 1)),
    ]
    assert lines[0].least == 1
    street = reads.directed(world.users.street, under="", year=2026, on=world.today)
    assert [line.district.code for line in street] == [w.DISTRICT, w.DISTRICT]
    far = reads.directed(world.users.outsider, under="", year=2026, on=world.today)
    assert [(line.least, line.breach) for line in far] == [(None, None)] * 2
    assert reads.directed(world.users.nobody, under="", year=2026, on=world.today) == []


@pytest.fixture
def secretary(world):
    """赵春, secretary of 春风社区 through two full terms of the old law and into a third."""
    post = world.people["赵春"].appointments.get(body="party")
    post.valid_from = date(2012, 7, 1)
    post.save()
    for number, (start, end) in enumerate(((2012, 2015), (2015, 2018), (2018, None)), 8):
        last = end and date(end, 7, 1)
        factories.term(
            w.SPRING, "party", number=number, elected_on=date(start, 7, 1), valid_from=date(start, 7, 1), valid_to=last
        )
    factories.rule("careers.institution_terms", {"terms": 2}, w.CITY)
    return post


def judged(world, user="city", on=None) -> tuple:
    found = reads.secretaries(getattr(world.users, user), under="", on=on or world.today)
    return found.judged, found.staffed, [(one.post.pk, one.full_terms) for one in found.eligible]


def test_two_full_terms_by_the_records_open_institution_staffing(world, secretary):
    assert judged(world) == (1, 0, [(secretary.pk, 3)])
    (found,) = reads.secretaries(world.users.city, under="", on=world.today).eligible
    assert found.periods[:1] == [(date(2012, 7, 1), date(2015, 6, 30))]
    assert judged(world, on=date(2018, 6, 30)) == (1, 0, [])
    assert judged(world, on=date(2018, 7, 1)) == (1, 0, [(secretary.pk, 2)])
    factories.status(world.people["赵春"], "institution")
    assert judged(world) == (1, 1, [])
    assert judged(world, user="neighbour") == (0, 0, [])


def test_who_came_after_the_terms_or_was_away_has_not_served_them(world, secretary):
    secretary.valid_from = date(2012, 7, 2)
    secretary.save()
    assert judged(world, on=date(2018, 7, 1)) == (1, 0, [])
    assert judged(world) == (1, 0, [(secretary.pk, 2)])


def test_without_a_rule_nobody_is_judged(world):
    assert judged(world) == (0, 0, [])


def test_length_of_a_term_follows_the_rules_of_the_country(world, secretary):
    factories.rule("committee.term", {"years": 9}, since=date(2018, 1, 1))
    assert reads.term_lengths(world.today)[0] == (date(2018, 1, 1), 9)
    assert judged(world) == (1, 0, [(secretary.pk, 2)])


# Honours -------------------------------------------------------------------------------------------------------------


def award(world, quota=1, **fields) -> Award:
    given = {"name": "最美社区工作者", "level": "city", "year": 2026, "quota": quota, "by": world.users.city}
    return careers.enter_award(division=world.divisions[w.CITY], **{**given, **fields})


def nominate(world, of: Award, name: str) -> Nomination:
    person = world.people[name]
    return careers.nominate(award=of, person=person, reason="事迹", on=world.today, by=world.users.city)


def move(world, row: Nomination, stage: str, version=None) -> Nomination:
    version = version or row.version
    return careers.move_nomination(
        nomination=row, version=version, stage=stage, decided_on=world.today, by=world.users.city
    )


def test_quota_counts_what_is_put_forward_and_is_never_exceeded(world):
    prize = award(world)
    first, second = nominate(world, prize, "孙夏"), nominate(world, prize, "钱风")
    assert (first.division_id, first.stage) == (w.SUMMER, "nominated")
    move(world, first, "recommended")
    assert list(reads.nominations(world.users.city, prize)) == [first, second]
    move(world, second, "selected")
    with pytest.raises(ValidationError) as caught:
        move(world, second, "recommended")
    assert caught.value.message_dict == {"stage": ["名额 1 个已经用完，不能再上报。"]}
    move(world, first, "awarded")
    with pytest.raises(ValidationError):
        second.refresh_from_db()
        move(world, second, "recommended")
    with pytest.raises(ValidationError) as caught:
        careers.change_award(award=prize, version=1, quota=0, by=world.users.city)
    assert caught.value.message_dict == {"quota": ["已上报 1 人，名额不能少于这个数。"]}


@pytest.mark.parametrize("now", NominationStage.values)
def test_stage_follows_the_table(world, now):
    row = nominate(world, award(world, quota=None), "孙夏")
    Nomination.objects.filter(pk=row.pk).update(stage=now)
    reached = set()
    for stage in NominationStage.values:
        row = Nomination.objects.get(pk=row.pk)
        try:
            move(world, row, stage)
        except ValidationError:
            continue
        reached.add(stage)
        Nomination.objects.filter(pk=row.pk).update(stage=now)
    assert reached == set(NEXT[now])


def test_second_nomination_and_second_award_are_refused(world):
    prize = award(world)
    row = nominate(world, prize, "孙夏")
    for again in (
        lambda: nominate(world, prize, "孙夏"),
        lambda: award(world),
        lambda: move(world, row, "selected", 9),
    ):
        with pytest.raises(ValidationError):
            again()
    assert Nomination.objects.count() == Award.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_never_exceed_the_quota():
    world = worlds.build()
    prize = award(world, quota=3)
    people = [factories.worker(f"候{number}", w.SUMMER) for number in range(20)]
    rows = [
        careers.nominate(award=prize, person=one, reason="x", on=world.today, by=world.users.city) for one in people
    ]
    gate, refused = threading.Barrier(len(rows)), []

    def forward(row):
        gate.wait()
        try:
            move(world, row, "recommended")
        except ValidationError:
            refused.append(row.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=forward, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (reads.put_forward(prize), len(refused)) == (3, 17)


# Pages ---------------------------------------------------------------------------------------------------------------


def test_district_enters_directed_posts_and_the_street_reads_them(world, login):
    factories.rule("careers.directed_posts", {"heads_least": 1, "workers_least": 1}, w.CITY)
    client = login(world.users.district)
    fields = {
        "division": w.DISTRICT,
        "year": str(world.today.year),
        "kind": "institution",
        "group": "heads",
        "posts": "2",
    }
    assert client.post(reverse("directed_new"), fields).status_code == 302
    row = DirectedRecruitment.objects.get()
    page = reverse("directed_edit", args=[row.pk])
    assert client.post(page, {"version": "1", "posts": "3", "hired": "4"}).status_code == 422
    assert client.post(page, {"version": "1", "posts": "3", "hired": "2"}).status_code == 302
    seen = login(world.users.street).get(reverse("careers"))
    assert [(line.posts, line.breach is None) for line in seen.context["lines"]] == [(3, True), (None, False)]
    assert "有 1 处没有按规定设定向岗位" in seen.content.decode()
    assert reverse("directed_new") not in seen.content.decode()


def test_award_from_entry_to_decision(world, login):
    client = login(world.users.district)
    fields = {
        "division": w.DISTRICT,
        "name": "先进个人",
        "level": "district",
        "year": str(world.today.year),
        "quota": "1",
    }
    assert client.post(reverse("award_new"), fields).status_code == 302
    prize = Award.objects.get()
    page = reverse("nomination_new", args=[prize.pk])
    found = client.get(page, {"q": "孙"})
    assert [label for _key, label in found.context["form"].fields["person"].choices] == ["孙夏（夏雨社区）"]
    chosen = {"person": str(world.people["孙夏"].pk), "reason": "事迹", "on": world.today.isoformat()}
    assert client.post(f"{page}?q=孙", chosen).status_code == 302
    row = Nomination.objects.get()
    step = {"version": "1", "stage": "recommended", "decided_on": world.today.isoformat()}
    assert client.post(reverse("nomination_move", args=[row.pk]), step).status_code == 302
    text = client.get(reverse("award", args=[prize.pk])).content.decode()
    assert "已上报 1 人，名额 1 个" in text
    edit = {"version": "1", "name": "先进个人", "level": "district", "year": str(world.today.year), "quota": "0"}
    assert client.post(reverse("award_edit", args=[prize.pk]), edit).status_code == 422
    listed = client.get(reverse("awards")).context["awards"]
    assert [(one.pk, one.used) for one in listed] == [(prize.pk, 1)]
    assert "先进个人" in login(world.users.street).get(reverse("worker", args=[row.person_id])).content.decode()
    neighbour = login(world.users.neighbour).get(reverse("award", args=[prize.pk]))
    assert "孙夏" not in neighbour.content.decode()


def test_corrected_award_keeps_its_nominations(world):
    prize = award(world, quota=None)
    nominate(world, prize, "孙夏")
    careers.change_award(award=prize, version=1, name="新名称", quota=5, by=world.users.city)
    assert Award.objects.values_list("name", "quota", "version").get() == ("新名称", 5, 2)


def test_secretaries_page_lists_the_eligible(world, login, secretary):
    response = login(world.users.district).get(reverse("careers_secretaries"))
    assert [one.post.person.name for one in response.context["found"].eligible] == ["赵春"]
    assert "2012-07-01" in response.content.decode()
