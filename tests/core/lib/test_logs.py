"""Log lines: one JSON object each, nobody's data in them, no forged lines."""

import io
import json
import logging

import pytest
import time_machine

from portal.core.lib import logs

NUMBER = "999999199001010016"


def line_of(message: object, *args: object, **kwargs: object) -> str:
    """What one call of a logger writes."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonFormatter())
    logger = logging.Logger("portal.test")
    logger.addHandler(handler)
    logger.info(message, *args, **kwargs)
    return stream.getvalue()


def entry_of(message: object, *args: object, **kwargs: object) -> dict:
    return json.loads(line_of(message, *args, **kwargs))


def test_entry_has_time_with_offset_level_logger_and_message(monkeypatch):
    monkeypatch.setenv("TIME_ZONE", "Asia/Shanghai")
    with time_machine.travel("2026-11-22T16:30:00+00:00", tick=False):
        assert entry_of("导入 %s 行", 12) == {
            "time": "2026-11-23T00:30:00.000+08:00",
            "level": "INFO",
            "logger": "portal.test",
            "message": "导入 12 行",
        }


def test_entry_carries_request_id_and_extras():
    token = logs.request_id.set("r-1")
    try:
        entry = entry_of("done", extra={"batch": 7, "state": "applied", "ratio": float("nan")})
    finally:
        logs.request_id.reset(token)
    assert entry["request_id"] == "r-1"
    assert (entry["batch"], entry["state"], entry["ratio"]) == (7, "applied", "nan")


@pytest.mark.parametrize(
    "evil",
    ["a\r\nb", "a\x1b[31mb", "a\x00b", "a\x85b", "a\x9bb", "a\u2028b", "a\u2029b", "a\u202eb", "a\ud800b", "a\x7fb"],
)
def test_entry_is_one_line_whatever_the_message_holds(evil):
    line = line_of("path %s", evil, extra={"agent": evil})
    assert line.endswith("}\n")
    assert line[:-1].isprintable()
    assert len(line[:-1].splitlines()) == 1
    assert json.loads(line)["message"] == f"path {evil}"
    line.encode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"id {NUMBER}.", "id 999***********0016."),
        ("id 11010519491231002x)", "id 110***********002x)"),
        (f"id={NUMBER}abc", "id=999***********0016abc"),
        ("号码９９９９９９１９９００１０１００１６。", "号码９９９***********００１６。"),
        ("电话13812345678", "电话138****5678"),
        ("Authorization: Bearer cwp_AbC.123-xyz", "Authorization: Bearer ***"),
        ("authorization: basic dXNlcjpwYXNz", "authorization: basic ***"),
        ("GET /api/?token=abc123&x=1", "GET /api/?token=***&x=1"),
        ('{"password": "geheim!"}', '{"password": "***"}'),
        ("postgresql://portal:geheim@127.0.0.1/db", "postgresql://portal:***@127.0.0.1/db"),
        ("division 120101001001", "division 120101001001"),
        ("1234567890123456789", "1234567890123456789"),
    ],
)
def test_masked_hides_numbers_and_secrets_only(text, shown):
    assert logs.masked(text) == shown


def test_entry_masks_arguments_extras_exceptions_and_request_id():
    token = logs.request_id.set(NUMBER)
    try:
        raise ValueError(f"bad number {NUMBER}")
    except ValueError:
        line = line_of("row %s", int(NUMBER), exc_info=True, extra={"number": int(NUMBER), "phone": 13812345678})
    finally:
        logs.request_id.reset(token)
    assert NUMBER not in line
    assert "13812345678" not in line
    entry = json.loads(line)
    assert entry["message"] == "row 999***********0016"
    assert entry["number"] == "999***********0016"
    assert entry["exception"].endswith("ValueError: bad number 999***********0016")


def test_entry_with_wrong_arguments_is_not_lost():
    assert entry_of("a %d b", "x")["message"] == "a %d b (its arguments do not fit)"


def test_entry_of_a_huge_message_is_cut():
    assert len(entry_of("x" * 1_000_000)["message"]) == 16_385


def test_entry_of_a_huge_number_is_described():
    assert entry_of("n", extra={"n": 10**5000})["n"] == "a number of more than 64 digits"
