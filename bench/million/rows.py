"""Letters as rows of the archive's tables: what determinations/store.py would have written of them.

Letter ``n`` of a seed is always the same. Rows leave out the ids that only the writer knows; ``COLUMNS`` names the
columns in the order of the tuples.
"""

from __future__ import annotations

import hashlib
import json
import random
import zlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from determinations import vocabulary
from determinations.letters import PARSER_VERSION
from determinations.letters.identifiers import DETECTOR_VERSION
from determinations.letters.issue_codes import ISSUE_CODES
from determinations.names import Names

from . import pools
from .words import CLAUSES, Lengths, Prose, rare_words

# The share in all years' letters; the measured ones are nearly all of 2017 and have 0.08.
OVERTURNED = 0.116
EXPEDITED = 0.02
# Letters a year in thousands, as far as the state's reports tell it.
_YEARS = {2013: 1, 2014: 137, 2015: 164, 2016: 176, 2017: 172, 2018: 184}
_PARTLY = 0.004  # of the items: a part of the request is found necessary
_FIRST_SEEN = datetime(2026, 1, 1)  # noqa: DTZ001 (UTC, as Django writes it to SQLite)

COLUMNS = {
    "case": (
        "id", "number", "slug", "date_assigned", "date_of_injury", "ur_denial_date", "received_date", "decision_date",
        "priority", "reviewer_id", "clinical_summary", "determination", "amended", "documents_reviewed", "patient",
        "letter_format", "created_at", "updated_at", "index_pending",
    ),
    "lettersource": (
        "id", "case_id", "version", "status", "file_name", "sha256", "text_sha256", "encoding", "size", "compressed",
        "extractor", "extracted", "pages", "parser_version", "ingested_at",
    ),
    "disputeditem": (
        "id", "case_id", "position", "treatment", "title", "outcome", "category_id", "rationale", "finding",
        "contradicts", "reasons", "modification", "request", "claims_administrator_statement", "reviewer_statement",
    ),
    "guidelinecitation": ("item_id", "side", "position", "text", "mtus", "family", "wording_id", "section", "pages"),
    "parseissue": ("case_id", "source_id", "code", "severity", "message", "start", "end", "status"),
}  # fmt: skip
# Columns in which all rows have the same: nothing withheld, arranged or noted, and every letter looked at.
SAME: dict[str, dict[str, Any]] = {
    "case": {"withheld": False},
    "lettersource": {"looked_at": DETECTOR_VERSION},
    "disputeditem": {"arranged_key": ""},
    "guidelinecitation": {},
    "parseissue": {"origin": "reading", "note": "", "noted_at": _FIRST_SEEN.isoformat(" ", "microseconds")},
}

Rows = dict[str, list[tuple[Any, ...]]]

_AGAINST = {
    "Therefore, the request is not medically necessary.": 37,
    "As such, the requested {title} is not medically necessary.": 25,
    "For these reasons {title} is not medically necessary.": 31,
    "Medical necessity has not been established. The request is not medically necessary.": 5,
    "Nothing in these records supports what is asked for.": 2,
}
_FOR = {
    "Therefore, the request is medically necessary.": 60,
    "As such, the request for {title} is medically necessary.": 40,
}
_SIDES = (("claims administrator", "claims_administrator"), ("reviewer", "reviewer"))


@dataclass(frozen=True, slots=True)
class _Line:
    """A guideline line with the rows of its citations, but for the item."""

    statement: str
    citations: tuple[tuple[Any, ...], ...]


