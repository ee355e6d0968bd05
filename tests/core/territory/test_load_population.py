import json
from datetime import date, timedelta

import pytest

from portal.core.lib.clock import today
from portal.core.territory.loading import load_divisions, read_divisions
from portal.core.territory.models import Population, PopulationTotal
from portal.demo.loading import CENSUS
from tests import world as w

pytestmark = pytest.mark.django_db
HEADER = "code,date,basis,value,households,source\n"


@pytest.fixture
def load(run_command, tmp_path):
    def loaded(content: str | bytes, *arguments: str):
        path = tmp_path / "population.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return run_command("load_population", str(path), *arguments)

    return loaded


def test_load_population_enters_every_line_and_refreshes_totals(load, world):
    answer = load(
        HEADER + f"{w.UNKNOWN},2026-06-30,ledger,2500,900,街道台账\n960102000000,2026-06-30,常住人口,9000,,公报\n",
        "--json",
    )
    assert json.loads(answer.out)["populations"] == 2
    assert Population.objects.filter(division=w.UNKNOWN).values_list(
        "on", "basis", "value", "households", "source"
    ).get() == (
        date(2026, 6, 30),
        "ledger",
        2500,
        900,
        "街道台账",
    )
    assert PopulationTotal.objects.get(division=w.NEIGHBOUR, basis="ledger").value == 4000
    assert Population.objects.get(division="960102").households is None


def test_load_population_again_corrects_the_same_record(load, world):
    load(HEADER + f"{w.UNKNOWN},2026-06-30,ledger,2500,900,街道台账\n")
    load(HEADER + f"{w.UNKNOWN},2026-06-30,社区台账人口,2600,,更正\n")
    assert list(Population.objects.filter(division=w.UNKNOWN).values_list("value", "households", "source")) == [
        (2600, None, "更正")
    ]


def test_load_population_takes_columns_in_any_order_and_a_name(load, world):
    assert (
        load(
            "\ufeff来源\n".replace("来源", "source,value,name,basis,date,code")
            + f"台账,2500,同名社区,ledger,2026-06-30,{w.UNKNOWN}\n"
        ).code
        == 0
    )
    assert Population.objects.get(division=w.UNKNOWN).value == 2500


def test_load_population_reads_gb18030(load, world):
    assert load((HEADER + f"{w.UNKNOWN},2026-06-30,常住人口,2500,,台账\n").encode("gb18030")).code == 0
    assert Population.objects.get(division=w.UNKNOWN).source == "台账"


def test_shipped_census_of_tianjin_loads(run_command):
    load_divisions(read_divisions(under="12"), under="12", on=date(2026, 1, 1))
    assert run_command("load_population", str(CENSUS)).code == 0
    assert sum(Population.objects.filter(division__level=3).values_list("value", flat=True)) == 13_866_009


def test_load_population_lists_every_fault_of_every_line_and_writes_nothing(load, world):
    before = Population.objects.count()
    tomorrow = today() + timedelta(days=1)
    result = load(
        HEADER
        + f"{w.UNKNOWN},2026-06-30,ledger,2500,900,台账\n"
        + "98,2026-06-30,ledger,2500,,台账\n"
        + f"{w.UNKNOWN},2026年6月,户口,2.5万,很多,\n"
        + f"{w.UNKNOWN},{tomorrow},ledger,0,,台账\n"
        + f"{w.UNKNOWN},2026-06-30,社区台账人口,{'9' * 5000},,台账\n"
        + f"{w.UNKNOWN},2026/6/30,ledger,2600,,台账\n"
    )
    assert result.code == 1
    assert result.err.splitlines() == [
        "Line 3: there is no division '98'; load the divisions first, or correct the code.",
        "Line 4: date '2026年6月' is not a day; write it as 2020-11-01.",
        "Line 4: '户口' is no basis; there are 城镇常住人口, 常住人口, 实有人口, 社区台账人口, 户籍人口.",
        "Line 4: value '2.5万' is not a whole number from 0 to 10000000000; write it without separators.",
        "Line 4: households '很多' is not a whole number from 0 to 2000000000; write it without separators.",
        "Line 4: source must say in 1 to 200 characters where the figure comes from.",
        f"Line 5: date {tomorrow} lies in the future.",
        "Line 5: value is 0; leave the line out where the population is not known.",
        f"Line 6: value '{'9' * 20}' is not a whole number from 0 to 10000000000; write it without separators.",
        "Line 7: the same division, basis and date stand in line 2 already.",
        "Nothing was changed.",
    ]
    assert Population.objects.count() == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The column code is missing."),
        (HEADER.encode(), "holds no population."),
        ((HEADER.strip() + ",备注\n").encode(), "The column “备注” is unknown"),
        ((HEADER.strip() + ",code\n").encode(), "The column code is there twice."),
        ((HEADER + "96,2026-06-30\n").encode(), "Line 2: 2 cells under 6 columns."),
        ((HEADER + '96,"2026\n').encode(), "this is not csv"),
        (b"\x81\xff\xfe\x00\x00", "not text in UTF-8 or GB18030"),
    ],
)
def test_load_population_refuses_a_file_of_another_form(load, world, content, sentence):
    result = load(content)
    assert result.code == 1
    assert sentence in result.err


def test_load_population_without_the_file_is_refused(run_command, tmp_path):
    result = run_command("load_population", str(tmp_path / "nowhere.csv"))
    assert result.code == 1
    assert "cannot be read: No such file" in result.err
