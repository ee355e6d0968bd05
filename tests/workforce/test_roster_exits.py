"""What a roster sheet says of leaving becomes an exit with a typed reason; the party of a contract gets its kind."""

from datetime import date

import pytest

from tests import rosters
from tests import world as w
from workforce.models import Contract, Exit, Person


def import_lines(world, *lines) -> None:
    rosters.applied(world.users.street, world.divisions[w.STREET], list(lines))


def leaving(reason: str, seq: int = 1, day: str = "2026-01-31", **cells) -> dict:
    return rosters.line(seq, hired_on="2025-03-01", left_on=day, leaving_reason=reason, **cells)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("两年内未取得证书", "no_certificate"),
        ("年度考核不合格", "failed_assessment"),
        ("个人原因辞职", "resignation"),
        ("达到退休年龄", "retirement"),
        ("录用为公务员", "transfer_up"),
        ("换届未连任", "not_reelected"),
        ("违纪被开除", "discipline"),
        ("因病去世", "death"),
        ("劳动合同期满", "contract_ended"),
        ("随军", "other"),
    ],
)
def test_text_of_the_sheet_gives_the_typed_reason_and_stays_as_note(world, text, reason):
    import_lines(world, leaving(text))
    row = Exit.objects.get()
    assert (row.division_id, row.hired_on, row.left_on, row.reason, row.note) == (
        w.SPRING, date(2025, 3, 1), date(2026, 1, 31), reason, text,
    )  # fmt: skip


def test_corrected_day_and_reason_correct_the_exit(world):
    import_lines(world, leaving("辞职"))
    Exit.objects.update(note="回原籍")
    import_lines(world, leaving("辞职", day="2026-02-28"))
    assert Exit.objects.values_list("left_on", "reason", "note").get() == (date(2026, 2, 28), "resignation", "回原籍")
    import_lines(world, leaving("退休", day="2026-02-28"))
    assert Exit.objects.values_list("left_on", "reason", "note").get() == (date(2026, 2, 28), "retirement", "退休")


def test_return_keeps_the_exit(world):
    import_lines(world, leaving("辞职", valid_to="2026-01-31", contract_to="2026-01-31"))
    import_lines(world, rosters.line(1, valid_from="2026-06-01", contract_from="2026-06-01"))
    person = Person.objects.get(name=rosters.line(1)["name"])
    assert (person.left_on, list(person.exits.values_list("left_on", flat=True))) == (None, [date(2026, 1, 31)])


def test_sheet_without_leavers_writes_no_exit_and_types_the_parties(world):
    import_lines(world, rosters.line(1), rosters.line(2, party="一号街道社区工作者事务所"))
    assert Exit.objects.count() == 0
    new = Contract.objects.filter(valid_from=date(2025, 3, 1)).order_by("party")
    assert list(new.values_list("party", "party_kind")) == [
        ("一号街道办事处", "street"), ("一号街道社区工作者事务所", "office"),
    ]  # fmt: skip
