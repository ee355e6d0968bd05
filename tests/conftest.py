"""Prepares the environment of a test run and gives the tests their world.

The environment is set here, before Django reads its settings; that is why no DJANGO_SETTINGS_MODULE stands in the
configuration of pytest. The services and where they live are in `services.py`.
"""

import os

from tests import services

_DATA_DIR = services.data_dir()
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "portal.settings",
    "DATA_DIR": str(_DATA_DIR),
    "SECRET_KEY": "a key for tests only, which protects nothing at all",
    "FIELD_KEYS": "test:0123456789abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "*",
    "TIME_ZONE": "Asia/Shanghai",
    "SECURITY_PROFILE": "mlps3",
    "SECOND_FACTOR": "optional",
    "LEAD_DEPARTMENT": "示例市民政局",
    # Playwright's loop would make Django refuse every query of a browser test.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}

import django  # noqa: E402  (the environment comes first)
import pytest  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402  (models need the setup)
from django.core.servers.basehttp import WSGIRequestHandler  # noqa: E402
from django.test import Client, TransactionTestCase  # noqa: E402
from django.utils import translation  # noqa: E402
from hypothesis import HealthCheck  # noqa: E402
from hypothesis import settings as hypothesis_settings  # noqa: E402

from portal.translation.catalogue import compile_catalogue  # noqa: E402
from tests import emptying  # noqa: E402
from tests import world as worlds  # noqa: E402

# How fast an example is says something of the machine only.
hypothesis_settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("portal")

TransactionTestCase._fixture_teardown = emptying.empty


def pytest_configure(config):
    """Starts the services and takes out of the settings what only costs time or needs a build."""
    config.pluginmanager.register(services.Services(_DATA_DIR), "services")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.SECURE_SSL_REDIRECT = False
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    compile_catalogue(settings.BASE_DIR)
    # Header and body go out as two packets: without this every answer of a kept connection waits 40 ms for the first.
    WSGIRequestHandler.disable_nagle_algorithm = True


@pytest.fixture(autouse=True)
def own_language():
    """Every test begins in the portal's own language: a page asked for in English leaves that behind."""
    translation.deactivate()


@pytest.fixture
def world(db) -> worlds.World:
    """Two cities, three districts, four streets, eight communities, their people, and a user of every role."""
    return worlds.again()


@pytest.fixture
def login():
    """`login(user)` gives a browser-like client in which that user is logged in."""

    def logged_in(user) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return logged_in


@pytest.fixture
def run_command():
    """`run_command(name, *arguments)` gives exit code, standard output and standard error of a management command."""
    return worlds.run_command
