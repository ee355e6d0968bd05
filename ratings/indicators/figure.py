"""Short forms for declaring figures of service records and stars; they hold for villages too unless they say otherwise."""

from functools import partial

from portal.core.indicators.declare import Indicator, Topic, Unit
from ratings.counters import BOOK

TIANJIN = "天津市民政局对市政协提案第0023号的落实答复（2022-09-29）"
TAIZHOU = "台州市民政局对提案2023128号的答复（2023-07-17）"
YICHANG = "宜昌市社区治理队伍能力提升三年行动方案（2021-11-12）"
CHAOYANG = "朝阳市民政局对提案176号的答复（朝民函〔2023〕32号）"

figure = partial(Indicator, book=BOOK, topic=Topic.SERVICE, urban=False)
places = partial(figure, unit=Unit.PLACES)
matters = partial(figure, unit=Unit.MATTERS)
share = partial(figure, unit=Unit.PERCENT)
