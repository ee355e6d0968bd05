"""Word and Excel files say exactly what was frozen, in the layout of official documents, and always the same bytes."""

import io
import re
from datetime import date, timedelta
from decimal import Decimal
from zipfile import ZipFile

import openpyxl
import pytest
from django.db import connection
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from portal.core.reports.actions import correct_report, write_remarks
from portal.core.reports.declare import FigureSection
from portal.core.reports.files import FileAltered, file_of, rendered
from portal.core.reports.models import Report
from portal.core.reports.paper import paper_of
from portal.core.reports.signing import publish_report, sign_report
from portal.registry import REPORTS
from tests import factories
from tests import world as w
from tests.core.findings.makers import finding
from tests.core.reports.makers import MONTHLY, RATIO, SHARE, WORKERS, draft, kind, last_day


@pytest.fixture
def report(world):
    last = last_day(world)
    finding(w.SPRING, opened_on=last, due_on=last + timedelta(days=3))
    return draft(world)


def word(report) -> Document:
    return Document(io.BytesIO(rendered(report, "docx")))


def book(report) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(rendered(report, "xlsx")))


def plain(text: str) -> str:
    return text.replace(",", "").replace("−", "-").replace("+", "")


def frozen_numbers(content: dict) -> list[str]:
    """Every number that the tables have to print, in the order of the document."""
    found = []
    for section in content["sections"]:
        if section["type"] == "figures":
            for line in section["own"]:
                found += [line["now"].get("value"), (line["previous"] or {}).get("value"), line["previous_change"]]
                found += [(line["year"] or {}).get("value"), line["year_change"], line["now"].get("target")]
            for row in section["rows"]:
                found += [str(row["rank"]) if row.get("rank") else None]
                found += [row["figures"][key].get("value") for key in section["below"]]
                found += [row.get("previous_change")]
        elif section["type"] == "findings":
            total = [section["total"]] if section["kinds"] else []
            for row in (*section["kinds"], *total, *section["rows"]):
                found += [str(row[key]) for key in ("before", "opened", "resolved", "standing", "overdue")]
        else:
            found += [str(row["count"]) for row in section["kinds"]]
    return [number for number in found if number is not None]


def printed_in_word(document) -> list[str]:
    cells = [plain(cell.text) for table in document.tables[:-1] for row in table.rows[1:] for cell in row.cells]
    return [text for text in cells if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text)]


def printed_in_excel(workbook) -> list[Decimal]:
    found = []
    for sheet in workbook.worksheets[1:-1]:
        for row in sheet.iter_rows():
            found += [Decimal(str(cell.value)) for cell in row if isinstance(cell.value, int | float)]
    return found


def test_every_number_of_both_files_is_a_frozen_one(report):
    wanted = frozen_numbers(report.content)
    assert len(wanted) == 3 * 6 - 2 + 2 * 4 + 3 * 5 + 1
    assert printed_in_word(word(report)) == wanted
    assert printed_in_excel(book(report)) == [Decimal(number) for number in wanted]


