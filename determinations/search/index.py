"""Writing the index: taking in what changed, rebuilding it beside the live one, holding it against the database.

One process writes at a time; the others wait.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import tantivy
from django.db import connection, transaction
from django.db.models import Count, Max, Sum

from ..models import Archive, Case, DisputedItem
from . import generations
from .building import encoded, encoded_by_processes
from .counting import highest_block
from .errors import SearchError, SearchUnavailable, engine_errors
from .generations import Generation
from .schema import SCHEMA_VERSION
from .slots import MOST_DECISIONS, Slots

logger = logging.getLogger(__name__)

_HEAP_BYTES = 96_000_000
_HEAP_BYTES_OF_REBUILD = 256_000_000
_WORTH_PROCESSES = 20_000  # cases
_CASES_A_READ = 400
_CASES_A_COMMIT = 20_000

Progress = Callable[[int], None]


@contextmanager
def writing() -> Iterator[None]:
    """Be the one writer; waits while another process writes."""
    generations.folder().mkdir(parents=True, exist_ok=True)
    with (generations.folder() / "writer.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class _Writer:
    """Writes into one generation. After a failed commit the engine's writer is dead and so is this one."""

    def __init__(self, path: Path, heap_bytes: int = _HEAP_BYTES) -> None:
        self._index = generations.open_index(path)
        with engine_errors():
            self._slots = Slots(last=highest_block(self._index.searcher()))
            self._writer = self._index.writer(heap_size=heap_bytes, num_threads=1)
        self.added = 0  # documents

    def replace(self, case_ids: list[int]) -> None:
        """Delete what the index holds of ``case_ids`` and add what the database does (delete acts on earlier ones)."""
        with engine_errors():
            for case_id in case_ids:
                self._writer.delete_documents_by_term("case", str(case_id))
        self.add(case_ids)

    def add(self, case_ids: list[int]) -> None:
        """Add the decisions of cases that the index does not hold."""
        for start in range(0, len(case_ids), _CASES_A_READ):
            self.add_encoded(encoded(case_ids[start : start + _CASES_A_READ]))

    def add_encoded(self, letters: list[list[str]]) -> None:
        """Add decisions by their documents, a list for each letter."""
        for letter in letters:
            slot = ""
            if len(letter) > 1:
                block, weight = self._slots.give(min(len(letter), MOST_DECISIONS))
                slot = f', "block": {block}, "weight": {weight}'
            for document in letter:
                with engine_errors():
                    self._writer.add_json(f"{document[:-1]}{slot}}}")
                self.added += 1

    def commit(self) -> None:
        with engine_errors():
            self._writer.commit()

    def close(self) -> None:
        with engine_errors():
            self._writer.wait_merging_threads()


def _usable() -> Generation | None:
    """The live generation if it is this archive's and of today's schema."""
    generation = generations.live()
    if generation is None or generation.schema_version != SCHEMA_VERSION or generation.archive != Archive.identity():
        return None
    return generation


def index_pending(progress: Progress | None = None) -> int:
    """Bring every case that awaits it into the live index; returns how many. Builds the index if there is none.

    What a crash leaves out stays pending and is taken in by the next call.
    """
    with writing():
        total = 0
        generation = _usable()
        if generation is None:
            total, generation = _rebuild(progress)
        return total + _index_pending(generation, progress)


def rebuild(progress: Progress | None = None) -> int:
    """Build the whole index anew beside the live one and swap it in when it is complete; returns the cases."""
    with writing():
        total, generation = _rebuild(progress)
        return total + _index_pending(generation, progress)


def sync(progress: Progress | None = None) -> int:
    """Make the index hold what the database does: rebuilt if it is missing, another archive's or out of step."""
    try:
        total = index_pending(progress)
        if _holds_the_database(generations.snapshot().searcher):
            return total
        logger.warning("The search index is out of step with the database and is being rebuilt")
    except (SearchError, SearchUnavailable):
        logger.warning("The search index cannot be read and is being rebuilt", exc_info=True)
    return rebuild(progress)


