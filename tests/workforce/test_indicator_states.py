"""No figure says 0 where nobody set the rule, or nothing was ever registered: these are states of their own, in words."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.urls import reverse
from docx import Document

from portal.core.indicators import sources
from portal.core.indicators.figures import Met, State
from portal.core.indicators.rows import RowsBehind
from portal.core.indicators.values import FigureQuery, figure_afresh, kept
from portal.core.lib.clock import today
from portal.core.reports.cadence import Cadence, period_named
from portal.core.reports.files import rendered
from portal.core.reports.freezing import freeze
from portal.core.territory.chosen import Chosen
from portal.registry import INDICATORS, REPORTS
from tests import factories
from tests import world as w
from tests.core.reports.makers import draft
from tests.workforce.casework import TWO_YEARS, set_deadline
from workforce.actions.tallies import recount
from workforce.models import Appointment, Contract, Grid, Snapshot

OVERDUE, DUE_90 = INDICATORS["certificate_overdue"], INDICATORS["certificate_due_90"]


def of(key: str, code: str, on: date | None = None):
    return figure_afresh(INDICATORS[key], code, on or today())


@pytest.mark.parametrize("one", [OVERDUE, DUE_90])
@pytest.mark.parametrize("code", ["96", w.DISTRICT, w.SPRING])
def test_without_a_deadline_rule_nobody_is_in_time(world, one, code):
    figure = figure_afresh(one, code, world.today)
    assert (figure.state, figure.value, figure.met, figure.text) == (
        State.NOT_IN_FORCE, None, Met.NOT_IN_FORCE, "未生效",
    )  # fmt: skip
    counted = FigureQuery((one,), Chosen(("",), world.today, under=code, codes=(code,)), figures_on=date(1999, 1, 1))
    assert counted.lines()[0][one.key].state == State.NOT_IN_FORCE


def test_with_a_deadline_rule_those_overdue_are_counted_and_cite_it(world):
    set_deadline()
    recount()
    figure = of("certificate_overdue", w.DISTRICT)
    assert (figure.state, figure.value, figure.met) == (State.VALUE, 2, Met.NO_TARGET)
    assert figure.rule.source == "示例文件〔2018〕1号 第一条"
    assert of("certificate_due_90", w.DISTRICT).value == 0
    behind = RowsBehind(OVERDUE.book, OVERDUE.part("numerator"), w.DISTRICT, world.today, ("",))
    assert behind.count() == 2


def test_a_rule_further_down_counts_further_up_though_it_does_not_hold_there(world):
    factories.rule("certificate.deadline", TWO_YEARS, w.DISTRICT)
    recount()
    assert (of("certificate_overdue", "96").state, of("certificate_overdue", "96").value) == (State.VALUE, 2)
    assert of("certificate_due_90", "96").value == 0
    assert of("certificate_overdue", "96").met == Met.NOT_IN_FORCE
    assert of("certificate_overdue", "960102").state == State.NOT_IN_FORCE


def test_a_roster_without_anybody_has_nobody_to_be_in_time(world):
    set_deadline()
    recount()
    for key in ("certificate_overdue", "certificate_due_90", "schooling_unknown"):
        assert of(key, w.SNOW).state == State.NO_DATA


def test_places_without_the_rule_stand_last_not_first(world):
    factories.rule("certificate.deadline", TWO_YEARS, w.DISTRICT)
    recount()
    chosen = Chosen(("",), world.today, under="96", level=3)
    lines = FigureQuery((OVERDUE,), chosen).lines("certificate_overdue")
    assert [(line.code, line[OVERDUE.key].value) for line in lines] == [("960101", 2), ("960102", None)]


def test_a_month_kept_is_judged_by_the_rule_of_its_day(world):
    end = world.today.replace(day=1) - timedelta(days=1)
    Snapshot.objects.all().delete()
    Snapshot.objects.create(division_id=w.DISTRICT, on=end, workers=4)
    (before,) = kept((OVERDUE,), w.DISTRICT, end, end)
    set_deadline()
    (after,) = kept((OVERDUE,), w.DISTRICT, end, end)
    assert (before[OVERDUE.key].state, after[OVERDUE.key].state) == (State.NOT_IN_FORCE, State.VALUE)


def test_reports_say_it_in_words(world):
    content = freeze(REPORTS["year_end_circular"], world.divisions["96"], period_named(Cadence.YEAR, "2025"))
    section = next(one for one in content["sections"] if one["key"] == "certificates")
    assert section["says"][1] == "逾期未取得证书的人数：未生效；三个月内期限届满的人数：未生效。"
    line = next(one for one in section["own"] if one["indicator"] == "certificate_overdue")
    assert line["now"]["state"] == "not_in_force" and "value" not in line["now"]
    assert content["indicators"]["certificate_overdue"]["judged"] is False


def test_files_of_reports_say_it_in_words(world):
    report = draft(world, "96", REPORTS["year_end_circular"])
    told = "逾期未取得证书的人数：未生效；三个月内期限届满的人数：未生效。"
    paragraphs = [one.text for one in Document(io.BytesIO(rendered(report, "docx"))).paragraphs]
    assert sum(told in text for text in paragraphs) == 1
    book = openpyxl.load_workbook(io.BytesIO(rendered(report, "xlsx")))
    rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    assert {row[2] for row in rows if row[:2] == ("逾期未取得证书的人数", "人")} == {"未生效"}


def test_the_page_of_the_figure_says_it_and_its_rows_are_still_there(world, login):
    browser = login(world.users.city)
    url = reverse("indicator", args=["certificate_overdue"])
    said = browser.get(url, {"place": w.DISTRICT}).content.decode()
    assert "所依据的规则未生效，算不出来" in said
    set_deadline()
    recount()
    assert "所依据的规则未生效" not in browser.get(url, {"place": w.DISTRICT}).content.decode()
    rows = reverse("indicator_rows", args=["certificate_overdue"])
    assert "钱风" in browser.get(rows, {"place": w.DISTRICT, "part": "numerator"}).content.decode()


COMMITTEES = ("communities_without_secretary", "communities_without_chair", "communities_apart", "secretaries_women")
GRIDS = ("grids_without_chief", "grids_without_full_time", "grids_without_instructor")
CONTRACTS = ("contract_ends_30", "contract_ends_60", "contract_ends_90")


def test_committees_never_recorded_have_no_vacancies(world):
    Appointment.objects.filter(division_id=w.SPRING).update(body="station", tier=3)
    recount()
    for key in COMMITTEES:
        assert (key, of(key, w.SPRING).state) == (key, State.NO_DATA)


def test_grids_never_registered_lack_nobody(world):
    Grid.objects.filter(division_id=w.AUTUMN).delete()
    recount()
    for key in GRIDS:
        assert (key, of(key, w.AUTUMN).state) == (key, State.NO_DATA)


def test_contracts_never_registered_do_not_end(world):
    Contract.objects.all().delete()
    recount()
    for key in CONTRACTS:
        assert (key, of(key, w.SPRING).state) == (key, State.NO_DATA)
    assert of("contract_missing", w.SPRING).state == State.VALUE
    assert of("contract_missing", w.SNOW).state == State.NO_DATA


@pytest.mark.parametrize("key", ["requests_overdue", "deliberations_overdue"])
def test_nothing_taken_in_is_not_nothing_overdue(world, key):
    assert of(key, w.SPRING).state == State.NO_DATA


def test_no_count_of_shortcomings_stands_without_what_it_is_counted_among():
    """A plain count that is better low reads as praise where it is 0: it has to say when there is nothing to praise."""
    plain = [one for one in INDICATORS.values() if one.better == "lower" and not one.divided]
    assert {one.key for one in plain if not (one.known or one.ruled)} == {"staffing_gap"}


def test_every_citation_is_a_document_of_the_rule_book():
    """What a figure cites stands in one list of documents; a number that nobody gave stands nowhere."""
    named = (text for name, text in vars(sources).items() if name.isupper())
    documents = {one for text in named for one in text.split("；")}
    assert {one for figure in INDICATORS.values() for one in figure.citation.split("；") if one} == documents
    assert "61号" not in "".join(documents) and "津民发" not in "".join(documents)


def test_the_table_of_the_two_committees_names_its_source():
    table = "cross_appointment committee_women_share committee_young_share committee_college_share committee_mean_age"
    people = "secretaries_mean_age secretaries_women secretaries_college_share one_shoulder_rate committee_members"
    for key in (table + " " + people).split():
        assert "朝民函〔2023〕32号" in INDICATORS[key].citation, key
