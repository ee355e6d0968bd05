"""Makers of what the pages and REST are asked for: by kind, a function of a place that gives the arguments of an address.

A further app has a module of its own here.
"""

from tests.makers import answered, core, deadlines, drafting, intake, letters, promises, proposals, ratings, workforce

MAKERS = {}
for _made in (core, deadlines, intake, promises, workforce, ratings, proposals, drafting, answered, letters):
    MAKERS |= _made.MAKERS
# Kinds that lie in a place: whoever is not responsible for it does not find them.
PLACED = MAKERS.keys() - core.PLACELESS - promises.PLACELESS
