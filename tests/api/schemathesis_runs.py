"""Schemathesis on a real server: the document in which every example names something that is there, and the command."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

from django.utils import translation

from portal.core.accounts.roles import Scope
from portal.rest.root import openapi
from tests import world as w
from tests.api.conftest import new_token
from tests.api.records import everything

ROOT = Path(__file__).resolve().parents[2]
ST = Path(sys.executable).with_name("st")
# Places of the examples -> places of the tests' world.
PLACES = {"120101001001": w.SPRING, "120101001": w.STREET, "120101": w.DISTRICT, "120000": w.CITY}
UNLIMITED = 10_000_000


def prepare(settings, monkeypatch, folder: Path) -> None:
    """No limits in the way, uploads apart, and no log line for each of some thousand refusals."""
    settings.REST_RATE_LIMIT = settings.REST_RATE_LIMIT_USER = settings.REST_RATE_LIMIT_ADDRESS = UNLIMITED
    settings.REST_CONCURRENT = 100
    settings.UPLOADS_DIR = folder / "uploads"
    monkeypatch.setattr(logging.getLogger("django.request"), "level", logging.ERROR)


def document_of(world) -> dict:
    """The OpenAPI document, its examples replaced by keys and places of the world, to which records are added."""
    with translation.override("zh-hans"):
        document = json.loads(json.dumps(openapi("zh-hans")))
    keys = everything(world, document["paths"])
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path" and path in keys:
                    number = parameter["schema"]["type"] == "integer"
                    parameter["examples"] = {"there": {"value": int(keys[path]) if number else keys[path]}}
                if parameter["name"] == "If-Match":
                    parameter["examples"] = {"there": {"value": "*"}}
    return _placed(document)


def _placed(node):
    if isinstance(node, dict):
        return {name: _placed(value) for name, value in node.items()}
    if isinstance(node, list):
        return [_placed(item) for item in node]
    return PLACES.get(node, node) if isinstance(node, str) else node


def run(world, role: str, url: str, folder: Path, *options: str) -> tuple[int, str]:
    """All checks on every operation as that role; the seed makes two runs alike. Exit code and what it wrote."""
    file = folder / "openapi.json"
    file.write_text(json.dumps(document_of(world)), encoding="utf-8")
    secret = new_token(getattr(world.users, role), *Scope)
    with (folder / "said.txt").open("w+", encoding="utf-8") as said:
        done = subprocess.run(
            [
                *(ST, "--config-file", ROOT / "schemathesis.toml", "run", file, "--url", url, "--checks", "all"),
                *("--header", f"Authorization: Bearer {secret}", "--seed", "1", "--no-color", *options),
            ],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.api.schemathesis_hooks"},
            stdout=said,
            stderr=subprocess.STDOUT,
            check=False,
        )
        said.seek(0)
        return done.returncode, said.read()
