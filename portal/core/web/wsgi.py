"""The WSGI entry: requests are UTF-8, whatever charset a caller claims.

Django lets `Content-Type: x; charset=bz2_codec` decide how the address is decoded, while the request is being made and
nothing can answer yet: the server's own 500 page. No caller of this portal may choose a charset.
"""

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters


class Utf8Request(WSGIRequest):
    def _set_content_type_params(self, meta):
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:  # a parameter in an encoding that does not exist (RFC 2231)
            self.content_type, self.content_params = "", {}


class Handler(WSGIHandler):
    request_class = Utf8Request
