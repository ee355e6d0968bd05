"""The chart component: picture, table, spoken words and worksheet from the same numbers."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string

from portal.core.web.charts import Chart, Kind, Role, Series
from tests.pages.reading import rows_of

CHART = Chart(
    key="heads",
    title="在岗与应配",
    kind=Kind.LINE,
    axis="月份",
    categories=["2026-09", "2026-10", "2026-11"],
    unit="人",
    place="东区",
    day=date(2026, 11, 23),
    source="某市〔2022〕1号",
    series=[
        Series("在岗", [1234, None, 1250], urls=["/a/", "", "/c/"]),
        Series("应配", [None, 1300, 1300], Role.TARGET, words=["未生效", "", ""]),
        Series("缺口", [None, None, 50], Role.GAP),
    ],
)


def html(chart: Chart) -> str:
    return render_to_string("components/chart.html", {"chart": chart})


def test_table_shows_the_numbers_of_the_picture():
    assert rows_of(HttpResponse(html(CHART))) == [
        ["2026-09", "1,234", "未生效", "无数据"],
        ["2026-10", "无数据", "1,300", "无数据"],
        ["2026-11", "1,250", "1,300", "50"],
    ]


def test_data_for_the_script_are_the_numbers_and_the_words_of_the_table():
    data = json.loads(CHART.data)
    assert [one["values"] for one in data["series"]] == [[1234, None, 1250], [None, 1300, 1300], [None, None, 50]]
    assert [one["texts"] for one in data["series"]] == [
        ["1,234", "无数据", "1,250"],
        ["未生效", "1,300", "1,300"],
        ["无数据", "无数据", "50"],
    ]
    assert [one["role"] for one in data["series"]] == ["value", "target", "gap"]
    assert (data["kind"], data["about"], data["source"], data["file"]) == (
        "line",
        "东区 · 截至 2026-11-23 · 单位：人",
        "来源：某市〔2022〕1号",
        "在岗与应配 东区 2026-11-23",
    )


def test_data_stand_escaped_in_the_page():
    text = html(replace(CHART, title='<script>"x"</script>'))
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_numbers_lead_to_their_rows():
    text = html(CHART)
    assert '<a href="/a/">1,234</a>' in text
    assert '<a href="/c/">1,250</a>' in text


def test_spoken_words_name_kind_extent_and_latest_numbers():
    assert CHART.spoken == (
        "折线图：在岗与应配，共 3 项。最近 2026-11：在岗 1,250，应配 1,300，缺口 50。数字见“查看数据表”。"
    )
    assert replace(CHART, kind=Kind.COLUMNS).spoken == "柱形图：在岗与应配，共 3 项。数字见“查看数据表”。"


def test_worksheet_keeps_numbers_and_tells_what_is_missing():
    sheet = CHART.sheet
    assert [column.header for column in sheet.columns] == ["月份", "在岗（人）", "应配（人）", "缺口（人）"]
    assert sheet.rows == [
        ["2026-09", 1234, "未生效", None],
        ["2026-10", None, 1300, None],
        ["2026-11", 1250, 1300, 50],
    ]


def test_legend_is_left_out_for_a_single_series():
    alone = replace(CHART, series=CHART.series[:1])
    assert alone.legend == []
    assert "plot-legend" not in html(alone)
    assert [item["name"] for item in CHART.legend] == ["在岗", "应配", "缺口"]


def test_chart_of_nothing_says_so_and_offers_no_file():
    empty = replace(CHART, series=[Series("在岗", [None, None, None])], export_url="/x/")
    text = html(empty)
    assert "没有数据可画。" in text
    for part in ("data-chart", "保存图片", "导出", "<table"):
        assert part not in text


def test_percentages_keep_their_decimals():
    share = replace(CHART, unit="%", decimals=1, series=[Series("持证率", [Decimal("50.1"), None, Decimal(60)])])
    assert rows_of(HttpResponse(html(share))) == [["2026-09", "50.1"], ["2026-10", "无数据"], ["2026-11", "60.0"]]
    assert json.loads(share.data)["series"][0]["values"] == [50.1, None, 60.0]


def test_series_of_another_length_is_refused():
    with pytest.raises(ValueError, match="应配: 2 values, 3 categories"):
        replace(CHART, series=[Series("应配", [1, 2])])