class Letters:
    """Makes the rows of letters. Make it once, with the database at hand; its copies in other processes need none.

    ``variety`` is the share of the pools of clauses, headings, histories and so on that letters are put together from.
    """

    def __init__(self, seed: int, names: Names, variety: float = 1.0) -> None:
        tables, shares = pools.fitted(), pools.fitted()["shares"]
        self.seed = seed
        self._no_header, self._contradicts = shares["no_header"], shares["contradicts"]
        self._rare = rare_words()
        self._rationale, self._summary = (
            Prose(
                f"{seed}/{kind}",
                pools.adjusted(tables["words"][kind]),
                Lengths(**tables[kind]),
                shares[f"rare_{kind}"],
                round(variety * CLAUSES),
            )
            for kind in ("rationale", "summary")
        )
        self._headings = [
            (heading, names.category(heading.placement))
            for heading in pools.headings(seed, round(variety * pools.REQUESTS))
        ]
        self._histories = pools.histories(seed, round(variety * pools.PATIENTS))
        self._lines = {
            (side, early): [
                _resolved(line, name, names)
                for line in pools.lines(seed, side, early=early, how_many=round(variety * pools.LINES))
            ]
            for name, side in _SIDES
            for early in (False, True)
        }
        profiles = [names.reviewer(profile) for profile in pools.profiles(seed, round(variety * pools.PROFILES))]
        # So steep that 170 letters have about as many profiles as were measured (65).
        self._profiles = pools.Weighted({str(pk): (place + 1) ** -1.25 for place, pk in enumerate(profiles)})
        self._items = pools.Weighted(tables["items"])
        self._years = pools.Weighted({str(year): weight for year, weight in _YEARS.items()})
        known = vocabulary.reasons()
        self._reasons = {
            outcome: pools.Weighted(
                {code: 0.3 for code, reason in known.items() if (reason.side == "against") == (outcome == "Upheld")}
                | tables["reasons"][outcome.lower()]
            )
            for outcome in ("Upheld", "Overturned")
        }
        self._reasons_number = pools.Weighted(tables["reasons"]["number"])
        self._endings = {"not necessary": pools.Weighted(_AGAINST), "necessary": pools.Weighted(_FOR)}
        codes = {code.code: code for code in ISSUE_CODES}
        self._issues = [
            (codes[code], number / tables["measured"]["letters"])
            for code, number in tables["issues"].items()
            if code not in ("no-header", "contradiction", "uncategorised")
        ]
        self._told = {code: codes[code] for code in ("no-header", "contradiction", "uncategorised")}

    def rows(self, first: int, count: int) -> Rows:
        """The rows of letters ``first`` to ``first + count``; letter ``n`` is case ``n + 1``.

        Items are numbered from 0 within these rows, and their citations name them by that number.
        """
        rows: Rows = {table: [] for table in COLUMNS}
        for number in range(first, first + count):
            self._letter(number, rows)
        return rows

    def _letter(self, number: int, rows: Rows) -> None:
        chance = random.Random(f"{self.seed}/{number}")
        pk = number + 1
        named = chance.random() >= self._no_header
        year = int(self._years.draw(chance))
        decided = date(year, 1, 1) + timedelta(days=int(chance.random() * 365))
        case_number = f"CM{year % 100:02d}-{1_000_000 + number % 9_000_000:07d}" if named else None
        days = _days(chance, decided) if named else (None,) * 5
        history = self._histories[int(chance.random() * len(self._histories))]
        taken = len(history.opening) + len(history.denial)
        summary = history.opening + self._summary.write(chance, self._rare, taken) + history.denial
        seen = (_FIRST_SEEN + timedelta(milliseconds=number)).isoformat(" ", "microseconds")
        source, hashed = _source(pk, number, self.seed, case_number, days, seen)
        priority = ("Expedited" if chance.random() < EXPEDITED else "Standard") if named else ""
        rows["case"].append((
            pk, case_number, case_number.lower() if case_number else f"letter-{hashed[:16]}", *days, priority,
            int(self._profiles.draw(chance)), summary, "", False, "[]", history.patient,
            f"final-determination-{2014 if decided.year < 2016 else 2016}", seen, seen, True,
        ))  # fmt: skip
        rows["lettersource"].append(source)
        issues = [code for code, share in self._issues if chance.random() < share]
        if not named:
            issues.append(self._told["no-header"])
        for position in range(1, int(self._items.draw(chance)) + 1):
            issues += self._item(chance, pk, position, decided.year < 2016, rows)
        rows["parseissue"] += [(pk, pk, code.code, code.severity.value, code.meaning, 0, 0, "open") for code in issues]

    def _item(self, chance: random.Random, case_id: int, position: int, early: bool, rows: Rows) -> list[Any]:
        """Add an item with its citations; returns the codes of its issues."""
        heading, category = self._headings[int(chance.random() * len(self._headings))]
        outcome = "Overturned" if chance.random() < OVERTURNED else "Upheld"
        finding = "not necessary" if outcome == "Upheld" else "necessary"
        contradicts = chance.random() < self._contradicts
        if contradicts:
            finding = "necessary" if outcome == "Upheld" else "not necessary"
        ending = self._endings[finding].draw(chance).format(title=heading.title)
        told = f"The request is for {heading.title}. " if chance.random() < 0.3 else ""
        body = self._rationale.write(chance, self._rare, len(ending) + len(told))
        partly = not contradicts and chance.random() < _PARTLY
        reasons = {self._reasons[outcome].draw(chance): 0 for _ in range(int(self._reasons_number.draw(chance)))}
        cited = [
            (name, lines[int(chance.random() * len(lines))])
            for name, lines in ((name, self._lines[side, early]) for name, side in _SIDES)
        ]
        local = len(rows["disputeditem"])
        rows["disputeditem"].append((
            local, case_id, position, heading.treatment, heading.title, outcome, category, f"{told}{body} {ending}",
            "partly necessary" if partly else finding, contradicts, json.dumps(list(reasons)), heading.modification,
            heading.request, cited[0][1].statement, cited[1][1].statement,
        ))  # fmt: skip
        rows["guidelinecitation"] += [(local, *citation) for _, line in cited for citation in line.citations]
        issues = [self._told["contradiction"]] if contradicts else []
        return [*issues, self._told["uncategorised"]] if category is None else issues


