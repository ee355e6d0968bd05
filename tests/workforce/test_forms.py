"""Forms of the roster: what they understand, what they refuse, and in which words."""

from datetime import date

import pytest
from django.http import QueryDict

from portal.core.accounts.models import Grant
from portal.core.lib.identity import synthetic
from tests import world as w
from workforce.forms import ChangeForm, WorkerForm
from workforce.models import Appointment, Contract

NUMBER = synthetic(date(1990, 1, 1), 901)  # a man born on 1990-01-01
POST = {
    "community": w.SUMMER,
    "body": "station",
    "title": "工作人员",
    "tier": "3",
    "entry": "hired",
    "full_time": "on",
    "managed": "on",
    "valid_from": "2025-03-01",
}
PERSON = {"name": "张新", "id_number": NUMBER}


def data(**fields) -> QueryDict:
    query = QueryDict(mutable=True)
    query.update({**PERSON, **POST, **fields})
    return query


def checked(world, by="street", **fields) -> WorkerForm:
    form = WorkerForm(data(**fields), by=getattr(world.users, by))
    form.is_valid()
    return form


def test_birth_date_and_sex_follow_from_the_id_number(world):
    form = checked(world, id_number=f" {NUMBER.lower()} ", name="张 新")
    assert form.errors == {}
    assert form.worker() == {
        "name": "张新",
        "id_number": NUMBER,
        "sex": "male",
        "birth_date": date(1990, 1, 1),
        "phone": None,
        "hired_on": None,
        **dict.fromkeys(("ethnicity", "political_status", "education", "degree", "major"), ""),
    }
    assert (form.contract(), form.certificate()) == (None, None)


def test_ends_are_typed_as_last_days_and_kept_exclusive(world):
    form = checked(
        world, valid_to="2025-12-31", contract_kind="labour", contract_from="2025-03-01", contract_to="2025-12-31"
    )
    assert form.errors == {}
    assert form.post()["valid_to"] == date(2026, 1, 1)
    assert form.contract() == {
        "kind": "labour", "party": "", "valid_from": date(2025, 3, 1), "valid_to": date(2026, 1, 1),
    }  # fmt: skip


@pytest.mark.parametrize("typed", ["2025年3月1日", "２０２５-３-１", "2025/3/1", "20250301"])
def test_days_are_understood_in_the_spellings_of_the_import(world, typed):
    assert checked(world, valid_from=typed).post()["valid_from"] == date(2025, 3, 1)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "请填写“姓名”。"),
        ("community", "", "请选择“社区”。"),
        ("tier", "", "请选择“岗位层级”。"),
        ("id_number", "", "请填写“身份证号”。"),
        (
            "id_number",
            NUMBER[:17] + ("1" if NUMBER[17] != "1" else "2"),
            "身份证号的校验位不符，至少有一位填错。请对照证件核对。",
        ),
        ("id_number", "123", "身份证号应为 18 位。请检查是否多填或漏填。"),
        ("sex", "female", "身份证号第 17 位表示的性别是男。请核对证件，改正其中一项。"),
        ("birth_date", "1991-01-01", "出生日期与身份证号中的 1990-01-01 不一致。请核对证件，改正其中一项。"),
        ("phone", "12345", "联系电话的位数不对。手机填 11 位，座机带区号，如 022-27301234。"),
        ("grade", "19", "岗位等级应为 1 到 18 的整数。"),
        ("grade", "五", "岗位等级应为 1 到 18 的整数。"),
        ("valid_from", "2025-02-30", "没有这一天。请核对月份和日期。"),
        ("valid_from", "2025-03", "只有年月。请写到日，如 2026-11-22。"),
        ("valid_from", "45000", "不是可以识别的日期。请按 2026-11-22 的样子填写。"),
        ("valid_to", "2025-02-01", "“任职截止”早于“任职起始”（2025-03-01）。请核对两个日期。"),
        ("contract_from", "2025-03-01", None),
        ("level", "assistant", None),
        ("community", w.VILLAGE, "“冬岭村”是村，不适用社区工作者名册。请改选社区。"),
        ("community", w.STREET, "您的辖区内没有这个社区。请核对代码或名称。"),
        ("community", w.AUTUMN, "您的辖区内没有这个社区。请核对代码或名称。"),
        ("community", "999999999999", "您的辖区内没有这个社区。请核对代码或名称。"),
        ("title", "a\x00b", None),
    ],
)
def test_errors_say_what_is_wrong_and_how_to_mend_it(world, field, typed, sentence):
    form = checked(world, **{field: typed})
    expected = {
        "contract_from": {"contract_kind": ["填写了合同日期，请同时选择合同类型（劳动合同或服务协议）。"]},
        "level": {"obtained_on": ["填写了证书等级，请同时填写证书取得日期。"]},
        "title": {},
    }
    assert form.errors == ({field: [sentence]} if sentence else expected[field])


