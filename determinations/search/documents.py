"""What the index holds of each decision, read from the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from .. import drugs
from ..asking.tokens import normalised
from ..drugs import Called
from ..labels import (
    CONTRADICTION,
    NO_YEAR,
    age_value,
    body_values,
    document_value,
    family_value,
    procedure_values,
    relation_value,
)
from ..models import UNDECIDED, Case, DisputedItem, GuidelineCitation, ParseIssue
from .common_words import runs
from .own_keys import of_family, of_wording
from .schema import ALL_TEXT, COLUMNS, FACET, PROFILE, RUNS, SEPARATOR, order_keys

_REVIEWER = GuidelineCitation.Side.REVIEWER.value


@dataclass(slots=True)
class _Letter:
    """A case's row with all that stands in other tables."""

    pk: int
    number: str
    day: date | None
    reviewer: int
    summary: str
    priority: str
    patient: dict[str, Any]
    changed: datetime
    items: list[tuple] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Cited:
    """What one side cites for a decision: its words, what the index knows of it, and the documents."""

    texts: list[str] = field(default_factory=list)
    values: dict[str, None] = field(default_factory=dict)
    documents: set[str] = field(default_factory=set)


def documents(case_ids: Iterable[int], own: Collection[int] = ()) -> Iterator[list[dict[str, Any]]]:
    """For each case that has decisions their documents, in the order of the letter; four queries for all of them.

    Cases that are withheld have none. ``own``: the wordings of guidelines that have keys of their own.
    """
    letters = _letters(list(case_ids))
    case_ids = list(letters)
    cited, called = _citations(case_ids, own), drugs.current()
    for letter in letters.values():
        if letter.items:
            yield list(_of_letter(letter, cited, called))


def _letters(case_ids: list[int]) -> dict[int, _Letter]:
    fields = "number", "decision_date", "reviewer_id", "clinical_summary", "priority", "patient", "updated_at"
    rows = Case.objects.public().filter(id__in=case_ids).order_by("id").values_list("id", *fields)
    letters = {row[0]: _Letter(row[0], row[1] or "", *row[2:]) for row in rows}
    case_ids = list(letters)
    fields = "id", "position", "treatment", "outcome", "filed_under_id", "rationale"
    facts = "finding", "contradicts", "reasons", "request", "title"
    for row in (
        DisputedItem.objects.filter(case__in=case_ids).order_by("position").values_list("case_id", *fields, *facts)
    ):
        letters[row[0]].items.append(row[1:])
    undecided = ParseIssue.objects.filter(origin=ParseIssue.Origin.READING, status__in=UNDECIDED)
    issues = undecided.filter(~Q(code=CONTRADICTION), case__in=case_ids)
    for case_id, code in issues.order_by().values_list("case_id", "code"):
        letters[case_id].flags.add(code)
    return letters


def _citations(case_ids: list[int], own: Collection[int]) -> dict[tuple[int, bool], _Cited]:
    """(decision, whether by the reviewer) -> what is cited."""
    found: dict[tuple[int, bool], _Cited] = defaultdict(_Cited)
    rows = GuidelineCitation.objects.filter(item__case__in=case_ids).order_by("position")
    columns = "item_id", "side", "text", "family", "wording_id", "wording__guideline_id", "wording__indexed_as"
    for item, side, text, family, wording, guideline, key in rows.values_list(*columns):
        one = found[item, side == _REVIEWER]
        one.texts.append(text)
        if wording in own:
            one.values |= dict.fromkeys((of_wording(wording), of_family(wording, family_value(family))))
        else:
            one.values[str(key or guideline) if guideline else family_value(family)] = None
        one.documents.add(document_value(wording, guideline))
    return found


def _letter_outcome(items: list[tuple]) -> str:
    outcomes = {row[3] for row in items} - {""}
    return (outcomes.pop().lower() if len(outcomes) == 1 else "mixed") if outcomes else ""


def _of_letter(letter: _Letter, cited: dict[tuple[int, bool], _Cited], called: Called) -> Iterator[dict[str, Any]]:
    nothing = _Cited()
    summary = normalised(letter.summary)
    summary_runs = _runs(summary)
    shared = _facts_of_letter(letter)
    for row in letter.items:
        pk, position, heading, _, _, rationale, *_ = row
        administrator, reviewer = cited.get((pk, False), nothing), cited.get((pk, True), nothing)
        facets = shared | _facts_of_item(row, administrator, reviewer, called)
        facets["flag"] = sorted(letter.flags | ({CONTRADICTION} if row[7] else set()))
        # A list of texts is not one text: a phrase does not go over from one to the next.
        citations = [normalised(text) for text in (*administrator.texts, *reviewer.texts)]
        texts = [normalised(heading), normalised(rationale), *citations, summary]
        side_by_side = summary_runs.union(*map(_runs, texts[:-1]))
        yield {
            "case": str(letter.pk),
            "case_number": letter.number.lower(),
            "item": pk,
            "letter": letter.pk,
            "stamp": stamp(letter.changed),
            PROFILE: str(letter.reviewer),
            FACET: [f"{name}:{value}" for name, values in facets.items() for value in values],
            **{column: _column(names, facets) for column, names in COLUMNS.items()},
            "heading": texts[0],
            "rationale": texts[1],
            "citations": citations,
            "summary": summary,
            ALL_TEXT: texts,
            RUNS: " ".join(side_by_side),
            **({"day": letter.day.toordinal()} if letter.day else {}),
            **order_keys(letter.day, pk, letter.number, position, len(rationale)),
        }


def _facts_of_letter(letter: _Letter) -> dict[str, list[str]]:
    age = letter.patient.get("age")
    outcome = _letter_outcome(letter.items)
    return {
        "year": [str(letter.day.year), f"{letter.day:%Y-%m}"] if letter.day else [NO_YEAR],
        "letter": [outcome] if outcome else [],
        "priority": [letter.priority.lower()] if letter.priority else [],
        "age": [age_value(age)] if age is not None else [],
        "sex": [letter.patient["sex"]] if letter.patient.get("sex") else [],
    }


def _facts_of_item(row: tuple, administrator: _Cited, reviewer: _Cited, called: Called) -> dict[str, list[str]]:
    _, _, _, outcome, category, _, finding, _, reasons, request, title = row
    return {
        "outcome": [outcome.lower()] if outcome else [],
        "finding": [finding.replace(" ", "-")],
        "relation": [relation_value(administrator.documents, reviewer.documents)],
        "treatment": [str(category)] if category else [],
        "drug": called.keys(title, request.get("drugs", ())),
        "procedure": procedure_values(request.get("procedures", ())),
        "body": body_values(part["part"] for part in request.get("body_parts", ())),
        "guideline": sorted(reviewer.values),
        "administrator": sorted(administrator.values),
        "reason": sorted(reasons),
    }


def _column(names: tuple[str, ...], facets: dict[str, list[str]]) -> str:
    return SEPARATOR.join(f"{name}:{value}" for name in names for value in facets[name])


def _runs(words: str) -> set[str]:
    return runs(words.split(" "))


def stamp(changed: datetime) -> int:
    """The state of a case that a document was made from: microseconds since 1970."""
    return int(changed.timestamp() * 1_000_000)
