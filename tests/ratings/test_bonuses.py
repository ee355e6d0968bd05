"""Bonus shares settled many at once from the list, and their amounts entered and corrected."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from portal.core.audit.models import AuditEvent
from portal.core.lib.clock import today
from ratings.actions.bonuses import set_bonus_amount, settle_bonuses
from ratings.actions.consequences import raise_consequences
from ratings.models import Consequence
from tests import world as w
from tests.ratings.starred import DECIDED, rules, star
from tests.workforce.test_views_pay import text_of
from workforce.actions.versions import Stale
from workforce.models import StarBonus

PAID = DECIDED + timedelta(days=3)


@pytest.fixture
def shares(world) -> list[Consequence]:
    """The five bonus shares of 春风 and 夏雨, and one of the neighbour's 秋叶."""
    rules()
    with transaction.atomic():
        raise_consequences(
            [star(world, code, grade) for code, grade in ((w.SPRING, 0), (w.SUMMER, 5), (w.AUTUMN, 4))],
            by=world.users.city,
        )
    return list(Consequence.objects.filter(kind="bonus").order_by("division_id", "pk"))


def settle(shares, by, **fields) -> int:
    given = {"state": "done", "done_on": PAID, "note": "第一批发放"}
    return settle_bonuses(pairs=[(one.pk, one.version) for one in shares], by=by, **(given | fields))


def states() -> set[tuple]:
    return set(Consequence.objects.filter(kind="bonus").values_list("division_id", "state", "done_on", "note"))


class TestSettling:
    def test_all_of_a_district_at_once(self, world, shares):
        assert settle(shares, world.users.district) == len(shares) == 6
        assert states() == {(code, "done", PAID, "第一批发放") for code in (w.SPRING, w.SUMMER, w.AUTUMN)}
        assert settle(Consequence.objects.filter(kind="bonus"), world.users.district) == 0

    def test_only_open_shares_as_they_were_read(self, world, shares):
        first, second, *_rest = shares
        Consequence.objects.filter(pk=first.pk).update(version=2)
        Consequence.objects.filter(pk=second.pk).update(state="dropped")
        talk = Consequence.objects.get(kind="talk")
        assert settle([*shares, talk], world.users.district) == 4
        talk.refresh_from_db()
        assert talk.state == "open"

    def test_nothing_on_a_day_before_the_decision(self, world, shares):
        assert settle(shares, world.users.district, done_on=DECIDED - timedelta(days=1)) == 0

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"done_on": today() + timedelta(days=1)}, "日期不能晚于今天。"),
            ({"note": " "}, "请写明落实情况，如发放批次、文号；不再适用的写明原因。"),
            ({"state": "open"}, "请选择“已落实”或“不再适用”。"),
        ],
    )
    def test_refused_in_words(self, world, shares, fields, sentence):
        with pytest.raises(ValidationError) as error:
            settle(shares, world.users.district, **fields)
        assert error.value.messages == [sentence]

    @pytest.mark.parametrize("who", ["street", "community", "outsider", "auditor"])
    def test_not_by_others(self, world, shares, who):
        assert settle(shares, getattr(world.users, who)) == 0

    def test_statements_do_not_grow_with_the_shares(self, world, shares, django_assert_max_num_queries):
        with django_assert_max_num_queries(8):
            settle(shares, world.users.district)


class TestPages:
    def post(self, client, shares, **more):
        sent = {"ticked": [f"{one.pk}.{one.version}" for one in shares], "state": "done", "done_on": PAID.isoformat()}
        return client.post(
            reverse("bonuses_settle") + "?kind=bonus", {**sent, "note": "第一批发放", **more}, follow=True
        )

    def test_ticked_ones_are_settled_and_the_filter_stays(self, world, login, shares):
        client = login(world.users.district)
        page = client.get(reverse("consequences"), {"kind": "bonus"}).content.decode()
        assert page.count('name="ticked"') == 6 and "批量登记勾选的绩效" in page
        answer = self.post(client, shares[:2])
        assert answer.redirect_chain[-1][0].endswith("?kind=bonus")
        assert "已登记 2 条绩效。" in text_of(answer)
        assert "2 条已由别人改动、已经处理或在这一天以后才决定，没有变。" in text_of(self.post(client, shares[:2]))

    def test_whole_page_without_ticks(self, world, login, shares):
        shown = [f"{one.pk}.{one.version}" for one in shares]
        answer = self.post(login(world.users.city), [], shown=shown, whole_page="on", state="dropped")
        assert "已登记 6 条绩效。" in text_of(answer)
        assert {row[1] for row in states()} == {"dropped"}

    def test_nothing_ticked_or_written_is_told(self, world, login, shares):
        client = login(world.users.district)
        assert "请先勾选要处理的绩效。" in text_of(self.post(client, []))
        assert "已登记" not in text_of(self.post(client, shares, note=""))
        assert {row[1] for row in states()} == {"open"}

    def test_readers_have_no_boxes(self, world, login, shares):
        page = login(world.users.street).get(reverse("consequences"), {"kind": "bonus"}).content.decode()
        assert 'name="ticked"' not in page and "批量登记" not in page

    def test_amount_by_form_and_its_correction_with_a_reason(self, world, login, shares):
        client, share = login(world.users.district), shares[0]
        url = reverse("bonus_amount", args=[share.pk])
        assert client.post(url, {"version": 1, "amount": "3600"}).status_code == 302
        assert "3,600 元" in text_of(client.get(reverse("consequences"), {"kind": "bonus"}))
        assert client.post(url, {"version": 2, "amount": "3800", "reason": ""}).status_code == 422
        assert client.post(url, {"version": 2, "amount": "3800", "reason": "核算有误"}).status_code == 302
        share.refresh_from_db()
        assert share.amount == 3800
        assert login(world.users.street).get(url).status_code == 403


