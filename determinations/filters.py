"""The only reader of the query string: a checked form that becomes one frozen query, and the way back to addresses.

A parameter that cannot be understood is left out of the query and has a message; it never fails a page.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote_plus, urlencode

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from .asking.grammar import MAX_LENGTH
from .labels import FACETS, Label, Labels, load_labels
from .models import DisputedItem
from .search import DecisionQuery, Sort

MAX_PAGE = 500_000
MAX_VALUES = 60  # of one facet; an address of more is no longer one that a person made
PAGE_SIZES = (20, 50)  # results a page; the first is the usual one
EXCLUDED = "not_"  # before a facet's name: values that a decision must not have

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)


class _WordsField(forms.CharField):
    def to_python(self, value: Any) -> str:
        # A NUL cannot be searched for, and Django's own message about it helps nobody.
        return " ".join((super().to_python(value) or "").replace("\0", " ").split())


class _WordsFilter(django_filters.CharFilter):
    field_class = _WordsField


class _ValuesField(forms.MultipleChoiceField):
    """The values of a facet as they stand in an address, each once; what they can be is for DecisionFilter."""

    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(filter(None, super().to_python(value))))

    def validate(self, value: list[str]) -> None:
        """Unknown values are left out one by one."""

    def __deepcopy__(self, memo: dict[int, Any]) -> _ValuesField:
        # A form changes nothing in it, and copying all forty of them would take longer than reading an address.
        return self


class _ValuesFilter(django_filters.MultipleChoiceFilter):
    field_class = _ValuesField


_FACET_FILTERS = {
    prefix + name: _ValuesFilter(label=f"{label}: not" if prefix else label)
    for name, label in FACETS.items()
    for prefix in ("", EXCLUDED)
}


class _DayField(forms.CharField):
    """A day; of a month or a year alone its first or last one."""

    def __init__(self, *args: Any, last: bool, **kwargs: Any) -> None:
        self._last = last
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> date | None:
        text = (super().to_python(value) or "").strip()
        if not text:
            return None
        found = _DAY.fullmatch(text)
        day = self._day(*found.groups()) if found else None
        if day is None:
            raise forms.ValidationError(
                "“%(value).30s” is no date; write 2014-03-31, 2014-03 or 2014. It was left out.",
                params={"value": text},
            )
        return day

    def _day(self, year: str, month: str | None, day: str | None) -> date | None:
        try:
            whole = int(year), int(month or (12 if self._last else 1))
            return date(*whole, int(day or (calendar.monthrange(*whole)[1] if self._last else 1)))
        except ValueError:
            return None


class _DayFilter(django_filters.CharFilter):
    field_class = _DayField


class _PageFilter(django_filters.NumberFilter):
    field_class = forms.IntegerField


class DecisionFilter(django_filters.FilterSet):
    """The parameters of a search: words, facets (also ``not_…``), days, ``sort``, ``per`` and ``page``."""

    q = _WordsFilter(
        label="Words",
        max_length=MAX_LENGTH,
        error_messages={
            "max_length": "The search is too long; %(limit_value)d characters are the most. It was left out."
        },
    )
    exact = django_filters.BooleanFilter(label="Without synonyms")
    since = _DayFilter(label="Decided from", last=False)
    until = _DayFilter(label="Decided to", last=True)
    sort = django_filters.ChoiceFilter(
        label="Order",
        choices=[(sort.value, sort.value) for sort in Sort],
        error_messages={"invalid_choice": "“%(value).60s” is no order of results; the usual one is shown."},
    )
    per = django_filters.ChoiceFilter(
        label="Results a page",
        choices=[(str(size), str(size)) for size in PAGE_SIZES],
        error_messages={"invalid_choice": "A page can have 20 or 50 results; 20 are shown."},
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
        self.filters |= _FACET_FILTERS

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Decisions are found by the search engine: use ``query``."""
        raise TypeError("DecisionFilter makes a query for the search engine, not a queryset")

    # ---- what was asked for ------------------------------------------------------------------------------------

    # Asked for some hundred times a page.
    @cached_property
    def _cleaned(self) -> dict[str, Any]:
        self.form.is_valid()
        return self.form.cleaned_data

    def _value(self, name: str) -> Any:
        return self._cleaned.get(name)

    @cached_property
    def _slugs(self) -> dict[str, list[str]]:
        """The values of each facet's two parameters, as they stand in an address, each once."""
        return {
            parameter: self._known(name, self._value(parameter) or ())
            for name in FACETS
            for parameter in (name, EXCLUDED + name)
        }

    def _known(self, name: str, slugs: Iterable[str]) -> list[str]:
        # A name's former slug is as good as the one that it has now.
        return list(dict.fromkeys(filter(None, map(self.labels[name].current, slugs))))[:MAX_VALUES]

    def selected(self, name: str) -> list[str]:
        """The values chosen in a facet, as they stand in an address, each once."""
        return list(self._slugs[name])

    def excluded(self, name: str) -> list[str]:
        """The values that a decision must not have, as they stand in an address; one that is chosen too is chosen."""
        chosen = self._slugs[name]
        return [slug for slug in self._slugs[EXCLUDED + name] if slug not in chosen]

    @property
    def words(self) -> str:
        """What was typed, white space joined."""
        return self._value("q") or ""

    @property
    def without_synonyms(self) -> bool:
        """Whether the words are searched for without their synonyms."""
        return bool(self._value("exact"))

    @property
    def first_day(self) -> date | None:
        """The first day of decision."""
        return self._value("since")

    @property
    def last_day(self) -> date | None:
        """The last day of decision."""
        return self._value("until")

    @property
    def order(self) -> Sort:
        """The order asked for; relevance unless another one is."""
        return Sort(self._value("sort") or Sort.RELEVANCE)

    @property
    def page_size(self) -> int:
        """How many results a page has; one of PAGE_SIZES."""
        return int(self._value("per") or PAGE_SIZES[0])

    @property
    def page_number(self) -> int:
        """The page asked for, from 1."""
        return int(self._value("page") or 1)

    @cached_property
    def query(self) -> DecisionQuery:
        """The one query that page, counts and exports share."""
        return DecisionQuery(
            words=self.words,
            chosen={name: self._values(name, self.selected(name)) for name in FACETS},
            excluded={name: self._values(name, self.excluded(name)) for name in FACETS},
            since=self.first_day,
            until=self.last_day,
            exact=self.without_synonyms,
            sort=self.order,
        )

    def _values(self, name: str, slugs: list[str]) -> list[str]:
        return [self.labels[name].by_slug[slug] for slug in slugs]

    # ---- addresses ---------------------------------------------------------------------------------------------

    def parameters(self) -> dict[str, list[str]]:
        """The search as parameters, without the page, in a fixed order: one search has one address."""
        return dict(self._parameters)

    @cached_property
    def _parameters(self) -> dict[str, list[str]]:
        found = {
            "q": [self.words] if self.words else [],
            "exact": ["true"] if self.without_synonyms and self.words else [],
        }
        found |= {name: sorted(self.selected(name)) for name in FACETS}
        found |= {EXCLUDED + name: sorted(self.excluded(name)) for name in FACETS}
        found |= {name: [f"{day:%Y-%m-%d}"] if (day := self._value(name)) else [] for name in ("since", "until")}
        found["sort"] = [self.order.value] if self.order is not Sort.RELEVANCE else []
        found["per"] = [str(self.page_size)] if self.page_size != PAGE_SIZES[0] else []
        return found

    def address(self, **changes: list[str]) -> str:
        """The query string of this search with some parameters changed; it begins at the first page."""
        return "?" + _encoded(self._parameters | changes)

    def switch(self, name: str) -> Switch:
        """The addresses that choose and exclude the values of a facet."""
        return Switch(self, name)

    def toggled(self, name: str, slug: str) -> str:
        """The query string with one value of a facet chosen, or no longer chosen."""
        return self.switch(name).toggled(slug)

    def toggled_exclusion(self, name: str, slug: str) -> str:
        """The query string with one value of a facet excluded, or no longer excluded."""
        return self.switch(name).toggled_exclusion(slug)

    def page_address(self, page: int) -> str:
        """The query string of another page of this search."""
        return self.address(page=[str(page)] if page > 1 else [])

    # ---- words for people --------------------------------------------------------------------------------------

    def label(self, name: str) -> str:
        """The name of a parameter for people."""
        return str(self.filters[name].label)

    def value_label(self, name: str, slug: str) -> Label:
        """The label of a value as it stands in an address."""
        facet = self.labels[name]
        return facet[facet.by_slug[slug]]

    def problems(self, name: str) -> list[str]:
        """What is wrong with a parameter, for the place beside its control."""
        found = [str(problem) for problem in self.form.errors.get(name, ())]
        if name in FACETS:
            known = self.labels[name]
            for parameter in (name, EXCLUDED + name):
                values = self._value(parameter) or []
                found += [
                    f"“{slug[:60]}” is not known here, so this filter was left out."
                    for slug in values[:MAX_VALUES]
                    if not known.current(slug)
                ]
                if len(values) > MAX_VALUES:
                    found.append(f"Only the first {MAX_VALUES} values count; the others were left out.")
        return found


