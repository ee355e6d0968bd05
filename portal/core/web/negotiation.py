"""Which format an answer has: the Accept header by quality and precision (RFC 9110, 12.5.1), in bounded time."""

from django.utils.translation import gettext as _
from rest_framework.negotiation import DefaultContentNegotiation

from portal.core.web.problems import ProblemError, at_header

MAX_LENGTH = 4096
MAX_RANGES = 32


class Negotiation(DefaultContentNegotiation):
    """The format that the caller likes best; no `?format=`, no suffix. Parameters of media types are not looked at."""

    def select_renderer(self, request, renderers, format_suffix=None):
        ranges = _ranges(request.headers.get("Accept", "*/*"))
        best, chosen = 0.0, None
        for renderer in renderers:
            quality = _quality(renderer.media_type, ranges)
            if quality > best:
                best, chosen = quality, renderer
        if chosen is None:
            offered = _("、").join(renderer.media_type for renderer in renderers)
            message = _("该地址提供的格式：%(offered)s。") % {"offered": offered}
            raise ProblemError(406, message, errors=[at_header("Accept", message)])
        return chosen, chosen.media_type


def _ranges(header: str) -> dict[str, float]:
    """Media ranges with their quality. A header beyond all reason accepts nothing, at no cost."""
    if len(header) > MAX_LENGTH or header.count(",") >= MAX_RANGES:
        return {}
    found = {}
    for part in header.lower().split(","):
        media_range, *parameters = (piece.strip() for piece in part.split(";", 8))
        if media_range:
            found[media_range] = _weight(parameters)
    return found or {"*/*": 1.0}


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _equals, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0


def _quality(media_type: str, ranges: dict[str, float]) -> float:
    """Quality of a media type by the most precise range that takes it in."""
    media_type = media_type.partition(";")[0]
    family = media_type.partition("/")[0] + "/*"
    return next((ranges[name] for name in (media_type, family, "*/*") if name in ranges), 0.0)
