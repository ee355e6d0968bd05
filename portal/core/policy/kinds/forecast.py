"""What forecasts are made from (domain §1.O: forecast to target; §2.11: retirement ends no elected office by itself)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.policy.kinds.base import Choices, Field, Kind, Topic

RETIREMENT_LINES: Choices = (
    ("male", gettext_lazy("男性")),
    ("female", gettext_lazy("女性（原为 55 周岁的岗位）")),
    ("female_other", gettext_lazy("女性（原为 50 周岁的岗位）")),
)


def _lines_given(value: dict) -> str | None:
    given = {row["who"] for row in value["rows"]}
    wanted = {"female": {"female"}, "female_other": {"female_other"}, "by_tier": {"female", "female_other"}}
    missing = {"male", *wanted[value["women"]]} - given
    if not missing:
        return None
    names = _("、").join(str(label) for key, label in RETIREMENT_LINES if key in missing)
    return _("还应填写这一行：%(names)s。") % {"names": names}


def _ages_rise(value: dict) -> str | None:
    labels = dict(RETIREMENT_LINES)
    wrong = [str(labels[row["who"]]) for row in value["rows"] if row["until"] < row["age"]]
    return _("%(names)s：延迟后的退休年龄不能低于原退休年龄。") % {"names": _("、").join(wrong)} if wrong else None


def _starts_a_month(value: dict) -> str | None:
    day = date.fromisoformat(value["starts_on"]).day
    return None if day == 1 else _("“开始延迟的日期”应为某月 1 日，因为延迟按出生年月计算。")


RETIREMENT = Kind(
    key="staffing.retirement",
    topic=Topic.STAFFING,
    label=gettext_lazy("法定退休年龄"),
    summary=gettext_lazy("%(rows)s；从 %(starts_on)s 起延迟；女性%(women)s"),
    fields=(
        Field(
            "rows",
            gettext_lazy("退休年龄"),
            "table",
            2,
            len(RETIREMENT_LINES),
            columns=(
                Field("who", gettext_lazy("人员"), "choice", choices=RETIREMENT_LINES),
                Field("age", gettext_lazy("原退休年龄"), "integer", 45, 70),
                Field("until", gettext_lazy("延迟后的退休年龄"), "integer", 45, 75),
                Field("step", gettext_lazy("每几个月延迟 1 个月"), "integer", 1, 60),
            ),
            row=gettext_lazy("%(who)s %(age)s 至 %(until)s 周岁，每 %(step)s 个月延迟 1 个月"),
            help=gettext_lazy("不延迟的，两个年龄填同一个数。"),
        ),
        Field("starts_on", gettext_lazy("开始延迟的日期"), "date"),
        Field(
            "women",
            gettext_lazy("女性适用哪一行"),
            "choice",
            choices=(
                ("female", gettext_lazy("都按原 55 周岁的岗位")),
                ("by_tier", gettext_lazy("正职、副职按原 55 周岁，工作人员按原 50 周岁")),
                ("female_other", gettext_lazy("都按原 50 周岁的岗位")),
            ),
        ),
    ),
    checks=(_lines_given, _ages_rise, _starts_a_month),
)
FORECAST_KINDS = (RETIREMENT,)
