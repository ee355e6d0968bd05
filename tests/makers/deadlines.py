"""A last day of a unit's part in a proposal, in the district of a place."""

from portal.core.lib.clock import today
from proposals.actions.deadlines import start
from tests.makers.proposals import part_of

MAKERS = {"deadline": lambda code: [start(part_of(code), "reply", today()).pk]}
