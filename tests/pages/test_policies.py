from datetime import date, timedelta

import pytest
from django.urls import reverse

from portal.core.policy.kinds import KINDS, Topic
from portal.core.policy.models import PolicyRule
from tests import factories
from tests import world as w
from tests.pages.reading import rows_of, sentence_of, text_of
from workforce.actions.rules import seen_rules
from workforce.queries.staffing import staffing_of

KIND = "staffing.per_population"
SOME = (KIND, "staffing.counted", "population.basis", "committee.term", "pay.ladder")


@pytest.fixture
def next_year(world) -> date:
    return world.today.replace(year=world.today.year + 1, month=1, day=1)


def page(client, **query):
    return client.get(reverse("policies"), query)


def told(response) -> dict[str, dict]:
    """What the page says of each kind, by its key."""
    return {
        item["kind"].key: {"words": item["outlook"].current.words, "origin": item["origin"] and item["origin"]["name"]}
        for group in response.context["topics"]
        for item in group["kinds"]
    }


def entry(place, start: date, **changes) -> dict:
    return {
        "value_heads": "20", "value_per": "10000", "valid_from": start.isoformat(), "last_day": "",
        "document": "东政〔2026〕8号", "article": "第二条", "seen": seen_rules(KIND, place), **changes,
    }  # fmt: skip


def form_url(code: str, kind: str = KIND) -> str:
    return f"{reverse('policy_new', args=[kind])}?place={code}"


def save(client, url: str, data: dict):
    """Looks at the effect, then saves exactly that."""
    shown = client.post(url, data)
    assert shown.status_code == 200, shown.context["form"].errors
    return client.post(url, data | {"shown": shown.context["form"].data["shown"]}, follow=True)


def test_every_kind_shows_what_holds_where_it_comes_from_and_since_when(world, login):
    response = page(login(world.users.street))
    found = told(response)
    assert list(found) == list(KINDS)
    assert {key: found[key] for key in SOME} == {
        KIND: {"words": "每 10,000 名城镇常住人口不少于 18 人", "origin": "示例市"},
        "staffing.counted": {"words": "年满 16 周岁，男未满 63、女未满 58 周岁；服务协议计入：否", "origin": None},
        "population.basis": {
            "words": "依次采用 城镇常住人口 › 常住人口 › 实有人口 › 社区台账人口 › 户籍人口", "origin": None,
        },
        "committee.term": {"words": "未生效", "origin": None},
        "pay.ladder": {
            "words": "正职 7–18 级；副职 4–15 级；工作人员 1–12 级；每 3 年晋一级；岗位变动时按新岗位重新核定",
            "origin": None,
        },
    }  # fmt: skip
    text = text_of(response)
    assert "依据 示例文件〔2022〕1号 第一条 来自 示例市 2022-09-29 起执行" in text
    assert "系统默认" in text
    assert "/policies/?place=96" not in response.content.decode()


def test_rule_that_nobody_set_is_not_in_force(world, login):
    response = page(login(world.users.outsider))
    assert told(response)[KIND] == {"words": "未生效", "origin": None}
    assert "社区工作者配备标准 未生效" in text_of(response)
    assert "未生效：各级都没有规定，所以不作判断：不算达标，也不算不达标。" in text_of(response)


def test_rules_stand_by_topic_with_a_way_to_each(world, login):
    response = page(login(world.users.street))
    assert [str(group["topic"].label) for group in response.context["topics"]] == [str(topic.label) for topic in Topic]
    html = response.content.decode()
    assert all(f'href="#topic-{topic}"' in html and f'id="topic-{topic}"' in html for topic in Topic.values)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "任期"}, ["committee.term"]),
        ({"q": "4+N"}, ["staffing.allotment"]),
        ({"q": "示例文件 配备"}, [KIND]),
        ({"q": "没有这种规则"}, []),
        ({"state": "set"}, [KIND]),
        (
            {"state": "off", "q": "证书"},
            ["certificate.deadline", "certificate.hiring_condition", "pay.certificate_allowance"],
        ),
        ({"state": "odd", "q": "任期"}, ["committee.term"]),
    ],
)
def test_rules_are_found_by_words_and_state(world, login, query, found):
    assert list(told(page(login(world.users.street), **query))) == found


