"""Names that are typed in a search, such as ``outcome:overturned``, as values of facets."""

from __future__ import annotations

from django.utils.text import slugify

from .. import vocabulary
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


def drug_values(labels: Labels, text: str) -> list[str]:
    """The drugs that a generic or brand name stands for."""
    drug = vocabulary.drugs().get(vocabulary.key(text)) or vocabulary.other_drugs().get(vocabulary.key(text))
    return [slugify(drug.name)] if drug and slugify(drug.name) in labels["drug"] else []
