"""What letters are put together from: requests, guideline lines, patients and credential profiles.

Each is written as letters write it and then read by the archive's own reader, so that the records have exactly the
shape of ingested ones. What they are made of, and how often, is bench/fitted.toml.
"""

from __future__ import annotations

import itertools
import json
import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from determinations import vocabulary
from determinations.letters import Citation, Credential, Credentials, Found, Placement, Span
from determinations.letters.meaning.patients import read_patient
from determinations.letters.meaning.requests import read_request
from determinations.letters.meaning.treatments import place
from determinations.letters.parts.sides import read_side
from determinations.letters.record import patient_record, request_record
from determinations.letters.text.clean import clean

FITTED = Path(__file__).resolve().parent.parent / "fitted.toml"
REQUESTS, LINES, PATIENTS, PROFILES = 24_000, 4_000, 12_000, 2_500
# Weight of what the vocabulary knows and the measured letters did not show, beside 1 for what one of them did.
_UNSEEN = 0.15

_UNPLACED = 0.06  # of the requests written here that the vocabulary cannot place, those that are kept

_NOWHERE = Span(0, 0)
_DOSES = [
    "5mg",
    "10mg",
    "10/325mg",
    "20mg",
    "25 mg",
    "50mg",
    "100mg",
    "300 mg",
    "550mg",
    "600mg",
    "800 mg",
    "5%",
    "7.5mg",
]
# Drawn word by word some phrases stand in more or fewer decisions than in letters, where they keep company, and what
# histories and endings tell stands there already. So the rates of what holds them are changed by these factors.
_ADJUSTED = {
    "physical therapy": 0.3, "opioids": 0.0, "injured worker": 0.1, "radiculopathy": 0.0, "claims administrator": 0.35,
    "low back pain": 1.55, "range of motion": 1.85, "red flags": 1.8, "functional improvement": 1.3,
    "chronic pain": 1.2, "no evidence": 2.0, "conservative treatment": 2.1, "mtus guidelines": 1.5,
}  # fmt: skip
_EVENTS = [
    "lifting a heavy box", "falling from a ladder", "pulling a pallet", "slipping on a wet floor",
    "a motor vehicle accident", "repetitive typing", "pushing a loaded cart", "stepping off a curb",
    "carrying lumber", "restraining a patient",
]  # fmt: skip
_DIAGNOSES = [
    "lumbar radiculopathy", "lumbar strain", "cervical strain", "cervical radiculopathy",
    "lumbar disc displacement", "shoulder impingement syndrome", "rotator cuff tear", "carpal tunnel syndrome",
    "knee osteoarthritis", "meniscal tear", "myofascial pain syndrome", "lateral epicondylitis", "thoracic strain",
    "ankle sprain", "depression", "insomnia", "chronic pain syndrome", "lumbar spinal stenosis",
    "plantar fasciitis", "hip bursitis", "cervicalgia", "headache",
]  # fmt: skip


@cache
def fitted() -> dict[str, Any]:
    """The tables of bench/fitted.toml."""
    return tomllib.loads(FITTED.read_text(encoding="utf-8"))


class Weighted:
    """A draw from values by their weights."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._values = list(weights)
        self._weights = list(itertools.accumulate(weights.values()))

    def draw(self, chance: random.Random) -> str:
        """One of the values."""
        return chance.choices(self._values, cum_weights=self._weights)[0]


def _told(record: dict[str, Any]) -> str:
    """A record as it is stored: JSON without what was not told."""
    return json.dumps({key: value for key, value in record.items() if value not in (None, [], False)})


# ---- requests -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    """An item's heading and what is read from it; ``request`` is JSON, ``modification`` the words about a part."""

    treatment: str
    title: str
    request: str
    placement: Placement | None
    modification: str


