"""Single valid objects for tests. People are invented: their ID numbers begin with 999999, which no place has."""

import itertools
from datetime import date

from django.utils import timezone

from portal.core.accounts.models import Grant, User
from portal.core.lib import text
from portal.core.lib.clock import today
from portal.core.lib.dated import ONE_DAY, add_years
from portal.core.lib.fields import index_of
from portal.core.lib.identity import synthetic
from portal.core.policy.models import PolicyRule
from portal.core.territory.models import Division, Population
from ratings.models import (
    AccessApplication,
    Deliberation,
    Facility,
    Feature,
    ItemRefusal,
    ListItem,
    Need,
    PointRule,
    Premises,
    Project,
    ProjectNeed,
    ServiceRequest,
    Shift,
    Visit,
)
from workforce.models import (
    Appointment,
    Assessment,
    AssessmentScheme,
    Certificate,
    ContinuingEducation,
    Contract,
    Enrolment,
    Establishment,
    GradeRecord,
    Grid,
    GridPost,
    Person,
    PostApplication,
    QuotaException,
    Registration,
    ReviewCase,
    SpecialStatus,
    Term,
    TrainingClass,
    Transfer,
)

STARTED = date(2024, 1, 1)
BORN = date(1990, 1, 1)
PASSWORD = "Correct-Horse-42-Battery"
WORLDLY = 20
"""How many ID numbers of each sex and birth date are kept for the people of the world."""
_numbers = itertools.count(1)


def id_number(sex: str = "male", birth: date = BORN) -> str:
    """A fresh invented ID number of that sex and birth date; 479 of each before they repeat."""
    return numbered(WORLDLY + next(_numbers) % (499 - WORLDLY), sex, birth)


def numbered(number: int, sex: str = "male", birth: date = BORN) -> str:
    """One of the 499 invented ID numbers of that sex and birth date."""
    return synthetic(birth, 2 * number + 1 if sex == "male" else 2 * number + 2)


def person(name: str = "甲一", *, number: str = "", sex: str = "male", birth: date = BORN, **fields) -> Person:
    """A person without posts, hired on 2024-01-01."""
    number = number or id_number(sex, birth)
    return Person.objects.create(
        name=name,
        name_pinyin=text.pinyin_key(name),
        name_initials=text.name_initials(name),
        id_number=number,
        id_number_index=index_of(number),
        sex=sex,
        birth_date=birth,
        **{"hired_on": STARTED, "phone": "10000000001", **fields},
    )


def contract(of: Person, **fields) -> Contract:
    """An open labour contract from 2024-01-01."""
    return Contract.objects.create(
        person=of, **{"kind": "labour", "party": "一号街道办事处", "valid_from": STARTED, **fields}
    )


def certificate(of: Person, level: str = "assistant", obtained_on: date = STARTED) -> Certificate:
    """A certificate obtained on 2024-01-01."""
    return Certificate.objects.create(person=of, level=level, number=f"T{of.pk.hex[:10]}", obtained_on=obtained_on)


def appointment(of: Person, division: Division | str, **fields) -> Appointment:
    """An open full-time post at the work station from 2024-01-01."""
    defaults = {"body": "station", "title": "工作人员", "tier": 3, "grade": 5, "entry": "hired", "valid_from": STARTED}
    return Appointment.objects.create(
        person=of, division_id=str(getattr(division, "pk", division)), **(defaults | fields)
    )


def worker(name: str, division: Division | str, *, certified: bool = False, **fields) -> Person:
    """A person who counts for the staffing ratio of `division`: post and labour contract, on request a certificate."""
    made = person(name, **fields)
    contract(made)
    appointment(made, division)
    if certified:
        certificate(made)
    return made


def user(username: str, *grants: tuple[str, str], division: str = "", **fields) -> User:
    """An account with `grants` of (role, division code or '' for the whole country), whose password is PASSWORD."""
    account = User(username=username, division_id=division or None, **{"name": username, **fields})
    account.set_password(PASSWORD)
    account.save()
    Grant.objects.bulk_create(
        Grant(user=account, role=role, division_id=code or None, granted_by="test") for role, code in grants
    )
    return account


def population(division: str, value: int, on: date, basis: str = "ledger", **fields) -> Population:
    """A population of a division; the caller refreshes the totals (or recounts) afterwards."""
    return Population.objects.create(
        division_id=division, on=on, basis=basis, value=value, **{"source": "示例台账", **fields}
    )


def staffing_rule(division: str = "", heads: int = 18, since: date = date(2022, 9, 29), **fields) -> PolicyRule:
    """`heads` per 10,000 residents in a division ('' = the whole country)."""
    return PolicyRule.objects.create(
        kind="staffing.per_population",
        division_id=division or None,
        valid_from=since,
        value={"heads": heads, "per": 10_000},
        document="示例文件〔2022〕1号",
        article="第一条",
        entered_by="test",
        **fields,
    )


