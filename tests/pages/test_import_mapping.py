"""Headers that nobody has told the portal yet: asked once, remembered for the office, forgotten on request."""

import pytest

from portal.core.audit.models import AuditEvent
from portal.core.sheets.models import ColumnMapping, ImportBatch
from tests import rosters
from tests import world as w
from tests.rosters import headers, line

EXTRA = {**line(1), "联系方式(手机)": "13800138000", "星座": "双鱼", "备用证件": rosters.number(2)}
KEYS = [*headers([line(1)]), "联系方式(手机)", "星座", "备用证件"]


@pytest.fixture
def batch(world):
    return rosters.judged(world.users.street, world.divisions[w.STREET], rosters.as_xlsx([EXTRA], KEYS), "名册.xlsx")


def address(batch):
    return f"/imports/{batch.pk}/headers/"


def choices(form) -> list[str]:
    return [key for _label, group in form.fields["column0"].choices if isinstance(group, list) for key, _name in group]


def test_page_lists_headers_with_masked_samples_and_free_columns(world, login, batch):
    page = login(world.users.street).get(address(batch))
    text = page.content.decode()
    assert page.status_code == 200
    assert [column.header for column, _field in page.context["form"].rows()] == KEYS[-3:]
    assert "13800138000" not in text and "138******00" in text
    assert rosters.number(2) not in text
    offered = choices(page.context["form"])
    assert "phone" in offered and "name" not in offered


def test_saved_headers_are_remembered_and_the_file_is_judged_again(world, login, batch):
    answer = login(world.users.street).post(address(batch), {"column0": "phone", "column1": "-", "column2": "-"})
    assert (answer.status_code, answer["Location"]) == (302, f"/imports/{batch.pk}/")
    kept = dict(ColumnMapping.objects.values_list("header", "key"))
    assert kept == {"联系方式(手机)": "phone", "星座": "", "备用证件": ""}
    assert set(ColumnMapping.objects.values_list("division_id", flat=True)) == {w.STREET}
    batch.refresh_from_db()
    assert batch.state == "uploaded"
    assert rosters.judge_batch(batch.pk, rosters.ROSTER).counts["new"] == 1
    event = AuditEvent.objects.get(act="columns_explained")
    assert (event.actor, event.division, event.detail["headers"]) == ("street", w.STREET, sorted(KEYS[-3:]))


def test_header_longer_than_is_remembered_is_asked_about_once(world, login):
    """Cut before blanks are folded it would be remembered under another name than it is looked up by."""
    header = "备 注（" + "请按街道统一口径填写，" * 8 + "）"
    content = rosters.as_csv([{**rosters.line(1), header: "甲"}], [*rosters.headers([rosters.line(1)]), header])
    batch = rosters.judged(world.users.street, world.divisions[w.STREET], content)
    assert rosters.problems(batch) == ["column_unknown"]
    login(world.users.street).post(address(batch), {"column0": "-"})
    assert rosters.judge_batch(batch.pk, rosters.ROSTER).state == "judged"


def test_later_sheet_of_the_office_and_of_those_below_needs_no_telling(world, login, batch):
    login(world.users.street).post(address(batch), {"column0": "phone", "column1": "-", "column2": "-"})
    ImportBatch.objects.all().delete()
    again = rosters.judged(world.users.street, world.divisions[w.STREET], rosters.as_xlsx([EXTRA], KEYS), "二.xlsx")
    assert (again.state, again.counts["new"]) == ("judged", 1)
    below = (
        rosters.judged(world.users.community, world.divisions[w.SPRING], rosters.as_csv([EXTRA], KEYS))
        if (world.users.community.can("roster.import", w.SPRING))
        else None
    )
    assert below is None or below.state == "judged"


def test_other_office_is_asked_itself(world, login, batch):
    login(world.users.street).post(address(batch), {"column0": "phone", "column1": "-", "column2": "-"})
    other = rosters.judged(world.users.district, world.divisions[w.DISTRICT], rosters.as_xlsx([EXTRA], KEYS), "三.xlsx")
    assert rosters.problems(other) == ["column_unknown_similar", "column_unknown", "column_unknown"] or set(
        rosters.problems(other)
    ) <= {"column_unknown", "column_unknown_similar"}
    assert len(rosters.problems(other)) == 3


def test_two_headers_for_one_column_and_an_unanswered_one_are_refused(world, login, batch):
    answer = login(world.users.street).post(address(batch), {"column0": "phone", "column1": "phone", "column2": ""})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"column1", "column2"}
    assert not ColumnMapping.objects.exists()


def test_column_of_the_sheet_is_not_offered_twice(world, login, batch):
    answer = login(world.users.street).post(address(batch), {"column0": "name", "column1": "-", "column2": "-"})
    assert answer.status_code == 422
    assert not ColumnMapping.objects.exists()


def test_page_of_a_file_without_unknown_headers_leads_to_the_import(world, login):
    batch = rosters.judged(world.users.street, world.divisions[w.STREET], [line(1)])
    answer = login(world.users.street).get(address(batch))
    assert (answer.status_code, answer["Location"]) == (302, f"/imports/{batch.pk}/")


def test_list_shows_what_is_remembered_and_forgets_it(world, login):
    mapping = ColumnMapping.objects.create(kind="roster", division_id=w.STREET, header="手机", key="phone")
    ColumnMapping.objects.create(kind="roster", division_id=w.NEIGHBOUR, header="别处", key="")
    client = login(world.users.street)
    text = client.get("/imports/headers/").content.decode()
    assert "手机" in text and "联系电话" in text and "别处" not in text
    answer = client.post(f"/imports/headers/{mapping.pk}/forget/")
    assert (answer.status_code, answer["Location"]) == (302, "/imports/headers/")
    assert [m.header for m in ColumnMapping.objects.all()] == ["别处"]
    assert AuditEvent.objects.get(act="column_forgotten").subject == "手机"


def test_known_column_cannot_be_taken_over_by_a_mapping(world):
    ColumnMapping.objects.create(kind="roster", division_id=w.STREET, header="姓名", key="title")
    batch = rosters.judged(world.users.street, world.divisions[w.STREET], [line(1)])
    assert (batch.state, batch.rows.get(number=2).label) == ("judged", "新二")


def test_nearest_office_decides(world):
    for division, key in ((w.DISTRICT, "title"), (w.STREET, "phone")):
        ColumnMapping.objects.create(kind="roster", division_id=division, header="星座", key=key)
    content = rosters.as_csv([{**line(1), "星座": "13800138000"}], [*headers([line(1)]), "星座"])
    batch = rosters.judged(world.users.street, world.divisions[w.STREET], content)
    assert batch.state == "judged"
    assert rosters.errors(batch) == []
