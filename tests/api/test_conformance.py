"""Every operation under all checks of schemathesis, few examples of each; `make conformance` takes more and more roles."""

import pytest

from tests import world as w
from tests.api.schemathesis_runs import prepare, run


@pytest.mark.django_db(transaction=True)
def test_every_operation_conforms(live_server, settings, monkeypatch, tmp_path):
    prepare(settings, monkeypatch, tmp_path)
    code, said = run(w.build(), "city", live_server.url, tmp_path, "--max-examples", "3")
    assert code == 0, said
