"""The page for developers, and its examples run as printed against a real server."""

import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from portal.core.accounts.roles import Scope
from portal.core.accounts.tokens import create_token, scopes_of
from portal.core.findings.models import Finding, State
from portal.core.findings.reconcile import reconcile
from portal.core.lib import shared
from portal.core.territory.models import Division
from portal.core.web import throttling
from portal.pages.developers import FOLDER, LANGUAGES, TOPICS
from portal.registry import INSPECTIONS
from tests import factories
from tests import world as w
from tests.ratings import rated

RUNNERS = {"curl": ["bash", "-eu"], "python": [sys.executable, "-W", "error"], "javascript": ["node"]}
ENDINGS = {"curl": ".sh", "python": ".py", "javascript": ".mjs"}
ADDED = 600


class Snippets(HTMLParser):
    """The text of every example on a page, by the id of its element."""

    def __init__(self, page: str):
        super().__init__()
        self.found: dict[str, str] = {}
        self.open = ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "code" and "data-example" in given:
            self.open = given["id"]
            self.found[self.open] = ""

    def handle_endtag(self, tag):
        if tag == "code":
            self.open = ""

    def handle_data(self, data):
        if self.open:
            self.found[self.open] += data


@pytest.fixture
def printed(transactional_db, live_server, login, settings, tmp_path):
    """`printed("figures", "python")` runs that example from the page; gives what it wrote. The world is behind it."""
    world = w.build()
    settings.REST_CONCURRENT = 8
    reconcile(inspection=INSPECTIONS["staffing"], on=world.today, by=None)
    snippets = Snippets(login(world.users.city).get(reverse("developers")).content.decode()).found
    scopes = [Scope.STATS_READ, Scope.FINDINGS_READ, Scope.FINDINGS_WRITE, Scope.RATINGS_READ]
    _token, secret = create_token(user=world.users.city, name="x", scopes=scopes, days=1, by=None)
    environment = {"PATH": os.environ["PATH"], "PORTAL_URL": live_server.url, "PORTAL_TOKEN": secret}

    def run(topic: str, language: str) -> str:
        if not shutil.which(RUNNERS[language][0]):
            pytest.skip(f"{RUNNERS[language][0]} is not installed")
        file = tmp_path / f"example{ENDINGS[language]}"
        file.write_text(snippets[f"{topic}-{language}"], encoding="utf-8")
        done = subprocess.run(
            [*RUNNERS[language], file], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60,
            check=False,
        )  # fmt: skip
        # curl names on standard error what made it try again.
        assert (done.returncode, re.sub(r"curl: .* error: 429\n", "", done.stderr)) == (0, ""), done.stdout
        return done.stdout

    run.world, run.folder = world, tmp_path
    return run


each_language = pytest.mark.parametrize("language", RUNNERS)


@each_language
def test_figures(printed, language):
    said = printed("figures", language)
    if language == "curl":
        expected = {"code": "960101", "name": "东区", "required": 54, "workers": 5, "gap": 49}
        assert json.loads(said)["results"][0] == expected
    else:
        assert said.splitlines() == ["960101 东区 54 5 49", "960102 西区 3 1 2"]


@each_language
def test_pages_are_all_read_though_the_limit_is_met(printed, language, settings, monkeypatch):
    before = Division.objects.under(w.CITY).filter(formal=False).count()
    community = Division.objects.get(code=w.SNOW)
    Division.objects.bulk_create(
        Division(
            **{
                field.attname: getattr(community, field.attname)
                for field in Division._meta.concrete_fields
                if field.attname != "code"
            },
            code=f"960102001{number}",
        )
        for number in range(100, 100 + ADDED)
    )
    settings.REST_RATE_LIMIT = 1
    monkeypatch.setattr(throttling, "WINDOW", 2)
    throttling.process.over.clear()
    shared.ask_again()
    total = Division.objects.under(w.CITY).count()
    assert total >= before + ADDED
    assert printed("pages", language).strip() == f"{total} rows"


