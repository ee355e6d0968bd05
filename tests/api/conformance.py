"""Schemathesis with all its checks against a real server, as three roles. Slow, so it is run by name:

`pytest tests/api/conformance.py`; `EXAMPLES=200` is the number of made-up requests per operation.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.core.accounts.roles import Scope
from portal.core.findings.reconcile import reconcile
from portal.registry import INSPECTIONS
from tests import world as w
from tests.api.conftest import new_token

ST = Path(sys.executable).with_name("st")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ["city", "street", "community"])
def test_schemathesis_finds_nothing(live_server, role, capfd):
    world = w.build()
    reconcile(inspection=INSPECTIONS["staffing"], on=world.today, by=None)
    secret = new_token(getattr(world.users, role), *Scope)
    run = subprocess.run(
        [
            *(ST, "run", f"{live_server.url}/api/v1/schema/", "--checks", "all"),
            *("--max-examples", os.environ.get("EXAMPLES", "200")),
            *("-H", f"Authorization: Bearer {secret}"),
        ],
        cwd=Path(__file__).resolve().parents[2],
        check=False,
    )
    assert run.returncode == 0, capfd.readouterr().out
