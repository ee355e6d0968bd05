"""What the checks of proposals share: which document of which session a finding is about, and its rule."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from portal.core.findings.inspection import Line
from portal.core.policy.kinds import Kind
from proposals.enums import Body
from proposals.numerals import session_name
from workforce.inspections.wording import source_of

# Of a proposal p, its session s and the unit u: what names a case in a finding. Titles and persons stay behind the wall.
CASE_FACTS = """'proposal', p.id, 'number', p.number, 'body', s.body, 'place', s.place_name, 'term', s.term,
            'meeting', s.meeting, 'unit', u.short"""


def case_words(facts: dict) -> dict:
    """The facts with the document in words: 市政协十四届五次会议第0023号提案."""
    words = {
        "session": session_name(facts["place"], int(facts["term"]), int(facts["meeting"])),
        "number": facts["number"],
        "document": _("建议") if facts["body"] == Body.NPC else _("提案"),
    }
    return {**facts, "case": _("%(session)s第%(number)s号%(document)s") % words}


def day_after(day: str) -> str:
    """The first day on which something was late."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def ruled(kind: Kind, facts: dict) -> Line:
    """The rule that was applied, the default where the place has none."""
    return Line(_("规则"), kind.in_words(facts["rule"] or kind.default), source_of(facts) or _("系统默认"))
