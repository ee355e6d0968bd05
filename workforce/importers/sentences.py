"""What the roster import says: a heading per kind of problem and a sentence that tells how to mend it.

Codes are stable (commands and REST print them); parameters are filled in when a reader looks, in the reader's language.
Codes of ID numbers, telephones and dates have their sentences in `portal.core.sheets.errors`.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.core.sheets.errors import MESSAGES, message_of

ERRORS: dict[str, tuple[Promise, Promise]] = {
    "required": (_("必填内容没有填"), _("“%(column)s”必须填写。")),
    "nobody": (
        _("这一行没有人"),
        _("必填各列都是空的。是合计、填表人或备注的，请删去这一行；是一个人的，请填写姓名、身份证号和其他必填各列。"),
    ),
    "choice": (_("不在可选内容中"), _("“%(column)s”只能填：%(choices)s。")),
    "too_long": (_("文字太长"), _("“%(column)s”最多 %(limit)s 个字，请缩短。")),
    "birth_contradicts": (
        _("出生日期与身份证号不符"),
        _("出生日期与身份证号中的 %(id_birth)s 不一致。请核对证件，改正其中一项。"),
    ),
    "sex_contradicts": (
        _("性别与身份证号不符"),
        _("身份证号第 17 位表示的性别是%(id_sex)s。请核对证件，改正其中一项。"),
    ),
    "id_masked": (
        _("身份证号是遮盖的"),
        _("号码里有星号，是遮盖着导出的。请在名册页“导出”中选“含完整证件号码”，在那份表上修改；或填写完整号码。"),
    ),
    "phone_masked": (
        _("联系电话是遮盖的"),
        _("号码里有星号，是遮盖着导出的。不改电话的请清空这一格，要改的请填写完整号码。"),
    ),
    "grade_number": (_("岗位等级不是整数"), _("岗位等级应为 1 到 18 的整数，不要带文字。")),
    "grade_range": (_("岗位等级超出范围"), _("岗位等级应为 1 到 18。")),
    "period_reversed": (_("截止早于起始"), _("“%(column)s”早于“%(start_column)s”（%(start)s）。请核对两个日期。")),
    "under_age": (
        _("入职时不满法定年龄"),
        _("按身份证号，%(on)s 时不满 %(age)s 周岁。请核对身份证号、入职日期和任职起始。"),
    ),
    "date_future": (_("日期晚于今天"), _("“%(column)s”不能晚于今天（%(today)s）。")),
    "before_birth": (_("日期早于出生"), _("“%(column)s”早于或等于出生日期 %(birth)s。请核对。")),
    "end_after_leaving": (
        _("任职截止晚于离职日期"),
        _("任职截止晚于离职日期 %(left)s。离职后不再任职，请改正其中一项。"),
    ),
    "start_after_leaving": (
        _("任职起始晚于离职日期"),
        _("任职起始晚于离职日期 %(left)s。如为重新入职，请清空离职日期。"),
    ),
    "left_before_hired": (
        _("离职早于入职"),
        _("离职日期早于名册中的入职日期 %(hired)s。请核对两个日期。"),
    ),
    "contract_after_leaving": (
        _("合同起始晚于离职日期"),
        _("合同起始晚于离职日期 %(left)s。请核对两个日期。"),
    ),
    "exit_recorded": (
        _("已登记离职"),
        _(
            "名册登记此人 %(left)s 离职，任职起始不晚于这一天。离职登记有误的，请先在其页面的“状态与离职”中撤回；"
            "重新入职的，任职起始填重新入职的第一天；离职属实的，请填写任职截止。"
        ),
    ),
    "exit_elsewhere": (
        _("任职早于在其他单位离职"),
        _(
            "此人在其他单位登记过离职，任职起始不晚于那一天。重新入职的，任职起始填重新入职的第一天；"
            "日期无误的，请联系区民政部门办理。"
        ),
    ),
    "exit_kept_elsewhere": (
        _("在其他单位登记过离职"),
        _("此人在其他单位登记过离职，不能用这份表改动那次登记。请核对离职日期和任职起始。"),
    ),
    "hired_before_return": (
        _("入职早于重新入职"),
        _("名册登记此人 %(left)s 离职。重新入职的，入职日期填这次入职的第一天，或留空，按任职起始登记。"),
    ),
    "hired_elsewhere": (
        _("入职日期与以前的任职不符"),
        _("此人在其他单位任职过，入职日期或离职日期与那次任职不符。入职日期填这次入职的第一天，或留空。"),
    ),
    "contract_before_return": (
        _("合同早于重新入职"),
        _("名册登记此人 %(left)s 离职，合同起始不晚于这一天。请填写重新入职后所签合同的起止日期。"),
    ),
    "contract_elsewhere": (
        _("合同与其他单位的不符"),
        _(
            "此人在其他单位签过合同，这份合同与那份期限重叠，或早于在那里的最后一天。请填写到本单位后所签合同的起止日期；"
            "对方合同尚未终止的，请联系对方先行终止。"
        ),
    ),
    "reason_without_leaving": (_("有离职原因而无离职日期"), _("填写了离职原因，请同时填写离职日期；未离职时请清空。")),
    "contract_incomplete": (_("合同日期不全"), _("合同类型为%(kind)s，请填写合同起始。")),
    "contract_kind_missing": (_("没有填合同类型"), _("填写了合同日期，请同时选择合同类型（劳动合同或服务协议）。")),
    "contract_dates_unused": (
        _("无合同却填了合同日期"),
        _("合同类型为“无”，却填写了合同日期。请改正合同类型，或清空日期。"),
    ),
    "contract_contradicts": (
        _("同一人的合同互相矛盾"),
        _("与第 %(other)s 行同一人的合同期限重叠而内容不同。一人同时只有一份合同，请填成一致。"),
    ),
    "contract_overlap": (
        _("合同与已登记的重叠"),
        _("合同期限与已登记的 %(start)s 至 %(end)s 的合同重叠。请核对起止日期。"),
    ),
    "certificate_level_missing": (_("没有填证书等级"), _("填写了证书编号或日期，请同时选择证书等级。")),
    "certificate_date_missing": (_("没有填证书取得日期"), _("新登记的证书须填写取得日期。")),
    "certificate_contradicts": (
        _("同一人的证书互相矛盾"),
        _("与第 %(other)s 行同一人同一等级的证书内容不同。请填成一致。"),
    ),
    "community_missing": (_("没有填社区"), _("社区代码和社区名称至少填一项。")),
    "community_code": (_("社区代码写法不对"), _("社区代码应为 12 位数字。")),
    "community_code_unknown": (_("没有这个社区代码"), _("区划中没有代码 %(typed)s。请核对，或改填社区名称。")),
    "community_unknown": (
        _("没有这个社区"),
        _("%(division)s内没有叫“%(name)s”的社区。请核对名称，或填写社区代码。"),
    ),
    "community_unknown_similar": (
        _("没有这个社区"),
        _("%(division)s内没有叫“%(name)s”的社区。名称相近的有：%(names)s。"),
    ),
    "community_ambiguous": (_("社区重名"), _("%(division)s内有 %(count)s 个“%(name)s”：%(codes)s。请填写社区代码。")),
    "community_mismatch": (
        _("社区代码与名称不符"),
        _("代码 %(typed)s 是“%(official)s”，而“%(name)s”的代码是 %(other)s。请改正其中一项。"),
    ),
    "not_community": (_("填的不是社区"), _("%(typed)s 是“%(official)s”，不是社区。请填写 12 位社区代码。")),
    "village": (
        _("村不在名册范围"),
        _("“%(official)s”是村，不适用社区工作者名册。请核对社区，或删去这一行。"),
    ),
    "community_closed": (
        _("社区已撤销"),
        _("“%(official)s”自 %(closed)s 起已撤销。请填写任职截止，或改填现在的社区。"),
    ),
    "example": (_("模板中的示例号码"), _("这是模板示例行的号码。请改成本人的身份证号，或删去这一行。")),
    "changed_meanwhile": (
        _("有人同时改过"),
        _("您录入之后，此人的登记又被改动过。请回到表格，核对双方的改动，选定用哪一份后再应用。"),
    ),
    "duplicate_row": (_("重复的行"), _("与第 %(other)s 行重复：同一人、同一社区、同一职务。请删去一行。")),
    "overlap_rows": (
        _("任职时间重叠"),
        _("与第 %(other)s 行同一人、同一社区、同一职务的任职时间重叠。请改正起止日期，或删去一行。"),
    ),
    "overlap_recorded": (
        _("任职与已登记的重叠"),
        _("与名册中同一职务 %(start)s 至 %(end)s 的任职重叠。请核对起止日期。"),
    ),
    "person_contradicts": (
        _("同一人的信息互相矛盾"),
        _(
            "与第 %(other)s 行是同一身份证号，但“%(column)s”不同（该行为“%(value)s”）。是同一人的，请在各行填得一样；不是同一人的，请核对身份证号。"
        ),
    ),
    "exists_elsewhere": (
        _("已在其他单位的名册中"),
        _("该身份证号已在其他单位的名册中。请先核对号码；号码无误时，请联系区民政部门办理。"),
    ),
    "leaving_elsewhere": (
        _("在其他单位还有任职"),
        _("此人在本次导入范围以外还有任职，不能在这里登记离职。请改填任职截止，离职联系区民政部门办理。"),
    ),
    "over_quota": (
        _("超出核定员额"),
        _(
            "同类员额核定 %(posts)s 人，%(day)s 起将有 %(taken)s 人占用。"
            "请先申请员额；确需超员额的，“纳入管理”先填否，再由区里按例外批准纳入。"
        ),
    ),
    "post_after_leaving": (
        _("离职日期之后还有任职"),
        _("名册中此人有 %(start)s 起的任职，晚于离职日期。请核对离职日期。"),
    ),
}

WARNINGS: dict[str, tuple[Promise, Promise]] = {
    "grade_tier": (
        _("岗位等级与层级不常见"),
        _("%(tier)s岗常见等级为 %(low)s 到 %(high)s，表中为 %(grade)s。确认无误可以导入。"),
    ),
    "age_unusual": (_("年龄不在计入范围"), _("现年 %(age)s 周岁，按现行规则不计入配备人数。")),
    "contract_expired": (_("合同已到期"), _("合同已于 %(end)s 到期，任职仍在继续。续签后请更新合同日期。")),
    "contract_none_recorded": (
        _("名册中有合同"),
        _("表中为“无”，但名册中有 %(start)s 起的合同，将保留。如已终止，请填写合同类型和合同截止。"),
    ),
    "party_unused": (_("用工主体不会保存"), _("没有合同，用工主体不会保存。")),
    "month_only": (_("只有年月"), _("只有年月，按 %(read)s 登记。")),
    "day_count": (_("日期是一个数字"), _("单元格里是数字，按 Excel 的日期读作 %(read)s。请核对。")),
    "id_doubtful": (
        _("身份证号末三位为 000"),
        _("身份证号以 000 结尾，可能是 Excel 改掉的。请对照证件核对。"),
    ),
    "start_future": (_("日期晚于今天"), _("“%(column)s”晚于今天，到那一天才计入。")),
    "post_before_hire": (_("任职早于入职"), _("任职起始早于入职日期 %(hired)s。确认无误可以导入。")),
    "community_other_name": (_("社区名称不同"), _("按代码登记为“%(official)s”。")),
    "name_changes": (
        _("姓名与名册不同"),
        _("该身份证号在名册中登记的姓名是“%(old)s”。请核对：是改名，还是号码填错。"),
    ),
    "over_quota_noted": (_("超出核定员额"), _("同类员额核定 %(posts)s 人，%(day)s 起将有 %(taken)s 人占用。")),
    "returns": (_("恢复在职"), _("此人登记为 %(left)s 离职，导入后恢复在职。")),
    "population_missing": (
        _("社区没有人口数"),
        _("“%(official)s”没有登记人口，导入后算不出应配人数。请登记人口；不影响这次导入。"),
    ),
    "households_missing": (
        _("社区没有户数"),
        _("“%(official)s”没有登记户数，算不出按户数核定的职数。请登记户数；不影响这次导入。"),
    ),
    "party_size": (
        _("“两委”人数不在一般范围"),
        _(
            "导入后“%(official)s”社区党组织有成员 %(members)s 人，一般为 %(least)s 至 %(most)s 人。"
            "请核对；不影响这次导入。"
        ),
    ),
    "residents_size": (
        _("“两委”人数不在一般范围"),
        _(
            "导入后“%(official)s”居民委员会有成员 %(members)s 人，一般为 %(least)s 至 %(most)s 人。"
            "请核对；不影响这次导入。"
        ),
    ),
    "team_size": (
        _("社区人数超出上限"),
        _("导入后“%(official)s”有专职、纳入管理的 %(members)s 人，上限 %(most)s 人。请核对；不影响这次导入。"),
    ),
    "returns_elsewhere": (_("恢复在职"), _("此人在其他单位登记过离职，导入后重新在职。")),
    "outside": (_("不在导入范围"), _("这一行的社区不在%(division)s，不会导入。")),
}

_CELLS = {
    "id_destroyed": _("身份证号被 Excel 改成数字"),
    "id_characters": _("身份证号含有其他字符"),
    "id_fifteen_digits": _("15 位旧身份证号"),
    "id_length": _("身份证号位数错误"),
    "id_birth_date": _("身份证号中的出生日期错误"),
    "id_check_digit": _("身份证号校验位错误"),
    "phone_characters": _("联系电话含有其他字符"),
    "phone_length": _("联系电话位数错误"),
}


def heading(code: str) -> str:
    """The kind of a problem in a few words, for grouping: 身份证号校验位错误."""
    for table in (ERRORS, WARNINGS):
        if code in table:
            return str(table[code][0])
    return str(_CELLS.get(code) or (_("日期读不出来") if code.startswith("date_") else message_of(code)))


def sentence(code: str, params: dict | None = None) -> str:
    """What is wrong, how to mend it, and what was probably meant, in the language of the moment."""
    return _told(code, params or {}) + _suggested(params or {})


def _told(code: str, params: dict) -> str:
    for table in (ERRORS, WARNINGS):
        if code in table:
            return str(table[code][1]) % params
    return message_of(code, params) if code in MESSAGES else code


def _suggested(params: dict) -> str:
    """The question that offers a suggestion (see `suggestions.py`); empty where there is none."""
    if params.get("suggestion"):
        return gettext("您是否要填：%(suggestion)s？") % params
    if params.get("letters"):
        return gettext("其中的 %(letters)s 是否应为 %(digits)s？") % params
    return ""
