"""Counters over the people in post, each once, at the community of the most senior qualifying post (domain §1.A1, §1.O)."""

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Counter, Family, RowKind, Scope
from workforce.counters import pay
from workforce.counters.words import AGE, PARTY_MEMBER, SCHOOLING, bit_of, in_force, last_months, this_year

# In service since; on a past day of somebody who left and came back, the first day of that service.
_HIRED = """CASE WHEN w.hired_on <= %(on)s THEN w.hired_on WHEN w.hired_on IS NOT NULL THEN (
    SELECT max(x.hired_on) FROM workforce_exit x
    WHERE x.person_id = w.person_id AND NOT x.taken_back AND x.hired_on <= %(on)s AND x.left_on >= %(on)s) END"""

# Days until the contract in force ends, where that is near and none follows.
_ENDS_IN = """CASE WHEN w.contract_to <= %(on)s::date + 91 THEN CASE WHEN NOT EXISTS (
    SELECT 1 FROM workforce_contract n
    WHERE n.person_id = w.person_id AND n.valid_from >= w.contract_to AND n.valid_to IS DISTINCT FROM n.valid_from
) THEN w.contract_to - 1 - %(on)s::date END END"""

_ELECTED = "{0}.entry = 'elected' AND {0}.body IN ('party', 'committee')"
_OFFICE_BIT = (
    "CASE WHEN {0}.body IN ('party', 'committee') AND {0}.full_time AND {0}.managed THEN 1 << ({0}.tier - 1) ELSE 0 END"
)

# What those with several posts hold altogether.
_SEVERAL = f"""
several AS MATERIALIZED (
    SELECT p.person_id, bool_or(p.grid_worker) AS grid_worker, bit_or({_OFFICE_BIT.format("p")}) AS offices,
        bool_or({_ELECTED.format("p")} AND p.full_time AND p.managed AND l.code IS NOT NULL) AS elected
    FROM multi_posts p LEFT JOIN places l ON l.code = p.division_id GROUP BY 1
)"""

_TRAINED = f"""
trained AS MATERIALIZED (
    SELECT DISTINCT e.person_id FROM workforce_enrolment e JOIN workforce_trainingclass c ON c.id = e.training_class_id
    WHERE e.attended AND {this_year("c.starts_on")} AND {{mine}}
)"""


def rows(scope: Scope) -> str:
    """code, id (of the person), reason why not counted, and what is known of the person; communities only."""
    mine = "true" if scope is Scope.EVERYWHERE else "e.person_id IN (SELECT person_id FROM posts)"
    return f"""
    WITH {_SEVERAL}, {_TRAINED.format(mine=mine)}, {pay.PAY}
    SELECT h.*, {pay.PAID} AS pay FROM (
        SELECT w.division_id AS code, w.person_id AS id, w.reason, w.reason IS NULL AS head,
            w.certified, w.counted, w.held, w.scope, w.tier, w.body,
            w.sex = 'female' AS female, {AGE} AS age, l.young, {SCHOOLING} AS schooling, {PARTY_MEMBER} AS party_member,
            w.political_status <> '' AS politics, w.hired, extract(year FROM age(%(on)s::date, w.hired))::int AS tenure,
            coalesce(v.grid_worker, w.grid_worker) AS grid_worker, coalesce(v.elected, {_ELECTED.format("w")}) AS elected,
            coalesce(w.reason IN ('no_contract', 'age', 'status'), true) AS full_time,
            w.contract, w.employer, {_ENDS_IN} AS ends_in, t.person_id IS NOT NULL AS trained,
            coalesce(g.grade, w.grade) AS grade,
            CASE WHEN 'institution' = ANY(st.kinds) THEN 0 ELSE coalesce(v.offices, {_OFFICE_BIT.format("w")}) END AS offices
        FROM (SELECT w.*, {_HIRED} AS hired FROM staff w OFFSET 0) w
        LEFT JOIN limits l ON l.scope = w.scope
        LEFT JOIN several v ON v.person_id = w.person_id
        LEFT JOIN statuses st ON st.person_id = w.person_id
        LEFT JOIN trained t ON t.person_id = w.person_id
        LEFT JOIN workforce_graderecord g ON g.person_id = w.person_id AND {in_force("g")}
    ) h {pay.JOINED}"""


