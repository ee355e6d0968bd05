from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from portal.core.accounts.actions import change_user, give_grant, withdraw_grant
from portal.core.accounts.models import User
from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action, record
from portal.core.audit.changes import MASKED, Change, describe
from portal.core.audit.queries import Asked, Territory, change_keys, events, history_models
from portal.core.policy.actions import set_rule
from tests import factories
from tests import world as worlds
from workforce.models import Appointment, Person


def asked(day, **changes) -> Asked:
    return Asked(since=day - timedelta(days=30), until=day, **changes)


def seen_by(user, day, place="", limit=500, **changes) -> list[Change]:
    keys, _more = change_keys(Territory.of(user, Perm.VIEW_AUDIT, place), asked(day, **changes), {}, limit)
    return describe(keys)


@action
def rename(*, person: Person, name: str, phone: str, by) -> None:
    person.name, person.phone = name, phone
    person.save(update_fields=["name", "phone"])


@action
def end(*, post: Appointment, on, by) -> None:
    post.valid_to = on
    post.save(update_fields=["valid_to"])


@pytest.fixture
def national(world) -> User:
    return factories.user("national", ("auditor", ""))


def test_change_tells_who_what_and_each_field_old_and_new_with_personal_data_masked(world, national):
    rename(person=world.people["赵春"], name="赵新", phone="10000000099", by=world.users.street)
    (change,) = seen_by(national, world.today, act="rename")
    assert (change.actor, change.act, change.table, change.kind, change.subject) == (
        "street", "rename", "人员", "修改", "赵新",
    )  # fmt: skip
    assert [(field.label, field.old, field.new) for field in change.fields] == [
        ("姓名", "赵春", "赵新"), ("联系电话", MASKED, MASKED),
    ]  # fmt: skip


def test_no_personal_number_appears_in_any_change(world, national):
    shown = repr(seen_by(national, world.today))
    for person in Person.objects.all():
        assert person.id_number not in shown
        assert person.birth_date.isoformat() not in shown
        assert str(person.phone) not in shown
    assert "赵春" in shown


def test_post_shows_its_person_choices_in_words_and_the_last_day(world, national):
    post = world.people["钱风"].appointments.get()
    end(post=post, on=world.today, by=world.users.street)
    change = seen_by(national, world.today, object="workforce.appointment")[0]
    assert change.subject == "钱风 工作人员"
    assert [(f.label, f.old, f.new) for f in change.fields] == [
        ("最后一日", None, (world.today - timedelta(days=1)).isoformat())
    ]
    first = seen_by(national, world.today, object="workforce.appointment")[-1]
    assert ("社区", None, "春风社区") in [(f.label, f.old, f.new) for f in first.fields]
    assert ("任职机构", None, "社区党组织") in [(f.label, f.old, f.new) for f in first.fields]


def test_deleted_grant_shows_what_it_was(world, national):
    withdraw_grant(grant=world.users.city.grants.get(), by=world.users.security_admin)
    change = seen_by(national, world.today, act="withdraw_grant")[0]
    assert (change.kind, change.act, change.subject) == ("删除", "撤销角色", "city 市级工作人员 96")
    assert ("范围", "示例市", None) in [(f.label, f.old, f.new) for f in change.fields]


def test_changes_are_those_of_the_territory(world):
    auditor = world.users.auditor
    local = factories.user("local_auditor", ("auditor", worlds.STREET), division=worlds.STREET)
    for name in ("赵春", "周秋", "王邻"):
        rename(person=world.people[name], name=f"{name}甲", phone="10000000099", by=None)

    def subjects(user, **changes) -> set[str]:
        return {change.subject for change in seen_by(user, world.today, act="rename", **changes)}

    assert subjects(auditor) == {"赵春甲", "周秋甲"}
    assert subjects(local) == {"赵春甲"}
    assert subjects(auditor, place=worlds.NEIGHBOUR) == {"周秋甲"}
    assert subjects(auditor, place="97") == set()
    assert subjects(local, place=worlds.CITY) == {"赵春甲"}
    assert subjects(world.users.city) == set()


