"""What the permission matrices stand on: roles, and their own, sibling and parent territories."""

from dataclasses import dataclass, field

from tests import world as w

OFFICES = {"city", "district", "street"}
READERS = OFFICES | {"community"}
# Who keeps the service records of communities.
KEEPERS = {"street", "community"}
ADMINS = {"system_admin", "security_admin"}
# Who sees figures and rules.
FIGURE_READERS = READERS | {"auditor", "handler"}
# Who manages proposals, and who works on them.
BUREAUS = {"city", "district"}
HANDLERS = BUREAUS | {"handler"}
EVERYBODY = FIGURE_READERS | ADMINS

# Of every role: the own, a sibling and a parent territory; the country's roles have neither sibling nor parent.
TERRITORIES = {
    "city": (w.CITY, "97", None),
    "district": (w.DISTRICT, "960102", w.CITY),
    "street": (w.STREET, w.NEIGHBOUR, w.DISTRICT),
    "community": (w.SPRING, w.SUMMER, w.STREET),
    "handler": (w.DISTRICT, "960102", w.CITY),
    "auditor": (w.CITY, "97", None),
    "system_admin": (w.CITY, None, None),
    "security_admin": (w.CITY, None, None),
}
# A community in each territory and nowhere deeper shared: what lies in a parent lies in another child of it.
COMMUNITY_OF = {
    w.CITY: w.SNOW,
    "97": w.FAR,
    w.DISTRICT: w.AUTUMN,
    "960102": w.SNOW,
    w.STREET: w.SUMMER,
    w.NEIGHBOUR: w.AUTUMN,
    w.SPRING: w.SPRING,
    w.SUMMER: w.SUMMER,
}
IN_PARENT = {w.CITY: w.SNOW, w.DISTRICT: w.AUTUMN, w.STREET: w.SUMMER}


@dataclass(frozen=True)
class Page:
    """Who may open a page; `of` makes its address arguments for a division, none for a page without territory.

    `query`: what an export needs beside the place.
    """

    roles: set[str]
    of: str = ""
    method: str = "get"
    query: dict = field(default_factory=dict)


def reached(response) -> bool:
    """The page answered for itself, if only to say what is missing from the form."""
    return response.status_code in {200, 302, 303, 400, 409, 422} and "/login/" not in response.get("Location", "")
