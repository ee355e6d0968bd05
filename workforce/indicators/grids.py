"""Grids and their teams (domain §1.A5); grid workers are no heads of the staffing ratio."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.declare import Better, Topic, Unit
from portal.core.indicators.sources import TAIZHOU
from workforce.indicators.figure import figure, persons, places

_places = partial(places, topic=Topic.GRIDS, citation=TAIZHOU, urban=False)
_persons = partial(persons, topic=Topic.GRIDS, citation=TAIZHOU, urban=False)
_lacking = partial(_places, known="grids", better=Better.LOWER)
_per_grid = partial(
    figure, topic=Topic.GRIDS, citation=TAIZHOU, unit=Unit.PER_GRID, denominator="grids", decimals=2, urban=False
)

GRIDS = (
    _places(key="grids", label=_("网格"), numerator="grids", formula=_("当天设立的网格数。")),
    _places(key="micro_grids", label=_("微网格"), numerator="micro_grids", formula=_("各网格登记的微网格数之和。")),
    _per_grid(
        key="micro_grids_per_grid",
        label=_("每网格微网格数"),
        numerator="micro_grids",
        formula=_("微网格数 ÷ 网格数。"),
    ),
    _persons(
        key="grid_chiefs",
        label=_("网格长"),
        numerator="grid_chiefs",
        formula=_("当天任网格长的人数；同一社区内一人算一次。"),
    ),
    _persons(
        key="grid_full_time",
        label=_("专职网格员"),
        numerator="grid_full_time",
        formula=_("当天任专职网格员的人数；不计入每万人社区工作者。"),
    ),
    _per_grid(
        key="grid_full_time_per_grid",
        label=_("每网格专职网格员"),
        numerator="grid_full_time",
        formula=_("专职网格员人数 ÷ 网格数。"),
        better=Better.HIGHER,
    ),
    _persons(
        key="grid_part_time",
        label=_("兼职网格员"),
        numerator="grid_part_time",
        formula=_("当天任兼职网格员的人数。"),
    ),
    _persons(
        key="grid_instructors",
        label=_("网格指导员"),
        numerator="grid_instructors",
        formula=_("当天任网格指导员的人数。"),
    ),
    _persons(
        key="grid_doubling",
        label=_("兼任网格职务的社区工作者"),
        numerator="grid_doubling",
        formula=_("网格队伍中同时有社区任职的人数；是同一个人，不重复登记。"),
    ),
    _lacking(
        key="grids_without_chief",
        label=_("没有网格长的网格"),
        numerator="grids_without_chief",
        formula=_("当天没有网格长的网格数。"),
    ),
    _lacking(
        key="grids_without_full_time",
        label=_("没有专职网格员的网格"),
        numerator="grids_without_full_time",
        formula=_("当天没有专职网格员的网格数。"),
    ),
    _lacking(
        key="grids_without_instructor",
        label=_("没有网格指导员的网格"),
        numerator="grids_without_instructor",
        formula=_("当天没有网格指导员的网格数。"),
    ),
)
