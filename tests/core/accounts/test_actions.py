from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from portal.core.accounts import actions
from portal.core.accounts.models import ApiToken, Grant, User
from portal.core.accounts.tokens import create_token
from portal.core.audit.models import AuditEvent
from tests import world as worlds


def last_event() -> tuple:
    return AuditEvent.objects.order_by("-id").values_list("act", "actor", "subject", "division").first()


def test_new_user_has_no_rights_and_an_initial_password_for_24_hours(world):
    user, password = actions.create_user(
        username="zhang.san", name="张三", division=world.divisions[worlds.STREET], by=world.users.system_admin
    )
    assert user.check_password(password)
    assert user.must_change_password
    assert timedelta(hours=23) < user.initial_password_expires_at - timezone.now() <= timedelta(hours=24)
    assert list(user.grants.all()) == []
    assert last_event() == ("create_user", "system_admin", "zhang.san", worlds.STREET)


def test_new_passwords_have_four_classes_and_differ():
    made = {actions.new_password() for _number in range(200)}
    assert len(made) == 200
    assert all(len(password) == 16 for password in made)
    assert all(
        any(test(sign) for sign in password) for password in made for test in (str.islower, str.isupper, str.isdigit)
    )


def test_user_name_that_differs_only_in_case_is_refused(world):
    with pytest.raises(ValidationError) as refused:
        actions.create_user(username="CITY", name="另一人", division=None, by=world.users.system_admin)
    assert refused.value.message_dict == {"username": ["用户名“CITY”已有人使用，请另取一个。"]}


def test_account_outside_the_administrators_territory_is_refused(world):
    local = worlds.factories.user("local_admin", ("system_admin", worlds.DISTRICT), division=worlds.DISTRICT)
    with pytest.raises(PermissionDenied):
        actions.create_user(username="far", name="远", division=world.divisions["97"], by=local)
    with pytest.raises(PermissionDenied):
        actions.create_user(username="national", name="全国", division=None, by=local)
    assert not User.objects.filter(username__in=["far", "national"]).exists()


def test_deactivating_revokes_tokens_for_good(world):
    token, _secret = create_token(user=world.users.city, name="报表", scopes=["stats:read"], days=30, by=None)
    actions.deactivate_user(user=world.users.city, by=world.users.system_admin)
    assert not ApiToken.objects.usable(timezone.now()).exists()
    actions.activate_user(user=world.users.city, by=world.users.system_admin)
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_nobody_switches_off_or_resets_oneself(world):
    admin = world.users.system_admin
    for act in (actions.deactivate_user, actions.activate_user, actions.reset_password):
        with pytest.raises(ValidationError):
            act(user=User.objects.get(pk=admin.pk), by=admin)


def test_reset_replaces_the_password(world):
    password = actions.reset_password(user=world.users.street, by=world.users.system_admin)
    user = User.objects.get(username="street")
    assert user.check_password(password)
    assert not user.check_password(worlds.factories.PASSWORD)
    assert user.must_change_password


def test_grant_is_given_and_recorded(world):
    grant = actions.give_grant(
        user=world.users.nobody,
        role="district",
        division=world.divisions[worlds.DISTRICT],
        by=world.users.security_admin,
    )
    assert User.objects.get(username="nobody").can("staffing.view", worlds.SPRING)
    assert grant.granted_by == "security_admin"
    assert last_event()[:3] == ("give_grant", "security_admin", "nobody")


def test_nobody_grants_to_or_withdraws_from_oneself(world):
    admin = world.users.security_admin
    with pytest.raises(ValidationError, match="不能给自己授权"):
        actions.give_grant(user=User.objects.get(pk=admin.pk), role="city", division=None, by=admin)
    with pytest.raises(ValidationError, match="不能撤销自己的授权"):
        actions.withdraw_grant(grant=Grant.objects.get(user=admin), by=admin)
    assert list(admin.grants.values_list("role", flat=True)) == ["security_admin"]


def test_the_three_administrations_are_never_one_persons(world):
    for held in ("system_admin", "auditor"):
        with pytest.raises(ValidationError, match="三者须由不同的人担任"):
            actions.give_grant(
                user=getattr(world.users, held), role="security_admin", division=None, by=world.users.security_admin
            )


def test_grant_outside_the_grantors_territory_is_refused(world):
    local = worlds.factories.user("local", ("security_admin", worlds.DISTRICT), division=worlds.DISTRICT)
    for place in (None, world.divisions[worlds.CITY], world.divisions["97"]):
        with pytest.raises(PermissionDenied):
            actions.give_grant(user=world.users.nobody, role="city", division=place, by=local)


def test_grant_held_already_is_refused(world):
    with pytest.raises(ValidationError, match="已有这个角色"):
        actions.give_grant(
            user=world.users.city, role="city", division=world.divisions[worlds.CITY], by=world.users.security_admin
        )


def test_withdrawn_grant_is_gone_from_rights_and_kept_in_history(world):
    grant = Grant.objects.get(user=world.users.city)
    actions.withdraw_grant(grant=grant, by=world.users.security_admin)
    assert not User.objects.get(username="city").can("staffing.view")
    history = Grant.pgh_event_model.objects.filter(user=world.users.city).order_by("-pgh_id").first()
    assert (history.pgh_label, history.pgh_context["user"]) == ("delete", "security_admin")


def test_dormant_accounts_are_switched_off_and_used_ones_are_not(world):
    token, _secret = create_token(user=world.users.district, name="每日取数", scopes=["stats:read"], days=365, by=None)
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        User.objects.filter(username="city").update(last_login=timezone.now() - timedelta(days=3))
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now() - timedelta(days=3))
        everyone = User.objects.count()
        assert actions.disable_dormant() == everyone - 2
        assert actions.disable_dormant() == 0
    assert set(User.objects.filter(is_active=True).values_list("username", flat=True)) == {"city", "district"}
    assert last_event()[:2] == ("deactivate_user", "system")


def test_account_switched_on_again_is_not_dormant_at_once(world):
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        actions.deactivate_user(user=world.users.street, by=None)
        actions.activate_user(user=world.users.street, by=world.users.system_admin)
        actions.disable_dormant()
    assert User.objects.get(username="street").is_active
