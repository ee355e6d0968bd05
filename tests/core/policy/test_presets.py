"""The presets, of the five source cities and of two provinces, say what their documents say."""

from datetime import date

import pytest

from portal.core.policy.kinds import KINDS
from portal.core.policy.presets import PRESETS, Preset, read_presets

NATIONAL, TIANJIN, TAIZHOU, CHAOYANG, YICHANG = "", "12", "3310", "2113", "4205"
SICHUAN, ANHUI = "51", "34"
MEASURE = "天津市社区工作者管理办法"
TIANJIN_REPLY = "天津市民政局对市政协提案第0023号的落实答复（2022-09-29）"
TAIZHOU_REPLY = "台州市民政局对提案2023128号的答复（2023-07-17）"
CHAOYANG_REPLY = "朝阳市民政局对提案176号的答复（朝民函〔2023〕32号）"
PLAN = "宜昌市社区治理队伍能力提升三年行动方案（2021-11-12）"
OLD_LAW = "中华人民共和国城市居民委员会组织法（1990-01-01施行）"
LEVELS = ["assistant", "social_worker", "senior"]
NO_AMOUNTS = [{"level": level, "amount": None} for level in LEVELS]
NO_STEPS = [{"level": level, "steps": None} for level in LEVELS]


def presets() -> list[Preset]:
    return [preset for path in sorted(PRESETS.glob("*.json")) for preset in read_presets(path)]


def held(kind: str, division: str, on: date) -> list[Preset]:
    return [
        preset
        for preset in presets()
        if (preset.kind, preset.division) == (kind, division)
        and preset.valid_from <= on
        and (preset.valid_to is None or on < preset.valid_to)
    ]


