"""Positions: established 核定, taken 实有 and vacant 空缺, where communities have them recorded (domain §1.B5)."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.declare import Better, Topic
from workforce.indicators.figure import persons, share

_posts = partial(persons, topic=Topic.POSITIONS, known="posts_established")

POSITIONS = (
    _posts(
        key="posts_established",
        label=_("核定员额"),
        numerator="posts_established",
        formula=_("当天有效的核定员额之和；没有登记员额的社区不计。"),
    ),
    _posts(
        key="posts_taken",
        label=_("已占用员额"),
        numerator="posts_taken",
        formula=_("占用核定员额的专职、纳入管理人员；同一社区同一类别一人占一个。"),
    ),
    _posts(
        key="posts_vacant",
        label=_("空缺员额"),
        numerator="posts_vacant",
        formula=_("逐个社区、逐类计算：核定多于实有的部分之和；一处空缺不抵另一处超出。"),
        better=Better.LOWER,
    ),
    _posts(
        key="posts_over",
        label=_("超出员额"),
        numerator="posts_over",
        formula=_("逐个社区、逐类计算：实有多于核定的部分之和。"),
        better=Better.LOWER,
    ),
    share(
        key="vacancy_rate",
        label=_("员额空缺率"),
        topic=Topic.POSITIONS,
        numerator="posts_vacant",
        denominator="posts_established",
        formula=_("空缺员额 ÷ 核定员额。"),
        better=Better.LOWER,
    ),
)
