"""A forecast in sentences that can be copied, and the assumptions that it stands on, each with where it comes from."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.core.lib.dated import ONE_DAY
from portal.core.policy.history import effective
from portal.core.policy.kinds import ELIGIBILITY
from portal.core.web import formats
from portal.pages.sentences import RULE_PER, basis_line, filled, joined
from workforce.enums import StaffingStatus
from workforce.queries.forecast import Forecast
from workforce.queries.forecast_parts import Target

CENT = Decimal("0.01")


def amount(value: Fraction | None, rounding: str = ROUND_HALF_UP) -> str | None:
    """A pace with at most two decimals: 12, 0.5, 0.42."""
    exact = to_cents(value, rounding)
    if exact is None:
        return None
    return formats.number(exact.normalize() if exact != exact.to_integral_value() else exact.to_integral_value())


def to_cents(value: Fraction | None, rounding: str = ROUND_HALF_UP) -> Decimal | None:
    """A pace as a number with two decimals."""
    return None if value is None else (Decimal(value.numerator) / value.denominator).quantize(CENT, rounding=rounding)


def month_word(day) -> str:
    return f"{day:%Y-%m}"


def share_of(certified: int | None, heads: int) -> Decimal | None:
    return Decimal(certified) / heads if certified is not None and heads else None


# The sentence --------------------------------------------------------------------------------------------------------


def forecast_sentence(forecast: Forecast) -> SafeString:
    """Who leaves by the target day, how many to hire, what the assumed pace brings, when the share is reached."""
    parts = [
        _leaving(forecast),
        _hiring(forecast),
        _hired(forecast),
        *map(lambda one: _share(forecast, one), _told(forecast)),
    ]
    return joined([part for part in parts if part])


def _leaving(forecast: Forecast) -> SafeString:
    numbers = {
        "heads": formats.number(forecast.projection.start.heads),
        "aged": formats.number(forecast.then.aged),
        "contracts": formats.number(forecast.contracts_by_then.total()),
        "leavers": formats.number(forecast.leavers_by_then),
        "left": formats.number(forecast.hiring.remaining),
    }
    sentence = _(
        "按现有 %(heads)s 人，到 %(target)s 预计到龄退休 %(aged)s 人、其他离职 %(leavers)s 人，剩 %(left)s 人；"
        "合同到期 %(contracts)s 份。"
    )
    if forecast.leavers_by_then is None:
        sentence = _(
            "按现有 %(heads)s 人，到 %(target)s 预计到龄退休 %(aged)s 人，剩 %(left)s 人（其他离职没有数据，未计入）；"
            "合同到期 %(contracts)s 份。"
        )
    return filled(sentence, numbers, {"target": formats.day_long(forecast.assumed.target)})


def _hiring(forecast: Forecast) -> SafeString:
    rule = forecast.staffing_rule(forecast.assumed.target)
    if rule.value is None:
        return filled(_("届时没有生效的配备标准，算不出需要新招多少人。"), {})
    if forecast.hiring.required is None:
        return filled(_("没有人口数据，算不出需要新招多少人。"), {})
    numbers = {
        "required": formats.number(forecast.hiring.required),
        "needed": formats.number(forecast.hiring.needed),
        "surplus": formats.number(forecast.hiring.surplus),
    }
    words = {
        "standard": amount(Fraction(rule.value["heads"] * RULE_PER, rule.value["per"])),
        "basis": forecast.own.basis_label,
    }
    if forecast.hiring.needed:
        return filled(
            _("为达到每万%(basis)s %(standard)s 人（应配 %(required)s 人），需新招 %(needed)s 人。"), numbers, words
        )
    return filled(
        _("每万%(basis)s %(standard)s 人应配 %(required)s 人，不需新招，还多 %(surplus)s 人。"), numbers, words
    )


def _hired(forecast: Forecast) -> SafeString | None:
    """What hiring at the assumed pace comes to; nothing where nobody has to be hired."""
    if not forecast.hiring.needed or forecast.pace.hires is None:
        return None
    there = forecast.then.whole_heads
    gap = forecast.hiring.required - there
    numbers = {
        "hires": amount(forecast.pace.hires),
        "there": formats.number(there),
        "gap": formats.number(gap),
    }
    if gap > 0:
        return filled(_("按每月新招 %(hires)s 人，届时预计在岗 %(there)s 人，仍缺 %(gap)s 人。"), numbers)
    return filled(_("按每月新招 %(hires)s 人，届时预计在岗 %(there)s 人，可以达到。"), numbers)


def _told(forecast: Forecast) -> list[Target]:
    """The targets not yet met; of those met the last one, so that it is said."""
    open_ones = [one for one in forecast.targets if not one.met]
    return open_ones or forecast.targets[-1:]


def _share(forecast: Forecast, target: Target) -> SafeString:
    start = forecast.projection.start
    numbers = {
        "share": formats.percent(share_of(start.certified, start.heads)) or formats.NO_DATA,
        "pace": amount(forecast.pace.certificates),
        "percent": f"{target.percent}%",
        "needed": amount(target.pace, ROUND_CEILING),
    }
    words = {"due": formats.day_long(target.due), "month": month_word(target.reached) if target.reached else ""}
    if target.met:
        return filled(_("持证率现为 %(share)s，已达到 %(percent)s 的目标。"), numbers, words)
    parts = []
    if forecast.pace.certificates is None or not start.heads:
        parts.append(_("持证率现为 %(share)s，没有近 12 个月的数据，不能预计何时达到 %(percent)s。"))
    elif target.reached:
        parts.append(_("持证率现为 %(share)s，按每月新增持证 %(pace)s 人，预计 %(month)s 达到 %(percent)s。"))
    else:
        parts.append(_("持证率现为 %(share)s，按每月新增持证 %(pace)s 人，20 年内达不到 %(percent)s。"))
    if target.pace is not None:
        parts.append(_("要在 %(due)s 达到 %(percent)s，每月需新增持证 %(needed)s 人。"))
    return joined([filled(part, numbers, words) for part in parts])


# Assumptions ---------------------------------------------------------------------------------------------------------


def assumption_rows(forecast: Forecast, links: dict[str, str]) -> list[dict]:
    """Every assumption with its value and where it comes from; `links` lead to the people behind what was measured."""
    assumed, last = forecast.assumed, forecast.months_ends[-1]
    horizon = _("%(months)s 个月，到 %(last)s") % {"months": assumed.months, "last": formats.day(last)}
    return [
        {"label": _("预测期"), "value": horizon},
        {"label": _("目标日期"), "value": formats.day(assumed.target)},
        _age_row(forecast, links),
        _pace_row(forecast, links, "leavers", _("其他离职"), _("%(n)s 人/年"), _left_words(forecast)),
        _pace_row(forecast, links, "hires", _("新招"), _("%(n)s 人/月"), _joined_words(forecast)),
        _pace_row(forecast, links, "certificates", _("新增持证"), _("%(n)s 人/月"), _gained_words(forecast)),
        _population_row(forecast),
        {
            "label": _("合同到期"),
            "value": _("按续签计，不减少在岗人数"),
            "hint": _("已登记续签的，按续签后的截止日计。"),
        },
    ]


def _age_row(forecast: Forecast, links: dict[str, str]) -> dict:
    rule = forecast.retirement
    if rule.value is None:
        counted = effective(ELIGIBILITY, forecast.rules, forecast.on)
        words = _("没有登记法定退休年龄，按计入配备的年龄上限：男 %(male)s、女 %(female)s 周岁") % {
            "male": counted.value["male_until"],
            "female": counted.value["female_until"],
        }
        return {"label": _("到龄退休"), "value": words, "hint": counted.source}
    row = {"label": _("到龄退休"), "value": rule.words, "hint": rule.source}
    if forecast.past:
        row |= {
            "value": _("%(rule)s；已到退休年龄仍在岗 %(count)s 人，按到计入配备的年龄上限时离开")
            % {"rule": rule.words, "count": formats.number(forecast.past)},
            "url": links.get("past", ""),
        }
    return row


def _pace_row(forecast: Forecast, links: dict[str, str], name: str, label: str, unit: str, measured: str) -> dict:
    value = getattr(forecast.pace, name)
    given = getattr(forecast.assumed, name) is not None
    hint = measured
    if given:
        hint = _("您填写的假设。%(measured)s") % {"measured": measured}
    words = unit % {"n": amount(value)} if value is not None else None
    return {"label": label, "value": words, "hint": hint, "url": "" if given else links.get(name, "")}


def _year(forecast: Forecast) -> dict[str, str]:
    return {"since": formats.day(forecast.before + ONE_DAY), "until": formats.day(forecast.on)}


def _no_year(forecast: Forecast) -> str:
    return _("%(day)s 没有计入配备的人员，算不出近 12 个月的速度；需要时请自行填写。") % {
        "day": formats.day(forecast.before)
    }


def _left_words(forecast: Forecast) -> str:
    measured = forecast.measured
    if not measured.earlier:
        return _no_year(forecast)
    numbers = {name: formats.number(getattr(measured, name)) for name in ("earlier", "left", "retired")}
    words = _(
        "%(since)s 至 %(until)s：一年前计入 %(earlier)s 人，其中 %(left)s 人已不在任何岗位（另有到龄 %(retired)s 人）。"
    ) % (_year(forecast) | numbers)
    return words if measured.left else words + _("没有登记过离职；名册启用不足一年的，请自行填写。")


def _joined_words(forecast: Forecast) -> str:
    if not forecast.measured.earlier:
        return _no_year(forecast)
    numbers = {"joined": formats.number(forecast.measured.joined)}
    return _("%(since)s 至 %(until)s 新进 %(joined)s 人。") % (_year(forecast) | numbers)


def _gained_words(forecast: Forecast) -> str:
    measured = forecast.measured
    if not measured.earlier:
        return _no_year(forecast)
    numbers = {
        "before": formats.number(measured.earlier_certified),
        "now": formats.number(forecast.projection.start.certified),
        "gained": formats.number(measured.gained),
    }
    return _("%(since)s 至 %(until)s：持证由 %(before)s 人到 %(now)s 人，其中新增 %(gained)s 人。") % (
        _year(forecast) | numbers
    )


def _population_row(forecast: Forecast) -> dict:
    growth = forecast.assumed.growth
    rate = _("不变") if not growth else _("每年 %(rate)s%%") % {"rate": formats.signed(growth.normalize(), None)}
    if forecast.own.population is None:
        return {"label": _("人口"), "value": None, "hint": StaffingStatus.NO_DATA.label}
    return {"label": _("人口"), "value": rate, "hint": basis_line(forecast.own)}
