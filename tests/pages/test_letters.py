"""The register of letters and its pages; many letters as one archive."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal import tasks
from portal.core.audit.models import AuditEvent
from portal.core.letters import fonts
from portal.core.letters.batches import run_batch
from portal.core.letters.models import LetterBatch
from tests import world as w
from tests.core.letters.samples import OPINION, REPLY
from tests.core.letters.test_issuing import issue


@pytest.fixture
def office(world, login):
    """Three letters of the district, one of them corrected, one of the neighbour city; the district's client."""
    wrong = issue(world, on=date(2026, 3, 2))
    issue(world, on=date(2026, 3, 9), corrects=wrong)
    issue(world, "", paper=replace(OPINION, title="关于养老服务的答复"), on=date(2026, 4, 1))
    issue(world, code="97")
    return login(world.users.district)


@pytest.fixture
def sent(monkeypatch):
    """Tasks sent, in place of a worker."""
    asked = []
    monkeypatch.setattr(tasks.render_letters, "delay", asked.append)
    return asked


def shown(client, **query):
    return [row.number for row in client.get(reverse("letters"), query).context["page"].object_list]


def test_register_shows_the_letters_of_the_territory_the_latest_first(office):
    assert shown(office) == ["", "示民函〔2026〕2号", "示民函〔2026〕1号"]


def test_register_is_searched_by_number_and_title(office):
    assert shown(office, q="〔2026〕2号") == ["示民函〔2026〕2号"]
    assert shown(office, q="养老") == [""]
    assert shown(office, q="没有", year="2026") == []
    assert shown(office, year="不是年") == shown(office)


def test_number_of_queries_does_not_grow_with_the_letters(office, world, django_assert_num_queries):
    office.get(reverse("letters"))
    with CaptureQueriesContext(connection) as three:
        office.get(reverse("letters"))
    for _ in range(5):
        issue(world)
    with django_assert_num_queries(len(three)):
        office.get(reverse("letters"))
    assert len(three) <= 12


def test_letter_tells_what_corrects_it_and_that_its_text_is_whole(office):
    page = office.get(reverse("letters")).context["page"].object_list
    html = office.get(reverse("letter", args=[page[2].pk])).content.decode()
    assert "示民函〔2026〕2号" in html and page[2].sha256 in html
    assert "正文与签发时的校验值一致。" in html


def test_file_is_handed_out_and_noted(office):
    letter = office.get(reverse("letters")).context["page"].object_list[1]
    answer = office.get(reverse("letter_file", args=[letter.pk, "docx"]))
    assert answer.content[:2] == b"PK"
    assert "attachment" in answer["Content-Disposition"]
    assert AuditEvent.objects.get(act="letter_taken").subject == "示民函〔2026〕2号"
    assert office.get(reverse("letter_file", args=[letter.pk, "odt"])).status_code == 404


def test_file_that_cannot_be_made_says_why(office, monkeypatch):
    letter = office.get(reverse("letters")).context["page"].object_list[1]
    monkeypatch.setattr(fonts, "STACKS", {"body": ("No Such Font",)})
    answer = office.get(reverse("letter_file", args=[letter.pk, "pdf"]), follow=True)
    assert "fonts-noto-cjk" in answer.content.decode()
    assert not AuditEvent.objects.filter(act="letter_taken").exists()


@pytest.mark.django_db(transaction=True)
def test_list_as_narrowed_is_made_watched_and_taken_out(office, sent):
    answer = office.post(reverse("letter_batch_new"), {"q": "示民函", "year": "2026", "form": "docx"})
    batch = LetterBatch.objects.get()
    assert (answer["Location"], sent) == (reverse("letter_batch", args=[batch.pk]), [str(batch.pk)])
    assert len(batch.letters) == 2
    part = office.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    assert "0 / 2 份" in part and 'max="2"' in part
    run_batch(batch.pk)
    assert office.get(answer["Location"], headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert reverse("letter_batch_file", args=[batch.pk]) in office.get(answer["Location"]).content.decode()
    packed = b"".join(office.get(reverse("letter_batch_file", args=[batch.pk])).streaming_content)
    with zipfile.ZipFile(io.BytesIO(packed)) as found:
        assert len(found.namelist()) == 2
    assert AuditEvent.objects.get(act="letters_taken").detail["count"] == 2
    assert "生成 2 份，共 2 份。" in office.get(answer["Location"]).content.decode()


def test_batch_is_cancelled_and_hands_nothing_out(office, sent):
    office.post(reverse("letter_batch_new"), {"form": "docx"})
    batch = LetterBatch.objects.get()
    office.post(reverse("letter_batch_cancel", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.state == "cancelled"
    answer = office.get(reverse("letter_batch_file", args=[batch.pk]))
    assert answer["Location"] == reverse("letter_batch", args=[batch.pk])


def test_batch_of_somebody_else_does_not_exist(office, world, login, sent):
    office.post(reverse("letter_batch_new"), {"form": "docx"})
    batch = LetterBatch.objects.get()
    assert login(world.users.city).get(reverse("letter_batch", args=[batch.pk])).status_code == 404


def test_empty_list_makes_no_batch(office, sent):
    answer = office.post(reverse("letter_batch_new"), {"q": "没有这样的公文"}, follow=True)
    assert "没有可以生成的公文。" in answer.content.decode()
    assert (LetterBatch.objects.count(), sent) == (0, [])


def test_register_is_taken_out_as_a_sheet(office):
    text = b"".join(office.get(reverse("export", args=["letters", "csv"])).streaming_content).decode("utf-8-sig")
    assert "示民函〔2026〕1号" in text and "关于养老服务的答复" in text
    assert REPLY.title.replace("\n", "") in text
    assert w.DISTRICT in text and "97," not in text
