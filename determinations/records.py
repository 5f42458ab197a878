"""A decision and a case as data: the one shape that exports and the API share. docs/data.md describes every key.

The keys are an interface: they are added to, not renamed. Where a letter says nothing a value is null and a list is
empty; the keys are always there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from .drugs import named_now
from .labels import Facet, load_labels
from .models import Case, Correction, DisputedItem, GuidelineCitation, ReviewerCredential

Record = dict[str, Any]


# ---- reading from the database --------------------------------------------------------------------------------
# Plain rows, not model instances: a result set may have millions of decisions, and this is a quarter of the time.

_CASE = (
    "id",
    "slug",
    "number",
    "date_assigned",
    "date_of_injury",
    "ur_denial_date",
    "received_date",
    "decision_date",
    "priority",
    "reviewer_id",
    "reviewer__licensed_states",
    "clinical_summary",
    "determination",
    "amended",
    "documents_reviewed",
    "patient",
    "letter_format",
)
_ITEM = (
    "id",
    "case_id",
    "position",
    "arranged_key",
    "treatment",
    "title",
    "outcome",
    "filed_under_id",
    "rationale",
    "finding",
    "contradicts",
    "reasons",
    "modification",
    "request",
    "claims_administrator_statement",
    "reviewer_statement",
)
_CITATION = (
    "item_id",
    "side",
    "text",
    "mtus",
    "family",
    "section",
    "pages",
    "wording_id",
    "wording__guideline_id",
    "wording__guideline__name",
)

_SIDES = {
    "claims_administrator": GuidelineCitation.Side.CLAIMS_ADMINISTRATOR.value,
    "reviewer": GuidelineCitation.Side.REVIEWER.value,
}


def decisions(item_ids: Sequence[int], base: str) -> list[Record]:
    """The records of decisions in the order of ``item_ids``, in seven queries.

    ``base``: scheme and host, for whole addresses. A decision that is in the index and no longer in the database, or
    withheld, is left out.
    """
    items = _items(DisputedItem.objects.public().filter(id__in=item_ids))
    letters = _letters({case_id for case_id, _ in items.values()})
    found = []
    for pk in item_ids:
        case_id, record = items.get(pk, (None, None))
        if record is not None and case_id in letters:
            letter = letters[case_id]
            own = _public(record, letter)
            found.append({"url": f"{base}{letter['path']}#item-{record['item']}", **own, **letter["told"]})
    return found


def cases(case_ids: Sequence[int], base: str) -> dict[int, Record]:
    """The records of cases by id, with their decisions, in seven queries; those that are not there are left out."""
    letters = _letters(case_ids)
    items = sorted(
        _items(DisputedItem.objects.public().filter(case__in=case_ids)).values(), key=lambda item: item[1]["item"]
    )
    found = {}
    for pk in case_ids:
        if pk not in letters:
            continue
        letter = letters[pk]
        url = base + letter["path"]
        own = [{"url": f"{url}#item-{one['item']}", **_public(one, letter)} for case_id, one in items if case_id == pk]
        found[pk] = {"url": url, **letter["told"], **letter["case_only"], "items": own}
    return found


def _items(rows: QuerySet[DisputedItem]) -> dict[int, tuple[int, Record]]:
    """Id -> the case's id, and the record of the item without its address."""
    found = list(rows.order_by().values(*_ITEM))
    cited: dict[int, list[Record]] = defaultdict(list)
    citations = GuidelineCitation.objects.filter(item__in=[row["id"] for row in found])
    for row in citations.order_by("position").values(*_CITATION):
        cited[row["item_id"]].append(row)
    for row, request in zip(found, named_now((row["title"], row["request"]) for row in found), strict=True):
        row["request"] = request
    treatments = load_labels()["treatment"]
    return {row["id"]: (row["case_id"], _item(row, cited[row["id"]], treatments)) for row in found}


