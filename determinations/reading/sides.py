"""Both sides' guidelines compared: what both cite, and what one of them alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..models import DisputedItem, Guideline, GuidelineCitation


@dataclass(frozen=True, slots=True)
class Document:
    """One document that a side cites, with the places in it. ``shared``: the other side cites it, too.

    ``same_place``: of a shared document, whether both name the same sections and pages.
    """

    citations: tuple[GuidelineCitation, ...]
    shared: bool
    same_place: bool

    @property
    def guideline(self) -> Guideline | None:
        """The document by its canonical name, None while a curator has not said which it is."""
        return self.citations[0].wording.guideline

    @property
    def name(self) -> str:
        """The canonical name, else the words of the letter."""
        return self.guideline.name if self.guideline else self.citations[0].wording.text

    @property
    def mtus(self) -> bool:
        """Whether it stood under MTUS."""
        return self.citations[0].mtus


@dataclass(frozen=True, slots=True)
class Side:
    """What one side gave as its ground. ``statement``: its words where they are no citation."""

    heading: str
    short: str
    statement: str
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides, and in a sentence how they differ."""

    administrator: Side
    reviewer: Side
    difference: str

    def __iter__(self) -> Iterator[Side]:
        return iter((self.administrator, self.reviewer))

    @property
    def alone(self) -> bool:
        """Whether one side alone, or neither, cites a document: there is nothing to compare then."""
        return not (self.administrator.documents and self.reviewer.documents)


def compared(item: DisputedItem) -> Sides:
    """The guideline lines of a decision side by side (its citations and their guidelines should be prefetched)."""
    ours, theirs = _by_document(item.cited_by_claims_administrator), _by_document(item.cited_by_reviewer)
    administrator = Side(
        "Claims administrator’s guideline",
        "claims administrator",
        item.claims_administrator_statement,
        _documents(ours, theirs),
    )
    reviewer = Side("Reviewer’s guideline", "reviewer", item.reviewer_statement, _documents(theirs, ours))
    return Sides(administrator, reviewer, _difference(administrator, reviewer))


_Key = tuple[str, int | str]
_Cited = dict[_Key, tuple[GuidelineCitation, ...]]


def _by_document(citations: Iterable[GuidelineCitation]) -> _Cited:
    found: _Cited = {}
    for citation in citations:
        guideline = citation.wording.guideline_id
        key: _Key = ("guideline", guideline) if guideline else ("words", citation.wording.text.casefold())
        found[key] = (*found.get(key, ()), citation)
    return found


def _documents(own: _Cited, other: _Cited) -> tuple[Document, ...]:
    return tuple(
        Document(citations, key in other, key in other and _places(citations) == _places(other[key]))
        for key, citations in own.items()
    )


def _places(citations: Iterable[GuidelineCitation]) -> set[str]:
    return {citation.place.casefold() for citation in citations}


def _difference(administrator: Side, reviewer: Side) -> str:
    """What differs, in one sentence."""
    if not administrator.documents and not reviewer.documents:
        return "Neither side cites a document."
    if not reviewer.documents:
        return "Only the claims administrator cites a document."
    if not administrator.documents:
        return "Only the reviewer cites a document."
    shared = [document for document in reviewer.documents if document.shared]
    if not shared:
        return "The two sides cite different documents."
    only = [side.short for side in (administrator, reviewer) if any(not document.shared for document in side.documents)]
    what = "the same document" if len(shared) == 1 else "the same documents"
    if not only:
        places = "" if all(document.same_place for document in shared) else ", at different places"
        return f"Both sides cite {what}{places}."
    what = "one document in common" if len(shared) == 1 else f"{len(shared)} documents in common"
    if len(only) == 2:
        return f"The two sides have {what}, and each cites others besides."
    return f"The two sides have {what}; the {only[0]} cites others besides."
