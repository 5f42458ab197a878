"""The shapes of the API's answers, for its OpenAPI document. Answers are made by ``records``; tests compare the two."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

Text = Annotated[str | None, Field(description="Null where the letter says nothing.")]
Day = Annotated[str | None, Field(description="ISO date, or null.", json_schema_extra={"format": "date"})]
Number = int | float


class Dates(BaseModel):
    """The dates of a letter's header."""

    assigned: Day
    of_injury: Day
    ur_denial: Day
    received: Day
    decision: Day


class Credential(BaseModel):
    """A certification of the reviewer."""

    text: str = Field(description="As printed.")
    name: str | None = Field(description="Canonical name, null if the spelling is not known.")


class Credentials(BaseModel):
    """What the letter says of the anonymous reviewer."""

    board_certifications: list[Credential]
    subspecialties: list[Credential]
    licensed_states: list[str] = Field(description="Postal names.")


class BodyPart(BaseModel):
    """A part of the body."""

    part: str
    side: Literal["left", "right", "bilateral", ""]


class PriorTreatment(BaseModel):
    """A kind of treatment told as done."""

    kind: str
    count: int | None = Field(description="Sessions, visits or injections, where told exactly.")


class Patient(BaseModel):
    """What the clinical summary tells of the injured worker."""

    age: int | None
    sex: Literal["female", "male"] | None
    mechanism: Text
    body_parts: list[BodyPart]
    diagnoses: list[str]
    prior_treatments: list[PriorTreatment]
    surgeries: list[str]
    denial: Text


class Citation(BaseModel):
    """One guideline document that a side cites."""

    text: str = Field(description="Its words.")
    mtus: bool = Field(description="Whether it stood under “Decision based on MTUS”.")
    family: str = Field(description="MTUS, ACOEM, ODG, or the publisher's or work's name.")
    guideline: str | None = Field(description="Canonical name, null if the words are not known.")
    section: Text
    pages: list[str] = Field(description="As printed.")


class Side(BaseModel):
    """A side's guideline line."""

    statement: Text
    citations: list[Citation]


class Amount(BaseModel):
    """A number of a unit; ``low``: the lesser end of a range."""

    number: Number
    unit: str
    low: Number | None


class Frequency(BaseModel):
    """How often: times a period."""

    times: Number
    period: Literal["day", "week", "month"]
    low: Number | None


class Drug(BaseModel):
    """A drug that a request names."""

    text: str = Field(description="As printed.")
    generic: str
    group: str = Field(description="The state's drug group, or a class.")


class Request(BaseModel):
    """What was asked for, as far as the heading says."""

    quantity: Amount | None
    doses: list[str]
    frequency: Frequency | None
    duration: Amount | None
    refills: int | None
    body_parts: list[BodyPart]
    drugs: list[Drug]
    compound: bool
    procedures: list[str]


class Item(BaseModel):
    """One disputed item with its decision."""

    url: str = Field(description="Its place on the letter's page.")
    item: int = Field(description="1 for the first item of the letter.")
    treatment: str = Field(description="The whole heading as printed.")
    title: str = Field(description="The part of the heading that was in dispute.")
    outcome: Literal["Upheld", "Overturned"] | None = Field(
        description="Upheld: the denial stands. Overturned: the treatment is to be provided."
    )
    category: str | None
    subcategory: str | None
    claims_administrator: Side
    reviewer: Side
    relation: Literal["same", "different", "reviewer-only", "administrator-only", "none"] = Field(
        description="How the documents that the two sides cite relate."
    )
    finding: Literal["necessary", "not necessary", "partly necessary", "unclear"]
    contradicts: bool = Field(description="Whether heading and reasons disagree.")
    reasons: list[str] = Field(description="Codes of the vocabulary of reasons.")
    modification: Text
    request: Request
    rationale: Text
    corrected: list[str] = Field(description="What a curator set in place of what was read, by its key.")


class _Letter(BaseModel):
    case: str = Field(description="The letter's name in addresses.")
    case_number: str | None = Field(description="As printed; null for a letter without its header.")
    dates: Dates
    priority: Literal["Standard", "Expedited"] | None
    credentials: Credentials
    patient: Patient
    clinical_summary: Text
    corrected_in_letter: list[str] = Field(description="What a curator set of the letter as a whole, by its key.")


class Decision(Item, _Letter):
    """One decision with what its letter says of the case."""


class Case(_Letter):
    """One letter with all its decisions."""

    url: str
    determination: Literal["Uphold", "Overturn", "Partial Overturn"] | None = Field(
        description="What a cover page decides of all items."
    )
    amended: bool
    format: str = Field(description="The form of the letter.")
    documents_reviewed: list[str]
    items: list[Item]


class MatchingCase(Case):
    """A letter with the numbers of its decisions that fit the search."""

    matching: list[int]


class Decisions(BaseModel):
    """A page of decisions."""

    total: int = Field(description="How many decisions fit the search.")
    results: list[Decision]
    next: str | None = Field(description="The address of the next page, null on the last.")


class Cases(BaseModel):
    """A page of letters, each with at least one decision that fits the search."""

    results: list[MatchingCase]
    next: str | None = Field(description="The address of the next page, null on the last.")


class Total(BaseModel):
    """How many were found."""

    decisions: int
    letters: int


class Value(BaseModel):
    """A value of a facet. ``count``: what choosing it alone in its facet would find."""

    value: str
    label: str
    count: int
    chosen: bool
    excluded: bool
    children: list[Value]


class Facet(BaseModel):
    """One facet; ``name`` is the parameter that takes its values."""

    name: str
    label: str
    values: list[Value]


class Facets(BaseModel):
    """Counts of the values of every facet, each under all filters except its own."""

    total: Total
    facets: list[Facet]


class Entry(BaseModel):
    """A word of a vocabulary."""

    value: str = Field(description="As it stands in addresses and records.")
    label: str
    group: str | None = Field(description="What it belongs to in its vocabulary.")
    meaning: str | None


class VocabularyName(BaseModel):
    """A vocabulary, and the parameter that takes its values (null if none does)."""

    name: str
    label: str
    parameter: str | None
    url: str


class Vocabularies(BaseModel):
    """All vocabularies."""

    vocabularies: list[VocabularyName]


class Vocabulary(BaseModel):
    """The words of one vocabulary."""

    name: str
    label: str
    parameter: str | None
    entries: list[Entry]


class ParameterProblem(BaseModel):
    """What is wrong with one parameter."""

    parameter: str
    message: str


class Problem(BaseModel):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ParameterProblem] = Field(default=[], description="Of a bad request: the parameters.")
