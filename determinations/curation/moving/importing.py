"""Placing what curators decided in another archive of the same letters."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from ... import search
from ...ingest import one_ingest_at_a_time
from ...letters import PARSER_VERSION, parse_letter
from ...models import Case, CategoryRule, LetterSource
from ...names import Names, load_vocabulary
from ...store import rewrite
from .. import privacy, rules
from .kinds import KINDS
from .lines import FORMAT, UNCHANGED, VERSION, Line, NotCuration, Placing, Unplaced, mark, meant

_LINES_A_BATCH = 500  # one transaction
# What a value that is none of its field can raise when it is laid over a letter.
_BAD_VALUE = (Unplaced, ValidationError, DatabaseError, LookupError, TypeError, ValueError, AttributeError)
_BY_NAME = {kind.name: kind for kind in KINDS}
_Numbered = tuple[int, Line]  # with the number of the line in the file, from 1


class _Stop(Exception):
    """A line could not be placed, and that is to end the import."""


@dataclass(slots=True)
class Report:
    """What an import did: lines by kind and what became of them, and what could not be placed: line and reason."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    unplaced: list[tuple[int, str]] = field(default_factory=list)
    remarks: list[tuple[int, str]] = field(default_factory=list)
    stopped: bool = False
    indexed: int = 0

    def add(self, kind: str, became: str) -> None:
        """Count a line."""
        self.counts.setdefault(kind, Counter())[became] += 1


def import_curation(
    lines: Iterable[str],
    *,
    dry_run: bool = False,
    stop: bool = False,
    progress: Callable[[int], None] | None = None,
    on_wait: Callable[[], None] | None = None,
) -> Report:
    """Make this archive say what the lines of a file do, and bring the search index up to date.

    Safe to repeat: what stands already is unchanged. A line that has no place here is named in the report and the
    others are placed; with ``stop`` the first one ends it, and nothing is kept. ``dry_run``: change nothing. Raises
    NotCuration before anything is done if the file is none of this format and version.
    """
    report = Report()
    numbered = _read(iter(lines), report)
    with one_ingest_at_a_time(on_wait):
        try:
            with transaction.atomic() if dry_run or stop else _no_transaction():
                _Import(report, stop=stop, progress=progress).run(numbered)
                if dry_run:
                    transaction.set_rollback(True)
        except _Stop:
            report.stopped = True
        if not dry_run and not report.stopped:
            report.indexed = search.index_pending()
            privacy.purge()  # words that were redacted here only now are still in the index's older files
    if not dry_run and not report.stopped:
        _apply_rules(report)
    return report


def _apply_rules(report: Report) -> None:
    """Have imported rules place the headings of this archive, in the background."""
    counts = report.counts.get("category_rule", Counter())
    if sum(counts.values()) > counts[UNCHANGED]:
        active = CategoryRule.objects.filter(retired_at=None)
        rules.apply(list(active.values_list("pattern", flat=True)), by="import")


@contextmanager
def _no_transaction() -> Iterator[None]:
    yield


# ---- reading ----------------------------------------------------------------------------------------------------


def _read(lines: Iterator[str], report: Report) -> Iterator[_Numbered]:
    """The lines of the file after its first, each an object; others are noted. Raises NotCuration."""
    try:
        head = json.loads(next(lines, ""))
    except ValueError:
        raise NotCuration("its first line is no JSON, so it is no curation file") from None
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise NotCuration(f"its first line does not say that its format is {FORMAT!r}")
    if head.get("version") != VERSION:
        raise NotCuration(f"it is of version {head.get('version')!r} of the format; this program reads {VERSION}")
    return _objects(lines, report)


def _objects(lines: Iterator[str], report: Report) -> Iterator[_Numbered]:
    met: Counter[str] = Counter()
    ended, number = False, 1
    for number, text in enumerate(lines, 2):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
        except ValueError:
            line = None
        if not isinstance(line, dict) or not isinstance(line.get("what"), str):
            yield number, {"what": ""}
        elif line["what"] == "end":
            ended = line.get("lines") == dict(met)
        else:
            met[line["what"]] += 1
            yield number, line
    if not ended:
        report.unplaced.append((number, "the file is not whole: its last line does not count the lines before it"))


