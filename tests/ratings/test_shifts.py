"""The duty rota: hours, who may stand on it, presence in the grids, time split; week, day, month; the hub."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.core.territory.models import FiguresDay
from ratings.actions.shifts import save_shifts
from ratings.actions.tallies import refresh_tallies
from ratings.forms.shifts import patterns, words
from ratings.models import Shift
from ratings.queries import shifts as reads
from ratings.queries.service import ordered, place_lines
from tests import factories, taken
from tests import world as w
from workforce.actions.versions import Stale
from workforce.models import Appointment

DAY = date(2026, 11, 18)
EIGHT, FOUR = Decimal(8), Decimal(4)


def save(world, cells: dict, first: date = DAY, last: date = DAY, **more) -> int:
    given = {"division": world.divisions[w.SPRING], "first": first, "last": last, "by": world.users.community}
    given["seal"] = reads.rota_seal(w.SPRING, first, last)
    given["cells"] = {(world.people[name].pk, on): parts for (name, on), parts in cells.items()}
    return save_shifts(**given | more)


def rota() -> set:
    return set(Shift.objects.values_list("person__name", "on", "work", "hours"))


def test_cells_become_what_they_should_be_and_the_rest_stays(world):
    assert save(world, {("赵春", DAY): {"duty": EIGHT}, ("钱风", DAY): {"grid": FOUR, "visit": FOUR}}) == 2
    assert save(world, {("赵春", DAY): {"duty": EIGHT}, ("钱风", DAY): {"grid": FOUR, "duty": Decimal("2.5")}}) == 1
    assert rota() == {("赵春", DAY, "duty", EIGHT), ("钱风", DAY, "grid", FOUR), ("钱风", DAY, "duty", Decimal("2.5"))}
    assert save(world, {("钱风", DAY): {}, ("赵春", DAY): {"rest": Decimal(0)}}) == 2
    assert rota() == {("赵春", DAY, "rest", Decimal(0))}


def test_nobody_works_more_than_a_day_has_hours_wherever_it_be(world):
    head = world.people["赵春"]
    factories.appointment(head, w.SUMMER)
    factories.shift(head, w.SUMMER, DAY, hours="10")
    with pytest.raises(ValidationError, match="赵春 2026-11-18 合计 24.5 小时，超过 24 小时"):
        save(world, {("赵春", DAY): {"duty": EIGHT, "visit": Decimal("6.5")}})
    assert save(world, {("赵春", DAY): {"duty": EIGHT, "visit": Decimal(6)}}) == 1
    with pytest.raises(ValidationError, match="既轮休又有工作"):
        save(world, {("赵春", DAY): {"duty": EIGHT, "rest": Decimal(0)}})


def test_only_who_is_in_post_stands_on_the_rota_and_a_leaver_can_be_cleared(world):
    with pytest.raises(ValidationError, match="孙夏 2026-11-18 不在本社区任职，不能排班"):
        save(world, {("孙夏", DAY): {"duty": EIGHT}})
    factories.shift(world.people["钱风"], w.SPRING, DAY)
    Appointment.objects.filter(person=world.people["钱风"]).update(valid_to=DAY)
    with pytest.raises(ValidationError, match="钱风 2026-11-18 不在本社区任职"):
        save(world, {("钱风", DAY): {"visit": EIGHT}})
    assert "钱风" in [line.person.name for line in reads.lines_of(world.users.community, w.SPRING, [DAY])]
    assert save(world, {("钱风", DAY): {}}) == 1


def test_rota_seen_before_another_change_is_refused(world):
    seal = reads.rota_seal(w.SPRING, DAY, DAY)
    save(world, {("赵春", DAY): {"duty": EIGHT}})
    with pytest.raises(Stale, match="刚被其他人修改过"):
        save(world, {("赵春", DAY): {"visit": EIGHT}}, seal=seal)
    assert rota() == {("赵春", DAY, "duty", EIGHT)}


@pytest.mark.parametrize(("scheduled", "out", "needed"), [(7, 4, 4), (8, 4, 4), (1, 0, 1), (0, 0, 0)])
def test_half_of_seven_are_four(scheduled, out, needed):
    lines = [reads.Line(None, {DAY: {"grid" if number < out else "duty": EIGHT}}) for number in range(scheduled)]
    lines += [reads.Line(None, {DAY: {"rest": Decimal(0)}})]
    assert reads.presence_of(lines, [DAY], 50) == [reads.Presence(DAY, scheduled, out, needed)]
    assert reads.presence_of(lines, [DAY], None)[0].met is None


def test_month_splits_the_hours(world):
    for number, (work, hours) in enumerate((("duty", 8), ("visit", 6), ("grid", 2), ("project", 8), ("rest", 0))):
        factories.shift(world.people["钱风"], w.SPRING, DAY + timedelta(days=number), work, str(hours))
    factories.shift(world.people["赵春"], w.SPRING, DAY, "visit", "8")
    factories.shift(world.people["赵春"], w.SPRING, date(2026, 12, 1), "visit", "8")
    one, two, whole = reads.months_of(world.users.community, w.SPRING, *reads.month_of(date(2026, 11, 1)))
    assert (one.person.name, one.total, one.visiting) == ("钱风", 24, 25)
    assert {name: round(share, 1) for name, share in one.split.items()} == {
        "duty": Decimal("33.3"), "grids": Decimal("33.3"), "project": Decimal("33.3"),
    }  # fmt: skip
    assert (two.visiting, whole.person, whole.total) == (100, None, 32)
    assert reads.months_of(world.users.neighbour, w.SPRING, *reads.month_of(date(2026, 11, 1))) == []


def test_every_choice_has_words_of_its_own():
    found = [words(parts) for parts in patterns().values()]
    assert len(found) == len(set(found)) == 17
    assert words({"duty": Decimal("2.5"), "visit": FOUR}) == "值守 2.5 + 走访 4"


# Pages ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def clerk(world, login):
    return login(world.users.community)


def fields_of(response) -> dict:
    """What the form of the week would send as it stands."""
    form = response.context["form"]
    return {"seal": form["seal"].value(), **{name: form[name].value() or "" for name in form.fields if name != "seal"}}


def cell_of(response, name: str, day: date) -> str:
    lines = response.context["form"].lines
    number = next(number for number, line in enumerate(lines) if line.person.name == name)
    return f"c{number}-{day.isoformat()}"


def test_week_is_saved_as_one_act_and_keeps_hours_of_the_day_sheet(world, clerk):
    factories.rule("service.grid_presence", {"staff_percent": 50, "time_percent": 50}, w.CITY)
    factories.shift(world.people["郑专"], w.SPRING, DAY, "visit", "3.5")
    page, saved = reverse("shifts", args=[w.SPRING]), reverse("shifts_save", args=[w.SPRING])
    week = {"week": DAY.isoformat()}
    shown = clerk.get(page, week)
    assert {row["person"].name for row in shown.context["rows"]} == {"赵春", "钱风", "郑专", "冯约"}
    sent = fields_of(shown) | {cell_of(shown, "赵春", DAY): "duty", cell_of(shown, "钱风", DAY): "duty+visit"}
    answer = clerk.post(f"{saved}?week={DAY.isoformat()}", sent, follow=True)
    assert [str(one) for one in answer.context["messages"]] == ["已保存排班，2 格有变化。"]
    assert {(name, work, hours) for name, _on, work, hours in rota()} == {
        ("赵春", "duty", EIGHT), ("钱风", "duty", FOUR), ("钱风", "visit", FOUR), ("郑专", "visit", Decimal("3.5")),
    }  # fmt: skip
    presence = dict((head["on"], one) for head, one in answer.context["presence"])[DAY]
    assert (presence.scheduled, presence.out, presence.needed, presence.met) == (3, 2, 2, True)
    again = clerk.post(f"{saved}?week={DAY.isoformat()}", sent)
    assert again.status_code == 422
    assert "刚被其他人修改过" in again.content.decode()


def test_empty_cells_are_filled_from_the_week_before(world, clerk):
    before = DAY - timedelta(days=7)
    for name in ("赵春", "钱风"):
        factories.shift(world.people[name], w.SPRING, before, "visit")
    factories.shift(world.people["赵春"], w.SPRING, DAY, "duty")
    answer = clerk.post(f"{reverse('shifts_copy', args=[w.SPRING])}?week={DAY.isoformat()}", follow=True)
    assert [str(one) for one in answer.context["messages"]] == ["已从上周复制 1 格；原有内容没有改动。"]
    assert {(name, work) for name, on, work, _h in rota() if on == DAY} == {("赵春", "duty"), ("钱风", "visit")}


def test_day_sheet_takes_hours_or_says_what_is_wrong(world, clerk):
    address = reverse("shifts_day", args=[w.SPRING, DAY.isoformat()])
    shown = clerk.get(address)
    prefix = {form.line.person.name: form.prefix for form in shown.context["forms"]}
    sent = {"seal": shown.context["seal"], f"{prefix['赵春']}-duty": "2.5", f"{prefix['钱风']}-rest": "on"}
    wrong = clerk.post(address, sent | {f"{prefix['赵春']}-visit": "25"})
    assert (wrong.status_code, Shift.objects.count()) == (422, 0)
    many = clerk.post(address, sent | {f"{prefix['赵春']}-visit": "23"})
    assert "赵春 2026-11-18 合计 25.5 小时，超过 24 小时。" in many.content.decode()
    assert clerk.post(address, sent).status_code == 302
    assert rota() == {("赵春", DAY, "duty", Decimal("2.5")), ("钱风", DAY, "rest", Decimal(0))}
    gone = clerk.get(reverse("shifts_go", args=[w.SPRING]), {"day": "2026-11-20"})
    assert gone["Location"] == reverse("shifts_day", args=[w.SPRING, "2026-11-20"])


def test_reader_sees_the_rota_without_a_form_and_the_month(world, login):
    factories.shift(world.people["赵春"], w.SPRING, DAY, "visit")
    factories.rule("service.time_split", {"parts": 3}, w.CITY)
    me = login(world.users.district)
    shown = me.get(reverse("shifts", args=[w.SPRING]), {"week": DAY.isoformat()})
    assert shown.context["form"] is None
    assert "走访" in shown.content.decode() and "<select" not in shown.content.decode().split('id="main"')[1]
    month = me.get(reverse("shifts_month", args=[w.SPRING]), {"month": "2026-11"}).content.decode()
    assert "赵春" in month and "每段约 33.3%" in month and "未生效" in month
    rows = taken.rows(me, "shifts", place=w.STREET, month="2026-11")
    assert rows[1:] == [[w.SPRING, "春风社区", "2026-11-18", "赵春", "入户走访", "8.0"]]
    book = taken.book(me, "shifts", place=w.STREET, month="2026-11")
    assert taken.sheet(book, "工作时间")[1][:3] == ("赵春", 8, 100)


def test_hub_of_a_community_shows_what_is_due(world, clerk):
    on = world.today
    for number in range(3):
        factories.premises(w.SPRING, f"{number}")
    factories.service_request(w.SPRING, title="楼道灯")
    factories.shift(world.people["赵春"], w.SPRING, on, "visit")
    shown = clerk.get(reverse("service_place", args=[w.SPRING]))
    text = shown.content.decode()
    assert shown.context["coverage"].waiting == 3
    assert "楼道灯" in text and "逾期 1 件" in text and "还有 3 户未走访" in text
    assert [(one["person"].name, one["words"]) for one in shown.context["rota"]] == [("赵春", "走访")]
    assert reverse("visits_due", args=[w.SPRING]) in text
    past = clerk.get(reverse("service_place", args=[w.SPRING]), {"on": "2026-01-31"}).content.decode()
    assert reverse("visits_due", args=[w.SPRING]) not in past
    assert clerk.get(reverse("service"))["Location"] == reverse("service_place", args=[w.SPRING])


def test_hub_of_a_street_compares_its_places_each_by_its_rule(world, login):
    factories.rule("service.visits", {"months": 12, "percent": 50}, w.STREET)
    factories.rule("service.visits", {"months": 1, "percent": 50}, w.SUMMER)
    for code in (w.SPRING, w.SUMMER):
        for number in (1, 2):
            room = factories.premises(code, f"{number}")
            factories.visit(room, date(world.today.year, 1, 15) if number == 1 else date(2020, 1, 1))
    factories.service_request(w.SUMMER)
    refresh_tallies([w.SPRING, w.SUMMER])
    kept = [(line.code, line.coverage) for line in place_lines(world.divisions[w.STREET], world.today)]
    FiguresDay.objects.update(on=date(2020, 1, 1))
    assert [(line.code, line.coverage.households) for line in place_lines(world.divisions[w.STREET], world.today)] == [
        (code, covered.households) for code, covered in kept
    ]
    lines = {line.code: line for line in place_lines(world.divisions[w.STREET], date(world.today.year, 11, 20))}
    assert set(lines) == {w.SPRING, w.SUMMER, w.VILLAGE}
    assert (lines[w.SPRING].coverage.households.visited, lines[w.SPRING].coverage.met) == (1, True)
    assert (lines[w.SUMMER].coverage.households.visited, lines[w.SUMMER].coverage.met) == (0, False)
    assert [line.code for line in ordered(list(lines.values()), "-households")] == [w.SPRING, w.SUMMER, w.VILLAGE]
    me = login(world.users.street)
    shown = me.get(reverse("service_place", args=[w.STREET]), {"sort": "-late"})
    assert [line.code for line in shown.context["page"]][0] == w.SUMMER
    assert "春风社区" in shown.content.decode()
    rows = taken.rows(me, "service-places", place=w.STREET)
    assert [(row[1], row[2], row[3], row[9], row[10]) for row in rows[1:]] == [
        ("春风社区", "2", "1", "0", "0"), ("夏雨社区", "2", "0", "1", "1"), ("冬岭村", "0", "0", "0", "0"),
    ]  # fmt: skip
    assert me.get(reverse("premises", args=[w.DISTRICT])).status_code == 404
    up = login(world.users.district).get(reverse("premises", args=[w.DISTRICT]))
    assert up["Location"] == reverse("service_place", args=[w.DISTRICT])


def test_table_of_places_costs_the_same_for_one_and_many(world, login, django_assert_max_num_queries):
    me, counts = login(world.users.city), []
    for code in (w.STREET, w.DISTRICT):
        address = reverse("service_place", args=[code])
        me.get(address)
        with django_assert_max_num_queries(60) as caught:
            me.get(address)
        counts.append(len(caught))
    assert counts[0] == counts[1]
