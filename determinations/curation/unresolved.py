"""Wordings that stand for nothing yet: by how many letters they touch, what each may mean, and where it stands."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from rapidfuzz import fuzz, process

from .. import vocabulary
from ..labels import Labels, load_labels
from ..models import Case, DisputedItem, GuidelineCitation
from ..models.queued import UNDECIDED
from . import newest, reach
from .names_state import DRUG, GUIDELINE, KINDS, Kind
from .withheld_rows import without_withheld

MOST = 500  # wordings that are ranked by letters; beyond, a name is looked for by its words
SUGGESTED = 3
_LIKELY = 72.0  # of 100; below, what is alike is mostly chance
_COVERED = 0.4  # so much of a wording must be as long as the name that shares its words
_PLACES = 5
_SEVERAL = 4  # how often a place of a citation may be looked at for a letter that is not withheld


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A record that a wording may stand for; ``because``: the name or spelling of it that is like the wording."""

    record: int
    name: str
    because: str
    likeness: int


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A wording that stands for nothing: in how many letters it is, and what it may stand for."""

    wording: Any
    letters: int
    suggestions: tuple[Suggestion, ...]

    @property
    def reach(self) -> str:
        """The number of letters in words."""
        return reach.told(self.letters)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a wording stands: a letter, the decision if it is one's, and the words around."""

    title: str
    url: str
    source_url: str
    words: str


def ranked(names: str, containing: str = "", *, withheld: bool = False) -> list[Unresolved]:
    """The wordings that wait, those in the most letters first; at most MOST.

    ``containing``: words that they must have; ``withheld``: also those that only withheld letters have. Wordings that
    a curator dismissed do not wait.
    """
    kind = KINDS[names]
    waiting = kind.wordings.objects.filter(**{kind.pointer: None}, status__in=UNDECIDED)
    if not withheld:
        waiting = without_withheld(waiting)
    for word in containing.split():
        waiting = waiting.filter(text__icontains=word)
    letters = _letters(kind, waiting)
    rows = kind.wordings.objects.in_bulk(list(letters))
    first = sorted(letters, key=lambda pk: (-letters[pk], rows[pk].text))
    return [Unresolved(rows[pk], letters[pk], ()) for pk in first]


def with_suggestions(names: str, some: Iterable[Unresolved]) -> list[Unresolved]:
    """The same with what each may stand for."""
    book = _book(names)
    return [Unresolved(one.wording, one.letters, tuple(book.like(one.wording.text))) for one in some]


def suggestions(names: str, text: str) -> list[Suggestion]:
    """What a wording may stand for, the likeliest first."""
    return list(_book(names).like(text))


def _letters(kind: Kind, waiting: QuerySet) -> dict[int, int]:
    """In how many letters wordings are, those in the most; the others are left out."""
    found = reach.letters(kind.wordings, list(waiting.order_by().values_list("pk", flat=True)))
    first = sorted(found, key=lambda pk: (-found[pk], pk))[:MOST]
    return {pk: found[pk] for pk in first if found[pk]}


# ---- what is alike ------------------------------------------------------------------------------------------------


class _Book:
    """All names and spellings of a kind, ready to be compared with."""

    def __init__(self, kind: Kind) -> None:
        names = dict(kind.model.objects.values_list("pk", "name"))
        self._names = names
        spellings = [(vocabulary.key(name), pk, name) for pk, name in names.items()]
        spellings += [(vocabulary.key(alias), pk, alias) for alias, pk in _shipped(kind, names)]
        if kind is not GUIDELINE:  # of documents there are too many wordings, and most are a name with its chapter
            resolved = kind.wordings.objects.exclude(**{kind.pointer: None}).values_list("text", kind.pointer)
            spellings += [(vocabulary.key(text), pk, text) for text, pk in resolved]
        known: dict[str, tuple[int, str]] = {}
        for key, pk, text in spellings:
            known.setdefault(key, (pk, text))
        known.pop("", None)
        self._keys, self._records = list(known), list(known.values())

    def like(self, text: str) -> Iterator[Suggestion]:
        """The records with the most similar names, each once."""
        met: set[int] = set()
        near = process.extract(
            vocabulary.key(text), self._keys, scorer=_likeness, processor=None, score_cutoff=_LIKELY, limit=20
        )
        for _, score, place in near:
            pk, because = self._records[place]
            if pk not in met and len(met) < SUGGESTED:
                met.add(pk)
                yield Suggestion(pk, self._names[pk], because, round(score))


