"""Grades in force and how they moved (domain §1.J): the last year decided, after removals and corrections."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.declare import Better, Composition, Topic
from portal.core.indicators.sources import TIANJIN
from ratings.indicators.figure import places, share

_places = partial(places, topic=Topic.RATINGS, citation=TIANJIN)
_share = partial(share, topic=Topic.RATINGS, denominator="stars", citation=TIANJIN)
_GRADES = {
    "star_five": (_("五星村（社区）"), _("五星占比"), Better.HIGHER),
    "star_four": (_("四星村（社区）"), _("四星占比"), Better.NEITHER),
    "star_three": (_("三星村（社区）"), _("三星占比"), Better.NEITHER),
    "star_none": (_("无星村（社区）"), _("无星占比"), Better.LOWER),
}
_CHANGES = {
    "star_up": (_("升星的村（社区）"), Better.HIGHER),
    "star_down": (_("摘星的村（社区）"), Better.LOWER),
    "star_same": (_("星级不变的村（社区）"), Better.NEITHER),
    "star_new": (_("首次评定的村（社区）"), Better.NEITHER),
}

STARS = (
    _places(
        key="stars",
        label=_("有星级评定结果的村（社区）"),
        numerator="stars",
        formula=_("当天有生效星级的村（社区）；取最近认定的年度，年度内摘星、更正的以最后的决定为准。"),
    ),
    *(
        _places(
            key=key,
            label=label,
            numerator=key,
            known="stars",
            formula=_("当天生效的是这一星级的村（社区）。"),
            better=better,
        )
        for key, (label, _of, better) in _GRADES.items()
    ),
    *(
        _share(
            key=f"{key}_share",
            label=label,
            numerator=key,
            formula=_("这一星级的村（社区） ÷ 有星级评定结果的村（社区）。分布只作参照，不强制。"),
            better=better,
        )
        for key, (_of, label, better) in _GRADES.items()
    ),
    *(
        _places(
            key=key,
            label=label,
            numerator=key,
            known="stars",
            formula=_("最近认定的年度与上一年度星级相比；上一年度没有星级的算首次评定。"),
            better=better,
        )
        for key, (label, better) in _CHANGES.items()
    ),
)

STAR_GRADES = Composition(
    key="stars",
    label=_("星级构成"),
    topic=Topic.RATINGS,
    parts=tuple(f"{key}_share" for key in _GRADES),
)
