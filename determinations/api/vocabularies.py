"""The fixed lists of words that searches and records use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from .. import vocabulary
from ..labels import FACETS, load_labels
from ..letters.issue_codes import ISSUE_CODES

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A list of words. ``parameter``: the one of a search that takes its values, None if none does."""

    name: str
    label: str
    parameter: str | None
    entries: Callable[[], list[Entry]]


def _meanings(facet: str) -> dict[str, str]:
    if facet == "outcome":
        return {"upheld": "The denial stands.", "overturned": "The treatment is to be provided."}
    if facet == "reason":
        return {one.code: one.meaning for one in vocabulary.reasons().values()}
    if facet == "flag":
        return {one.code: f"Severity: {one.severity}" for one in ISSUE_CODES}
    return {}


def _of_facet(facet: str) -> list[Entry]:
    labels, meanings = load_labels()[facet], _meanings(facet)
    return [
        {
            "value": label.slug,
            "label": label.name,
            "group": labels[label.parent].slug if label.parent in labels else None,
            "meaning": meanings.get(label.slug),
        }
        for label in labels.values()
    ]


def _procedures() -> list[Entry]:
    found = {one.name: one.kind for named in vocabulary.procedures().values() for one in named}
    return [{"value": name, "label": name, "group": kind, "meaning": None} for name, kind in found.items()]


VOCABULARIES = {
    **{name: Vocabulary(name, label, name, partial(_of_facet, name)) for name, label in FACETS.items()},
    "procedure": Vocabulary("procedure", "Tests, treatments, devices and services", None, _procedures),
}
