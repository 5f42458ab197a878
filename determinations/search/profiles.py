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
class _Profiles:
    """All profiles as they stood at ``stamp``."""

    stamp: tuple
    specialties: dict[int, frozenset[int]]
    states: dict[int, frozenset[str]]


_known: _Profiles | None = None
_loading = threading.Lock()


def _stamp() -> tuple:
    """What changes when a profile is added or a wording is given another specialty."""
    wordings = CredentialWording.objects.aggregate(Max("id"), Max("changed_at"))
    return (Reviewer.objects.aggregate(Max("id"))["id__max"], *wordings.values())


def _profiles() -> _Profiles:
    global _known
    stamp = _stamp()
    with _loading:
        if _known is None or _known.stamp != stamp:
            specialties: dict[int, set[int]] = defaultdict(set)
            rows = ReviewerCredential.objects.filter(wording__specialty__isnull=False)
            for reviewer, specialty in rows.values_list("reviewer_id", "wording__specialty_id"):
                specialties[reviewer].add(specialty)
            states = dict(Reviewer.objects.values_list("id", "licensed_states"))
            _known = _Profiles(
                stamp,
                {pk: frozenset(specialties[pk]) for pk in states},
                {pk: frozenset(names) for pk, names in states.items()},
            )
        return _known


def with_any_specialty(specialties: Collection[int]) -> list[int]:
    """The profiles that hold one of ``specialties``, as a board certification or a subspecialty."""
    wanted = frozenset(specialties)
    return [pk for pk, held in _profiles().specialties.items() if held & wanted]


def with_any_state(states: Collection[str]) -> list[int]:
    """The profiles licensed in one of ``states`` (postal names)."""
    wanted = frozenset(states)
    return [pk for pk, held in _profiles().states.items() if held & wanted]


def specialties_of() -> dict[int, frozenset[int]]:
    """Profile -> ids of its specialties."""
    return _profiles().specialties


def states_of() -> dict[int, frozenset[str]]:
    """Profile -> postal names of its states."""
    return _profiles().states
