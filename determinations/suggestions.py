"""What the beginning of a word in the search box may become: names of the archive, each with its decisions.

Only names that decisions have are suggested. Everything here is in memory but for case numbers, which the database's
own index finds by their beginning.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from . import search, vocabulary
from .labels import Labels, load_labels
from .models import Case

MAX_LENGTH = 60  # characters; a longer text is no beginning of a name
MOST = 10
_OF_A_KIND = 4  # as long as others fit too
_SHORTEST = 2
_ASKED = 4  # procedures; their decisions are counted by searching for their name

# Facet -> what its values are called; where a value has others below it, what it is called itself.
_KINDS = {
    "drug": ("Drug", "Class of drugs"),
    "treatment": ("Treatment", "Treatment"),
    "specialty": ("Reviewer’s specialty", ""),
    "guideline": ("Guideline", "Guidelines"),
    "body": ("Part of the body", "Region of the body"),
    "reason": ("Reason", ""),
}
_CASE_NUMBER = re.compile(r"\s*(?:cm)?[\s_-]*(\d\d)[\s_–-]*(\d{0,8})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name, what it is, how many decisions have it, and the address that lists them (or of the letter)."""

    text: str
    kind: str
    decisions: int
    url: str


class _Name(NamedTuple):
    """A wording that stands for a value of a facet, or for a procedure (``facet`` "")."""

    key: str  # as names are compared
    facet: str
    value: str
    other: str  # the wording, where it is not the value's name


def suggest(typed: str) -> list[Suggestion]:
    """At most MOST suggestions, the likeliest first; none for fewer than two characters.

    Raises SearchUnavailable or SearchError.
    """
    typed = typed.replace("\0", " ")[:MAX_LENGTH]
    if number := _CASE_NUMBER.fullmatch(typed):
        return _letters(*number.groups())
    wanted = vocabulary.key(typed)
    if len(wanted) < _SHORTEST:
        return []
    labels = load_labels()
    counts = search.facets(search.DecisionQuery())
    names = _book(labels).beginning(wanted)
    found = list(_values(names, wanted, labels, counts))
    texts = {one.suggestion.text.lower() for one in found}
    asked_for = [one for one in _procedures(names, wanted) if one.suggestion.text.lower() not in texts]
    return _best([*found, *asked_for])


# ---- names -----------------------------------------------------------------------------------------------------


class _Book:
    """Wordings in their order, found by the beginnings of their words."""

    def __init__(self, names: Iterable[_Name]) -> None:
        self._names = tuple(dict.fromkeys(names))
        self._words = sorted({(word, place) for place, name in enumerate(self._names) for word in name.key.split()})

    def beginning(self, wanted: str) -> list[_Name]:
        """The wordings in which a word begins with each of the words ``wanted``."""
        places = set.intersection(*(self._places(word) for word in wanted.split()))
        return [self._names[place] for place in sorted(places)]

    def _places(self, word: str) -> set[int]:
        first, behind = bisect_left(self._words, (word,)), bisect_left(self._words, (word + "\uffff",))
        return {place for _, place in self._words[first:behind]}


_known: tuple[Labels, _Book] | None = None
_loading = threading.Lock()


def _book(labels: Labels) -> _Book:
    """The wordings of every value, read again only after a curator's change."""
    global _known
    with _loading:
        if _known is None or _known[0].stamp != labels.stamp:
            _known = labels, _Book(_all_names(labels))
        return _known[1]


def _all_names(labels: Labels) -> Iterator[_Name]:
    for facet in _KINDS:
        for value, label in labels[facet].items():
            yield _Name(vocabulary.key(label.name), facet, value, "")
    for spelling, generic in _drug_names():
        yield from _alias(labels, "drug", spelling, generic)
    for specialty in vocabulary.specialties():
        for spelling in specialty.aliases:
            yield from _alias(labels, "specialty", spelling, specialty.name)
    for spelling, parts in vocabulary.body_parts().items():
        if len(parts) == 1:
            yield from _alias(labels, "body", spelling, parts[0].name)
    for procedure in {one.name: one for named in vocabulary.procedures().values() for one in named}.values():
        if not procedure.general:
            yield _Name(vocabulary.key(procedure.name), "", procedure.name, "")


