"""Taking lists out: on record, limited per hour, stamped, in clear only for a reason, harmless in a spreadsheet."""

import io
import zipfile
from datetime import timedelta

import openpyxl
import pytest
import time_machine
from django.urls import reverse

from portal.core.audit.models import AuditEvent
from portal.core.findings.models import Supervision
from portal.core.indicators.publishing import publish
from portal.core.lib.clock import now
from portal.core.lib.identity import mask
from portal.core.sheets import reading
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.writing import LAST_ROW
from portal.core.territory.models import Division
from portal.pages.exports import EXPORTS
from portal.registry import INDICATORS
from tests import factories, rosters, taken
from tests import world as w
from tests.core.sheets.test_writing import DANGEROUS, PAYLOADS
from tests.ratings import rated, scheme_builders
from workforce.models import Award, Nomination, Person

CLEAR = {"reason": "年度核对", "form": "xlsx"}


@pytest.fixture
def street(world, login):
    return login(world.users.street)


def last_event() -> AuditEvent:
    return AuditEvent.objects.filter(act="list_exported").latest("id")


def clear_roster(client, form: str = "xlsx", **query) -> bytes:
    address = reverse("export_clear", args=["roster"], query=query)
    return client.post(address, {**CLEAR, "form": form}).getvalue()


# On record ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(EXPORTS))
def test_every_list_goes_on_record(world, login, key):
    user = factories.user("all", ("street", w.STREET), ("auditor", w.STREET), ("district", w.STREET))
    world.users.all = user
    scheme = factories.assessment(world.people["孙夏"], w.SUMMER).scheme
    held = factories.training_class(w.STREET, world.today)
    factories.enrolment(held, world.people["孙夏"], w.SUMMER)
    told = {"publication-people": "in_post", "publication-places": "one_shoulder_rate"}
    cycle = rated.cycle(w.STREET)
    rating = scheme_builders.scheme(w.STREET, year=2001)
    numbered = {"scores": scheme, "enrolments": held, "rating-calibration": cycle, "rating-trial": rating}
    prize = Award.objects.create(division_id=w.STREET, name="先进个人", level="district", year=2026)
    Nomination.objects.create(award=prize, person=world.people["孙夏"], division_id=w.SUMMER)
    numbered["nominations"] = prize
    pk = numbered[key].pk if key in numbered else None
    if key in told:
        street = world.divisions[w.STREET]
        pk = publish(indicator=INDICATORS[told[key]], division=street, on=world.today, title="x", by=None).pk
    named = {"figure-people": "in_post", "figure-places": "one_shoulder_rate", "indicator": "in_post"}
    query = {"pk": pk} if pk else {"key": named[key]} if key in named else {"status": "counted"}
    rows = taken.rows(login(user), key, **query)
    event = last_event()
    assert (event.actor, event.division, event.detail["list"], event.detail["form"]) == ("all", w.STREET, key, "csv")
    assert event.detail["rows"] <= len(rows)
    assert (event.detail["personal"], event.detail["clear"]) == (EXPORTS[key].personal, False)


def test_record_has_the_filters_but_no_name_that_was_searched(street, world):
    taken.rows(street, "roster", q="钱风", status="counted")
    assert last_event().detail["query"] == "q=…&status=counted"
    assert "钱风" not in str(last_event().detail)


def test_record_stands_before_the_first_row_leaves(street):
    taken.take(street, "roster")
    assert last_event().detail["rows"] == 8


# The hour -----------------------------------------------------------------------------------------------------------


def test_personal_lists_are_limited_per_hour_and_user(world, login, settings):
    settings.EXPORTS_PER_HOUR = 2
    client = login(world.users.street)
    for _time in range(2):
        taken.rows(client, "roster")
    answer = taken.take(client, "contracts")
    assert answer.status_code == 429
    assert 3500 < int(answer["Retry-After"]) <= 3601
    assert "本小时导出的次数已满" in answer.content.decode()
    assert AuditEvent.objects.filter(act="list_exported").count() == 2
    assert client.post(reverse("export_clear", args=["roster"]), CLEAR).status_code == 429
    assert len(taken.rows(client, "staffing")) > 1
    assert len(taken.rows(login(world.users.district), "roster")) > 1