def _head(name: str, label: str | Promise, when: str = "", add: str = "", big: bool = False) -> Counter:
    """A counter over those who are heads of the staffing ratio."""
    return Counter(name=name, label=label, when=f"r.head AND {when}" if when else "r.head", add=add, big=big)


def _employed(name: str, label: str | Promise, when: str = "true") -> Counter:
    """A counter over those who are full-time and managed: who should have a contract or an elected office."""
    return Counter(name=name, label=label, when=f"r.full_time AND {when}")


_COUNTED = (
    _head("workers", _("社区工作者")),
    Counter(name="in_community", label=_("社区任职人数")),
    Counter(name="uncounted_part_time", label=_("未计入：非专职"), when="r.reason = 'part_time'"),
    Counter(name="uncounted_not_managed", label=_("未计入：未纳入管理"), when="r.reason = 'not_managed'"),
    Counter(name="uncounted_no_contract", label=_("未计入：无有效劳动合同"), when="r.reason = 'no_contract'"),
    Counter(name="uncounted_age", label=_("未计入：不在就业年龄段"), when="r.reason = 'age'"),
    Counter(name="uncounted_status", label=_("未计入：处于不计入的状态"), when="r.reason = 'status'"),
)

_CERTIFIED = (
    _head("certified", _("持证人数"), "r.certified"),
    _head("uncertified", _("未持证人数"), "NOT r.certified"),
    _head("certified_national", _("持全国证书人数"), f"r.counted >= {bit_of('assistant')}"),
    _head("certified_senior", _("最高为高级社会工作师"), f"r.counted >= {bit_of('senior')}"),
    _head(
        "certified_social_worker",
        _("最高为社会工作师"),
        f"r.counted >= {bit_of('social_worker')} AND r.counted < {bit_of('senior')}",
    ),
    _head(
        "certified_assistant",
        _("最高为助理社会工作师"),
        f"r.counted >= {bit_of('assistant')} AND r.counted < {bit_of('social_worker')}",
    ),
    _head("certified_local", _("只有地方证书"), f"r.counted = {bit_of('local')}"),
)

_STRUCTURE = (
    _head("women", _("女性"), "r.female"),
    _head("men", _("男性"), "NOT r.female"),
    _head("young", _("年轻的（规定年龄及以下）"), "r.age <= r.young"),
    _head("aged_to_45", _("超过规定年轻年龄至45岁"), "r.age > r.young AND r.age <= 45"),
    _head("aged_46_55", _("46至55岁"), "r.age >= 46 AND r.age <= 55"),
    _head("aged_over_55", _("56岁以上"), "r.age > 55"),
    _head("age_sum", _("年龄合计"), add="r.age", big=True),
    _head("schooling_known", _("登记了学历的"), "r.schooling > 0"),
    _head("schooling_unknown", _("未登记学历的"), "r.schooling = 0"),
    _head("schooling_below", _("大专以下"), "r.schooling = 1"),
    _head("schooling_college", _("大专"), "r.schooling = 2"),
    _head("schooling_bachelor", _("本科"), "r.schooling = 3"),
    _head("schooling_master", _("硕士研究生"), "r.schooling = 4"),
    _head("schooling_doctor", _("博士研究生"), "r.schooling = 5"),
    _head("college_up", _("大专以上"), "r.schooling >= 2"),
    _head("bachelor_up", _("本科以上"), "r.schooling >= 3"),
    _head("politics_known", _("登记了政治面貌的"), "r.politics"),
    _head("cpc_members", _("中共党员（含预备党员）"), "r.party_member"),
    _head("tier_principal", _("正职"), "r.tier = 1"),
    _head("tier_deputy", _("副职"), "r.tier = 2"),
    _head("tier_staff", _("工作人员"), "r.tier = 3"),
    _head("body_party", _("在社区党组织任职"), "r.body = 'party'"),
    _head("body_committee", _("在居民委员会任职"), "r.body = 'committee'"),
    _head("body_station", _("在社区工作站任职"), "r.body = 'station'"),
    _head("body_centre", _("在党群服务中心任职"), "r.body = 'centre'"),
    _head("grid_workers", _("兼任网格员的社区工作者"), "r.grid_worker"),
)

