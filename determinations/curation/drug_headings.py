"""Which headings have a name of a drug that a curator added: found by searching, since readings do not know it."""

from __future__ import annotations

from collections.abc import Iterable

from .. import search
from ..asking.tokens import normalised
from ..models import DisputedItem
from ..search import DecisionQuery
from ..vocabulary import key

_A_BATCH = 1_000


def holding(text: str) -> list[int]:
    """The ids of the decisions whose heading has a name. Raises SearchUnavailable or SearchError."""
    words = " ".join(f'heading:"{word}"' for word in normalised(text).split())
    found: list[int] = []
    for ids in search.walk(DecisionQuery(words=words, exact=True), _A_BATCH):
        titles = DisputedItem.objects.filter(pk__in=ids).values_list("pk", "title")
        found += [pk for pk, title in titles if f" {text} " in f" {key(title)} "]
    return found


def batches(items: list[int]) -> Iterable[list[int]]:
    """So many decisions as a query may name."""
    return (items[start : start + _A_BATCH] for start in range(0, len(items), _A_BATCH))


def cases(items: list[int]) -> set[int]:
    """The ids of the letters of decisions."""
    found: set[int] = set()
    for some in batches(items):
        found.update(DisputedItem.objects.filter(pk__in=some).values_list("case", flat=True))
    return found
