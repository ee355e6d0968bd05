"""The yearly report on the handling of proposals and suggestions 提案办理年度情况, made of the figures of the catalogue.

What is told: intake, on time, contact, classes, satisfaction by both formulas, publication, promises, the ledger (domain
§1.K, §2.2).
"""

from functools import partial

from django.utils.translation import gettext_lazy as _

from portal.core.reports.cadence import Cadence
from portal.core.reports.declare import DueSection, FigureSection, FindingSection, ReportKind, Series
from proposals.indicators import INDICATORS
from proposals.inspections import INSPECTIONS

_INDICATORS = {indicator.key: indicator for indicator in INDICATORS}
_INSPECTIONS = {inspection.key: inspection for inspection in INSPECTIONS}
_section = partial(FigureSection.of, _INDICATORS)

INTAKE = _section(
    "proposals_intake",
    _("收到和立案"),
    own="proposals proposals_filed proposals_filed_share",
    below="proposals proposals_filed",
    says=("截至{on}，{place}本年收到提案和建议 {proposals}，{proposals:year}；立案 {proposals_filed}。",),
)
ON_TIME = _section(
    "proposals_on_time",
    _("办复和沟通"),
    own="answers answers_given_share answers_on_time_share answers_overdue answers_contact_share",
    below="answers answers_on_time_share answers_overdue answers_contact_share",
    ranked="answers_on_time_share",
    says=(
        "应答复 {answers}，办复率 {answers_given_share}；按期办复率 {answers_on_time_share}，{answers_on_time_share:year}；"
        "逾期未答复 {answers_overdue}。",
        "沟通率 {answers_contact_share}，{answers_contact_share:year}。",
    ),
)
CLASSES = _section(
    "proposals_classes",
    _("办理结果"),
    own="answers_a answers_b answers_c answers_d answers_a_share answers_b_share answers_c_share answers_d_share",
    below="answers_a_share answers_b_share answers_c_share",
    says=("办理结果为A类的 {answers_a}，占 {answers_a_share}；B类 {answers_b}；C类 {answers_c}。",),
)
SATISFACTION = _section(
    "proposals_satisfaction",
    _("提案者评价"),
    own="feedback_returned_share feedback_content_share feedback_satisfied_share",
    below="feedback_returned_share feedback_content_share feedback_satisfied_share",
    ranked="feedback_content_share",
    says=(
        "意见征询表收回率 {feedback_returned_share}；满意率含基本满意的为 {feedback_content_share}，"
        "{feedback_content_share:year}，不含基本满意的为 {feedback_satisfied_share}。",
    ),
)
PUBLICATION = _section(
    "proposals_publication",
    _("答复公开"),
    own="answers_published_share",
    below="answers_published_share",
    ranked="answers_published_share",
    says=("应当公开的答复，公开率为 {answers_published_share}，{answers_published_share:year}。",),
)
PROMISES = _section(
    "proposals_promises",
    _("承诺落实和任务台账"),
    own="promises promises_kept_share promises_on_time_share tasks tasks_struck_share tasks_on_time_share",
    below="promises promises_kept_share promises_on_time_share tasks_struck_share",
    ranked="promises_kept_share",
    says=(
        "本年承诺事项 {promises}，落实率 {promises_kept_share}，按期落实率 {promises_on_time_share}。",
        "台账任务 {tasks}，销号率 {tasks_struck_share}。",
    ),
)
REPORTS = (
    ReportKind(
        key="proposals_year",
        label=_("提案办理年度情况"),
        title="{place}提案建议办理年度情况",
        cadence=Cadence.YEAR,
        series=Series.TRACKING,
        sections=(
            INTAKE,
            ON_TIME,
            CLASSES,
            SATISFACTION,
            PUBLICATION,
            PROMISES,
            FindingSection(inspections=_INSPECTIONS),
            DueSection(inspections=_INSPECTIONS),
        ),
    ),
)
