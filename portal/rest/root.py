"""What stands around the resources: their list, the OpenAPI document, its reader, the answer to wrong addresses."""

import functools

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from portal.core.web.operations import Operation
from portal.core.web.problems import problem_response
from portal.core.web.viewsets import PortalViewSet
from portal.rest.reader import groups_of


class RootViewSet(PortalViewSet):
    """`resources` is filled in by the router: (name, URL name) of every list."""

    tag = "root"
    operation_id = "root"
    response_schema = {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}
    resources: tuple[tuple[str, str], ...] = ()
    operations = {
        "index": Operation(
            summary=gettext_lazy("接口目录"),
            description=gettext_lazy("各资源的完整地址。"),
            example={"divisions": "https://portal.example.gov.cn/api/v1/divisions/"},
        )
    }

    def index(self, request) -> Response:
        return Response({name: request.build_absolute_uri(reverse(route)) for name, route in self.resources})


class SchemaViewSet(PortalViewSet):
    """`schema/`: open to everybody, since it holds no data. Made once per language and process."""

    schema = None
    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = (OpenApiJsonRenderer, JSONRenderer, OpenApiYamlRenderer)
    operations = {"document": Operation(summary="OpenAPI", description="OpenAPI")}

    def document(self, request) -> Response:
        return Response(openapi(get_language()))


@functools.cache
def openapi(language: str) -> dict:
    """The document in the active language, which `language` names for the cache."""
    return SchemaGenerator().get_schema(public=True)


@csrf_exempt
@login_not_required
def docs(request: HttpRequest) -> HttpResponse:
    """`docs/`: the document for people."""
    if request.method not in ("GET", "HEAD"):
        return problem_response(request, 405, headers={"Allow": "GET, HEAD"})
    document = openapi(get_language())
    return render(request, "api/docs.html", {"document": document, "groups": groups_of(document)})


@csrf_exempt
@login_not_required
def unknown(request: HttpRequest, path: str = "") -> HttpResponse:
    """Every other address under /api/: a problem document, never a page and never a redirect to one."""
    detail = ""
    if not request.path.endswith("/"):
        try:
            if resolve(request.path + "/").func is not unknown:
                detail = _("地址要以 / 结尾。")
        except Resolver404:
            pass
    return problem_response(request, 404, detail)
