"""What if a rule were another: exact figures without writing, for every level, and who may ask."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.core.audit.models import AuditEvent
from portal.core.policy.models import PolicyRule
from tests import factories
from tests import world as w
from tests.pages.reading import text_of
from workforce.actions.tallies import differences, recount

STAFFING = "staffing.per_population"


def ask(client, kind: str, place: str = "", **values):
    query = {f"value_{name}": value for name, value in values.items() if name != "on"}
    if place:
        query["place"] = place
    if "on" in values:
        query["on"] = values["on"]
    return client.get(reverse("policy_what_if", args=[kind]), query)


def twenty(client, place: str = "", **more):
    return ask(client, STAFFING, place, heads="20", per="10000", **more)


def lines(response) -> dict[str, tuple[str, str]]:
    return {line["label"]: (line["before"], line["after"]) for line in response.context["effect"].lines}


def tables(response) -> list[dict]:
    """Columns and cells of every table under the place, the place itself last."""
    return [
        {
            "columns": table.columns,
            "rows": {row["name"]: [cell["text"] for cell in row["cells"]] for row in [*table.rows, table.foot]},
        }
        for table in response.context["effect"].tables
    ]


def test_twenty_per_ten_thousand_in_a_district(world, login):
    response = twenty(login(world.users.district), w.DISTRICT)
    assert lines(response) == {
        "标准（每万人）": ("18 人", "20 人"),
        "采用的人口": ("城镇常住人口 30,000 人", "城镇常住人口 30,000 人"),
        "应配": ("54 人", "60 人"),
        "在岗": ("5 人", "5 人"),
        "持证": ("3 人", "3 人"),
        "缺口": ("49 人", "55 人"),
        "新增缺员的下级（共 1 个）": ("0", "0"),
        "新增缺员的社区（共 3 个）": ("0", "0"),
    }
    assert tables(response) == [
        {
            "columns": ["应配（现行）", "应配（改后）", "在岗", "缺口（现行）", "缺口（改后）", "岗位增减"],
            "rows": {
                "一号街道": ["8", "8", "4", "4", "4", "0"],
                "二号街道": [None, None, "1", None, None, None],  # one of its communities has no population
                "东区": ["54", "60", "5", "49", "55", "+6"],
            },
        }
    ]
    assert response.context["effect"].sentence == (
        f"若东区自 {world.today} 起执行“每 10,000 名城镇常住人口不少于 20 人”：应配 60 人（现行 54 人）；在岗 5 人；"
        "缺 55 人（现行缺 49 人）；增加 6 个岗位；1 个下级中新增 0 个缺员；3 个社区中新增 0 个缺员。以上为测算，未改动任何数据。"
    )


def test_places_that_would_newly_be_short_are_counted(world, login):
    # 夏雨 needs 2 of 1,000 residents and has 2; 同名 in the west needs 1 of 500 and has 1.
    response = ask(login(world.users.city), STAFFING, w.CITY, heads="25", per="10000")
    assert lines(response)["新增缺员的社区（共 5 个）"] == ("0", "2")
    assert "5 个社区中新增 2 个缺员" in response.context["effect"].sentence
    fewer = ask(login(world.users.city), STAFFING, w.CITY, heads="6", per="10000")
    assert lines(fewer)["新增缺员的社区（共 5 个）"] == ("0", "0")
    assert "5 个社区中新增 0 个缺员，2 个不再缺员" in fewer.context["effect"].sentence
    assert "减少" in fewer.context["effect"].sentence


def test_rule_not_in_force_is_supposed_too(world, login):
    response = twenty(login(world.users.outsider), "97")
    assert lines(response)["应配"] == ("未生效", "2 人")
    assert "应配 2 人（现行未生效）；在岗 1 人；缺 1 人" in response.context["effect"].sentence


def test_nothing_is_written(world, login):
    client = login(world.users.city)
    client.get(reverse("policies"))
    events, rules = AuditEvent.objects.count(), list(PolicyRule.objects.values())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        twenty(client, w.CITY)
        ask(
            client,
            "staffing.counted",
            w.CITY,
            age_from="16",
            male_until="63",
            female_until="58",
            service_agreement="yes",
        )
    written = [
        q["sql"]
        for q in queries
        if q["sql"].lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE", "SAVEPOINT", "LOCK"))
    ]
    assert written == []
    assert (AuditEvent.objects.count(), list(PolicyRule.objects.values())) == (events, rules)
    assert differences() == []


def test_figures_supposed_are_those_after_the_rule_is_entered(world, login):
    client, kind = login(world.users.city), "staffing.counted"
    factories.contract(world.people["冯约"], kind="service")
    value = {"age_from": 16, "male_until": 63, "female_until": 58, "service_agreement": True}
    supposed = ask(client, kind, w.CITY, **{**value, "service_agreement": "yes"})
    assert lines(supposed)["在岗"] == ("6 人", "7 人")
    assert tables(supposed)[0]["rows"]["东区"] == ["54", "5", "6", "49", "48", "−1"]
    PolicyRule.objects.create(
        kind=kind, division_id=w.CITY, valid_from=date(2026, 1, 1), value=value, document="文件", entered_by="test"
    )
    recount()
    assert lines(ask(client, kind, w.CITY, **{**value, "service_agreement": "yes"}))["在岗"] == ("7 人", "7 人")


def test_nearer_rule_keeps_and_is_said(world, login):
    factories.staffing_rule("960102", heads=30)
    response = twenty(login(world.users.city), w.CITY)
    assert tables(response)[0]["rows"]["西区"] == ["4", "4", "1", "3", "3", "0"]
    assert "下级有 1 处另有规定，不受影响。" in text_of(response)


def test_past_and_future_days_are_asked_as_they_were_and_will_be(world, login):
    client = login(world.users.city)
    coming = (world.today + timedelta(days=400)).isoformat()
    factories.staffing_rule(w.DISTRICT, heads=30, since=world.today + timedelta(days=100))
    assert lines(twenty(client, w.DISTRICT, on=coming))["应配"] == ("90 人", "60 人")
    assert lines(twenty(client, w.DISTRICT, on="2022-09-28"))["应配"] == ("未生效", "60 人")


def test_share_target_tells_the_heads_still_needed(world, login):
    response = ask(login(world.users.city), "certificate.share_target", w.CITY, percent="60", due="2026-12-31")
    assert tables(response) == [
        {
            "columns": ["在岗", "持证", "应持证（现行）", "应持证（改后）", "还需（现行）", "还需（改后）"],
            "rows": {
                "东区": ["5", "3", None, "3", None, "0"],
                "西区": ["1", "0", None, "1", None, "1"],
                "示例市": ["6", "3", None, "4", None, "1"],
            },
        }
    ]
    assert "在岗 6 人中应有 4 人持证，现有 3 人，还需 1 人" in response.context["effect"].sentence


def test_allotment_tells_the_posts_of_the_communities(world, login):
    response = ask(
        login(world.users.city),
        "staffing.allotment",
        w.STREET,
        base="4",
        households_per="300",
        rounding="nearest",
        least="0",
    )
    # 春风: 1,000 households -> 4 + 3; 夏雨: 333 -> 4 + 1. By population 6 and 2.
    assert lines(response)["核定人数"] == ("8", "12")
    assert lines(response)["不足人数"] == ("4", "8")
    assert tables(response)[0]["rows"] == {
        "春风社区": ["6", "7", "2", "4", "5"], "夏雨社区": ["2", "5", "2", "0", "3"], "一号街道": ["8", "12", "4", "4", "8"],
    }  # fmt: skip


def test_other_kinds_tell_the_warnings_there_would_be(world, login):
    client = login(world.users.city)
    deadline = {"starts_on": "2020-01-01", "restart_after_months": "6", "judged_by": "obtained"}
    response = ask(client, "certificate.deadline", w.CITY, months="24", **deadline)
    # 钱风, 李雨 and 吴同 were hired on 2024-01-01 and hold no certificate.
    assert tables(response) == [
        {
            "columns": ["预警（现行）", "预警（改后）", "其中已逾期（现行）", "其中已逾期（改后）"],
            "rows": {"东区": ["0", "2", "0", "2"], "西区": ["0", "1", "0", "1"], "示例市": ["0", "3", "0", "3"]},
        }
    ]
    assert "预警 3 项（现行 0 项），其中已逾期 3 项（现行 0 项）" in response.context["effect"].sentence
    longer = ask(client, "certificate.deadline", w.CITY, months="120", **deadline)
    assert "项，没有变化" in longer.context["effect"].sentence


def test_kind_without_a_figure_says_so(world, login):
    response = ask(login(world.users.city), "service.time_split", w.CITY, parts="3")
    assert "系统中没有由这条规则直接算出的人数或预警，所以算不出影响" in text_of(response)
    assert lines(response) == {}


def test_community_has_a_page_without_a_table(world, login):
    response = twenty(login(world.users.street), w.SPRING)
    assert lines(response)["应配"] == ("6 人", "6 人")
    assert tables(response) == []


def test_only_who_may_enter_rules_is_offered_to(world, login):
    city, street = twenty(login(world.users.city), w.DISTRICT), twenty(login(world.users.street), w.STREET)
    assert "录入为规则" in text_of(city) and "录入为规则" not in text_of(street)
    form = login(world.users.city).get(city.context["enter_url"]).context["form"]
    assert [form[name].value() for name in ("value_heads", "value_per")] == [20, 10_000]


def test_rows_of_a_table_are_kept_on_the_way_to_a_rule(world, login):
    client = login(world.users.city)
    values = {"rows_1_households_from": "0", "rows_1_heads": "3", "rows_2_households_from": "2000", "rows_2_heads": "4"}
    response = ask(client, "staffing.brackets", w.CITY, **values, further_households="500", further_heads="1")
    form = client.get(response.context["enter_url"]).context["form"]
    assert [form[f"value_{name}"].value() for name in values] == [0, 3, 2000, 4]


@pytest.mark.parametrize(
    ("name", "place", "status"),
    [
        ("district", w.CITY, 404), ("street", w.NEIGHBOUR, 404), ("street", "999999", 404),
        ("community", w.SPRING, 200), ("auditor", w.CITY, 200), ("system_admin", w.CITY, 403),
    ],
)  # fmt: skip
def test_figures_stay_within_the_territory(world, login, name, place, status):
    assert twenty(login(getattr(world.users, name)), place).status_code == status


def test_value_that_cannot_be_is_refused_beside_its_field(world, login):
    response = ask(login(world.users.city), STAFFING, heads="0", per="10000")
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["value_heads"]
    assert login(world.users.city).get(reverse("policy_what_if", args=["no.such"])).status_code == 404