def rule(kind: str, value: dict, division: str = "", since: date = date(2018, 1, 1), **fields) -> PolicyRule:
    """A rule of any kind from 2018-01-01 in a division ('' = the whole country)."""
    source = {"document": "示例文件〔2018〕1号", "article": "第一条", "entered_by": "test"}
    return PolicyRule.objects.create(
        kind=kind, value=value, division_id=division or None, valid_from=since, **(source | fields)
    )


def status(of: Person, kind: str = "maternity", **fields) -> SpecialStatus:
    """An open special status from 2024-01-01."""
    return SpecialStatus.objects.create(person=of, kind=kind, **{"valid_from": STARTED, **fields})


def registration(of: Certificate, registered_on: date = STARTED, **fields) -> Registration:
    """A registration of three years from 2024-01-01."""
    ends = {"valid_to": add_years(registered_on, 3) + ONE_DAY}
    return Registration.objects.create(certificate=of, person=of.person, registered_on=registered_on, **(ends | fields))


def hours(of: Person, number: str = "24", done_on: date = STARTED, **fields) -> ContinuingEducation:
    """A course of 24 hours of continuing education on 2024-01-01."""
    return ContinuingEducation.objects.create(
        person=of, hours=number, done_on=done_on, **{"title": "示例课程", **fields}
    )


def term(division: Division | str, body: str = "committee", **fields) -> Term:
    """A term of five years from 2024-01-01."""
    period = {"elected_on": STARTED, "valid_from": STARTED, "valid_to": add_years(STARTED, 5)}
    form = {"form": "branch"} if body == "party" else {}
    return Term.objects.create(
        division_id=str(getattr(division, "pk", division)), body=body, **(period | form | fields)
    )


def establishment(division: Division | str, worker_class: str = "staff", posts: int = 2, **fields) -> Establishment:
    """Approved positions from 2024-01-01 on."""
    return Establishment.objects.create(
        division_id=str(getattr(division, "pk", division)),
        worker_class=worker_class,
        posts=posts,
        **{"valid_from": STARTED, "document": "示例核定〔2024〕1号", **fields},
    )


def grid(division: Division | str, name: str = "第一网格", **fields) -> Grid:
    """A grid of 400 households from 2024-01-01 on."""
    return Grid.objects.create(
        division_id=str(getattr(division, "pk", division)),
        name=name,
        **{"valid_from": STARTED, "households": 400, "micro_grids": 5, **fields},
    )


def grid_post(of: Person, grid: Grid, role: str = "full_time", **fields) -> GridPost:
    """An open post in a grid's team from 2024-01-01."""
    return GridPost.objects.create(
        person=of, grid=grid, division_id=grid.division_id, role=role, **{"valid_from": STARTED, **fields}
    )


def training_class(division: Division | str, starts_on: date, **fields) -> TrainingClass:
    """A rotation class of one day and eight hours, held by a district."""
    given = {"level": "district", "kind": "rotation", "title": "示例轮训", "organiser": "示例局", "hours": 8}
    return TrainingClass.objects.create(
        division_id=str(getattr(division, "pk", division)),
        starts_on=starts_on,
        **{**given, "ends_on": starts_on, **fields},
    )


def enrolment(held: TrainingClass, of: Person, division: Division | str, attended: bool | None = True) -> Enrolment:
    """A person in a class; came unless told otherwise."""
    return Enrolment.objects.create(
        training_class=held, person=of, division_id=str(getattr(division, "pk", division)), attended=attended
    )


def exception(of: Appointment, reason: str = "示例安置") -> QuotaException:
    """An appointment beyond the quota, allowed."""
    return QuotaException.objects.create(appointment=of, division_id=of.division_id, reason=reason, approved_by="test")


def application(division: Division | str, posts: int = 2, **fields) -> PostApplication:
    """An application for positions of community staff that awaits a decision."""
    given = {"worker_class": "staff", "starts_on": STARTED, "reason": "新建小区入住", "applied_by": "street"}
    return PostApplication.objects.create(
        division_id=str(getattr(division, "pk", division)), posts=posts, **(given | fields)
    )


def grade(of: Person, number: int = 5, **fields) -> GradeRecord:
    """A grade of the tier of staff from 2024-01-01 on."""
    given = {"tier": 3, "valid_from": STARTED, "reason": "entry", "evidence": "示例定级〔2024〕1号"}
    return GradeRecord.objects.create(person=of, grade=number, **(given | fields))


def assessment(of: Person, division: Division | str, year: int = 2025, state: str = "closed", **fields) -> Assessment:
    """A result of 88.50 under a scheme of the community's district, which is archived unless told otherwise."""
    code = str(getattr(division, "pk", division))
    scheme, _made = AssessmentScheme.objects.get_or_create(
        division_id=code[:6], year=year, name="年度考核", defaults={"indicators": [], "bands": [], "state": state}
    )
    given = {"community": "88.50", "total": "88.50", "grade": "qualified"}
    return Assessment.objects.create(scheme=scheme, person=of, division_id=code, **(given | fields))