def test_chips_count_what_is_set_left_to_the_default_or_off(world, login):
    chips = page(login(world.users.street)).context["list"].chips
    defaults = sum(kind.default is not None for kind in KINDS.values())
    assert [(chip["label"], chip["count"], chip["current"]) for chip in chips] == [
        ("全部", len(KINDS), True), ("已规定", 1, False), ("系统默认", defaults, False),
        ("未生效", len(KINDS) - defaults - 1, False),
    ]  # fmt: skip


def test_next_change_is_announced_and_another_day_shows_it(world, login, next_year):
    factories.staffing_rule(w.DISTRICT, heads=20, since=next_year)
    client = login(world.users.street)
    assert f"{next_year} 起：每 10,000 名城镇常住人口不少于 20 人" in text_of(page(client))
    assert told(page(client, on=next_year.isoformat()))[KIND]["origin"] == "东区"
    assert told(page(client, on=(next_year - timedelta(days=1)).isoformat()))[KIND]["origin"] == "示例市"


def test_history_names_the_writer_in_the_own_territory_only(world, login, next_year):
    factories.staffing_rule(w.DISTRICT, heads=20, since=next_year)
    PolicyRule.objects.filter(division_id=w.DISTRICT).update(entered_by="quwriter")
    rows = rows_of(page(login(world.users.district)))
    assert [(cells[0], cells[1], cells[3]) for cells in rows] == [
        (f"{next_year}长期有效", "东区", "待生效"), ("2022-09-29长期有效", "示例市", "生效中"),
    ]  # fmt: skip
    assert "quwriter" in rows[0][4]
    assert "test" not in rows[1][4]


def test_nearer_rule_covers_the_upper_one(world, login):
    factories.staffing_rule(w.DISTRICT, heads=20, since=date(2025, 1, 1))
    rows = rows_of(page(login(world.users.city), place=w.DISTRICT))
    assert [(cells[1], cells[3]) for cells in rows] == [("东区", "生效中"), ("示例市", "下级另有规定")]


@pytest.mark.parametrize("place", ["97", w.NEIGHBOUR, "960101", "999999", "x"])
def test_place_outside_the_territory_does_not_exist(world, login, place):
    assert page(login(world.users.street), place=place).status_code == 404


def test_rules_of_the_neighbour_are_absent(world, login):
    factories.staffing_rule(w.NEIGHBOUR, heads=99, since=date(2025, 1, 1))
    assert "99 人" not in text_of(page(login(world.users.street)))


def test_effect_is_shown_before_anything_is_saved(world, login, next_year):
    response = login(world.users.district).post(form_url(w.DISTRICT), entry(world.divisions[w.DISTRICT], next_year))
    assert rows_of(response) == [
        ["标准（每万人）", "18 人", "20 人"],
        ["采用的人口", "城镇常住人口 30,000 人", "城镇常住人口 30,000 人"],
        ["应配", "54 人", "60 人"],
        ["在岗", "5 人", "5 人"],
        ["持证", "3 人", "3 人"],
        ["缺口", "49 人", "55 人"],
        ["新增缺员的下级（共 1 个）", "0", "0"],
        ["新增缺员的社区（共 3 个）", "0", "0"],
        ["一号街道", "8", "8", "4", "4", "4", "0"],
        ["二号街道", "无数据", "无数据", "1", "无数据", "无数据", "无数据"],
    ]
    assert PolicyRule.objects.count() == 1


def test_rule_of_next_year_changes_the_figures_after_that_day_only(world, login, next_year):
    client = login(world.users.district)
    response = save(client, form_url(w.DISTRICT), entry(world.divisions[w.DISTRICT], next_year))
    assert f"已录入“社区工作者配备标准”，自 {next_year} 起的数字按它计算，以前的不变。" in text_of(response)
    rule = PolicyRule.objects.get(division_id=w.DISTRICT)
    assert (rule.value, rule.source, rule.entered_by) == (
        {"heads": 20, "per": 10_000}, "东政〔2026〕8号 第二条", "district",
    )  # fmt: skip
    url = reverse("division", args=[w.DISTRICT])
    assert sentence_of(client.get(url)).startswith("应配 54 人，在岗 5 人，缺 49 人")
    after = client.get(url, {"on": next_year.isoformat()})
    assert sentence_of(after).startswith("应配 60 人，在岗 5 人，缺 55 人；每万城镇常住人口 1.66 人（标准 20）。")
    assert staffing_of("96", next_year).required == 72


