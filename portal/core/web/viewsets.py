"""The base of every REST view: token, scope, declared parameters, territory, ETag and one form for every refusal.

A viewset declares its `operations`; nothing is open or accepted that is not declared. Lists come as pages or as a
sheet, by Accept.
"""

from typing import ClassVar

from django.http import Http404
from django.utils.cache import patch_vary_headers
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from portal.core.accounts.roles import Perm
from portal.core.territory.models import Division
from portal.core.territory.queries import find_division
from portal.core.web import conditional, paging
from portal.core.web.filters import FieldsParameter, Parameter, read_parameters
from portal.core.web.negotiation import Negotiation
from portal.core.web.operations import Operation
from portal.core.web.parsers import StrictMultiPartParser
from portal.core.web.problems import ProblemError
from portal.core.web.renderers import SHEETS, FileRenderer, SheetRenderer, sheet_response
from portal.core.web.serializers import RowSerializer
from portal.core.web.throttling import charge

MAX_ADDRESS = 4000


class PortalViewSet(GenericViewSet):
    """See the module. `personal` marks answers with personal data, which no cache may keep.

    For the OpenAPI document: `tag` groups, `operation_id` replaces the usual name, `response_schema` describes an
    answer that no serializer makes.
    """

    operations: ClassVar[dict[str, Operation]]
    path_parameters: ClassVar[tuple[Parameter, ...]] = ()
    tag: ClassVar[str] = ""
    operation_id: ClassVar[str] = ""
    response_schema: ClassVar[dict] = {}
    personal: ClassVar[bool] = False
    content_negotiation_class = Negotiation
    pagination_class = None
    metadata_class = None
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]

    def initialize_request(self, request, *args, **kwargs):
        made = super().initialize_request(request, *args, **kwargs)
        if self.action == "metadata":
            self.action = None  # OPTIONS is a method like any other that the address does not know
        return made

    def initial(self, request, *args, **kwargs):
        if len(request.get_full_path()) > MAX_ADDRESS:
            raise ProblemError(414)
        self.perform_authentication(request)
        charge(request)
        super().initial(request, *args, **kwargs)
        if self.action:
            self.values = read_parameters(request.query_params, self.declared_parameters())

    @property
    def operation(self) -> Operation:
        return self.operations[self.action]

    def get_parsers(self) -> list:
        # Asked for before `action` is known.
        method = self.request.method.lower() if self.request else ""
        operation = self.operations.get((self.action_map or {}).get(method))
        return [StrictMultiPartParser()] if operation and operation.multipart else super().get_parsers()

    def get_renderers(self) -> list:
        operation = self.operations.get(self.action)
        return [FileRenderer.of(operation.produces)] if operation and operation.produces else super().get_renderers()

    @property
    def perm(self) -> Perm | None:
        """The permission that the present call needs and that scopes its rows."""
        sheet = isinstance(getattr(self.request, "accepted_renderer", None), SheetRenderer)
        return (sheet and self.operation.sheet_perm) or self.operation.perm

    def declared_parameters(self) -> tuple[Parameter, ...]:
        """What the present action reads from the query, in the order of the documentation."""
        declared = self.operation.parameters
        if self.action == "list":
            declared += paging.PARAMETERS
        row = self.serializer_class
        if self.action in ("list", "retrieve") and row and issubclass(row, RowSerializer):
            names = row.names()
            declared += (FieldsParameter(names=names, max_length=1000, example=",".join(names[:2])),)
        return declared

    def rows_of(self, model):
        """The rows of a model that the caller may see here: every query starts with it."""
        return model.objects.for_user(self.request.user, self.perm)

    def division(self, name: str = "division") -> Division | None:
        """The division a parameter names; outside the caller's territory it is as missing as one that never was."""
        code = self.values[name]
        if code is None:
            return None
        found = find_division(code, within=self.rows_of(Division))
        if found is None:
            raise Http404
        return found

    def get_serializer_context(self) -> dict:
        return {"view": self, "request": self.request, "fields": getattr(self, "values", {}).get("fields")}

    def represent(self, rows: list) -> list[dict]:
        """Rows as they go out; called once for every page, chunk or record."""
        return self.get_serializer(rows, many=True).data

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Accept", "Authorization", "Accept-Language"])
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store" if self.personal else "private, no-cache"
        if request.method in ("GET", "HEAD") and response.status_code == 200 and isinstance(response, Response):
            response.render()
            tag = conditional.digest(request.accepted_media_type, response.content)
            state = getattr(self, "state", "")
            return conditional.answered(request, response, f"{state}.{tag}" if state else tag)
        return response


class ListMixin:
    """`list`: a page of `source()`, or all of it as a sheet."""

    pagination_class = paging.CursorEnvelope
    key: ClassVar[tuple[str, ...]] = ("id",)

    def source(self) -> paging.Source:
        return paging.QuerySetSource(self.get_queryset(), self.key)

    def get_renderers(self) -> list:
        return [*super().get_renderers(), *(renderer() for renderer in SHEETS if self.action == "list")]

    def list(self, request, *args, **kwargs):
        source = self.source()
        if isinstance(request.accepted_renderer, SheetRenderer):
            return sheet_response(self, source)
        page = paging.page_of(source, request, self.values)
        return Response({"results": self.represent(page.rows), "next": page.next, "previous": page.previous})


class RetrieveMixin:
    """`retrieve`: one row of `get_queryset()`, with its state for If-Match in the ETag."""

    def retrieve(self, request, *args, **kwargs):
        record = self.get_object()
        self.state = conditional.state_of(record)
        return Response(self.represent([record])[0])
