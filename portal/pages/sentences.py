"""A staffing figure as sentences that can be copied into a report, with basis, date, source and what to be careful about."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from portal.core.lib.codes import Level
from portal.core.territory.models import Basis
from portal.core.web import formats
from workforce.enums import StaffingStatus
from workforce.queries.overview import Overview
from workforce.queries.staffing import Staffing

RULE_PER = 10_000
COMPLYING = {
    Level.PROVINCE: gettext_lazy("%(judged)s 个省级区划中 %(met)s 个达标。"),
    Level.CITY: gettext_lazy("%(judged)s 个市中 %(met)s 个达标。"),
    Level.DISTRICT: gettext_lazy("%(judged)s 个区县中 %(met)s 个达标。"),
    Level.STREET: gettext_lazy("%(judged)s 个街道乡镇中 %(met)s 个达标。"),
    Level.COMMUNITY: gettext_lazy("%(judged)s 个社区中 %(met)s 个达标。"),
}
UNKNOWN = {
    Level.PROVINCE: gettext_lazy("%(judged)s 个省级区划都判断不了是否达标。"),
    Level.CITY: gettext_lazy("%(judged)s 个市都判断不了是否达标。"),
    Level.DISTRICT: gettext_lazy("%(judged)s 个区县都判断不了是否达标。"),
    Level.STREET: gettext_lazy("%(judged)s 个街道乡镇都判断不了是否达标。"),
    Level.COMMUNITY: gettext_lazy("%(judged)s 个社区都判断不了是否达标。"),
}


def standard(figure: Staffing) -> Decimal | None:
    """The rule as heads per 10,000 residents, whatever number of residents it names."""
    if not figure.heads or not figure.per:
        return None
    value = Decimal(figure.heads * RULE_PER) / figure.per
    whole = value.to_integral_value()
    return whole if value == whole else value.quantize(Decimal("0.01"))


def filled(sentence: str, numbers: dict, words: dict | None = None) -> SafeString:
    """The sentence with numbers in bold and words as they are; everything is escaped."""
    parts = {key: format_html("<b>{}</b>", number) for key, number in numbers.items()}
    parts |= {key: conditional_escape(word) for key, word in (words or {}).items()}
    return mark_safe(str(conditional_escape(sentence)) % parts)


def joined(sentences: list[SafeString]) -> SafeString:
    """Sentences one after the other, with a blank between them where the language wants one."""
    return mark_safe(("" if (get_language() or "").startswith("zh") else " ").join(sentences))


def staffing_sentence(figure: Staffing, urls: Mapping[str, str] = MappingProxyType({})) -> SafeString:
    """Required, in post, gap and ratio of one division, or why they cannot be told; `urls` lead from them to what they count."""
    numbers = {
        "required": formats.number(figure.required),
        "workers": formats.number(figure.workers),
        "gap": formats.number(abs(figure.gap or 0)),
        "ratio": formats.number(figure.ratio, 2),
    }
    numbers = {name: _leading(number, urls.get(name, "")) for name, number in numbers.items()}
    return filled(
        _sentence(figure), numbers, {"standard": formats.number(standard(figure)), "basis": figure.basis_label}
    )


def _leading(number: str, url: str) -> str:
    return format_html('<a href="{}">{}</a>', url, number) if url else number


def _sentence(figure: Staffing) -> str:
    match figure.status:
        case StaffingStatus.SHORT:
            return _(
                "应配 %(required)s 人，在岗 %(workers)s 人，缺 %(gap)s 人；每万%(basis)s %(ratio)s 人（标准 %(standard)s）。"
            )
        case StaffingStatus.MET if figure.gap:
            return _(
                "应配 %(required)s 人，在岗 %(workers)s 人，多 %(gap)s 人；每万%(basis)s %(ratio)s 人（标准 %(standard)s）。"
            )
        case StaffingStatus.MET:
            return _(
                "应配 %(required)s 人，在岗 %(workers)s 人，不缺人；每万%(basis)s %(ratio)s 人（标准 %(standard)s）。"
            )
        case StaffingStatus.NO_DATA:
            return _("在岗 %(workers)s 人；没有人口数据，算不出应配人数。")
        case StaffingStatus.NOT_IN_FORCE if figure.ratio is not None:
            return _("在岗 %(workers)s 人，每万%(basis)s %(ratio)s 人；配备标准未生效，不判断是否达标。")
        case StaffingStatus.NOT_IN_FORCE:
            return _("在岗 %(workers)s 人；配备标准未生效，不判断是否达标。")
    return _("没有城镇社区，不适用社区工作者配备标准。")


def complying_sentence(level: int, overview: Overview) -> SafeString:
    """How many divisions of a level comply, out of those that the rule is meant for; and how many cannot be told."""
    counts = overview.statuses
    met, known = counts.get(StaffingStatus.MET, 0), (StaffingStatus.MET, StaffingStatus.SHORT)
    numbers = {"judged": formats.number(overview.judged), "met": formats.number(met)}
    told = COMPLYING if any(counts.get(status) for status in known) else UNKNOWN
    parts = [filled(str(told[level]), numbers)]
    if unknown := counts.get(StaffingStatus.NO_DATA, 0):
        sentence = ngettext("%(count)s 个没有人口数据。", "%(count)s 个没有人口数据。", unknown)
        parts.append(filled(sentence, {"count": formats.number(unknown)}))
    if unruled := counts.get(StaffingStatus.NOT_IN_FORCE, 0):
        sentence = ngettext("%(count)s 个没有生效的标准。", "%(count)s 个没有生效的标准。", unruled)
        parts.append(filled(sentence, {"count": formats.number(unruled)}))
    return joined(parts)


def basis_line(figure: Staffing) -> str:
    """Basis, number and origin of the population in one line; empty without population."""
    if figure.population is None:
        return ""
    sentence = (
        _("%(basis)s %(population)s 人（本级数据，来源：%(source)s）")
        if figure.population_own
        else _("%(basis)s %(population)s 人（下级合计，来源：%(source)s）")
    )
    return sentence % {
        "basis": figure.basis_label,
        "population": formats.number(figure.population),
        "source": figure.population_source,
    }


def cautions(figure: Staffing) -> list[str]:
    """What a reader must know before using the figure: basis, age of the population."""
    notes = []
    if figure.population is not None and not figure.basis_is_urban:
        notes.append(
            _("口径是“%(basis)s”，不是“城镇常住人口”：与每万城镇常住人口的标准相比，只能作参考。")
            % {"basis": figure.basis_label}
        )
    if figure.population_outdated:
        notes.append(
            _("人口时点 %(day)s 与统计日 %(on)s 相差超过 %(months)s 个月，请补充较近的人口数据。")
            % {
                "day": formats.day(figure.population_on),
                "on": formats.day(figure.on),
                "months": figure.population_months,
            }
        )
    return notes


def caution_below(figure: Staffing, overview: Overview) -> list[str]:
    """That divisions below are judged by another basis than the division itself: their gaps do not add up to its own."""
    others = [str(Basis(basis).label) for basis in overview.bases if basis != figure.basis]
    if figure.population is None or not others:
        return []
    words = {"others": _("、").join(others), "basis": figure.basis_label}
    return [
        _(
            "下级有按“%(others)s”判断的，与本级的“%(basis)s”口径不同：下级的缺口和达标个数不能与本级的直接比较，也不能相加。"
        )
        % words
    ]


def mixed_bases(bases: Iterable[str | None]) -> str:
    """That divisions in an order stand on populations of different bases (domain §2.8); empty where they do not."""
    found = set(bases)
    labels = [str(label) for basis, label in Basis.choices if basis in found]
    if len(labels) < 2:
        return ""
    return _("这些区划的人口口径不同（%(bases)s），名次只作参考。") % {"bases": _("、").join(labels)}
