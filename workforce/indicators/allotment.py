"""Heads that every engine in force and all together allot to communities, and heads in post against it (domain §1.B3)."""

from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core.indicators.declare import Better, Indicator, Topic, Unit
from portal.core.indicators.sources import TIANJIN, TIANJIN_FEATURE, cited
from workforce.counters.allotment import BOOK

_figure = partial(Indicator, book=BOOK, topic=Topic.STAFFING, citation=cited(TIANJIN, TIANJIN_FEATURE))
_persons = partial(_figure, unit=Unit.PERSONS)
_places = partial(_figure, unit=Unit.PLACES)
_OF_ALL = {"known": "allotment_known", "ruled": "allotment_ruled"}
_JUDGED = {"known": "allotment_judged", "ruled": "allotment_ruled"}
_BINDS = _("应配职数由这一办法得出的社区；几种办法得出同样人数的，各计一次，受上限约束的不计。")


def _engine(key: str, heads: str | Promise, formula: str | Promise) -> Indicator:
    """The heads that one engine by itself would give."""
    return _persons(
        key=f"allotted_{key}",
        label=heads,
        numerator=f"{key}_heads",
        known=f"{key}_known",
        ruled=f"{key}_ruled",
        formula=formula,
    )


def _binds(key: str, label: str | Promise, formula: str | Promise, ruled: str) -> Indicator:
    """In how many communities one engine, or the cap, decides the number."""
    return _places(
        key=f"allotment_{key}",
        label=label,
        numerator=f"{key}_binds",
        known="allotment_known",
        ruled=ruled,
        formula=formula,
    )


ALLOTMENT = (
    _persons(
        key="allotted",
        label=_("应配职数"),
        numerator="allotted",
        formula=_(
            "逐个社区计算再合计：人口标准、4+N、户数分档中生效的办法，按规定取大或取小，不超过人数上限。"
            "缺数据的办法不参与，这样的社区只得出至少或至多的人数；一种都算不出的不计入，见“缺人口或户数的社区”。"
        ),
        **_OF_ALL,
    ),
    _engine(
        "by_population", _("按人口标准应配"), _("生效的人口标准逐个社区算出的人数（进位取整）之和，不论是否起作用。")
    ),
    _engine("by_households", _("按 4+N 应配"), _("生效的 4+N 按各社区户数算出的人数之和，不论是否起作用。")),
    _engine("by_brackets", _("按户数分档应配"), _("生效的户数分档按各社区户数得出的人数之和，不论是否起作用。")),
    _persons(
        key="allotment_missing",
        label=_("按职数缺员"),
        numerator="allotment_missing",
        formula=_("逐个社区计算：应配职数多于在岗人数的部分之和；一处超出不抵另一处缺员，尚不能判断的社区不计入。"),
        better=Better.LOWER,
        **_JUDGED,
    ),
    _persons(
        key="allotment_surplus",
        label=_("超出职数"),
        numerator="allotment_surplus",
        formula=_("逐个社区计算：在岗人数多于应配职数的部分之和；尚不能判断的社区不计入。"),
        **_JUDGED,
    ),
    _figure(
        key="allotment_met_share",
        label=_("配足职数的社区占比"),
        unit=Unit.PERCENT,
        numerator="allotment_met",
        denominator="allotment_judged",
        formula=_("在岗人数达到应配职数的社区 ÷ 能判断是否配足职数的社区；缺数据而两可的社区不计入。"),
        better=Better.HIGHER,
        **_JUDGED,
    ),
    _places(
        key="allotment_short",
        label=_("未配足职数的社区"),
        numerator="allotment_short",
        formula=_("在岗人数少于应配职数的社区；缺数据但已知至少应配的人数还达不到的，也计入。"),
        better=Better.LOWER,
        **_JUDGED,
    ),
    _places(
        key="allotment_incomplete",
        label=_("缺人口或户数的社区"),
        numerator="allotment_incomplete",
        formula=_("有一种生效的办法因为没有人口或没有户数而算不出的社区。"),
        better=Better.LOWER,
        ruled="allotment_ruled",
    ),
    _binds("by_population", _("人口标准起作用的社区"), _BINDS, "by_population_ruled"),
    _binds("by_households", _("4+N 起作用的社区"), _BINDS, "by_households_ruled"),
    _binds("by_brackets", _("户数分档起作用的社区"), _BINDS, "by_brackets_ruled"),
    _binds("cap", _("人数上限起作用的社区"), _("各办法得出的人数超过上限，按上限配备的社区。"), "cap_ruled"),
)
