"""The parameters of a search as the OpenAPI document has them, read off the filter that reads them."""

from __future__ import annotations

from typing import Any

from django import forms

from ..filters import DecisionFilter
from .paging import MAX_LIMIT, USUAL_LIMIT

Parameter = dict[str, Any]

# The filter's own parameter that the API has cursors for.
NOT_HERE = ("page",)


def _schema(field: Any) -> dict[str, Any]:
    if issubclass(field.field_class, forms.MultipleChoiceField):
        return {"type": "array", "items": {"type": "string"}}
    if choices := field.extra.get("choices"):
        return {"type": "string", "enum": [value for value, _ in choices]}
    if issubclass(field.field_class, forms.IntegerField):
        return {"type": "integer"}
    schema: dict[str, Any] = {"type": "string"}
    if longest := field.extra.get("max_length"):
        schema["maxLength"] = longest
    if issubclass(field.field_class, forms.DateField):
        schema["format"] = "date"
    return schema


def of_search() -> list[Parameter]:
    """The parameters that say what is searched for."""
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": str(field.label),
            "schema": _schema(field),
        }
        | ({"style": "form", "explode": True} if _schema(field)["type"] == "array" else {})
        for name, field in DecisionFilter.base_filters.items()
        if name not in NOT_HERE
    ]


def of_page() -> list[Parameter]:
    """The parameters that say which page of a list is wanted."""
    limit = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": USUAL_LIMIT}
    return [
        {"name": "limit", "in": "query", "required": False, "description": "Results a page", "schema": limit},
        {
            "name": "cursor",
            "in": "query",
            "required": False,
            "description": "Where the page begins; taken from “next”",
            "schema": {"type": "string"},
        },
    ]


def names(parameters: list[Parameter]) -> set[str]:
    """The names of parameters."""
    return {one["name"] for one in parameters}
