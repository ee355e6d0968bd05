"""Figures inside answers: inserted with their definition, told when they no longer hold, contradicted by typed numbers."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from portal.core.lib.clock import today
from portal.core.lib.dated import ONE_DAY
from portal.registry import INDICATORS
from proposals.actions import figures
from proposals.actions.drafting import Written, save_reply, start_reply
from proposals.models import LiveFigure
from proposals.queries.drafts import paper_of, sections_of
from proposals.queries.figures import contradictions, shown_figures, spoken, standing
from proposals.queries.typed import typed_numbers
from tests import factories
from tests import world as w
from tests.proposals import cases

pytestmark = pytest.mark.django_db


@pytest.fixture
def reply(world):
    made = cases.people()
    cases.unit("区民政局", w.DISTRICT, made.lead_officer)
    handling = cases.handling(cases.proposal())
    reply = start_reply(handling=handling, by=made.lead_officer)
    return save_reply(reply=reply, version=1, by=made.lead_officer, sections=[Written(None, 0, "全区有，已配齐。")])


def insert(reply, key="workers", **more) -> LiveFigure:
    asked = {"on": today(), "division": w.DISTRICT, "by": cases.user("lead_officer", "handler")} | more
    division = factories.Division.objects.get(pk=asked.pop("division"))
    reply.refresh_from_db()
    return figures.insert_figure(
        reply=reply, version=reply.version, indicators=INDICATORS, indicator=key, division=division, **asked
    )


def hire(count: int = 1) -> None:
    for number in range(count):
        factories.worker(f"新人{number}", w.SPRING)
    w.count(today())


def begins(name: str, on: date) -> None:
    """Somebody whose post begins on a day."""
    made = factories.person(name)
    factories.contract(made)
    factories.appointment(made, w.SPRING, valid_from=on)


def changes(reply) -> list[tuple[str, bool, str]]:
    return [(one.shown["label"], one.changed, one.words) for one in standing(reply, INDICATORS)]


def test_figure_is_inserted_where_the_cursor_was_with_its_definition(reply):
    figure = insert(reply, at=3)
    text = sections_of(reply)[0].text
    assert text == f"全区有[[{figure.pk}]]，已配齐。"
    assert spoken(text, shown_figures(reply)) == "全区有5人，已配齐。"
    kept = figure.inserted
    assert (kept["label"], kept["value"], kept["numerator"], kept["place"], kept["on"]) == (
        "社区工作者",
        "5",
        5,
        "东区",
        today().isoformat(),
    )
    assert kept["definition"].startswith("计入配备人数的在岗人数") and "中组发〔2022〕2号" in kept["citation"]


def test_figure_goes_behind_another_one_and_never_into_it(reply):
    first = insert(reply, at=0)
    second = insert(reply, at=3)
    assert sections_of(reply)[0].text == f"[[{first.pk}]][[{second.pk}]]全区有，已配齐。"


def test_share_is_told_with_the_decimals_asked_for_and_the_rule_it_follows(reply):
    two, cut = insert(reply, "women_share", decimals=2), insert(reply, "staffing_ratio", decimals=1)
    assert (two.inserted["text"], two.inserted["denominator"]) == ("40.00%", 5)
    # 5 per 30,000 is 1.666...: the catalogue cuts it off, so that no letter rounds up into compliance.
    assert (cut.inserted["text"], cut.inserted["rule"], cut.inserted["basis"]) == (
        "1.6人",
        standing(reply, INDICATORS)[1].now["rule"],
        cut.inserted["basis"],
    )
    assert cut.inserted["basis"].startswith("城镇常住人口 30,000 人")


def test_day_of_a_figure_can_be_told_before_it(reply):
    insert(reply, with_day=True)
    day = today()
    assert paper_of(reply).blocks[1].text == (
        f"全区有，已配齐。截至{day.year}年{day.month}月{day.day}日，社区工作者5人"
    )


@pytest.mark.parametrize(
    ("key", "more", "said"),
    [
        ("no_such", {}, "没有这个指标"),
        ("mean_pay", {"by": "lead_officer"}, "没有这个指标"),
        ("workers", {"division": "97"}, "没有查看它的权限"),
        ("workers", {"on": today() + ONE_DAY}, "不能晚于今天"),
        ("workers", {"decimals": 5}, None),
        ("women_share", {"decimals": 5}, "0 到 4"),
        ("staffing_ratio", {"division": w.UNKNOWN}, "不能插入：无数据"),
    ],
)
def test_figures_that_cannot_stand_in_a_letter(reply, key, more, said):
    more.pop("by", None)
    if said is None:
        assert insert(reply, key, **more).decimals == 0
        return
    with pytest.raises(ValidationError, match=said):
        insert(reply, key, **more)
    assert LiveFigure.objects.count() == 0


def test_figure_of_the_day_that_has_changed_is_told_and_refreshed(reply):
    figure = insert(reply)
    assert changes(reply) == [("社区工作者", False, "5人 → 5人")]
    hire()
    assert changes(reply) == [("社区工作者", True, "5人 → 6人")]
    assert paper_of(reply).blocks[1].text == "全区有，已配齐。5人"
    reply.refresh_from_db()
    figures.refresh_figure(
        reply=reply, version=reply.version, figure=figure.pk, indicators=INDICATORS, by=cases.user("lead_officer")
    )
    assert changes(reply) == [("社区工作者", False, "6人 → 6人")]
    assert paper_of(reply).blocks[1].text == "全区有，已配齐。6人"


def test_figure_of_an_earlier_day_is_looked_at_on_that_day(reply):
    insert(reply, on=today() - timedelta(days=40))
    begins("今日新人", today())
    w.count(today())
    assert changes(reply) == [("社区工作者", False, "5人 → 5人")]
    factories.worker("补录旧人", w.SPRING)
    w.count(today())
    assert changes(reply) == [("社区工作者", True, "5人 → 6人")]


def test_figure_of_the_day_follows_the_day_of_signing(reply):
    insert(reply)
    begins("明日新人", today() + ONE_DAY)
    assert changes(reply) == [("社区工作者", False, "5人 → 5人")]
    with time_machine.travel(f"{today() + ONE_DAY}T09:00:00+08:00"):
        assert changes(reply) == [("社区工作者", True, "5人 → 6人")]


def test_figure_that_is_declared_no_longer_counts_as_changed(reply):
    insert(reply)
    without = {key: one for key, one in INDICATORS.items() if key != "workers"}
    (one,) = standing(reply, without)
    assert (one.changed, one.words) == (True, "5人 → 无法取得")


def test_figure_is_taken_out_with_its_place_in_the_text(reply):
    figure = insert(reply, at=3)
    reply.refresh_from_db()
    figures.remove_figure(reply=reply, version=reply.version, figure=figure.pk, by=cases.user("lead_officer"))
    assert (sections_of(reply)[0].text, LiveFigure.objects.count()) == ("全区有，已配齐。", 0)


def typed(reply, text) -> list[tuple[str, str, str]]:
    reply.refresh_from_db()
    by = cases.user("lead_officer")
    reply = save_reply(reply=reply, version=reply.version, by=by, sections=[Written(None, 0, text)])
    found = contradictions(reply, INDICATORS, sections_of(reply))
    return [(one.typed.text, one.label, one.text) for one in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("全区社区工作者共有8人。", [("8人", "社区工作者", "5人")]),
        ("全区社区工作者共有5人。", []),
        ("全区有8名社区工作者。", [("8名", "社区工作者", "5人")]),
        ("女性占比12.5%，", [("12.5%", "女性占比", "40.0%")]),
        ("女性占比40%。", []),
        ("每万人社区工作者1.6人。", []),
        ("每万人社区工作者1.7人。", [("1.7人", "每万人社区工作者", "1.66人")]),
        ("其中社区工作者8人接受培训。", []),
        ("新增社区工作者8人。", []),
        ("每万城镇常住人口有18名社区工作者。", []),
        ("为3个社区配备8名社区工作者。", []),
        ("社区工作者参加培训8人。", []),
        ("社区工作者队伍已达到8人。", [("8人", "社区工作者", "5人")]),
        ("社区工作者8人以上。", []),
        ("召开座谈会8次，走访8人。", []),
        ("依据示政办〔2021〕8号，社区工作者应当配备8人。", []),
    ],
)
def test_typed_number_beside_the_name_of_a_figure_is_held_against_the_catalogue(reply, text, found):
    assert typed(reply, text) == found


def test_typed_number_is_held_against_the_day_that_its_sentence_names(reply):
    day = today() - timedelta(days=40)
    begins("新人", today())
    w.count(today())
    text = f"截至{day.year}年{day.month}月{day.day}日，社区工作者%s人。"
    assert typed(reply, text % 5) == []
    assert typed(reply, text % 6) == [("6人", "社区工作者", "5人")]


def test_inserted_figures_are_no_typed_numbers(reply):
    insert(reply, at=3)
    assert contradictions(reply, INDICATORS, sections_of(reply)) == []


def test_typed_numbers_know_thousands_decimals_and_ten_thousands():
    labels = {"persons": [("社区工作者", "workers")], "years": [("平均工龄", "mean_tenure")]}
    assert typed_numbers("平均工龄2025年有所提高。", labels) == []
    found = typed_numbers("社区工作者3,310人；社区工作者约1.2万人；社区工作者达1.2万人。", labels)
    assert [(str(one.value), one.decimals, one.scale) for one in found] == [("3310", 0, 1), ("1.2", 1, 10_000)]