# ---- placing ----------------------------------------------------------------------------------------------------


class _Import:
    """One run over a file."""

    def __init__(self, report: Report, *, stop: bool, progress: Callable[[int], None] | None) -> None:
        self._report, self._stop, self._progress = report, stop, progress
        self._names: Names | None = None
        self._gone: dict[tuple[str, str], int] = {}

    def run(self, lines: Iterator[_Numbered]) -> None:
        """Place all lines, some in a transaction."""
        load_vocabulary()
        batch: list[list[_Numbered]] = []
        size = 0
        for _, together in groupby(lines, _belongs_together):
            batch.append(list(together))
            size += len(batch[-1])
            if size >= _LINES_A_BATCH:
                self._batch(batch)
                batch, size = [], 0
        self._batch(batch)
        if self._stop and self._report.unplaced:
            raise _Stop

    def _batch(self, groups: list[list[_Numbered]]) -> None:
        placing = Placing(gone=self._gone)
        with transaction.atomic():
            for group in groups:
                kind = _BY_NAME.get(group[0][1]["what"])
                if kind and kind.rewrites:
                    self._of_one_letter(group, placing)
                else:
                    for number, line in group:
                        self._one(number, line, placing)
            mark(placing.pending)
        if self._progress:
            self._progress(sum(len(group) for group in groups))

    def _of_one_letter(self, group: list[_Numbered], placing: Placing) -> None:
        """Place lines of one letter and write it anew; if it cannot be written with them, none of them is kept."""
        before = {name: Counter(count) for name, count in self._report.counts.items()}
        try:
            with transaction.atomic():
                case = _case(group[0][1]["case"])
                anew = privacy.WrittenAnew(case) if case else None
                became = [self._one(number, line, placing) for number, line in group]
                if anew and any(one not in ("", UNCHANGED) for one in became):
                    anew.write(self._rewrite)
        except _BAD_VALUE as error:
            self._report.counts = before
            placed = [number for (number, _), one in zip(group, became, strict=True) if one]
            for number in placed:
                self._unplaced(number, f"the letter cannot be written with it: {_words(error)}")

    def _one(self, number: int, line: Line, placing: Placing) -> str:
        """Place a line; returns what became of it, "" if it has no place."""
        kind = _BY_NAME.get(line["what"])
        if kind is None:
            self._unplaced(
                number, f"nothing is known of {line['what']!r}" if line["what"] else "it is no object of JSON"
            )
            return ""
        told = {key: value for key, value in line.items() if key != "what"}
        try:
            with transaction.atomic():
                became = kind.place(told, placing)
        except _BAD_VALUE as error:
            self._unplaced(number, _words(error))
            return ""
        self._report.add(kind.name, became)
        self._report.remarks += [(number, remark) for remark in placing.remarks]
        placing.remarks.clear()
        return became

    def _unplaced(self, number: int, why: str) -> None:
        self._report.unplaced.append((number, why))
        if self._stop:
            raise _Stop

    def _rewrite(self, case: Case) -> None:
        """Write a letter anew from its text, with what is laid over it."""
        self._names = self._names or Names()
        source = case.current_source
        rewrite([(source, parse_letter(source.text))], self._names)
        LetterSource.objects.filter(pk=source.pk).update(parser_version=PARSER_VERSION)


def _case(name: Any) -> Case | None:
    """The letter of a line, locked; None if there is none, which each line says for itself."""
    try:
        found = meant(Case, name, Placing())
    except Unplaced:
        return None
    return Case.objects.select_for_update().get(pk=found.pk) if found else None


def _belongs_together(numbered: _Numbered) -> tuple[Any, ...]:
    """Lines of one letter that is written anew with them stand together; every other line stands alone."""
    number, line = numbered
    kind = _BY_NAME.get(line["what"])
    return ("letter", str(line.get("case"))) if kind and kind.rewrites else (number,)


def _words(error: BaseException) -> str:
    if isinstance(error, Unplaced):
        return str(error)
    if isinstance(error, ValidationError):
        return "; ".join(error.messages)
    return f"{type(error).__name__}: {error}".splitlines()[0]
