"""Every figure of service records and stars, in the order of the catalogue (domain §1.H to §1.J)."""

from ratings.indicators.service import DELIBERATION, FACILITIES, FEATURES, NEEDS, REQUESTS
from ratings.indicators.stars import STAR_GRADES, STARS
from ratings.indicators.visits import SHIFTS, VISITS

INDICATORS = (*VISITS, *SHIFTS, *REQUESTS, *NEEDS, *FACILITIES, *FEATURES, *DELIBERATION, *STARS)
COMPOSITIONS = (STAR_GRADES,)
