"""What one row says about itself: periods, ages, contract and certificate that fit together."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.core.lib.dated import add_years, age_on
from portal.core.policy.kinds import ELIGIBILITY, LADDER
from portal.core.policy.queries import rules_of
from workforce.enums import Sex
from workforce.importers.columns import HEADER, NO_CONTRACT, PRINTED
from workforce.importers.places import Place
from workforce.importers.rows import Row
from workforce.ladder import Ladder
from workforce.queries.pay_rules import ladder_of

_SEX = {"M": Sex.MALE, "F": Sex.FEMALE}


@dataclass(frozen=True)
class Ages:
    """The ages between which a worker counts, and the pay ladder, by the rules in force on the day of the check."""

    today: date
    age_from: int
    until: dict[str, int]
    ladder: Ladder

    @classmethod
    def of(cls, division: str, today: date) -> "Ages":
        rules = rules_of(division, today)
        value = rules[ELIGIBILITY.key].value or ELIGIBILITY.default
        until = {Sex.MALE: value["male_until"], Sex.FEMALE: value["female_until"]}
        return cls(today, value["age_from"], until, ladder_of(rules[LADDER.key].value or LADDER.default))


def check_row(row: Row, place: Place | None, ages: Ages) -> None:
    """Notes every contradiction inside the row, and fills in what the ID number tells."""
    values = row.values
    _person(row, values, ages)
    _post(row, values, ages)
    _leaving(row, values)
    _contract(row, values, ages.today)
    _certificate(row, values, ages.today)
    if place is not None:
        _place(row, values, place)


def last_day_of(values: dict[str, Any]) -> date | None:
    """The last day of the row's post: what it says, but not after the last day in service."""
    typed, left = values.get("valid_to"), values.get("left_on")
    if typed is None or left is None:
        return left if typed is None else typed
    return min(typed, left)


def _person(row: Row, values: dict[str, Any], ages: Ages) -> None:
    number = values.get("id_number")
    if number is None:
        return
    sex = _SEX[number.sex]
    if values.setdefault("sex", sex) != sex:
        row.error("sex_contradicts", "sex", id_sex=PRINTED["性别"][sex])
    _birth(row, values.get("birth_date"), number.birth)
    values["birth_date"] = number.birth
    _ages(row, values, number.birth, ages)


def _birth(row: Row, typed: date | None, birth: date) -> None:
    """Holds the day of birth typed against the ID number's, which is the one that counts.

    Of somebody born in January or October 1980.1 is the month of birth, whichever of the two it was meant to be.
    """
    if typed is None:
        if birth.month in (1, 10) and _forget(row.errors, "date_ambiguous_month", f"{birth.year}.1"):
            return
    elif typed == birth.replace(day=1) and _forget(row.warnings, "month_only"):
        return
    elif typed != birth:
        row.error("birth_contradicts", "birth_date", id_birth=birth)


def _forget(issues: list[dict], code: str, cell: str = "") -> bool:
    """Takes away what was noted of the column of birth days; whether there was such a thing."""
    for issue in issues:
        if issue["key"] == "birth_date" and issue["code"] == code and (not cell or issue["cell"] == cell):
            issues.remove(issue)
            return True
    return False


def _ages(row: Row, values: dict[str, Any], birth: date, ages: Ages) -> None:
    if birth > ages.today:
        row.error("date_future", "id_number", today=ages.today)
        return
    key, first = "hired_on", values.get("hired_on")
    start = values.get("valid_from")
    if first is None or (start is not None and start < first):
        key, first = "valid_from", start
    # Most people are years away from every limit: then nothing depends on the day.
    if first is not None and first.year - birth.year <= ages.age_from and add_years(birth, ages.age_from) > first:
        row.error("under_age", key, on=first, age=ages.age_from)
    if ages.age_from < ages.today.year - birth.year < ages.until[values["sex"]]:
        return
    end = last_day_of(values)
    if end is not None and end < ages.today:
        return
    age = age_on(birth, ages.today)
    if not ages.age_from <= age < ages.until[values["sex"]]:
        row.warn("age_unusual", "id_number", cell=values["id_number"].number, age=age)


