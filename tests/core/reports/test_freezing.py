"""Figures of a report come from the indicators as of the last day of its period, and are plain data afterwards."""

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from portal.core.indicators import days
from portal.core.indicators.values import figure_afresh
from portal.core.reports.cadence import Cadence, period_named
from portal.core.reports.comparing import changes, numbers_of
from portal.core.reports.declare import FigureSection
from portal.core.reports.freezing import digest_of, freeze
from portal.core.reports.frozen_findings import NOT_LOOKED
from portal.core.reports.models import Report
from portal.core.reports.words import Told
from portal.core.territory.models import Division, Population
from portal.registry import INDICATORS
from tests import factories
from tests import world as w
from tests.core.findings.makers import finding
from tests.core.reports.makers import MONTHLY, RATIO, SHARE, WORKERS, draft, kind, last_day

OCTOBER = period_named(Cadence.MONTH, "2026-10")


def section(content: dict, key: str) -> dict:
    return next(one for one in content["sections"] if one["key"] == key)


def own(content: dict, indicator: str) -> dict:
    return next(line for line in section(content, "staffing")["own"] if line["indicator"] == indicator)


def test_figures_are_those_of_the_last_day_with_all_that_they_were_made_of(world):
    content = draft(world).content
    figure = figure_afresh(SHARE, w.DISTRICT, last_day(world))
    line = own(content, "certified_share")
    assert line["now"]["value"] == str(figure.value) == "60.0"
    assert (line["now"]["numerator"], line["now"]["denominator"]) == (3, 5)
    assert content["on"] == last_day(world).isoformat()
    ratio = own(content, "staffing_ratio")["now"]
    assert (ratio["value"], ratio["met"], ratio["target"]) == ("1.66", "missed", "18")
    assert ratio["source"] == "示例文件〔2022〕1号 第一条"
    assert ratio["population"] == {
        "value": 30_000, "basis": "urban_permanent", "basis_label": "城镇常住人口", "on": "2020-11-01", "own": True,
        "source": "示例普查公报",
    }  # fmt: skip
    definition = content["indicators"]["certified_share"]
    assert (definition["label"], definition["unit"], definition["decimals"]) == ("持证率", "percent", 1)
    assert definition["formula"] == str(SHARE.formula)


def test_divisions_below_are_ranked_with_equals_sharing_a_place(world):
    rows = section(draft(world).content, "staffing")["rows"]
    assert [(row["name"], row["rank"], row["figures"]["certified_share"]["value"]) for row in rows] == [
        ("二号街道", 1, "100.0"),
        ("一号街道", 2, "50.0"),
    ]
    assert [row["figures"]["workers"]["value"] for row in rows] == ["1", "4"]
    factories.worker("新人", w.AUTUMN, hired_on=date(2024, 1, 1))
    rows = section(freeze(MONTHLY, world.divisions[w.DISTRICT], OCTOBER), "staffing")["rows"]
    assert [(row["name"], row["rank"]) for row in rows] == [("一号街道", 1), ("二号街道", 1)]


def test_figure_moved_since_the_period_before_and_the_year_before(world):
    someone = factories.person("新人")
    factories.contract(someone, valid_from=date(2026, 10, 1))
    factories.appointment(someone, w.SPRING, valid_from=date(2026, 10, 1))
    content = freeze(MONTHLY, world.divisions[w.DISTRICT], OCTOBER)
    line = own(content, "workers")
    assert [line[when]["value"] for when in ("now", "previous", "year")] == ["6", "5", "5"]
    assert (line["previous_change"], line["year_change"]) == ("1", "1")
    assert own(content, "certified_share")["previous_change"] == "-10.0"
    assert content["days"] == {"previous": "2026-09-30", "year": "2025-10-31"}
    assert section(content, "staffing")["says"][0] == (
        "截至2026年10月31日，东区在岗 6 人，比上期增加 1 人；2.00 人，目标 18 人，未达标。"
    )


def test_days_of_a_big_place_are_counted_though_nothing_was_kept(world, monkeypatch):
    monkeypatch.setattr(days, "PEOPLE_AT_MOST", 3)
    line = own(freeze(MONTHLY, world.divisions[w.DISTRICT], OCTOBER), "workers")
    assert [line[when]["value"] for when in ("now", "previous", "year")] == ["5", "5", "5"]


def test_nothing_to_compare_with_is_no_data_and_not_zero(world):
    weekly = kind("sample_week", Cadence.WEEK)
    content = freeze(weekly, world.divisions[w.DISTRICT], period_named(Cadence.WEEK, "2020-W53"))
    line = own(content, "workers")
    assert (line["year"], line["year_change"]) == (None, None)
    assert content["days"]["year"] is None
    assert own(content, "certified_share")["now"]["state"] == "no_data"
    assert own(content, "staffing_ratio")["now"]["met"] == "not_in_force"
    told = Told(figure_afresh(SHARE, w.UNKNOWN, last_day(world)), None, None)
    assert (f"{told}", f"{told:previous}", f"{told:target}") == ("无数据", "上期无数据可比", "目标未生效")


