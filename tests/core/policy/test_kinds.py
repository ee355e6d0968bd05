"""Kinds of rules: every field type takes what it should, refuses the rest by name, and reads as a sentence."""

import pytest
from django.core.exceptions import ValidationError

from portal.core.policy import kinds
from portal.core.policy.kinds import KINDS, Field, Topic
from portal.core.policy.kinds import choices as shared
from workforce import enums

MEN = {"who": "male", "age": 60, "until": 63, "step": 4}
DEFAULTS = {
    "staffing.combination": {"choose": "largest"},
    "staffing.counted": {"age_from": 16, "male_until": 63, "female_until": 58, "service_agreement": False},
    "staffing.excluded_statuses": {"statuses": ["seconded"]},
    "staffing.position_control": {"mode": "enforce"},
    "staffing.deadline_notice": {"months": 12},
    "staffing.young": {"age": 35},
    "population.basis": {"order": ["urban_permanent", "permanent", "actual", "ledger", "registered"]},
    "population.max_age": {"months": 12},
    "contract.ending_notice": {"days": [60, 30]},
    "certificate.accepted": {"levels": ["assistant", "social_worker", "senior", "local"]},
    "certificate.clock_stops": {"statuses": ["maternity", "military"]},
    "certificate.alerts": {"months": [12, 6, 3, 1]},
    "certificate.exam": {"month": 5, "day": 24, "result_months": 2},
    "certificate.registration": {
        "first_months": 12, "years": 3, "window_months": 3, "hours_assistant": 72, "hours_other": 90,
        "degree_hours": 90, "lapsed_counts": True,
    },
    "pay.ladder": {
        "rows": [{"tier": 1, "low": 7, "high": 18}, {"tier": 2, "low": 4, "high": 15}, {"tier": 3, "low": 1, "high": 12}],
        "years_per_step": 3, "on_tier_change": "recompute",
    },
    "pay.years_not_counted": {"grades": ["failed"]},
    "grid.team": {"chiefs": 1, "full_time": 1, "instructors": 1},
    "deadline.rolling": {"mode": "next_workday"},
    "finding.escalation": {"street_days": 15, "district_days": 15},
    "finding.supervision": {"working_days": 5},
    "report.due": {"week": 2, "month": 5, "quarter": 10, "half_year": 10, "year": 20},
    "service.time_tolerance": {"points": 5},
    "service.requests": {"appeal": 10, "window": 5, "errand": 5},
    "rating.stages": {"self": 15, "street": 15, "district": 20, "joint": 10, "calibration": 10, "decision": 30},
    "rating.notice": {"working_days": 5, "answer_days": 5, "scores": False},
    "rating.removal": {"effect": "next_month"},
    "proposal.reply": {"proposal_months": 3, "suggestion_months": 3, "between_months": 3, "most_months": 6},
    "proposal.return": {"days": 7, "unit": "working"},
    "proposal.opinion": {"months": 1},
    "proposal.feedback": {"working_days": 15},
    "proposal.rehandling": {"months": 1},
    "proposal.publication": {"working_days": 20},
    "proposal.handling": {"supervision": True, "contact": ["during"]},
    "proposal.classes": {"scheme": "npc"},
    "proposal.commitments": {"months": 3},
}  # fmt: skip


def test_defaults_are_valid_and_every_other_kind_is_not_in_force():
    assert {key: kind.default for key, kind in KINDS.items() if kind.default} == DEFAULTS
    assert all(KINDS[key].clean(value) == value for key, value in DEFAULTS.items())


def test_every_kind_has_a_name_of_its_own_and_stands_with_its_topic():
    exported = {name: getattr(kinds, name) for name in kinds.__all__ if name.isupper() and name != "KINDS"}
    assert {kind.key for kind in exported.values()} == set(KINDS)
    topics = [kind.topic for kind in KINDS.values()]
    assert topics == sorted(topics, key=list(Topic).index)
    assert set(topics) == set(Topic)
    assert len({str(kind.label) for kind in KINDS.values()}) == len(KINDS)


@pytest.mark.parametrize(
    ("spelled", "enum"),
    [
        (shared.STATUSES, enums.SpecialStatusKind),
        (shared.LEVELS, enums.CertificateLevel),
        (shared.TIERS, enums.Tier),
        (shared.GRADES, enums.AssessmentGrade),
        (shared.RANK_GROUPS, enums.RankGroup),
        (shared.TRAINING_LEVELS, enums.TrainingLevel),
    ],
)
def test_choices_spelled_here_are_those_of_the_records(spelled, enum):
    assert [(key, str(label)) for key, label in spelled] == [(key, str(label)) for key, label in enum.choices]


