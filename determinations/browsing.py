"""What the result page says about a search besides its results: how the words were read, and ways out of nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from . import search
from .asking.grammar import Added, read
from .filters import EXCLUDED, DecisionFilter
from .labels import FACETS
from .search import DecisionQuery

_MOST_PARTS = 8  # of a search that finds nothing; each is asked for twice
# What a name in the words is called that the archive does not know.
_KINDS = {
    "outcome": "outcome",
    "specialty": "specialty",
    "board": "board certification",
    "subspecialty": "subspecialty",
    "state": "state",
    "year": "year or month of decision",
    "treatment": "treatment",
    "body": "part of the body",
    "class": "class of drugs",
    "reason": "reason",
    "finding": "finding",
    "priority": "priority",
    "flag": "flag",
}


@dataclass(frozen=True, slots=True)
class Meant:
    """What was probably meant, and where it is searched for."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Understood:
    """How the words of a search were read.

    ``notes``: sentences about mistakes and unknown names. ``added``: what counts besides the words that were typed, or
    would if not for ``exact``. ``switch_url`` leads to the exact words, or back from them.
    """

    notes: tuple[str, ...] = ()
    added: tuple[Added, ...] = ()
    exact: bool = False
    switch_url: str = ""
    meant: Meant | None = None


def understood(asked: DecisionFilter) -> Understood:
    """What the page says about the words. Raises SearchUnavailable or SearchError."""
    if not asked.words:
        return Understood()
    reading = read(asked.words)
    meant = search.did_you_mean(asked.words)
    return Understood(
        notes=(*reading.notes, *_unknown(asked)),
        added=reading.added,
        exact=asked.without_synonyms,
        switch_url=asked.address(exact=[] if asked.without_synonyms else ["true"]),
        meant=Meant(meant, asked.address(q=[meant])) if meant else None,
    )


def _unknown(asked: DecisionFilter) -> Iterator[str]:
    for one in search.unknown_names(asked.labels, asked.words):
        if one.name == "case":
            yield f"“{one.value[:60]}” is no case number; they look like CM14-0012345."
        else:
            yield f"No {_KINDS.get(one.name, one.name)} is called “{one.value[:60]}”, so nothing fits {one.text[:80]}."


# ---- nothing found ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a search: how many decisions fit it alone, and how many the rest of the search."""

    label: str
    alone: int
    alone_url: str
    without: int
    without_url: str


def ways_out(asked: DecisionFilter) -> list[Part]:
    """The parts of a search that finds nothing, the one first without which most is found."""
    found = [
        Part(label, search.count(alone), alone_url, search.count(without), without_url)
        for label, alone, alone_url, without, without_url in list(_parts(asked))[:_MOST_PARTS]
    ]
    return sorted(found, key=lambda part: -part.without)


def _parts(asked: DecisionFilter) -> Iterator[tuple[str, DecisionQuery, str, DecisionQuery, str]]:
    """Each part's name, the search for it alone and the one without it, both with their addresses."""
    query, kept = asked.query, asked.parameters()
    nothing: dict[str, list[str]] = {name: [] for name in kept if name not in ("sort", "per")}

    def addresses(*names: str) -> tuple[str, str]:
        alone = asked.address(**nothing | {name: kept[name] for name in names})
        return alone, asked.address(**{name: [] for name in names})

    if query.words:
        alone, without = addresses("q", "exact")
        words = DecisionQuery(words=query.words, exact=query.exact)
        yield f"“{query.words}”", words, alone, replace(query, words="", exact=False), without
    for name in FACETS:
        chosen, excluded = query.chosen.get(name), query.excluded.get(name)
        if chosen or excluded:
            alone, without = addresses(name, EXCLUDED + name)
            only = DecisionQuery(chosen={name: chosen or ()}, excluded={name: excluded or ()})
            rest = replace(query.without(name), since=query.since, until=query.until)
            yield _facet_label(asked, name), only, alone, rest, without
    if query.since or query.until:
        alone, without = addresses("since", "until")
        only = DecisionQuery(since=query.since, until=query.until)
        yield _days_label(asked), only, alone, replace(query, since=None, until=None), without


def _facet_label(asked: DecisionFilter, name: str) -> str:
    chosen = [asked.value_label(name, slug).name for slug in asked.selected(name)]
    excluded = [f"not {asked.value_label(name, slug).name}" for slug in asked.excluded(name)]
    return f"{asked.label(name)}: {' or '.join(chosen)}{'; ' if chosen and excluded else ''}{', '.join(excluded)}"


def _days_label(asked: DecisionFilter) -> str:
    days = [
        f"{word} {day:%b} {day.day}, {day.year}"
        for word, day in (("from", asked.first_day), ("to", asked.last_day))
        if day
    ]
    return f"Decided {' '.join(days)}"