def test_content_is_chinese_whoever_makes_it_and_survives_the_database(world):
    with translation.override("en"):
        report = draft(world, by=world.users.district)
    assert report.content["indicators"]["workers"]["label"] == "社区工作者"
    kept = Report.objects.get(pk=report.pk)
    assert digest_of(kept.content) == kept.digest == report.digest
    assert digest_of(json.loads(json.dumps(kept.content))) == kept.digest


def test_content_names_nobody(world):
    text = json.dumps(draft(world).content, ensure_ascii=False)
    assert "赵春" in world.people
    assert not [name for name in world.people if name in text]


def test_findings_balance(world):
    last = last_day(world)
    first, before = last.replace(day=1), last.replace(day=1) - timedelta(days=1)
    gone = {"state": "resolved"}
    finding(w.SPRING, opened_on=before)
    finding(w.SPRING, opened_on=before, resolved_on=before, **gone)
    finding(w.SPRING, opened_on=before, resolved_on=first, **gone)
    finding(w.SUMMER, opened_on=first, resolved_on=last, **gone)
    finding(w.AUTUMN, opened_on=last, due_on=last)
    finding(w.AUTUMN, opened_on=last, resolved_on=last + timedelta(days=1), **gone)
    finding(w.SNOW, opened_on=first)
    finding(w.SPRING, kind="other", opened_on=first)
    finding(w.SPRING, opened_on=last + timedelta(days=1))
    found = section(draft(world).content, "findings")
    counts = {"before": 2, "opened": 3, "resolved": 2, "standing": 3, "overdue": 1}
    assert found["kinds"] == [{"key": "sample", "name": "样例检查", **counts}]
    assert found["total"] == counts
    assert counts["before"] + counts["opened"] - counts["resolved"] == counts["standing"]
    assert found["rows"] == [
        {"code": w.STREET, "name": "一号街道", "before": 2, "opened": 1, "resolved": 2, "standing": 1, "overdue": 0},
        {"code": w.NEIGHBOUR, "name": "二号街道", "before": 0, "opened": 2, "resolved": 0, "standing": 2, "overdue": 1},
    ]
    assert found["says"] == ["期初有预警 2 条，本期新增 3 条、消除 2 条，期末有 3 条，其中已过期限 1 条。"]


def test_no_findings_before_the_first_look_is_no_data_and_not_none(world):
    def said() -> list[str]:
        content = freeze(MONTHLY, world.divisions[w.DISTRICT], OCTOBER)
        return [section(content, key)["says"][0] for key in ("findings", "due")]

    assert said() == [NOT_LOOKED, NOT_LOOKED]
    finding(w.FAR, opened_on=OCTOBER.ends_on)
    assert said() == ["本期没有预警。", "2026年11月（至2026年11月30日）没有到期的预警。"]


def test_what_falls_due_in_the_next_period(world):
    factories.rule("certificate.share_target", {"percent": 80, "due": "2030-12-31"})
    last = last_day(world)
    for ahead in (0, 1, 5, 60):
        finding(w.SPRING, opened_on=last, due_on=last + timedelta(days=ahead))
    found = section(draft(world).content, "due")
    assert found["kinds"] == [
        {"key": "sample", "name": "样例检查", "count": 2, "first": (last + timedelta(days=1)).isoformat()}
    ]
    assert found["says"][1].startswith("持证率 60.0%，目标 80%（2030年12月31日前），未达标，还差 1 人；距期限还有 ")


def test_place_that_did_not_exist_has_no_report(world):
    Division.objects.filter(pk=w.DISTRICT).update(valid_from=last_day(world) + timedelta(days=1))
    with pytest.raises(ValidationError, match="还没有“东区”这个区划"):
        draft(world)


def test_fresh_count_shows_what_changed_since(world):
    report = draft(world)
    assert changes(report.content, freeze(MONTHLY, report.division, report.span)) == []
    factories.worker("迟登", w.SPRING)
    found = changes(report.content, freeze(MONTHLY, report.division, report.span))
    seen = {(one.place, one.label): (one.old, one.new, one.parts) for one in found}
    assert seen["东区", "社区工作者"] == ("5", "6", "")
    assert seen["东区", "持证率"] == ("60.0%", "50.0%", "3/5 → 3/6")
    assert seen["一号街道", "持证率"] == ("50.0%", "40.0%", "2/4 → 2/5")
    assert ("二号街道", "持证率") not in seen


def test_same_percentage_of_other_numbers_is_a_change(world):
    report = draft(world)
    for number in range(5):
        factories.worker(f"新{number}", w.SPRING, certified=number < 3)
    found = changes(report.content, freeze(MONTHLY, report.division, report.span))
    share = next(one for one in found if (one.place, one.label) == ("东区", "持证率"))
    assert (share.old, share.new, share.parts) == ("60.0%", "60.0%", "3/5 → 6/10")


def test_every_number_has_a_key_of_its_own(world):
    finding(w.SPRING, opened_on=last_day(world))
    found = list(numbers_of(draft(world).content))
    assert len({key for key, _number in found}) == len(found) == 9 + 4 + 5 + 5