def test_only_what_was_previewed_is_saved(world, login, next_year):
    client, url = login(world.users.district), form_url(w.DISTRICT)
    data = entry(world.divisions[w.DISTRICT], next_year)
    shown = client.post(url, data).context["form"].data["shown"]
    changed = client.post(url, data | {"value_heads": "25", "shown": shown})
    assert ["应配", "54 人", "75 人"] in rows_of(changed)
    assert not PolicyRule.objects.filter(division_id=w.DISTRICT).exists()


def test_rule_that_somebody_else_changed_meanwhile_is_not_overwritten(world, login, next_year):
    client, url = login(world.users.district), form_url(w.DISTRICT)
    data = entry(world.divisions[w.DISTRICT], next_year)
    shown = client.post(url, data).context["form"].data["shown"]
    factories.staffing_rule(w.DISTRICT, heads=19, since=date(2026, 1, 1))
    response = client.post(url, data | {"shown": shown})
    assert response.status_code == 422
    assert "这里的同类规则刚被别人改过。" in text_of(response)
    assert 'value="东政〔2026〕8号"' in response.content.decode()
    assert PolicyRule.objects.get(division_id=w.DISTRICT).value["heads"] == 19


def test_what_counts_changes_the_heads_at_once(world, login):
    client, kind = login(world.users.city), "staffing.counted"
    place = world.divisions[w.CITY]
    data = {
        "value_age_from": "16", "value_male_until": "63", "value_female_until": "58", "value_service_agreement": "yes",
        "valid_from": world.today.isoformat(), "document": "文件", "seen": seen_rules(kind, place),
    }  # fmt: skip
    factories.contract(world.people["冯约"], kind="service")
    assert ["在岗", "6 人", "7 人"] in rows_of(client.post(form_url(w.CITY, kind), data))
    save(client, form_url(w.CITY, kind), data)
    assert (staffing_of(w.CITY, world.today).workers, staffing_of(w.SPRING, world.today).workers) == (7, 3)


def test_order_of_preference_is_picked_by_rank(world, login):
    client, kind = login(world.users.city), "population.basis"
    data = {
        "value_order_1": "ledger", "value_order_2": "urban_permanent", "valid_from": world.today.isoformat(),
        "document": "文件", "seen": seen_rules(kind, world.divisions[w.CITY]),
    }  # fmt: skip
    twice = client.post(form_url(w.CITY, kind), data | {"value_order_2": "ledger"})
    assert twice.context["form"].errors == {"value_order_2": ["前面已经选过这一项。"]}
    save(client, form_url(w.CITY, kind), data)
    assert PolicyRule.objects.get(kind=kind).value == {"order": ["ledger", "urban_permanent"]}


ROWS = {
    "value_rows_1_level": "social_worker", "value_rows_1_amount": "120",
    "value_rows_2_level": "assistant", "value_rows_2_amount": "",
    "value_rows_3_level": "", "value_rows_3_amount": "",
    "value_least": "60", "value_most": "", "value_highest_only": "yes", "value_registered_only": "no",
}  # fmt: skip
ALLOWANCE = "pay.certificate_allowance"


def allowance(world, **changes) -> dict:
    period = {
        "valid_from": world.today.isoformat(),
        "document": "文件",
        "seen": seen_rules(ALLOWANCE, world.divisions[w.CITY]),
    }
    return ROWS | period | changes


def test_table_of_rows_is_entered_and_empty_rows_do_not_count(world, login):
    client = login(world.users.city)
    save(client, form_url(w.CITY, ALLOWANCE), allowance(world))
    assert PolicyRule.objects.get(kind=ALLOWANCE).value == {
        "rows": [{"level": "assistant", "amount": None}, {"level": "social_worker", "amount": 120}],
        "least": 60, "most": None, "highest_only": True, "registered_only": False,
    }  # fmt: skip
    form = client.get(form_url(w.CITY, ALLOWANCE)).context["form"]
    assert [form[f"value_rows_{row}_level"].value() for row in (1, 2, 3, 4)] == [
        "assistant",
        "social_worker",
        None,
        None,
    ]


