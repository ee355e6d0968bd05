import json
from datetime import date

import pytest

from portal.core.policy.actions import set_rule
from portal.core.policy.kinds import COMMITTEE_TERM, SHARE_TARGET
from portal.core.policy.models import PolicyRule
from portal.core.policy.queries import rule_for
from portal.core.territory.loading import load_divisions
from portal.core.territory.models import Division
from tests import factories
from tests import world as w
from workforce.actions.tallies import differences
from workforce.models import Tally

RULE = {
    "kind": "staffing.per_population",
    "division": w.CITY,
    "valid_from": "2027-01-01",
    "value": {"heads": 20, "per": 10000},
}


@pytest.fixture
def file(tmp_path):
    def written(*rules: dict, document: object = "示例文件〔2026〕2号") -> str:
        path = tmp_path / "rules.json"
        path.write_text(json.dumps({"document": document, "rules": list(rules)}), encoding="utf-8")
        return str(path)

    return written


NATIONAL, TIANJIN, ELSEWHERE = 7, 22, 30


@pytest.mark.django_db
def test_load_policies_enters_presets_once_and_names_what_it_leaves_out(run_command):
    load_divisions({"12": "天津市"})
    first = json.loads(run_command("load_policies", "--json").out)
    facts = {"rules": 59, "added": NATIONAL + TIANJIN, "unchanged": 0, "seconds": 0}
    assert {**first, "seconds": 0, "skipped": len(first["skipped"])} == facts | {"skipped": ELSEWHERE}
    assert "certificate.share_target 4205 2022-01-01" in first["skipped"]
    again = json.loads(run_command("load_policies", "--json").out)
    assert {**again, "seconds": 0} == facts | {
        "added": 0, "unchanged": NATIONAL + TIANJIN, "skipped": first["skipped"]
    }  # fmt: skip
    assert PolicyRule.objects.count() == NATIONAL + TIANJIN


@pytest.mark.django_db
def test_load_policies_enters_the_presets_of_every_place(run_command):
    load_divisions({"12": "天津市", "33": "浙江省", "3310": "台州市", "21": "辽宁省", "2113": "朝阳市", "42": "湖北省",
                    "4205": "宜昌市", "34": "安徽省", "51": "四川省"})  # fmt: skip
    loaded = json.loads(run_command("load_policies", "--json").out)
    assert (loaded["added"], loaded["unchanged"], loaded["skipped"]) == (59, 0, [])
    again = json.loads(run_command("load_policies", "--json").out)
    assert (again["added"], again["unchanged"], again["skipped"]) == (0, 59, [])
    targets = PolicyRule.objects.filter(kind=SHARE_TARGET.key, division="4205").order_by("valid_from")
    assert list(targets.values_list("valid_from", "valid_to", "value__percent")) == [
        (date(2021, 11, 12), date(2022, 1, 1), 30),
        (date(2022, 1, 1), date(2023, 1, 1), 45),
        (date(2023, 1, 1), date(2024, 1, 1), 60),
        (date(2024, 1, 1), date(2026, 1, 1), 100),
    ]
    assert rule_for(COMMITTEE_TERM, "12", date(2018, 12, 28)).value == {"years": 3}
    assert rule_for(COMMITTEE_TERM, "12", date(2018, 12, 29)).value == {"years": 5}


# The rules that the first edition of the presets held, as a database that was set up with it has them.
FIRST_EDITION = [
    ("", "staffing.per_population", "2025-12-31", {"heads": 18, "per": 10000}, "中组发[2022]2号"),
    ("12", "certificate.accepted", "2018-01-01",
     {"levels": ["assistant", "social_worker", "senior", "local"]}, "天津市社区工作者管理办法"),
    ("12", "staffing.per_population", "2022-09-29", {"heads": 18, "per": 10000},
     "天津市民政局对市政协提案第0023号的落实答复（2022-09-29）"),
    ("2113", "staffing.per_population", "2023-12-31", {"heads": 18, "per": 10000}, "朝政办发[2023]2号"),
    ("3310", "staffing.per_population", "2023-07-17", {"heads": 18, "per": 10000},
     "台州市民政局对提案2023128号的答复（2023-07-17）"),
]  # fmt: skip


@pytest.mark.django_db
def test_load_policies_adds_to_a_database_that_holds_the_first_presets(run_command):
    load_divisions({"12": "天津市", "33": "浙江省", "3310": "台州市", "21": "辽宁省", "2113": "朝阳市"})
    for division, kind, day, value, document in FIRST_EDITION:
        set_rule(
            kind=kind, division=Division.objects.filter(code=division).first(), valid_from=date.fromisoformat(day),
            value=value, document=document, article="原条款", by=None,
        )  # fmt: skip
    loaded = json.loads(run_command("load_policies", "--json").out)
    assert (loaded["added"], loaded["unchanged"], len(loaded["skipped"])) == (59 - 5 - 14, 5, 14)
    assert PolicyRule.objects.filter(article="原条款", valid_to__isnull=True).count() == 5


