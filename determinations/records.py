"""A decision and a case as data: the one shape that exports and the API share. docs/data.md describes every key.

The keys are an interface: they are added to, not renamed. Where a letter says nothing a value is null and a list is
empty; the keys are always there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet

from .models import Case, DisputedItem, GuidelineCitation, Reviewer, ReviewerCredential, TreatmentCategory

Record = dict[str, Any]

# How the guidelines of the two sides relate.
RELATIONS = ("same", "overlapping", "different", "only reviewer", "only claims administrator", "none")


# ---- reading from the database --------------------------------------------------------------------------------


def _citations() -> Prefetch:
    return Prefetch("citations", GuidelineCitation.objects.select_related("wording__guideline"))


def _with_citations() -> QuerySet[DisputedItem]:
    return DisputedItem.objects.select_related("category__parent").prefetch_related(_citations())


def decisions(item_ids: Sequence[int], base: str) -> list[Record]:
    """The records of decisions in the order of ``item_ids``, in a constant number of queries.

    ``base``: scheme and host, for whole addresses. A decision that is in the index and no longer in the database is
    left out.
    """
    rows = (
        DisputedItem.objects.filter(id__in=item_ids)
        .select_related("case__reviewer", "category__parent")
        .prefetch_related(_citations(), "case__reviewer__credentials__wording__specialty")
        .order_by()
    )
    items = {item.pk: item for item in rows}
    return [decision(items[pk], items[pk].case, base) for pk in item_ids if pk in items]


def cases(case_ids: Sequence[int], base: str) -> list[Record]:
    """The records of cases in the order of ``case_ids``, in a constant number of queries; absent ones left out."""
    found = (
        Case.objects.filter(id__in=case_ids)
        .select_related("reviewer")
        .prefetch_related(Prefetch("items", _with_citations()), "reviewer__credentials__wording__specialty")
        .order_by()
    )
    by_id = {letter.pk: letter for letter in found}
    return [case(by_id[pk], base) for pk in case_ids if pk in by_id]


# ---- shapes ---------------------------------------------------------------------------------------------------


def decision(item: DisputedItem, letter: Case, base: str) -> Record:
    """One decision with what its letter says of the case (credentials and citations prefetched)."""
    return item_record(item, letter, base) | {
        "case": letter.slug,
        "case_number": letter.number,
        **_letter(letter),
        "clinical_summary": letter.clinical_summary or None,
    }


def case(letter: Case, base: str) -> Record:
    """One letter with its decisions (items with citations, and credentials, prefetched)."""
    return {
        "url": base + letter.get_absolute_url(),
        "case": letter.slug,
        "case_number": letter.number,
        **_letter(letter),
        "determination": letter.determination or None,
        "amended": letter.amended,
        "format": letter.letter_format,
        "clinical_summary": letter.clinical_summary or None,
        "documents_reviewed": letter.documents_reviewed,
        "items": [item_record(item, letter, base) for item in letter.items.all()],
    }


def item_record(item: DisputedItem, letter: Case, base: str) -> Record:
    """What a letter says of one disputed item."""
    sides = {
        "claims_administrator": _side(item.claims_administrator_statement, item.cited_by_claims_administrator),
        "reviewer": _side(item.reviewer_statement, item.cited_by_reviewer),
    }
    return {
        "url": f"{base}{letter.get_absolute_url()}#{item.anchor}",
        "item": item.position,
        "treatment": item.treatment,
        "title": item.title,
        "outcome": item.outcome or None,
        **_placement(item.category),
        **sides,
        "guidelines": relation(item.cited_by_claims_administrator, item.cited_by_reviewer),
        "finding": item.finding,
        "contradicts": item.contradicts,
        "reasons": item.reasons,
        "modification": item.modification or None,
        "request": _request(item.request),
        "rationale": item.rationale or None,
    }


def _letter(letter: Case) -> Record:
    return {
        "dates": {
            "assigned": _day(letter.date_assigned),
            "of_injury": _day(letter.date_of_injury),
            "ur_denial": _day(letter.ur_denial_date),
            "received": _day(letter.received_date),
            "decision": _day(letter.decision_date),
        },
        "priority": letter.priority or None,
        "credentials": _credentials(letter.reviewer),
        "patient": _patient(letter.patient),
    }


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _placement(category: TreatmentCategory | None) -> Record:
    if category is None:
        return {"category": None, "subcategory": None}
    if category.parent is None:
        return {"category": category.name, "subcategory": None}
    return {"category": category.parent.name, "subcategory": category.name}


def _credentials(reviewer: Reviewer) -> Record:
    def held(role: str) -> list[Record]:
        return [
            {"text": one.wording.text, "name": one.wording.specialty.name if one.wording.specialty else None}
            for one in reviewer.held(role)
        ]

    return {
        "board_certifications": held(ReviewerCredential.Role.BOARD_CERTIFICATION),
        "subspecialties": held(ReviewerCredential.Role.SUBSPECIALTY),
        "licensed_states": reviewer.licensed_states,
    }


def _side(statement: str, cited: Iterable[GuidelineCitation]) -> Record:
    return {"statement": statement or None, "citations": [_citation(citation) for citation in cited]}


def _citation(citation: GuidelineCitation) -> Record:
    return {
        "text": citation.text,
        "mtus": citation.mtus,
        "family": citation.family,
        "guideline": citation.wording.guideline.name if citation.wording.guideline else None,
        "section": citation.section or None,
        "pages": citation.pages,
    }


def _request(told: Record) -> Record:
    """What was asked for; the database holds only what was told."""
    return {
        "quantity": told.get("quantity"),
        "doses": told.get("doses", []),
        "frequency": told.get("frequency"),
        "duration": told.get("duration"),
        "refills": told.get("refills"),
        "body_parts": told.get("body_parts", []),
        "drugs": told.get("drugs", []),
        "compound": told.get("compound", False),
        "procedures": told.get("procedures", []),
    }


def _patient(told: Record) -> Record:
    return {
        "age": told.get("age"),
        "sex": told.get("sex"),
        "mechanism": told.get("mechanism"),
        "body_parts": told.get("body_parts", []),
        "diagnoses": told.get("diagnoses", []),
        "prior_treatments": told.get("prior_treatments", []),
        "surgeries": told.get("surgeries", []),
        "denial": told.get("denial"),
    }


def relation(claims_administrator: Iterable[GuidelineCitation], reviewer: Iterable[GuidelineCitation]) -> str:
    """How the documents that the two sides cite relate (one of RELATIONS).

    A document is known by its canonical name; one without by its wording.
    """
    theirs, own = (frozenset(map(_document, cited)) for cited in (claims_administrator, reviewer))
    if not theirs or not own:
        return "only reviewer" if own else "only claims administrator" if theirs else "none"
    if theirs == own:
        return "same"
    return "overlapping" if theirs & own else "different"


def _document(citation: GuidelineCitation) -> tuple[bool, int]:
    known = citation.wording.guideline_id
    return (True, known) if known is not None else (False, citation.wording_id)