@pytest.mark.parametrize("key", ["quarterly_circular", "weekly_dispatch"])
def test_files_of_the_real_kinds_say_what_was_frozen(world, key):
    someone = factories.person("新人")
    factories.contract(someone, valid_from=last_day(world))
    factories.appointment(someone, w.SPRING, valid_from=last_day(world))
    report = draft(world, w.CITY, REPORTS[key])
    wanted = frozen_numbers(report.content)
    assert len(wanted) > 30
    assert sorted(printed_in_word(word(report))) == sorted(wanted)
    assert printed_in_excel(book(report)) == [Decimal(number) for number in wanted]


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_same_report_gives_the_same_bytes(report, form):
    once = rendered(report, form)
    assert rendered(Report.objects.get(pk=report.pk), form) == once
    with ZipFile(io.BytesIO(once)) as package:
        assert {item.date_time for item in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_word_file_has_the_layout_of_official_documents(report):
    document = word(report)
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    fonts = {
        name: document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Report Title", "Report Body", "Heading 1", "Heading 2")
    }
    assert fonts == {
        "Report Title": "方正小标宋简体", "Report Body": "仿宋_GB2312", "Heading 1": "黑体", "Heading 2": "楷体_GB2312",
    }  # fmt: skip
    sizes = [document.styles[name].font.size.pt for name in ("Report Title", "Report Body", "Heading 1")]
    assert sizes == [22, 16, 16]
    assert round(document.styles["Report Body"].paragraph_format.line_spacing.pt, 2) == 28.95
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings == ["一、人员配备", "二、预警处置", "三、下期到期事项", "附：指标说明"]
    titles = [one.text for one in document.paragraphs if one.style.name in ("Report Title", "Report Subtitle")]
    assert titles == ["东区样报", f"（{report.content['period']}）"]


def test_pages_are_numbered_with_odd_ones_on_the_right(report):
    document = word(report)
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert (odd.alignment, even.alignment) == (WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT)
    for paragraph in (odd, even):
        assert paragraph.text == "—  —"
        assert [one.text for one in paragraph._p.iter(qn("w:instrText"))] == [" PAGE "]
    assert section.header.paragraphs[0].text == "草稿，未经签发，不得引用"


def test_head_of_a_table_is_repeated_and_numbers_stand_on_the_right(report):
    table = word(report).tables[0]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows[1:])
    first = table.rows[1].cells
    assert [cell.text for cell in first] == ["社区工作者", "人", "5", "5", "0", "5", "0", "不设", "不评判"]
    right = [cell.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT for cell in first]
    assert right == [False, False, *[True] * 6, False]
    assert round(sum(column.width.mm for column in table.columns)) == 210 - 28 - 26


def test_workbook_has_a_sheet_per_table_with_basis_day_and_source(report):
    workbook = book(report)
    assert workbook.sheetnames == [
        "报告正文", "人员配备", "人员配备·各地", "预警处置", "预警处置·各地", "下期到期事项", "指标说明",
    ]  # fmt: skip
    sheet = workbook["人员配备"]
    column = [cell.value for cell in sheet["A"]]
    assert column[0] == f"东区样报（{report.content['period']}）"
    assert column[3].startswith("数据截至")
    assert column[4] == "口径：城镇常住人口 30,000 人，时点2020年11月1日，来源 示例普查公报。"
    assert column[5] == "依据：示例文件〔2022〕1号 第一条。"
    head = column.index("指标") + 1
    assert sheet.freeze_panes == f"B{head + 1}"
    assert sheet.print_title_rows == f"${head}:${head}"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    share = next(row for row in sheet.iter_rows() if row[0].value == "持证率")
    assert (share[2].value, share[2].number_format) == (60, "#,##0.0")


def test_no_text_of_a_person_becomes_a_formula_or_breaks_the_file(world, report):
    texts = {"causes": '=HYPERLINK("x")\n第二段 <b>&\x0b', "next": "@SUM(1)"}
    said = write_remarks(report=report, remarks={"staffing": texts}, version=1, by=world.users.district)
    values = [cell.value for row in book(said)["报告正文"].iter_rows() for cell in row if cell.value]
    assert "'@SUM(1)" in values
    assert [text for text in values if str(text).startswith("'=HYPERLINK")] != []
    assert all(cell.data_type != "f" for row in book(said)["报告正文"].iter_rows() for cell in row)
    paragraphs = [one.text for one in word(said).paragraphs]
    place = paragraphs.index("（一）原因分析")
    assert paragraphs[place + 1 : place + 5] == ['=HYPERLINK("x")', "第二段 <b>&", "（二）下一步措施", "@SUM(1)"]


def test_signature_date_and_correction_stand_in_the_file(world, report):
    by = world.users.district
    done = sign_report(report=report, kind=MONTHLY, version=report.version, by=by)
    out = publish_report(report=done, version=done.version, by=by)
    day = f"{world.today.year}年{world.today.month}月{world.today.day}日"
    lines = [one.text for one in Document(io.BytesIO(file_of(out, "docx")[1])).paragraphs]
    assert [line for line in lines if "发" in line and "：" in line] == [
        "签发人：district", f"签发日期：{day}", f"发布日期：{day}",
    ]  # fmt: skip
    assert paper_of(out).stamp == ""
    newer = correct_report(report=out, kind=MONTHLY, reason="漏报一人", by=by)
    assert paper_of(newer).lead[0] == (
        f"本报告为第 2 版，更正并取代{day}发布的《东区样报（{report.content['period']}）》第 1 版。更正原因：漏报一人"
    )


