"""From draft to published and corrected: who may, what is guarded, what can never change again."""

import pytest
from django.core.exceptions import ValidationError
from django.db import InternalError, transaction

from portal.core.audit.models import AuditEvent
from portal.core.lib.clock import today
from portal.core.reports.actions import (
    correct_report,
    discard_report,
    make_report,
    refresh_report,
    switch_reports,
    write_remarks,
)
from portal.core.reports.cadence import Cadence, due_day, just_ended, period_of
from portal.core.reports.changing import FiguresOutdated, ReportChanged, ReportExists
from portal.core.reports.files import file_of
from portal.core.reports.freezing import digest_of
from portal.core.reports.models import Report, ReportFile, ReportState, ReportSubscription
from portal.core.reports.signing import publish_report, return_report, sign_report
from portal.core.territory.models import Division
from portal.core.workdays.queries import specials
from tests import factories
from tests import world as w
from tests.core.reports.makers import MONTHLY, draft, kind
from tests.together import together


@pytest.fixture
def report(world):
    return draft(world)


def signed(world, report, **more):
    return sign_report(report=report, kind=MONTHLY, version=report.version, by=world.users.district, **more)


def published(world, report):
    report = signed(world, report)
    return publish_report(report=report, version=report.version, by=world.users.district)


def acts() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("act", flat=True))


def test_draft_is_due_by_the_default_and_by_the_rule_of_the_place(world, report):
    assert (report.state, report.made_by, report.edition) == ("draft", "system", 1)
    period = just_ended(Cadence.MONTH, world.today)
    assert report.due_on == due_day(period, 5, specials())
    days = {"week": 1, "month": 9, "quarter": 9, "half_year": 9, "year": 9}
    factories.rule("report.due", days, w.CITY)
    assert draft(world, w.STREET).due_on == due_day(period, 9, specials())
    factories.rule("report.due", days | {"month": 1}, w.DISTRICT)
    assert draft(world, w.NEIGHBOUR).due_on == due_day(period, 1, specials())


def test_period_under_way_has_no_report(world):
    with pytest.raises(ValidationError, match="还没有结束"):
        make_report(
            kind=MONTHLY, division=world.divisions[w.DISTRICT], period=period_of(Cadence.MONTH, world.today), by=None
        )


def test_second_report_of_a_period_is_refused_and_names_the_first(world, report):
    with pytest.raises(ReportExists) as error:
        draft(world, by=world.users.district)
    assert error.value.report == report
    assert draft(world, of=kind("another")).pk != report.pk


@pytest.mark.parametrize(
    ("user", "may"), [("city", True), ("street", False), ("community", False), ("outsider", False)]
)
def test_reports_are_made_by_those_who_may_in_the_territory(world, user, may):
    if may:
        assert draft(world, by=getattr(world.users, user)).made_by == user
    else:
        with pytest.raises(ValidationError, match="您没有办理这个单位报告的权限。"):
            draft(world, by=getattr(world.users, user))


def test_signing_is_for_a_person_with_the_right(world, report):
    for by in (None, world.users.street, world.users.community, world.users.outsider):
        with pytest.raises(ValidationError, match="您没有办理这个单位报告的权限。"):
            sign_report(report=report, kind=MONTHLY, version=report.version, by=by)
    of_street = draft(world, w.STREET, by=world.users.street)
    with pytest.raises(ValidationError, match="权限"):
        sign_report(report=of_street, kind=MONTHLY, version=of_street.version, by=world.users.street)
    done = signed(world, report)
    assert (done.state, done.signed_by) == ("signed", "district")
    assert done.signed_at is not None
    assert done.seal == digest_of({"content": done.content, "remarks": {}})
    assert acts()[-1] == "sign_report"


