"""The index on disk: opening it, writing to it, rebuilding it beside the live one.

An index is a folder of its own ("generation") below SEARCH_INDEX_DIR. The file ``current.json`` names the one that
is live, with the schema version and the archive it belongs to; it is replaced in one step when a generation is
complete. Any number of processes read; one at a time writes.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import tantivy
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Sum

from ..models import Archive, Case, DisputedItem
from .schema import SCHEMA_VERSION, TOKENIZER, analyzer, documents, schema

logger = logging.getLogger(__name__)

_HEAP_BYTES = 96_000_000
_CASES_A_READ = 400
_CASES_A_COMMIT = 20_000

Progress = Callable[[int], None]


class SearchUnavailable(Exception):
    """There is no index that can be searched (yet); the message is a sentence for the operator."""


class SearchError(Exception):
    """The engine failed on this search; the index itself is usable."""


@contextmanager
def engine_errors() -> Iterator[None]:
    """Turn the engine's panics, which are no ``Exception``, and its value errors into SearchError."""
    try:
        yield
    except ValueError as error:
        raise SearchError(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        logger.exception("The search engine panicked")
        raise SearchError("the search engine failed on this query") from error


# ---- generations ----------------------------------------------------------------------------------------------


def _folder() -> Path:
    return Path(settings.SEARCH_INDEX_DIR)


def _pointer() -> Path:
    return _folder() / "current.json"


@dataclass(frozen=True, slots=True)
class _Generation:
    """What ``current.json`` says."""

    name: str
    schema_version: int
    archive: str

    @property
    def path(self) -> Path:
        return _folder() / self.name


def _live() -> _Generation | None:
    try:
        data = json.loads(_pointer().read_text(encoding="utf-8"))
        generation = _Generation(data["generation"], data["schema_version"], data["archive"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        logger.warning("%s is damaged; the index will be rebuilt", _pointer())
        return None
    return generation if generation.path.is_dir() else None


def _make_live(generation: _Generation) -> None:
    content = {
        "generation": generation.name,
        "schema_version": generation.schema_version,
        "archive": generation.archive,
    }
    temporary = _pointer().with_suffix(".tmp")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(_pointer())


def _open(path: Path) -> tantivy.Index:
    with engine_errors():
        index = tantivy.Index(schema(), path=str(path))
        index.register_tokenizer(TOKENIZER, analyzer())
        return index


# ---- reading --------------------------------------------------------------------------------------------------

_opened: dict[str, tantivy.Index] = {}
_opening = threading.Lock()


def searcher() -> tantivy.Searcher:
    """A snapshot of the live index, with everything committed so far. Raises SearchUnavailable without one."""
    generation = _live()
    if generation is None or generation.schema_version != SCHEMA_VERSION:
        raise SearchUnavailable("The search index has not been built yet.")
    try:
        index = _index_at(generation.path)
        with engine_errors():
            index.reload()
            return index.searcher()
    except SearchError as error:
        raise SearchUnavailable("The search index cannot be read; it has to be rebuilt.") from error


def _index_at(path: Path) -> tantivy.Index:
    """The index in a folder, opened once a process."""
    with _opening:
        if str(path) not in _opened:
            index = _open(path)
            _opened.clear()
            _opened[str(path)] = index
        return _opened[str(path)]


def live_files() -> tuple[Path, Path]:
    """The files that change with every swap and every commit of the live index. Raises SearchUnavailable without."""
    generation = _live()
    if generation is None or generation.schema_version != SCHEMA_VERSION:
        raise SearchUnavailable("The search index has not been built yet.")
    return _pointer(), generation.path / "meta.json"


# ---- writing --------------------------------------------------------------------------------------------------


@contextmanager
def writing() -> Iterator[None]:
    """Be the one writer; waits while another process writes."""
    _folder().mkdir(parents=True, exist_ok=True)
    with (_folder() / "writer.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class _Writer:
    """Writes into one generation. After a failed commit the engine's writer is dead and so is this one."""

    def __init__(self, path: Path) -> None:
        self._index = _open(path)
        with engine_errors():
            self._writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
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
            for document in documents(case_ids[start : start + _CASES_A_READ]):
                with engine_errors():
                    self._writer.add_document(document)
                self.added += 1

    def commit(self) -> None:
        with engine_errors():
            self._writer.commit()

    def close(self) -> None:
        with engine_errors():
            self._writer.wait_merging_threads()


def _usable() -> _Generation | None:
    """The live generation if it is this archive's and of today's schema."""
    generation = _live()
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
        if _holds_the_database(searcher()):
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


def _index_pending(generation: _Generation, progress: Progress | None) -> int:
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


def _rebuild(progress: Progress | None) -> tuple[int, _Generation]:
    generation = _Generation(uuid.uuid4().hex, SCHEMA_VERSION, Archive.identity())
    generation.path.mkdir(parents=True)
    pending: dict[int, datetime] = {}
    try:
        total = _build(generation, pending, progress)
    except BaseException:
        shutil.rmtree(generation.path, ignore_errors=True)
        raise
    _make_live(generation)
    # What changed after it was read stays pending, whenever its change began.
    _settle(pending)
    for folder in _folder().iterdir():
        if folder.is_dir() and folder.name != generation.name:
            shutil.rmtree(folder, ignore_errors=True)  # a reader that has it open keeps what it needs
    return total, generation


def _build(generation: _Generation, pending: dict[int, datetime], progress: Progress | None) -> int:
    """Write the whole archive into a generation; ``pending`` gets the cases that awaited it, as they were read."""
    writer = _Writer(generation.path)
    total = last = 0
    cases = Case.objects.order_by("id").values_list("id", "updated_at", "index_pending")
    while rows := list(cases.filter(id__gt=last)[:_CASES_A_READ]):
        pending.update((pk, updated_at) for pk, updated_at, awaits in rows if awaits)
        writer.add([pk for pk, _, _ in rows])
        last = rows[-1][0]
        total += len(rows)
        if progress:
            progress(len(rows))
    writer.commit()
    writer.close()
    # An index that lost decisions must not go live; the engine can drop documents without saying so.
    built = int(_open(generation.path).searcher().num_docs)
    if built != writer.added:
        raise SearchError(f"the rebuilt index holds {built} decisions, {writer.added} were given to it")
    return total
