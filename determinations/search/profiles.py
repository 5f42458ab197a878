"""Which specialties and states each credential profile stands for.

The index knows only the profile of a decision's reviewer. What the profile stands for is looked up here, so that
joining two spellings of a specialty changes every search at once and no document.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..models import CredentialWording, Reviewer, ReviewerCredential
from ..stamps import stamp


@dataclass(frozen=True, slots=True)
class Profiles:
    """All profiles as they stood at ``stamp``: for each of their facets, profile -> the values that it stands for.

    ``members``: all that a profile (its id as text) stands for, as pairs of facet and value.
    """

    stamp: tuple
    values: dict[str, dict[int, frozenset[str]]]
    members: Callable[[str], list[tuple[str, str]]]

    def with_any(self, facet: str, wanted: Iterable[str]) -> list[int]:
        """The profiles that hold one of the ``wanted`` values of ``facet``."""
        wanted = frozenset(wanted)
        return [pk for pk, held in self.values[facet].items() if not held.isdisjoint(wanted)]


_BOARD = ReviewerCredential.Role.BOARD_CERTIFICATION.value

_known: Profiles | None = None
_loading = threading.Lock()


def _stamp() -> tuple:
    """What changes when a profile is added or a wording is given another specialty."""
    return stamp((Reviewer, "MAX", "id"), (CredentialWording, "MAX", "id"), (CredentialWording, "MAX", "changed_at"))


def current() -> Profiles:
    """The profiles as they stand now; read from the database only if something changed. Ask once a search."""
    global _known
    stamp = _stamp()
    with _loading:
        if _known is None or _known.stamp != stamp:
            _known = _load(stamp)
        return _known


def _load(stamp: tuple) -> Profiles:
    held: dict[str, dict[int, set[str]]] = {facet: defaultdict(set) for facet in ("board", "subspecialty", "specialty")}
    resolved = ReviewerCredential.objects.filter(wording__specialty__isnull=False)
    for reviewer, role, specialty in resolved.values_list("reviewer_id", "role", "wording__specialty_id"):
        held["board" if role == _BOARD else "subspecialty"][reviewer].add(str(specialty))
        held["specialty"][reviewer].add(str(specialty))
    states = dict(Reviewer.objects.values_list("id", "licensed_states"))
    values = {facet: {pk: frozenset(found[pk]) for pk in states} for facet, found in held.items()}
    values["state"] = {pk: frozenset(names) for pk, names in states.items()}

    def members(profile: str) -> list[tuple[str, str]]:
        return [(facet, value) for facet, held in values.items() for value in held.get(int(profile), ())]

    return Profiles(stamp, values, members)
