"""A joint proposal from intake to the published letter, answered twice, and its promise kept in the following year.

With PICTURES=<folder> it leaves the pictures of docs/proposals.md there.
"""

import os
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from portal.core.accounts.models import User
from portal.core.lib.clock import today
from proposals.models import Commitment, Feedback, Handling, Proposal, Publication, Reply
from tests import factories
from tests import world as w
from tests.proposals import cases

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES", "")
TITLE = "关于加强社区工作者队伍建设的提案"
SIGNERS = "甲一丁\n乙二丙\n丙三甲"


@pytest.fixture
def clock():
    """The second of March 2026, from where the story travels on."""
    with time_machine.travel("2026-03-02 09:00+08:00") as traveller:

        def move(day: str) -> None:
            traveller.move_to(f"{day} 09:00+08:00")
            User.objects.update(password_changed_at=timezone.now())  # or they would be asked for new ones

        yield move


def picture(page, name: str) -> None:
    if PICTURES:
        page.evaluate("document.activeElement.blur()")
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def filled(page, button: str, **fields) -> str:
    """Fills in a form by the names of its fields and sends it; returns what the page says then."""
    for name, value in fields.items():
        place = page.locator(f"main [name={name}]:not([type=radio])")
        if not place.count():
            page.locator(f"main [name={name}][value='{value}']").check()
        elif place.first.evaluate("field => field.tagName") == "SELECT":
            place.select_option(value)
        else:
            place.fill(str(value))
    page.locator("main").get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()
    return page.locator("main").inner_text()


def step(page, part: Handling, key: str, button: str, **fields) -> str:
    page.goto(f"/proposals/parts/{part.pk}/{key}/")
    return filled(page, button, **fields)


def part_of(unit) -> Handling:
    return Handling.objects.get(unit=unit)


def taken_in(visit, people, units) -> Proposal:
    """The office registers the proposal of three members, files it and hands it over to a lead with two co-handlers."""
    session = str(cases.session().pk)
    page = visit(people.office, "/proposals/new/")
    about = {"session": session, "number": "0023", "title": TITLE, "proposer_type": "joint", "signers": SIGNERS}
    assert "2" in filled(page, "保存", **about, proposers_count=2, received_on="2026-01-12")
    filled(page, "保存", proposers_count=3, text="建议充实社区工作者队伍，完善培训和薪酬。")
    made = Proposal.objects.get()
    page.goto(f"/proposals/{made.pk}/screen/file/")
    filled(page, "立案", filed_on="2026-01-14")
    page.goto(f"/proposals/{made.pk}/assign/")
    page.locator("main [name=lead]").select_option(label=units[0].name)
    for co in units[1:]:
        page.get_by_label(co.name, exact=True).check()
    assert "会办" in filled(page, "交办", assigned_on="2026-03-02")
    return made


def opinions_given(visit, people, units, made: Proposal) -> None:
    """The lead signs for; one co-handler answers on a phone, and the stamp names the other that is missing."""
    lead, labour, finance = (part_of(unit) for unit in units)
    page = visit(people.lead_officer, f"/proposals/parts/{lead.pk}/sign_for/")
    filled(page, "签收", section="基层治理科", officer="戊某")
    phone = visit(people.co_officer, f"/proposals/parts/{labour.pk}/sign_for/", width=390)
    filled(phone, "签收", section="职业能力建设科", officer="己某")
    phone.goto(f"/proposals/parts/{labour.pk}/give_opinion/")
    picture(phone, "proposal-opinion-390")
    assert "会办意见已交主办单位。" in filled(
        phone, "提出会办意见", words="一、扩大培训。每年举办社会工作者考前培训。", result="A"
    )
    page.goto(f"/proposals/{made.pk}/")
    missing = page.locator(".stamp li.missing").all_inner_texts()
    assert [finance.unit.short in missing[0], "办中沟通" in missing[1]] == [True, True]
    picture(page, "proposal-1")
    other = visit(people.office, f"/proposals/parts/{finance.pk}/sign_for/")
    filled(other, "签收", section="社会保障科", officer="庚某")
    filled_in = step(other, finance, "give_opinion", "提出会办意见", words="经费由区级财政统筹安排。", result="B")
    assert "会办意见已交主办单位。" in filled_in
    talk = {"when": "during", "mode": "visit", "people": "甲一丁委员", "words": "当面听取意见，委员希望尽快配齐。"}
    assert "已登记沟通情况。" in step(page, lead, "contact", "登记沟通", **talk)


