"""The world that most tests share: small enough to count by hand, with a neighbour for everybody and everything.

```
96 示例市 (municipality)   census 40,000; rule: 18 per 10,000 since 2022-09-29
└ 9601 市辖区 (formal: passed over on screens)
  ├ 960101 东区        census 30,000 (urban permanent residents, 2020)
  │ ├ 960101001 一号街道
  │ │ ├ 960101001001 春风社区   ledger 3,000 -> needs 6, has 2: short
  │ │ ├ 960101001002 夏雨社区   ledger 1,000 -> needs 2, has 2: complies
  │ │ └ 960101001200 冬岭村     a village: the rule does not apply
  │ └ 960101002 二号街道 (neighbour of 一号街道)
  │   ├ 960101002001 秋叶社区   ledger 1,500 -> needs 3, has 1: short
  │   └ 960101002002 同名社区   no population: no data
  └ 960102 西区
    └ 960102001 三号街道
      ├ 960102001001 同名社区   ledger 500, two years old -> needs 1, has 1: complies, warns
      └ 960102001002 冬雪社区   ledger 800 -> needs 2, has 0: short
97 邻省 > 9701 邻市 > 970101 邻区 > 970101001 邻街道 > 970101001001 邻社区    no rule: not in force
```
Not counted though in post: 郑专 (part-time) and 冯约 (no contract) at 春风社区, 陈村 in the village.
"""

import contextlib
import io
import pickle
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace

from django.core.management import get_commands, load_command_class
from django.core.management.base import CommandError
from django.db import connection

from portal.core.accounts.models import User
from portal.core.indicators.books import books
from portal.core.indicators.rolling import refresh
from portal.core.lib.clock import today
from portal.core.lib.codes import LENGTHS, kind_of
from portal.core.lib.text import initials
from portal.core.territory.models import Division, FiguresDay
from portal.core.territory.totals import refresh_totals
from tests import factories
from workforce.models import Person

DIVISIONS = {
    "96": "示例市",
    "9601": "市辖区",
    "960101": "东区",
    "960101001": "一号街道",
    "960101001001": "春风社区",
    "960101001002": "夏雨社区",
    "960101001200": "冬岭村",
    "960101002": "二号街道",
    "960101002001": "秋叶社区",
    "960101002002": "同名社区",
    "960102": "西区",
    "960102001": "三号街道",
    "960102001001": "同名社区",
    "960102001002": "冬雪社区",
    "97": "邻省",
    "9701": "邻市",
    "970101": "邻区",
    "970101001": "邻街道",
    "970101001001": "邻社区",
}
SPRING, SUMMER, VILLAGE = "960101001001", "960101001002", "960101001200"
AUTUMN, UNKNOWN = "960101002001", "960101002002"
SAME_NAME, SNOW, FAR = "960102001001", "960102001002", "970101001001"
STREET, NEIGHBOUR, DISTRICT, CITY = "960101001", "960101002", "960101", "96"


@dataclass(frozen=True)
class World:
    """What `build` made: divisions by code, users by role, people by name."""

    today: date
    divisions: dict[str, Division]
    users: SimpleNamespace
    people: dict[str, Person]


def build() -> World:
    """Makes the world in the database and counts it."""
    day = today()
    tree = divisions()
    factories.staffing_rule(CITY)
    _populations(day)
    people = _people()
    count(day)
    return World(today=day, divisions=tree, users=_users(), people=people)


def count(day: date) -> None:
    """What `recount` does, by the statement that changes of a few communities use: it is planned once for all tests."""
    FiguresDay.objects.update_or_create(id=1, defaults={"on": day})
    for book in books():
        if not book.offices:  # nobody in the world handles anything yet
            refresh(book, [code for code in DIVISIONS if len(code) == 12])
    refresh_totals(on=day)


def divisions() -> dict[str, Division]:
    """The divisions of the world in the database, without anybody in them."""
    urban = {code[:n] for code in DIVISIONS if len(code) == 12 and kind_of(code) == "residents" for n in LENGTHS}
    made = []
    for code, name in DIVISIONS.items():
        level = LENGTHS.index(len(code))
        label = "示例市" if name == "市辖区" else name
        made.append(
            Division(
                code=code,
                name=name,
                label=label,
                initials=initials(label),
                level=level + 1,
                kind=kind_of(code),
                formal=name == "市辖区",
                urban=code in urban,
                parent_id=code[: LENGTHS[level - 1]] if level else None,
            )
        )
    return {division.code: division for division in Division.objects.bulk_create(made)}


