"""What the API says of itself: the OpenAPI document, and the same as a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from ..exports import dumps
from .endpoints import api

Schema = dict[str, Any]


@cache
def document() -> Schema:
    """The OpenAPI 3.1 document."""
    found: Schema = dict(api.get_openapi_schema(path_prefix=""))
    errors = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operation in _operations(found):
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                answer["content"] = errors
    return found


def _operations(found: Schema) -> Iterator[Schema]:
    for methods in found["paths"].values():
        yield from methods.values()


@require_safe
@gzip_page
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return HttpResponse(dumps(document()), content_type="application/vnd.oai.openapi+json; version=3.1")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a shape, or a parameter, for the page."""

    name: str
    type: str
    link: str
    description: str


def _with_code(text: str) -> SafeString:
    """A description as the page shows it: what stands between doubled backticks, as in Markdown, is code."""
    plain, *coded = text.split("``")
    pairs = zip(coded[::2], coded[1::2], strict=False)
    return format_html("{}{}", plain, format_html_join("", "<code>{}</code>{}", pairs))


def _type(schema: Schema) -> tuple[str, str]:
    """A schema in words, and the name of the shape that it refers to ("" for none)."""
    if reference := schema.get("$ref"):
        name = reference.rsplit("/", 1)[-1]
        return name, name
    if several := schema.get("anyOf"):
        told = [_type(one) for one in several]
        return " or ".join(words for words, _ in told), next((link for _, link in told if link), "")
    if schema.get("type") == "array":
        words, link = _type(schema["items"])
        return f"list of {words}", link
    if values := schema.get("enum"):
        return " or ".join(f"“{value}”" for value in values), ""
    return str(schema.get("format") or schema.get("type", "any")), ""


def _shapes(found: Schema) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "description": _with_code(shape.get("description", "")),
            "fields": [
                Field(field, *_type(schema), _with_code(schema.get("description", "")))
                for field, schema in shape.get("properties", {}).items()
            ],
        }
        for name, shape in found["components"]["schemas"].items()
    ]


def _endpoints(found: Schema) -> list[dict[str, Any]]:
    endpoints = []
    for path, methods in found["paths"].items():
        operation = methods["get"]
        answer = operation["responses"][200 if 200 in operation["responses"] else "200"]
        endpoints.append(
            {
                "path": found["servers"][0]["url"] + path,
                "id": operation["operationId"],
                "description": _with_code(operation.get("description", "")),
                "answer": _type(answer["content"]["application/json"]["schema"])[1],
                "parameters": [
                    Field(one["name"], *_type(one["schema"]), _with_code(one.get("description", "")))
                    for one in operation.get("parameters", ())
                ],
            }
        )
    return endpoints


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The API described for people, from the OpenAPI document, without any script."""
    found = document()
    context = {"info": found["info"], "endpoints": _endpoints(found), "shapes": _shapes(found)}
    return render(request, "determinations/api.html", context)