class TestAmount:
    def test_stands_on_the_share_and_survives_a_new_round(self, world, shares):
        share = shares[0]
        set_bonus_amount(consequence=share, version=1, amount=3600, by=world.users.district)
        kept = StarBonus.objects.get(person=share.person_id, division=share.division_id)
        assert (kept.amount, kept.year, kept.grade) == (3600, 2025, share.result.grade)
        with transaction.atomic():
            raise_consequences([share.result], by=world.users.city)
        share.refresh_from_db()
        assert (share.amount, share.version) == (3600, 2)

    def test_correction_needs_a_reason_which_is_audited(self, world, shares):
        share, district = shares[0], world.users.district
        set_bonus_amount(consequence=share, version=1, amount=3600, by=district)
        with pytest.raises(ValidationError, match="请写明原因"), transaction.atomic():
            set_bonus_amount(consequence=share, version=2, amount=3800, by=district)
        share = Consequence.objects.get(pk=share.pk)
        set_bonus_amount(consequence=share, version=2, amount=None, reason="不发", by=district)
        assert StarBonus.objects.get(person=share.person_id, division=share.division_id).amount is None
        event = AuditEvent.objects.filter(act="bonus_amount").latest("id")
        assert (event.actor, event.reason, event.division) == ("district", "不发", share.division_id)

    def test_amount_of_a_settled_share_can_be_corrected(self, world, shares):
        settle(shares, world.users.district)
        share = Consequence.objects.get(pk=shares[0].pk)
        set_bonus_amount(consequence=share, version=2, amount=3600, by=world.users.district)
        assert (share.state, share.amount) == ("done", 3600)

    @pytest.mark.parametrize(("amount", "sentence"), [(-1, "金额应为"), (1_000_001, "金额应为")])
    def test_out_of_bounds(self, world, shares, amount, sentence):
        with pytest.raises(ValidationError, match=sentence):
            set_bonus_amount(consequence=shares[0], version=1, amount=amount, by=world.users.district)

    def test_not_of_a_measure_or_a_dropped_share(self, world, shares):
        Consequence.objects.filter(pk=shares[0].pk).update(state="dropped")
        for row in (Consequence.objects.get(kind="talk"), Consequence.objects.get(pk=shares[0].pk)):
            with pytest.raises(ValidationError, match="仍然适用"), transaction.atomic():
                set_bonus_amount(consequence=row, version=row.version, amount=100, by=world.users.district)

    def test_second_reader_is_told(self, world, shares):
        set_bonus_amount(consequence=shares[0], version=1, amount=1, by=world.users.district)
        with pytest.raises(Stale):
            set_bonus_amount(consequence=shares[0], version=1, amount=2, by=world.users.district)

    def test_removal_of_a_later_year_is_paid_in_that_year(self, world):
        rules()
        star(world, w.AUTUMN, 5, year=2024, decided_on=date(2025, 2, 1), effective_from=date(2025, 2, 1))
        removal = {"cause": "removal", "event": "示例事由", "decided_on": date(2025, 7, 9), "year": 2024}
        removed = star(world, w.AUTUMN, 3, effective_from=date(2025, 8, 1), **removal)
        with transaction.atomic():
            raise_consequences([removed, star(world, w.AUTUMN, 5)], by=world.users.city)
        share = Consequence.objects.get(kind="bonus", result=removed)
        set_bonus_amount(consequence=share, version=share.version, amount=900, by=world.users.district)
        assert list(StarBonus.objects.filter(amount=900).values_list("year", "grade")) == [(2025, 3)]
