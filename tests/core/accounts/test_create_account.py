import json

from portal.core.accounts.models import User
from tests import world as worlds

FIRST = ["--username", "first.admin", "--name", "首任", "--role", "system_admin"]


def test_first_administrator_is_made_with_an_initial_password(db, run_command):
    done = run_command("create_account", *FIRST, "--json")
    answer = json.loads(done.out)
    user = User.objects.get(username="first.admin")
    assert done.code == 0
    assert user.check_password(answer["initial_password"])
    assert user.must_change_password
    assert user.territories("account.manage") == [""]


def test_account_of_a_division_belongs_to_it(world, run_command):
    assert run_command("create_account", *FIRST, "--division", "960101000000").code == 0
    user = User.objects.get(username="first.admin")
    assert (user.division_id, user.territories("account.manage")) == (worlds.DISTRICT, [worlds.DISTRICT])


def test_what_cannot_be_made_is_refused_whole(world, run_command):
    for arguments in (
        [*FIRST, "--division", "999999"],
        ["--username", "CITY", *FIRST[2:]],
        ["--username", "a b", *FIRST[2:]],
    ):
        done = run_command("create_account", *arguments)
        assert (done.code, done.out) == (1, "")
    assert not User.objects.filter(name="首任").exists()
