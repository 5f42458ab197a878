"""Reads the stored letters again with today's parser: what would change, and, if it is wanted, the change itself.

What a letter said before and after is compared as rows of the database, whatever fields their models have. Nothing is
taken away in silence: a letter that today's parser cannot place stays as it is and is named with the reason.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction

from . import search
from .ingest import one_ingest_at_a_time
from .letters import PARSER_VERSION, Letter, parse_letter
from .letters.comparison import Comparison
from .models import Case, DisputedItem, GuidelineCitation, LetterSource, ParseIssue, Reviewer
from .names import Names
from .store import rewrite, supersedes

_CASES_A_BATCH = 200  # one transaction
_CASES_AN_INDEXING = 10_000
_EXAMPLES = 3
_DECIDED = {"assigned_to", "note"}  # of an issue: what curators wrote
_READ = (DisputedItem, GuidelineCitation, ParseIssue)  # what is read of a letter beside its case's own fields

NO_FORM = "like no form that today's parser knows"
NO_NUMBER = "has lost its case number"
TAKEN_NUMBER = "has the number of another case"

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which letters are read again: by default those that another version of the parser read.

    ``since_version``: only those that this version or a later one read. ``only``: only those with an issue of one of
    these codes. ``everything``: also those that today's version read.
    """

    since_version: int = 0
    only: tuple[str, ...] = ()
    everything: bool = False


@dataclass(slots=True)
class Report:
    """What reading again did, or would do. ``kept``: letters that stay as they are, by reason, and some of each."""

    comparison: Comparison = field(default_factory=Comparison)
    kept: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    indexed: int = 0
    seconds: float = 0.0

    def keep(self, case: Case, reason: str) -> None:
        """Note a letter that stays as it is."""
        self.kept[reason] += 1
        if self.kept[reason] <= _EXAMPLES:
            self.examples.setdefault(reason, []).append(case.name)


def reread(
    choice: Choice | None = None,
    *,
    apply: bool = False,
    progress: Progress | None = None,
    on_wait: Callable[[], None] | None = None,
) -> Report:
    """Read stored letters again and say what changes; with ``apply`` write it and bring the index up to date.

    Each batch is one transaction that also notes the parser's version, so that a run that was stopped anywhere leaves
    a consistent archive, and the next one goes on where it ended. ``progress`` is called with the number of cases done;
    ``on_wait`` if an ingest has to finish first.
    """
    started = time.monotonic()
    report = Report()
    waiting = 0
    with one_ingest_at_a_time(on_wait):
        for case_ids in _batches(choice or Choice()):
            waiting += _reread_batch(case_ids, report, apply=apply)
            if progress:
                progress(len(case_ids))
            if waiting >= _CASES_AN_INDEXING:
                report.indexed += search.index_pending()
                waiting = 0
        if apply:
            report.indexed += search.index_pending()
    report.seconds = time.monotonic() - started
    return report


def chosen(choice: Choice) -> models.QuerySet[LetterSource]:
    """The current letters that are to be read again."""
    sources = LetterSource.objects.filter(status=LetterSource.Status.CURRENT, parser_version__gte=choice.since_version)
    if not choice.everything:
        sources = sources.exclude(parser_version=PARSER_VERSION)
    if choice.only:
        sources = sources.filter(case__in=Case.objects.filter(issues__code__in=choice.only))
    return sources


def unknown_codes(codes: Iterable[str]) -> list[str]:
    """Those of ``codes`` that no stored letter has an issue of."""
    return [code for code in codes if not ParseIssue.objects.filter(code=code).exists()]


def _batches(choice: Choice) -> Iterator[list[int]]:
    """The ids of the cases, some at a time; each batch is asked for when the one before it is done."""
    ids = chosen(choice).order_by("case_id").values_list("case_id", flat=True)
    last = 0
    while batch := list(ids.filter(case_id__gt=last)[:_CASES_A_BATCH]):
        yield batch
        last = batch[-1]


# ---- one batch ------------------------------------------------------------------------------------------------


def _reread_batch(case_ids: list[int], report: Report, *, apply: bool) -> int:
    """Compare, and with ``apply`` write, the cases ``case_ids``; returns how many were written."""
    with transaction.atomic():
        readings = list(_placed(_current_readings(case_ids), report))
        ids = [source.case_id for source, _ in readings]
        before = snapshot(ids)
        # Written on trial: only so are the rows what they would be, whatever fields they have.
        trial = transaction.savepoint()
        rewrite(readings, Names())
        after = snapshot(ids)
        transaction.savepoint_rollback(trial)
        changed = {
            source.case_id
            for source, _ in readings
            if report.comparison.add(source.case.name, before[source.case_id], after[source.case_id])
        }
        if not apply:
            return 0
        _make_current(source for source, _ in readings)
        if changed:
            # New names: those of the trial remember rows that are gone.
            rewrite([(source, letter) for source, letter in readings if source.case_id in changed], Names())
        LetterSource.objects.filter(case__in=ids).update(parser_version=PARSER_VERSION)
    return len(changed)


