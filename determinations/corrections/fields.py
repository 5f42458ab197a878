"""The values of a letter and of its items that a curator can correct: where each stands in the rows, and its kind.

``FIELDS`` is the whole list. The name of a field is the one that docs/data.md gives its value, so that a correction can
be read, and moved to another archive, without the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError

from .. import vocabulary
from ..letters import Determination
from ..models import Case, DisputedItem, DrugWording, GuidelineCitation, ReviewerCredential, TreatmentCategory
from ..names import find
from . import kinds
from .kinds import Kind, Value

CITATIONS = {
    "claims_administrator.citations": GuidelineCitation.Side.CLAIMS_ADMINISTRATOR,
    "reviewer.citations": GuidelineCitation.Side.REVIEWER,
}
CREDENTIALS = "credentials"
ITEMS = "items"
_DENIAL = 2_000


@dataclass(frozen=True, slots=True)
class Field:
    """One value: ``get`` reads it from the row of its case or item, ``put`` sets it there (not yet saved).

    Values that are rows of their own have no ``put``; applying.py writes them. ``column``: the model's field.
    """

    name: str
    label: str
    kind: Kind
    get: Callable[[Any], Value]
    put: Callable[[Any, Value], None] | None
    column: str
    of_item: bool
    group: str


# ---- where values stand -----------------------------------------------------------------------------------------


def _plain(name: str, label: str, kind: Kind, group: str, *, column: str = "", of_item: bool = False) -> Field:
    column = column or name

    def get(row: Any) -> Value:
        return getattr(row, column)

    def put(row: Any, value: Value) -> None:
        setattr(row, column, value)

    return Field(name, label, kind, get, put, column, of_item, group)


def _day(name: str, label: str, column: str) -> Field:
    def get(row: Any) -> Value:
        day = getattr(row, column)
        return day.isoformat() if day else None

    def put(row: Any, value: Value) -> None:
        setattr(row, column, date.fromisoformat(value) if value else None)

    return Field(name, label, kinds.Day(), get, put, column, False, "Header")


def _told(column: str, key: str, label: str, kind: Kind, group: str, *, of_item: bool) -> Field:
    """A value in a column of JSON, which holds only what was told."""

    def get(row: Any) -> Value:
        return getattr(row, column).get(key, kind.empty)

    def put(row: Any, value: Value) -> None:
        told = dict(getattr(row, column))
        told.pop(key, None)
        if value not in (None, "", [], False):
            told[key] = value
        setattr(row, column, told)

    return Field(f"{column}.{key}", label, kind, get, put, column, of_item, group)


def _category() -> Field:
    def get(row: DisputedItem) -> Value:
        return row.category.slug if row.category else None

    def put(row: DisputedItem, value: Value) -> None:
        row.filed_under_id = find("treatment", value) if value else None

    kind = kinds.Choice(choices=categories, empty=None)
    return Field("category", "Treatment category", kind, get, put, "category", True, "Decision")


def categories() -> list[tuple[str, str]]:
    """The address and the whole name of each category, in the order of the state's list."""
    rows = TreatmentCategory.objects.select_related("parent").order_by("parent__position", "position", "name")
    found = sorted(rows, key=lambda row: ((row.parent or row).position, row.parent is not None, row.position))
    return [(row.slug, str(row)) for row in found]


def citations_of(item: DisputedItem, side: str) -> list[dict[str, Value]]:
    """What one side cites, as a correction keeps it; ``document``: the words that name the document.

    Quick where the citations are prefetched with their wordings and guidelines.
    """
    return [
        {
            "text": one.text,
            "document": one.wording.text,
            "guideline": one.wording.guideline.name if one.wording.guideline else None,
            "mtus": one.mtus,
            "family": one.family,
            "section": one.section,
            "pages": one.pages,
        }
        for one in item.citations.all()
        if one.side == side
    ]


def citation_words(citations: list[dict[str, Value]] | None) -> str:
    """Citations in words."""
    return "; ".join(
        ", ".join(filter(None, (one["guideline"] or one["document"], one["section"], " ".join(one["pages"]))))
        for one in citations or []
    )