@pytest.mark.django_db
@pytest.mark.parametrize("division", [w.CITY, ""])
@pytest.mark.parametrize(
    ("kind", "value", "counted"),
    [
        # 冯约 has no labour contract but a service agreement: a seventh head.
        ("staffing.counted", {"age_from": 16, "male_until": 63, "female_until": 58, "service_agreement": True}, (7, 3)),
        # 赵春, 孙夏 and 周秋 are certified; only 赵春 holds the level accepted now.
        ("certificate.accepted", {"levels": ["social_worker"]}, (6, 1)),
    ],
)
def test_load_policies_counts_heads_again(run_command, file, world, kind, value, counted, division):
    factories.contract(world.people["冯约"], kind="service")
    rule = {"kind": kind, "division": division, "valid_from": "2020-01-01", "value": value}
    assert run_command("load_policies", file(rule)).code == 0
    tally = Tally.objects.get(division_id=w.CITY)
    assert (tally.workers, tally.certified) == counted
    assert differences() == []


@pytest.mark.django_db
def test_load_policies_leaves_alone_what_people_changed_since(run_command):
    load_divisions({"12": "天津市"})
    run_command("load_policies")
    city = Division.objects.get(code="12")
    new = {"heads": 20, "per": 10_000}
    set_rule(
        kind="staffing.per_population",
        division=city,
        valid_from=date(2027, 1, 1),
        value=new,
        document="新文件",
        by=None,
    )
    assert json.loads(run_command("load_policies", "--json").out)["unchanged"] == NATIONAL + TIANJIN
    ends = PolicyRule.objects.filter(kind="staffing.per_population", division="12").order_by("valid_from")
    assert list(ends.values_list("valid_from", "valid_to")) == [
        (date(2022, 9, 29), date(2027, 1, 1)),
        (date(2027, 1, 1), None),
    ]


@pytest.mark.django_db
def test_load_policies_takes_files_of_the_same_form(run_command, file, world):
    answer = json.loads(
        run_command("load_policies", file(RULE | {"article": "第二条", "valid_to": "2028-01-01"}), "--json").out
    )
    assert (answer["added"], answer["skipped"]) == (1, [])
    rule = PolicyRule.objects.get(valid_from=date(2027, 1, 1))
    assert (rule.source, rule.valid_to, rule.entered_by) == ("示例文件〔2026〕2号 第二条", date(2028, 1, 1), "system")
    assert PolicyRule.objects.get(valid_from=date(2022, 9, 29)).valid_to == date(2027, 1, 1)


@pytest.mark.django_db
def test_rule_of_a_file_may_name_a_document_of_its_own(run_command, file, world):
    run_command("load_policies", file(RULE | {"document": "另一文件〔2026〕3号"}))
    assert PolicyRule.objects.get(valid_from=date(2027, 1, 1)).source == "另一文件〔2026〕3号"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "staffing.none"}, "rule 1: there is no kind 'staffing.none'"),
        ({"value": {"heads": 20}}, "规则内容应包含且只包含：配备人数、每多少名居民。"),
        ({"value": {"heads": "20", "per": 10000}}, "“配备人数”应为 1 到 1000 之间的整数。"),
        ({"valid_from": "2027年1月1日"}, "write days as 2022-09-29"),
        ({"valid_from": ""}, "valid_from is a day"),
        ({"note": "x"}, "rule 1: give division, kind, valid_from, value, and at most article, document, valid_to."),
        ({"document": ""}, "the document must be named in 1 to 200 characters"),
        ({"article": "长" * 101}, "article at most 100 characters"),
        ({"valid_to": "2026-01-01"}, "失效日期应晚于生效日期。"),
        ({"valid_from": "2022-01-01"}, "该范围在这段时间内已有同类规则。"),
        ({"valid_from": "2022-09-29"}, "another rule is in the database"),
    ],
)
def test_load_policies_refuses_a_faulty_rule_with_the_reason(run_command, file, world, change, sentence):
    result = run_command("load_policies", file(RULE | change))
    assert result.code == 1
    assert sentence in result.err
    assert PolicyRule.objects.count() == 1


@pytest.mark.django_db
def test_load_policies_writes_nothing_when_one_rule_is_faulty(run_command, file, world):
    assert run_command("load_policies", file(RULE, RULE | {"valid_from": "2022-01-01"})).code == 1
    assert PolicyRule.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is not JSON"),
        ("[]", "must hold one object"),
        ('{"document": "x"}', "must hold one object"),
        ("[" * 9999, "is not JSON"),
    ],
)
def test_load_policies_refuses_a_file_of_another_form(run_command, tmp_path, content, sentence):
    path = tmp_path / "rules.json"
    path.write_text(content)
    result = run_command("load_policies", str(path))
    assert result.code == 1
    assert sentence in result.err
    assert run_command("load_policies", str(tmp_path / "nowhere.json")).code == 1