_SERVICE = (
    _head("tenure_known", _("登记了入职日期的"), "r.tenure IS NOT NULL"),
    _head("tenure_unknown", _("未登记入职日期的"), "r.tenure IS NULL"),
    _head("tenure_under_1", _("工龄不满1年"), "r.tenure < 1"),
    _head("tenure_1_3", _("工龄1年至不满3年"), "r.tenure >= 1 AND r.tenure < 3"),
    _head("tenure_3_5", _("工龄3年至不满5年"), "r.tenure >= 3 AND r.tenure < 5"),
    _head("tenure_5_10", _("工龄5年至不满10年"), "r.tenure >= 5 AND r.tenure < 10"),
    _head("tenure_10_up", _("工龄10年以上"), "r.tenure >= 10"),
    _head("tenure_sum", _("工龄合计（整年）"), "r.tenure IS NOT NULL", add="r.tenure"),
    _head("joined_12m", _("近12个月入职"), last_months("r.hired")),
    _head("joined_year", _("本年入职"), this_year("r.hired")),
    Counter(name="trained_in_post", label=_("本年参加过培训的在职人员"), when="r.trained"),
)

_CONTRACTS = (
    _employed("employed", _("专职并纳入管理的人员")),
    _employed("contract_labour", _("签订劳动合同的"), "r.contract = 'labour'"),
    _employed("contract_service", _("签订服务协议的"), "r.contract = 'service'"),
    _employed("contract_none", _("没有书面合同的"), "r.contract IS NULL"),
    _employed("contract_missing", _("应签而没有书面合同的"), "r.contract IS NULL AND NOT r.elected"),
    _employed("employer_street", _("用工主体为街镇"), "r.employer = 'street'"),
    _employed("employer_office", _("用工主体为社区工作者事务所"), "r.employer = 'office'"),
    _employed("employer_centre", _("用工主体为党群服务中心"), "r.employer = 'centre'"),
    _employed("employer_other", _("用工主体为其他"), "r.employer = 'other'"),
    _employed("employer_unknown", _("用工主体未登记"), "r.employer = ''"),
    _employed("contract_ends_30", _("合同30天内到期未续"), "r.ends_in <= 30"),
    _employed("contract_ends_60", _("合同60天内到期未续"), "r.ends_in <= 60"),
    _employed("contract_ends_90", _("合同90天内到期未续"), "r.ends_in <= 90"),
)


def _by_tier(name: str, label: str | Promise, when: str, add: str = "") -> tuple[Counter, ...]:
    """A counter over all heads, and one for each tier."""
    tiers = (("principal", 1, _("正职")), ("deputy", 2, _("副职")), ("staff", 3, _("工作人员")))
    return (
        _head(name, label, when, add=add, big=bool(add)),
        *(
            _head(
                f"{name}_{key}",
                format_lazy("{}·{}", label, words),
                f"{when} AND r.tier = {tier}",
                add=add,
                big=bool(add),
            )
            for key, tier, words in tiers
        ),
    )


_LADDER = (
    *_by_tier("graded", _("有岗位等级的"), "r.grade IS NOT NULL"),
    *_by_tier("grade_sum", _("岗位等级合计"), "r.grade IS NOT NULL", add="r.grade"),
    *_by_tier("paid", _("月薪酬可算出的"), "r.pay IS NOT NULL"),
    *_by_tier("pay_sum", _("月薪酬合计（元）"), "r.pay IS NOT NULL", add="r.pay"),
)

EVERYBODY = Family(
    name="everybody",
    villages=True,
    row=RowKind.PERSON,
    rows=lambda scope: "SELECT division_id AS code, person_id AS id, reason FROM heads",
    counters=(
        Counter(name="in_post", label=_("任职人数（含村）")),
        Counter(name="uncounted_village", label=_("未计入：在村任职"), when="r.reason = 'village'"),
    ),
)

HEADS = Family(
    name="heads",
    row=RowKind.PERSON,
    rows=rows,
    counters=(*_COUNTED, *_CERTIFIED, *_STRUCTURE, *_SERVICE, *_CONTRACTS, *_LADDER),
)