def _citations(name: str, label: str) -> Field:
    side = CITATIONS[name]
    kind = kinds.Structured(words=citation_words, empty=[])
    return Field(name, label, kind, lambda item: citations_of(item, side), None, "", True, "Guidelines")


def credentials_of(case: Case) -> dict[str, list[str]]:
    """What a letter says of its reviewer, as a correction keeps it."""
    held: dict[str, list[str]] = {role.value: [] for role in ReviewerCredential.Role}
    for credential in case.reviewer.credentials.select_related("wording").order_by("position"):
        held[credential.role].append(credential.wording.text)
    return {
        "board_certifications": held[ReviewerCredential.Role.BOARD_CERTIFICATION.value],
        "subspecialties": held[ReviewerCredential.Role.SUBSPECIALTY.value],
        "licensed_states": list(case.reviewer.licensed_states),
    }


def _credential_words(value: dict[str, list[str]] | None) -> str:
    return "; ".join(", ".join(part) for part in (value or {}).values() if part)


def _items_words(value: list[dict[str, Value]] | None) -> str:
    return f"{len(value or [])} items"


# ---- choices ----------------------------------------------------------------------------------------------------


def _labelled(values: Iterable[str]) -> kinds.Choices:
    pairs = [(value, value) for value in values]
    return lambda: pairs


def _reason_labels() -> dict[str, str]:
    return {code: reason.label for code, reason in vocabulary.reasons().items()}


@cache
def _part_names() -> set[str]:
    return {part.name.lower() for parts in vocabulary.body_parts().values() for part in parts}


@cache
def _prior_kinds() -> set[str]:
    return {row["name"] for row in vocabulary.load("prior_treatments")["kind"]}


def _prior(line: str) -> dict[str, Value]:
    """The treatment of a line, with its count in brackets if there is one."""
    name, _, count = line.partition("(")
    count = count.rstrip(") ")
    if name.strip().lower() not in _prior_kinds():
        raise ValidationError(f"“{name.strip()}” is no treatment that the vocabulary knows.")
    if count and not (count.isascii() and count.isdigit()):
        raise ValidationError("Write a count in brackets as a number: physical therapy (12).")
    return {"kind": name.strip().lower(), "count": int(count) if count else None}


def _drug(line: str) -> dict[str, Value]:
    name = DrugWording.objects.filter(text=vocabulary.key(line)).select_related("drug").first()
    if name is None or name.drug is None:
        raise ValidationError(f"“{line}” is no drug that is known here; write its generic name.")
    return {"text": line, "generic": name.drug.name, "group": name.drug.group}


def _procedure(line: str) -> str:
    known = vocabulary.procedures().get(vocabulary.key(line))
    if not known:
        raise ValidationError(f"“{line}” is no procedure that the vocabulary knows.")
    return known[0].name


def _prior_words(one: dict[str, Value]) -> str:
    return f"{one['kind']} ({one['count']})" if one["count"] else str(one["kind"])


# ---- the list ---------------------------------------------------------------------------------------------------

_AREA = kinds.Kind(widget="area", longest=100_000)
_LINE = kinds.Kind(longest=2_000)
_COURSE, _DECISION, _REQUEST = "Patient and course of the injury", "Decision", "Request"

