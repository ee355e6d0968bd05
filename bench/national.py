"""The country (665,276 divisions, 4.34 million workers) against one city of 61,787 workers, as ratios of one run.

`python bench/national.py` fills two databases with `make_national` and runs every check on them, each with a PostgreSQL
of its own, under BENCH_DIR (default .data/bench; kept and only migrated by the next run, so that only the first takes its
twenty minutes). Two processes take turns, one per database; every figure is the median of its rounds. `python
bench/national.py read` measures only what readers wait for, `night` only what runs at night. Bars: `docs/bench.md`. Ends
with exit code 1 where one is missed.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("BENCH_DIR", ROOT / ".data" / "bench"))
COUNTRY, CITY = "country", "city"
FILLED = {
    COUNTRY: ["--workers-per-community", "7"],
    CITY: ["--workers-per-community", "11", "--under", "12"],
}
STREET, DISTRICT, PROVINCE, WHOLE = "120101001", "120101", "12", "000000"
LISTS = ("/roster/", "/findings/", f"/divisions/{PROVINCE}/", f"/divisions/{WHOLE}/")
STREET_PAGES = ("/", "/roster/", "/roster/contracts/", "/roster/certificates/", "/training/rotation/", "/findings/")
ROUNDS, REPEATS, NIGHTS = (
    int(os.environ.get(name, usual)) for name, usual in (("ROUNDS", 5), ("REPEATS", 15), ("NIGHTS", 3))
)
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import flat_rows  # noqa: E402


def median_of(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median seconds of one call, after one that warms up."""
    work()
    spent = []
    for _repeat in range(repeats):
        began = time.perf_counter()
        work()
        spent.append(time.perf_counter() - began)
    return statistics.median(spent)


