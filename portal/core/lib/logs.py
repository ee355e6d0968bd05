"""Log lines: one JSON object per line, with the request's id, without personal data and without forged lines."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from portal.core.lib import clock

request_id: ContextVar[str] = ContextVar("request_id", default="")

_LONGEST = 16_384
_LARGEST = 10**10  # a longer number may be a person's
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request", "server_time"}

_DIGIT = "[0-9０-９]"
_SECRET_NAME = "(?:token|password|passwd|secret|field_keys|api_?key)"
# What must not stand in a log, and what stands in its place.
_MASKED = (
    # citizen ID numbers, also in full-width digits; then mobile numbers
    (
        re.compile(rf"(?<!{_DIGIT})({_DIGIT}{{3}}){_DIGIT}{{11}}({_DIGIT}{{3}}[0-9０-９XxＸｘ])(?!{_DIGIT})"),
        r"\1***********\2",
    ),
    (re.compile(r"(?<![0-9])(1[3-9][0-9])[0-9]{4}([0-9]{4})(?![0-9])"), r"\1****\2"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=|:-]+"), r"\1 ***"),
    (re.compile(rf"""(?i)({_SECRET_NAME}["']?\s*[=:]\s*["']?)[^\s"',;&]+"""), r"\1***"),
    (re.compile(r"(://[^\s:/@]*:)[^\s@/]+@"), r"\1***@"),
    (re.compile(r"(/answers/)[A-Za-z0-9_%-]{20,}"), r"\1***"),  # the key of a form that proposers fill in
)
# json escapes what lies below U+0020; these also end or redirect lines in terminals and editors.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def masked(text: str) -> str:
    """A text without ID numbers, mobile numbers, tokens and passwords, cut at 16,384 characters."""
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + "…"
    for pattern, replacement in _MASKED:
        text = pattern.sub(replacement, text)
    return text


def _plain(value: object) -> object:
    if value is None or isinstance(value, int | float) and abs(value) < _LARGEST:  # NaN and infinity become text
        return value
    if isinstance(value, int) and abs(value) >= 10**64:
        return "a number of more than 64 digits"
    return masked(str(value))


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON: time with offset, level, logger, message, request_id, extras, exception.

    Every text is masked and every control character escaped, so a record is always exactly one line.
    """

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, clock.zone()).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(self._message(record)),
        }
        if current := request_id.get():
            entry["request_id"] = masked(current)
        extras = vars(record).keys() - _STANDARD - entry.keys()
        entry |= {key: _plain(vars(record)[key]) for key in sorted(extras)}
        if record.exc_info and record.exc_info[0]:
            entry["exception"] = masked(self.formatException(record.exc_info))
        if record.stack_info:
            entry["stack"] = masked(record.stack_info)
        line = json.dumps(entry, ensure_ascii=False, allow_nan=False)
        return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", line)

    @staticmethod
    def _message(record: logging.LogRecord) -> str:
        try:
            return record.getMessage()
        except Exception:  # a wrong call of the logger must not lose the line
            return f"{record.msg} (its arguments do not fit)"
