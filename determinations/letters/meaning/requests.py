"""What was asked for, as data: read from the part of the heading that was in dispute."""

from __future__ import annotations

import re
from functools import lru_cache

from ..facts import NamedDrug, Request
from ..text.searching import folded, holds
from .amounts import WORD, read_duration, read_frequency, read_refills, read_times_by_weeks
from .anatomy import body_parts
from .drug_names import distinct, drug_mentions
from .procedures import named_procedures, names_of
from .quantities import read_doses, read_quantity

_NUMBER = re.compile(
    rf"\d|#|refill|\b(?:{WORD}|once|twice|thrice|b\.?i\.?d|t\.?i\.?d|q\.?[a-z]|nightly|bedtime|every|night)\b",
    re.IGNORECASE,
)
_COMPOUND = re.compile(r"\bcompound(?:ed|ing)?\b|\b(?:cream|gel|ointment|lipoderm|PLO)\sbase\b", re.IGNORECASE)
_NO_COMPOUND = re.compile(
    r"\b(?:soma|carisoprodol|orphenadrine|benzoin)\s+compound|\bcompound\s+fracture", re.IGNORECASE
)

# Creams of two drugs that are sold ready made.
_SOLD_MIXED = ({"lidocaine", "prilocaine"}, {"lidocaine", "tetracaine"})


@lru_cache(maxsize=20_000)
def read_request(title: str) -> Request:
    """What ``title`` says was asked for; spans are offsets in it. Total: any text gives a Request."""
    named = named_procedures(title)
    mentions = drug_mentions(title)
    drugs = distinct(mentions)
    parts = body_parts(title)
    if not _NUMBER.search(title):
        return Request(
            body_parts=parts,
            drugs=drugs,
            compound=_is_compound(title, drugs, 0),
            procedures=names_of(named),
        )
    therapy = any(procedure.kind == "therapy" for procedure, _ in named)
    frequency, duration = read_frequency(title), read_duration(title)
    if therapy and not frequency and (pair := read_times_by_weeks(title)):
        frequency, duration = pair
    doses = read_doses(title, {one.span.end: one.group for one in mentions})
    percents = sum(dose.value.endswith(("%", "percent")) for dose in doses)
    return Request(
        quantity=read_quantity(
            title, doses, names_something=bool(named), frequency=frequency is not None, therapy=therapy
        ),
        doses=doses,
        frequency=frequency,
        duration=duration,
        refills=read_refills(title),
        body_parts=parts,
        drugs=drugs,
        compound=_is_compound(title, drugs, percents),
        procedures=names_of(named),
    )


def _is_compound(title: str, drugs: tuple[NamedDrug, ...], percents: int) -> bool:
    """Whether a mixture made for the request is asked for: by word, or by several drugs in percent."""
    if len(drugs) > 1 and percents > 1 and {one.generic for one in drugs} not in _SOLD_MIXED:
        return True
    if not holds(folded(title), ("compound", "base")):
        return False
    return bool(_COMPOUND.search(title)) and not _NO_COMPOUND.search(title)
