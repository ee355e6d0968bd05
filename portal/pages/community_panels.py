"""Panels of a community's page: allotment with every engine side by side, positions, the two committees with their terms."""

from datetime import date

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.policy.kinds import ALLOTMENT, BRACKETS, STAFFING, STAFFING_CAP
from portal.core.territory.models import Division
from portal.core.web import formats, keep
from portal.pages.indicator_links import figure_page
from portal.pages.sentences import filled, joined
from ratings.queries.results import history
from workforce.committee import OneShoulder
from workforce.enums import Body, WorkerClass
from workforce.queries.allotment import Allotted, allotment_of
from workforce.queries.committees import Sitting, terms_of
from workforce.queries.establishment import Positions
from workforce.views.positions_table import people_url, sentence

STAR_YEARS = 5
KINDS = {"per_population": STAFFING, "allotment": ALLOTMENT, "brackets": BRACKETS, "cap": STAFFING_CAP}
NAMES = {
    "per_population": gettext_lazy("人口标准"),
    "allotment": gettext_lazy("户数（4+N）"),
    "brackets": gettext_lazy("户数分档"),
    "cap": gettext_lazy("人数上限"),
}
MISSING = {"population": gettext_lazy("没有人口"), "households": gettext_lazy("没有户数")}
SHOULDERS = {
    OneShoulder.YES: gettext_lazy("书记、主任“一肩挑”。"),
    OneShoulder.APART: gettext_lazy("书记、主任由两人分任，不是“一肩挑”。"),
    OneShoulder.NO_SECRETARY: gettext_lazy("书记空缺，不计入“一肩挑”。"),
    OneShoulder.NO_CHAIR: gettext_lazy("主任空缺，不计入“一肩挑”。"),
    OneShoulder.NEITHER: gettext_lazy("书记、主任都空缺。"),
}


def allotment_panel(request: HttpRequest, code: str, on: date) -> dict | None:
    """What each engine in force gives and which rule binds, with the page of the figure; None where none is in force."""
    found = allotment_of(code, on)
    if found is None or not found.result.results:
        return None
    return {
        "found": found,
        "sentence": allotment_sentence(found),
        "why": _why(found),
        "lines": _lines(found),
        "households": found.households,
        "url": figure_page(request, "allotted", code),
    }


def _lines(found: Allotted) -> list[dict]:
    """The engines and the cap, each with its rule, its source and whether it binds."""
    lines = [(one.engine, one.heads, MISSING.get(one.missing, "")) for one in found.result.results]
    if found.result.cap is not None:
        lines.append(("cap", found.result.cap, ""))
    return [
        {
            "label": NAMES[key],
            "heads": heads,
            "missing": missing,
            "binds": key in found.result.binding,
            "rule": KINDS[key].in_words(found.rules[key].value),
            "source": found.rules[key].source,
        }
        for key, heads, missing in lines
    ]


def allotment_sentence(found: Allotted) -> SafeString:
    """The allotment, heads in post and the gap, with the rule that binds, in a sentence for a report."""
    if found.result.heads is None:
        return filled(_("缺少人口和户数，算不出职数。"), {})
    said = {
        "exact": _("按“%(rule)s”应配 %(heads)s 人"),
        "least": _("按“%(rule)s”至少应配 %(heads)s 人"),
        "most": _("按“%(rule)s”至多应配 %(heads)s 人"),
    }[found.result.certainty]
    gap = found.gap or 0
    tail = _("，在岗 %(workers)s 人，缺 %(gap)s 人。") if gap > 0 else _("，在岗 %(workers)s 人，多 %(gap)s 人。")
    tail = tail if gap else _("，在岗 %(workers)s 人，正好配足。")
    numbers = {
        "heads": formats.number(found.result.heads),
        "workers": formats.number(found.workers),
        "gap": formats.number(abs(gap)),
    }
    rules = _("、").join(str(NAMES[key]) for key in found.result.binding)
    return joined([filled(said, numbers, {"rule": rules}), filled(tail, numbers)])


def _why(found: Allotted) -> list[str]:
    """Why this rule binds, and from how many households the ratio would ask for as much as 4+N."""
    result, notes = found.result, []
    if len(result.results) > 1:
        largest = result.choice == "largest"
        notes.append(_("几种办法并存，取最大的。") if largest else _("几种办法并存，取最小的。"))
    if result.binding == ("cap",):
        words = {"chosen": formats.number(result.chosen), "cap": formats.number(result.cap)}
        notes.append(_("各办法得出 %(chosen)s 人，受上限约束为 %(cap)s 人。") % words)
    for one in result.results:
        if one.missing:
            words = {"rule": NAMES[one.engine], "missing": MISSING[one.missing]}
            notes.append(_("“%(rule)s”%(missing)s，算不出来。") % words)
    if (even := found.break_even) is not None:
        words = {"even": formats.number(even)}
        notes.append(_("按本社区户均人口，满 %(even)s 户起，人口标准的人数不少于 4+N。") % words)
    return notes


def positions_panel(request: HttpRequest, division: Division, figures: dict[str, Positions]) -> dict:
    """Established, taken, vacant, applied for, by class; with the way to the page."""
    sees = request.user.can(Perm.VIEW_ROSTER, division.code)
    return {
        "url": keep.page_url(request, "establishment", division.code),
        "lines": [
            {
                "label": WorkerClass(key).label,
                "sentence": sentence(one, True),
                "taken": one.taken,
                "people_url": people_url(request, division.code, key) if sees and one.taken else "",
            }
            for key, one in figures.items()
        ],
        "recorded": any(figure.established is not None for figure in figures.values()),
    }


def terms_panel(request: HttpRequest, division: Division, sitting: Sitting, on: date) -> dict:
    """One-shoulder state, members, cross-appointment, and the latest term of each committee."""
    latest: dict[str, object] = {}
    for term in terms_of(request.user, division.code, on):
        latest.setdefault(term.body, term)
    members = sitting.members
    words = {"total": members.total, "party": members.party, "committee": members.committee, "both": members.both}
    said = _("“两委”成员 %(total)s 人：党组织 %(party)s 人，居委会 %(committee)s 人，交叉任职 %(both)s 人。")
    return {
        "url": keep.page_url(request, "terms", division.code),
        "shoulder": SHOULDERS[sitting.state],
        "one": sitting.state is OneShoulder.YES,
        "members": said % words if members.total else "",
        "lines": [
            {"label": Body(body).label, "term": term, "overdue": bool(term.valid_to and term.valid_to <= on)}
            for body, term in latest.items()
        ],
        "shown": request.user.can(Perm.VIEW_STAFFING, division.code),
    }


def stars_panel(request: HttpRequest, division: Division, on: date) -> dict | None:
    """The grades of the last years with their changes; None for whom ratings are not meant."""
    if not request.user.can(Perm.VIEW_RATINGS, division.code):
        return None
    versions = [one for one in history(division.code) if one.effective_from <= on]
    latest = {one.year: one for one in reversed(versions)}
    return {
        "url": keep.page_url(request, "star_unit", division.code),
        "now": versions[0] if versions else None,
        "years": [latest[year] for year in sorted(latest, reverse=True)][:STAR_YEARS],
    }
