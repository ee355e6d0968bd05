"""PostgreSQL's own programs, run against the portal's database."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection


class Refused(Exception):
    """The work cannot be done; the sentence says why and how to mend it."""


def program(name: str) -> Path:
    """The first program of that name: in PG_BIN, beside the embedded server, of the system, on the path."""
    for folder in settings.POSTGRES_PROGRAMS:
        if (folder / name).exists():
            return folder / name
    if found := shutil.which(name):
        return Path(found)
    raise Refused(
        f"{name} is not here. Install PostgreSQL's programs (apt-get install postgresql-client) or set PG_BIN to their "
        "folder; they must be as new as the server."
    )


def run(name: str, arguments: Sequence[str | Path], **streams: IO[bytes]) -> None:
    """Runs a program on the portal's database to its end. Raises `Refused` with what it complains of."""
    done = subprocess.run(
        [program(name), *arguments], env=_environment(), stderr=subprocess.PIPE, check=False, **streams
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Refused(f"{name} failed: {' '.join(said[-3:])}")


def _environment() -> dict[str, str]:
    """Where the database is, in the words of PostgreSQL's programs; the password is on no command line."""
    one: dict[str, Any] = connection.settings_dict
    given = {"PGHOST": one["HOST"], "PGPORT": one["PORT"], "PGUSER": one["USER"], "PGPASSWORD": one["PASSWORD"]}
    given |= {"PGDATABASE": one["NAME"]}
    given |= {f"PG{key.upper()}": value for key, value in one.get("OPTIONS", {}).items() if key.startswith("ssl")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {name: str(value) for name, value in given.items() if value}
