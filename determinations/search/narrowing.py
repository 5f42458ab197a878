"""Names that are typed in a search, such as ``outcome:overturned``, as values of facets."""

from __future__ import annotations

from django.utils.text import slugify

from ..asking.grammar import And, Narrow, Node, Not, Or, read
from ..labels import Labels

# A field as it is typed -> the facet that it narrows by.
FIELDS = {
    "outcome": "outcome",
    "specialty": "specialty",
    "board": "board",
    "subspecialty": "subspecialty",
    "state": "state",
    "year": "year",
    "treatment": "treatment",
    "body": "body",
    "class": "drug",
    "reason": "reason",
    "finding": "finding",
    "priority": "priority",
    "flag": "flag",
}


def resolve(labels: Labels, name: str, text: str) -> tuple[str, list[str]] | None:
    """The facet and the values that are meant; None if the archive knows no such name."""
    facet = FIELDS.get(name)
    if facet is None:
        return None
    values = labels[facet].named(text)
    if name == "class":
        values = labels[facet].named("all-" + slugify(text)) or [value for value in values if value.startswith("all-")]
    return (facet, values) if values else None


def unknown_names(labels: Labels, words: str) -> list[Narrow]:
    """The names in a search that the archive does not know, so that nothing can be found by them."""
    return [one for one in _narrows(read(words, exact=True).node) if resolve(labels, one.name, one.value) is None]


def _narrows(node: Node | None) -> list[Narrow]:
    match node:
        case Narrow():
            return [node]
        case Not(part):
            return _narrows(part)
        case And(parts) | Or(parts):
            return [one for part in parts for one in _narrows(part)]
    return []
