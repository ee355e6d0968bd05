"""Pay grades of the three post tiers (三岗十八级)."""

# The ranges most cities use: principal 7-18, deputy 4-15, staff 1-12. Cities may differ, so these only prompt a second
# look at a sheet and refuse nothing.
USUAL_GRADES: dict[int, tuple[int, int]] = {1: (7, 18), 2: (4, 15), 3: (1, 12)}


def is_usual(tier: int, grade: int) -> bool:
    """Whether `grade` (1 to 18) lies in the range usual for the tier (1 principal, 2 deputy, 3 staff)."""
    low, high = USUAL_GRADES[tier]
    return low <= grade <= high
