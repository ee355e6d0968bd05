import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.core.accounts.models import ApiToken, User
from portal.core.accounts.tokens import create_token, revoke_token, rotate_token, scopes_of
from portal.core.audit.models import AuditEvent


def make(user: User, **changes) -> tuple[ApiToken, str]:
    return create_token(**{"user": user, "name": "报表", "scopes": ["stats:read"], "days": 30, "by": user, **changes})


def test_only_the_digest_of_a_token_is_kept(world):
    token, secret = make(world.users.city)
    assert secret.startswith("cwp_")
    assert len(secret) == 47
    assert token.prefix == secret[:12]
    assert ApiToken.objects.get(digest=ApiToken.digest_of(secret)) == token
    assert secret not in str(ApiToken.objects.values())


def test_scopes_are_those_of_the_roles(world):
    assert [scope.value for scope in scopes_of(world.users.community)] == [
        "stats:read", "roster:read", "findings:read", "ratings:read", "policies:read", "reports:read",
    ]  # fmt: skip
    assert scopes_of(world.users.security_admin) == []
    with pytest.raises(ValidationError, match="roster:write"):
        make(world.users.community, scopes=["stats:read", "roster:write"])


@pytest.mark.parametrize("days", [0, -1, 366])
def test_term_outside_a_year_is_refused(world, days):
    with pytest.raises(ValidationError, match="1 到 365"):
        make(world.users.city, days=days)


def test_token_without_scope_is_refused(world):
    with pytest.raises(ValidationError, match="至少选择一项"):
        make(world.users.city, scopes=[])


def test_revoked_token_is_unusable_at_once_and_revoking_twice_changes_nothing(world):
    token, _secret = make(world.users.city)
    first = revoke_token(token=token, by=world.users.city).revoked_at
    assert not ApiToken.objects.usable(timezone.now()).exists()
    assert revoke_token(token=token, by=world.users.city).revoked_at == first


def test_rotation_keeps_the_old_token_for_the_overlap(world):
    old, old_secret = make(world.users.city, days=30)
    new, secret = rotate_token(token=old, overlap_days=7, by=world.users.city)
    old.refresh_from_db()
    assert secret != old_secret
    assert (new.name, new.scopes) == ("报表", ["stats:read"])
    assert abs(new.expires_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    assert abs(old.expires_at - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)
    assert ApiToken.objects.usable(timezone.now()).count() == 2
    assert ApiToken.objects.usable(timezone.now() + timedelta(days=8)).get() == new


def test_rotation_never_lengthens_the_old_token(world):
    old, _secret = make(world.users.city, days=1)
    expires = old.expires_at
    rotate_token(token=old, overlap_days=30, by=world.users.city)
    old.refresh_from_db()
    assert old.expires_at == expires


def test_rotation_of_a_revoked_token_is_refused(world):
    old, _secret = make(world.users.city)
    revoke_token(token=old, by=world.users.city)
    with pytest.raises(ValidationError, match="已失效"):
        rotate_token(token=old, overlap_days=0, by=world.users.city)


def test_command_prints_a_working_token(world, run_command):
    done = run_command(
        "create_token", "--user", "city", "--scope", "stats:read", "--scope", "findings:read", "--days", "7"
    )
    assert done.code == 0
    token = ApiToken.objects.get(digest=ApiToken.digest_of(done.out.strip()))
    assert (token.user.username, token.scopes) == ("city", ["findings:read", "stats:read"])


def test_command_refuses_what_the_user_may_not(world, run_command):
    done = run_command("create_token", "--user", "community", "--scope", "roster:write")
    assert (done.code, done.out) == (1, "")
    assert "roster:write" in done.err
    assert run_command("create_token", "--user", "no-one", "--scope", "stats:read").code == 1


def test_command_rotates_by_prefix(world, run_command):
    old, _secret = make(world.users.city)
    done = run_command("create_token", "--rotate", old.prefix, "--overlap-days", "3")
    assert done.code == 0
    new = ApiToken.objects.get(digest=ApiToken.digest_of(done.out.strip()))
    old.refresh_from_db()
    assert (new.user, new.name, new.scopes) == (old.user, old.name, old.scopes)
    assert abs(old.expires_at - timezone.now() - timedelta(days=3)) < timedelta(minutes=1)
    event = AuditEvent.objects.get(act="rotate_token")
    assert (event.actor, event.detail["replaces"], event.detail["overlap_days"]) == ("system", old.prefix, 3)


def test_command_leaves_the_old_token_a_week(world, run_command):
    old, _secret = make(world.users.city)
    assert run_command("create_token", "--rotate", old.prefix).code == 0
    old.refresh_from_db()
    assert abs(old.expires_at - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--rotate", "cwp_missing1"], 1),
        (["--rotate", "PREFIX", "--overlap-days", "31"], 1),
        (["--rotate", "PREFIX", "--user", "city"], 2),
        (["--rotate", "PREFIX", "--days", "3"], 2),
        (["--user", "city", "--scope", "stats:read", "--overlap-days", "3"], 2),
        (["--user", "city"], 2),
        (["--scope", "stats:read"], 2),
        ([], 2),
    ],
)
def test_command_refuses_what_does_not_go_together(world, run_command, arguments, code):
    old, _secret = make(world.users.city)
    done = run_command("create_token", *(old.prefix if text == "PREFIX" else text for text in arguments))
    assert (done.code, done.out) == (code, "")
    assert done.err
    assert ApiToken.objects.count() == 1


def test_secrets_are_found_by_the_pattern_for_scanners(world):
    _token, secret = make(world.users.city)
    assert re.findall(ApiToken.PATTERN, f"token = '{secret}'  # leaked") == [secret]