def test_limit_is_over_after_an_hour(world, login, settings):
    settings.EXPORTS_PER_HOUR = 1
    taken.rows(login(world.users.street), "roster")
    assert taken.take(login(world.users.street), "roster").status_code == 429
    with time_machine.travel(now() + timedelta(minutes=61)):
        assert len(taken.rows(login(world.users.street), "roster")) == 9


# In clear -----------------------------------------------------------------------------------------------------------


def test_clear_numbers_need_a_reason(street, world):
    number = str(world.people["钱风"].id_number)
    address = reverse("export_clear", args=["roster"])
    assert number not in street.get(address).content.decode()
    for given in ({"form": "csv"}, {"form": "csv", "reason": "a"}):
        answer = street.post(address, given)
        assert answer.status_code == 422
        assert "请写明用途" in answer.content.decode()
    assert not AuditEvent.objects.filter(act="list_exported").exists()
    assert number in clear_roster(street, "csv").decode()
    event = last_event()
    assert (event.reason, event.detail["clear"], event.detail["form"]) == ("年度核对", True, "csv")


def test_masked_list_opens_no_number(street, world):
    text = str(taken.rows(street, "roster"))
    person = world.people["钱风"]
    assert mask(person.id_number) in text
    assert (str(person.id_number) in text, str(person.phone) in text) == (False, False)


# The file -----------------------------------------------------------------------------------------------------------


def test_workbook_says_who_took_it_when_and_what_for(street, world):
    content = clear_roster(street, place=w.SUMMER, status="counted")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["花名册", "导出说明"]
    notes = dict(taken.sheet(book, "导出说明"))
    assert notes["导出人"] == "street (street)"
    assert notes["范围"] == "夏雨社区"
    assert (notes["用途"], notes["行数"], notes["筛选条件"]) == ("年度核对", "2", "状态：计入配备")
    assert notes["导出时间"].startswith(world.today.isoformat())
    page = book["花名册"]
    assert page.oddHeader.left.text == "street (street)"
    assert "年度核对" in page.oddHeader.right.text
    assert (page.page_setup.orientation, page.print_title_rows) == ("landscape", "$1:$1")
    assert "年度核对" in book.properties.description


def test_name_of_a_personal_file_says_who_and_when(street, world):
    disposition = taken.take(street, "roster", place=w.SUMMER)["Content-Disposition"]
    assert f"{world.today}%20street%20{world.today:%Y%m%d}-" in disposition
    assert "street" not in taken.take(street, "staffing")["Content-Disposition"]


def test_lists_are_not_kept_by_caches(street):
    answer = taken.take(street, "roster")
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_file_of_no_known_kind_does_not_exist(street):
    for key, form in (("roster", "pdf"), ("nothing", "csv"), ("roster", "XLSX")):
        assert street.get(f"/exports/{key}.{form}").status_code == 404
    assert taken.take(street, "scores", pk="x").status_code == 404
    assert taken.take(street, "enrolments", pk="9" * 30).status_code == 404


def test_list_too_long_for_a_sheet_goes_out_as_csv_only(street, monkeypatch):
    monkeypatch.setattr("portal.core.sheets.exporting.LAST_ROW", 8)
    answer = street.get(reverse("export", args=["roster", "xlsx"]), follow=True)
    assert "一张 Excel 表容纳不下这么多行。" in answer.content.decode()
    assert len(taken.rows(street, "roster")) == 9
    assert LAST_ROW == 1_048_576


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_clear_roster_comes_back_without_a_change(street, world, form):
    Person.objects.update(phone=None)
    content = clear_roster(street, form)
    batch = rosters.judged(world.users.street, world.divisions[w.STREET], content, f"名册.{form}")
    assert rosters.errors(batch) == []
    assert rosters.counts(batch) == {
        "rows": 8,
        "unchanged": 8,
        **({"warned": n} if (n := batch.counts.get("warned")) else {}),
    }


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_payloads_in_a_list_are_harmless_and_come_back(street, world, form):
    people = {}
    for payload in PAYLOADS:
        if clean := payload.replace("\0", ""):
            person = factories.worker("载荷", w.SPRING)
            Person.objects.filter(pk=person.pk).update(major=clean[:60])
            people[str(person.id_number)] = clean[:60]
    content = clear_roster(street, form)
    grid = reading.read_sheet(content, f"a.{form}")
    head = grid.rows[0].cells
    number, major = head.index("身份证号"), head.index("专业")
    assert {row.cells[number]: row.cells[major] for row in grid.rows if row.cells[number] in people} == people
    if form == "xlsx":
        cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content))["花名册"] for cell in row if cell.value]
        assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
        assert [cell.value for cell in cells if str(cell.value).lstrip().startswith(DANGEROUS)] == []
        assert "<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()


