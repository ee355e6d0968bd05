"""Short forms for declaring figures of the roster."""

from functools import partial

from portal.core.indicators.declare import Indicator, Unit
from workforce.counters import BOOK

figure = partial(Indicator, book=BOOK)
persons = partial(figure, unit=Unit.PERSONS)
places = partial(figure, unit=Unit.PLACES)
share = partial(figure, unit=Unit.PERCENT)
