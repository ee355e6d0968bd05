"""The country as a place of figures by REST, for who holds the whole of it."""

from datetime import date

import pytest

from portal.core.accounts.roles import Scope
from portal.core.indicators.snapshots import keep_tallies
from portal.core.territory.totals import refresh_totals
from tests import factories
from tests import world as w
from tests.api.test_indicators import URL, figure, rows
from workforce.actions.tallies import recount
from workforce.counters import BOOK


@pytest.mark.parametrize("code", ["000000", "000000000000"])
def test_country_is_one_figure_for_who_holds_it(world, api, code):
    city = api(world.users.city, *Scope)
    country = api(factories.user("country", ("city", "")), *Scope)
    row = figure(country, "workers", division=code)
    assert (row["code"], row["name"], row["level"], row["kind"]) == ("000000", "全国", "country", "country")
    assert row["numerator"] == 7
    assert len(rows(country, "workers/rows/", division=code)) == 7
    assert [one["code"] for one in rows(country, "workers/", division=code, level="province")] == ["96", "97"]
    assert city.get(f"{URL}workers/", {"division": code}).status_code == 404


def test_series_of_the_country(world, api):
    keep_tallies(BOOK, world.today)
    country = api(factories.user("country", ("city", "")))
    found = rows(country, "workers/series/", division="000000")
    assert [(row["code"], row["numerator"], row["on"]) for row in found] == [("000000", 7, world.today.isoformat())]


def test_figure_of_the_country_is_kept_until_a_province_changes(world, api):
    country = api(factories.user("country", ("city", "")))
    first = country.get(f"{URL}workers/", {"division": "000000"})
    again = country.get(f"{URL}workers/", {"division": "000000"}, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    factories.worker("新来", w.FAR)
    recount()
    changed = country.get(f"{URL}workers/", {"division": "000000"}, headers={"If-None-Match": first["ETag"]})
    assert changed.json()["results"][0]["numerator"] == 8


def test_population_of_the_country_is_made_of_those_of_its_provinces(world, api):
    factories.population("97", 10_000, on=date(2020, 11, 1), basis="urban_permanent", source="邻省公报")
    refresh_totals("97")
    country = api(factories.user("country", ("city", "")), *Scope)
    shown = figure(country, "staffing_ratio", division="000000")
    assert (shown["population"], shown["population_origin"]) == (50_000, "summed")
    found = rows(country, "staffing_ratio/rows/", division="000000", part="population")
    assert [(row["division"]["code"], row["amount"], row["population"]["own"]) for row in found] == [
        ("96", "40000.00", False),
        ("97", "10000.00", False),
    ]
