"""The kinds of values that have pages of their own, and where those pages are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from ..labels import FACETS, Label


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: the facet that its values narrow a search by, the names of its pages, and what they say.

    ``facets`` are the tables of a value's page, in their order. ``within`` is the kind whose list leads to this one.
    """

    facet: str
    page: str
    list_page: str
    title: str
    one: str
    hint: str
    facets: tuple[str, ...]
    within: str = ""

    @property
    def list_url(self) -> str:
        """The address of the list of all values."""
        return reverse(self.list_page)

    def url(self, slug: str) -> str:
        """The address of a value's page."""
        return reverse(self.page, args=[slug])


# Facet -> the kind of its values.
KINDS = {
    kind.facet: kind
    for kind in (
        Kind(
            "specialty",
            "specialty",
            "specialties",
            "Specialties",
            "Reviewer’s specialty",
            "Board certifications and subspecialties as the letters give them. A reviewer may hold several, and counts "
            "with each. Reviewers are anonymous: these are credentials, never persons.",
            ("board", "subspecialty", "treatment", "drug", "procedure", "guideline", "body"),
        ),
        Kind(
            "treatment",
            "treatment",
            "treatments",
            "Treatments",
            "Treatment",
            "The categories of the state’s list with their sub-categories. A request that fits two categories stands "
            "in none.",
            ("specialty", "drug", "procedure", "body", "guideline"),
        ),
        Kind(
            "drug",
            "drug",
            "drugs",
            "Drugs",
            "Drug",
            "Drugs by generic name, in their classes; brand names count with the generic one. A request may name "
            "several.",
            ("specialty", "body", "guideline", "treatment"),
            within="treatment",
        ),
        Kind(
            "procedure",
            "procedure",
            "procedures",
            "Procedures",
            "Procedure",
            "Tests, injections, operations, therapies, programs, services and devices that requests name, by kind. A "
            "request may name several.",
            ("specialty", "body", "guideline", "treatment"),
            within="treatment",
        ),
        Kind(
            "guideline",
            "guideline",
            "guidelines",
            "Guidelines",
            "Guideline",
            "Documents that reviewers relied on, by family. A decision may cite several, and counts with each. Those "
            "that claims administrators cited stand beside them on each document’s page.",
            ("specialty", "treatment", "drug", "procedure", "body"),
        ),
    )
}
# Facets whose values are those of another one, in another role.
_SAME_VALUES = {"board": "specialty", "subspecialty": "specialty", "administrator": "guideline"}


def page_of(facet: str, label: Label) -> str:
    """The address of the page of a facet's value, "" where there is none."""
    kind = KINDS.get(_SAME_VALUES.get(facet, facet))
    return kind.url(label.slug) if kind else ""


def search_address(chosen: Mapping[str, str], excluded: Mapping[str, str] | None = None) -> str:
    """The address of a search for decisions with some values and without others, given as facet -> slug."""
    pairs = [(name, chosen[name]) for name in FACETS if name in chosen]
    pairs += [(f"not_{name}", excluded[name]) for name in FACETS if excluded and name in excluded]
    return f"{reverse('decisions')}?{urlencode(pairs)}" if pairs else reverse("decisions")
