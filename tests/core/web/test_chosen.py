"""What is chosen in a filter: which conditions are told, in which words, and where each is dropped."""

import pytest
from django import forms
from django.test import RequestFactory

from portal.core.web.chosen import Parts


class Filter(forms.Form):
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), ("a", "甲"), ("b", "乙")])
    status = forms.ChoiceField(label="状态", required=False, choices=[("in", "在岗"), ("组", [("left", "离岗")])])
    mine = forms.BooleanField(label="只看本单位", required=False)
    q = forms.CharField(label="姓名", required=False)


class Single(forms.Form):
    year = forms.ChoiceField(label="年度", required=False, choices=[("2026", "2026 年")])


def parts(query: str, form=Filter) -> Parts:
    request = RequestFactory().get(f"/list/?{query}")
    return Parts(request, form(request.GET), request.path)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", []),
        ("kind=&status=in&q=王", []),
        ("kind=b", ["类别：乙"]),
        ("status=left&mine=on&page=3", ["状态：离岗", "只看本单位"]),
        ("kind=unknown", ["类别：unknown"]),
    ],
)
def test_conditions_that_narrow_are_told(query, expected):
    assert [one.label for one in parts(query).chosen] == expected


def test_each_is_dropped_alone_or_all_at_once_and_the_day_stays():
    found = parts("kind=b&mine=on&on=2025-12-31&page=3")
    assert [one.remove_url for one in found.chosen] == ["/list/?mine=on&on=2025-12-31", "/list/?kind=b&on=2025-12-31"]
    assert found.clear_url == "/list/?on=2025-12-31"
    assert parts("kind=b").clear_url == "/list/"


def test_the_search_stands_outside_the_fold_and_a_single_field_needs_none():
    found = parts("")
    assert (found.search.name, [field.name for field in found.others]) == ("q", ["kind", "status", "mine"])
    assert found.folds
    assert not parts("", Single).folds
