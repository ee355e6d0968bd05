"""The chips above the inbox: what one may filter by, and how many there would be."""

from functools import cached_property

from django.utils.translation import gettext as _

from portal.core.findings.models import State
from portal.core.lib.clock import today
from portal.core.lib.codes import KEY_OF_LEVEL, LEVEL_KEYS
from portal.core.territory.models import LEVEL_LABELS
from portal.core.territory.queries import shown_children
from portal.pages.deadlines import BANDS
from portal.pages.finding_texts import kind_label
from portal.pages.inbox import ACTIVE, HOLDERS, SORTS, Inbox, place_in_registry

PLACES_SHOWN = 12


class Filters:
    """The filters of an inbox as rows of chips; a row with nothing to choose from is empty."""

    def __init__(self, inbox: Inbox):
        self.inbox = inbox
        self.asked = inbox.asked

    @property
    def chosen(self) -> list[str]:
        """The words of what is chosen, for the button behind which the rows wait on a phone."""
        states = [chip["label"] for chip in self.state_chips if chip["current"]]
        rows = [self.holder_chips, *(row["chips"] for row in self.more)]
        return states + [chip["label"] for chips in rows for chip in chips[1:] if chip.get("current")]

    @property
    def state_chips(self) -> list[dict]:
        if not self.inbox.now:
            return []
        states = [*State.choices, (ACTIVE, _("全部未消除"))]
        return [
            {
                "label": label,
                "count": self.inbox.count(state=key),
                "url": self.inbox.url(state=None if key == State.OPEN else key),
                "current": key == self.inbox.state,
            }
            for key, label in states
        ]

    @property
    def holder_chips(self) -> list[dict]:
        """Whose they are; only for those who handle findings."""
        if not self.inbox.handles:
            return []
        every = {"label": _("全部"), "url": self.inbox.url(holder=None), "current": not self.asked["holder"]}
        return [every] + [
            {"label": label, "url": self.inbox.url(holder=key), "current": key == self.asked["holder"]}
            for key, label in HOLDERS.items()
        ]

    @property
    def more(self) -> list[dict]:
        """The rows that stand folded until they are used."""
        rows = [
            {"label": _("按期限筛选"), "chips": self.due_chips, "open": self.asked["due"], "target": "#inbox"},
            {"label": _("按类别筛选"), "chips": self.kind_chips, "open": self.asked["kind"], "target": "#inbox"},
            {"label": _("按层级筛选"), "chips": self.level_chips, "open": self.asked["level"], "target": "#inbox"},
            {"label": _("按下级区划筛选"), "chips": self.place_chips, "open": "", "target": ""},
        ]
        return [row for row in rows if row["chips"]]

    @property
    def due_chips(self) -> list[dict]:
        """By when they should be gone."""
        every = {"label": _("不限期限"), "url": self.inbox.url(due=None), "current": not self.asked["due"]}
        return [every] + [
            {"label": label, "url": self.inbox.url(due=key), "current": key == self.asked["due"]}
            for key, label in BANDS.items()
        ]

    @property
    def kind_chips(self) -> list[dict]:
        kinds = sorted({kind for kind, _state, _level in self.inbox.tally}, key=place_in_registry)
        if len(kinds) < 2 and not self.asked["kind"]:
            return []
        every = {"label": _("各类"), "count": self.inbox.count(kind=""), "url": self.inbox.url(kind=None)}
        chips = [
            {
                "label": kind_label(kind),
                "count": self.inbox.count(kind=kind),
                "url": self.inbox.url(kind=kind),
                "current": kind == self.asked["kind"],
            }
            for kind in kinds
        ]
        return [every | {"current": not self.asked["kind"]}, *chips]

    @property
    def level_chips(self) -> list[dict]:
        levels = sorted({level for _kind, _state, level in self.inbox.tally})
        chips = [
            {
                "label": LEVEL_LABELS[level],
                "count": self.inbox.count(level=level),
                "url": self.inbox.url(level=KEY_OF_LEVEL[level]),
                "current": KEY_OF_LEVEL[level] == self.asked["level"],
            }
            for level in levels
        ]
        every = {"label": _("各级"), "count": self.inbox.count(level=None), "url": self.inbox.url(level=None)}
        return [{**every, "current": not self.asked["level"]}, *chips] if len(chips) > 1 else []

    @property
    def sort_chips(self) -> list[dict]:
        return [
            {
                "label": label,
                "url": self.inbox.url(sort=None if key == "due" else key),
                "current": key == self.inbox.sort,
            }
            for key, label in SORTS.items()
        ]

    @cached_property
    def place_chips(self) -> list[dict]:
        """The places one step down that have such findings, most first."""
        place = self.inbox.place
        if place is None or place.level >= max(LEVEL_KEYS.values()):
            return []
        children = {child.code: child.label for child in shown_children(place, today())}
        counts = self.inbox.counts_of(children)
        most = sorted((code for code in counts if counts[code]), key=lambda code: (-counts[code], code))
        return [
            {"label": children[code], "count": counts[code], "url": self.inbox.url(place=code)}
            for code in most[:PLACES_SHOWN]
        ]