def test_another_row_is_added_and_nothing_typed_is_lost(world, login):
    client = login(world.users.city)
    response = client.post(form_url(w.CITY, ALLOWANCE), allowance(world, more="rows"))
    form = response.context["form"]
    assert response.status_code == 200
    assert form["value_rows_1_amount"].value() == "120"
    assert form["document"].value() == "文件"
    assert form["value_highest_only"].value() == "yes"
    assert "value_rows_4_level" in form.fields and "value_rows_5_level" not in form.fields
    assert "再加一行" not in text_of(response)  # there are four levels, so no fifth row
    assert not PolicyRule.objects.filter(kind=ALLOWANCE).exists()


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"value_rows_1_level": ""}, "value_rows_1_level", "请填写这一格，或者清空这一行。"),
        ({"value_rows_1_amount": "-1"}, "value_rows_1_amount", "确保该值大于或等于0。"),
        ({"value_rows_2_level": "social_worker"}, "__all__", "“各级证书每月津贴”中“证书等级”相同的只能有一行。"),
        ({"value_most": "50"}, "__all__", "“最多”不能小于“最少”。"),
        ({"value_registered_only": ""}, "value_registered_only", None),
    ],
)
def test_faulty_table_is_refused_where_the_fault_is(world, login, changes, field, sentence):
    response = login(world.users.city).post(form_url(w.CITY, ALLOWANCE), allowance(world, **changes))
    errors = response.context["form"].errors
    assert (response.status_code, list(errors)) == (422, [field])
    assert sentence is None or errors[field] == [sentence]


@pytest.mark.parametrize(
    ("kind", "values", "stored"),
    [
        ("contract.ending_notice", {"days": "30，90 60"}, {"days": [90, 60, 30]}),
        ("certificate.share_target", {"percent": "45", "due": "2026-12-31"}, {"percent": 45, "due": "2026-12-31"}),
        ("staffing.combination", {"choose": "smallest"}, {"choose": "smallest"}),
        ("staffing.excluded_statuses", {}, {"statuses": []}),
        ("rating.grades", {"grades": ["5", "0"], "months": "12"}, {"grades": [5, 0], "months": 12}),
        (
            "rating.eligibility",
            {"nomination": ["5", "4"], "recruitment": ["5"], "promotion": ["5"]},
            {"nomination": [5, 4], "recruitment": [5], "promotion": [5]},
        ),
        (
            "rating.measures",
            {"talk": "30", "admonition_years": "", "removal_years": "3"},
            {"talk": 30, "admonition_years": None, "removal_years": 3},
        ),
        (
            "rating.notice",
            {"working_days": "7", "answer_days": "5", "scores": "yes"},
            {"working_days": 7, "answer_days": 5, "scores": True},
        ),
        ("service.organisations", {"kinds": ["mediation", "veterans"]}, {"kinds": ["mediation", "veterans"]}),
        ("service.pilots", {"least": "1", "most": "2"}, {"least": 1, "most": 2}),
        ("service.access", {"days_ahead": "30", "decision_days": "15"}, {"days_ahead": 30, "decision_days": 15}),
        (
            "pay.bounds",
            {"start": "", "cap": "9000", "exceptional_cap": ""},
            {"start": None, "cap": 9000, "exceptional_cap": None},
        ),
    ],
)
def test_every_type_of_value_is_entered_by_form(world, login, kind, values, stored):
    period = {
        "valid_from": world.today.isoformat(),
        "document": "文件",
        "seen": seen_rules(kind, world.divisions[w.CITY]),
    }
    save(
        login(world.users.city),
        form_url(w.CITY, kind),
        {f"value_{name}": value for name, value in values.items()} | period,
    )
    assert PolicyRule.objects.get(kind=kind).value == stored


@pytest.mark.parametrize("days", ["", "三十", "0", "30、30"])
def test_faulty_list_of_numbers_is_refused(world, login, days):
    kind = "contract.ending_notice"
    data = {
        "value_days": days,
        "valid_from": world.today.isoformat(),
        "document": "文件",
        "seen": seen_rules(kind, world.divisions[w.CITY]),
    }
    assert login(world.users.city).post(form_url(w.CITY, kind), data).status_code == 422


