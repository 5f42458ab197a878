"""What is read from a letter: frozen values, each with the place in the source text where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from .facts import Patient, Reason, Request
from .spans import Found, Span

__all__ = [
    "Citation",
    "Credential",
    "Credentials",
    "Dates",
    "Determination",
    "Finding",
    "Found",
    "Issue",
    "Item",
    "Letter",
    "Outcome",
    "Placement",
    "Side",
    "Span",
]


class Outcome(StrEnum):
    """How the reviewer decided on the claims administrator's denial of an item."""

    UPHELD = "Upheld"
    OVERTURNED = "Overturned"


class Determination(StrEnum):
    """What a letter's cover page says of all its items together."""

    UPHOLD = "Uphold"
    OVERTURN = "Overturn"
    PARTIAL_OVERTURN = "Partial Overturn"


class Finding(StrEnum):
    """What the reviewer's own reasons conclude about the request, whatever the heading says."""

    NECESSARY = "necessary"
    NOT_NECESSARY = "not necessary"
    PARTLY_NECESSARY = "partly necessary"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Issue:
    """Something a curator should look at. ``code`` is stable (docs/data.md lists them all)."""

    code: str
    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Dates:
    """The five dates of the header table; None where the letter does not give one that can be read."""

    assigned: Found[date] | None = None
    of_injury: Found[date] | None = None
    ur_denial: Found[date] | None = None
    received: Found[date] | None = None
    decision: Found[date] | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    """One certification or subspecialty: as printed, and its canonical name where the vocabulary knows it."""

    text: str
    name: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a letter says of its (anonymous) reviewer. ``licensed_states`` are postal names in printed order."""

    board_certifications: tuple[Credential, ...] = ()
    subspecialties: tuple[Credential, ...] = ()
    licensed_states: tuple[Found[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """One guideline document that a side cites.

    ``text``: its words, without the lead-in and the final stop. ``document``: the part of them that names the
    document. ``family``: MTUS, ACOEM, ODG, or the publisher's or work's name. ``guideline``: the canonical name,
    None where the vocabulary does not know the words. ``pages``: as printed ("98-99").
    """

    text: str
    mtus: bool
    family: str
    guideline: str | None
    section: str | None
    pages: tuple[str, ...]
    document: str
    span: Span


@dataclass(frozen=True, slots=True)
class Side:
    """What one side (claims administrator or reviewer) based its decision on."""

    statement: Found[str] | None = None
    citations: tuple[Citation, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a request belongs in the state's list of treatment categories."""

    category: str
    subcategory: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One disputed item. ``treatment`` is the whole heading; ``title`` the part of it that was in dispute.

    ``conclusion``: the sentence that the finding rests on. ``modification``: the words that tell that utilization
    review certified a part of the request. ``repeats``: where else the letter states the request or its outcome.
    """

    treatment: Found[str]
    title: Found[str]
    outcome: Found[Outcome] | None
    placement: Placement | None
    claims_administrator: Side
    reviewer: Side
    rationale: Found[str] | None
    finding: Finding
    conclusion: Span | None = None
    request: Request = field(default_factory=Request)
    reasons: tuple[Reason, ...] = ()
    modification: Found[str] | None = None
    repeats: tuple[Span, ...] = ()

    @property
    def contradicts(self) -> bool:
        """Whether heading and reasons disagree: upheld though found necessary, or overturned though not.

        A request found partly necessary contradicts neither.
        """
        if self.outcome is None:
            return False
        against = {Outcome.UPHELD: Finding.NECESSARY, Outcome.OVERTURNED: Finding.NOT_NECESSARY}
        return self.finding is against[self.outcome.value]


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything read from one letter. ``format`` is the name of the form it was read as, "unknown" if none.

    ``determination``: what the cover page says of all items. ``amended``: the words that call the letter amended or
    corrected. ``documents``: the entries of its list of documents reviewed. ``listed``: the requests as the cover page
    lists them from the application. ``repeats``: where else the letter gives a date of its header.
    """

    format: str
    case_number: Found[str] | None = None
    dates: Dates = field(default_factory=Dates)
    priority: Found[str] | None = None
    reviewer: Credentials = field(default_factory=Credentials)
    clinical_summary: Found[str] | None = None
    determination: Found[Determination] | None = None
    amended: Found[str] | None = None
    documents: tuple[Found[str], ...] = ()
    listed: Found[str] | None = None
    repeats: tuple[Span, ...] = ()
    patient: Patient = field(default_factory=Patient)
    items: tuple[Item, ...] = ()
    issues: tuple[Issue, ...] = ()
