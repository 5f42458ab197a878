"""Strict reading of addresses by programs: what a page would leave out with a note is an error here.

A person sees that a filter was left out; a program would take the larger set for the one it asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from .filters import EXCLUDED, MAX_VALUES, DecisionFilter
from .labels import FACETS


@dataclass(frozen=True, slots=True)
class Problem:
    """One parameter that cannot be used, and why."""

    parameter: str
    message: str


class BadParameters(ValueError):
    """The address has parameters that cannot be used."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(f"{one.parameter}: {one.message}" for one in problems))
        self.problems = problems


def unknown(request: HttpRequest, known: Collection[str]) -> list[Problem]:
    """The parameters of an address that are not among ``known``."""
    return [Problem(name[:60], "There is no such parameter here.") for name in sorted(request.GET) if name not in known]


# What a page says of these ends with what it did instead; here nothing is done instead.
_MESSAGES = {
    "invalid_choice": "“%(value).60s” is not known here.",
    "max_length": "This is too long; %(limit_value)d characters are the most.",
    "min_value": "The number must be at least %(limit_value)s.",
    "max_value": "The number must be at most %(limit_value)s.",
}


def _messages(error: ValidationError) -> list[str]:
    if error.code in _MESSAGES and error.params:
        return [_MESSAGES[error.code] % error.params]
    return [str(message).removesuffix(" It was left out.") for message in error.messages]


def _unknown_values(asked: DecisionFilter) -> Iterator[Problem]:
    for facet in FACETS:
        known = asked.labels[facet]
        for parameter in (facet, EXCLUDED + facet):
            values = asked.form.cleaned_data.get(parameter) or ()
            yield from (
                Problem(parameter, f"“{slug[:60]}” is not known here.") for slug in values if not known.current(slug)
            )
            if len(values) > MAX_VALUES:
                yield Problem(parameter, f"There may be at most {MAX_VALUES} values.")


def asked(request: HttpRequest, also: Collection[str] = (), never: Collection[str] = ()) -> DecisionFilter:
    """The search in an address. Raises BadParameters unless every parameter is understood.

    ``also``: parameters that belong to the address and not to the search; ``never``: those of a page that have no
    meaning here.
    """
    search = DecisionFilter(request.GET)
    problems = unknown(request, {*search.filters, *also} - {*never})
    for name, errors in search.form.errors.as_data().items():
        problems += [Problem(name, message) for error in errors for message in _messages(error)]
    problems += _unknown_values(search)
    if problems:
        raise BadParameters(problems[:MAX_VALUES])
    return search
