"""The OpenAPI 3.1 document, made from the declarations of the viewsets: nothing in it is written a second time."""

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from portal.core.web import idempotency
from portal.core.web.problems import CONTENT_TYPE, KINDS, TYPE_PREFIX
from portal.core.web.renderers import SHEETS

JSON = "application/json"
MULTIPART = "multipart/form-data"
ETAG_EXAMPLE = '"3f1b0c9d2a6e4b7f8c5d1e0a"'


class ProblemErrorSerializer(serializers.Serializer):
    detail = serializers.CharField(help_text="What is wrong and how to mend it.")
    parameter = serializers.CharField(required=False, help_text="Name of the query parameter.")
    pointer = serializers.CharField(required=False, help_text="JSON Pointer into the request body, as a fragment.")
    header = serializers.CharField(required=False, help_text="Name of the request header.")


class ProblemSerializer(serializers.Serializer):
    """A refusal (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField(min_value=400, max_value=599)
    detail = serializers.CharField()
    instance = serializers.CharField()
    request_id = serializers.CharField(help_text="Also in the header X-Request-ID, the log and the audit trail.")
    errors = ProblemErrorSerializer(many=True, required=False)


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "portal.core.web.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema) -> dict:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": _(
                "由管理员签发的令牌。令牌的范围和账号的管理辖区共同决定能读写什么；辖区之外的一切如同不存在。"
            ),
        }

    def get_security_requirement(self, auto_schema) -> dict:
        return {self.name: []}


class PortalSchema(AutoSchema):
    """Describes an action of a `PortalViewSet` by its `Operation`."""

    @property
    def operation(self):
        return self.view.operation

    @property
    def idempotent(self) -> bool:
        return getattr(getattr(self.view, self.view.action), "idempotent", False)

    @property
    def public(self) -> bool:
        """Open to everybody: no token is asked for, none is refused."""
        return not self.view.authentication_classes

    def get_operation_id(self) -> str:
        return self.view.operation_id or super().get_operation_id()

    def get_summary(self) -> str:
        return str(self.operation.summary)

    def get_description(self) -> str:
        scope = self.operation.scope
        needs = _("所需范围：`%(scope)s`。") % {"scope": scope.value} if scope else _("任何有效令牌均可。")
        return f"{self.operation.description}\n\n{_('无需令牌。') if self.public else needs}"

    def get_extensions(self) -> dict:
        scope = self.operation.scope
        return {"x-required-scope": scope.value} if scope else {}

    def get_tags(self) -> list[str]:
        return [self.view.tag]

    def get_request_serializer(self):
        return self.operation.body

    def get_override_parameters(self) -> list:
        declared = [
            OpenApiParameter(
                name=parameter.name,
                type=parameter.schema(),
                location=where,
                required=where == OpenApiParameter.PATH,
                description=str(parameter.description),
                examples=[OpenApiExample(parameter.name, value=_typed(parameter))] if parameter.example else [],
            )
            for where, parameters in (
                (OpenApiParameter.PATH, self.view.path_parameters if "{" in self.path else ()),
                (OpenApiParameter.QUERY, self.view.declared_parameters()),
            )
            for parameter in parameters
        ]
        return [*declared, *self._request_headers(), *self._response_headers()]

    def _request_headers(self) -> list[OpenApiParameter]:
        headers = []
        if self.method == "GET":
            headers.append(_header("If-None-Match", _("上次读到的 ETag；内容未变时答 304。"), {"type": "string"}))
        if self.idempotent:
            headers.append(
                _header(
                    idempotency.HEADER,
                    _("每次操作一个新值，重试时不变：24 小时内同一个值只生效一次。"),
                    {"type": "string", "pattern": idempotency.KEY_PATTERN, "minLength": 1, "maxLength": 255},
                    required=True,
                    example="8e03978e-40d5-43e8-bc93-6894a57f9324",
                )
            )
        if self.operation.guarded:
            must = {"required": True, "example": '"5c1f0e7f4d0b4a0f9f8d3a7c"'} if self.operation.must_match else {}
            headers.append(_header("If-Match", _("读到的 ETag；对象已变时答 412。"), {"type": "string"}, **must))
        return headers

    def _response_headers(self) -> list[OpenApiParameter]:
        text = {"type": "string"}
        found = [
            _header("X-Request-ID", _("请求编号，用于查日志和审计。"), text, response=True),
            _header("RateLimit-Policy", _("限额：q 是每 w 秒的次数，或同时进行的调用数。"), text, response=True),
            _header("RateLimit", _("限额还剩 r 次，t 秒后恢复。"), text, response=True),
        ]
        if self.method == "GET":
            found.append(
                _header("ETag", _("内容的标记，用于 If-None-Match 和 If-Match。"), text, response=["200", "304"])
            )
        if self.operation.status == 202:
            found.append(_header("Location", _("查看进度的地址。"), {**text, "format": "uri"}, response=["202"]))
        found.append(_header("WWW-Authenticate", _("应如何出示令牌。"), text, response=["401"]))
        found.append(_header("Retry-After", _("多少秒后再试。"), {"type": "integer"}, response=["429", "503"]))
        return found

    def get_response_serializers(self) -> dict:
        content = self.view.serializer_class or self.view.response_schema
        status, file = self.operation.status, self.operation.produces
        words = _("已受理，正在处理；Location 是查看进度的地址。") if status == 202 else _("成功")
        if file:
            responses = {(status, one): OpenApiResponse(OpenApiTypes.BINARY, words) for one in file.split(", ")}
        else:
            known = (one for one in (status, self.operation.or_status) if one)
            responses = {(one, JSON): OpenApiResponse(content, words, self._examples(JSON)) for one in known}
        if self.method == "GET":
            responses[304] = OpenApiResponse(None, _("内容与 If-None-Match 所列的相同。"))
        if self.view.action == "list":
            for renderer in SHEETS:
                responses[(200, renderer.media_type)] = OpenApiResponse(
                    renderer.openapi, _("成功"), self._examples(renderer.media_type)
                )
        for status in self.refusals():
            slug, title, sentence = KINDS[status]
            example = {
                "type": TYPE_PREFIX + slug,
                "title": str(title),
                "status": status,
                "detail": str(sentence),
                "instance": "/api/v1/",
                "request_id": "5c1f0e7f4d0b4a0f9f8d3a7c2b1e6d90",
            }
            responses[(status, CONTENT_TYPE)] = OpenApiResponse(
                ProblemSerializer, str(title), [OpenApiExample(slug, value=example, media_type=CONTENT_TYPE)]
            )
        return responses

    def refusals(self) -> list[int]:
        """Statuses of the problems this operation may answer."""
        found = {400, 406, 414, 429, 500, 503} | (set() if self.public else {401, 403})
        if self.view.path_parameters and "{" in self.path:
            found.add(404)
        if self.view.action == "list" or any(parameter.refers for parameter in self.operation.parameters):
            found.add(404)  # a list: a cursor that was not made here
        if self.method != "GET":
            found |= {409, 413, 415}
        if self.idempotent:
            found.add(422)
        if self.operation.guarded:
            found |= {412, 428} if self.operation.must_match else {412}
        return sorted(found | set(self.operation.refusals))

    def _examples(self, media_type: str) -> list[OpenApiExample]:
        if media_type == JSON:
            return [OpenApiExample("example", value=self.operation.example, response_only=True)]
        return []

    def get_examples(self) -> list[OpenApiExample]:
        body = self.operation.body_example
        kind = MULTIPART if self.operation.multipart else JSON
        return (
            [OpenApiExample("example", value=body, request_only=True, media_type=kind)] if self.operation.body else []
        )

    def _get_pagination_parameters(self) -> list:
        return []  # declared like any other

    def _get_format_parameters(self) -> list:
        return []  # the format is asked for by Accept alone


def tidy(result: dict, **kwargs) -> dict:
    """Postprocessing: says every refusal once, and what the generator does not know of rows and bodies."""
    schemas, shared = result["components"]["schemas"], result["components"].setdefault("responses", {})
    for operations in result["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if CONTENT_TYPE in response.get("content", {}):
                    shared[f"Problem{status}"] = response
                    operation["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}
            if any(parameter["name"] == "fields" for parameter in operation.get("parameters", [])):
                _row(schemas, operation).pop("required", None)
            if "requestBody" in operation:
                (body,) = operation["requestBody"]["content"].values()
                _close(schemas, _named(schemas, body["schema"]))
    waiting = [result]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            item.pop("x-spec-enum-id", None)
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return result


def _close(schemas: dict, schema: dict) -> None:
    """Says of a body, and of the objects in it, that a member it does not name is refused."""
    schema["additionalProperties"] = False
    for member in schema.get("properties", {}).values():
        for part in (member, member.get("items", {}), *member.get("allOf", []), *member.get("oneOf", [])):
            if "properties" in (found := _named(schemas, part) if "$ref" in part else part):
                _close(schemas, found)


def _named(schemas: dict, schema: dict) -> dict:
    return schemas[schema["$ref"].rpartition("/")[2]]


def _row(schemas: dict, operation: dict) -> dict:
    """The row of a list, or the record itself: `?fields=` may leave out any of its fields."""
    content = _named(schemas, operation["responses"]["200"]["content"][JSON]["schema"])
    results = content["properties"].get("results")
    return _named(schemas, results["items"]) if results else content


def _header(name: str, description: str, schema: dict, *, required: bool = False, example: str = "", response=False):
    return OpenApiParameter(
        name=name,
        type=schema,
        location=OpenApiParameter.HEADER,
        required=required,
        description=description,
        response=response,
        examples=[OpenApiExample("example", value=example)] if example else [],
    )


def _typed(parameter):
    shape = parameter.schema()
    kinds = {one["type"] for one in shape.get("anyOf", [shape])}
    return int(parameter.example) if "integer" in kinds else parameter.example
