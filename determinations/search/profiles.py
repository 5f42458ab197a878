"""Which specialties and states each credential profile stands for.

The index knows only the profile of a decision's reviewer. What the profile stands for is looked up here, so that
joining two spellings of a specialty changes every search at once and no document.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Max

from ..models import CredentialWording, Reviewer, ReviewerCredential


@dataclass(frozen=True, slots=True)
class Profiles:
    """All profiles as they stood at ``stamp``: ids of their specialties, postal names of their states."""

    stamp: tuple
    specialties: dict[int, frozenset[int]]
    states: dict[int, frozenset[str]]

    def with_any_specialty(self, wanted: Collection[int]) -> list[int]:
        """The profiles that hold one of ``wanted``, as a board certification or a subspecialty."""
        return [pk for pk, held in self.specialties.items() if not held.isdisjoint(wanted)]

    def with_any_state(self, wanted: Collection[str]) -> list[int]:
        """The profiles that are licensed in one of ``wanted``."""
        return [pk for pk, held in self.states.items() if not held.isdisjoint(wanted)]


_known: Profiles | None = None
_loading = threading.Lock()


def _stamp() -> tuple:
    """What changes when a profile is added or a wording is given another specialty."""
    wordings = CredentialWording.objects.aggregate(Max("id"), Max("changed_at"))
    return (Reviewer.objects.aggregate(Max("id"))["id__max"], *wordings.values())


def current() -> Profiles:
    """The profiles as they stand now; read from the database only if something changed. Ask once a search."""
    global _known
    stamp = _stamp()
    with _loading:
        if _known is None or _known.stamp != stamp:
            _known = _load(stamp)
        return _known


def _load(stamp: tuple) -> Profiles:
    specialties: dict[int, set[int]] = defaultdict(set)
    resolved = ReviewerCredential.objects.filter(wording__specialty__isnull=False)
    for reviewer, specialty in resolved.values_list("reviewer_id", "wording__specialty_id"):
        specialties[reviewer].add(specialty)
    states = dict(Reviewer.objects.values_list("id", "licensed_states"))
    return Profiles(
        stamp,
        {pk: frozenset(specialties[pk]) for pk in states},
        {pk: frozenset(names) for pk, names in states.items()},
    )
