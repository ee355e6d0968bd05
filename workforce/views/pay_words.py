"""Parts, differences and verdicts of a payroll sheet in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.core.web.formats import number
from workforce.enums import CertificateLevel
from workforce.models import StarBonus
from workforce.payroll import Part, Shift
from workforce.queries.payroll import PayLine
from workforce.queries.star_bonuses import amount_words as amount_of
from workforce.queries.star_bonuses import coefficient_words, star_words


def part_words(part: Part | None) -> str:
    """What an amount is for; with a range where the source gives nothing more."""
    if part is None:
        return ""
    words = {"grade": _grade, "post": _post, "certificate": _certificate}
    return words[part.key](part.facts)


def _grade(facts: Mapping) -> str:
    return _("%(grade)s 级") % {"grade": facts["grade"]} if facts["grade"] else _("没有等级")


def _post(facts: Mapping) -> str:
    return {"secretary_chair": _("书记、主任"), "deputy": _("副书记、副主任"), "member": _("委员")}[facts["post"]]


def _certificate(facts: Mapping) -> str:
    found = str(CertificateLevel(facts["level"]).label)
    if facts["certificates"] > 1:
        found = _("%(level)s等 %(n)s 项") % {"level": found, "n": facts["certificates"]}
    least, most = facts.get("least"), facts.get("most")
    if least or most:
        span = {"least": least or _("不限"), "most": most or _("不限")}
        found += _("；幅度 %(least)s–%(most)s 元") % span
    return found


def amount_words(part: Part | None) -> str:
    if part is None:
        return _("无此项")
    return _("金额未提供") if part.amount is None else number(part.amount)


def bonus_lines(rows: list[StarBonus]) -> list[dict]:
    """Shares of a bonus that follow from stars: the star, its months and coefficient, and the amount where there is one."""
    return [
        {"row": row, "star": star_words(row), "coefficient": _coefficient(row), "amount": _bonus_amount(row)}
        for row in rows
    ]


def _coefficient(row: StarBonus) -> str:
    told = coefficient_words(row)
    return told if row.coefficient is None else _("系数 %(coefficient)s") % {"coefficient": told}


def _bonus_amount(row: StarBonus) -> str:
    return amount_of(row) if row.amount is None else _("%(amount)s 元") % {"amount": number(row.amount)}


def change_words(shift: Shift, labels: Mapping[str, str | Promise]) -> str:
    """What changed, part by part; of new and leaving people just that."""
    if shift.kind == "new":
        return _("本月新增")
    if shift.kind == "left":
        return _("本月不再发放")
    return _("；").join(_part_change(before, now, labels) for before, now in shift.parts)


def _part_change(before: Part | None, now: Part | None, labels: Mapping[str, str | Promise]) -> str:
    key = (now or before).key
    old, new = amount_words(before), amount_words(now)
    if before and now and part_words(before) != part_words(now):
        old, new = f"{part_words(before)} {old}", f"{part_words(now)} {new}"
    return _("%(part)s：%(old)s → %(new)s") % {"part": labels[key], "old": old, "new": new}


def verdict_words(line: PayLine) -> str:
    """Where a total lies outside its bounds; empty within them or where nothing judges it."""
    return {
        "below": _("低于起点"),
        "above_cap": _("超过上限，未见批准"),
        "above_exceptional": _("超过经批准的最高限"),
    }.get(line.verdict or "", "")
