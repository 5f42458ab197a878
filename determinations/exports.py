"""The result set of a search as CSV, JSON and JSON Lines: any number of decisions in constant memory.

docs/data.md lists the columns; a test holds it and COLUMNS together.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from . import records, search
from .records import Record

BATCH = 1_000  # decisions that are in memory at a time
LIST_MARK = " | "

# Excel takes a file without it for the machine's own encoding, and shows "â€™" for an apostrophe.
_BOM = "\ufeff"
# What a spreadsheet may take for a formula or a command, also behind blanks and in wide letters; and the apostrophe
# itself, so that one at the beginning of a cell was always put there.
_RISKY = re.compile("\\s*['=+\\-@＝＋－＠]|[\t\r\n]")


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write decisions: ``write`` turns their batches, and how many there are, into pieces of text."""

    suffix: str
    content_type: str
    label: str
    write: Callable[[Iterable[list[Record]], int], Iterator[str]]


# ---- CSV ------------------------------------------------------------------------------------------------------


def _joined(values: Iterable[Any]) -> str:
    return LIST_MARK.join(str(value) for value in values if value)


def _names(credentials: list[Record]) -> str:
    return _joined(one["name"] or one["text"] for one in credentials)


def _documents(side: Record) -> str:
    return _joined(dict.fromkeys(one["guideline"] or one["text"] for one in side["citations"]))


def _parts(parts: list[Record]) -> str:
    return _joined(f"{one['side']} {one['part']}".strip() for one in parts)


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


# Column -> what stands in it for a decision's record.
COLUMNS: dict[str, Callable[[Record], Any]] = {
    "url": lambda one: one["url"],
    "case_number": lambda one: one["case_number"],
    "item": lambda one: one["item"],
    "treatment": lambda one: one["treatment"],
    "title": lambda one: one["title"],
    "outcome": lambda one: one["outcome"],
    "category": lambda one: one["category"],
    "subcategory": lambda one: one["subcategory"],
    "date_decision": lambda one: one["dates"]["decision"],
    "date_assigned": lambda one: one["dates"]["assigned"],
    "date_of_injury": lambda one: one["dates"]["of_injury"],
    "date_ur_denial": lambda one: one["dates"]["ur_denial"],
    "date_received": lambda one: one["dates"]["received"],
    "priority": lambda one: one["priority"],
    "board_certifications": lambda one: _names(one["credentials"]["board_certifications"]),
    "subspecialties": lambda one: _names(one["credentials"]["subspecialties"]),
    "licensed_states": lambda one: _joined(one["credentials"]["licensed_states"]),
    "claims_administrator_guidelines": lambda one: _documents(one["claims_administrator"]),
    "reviewer_guidelines": lambda one: _documents(one["reviewer"]),
    "relation": lambda one: one["relation"],
    "finding": lambda one: one["finding"],
    "contradicts": lambda one: _yes(one["contradicts"]),
    "reasons": lambda one: _joined(one["reasons"]),
    "modification": lambda one: one["modification"],
    "drugs": lambda one: _joined(drug["generic"] for drug in one["request"]["drugs"]),
    "drug_groups": lambda one: _joined(dict.fromkeys(drug["group"] for drug in one["request"]["drugs"])),
    "procedures": lambda one: _joined(one["request"]["procedures"]),
    "body_parts": lambda one: _parts(one["request"]["body_parts"]),
    "quantity": lambda one: (one["request"]["quantity"] or {}).get("number"),
    "quantity_unit": lambda one: (one["request"]["quantity"] or {}).get("unit"),
    "patient_age": lambda one: one["patient"]["age"],
    "patient_sex": lambda one: one["patient"]["sex"],
    "rationale": lambda one: one["rationale"],
    "corrected": lambda one: _joined([*one["corrected"], *one["corrected_in_letter"]]),
}


def defused(value: Any) -> str:
    """A value as a cell that no spreadsheet takes for a formula: an apostrophe goes before a risky beginning.

    Reversible: take one apostrophe away from each cell that begins with one, and the value is back.
    """
    text = "" if value is None else str(value)
    return "'" + text if _RISKY.match(text) else text


class _Line:
    """A file that hands back what was last written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(batches: Iterable[list[Record]], total: int) -> Iterator[str]:
    # RFC 4180: comma, quotes doubled, lines end with CR LF.
    write = csv.writer(_Line()).writerow
    yield _BOM + write(list(COLUMNS))
    for batch in batches:
        yield "".join(write([defused(cell(one)) for cell in COLUMNS.values()]) for one in batch)


# ---- JSON -----------------------------------------------------------------------------------------------------


def dumps(data: Any) -> str:
    """JSON in one line, letters as they are."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _json_lines(batches: Iterable[list[Record]], total: int) -> Iterator[str]:
    for batch in batches:
        yield "".join(dumps(one) + "\n" for one in batch)


def _json(batches: Iterable[list[Record]], total: int) -> Iterator[str]:
    """One object that says at its end how many decisions it holds and that it is complete."""
    written = 0
    yield f'{{"total":{total},"decisions":['
    for batch in batches:
        yield "".join((",\n" if written + place else "\n") + dumps(one) for place, one in enumerate(batch))
        written += len(batch)
    yield f'\n],"count":{written},"complete":true}}\n'


FORMATS = {
    format.suffix: format
    for format in (
        Format("csv", "text/csv; charset=utf-8", "CSV", _csv),
        Format("json", "application/json", "JSON", _json),
        Format("jsonl", "application/jsonl", "JSON Lines", _json_lines),
    )
}


# ---- an export ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Export:
    """What is sent: ``total`` decisions were found, ``pieces`` are the bytes of the file, made as they are taken."""

    total: int
    pieces: Iterator[bytes]


def export(query: search.DecisionQuery, format: Format, base: str) -> Export:
    """The whole result set in its order; instead of by relevance, the newest first.

    ``base``: scheme and host, for whole addresses. The set is that of the index as it stands now, whatever comes in
    while it is sent. Raises SearchUnavailable or SearchError before the first piece. An error on the way ends the
    pieces with that error, so that a cut file is seen to be one.
    """
    walk = search.walk(query, BATCH)
    total = walk.total
    found = (records.decisions(ids, base) for ids in walk)
    pieces = (piece.encode("utf-8", "replace") for piece in format.write(found, total))
    return Export(total, pieces)
