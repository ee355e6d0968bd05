"""The columns of the roster sheet (contract.md): one list for template, import and export alike.

Headers and choices are printed in Chinese in every language of the portal: they belong to the sheet, not to the screen.
"""

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core.lib.identity import synthetic
from portal.core.sheets.columns import Column, Kind
from workforce.enums import Body, CertificateLevel, ContractKind, Entry, Sex, Tier

NO_CONTRACT = "none"
EXAMPLE_ID = synthetic(date(1980, 1, 1), 999)  # of the template's example row, which is never imported

# What stands for a value in the sheet, the printed word first; other spellings that leave no doubt follow it.
_WORDS: dict[str, dict[object, tuple[str, ...]]] = {
    "性别": {Sex.MALE: ("男", "男性"), Sex.FEMALE: ("女", "女性")},
    "岗位层级": {
        Tier.PRINCIPAL: ("正职", "正职岗"),
        Tier.DEPUTY: ("副职", "副职岗"),
        Tier.STAFF: ("工作人员", "工作人员岗", "委员"),
    },
    "任职机构": {
        Body.PARTY: ("社区党组织", "党组织"),
        Body.COMMITTEE: ("居民委员会", "社区居民委员会", "居委会", "社区居委会"),
        Body.STATION: ("社区工作站", "工作站"),
        Body.CENTRE: ("党群服务中心", "社区党群服务中心"),
    },
    "任职方式": {Entry.ELECTED: ("选举",), Entry.APPOINTED: ("任命",), Entry.HIRED: ("聘用",)},
    "是否": {True: ("是", "√"), False: ("否", "×")},
    "合同类型": {
        ContractKind.LABOUR: ("劳动合同",),
        ContractKind.SERVICE: ("服务协议",),
        NO_CONTRACT: ("无",),
    },
    "证书等级": {
        CertificateLevel.ASSISTANT: ("助理社会工作师",),
        CertificateLevel.SOCIAL_WORKER: ("社会工作师",),
        CertificateLevel.SENIOR: ("高级社会工作师",),
        CertificateLevel.LOCAL: ("地方社区社会工作员",),
    },
}

# The drop-down lists of the template, by name.
LISTS: dict[str, tuple[str, ...]] = {name: tuple(words[0] for words in of.values()) for name, of in _WORDS.items()}


def _column(
    key: str, header: str, explanation: Promise, example: str = "", kind: Kind = Kind.TEXT, **more: object
) -> Column:
    return Column(key=key, header=header, kind=kind, explanation=explanation, example=example, **more)


_KEEP = _("留空表示不改动已登记的内容。")

