"""Tags and components as page authors use them."""

import datetime as dt
import re
from pathlib import Path

import pytest
import time_machine
from django import forms
from django.conf import settings
from django.template import engines
from django.test import RequestFactory

from portal.core.web.templatetags import portal
from proposals.enums import ProposalState
from proposals.models import Proposal

TEMPLATES = Path(settings.BASE_DIR) / "templates"
SPRITE = (Path(settings.BASE_DIR) / "static/vendor/icons.svg").read_text()


def _render(source, **context):
    return engines["django"].from_string(source).render(context, RequestFactory().get("/roster/?place=96"))


def test_missing_figures_are_words():
    assert _render("{{ value|num }}", value=None) == '<span class="nodata">无数据</span>'
    assert _render("{{ value|ratio }}", value="17.996") == "17.99"


@pytest.mark.parametrize(("day", "key"), [(21, "overdue"), (22, "due_soon"), (30, "due_soon")])
def test_due_tone_of_a_date(day, key):
    with time_machine.travel("2026-11-22T04:00:00+00:00", tick=False):
        assert portal.due_tone(dt.date(2026, 11, day)) == key
    assert portal.due_tone(31) == ""
    assert portal.due_tone(None) == ""


def test_status_badge_has_word_shape_and_tone():
    badge = _render('{% status_badge "short" %}')
    assert "</svg>不足</span>" in badge
    assert 'class="status warn"' in badge
    assert "#exclamation-triangle-fill" in badge


def test_only_overdue_is_shown_as_overdue():
    assert [key for key, (_label, tone, _icon) in portal.STATUSES.items() if tone == "overdue"] == ["overdue"]


def test_every_icon_is_in_the_sprite():
    used = {shape for _label, _tone, shape in portal.STATUSES.values()}
    for template in TEMPLATES.rglob("*.html"):
        used |= set(re.findall(r'{% icon "([a-z0-9-]+)"', template.read_text()))
    assert {name for name in used if f'<symbol id="{name}"' not in SPRITE} == set()


def test_bar_of_nothing_known_is_empty():
    assert _render('{% bar part whole "在岗" %}', part=3, whole=None).strip() == ""
    assert 'width="60%"' in _render('{% bar part whole "在岗" "short" %}', part=3, whole=5)


def test_chairs_show_vacancies_up_to_sixty():
    row = _render("{% chairs 3 5 %}")
    assert row.count('class="vacant"') == 2
    assert "在岗 3 人，空缺 2 席" in row
    assert _render("{% chairs 100 200 %}").count("<li") == 60


class _Form(forms.Form):
    name = forms.CharField(label="姓名", help_text="与身份证一致")
    full = forms.BooleanField(label="专职", required=False)
    sex = forms.ChoiceField(label="性别", choices=[("m", "男"), ("f", "女")], widget=forms.RadioSelect)
    note = forms.CharField(label="备注", required=False)


def test_field_ties_label_hint_error_and_input_together():
    html = _render("{{ form.name.as_field_group }}", form=_Form({"name": ""}))
    assert '<label for="id_name">姓名</label>' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'class="form-control"' in html


def test_field_marks_the_optional_and_groups_choices():
    html = _render('{% include "components/form_fields.html" with form=form only %}', form=_Form())
    assert html.count("（选填）") == 1
    assert "<fieldset" in html
    assert re.search(r"<legend>\s*性别", html)


def test_error_summary_jumps_to_the_field():
    html = _render('{% include "components/error_summary.html" with form=form only %}', form=_Form({}))
    assert 'href="#id_name"' in html
    assert 'href="#id_sex_0"' in html


def test_confirm_carries_the_csrf_token_without_context():
    html = _render('{% include "components/confirm.html" with title="a" sentence="b" button="c" only %}')
    assert re.search(r'name="csrfmiddlewaretoken" value="\w{64}"', html)


def test_kept_fields_carry_the_place():
    assert _render("{% kept_fields %}") == '<input type="hidden" name="place" value="96">'


def test_choice_says_what_django_says():
    for state in (*ProposalState.values, "unheard of"):
        row = Proposal(state=state)
        assert str(portal.choice(row, "state")) == row.get_state_display()


def test_select_offers_what_django_offers():
    class Form(forms.Form):
        kind = forms.ChoiceField(choices=[("", "全部"), ("<a>", "<甲>"), ("组", [(1, "一"), (2, "二")])], initial=2)

    written = str(Form()["kind"])
    assert re.findall(r"<(?:option|optgroup)[^>]*>", written) == [
        '<option value="">', '<option value="&lt;a&gt;">', '<optgroup label="组">', '<option value="1">', '<option value="2" selected>',
    ]  # fmt: skip
    assert ">&lt;甲&gt;</option>" in written
