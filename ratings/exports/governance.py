"""The lists of needs, projects, facilities, checklist, deliberation, points and access."""

from ratings.exports.access import APPLICATIONS, ITEMS, REFUSALS
from ratings.exports.deliberation import DELIBERATIONS
from ratings.exports.facilities import FACILITIES, FEATURES
from ratings.exports.needs import NEEDS, PROJECTS
from ratings.exports.points import POINTS

EXPORTS = (NEEDS, PROJECTS, FACILITIES, FEATURES, DELIBERATIONS, POINTS, ITEMS, APPLICATIONS, REFUSALS)