class Measures:
    """What one process measures on its database. Everything goes through the same doors as a reader's call."""

    def __init__(self) -> None:
        from django.test import Client  # noqa: PLC0415 - after the set-up

        from portal.core.accounts.models import Grant, User  # noqa: PLC0415
        from portal.core.accounts.roles import Role  # noqa: PLC0415
        from portal.core.lib.clock import today  # noqa: PLC0415

        self.on = today()
        clients = []
        for name, role, code in (
            ("bench", Role.CITY, None),
            ("bench-city", Role.CITY, PROVINCE),
            ("bench-street", Role.STREET, STREET),
        ):
            User.objects.get_or_create(username=name, defaults={"name": name})
            user = User.objects.get(username=name)
            Grant.objects.get_or_create(user=user, role=role, division_id=code)
            clients.append(Client())
            clients[-1].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        self.user = User.objects.get(username="bench")
        self.client, self.city, self.street = clients

    def get(self, address: str, client=None) -> Callable[[], object]:
        def work() -> None:
            answer = (client or self.client).get(address, secure=True)
            assert answer.status_code == 200, (address, answer.status_code)

        return work

    def pages_of_a_street(self) -> None:
        for address in STREET_PAGES:
            self.get(address, self.street)()

    def queries(self, address: str) -> int:
        """How many statements an answer takes."""
        from django.db import connection  # noqa: PLC0415
        from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

        work = self.get(address)
        work()
        with CaptureQueriesContext(connection) as captured:
            work()
        return len(captured)

    def figures(self, **chosen) -> Callable[[], object]:
        from portal.core.indicators.values import FigureQuery  # noqa: PLC0415
        from portal.core.territory.chosen import Chosen  # noqa: PLC0415
        from portal.registry import INDICATORS  # noqa: PLC0415

        query = FigureQuery(tuple(INDICATORS.values()), Chosen(("",), self.on, **chosen))
        return lambda: [figure.numerator for line in query.lines() for figure in line.figures.values()]

    def named(self, q: str) -> Callable[[], object]:
        from workforce.queries.people import posts_listed, with_details  # noqa: PLC0415

        return lambda: list(with_details(posts_listed(self.user, under=DISTRICT, on=self.on, q=q))[:50])

    def quick(self) -> dict[str, float]:
        """Seconds of what readers wait for."""
        found = {
            "figures of a district": self.figures(under=DISTRICT, codes=(DISTRICT,)),
            "figures of the country": self.figures(codes=(WHOLE,)),
            "figures of all provinces": self.figures(level=1),
            "figures of all counties": self.figures(level=3),
            "roster list": self.get("/roster/"),
            "roster list of a district": self.get(f"/roster/?place={DISTRICT}"),
            "pages of a street": self.pages_of_a_street,
            "inbox": self.get("/findings/"),
            "inbox of a city": self.get("/findings/", self.city),
            "dashboard": self.get(f"/divisions/{PROVINCE}/"),
            "dashboard of the country": self.get(f"/divisions/{WHOLE}/"),
            "dashboard of a district": self.get(f"/divisions/{DISTRICT}/"),
            "name in a district": self.named("王安"),
            "initials in a district": self.named("wa"),
        }
        return {name: median_of(work) for name, work in found.items()}

    def counted_queries(self) -> dict[str, int]:
        return {name: self.queries(name) for name in LISTS}

    def slow(self) -> dict[str, float]:
        """Seconds of what runs at night, each once a round."""
        from django.db import connection, transaction  # noqa: PLC0415

        from portal.core.findings.reconcile import reconcile  # noqa: PLC0415
        from portal.registry import INSPECTIONS  # noqa: PLC0415
        from workforce.actions.tallies import recount, take_snapshot  # noqa: PLC0415

        def timed(work: Callable[[], object], *, keep: bool = True) -> float:
            with transaction.atomic():
                began = time.perf_counter()
                work()
                spent = time.perf_counter() - began
                transaction.set_rollback(not keep)
            return spent

        def run(sql: str, parameters: dict) -> Callable[[], object]:
            def work() -> None:
                with connection.cursor() as cursor:
                    cursor.execute(sql, parameters)
                    cursor.fetchall()

            return work

        with transaction.atomic():
            statements = flat_rows.lay_out()
            found = {"one scan, grouped": timed(lambda: flat_rows.group(statements))}
            transaction.set_rollback(True)
        found["recount"] = timed(recount, keep=False)
        found["snapshot"] = timed(lambda: take_snapshot(self.on), keep=False)
        found["bare counts of the checks"] = sum(timed(run(*_bare(i.problems(self.on)))) for i in INSPECTIONS.values())
        checks = {
            key: timed(lambda i=i: reconcile(inspection=i, on=self.on, by=None)) for key, i in INSPECTIONS.items()
        }
        found["checks"] = sum(checks.values())
        return found | {f"check {key}": seconds for key, seconds in checks.items()}


def _bare(problems: tuple[str, dict]) -> tuple[str, dict]:
    """The SQL of a check, only counting what it finds."""
    sql, parameters = problems
    return f"SELECT count(*) FROM ({sql}) found", parameters


def serve() -> None:
    """Measures what is asked for, line by line, until the input ends."""
    import django  # noqa: PLC0415

    django.setup()
    measures = Measures()
    for asked in sys.stdin:
        print(json.dumps(getattr(measures, asked.strip())()), flush=True)