def _order(row: Row, start: str, end: str) -> None:
    """Notes an end before its start; both are days that count."""
    values = row.values
    if start in values and end in values and values[end] < values[start]:
        row.error("period_reversed", end, start_column=HEADER[start], start=values[start])


def _post(row: Row, values: dict[str, Any], ages: Ages) -> None:
    _order(row, "valid_from", "valid_to")
    if values.get("valid_from", ages.today) > ages.today:
        row.warn("start_future", "valid_from")
    if "hired_on" in values and values.get("valid_from", values["hired_on"]) < values["hired_on"]:
        row.warn("post_before_hire", "valid_from", hired=values["hired_on"])
    tier, grade = values.get("tier"), values.get("grade")
    if tier and grade and not ages.ladder.holds(tier, grade):
        low, high = ages.ladder.ranges[tier]
        row.warn("grade_tier", "grade", tier=PRINTED["岗位层级"][tier], low=low, high=high, grade=grade)


def _leaving(row: Row, values: dict[str, Any]) -> None:
    left = values.get("left_on")
    if left is None:
        if "leaving_reason" in values and not row.is_wrong("left_on"):
            row.error("reason_without_leaving", "leaving_reason")
        return
    _order(row, "hired_on", "left_on")
    if "valid_from" in values and values["valid_from"] > left:
        row.error("start_after_leaving", "valid_from", left=left)
    elif "valid_to" in values and values["valid_to"] > left:
        row.error("end_after_leaving", "valid_to", left=left)
    if "contract_from" in values and values["contract_from"] > left:
        row.error("contract_after_leaving", "contract_from", left=left)


def _contract(row: Row, values: dict[str, Any], today: date) -> None:
    kind = values.get("contract_kind")
    if kind in (None, NO_CONTRACT):
        if "contract_from" in values or "contract_to" in values:
            if kind is None and not row.is_wrong("contract_kind"):
                row.error("contract_kind_missing", "contract_kind")
            elif kind == NO_CONTRACT:
                row.error("contract_dates_unused", "contract_kind")
        elif "party" in values:
            row.warn("party_unused", "party")
        return
    if "contract_from" not in values:
        if not row.is_wrong("contract_from"):
            row.error("contract_incomplete", "contract_from", kind=PRINTED["合同类型"][kind])
        return
    _order(row, "contract_from", "contract_to")
    end, last = values.get("contract_to"), last_day_of(values)
    if end is not None and end < today and (last is None or last >= today):
        row.warn("contract_expired", "contract_to", end=end)


def _certificate(row: Row, values: dict[str, Any], today: date) -> None:
    number = values.get("id_number")
    for key in ("obtained_on", "registered_on"):
        day = values.get(key)
        if day is not None and day > today:
            row.error("date_future", key, today=today)
        elif day is not None and number is not None and day <= number.birth:
            row.error("before_birth", key, birth=number.birth)
    _order(row, "obtained_on", "registered_on")
    if "level" not in values and not row.is_wrong("level"):
        filled = next((key for key in ("number", "obtained_on", "registered_on") if key in values), None)
        if filled:
            row.error("certificate_level_missing", "level")


def _place(row: Row, values: dict[str, Any], place: Place) -> None:
    """A closed community takes no post beyond its end; that new posts are in no village is judged by `comparing`."""
    last = last_day_of(values)
    if place.valid_to is not None and (last is None or last >= place.valid_to):
        key = "code" if "code" in values else "community"
        row.error("community_closed", key, official=place.label, closed=place.valid_to)


def contract_of(values: dict[str, Any]) -> tuple | None:
    """The contract a row tells of: kind, party, first day, last day; None where it tells of none."""
    get = values.get
    kind = get("contract_kind")
    return None if kind in (None, NO_CONTRACT) else (kind, get("party"), get("contract_from"), get("contract_to"))
