"""PostgreSQL refuses to run as root: which account it runs as instead."""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from portal.embedded.files import EmbeddedError

# A user namespace in which root has an ordinary number: no new account, no changed rights of any folder.
NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
FALLBACK_ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """How to start the server: with a command in front, or as another account that must own its files."""

    prefix: tuple[str, ...] = ()
    user: pwd.struct_passwd | None = None

    def run(self, command: list) -> subprocess.CompletedProcess[str]:
        """Run a command of PostgreSQL; `stdout` of the result holds all that it says."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        other = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        # A file, not a pipe: the server that pg_ctl leaves behind would hold the pipe open for ever.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
            try:
                result = subprocess.run(
                    [*self.prefix, *map(str, command)],
                    env=environment | {"LC_ALL": "C"},
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=subprocess.STDOUT,
                    check=False,
                    **other,
                )
            except PermissionError as error:
                raise EmbeddedError(
                    f"The account {self.user.pw_name if self.user else 'that runs this'} may not start {command[0]}. "
                    "Move the project to a folder that every account may enter, or run as an ordinary account."
                ) from error
            said.seek(0)
            return subprocess.CompletedProcess(result.args, result.returncode, said.read())

    def own(self, *paths: Path) -> None:
        """Hand files over to the account."""
        for path in paths:
            if self.user:
                os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def make(self, path: Path) -> None:
        """Make a folder of the account."""
        path.mkdir(mode=0o700)
        self.own(path)


def service_account(root: Path) -> Account:
    """This account itself, unless it is root."""
    if os.geteuid() != 0:
        return Account()
    if (
        shutil.which(NAMESPACE[0])
        and subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
    ):
        return Account(prefix=NAMESPACE)
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in FALLBACK_ACCOUNTS:
        if name in names:
            root.chmod(0o711)  # the account must be able to walk through to its own folder
            return Account(user=names[name])
    raise EmbeddedError(
        "PostgreSQL refuses to run as root, user namespaces are switched off here and there is no account "
        f"{' or '.join(FALLBACK_ACCOUNTS)}. Run as an ordinary account, or set DATABASE_URL."
    )