class Side:
    """A process with a database of its own."""

    def __init__(self, name: str) -> None:
        self.folder = FOLDER / name
        self.environment = os.environ | {"DATA_DIR": str(self.folder), "DJANGO_SETTINGS_MODULE": "portal.settings"}
        self.environment.pop("DATABASE_URL", None)
        self._fill(FILLED[name])
        self.process = subprocess.Popen(
            [sys.executable, __file__, "serve"],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _fill(self, arguments: list[str]) -> None:
        done = self.folder / "filled"
        manage = [sys.executable, str(ROOT / "manage.py")]
        subprocess.run([*manage, "migrate", "--verbosity", "0"], env=self.environment, check=True)
        subprocess.run([*manage, "collectstatic", "--noinput", "--verbosity", "0"], env=self.environment, check=True)
        if done.exists() and done.read_text() == " ".join(arguments):
            self._count(manage)
            return
        analysed = "from django.db import connection; connection.cursor().execute('VACUUM ANALYZE')"
        for command in (["make_national", *arguments], ["run_inspections"], ["shell", "-v", "0", "-c", analysed]):
            subprocess.run([*manage, *command], env=self.environment, check=True)
        done.write_text(" ".join(arguments))

    def _count(self, manage: list[str]) -> None:
        """Counts for today where another day, or an upgrade that brought new counters, left the tallies behind."""
        rolled = "from workforce.actions.tallies import roll_figures; print(roll_figures())"
        subprocess.run([*manage, "shell", "--verbosity", "0", "-c", rolled], env=self.environment, check=True)

    def ask(self, what: str) -> dict:
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def medians(rounds: list[dict]) -> dict[str, float]:
    return {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}


def read_bars(country: Side, city: Side) -> list[tuple]:
    """What readers wait for: (name, measured, bar, unit)."""
    rounds = [(country.ask("quick"), city.ask("quick")) for _round in range(ROUNDS)]
    c, s = (medians(list(side)) for side in zip(*rounds, strict=True))
    for name in c:
        print(f"{name:32} country {c[name] * 1000:8.1f} ms   city {s[name] * 1000:8.1f} ms")
    one = c["figures of a district"]
    return [
        ("figures of one division, country / city", one / s["figures of a district"], 1.2, "x"),
        ("figures of the country / of one division", c["figures of the country"] / one, 1.2, "x"),
        ("31 provinces / one division", c["figures of all provinces"] / one, 50, "x"),
        ("3,000 counties / one division", c["figures of all counties"] / one, 50, "x"),
        ("roster list, country / city", c["roster list"] / s["roster list"], 1.5, "x"),
        ("pages of a street, country / city", c["pages of a street"] / s["pages of a street"], 1.5, "x"),
        ("inbox of the whole country, country / city", c["inbox"] / s["inbox"], 1.5, "x"),
        ("inbox of a city, country / city", c["inbox of a city"] / s["inbox of a city"], 1.5, "x"),
        ("name in a district", c["name in a district"] * 1000, 50, "ms"),
        ("initials in a district", c["initials in a district"] * 1000, 50, "ms"),
        ("dashboard, first byte", c["dashboard"] * 1000, 150, "ms"),
        ("dashboard of the country, first byte", c["dashboard of the country"] * 1000, 150, "ms"),
        *((f"statements of {address}", number, 12, "") for address, number in country.ask("counted_queries").items()),
    ]


def night_bars(country: Side) -> list[tuple]:
    """What runs at night, of the country."""
    n = medians([country.ask("slow") for _round in range(NIGHTS)])
    for name, seconds in n.items():
        print(f"{name:32} country {seconds:8.2f} s")
    return [
        ("all checks / bare counts", n["checks"] / n["bare counts of the checks"], 3, "x"),
        ("snapshot of all divisions", n["snapshot"], 60, "s"),
        ("recount / one scan, grouped", n["recount"] / n["one scan, grouped"], 4, "x"),
    ]


def main(parts: list[str]) -> int:
    if unknown := set(parts) - {"read", "night"}:
        sys.exit(f"There is no part {', '.join(sorted(unknown))}; there are read and night.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = parts or ["read", "night"]
    sides = [Side(COUNTRY)]
    try:
        if "read" in wanted:
            sides.append(Side(CITY))
        bars = [*(read_bars(*sides) if "read" in wanted else ()), *(night_bars(sides[0]) if "night" in wanted else ())]
    finally:
        for side in sides:
            side.close()
    for name, measured, bar, unit in bars:
        print(
            f"{'ok   ' if measured <= bar else 'SHORT'} {name:44} {measured:8.2f} {unit:2} (bar {bar} {unit})".rstrip()
        )
    return 0 if all(measured <= bar for _name, measured, bar, _unit in bars) else 1


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        from portal import embedded

        with embedded.running(Path(os.environ["DATA_DIR"])):
            serve()
    else:
        sys.exit(main(sys.argv[1:]))