def _resolved(line: pools.Line, side: str, names: Names) -> _Line:
    wordings = names.guideline_wordings(line.citations)
    return _Line(
        line.statement,
        tuple(
            (side, position, cited.text, cited.mtus, cited.family[:120], wordings[cited.document], cited.section or "",
             json.dumps(list(cited.pages)))
            for position, cited in enumerate(line.citations, 1)
        ),
    )  # fmt: skip


def _days(chance: random.Random, decided: date) -> tuple[str, ...]:
    """Assigned, of injury, UR denial, received, decided: as far apart as in the measured letters."""
    assigned = decided - timedelta(days=int(chance.gauss(25, 4)))
    received = assigned - timedelta(days=int(chance.triangular(0, 19, 4)))
    denied = received - timedelta(days=int(chance.triangular(0, 37, 15)))
    injured = denied - timedelta(days=int(chance.expovariate(1 / 1200)) + 20)
    return tuple(day.isoformat() for day in (assigned, injured, denied, received, decided))


def _source(
    pk: int, number: int, seed: int, case_number: str | None, days: tuple[str | None, ...], seen: str
) -> tuple[tuple[Any, ...], str]:
    """The row of a source, which holds the letter's opening lines alone, and the hash of its text."""
    lines = [f"Generated letter {number} of seed {seed}"]
    if case_number:
        assigned, injured, denied, received, decided = (date.fromisoformat(day or "") for day in days)
        lines += [
            f"Case Number: {case_number}",
            f"Date Assigned: {assigned:%m/%d/%Y} Date of Injury: {injured:%m/%d/%Y}",
            f"Decision Date: {decided:%m/%d/%Y} UR Denial Date: {denied:%m/%d/%Y}",
            f"Received: {received:%m/%d/%Y}",
        ]
    text = "\n".join(lines)
    content = text.encode()
    hashed = hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
    row = (
        pk, pk, 1, "current", f"generated/{seed}/{number // 1000:05d}/{number}.txt",
        hashlib.sha256(content).hexdigest(), hashed, "utf-8", len(content), zlib.compress(content), "",
        b"", None, PARSER_VERSION, seen,
    )  # fmt: skip
    return row, hashed