def _current_readings(case_ids: list[int]) -> Iterator[tuple[LetterSource, Letter]]:
    """For each case the version that is current by today's reading of all its versions, with that reading."""
    versions: dict[int, list[LetterSource]] = {}
    sources = LetterSource.objects.filter(case__in=case_ids).select_related("case").prefetch_related("case__redactions")
    for source in sources.order_by("case_id", "version"):
        versions.setdefault(source.case_id, []).append(source)
    for of_case in versions.values():
        readings = [(source, parse_letter(source.text)) for source in of_case]
        current = readings[0]
        for reading in readings[1:]:
            day = current[1].dates.decision
            if supersedes(reading[1], day.value if day else None, amended=current[1].amended is not None):
                current = reading
        yield current


def _placed(readings: Iterable[tuple[LetterSource, Letter]], report: Report) -> Iterator[tuple[LetterSource, Letter]]:
    """The readings that belong to the case that they are stored with; the others are noted as kept."""
    readings = list(readings)
    numbers = {source.case_id: letter.case_number.value for source, letter in readings if letter.case_number}
    taken = dict(Case.objects.filter(number__in=numbers.values()).values_list("number", "id"))
    for source, letter in readings:
        number = numbers.get(source.case_id)
        if letter.format == "unknown":
            report.keep(source.case, NO_FORM)
        elif number is None and source.case.number:
            report.keep(source.case, NO_NUMBER)
        elif number and taken.setdefault(number, source.case_id) != source.case_id:
            report.keep(source.case, TAKEN_NUMBER)
        else:
            yield source, letter


def _make_current(sources: Iterable[LetterSource]) -> None:
    """Make versions current that were not."""
    for source in sources:
        if source.status != LetterSource.Status.CURRENT:
            LetterSource.objects.filter(case=source.case_id).update(status=LetterSource.Status.SUPERSEDED)
            LetterSource.objects.filter(pk=source.pk).update(status=LetterSource.Status.CURRENT)


# ---- what is stored of a letter, as plain data ----------------------------------------------------------------


def snapshot(case_ids: list[int]) -> dict[int, dict[str, Any]]:
    """All that was read of cases, by id: their fields, and below them the rows that go when they go."""
    rows = _rows(Case, "pk", case_ids)
    return {case_id: found[0] for case_id, found in rows.items()}


def _rows(model: type[models.Model], link: str, parents: list[int]) -> dict[int, list[dict[str, Any]]]:
    """The rows of ``model`` whose field ``link`` is one of ``parents``, by that parent, in the model's order.

    A row is its fields that were read (not its keys, times and marks), and the rows of the models that belong to it.
    """
    read = [one for one in model._meta.concrete_fields if _was_read(one, link)]
    named = [one.name for one in read if one.is_relation]
    queryset = model._default_manager.filter(**{f"{link}__in": parents}).select_related(*named)
    if any(one.related_model is Reviewer for one in read):
        queryset = queryset.prefetch_related("reviewer__credentials__wording")
    found: dict[int, list[dict[str, Any]]] = {}
    by_id: dict[int, dict[str, Any]] = {}
    for row in queryset:
        data = {one.name: one.value_from_object(row) for one in read if not one.is_relation}
        # What a row points to goes by the name that people know: an item's "category", whatever it is filed under.
        data |= {str(one.verbose_name): _named(getattr(row, one.name)) for one in read if one.is_relation}
        by_id[row.pk] = data
        parent = row.pk if link == "pk" else getattr(row, f"{link}_id")
        found.setdefault(parent, []).append(data)
    for relation in model._meta.related_objects:
        if relation.related_model in _READ:
            below = _rows(relation.related_model, relation.field.name, list(by_id))
            for row_id, data in by_id.items():
                data[str(relation.get_accessor_name())] = below.get(row_id, [])
    return found


def _was_read(one: models.Field, link: str) -> bool:
    if one.name in _DECIDED:
        return False
    return one.editable and not one.primary_key and one.name != link and one.related_model not in (Case, LetterSource)


def _named(record: models.Model | None) -> str:
    """A record that a row points to, by what it is called; a credential profile by what it says."""
    if isinstance(record, Reviewer):
        return "; ".join([*sorted(map(str, record.credentials.all())), *record.licensed_states])
    return str(record) if record else ""
