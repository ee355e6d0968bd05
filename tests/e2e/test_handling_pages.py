"""The page of a case and the forms of its steps in a real browser: wide and on a phone without a violation."""

import pytest

from tests.proposals import answered, cases, storied

pytestmark = pytest.mark.browser


def test_pages(all_sound, live_world):
    told = storied.case()
    refused = cases.handling(cases.proposal("0024"), stage="return_requested", return_reason="不属于本单位职责")
    apart = cases.proposal("0026")
    for short in ("区民政局", "区财政局"):
        answered.signed(cases.handling(apart, cases.unit(short), "separate", stage="signed", result="B"))
    keys = {
        "apart": apart.pk,
        "case": told.proposal.pk,
        "lead": told.lead.pk,
        "refused": refused.pk,
        "extension": told.lead.extensions.get().pk,
        "filed": cases.proposal("0025").pk,
    }
    pages = {
        "case": ("district", "/proposals/{case}/"),
        "separate handlers": ("district", "/proposals/{apart}/"),
        "assign": ("district", "/proposals/{filed}/assign/"),
        "contact": ("district", "/proposals/parts/{lead}/contact/"),
        "return": ("district", "/proposals/parts/{refused}/refuse_return/"),
        "extension": ("district", "/proposals/extensions/{extension}/"),
    }
    users = live_world.users
    all_sound({name: (getattr(users, who), address.format(**keys)) for name, (who, address) in pages.items()})


def test_an_officer_gives_the_missing_opinion_with_the_keyboard(visit, live_world):
    told = storied.case()
    silent = told.proposal.handlings.get(unit__short="区财政局")
    cases.unit("区财政局", cases.w.DISTRICT, live_world.users.handler)
    page = visit(live_world.users.handler, f"/proposals/{told.proposal.pk}/")
    assert "还缺" in page.inner_text(f"#part-{told.lead.pk}")
    page.click(f"#part-{silent.pk} a.btn-primary")
    page.fill("#id_section", "预算科")
    page.fill("#id_officer", "科员丙")
    page.press("#id_officer", "Enter")
    page.click(f"#part-{silent.pk} a.btn-primary")
    page.fill("#id_words", "所需经费纳入下一年度预算统筹。")
    page.click("form[data-guard] .btn-primary")
    page.get_by_text("会办意见已交主办单位。").first.wait_for()
    assert "还缺" not in page.inner_text(f"#part-{told.lead.pk} .stamp")