COLUMNS: tuple[Column, ...] = (
    _column(
        "code",
        "社区代码",
        _("12 位统计用区划代码。代码与社区名称至少填一项。"),
        "120101001001",
        width=16,
        aliases=("社区编码",),
    ),
    _column(
        "community",
        "社区名称",
        _("不会重名时可只填名称；重名时请填社区代码。"),
        "示例社区",
        width=18,
        aliases=("社区",),
    ),
    _column("name", "姓名", _("与身份证一致。"), "张示例", required=True),
    _column(
        "id_number",
        "身份证号",
        _("18 位，本列须为“文本”格式。同一人任两职填两行，身份证号相同。"),
        EXAMPLE_ID,
        required=True,
        length=18,
        width=22,
        aliases=("身份证号码", "公民身份号码"),
    ),
    _column(
        "sex", "性别", _("可留空，由身份证号得出；填写时须与身份证号一致。"), "男", Kind.CHOICE, choices="性别", width=8
    ),
    _column("birth_date", "出生日期", _("可留空，由身份证号得出；填写时须与身份证号一致。"), "1980-01-01", Kind.DATE),
    _column("ethnicity", "民族", _KEEP, "汉族", width=8),
    _column("political_status", "政治面貌", _KEEP, "中共党员"),
    _column("education", "学历", _KEEP, "本科", width=8),
    _column("degree", "学位", _KEEP, "学士", width=8),
    _column("major", "专业", _KEEP, "社会工作"),
    _column(
        "phone",
        "联系电话",
        _("手机 11 位；座机带区号，如 022-27301234。留空表示不改动。"),
        "13800000000",
        width=15,
        aliases=("手机号", "手机号码"),
    ),
    _column(
        "tier", "岗位层级", _("正职、副职或工作人员。"), "工作人员", Kind.CHOICE, required=True, choices="岗位层级"
    ),
    _column("grade", "岗位等级", _("1 到 18 的整数。留空表示不改动。"), "5", Kind.NUMBER, width=10),
    _column(
        "body",
        "任职机构",
        _("职务所在的机构。"),
        "社区工作站",
        Kind.CHOICE,
        required=True,
        choices="任职机构",
        width=16,
    ),
    _column("title", "职务", _("如 社区党组织书记、居委会主任、委员、工作人员。"), "工作人员", required=True, width=18),
    _column("entry", "任职方式", _("选举、任命或聘用。"), "聘用", Kind.CHOICE, required=True, choices="任职方式"),
    _column("valid_from", "任职起始", _("担任本职务的第一天。"), "2024-01-01", Kind.DATE, required=True),
    _column("valid_to", "任职截止", _("担任本职务的最后一天；仍在任时留空。"), "", Kind.DATE),
    _column(
        "full_time",
        "是否专职",
        _("留空时：新任职按“是”，已登记的不改动。"),
        "是",
        Kind.CHOICE,
        choices="是否",
        width=10,
    ),
    _column(
        "managed", "纳入管理", _("留空时：新任职按“是”，已登记的不改动。"), "是", Kind.CHOICE, choices="是否", width=10
    ),
    _column("hired_on", "入职日期", _("进入社区工作者队伍的日期。留空表示不改动。"), "2024-01-01", Kind.DATE),
    _column("party", "用工主体", _("签订合同的单位。"), "示例街道办事处", width=20),
    _column("contract_kind", "合同类型", _("劳动合同、服务协议或无。"), "劳动合同", Kind.CHOICE, choices="合同类型"),
    _column("contract_from", "合同起始", _("有合同时必填。"), "2024-01-01", Kind.DATE),
    _column("contract_to", "合同截止", _("合同的最后一天；无固定期限时留空。"), "2026-12-31", Kind.DATE),
    _column(
        "level",
        "证书等级",
        _("没有证书时留空。有几本证书时每行填一本。"),
        "助理社会工作师",
        Kind.CHOICE,
        choices="证书等级",
        width=18,
    ),
    _column("number", "证书编号", _KEEP, "示例0001", width=18),
    _column("obtained_on", "证书取得日期", _("新登记证书时必填。"), "2025-06-01", Kind.DATE, width=14),
    _column(
        "registered_on",
        "登记日期",
        _("最近一次登记的日期；再登记后填新的日期。留空表示不改动。"),
        "2025-07-01",
        Kind.DATE,
    ),
    _column(
        "grid_worker",
        "兼任网格员",
        _("留空时：新任职按“否”，已登记的不改动。"),
        "否",
        Kind.CHOICE,
        choices="是否",
        width=12,
    ),
    _column("left_on", "离职日期", _("在岗的最后一天；填写后其全部任职和合同截止到这一天。"), "", Kind.DATE),
    _column("leaving_reason", "离职原因", _("填写离职日期时一并填写。"), "", width=18),
)

BY_KEY: dict[str, Column] = {column.key: column for column in COLUMNS}
HEADER: dict[str, str] = {column.key: column.header for column in COLUMNS}

# Typed word -> value and value -> printed word, by the name of the list.
MEANING: dict[str, dict[str, object]] = {
    name: {word: value for value, words in of.items() for word in words} for name, of in _WORDS.items()
}
PRINTED: dict[str, dict[object, str]] = {
    name: {value: words[0] for value, words in of.items()} for name, of in _WORDS.items()
}

PERSON = (
    "name",
    "sex",
    "birth_date",
    "ethnicity",
    "political_status",
    "education",
    "degree",
    "major",
    "phone",
    "hired_on",
    "left_on",
    "leaving_reason",
)
POST = ("tier", "grade", "entry", "full_time", "managed", "grid_worker", "valid_from", "valid_to")
CONTRACT = ("contract_kind", "party", "contract_from", "contract_to")
CERTIFICATE = ("level", "number", "obtained_on", "registered_on")
LAST_DAYS = frozenset({"valid_to", "contract_to", "left_on"})
PERSONAL = frozenset({"id_number", "phone"})

# General notes of the template, above the explanations of the columns.
NOTES = (
    _("一行一个任职。一人任两职填两行，身份证号相同，只计一人。"),
    _("日期写成 2026-11-22；截止日期都填最后一天。列的先后可以调整，不要改列名。"),
    _("上传后先检查、再预览，确认之前不会改动名册。名册上有而表中没有的人会列出，但保留不动。"),
)
