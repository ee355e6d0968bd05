"""Schemathesis with all its checks against a real server, as three roles. Takes minutes, so it is run by name:

`pytest tests/api/conformance.py`; `EXAMPLES=200` is the number of made-up requests per operation.
"""

import os

import pytest

from tests import world as w
from tests.api.schemathesis_runs import prepare, run

EXAMPLES = os.environ.get("EXAMPLES", "60")
# What the coverage phase sends does not depend on the role, and one role may do everything.
PHASES = {
    "city": "examples,coverage,fuzzing,stateful",
    "street": "examples,fuzzing,stateful",
    "community": "examples,fuzzing,stateful",
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", PHASES)
def test_schemathesis_finds_nothing(live_server, settings, monkeypatch, tmp_path, capsys, role):
    prepare(settings, monkeypatch, tmp_path)
    options = ("--max-examples", EXAMPLES, "--phases", PHASES[role])
    code, said = run(w.build(), role, live_server.url, tmp_path, *options)
    with capsys.disabled():
        print(f"\n{role}: {said[said.rfind('Test Phases') :]}")
    assert code == 0, said
