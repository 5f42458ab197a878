"""Strict reading of addresses by programs: what a page would leave out with a note is an error here.

A person sees that a filter was left out; a program would take the larger set for the one it asked for.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest

from .filters import DecisionFilter


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


def asked(request: HttpRequest, also: Collection[str] = ()) -> DecisionFilter:
    """The search in an address. Raises BadParameters unless every parameter is understood.

    ``also``: parameters that belong to the address and not to the search.
    """
    search = DecisionFilter(request.GET)
    problems = unknown(request, {*search.filters, *also})
    problems += [Problem(name, message) for name in search.filters for message in search.problems(name)]
    if problems:
        raise BadParameters(problems)
    return search