def transfer(of: Person, left: str, to: str, **fields) -> Transfer:
    """A move that the receiving side proposed and the giving side has to answer."""
    post = {"body": "station", "title": "工作人员", "tier": 3, "grade": 5, "entry": "hired", "name": of.name}
    post |= {"full_time": True, "managed": True, "grid_worker": False}
    given = {"effective_on": date(2026, 12, 1), "post": post, "proposed_by": "test", "to_agreed_by": "test"}
    return Transfer.objects.create(
        person=of, from_division_id=left, to_division_id=to, **({**given, "to_agreed_at": timezone.now()} | fields)
    )


def review_case(of: Person, division: Division | str, **fields) -> ReviewCase:
    """A case about a certificate not obtained by 2026-01-01, whose first step is due."""
    day = date(2026, 1, 1)
    given = {"kind": "certificate_deadline", "due_on": day, "route": "employer", "opened_on": day, "state_since": day}
    return ReviewCase.objects.create(person=of, division_id=str(getattr(division, "pk", division)), **(given | fields))


def premises(division: Division | str, label: str = "1号楼101", kind: str = "household", **fields) -> Premises:
    """A household from 2024-01-01 on."""
    code = str(getattr(division, "pk", division))
    return Premises.objects.create(division_id=code, kind=kind, label=label, **{"valid_from": STARTED, **fields})


def visit(of: Premises, visited_on: date | None = None, outcome: str = "met", **fields) -> Visit:
    """A visit of today that met somebody."""
    return Visit.objects.create(
        premises=of, division_id=of.division_id, visited_on=visited_on or today(), outcome=outcome, **fields
    )


def service_request(division: Division | str, kind: str = "appeal", **fields) -> ServiceRequest:
    """An appeal of 2026-01-05, open, to answer by 2026-01-19."""
    given = {"channel": "visit", "title": "楼道灯不亮", "received_on": date(2026, 1, 5), "due_on": date(2026, 1, 19)}
    return ServiceRequest.objects.create(
        division_id=str(getattr(division, "pk", division)), kind=kind, **(given | fields)
    )


def shift(of: Person, division: Division | str, on: date, work: str = "duty", hours: str = "8", **fields) -> Shift:
    """A day of eight hours at the window."""
    code = str(getattr(division, "pk", division))
    return Shift.objects.create(person=of, division_id=code, on=on, work=work, hours=hours, **fields)


def _at(division: Division | str) -> dict:
    return {"division_id": division if isinstance(division, str) else division.pk}


def need(division: Division | str, title: str = "增设充电桩", found_on: date = STARTED, **fields) -> Need:
    return Need.objects.create(**_at(division), title=title, channel="visit", found_on=found_on, **fields)


def project(division: Division | str, *needs: Need, **fields) -> Project:
    """A proposed project for the needs; for one of its own where none are given."""
    given = {"name": "充电桩项目", "proposed_on": STARTED, **fields}
    made = Project.objects.create(**_at(division), **given)
    for one in needs or (need(division),):
        ProjectNeed.objects.create(project=made, need=one)
    return made


def facility(division: Division | str, name: str = "党群服务中心", area: str = "408", **fields) -> Facility:
    given = {"kind": "centre", "valid_from": STARTED, **fields}
    return Facility.objects.create(**_at(division), name=name, area=area, **given)


def feature(division: Division | str, kind: str = "mediation", since: date = STARTED, **fields) -> Feature:
    """An item of the checklist; one after the other where a community has the kind already."""
    held = Feature.objects.filter(**_at(division), kind=kind, valid_to=None)
    held.update(valid_to=since)
    return Feature.objects.create(**_at(division), kind=kind, valid_from=since, **fields)


def deliberation(
    division: Division | str, topic: str = "楼道堆物", planned_on: date = STARTED, **fields
) -> Deliberation:
    given = {"level": "small", **fields}
    return Deliberation.objects.create(**_at(division), topic=topic, planned_on=planned_on, **given)


def point_rule(division: Division | str, behaviour: str = "志愿服务一次", points: int = 5, **fields) -> PointRule:
    given = {"valid_from": STARTED, "redemption": False, **fields}
    return PointRule.objects.create(**_at(division), behaviour=behaviour, points=points, **given)


def list_item(division: Division | str, title: str = "代发通知", kind: str = "assist", **fields) -> ListItem:
    given = {"valid_from": STARTED, **fields}
    return ListItem.objects.create(**_at(division), title=title, list=kind, **given)


def access_application(division: Division | str, by: User, title: str = "代办登记", **fields) -> AccessApplication:
    given = {
        "department": "示例局", "basis": "示例办法", "reason": "示例", "applied_on": STARTED, "starts_on": STARTED,
        "due_on": STARTED, **fields,
    }  # fmt: skip
    return AccessApplication.objects.create(**_at(division), title=title, entered_by=by, **given)


def refusal(division: Division | str, by: User, title: str = "清单外事项", **fields) -> ItemRefusal:
    given = {"department": "示例局", "asked_on": STARTED, "reason": "未列入清单", "refused_on": STARTED, **fields}
    return ItemRefusal.objects.create(**_at(division), title=title, entered_by=by, **given)
