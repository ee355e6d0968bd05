"""Short forms for declaring figures of service records and stars; they hold for villages too unless they say otherwise."""

from functools import partial

from portal.core.indicators.declare import Indicator, Topic, Unit
from ratings.counters import BOOK

figure = partial(Indicator, book=BOOK, topic=Topic.SERVICE, urban=False)
places = partial(figure, unit=Unit.PLACES)
matters = partial(figure, unit=Unit.MATTERS)
share = partial(figure, unit=Unit.PERCENT)
