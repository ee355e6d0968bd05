"""What follows from stars in a real browser: wide and on a phone without a violation; an exception by the keyboard."""

import pytest
from django.db import transaction

from ratings.actions.consequences import raise_consequences
from ratings.actions.eligibility import ask_exception
from ratings.models import Consequence, EligibilityOverride
from tests import world as w
from tests.ratings.starred import exception, rules, star

pytestmark = pytest.mark.browser

PAGES = {
    "list": ("district", "/consequences/"),
    "list filtered": ("district", "/consequences/?kind=bonus&state=open"),
    "list empty": ("street", "/consequences/?year=2024"),
    "list of a community": ("community", "/consequences/"),
    "settle": ("district", "/consequences/{talk}/settle/"),
    "amount": ("district", "/consequences/{bonus}/amount/"),
    "person": ("street", "/consequences/people/{person}/"),
    "units": ("district", "/consequences/eligibility/"),
    "unit": ("city", f"/consequences/eligibility/of/{w.SPRING}/"),
    "unit without star": ("district", f"/consequences/eligibility/of/{w.UNKNOWN}/"),
    "ask": ("street", f"/consequences/eligibility/of/{w.SPRING}/ask/"),
    "exceptions": ("city", "/consequences/exceptions/"),
    "answer": ("city", "/consequences/exceptions/{exception}/"),
    "payroll": ("street", f"/roster/payroll/?month=2026-03&place={w.SUMMER}"),
    "worker": ("street", "/roster/{person}/"),
}


def records(world) -> dict:
    """A no-star unit whose head is to be talked to, two with stars, an exception that waits and one that was refused."""
    rules()
    with transaction.atomic():
        stars = [star(world, code, grade) for code, grade in ((w.SPRING, 0), (w.SUMMER, 5), (w.AUTUMN, 4))]
        raise_consequences(stars, by=world.users.city)
    given = {"division": world.divisions[w.SPRING], "purpose": "nomination", "reason": "事迹特别突出"}
    waiting = ask_exception(**given, by=world.users.district)
    exception(w.SPRING, state="refused", answered_by=world.users.city, answered_on=world.today, answer="理由不足")
    talk = Consequence.objects.get(kind="talk")
    bonus = Consequence.objects.filter(kind="bonus", division=w.SPRING).first()
    return {"talk": talk.pk, "bonus": bonus.pk, "person": world.people["赵春"].pk, "exception": waiting.pk}


def test_pages(all_sound, live_world):
    keys, users = records(live_world), live_world.users
    all_sound({name: (getattr(users, who), address.format(**keys)) for name, (who, address) in PAGES.items()})


def test_exception_is_asked_for_and_approved_by_the_keyboard(visit, live_world):
    rules()
    star(live_world, w.SPRING, 3)
    page = visit(live_world.users.street, f"/consequences/eligibility/of/{w.SPRING}/")
    page.get_by_role("link", name="申请例外").press("Enter")
    page.get_by_label("用途").select_option("nomination")
    page.get_by_label("理由").fill("事迹特别突出")
    page.get_by_role("button", name="提交申请").press("Enter")
    page.get_by_text("已申请例外，等待另一人批准。").wait_for()
    row = EligibilityOverride.objects.get()
    page = visit(live_world.users.district, "/")
    page.get_by_text("星级资格例外待批准").first.wait_for()
    page.goto(f"/consequences/exceptions/{row.pk}/")
    page.get_by_label("批准", exact=True).press("Space")
    page.get_by_role("button", name="批复").press("Enter")
    page.get_by_text("已批复：已批准。").wait_for()
    assert page.get_by_text("例外批准").count() == 1
