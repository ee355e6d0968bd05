"""What the page says at once is what the server says later: the same texts read by both."""

from datetime import date

import pytest

from portal.core.lib.dates import DateError, means_open_end, parse_date
from portal.core.lib.identity import IdError, PhoneError, parse_id, parse_phone, synthetic
from tests import world as w

pytestmark = [pytest.mark.browser]

GOOD = synthetic(date(1985, 6, 1), 12)
IDS = [
    GOOD, GOOD.lower(), f" {GOOD[:6]} {GOOD[6:]}", f"'{GOOD}", GOOD.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    GOOD[:17], GOOD + "1", GOOD[:17] + ("1" if GOOD[17] != "1" else "2"), "130503670401001", "1.30503E+17", "1.3E17",
    "99999919851301012X", "999999198502300012", "99999918850101001X", "O" + GOOD[1:], "甲", "-", "999***********0012",
    GOOD[:14] + "0000", "",
]  # fmt: skip
PHONES = [
    "13800000000", "138 0000 0000", "138-0000-0000", "+8613800000000", "008613800000000", "8613800000000", "1380000000",
    "022-27301234", "(022)27301234", "02227301234", "27301234", "010-12345678", "01062345678", "+862227301234", "12345678901",
    "13800000000/13900000000", "13800000000转1", "１３８００００００００", "138****5678", "022-****1234", "/", "无", "",
]  # fmt: skip
DATES = [
    "2026-11-22", "2026/11/2", "2026.1.2", "2026-11/22", "2026年11月22日", "2026年11月22", "2026年11月22号", "20261122",
    "2026-11", "2026.06", "2026.1", "2026.10", "2026年6月", "2026年6", "202606", "2021-6", "2026", "2026年", "26-6-3", "26.06",
    "3/6/2021", "2026-13-01", "2026-13-32", "2026-02-29", "2024-02-29", "2026-00-10", "2026-31-12", "1899-12-31", "2101-01-01",
    "45000", "45000.5", "60", "00060", "00059", "00061", "99999", "12345678", "2026-11-22 08:30", "2026-11-22T08:30:15", "２０２６－１１－２２",
    "2026 - 11 - 22", "2026—11—22", "2026。11。22", "'2026-11-22", "至今", "长期", "无固定期限", "现在", "-", "无", "昨天", "",
]  # fmt: skip


def _id(text):
    read = parse_id(text)
    return (
        [read.value if read is not IdError.EMPTY else ""]
        if isinstance(read, IdError)
        else [read.number, str(read.birth)]
    )


def _phone(text):
    if text.strip() in {"/", "无"}:
        return "fine"
    read = parse_phone(text)
    return read.value if isinstance(read, PhoneError) and read is not PhoneError.EMPTY else "fine"


def _date(text, last):
    if text.strip() in {"-", "无"} or (last and means_open_end(text)):
        return "empty"
    read = parse_date(text)
    if isinstance(read, DateError):
        return "empty" if read is DateError.EMPTY else read.value
    if read.approximate:
        return "month_only " + str(read.value)[:7]
    return ("day_count " if read.from_serial else "") + str(read.value)


@pytest.fixture
def page(visit, live_world):
    page = visit(live_world.users.street, f"/roster/grid/{w.SPRING}/")
    page.locator(".tabulator-row").first.wait_for()
    return page


def test_id_numbers_are_read_alike(page):
    script = "texts => texts.map(rosterGrid.values.readId).map(one => one.error !== undefined ? [one.error] : [one.value, one.birth])"
    assert dict(zip(IDS, page.evaluate(script, IDS), strict=True)) == {text: _id(text) for text in IDS}


def test_phones_are_read_alike(page):
    script = "texts => texts.map(rosterGrid.values.readPhone).map(one => one.error || 'fine')"
    assert dict(zip(PHONES, page.evaluate(script, PHONES), strict=True)) == {text: _phone(text) for text in PHONES}


@pytest.mark.parametrize("last", [False, True])
def test_dates_are_read_alike(page, last):
    script = """([texts, last]) => texts.map(text => rosterGrid.values.readDate(text, last)).map(one => {
        if (one.error) return one.error;
        if (!one.value) return "empty";
        if (one.warning === "month_only") return "month_only " + one.value.slice(0, 7);
        return (one.warning ? one.warning + " " : "") + one.value;
    })"""
    found = dict(zip(DATES, page.evaluate(script, [DATES, last]), strict=True))
    assert found == {text: _date(text, last) for text in DATES}