def test_rule_for_a_day_that_has_one_already_is_refused_with_that_rule(world, login):
    factories.staffing_rule(w.DISTRICT, heads=20, since=date(2026, 1, 1), valid_to=date(2099, 1, 1))
    response = login(world.users.district).post(form_url(w.DISTRICT), entry(world.divisions[w.DISTRICT], world.today))
    assert response.context["form"].errors == {
        "valid_from": ["这一天已有同类规则（2026-01-01 至 2098-12-31）。请另选日期，或者先终止那一条。"]
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value_heads": "0"}, "value_heads"),
        ({"value_heads": "abc"}, "value_heads"),
        ({"value_per": ""}, "value_per"),
        ({"document": " "}, "document"),
        ({"document": "文" * 201}, "document"),
        ({"valid_from": "2026-02-30"}, "valid_from"),
        ({"last_day": "2000-01-01"}, "last_day"),
        ({"seen": ""}, "seen"),
    ],
)
def test_bad_rule_is_refused_beside_its_field(world, login, next_year, changes, field):
    data = entry(world.divisions[w.DISTRICT], next_year) | changes
    response = login(world.users.district).post(form_url(w.DISTRICT), data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_rule_before_a_later_one_must_end_before_it(world, login, next_year):
    factories.staffing_rule(w.DISTRICT, heads=20, since=next_year)
    data = entry(world.divisions[w.DISTRICT], world.today)
    response = login(world.users.district).post(form_url(w.DISTRICT), data)
    last = next_year - timedelta(days=1)
    assert f"自 {next_year} 起已经录入了另一条规则。请填写不晚于 {last} 的最后一天" in text_of(response)


@pytest.mark.parametrize(
    ("name", "place", "status"),
    [("district", w.CITY, 404), ("district", "960102", 404), ("street", w.STREET, 403), ("auditor", w.CITY, 403)],
)
def test_rules_are_entered_in_the_own_territory_only(world, login, next_year, name, place, status):
    data = entry(world.divisions[place], next_year)
    assert login(getattr(world.users, name)).post(form_url(place), data).status_code == status
    assert PolicyRule.objects.count() == 1


def test_unknown_kind_does_not_exist(world, login):
    assert login(world.users.city).get(form_url(w.CITY, "no.such")).status_code == 404


def test_ending_says_first_what_applies_afterwards(world, login):
    rule = factories.staffing_rule(w.DISTRICT, heads=20, since=date(2025, 1, 1))
    client, url = login(world.users.district), reverse("policy_end", args=[rule.pk])
    asked = client.get(url)
    assert "终止以后，将适用：每 10,000 名城镇常住人口不少于 18 人（示例文件〔2022〕1号 第一条）。" in text_of(asked)
    client.post(url, {"last_day": world.today.isoformat(), "seen": asked.context["form"].initial["seen"]})
    rule.refresh_from_db()
    assert rule.valid_to == world.today + timedelta(days=1)
    later = {"last_day": (world.today + timedelta(days=9)).isoformat(), "seen": seen_rules(KIND, rule.division)}
    response = client.post(url, later)
    assert "最后一天应早于现在登记的最后一天" in text_of(response)


def test_rule_that_has_not_begun_is_withdrawn_and_the_one_before_goes_on(world, login, next_year):
    client = login(world.users.city)
    save(client, form_url(w.CITY), entry(world.divisions[w.CITY], next_year))
    rule = PolicyRule.objects.get(valid_from=next_year)
    asked = client.get(reverse("policy_withdraw", args=[rule.pk]))
    assert "撤回以后，那一天起将适用：每 10,000 名城镇常住人口不少于 18 人" in text_of(asked)
    client.post(reverse("policy_withdraw", args=[rule.pk]), {"seen": asked.context["form"].initial["seen"]})
    assert list(PolicyRule.objects.values_list("value__heads", "valid_to")) == [(18, None)]


def test_rule_that_has_begun_is_not_withdrawn(world, login):
    rule = PolicyRule.objects.get()
    data = {"seen": seen_rules(KIND, rule.division)}
    response = login(world.users.city).post(reverse("policy_withdraw", args=[rule.pk]), data)
    assert "这条规则已经生效，不能撤回；可以终止它。" in text_of(response)
    assert PolicyRule.objects.count() == 1


def test_rule_of_an_upper_place_is_not_ended_from_below(world, login):
    rule = PolicyRule.objects.get()
    for name in ("policy_end", "policy_withdraw"):
        assert login(world.users.district).post(reverse(name, args=[rule.pk])).status_code == 404


def test_past_day_offers_nothing_to_change(world, login):
    assert "录入规则" in text_of(page(login(world.users.city)))
    assert "录入规则" not in text_of(page(login(world.users.city), on="2026-01-01"))


def test_queries_do_not_grow_with_the_rules(world, login, django_assert_num_queries):
    client = login(world.users.district)
    page(client)
    with django_assert_num_queries(6):
        page(client)
    factories.staffing_rule(w.DISTRICT, heads=20, since=date(2025, 1, 1), valid_to=date(2025, 6, 1))
    factories.staffing_rule(w.DISTRICT, heads=21, since=date(2026, 1, 1))
    with django_assert_num_queries(6):
        page(client)
