"""Periodic reports on the workforce: the two rounds that the sources name (domain §1.K), each from the same sections.

调度考评 (Taizhou): 周调度, 月破难, 季通报, 年考评. 任务跟踪 (the three-region task list): 月上报, 季分析, 半年讲评, 年终通报.
"""

from functools import partial

from django.utils.translation import gettext_lazy as _

from portal.core.lib.codes import Level
from portal.core.reports.cadence import Cadence
from portal.core.reports.declare import DueSection, FigureSection, FindingSection, ReportKind, Series
from workforce.indicators import INDICATORS
from workforce.inspections import INSPECTIONS

_INDICATORS = {indicator.key: indicator for indicator in INDICATORS}
_INSPECTIONS = {inspection.key: inspection for inspection in INSPECTIONS}
_section = partial(FigureSection.of, _INDICATORS)

STAFFING = _section(
    "staffing",
    _("人员配备"),
    own="staffing_required workers staffing_gap staffing_ratio",
    below="staffing_required workers staffing_gap staffing_ratio",
    ranked="staffing_ratio",
    says=(
        "截至{on}，{place}应配社区工作者 {staffing_required}，在岗 {workers}，{staffing_gap:short}；"
        "在岗人数{workers:previous}，{workers:year}。",
        "每万人社区工作者 {staffing_ratio}，{staffing_ratio:previous}，{staffing_ratio:year}；{staffing_ratio:target}。",
    ),
)
POSITIONS = _section(
    "positions",
    _("员额使用"),
    own="posts_established posts_taken posts_vacant posts_over vacancy_rate",
    below="posts_established posts_taken posts_vacant vacancy_rate",
    ranked="vacancy_rate",
    says=(
        "核定员额 {posts_established}，已用 {posts_taken}，空缺 {posts_vacant}，{posts_vacant:previous}；"
        "空缺率 {vacancy_rate}，{vacancy_rate:previous}。",
    ),
)
CERTIFICATES = _section(
    "certificates",
    _("持证情况"),
    own="workers certified certified_share certified_national_share certificate_overdue certificate_due_90",
    below="certified certified_share certificate_overdue",
    ranked="certified_share",
    says=(
        "持证 {certified}，{certified:previous}；持证率 {certified_share}，{certified_share:previous}，"
        "{certified_share:year}；{certified_share:target}。",
        "逾期未取得证书的人数：{certificate_overdue}；三个月内期限届满的人数：{certificate_due_90}。",
    ),
)
COMMITTEES = _section(
    "committees",
    _("社区“两委”"),
    own="committee_members cross_appointment one_shoulder_rate committee_women_share committee_young_share "
    "committee_college_share committee_mean_age secretaries secretaries_mean_age communities_without_secretary",
    below="committee_members cross_appointment one_shoulder_rate committee_women_share committee_mean_age",
    ranked="one_shoulder_rate",
    says=(
        "“两委”成员 {committee_members}，交叉任职率 {cross_appointment}，{cross_appointment:previous}，"
        "{cross_appointment:year}；“一肩挑”比例 {one_shoulder_rate}，{one_shoulder_rate:previous}。",
        "女性占 {committee_women_share}，大专以上占 {committee_college_share}，平均年龄 {committee_mean_age}。",
    ),
)
STRUCTURE = _section(
    "structure",
    _("队伍结构"),
    own="women_share mean_age college_up_share bachelor_up_share cpc_share mean_tenure",
    below="women_share mean_age college_up_share cpc_share mean_tenure",
    says=(
        "女性占 {women_share}，平均年龄 {mean_age}，大专以上占 {college_up_share}，中共党员占 {cpc_share}，"
        "平均任职 {mean_tenure}。",
    ),
)
GRIDS = _section(
    "grids",
    _("网格力量"),
    own="grids grid_full_time grid_full_time_per_grid grids_without_chief grids_without_full_time",
    below="grids grid_full_time grid_full_time_per_grid grids_without_full_time",
    says=(
        "网格 {grids}，专职网格员 {grid_full_time}，{grid_full_time:previous}；无专职网格员的网格 {grids_without_full_time}。",
    ),
)
TRAINING = _section(
    "training",
    _("教育培训"),
    own="trained training_times training_rotation",
    below="trained training_times training_rotation",
    says=("本年累计培训 {trained}、{training_times}，{training_times:year}；轮训覆盖率 {training_rotation}。",),
)
TURNOVER = _section(
    "turnover",
    _("人员流动"),
    own="joined_12m exits_12m turnover_rate",
    below="joined_12m exits_12m turnover_rate",
    ranked="turnover_rate",
    says=("近12个月入职 {joined_12m}，离职 {exits_12m}，离职率 {turnover_rate}，{turnover_rate:year}。",),
)
CLOCKS = _section(
    "clocks",
    _("三个月内到期"),
    own="certificate_due_90 contract_ends_90 terms_due_90 certificate_overdue contract_missing terms_ended",
    below="certificate_due_90 contract_ends_90 terms_due_90 certificate_overdue",
)
FINDINGS = FindingSection(inspections=_INSPECTIONS)
DUE = DueSection(inspections=_INSPECTIONS, targets=(_INDICATORS["staffing_ratio"], _INDICATORS["certified_share"]))

