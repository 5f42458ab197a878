"""By which key the index knows the guideline of a wording, when names change.

A document of the index has keys of guidelines (``search.keys``): the id that a guideline had when it was written.
When a guideline is joined to another, and so goes, all its wordings keep their key, which stands for the other one from
then on; so no letter is indexed anew. What is kept true: all wordings of one key stand for the same guideline, and the
id of a guideline that is there is the key of none but its own. Frequent wordings are in the index by keys of their own
(``search.own_keys``), so that their letters are never indexed anew; for an index that has none of these they follow the
same rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from .. import search
from ..models import Guideline, GuidelineWording

Pointers = dict[str, Any]  # id of a wording -> id of the guideline that it stands for, or None


def keep(before: Pointers, after: Pointers, gone: set[int]) -> set[int]:
    """Let wordings that move keep their key where they can; the ids of those whose letters are indexed anew.

    To be called while the wordings still stand as they did; ``gone``: guidelines that this change takes away.
    """
    moving = {int(pk): guideline for pk, guideline in after.items() if before.get(pk) != guideline}
    groups = by_key(moving)
    there = set(Guideline.objects.filter(pk__in=[key for key in groups if key]).values_list("pk", flat=True)) - gone
    anew = set(moving)
    for key, wordings in groups.items():
        targets = {moving[pk] for pk in wordings}
        target = next(iter(targets))
        stays = len(targets) == 1 and target is not None and (key == target or key not in there)
        if key is not None and stays and of_key(key).count() == len(wordings):
            of_key(key).update(indexed_as=None if key == target else key)
            anew -= wordings
    for some in _parts(sorted(anew)):
        GuidelineWording.objects.filter(pk__in=some).update(indexed_as=None)
    return anew - search.wordings_with_keys()


def by_key(wordings: Iterable[int]) -> dict[int | None, set[int]]:
    """Wordings by the key of their guideline in the index; None: they have none, so that they are not in it."""
    groups: dict[int | None, set[int]] = defaultdict(set)
    for some in _parts(sorted(wordings)):
        rows = GuidelineWording.objects.filter(pk__in=some).values_list("pk", "indexed_as", "guideline_id")
        for pk, key, guideline in rows:
            groups[key or guideline].add(pk)
    return groups


def are_told_apart(wordings: Iterable[int]) -> bool:
    """Whether the index tells the decisions with some wordings from all others, whatever each stands for."""
    own = search.wordings_with_keys()
    groups = by_key(set(wordings) - own)
    return None not in groups and all(
        len(set(of_key(key).values_list("pk", flat=True)) - own) == len(some) for key, some in groups.items() if key
    )


def held_as(wordings: Iterable[int]) -> frozenset[str]:
    """By what the index knows some wordings; nothing for those without a guideline that have no keys of their own."""
    wordings, own = set(wordings), search.wordings_with_keys()
    shared = by_key(wordings - own).keys() - {None}
    return frozenset({*map(search.key_of_wording, wordings & own), *map(str, shared)})


def of_key(key: int) -> QuerySet[GuidelineWording]:
    """All wordings of one key."""
    return GuidelineWording.objects.filter(Q(indexed_as=key) | Q(indexed_as=None, guideline=key))


def _parts(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + 5_000] for start in range(0, len(ids), 5_000)]
