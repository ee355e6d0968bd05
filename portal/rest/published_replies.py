"""`published-replies/`: published replies to proposals and suggestions, for everybody; the only resource without a token.

It reads what the public site shows. Calls without a token are counted by address (`portal.core.web.throttling`).
"""

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.permissions import AllowAny

from portal.core.territory.models import Division
from portal.core.territory.queries import find_division
from portal.core.web.filters import ChoiceParameter, CodeParameter, DayParameter, IntegerParameter, Parameter
from portal.core.web.operations import Operation
from portal.core.web.serializers import RowSerializer
from portal.core.web.viewsets import ListMixin, PortalViewSet, RetrieveMixin
from proposals.enums import Body, ReplyKind, ResultClass
from proposals.models import Publication
from proposals.queries import publication as reads
from workforce.serializers.roster import PostDivisionSerializer

_PAGE = "https://portal.example/public/replies/8c0f9c1e-52b1-4f0a-9a8e-1b7d4f2f6a10/"
_EXAMPLE = {
    "id": "8c0f9c1e-52b1-4f0a-9a8e-1b7d4f2f6a10",
    "url": _PAGE,
    "pdf_url": f"{_PAGE}letter.pdf",
    "division": {"code": "120101", "name": "示例区"},
    "body": "cppcc",
    "session": "区政协十四届五次会议",
    "number": "0023",
    "proposal_title": "关于加强社区工作者队伍建设的提案",
    "unit": "示例区民政局",
    "kind": "reply",
    "title": "关于区政协十四届五次会议第0023号提案答复的函",
    "document_number": "示民函〔2026〕1号",
    "result": "A",
    "replied_on": "2026-03-02",
    "published_at": "2026-03-20T09:00:00+08:00",
    "text": "张某委员：……",
}


class PublishedReplySerializer(RowSerializer):
    """Every text is that of the public version."""

    example = _EXAMPLE
    id = serializers.UUIDField(help_text=_("长期不变的编号。"))
    url = serializers.SerializerMethodField(help_text=_("公开页面，地址长期有效。"))
    pdf_url = serializers.SerializerMethodField(help_text=_("公开文本的 PDF。"))
    division = PostDivisionSerializer(help_text=_("地区。"))
    body = serializers.ChoiceField(
        Body.choices, source="reply.handling.proposal.session.body", help_text=_("政协提案或者人大代表建议。")
    )
    session = serializers.CharField(source="reply.handling.proposal.session.label", help_text=_("会议。"))
    number = serializers.CharField(source="reply.handling.proposal.number", help_text=_("编号，文本，保留前导零。"))
    proposal_title = serializers.SerializerMethodField(help_text=_("案由。"))
    unit = serializers.CharField(source="reply.handling.unit.name", help_text=_("答复单位。"))
    kind = serializers.ChoiceField(ReplyKind.choices, source="reply.kind", help_text=_("文种。"))
    title = serializers.SerializerMethodField(help_text=_("标题。"))
    document_number = serializers.SerializerMethodField(help_text=_("发文字号；空为没有。"))
    result = serializers.ChoiceField(
        [*ResultClass.choices, ("", "")], source="reply.result", help_text=_("办理结果类别；空为没有。")
    )
    replied_on = serializers.DateField(source="reply.letter.issued_on", help_text=_("成文日期。"))
    published_at = serializers.DateTimeField(help_text=_("公开时间。"))
    text = serializers.SerializerMethodField(help_text=_("全文，一行一段；联系方式和个人信息已隐去。"))

    def get_url(self, one: Publication) -> str:
        return self.context["request"].build_absolute_uri(reverse("public_reply", args=[one.pk]))

    def get_pdf_url(self, one: Publication) -> str:
        return self.context["request"].build_absolute_uri(reverse("public_reply_pdf", args=[one.pk]))

    def get_proposal_title(self, one: Publication) -> str:
        return reads.case_title(one)

    def get_title(self, one: Publication) -> str:
        return one.content["title"].replace("\n", "")

    def get_document_number(self, one: Publication) -> str:
        return one.content["number"]

    def get_text(self, one: Publication) -> str:
        return reads.text_of(reads.paper_of(one))


class UuidParameter(Parameter):
    """The id of a row, in the address."""

    def schema(self) -> dict:
        return {"type": "string", "format": "uuid"}


class PublishedReplyViewSet(ListMixin, RetrieveMixin, PortalViewSet):
    tag = "proposals"
    authentication_classes = ()
    permission_classes = (AllowAny,)
    serializer_class = PublishedReplySerializer
    lookup_url_kwarg = "id"
    key = ("published_at", "id")
    path_parameters = (UuidParameter(name="id", description=_("公开答复的编号。"), example=_EXAMPLE["id"]),)
    operations = {
        "list": Operation(
            summary=_("已公开的答复"),
            description=_("已公开的提案、建议答复，按公开时间排列，最早的在前；撤下的不再出现。"),
            parameters=(
                Parameter(name="search", description=_("标题、正文、编号或单位中的词，须全部出现。"), example="养老服务"),
                CodeParameter(description=_("只要该区划及其下级的。")),
                IntegerParameter(
                    name="year", description=_("成文年度。"), example="2026", minimum=2000, maximum=2100
                ),
                ChoiceParameter(
                    name="body", description=_("政协提案或者人大代表建议。"), example="cppcc",
                    choices={one: one for one in Body.values},
                ),
                ChoiceParameter(
                    name="result", description=_("办理结果类别。"), example="A",
                    choices={one: one for one in ResultClass.values},
                ),
                DayParameter(name="since", description=_("只要这一天起公开的（北京时间）。")),
            ),
            example=_EXAMPLE,
        ),
        "retrieve": Operation(
            summary=_("一份已公开的答复"),
            description=_("撤下的答 404，公开页面上有撤下的理由。"),
            example=_EXAMPLE,
        ),
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Publication]:
        if self.action != "list":
            return reads.published()
        asked = {name: self.values[name] for name in ("year", "body", "result") if self.values[name] is not None}
        found = reads.listed(q=self.values["search"] or "", under=self._under(), **asked)
        return found.filter(published_at__gte=reads.day_start(self.values["since"])) if self.values["since"] else found

    def _under(self) -> str:
        code = self.values["division"]
        if code is None:
            return ""
        # The tree is public: whoever asks for a place that does not exist is told so.
        place = find_division(code, within=Division.objects.filter(code__startswith=code[:2]))
        if place is None:
            raise Http404
        return place.code

    def finalize_response(self, request, response, *args, **kwargs):
        if response.status_code == 200:
            response["Cache-Control"] = "public, max-age=60"
        return super().finalize_response(request, response, *args, **kwargs)
