"""The only reader of the query string: a checked form that becomes one frozen query, and the way back to addresses.

A parameter that cannot be understood is left out of the query and has a message; it never fails a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from . import vocabulary
from .labels import OUTCOMES, Label, Labels, load_labels
from .models import DisputedItem
from .search import MAX_WORDS_LENGTH, NO_YEAR, DecisionQuery, Sort

MAX_PAGE = 500_000
# Year as it stands in an address -> as it is searched for.
YEARS = {str(year): year for year in range(1990, 2101)} | {"none": NO_YEAR}

# Parameter -> the facet (field of DecisionQuery) that it narrows, in the order in which they stand in an address.
FACETS = {
    "outcome": "outcomes",
    "specialty": "specialties",
    "treatment": "treatments",
    "guideline": "guidelines",
    "year": "years",
    "state": "states",
}


class _WordsField(forms.CharField):
    def to_python(self, value: Any) -> str:
        # A NUL cannot be searched for, and Django's own message about it helps nobody.
        return " ".join((super().to_python(value) or "").replace("\0", " ").split())


class _WordsFilter(django_filters.CharFilter):
    field_class = _WordsField


class _FacetField(forms.MultipleChoiceField):
    default_error_messages = {"invalid_choice": "“%(value).60s” is not known here, so this filter was left out."}


class _FacetFilter(django_filters.MultipleChoiceFilter):
    field_class = _FacetField


class _PageFilter(django_filters.NumberFilter):
    field_class = forms.IntegerField


class DecisionFilter(django_filters.FilterSet):
    """The parameters of a search: ``q``, the facets, ``sort`` and ``page``."""

    q = _WordsFilter(
        label="Words",
        max_length=MAX_WORDS_LENGTH,
        error_messages={
            "max_length": "The search is too long; %(limit_value)d characters are the most. It was left out."
        },
    )
    outcome = _FacetFilter(label="Outcome")
    specialty = _FacetFilter(label="Reviewer specialty")
    treatment = _FacetFilter(label="Treatment")
    guideline = _FacetFilter(label="Guideline the reviewer cited")
    year = _FacetFilter(label="Year of decision")
    state = _FacetFilter(label="Reviewer licensed in")
    sort = django_filters.ChoiceFilter(
        label="Order",
        choices=[(sort.value, sort.value) for sort in Sort],
        error_messages={"invalid_choice": "“%(value).60s” is no order of results; the usual one is shown."},
    )
    page = _PageFilter(
        label="Page",
        min_value=1,
        max_value=MAX_PAGE,
        error_messages={
            "invalid": "The page must be a number; the first one is shown.",
            "min_value": "Pages are counted from 1; the first one is shown.",
            "max_value": "There is no such page; the first one is shown.",
        },
    )

    def __init__(self, data: QueryDict | Mapping[str, Any], labels: Labels | None = None) -> None:
        # Bound even when empty: a page without parameters is a search for everything.
        super().__init__(data or QueryDict(""), queryset=DisputedItem.objects.none())
        self.is_bound = True
        self.labels = labels or load_labels()
        self._ids = {
            name: {label.slug: pk for pk, label in by_id.items()}
            for name, by_id in (
                ("specialty", self.labels.specialties),
                ("treatment", self.labels.treatments),
                ("guideline", self.labels.guidelines),
            )
        }
        choices: dict[str, Iterable[str]] = {
            "outcome": OUTCOMES,
            "year": YEARS,
            "state": vocabulary.state_names(),
            **self._ids,
        }
        for name, values in choices.items():
            self.filters[name].extra["choices"] = [(value, value) for value in values]

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Decisions are found by the search engine: use ``query``."""
        raise TypeError("DecisionFilter makes a query for the search engine, not a queryset")

    # ---- what was asked for ------------------------------------------------------------------------------------

    def _value(self, name: str) -> Any:
        self.form.is_valid()
        return self.form.cleaned_data.get(name)

    def selected(self, name: str) -> list[str]:
        """The values chosen in a facet, as they stand in an address, each once."""
        return list(dict.fromkeys(self._value(name) or ()))

    @property
    def words(self) -> str:
        """What was typed, white space joined."""
        return self._value("q") or ""

    @property
    def order(self) -> Sort:
        """The order asked for; relevance unless another one is."""
        return Sort(self._value("sort") or Sort.RELEVANCE)

    @property
    def page_number(self) -> int:
        """The page asked for, from 1."""
        return int(self._value("page") or 1)

    @property
    def query(self) -> DecisionQuery:
        """The one query that page, counts and exports share."""
        treatments = [self._ids["treatment"][slug] for slug in self.selected("treatment")]
        return DecisionQuery(
            words=self.words,
            outcomes=frozenset(OUTCOMES[slug] for slug in self.selected("outcome")),
            specialties=frozenset(self._ids["specialty"][slug] for slug in self.selected("specialty")),
            treatments=frozenset(pk for branch in treatments for pk in self.labels.branch(branch)),
            guidelines=frozenset(self._ids["guideline"][slug] for slug in self.selected("guideline")),
            years=frozenset(YEARS[year] for year in self.selected("year")),
            states=frozenset(self.selected("state")),
            sort=self.order,
        )

    # ---- addresses ---------------------------------------------------------------------------------------------

    def parameters(self) -> dict[str, list[str]]:
        """The search as parameters, without the page, in a fixed order: one search has one address."""
        found = {"q": [self.words] if self.words else []}
        found |= {name: sorted(self.selected(name)) for name in FACETS}
        found["sort"] = [self.order.value] if self.order is not Sort.RELEVANCE else []
        return found

    def address(self, **changes: list[str]) -> str:
        """The query string of this search with some parameters changed; it begins at the first page."""
        parameters = self.parameters() | changes
        pairs = [(name, value) for name, values in parameters.items() for value in values]
        return "?" + urlencode(pairs) if pairs else "?"

    def toggled(self, name: str, value: str) -> str:
        """The query string with one value of a facet chosen, or no longer chosen."""
        chosen = self.selected(name)
        changed = [one for one in chosen if one != value] if value in chosen else [*chosen, value]
        return self.address(**{name: sorted(changed)})

    def page_address(self, page: int) -> str:
        """The query string of another page of this search."""
        return self.address(page=[str(page)] if page > 1 else [])

    def label(self, name: str) -> str:
        """The name of a parameter for people."""
        return str(self.filters[name].label)

    def problems(self, name: str) -> list[str]:
        """What is wrong with a parameter, for the place beside its control."""
        return [str(problem) for problem in self.form.errors.get(name, ())]

    def id_of(self, name: str, slug: str) -> int:
        """The id of a chosen value of one of the facets that have names."""
        return self._ids[name][slug]

    def label_of(self, name: str, pk: int) -> Label | None:
        """The label of an id of one of the facets that have names; None if there is no such id (any longer)."""
        by_id = {
            "specialty": self.labels.specialties,
            "treatment": self.labels.treatments,
            "guideline": self.labels.guidelines,
        }
        return by_id[name].get(pk)