SAID = [
    (NATIONAL, "2018-12-28", "committee.term", {"years": 3}, OLD_LAW),
    (NATIONAL, "2018-12-29", "committee.term", {"years": 5}, "全国人大常委会关于修改城市居民委员会组织法的决定（2018-12-29）"),
    (NATIONAL, "2025-12-31", "committee.households", {"least": 100, "most": 700}, OLD_LAW),
    (NATIONAL, "2026-01-01", "committee.households", {"least": 1000, "most": 3000}, "中华人民共和国城市居民委员会组织法（2025-10-28修订）"),
    (NATIONAL, "2025-12-31", "committee.size_residents", {"least": 5, "most": 9}, OLD_LAW),
    (NATIONAL, "2025-12-31", "staffing.per_population", {"heads": 18, "per": 10_000}, "中组发[2022]2号"),
    (NATIONAL, "2025-01-01", "staffing.retirement", {"rows": [
        {"who": "male", "age": 60, "until": 63, "step": 4},
        {"who": "female", "age": 55, "until": 58, "step": 4},
        {"who": "female_other", "age": 50, "until": 55, "step": 2},
    ], "starts_on": "2025-01-01", "women": "female"}, "国务院关于渐进式延迟法定退休年龄的办法（2024-09-13）"),
    (TIANJIN, "2018-01-01", "staffing.allotment", {"base": 4, "households_per": 300, "rounding": "nearest", "least": 0}, MEASURE),
    (TIANJIN, "2026-01-01", "staffing.core_posts", {"secretaries": 1, "deputy_secretaries": 1, "vice_chairs": 2, "one_shoulder": True}, MEASURE),
    (TIANJIN, "2026-01-01", "committee.size_party_committee", {"least": 5, "most": 7}, MEASURE),
    (TIANJIN, "2026-01-01", "committee.size_party_branch", {"least": 3, "most": 5}, MEASURE),
    (TIANJIN, "2026-01-01", "committee.size_residents", {"least": 5, "most": 9}, MEASURE),
    (TIANJIN, "2026-01-01", "certificate.accepted", {"levels": [*LEVELS, "local"]}, MEASURE),
    (TIANJIN, "2018-01-01", "certificate.deadline", {
        "months": 24, "starts_on": "2018-01-01", "restart_after_months": 6, "judged_by": "obtained",
    }, MEASURE),
    (TIANJIN, "2026-01-01", "pay.grade_amounts", {"rows": [{"grade": n, "amount": None} for n in range(1, 19)]}, MEASURE),
    (TIANJIN, "2026-01-01", "pay.bounds", {"start": None, "cap": None, "exceptional_cap": None}, MEASURE),
    (TIANJIN, "2026-01-01", "pay.composition", {"basic_percent": None, "performance_percent": None}, MEASURE),
    (TIANJIN, "2026-01-01", "pay.certificate_steps", {"rows": NO_STEPS, "least": None, "most": None, "needs_appointment": True}, MEASURE),
    (TIANJIN, "2026-01-01", "careers.institution_terms", {"terms": 2}, MEASURE),
    (TIANJIN, "2022-09-29", "staffing.per_population", {"heads": 18, "per": 10_000}, TIANJIN_REPLY),
    (TIANJIN, "2022-09-29", "service.visits", {"months": 6, "percent": 100}, TIANJIN_REPLY),
    (TIANJIN, "2022-09-29", "training.tiers", {"tiers": ["city", "district", "street"]}, TIANJIN_REPLY),
    (TIANJIN, "2022-09-29", "training.rotation", {"percent": 100}, TIANJIN_REPLY),
    (TIANJIN, "2022-09-29", "careers.directed_posts", {"heads_least": 1, "workers_least": 1}, TIANJIN_REPLY),
    (TIANJIN, "2022-09-29", "pay.star_coefficients", {"rows": [{"star": star, "coefficient": None} for star in (5, 4, 3, 0)]}, TIANJIN_REPLY),
    (TIANJIN, "2022-09-29", "rating.grades", {"grades": [5, 4, 3, 0], "months": 12}, TIANJIN_REPLY),
    (TIANJIN, "2020-01-01", "rating.shares", {"five": 10, "four": 40, "three": 40, "none": 10}, "天津市社区评星定级工作办法"),
    (TIANJIN, "2022-09-29", "rating.eligibility", {
        "nomination": [5, 4], "recruitment": [5, 4], "promotion": [5, 4],
    }, TIANJIN_REPLY),
    (TIANJIN, "2022-09-29", "rating.measures", {"talk": None, "admonition_years": None, "removal_years": None}, TIANJIN_REPLY),
    (TAIZHOU, "2023-07-17", "staffing.per_population", {"heads": 18, "per": 10_000}, TAIZHOU_REPLY),
    (TAIZHOU, "2023-12-31", "certificate.share_target", {"percent": 52, "due": "2023-12-31"}, TAIZHOU_REPLY),
    (TAIZHOU, "2023-07-17", "pay.certificate_allowance", {
        "rows": NO_AMOUNTS, "least": 300, "most": 600, "highest_only": True, "registered_only": False,
    }, TAIZHOU_REPLY),
    (TAIZHOU, "2023-07-17", "pay.certificate_steps", {"rows": NO_STEPS, "least": 1, "most": 3, "needs_appointment": False}, TAIZHOU_REPLY),
    (TAIZHOU, "2023-07-17", "assessment.dual_line", {"community_least": 60}, TAIZHOU_REPLY),
    (TAIZHOU, "2023-07-17", "training.tiers", {"tiers": ["city", "district", "street"]}, TAIZHOU_REPLY),
    (TAIZHOU, "2023-07-17", "service.grid_presence", {"staff_percent": 50, "time_percent": 50}, TAIZHOU_REPLY),
    (TAIZHOU, "2023-07-17", "service.needs", {"needs": 12, "projects": 6}, TAIZHOU_REPLY),
    (TAIZHOU, "2023-07-17", "service.facility", {"square_metres": 40, "due": "2025-12-31"}, TAIZHOU_REPLY),
    (TAIZHOU, "2023-07-17", "service.public_space", {"percent": 70}, TAIZHOU_REPLY),
    (CHAOYANG, "2023-12-31", "staffing.per_population", {"heads": 18, "per": 10_000}, "朝政办发[2023]2号"),
    (CHAOYANG, "2023-03-21", "committee.size_residents", {"least": 5, "most": 9}, CHAOYANG_REPLY),
    (CHAOYANG, "2023-03-21", "pay.post_amounts", {"rows": [
        {"post": "secretary_chair", "amount": 4600, "raise": 600},
        {"post": "deputy", "amount": 3800, "raise": 400},
        {"post": "member", "amount": 3400, "raise": 300},
    ]}, "朝民发[2022]33号"),
    (CHAOYANG, "2023-03-21", "pay.certificate_allowance", {"rows": [
        {"level": "assistant", "amount": 60}, {"level": "social_worker", "amount": 120}, {"level": "senior", "amount": None},
    ], "least": None, "most": None, "highest_only": True, "registered_only": False}, CHAOYANG_REPLY),
    (CHAOYANG, "2023-03-21", "training.tiers", {"tiers": ["street"]}, CHAOYANG_REPLY),
    (CHAOYANG, "2023-03-21", "service.organisations", {"kinds": [
        "health_committee", "women_children", "party_centre", "civilisation", "mediation", "veterans",
    ]}, CHAOYANG_REPLY),
    (YICHANG, "2021-12-31", "certificate.share_target", {"percent": 30, "due": "2021-12-31"}, PLAN),
    (YICHANG, "2022-12-31", "certificate.share_target", {"percent": 45, "due": "2022-12-31"}, PLAN),
    (YICHANG, "2023-12-31", "certificate.share_target", {"percent": 60, "due": "2023-12-31"}, PLAN),
    (YICHANG, "2025-12-31", "certificate.share_target", {"percent": 100, "due": "2025-12-31"}, PLAN),
    (YICHANG, "2022-01-01", "certificate.hiring_condition", {"required": True}, PLAN),
    (YICHANG, "2021-11-12", "assessment.bottom_share", {"percent": 20, "rounding": "floor", "group": "district"}, PLAN),
    (YICHANG, "2021-11-12", "assessment.indicators", {"certificate": True, "satisfaction": True}, PLAN),
    (YICHANG, "2021-11-12", "training.tiers", {"tiers": ["city", "district", "street"]}, PLAN),
    (YICHANG, "2021-11-12", "service.time_split", {"parts": 3}, PLAN),
    (YICHANG, "2021-11-12", "service.all_post", {"percent": 100, "due": "2023-12-31"}, PLAN),
    (YICHANG, "2021-11-12", "service.two_halls", {"percent": 100, "due": "2023-12-31"}, PLAN),
    (YICHANG, "2021-11-12", "service.pilots", {"least": 1, "most": 2}, PLAN),
    (SICHUAN, "2024-01-08", "proposal.reply", {
        "proposal_months": 5, "suggestion_months": 3, "between_months": 3, "most_months": 6,
    }, "四川省提案建议办理办法（2023年12月，据2024-01-08报道）"),
    (ANHUI, "2015-12-31", "proposal.publication", {"working_days": 20}, "安徽省建议提案办理复文公开规定（2015年，据转载）"),
]  # fmt: skip


