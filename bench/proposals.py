"""Board, lists and search over 100,000 proposals, each with a signer, a part of a unit and a last day.

`python bench/proposals.py` uses a database of its own in a temporary folder. Bars are those of the roster's list: a median of
100 ms (REST 80 ms), or where the machine is busy 4 times the same page with nothing on it, read in turn; 12 queries (REST 8).
Then 8 clients at a time read the board and the list from the portal's own server (`load.py`, which tells those bars).
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

CASES, ROUNDS = 100_000, 11
PAGE, REST, RATIO = (0.100, 12), (0.080, 8), 4.0
PLACES = ("96", "960101", "960102")
UNITS_EACH = 12
STATES = ("handling",) * 14 + ("closed",) * 3 + ("archived",) * 3
STAGES = ("handling", "office_check", "signature", "sent", "publication")
TABLES = "proposals_proposal, proposals_proposer, proposals_handling, proposals_deadline"
TOGETHER = [
    *((who, f"/proposals/{page}") for who in ("city", "district") for page in ("board/", "")),
    ("city", "/proposals/?q=老年助餐"),
    ("nobody", "/proposals/board/"),
]
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def fill(day: date) -> None:
    """Sessions and units of three places, and the cases shared out among them."""
    from django.db import connection, transaction  # noqa: PLC0415 - after the set-up

    from portal.core.lib.bulk import insert_rows  # noqa: PLC0415
    from proposals.models import Deadline, Handling, Proposal, Proposer  # noqa: PLC0415

    made = list(_cases(day))
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES.split(", "):  # the history of rows that nobody made is left out
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'proposal_search'")
        (words,) = cursor.fetchone()
        cursor.execute("DROP INDEX proposal_search")  # made at the end it takes a tenth of the time
        insert_rows(Proposal, made[0][0].keys(), (one.values() for one, *_rest in made))
        keys = list(Proposal.objects.order_by("pk").values_list("pk", flat=True))
        signers = ("proposal_id", "position", "name")
        insert_rows(Proposer, signers, ((key, 1, f"甲{key}") for key in keys))
        parts = list(zip(keys, (rest for _one, *rest in made), strict=True))
        columns = ("proposal_id", *made[0][1])
        insert_rows(Handling, columns, ((key, *part.values()) for key, (part, _due) in parts))
        stored = dict(Handling.objects.values_list("proposal_id", "pk"))
        columns = ("handling_id", *made[0][2])
        insert_rows(Deadline, columns, ((stored[key], *due.values()) for key, (_part, due) in parts))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES.split(", "):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute(words)
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {TABLES}")


def _cases(day: date) -> Iterator[tuple[dict, dict, dict]]:
    """A proposal, its part and its last day, a hundred thousand times; the same each time."""
    from portal.core.accounts.models import User  # noqa: PLC0415
    from portal.demo.proposal_words import text_of, titles  # noqa: PLC0415
    from proposals.models import HandlingUnit, Session  # noqa: PLC0415
    from proposals.queries.cases import search_text  # noqa: PLC0415

    random, by = Random("bench"), User.objects.get(username="bench").pk
    opened = date(day.year - 1, 1, 10)
    sessions = {
        code: Session.objects.create(
            division_id=code, place_name="示例政协", term=14, meeting=5, opened_on=opened, closed_on=opened
        ).pk
        for code in PLACES
    }
    units = {code: list(HandlingUnit.objects.filter(division=code).values_list("pk", flat=True)) for code in PLACES}
    known = [(title, text_of(topic, title), topic.field) for title, topic in titles("提案", 500, random)]
    terms = {title: " ".join(search_text("", title, text).split()) for title, text, _field in known}
    for number in range(CASES):
        code, (title, text, field) = PLACES[number % 3], known[number % 500]
        assigned, state = day - timedelta(days=random.randint(5, 300)), STATES[number % len(STATES)]
        due = assigned + timedelta(days=random.randint(30, 400))
        running = state == "handling"
        proposal = {
            "session_id": sessions[code], "division_id": code, "number": f"{number:06}", "title": title, "text": text,
            "proposer_type": "member", "proposers_count": 1, "first_signer_forwards": False, "between_sessions": False,
            "key": number % 20 == 0, "field": field, "received_on": opened, "state": state, "ground": "",
            "ground_words": "", "filed_on": opened, "assigned_on": assigned, "source_key": "", "entered_by_id": by,
            "entered_at": day, "search": f"{terms[title]} {number:06}", "version": 1,
        }  # fmt: skip
        part = {
            "division_id": code, "unit_id": random.choice(units[code]), "role": "lead",
            "stage": STAGES[number % 5] if running else "archived", "round": 1, "assigned_on": assigned,
            "assigned_by_id": by, "section": "", "officer": "", "return_reason": "", "return_refusal": "", "result": "",
            "due_on": due if running else None, "due_kind": "reply" if running else "", "suspended": False,
            "reminders": 0, "version": 1,
        }  # fmt: skip
        last = {
            "division_id": code, "kind": "reply", "round": 1, "starts_on": assigned, "months": 3, "fixed": False,
            "added_days": 0, "rolling": "next_workday", "unrolled_on": due, "due_on": due, "provisional": False,
            "rule": "", "met_on": None if running else due, "dropped": False,
        }  # fmt: skip
        yield proposal, part, last


def readers() -> dict[str, object]:
    """A browser of the city, of a district, and of one department of it; and a program of the city."""
    from django.test import Client  # noqa: PLC0415

    from portal.core.accounts.roles import Scope  # noqa: PLC0415
    from portal.core.accounts.tokens import create_token  # noqa: PLC0415
    from proposals.models import HandlingUnit, Seat  # noqa: PLC0415
    from tests import factories  # noqa: PLC0415

    users = {
        "city": factories.user("bench", ("city", "96")),
        "district": factories.user("district", ("district", "960101"), division="960101"),
        "nobody": factories.user("nobody", ("city", "97"), division="97"),
        "department": factories.user("handler", ("handler", "960101"), division="960101"),
    }
    for code in PLACES:
        for place in range(UNITS_EACH):
            name = f"{code}第{place}局"
            HandlingUnit.objects.create(division_id=code, name=name, short=name, heading=name, word=f"第{place}函")
    Seat.objects.create(unit=HandlingUnit.objects.filter(division="960101").first(), user=users["department"])
    found = {}
    for name, user in users.items():
        found[name] = Client()
        found[name].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for name, by in (("token", users["city"]), ("nobody's program", users["nobody"])):
        _token, secret = create_token(user=by, name="bench", scopes=[Scope.PROPOSALS_READ], days=1, by=by)
        found[name] = Client(headers={"authorization": f"Bearer {secret}"})
    return found


def measured(client, nobody, address: str) -> tuple[float, float, int]:
    """The median seconds of a page, those of the same page with nothing on it, in turn; and the statements of one answer."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    def get(reader) -> float:
        began = time.perf_counter()
        answer = reader.get(address, secure=True)
        assert answer.status_code == 200, (address, answer.status_code)
        return time.perf_counter() - began

    get(client), get(nobody)
    with CaptureQueriesContext(connection) as captured:
        get(client)
    statements = len(captured)
    rounds = [(get(client), get(nobody)) for _round in range(ROUNDS)]
    full, empty = (statistics.median(column) for column in zip(*rounds, strict=True))
    return full, empty, statements


