"""The yearly report on proposals: its figures are those of the catalogue, in the Word file and in the workbook."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from docx import Document

from portal.core.reports.cadence import Cadence
from portal.core.reports.files import rendered
from portal.registry import REPORTS
from proposals.models import ClassChange, Deadline
from tests import world as w
from tests.core.reports.makers import draft, last_day
from tests.proposals import cases

pytestmark = pytest.mark.django_db


def answered(number: str, assigned: date, late: int = 0) -> None:
    """A part with an answer, so many days after its last day."""
    due = assigned + timedelta(days=60)
    made = cases.handling(
        cases.proposal(number, received_on=assigned, filed_on=assigned), assigned_on=assigned, stage="sent", result="A",
        replied_on=due + timedelta(days=late), sent_on=due + timedelta(days=late),
    )  # fmt: skip
    about = {"kind": "reply", "starts_on": assigned, "months": 2, "unrolled_on": due, "due_on": due}
    Deadline.objects.create(handling=made, division_id=made.division_id, **about)
    ClassChange.objects.create(handling=made, before="", after="A", on=due, changed_by=cases.user("office"))


def test_report_of_a_year_tells_its_figures_in_both_files(world):
    year = last_day(world, Cadence.YEAR).year
    answered("0001", date(year, 2, 10))
    answered("0002", date(year, 2, 11))
    answered("0003", date(year, 2, 12), late=9)
    report = draft(world, w.DISTRICT, REPORTS["proposals_year"])
    own = {
        line["indicator"]: line["now"].get("value") for part in report.content["sections"][:6] for line in part["own"]
    }
    assert (own["proposals"], own["answers"], own["answers_on_time_share"]) == ("3", "3", "66.67")
    assert (own["answers_contact_share"], own["answers_a_share"]) == ("0.00", "100.00")
    text = "\n".join(one.text for one in Document(io.BytesIO(rendered(report, "docx"))).paragraphs)
    assert "东区提案建议办理年度情况" in text
    assert "按期办复率 66.67%" in text
    sheets = openpyxl.load_workbook(io.BytesIO(rendered(report, "xlsx")))
    values = [cell.value for sheet in sheets.worksheets for row in sheet.iter_rows() for cell in row]
    assert 66.67 in values