def _populations(day: date) -> None:
    recent = day - timedelta(days=30)
    census = {"on": date(2020, 11, 1), "basis": "urban_permanent", "source": "示例普查公报"}
    factories.population(CITY, 40_000, **census)
    factories.population(DISTRICT, 30_000, **census)
    for code, value, on in (
        (SPRING, 3000, recent),
        (SUMMER, 1000, recent),
        (AUTUMN, 1500, recent),
        (SAME_NAME, 500, day - timedelta(days=730)),
        (SNOW, 800, recent),
        (FAR, 1000, recent),
    ):
        factories.population(code, value, on, households=value // 3)


def _people() -> dict[str, Person]:
    made = {}
    head = made["赵春"] = factories.person("赵春", number=factories.numbered(0))
    factories.contract(head)
    factories.certificate(head, "social_worker")
    chair = {"tier": 1, "grade": 12, "entry": "elected"}
    factories.appointment(head, SPRING, body="party", title="社区党组织书记", **chair)
    factories.appointment(head, SPRING, body="committee", title="居委会主任", **chair)
    for name, code, certified, sex in (
        ("钱风", SPRING, False, "female"),
        ("孙夏", SUMMER, True, "female"),
        ("李雨", SUMMER, False, "male"),
        ("周秋", AUTUMN, True, "male"),
        ("吴同", SAME_NAME, False, "female"),
        ("王邻", FAR, True, "male"),
        ("陈村", VILLAGE, False, "male"),
    ):
        number = factories.numbered(len(made), sex)
        made[name] = factories.worker(name, code, certified=certified, sex=sex, number=number)
    made["郑专"] = factories.person("郑专", sex="female", number=factories.numbered(len(made), "female"))
    factories.contract(made["郑专"])
    factories.appointment(made["郑专"], SPRING, full_time=False)
    made["冯约"] = factories.person("冯约", number=factories.numbered(len(made)))
    factories.appointment(made["冯约"], SPRING)
    return made


def _users() -> SimpleNamespace:
    def made(username: str, role: str, code: str) -> User:
        return factories.user(username, (role, code), division=code)

    return SimpleNamespace(
        city=made("city", "city", CITY),
        district=made("district", "district", DISTRICT),
        street=made("street", "street", STREET),
        neighbour=made("neighbour", "street", NEIGHBOUR),
        community=made("community", "community", SPRING),
        handler=made("handler", "handler", DISTRICT),
        auditor=made("auditor", "auditor", CITY),
        system_admin=made("system_admin", "system_admin", ""),
        security_admin=made("security_admin", "security_admin", ""),
        outsider=made("outsider", "city", "97"),
        nobody=factories.user("nobody"),
    )


def run_command(name: str, *arguments: str) -> SimpleNamespace:
    """Runs a management command as the shell would: exit code, standard output, standard error."""
    out, err = io.StringIO(), io.StringIO()
    command = load_command_class(get_commands()[name], name)
    command._called_from_command_line = True
    code = 0
    try:
        with contextlib.redirect_stderr(err):
            options = vars(command.create_parser("manage.py", name).parse_args(arguments))
        positional = options.pop("args", ())
        command.execute(*positional, **{**options, "stdout": out, "stderr": err, "skip_checks": True})
    except CommandError as error:
        code = error.returncode
        err.write(f"{error}\n")
    except SystemExit as error:
        code = int(error.code or 0)
    return SimpleNamespace(code=code, out=out.getvalue(), err=err.getvalue())


# Tables that the world fills, those that others point to first. What their triggers write comes by itself.
_TABLES = (
    "core_division",
    "core_user",
    "core_grant",
    "core_policyrule",
    "core_population",
    "core_populationtotal",
    "core_figuresday",
    "workforce_person",
    "workforce_appointment",
    "workforce_contract",
    "workforce_certificate",
    "workforce_tally",
    "workforce_allotmenttally",
    "ratings_tally",
)


def again() -> World:
    """The world by the rows that building it left the first time, which takes a fraction of the time."""
    kept = _kept.get(today())
    if kept is None:
        built = build()
        _kept[today()] = _rows(), pickle.dumps(built)
        return built
    sql, built = kept
    with connection.cursor() as cursor:
        cursor.execute(sql)
    return pickle.loads(built)


_kept: dict[date, tuple[str, bytes]] = {}


def _rows() -> str:
    """SQL that enters the rows of `_TABLES` as they stand."""
    with connection.cursor() as cursor:
        return ";\n".join(_entered(cursor, table) for table in _TABLES)


def _entered(cursor, table: str) -> str:
    cursor.execute(f"SELECT string_agg(quote_literal(t::text), ', ') FROM {table} t")
    return f"INSERT INTO {table} SELECT * FROM unnest(ARRAY[{cursor.fetchone()[0]}]::{table}[])"
