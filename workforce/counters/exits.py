"""Counters over those who left, by reason, in the last twelve months and in the calendar year (domain §1.E3)."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Counter, Family, RowKind, Scope
from workforce.counters.words import last_months, this_year

# Reasons that are reported together.
GROUPS = (
    ("resigned", _("辞职"), ("resignation",)),
    ("retired", _("退休"), ("retirement",)),
    ("dismissed", _("未取证、考核不合格或违纪"), ("no_certificate", "failed_assessment", "discipline")),
    ("promoted", _("考录、选聘到机关事业单位或国有企业"), ("transfer_up",)),
    ("not_reelected", _("换届未连任"), ("not_reelected",)),
    ("contract_ended", _("合同期满"), ("contract_ended",)),
    ("other", _("去世或其他"), ("death", "other")),
)


def rows(scope: Scope) -> str:
    """code, id (of the exit), reason, and the windows it falls in: those who held a full-time, managed post there."""
    return f"""
    SELECT x.division_id AS code, x.id, x.reason, {last_months("x.left_on")} AS months, {this_year("x.left_on")} AS year,
        coalesce({last_months("x.hired_on")}, false) AS new
    FROM workforce_exit x JOIN core_division d ON d.code = x.division_id AND d.urban
    WHERE NOT x.taken_back AND x.left_on <= %(on)s
      AND x.left_on > (%(on)s::date - interval '12 months')::date AND {scope.of("x.division_id")}
      AND EXISTS (
        SELECT 1 FROM workforce_appointment a
        WHERE a.person_id = x.person_id AND a.division_id = x.division_id AND a.full_time AND a.managed
          AND a.valid_from <= x.left_on AND a.valid_to IS DISTINCT FROM a.valid_from)"""


def _by_reason(name: str, label, when: str) -> tuple[Counter, ...]:
    return (
        Counter(name=name, label=label, when=when),
        *(
            Counter(
                name=f"{name}_{key}",
                label=format_lazy("{}：{}", label, words),
                when=f"{when} AND r.reason IN ({', '.join(repr(reason) for reason in reasons)})",
            )
            for key, words, reasons in GROUPS
        ),
    )


EXITS = Family(
    name="exits",
    row=RowKind.EXIT,
    rows=rows,
    counters=(
        *_by_reason("exits_12m", _("近12个月离职"), "r.months"),
        Counter(name="exits_12m_new", label=_("近12个月入职又离职"), when="r.months AND r.new"),
        *_by_reason("exits_year", _("本年离职"), "r.year"),
    ),
)