def _likeness(one: str, other: str, *, score_cutoff: float = 0.0, **_: Any) -> float:
    """How alike two names are, of 100: letter by letter, or, less surely, by the words that they share."""
    straight = fuzz.ratio(one, other, score_cutoff=score_cutoff)
    shared = 0.95 * fuzz.token_set_ratio(one, other, score_cutoff=score_cutoff)
    # A short name within a long title says little: most titles of articles hold some guideline's one.
    shorter, longer = sorted((len(one), len(other)))
    return max(straight, shared if shorter > 3 and shorter >= _COVERED * longer else 0.0)


def _shipped(kind: Kind, names: dict[int, str]) -> Iterator[tuple[str, int]]:
    """Spellings of the vocabulary, with the id of the record that they are of."""
    by_name = {name: pk for pk, name in names.items()}
    rows: list[tuple[str, tuple[str, ...]]]
    if kind is GUIDELINE:
        rows = [
            (one.now or one.joined or one.name, (*one.titles, *one.dated_titles)) for one in vocabulary.guidelines()
        ]
        rows += [(one.now or one.joined or one.name, one.marks) for one in vocabulary.works()]
    elif kind is DRUG:  # all its spellings are wordings
        rows = []
    else:
        rows = [(one.now or one.joined or one.name, one.aliases) for one in vocabulary.specialties()]
    for name, spellings in rows:
        if name in by_name:
            yield from ((spelling, by_name[name]) for spelling in spellings)


_books: dict[str, tuple[Labels, _Book]] = {}
_making = threading.Lock()


def _book(names: str) -> _Book:
    """The names of a kind, read again only after a curator's change."""
    labels = load_labels()
    with _making:
        known = _books.get(names)
        if known is None or known[0].stamp != labels.stamp:
            known = _books[names] = labels, _Book(KINDS[names])
        return known[1]


# ---- where a wording stands ---------------------------------------------------------------------------------------


def places(wording: Any) -> list[Place]:
    """Some places of a wording in letters that are public, newest first."""
    if isinstance(wording, GUIDELINE.wordings):
        return _cited(wording)
    if isinstance(wording, DRUG.wordings):
        return _asked_for(wording)
    cases = Case.objects.filter(pk__in=newest.holding(wording, _PLACES)).order_by("-id")
    found = cases.select_related("reviewer").prefetch_related("reviewer__credentials__wording")
    return [_place(case, case.get_absolute_url(), str(case), _profile(case)) for case in found]


def _cited(wording: Any) -> list[Place]:
    found = []
    met: set[int] = set()
    for one in newest.citing(wording, _PLACES * _SEVERAL):
        if one.item.case_id not in met and len(found) < _PLACES:
            met.add(one.item.case_id)
            title = f"{one.item.case}, item {one.item.position}, {one.side}"
            found.append(_place(one.item.case, one.item.get_absolute_url(), title, _around(one)))
    return found


def _asked_for(wording: Any) -> list[Place]:
    """The headings that call a drug so."""
    items = newest.calling(wording, _PLACES)
    return [_place(one.case, one.get_absolute_url(), f"{one.case}, item {one.position}", one.title) for one in items]


def _place(case: Case, url: str, title: str, words: str) -> Place:
    return Place(title, url, f"{case.get_absolute_url()}source/", words)


def _profile(case: Case) -> str:
    """What the letter says of its reviewer."""
    held = (f"{one.role}: {one.wording.text}" for one in case.reviewer.credentials.all())
    return "; ".join([*held, *(f"licensed in {state}" for state in case.reviewer.licensed_states)])


def _around(citation: GuidelineCitation) -> str:
    """The sentence that cites it: the side's statement where there is one, and what was read of it."""
    item: DisputedItem = citation.item
    reviewer = citation.side == GuidelineCitation.Side.REVIEWER
    statement = item.reviewer_statement if reviewer else item.claims_administrator_statement
    return statement if citation.text in statement else citation.text
