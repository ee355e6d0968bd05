"""Panels that other pages of proposals give to the case page, for each part."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from proposals import stages
from proposals.models import Handling
from proposals.views import answered, deadline_panel, promises, replies

Panel = Callable[[HttpRequest, Handling], Any]
# By the name under which `proposals/_part_panels.html` reads them.
EVERY: dict[str, Panel] = {"deadlines": deadline_panel.panel}
ANSWERING: dict[str, Panel] = {"replies": replies.panel, "answered": answered.panel, "promises": promises.panel}


def panels_of(request: HttpRequest, part: Handling) -> dict[str, Any]:
    """The panels of a part by name; of a co-handler only those that say nothing of answers."""
    wanted = EVERY | (ANSWERING if part.role in stages.ANSWERING else {})
    return {name: panel(request, part) for name, panel in wanted.items()}