@pytest.mark.parametrize("model", history_models(), ids=lambda model: model._meta.label)
def test_every_history_table_is_readable_for_every_auditor(world, model):
    object_ = model.pgh_tracked_model._meta.label_lower
    for user in (world.users.auditor, factories.user("national", ("auditor", ""))):
        for change in seen_by(user, world.today, object=object_):
            assert change.table != object_


def test_rules_of_the_whole_country_show_to_national_auditors_only(world, national):
    set_rule(
        kind="staffing.per_population", division=None, valid_from=world.today, value={"heads": 20, "per": 10_000},
        document="文件", by=None,
    )  # fmt: skip
    assert seen_by(world.users.auditor, world.today, act="set_rule") == []
    assert len(seen_by(national, world.today, act="set_rule")) == 1


def test_changes_are_filtered_by_actor_act_and_day(world, national):
    rename(person=world.people["赵春"], name="赵新", phone="1", by=world.users.street)
    give_grant(user=world.users.nobody, role="city", division=None, by=world.users.security_admin)
    day = world.today
    assert {change.act for change in seen_by(national, day, actor="security_admin")} == {"授予角色"}
    assert {change.actor for change in seen_by(national, day, act="rename")} == {"street"}
    assert seen_by(national, day - timedelta(days=1)) == []


def test_paging_neither_skips_nor_repeats(world, national):
    everything = [repr(change) for change in seen_by(national, world.today, limit=10_000)]
    assert len(everything) > 50
    before, paged = {}, []
    while before is not None:
        keys, before = change_keys(Territory.of(national, Perm.VIEW_AUDIT), asked(world.today), before, 7)
        paged += [repr(change) for change in describe(keys)]
    assert sorted(paged) == sorted(everything)
    moments = [change.at for change in seen_by(national, world.today, limit=10_000)]
    assert moments == sorted(moments, reverse=True)


@pytest.mark.parametrize("changed", [1, 3])
def test_page_of_changes_costs_the_same_for_one_row_and_three(world, national, changed, django_assert_num_queries):
    for name in ["赵春", "周秋", "王邻"][:changed]:
        rename(person=world.people[name], name=f"{name}甲", phone="1", by=None)
    territory = Territory.of(national, Perm.VIEW_AUDIT)
    with django_assert_num_queries(3):
        assert len(describe(change_keys(territory, asked(world.today, act="rename"), {}, 50)[0])) == changed


def test_events_are_those_of_the_territory_and_days(world, national):
    with time_machine.travel(timezone.now() - timedelta(days=40)):
        record("login", by=world.users.street, division=worlds.STREET)
    for user in (world.users.street, world.users.outsider):
        record("login", by=user, division=user.home)
    record("login_failed", by=None, subject="street", division=worlds.STREET)

    def actors(user, **changes) -> list[tuple]:
        found = events(Territory.of(user, Perm.VIEW_AUDIT, changes.pop("place", "")), asked(world.today, **changes))
        return list(found.values_list("act", "actor"))

    mine = [("login_failed", "system"), ("login", "street")]
    assert actors(world.users.auditor) == mine
    assert actors(national) == [mine[0], ("login", "outsider"), mine[1]]
    assert actors(world.users.auditor, place=worlds.NEIGHBOUR) == []
    assert actors(national, actor="street") == mine
    assert actors(national, act="login_failed") == mine[:1]
    assert actors(world.users.city) == []


def test_account_changes_follow_the_home_of_the_account(world):
    change_user(user=world.users.street, name="甲", department="乙", by=world.users.system_admin)
    change_user(user=world.users.outsider, name="丙", department="丁", by=world.users.system_admin)
    assert {change.subject for change in seen_by(world.users.auditor, world.today, act="change_user")} == {"甲"}
