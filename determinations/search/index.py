"""Writing the index: taking in what changed, rebuilding it beside the live one, holding it against the database.

One process writes at a time; the others wait.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import shutil
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import tantivy
from django.db import connection, transaction
from django.db.models import Count, Sum
from django.utils import timezone

from ..models import Archive, Case, DisputedItem, Redaction, Withholding
from . import generations, own_keys
from .building import Encoded, encoded, encoded_by_processes
from .errors import NoSpace, SearchBusy, SearchError, SearchUnavailable, engine_errors
from .files import DamagedFiles
from .generations import Generation
from .masks import slot
from .matching import keep
from .rows import RowWriter
from .schema import SCHEMA_VERSION

logger = logging.getLogger(__name__)

_HEAP_BYTES = 96_000_000
_HEAP_BYTES_OF_REBUILD = 256_000_000
_WORTH_PROCESSES = 20_000  # cases
_CASES_A_READ = 400
_CASES_A_COMMIT = 20_000

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who is told how the writing goes.

    ``begin`` is called with how many letters are to be indexed and why all of them are, if they are; ``advance`` with
    how many more are done; ``wait`` if another process has to finish first.
    """

    begin: Callable[[int, str], None] = lambda _letters, _why: None
    advance: Progress = lambda _letters: None
    wait: Callable[[], None] = lambda: None


NOBODY = Watcher()


