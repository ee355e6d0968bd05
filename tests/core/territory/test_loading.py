"""The national file and what becomes of it: level counts, collisions, labels, closing, idempotency."""

from collections import Counter
from datetime import date

import pytest

from portal.core.territory.loading import load_divisions, read_divisions
from portal.core.territory.models import Division
from portal.core.territory.queries import find_division

DAY = date(2026, 11, 20)
NEXT = date(2026, 11, 21)


@pytest.fixture(scope="module")
def national() -> dict[str, str]:
    return read_divisions()


def under(national: dict[str, str], *codes: str) -> dict[str, str]:
    return {
        code: name for code, name in national.items() if any(code.startswith(c) or c.startswith(code) for c in codes)
    }


def test_national_file_holds_every_level_complete(national):
    assert Counter(len(code) for code in national) == {2: 31, 4: 342, 6: 2978, 9: 41352, 12: 620573}


def test_reading_under_a_code_gives_it_and_its_ancestors_only(national):
    part = read_divisions(under="120101001")
    assert part == under(national, "120101001")
    assert set(part) >= {"12", "1201", "120101", "120101001", "120101001001"}


@pytest.mark.django_db
def test_load_tianjin_gives_tree_of_real_size(national):
    assert load_divisions(under(national, "12"), under="12", on=DAY) == {
        "divisions": 5934,
        "written": 5934,
        "closed": 0,
    }
    levels = Counter(Division.objects.values_list("level", flat=True))
    assert levels == {1: 1, 2: 1, 3: 16, 4: 299, 5: 5617}
    assert Division.objects.filter(level=5, urban=True).count() == 2069


@pytest.mark.django_db
def test_codes_that_collide_when_padded_are_two_divisions_each(national):
    load_divisions(under(national, "4419", "4420", "4604", "350527"), on=DAY)
    for city, county in (("4419", "441900"), ("4420", "442000"), ("4604", "460400"), ("350527", "350527000")):
        assert find_division(city).code == city
        assert find_division(county).code == county
        assert Division.objects.get(code=county).parent_id == city
    assert find_division("441900000000").code == "441900"
    assert find_division("440000").code == "44"


@pytest.mark.django_db
def test_formal_nodes_carry_a_useful_label(national):
    load_divisions(under(national, "120101", "500229", "429004", "441900"), on=DAY)
    found = Division.objects.in_bulk(["1201", "5002", "4290", "441900"])
    assert [(found[c].name, found[c].label, found[c].formal) for c in ("1201", "5002", "4290", "441900")] == [
        ("市辖区", "天津市", True),
        ("县", "重庆市县", True),
        ("省直辖县级行政区划", "湖北省省直辖县级行政区划", True),
        ("东莞市", "东莞市", True),
    ]
    assert Division.objects.get(code="120101").initials == "hpq"


@pytest.mark.django_db
def test_loading_again_changes_nothing(national):
    names = under(national, "120101")
    load_divisions(names, on=DAY)
    before = list(Division.objects.order_by("code").values())
    assert load_divisions(names, on=NEXT) == {"divisions": len(names), "written": 0, "closed": 0}
    assert list(Division.objects.order_by("code").values()) == before


@pytest.mark.django_db
def test_withdrawn_division_is_closed_and_opens_again(national):
    names = under(national, "120101001")
    load_divisions(names, on=DAY)
    without = {code: name for code, name in names.items() if code != "120101001014"}
    assert load_divisions(without, on=NEXT)["closed"] == 1
    closed = Division.objects.get(code="120101001014")
    assert (closed.valid_from, closed.valid_to) == (None, NEXT)
    assert load_divisions(without, on=NEXT)["closed"] == 0
    assert load_divisions(names, on=NEXT) == {"divisions": len(names), "written": 1, "closed": 0}
    assert Division.objects.get(code="120101001014").valid_to is None


@pytest.mark.django_db
def test_new_division_starts_on_the_day_it_is_loaded(national):
    names = under(national, "120101001")
    load_divisions(names, on=DAY)
    load_divisions(names | {"120101001199": "新社区居委会"}, on=NEXT)
    assert Division.objects.get(code="120101001199").valid_from == NEXT


@pytest.mark.django_db
def test_loading_a_part_leaves_the_rest_alone(national):
    names = under(national, "120114", "120101001")
    load_divisions(names, on=DAY)
    rural = next(
        code for code in names if len(code) == 9 and not Division.objects.get(code=code).urban
    )  # a town of villages only
    assert load_divisions(under(national, rural), under=rural, on=NEXT) == {
        "divisions": len(under(national, rural)),
        "written": 0,
        "closed": 0,
    }
    assert Division.objects.get(code="120114").urban is True
    assert Division.objects.filter(valid_to__isnull=False).count() == 0


def test_windows_line_ends_and_a_trailing_blank_line_do_no_harm(tmp_path):
    path = tmp_path / "divisions.csv"
    path.write_bytes("\ufeffcode,name\r\n12,天津市\r\n1201,市辖区\r\n\r\n".encode())
    assert read_divisions(path) == {"12": "天津市", "1201": "市辖区"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("code,name\n12,天津市\n121,怪\n", "Line 3 is not a division: '121,怪'; expected code,name."),
        ("code,name\n12\n", "Line 2 is not a division: '12'; expected code,name."),
        ("code,name\n12,天津市\n\n1201,市辖区\n", "Line 3 is not a division: ''; expected code,name."),
        ("code,name\n12,a\\b\n", "Line 2 is not a division: '12,a\\\\b'; expected code,name."),
        ("12,天津市\n1201,市辖区\n", "The first line should be the header code,name; it is '12,天津市'."),
        ("code,name\n1201,市辖区\n", "1201 市辖区 stands in the file without the division above it."),
    ],
)
def test_faulty_file_is_refused_with_the_reason(tmp_path, text, sentence):
    path = tmp_path / "divisions.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError) as error:
        read_divisions(path)
    assert str(error.value) == sentence
