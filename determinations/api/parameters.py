"""The parameters of a search as the OpenAPI document has them, read off the filter that reads them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from ..filters import EXCLUDED, DecisionFilter
from ..labels import FACETS
from .paging import MAX_LIMIT, USUAL_LIMIT

Parameter = dict[str, Any]

# The filter's own parameter that the API has cursors for.
NOT_HERE = ("page",)
# More than their labels say.
_DESCRIPTIONS = {
    "q": "What is looked for, in the language of the search box",
    "exact": "Whether the words are searched for without their synonyms",
    "since": "First day of decision, as 2014-03-31, 2014-03 or 2014",
    "until": "Last day of decision, as 2014-03-31, 2014-03 or 2014",
}


def _schema(field: Any) -> dict[str, Any]:
    if choices := field.extra.get("choices"):
        return {"type": "string", "enum": [value for value, _ in choices]}
    if issubclass(field.field_class, forms.NullBooleanField):
        return {"type": "boolean"}
    longest = field.extra.get("max_length")
    return {"type": "string"} | ({"maxLength": longest} if longest else {})


def _parameter(name: str, description: str, schema: dict[str, Any]) -> Parameter:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _values(name: str, description: str) -> Parameter:
    return _parameter(name, description, {"type": "array", "items": {"type": "string"}}) | {
        "style": "form",
        "explode": True,
    }


def _of_search() -> Iterator[Parameter]:
    declared = {name: field for name, field in DecisionFilter.base_filters.items() if name not in NOT_HERE}
    for name, field in declared.items():
        yield _parameter(name, _DESCRIPTIONS.get(name, str(field.label)), _schema(field))
    for name, label in FACETS.items():
        yield _values(name, f"{label}: any of these")
        yield _values(EXCLUDED + name, f"{label}: none of these")


def of_search() -> list[Parameter]:
    """The parameters that say what is searched for."""
    return list(_of_search())


def of_page() -> list[Parameter]:
    """The parameters that say which page of a list is wanted."""
    limit = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": USUAL_LIMIT}
    return [
        _parameter("limit", "Results a page", limit),
        _parameter("cursor", "Where the page begins; taken from “next”", {"type": "string"}),
    ]


def names(parameters: list[Parameter]) -> set[str]:
    """The names of parameters."""
    return {one["name"] for one in parameters}