NUMBER = Field("n", "数", "integer", 1, 9)
MAYBE = Field("n", "数", "integer", 1, 9, optional=True, unit="级")
MONEY = kinds.base.money("n", "金额")
PERCENT = kinds.base.percent("n", "占比", 1)
CHOICE = Field("n", "层级", "choice", choices=shared.TIERS)
SEVERAL = Field("n", "等级", "choices", choices=shared.LEVELS)
NONE_TOO = Field("n", "状态", "choices", choices=shared.STATUSES, optional=True)
DAY = Field("n", "日期", "date")
DAYS = Field("n", "天数", "integers", 1, 90, unit="天")
TABLE = Field(
    "n", "分级", "table", 1, 3,
    columns=(Field("tier", "层级", "choice", choices=shared.TIERS), MONEY), row="%(tier)s %(n)s",
)  # fmt: skip


@pytest.mark.parametrize(
    ("field", "given", "stored", "words"),
    [
        (NUMBER, 1, 1, "1"),
        (NUMBER, 9, 9, "9"),
        (MAYBE, None, None, "来源未给出数值"),
        (MAYBE, 3, 3, "3 级"),
        (MONEY, None, None, "来源未给出金额"),
        (MONEY, 4600, 4600, "4,600 元"),
        (PERCENT, 100, 100, "100%"),
        (CHOICE, 2, 2, "副职"),
        (SEVERAL, ["local", "assistant"], ["local", "assistant"], "地方社区社会工作员、助理社会工作师"),
        (NONE_TOO, [], [], "无"),
        (DAY, "2024-02-29", "2024-02-29", "2024-02-29"),
        (DAYS, [30, 60], [60, 30], "60 天、30 天"),
        (
            TABLE,
            [{"tier": 3, "n": 50}, {"tier": 1, "n": None}],
            [{"tier": 1, "n": None}, {"tier": 3, "n": 50}],
            "工作人员 50 元；正职 来源未给出金额",
        ),
    ],
)
def test_field_takes_a_value_and_says_it_in_words(field, given, stored, words):
    assert field.clean(given) == stored
    assert field.in_words(stored) == words


@pytest.mark.parametrize(
    ("field", "given", "sentence"),
    [
        (NUMBER, 0, "“数”应为 1 到 9 之间的整数。"),
        (NUMBER, 10, "“数”应为 1 到 9 之间的整数。"),
        (NUMBER, True, "“数”应为 1 到 9 之间的整数。"),
        (NUMBER, None, "“数”应为 1 到 9 之间的整数。"),
        (NUMBER, "3", "“数”应为 1 到 9 之间的整数。"),
        (MAYBE, "", "“数”应为 1 到 9 之间的整数；来源没有给出的留空。"),
        (MONEY, -1, "“金额”应为 0 到 1000000 之间的整数；来源没有给出的留空。"),
        (MONEY, 60.5, "“金额”应为 0 到 1000000 之间的整数；来源没有给出的留空。"),
        (PERCENT, 101, "“占比”应为 1 到 100 之间的整数。"),
        (CHOICE, True, "“层级”应从所列选项中选择一项。"),
        (CHOICE, "1", "“层级”应从所列选项中选择一项。"),
        (CHOICE, [], "“层级”应从所列选项中选择一项。"),
        (SEVERAL, [], "“等级”应从所列选项中选择，不能重复。"),
        (SEVERAL, ["local", "local"], "“等级”应从所列选项中选择，不能重复。"),
        (SEVERAL, [["local"]], "“等级”应从所列选项中选择，不能重复。"),
        (SEVERAL, "local", "“等级”应从所列选项中选择，不能重复。"),
        (NONE_TOO, None, "“状态”应从所列选项中选择，不能重复。"),
        (DAY, "2023-02-29", "“日期”应为日期，例如 2025-12-31。"),
        (DAY, "20240229", "“日期”应为日期，例如 2025-12-31。"),
        (DAY, None, "“日期”应为日期，例如 2025-12-31。"),
        (DAYS, [], "“天数”应为 1 到 12 个整数，不能重复。"),
        (DAYS, [30, 30], "“天数”应为 1 到 12 个整数，不能重复。"),
        (DAYS, [91], "“天数”应为 1 到 90 之间的整数。"),
        (DAYS, [True], "“天数”应为 1 到 12 个整数，不能重复。"),
        (TABLE, [], "“分级”应有 1 到 3 行。"),
        (TABLE, {}, "“分级”应逐行给出，每行包含且只包含：层级、金额。"),
        (TABLE, [{"tier": 1}], "“分级”应逐行给出，每行包含且只包含：层级、金额。"),
        (TABLE, [{"tier": 1, "n": 1}, {"tier": 4, "n": 1}], "“分级”第 2 行：“层级”应从所列选项中选择一项。"),
        (TABLE, [{"tier": 1, "n": 1}, {"tier": 1, "n": 2}], "“分级”中“层级”相同的只能有一行。"),
    ],
)
def test_field_refuses_another_value_and_names_itself(field, given, sentence):
    with pytest.raises(ValidationError) as refused:
        field.clean(given)
    assert refused.value.messages == [sentence]


