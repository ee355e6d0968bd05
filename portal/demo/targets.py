"""Targets of the demonstration's city that no published document sets: invented, and saying so."""

from datetime import date

from portal.core.policy.kinds import SHARE_TARGET
from portal.core.policy.presets import Preset


def share_targets(city: str, day: date) -> list[Preset]:
    """A share of the certified to reach by the end of next year, and all of them two years later."""
    first, last = day.year + 1, day.year + 3
    document = "演示数据：社区工作者持证提升计划（虚构）"

    def target(since: int, until: int | None, percent: int, due: int, article: str) -> Preset:
        ends = date(until, 1, 1) if until else None
        value = {"percent": percent, "due": f"{due}-12-31"}
        return Preset(SHARE_TARGET.key, city, date(since, 1, 1), value, document, article, ends)

    return [
        target(first - 3, first + 1, 90, first, "两年内持证率达到90%"),
        target(first + 1, None, 100, last, "四年内持证率达到100%"),
    ]