def drafted(visit, people, lead: Handling) -> Reply:
    """The officer writes, inserts a figure and an opinion; somebody is hired, and the margin says so."""
    page = visit(people.lead_officer, f"/proposals/handlings/{lead.pk}/reply/")
    filled(page, "开始起草")
    reply = Reply.objects.get()
    page.get_by_role("button", name="在末尾加一段").click()
    page.get_by_label("第 1 段", exact=True).fill("队伍建设情况")
    page.get_by_label("第 1 段的层次").select_option("1")
    page.get_by_label("第 1 段", exact=True).press("Alt+Enter")
    expect(page.get_by_label("第 2 段", exact=True)).to_be_focused()
    page.keyboard.type("截至目前，全区共有在岗社区工作者")
    page.keyboard.press("Alt+i")
    page.keyboard.type("社区工作者")
    page.get_by_role("button", name="插入社区工作者", exact=True).click()
    expect(page.get_by_text("已插入：社区工作者 5人。")).to_be_visible()
    factories.worker("新来者", w.SPRING)
    w.count(today())
    page.reload()
    assert "5人 → 6人" in page.locator(".draft-figure.changed").inner_text()
    picture(page, "proposal-2")
    return reply


def signed(visit, people, lead: Handling, reply: Reply) -> None:
    """Four persons: drafted, checked, supervised; the leader's signature stops at the figure until it is mended."""
    page = visit(people.lead_officer, f"/proposals/replies/{reply.pk}/")
    page.get_by_text("办理结果、联系方式、公开属性、抄送与附件").click()
    page.locator("main [name=result]").select_option("B")
    page.locator("main [name=contact]").fill("戊某")
    page.locator("main [name=phone]").fill("0000-0000000")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已保存。")).to_be_visible()
    assert "已送核。" in step(page, lead, "submit_draft", "送核")
    assert "核稿已通过。" in step(visit(people.checker, "/proposals/"), lead, "pass_office", "核稿通过")
    assert "督查复核已通过。" in step(visit(people.supervisor, "/proposals/"), lead, "pass_supervision", "督查复核通过")
    page = visit(people.leader, f"/proposals/replies/{reply.pk}/sign/")
    assert "有 1 个指标在插入后已变动" in filled(page, "签发")
    picture(page, "proposal-3")
    page.get_by_role("button", name="更新为 6人").click()
    page.wait_for_load_state()
    filled(page, "签发")
    page.goto(f"/proposals/replies/{reply.pk}/letter/")
    page.wait_for_load_state("networkidle")
    assert f"东民函〔2026〕{1 if reply.round == 1 else 2}号" in page.locator("main").inner_text()
    picture(page, f"proposal-{3 + reply.round}")


def returned(visit, people, lead: Handling, verdict: str, width: int = 390) -> None:
    """The letter goes out with a link for each signer, who fills in the form without an account."""
    page = visit(people.office, f"/proposals/sending/{lead.pk}/")
    filled(page, "寄发", sent_on=today().isoformat(), mode="mail")
    links = page.locator(".feedback-link").all_inner_texts()
    assert len(links) == 3
    for number, link in enumerate(links):
        form = visit(None, link[link.index("/answers/") :], width=width)
        if number == 0 and verdict == "dissatisfied":
            picture(form, "proposal-form-390")
        said = {"attitude": "satisfied", "result": verdict if number == 0 else "satisfied", "words": "希望明确时限。"}
        assert "已收到" in filled(form, "提交意见", contact_mode="visit", **said)
        again = visit(None, link[link.index("/answers/") :], width=width)
        assert again.locator("main [name=attitude]").count() == 0


def answered_again(visit, people, lead: Handling) -> Reply:
    page = visit(people.lead_officer, f"/proposals/{lead.proposal_id}/")
    assert "重新办理" in page.locator("main").inner_text()
    picture(page, "proposal-6")
    page.goto(f"/proposals/handlings/{lead.pk}/reply/")
    filled(page, "开始起草")
    return Reply.objects.get(round=2)


