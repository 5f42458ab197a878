"""What letters say as data: the request, the reasons, the patient, the documents. Each value with its words' place."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .spans import Found, Span


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A part of the body by its name in vocabulary/body_parts.toml; ``side``: "left", "right", "bilateral" or ""."""

    part: str
    side: str
    span: Span


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of ``unit``s (singular: "visit", "tablet", "week"). ``low``: the lesser end of a range, as in "2-3".

    ``unit`` is "" where the words do not name it ("#60", "x 12").
    """

    number: Decimal
    unit: str
    low: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often: ``times`` a ``period`` ("day", "week", "month"). ``low``: the lesser end of a range."""

    times: Decimal
    period: str
    low: Decimal | None = None


@dataclass(frozen=True, slots=True)
class NamedDrug:
    """A drug that a request names: as printed, its generic name and its group in the state's list.

    For a drug that the state has no group for, ``group`` is its class in vocabulary/other_drugs.toml; no class has the
    name of a group.
    """

    text: str
    generic: str
    group: str
    span: Span


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for, from the part of the heading that was in dispute; only what it says.

    ``doses`` are strengths as printed ("10/325 mg", "5%"); ``procedures`` canonical names of
    vocabulary/procedures.toml; ``compound``: a mixture made for the request, its parts in ``drugs``. Where the words
    give two values ("2 x a week for 3 weeks, then once a week") a field is None.
    """

    quantity: Found[Amount] | None = None
    doses: tuple[Found[str], ...] = ()
    frequency: Found[Frequency] | None = None
    duration: Found[Amount] | None = None
    refills: Found[int] | None = None
    body_parts: tuple[BodyPart, ...] = ()
    drugs: tuple[NamedDrug, ...] = ()
    compound: bool = False
    procedures: tuple[Found[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a decision, by its code in vocabulary/reasons.toml, and the sentence that gives it."""

    code: str
    span: Span


@dataclass(frozen=True, slots=True)
class PriorTreatment:
    """A treatment before the request, by its name in vocabulary/prior_treatments.toml, counted where stated."""

    kind: str
    count: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class Patient:
    """The injured worker and the course of the injury, as the clinical summary tells them."""

    age: Found[int] | None = None
    sex: Found[str] | None = None  # "female" or "male"
    mechanism: Found[str] | None = None
    body_parts: tuple[BodyPart, ...] = ()
    diagnoses: tuple[Found[str], ...] = ()
    prior_treatments: tuple[PriorTreatment, ...] = ()
    surgeries: tuple[Found[str], ...] = ()
    denial: Found[str] | None = None  # what the summary says of utilization review's denial
