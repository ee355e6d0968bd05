"""By when periodic reports are to be published (domain §1.K: a setting, since no source says)."""

from django.utils.translation import gettext_lazy

from portal.core.policy.kinds.base import Field, Kind, Topic

_DAYS = {"type": "integer", "minimum": 1, "maximum": 120, "unit": gettext_lazy("个工作日")}

# `?`: the sources name the cadences and no days; these defaults are ours, for offices to change.
REPORT_DUE = Kind(
    key="report.due",
    topic=Topic.DEADLINES,
    label=gettext_lazy("定期报告发布期限"),
    summary=gettext_lazy(
        "期末后发布：周报 %(week)s内，月报 %(month)s内，季报 %(quarter)s内，半年报 %(half_year)s内，年报 %(year)s内"
    ),
    fields=(
        Field("week", gettext_lazy("周报"), **_DAYS, help=gettext_lazy("来源没有规定期限，默认值可按本地要求更改。")),
        Field("month", gettext_lazy("月报"), **_DAYS),
        Field("quarter", gettext_lazy("季报"), **_DAYS),
        Field("half_year", gettext_lazy("半年报"), **_DAYS),
        Field("year", gettext_lazy("年报"), **_DAYS),
    ),
    default={"week": 2, "month": 5, "quarter": 10, "half_year": 10, "year": 20},
)
REPORTS_KINDS = (REPORT_DUE,)
