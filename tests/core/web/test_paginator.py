"""Long lists are counted up to a bound and no further."""

import pytest

from portal.core.models import Division
from portal.core.web import paginator
from portal.core.web.paginator import BoundedPaginator, CountedPaginator, Paginator, found_by


@pytest.mark.parametrize(("bound", "count", "more"), [(3, 3, True), (4, 4, False), (9, 4, False)])
def test_counting_stops_at_the_bound(db, monkeypatch, bound, count, more):
    monkeypatch.setattr(paginator, "MOST_ROWS", bound)
    for code in ("91", "92", "93", "94"):
        Division.objects.create(code=code, name=code, label=code, initials="x", level=1, kind="province")
    pages = BoundedPaginator(Division.objects.order_by("code"), 2)
    assert (pages.count, pages.more, pages.num_pages) == (count, more, 2)
    assert [one.code for one in pages.get_page(2)] == (["93"] if bound == 3 else ["93", "94"])


def test_counting_costs_one_bounded_statement(db, django_assert_num_queries):
    with django_assert_num_queries(1) as captured:
        pages = BoundedPaginator(Division.objects.order_by("code"), 2)
        assert (pages.count, pages.more) == (0, False)
    assert f"LIMIT {paginator.MOST_ROWS + 1}" in captured.captured_queries[0]["sql"]


@pytest.mark.parametrize(
    ("asked", "found"), [({}, 5), ({"state": "open"}, 2), ({"state": "gone"}, 0), ({"state": "open", "q": "x"}, None)]
)
def test_found_by_the_counts_beside_the_filter(asked, found):
    assert found_by({"open": 2, "closed": 3}, asked, "state") == found
    assert found_by({}, asked, "state") is None


def test_rows_counted_already_are_not_counted_again(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        pages = BoundedPaginator(Division.objects.order_by("code"), 2, found=20_001)
        assert (pages.count, pages.more) == (10_000, True)


@pytest.mark.parametrize(
    ("number", "shown", "lines", "reads"),
    [
        (None, 1, [1, 2], 1),
        ("x", 1, [1, 2], 1),
        ("3", 3, [5], 1),
        ("4", 3, [5], 3),
        ("0", 3, [5], 2),
        ("-1", 3, [5], 2),
        ("9" * 30, 3, [5], 2),
    ],
)
def test_list_counted_by_the_database_is_read_once_for_a_page(number, shown, lines, reads):
    asked = []

    def read(*, limit: int, offset: int) -> tuple[list[int], int]:
        asked.append((limit, offset))
        found = [1, 2, 3, 4, 5][offset : offset + limit]
        return found, 5 if found else 0

    page = CountedPaginator(read, 2).get_page(number)
    assert (page.number, list(page), page.paginator.count, page.paginator.num_pages) == (shown, lines, 5, 3)
    assert len(asked) == reads


def read_five(*, limit: int, offset: int) -> tuple[list[int], int]:
    return [1, 2, 3, 4, 5][offset : offset + limit], 5


@pytest.mark.parametrize(("number", "shown"), [("all", [1, 2, 3, 4, 5]), ("2", [3, 4])])
def test_all_rows_stand_on_one_page_where_they_fit(number, shown):
    for pages in (Paginator([1, 2, 3, 4, 5], 2), CountedPaginator(read_five, 2)):
        page = pages.get_page(number)
        assert (list(page), page.paginator.fits_one_page) == (shown, True)
        assert page.has_other_pages() == (number != "all")


def test_longer_list_stays_in_pages(monkeypatch):
    monkeypatch.setattr(paginator, "MOST_AT_ONCE", 4)
    for pages in (Paginator([1, 2, 3, 4, 5], 2), CountedPaginator(read_five, 2)):
        page = pages.get_page("all")
        assert (list(page), page.paginator.num_pages, page.paginator.fits_one_page) == ([1, 2], 3, False)


def test_empty_list_has_one_page():
    page = CountedPaginator(lambda limit, offset: ([], 0), 2).get_page("7")
    assert (page.number, list(page), page.paginator.count, page.paginator.num_pages) == (1, [], 0, 1)