def test_community_is_also_found_by_name(world):
    assert checked(world, community="夏雨社区").cleaned_data["community"].code == w.SUMMER


def test_name_that_two_communities_bear_asks_for_the_code(world):
    Grant.objects.create(user=world.users.street, role="street", division_id="96", granted_by="test")
    form = checked(world, community="同名社区")
    assert form.errors == {"community": ["您的辖区内不止一个社区叫这个名称，请改填社区代码。"]}


def test_list_of_communities_holds_those_of_the_territory_without_villages(world):
    choices = WorkerForm(by=world.users.street).fields["community"].widget.choices
    assert [code for code, _label in choices] == ["", w.SPRING, w.SUMMER]


def test_too_young_for_the_rule_in_force_is_refused(world):
    form = checked(world, valid_from="2005-01-01")
    assert form.errors == {
        "valid_from": ["按身份证号，2005-01-01 时不满 16 周岁。请核对身份证号、入职日期和任职起始。"]
    }


def test_expired_contract_is_noticed_and_not_refused(world):
    form = checked(world, contract_kind="labour", contract_from="2025-03-01", contract_to="2025-06-30")
    assert form.errors == {}
    assert form.notes == ["合同已于 2025-06-30 到期，任职仍在继续。续签后请更新合同日期。"]


def change(world, name="孙夏", **kwargs) -> ChangeForm:
    post = Appointment.objects.select_related("person", "division").get(person=world.people[name])
    held = Contract.objects.filter(person=post.person).first()
    return ChangeForm(kwargs.get("data"), by=world.users.street, post=post, contract=held, certificate=None)


def test_correction_never_shows_personal_numbers(world):
    html = str(change(world))
    assert world.people["孙夏"].id_number not in html
    assert world.people["孙夏"].phone not in html
    assert "现为 999***********" in html


def test_correction_keeps_numbers_that_are_left_empty(world):
    person = world.people["孙夏"]
    fields = {"name": "孙夏", "id_number": "", "version": "1", "contract_kind": "labour", "contract_from": "2024-01-01"}
    fields["manner"] = "wrong"
    form = change(world, data=data(**fields))
    assert form.is_valid(), form.errors
    assert (form.worker()["id_number"], form.worker()["phone"], form.worker()["sex"]) == (
        person.id_number, person.phone, "female",
    )  # fmt: skip


def test_contract_on_record_cannot_be_dropped(world):
    form = change(world, data=data(id_number="", version="1"))
    assert form.errors == {"contract_kind": ["已登记的合同不能删除。合同终止时，请填写合同截止。"]}


def test_old_version_is_refused_and_the_differences_are_told(world):
    fields = {"name": "孙下", "id_number": "", "version": "7", "contract_kind": "labour", "contract_from": "2024-01-01"}
    form = change(world, data=data(**fields))
    assert not form.is_valid()
    assert form.errors == {"__all__": ["这名人员的信息刚被其他人修改过。请查看最新内容后再保存。"]}
    assert form["version"].value() == "1"
    assert {"label": "姓名", "old": "孙夏", "new": "孙下"} in form.differences()
    assert {"label": "任职起始", "old": "2024-01-01", "new": "2025-03-01"} in form.differences()
