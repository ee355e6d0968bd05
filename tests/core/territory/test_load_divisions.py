import json
import lzma

import pytest

from portal.core.territory.models import Division

pytestmark = pytest.mark.django_db
TREE = {
    "12": "天津市",
    "1201": "市辖区",
    "120101": "和平区",
    "120101001": "劝业场街道",
    "120101001001": "花园路社区居委会",
}


@pytest.fixture
def file(tmp_path):
    def written(names: dict[str, str], name: str = "divisions.csv"):
        text = "code,name\n" + "".join(f"{code},{label}\n" for code, label in names.items())
        path = tmp_path / name
        path.write_bytes(lzma.compress(text.encode()) if name.endswith(".xz") else text.encode())
        return str(path)

    return written


def test_load_divisions_reports_as_json_and_again_changes_nothing(run_command, file):
    first = json.loads(run_command("load_divisions", file(TREE), "--json").out)
    again = json.loads(run_command("load_divisions", file(TREE, "divisions.csv.xz"), "--json").out)
    assert {**first, "seconds": 0} == {"divisions": 5, "written": 5, "closed": 0, "seconds": 0}
    assert {**again, "seconds": 0} == {"divisions": 5, "written": 0, "closed": 0, "seconds": 0}


def test_load_divisions_under_a_padded_code_loads_that_part(run_command, file):
    more = TREE | {"120102": "河东区"}
    answer = json.loads(run_command("load_divisions", "--under", "120101000000", file(more), "--json").out)
    assert (answer["divisions"], answer["written"]) == (5, 5)
    assert not Division.objects.filter(code="120102").exists()


@pytest.mark.parametrize("under", ["13x", "123", "1234567890123"])
def test_load_divisions_under_no_code_is_wrong_usage(run_command, under):
    result = run_command("load_divisions", "--under", under)
    assert (result.code, result.err) == (2, f"--under {under} is not a division code of 2, 4, 6, 9 or 12 digits.\n")


def test_load_divisions_under_a_code_not_in_the_file_is_refused(run_command, file):
    run_command("load_divisions", file(TREE))
    result = run_command("load_divisions", "--under", "13", file(TREE))
    assert result.code == 1
    assert "holds no division 13; nothing was changed." in result.err
    assert Division.objects.filter(valid_to__isnull=True).count() == 5


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "holds no divisions; nothing was changed."),
        ("header.csv", b"code,name\n", "holds no divisions; nothing was changed."),
        ("broken.csv.xz", b"not xz at all", "cannot be read as a list of divisions"),
        ("cut.csv.xz", lzma.compress(b"code,name\n12,x\n" * 999)[:40], "cannot be read as a list of divisions"),
        ("binary.csv", b"code,name\n\xff\xfe\x00", "cannot be read as a list of divisions"),
        ("nul.csv", b"code,name\n12,a\x00b\n", "does not fit the tree of divisions"),
        ("long.csv", f"code,name\n12,{'长' * 61}\n".encode(), "does not fit the tree of divisions"),
        ("tab.csv", b"code,name\n12,a\tb\n", "Line 2 is not a division"),
    ],
)
def test_load_divisions_refuses_an_unreadable_file_with_a_sentence(
    run_command, file, tmp_path, name, content, sentence
):
    run_command("load_divisions", file(TREE))
    (tmp_path / name).write_bytes(content)
    result = run_command("load_divisions", str(tmp_path / name))
    assert result.code == 1
    assert sentence in result.err
    assert "Traceback" not in result.err
    assert Division.objects.filter(valid_to__isnull=True).count() == 5


def test_load_divisions_without_the_file_is_refused(run_command, tmp_path):
    result = run_command("load_divisions", str(tmp_path / "nowhere.csv"))
    assert result.code == 1
    assert "No such file" in result.err