# Lists of the site --------------------------------------------------------------------------------------------------


def test_populations_are_those_of_the_territory_up_to_the_day(street, world):
    rows = taken.rows(street, "populations")
    assert [(row[0], row[5]) for row in rows[1:]] == [(w.SPRING, "3000"), (w.SUMMER, "1000")]
    assert len(taken.rows(street, "populations", on="2020-01-01")) == 1


def test_supervisions_follow_the_state(world, login):
    day = world.today
    common = {
        "issuer_id": w.DISTRICT,
        "year": day.year,
        "text": "请补足",
        "issued_on": day,
        "working_days": 5,
        "issued_by": "x",
    }
    for serial, code in enumerate((w.STREET, w.NEIGHBOUR), 1):
        Supervision.objects.create(serial=serial, division_id=code, due_on=day + timedelta(days=7), **common)
    client = login(world.users.street)
    assert [(row[1], row[4], row[9]) for row in taken.rows(client, "supervisions")[1:]] == [
        (w.STREET, "请补足", "待回复")
    ]
    assert len(taken.rows(client, "supervisions", state="closed")) == 1


def test_menu_keeps_the_filters_and_is_left_out_without_the_right(street, world, login):
    html = street.get(reverse("roster"), {"status": "left", "page": "2", "on": "2026-01-01"}).content.decode()
    assert 'href="/exports/roster.xlsx?status=left&amp;on=2026-01-01"' in html
    assert 'href="/exports/roster/?status=left&amp;on=2026-01-01"' in html
    other = login(world.users.community).get(reverse("roster")).content.decode()
    assert "/exports/roster.csv" in other and "/exports/roster/" not in other
    place = Division.objects.get(pk=w.STREET)
    assert f"/exports/grids.csv?place={place.pk}" in street.get(reverse("grids", args=[place.pk])).content.decode()


def test_refused_list_leads_back_to_its_page(world, login):
    answer = taken.take(login(world.users.city), "payroll", "xlsx", month="2026-10")
    assert (answer.status_code, answer["Location"]) == (302, "/roster/payroll/?month=2026-10")
    wrong = taken.take(login(world.users.auditor), "audit-events", since="2026-01-02", until="2026-01-01")
    assert (wrong.status_code, wrong["Location"]) == (302, "/audit/?since=2026-01-02&until=2026-01-01")


def test_imports_follow_the_group(world, login):
    rosters.judged(world.users.street, world.divisions[w.STREET], [rosters.line(1)])
    client = login(world.users.street)
    rows = taken.rows(client, "imports")
    assert [(row[0], row[1], row[3], row[7], row[8], row[9]) for row in rows[1:]] == [
        ("名册.csv", "社区工作者名册", w.STREET, "等待确认", "1", "1")
    ]
    assert len(taken.rows(client, "imports", group="applied")) == 1
    assert len(taken.rows(login(world.users.neighbour), "imports")) == 1


def test_imports_are_those_of_the_page_each_kind_by_its_own_right(world, login):
    """Whoever may import rosters does not thereby see who imported proposals."""
    rosters.judged(world.users.street, world.divisions[w.STREET], [rosters.line(1)])
    about = {"division": world.divisions[w.STREET], "sha256": "0" * 64, "size": 1, "uploaded_by": world.users.city}
    ImportBatch.objects.create(kind="proposals", filename="提案.xlsx", **about)
    for user, files in ((world.users.street, {"名册.csv"}), (world.users.city, {"名册.csv", "提案.xlsx"})):
        client = login(user)
        assert {row[0] for row in taken.rows(client, "imports")[1:]} == files
        page = client.get(reverse("imports")).content.decode()
        assert {name for name in ("名册.csv", "提案.xlsx") if name in page} == files