class _Requests:
    """Writes headings of the measured kinds, and of every procedure and drug of the vocabulary."""

    def __init__(self) -> None:
        tables = fitted()
        kinds: dict[str, float] = dict(tables["kinds"])
        for name in sorted({procedure.name for named in vocabulary.procedures().values() for procedure in named}):
            kinds.setdefault(f"|{name}|body_parts", _UNSEEN)
            kinds.setdefault(f"|{name}|body_parts+quantity", _UNSEEN / 2)
        self._drugs: dict[str, dict[str, float]] = {}
        for spelling, drug in (vocabulary.drugs() | vocabulary.other_drugs()).items():
            named = self._drugs.setdefault(f"Pharmaceuticals/{drug.group}", {})
            named[spelling] = named.get(spelling, 0) + tables["drugs"].get(drug.name, _UNSEEN)
        for category in self._drugs:
            kinds.setdefault(f"{category}||drugs+quantity+doses", 4 * _UNSEEN)
        self._kinds = Weighted(kinds)
        self._parts = Weighted(tables["body_parts"])
        self._partial = tables["shares"]["partial_request"]

    def write(self, chance: random.Random) -> Heading:
        category, procedures, named = self._kinds.draw(chance).split("|")
        told = set(named.split("+"))
        what = " and ".join(procedures.split("+")) if procedures else ""
        if "drugs" in told or not what:
            known = self._drugs.get(category) or self._drugs["Pharmaceuticals/Opioids"]
            drug = Weighted(known).draw(chance)
            what = f"{what} {drug[0].upper()}{drug[1:]}".strip()
        if "doses" in told:
            what += f" {chance.choice(_DOSES)}"
        if "body_parts" in told:
            part, side = self._parts.draw(chance).split("|")
            what += f"{' of' if procedures else ' for'} the {f'{side} {part}'.strip()}"
        what = what[0].upper() + what[1:]
        title, whole = self._counted(chance, what, told)
        if chance.random() < self._partial:
            treatment = (
                f"{whole} was the original request. A part of it was authorized by the Claims Administrator. The "
                f"remaining IMR eligible portion of the original request, {title} is"
            )
            return self._read(treatment, title, "was authorized by the Claims Administrator")
        return self._read(title, title, "")

    def _counted(self, chance: random.Random, what: str, told: set[str]) -> tuple[str, str]:
        """The request with its numbers, and the same with higher ones."""
        written = []
        number, weeks = chance.choice([1, 2, 3, 4, 6, 8, 10, 12, 30, 60, 90]), chance.choice([3, 4, 6, 8])
        for factor in (1, 2):
            text = what
            if "frequency" in told:
                text += f", {min(number, 3)} times a week"
            if "duration" in told:
                text += f" for {weeks * factor} weeks"
            if "quantity" in told:
                text += f" #{number * factor}" if "drugs" in told else f", quantity {number * factor}"
            written.append(text)
        return written[0], written[1]

    def _read(self, treatment: str, title: str, modification: str) -> Heading:
        request = _told(request_record(read_request(title)))
        return Heading(treatment, title, request, place(title)[0], modification)


def headings(seed: int, how_many: int = REQUESTS) -> list[Heading]:
    """The headings that letters of a seed have, or the first of them."""
    chance, requests = random.Random(f"{seed}/requests"), _Requests()
    found: list[Heading] = []
    while len(found) < how_many:
        heading = requests.write(chance)
        if heading.placement or chance.random() < _UNPLACED:
            found.append(heading)
    return found


# ---- guideline lines ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One side's guideline line: its statement and its citations."""

    statement: str
    citations: tuple[Citation, ...]


_WHO = {"claims_administrator": "Claims Administrator", "reviewer": "Expert Reviewer"}


def lines(seed: int, side: str, *, early: bool, how_many: int = LINES) -> list[Line]:
    """The lines that a side ("claims_administrator", "reviewer") has in letters before 2016 (``early``) or after."""
    chance = random.Random(f"{seed}/lines/{side}/{early}")
    tables = fitted()
    shapes, cited = Weighted(tables["citations"][side]), _cited(tables["guidelines"][side])
    found = []
    while len(found) < how_many:
        number, said = shapes.draw(chance).split("|")
        text = clean(_line(chance, _WHO[side], int(number), said, cited, early=early))
        read, _ = read_side(text, 0, len(text.text))
        if len(read.citations) >= min(int(number), 1):
            found.append(Line(read.statement.value if read.statement else "", read.citations))
    return found


def _cited(counts: dict[str, int]) -> dict[bool, Weighted]:
    """What is cited under MTUS and outside it: "document|section"."""
    kinds: dict[bool, dict[str, float]] = {True: {}, False: {}}
    for key, number in counts.items():
        mtus, rest = key.split("|", 1)
        kinds[mtus == "1"][rest] = number
    for guideline in vocabulary.guidelines():
        kinds[guideline.family == "MTUS"].setdefault(f"{guideline.name}|", _UNSEEN)
    return {mtus: Weighted(weights) for mtus, weights in kinds.items()}


