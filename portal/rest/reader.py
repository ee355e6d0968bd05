"""The OpenAPI document as a page: made on the server, so that it reads, prints and is searched without any script."""

import functools
import json
from dataclasses import dataclass
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
_PARENTS = {"path": 0, "query": 1, "header": 2}


@dataclass(frozen=True)
class Line:
    """A parameter or a field: what it is called, where it stands, what it may hold."""

    name: str
    where: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True)
class Entry:
    """One operation, ready for the template."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Line]
    body: str
    fields: list[Line]
    formats: list[str]
    example: str
    refusals: list[tuple[str, str]]


@dataclass(frozen=True)
class Group:
    name: str
    description: str
    entries: list[Entry]


def groups_of(document: dict) -> list[Group]:
    """The operations by tag, in the order of the document's tags."""
    entries: dict[str, list[Entry]] = {}
    for path, operations in document["paths"].items():
        for method in METHODS:
            if operation := operations.get(method):
                entries.setdefault(operation["tags"][0], []).append(_entry(document, path, method, operation))
    return [
        Group(tag["name"], tag["description"], entries[tag["name"]])
        for tag in document["tags"]
        if tag["name"] in entries
    ]


def _entry(document: dict, path: str, method: str, operation: dict) -> Entry:
    content = next(response for status, response in operation["responses"].items() if status < "300")["content"]
    record = content.get("application/json", {})
    body = next(iter(operation.get("requestBody", {}).get("content", {}).values()), {})
    return Entry(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=operation["description"],
        parameters=[
            Line(p["name"], p["in"], _kind(document, p["schema"]), p.get("required", False), p.get("description", ""))
            for p in sorted(operation.get("parameters", []), key=lambda p: _PARENTS[p["in"]])
        ],
        body=_example(body),
        fields=_fields(document, record["schema"]) if record else [],
        formats=list(content),
        example=_example(record),
        refusals=[
            (status, _resolved(document, response)["description"])
            for status, response in operation["responses"].items()
            if status >= "400"
        ],
    )


def _resolved(document: dict, node: dict) -> dict:
    """The node itself, or what its reference or its only alternative besides null points at."""
    while True:
        if "allOf" in node:
            node = node["allOf"][0]
        elif "oneOf" in node:
            node = next(one for one in node["oneOf"] if one.get("type") != "null")
        elif "$ref" in node:
            steps = node["$ref"].removeprefix("#/").split("/")
            node = functools.reduce(lambda found, step: found[step], steps, document)
        else:
            return node


def _fields(document: dict, schema: dict, prefix: str = "") -> list[Line]:
    """The fields of a record, nested ones after their parent; of a page, those of its rows."""
    properties = _resolved(document, schema).get("properties", {})
    if "results" in properties:
        return _fields(document, properties["results"]["items"])
    lines = []
    for name, field in properties.items():
        description = field.get("description", "").partition("\n\n* ")[0]
        lines.append(
            Line(prefix + name, "", _kind(document, field), True, "" if description.startswith("* ") else description)
        )
        lines += _fields(document, field, f"{prefix}{name}.")
    return lines


def _kind(document: dict, schema: dict) -> str:
    """Type and choices in a few words, as programmers write them."""
    found = _resolved(document, schema)
    kind = found.get("type", "object")
    kinds = kind if isinstance(kind, list) else [kind]
    if found is not schema and any(one.get("type") == "null" for one in schema.get("oneOf", [])):
        kinds = [*kinds, "null"]
    words = " | ".join(found.get("format", one) if one == "string" else one for one in dict.fromkeys(kinds))
    choices = [str(choice) for choice in found.get("enum", []) if choice is not None]
    return f"{words}: {', '.join(choices)}" if choices else words


def _example(content: dict) -> str:
    example: Any = next(iter(content.get("examples", {}).values()), {}).get("value")
    return "" if example is None else json.dumps(example, ensure_ascii=False, indent=2)