def addresses() -> list[tuple[str, str, tuple[float, int]]]:
    """Who reads which page, and its bars."""
    found = [(who, f"/proposals/{page}", PAGE) for who in ("city", "district", "department") for page in ("", "board/")]
    found += [
        ("city", "/proposals/?page=200", PAGE),
        ("city", "/proposals/?state=closed", PAGE),
        ("city", "/proposals/board/?light=red&stage=signature", PAGE),
        ("city", "/proposals/board/?page=200", PAGE),
        ("city", "/proposals/?q=老年助餐", PAGE),
        ("city", "/proposals/?q=099998", PAGE),
        ("district", "/proposals/?q=社区工作者 新建居住区", PAGE),
        ("token", "/api/v1/proposals/?state=handling", REST),
    ]
    return found


def together(clients: dict) -> list[bool]:
    """Whether each page that several clients read at a time keeps its bars, loosely."""
    from django.conf import settings  # noqa: PLC0415
    from load import report, served  # noqa: PLC0415

    key = settings.SESSION_COOKIE_NAME
    with served() as port:
        return [report(port, who, page, f"{key}={clients[who].cookies[key].value}") for who, page in TOGETHER]


def main() -> int:
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)
    from portal.core.lib.clock import today  # noqa: PLC0415
    from tests import world  # noqa: PLC0415

    world.divisions()
    clients, began = readers(), time.perf_counter()
    fill(today())
    print(f"{CASES:,} cases entered in {time.perf_counter() - began:.0f} s")
    missed = False
    for who, address, (seconds, queries) in addresses():
        nobody = clients["nobody's program" if who == "token" else "nobody"]
        spent, empty, statements = measured(clients[who], nobody, address)
        quick, fair = spent <= seconds, spent <= RATIO * empty
        held = (quick or fair) and statements <= queries
        missed |= not held
        verdict = "MISSED" if not held else "" if quick else "by the ratio alone"
        print(
            f"{who:<11}{address:<46}{spent * 1000:6.0f} ms (bar {seconds * 1000:.0f}), {spent / empty:4.1f} x the empty page "
            f"(bar {RATIO:.0f}), {statements:2} queries (bar {queries})  {verdict}"
        )
    missed |= not all(together(clients))
    print("MISSES a bar" if missed else "within the bars")
    return 1 if missed else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "portal.settings"}
        os.environ.pop("DATABASE_URL", None)
        from portal import embedded

        with embedded.running(Path(folder)):
            sys.exit(main())
