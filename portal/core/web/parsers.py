"""JSON as the standard has it, in UTF-8, of bounded size; anything a lenient reader would guess at is refused."""

import json
import math

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser

from portal.core.web.problems import ProblemError

MAX_BYTES = 1024 * 1024


class StrictJSONParser(BaseParser):
    """application/json. No NaN, no infinite or endless numbers, no name twice, no NUL, no half surrogate, no abyss."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        _check_charset(parser_context)
        text = _text(stream)
        try:
            value = json.loads(text, parse_constant=_constant, parse_float=_number, object_pairs_hook=_members)
        except RecursionError as error:
            raise _refused(_("JSON 嵌套过深。")) from error
        except ValueError as error:
            raise _refused(_("内容不是有效的 JSON：%(reason)s") % {"reason": _reason(error)}) from error
        _check_texts(value)
        return value


class StrictMultiPartParser(MultiPartParser):
    """multipart/form-data with one file of bounded size; every field once, texts as strict as in JSON."""

    def parse(self, stream, media_type=None, parser_context=None):
        _check_charset(parser_context)
        length = parser_context["request"]._request.headers.get("Content-Length") or "0"
        if not length.isdecimal() or int(length) > settings.IMPORT_MAX_BYTES + MAX_BYTES:
            limit = settings.IMPORT_MAX_BYTES // 1024**2
            raise ProblemError(413, _("文件不能超过 %(limit)s MB，请分成几个文件。") % {"limit": limit})
        try:
            parsed = super().parse(stream, media_type, parser_context)
        except ParseError as error:
            message = _("内容不是完整的 multipart/form-data。")
            raise ProblemError(400, message, slug="invalid-multipart") from error
        for name, values in [*parsed.data.lists(), *parsed.files.lists()]:
            if len(values) > 1 or (name in parsed.data and name in parsed.files):
                raise _refused(_("同一个名称出现了两次"))
            _check_texts([name, *(value for value in values if isinstance(value, str))])
        return parsed


def _check_charset(parser_context) -> None:
    charset = parser_context["request"]._request.content_params.get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8"):
        raise ProblemError(415)


def _refused(detail: str) -> ProblemError:
    return ProblemError(400, detail, slug="invalid-json")


def _text(stream) -> str:
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ProblemError(413, _("内容不能超过 1 MB，请分成几次提交。"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(_("内容不是 UTF-8 编码。")) from error


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return _("第 %(line)s 行第 %(column)s 个字符附近") % {"line": error.lineno, "column": error.colno}
    return str(error) if isinstance(error, _Faulty) else _("数字过长")


class _Faulty(ValueError):
    """A fault with a sentence of its own; the words of other ValueErrors are Python's and stay inside."""


def _constant(name: str):
    raise _Faulty(_("不允许 %(name)s") % {"name": name})


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _Faulty(_("数字过大"))
    return number


def _members(pairs: list[tuple]) -> dict:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Faulty(_("同一个名称出现了两次"))
    return members


def _check_texts(value) -> None:
    """Text that PostgreSQL cannot store (NUL, half a surrogate pair) is refused wherever it stands."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend(item)
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, str) and ("\x00" in item or any("\ud800" <= character <= "\udfff" for character in item)):
            raise _refused(_("文本中有不能保存的字符（NUL 或不成对的代理字符）。"))
