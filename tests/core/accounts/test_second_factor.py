"""What a second factor is: codes that are good once, recovery codes, sealed secrets, who resets whom."""

import json
import os
import subprocess
import sys
import unicodedata

import pytest
import time_machine
from django.conf import settings as given
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from portal.core.accounts import totp
from portal.core.accounts.actions import unlock
from portal.core.accounts.factor_forms import CodeForm, ProofForm, RecoveryForm
from portal.core.accounts.models import SecondFactor, User
from portal.core.accounts.roles import READING, Perm, Role
from portal.core.accounts.second_factor import (
    Answer,
    accept_code,
    demanded_of,
    renew_recovery_codes,
    reset_factor,
    set_up_factor,
    switch_off_factor,
)
from portal.core.audit.models import AuditEvent
from portal.core.lib import keyring
from portal.core.safekeeping.rotation import rotate_keys
from tests import factories
from tests.core.accounts.factors import SECRET, code, equip, wrong
from tests.together import together

NEW, OLD = "new:ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210", "test:0123456789abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def clock():
    """The clock stands in the middle of a step."""
    now = timezone.now().timestamp()
    with time_machine.travel(now - now % totp.STEP_SECONDS + 15, tick=False) as moved:
        yield moved


@pytest.fixture
def user(db):
    return factories.user("somebody")


def events() -> list[tuple]:
    return list(AuditEvent.objects.order_by("id").values_list("act", "actor", "subject", "reason"))