def test_outdated_figures_are_refreshed_or_kept_for_a_reason(world, report):
    factories.worker("迟登", w.SPRING)
    with pytest.raises(FiguresOutdated, match="个数字变了") as error:
        signed(world, report)
    assert len(error.value.changes) > 0
    kept = signed(world, report, keep_reason=" 迟登的人次月计入 ")
    assert (kept.state, kept.kept_reason) == ("signed", "迟登的人次月计入")
    back = return_report(report=kept, version=kept.version, reason="改用新数据", by=world.users.district)
    assert (back.state, back.seal, back.signed_at, back.kept_reason) == ("draft", "", None, "")
    fresh = refresh_report(report=back, kind=MONTHLY, version=back.version, by=world.users.district)
    assert fresh.digest != report.digest
    assert signed(world, fresh, keep_reason="多余的理由").kept_reason == ""


def test_remarks_are_kept_by_section_while_it_is_a_draft(world, report):
    given = {
        "staffing": {"causes": " 招录未完成 ", "next": ""},
        "findings": {"next": "十二月清零"},
        "unknown": {"next": "x"},
    }
    said = write_remarks(report=report, remarks=given, version=report.version, by=world.users.district)
    assert said.remarks == {"staffing": {"causes": "招录未完成"}, "findings": {"next": "十二月清零"}}
    fresh = refresh_report(report=said, kind=MONTHLY, version=said.version, by=world.users.district)
    assert fresh.remarks == said.remarks
    with pytest.raises(ValidationError, match="最多 2000 个字"):
        write_remarks(
            report=fresh, remarks={"staffing": {"next": "长" * 2001}}, version=fresh.version, by=world.users.district
        )
    done = signed(world, fresh)
    with pytest.raises(ReportChanged):
        write_remarks(report=done, remarks={}, version=done.version, by=world.users.district)
    with pytest.raises(ReportChanged):
        refresh_report(report=done, kind=MONTHLY, version=done.version, by=world.users.district)


def test_whoever_comes_second_is_told(world, report):
    write_remarks(report=report, remarks={}, version=report.version, by=world.users.district)
    with pytest.raises(ReportChanged):
        write_remarks(report=report, remarks={}, version=report.version, by=world.users.city)
    with pytest.raises(ReportChanged):
        signed(world, report)
    with pytest.raises(ReportChanged):
        discard_report(report=report, version=report.version, by=world.users.district)
    assert Report.objects.get().state == "draft"


def test_published_report_keeps_its_files_and_their_hashes_in_the_trail(world, report):
    out = published(world, report)
    assert (out.state, out.published_by) == ("published", "district")
    files = {file.form: file for file in ReportFile.objects.filter(report=out)}
    assert set(files) == {"docx", "xlsx"}
    event = AuditEvent.objects.get(act="publish_report")
    assert {form: event.detail[form] for form in files} == {form: file.sha256 for form, file in files.items()}
    name, content = file_of(out, "docx")
    assert (name, content) == (f"东区样报（{out.period}）.docx", bytes(files["docx"].content))


def test_published_report_is_the_same_after_everything_else_has_changed(world, report):
    out = published(world, report)
    before = {form: file_of(out, form) for form in ("docx", "xlsx")}
    factories.worker("后来", w.SPRING)
    Division.objects.filter(pk=w.DISTRICT).update(label="改名区")
    again = Report.objects.get(pk=out.pk)
    assert {form: file_of(again, form) for form in before} == before
    assert again.content == report.content


@pytest.mark.parametrize("state", ["signed", "published"])
@pytest.mark.parametrize(
    "change", [{"content": {}}, {"remarks": {"staffing": {"next": "x"}}}, {"digest": "0" * 64}, {"period": "2020-01"}]
)
def test_database_refuses_to_change_what_was_signed(world, report, state, change):
    done = signed(world, report) if state == "signed" else published(world, report)
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        Report.objects.filter(pk=done.pk).update(**change)
    with pytest.raises(InternalError, match="Cannot delete"), transaction.atomic():
        Report.objects.filter(pk=done.pk)._raw_delete("default")


def test_database_refuses_to_change_a_published_signature_or_file(world, report):
    out = published(world, report)
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        Report.objects.filter(pk=out.pk).update(signed_by="别人")
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        ReportFile.objects.filter(report=out).update(content=b"x")
    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        ReportFile.objects.filter(report=out).delete()