@each_language
def test_file(printed, language):
    said = printed("file", language).strip()
    communities = 7
    if language == "curl":
        kind, size = said.split()
        file = printed.folder / "staffing.xlsx"
        assert kind == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        assert (file.stat().st_size, file.read_bytes()[:2]) == (int(size), b"PK")
    else:
        assert said == f"{communities} rows"
        assert (printed.folder / "staffing.csv").read_bytes()[:3] == b"\xef\xbb\xbf"


@each_language
def test_unchanged(printed, language):
    assert printed("unchanged", language) == "304 0\n"


@each_language
def test_refused(printed, language):
    said = printed("refused", language)
    assert "urn:problem-type:portal:invalid-parameter" in said
    assert "400" in said
    assert "divison" in said


@each_language
def test_change(printed, language):
    first = Finding.objects.filter(state=State.OPEN).order_by("id").first()
    said = printed("change", language)
    first.refresh_from_db()
    assert (first.state, first.note) == (State.ACKNOWLEDGED, "已通知街道补员。")
    if language == "curl":
        assert f'"id":{first.pk}' in said
    else:
        assert said == f"{first.pk} acknowledged city\n"
    Finding.objects.update(state=State.ACKNOWLEDGED)
    assert printed("change", language) == "nothing to do\n"


@each_language
def test_stars(printed, language):
    rated.star(w.SPRING, 5, previous=4, change="up")
    rated.star(w.SNOW, 0)
    said = printed("stars", language)
    if language == "curl":
        assert said.startswith('"rated":2,"five":1,"four":0,"three":0,"none":1,"up":1,')
    else:
        assert said.splitlines() == [f"{w.SPRING} 2025 5 up", f"{w.SNOW} 2025 0 new", "2 units rated"]


def test_page_shows_every_file_and_nothing_else(world, login):
    found = Snippets(login(world.users.city).get(reverse("developers")).content.decode()).found
    files = {
        f"{topic.key}-{name.lower()}": (FOLDER / f"{topic.key}.{end}")
        for topic in TOPICS
        for end, name in LANGUAGES.items()
    }
    assert found == {key: file.read_text(encoding="utf-8").rstrip("\n") for key, file in files.items()}
    assert {Path(file).name for file in files.values()} == {file.name for file in FOLDER.iterdir()}


def test_page_says_what_the_reader_may(world, login):
    city = login(world.users.city).get(reverse("developers"))
    assert {scope for scope, mine in city.context["scopes"] if mine} == set(scopes_of(world.users.city))
    assert reverse("tokens") in city.content.decode()
    nobody = login(world.users.nobody).get(reverse("developers"))
    assert not any(mine for _scope, mine in nobody.context["scopes"])
    assert "您的角色不能使用接口" in nobody.content.decode()


@pytest.mark.parametrize(("who", "shown"), [("city", True), ("community", True), ("auditor", True), ("nobody", False)])
def test_page_stands_in_the_navigation_of_who_may_hold_tokens(world, login, who, shown):
    entries = login(getattr(world.users, who)).get(reverse("developers")).context["frame"].nav
    assert ("developers" in [entry["entry"].name for entry in entries]) is shown
    assert bool(scopes_of(getattr(world.users, who))) is shown


def test_limits_shown_are_those_in_force(world, login, settings):
    settings.REST_RATE_LIMIT, settings.REST_CONCURRENT = 1234, 5
    page = login(world.users.city).get(reverse("developers")).content.decode()
    assert "1,234" in page
    user = factories.user("x", ("city", w.CITY))
    _token, secret = create_token(user=user, name="x", scopes=["stats:read"], days=1, by=None)
    answer = Client(headers={"authorization": f"Bearer {secret}"}).get("/api/v1/")
    assert answer["RateLimit-Policy"].startswith('"token";q=1234;w=60')
