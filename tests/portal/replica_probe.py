"""A web process beside two database servers, driven by lines of JSON: `python -m tests.portal.replica_probe`.

Each line is one command, each answer one line. `get` tells which server gave the figures.
"""

import contextlib
import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402

from portal.core.accounts.tokens import create_token  # noqa: E402
from tests import factories  # noqa: E402
from tests import world as w  # noqa: E402
from workforce.actions.tallies import recount  # noqa: E402

FIGURES = ("workforce_tally", "core_figuresday")
SERVERS = ("default", "replica")


class Statements:
    """What one server has answered."""

    def __init__(self):
        self.texts: list[str] = []

    def __call__(self, execute, sql, parameters, many, context):
        result = execute(sql, parameters, many, context)
        self.texts.append(sql)
        return result


class Probe:
    def __init__(self):
        call_command("migrate", verbosity=0)
        settings.STORAGES = settings.STORAGES | {
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        }
        self.world = w.build()
        self.clients: dict[str, Client] = {}
        for name in ("city", "street"):
            user = getattr(self.world.users, name)
            _token, secret = create_token(user=user, name="probe", scopes=["stats:read"], days=1, by=None)
            client = self.clients[name] = Client(
                headers={"authorization": f"Bearer {secret}"}, raise_request_exception=False
            )
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def get(self, address: str, user: str = "city") -> dict:
        asked = {name: Statements() for name in SERVERS}
        with contextlib.ExitStack() as stack:
            for name, statements in asked.items():
                stack.enter_context(connections[name].execute_wrapper(statements))
            response = self.clients[user].get(address)
        figures = {n: sum(any(t in text for t in FIGURES) for text in s.texts) for n, s in asked.items()}
        page = response["Content-Type"].startswith("text/html")
        return {
            "status": response.status_code,
            "figures": figures,
            "replica": asked["replica"].texts,
            "body": None if page else response.json(),
        }

    def hire(self, name: str) -> None:
        """A new worker, written by nobody in particular."""
        factories.worker(name, w.SPRING)
        recount()

    def act(self, user: str) -> None:
        """An audited write of that user."""
        user = getattr(self.world.users, user)
        create_token(user=user, name="another", scopes=["stats:read"], days=1, by=user)


def main() -> None:
    probe = Probe()
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        print(json.dumps(getattr(probe, name)(*arguments)), flush=True)


if __name__ == "__main__":
    main()
