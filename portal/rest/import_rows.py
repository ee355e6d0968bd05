"""How imports and their rows go out over REST."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.core.sheets.models import BatchState, RowStatus, Source
from portal.core.web.serializers import RowSerializer
from portal.registry import IMPORTERS
from portal.rest.finding_rows import FindingDivisionSerializer
from portal.rest.import_examples import IMPORT

COUNTS = {
    "rows": _("表中的行数。"),
    "new": _("新增任职的行。"),
    "changed": _("更改已有内容的行。"),
    "unchanged": _("与名册一致的行。"),
    "error": _("有错误的行；有错误时不能应用。"),
    "leaving": _("名册上有、表中没有的任职。"),
    "ending": _("按 options.leaving_on 截止的任职。"),
    "moved": _("在其他街道任职的人的行，不由导入改动。"),
    "outside": _("不在导入范围的行，跳过。"),
    "people": _("新录入的人数。"),
    "warned": _("有提示的行；提示不妨碍应用。"),
}
PHASES = ("waiting", "reading", "checking", "comparing", "writing", "undoing")


class ImportFileSerializer(RowSerializer):
    name = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField(help_text=_("字节。"))


class ImportSecondsSerializer(RowSerializer):
    check = serializers.FloatField(allow_null=True, help_text=_("最近一次检查用时，秒。"))
    apply = serializers.FloatField(allow_null=True)
    undo = serializers.FloatField(allow_null=True)


class ImportOptionsSerializer(RowSerializer):
    leaving_on = serializers.DateField(allow_null=True, help_text=_("表中没有的人任职截止到哪天（含）；空为保留不动。"))
    leaving_reason = serializers.CharField()


class ImportSheetsSerializer(RowSerializer):
    read = serializers.CharField(help_text=_("读取的工作表。"))
    others = serializers.ListField(
        child=serializers.CharField(), help_text=_("可见、有内容而没有读取的工作表，最多 30 个。")
    )
    alike = serializers.ListField(
        child=serializers.CharField(), help_text=_("其中看上去也是名册的；有的话不能截止表中没有的任职。")
    )


class ImportCountsSerializer(RowSerializer):
    def get_fields(self) -> dict:
        return {name: serializers.IntegerField(help_text=words) for name, words in COUNTS.items()}


class ImportKindSerializer(RowSerializer):
    kind = serializers.CharField(help_text=_("问题的代码，可用于 rows/?kind=。"))
    level = serializers.ChoiceField(["error", "warning"])
    label = serializers.CharField()
    count = serializers.IntegerField(help_text=_("处数。"))


class ImportProblemSerializer(RowSerializer):
    row = serializers.IntegerField(allow_null=True, help_text=_("Excel 显示的行号。"))
    column = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class ImportProgressSerializer(RowSerializer):
    phase = serializers.ChoiceField(PHASES)
    done = serializers.IntegerField(help_text=_("已处理的行数。"))
    total = serializers.IntegerField(help_text=_("总行数；还不知道时为 0。"))
    seconds_left = serializers.FloatField(allow_null=True, help_text=_("估计还需多少秒；还不知道时为空。"))


class ImportLinksSerializer(RowSerializer):
    def get_fields(self) -> dict:
        return {name: serializers.URLField(allow_null=True) for name in IMPORT["links"]}


class ImportSerializer(RowSerializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField([(key, importer.label) for key, importer in IMPORTERS.items()])
    source = serializers.ChoiceField(Source.choices, help_text=_("来自文件，还是网页上的表格录入。"))
    division = FindingDivisionSerializer(help_text=_("导入范围。"))
    state = serializers.ChoiceField(BatchState.choices)
    file = ImportFileSerializer()
    uploaded_by = serializers.CharField(source="uploaded_by.username")
    uploaded_at = serializers.DateTimeField()
    judged_at = serializers.DateTimeField(allow_null=True)
    applied_at = serializers.DateTimeField(allow_null=True)
    applied_by = serializers.CharField()
    undone_at = serializers.DateTimeField(allow_null=True)
    undone_by = serializers.CharField()
    seconds = ImportSecondsSerializer()
    options = ImportOptionsSerializer()
    counts = ImportCountsSerializer(allow_null=True, help_text=_("各种结果的行数；检查完成前为空。"))
    sheets = ImportSheetsSerializer(allow_null=True, help_text=_("文件里的工作表；检查完成前和 csv 为空。"))
    kinds = ImportKindSerializer(many=True, help_text=_("错误和提示的种类，多的在前。"))
    problems = ImportProblemSerializer(many=True, help_text=_("整份文件不能处理或没有应用成的原因。"))
    progress = ImportProgressSerializer(allow_null=True, help_text=_("正在处理时的进度，否则为空。"))
    digest = serializers.CharField(help_text=_("预览的指纹，应用时可以带上。"))
    links = ImportLinksSerializer(help_text=_("现在能做的事的地址；不能做的为空。"))


class ImportIssueSerializer(RowSerializer):
    column = serializers.CharField()
    cell = serializers.CharField(help_text=_("表中内容；证件号码和电话只给掩码。"))
    code = serializers.CharField()
    message = serializers.CharField(help_text=_("是什么问题，怎么改。"))
    suggestion = serializers.CharField(help_text=_("可能想填的内容；不会自动改。"))


class ImportChangeSerializer(RowSerializer):
    field = serializers.CharField()
    column = serializers.CharField()
    of = serializers.CharField(help_text=_("所属的另一职务；本行的职务为空。"))
    old = serializers.CharField()
    new = serializers.CharField()


class ImportRowSerializer(RowSerializer):
    row = serializers.IntegerField(allow_null=True, help_text=_("Excel 显示的行号；名册上有而表中没有的为空。"))
    status = serializers.ChoiceField(RowStatus.choices)
    name = serializers.CharField()
    division = FindingDivisionSerializer(allow_null=True, help_text=_("社区。"))
    errors = ImportIssueSerializer(many=True)
    warnings = ImportIssueSerializer(many=True)
    changes = ImportChangeSerializer(many=True, help_text=_("逐项的原值和新值。"))
