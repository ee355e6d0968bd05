"""What a star lets in for, exceptions by two people, and the gate of nominations."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.core.audit.models import AuditEvent
from portal.core.lib.clock import today
from ratings.actions.eligibility import answer_exception, ask_exception
from ratings.models import EligibilityOverride
from ratings.queries.eligibility import duties, nomination_refusal, standings
from tests import factories
from tests import world as w
from tests.ratings.starred import exception, rules, star
from workforce.actions import careers
from workforce.actions.versions import Stale
from workforce.models import Award, Nomination

REFUSED = (
    "“秋叶社区”2025 年度为三星。示例文件〔2018〕1号 第一条规定，评优评先限五星、四星单位的人员，周秋不能直接推荐。"
    "确需推荐的，请先在“星级后果 › 资格”为该单位或本人申请例外，由另一人批准后再推荐。"
)


@pytest.fixture
def three(world):
    """秋叶社区 with three stars under the rules."""
    rules()
    return star(world, w.AUTUMN, 3)


def answers(code: str, on: date | None = None) -> list[tuple]:
    return [(one.purpose, one.eligible) for one in standings(code, on or today())]


def ask(world, **fields) -> EligibilityOverride:
    given = {"division": world.divisions[w.AUTUMN], "purpose": "nomination", "reason": "事迹特别突出"}
    return ask_exception(**(given | fields), by=world.users.district)


def answer(row: EligibilityOverride, by, **fields) -> EligibilityOverride:
    return answer_exception(override=row, by=by, **({"version": row.version, "approve": True, "answer": ""} | fields))


class TestStanding:
    @pytest.mark.parametrize(
        ("grade", "expected"),
        [(5, [True, True, True]), (4, [True, True, False]), (3, [False] * 3), (0, [False] * 3)],
    )
    def test_table_of_the_source(self, world, grade, expected):
        rules()
        star(world, w.AUTUMN, grade)
        purposes = ["nomination", "recruitment", "promotion"]
        assert answers(w.AUTUMN) == list(zip(purposes, expected, strict=True))

    def test_nothing_is_refused_without_a_star_or_a_rule(self, world):
        assert [eligible for _purpose, eligible in answers(w.AUTUMN)] == [True] * 3
        star(world, w.AUTUMN, 0)
        assert [eligible for _purpose, eligible in answers(w.AUTUMN)] == [True] * 3

    def test_star_counts_from_the_day_of_its_effect(self, world, three):
        star(world, w.AUTUMN, 5, year=2024, effective_from=date(2025, 2, 1), decided_on=date(2025, 2, 1))
        assert answers(w.AUTUMN, date(2026, 2, 9))[0] == ("nomination", True)
        assert answers(w.AUTUMN, date(2026, 2, 10))[0] == ("nomination", False)


class TestExceptions:
    def test_asked_by_one_approved_by_another_and_on_record(self, world, three):
        row = answer(ask(world), world.users.city, answer="同意")
        assert (row.state, row.year, row.answered_by) == ("approved", 2025, world.users.city)
        assert answers(w.AUTUMN) == [("nomination", True), ("recruitment", False), ("promotion", False)]
        events = AuditEvent.objects.filter(act__in=["ask_exception", "answer_exception"]).order_by("id")
        assert [(one.act, one.actor, one.division, one.reason) for one in events] == [
            ("ask_exception", "district", w.AUTUMN, "事迹特别突出"),
            ("answer_exception", "city", w.AUTUMN, "同意"),
        ]

    def test_who_asked_does_not_answer(self, world, three):
        with pytest.raises(ValidationError) as error:
            answer(ask(world), world.users.district)
        assert error.value.messages == ["这是您自己提出的申请，须由另一人批准。请交由其他有权限的同事处理。"]

    def test_database_keeps_asker_and_approver_apart(self, world, three):
        row = ask(world)
        with pytest.raises(IntegrityError, match="override_approver"), transaction.atomic():
            EligibilityOverride.objects.filter(pk=row.pk).update(answered_by=world.users.district)

    def test_refusal_needs_words_and_lets_nobody_in(self, world, three):
        row = ask(world)
        with pytest.raises(ValidationError, match="不批准的，请写明理由"), transaction.atomic():
            answer(row, world.users.city, approve=False)
        answer(row, world.users.city, approve=False, answer="理由不足", version=1)
        assert answers(w.AUTUMN)[0] == ("nomination", False)

    def test_answered_once(self, world, three):
        row = answer(ask(world), world.users.city)
        with pytest.raises(ValidationError, match="已经批复"), transaction.atomic():
            answer(row, world.users.city, approve=False, answer="改主意")
        with pytest.raises(Stale):
            answer(row, world.users.city, version=1)

    def test_not_asked_twice_nor_where_it_is_not_needed(self, world, three):
        ask(world)
        with pytest.raises(ValidationError, match="正在等待批准"):
            ask(world)
        with pytest.raises(ValidationError, match="不需要申请例外"):
            ask(world, division=world.divisions[w.SPRING])
        answer(EligibilityOverride.objects.get(), world.users.city)
        with pytest.raises(ValidationError, match="已有批准的例外"):
            ask(world)

    def test_exception_of_a_year_ends_with_the_next_star(self, world, three):
        answer(ask(world), world.users.city)
        day = today() - timedelta(days=1)
        star(world, w.AUTUMN, 3, year=2026, decided_on=day, effective_from=day)
        assert answers(w.AUTUMN)[0] == ("nomination", False)

    def test_exception_ends_when_the_star_is_taken_away(self, world, three):
        row = answer(ask(world), world.users.city)
        EligibilityOverride.objects.filter(pk=row.pk).update(answered_on=date(2026, 3, 1))
        assert answers(w.AUTUMN)[0] == ("nomination", True)
        removal = {"decided_on": date(2026, 5, 8), "effective_from": date(2026, 6, 1), "event": "示例事由"}
        star(world, w.AUTUMN, 0, cause="removal", **removal)
        assert answers(w.AUTUMN, date(2026, 5, 31))[0] == ("nomination", True)
        assert answers(w.AUTUMN)[0] == ("nomination", False)
        assert ask(world).state == "asked"

    def test_duty_of_others_only(self, world, three):
        row = ask(world)
        assert [(one.who, one.url) for one in duties(world.users.city)] == [
            ("秋叶社区", f"/consequences/exceptions/{row.pk}/")
        ]
        assert duties(world.users.district) == duties(world.users.street) == duties(world.users.outsider) == []
        for _number in range(6):
            exception(w.AUTUMN)
        assert [(one.count, one.url) for one in duties(world.users.city)] == [(7, "/consequences/exceptions/")]


@pytest.fixture
def award(world) -> Award:
    return Award.objects.create(division_id=w.CITY, name="最美社区工作者", level="city", year=today().year)


def nominate(world, award, login, name="周秋", **fields):
    """What the page of nominations answers to the district."""
    given = {"person": str(world.people[name].pk), "reason": "事迹", "on": today().isoformat()}
    url = reverse("nomination_new", args=[award.pk])
    return login(world.users.district).post(f"{url}?q={name}", given | fields)


class TestGate:
    def test_three_star_without_exception_is_rejected(self, world, three, award, login):
        page = nominate(world, award, login)
        assert page.status_code == 422
        assert REFUSED in page.content.decode()
        assert not Nomination.objects.exists()

    def test_earlier_day_in_the_form_does_not_help(self, world, three, award, login):
        assert nominate(world, award, login, on="2025-06-01").status_code == 422

    def test_three_star_with_approved_exception_is_accepted(self, world, three, award, login):
        row = ask(world)
        assert nominate(world, award, login).status_code == 422
        answer(row, world.users.city)
        assert nominate(world, award, login).status_code == 302
        assert Nomination.objects.get().person == world.people["周秋"]

    def test_exception_for_one_person_lets_in_nobody_else(self, world, three, award, login):
        world.people["郑秋"] = factories.worker("郑秋", w.AUTUMN)
        answer(ask(world, person=world.people["郑秋"]), world.users.city)
        assert nominate(world, award, login).status_code == 422
        assert nominate(world, award, login, "郑秋").status_code == 302

    @pytest.mark.parametrize("grade", [5, 4])
    def test_five_and_four_stars_pass(self, world, award, login, grade):
        rules()
        star(world, w.AUTUMN, grade)
        assert nominate(world, award, login).status_code == 302

    def test_unit_without_a_star_passes(self, world, award, login):
        rules()
        assert nominate(world, award, login).status_code == 302

    def test_honour_of_a_past_year_goes_by_the_star_of_its_day(self, world, three):
        past = Award.objects.create(division_id=w.CITY, name="往年荣誉", level="city", year=today().year - 1)
        given = {"award": past, "person": world.people["周秋"], "division_id": w.AUTUMN}
        assert nomination_refusal(on=date(2025, 6, 1), **given) == ""
        assert nomination_refusal(on=date(2026, 2, 10), **given) == REFUSED

    def test_nomination_goes_no_further_once_the_star_is_lost(self, world, award):
        rules()
        star(world, w.AUTUMN, 5)
        given = {"on": today(), "by": world.users.district, "rules": (nomination_refusal,)}
        row = careers.nominate(award=award, person=world.people["周秋"], reason="事迹", **given)
        star(world, w.AUTUMN, 3, cause="removal", event="示例事由")
        move = {"nomination": row, "version": 1, "decided_on": today(), "by": world.users.district}
        with pytest.raises(ValidationError) as error, transaction.atomic():
            careers.move_nomination(stage="recommended", rules=(nomination_refusal,), **move)
        assert error.value.message_dict == {"stage": [REFUSED]}
        row.refresh_from_db()
        moved = careers.move_nomination(stage="declined", rules=(nomination_refusal,), **(move | {"nomination": row}))
        assert moved.stage == "declined"


class TestPages:
    def test_unit_page_says_rule_and_source(self, world, three, login):
        page = login(world.users.street).get(reverse("eligibilities"))
        assert "秋叶社区" not in page.content.decode()
        text = login(world.users.neighbour).get(reverse("eligibility", args=[w.AUTUMN])).content.decode()
        assert "限五星、四星单位" in text
        assert "示例文件〔2018〕1号 第一条" in text
        assert text.count("不符合") == 3

    def test_asked_and_answered_by_form(self, world, three, login):
        url = reverse("exception_new", args=[w.AUTUMN])
        sent = {"purpose": "nomination", "person": "", "reason": "事迹特别突出"}
        assert login(world.users.neighbour).post(url, sent).status_code == 302
        row = EligibilityOverride.objects.get()
        form = reverse("exception_answer", args=[row.pk])
        given = {"version": "1", "approve": "yes", "answer": ""}
        assert login(world.users.neighbour).get(form).status_code == 403
        assert login(world.users.district).post(form, given).status_code == 302
        row.refresh_from_db()
        assert (row.state, row.asked_by, row.answered_by) == ("approved", world.users.neighbour, world.users.district)

    def test_own_request_is_refused_in_the_form(self, world, three, login):
        row = ask(world)
        page = login(world.users.district).post(
            reverse("exception_answer", args=[row.pk]), {"version": "1", "approve": "yes", "answer": ""}
        )
        assert (page.status_code, "须由另一人批准" in page.content.decode()) == (422, True)
