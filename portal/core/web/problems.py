"""Every refusal under /api/ is application/problem+json (RFC 9457): what happened, and how to mend it.

Views raise `ProblemError` or the exceptions of Django and REST framework; `exception_handler` writes them all in one
form. `problem_response` serves what happens outside a view (unknown address, crash, database away).
"""

import json
import unicodedata
from collections.abc import Iterable, Mapping
from http import HTTPStatus

from django.core import exceptions as django
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions as rest

from portal.core.indicators.days import TooManyRows

CONTENT_TYPE = "application/problem+json"
API_PREFIX = "/api/"
TYPE_PREFIX = "urn:problem-type:portal:"

# status: (slug of the type, title, the usual sentence)
KINDS: dict[int, tuple[str, str, str]] = {
    400: ("bad-request", gettext_lazy("请求有误"), gettext_lazy("请求无法理解，请对照接口文档检查。")),
    401: (
        "unauthenticated",
        gettext_lazy("需要令牌"),
        gettext_lazy("请在请求头写明 Authorization: Bearer 加令牌；令牌由管理员签发。"),
    ),
    403: ("forbidden", gettext_lazy("没有权限"), gettext_lazy("该令牌或账号没有所需的权限。")),
    404: ("not-found", gettext_lazy("未找到"), gettext_lazy("该地址没有内容，或者不在您的管理范围内。")),
    405: ("method-not-allowed", gettext_lazy("方法不适用"), gettext_lazy("该地址只接受响应头 Allow 所列的方法。")),
    406: ("not-acceptable", gettext_lazy("没有所要的格式"), gettext_lazy("请把请求头 Accept 改为接口文档所列的格式。")),
    409: ("conflict", gettext_lazy("与现状冲突"), gettext_lazy("对象的现状不允许这样做，请先重新读取。")),
    412: (
        "precondition-failed",
        gettext_lazy("对象已被修改"),
        gettext_lazy("您读取之后对象已有变化，请重新读取，核对后带上新的 ETag 再提交。"),
    ),
    413: ("content-too-large", gettext_lazy("内容过大"), gettext_lazy("请把内容分成几次提交。")),
    414: ("uri-too-long", gettext_lazy("地址过长"), gettext_lazy("请缩短查询参数。")),
    415: (
        "unsupported-media-type",
        gettext_lazy("内容类型不支持"),
        gettext_lazy("请用接口文档所列的内容类型提交，文字用 UTF-8 编码。"),
    ),
    422: ("unprocessable", gettext_lazy("内容不符"), gettext_lazy("请求内容与先前的不一致。")),
    428: (
        "precondition-required",
        gettext_lazy("需要 If-Match"),
        gettext_lazy("修改前请先读取，并把读到的 ETag 放入 If-Match。"),
    ),
    429: (
        "too-many-requests",
        gettext_lazy("请求过于频繁"),
        gettext_lazy("请等待响应头 Retry-After 所写的秒数后再试。"),
    ),
    500: (
        "server-error",
        gettext_lazy("服务器出错"),
        gettext_lazy("服务器未能完成请求。请把 request_id 告知管理员。"),
    ),
    503: ("unavailable", gettext_lazy("暂时无法服务"), gettext_lazy("数据库暂时不可用，请几秒钟后再试。")),
}