def test_presets_say_what_their_documents_say():
    for division, on, kind, value, document in SAID:
        found = held(kind, division, date.fromisoformat(on))
        assert [(preset.value, preset.document) for preset in found] == [(value, document)], (kind, division, on)
        assert found[0].article
    assert len(presets()) == len(SAID)


@pytest.mark.parametrize(
    ("division", "on", "kind"),
    [
        (TIANJIN, "2022-09-29", "staffing.allotment"),
        (TIANJIN, "2017-12-31", "certificate.deadline"),
        (NATIONAL, "2026-01-01", "committee.size_residents"),
        (NATIONAL, "2025-12-30", "staffing.per_population"),
        (NATIONAL, "2024-12-31", "staffing.retirement"),
        (TAIZHOU, "2024-01-01", "certificate.share_target"),
        (YICHANG, "2021-11-11", "certificate.share_target"),
        (YICHANG, "2026-01-01", "certificate.share_target"),
        (YICHANG, "2021-12-31", "certificate.hiring_condition"),
        (TIANJIN, "2022-09-29", "service.access"),
        (CHAOYANG, "2023-03-20", "service.organisations"),
    ],
)
def test_presets_are_silent_outside_their_days(division, on, kind):
    assert held(kind, division, date.fromisoformat(on)) == []


def test_what_a_source_does_not_give_is_said():
    words = {(p.division, p.kind): KINDS[p.kind].in_words(p.value) for p in presets() if p.kind.startswith("pay.")}
    assert words[TIANJIN, "pay.grade_amounts"] == "每月：1 级至18 级 来源未给出金额"
    assert words[TIANJIN, "pay.bounds"] == "每月起点 来源未给出金额，最高 来源未给出金额，经批准最高 来源未给出金额"
    assert words[CHAOYANG, "pay.certificate_allowance"] == (
        "每月：助理社会工作师 60 元；社会工作师 120 元；高级社会工作师 来源未给出金额；"
        "幅度：最少 来源未给出金额、最多 来源未给出金额；只发最高一级：是；须已登记：否"
    )
    assert words[TAIZHOU, "pay.certificate_allowance"] == (
        "每月：助理社会工作师、社会工作师、高级社会工作师 来源未给出金额；"
        "幅度：最少 300 元、最多 600 元；只发最高一级：是；须已登记：否"
    )