def _letters(case_ids: Collection[int]) -> dict[int, Record]:
    """Id -> what is told of the case with each of its decisions, what is told with the case alone, and its path."""
    rows = list(Case.objects.public().filter(id__in=case_ids).order_by().values(*_CASE))
    held: dict[int, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    credentials = ReviewerCredential.objects.filter(reviewer__in={row["reviewer_id"] for row in rows})
    for reviewer, role, text, name in credentials.order_by("position").values_list(
        "reviewer_id", "role", "wording__text", "wording__specialty__name"
    ):
        held[reviewer][role].append({"text": text, "name": name})
    corrected: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for case_id, item, name in Correction.objects.active(row["id"] for row in rows).values_list(
        "case_id", "item", "field"
    ):
        corrected[case_id][item].append(name)
    return {row["id"]: _letter(row, held[row["reviewer_id"]], corrected[row["id"]]) for row in rows}


def _public(item: Record, letter: Record) -> Record:
    """The record of an item without the key that corrections know it by, and with what they set."""
    record = {name: value for name, value in item.items() if name != "key"}
    return {**record, "corrected": letter["corrected"].get(item["key"], [])}


# ---- shapes ---------------------------------------------------------------------------------------------------


def _letter(row: Record, held: dict[str, list[Record]], corrected: dict[str, list[str]]) -> Record:
    return {
        "path": reverse("case", args=[row["slug"]]),
        "corrected": corrected,
        "told": {
            "case": row["slug"],
            "case_number": row["number"],
            "dates": {
                "assigned": _day(row["date_assigned"]),
                "of_injury": _day(row["date_of_injury"]),
                "ur_denial": _day(row["ur_denial_date"]),
                "received": _day(row["received_date"]),
                "decision": _day(row["decision_date"]),
            },
            "priority": row["priority"] or None,
            "credentials": {
                "board_certifications": held[ReviewerCredential.Role.BOARD_CERTIFICATION.value],
                "subspecialties": held[ReviewerCredential.Role.SUBSPECIALTY.value],
                "licensed_states": row["reviewer__licensed_states"],
            },
            "patient": _patient(row["patient"]),
            "clinical_summary": row["clinical_summary"] or None,
            "corrected_in_letter": corrected.get("", []),
        },
        "case_only": {
            "determination": row["determination"] or None,
            "amended": row["amended"],
            "format": row["letter_format"],
            "documents_reviewed": row["documents_reviewed"],
        },
    }


def _item(row: Record, cited: list[Record], treatments: Facet) -> Record:
    category, subcategory = _category(row["filed_under_id"], treatments)
    by_side = {side: [one for one in cited if one["side"] == value] for side, value in _SIDES.items()}
    return {
        "key": row["arranged_key"] or str(row["position"]),
        "item": row["position"],
        "treatment": row["treatment"],
        "title": row["title"],
        "outcome": row["outcome"] or None,
        "category": category,
        "subcategory": subcategory,
        **{
            side: {"statement": row[f"{side}_statement"] or None, "citations": list(map(_citation, ones))}
            for side, ones in by_side.items()
        },
        "relation": _relation(*(frozenset(map(_document, ones)) for ones in by_side.values())),
        "finding": row["finding"],
        "contradicts": row["contradicts"],
        "reasons": row["reasons"],
        "modification": row["modification"] or None,
        "request": _request(row["request"]),
        "rationale": row["rationale"] or None,
    }


def _category(filed_under: int | None, treatments: Facet) -> tuple[str | None, str | None]:
    """The names of the category and sub-category of treatments that a decision stands in."""
    label = treatments.get(treatments.joined.get(str(filed_under), str(filed_under)))
    if label is None:
        return None, None
    above = treatments.get(label.parent)
    return (above.name, label.name) if above else (label.name, None)


def _citation(row: Record) -> Record:
    return {
        "text": row["text"],
        "mtus": row["mtus"],
        "family": row["family"],
        "guideline": row["wording__guideline__name"],
        "section": row["section"] or None,
        "pages": row["pages"],
    }


def _document(row: Record) -> tuple[bool, int]:
    """What a cited document is known by: its canonical record, or for one without its wording."""
    known = row["wording__guideline_id"]
    return (True, known) if known is not None else (False, row["wording_id"])


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


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


def _relation(administrator: frozenset, reviewer: frozenset) -> str:
    """How the documents that the two sides cite relate, as the facet of that name has it."""
    if administrator and reviewer:
        return "same" if administrator == reviewer else "different"
    if reviewer:
        return "reviewer-only"
    return "administrator-only" if administrator else "none"
