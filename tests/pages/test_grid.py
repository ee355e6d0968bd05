"""The grid's page and the addresses that its script asks: who may, what is told, what is refused."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from portal import tasks
from portal.core.sheets import files
from portal.core.sheets.models import ImportBatch, SheetDraft
from portal.core.sheets.running import apply_batch, judge_batch
from portal.pages import grid_input, grid_rows
from tests import factories, rosters
from tests import world as w
from tests.pages.test_imports import words
from tests.sent import Sent
from workforce.actions.people import end_post
from workforce.importers import ROSTER
from workforce.models import Appointment, Person

ADDRESSES = ("data", "check", "apply", "draft")


@pytest.fixture(autouse=True)
def sent(monkeypatch, settings, tmp_path):
    settings.UPLOADS_DIR = tmp_path
    task = Sent()
    monkeypatch.setattr(tasks, "judge_import", task, raising=False)
    return task


@pytest.fixture
def street(world, login):
    return login(world.users.street)


def url(name, code=w.STREET):
    return reverse(f"roster_grid_{name}", args=[code])


def ask(client, name, code=w.STREET, method="post", **body):
    return getattr(client, method)(url(name, code), json.dumps(body), content_type="application/json")


def new_row(seq=1, *, key="n1", number=20, **cells):
    return {
        "key": key,
        "number": number,
        "post": None,
        "person": None,
        "version": None,
        "cells": rosters.line(seq, **cells),
    }


def row_of(client, name, code=w.STREET):
    """The first row of a person as the page reads it."""
    rows = client.get(url("data", code)).json()["rows"]
    return next(row for row in rows if row["cells"]["name"] == name)


def changed(row, *, key="p1", number=1, **cells):
    return {"key": key, "number": number, **{name: row[name] for name in ("post", "person", "version")}, "cells": cells}


# Who may -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["city", "district", "community", "auditor", "system_admin"])
def test_others_may_not_enter_rosters(world, login, role):
    client = login(getattr(world.users, role))
    answers = [
        client.get(reverse("roster_grid", args=[w.SPRING])),
        *(ask(client, name, w.SPRING) for name in ADDRESSES[1:]),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4


def test_another_street_does_not_exist(street):
    answers = [street.get(reverse("roster_grid", args=[w.NEIGHBOUR])), street.get(url("data", w.AUTUMN))]
    answers += [ask(street, name, w.NEIGHBOUR, rows=[]) for name in ADDRESSES[1:]]
    assert [answer.status_code for answer in answers] == [404] * 5


def test_the_own_street_is_opened_where_nothing_else_is_asked(street):
    home = reverse("roster_grid_home")
    assert street.get(home).url == reverse("roster_grid", args=[w.STREET])
    assert street.get(home, {"place": w.SPRING}).url == reverse("roster_grid", args=[w.SPRING])
    assert street.get(home, {"place": w.NEIGHBOUR}).url.startswith(reverse("roster_grid", args=[w.STREET]))


# The page ------------------------------------------------------------------------------------------------------------


def test_page_offers_the_places_and_a_way_without_scripts(street):
    page = street.get(reverse("roster_grid", args=[w.STREET]))
    assert "一号街道（8 个任职）" in words(page)
    assert "春风社区（5 个任职）" in words(page)
    assert "表格录入需要浏览器运行脚本。" in words(page)


def test_past_day_is_read_only(street, world):
    page = street.get(reverse("roster_grid", args=[w.STREET]), {"on": (world.today - timedelta(days=1)).isoformat()})
    assert "只能在今天的名册上录入" in words(page)
    assert b"tabulator" not in page.content


def test_too_large_a_place_is_told(street, monkeypatch):
    monkeypatch.setattr(grid_rows, "MOST_POSTS", 7)
    assert "一号街道有 8 个任职，表格一次最多 7 个" in words(street.get(reverse("roster_grid", args=[w.STREET])))
    assert street.get(url("data")).status_code == 413
    assert street.get(url("data", w.SPRING)).status_code == 200


def test_numbers_of_people_leave_the_server_masked_only(street, world):
    answer = street.get(url("data"))
    person = world.people["钱风"]
    assert (str(person.id_number) in answer.content.decode(), "10000000001" in answer.content.decode()) == (
        False,
        False,
    )
    row = row_of(street, "钱风")
    assert (row["cells"]["id_number"], row["cells"]["phone"]) == (
        f"999***********{person.id_number[-4:]}",
        "100****0001",
    )
    assert "birth_date" not in row["cells"]
    assert (row["cells"]["valid_from"], row["cells"]["tier"], row["version"]) == (
        "2024-01-01",
        "工作人员",
        person.version,
    )
    assert answer["Cache-Control"].count("no-store") == 1


# The check -----------------------------------------------------------------------------------------------------------


def test_check_answers_by_row_and_writes_nothing(street):
    rows = [new_row(1), new_row(2, key="n2", number=21, grade="19"), new_row(3, key="n3", number=22, name=None)]
    found = ask(street, "check", rows=rows).json()
    assert {key: row["status"] for key, row in found["rows"].items()} == {"n1": "new", "n2": "error", "n3": "error"}
    assert found["rows"]["n2"]["errors"] == [{"key": "grade", "message": "岗位等级应为 1 到 18。"}]
    assert found["rows"]["n3"]["errors"] == [{"key": "name", "message": "“姓名”必须填写。"}]
    assert {change["label"]: change["new"] for change in found["rows"]["n1"]["changes"]}["任职机构"] == "社区工作站"
    assert (found["conflicts"], ImportBatch.objects.count(), Person.objects.filter(name="新二").count()) == ([], 0, 0)


def test_rows_name_each_other_by_the_numbers_of_the_grid(street):
    found = ask(street, "check", rows=[new_row(1), new_row(1, key="n2", number=25)]).json()
    assert found["rows"]["n2"]["errors"] == [
        {"key": "id_number", "message": "与第 20 行重复：同一人、同一社区、同一职务。请删去一行。"}
    ]


def test_changed_cells_of_a_recorded_row_are_told_old_and_new(street):
    row = row_of(street, "钱风")
    found = ask(street, "check", rows=[changed(row, education="本科", phone="13800001234")]).json()
    told = {change["key"]: (change["old"], change["new"]) for change in found["rows"]["p1"]["changes"]}
    assert found["rows"]["p1"]["status"] == "changed"
    assert told == {"education": ("", "本科"), "phone": ("100****0001", "138****1234")}


def test_a_masked_phone_and_emptied_cells_change_nothing(street):
    row = row_of(street, "钱风")
    found = ask(street, "check", rows=[changed(row, phone=row["cells"]["phone"], grade="", education="")]).json()
    assert (found["rows"]["p1"]["status"], found["rows"]["p1"]["errors"]) == ("unchanged", [])


def test_what_makes_a_recorded_post_cannot_be_typed_over(street):
    row = row_of(street, "钱风")
    typed = changed(row, title="主任", code=w.SUMMER, id_number=rosters.number(9), body="居民委员会")
    assert ask(street, "check", rows=[typed]).json()["rows"]["p1"]["status"] == "unchanged"


def test_ending_a_post_is_a_change(street, world):
    row = row_of(street, "钱风")
    found = ask(street, "check", rows=[changed(row, valid_to=world.today.isoformat())]).json()
    assert [(c["key"], c["new"]) for c in found["rows"]["p1"]["changes"]] == [("valid_to", world.today.isoformat())]


def test_second_post_of_a_person_on_record_needs_no_number(street):
    row = row_of(street, "钱风")
    second = {**new_row(1, number=30, id_number=row["cells"]["id_number"], name="钱风", title="网格员", code=w.SUMMER)}
    second |= {"person": row["person"], "version": row["version"]}
    for key in ("party", "contract_kind", "contract_from"):
        second["cells"].pop(key)
    assert ask(street, "check", rows=[second]).json()["rows"]["n1"]["status"] == "new"


def test_person_of_another_street_is_no_row_of_this_grid(street, world):
    other = world.people["周秋"]
    post = other.appointments.get()
    typed = {
        "key": "p1",
        "number": 1,
        "post": post.pk,
        "person": str(other.pk),
        "version": other.version,
        "cells": {"major": "法学"},
    }
    found = ask(street, "check", rows=[typed]).json()
    assert [(c["key"], c["version"], c["cells"]) for c in found["conflicts"]] == [("p1", None, {})]
    assert found["rows"] == {}


# Somebody else -------------------------------------------------------------------------------------------------------


def test_row_changed_by_somebody_else_is_not_sent_on(street, world):
    row = row_of(street, "钱风")
    Person.objects.filter(pk=row["person"]).update(major="法学", version=row["version"] + 1)
    found = ask(street, "check", rows=[changed(row, education="本科"), new_row(1)]).json()
    conflict = found["conflicts"][0]
    assert (conflict["key"], conflict["version"], conflict["cells"]["major"]) == ("p1", row["version"] + 1, "法学")
    assert set(found["rows"]) == {"n1"}
    assert ask(street, "apply", rows=[changed(row, education="本科"), new_row(1)]).status_code == 422
    assert ImportBatch.objects.count() == 0


def test_mine_on_top_of_theirs_takes_nothing_back(street, world):
    row = row_of(street, "钱风")
    Person.objects.filter(pk=row["person"]).update(major="法学", version=row["version"] + 1)
    mine = changed({**row, "version": row["version"] + 1}, education="本科")
    changes = ask(street, "check", rows=[mine]).json()["rows"]["p1"]["changes"]
    assert [change["key"] for change in changes] == ["education"]


def test_ended_post_can_only_be_dropped(street, world):
    row = row_of(street, "钱风")
    Appointment.objects.filter(pk=row["post"]).update(valid_to=world.today)
    found = ask(street, "check", rows=[changed(row, education="本科")]).json()
    assert [(c["version"], c["cells"]) for c in found["conflicts"]] == [(None, {})]


# Applying ------------------------------------------------------------------------------------------------------------


def test_apply_makes_an_import_that_grows_the_roster(street, world, sent, django_capture_on_commit_callbacks):
    row = row_of(street, "钱风")
    with django_capture_on_commit_callbacks(execute=True):
        answer = ask(
            street, "apply", rows=[changed(row, education="本科"), new_row(1), new_row(2, key="n2", number=21)]
        )
    batch = ImportBatch.objects.get()
    assert answer.json() == {"url": reverse("import", args=[batch.pk])}
    assert (batch.source, batch.options["partial"], batch.filename) == ("grid", True, "表格录入 一号街道")
    assert sent.calls == [(str(batch.pk),)]
    judge_batch(batch.pk, ROSTER)
    batch.refresh_from_db()
    counts = {status: batch.counts[status] for status in ("new", "changed", "unchanged", "leaving", "error")}
    assert counts == {"new": 2, "changed": 1, "unchanged": 0, "leaving": 0, "error": 0}
    assert list(batch.rows.order_by("number").values_list("number", flat=True)) == [1, 20, 21]
    street.post(reverse("import_apply", args=[batch.pk]), {"digest": batch.digest})
    apply_batch(batch.pk, world.users.street, ROSTER)
    assert Person.objects.get(pk=row["person"]).education == "本科"
    assert Appointment.objects.filter(person__name__in=["新二", "新三"]).count() == 2


def test_apply_with_errors_makes_nothing(street):
    answer = ask(street, "apply", rows=[new_row(1, grade="19")])
    assert (answer.status_code, answer.json()["rows"]["n1"]["status"], ImportBatch.objects.count()) == (422, "error", 0)


def test_apply_again_takes_the_place_of_the_own_preview(street, world):
    ask(street, "apply", rows=[new_row(1)])
    judge_batch(ImportBatch.objects.get().pk, ROSTER)
    assert street.get(url("data")).json()["waiting"] == reverse("import", args=[ImportBatch.objects.get().pk])
    assert ask(street, "apply", rows=[new_row(2)]).status_code == 200
    assert sorted(ImportBatch.objects.values_list("state", flat=True)) == ["cancelled", "uploaded"]


def test_apply_beside_an_open_file_is_refused_with_its_name(street, world):
    rosters.judged(world.users.street, world.divisions[w.STREET], [rosters.line(5)])
    answer = ask(street, "apply", rows=[new_row(1)])
    assert (answer.status_code, "《名册.csv》" in answer.json()["message"]) == (409, True)
    (waiting,) = ImportBatch.objects.filter(filename="名册.csv")
    assert answer.json()["link"] == {"href": reverse("import", args=[waiting.pk]), "text": "打开《名册.csv》"}


def meanwhile(row, world) -> None:
    """A colleague ends the post of the row."""
    post = Appointment.objects.get(pk=row["post"])
    end_post(appointment=post, version=post.person.version, last_day=world.today, by=world.users.street)


def test_what_somebody_saves_between_applying_and_the_check_is_not_taken_back(street, world):
    row = row_of(street, "钱风")
    ask(street, "apply", rows=[changed(row, phone="13800001234"), new_row(1)])
    meanwhile(row, world)
    batch = judge_batch(ImportBatch.objects.get().pk, ROSTER)
    assert rosters.errors(batch) == [(1, "姓名", "changed_meanwhile")]
    page = street.get(reverse("import", args=[batch.pk]))
    assert "您录入之后，此人的登记又被改动过。请回到表格" in words(page)
    assert page.context["acts"]["grid"] == reverse("roster_grid", args=[w.STREET])
    conflict = ask(street, "check", rows=[changed(row, phone="13800001234")]).json()["conflicts"][0]
    assert (conflict["key"], conflict["cells"]["valid_to"]) == ("p1", world.today.isoformat())


def test_what_somebody_saves_between_preview_and_confirmation_is_not_taken_back(street, world):
    row = row_of(street, "钱风")
    ask(street, "apply", rows=[changed(row, phone="13800001234"), new_row(1)])
    batch = judge_batch(ImportBatch.objects.get().pk, ROSTER)
    meanwhile(row, world)
    street.post(reverse("import_apply", args=[batch.pk]), {"digest": batch.digest})
    batch = apply_batch(batch.pk, world.users.street, ROSTER)
    assert (batch.state, rosters.problems(batch)) == ("judged", ["changed"])
    assert rosters.errors(batch) == [(1, "姓名", "changed_meanwhile")]
    assert Appointment.objects.get(pk=row["post"]).valid_to == world.today + timedelta(days=1)


def test_second_post_typed_for_somebody_who_was_changed_meanwhile_goes_back_too(street, world):
    row = row_of(street, "钱风")
    second = {**new_row(1, number=30, name="钱风", title="网格员", code=w.SUMMER)}
    second |= {"person": row["person"], "version": row["version"]}
    for key in ("party", "contract_kind", "contract_from", "id_number"):
        second["cells"].pop(key)
    assert ask(street, "apply", rows=[second]).status_code == 200
    meanwhile(row, world)
    assert rosters.errors(judge_batch(ImportBatch.objects.get().pk, ROSTER)) == [(30, "姓名", "changed_meanwhile")]


def test_disk_that_is_full_is_told_and_leaves_nothing(street, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "keep", full)
    answer = ask(street, "apply", rows=[new_row(1)])
    assert (answer.status_code, "服务器暂时存不下" in answer.json()["message"]) == (503, True)
    assert ImportBatch.objects.count() == 0


# Drafts --------------------------------------------------------------------------------------------------------------


def test_draft_is_kept_sealed_and_comes_back(street, world):
    saved = ask(street, "draft", version=0, rows=[new_row(1)]).json()
    assert (saved["version"], saved["rows"], saved["others"]) == (1, 1, [])
    draft = street.get(url("data")).json()["draft"]
    assert (draft["version"], draft["rows"], draft["typed"]) == (1, 1, [new_row(1)])
    raw = SheetDraft.objects.raw("SELECT id, encode(content, 'escape') AS text FROM core_sheetdraft")[0].text
    assert rosters.number(1) not in raw


def test_draft_of_two_windows_is_never_overwritten_silently(street):
    ask(street, "draft", version=0, rows=[new_row(1)])
    assert ask(street, "draft", version=1, rows=[new_row(1), new_row(2, key="n2", number=21)]).json()["version"] == 2
    late = ask(street, "draft", version=1, rows=[new_row(3)])
    assert (late.status_code, late.json()["draft"]["rows"], late.json()["draft"]["version"]) == (409, 2, 2)
    assert ask(street, "draft", version=0, rows=[new_row(3)]).status_code == 409
    assert ask(street, "draft", method="delete", version=1).status_code == 409
    assert ask(street, "draft", method="delete", version=2).status_code == 200
    assert (SheetDraft.objects.count(), ask(street, "draft", method="delete", version=2).status_code) == (0, 200)


def test_others_at_work_are_named_while_they_save(street, world, login):
    colleague = factories.user("colleague", ("street", w.STREET), division=w.STREET, name="李同事")
    ask(login(colleague), "draft", w.SPRING, version=0, rows=[new_row(1)])
    others = street.get(url("draft")).json()["others"]
    assert [(one["who"], one["rows"], one["place"]) for one in others] == [(str(colleague), 1, "春风社区")]
    assert street.get(url("draft", w.SUMMER)).json()["others"] == []
    SheetDraft.objects.update(saved_at=timezone.now() - timedelta(minutes=11))
    assert street.get(url("draft")).json()["others"] == []


def test_draft_is_over_once_it_was_applied(street, world, login):
    ask(street, "draft", version=0, rows=[new_row(1)])
    ask(street, "apply", rows=[new_row(1)])
    batch = ImportBatch.objects.get()
    assert street.get(url("data")).json()["draft"] is not None
    judge_batch(batch.pk, ROSTER)
    street.post(reverse("import_apply", args=[batch.pk]))
    apply_batch(batch.pk, world.users.street, ROSTER)
    assert street.get(url("data")).json()["draft"] is None
    assert ask(street, "draft", version=0, rows=[new_row(2)]).json()["version"] == 2


# Hostile input -------------------------------------------------------------------------------------------------------

GOOD = {"key": "n1", "number": 1, "post": None, "person": None, "version": None, "cells": {}}
HOSTILE = [
    b"",
    b"null",
    b"[]",
    b'"x"',
    b"{",
    b"\xff\xfe{}",
    b'{"rows": 1}',
    b'{"rows": [1]}',
    b'{"rows": [' + b"[" * 100_000,
    b'{"rows": [], "version": ' + b"9" * 5000 + b"}",
    *(
        json.dumps({"rows": rows}).encode()
        for rows in (
            [{}],
            [{**GOOD, "key": 1}],
            [{**GOOD, "key": ""}],
            [{**GOOD, "key": "x" * 41}],
            [{**GOOD, "number": 0}],
            [{**GOOD, "number": True}],
            [{**GOOD, "number": 1.5}],
            [{**GOOD, "number": 2**31}],
            [{**GOOD, "post": "1; DROP TABLE"}],
            [{**GOOD, "post": 2**63}],
            [{**GOOD, "version": -1}],
            [{**GOOD, "person": "x"}],
            [{**GOOD, "person": 7}],
            [{**GOOD, "person": ["x"]}],
            [{**GOOD, "cells": []}],
            [{**GOOD, "cells": {"password": "x"}}],
            [{**GOOD, "cells": {"name": 1}}],
            [{**GOOD, "cells": {"name": None}}],
            [GOOD, GOOD],
            [GOOD, {**GOOD, "key": "n2"}],
        )
    ),
]


@pytest.mark.parametrize("name", ["check", "apply", "draft"])
@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_json_is_refused_with_a_sentence(street, name, body):
    answer = street.post(url(name), body, content_type="application/json")
    assert (answer.status_code, answer.json()["message"][:9]) == (400, "页面发来的内容读不")


@pytest.mark.parametrize(
    "cell",
    [
        "\0",
        "\ud800",
        "a\0b" * 50,
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script>",
        "𠮷䶮",
        "%(x)s",
        "\u202e",
        "9" * 999,
    ],
)
@pytest.mark.parametrize("key", ["code", "name", "id_number", "phone", "grade", "valid_from", "tier", "party"])
def test_odd_cells_are_judged_and_kept(street, key, cell):
    rows = [new_row(1, **{key: cell})]
    assert (ask(street, "check", rows=rows).status_code, ask(street, "draft", version=0, rows=rows).status_code) == (
        200,
        200,
    )


def test_unknown_people_and_posts_are_told_as_gone(street):
    typed = {**GOOD, "post": 2**62, "person": str(uuid4()), "version": 1, "cells": {"name": "甲"}}
    assert ask(street, "check", rows=[typed]).json()["conflicts"][0]["version"] is None


def test_size_is_limited(street, monkeypatch):
    assert ask(street, "check", rows=[{**GOOD, "cells": {"major": "x" * 1001}}]).status_code == 422
    many = [{**GOOD, "key": f"n{n}", "number": n} for n in range(1, 2002)]
    assert ask(street, "draft", version=0, rows=many).status_code == 413
    monkeypatch.setattr(grid_input, "MOST_BYTES", 1000)
    assert ask(street, "check", rows=[{**GOOD, "cells": {"major": "x" * 990}}]).status_code == 413


def test_nothing_to_check_is_an_empty_answer(street):
    assert ask(street, "check", rows=[]).json() == {"rows": {}, "sentence": "", "conflicts": []}
    assert ask(street, "apply", rows=[]).status_code == 422


def test_an_example_row_is_an_error(street):
    found = ask(street, "check", rows=[new_row(1, code=None, community="示例社区")]).json()
    assert found["rows"]["n1"]["errors"][0]["message"].startswith("这是模板示例行的号码")


def test_person_of_another_street_is_told_without_saying_who_the_portal_means(world, street):
    person = world.people["周秋"]
    answer = ask(street, "check", rows=[new_row(1, name=person.name, id_number=str(person.id_number))])
    found = answer.json()["rows"]["n1"]
    assert (found["status"], found["errors"]) == ("moved", [])
    assert str(person.pk) not in answer.content.decode()