@contextmanager
def writing(on_wait: Callable[[], None] | None = None) -> Iterator[None]:
    """Be the one writer; waits while another process writes, after calling ``on_wait``.

    What a killed rebuild left behind is removed: with the lock held, no other one can be at work.
    """
    generations.folder().mkdir(parents=True, exist_ok=True)
    with (generations.folder() / "writer.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if on_wait:
                on_wait()
            fcntl.flock(lock, fcntl.LOCK_EX)
        generations.remove_leftovers()
        yield


class _Writer:
    """Writes into one generation. After a failed commit the engine's writer is dead and so is this one."""

    def __init__(self, path: Path, heap_bytes: int = _HEAP_BYTES) -> None:
        self._index = generations.open_index(path)
        with engine_errors():
            try:
                self._rows = RowWriter(path)
                self._own = own_keys.read(path)
            except DamagedFiles as error:
                raise SearchError(f"the search index is damaged: {error}") from error
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
            self.add_encoded(encoded(case_ids[start : start + _CASES_A_READ], self._own))

    def add_encoded(self, letters: list[list[Encoded]]) -> None:
        """Add decisions, a list for each letter."""
        for letter in letters:
            for one in letter:
                with engine_errors():
                    place = slot(self._rows.append(one.values, one.letter, one.day))
                    self._writer.add_json(f"{one.document[:-1]}, {json.dumps(place)[1:]}")
                self.added += 1

    def commit(self) -> None:
        with engine_errors():
            self._rows.flush()
            self._writer.commit()

    def close(self) -> None:
        with engine_errors():
            self._writer.wait_merging_threads()


def usable() -> Generation | None:
    """The live generation if it is this archive's and of today's schema."""
    generation = generations.live()
    if generation is None or generation.schema_version != SCHEMA_VERSION or generation.archive != Archive.identity():
        return None
    return generation


def index_pending(
    progress: Progress | None = None,
    *,
    build: bool = True,
    only: Collection[int] | None = None,
    most: int | None = None,
    wait: bool = True,
) -> int:
    """Bring the cases that await it into the live index; returns how many. Builds the index if there is none.

    ``only``: of these ids; ``most``: at most so many. What is left out, also by a crash, stays pending and is taken in
    by the next call. Raises SearchError; SearchUnavailable instead of building with ``build=False``, and SearchBusy
    instead of waiting for another writer with ``wait=False``, for those who cannot wait so long.
    """
    with writing(None if wait else _busy):
        total = 0
        generation = usable()
        if generation is None:
            if not build:
                raise SearchUnavailable("The search index has not been built yet; manage.py sync_index builds it.")
            total, generation = _rebuild(progress)
        return total + _index_pending(generation, progress, only, most)


def _busy() -> None:
    raise SearchBusy("Another process is writing the search index.")


def rebuild(progress: Progress | None = None, watcher: Watcher = NOBODY) -> int:
    """Build the whole index anew beside the live one and swap it in when it is complete; returns the cases.

    Raises SearchError; whatever happens, the live index stays as it was until the new one is complete.
    """
    progress = progress or watcher.advance
    with writing(watcher.wait):
        watcher.begin(Case.objects.count(), "")
        total, generation = _rebuild(progress)
        return total + _index_pending(generation, progress)


def sync(watcher: Watcher = NOBODY) -> int:
    """Make the index hold what the database does; returns how many cases were indexed. Raises SearchError.

    Rebuilt if it is missing, damaged (every checksum is compared), another archive's or out of step.
    """
    with writing(watcher.wait):
        total, why = _without_rebuilding(watcher)
        if not why:
            return total
        logger.warning("The search index is being rebuilt: %s", why)
        watcher.begin(Case.objects.count(), why)
        total, generation = _rebuild(watcher.advance)
        return total + _index_pending(generation, watcher.advance)


def _without_rebuilding(watcher: Watcher) -> tuple[int, str]:
    """Index what awaits it; returns how many cases that were, and why the index has to be rebuilt all the same."""
    generation = usable()
    if generation is None:
        return 0, "there is none of this archive that this version can read"
    try:
        generations.verify(generation.path)
        watcher.begin(Case.objects.awaiting_index().count(), "")
        total = _index_pending(generation, watcher.advance)
        whole = _holds_the_database(generations.snapshot().searcher)
    except NoSpace:
        raise
    except (SearchError, SearchUnavailable, DamagedFiles, OSError) as error:
        return 0, f"it is damaged: {error}"
    return total, "" if whole else "it is out of step with the database"


def _holds_the_database(snapshot: tantivy.Searcher) -> bool:
    """Whether index and database have the same decisions, as far as number, sum and highest of their ids tell.

    Ids are never given twice, so that also a database restored from a copy is told from the one that was indexed.
    What is stored meanwhile makes them differ too, and awaits indexing. checking.py tells everything.
    """
    numbers = {"count": Count("id"), "sum": Sum("id")}
    # Withheld decisions are few: they are taken from the numbers of all, which need no look at each one's letter.
    rows, withheld = (
        {name: value or 0 for name, value in found.aggregate(**numbers).items()}
        for found in (DisputedItem.objects.order_by(), DisputedItem.objects.order_by().filter(case__withheld=True))
    )
    stored = {name: rows[name] - withheld[name] for name in numbers}
    stored["max"] = DisputedItem.objects.public().order_by("-id").values_list("id", flat=True).first() or 0
    with engine_errors():
        stats = snapshot.aggregate(tantivy.Query.all_query(), {"item": {"stats": {"field": "item"}}})["item"]
    same = {name: int(stats[name] or 0) for name in stored} == stored
    return same or Case.objects.awaiting_index().exists()


def words_remain() -> bool:
    """Whether files of the live index may still hold words that were withheld or redacted since it was built.

    No search finds them and nobody is given them, but the engine strikes out what is deleted and takes it from its
    files only when it joins them; a rebuilt index has never held them.
    """
    generation = usable()
    if generation is None:
        return False
    since = {"lifted_at": None} | ({"made_at__gt": generation.begun} if generation.begun else {})
    return any(model.objects.filter(**since).exists() for model in (Withholding, Redaction))


def discard(case_ids: list[int]) -> None:
    """Delete what the live index holds of cases that the database no longer has. Raises SearchError."""
    with writing():
        if case_ids and (generation := usable()):
            writer = _Writer(generation.path)
            writer.replace(case_ids)
            writer.commit()
            writer.close()


def _index_pending(
    generation: Generation,
    progress: Progress | None,
    only: Collection[int] | None = None,
    most: int | None = None,
) -> int:
    total = 0
    writer: _Writer | None = None
    pending = Case.objects.awaiting_index().order_by("id").values_list("id", "updated_at")
    if only is not None:
        pending = pending.filter(id__in=only)
    while stamps := dict(pending[: min(_CASES_A_COMMIT, _CASES_A_COMMIT if most is None else most - total)]):
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
    generation = Generation(uuid.uuid4().hex, SCHEMA_VERSION, Archive.identity(), timezone.now().isoformat())
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
    generations.remove_leftovers()
    return total, generation


def wordings_with_keys() -> frozenset[int]:
    """The wordings of guidelines that the live index has keys for; none while it is not one of this archive."""
    generation = usable()
    try:
        return own_keys.read(generation.path) if generation else frozenset()
    except (DamagedFiles, OSError):  # it is rebuilt from what the database says by then
        return frozenset()


def _build(generation: Generation, pending: dict[int, datetime], progress: Progress | None) -> int:
    """Write the whole archive into a generation; ``pending`` gets the cases that awaited it, as they were read."""
    own = own_keys.choose(wordings_with_keys())
    own_keys.write(generation.path, own)
    writer = _Writer(generation.path, _HEAP_BYTES_OF_REBUILD)
    total = 0
    for batch in encoded_by_processes(_batches(pending), own, _jobs()):
        writer.add_encoded(batch)
        total += len(batch)
        if progress:
            progress(len(batch))
    writer.commit()
    writer.close()
    # An index that lost decisions must not go live; the engine can drop documents without saying so.
    searcher = generations.open_index(generation.path).searcher()
    if searcher.num_docs != writer.added:
        raise SearchError(f"the rebuilt index holds {searcher.num_docs} decisions, {writer.added} were given to it")
    with engine_errors():
        keep(generation.path, searcher, writer.added)
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