_WATCHED = (FINDINGS, CLOCKS, DUE)
_WHOLE = (STAFFING, POSITIONS, STRUCTURE, CERTIFICATES, COMMITTEES, GRIDS, TRAINING, TURNOVER, *_WATCHED)
_UPPER = frozenset({Level.PROVINCE, Level.CITY})
_BOTH = _UPPER | {Level.DISTRICT}

REPORTS = (
    ReportKind(
        key="weekly_dispatch",
        label=_("周调度"),
        title="{place}社区工作者队伍建设周调度情况",
        cadence=Cadence.WEEK,
        series=Series.DISPATCH,
        sections=(STAFFING, *_WATCHED),
    ),
    ReportKind(
        key="monthly_problems",
        label=_("月破难"),
        title="{place}社区工作者队伍建设月破难情况",
        cadence=Cadence.MONTH,
        series=Series.DISPATCH,
        sections=(STAFFING, CERTIFICATES, *_WATCHED),
    ),
    ReportKind(
        key="quarterly_circular",
        label=_("季通报"),
        title="{place}社区工作者队伍建设情况季通报",
        cadence=Cadence.QUARTER,
        series=Series.DISPATCH,
        sections=(STAFFING, POSITIONS, CERTIFICATES, COMMITTEES, *_WATCHED),
        levels=_UPPER,
    ),
    ReportKind(
        key="annual_evaluation",
        label=_("年考评"),
        title="{place}社区工作者队伍建设年考评情况",
        cadence=Cadence.YEAR,
        series=Series.DISPATCH,
        sections=_WHOLE,
        levels=_UPPER,
    ),
    ReportKind(
        key="monthly_report",
        label=_("月上报"),
        title="{place}社区工作者队伍建设情况月报",
        cadence=Cadence.MONTH,
        series=Series.TRACKING,
        sections=(STAFFING, CERTIFICATES, TURNOVER, *_WATCHED),
        levels=_BOTH,
    ),
    ReportKind(
        key="quarterly_analysis",
        label=_("季分析"),
        title="{place}社区工作者队伍建设情况季度分析",
        cadence=Cadence.QUARTER,
        series=Series.TRACKING,
        sections=(STAFFING, STRUCTURE, CERTIFICATES, COMMITTEES, TURNOVER, *_WATCHED),
        levels=frozenset({Level.DISTRICT}),
    ),
    ReportKind(
        key="half_year_review",
        label=_("半年讲评"),
        title="{place}社区工作者队伍建设情况半年讲评",
        cadence=Cadence.HALF_YEAR,
        series=Series.TRACKING,
        sections=_WHOLE,
        levels=_UPPER,
    ),
    ReportKind(
        key="year_end_circular",
        label=_("年终通报"),
        title="{place}社区工作者队伍建设情况年终通报",
        cadence=Cadence.YEAR,
        series=Series.TRACKING,
        sections=_WHOLE,
        levels=_BOTH,
    ),
)
