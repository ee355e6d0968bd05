"""The two committees of a city after its elections, as numerous as in the table of domain §1.M; the people are invented.

1,004 members of Party organisations and 1,341 of residents' committees in 202 communities, 704 of them in both: 1,641
people. 1,360 women, 802 of 35 years and under, 1,446 with college or above; 202 secretaries who all chair their
committee, 169 of them women, 194 with college or above.
"""

from datetime import date

from portal.core.lib.codes import LENGTHS, kind_of
from portal.core.lib.fields import index_of
from portal.core.lib.text import initials, name_initials, pinyin_key
from portal.core.territory.models import Division
from workforce.models import Appointment, Person

CITY, COUNTY = "2113", "211302"
STREETS = ("211302001", "211302002")
ELECTED, COUNTED = date(2020, 12, 4), date(2021, 3, 27)
COMMUNITIES = tuple(f"{street}{number:03}" for street in STREETS for number in range(1, 102))
BOTH, PARTY_ONLY, COMMITTEE_ONLY = 704, 300, 637
TOTAL = BOTH + PARTY_ONLY + COMMITTEE_ONLY
SECRETARIES = len(COMMUNITIES)
NAMES = {"21": "辽宁省", CITY: "朝阳市", COUNTY: "双塔区", STREETS[0]: "甲街道", STREETS[1]: "乙街道"}


def build() -> None:
    """Divisions, people and their seats; nothing is counted yet."""
    _divisions()
    people = Person.objects.bulk_create(_person(number) for number in range(TOTAL))
    Appointment.objects.bulk_create(seat for number, person in enumerate(people) for seat in _seats(number, person))


def _divisions() -> None:
    names = NAMES | {code: f"第{number}社区" for number, code in enumerate(COMMUNITIES, 1)}
    Division.objects.bulk_create(
        Division(
            code=code,
            name=name,
            label=name,
            initials=initials(name),
            level=LENGTHS.index(len(code)) + 1,
            kind=kind_of(code),
            urban=True,
            parent_id=next((code[:n] for n in reversed(LENGTHS) if n < len(code)), None),
        )
        for code, name in names.items()
    )


def _age(number: int) -> int:
    """Completed years on the day of the count: 802 people are 30; the secretaries are 40.1 on average, all 37.4."""
    if number < SECRETARIES:
        return 30 if number < 56 else 44
    young = 802 - 56
    if number < SECRETARIES + young:
        return 30
    return 45 if number < SECRETARIES + young + 395 else 44


def _person(number: int) -> Person:
    secretary = number < SECRETARIES
    woman = number < 169 if secretary else number < SECRETARIES + 1360 - 169
    college = number < 194 if secretary else number < SECRETARIES + 1446 - 194
    name, identity = f"示例{number:04}", f"invented {number}"
    return Person(
        name=name,
        name_pinyin=pinyin_key(name),
        name_initials=name_initials(name),
        id_number=identity,
        id_number_index=index_of(identity),
        sex="female" if woman else "male",
        birth_date=date(COUNTED.year - _age(number), 1, 1),
        education="大专" if college else "高中",
        hired_on=ELECTED,
    )


def _seats(number: int, person: Person) -> list[Appointment]:
    """The seats of a person, all in one community; the first of every community is its secretary and chair."""
    first = number < SECRETARIES
    bodies = ["party", "committee"] if number < BOTH else ["party"] if number < BOTH + PARTY_ONLY else ["committee"]
    return [
        Appointment(
            person=person,
            division_id=COMMUNITIES[number % SECRETARIES],
            body=body,
            title="书记" if first and body == "party" else "主任" if first else "委员",
            tier=1 if first else 3,
            entry="elected",
            valid_from=ELECTED,
        )
        for body in bodies
    ]