def test_codes_are_those_of_the_standard():
    """RFC 6238, appendix B, the vectors of SHA-1, of which apps show the last six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    moments = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"}
    assert {moment: totp.code_at(secret, moment) for moment in moments} == moments


@pytest.mark.parametrize(("steps", "found"), [(-2, None), (-1, -1), (0, 0), (1, 1), (2, None)])
def test_clock_of_the_telephone_may_be_one_step_off(steps, found):
    now = int(timezone.now().timestamp()) // totp.STEP_SECONDS
    assert totp.step_of(SECRET, code(steps)) == (None if found is None else now + found)


def test_setting_up_needs_the_first_code_and_gives_ten_recovery_codes(user):
    with pytest.raises(ValidationError, match="验证码不正确"):
        set_up_factor(secret=SECRET, code=wrong(), by=user)
    assert not SecondFactor.objects.exists()
    codes = set_up_factor(secret=SECRET, code=code(), by=user)
    assert len(set(codes)) == 10
    assert {len(part) for text in codes for part in text.split("-")} == {4}
    assert accept_code(typed=code(), by=user) is Answer.SPENT
    with pytest.raises(ValidationError, match="已经设置"):
        set_up_factor(secret=totp.new_secret(), code=code(1), by=user)
    assert events() == [("second_factor_set_up", "somebody", "somebody", "")]


def test_code_is_accepted_once_and_none_before_it(user, clock):
    equip(user)
    assert accept_code(typed=code(), by=user) is Answer.CODE
    assert [accept_code(typed=code(steps), by=user) for steps in (0, -1)] == [Answer.SPENT] * 2
    assert accept_code(typed=code(1), by=user) is Answer.CODE
    clock.shift(30)
    assert accept_code(typed=code(), by=user) is Answer.SPENT
    clock.shift(30)
    assert accept_code(typed=code(), by=user) is Answer.CODE


@pytest.mark.django_db(transaction=True)
def test_of_two_with_the_same_code_one_gets_in():
    user = factories.user("somebody")
    recovery = equip(user)[0]
    for typed, accepted in ((code(), Answer.CODE), (recovery, Answer.RECOVERY)):
        answers = together(*[lambda typed=typed: accept_code(typed=typed, by=user)] * 2)
        assert sorted(answer.accepted for answer in answers) == [False, True]
        assert accepted in answers


def test_recovery_code_works_once_however_it_is_typed(user):
    codes = equip(user)
    assert accept_code(typed=codes[3].replace("-", ""), by=user) is Answer.RECOVERY
    assert accept_code(typed=codes[3], by=user) is Answer.WRONG
    assert accept_code(typed=codes[4].upper(), by=user) is Answer.RECOVERY
    assert len(SecondFactor.objects.get().recovery) == 8
    assert AuditEvent.objects.filter(act="recovery_code_used").values_list("detail__codes_left", flat=True)[1] == 8


def test_new_recovery_codes_replace_the_old_ones(user):
    old = equip(user)
    new = renew_recovery_codes(by=user)
    assert accept_code(typed=old[0], by=user) is Answer.WRONG
    assert accept_code(typed=new[0], by=user) is Answer.RECOVERY
    assert [event[0] for event in events()] == ["second_factor_set_up", "recovery_codes_made", "recovery_code_used"]


def test_twenty_wrong_codes_in_a_row_lock_until_the_administrator_unlocks(user):
    equip(user)
    for _number in range(19):
        assert accept_code(typed=wrong(), by=user) is Answer.WRONG
    assert accept_code(typed=code(-1), by=user) is Answer.CODE
    answers = [accept_code(typed=wrong(), by=user) for _number in range(21)]
    assert answers == [Answer.WRONG] * 20 + [Answer.LOCKED]
    assert accept_code(typed=code(), by=user) is Answer.LOCKED
    unlock(user=user, by=factories.user("guard"))
    assert accept_code(typed=code(), by=user) is Answer.CODE


def test_secret_and_codes_are_neither_legible_nor_in_the_history(user):
    codes = equip(user)
    accept_code(typed=codes[0], by=user)
    switch_off_factor(by=user)
    tables = ("core_secondfactorevent", "core_userevent", "core_auditevent")
    set_up_factor(secret=SECRET, code=code(), by=user)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret, recovery::text FROM core_secondfactor")
        secret, recovery = cursor.fetchone()
        texts = []
        for table in tables:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
            texts += [text for (text,) in cursor.fetchall()]
    assert bytes(secret).startswith(b"v1|aes|test|")
    kept = recovery + "".join(texts)
    assert SECRET not in kept
    assert not [text for text in codes if text in kept or text[5:] in kept or text.replace("-", "") in kept]
    assert repr(SecondFactor.objects.get().secret) == "'***'"
    labels = SecondFactor.pgh_event_model.objects.order_by("pgh_id").values_list("pgh_label", flat=True)
    assert list(labels) == ["insert", "delete", "insert"]
    columns = {field.name for field in SecondFactor.pgh_event_model._meta.concrete_fields}
    assert columns.isdisjoint({"secret", "recovery", "last_step", "failures"})


def test_new_key_seals_the_secret_anew(user, settings):
    equip(user)
    settings.FIELD_KEYS = keyring.parse(f"{NEW},{OLD}")
    assert rotate_keys(files=()).rows["core_secondfactor"] == 1
    settings.FIELD_KEYS = keyring.parse(NEW)
    assert accept_code(typed=code(), by=user) is Answer.CODE


def test_switching_off_and_resetting_end_sessions_and_are_recorded(user, clock):
    guard = factories.user("guard")
    for number, give_up in enumerate(
        (lambda: switch_off_factor(by=user), lambda: reset_factor(user=user, reason="手机丢失", by=guard))
    ):
        equip(user)
        clock.shift(60)
        give_up()
        assert User.objects.get(username="somebody").sessions_ended_at == timezone.now(), number
        assert not SecondFactor.objects.exists()
    with pytest.raises(ValidationError, match="没有设置"):
        reset_factor(user=user, by=guard)
    assert events()[1::2] == [
        ("second_factor_off", "somebody", "somebody", ""),
        ("second_factor_reset", "guard", "somebody", "手机丢失"),
    ]


def test_nobody_resets_the_own_one(user):
    equip(user)
    with pytest.raises(ValidationError, match="另一位安全管理员"):
        reset_factor(user=user, by=user)
    assert SecondFactor.objects.exists()


def test_who_writes_and_who_must_have_one(world, settings):
    demanded = {}
    for setting in ("optional", "writers", "everyone"):
        settings.SECOND_FACTOR = setting
        demanded[setting] = {role for role in [*Role.values, "nobody"] if demanded_of(getattr(world.users, role))}
    assert demanded == {
        "optional": set(),
        "writers": set(Role.values) - {"auditor"},
        "everyone": {*Role.values, "nobody"},
    }
    assert {perm for perm in Perm if perm in READING} == {
        perm for perm in Perm if perm.endswith((".view", ".reveal", ".export"))
    }


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "optional"),
        ({"DATABASE_URL": "postgresql://portal:x@127.0.0.1/portal"}, "writers"),
        ({"DATABASE_URL": "postgresql://portal:x@127.0.0.1/portal", "PORTAL_DEMO": "1"}, "optional"),
        ({"SECOND_FACTOR": "writer"}, "SECOND_FACTOR='writer' is not one of everyone, optional, writers."),
    ],
)
def test_whom_it_is_demanded_of_by_default(environment, said):
    own = {name: value for name, value in os.environ.items() if name not in {"SECOND_FACTOR", "PORTAL_DEMO"}}
    done = subprocess.run(
        [sys.executable, "-c", "from portal import settings; print(settings.SECOND_FACTOR)"],
        cwd=given.BASE_DIR,
        env=own | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout or done.stderr).strip().endswith(said)


def test_command_resets_the_last_administrator(world, run_command):
    equip(world.users.security_admin)
    lost = ["--username", "security_admin", "--reason", "手机遗失"]
    assert run_command("reset_second_factor", "--username", "ghost", "--reason", "x").code == 1
    done = run_command("reset_second_factor", *lost, "--json")
    assert (done.code, json.loads(done.out)) == (0, {"username": "security_admin"})
    assert events()[-1] == ("second_factor_reset", "system", "security_admin", "手机遗失")
    again = run_command("reset_second_factor", *lost)
    assert (again.code, "没有设置两步验证" in again.err) == (1, True)


@pytest.mark.parametrize(
    ("form", "typed", "taken"),
    [
        (CodeForm, " 123 456 ", "123456"),
        (CodeForm, "１２３４５６", "123456"),
        (CodeForm, "12345", None),
        (CodeForm, "١٢٣٤٥٦", None),
        (RecoveryForm, "ABCD-efgh 2345", "abcdefgh2345"),
        (RecoveryForm, unicodedata.normalize("NFKC", "abcd—efgh—2345"), "abcdefgh2345"),
        (RecoveryForm, "123456", None),
        (ProofForm, "123-456", "123456"),
        (ProofForm, "abcd-efgh-2345", "abcdefgh2345"),
        (ProofForm, "abcdefg", None),
    ],
)
def test_codes_are_taken_as_people_type_them(form, typed, taken):
    filled = form({"code": typed, "password": "x"})
    assert filled.is_valid() is (taken is not None)
    assert filled.cleaned_data.get("code") == taken
