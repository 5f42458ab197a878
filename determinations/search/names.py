"""The names that searches look up, as they stand at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..labels import Labels, load_labels
from . import keys, profiles
from .keys import Keys
from .profiles import Profiles


@dataclass(frozen=True, slots=True)
class Names:
    """What the values of all facets are called, and what the index's profiles and keys stand for.

    ``keys``: facet -> its keys; of other facets the index has the values themselves.
    """

    labels: Labels
    profiles: Profiles
    keys: Mapping[str, Keys]

    @property
    def stamp(self) -> tuple:
        """Another one after every change of a name."""
        return self.profiles.stamp, self.labels.stamp

    def indexed(self, facet: str, values: Iterable[str]) -> list[str]:
        """All by which the index knows decisions that have one of the values of a facet."""
        return self.keys[facet].keys(values) if facet in self.keys else list(values)

    def values(self, facet: str, indexed: Iterable[str]) -> list[str]:
        """The values that what the index has of a facet stands for."""
        return self.keys[facet].values(indexed) if facet in self.keys else list(indexed)


def current(own: frozenset[int]) -> Names:
    """The names as they stand now; read from the database only if something changed. Ask once a search.

    ``own``: the wordings that the index in question has keys for (``Snapshot.own``).
    """
    labels = load_labels()
    return Names(labels, profiles.current(), keys.current(labels, own))
