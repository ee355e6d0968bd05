"""What offices say of their own headers: read where it applies, shown with samples that name nobody."""

import pytest
from django.core.exceptions import ValidationError

from portal.core.sheets.headers import find_header
from portal.core.sheets.mapping import look_into, mapping_of, remember, sample, unknown_columns
from portal.core.sheets.models import ColumnMapping
from tests import rosters
from tests import world as w
from tests.core.sheets.test_headers import COLUMNS, grid
from tests.rosters import headers, line
from workforce.importers import ROSTER

ODD = "联系方式(手机)"
CELLS = [{**line(n), ODD: f"1380013800{n}"} for n in (1, 2)]
KEYS = [*headers([line(1)]), ODD]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (13800138000.0, "138******00"),
        ("13800138000", "138******00"),
        ("999999199105200017", "999*************17"),
        ("99999919910520001x", "999*************1x"),
        ("工号 20230001 号", "工号 202***01 号"),
        ("022-27301234", "022-273***34"),
        ("2021-06-03", "2021-06-03"),
        ("20210603", "20210603"),
        ("双鱼", "双鱼"),
        ("长" * 40, "长" * 29 + "…"),
        (5.0, "5"),
    ],
)
def test_sample_is_short_and_holds_no_long_number(cell, shown):
    assert sample(cell) == shown


def test_mapped_header_is_read_and_one_to_be_left_out_is_not():
    mapping = {"手机号(常用)": "phone", "星座": ""}
    layout, errors = find_header(
        grid(["姓名", "身份证号", "手机号 （常用）", "星座"], ["张三", "1", "2", "x"]), COLUMNS, mapping=mapping
    )
    assert (errors, layout.keys) == ([], ("name", "number", "phone"))


def test_mapping_to_a_column_that_is_no_more_counts_for_nothing():
    _layout, errors = find_header(
        grid(["姓名", "身份证号", "星座"], ["张三", "1", "x"]), COLUMNS, mapping={"星座": "gone"}
    )
    assert [error.code for error in errors] == ["column_unknown"]


def test_unknown_headers_of_two_rows_are_named_whole_so_that_they_differ():
    rows = (
        ["姓名", "身份证号", "合同", "", "入党", "转正"],
        ["", "", "起始", "截止", "日期", "日期"],
        ["张三", "1", "a", "b", "c", "d"],
    )
    _layout, errors = find_header(grid(*rows), COLUMNS)
    assert [error.column for error in errors] == ["入党日期", "转正日期"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_samples_and_columns_are_found_in_every_kind_of_file(world, kind):
    content = {"xlsx": rosters.as_xlsx, "csv": rosters.as_csv}[kind](CELLS, KEYS)
    batch = rosters.judged(world.users.street, world.divisions[w.STREET], content, f"名册.{kind}")
    unknown = unknown_columns(batch)
    assert [(column.header, column.suggestion) for column in unknown] == [(ODD, "联系电话")]
    taken = look_into(unknown, content, batch=batch, importer=ROSTER)
    assert unknown[0].samples == ["138******01", "138******02"]
    assert "name" in taken and "phone" not in taken


def test_only_the_own_office_and_those_above_are_asked(world):
    street, district = world.divisions[w.STREET], world.divisions[w.DISTRICT]
    remember(importer=ROSTER, division=street, meanings={"甲": "name"}, by=world.users.street)
    remember(importer=ROSTER, division=district, meanings={"甲": "title", "乙": ""}, by=world.users.district)
    assert mapping_of("roster", w.STREET) == {"甲": "name", "乙": ""}
    assert mapping_of("roster", w.NEIGHBOUR) == {"甲": "title", "乙": ""}
    assert mapping_of("roster", w.CITY) == {}


def test_what_was_said_last_counts(world):
    street = world.divisions[w.STREET]
    for key in ("name", "title"):
        remember(importer=ROSTER, division=street, meanings={" 甲（乙） ": key}, by=world.users.street)
    assert dict(ColumnMapping.objects.values_list("header", "key")) == {"甲(乙)": "title"}


@pytest.mark.parametrize(
    ("code", "key", "reason"), [(w.NEIGHBOUR, "name", "not_allowed"), (w.STREET, "nothing", "key")]
)
def test_other_offices_and_columns_that_are_none_are_refused(world, code, key, reason):
    with pytest.raises(ValidationError) as refused:
        remember(importer=ROSTER, division=world.divisions[code], meanings={"甲": key}, by=world.users.street)
    assert refused.value.code == reason
