"""A derivation in words: the pure rules give keys and numbers, this says them."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from portal.core.policy.queries import RuleInForce
from workforce.enums import CertificateLevel, Tier
from workforce.ladder import DEGREE_WORDS, Facts, Line


def derivation_lines(lines: list[Line], rules: dict[str, RuleInForce]) -> list[dict]:
    """Each line with its words, its amount and the source of its rule."""
    return [
        {
            "label": _LABELS[line.what](),
            "words": _WORDS[line.what](line.facts),
            "amount": line.amount,
            "rule": rules.get(line.source),
        }
        for line in lines
    ]


def _lowest(facts: Facts) -> str:
    return _("%(tier)s的最低等级") % {"tier": Tier(facts["tier"]).label}


def _kept(facts: Facts) -> str:
    return _("岗位变动前的等级")


def _years(facts: Facts) -> str:
    found = _("连续工作满 %(years)s 年，每 %(per)s 年一级") % facts
    if facts.get("credit"):
        found += _("；学历折算 %(credit)s 年") % facts
    if facts.get("since"):
        found += _("；自 %(since)s 起连续计算") % facts
    if facts.get("left_out"):
        years = _("、").join(str(year) for year in facts["left_out"])
        found += _("；%(years)s 年度考核结果不计入年限") % {"years": years}
    return found


def _schooling(facts: Facts) -> str:
    return str(dict(degree_choices())[facts["degree"]])


def degree_choices() -> list[tuple[str, str]]:
    """The degrees that rules name, in words."""
    words = {"college": _("大专"), "bachelor": _("本科（学士）"), "master": _("硕士"), "doctor": _("博士")}
    return [(key, words[key]) for key in dict.fromkeys(key for _word, key in DEGREE_WORDS)]


def _certificate(facts: Facts) -> str:
    if facts.get("since_change"):
        return _("岗位变动后取得的证书")
    words = {"level": CertificateLevel(facts["level"]).label}
    if facts.get("appointment_missing"):
        return _("持有%(level)s证书，尚未专业水平聘任，按规定不加级") % words
    if facts.get("appointed"):
        return _("已聘为%(level)s") % words
    return _("持有%(level)s证书（取最高一级）") % words


def _capped(facts: Facts) -> str:
    return _("%(tier)s最高为 %(high)s 级") % {"tier": Tier(facts["tier"]).label, "high": facts["high"]}


def _raised(facts: Facts) -> str:
    return _("%(tier)s最低为 %(low)s 级") % {"tier": Tier(facts["tier"]).label, "low": facts["low"]}


_WORDS: dict[str, Callable[[Facts], str]] = {
    "lowest": _lowest,
    "kept": _kept,
    "years": _years,
    "schooling": _schooling,
    "certificate": _certificate,
    "capped": _capped,
    "raised": _raised,
}
_LABELS: dict[str, Callable[[], str]] = {
    "lowest": lambda: _("起点"),
    "kept": lambda: _("原等级"),
    "years": lambda: _("年限"),
    "schooling": lambda: _("学历"),
    "certificate": lambda: _("职业资格"),
    "capped": lambda: _("最高限制"),
    "raised": lambda: _("最低限制"),
}
