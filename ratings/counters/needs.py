"""Counters over needs found, and projects proposed, in the calendar year (domain §1.H5)."""

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Counter, Family, RowKind, Scope
from ratings.enums import NeedChannel
from workforce.counters.words import this_year

# A project turns a need into something once it is approved; it may serve several needs, each counts once.
CONVERTED = """EXISTS (
            SELECT 1 FROM ratings_projectneed l JOIN ratings_project p ON p.id = l.project_id
            WHERE l.need_id = {need} AND p.state IN ('approved', 'finished') AND p.approved_on <= %(on)s)"""


def needs(scope: Scope) -> str:
    """code, id (of the need), channel, and whether an approved project serves it."""
    return f"""
    SELECT e.division_id AS code, e.id, e.channel, {CONVERTED.format(need="e.id")} AS converted
    FROM ratings_need e JOIN units u ON u.code = e.division_id
    WHERE NOT e.taken_back AND {this_year("e.found_on")} AND {scope.of("e.division_id")}"""


def projects(scope: Scope) -> str:
    """code, id (of the project) and how far it was on the day."""
    return f"""
    SELECT p.division_id AS code, p.id, p.state IN ('approved', 'finished') AND p.approved_on <= %(on)s AS approved,
        p.state = 'finished' AND p.finished_on <= %(on)s AS finished
    FROM ratings_project p JOIN units u ON u.code = p.division_id
    WHERE {this_year("p.proposed_on")} AND {scope.of("p.division_id")}"""


NEEDS = Family(
    name="needs",
    row=RowKind.NEED,
    rows=needs,
    counters=(
        Counter(name="needs_found", label=_("本年发现的居民需求")),
        Counter(name="needs_converted", label=_("已转化为项目的需求"), when="r.converted"),
        *(
            Counter(name=f"needs_{channel}", label=label, when=f"r.channel = '{channel}'")
            for channel, label in (
                (NeedChannel.VISIT, _("走访发现的需求")),
                (NeedChannel.ORGANISATION, _("社会组织活动发现的需求")),
                (NeedChannel.RESIDENT, _("居民反映的需求")),
            )
        ),
    ),
)

PROJECTS = Family(
    name="projects",
    row=RowKind.PROJECT,
    rows=projects,
    counters=(
        Counter(name="projects", label=_("本年申报的微治理项目")),
        Counter(name="projects_approved", label=_("本年申报、已立项的项目"), when="r.approved"),
        Counter(name="projects_finished", label=_("本年申报、已完成的项目"), when="r.finished"),
    ),
)