def published(visit, people, reply: Reply) -> None:
    """One person checks what the public may see, another lets it out; names and numbers are gone."""
    page = visit(people.checker, f"/proposals/publication/of/{reply.pk}/")
    page.locator("main [name=looked]").check()
    filled(page, "审查完毕，交另一人发布", disclosure="public")
    page = visit(people.office, f"/proposals/publication/of/{reply.pk}/")
    filled(page, "已核对，发布")
    public = visit(None, "/public/replies/", width=390)
    public.locator(".notice-list a").first.click()
    shown = public.locator("main").inner_text()
    assert "戊某" not in shown and "甲一丁" not in shown and "0000-0000000" not in shown
    picture(visit(None, f"/public/replies/{Publication.objects.get(published_at__isnull=False).pk}/"), "proposal-7")


def promised(visit, people, lead: Handling) -> Commitment:
    page = visit(people.lead_officer, f"/proposals/promises/of/{lead.pk}/new/")
    filled(page, "保存", text="年内为每个社区配齐社区工作者", owner="戊某", due_on="2026-12-20")
    return Commitment.objects.get()


def kept(visit, people, clock, promise: Commitment) -> None:
    """Not done by the year's end: it rolls into the next year with its history, and is kept there; another confirms."""
    clock("2026-12-28")
    page = visit(people.office, f"/proposals/promises/{promise.pk}/roll/")
    filled(page, "转入下年度", due_on="2027-06-30", reason="招聘考试推迟到明年三月。")
    clock("2027-05-10")
    rolled = Commitment.objects.get(rolled_from=promise)
    page = visit(people.lead_officer, f"/proposals/promises/{rolled.pk}/progress/")
    file = {"name": "到岗名单.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 invented"}
    page.locator("main [name=file]").set_input_files(files=file)
    filled(page, "登记进展", words="新招 12 人已全部到岗。", percent=100)
    page = visit(people.supervisor, f"/proposals/promises/{rolled.pk}/kept/")
    assert "已落实" in filled(page, "确认落实", words="现场核实，名册在岗人数相符。")
    picture(page, "proposal-8")


def test_from_intake_to_the_published_letter_and_the_promise_kept(clock, visit, live_world, settings, tmp_path):
    settings.ATTACHMENT_DIR = tmp_path
    people = cases.people()
    units = (
        cases.unit("区民政局", w.DISTRICT, people.lead_officer),
        cases.unit("区人社局", w.DISTRICT, people.co_officer),
        cases.unit("区财政局", w.DISTRICT),
    )
    made = taken_in(visit, people, units)
    lead = part_of(units[0])
    opinions_given(visit, people, units, made)
    reply = drafted(visit, people, lead)
    signed(visit, people, lead, reply)
    returned(visit, people, lead, "dissatisfied")
    clock("2026-03-20")
    second = answered_again(visit, people, lead)
    signed_again(visit, people, lead, second)
    returned(visit, people, lead, "basic")
    assert Feedback.objects.filter(result="dissatisfied").count() == 1
    published(visit, people, second)
    kept(visit, people, clock, promised(visit, people, lead))
    assert w.run_command("recount", "--verify").code == 0


def signed_again(visit, people, lead: Handling, reply: Reply) -> None:
    page = visit(people.lead_officer, f"/proposals/replies/{reply.pk}/")
    page.get_by_role("button", name="在末尾加一段").click()
    page.get_by_label("第 1 段", exact=True).fill("明确时限：年内为每个社区配齐社区工作者。")
    page.get_by_text("办理结果、联系方式、公开属性、抄送与附件").click()
    page.locator("main [name=result]").select_option("B")
    page.locator("main [name=contact]").fill("戊某")
    page.locator("main [name=phone]").fill("0000-0000000")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已保存。")).to_be_visible()
    assert "已送核。" in step(page, lead, "submit_draft", "送核")
    assert "核稿已通过。" in step(visit(people.checker, "/proposals/"), lead, "pass_office", "核稿通过")
    assert "督查复核已通过。" in step(visit(people.supervisor, "/proposals/"), lead, "pass_supervision", "督查复核通过")
    page = visit(people.leader, f"/proposals/replies/{reply.pk}/sign/")
    filled(page, "签发")
    page.goto(f"/proposals/replies/{reply.pk}/letter/")
    page.wait_for_load_state("networkidle")
    assert "东民函〔2026〕2号" in page.locator("main").inner_text()
    picture(page, "proposal-5")