@pytest.mark.parametrize(
    ("kind", "change", "sentence"),
    [
        (kinds.RESIDENTS_COMMITTEE_SIZE, {"least": 9, "most": 5}, "“最多”不能小于“最少”。"),
        (kinds.EXAM, {"month": 2, "day": 29, "result_months": 2}, "2 月没有 29 日。"),
        (kinds.EXAM, {"month": 4, "day": 31, "result_months": 2}, "4 月没有 31 日。"),
        (kinds.PAY_COMPOSITION, {"basic_percent": 70, "performance_percent": 20}, "基本工资与绩效工资的占比合计应为 100%。"),
        (kinds.STAR_SHARES, {"five": 10, "four": 40, "three": 40, "none": 9}, "各星级的占比合计应为 100%。"),
        (
            kinds.BRACKETS,
            {"rows": [{"households_from": 1, "heads": 3}], "further_households": 500, "further_heads": 1},
            "第一档应从 0 户起。",
        ),
        (
            kinds.LADDER,
            {"rows": [{"tier": 1, "low": 7, "high": 18}], "years_per_step": 3, "on_tier_change": "keep"},
            "正职、副职、工作人员各应有一行。",
        ),
        (
            kinds.LADDER,
            kinds.LADDER.default | {"rows": [{"tier": t, "low": 5, "high": 5 - (t == 2)} for t in (1, 2, 3)]},
            "副职的最高等级不能低于最低等级。",
        ),
        (
            kinds.RETIREMENT,
            {"rows": [MEN, {**MEN, "who": "female"}], "starts_on": "2025-01-01", "women": "by_tier"},
            "还应填写这一行：女性（原为 50 周岁的岗位）。",
        ),
        (
            kinds.RETIREMENT,
            {"rows": [MEN, {**MEN, "who": "female", "until": 59}], "starts_on": "2025-01-01", "women": "female"},
            "女性（原为 55 周岁的岗位）：延迟后的退休年龄不能低于原退休年龄。",
        ),
        (
            kinds.RETIREMENT,
            {"rows": [MEN, {**MEN, "who": "female"}], "starts_on": "2025-01-15", "women": "female"},
            "“开始延迟的日期”应为某月 1 日，因为延迟按出生年月计算。",
        ),
        (kinds.STAFFING, {"heads": 18}, "规则内容应包含且只包含：配备人数、每多少名居民。"),
    ],
)  # fmt: skip
def test_kind_refuses_a_value_that_does_not_hold_together(kind, change, sentence):
    with pytest.raises(ValidationError) as refused:
        kind.clean(change)
    assert refused.value.messages == [sentence]


def test_brackets_are_kept_in_order_and_read_as_a_sentence():
    rows = [{"households_from": start, "heads": heads} for start, heads in ((4000, 6), (0, 3), (3000, 5), (2000, 4))]
    value = kinds.BRACKETS.clean({"rows": rows, "further_households": 500, "further_heads": 1})
    assert [row["heads"] for row in value["rows"]] == [3, 4, 5, 6]
    assert kinds.BRACKETS.in_words(value) == (
        "0 户起 3 人；2,000 户起 4 人；3,000 户起 5 人；4,000 户起 6 人；超过最后一档起点的，每满 500 户增加 1 人"
    )


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (kinds.SHARE_TARGET, {"percent": 45, "due": "2022-12-31"}, "到 2022-12-31，持证人数不低于社区工作者的 45%"),
        (
            kinds.ALLOTMENT,
            {"base": 4, "households_per": 300, "rounding": "nearest", "least": 0},
            "每个社区 4 人，另按每 300 户 1 人配备（四舍五入），这部分最少 0 人",
        ),
        (kinds.CONTRACT_NOTICE, {"days": [60, 30]}, "合同到期前 60 天、30 天 提醒"),
        (
            kinds.LADDER,
            kinds.LADDER.default,
            "正职 7–18 级；副职 4–15 级；工作人员 1–12 级；每 3 年晋一级；岗位变动时按新岗位重新核定",
        ),
        (kinds.PAY_COMPOSITION, {"basic_percent": 70, "performance_percent": 30}, "基本工资占比 70%，绩效工资占比 30%"),
        (kinds.EXCLUDED_STATUSES, {"statuses": []}, "处于下列状态的不计入：无"),
        (
            kinds.RETIREMENT,
            {
                "rows": [MEN, {"who": "female_other", "age": 50, "until": 55, "step": 2}],
                "starts_on": "2025-01-01",
                "women": "female_other",
            },
            "男性 60 至 63 周岁，每 4 个月延迟 1 个月；女性（原为 50 周岁的岗位） 50 至 55 周岁，每 2 个月延迟 1 个月；"
            "从 2025-01-01 起延迟；女性都按原 50 周岁的岗位",
        ),
    ],
)
def test_kind_reads_as_a_sentence(kind, value, words):
    assert kind.in_words(kind.clean(value)) == words