def test_published_report_goes_only_when_its_correction_is_out(world, report):
    out = published(world, report)
    factories.worker("补登", w.SPRING)
    with pytest.raises(ValidationError, match="请写明更正的原因"):
        correct_report(report=out, kind=MONTHLY, reason=" ", by=world.users.district)
    newer = correct_report(report=out, kind=MONTHLY, reason="补登一人", by=world.users.district)
    assert (newer.edition, newer.corrects_id, newer.state) == (2, out.pk, "draft")
    assert newer.digest != out.digest
    with pytest.raises(ReportExists) as error:
        correct_report(report=out, kind=MONTHLY, reason="再来", by=world.users.district)
    assert error.value.report == newer
    newer = signed(world, newer)
    assert Report.objects.get(pk=out.pk).state == "published"
    publish_report(report=newer, version=newer.version, by=world.users.district)
    old = Report.objects.get(pk=out.pk)
    assert old.state == "withdrawn"
    assert old.withdrawn_at is not None
    assert file_of(old, "xlsx") == file_of(out, "xlsx")
    assert "第2版" in file_of(Report.objects.get(pk=newer.pk), "docx")[0]
    with pytest.raises(ReportChanged):
        correct_report(report=old, kind=MONTHLY, reason="更正旧版", by=world.users.district)


def test_only_drafts_are_dropped_and_their_history_stays(world, report):
    pk = report.pk
    discard_report(report=report, version=report.version, by=world.users.district)
    assert not Report.objects.exists()
    assert list(Report.pgh_event_model.objects.filter(pgh_obj_id=pk).order_by("pgh_id").values_list("pgh_label", flat=True)) == [
        "insert", "delete",
    ]  # fmt: skip
    done = signed(world, draft(world))
    with pytest.raises(ValidationError, match="只有草稿可以作废"):
        discard_report(report=done, version=done.version, by=world.users.district)


def test_report_whose_content_was_tampered_with_is_not_published(world, report):
    done = signed(world, report)
    Report.objects.filter(pk=done.pk).update(seal="0" * 64)
    done.refresh_from_db()
    with pytest.raises(ValidationError, match="与签发时不一致"):
        publish_report(report=done, version=done.version, by=world.users.district)
    assert not ReportFile.objects.exists()


def test_every_state_has_its_way_out_and_no_other(world, report):
    with pytest.raises(ReportChanged):
        publish_report(report=report, version=report.version, by=world.users.district)
    with pytest.raises(ReportChanged):
        return_report(report=report, version=report.version, reason="x", by=world.users.district)
    out = published(world, report)
    with pytest.raises(ReportChanged):
        return_report(report=out, version=out.version, reason="x", by=world.users.district)
    with pytest.raises(ReportChanged):
        publish_report(report=out, version=out.version, by=world.users.district)


def test_kinds_are_switched_for_a_division_from_today_on(world):
    kinds = {one.key: one for one in (kind("usual", levels=frozenset({3})), kind("other"))}
    district, by = world.divisions[w.DISTRICT], world.users.district
    assert switch_reports(division=district, kinds=kinds, wanted=["usual"], by=by) == []
    assert not ReportSubscription.objects.exists()
    assert switch_reports(division=district, kinds=kinds, wanted=["other"], by=by) == ["usual", "other"]
    lines = {line.kind: (line.on, line.since) for line in ReportSubscription.objects.all()}
    assert lines == {"usual": (False, today()), "other": (True, today())}
    assert switch_reports(division=district, kinds=kinds, wanted=["other"], by=by) == []
    with pytest.raises(ValidationError, match="权限"):
        switch_reports(division=world.divisions[w.STREET], kinds=kinds, wanted=[], by=world.users.street)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_report(world):
    answers = together(lambda: draft(world), lambda: draft(world))
    kinds = sorted(type(answer).__name__ for answer in answers)
    assert kinds == ["Report", "ReportExists"]
    assert Report.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_sign_once(world):
    report = draft(world)
    answers = together(lambda: signed(world, report), lambda: signed(world, report))
    assert sorted(type(answer).__name__ for answer in answers) == ["Report", "ReportChanged"]
    assert Report.objects.get().state == ReportState.SIGNED
    assert Report.objects.get().version == report.version + 1