def _holds_the_database(snapshot: tantivy.Searcher) -> bool:
    """Whether index and database have the same decisions, as far as number, sum and highest of their ids tell.

    Ids are never given twice, so that also a database restored from a copy is told from the one that was indexed.
    """
    rows = DisputedItem.objects.aggregate(Count("id"), Sum("id"), Max("id"))
    with engine_errors():
        stats = snapshot.aggregate(tantivy.Query.all_query(), {"item": {"stats": {"field": "item"}}})["item"]
    return [int(stats[name] or 0) for name in ("count", "sum", "max")] == [value or 0 for value in rows.values()]


def _index_pending(generation: Generation, progress: Progress | None) -> int:
    total = 0
    writer: _Writer | None = None
    pending = Case.objects.awaiting_index().order_by("id").values_list("id", "updated_at")
    while stamps := dict(pending[:_CASES_A_COMMIT]):
        writer = writer or _Writer(generation.path)
        writer.replace(list(stamps))
        writer.commit()
        _settle(stamps)
        total += len(stamps)
        if progress:
            progress(len(stamps))
    if writer:
        writer.close()
    return total


def _settle(stamps: dict[int, datetime]) -> None:
    """Cases that were indexed as they stood at ``stamps`` (id -> updated_at) are no longer pending."""
    ids = list(stamps)
    for start in range(0, len(ids), _CASES_A_COMMIT):
        with transaction.atomic():
            rows = Case.objects.awaiting_index().filter(id__in=ids[start : start + _CASES_A_COMMIT])
            now = rows.order_by("id").select_for_update().values_list("id", "updated_at")
            unchanged = [pk for pk, updated_at in now if updated_at == stamps[pk]]
            Case.objects.filter(id__in=unchanged).update(index_pending=False)


def _rebuild(progress: Progress | None) -> tuple[int, Generation]:
    generation = Generation(uuid.uuid4().hex, SCHEMA_VERSION, Archive.identity())
    generation.path.mkdir(parents=True)
    pending: dict[int, datetime] = {}
    try:
        total = _build(generation, pending, progress)
    except BaseException:
        shutil.rmtree(generation.path, ignore_errors=True)
        raise
    generations.make_live(generation)
    # What changed after it was read stays pending, whenever its change began.
    _settle(pending)
    for folder in generations.folder().iterdir():
        if folder.is_dir() and folder.name != generation.name:
            shutil.rmtree(folder, ignore_errors=True)  # a reader that has it open keeps what it needs
    return total, generation


def _build(generation: Generation, pending: dict[int, datetime], progress: Progress | None) -> int:
    """Write the whole archive into a generation; ``pending`` gets the cases that awaited it, as they were read."""
    writer = _Writer(generation.path, _HEAP_BYTES_OF_REBUILD)
    total = 0
    for batch in encoded_by_processes(_batches(pending), _jobs()):
        writer.add_encoded(batch)
        total += len(batch)
        if progress:
            progress(len(batch))
    writer.commit()
    writer.close()
    # An index that lost decisions must not go live; the engine can drop documents without saying so.
    built = int(generations.open_index(generation.path).searcher().num_docs)
    if built != writer.added:
        raise SearchError(f"the rebuilt index holds {built} decisions, {writer.added} were given to it")
    return total


def _batches(pending: dict[int, datetime]) -> Iterator[list[int]]:
    """The ids of all cases; ``pending`` gets those that await the index, as they stand before they are read."""
    cases = Case.objects.order_by("id").values_list("id", "updated_at", "index_pending")
    last = 0
    while rows := list(cases.filter(id__gt=last)[:_CASES_A_READ]):
        pending.update((pk, updated_at) for pk, updated_at, awaits in rows if awaits)
        last = rows[-1][0]
        yield [pk for pk, _, _ in rows]


def _jobs() -> int:
    """How many processes a rebuild is worth: one a processor, if there are many letters and all are committed."""
    many = Case.objects.order_by("id")[_WORTH_PROCESSES : _WORTH_PROCESSES + 1].exists()
    return (os.cpu_count() or 1) if many and not connection.in_atomic_block else 1
