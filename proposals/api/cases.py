"""`proposals/`: proposals and suggestions for other systems; brought by session and number (contract: REST)."""

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from portal.core.accounts.roles import Perm, Scope
from portal.core.territory.models import Division
from portal.core.territory.queries import find_division
from portal.core.web import conditional
from portal.core.web.acting import faulty, problem_of
from portal.core.web.filters import ChoiceParameter, CodeParameter, IdParameter, IntegerParameter, Parameter
from portal.core.web.idempotency import idempotent
from portal.core.web.operations import Operation
from portal.core.web.viewsets import ListMixin, PortalViewSet, RetrieveMixin
from proposals.actions.intake import bare, upsert_proposal
from proposals.enums import Body, ProposalState
from proposals.models import Handling, Proposal, Proposer, Session
from proposals.queries import cases as reads
from proposals.serializers.cases import ProposalBody, ProposalSerializer

_READ = {"scope": Scope.PROPOSALS_READ, "perm": Perm.VIEW_PROPOSALS, "example": ProposalSerializer.example}
_NAMED = ("body", "term", "meeting")
# Names of the action's facts as the body calls them.
_POINTERS = {"signers": "proposers"}


def _choices(name: str, description, choices, example: str, **more) -> ChoiceParameter:
    values = {one: one for one in choices.values}
    return ChoiceParameter(name=name, description=description, example=example, choices=values, **more)


class ProposalViewSet(ListMixin, RetrieveMixin, PortalViewSet):
    tag = "proposals"
    personal = True
    serializer_class = ProposalSerializer
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    path_parameters = (IdParameter(description=_("提案或建议的编号（id）。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_("提案和建议"),
            description=_(
                "有权查看的提案和建议，按 id 排列：管理提案的看到本地全部，其他部门看到本单位承办或会办的。search 按汉字全文"
                "查找编号、案由、内容和提案者，几个词都要出现。"
            ),
            parameters=(
                CodeParameter(description=_("只要该区划及其下级的。"), example="120101"),
                IntegerParameter(
                    name="session", description=_("只要这次会议的（session.id）。"), example="1", minimum=1, empty=True
                ),
                _choices("body", _("只要政协的或人大的。"), Body, "cppcc"),
                _choices("state", _("只要这一状态的。"), ProposalState, "handling", empty=True),
                IntegerParameter(
                    name="lead",
                    description=_("只要这个单位主办或分办的（unit.id）。"),
                    example="1",
                    minimum=1,
                    empty=True,
                ),
                Parameter(name="search", description=_("全文查找的词。"), example="养老服务"),
            ),
            **_READ,
        ),
        "retrieve": Operation(summary=_("一件提案或建议"), description=_("有权查看的一件提案或建议。"), **_READ),
        "create": Operation(
            summary=_("登记或更正提案、建议"),
            description=_(
                "会议和编号没有登记过的，新登记，答 201；登记过的，与原来不同的内容更正，答 200，没有给出的可选内容不变。"
                "给出 If-Match 时，只在原有的一件没有变过时更正。会议须先登记；用词、提案者类别和人数按会议核对，不符的答 400。"
                "已办结的不能更正，答 409。"
            ),
            scope=Scope.PROPOSALS_WRITE,
            perm=Perm.MANAGE_PROPOSALS,
            body=ProposalBody,
            body_example=ProposalBody.example,
            example=ProposalSerializer.example,
            status=201,
            or_status=200,
            guarded=True,
        ),
    }

    def get_queryset(self) -> QuerySet[Proposal]:
        parts = Handling.objects.exclude(stage__in=reads.GONE).select_related("unit").order_by("id")
        signers = Proposer.objects.defer("phone", "address").order_by("position")
        rows = self._rows().select_related("session", "division")
        return rows.prefetch_related(
            Prefetch("handlings", queryset=parts, to_attr="taking_part"),
            Prefetch("proposers", queryset=signers, to_attr="signers"),
        )

    def _rows(self) -> QuerySet[Proposal]:
        if self.action != "list":
            return self.rows_of(Proposal)
        place, asked = self.division(), {name: self.values[name] for name in ("session", "body", "state", "lead")}
        asked = {name: value for name, value in asked.items() if value is not None}
        code, words = place.code if place else "", self.values["search"] or ""
        return reads.listed(self.request.user, code, q=words, perm=self.perm, **asked).defer(None).defer("search")

    @idempotent
    def create(self, request, *args, **kwargs) -> Response:
        given = ProposalBody(data=request.data)
        given.is_valid(raise_exception=True)
        facts = dict(given.validated_data)
        session = self._session(facts.pop("division"), *(facts.pop(name) for name in _NAMED))
        version = self._seen(session, facts["number"])
        try:
            found = upsert_proposal(
                session=session, signers=facts.pop("proposers"), version=version, by=request.user, **facts
            )
        except ValidationError as error:
            raise problem_of(error, _POINTERS) from error
        made = self.get_queryset().get(pk=found.proposal.pk)
        answer = Response(self.represent([made])[0], status=201 if found.outcome == "new" else 200)
        answer["Location"] = request.build_absolute_uri(reverse("api-proposals-detail", args=[made.pk]))
        return answer

    def _session(self, code: str, body: str, term: int, meeting: int) -> Session:
        """The session that a body names, where the caller manages proposals."""
        place = find_division(code, within=self.rows_of(Division)) if code.isascii() and code.isdigit() else None
        if place is None:
            raise faulty("division", _gettext("管理范围内没有这个地区。请核对代码。"))
        found = Session.objects.filter(division=place, body=body, term=term, meeting=meeting).first()
        if found is None:
            raise faulty("meeting", _gettext("没有登记这次会议。请先在页面上登记。"))
        return found

    def _seen(self, session: Session, number: str) -> int | None:
        """The version that the caller has read, where If-Match names it; ProblemError 412 where it is past."""
        if self.request.headers.get("If-Match") is None:
            return None
        held = Proposal.objects.filter(session=session, number=bare(number)).first()
        conditional.require_match(self.request, conditional.state_of(held) if held else ())
        return held.version if held else None
