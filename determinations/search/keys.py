"""Which names the index's keys stand for.

The index knows a guideline by a key, which is the id of its row; of a name that is not settled it knows the family
alone. Where one guideline was joined to another its wordings keep their key (``GuidelineWording.indexed_as``). The most
frequent wordings have keys of their own (``own_keys``). A category of treatments it knows by the id of the row that a
decision is filed under, which stays where that was joined to another. A drug it knows by how the letter calls it. What
a key stands for is looked up here, so that to join names or to place them elsewhere changes every search at once and no
document.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from ..labels import Labels, drug_key
from ..models import DrugWording, GuidelineWording
from . import own_keys

GUIDELINES = ("guideline", "administrator")
DRUG = "drug"
TREATMENT = "treatment"


class Keys:
    """What the keys of some facets stand for, as it was at one moment. Equal only to itself.

    ``above``: id of a record -> the value that it is counted under, too (a family, a class); ``stands_for``: key -> id
    of a record; ``own``: another key is a record's own id, or a value itself, else it stands for nothing.
    """

    def __init__(self, above: Mapping[str, str], stands_for: Mapping[str, str], *, own: bool) -> None:
        self.above, self.stands_for, self._own = above, stands_for, own
        self._keys: dict[str, set[str]] = defaultdict(set)
        for key in (*above, *stands_for):
            for value in self.values([key]):
                self._keys[value].add(key)

    def says_what(self, other: Keys) -> bool:
        """Whether both say the same."""
        return (self.above, self.stands_for) == (other.above, other.stands_for)

    def values(self, keys: Iterable[str]) -> list[str]:
        """The facet values that keys stand for, each once."""
        found: dict[str, None] = {}
        for key in keys:
            record = self.stands_for.get(key, key if self._own else None)
            found |= {value: None for value in (record, self.above.get(record or "")) if value}
        return list(found)

    def keys(self, values: Iterable[str]) -> list[str]:
        """All by which the index knows decisions that have one of the facet values."""
        values = set(values)
        return sorted((values - self.stands_for.keys()).union(*(self._keys.get(value, ()) for value in values)))


class GuidelineKeys(Keys):
    """What the keys of guidelines stand for. ``named``: wording with keys of its own -> id of its guideline, or ""."""

    def __init__(self, above: Mapping[str, str], joined: Mapping[str, str], named: Mapping[int, str]) -> None:
        self._named = named
        of_wordings = {own_keys.of_wording(wording): guideline for wording, guideline in named.items()}
        self._nameless = [wording for wording, guideline in named.items() if not guideline]
        super().__init__(above, {**joined, **of_wordings}, own=True)

    def values(self, keys: Iterable[str]) -> list[str]:
        """The facet values that keys stand for, each once."""
        return super().values(filter(None, map(self._or_family, keys)))

    def _or_family(self, key: str) -> str:
        """A key, but for that of a family: its value, or nothing where the wording has a guideline."""
        wording, family = own_keys.parsed(key) or (0, "")
        if not family:
            return key
        return "" if self._named.get(wording) else family

    def keys(self, values: Iterable[str]) -> list[str]:
        """All by which the index knows decisions that have one of the facet values."""
        values = set(values)
        families = [value for value in values if value.startswith("all-")]
        nameless = [own_keys.of_family(wording, family) for family in families for wording in self._nameless]
        return sorted({*super().keys(values), *nameless})


_known: tuple[tuple, Mapping[str, Keys]] | None = None
_loading = threading.Lock()


def current(labels: Labels, own: frozenset[int]) -> Mapping[str, Keys]:
    """Facet -> its keys as they stand with these names: the same objects until a key stands for something else.

    ``own``: the wordings that have keys of their own.
    """
    global _known
    with _loading:
        if _known is None or _known[0] != (labels.stamp, own):
            guidelines = GuidelineKeys(_above(labels, "guideline"), _joined(), _named(own))
            drugs = Keys(_above(labels, DRUG), _spelled(), own=False)
            treatments = Keys(_above(labels, TREATMENT), labels[TREATMENT].joined, own=True)
            found = dict.fromkeys(GUIDELINES, guidelines) | {DRUG: drugs, TREATMENT: treatments}
            if _known:
                found |= {facet: old for facet, old in _known[1].items() if old.says_what(found[facet])}
            _known = (labels.stamp, own), MappingProxyType(found)
        return _known[1]


def _above(labels: Labels, facet: str) -> dict[str, str]:
    return {value: label.parent for value, label in labels[facet].items() if label.parent}


def _joined() -> dict[str, str]:
    rows = GuidelineWording.objects.exclude(indexed_as=None).values_list("indexed_as", "guideline_id").distinct()
    return {str(key): str(guideline) for key, guideline in rows}


def _named(own: frozenset[int]) -> dict[int, str]:
    rows = GuidelineWording.objects.filter(pk__in=own).exclude(guideline=None).values_list("pk", "guideline_id")
    return dict.fromkeys(own, "") | {pk: str(guideline) for pk, guideline in rows}


def _spelled() -> dict[str, str]:
    rows = DrugWording.objects.exclude(drug=None).values_list("text", "drug_id")
    return {drug_key(text): str(drug) for text, drug in rows}