class ValueListForm(forms.Form):
    """The parameters of a page with all values of one facet: ``find`` some by their name, ``order`` them."""

    find = _WordsField(label="Find by name", required=False, max_length=100)
    order = forms.ChoiceField(required=False, choices=[("count", "count"), ("name", "name")])

    def asked(self) -> tuple[str, str]:
        """What names are to hold, and the order ("" for the facet's own); both "" where they make no sense."""
        self.is_valid()
        return self.cleaned_data.get("find") or "", self.cleaned_data.get("order") or ""


# The values of facets are the same on every page.
_quoted = lru_cache(maxsize=8192)(quote_plus)


def _encoded(parameters: Mapping[str, Iterable[str]]) -> str:
    return urlencode([(name, value) for name, values in parameters.items() for value in values])


class Switch:
    """The addresses of a search with one value of a facet chosen or excluded: what all of them share is made once.

    A chosen year or month takes the place of a range of days: its count is of the whole of it.
    """

    def __init__(self, asked: DecisionFilter, name: str) -> None:
        self._names = (name, EXCLUDED + name)
        self._chosen, self._excluded = asked.selected(name), asked.excluded(name)
        parameters = asked.parameters()
        self._before, self._between, self._after = self._parts(parameters)
        if name == "year":
            self._after_chosen = self._parts(parameters | {"since": [], "until": []})[2]
        else:
            self._after_chosen = self._after

    def _parts(self, parameters: Mapping[str, list[str]]) -> list[str]:
        """What stands before, between and after the facet's two parameters."""
        names = list(parameters)
        one, other = map(names.index, self._names)
        return [
            _encoded({name: parameters[name] for name in part})
            for part in (names[:one], names[one + 1 : other], names[other + 1 :])
        ]

    def toggled(self, slug: str) -> str:
        """The query string with a value chosen, or no longer chosen."""
        chosen, excluded = _moved(slug, self._chosen, self._excluded)
        return self._address(chosen, excluded, self._after_chosen)

    def toggled_exclusion(self, slug: str) -> str:
        """The query string with a value excluded, or no longer excluded."""
        excluded, chosen = _moved(slug, self._excluded, self._chosen)
        return self._address(chosen, excluded, self._after)

    def _address(self, chosen: list[str], excluded: list[str], after: str) -> str:
        own = [
            "&".join(f"{name}={_quoted(slug)}" for slug in slugs)
            for name, slugs in zip(self._names, (chosen, excluded), strict=True)
        ]
        return "?" + "&".join(filter(None, (self._before, own[0], self._between, own[1], after)))


def _moved(slug: str, one: list[str], other: list[str]) -> tuple[list[str], list[str]]:
    """``slug`` taken out of the first list or put into it, and in any case out of the other."""
    changed = [each for each in one if each != slug] if slug in one else [*one, slug]
    return sorted(changed), sorted(each for each in other if each != slug)
