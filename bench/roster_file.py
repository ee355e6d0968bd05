"""A roster sheet of any size for the benchmarks: invented people in the real communities of Tianjin, all 33 columns."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

DIVISION = "120000"
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红娥玲芬燕彬"
_POSTS = (("正职", "社区党组织", "社区党组织书记", "选举"), ("副职", "居民委员会", "居委会副主任", "选举"))
_STAFF = ("工作人员", "社区工作站", "工作人员", "聘用")
_LEVELS = ("", "", "助理社会工作师", "社会工作师")
_FIRST_BIRTH, _DAYS = date(1970, 1, 1), 10_000


def write(path: Path, rows: int, faulty: int = 0) -> None:
    """Writes `rows` rows, `faulty` of them, spread evenly, with one of ten usual faults each."""
    from portal.core.sheets.writing import Sheet, write_xlsx  # noqa: PLC0415 - after the set-up
    from workforce.importers.columns import COLUMNS  # noqa: PLC0415

    keys = [column.key for column in COLUMNS]
    lines = ([cells.get(key, "") for key in keys] for cells in people(rows, faulty))
    write_xlsx(path, [Sheet("花名册", COLUMNS, lines)])


def people(rows: int, faulty: int = 0) -> Iterator[dict[str, Any]]:
    """The rows as cells by column key."""
    from portal.core.lib.identity import synthetic  # noqa: PLC0415
    from portal.core.models import Division  # noqa: PLC0415

    places = list(
        Division.objects.under(DIVISION[:2]).filter(level=5, urban=True).order_by("code").values_list("code", "label")
    )
    draw = random.Random(100_000)
    for number in range(rows):
        birth = _FIRST_BIRTH + timedelta(days=number % _DAYS)
        cells = _person(draw, places[number * len(places) // rows], birth, synthetic(birth, 1 + number // _DAYS % 999))
        if faulty and number * faulty // rows != (number - 1) * faulty // rows:
            _spoil(cells, number)
        yield cells


def _person(draw: random.Random, place: tuple[str, str], birth: date, id_number: str) -> dict[str, Any]:
    hired = date(2016, 1, 1) + timedelta(days=draw.randrange(3600))
    roll = draw.random()
    tier, body, title, entry = _POSTS[0] if roll < 0.1 else _POSTS[1] if roll < 0.2 else _STAFF
    level = draw.choice(_LEVELS)
    return {
        "code": place[0],
        "community": place[1],
        "name": draw.choice(_SURNAMES) + draw.choice(_GIVEN) + draw.choice(_GIVEN),
        "id_number": id_number,
        "sex": "男" if int(id_number[16]) % 2 else "女",
        "birth_date": birth,
        "ethnicity": draw.choice(("汉族", "汉族", "汉族", "回族")),
        "political_status": draw.choice(("中共党员", "群众", "共青团员")),
        "education": draw.choice(("本科", "专科", "研究生")),
        "degree": draw.choice(("学士", "", "硕士")),
        "major": draw.choice(("社会工作", "行政管理", "法学", "汉语言文学")),
        "phone": f"1380{draw.randrange(10**7):07d}",
        "tier": tier,
        "grade": draw.randrange(7, 13),
        "body": body,
        "title": title,
        "entry": entry,
        "valid_from": hired,
        "full_time": "是",
        "managed": "是",
        "hired_on": hired,
        "party": "示例街道办事处",
        "contract_kind": "劳动合同",
        "contract_from": hired,
        "contract_to": date(2027, 12, 31),
        "level": level,
        "number": f"示例{draw.randrange(10**8):08d}" if level else "",
        "obtained_on": hired + timedelta(days=30) if level else "",
        "registered_on": hired + timedelta(days=90) if level else "",
        "grid_worker": draw.choice(("是", "否")),
    }


def _spoil(cells: dict[str, Any], number: int) -> None:
    wrong = cells["id_number"]
    faults: list[dict[str, Any]] = [
        {"id_number": wrong[:17] + ("0" if wrong[17] != "0" else "1")},
        {"id_number": wrong[:17]},
        {"name": ""},
        {"tier": "正式"},
        {"valid_from": "2021-13-01"},
        {"phone": "12345"},
        {"sex": "女" if cells["sex"] == "男" else "男"},
        {"contract_from": ""},
        {"code": "120101999999", "community": ""},
        {"grade": "25"},
    ]
    cells |= faults[number % len(faults)]