def _drug_names() -> Iterator[tuple[str, str]]:
    for file, kind in (("drugs", "group"), ("other_drugs", "class")):
        for row in vocabulary.load(file)[kind]:
            for generic, brands in row["drugs"].items():
                yield from ((brand, generic) for brand in brands)


def _alias(labels: Labels, facet: str, spelling: str, name: str) -> Iterator[_Name]:
    for value in labels[facet].named(name)[:1]:
        if vocabulary.key(labels[facet][value].name) == vocabulary.key(name):
            yield _Name(vocabulary.key(spelling), facet, value, spelling)


class _Found(NamedTuple):
    begins: bool  # the name begins with what was typed
    own: bool  # it is the value's own name
    suggestion: Suggestion


def _values(
    names: Iterable[_Name], wanted: str, labels: Labels, counts: Mapping[str, Counter[str]]
) -> Iterator[_Found]:
    seen: set[tuple[str, str]] = set()
    for name in names:  # a value's own name comes before its other wordings
        place = (name.facet, name.value)
        if not name.facet or place in seen or not (decisions := counts[name.facet][name.value]):
            continue
        seen.add(place)
        label = labels[name.facet][name.value]
        single, whole = _KINDS[name.facet]
        kind = whole if whole and (name.value.startswith("all-") or not label.parent) else single
        text = f"{name.other[:1].upper()}{name.other[1:]} ({label.name})" if name.other else label.name
        found = Suggestion(text, kind, decisions, _address(**{name.facet: label.slug}))
        yield _Found(name.key.startswith(wanted), not name.other, found)


def _procedures(names: Iterable[_Name], wanted: str) -> Iterator[_Found]:
    """Procedures, searched for by their name in the heading, which is where requests are named.

    Other wordings count only where they were typed as a whole ("EMG"): many are those of wider things.
    """
    found = [name.value for name in names if not name.facet]
    found += [one.name for one in vocabulary.procedures().get(wanted, ()) if not one.general]
    for name in sorted(set(found), key=lambda one: (not vocabulary.key(one).startswith(wanted), len(one), one))[
        :_ASKED
    ]:
        words = f'heading:"{name}"' if " " in name else f"heading:{name}"
        if decisions := search.count(search.DecisionQuery(words=words)):
            text = name[:1].upper() + name[1:]
            yield _Found(
                vocabulary.key(name).startswith(wanted),
                True,
                Suggestion(text, "Asked for", decisions, _address(q=words)),
            )


def _address(**parameters: str) -> str:
    return f"{reverse('decisions')}?{urlencode(parameters)}"


def _best(found: Iterable[_Found]) -> list[Suggestion]:
    """The likeliest, not too many of a kind while others wait."""
    ranked = sorted(found, key=lambda one: (not one.begins, not one.own, -one.suggestion.decisions))
    first: list[Suggestion] = []
    later: list[Suggestion] = []
    kinds: Counter[str] = Counter()
    for one in ranked:
        kinds[one.suggestion.kind] += 1
        (first if kinds[one.suggestion.kind] <= _OF_A_KIND else later).append(one.suggestion)
    return (first + later)[:MOST]


# ---- case numbers ----------------------------------------------------------------------------------------------


def _letters(year: str, digits: str) -> list[Suggestion]:
    """The first letters whose case number begins so."""
    beginning = f"cm{year}-{digits}"
    within = {"slug__gte": beginning, "slug__lte": beginning + "9" * 12, "slug__startswith": beginning}
    rows = Case.objects.public().filter(**within)
    first = list(rows.order_by("slug").values_list("id", "slug", "number")[:MOST])
    decisions = dict(
        Case.objects.filter(id__in=[pk for pk, *_ in first]).annotate(n=Count("items")).values_list("id", "n")
    )
    return [
        Suggestion(number or slug.upper(), "Letter", decisions.get(pk, 0), reverse("case", args=[slug]))
        for pk, slug, number in first
    ]