def test_kept_file_that_was_altered_is_not_served(world, report):
    by = world.users.district
    done = sign_report(report=report, kind=MONTHLY, version=report.version, by=by)
    out = publish_report(report=done, version=done.version, by=by)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE core_reportfile DISABLE TRIGGER USER")
        cursor.execute("UPDATE core_reportfile SET content = 'x' WHERE form = 'docx'")
        cursor.execute("ALTER TABLE core_reportfile ENABLE TRIGGER USER")
    with pytest.raises(FileAltered, match="指纹不一致"):
        file_of(out, "docx")
    assert file_of(out, "xlsx")[1][:2] == b"PK"


@pytest.mark.parametrize("key", sorted(REPORTS))
def test_every_kind_of_report_can_be_printed_however_many_parts_it_has(world, key):
    report = draft(world, w.CITY, REPORTS[key])
    parts = [part.heading for part in paper_of(report).parts]
    assert len(parts) == len(REPORTS[key].sections) and parts[0].startswith("一、")
    assert all(
        heading.split("、")[0] in ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]
        for heading in parts
    )
    assert set(parts) <= {paragraph.text for paragraph in word(report).paragraphs}
    assert len(book(report).sheetnames) > len(parts) // 2


def test_table_of_divisions_says_its_basis_and_that_the_place_has_another(world):
    factories.population(w.STREET, 20_000, date(2020, 11, 1), "permanent")
    factories.population(w.NEIGHBOUR, 10_000, date(2020, 11, 1), "permanent")
    below = paper_of(draft(world, of=REPORTS["weekly_dispatch"])).parts[0].tables[1]
    assert below.notes == (
        "名次按每万人社区工作者排列，数值相同的并列。",
        "口径：各地为常住人口，时点2020年11月1日。东区为城镇常住人口，口径不同，各地的比率与东区的不能直接比较。",
    )
    assert below.heads[-1].label == "每万人社区工作者比上期（人）"


def test_table_of_divisions_with_several_bases_counts_them(world):
    factories.population(w.STREET, 20_000, date(2020, 11, 1), "permanent")
    factories.population(w.NEIGHBOUR, 10_000, date(2021, 11, 1), "urban_permanent")
    below = paper_of(draft(world, of=REPORTS["weekly_dispatch"])).parts[0].tables[1]
    assert below.notes[1] == (
        "口径：常住人口 1 个地区（时点2020年11月1日）、城镇常住人口 1 个地区（时点2021年11月1日）；"
        "口径不同的不能直接比较，只有口径相同的一组排名。"
    )


def test_table_of_shares_moves_in_percentage_points(report):
    assert paper_of(report).parts[0].tables[1].heads[-1].label == "持证率比上期（个百分点）"


def test_figures_are_explained_in_the_order_in_which_they_are_printed(world):
    figures = FigureSection(key="x", title="x", own=(SHARE, WORKERS), below=(SHARE, RATIO))
    kept = Report.objects.get(pk=draft(world, of=kind(sections=(figures,))).pk)
    assert [row[0].text for row in paper_of(kept).definitions.rows] == ["持证率", "社区工作者", "每万人社区工作者"]


def test_yearly_report_has_no_columns_that_say_the_same_twice(world):
    report = draft(world, of=REPORTS["year_end_circular"])
    assert Report.objects.get().content["days"] == {"previous": "2024-12-31", "year": "2024-12-31"}
    table = paper_of(report).parts[0].tables[0]
    assert [head.label for head in table.heads] == ["指标", "单位", "本期", "上期", "比上期", "目标", "评判"]
    assert {len(row) for row in table.rows} == {7}
    assert "上期即上年同期，指截至2024年12月31日。" in paper_of(report).lead[0]


def test_week_stands_in_one_pair_of_brackets(world):
    paper = paper_of(draft(world, of=REPORTS["weekly_dispatch"]))
    assert paper.subtitle == "（2026年第47周，11月16日至11月22日）"


def test_turnover_goes_by_one_name_in_words_and_tables(world):
    report = draft(world, of=REPORTS["monthly_report"])
    part = next(part for part in paper_of(report).parts if part.key == "turnover")
    assert part.says[0].startswith("近12个月入职 0 人，离职 ")
    assert "，离职率 " in part.says[0]
    assert [row[0].text for row in part.tables[0].rows] == ["近12个月入职", "近12个月离职", "离职率"]