def test_section_can_rank_only_what_it_prints_and_what_has_a_better_side():
    with pytest.raises(ValueError, match="cannot be ranked"):
        FigureSection(key="x", title="x", own=(SHARE,), below=(WORKERS,), ranked=SHARE)
    with pytest.raises(ValueError, match="cannot be ranked"):
        FigureSection(key="x", title="x", own=(WORKERS,), below=(WORKERS,), ranked=WORKERS)


def test_report_holds_no_figure_that_not_every_reader_may_see():
    closed = next(one for one in INDICATORS.values() if one.perm)
    with pytest.raises(ValueError, match="not every reader"):
        kind(sections=(FigureSection(key="x", title="x", own=(closed,)),))


def test_sentence_asks_only_for_what_there_is(world):
    told = Told(figure_afresh(RATIO, w.DISTRICT, last_day(world)), None, None)
    with pytest.raises(ValueError, match="nothing that a sentence can ask for"):
        f"{told:median}"


def test_figures_per_resident_of_different_bases_are_not_compared(world):
    Population.objects.filter(division=w.DISTRICT).delete()
    factories.population(w.DISTRICT, 60_000, date(2020, 11, 1), "permanent")
    factories.population(w.DISTRICT, 30_000, date(2026, 10, 15), "urban_permanent")
    content = freeze(MONTHLY, world.divisions[w.DISTRICT], OCTOBER)
    ratio = own(content, "staffing_ratio")
    assert [ratio[when]["value"] for when in ("now", "previous")] == ["1.66", "0.83"]
    assert (ratio["previous_change"], ratio["year_change"]) == (None, None)
    assert own(content, "workers")["previous_change"] == "0"
    now, before = (figure_afresh(RATIO, w.DISTRICT, day) for day in (OCTOBER.ends_on, OCTOBER.before.ends_on))
    told = Told(now, before, None)
    assert f"{told:previous}" == "上期的人口口径是常住人口，与本期不同，不作比较"
    assert f"{told:year}" == "上年同期无数据可比"


def test_divisions_of_another_basis_have_no_place_in_a_ranking_per_resident(world):
    factories.population(w.STREET, 20_000, date(2020, 11, 1), "permanent")
    factories.population(w.NEIGHBOUR, 10_000, date(2020, 11, 1), "urban_permanent")
    by_ratio = FigureSection(key="staffing", title="人员配备", own=(RATIO,), below=(RATIO,), ranked=RATIO)
    content = freeze(kind(sections=(by_ratio,)), world.divisions[w.DISTRICT], OCTOBER)
    rows = section(content, "staffing")["rows"]
    assert [(row["name"], row["rank"]) for row in rows] == [("一号街道", 1), ("二号街道", None)]
    assert section(content, "staffing")["says"] == []


def test_yearly_report_compares_once_and_not_twice_with_the_same_day(world):
    said = ("在岗 {workers}，{workers:previous}，{workers:year}；{certified_share}，{certified_share:year}。",)
    yearly = kind(cadence=Cadence.YEAR, sections=(FigureSection(key="x", title="x", own=(WORKERS, SHARE), says=said),))
    content = freeze(yearly, world.divisions[w.DISTRICT], period_named(Cadence.YEAR, "2025"))
    assert section(content, "x")["says"] == ["在岗 5 人，与上期持平；60.0%，与上年同期持平。"]
    assert content["days"]["previous"] == content["days"]["year"]


def test_changes_stand_in_the_order_of_the_columns_though_the_database_has_another(world):
    wide = FigureSection(key="staffing", title="人员配备", own=(WORKERS,), below=(SHARE, WORKERS))
    of = kind(sections=(wide,))
    report = Report.objects.get(pk=draft(world, of=of).pk)
    factories.worker("迟登", w.SPRING)
    found = changes(report.content, freeze(of, report.division, report.span))
    assert [one.label for one in found if one.place == "一号街道"] == ["持证率", "社区工作者"]


def test_week_that_follows_tells_its_days_once(world):
    finding(w.FAR, opened_on=date(2026, 11, 1))
    week = period_named(Cadence.WEEK, "2026-W46")
    content = freeze(kind("sample_week", Cadence.WEEK), world.divisions[w.DISTRICT], week)
    assert section(content, "due")["says"][0] == "2026年第47周（11月16日至11月22日）没有到期的预警。"


def test_change_of_a_yearly_report_is_told_once(world):
    yearly = kind(cadence=Cadence.YEAR, sections=(FigureSection(key="x", title="x", own=(WORKERS,)),))
    period = period_named(Cadence.YEAR, "2025")
    before = freeze(yearly, world.divisions[w.DISTRICT], period)
    factories.worker("迟登", w.SPRING)
    found = changes(before, freeze(yearly, world.divisions[w.DISTRICT], period))
    assert [(one.label, one.old, one.new) for one in found] == [
        ("社区工作者", "5", "6"),
        ("社区工作者（上期）", "5", "6"),
    ]
