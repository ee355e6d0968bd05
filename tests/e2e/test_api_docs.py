"""The REST documentation in a browser: no log-in, no scripts of its own, accessible, no wider than a phone."""

import pytest

from portal.rest.root import openapi
from tests.e2e.conftest import SOUND, shortcomings

pytestmark = pytest.mark.browser


def test_documentation_is_accessible(visit):
    page = visit(None, "/api/v1/docs/", bypass_csp=True)
    operations = sum(len(methods) for methods in openapi("zh-hans")["paths"].values())
    assert page.locator("article").count() == operations
    assert shortcomings(page) == SOUND


def test_documentation_asks_nothing_that_the_policy_forbids(visit):
    page = visit(None, "/api/v1/docs/")
    assert page.locator("h1").count() == 1
