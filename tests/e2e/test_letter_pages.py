"""The register of letters in a real browser: the list, a letter, and an archive made by a real worker while one looks on."""

import os
import zipfile

import pytest

from tests.core.letters.samples import OPINION
from tests.core.letters.test_issuing import issue
from tests.e2e.conftest import shortcomings

pytestmark = pytest.mark.browser


def pictured(page, name: str) -> None:
    """A picture of the page for whoever asks for pictures."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_register_makes_an_archive_while_the_reader_looks_on(visit, live_world, worker):
    wrong = issue(live_world)
    for number in range(12):
        issue(live_world, paper=OPINION, corrects=wrong if number == 3 else None)
    page = visit(live_world.users.district, "/letters/", bypass_csp=True)
    pictured(page, "letters")
    found = {"register": shortcomings(page)}
    page.get_by_role("link", name="示民函〔2023〕5号", exact=True).click()
    found["letter"] = shortcomings(page)
    pictured(page, "letter")
    page.get_by_role("link", name="发文登记").click()
    page.get_by_role("button", name="Word 文档（docx）").click()
    download = page.get_by_role("link", name="下载压缩包")
    download.wait_for(timeout=30_000)
    found["batch"] = shortcomings(page)
    pictured(page, "batch")
    with page.expect_download() as taken:
        download.click()
    with zipfile.ZipFile(taken.value.path()) as packed:
        assert len(packed.namelist()) == 13
    assert found == dict.fromkeys(found, ([], 0, 0))