class ProblemError(rest.APIException):
    """A refusal with its own sentence. `errors` are made by `at_parameter`, `at_header` and `at_pointer`."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        slug: str = "",
        errors: Iterable[dict] = (),
        headers: Mapping[str, str] | None = None,
    ):
        super().__init__(detail or KINDS[status][2])
        self.status_code = status
        self.slug = slug
        self.errors = list(errors)
        self.headers = dict(headers or {})


def at_parameter(name: str, detail: str) -> dict:
    return {"parameter": printable(name), "detail": str(detail)}


def at_header(name: str, detail: str) -> dict:
    return {"header": name, "detail": str(detail)}


def at_pointer(path: Iterable, detail: str) -> dict:
    """`path` leads from the top of the body to the faulty value; written as a JSON Pointer (RFC 6901)."""
    steps = (printable(str(step), 200).replace("~", "~0").replace("/", "~1") for step in path)
    return {"pointer": "#" + "".join(f"/{step}" for step in steps), "detail": str(detail)}


def printable(text: str, limit: int = 60) -> str:
    """Foreign text that goes back in an answer: short and without control characters."""
    return "".join(c if unicodedata.category(c)[0] != "C" else "\N{REPLACEMENT CHARACTER}" for c in text[:limit])


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith(API_PREFIX)


def problem_response(
    request: HttpRequest,
    status: int,
    detail: str = "",
    *,
    slug: str = "",
    errors: Iterable[dict] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The answer itself; also for what happens outside a REST view."""
    usual, title, sentence = KINDS.get(status, ("", "", ""))
    body = {
        "type": TYPE_PREFIX + (slug or usual) if slug or usual else "about:blank",
        "title": str(title or HTTPStatus(status).phrase),
        "status": status,
        "detail": str(detail or sentence),
        "instance": printable(request.path, 500),
        "request_id": getattr(request, "id", ""),
    }
    if errors:
        body["errors"] = list(errors)
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def exception_handler(error: Exception, context: dict) -> HttpResponse | None:
    """What REST framework calls for every exception of a view; None lets a real fault through to Django."""
    request = context["request"]._request
    if isinstance(error, NotModified):
        return error.response()
    problem = _as_problem(error)
    if problem is None:
        return None
    headers = dict(getattr(problem, "headers", {}))
    if challenge := getattr(error, "auth_header", None):
        rejected = isinstance(error, rest.AuthenticationFailed)
        headers["WWW-Authenticate"] = challenge + (', error="invalid_token"' if rejected else "")
    if isinstance(error, rest.Throttled) and error.wait is not None:
        headers["Retry-After"] = str(max(1, int(error.wait)))
    return problem_response(
        request,
        problem.status_code,
        str(problem.detail),
        slug=problem.slug,
        errors=problem.errors,
        headers=headers,
    )


class NotModified(Exception):
    """The reader's copy is still true; raised before the content is even made."""

    def __init__(self, headers: Mapping[str, str]):
        super().__init__("304")
        self.headers = headers

    def response(self) -> HttpResponse:
        response = HttpResponse(status=304, headers=dict(self.headers))
        del response["Content-Type"]
        return response


def _as_problem(error: Exception) -> ProblemError | None:
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, rest.ValidationError):
        return ProblemError(
            400, _("提交的内容有误，见 errors。"), slug="invalid-content", errors=list(_pointers(error.detail, ()))
        )
    if isinstance(error, django.ValidationError):
        return ProblemError(400, " ".join(error.messages), slug="invalid-content", errors=_named(error))
    if isinstance(error, django.RequestDataTooBig):
        return ProblemError(413)
    if isinstance(error, (django.SuspiciousOperation, UnreadablePostError, MultiPartParserError)):
        return ProblemError(400)
    if isinstance(error, TooManyRows):
        errors = [at_parameter(name, str(error)) for name in error.change]
        return ProblemError(422, str(error), slug="too-many-rows-to-count", errors=errors)
    if isinstance(error, Http404):
        return ProblemError(404)
    if isinstance(error, django.PermissionDenied):
        return ProblemError(403)
    if isinstance(error, rest.APIException):
        keep = isinstance(error, (rest.ParseError, rest.PermissionDenied, rest.AuthenticationFailed))
        status = error.status_code if error.status_code in KINDS else 400
        return ProblemError(status, str(error.detail) if keep else "")
    return None


def _pointers(detail, path: tuple) -> Iterable[dict]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _pointers(inner, path if name == "non_field_errors" else (*path, name))
    elif isinstance(detail, list) and any(isinstance(item, (dict, list)) for item in detail):
        for number, inner in enumerate(detail):
            yield from _pointers(inner, (*path, number))
    else:
        for sentence in detail if isinstance(detail, list) else [detail]:
            yield at_pointer(path, sentence)


def _named(error: django.ValidationError) -> list[dict]:
    if not hasattr(error, "error_dict"):
        return []
    return [at_pointer([name], text) for name, texts in error.message_dict.items() for text in texts]