_ALL = (
    # ---- of the letter
    _plain("case_number", "Case number", kinds.Kind(longest=20, empty=None), "Header", column="number"),
    _day("dates.assigned", "Date assigned", "date_assigned"),
    _day("dates.of_injury", "Date of injury", "date_of_injury"),
    _day("dates.ur_denial", "UR denial date", "ur_denial_date"),
    _day("dates.received", "Application received", "received_date"),
    _day("dates.decision", "Decision date", "decision_date"),
    _plain("priority", "Priority", kinds.Choice(choices=_labelled(Case.Priority.values)), "Header"),
    _plain(
        "determination",
        "Determination of the cover page",
        kinds.Choice(choices=_labelled(one.value for one in Determination)),
        "Header",
    ),
    _plain("amended", "Amended", kinds.Flag(), "Header"),
    Field(
        CREDENTIALS,
        "Reviewer’s credentials",
        kinds.Structured(words=_credential_words),
        credentials_of,
        None,
        "reviewer",
        False,
        "Reviewer",
    ),
    _plain("clinical_summary", "Clinical case summary", _AREA, "Summary"),
    _told("patient", "age", "Age", kinds.Number(most=120), _COURSE, of_item=False),
    _told("patient", "sex", "Sex", kinds.Choice(choices=_labelled(("female", "male"))), _COURSE, of_item=False),
    _told("patient", "mechanism", "How the injury happened", _LINE, _COURSE, of_item=False),
    _told("patient", "body_parts", "Injured parts of the body", kinds.parts(_part_names), _COURSE, of_item=False),
    _told("patient", "diagnoses", "Diagnoses", kinds.Lines(), _COURSE, of_item=False),
    _told(
        "patient",
        "prior_treatments",
        "Treatment before",
        kinds.Lines(entry=_prior, written=_prior_words),
        _COURSE,
        of_item=False,
    ),
    _told("patient", "surgeries", "Surgery before", kinds.Lines(), _COURSE, of_item=False),
    _told(
        "patient",
        "denial",
        "Utilization review’s denial",
        kinds.Kind(widget="area", longest=_DENIAL),
        _COURSE,
        of_item=False,
    ),
    _plain("documents_reviewed", "Documents reviewed", kinds.Lines(empty=[]), "Documents"),
    # ---- of an item
    _plain("treatment", "Heading", _AREA, _DECISION, of_item=True),
    _plain("title", "In dispute", _AREA, _DECISION, of_item=True),
    _plain("outcome", "Outcome", kinds.Choice(choices=_labelled(DisputedItem.Outcome.values)), _DECISION, of_item=True),
    _category(),
    _plain(
        "finding",
        "What the reasons find",
        kinds.Choice(choices=_labelled(DisputedItem.Finding.values), empty="unclear"),
        _DECISION,
        of_item=True,
    ),
    _plain("reasons", "Reasons in short", kinds.coded(_reason_labels), _DECISION, of_item=True),
    _plain("rationale", "Reviewer’s reasons", _AREA, _DECISION, of_item=True),
    _plain("modification", "Granted by utilization review", _AREA, _DECISION, of_item=True),
    _plain(
        "claims_administrator.statement",
        "Claims administrator’s statement",
        _AREA,
        "Guidelines",
        column="claims_administrator_statement",
        of_item=True,
    ),
    _citations("claims_administrator.citations", "Claims administrator’s guidelines"),
    _plain(
        "reviewer.statement",
        "Reviewer’s statement",
        _AREA,
        "Guidelines",
        column="reviewer_statement",
        of_item=True,
    ),
    _citations("reviewer.citations", "Reviewer’s guidelines"),
    _told(
        "request",
        "drugs",
        "Drugs",
        kinds.Lines(entry=_drug, written=lambda one: str(one["text"])),
        _REQUEST,
        of_item=True,
    ),
    _told("request", "compound", "Compounded", kinds.Flag(), _REQUEST, of_item=True),
    _told("request", "doses", "Doses", kinds.Lines(), _REQUEST, of_item=True),
    _told("request", "procedures", "Procedures", kinds.Lines(entry=_procedure), _REQUEST, of_item=True),
    _told("request", "body_parts", "Parts of the body", kinds.parts(_part_names), _REQUEST, of_item=True),
    _told("request", "quantity", "Quantity", kinds.Amount(), _REQUEST, of_item=True),
    _told("request", "frequency", "Frequency", kinds.Frequency(), _REQUEST, of_item=True),
    _told("request", "duration", "Duration", kinds.Amount(), _REQUEST, of_item=True),
    _told("request", "refills", "Refills", kinds.Number(most=99), _REQUEST, of_item=True),
)
OF_LETTER = {field.name: field for field in _ALL if not field.of_item}
OF_ITEM = {field.name: field for field in _ALL if field.of_item}
# The letter's items as a whole: which there are and in which order. applying.py tells the value's shape.
ARRANGEMENT = Field(
    ITEMS, "The letter’s items", kinds.Structured(words=_items_words), lambda case: None, None, "", False, "Items"
)


def field(name: str, *, of_item: bool) -> Field:
    """The field of that name. Raises KeyError."""
    if name == ITEMS and not of_item:
        return ARRANGEMENT
    return (OF_ITEM if of_item else OF_LETTER)[name]
