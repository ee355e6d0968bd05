"""Numbers of people of which one is the sum of others; what is withheld for publication rests on them."""

from portal.core.indicators.declare import Sum
from workforce.counters import BOOK
from workforce.counters.exits import GROUPS

_SUMS = {
    "workers": ("certified uncertified", "schooling_known schooling_unknown", "tenure_known tenure_unknown"),
    "in_post": (
        "workers uncounted_part_time uncounted_not_managed uncounted_no_contract uncounted_age uncounted_status "
        "uncounted_village",
        "in_community uncounted_village",
    ),
    "certified_national": ("certified_senior certified_social_worker certified_assistant",),
    "college_up": ("bachelor_up schooling_college",),
    "bachelor_up": ("schooling_bachelor schooling_master schooling_doctor",),
    "members_party": ("members_both members_party_only",),
    "members_committee": ("members_both members_committee_only",),
    "exits_12m": (" ".join(f"exits_12m_{key}" for key, _words, _reasons in GROUPS),),
    "graded": ("graded_principal graded_deputy graded_staff",),
    "paid": ("paid_principal paid_deputy paid_staff",),
    "training_times": ("training_times_city training_times_district training_times_street",),
}
SUMS = tuple(
    Sum(book=BOOK, whole=whole, parts=tuple(parts.split())) for whole, every in _SUMS.items() for parts in every
)