def _line(chance: random.Random, who: str, number: int, said: str, cited: dict[bool, Weighted], *, early: bool) -> str:
    if said == "none" or not number:
        return f"The {who} did not cite any medical evidence for its decision."
    inside = 0 if said == "outside" else max(1, number - chance.randrange(2))
    parts = []
    if inside:
        parts.append(
            f"Decision based on MTUS {', and '.join(_inside(chance, cited[True], early) for _ in range(inside))}."
        )
    else:
        parts.append(f"The {who} based their decision on recommendation(s) outside of the MTUS Guidelines.")
    if number > inside:
        document, section = cited[False].draw(chance).split("|", 1)
        parts.append(f"Decision based on Non-MTUS Citation {', '.join(filter(None, (document, section)))}.")
    return "  ".join(parts)


def _inside(chance: random.Random, cited: Weighted, early: bool) -> str:
    document, section = cited.draw(chance).split("|", 1)
    if early:
        page = chance.randrange(8, 120)
        document = document.replace("Treatment 2016", "Treatment Guidelines")
        return f"{document} {section} Page(s): {page}-{page + 1}"
    return f"{document}, Section(s): {section}" if section else document


# ---- patients -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class History:
    """How a clinical summary begins and ends, and what is read of the patient from it (JSON)."""

    opening: str
    denial: str
    patient: str


def histories(seed: int, how_many: int = PATIENTS) -> list[History]:
    """The histories that letters of a seed tell, or the first of them."""
    chance, tables = random.Random(f"{seed}/patients"), fitted()
    sexes, kinds = Weighted(tables["sex"]), Weighted(tables["prior_treatments"])
    numbers, priors, parts = (Weighted(tables[name]) for name in ("diagnoses", "prior_numbers", "body_parts"))
    found = []
    for _ in range(how_many):
        age = max(tables["age"]["least"], round(chance.gauss(tables["age"]["mean"], tables["age"]["deviation"])))
        sex = sexes.draw(chance)
        who = "injured worker" if chance.random() < 0.25 else "patient"
        told = [f"The {who} is a {min(age, 84)}-year-old {sex} who sustained an injury to the "]
        part, side = parts.draw(chance).split("|")
        told.append(
            f"{f'{side} {part}'.strip()}{f' while {chance.choice(_EVENTS)}' if chance.random() < 0.36 else ''}. "
        )
        if diagnoses := chance.sample(_DIAGNOSES, int(numbers.draw(chance))):
            told.append(f"Diagnoses include {', '.join(diagnoses)}. ")
        if number := int(priors.draw(chance)):
            told.append(f"Treatment to date has included {', '.join({kinds.draw(chance): 0 for _ in range(number)})}. ")
        if chance.random() < 0.06:
            told.append("The patient underwent lumbar fusion. ")
        opening = "".join(told)
        denial = " Utilization review denied the request." if chance.random() < 0.97 else ""
        found.append(History(opening, denial, _told(patient_record(read_patient(opening + denial)))))
    return found


def adjusted(rates: dict[str, float]) -> dict[str, float]:
    """Rates of words with the factors of what they hold."""
    factors = {
        unit: next((factor for phrase, factor in _ADJUSTED.items() if phrase in unit.lower()), 1.0) for unit in rates
    }
    return {unit: rate * factors[unit] for unit, rate in rates.items() if factors[unit]}


# ---- credential profiles ------------------------------------------------------------------------------------------


def profiles(seed: int, how_many: int = PROFILES) -> list[Credentials]:
    """The credential profiles of the reviewers; letters have the first far more often than the last."""
    chance, tables = random.Random(f"{seed}/profiles"), fitted()
    held: dict[str, float] = dict(tables["certifications"])
    boards = [one.name for one in vocabulary.specialties() if one.kind == "board"]
    for specialty in vocabulary.specialties():
        if specialty.kind == "board":
            held.setdefault(specialty.name, _UNSEEN)
        for parent in specialty.parents[:2]:
            held.setdefault(f"{parent}|{specialty.name}", _UNSEEN)
    certifications, states, numbers = Weighted(held), Weighted(tables["states"]), Weighted(tables["states_number"])
    found: dict[Credentials, None] = {}
    while len(found) < how_many:
        first, *subspecialties = certifications.draw(chance).split("|")
        names = first.split("+") if first else [chance.choice(boards)]
        licensed = {states.draw(chance) for _ in range(int(numbers.draw(chance)))}
        found[
            Credentials(
                tuple(Credential(name, name, _NOWHERE) for name in names),
                tuple(Credential(name, name, _NOWHERE) for name in subspecialties),
                tuple(Found(state, _NOWHERE) for state in sorted(licensed)),
            )
        ] = None
    return list(found)
