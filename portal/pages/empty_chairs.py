"""Posts of a community that nobody holds: from the core posts, the sizes of the committees and the establishment."""

from datetime import date

from django.utils.translation import gettext as _

from portal.core.policy.kinds import CORE_POSTS, RESIDENTS_COMMITTEE_SIZE
from portal.core.policy.queries import rules_of
from workforce.committee import OneShoulder
from workforce.enums import Body, WorkerClass
from workforce.queries.committees import Sitting
from workforce.queries.establishment import Positions


def empty_chairs(code: str, on: date, sitting: Sitting, positions: dict[str, Positions]) -> dict[str, list[str]]:
    """Names of the vacant posts by body, one for each empty chair.

    Secretary and chair are named in every community; deputies, members and staff where a rule or the establishment says
    how many there are.
    """
    rules = rules_of(code, on)
    core, size = rules[CORE_POSTS.key].value or {}, rules[RESIDENTS_COMMITTEE_SIZE.key].value
    party, committee = [], []
    if sitting.state in (OneShoulder.NO_SECRETARY, OneShoulder.NEITHER):
        party.append(_("社区党组织书记"))
    party += [_("专职副书记")] * (core.get("deputy_secretaries", 0) - len(sitting.deputies))
    if sitting.state in (OneShoulder.NO_CHAIR, OneShoulder.NEITHER):
        committee.append(_("居委会主任"))
    committee += [_("居委会专职副主任")] * (core.get("vice_chairs", 0) - len(sitting.vice_chairs))
    if size and sitting.committee:
        committee += [_("居委会成员")] * (size["least"] - len(sitting.committee) - len(committee))
    staff = [_("工作人员")] * positions[WorkerClass.STAFF].vacant
    return {Body.PARTY: party, Body.COMMITTEE: committee, Body.STATION: staff}
