"""What is wrong with a sheet: one exception, and the one table of sentences for it.

Codes are English and stable (the command line and REST print them); sentences tell what happened and how to mend it.
The codes of `lib.identity` and `lib.dates` have their sentences here too, so that sheets and forms say the same.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.lib.dates import DateError
from portal.core.lib.identity import CreditCodeError, IdError, PhoneError

FILE = {
    "file_empty": _("文件是空的（0 字节），请重新保存后再上传。"),
    "file_too_large": _("文件有 %(size)s MB，超过 %(limit)s MB 的上限。请删去图片和多余的工作表，或分成几个文件上传。"),
    "file_type": _("不接受 %(suffix)s 文件。请用 Excel 或 WPS 另存为 .xlsx（也接受 .xls 和 .csv）后再上传。"),
    "file_mismatch": _("文件名以 %(suffix)s 结尾，内容却是%(found)s。请打开原表，用“另存为”保存成 .xlsx 后再上传。"),
    "file_html": _("这个 %(suffix)s 文件其实是网页格式（由其他系统导出）。请用 Excel 打开后另存为 .xlsx 再上传。"),
    "file_encrypted": _("文件设了打开密码，无法读取。请在 Excel 中取消密码、另存后再上传。"),
    "file_macros": _("文件含有宏（.xlsm 的内容）。请在 Excel 中另存为“Excel 工作簿（.xlsx）”后再上传。"),
    "file_damaged": _("文件已损坏或不是完整的 Excel 文件，无法读取。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"),
    "file_bomb": _("文件解压后超过 %(limit)s MB 或压缩比异常，为安全起见未读取。请把数据复制到新下载的模板后再上传。"),
    "file_parts": _("文件内部有 %(count)s 个部件，超过 %(limit)s 个的上限。请把数据复制到新下载的模板后再上传。"),
    "file_text_volume": _("表内文字总量超过 %(limit)s MB，未读取。请检查是否有大段文字重复填充，删去后再上传。"),
    "not_text": _("这个 .csv 文件不是文本文件。请用 Excel 打开后另存为 .xlsx 再上传。"),
    "bad_encoding": _("无法识别文件的文字编码。请用 Excel 另存为“CSV UTF-8”或 .xlsx 后再上传。"),
    "csv_unclosed_quote": _("第 %(row)s 行起有一个双引号没有配对，后面的内容无法分行。请补上或删去这个双引号。"),
    "cell_too_long": _("第 %(row)s 行有超过 32,767 个字符的单元格。请缩短后再上传。"),
    "formula_uncalculated": _(
        "单元格 %(cell)s 的公式没有计算结果，无法读取。请在 Excel 或 WPS 中打开、保存后再上传，或把公式粘贴为数值。"
    ),
    "too_many_rows": _("有内容的行超过 %(limit)s 行的上限。请按街道或社区分成几个文件上传。"),
    "too_many_columns": _("第 %(row)s 行在第 %(column)s 列还有内容，最多读取 %(limit)s 列。请删去右侧多余的内容。"),
    "no_sheet": _("文件里没有可见的工作表。请取消隐藏花名册工作表后再上传。"),
    "sheets_alike": _(
        "读取的是工作表“%(sheet)s”，文件里的“%(others)s”看上去也是名册，没有读取。这时不能截止：那些表里的人也会被当作表中没有而离职。"
        "请把几张表合并成一张（不相干的表删去或隐藏），再上传。"
    ),
    "no_rows": _("工作表里没有任何内容。请填写后再上传。"),
}

HEADER = {
    "header_not_found": _("前 %(limit)s 行里没有找到表头。表头应包含：%(expected)s。请下载模板对照。"),
    "column_missing": _("缺少必填的列“%(header)s”。请在表头中补上这一列。"),
    "column_unknown": _("不认识第 %(letter)s 列的表头“%(header)s”。请改成模板中的列名，或删去这一列。"),
    "column_unknown_similar": _(
        "不认识第 %(letter)s 列的表头“%(header)s”，是否应为“%(suggestion)s”？请改成模板中的列名，或删去这一列。"
    ),
    "column_duplicate": _("列“%(header)s”出现了 %(count)s 次（第 %(letters)s 列）。请只保留一列。"),
    "column_unnamed": _("第 %(letter)s 列没有表头，第 %(row)s 行却有内容。请补上表头，或清空这一列。"),
}

VALUE = {
    IdError.EMPTY.value: _("身份证号没有填。请填写 18 位号码。"),
    IdError.DESTROYED.value: _(
        "身份证号被 Excel 当成数字，末几位已经丢失（如 1.20101E+17 或末三位变成 000）。"
        "请先把该列设为“文本”格式，再重新录入完整号码。"
    ),
    IdError.MASKED.value: _("号码里有星号。请填写完整号码。"),
    IdError.CHARACTERS.value: _("身份证号只能由数字组成，最后一位可以是 X。请检查有没有字母 O、汉字或其他符号。"),
    IdError.FIFTEEN_DIGITS.value: _("这是 15 位的旧身份证号，已停止使用。请填写 18 位号码。"),
    IdError.LENGTH.value: _("身份证号应为 18 位。请检查是否多填或漏填。"),
    IdError.BIRTH_DATE.value: _("身份证号第 7 至 14 位不是真实的出生日期。请核对号码。"),
    IdError.CHECK_DIGIT.value: _("身份证号的校验位不符，至少有一位填错。请对照证件核对。"),
    PhoneError.EMPTY.value: _("联系电话没有填。"),
    PhoneError.MASKED.value: _("号码里有星号。请填写完整号码。"),
    PhoneError.CHARACTERS.value: _("联系电话只能填一个号码，由数字组成。请删去文字和第二个号码。"),
    PhoneError.LENGTH.value: _("联系电话的位数不对。手机填 11 位，座机带区号，如 022-27301234。"),
    CreditCodeError.EMPTY.value: _("统一社会信用代码没有填。"),
    CreditCodeError.DESTROYED.value: _(
        "统一社会信用代码被 Excel 当成数字，末几位已经丢失。请先把该列设为“文本”格式，再重新录入。"
    ),
    CreditCodeError.LENGTH.value: _("统一社会信用代码应为 18 位。请检查是否多填或漏填。"),
    CreditCodeError.CHARACTERS.value: _("统一社会信用代码由数字和大写字母组成，不使用 I、O、S、V、Z。请核对。"),
    CreditCodeError.CHECK_DIGIT.value: _("统一社会信用代码的校验位不符，至少有一位填错。请对照证书核对。"),
    DateError.EMPTY.value: _("日期没有填。"),
    DateError.UNREADABLE.value: _("不是可以识别的日期。请按 2026-11-22 的样子填写。"),
    DateError.NO_SUCH_DAY.value: _("没有这一天。请核对月份和日期。"),
    DateError.SWAPPED.value: _("月份大于 12，像是月和日写反了。请按 年-月-日 的顺序填写。"),
    DateError.YEAR_LAST.value: _("年份写在了最后，月和日的先后无法判断。请按 2026-11-22 的样子填写。"),
    DateError.TWO_DIGIT_YEAR.value: _("年份只有两位，无法判断世纪。请写四位年份，如 2026-11-22。"),
    DateError.YEAR_ONLY.value: _("只有年份。请至少写到月份，如 2026-11。"),
    DateError.AMBIGUOUS_MONTH.value: _(
        "小数形式的 .1 可能是 1 月，也可能是被 Excel 去掉了 0 的 10 月。请写成 2021-01 或 2021-10。"
    ),
    DateError.OUT_OF_RANGE.value: _("日期应在 1900 年至 2100 年之间。请核对年份。"),
}

MESSAGES = {**FILE, **HEADER, **VALUE}

# The same said of a worksheet that has a name.
_OF_SHEET = {
    "header_not_found": _(
        "工作表“%(sheet)s”的前 %(limit)s 行里没有找到表头。表头应包含：%(expected)s。请下载模板对照；名册在别的工作表里的，请核对那张表的表头。"
    ),
}


def message_of(code: str, params: dict[str, Any] | None = None) -> str:
    """The sentence of a code in the language of the moment."""
    named = _OF_SHEET.get(code) if params and params.get("sheet") else None
    return str(named or MESSAGES[code]) % (params or {})


class SheetError(Exception):
    """A file, header or cell that cannot be taken. `row` is the number Excel shows, `column` a header or a letter."""

    def __init__(
        self, code: str, params: dict[str, Any] | None = None, row: int | None = None, column: str | None = None
    ) -> None:
        super().__init__(code, params, row, column)  # all four, so that the error survives pickling
        self.code = code
        self.params = params or {}
        self.row = row
        self.column = column

    @property
    def message(self) -> str:
        """The sentence for the reader, in the language of the moment."""
        return message_of(self.code, self.params)

    def as_dict(self) -> dict[str, Any]:
        """The form in which commands and REST print an error."""
        return {"row": self.row, "column": self.column, "code": self.code, "message": self.message}

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
