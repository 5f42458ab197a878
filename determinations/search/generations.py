"""The index on disk: which one is live, and opening it.

An index is a folder of its own ("generation") below SEARCH_INDEX_DIR. The file ``current.json`` names the one that
is live, with the schema version and the archive it belongs to; it is replaced in one step when a generation is
complete. Any number of processes read; one at a time writes (index.py).
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import tantivy
from django.conf import settings

from . import files, own_keys, rows
from .errors import SearchError, SearchUnavailable, engine_errors
from .kept import Kept
from .rows import RowFiles, Rows
from .schema import SCHEMA_VERSION, TOKENIZER, analyzer, schema

logger = logging.getLogger(__name__)


def folder() -> Path:
    """Where the generations lie."""
    return Path(settings.SEARCH_INDEX_DIR)


def _pointer() -> Path:
    return folder() / "current.json"


@dataclass(frozen=True, slots=True)
class Generation:
    """What ``current.json`` says."""

    name: str
    schema_version: int
    archive: str
    begun: str = ""  # when it was begun to be built (ISO 8601); "" if an earlier version did

    @property
    def path(self) -> Path:
        return folder() / self.name


def live() -> Generation | None:
    """The generation that is searched, None if there is none."""
    try:
        data = json.loads(_pointer().read_text(encoding="utf-8"))
        generation = Generation(data["generation"], data["schema_version"], data["archive"], data.get("begun", ""))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        _complain(str(_pointer()), "it cannot be read")
        return None
    return generation if generation.path.is_dir() else None


def make_live(generation: Generation) -> None:
    """From now on ``generation`` is searched."""
    content = {
        "generation": generation.name,
        "schema_version": generation.schema_version,
        "archive": generation.archive,
        "begun": generation.begun,
    }
    temporary = _pointer().with_suffix(".tmp")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(_pointer())
    descriptor = os.open(folder(), os.O_RDONLY)
    try:
        os.fsync(descriptor)  # the new name outlasts a loss of power
    finally:
        os.close(descriptor)


def remove_leftovers() -> None:
    """Remove every generation but the live one: what is replaced, and what a killed rebuild left behind.

    Only for the one who holds the writer's lock (index.py): nobody else builds one then. A reader that has a removed
    one open keeps what it needs.
    """
    generation = live()
    for path in folder().iterdir():
        if path.is_dir() and (generation is None or path.name != generation.name):
            shutil.rmtree(path, ignore_errors=True)


def open_index(path: Path, *, create: bool = True) -> tantivy.Index:
    """The index in a folder; an empty folder becomes an empty index, or with ``create=False`` a SearchError."""
    with engine_errors():
        index = tantivy.Index(schema(), path=str(path)) if create else tantivy.Index.open(str(path))
        index.register_tokenizer(TOKENIZER, analyzer())
        return index


# ---- reading --------------------------------------------------------------------------------------------------

_SECONDS_BETWEEN_LOOKS = 1.0  # at the sizes of the files
_MOST_SWAPS = 5  # during one call; each is a rebuild


@dataclass(slots=True)
class _Opened:
    """The generation that this process has open, and its files as they stood when they were first seen."""

    generation: Generation
    path: Path  # a copy of it may lie in another folder
    index: tantivy.Index
    sizes: dict[str, int]
    rows: RowFiles
    kept: Kept
    own: frozenset[int]
    seen: Snapshot | None = None
    committed: int = -1
    looked: float = field(default_factory=time.monotonic)


_opened: _Opened | None = None
_opening = threading.Lock()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The index as it stood at one moment; ``version`` is another after every commit.

    ``own``: the wordings of guidelines that it has keys for.
    """

    searcher: tantivy.Searcher
    version: tuple[str, int]
    rows: Rows
    kept: Kept
    own: frozenset[int]


def snapshot() -> Snapshot:
    """The live index, with everything committed so far. Raises SearchUnavailable without one that can be read.

    Nothing is built here: that is for the commands, which the log and the message name.
    """
    for _ in range(_MOST_SWAPS):
        generation = live()
        if generation is None and (swapped := live()) is not None:
            generation = swapped  # replaced between the reading of its name and the look at its folder
        if generation is None or generation.schema_version != SCHEMA_VERSION:
            raise SearchUnavailable("The search index has not been built yet; manage.py sync_index builds it.")
        try:
            return _snapshot(generation)
        except (SearchError, files.DamagedFiles, OSError) as error:
            if live() == generation:
                _complain(generation.name, error)
                raise SearchUnavailable("The search index is damaged; manage.py sync_index rebuilds it.") from error
    raise SearchUnavailable("The search index is being replaced.")


def _snapshot(generation: Generation) -> Snapshot:
    if generation.name in _damaged:
        raise files.DamagedFiles(_damaged[generation.name])
    opened = _open(generation)
    # Asked before reloading: what is remembered of a version may then be newer than its name says, never older.
    committed = (generation.path / files.META).stat().st_mtime_ns
    _look_at_sizes(opened, committed)
    version = generation.name, committed
    if opened.seen is None or opened.seen.version != version:
        with engine_errors():
            opened.index.reload()
            searcher = opened.index.searcher()
            last = searcher.aggregate(tantivy.Query.all_query(), {"row": {"max": {"field": "row"}}})["row"]["value"]
        # Opened after the engine's files: the rows of all that is committed are there.
        view = opened.rows.view(0 if last is None else int(last) + 1)
        opened.seen = Snapshot(searcher, version, view, opened.kept, opened.own)
    return opened.seen


def _open(generation: Generation) -> _Opened:
    """The generation, opened once a process."""
    global _opened
    with _opening:
        path = generation.path
        if _opened is None or (_opened.generation, _opened.path) != (generation, path):
            sizes = files.sizes(path)  # the engine does not see that the positions of words are gone
            index = open_index(path, create=False)
            _opened = _Opened(generation, path, index, sizes, RowFiles(path), Kept(path), own_keys.read(path))
        return _opened


def _look_at_sizes(opened: _Opened, committed: int) -> None:
    """Raise DamagedFiles if a file has another size than it had: reading it would end this process.

    A file of the index never changes once it is committed. One that is gone is no harm to those who have it open.
    """
    now = time.monotonic()
    folder = opened.generation.path
    if committed != opened.committed:
        sizes = files.sizes(folder)
        opened.sizes = {name: opened.sizes.get(name, size) for name, size in sizes.items()}
        opened.committed = committed
    elif now - opened.looked < _SECONDS_BETWEEN_LOOKS:
        return
    opened.looked = now
    try:
        opened.rows.look()
        opened.kept.look()
    except files.DamagedFiles as error:
        _damaged[folder.name] = str(error)
        raise
    for name, size in opened.sizes.items():
        try:
            if (folder / name).stat().st_size != size:
                _damaged[folder.name] = f"{name} has changed its size"
                raise files.DamagedFiles(_damaged[folder.name])
        except FileNotFoundError:
            continue


# ---- damage ---------------------------------------------------------------------------------------------------

_damaged: dict[str, str] = {}  # generation -> what is wrong with it, once that is known
_suspected: set[tuple[str, int]] = set()  # versions of the index whose checksums were compared
_complained: set[str] = set()


def verify(path: Path) -> None:
    """Read every file of a generation and compare its checksum. Raises DamagedFiles; OSError if it cannot read.

    For the one who holds the writer's lock, or one who looks again if files were replaced meanwhile.
    """
    files.verify(path)
    rows.verify(path)
    Kept(path).verify()
    own_keys.verify(path)


def suspect(version: tuple[str, int]) -> None:
    """The engine failed on a search of this version: its files may be damaged. They are looked at once, in a thread."""
    with _opening:
        if version in _suspected:
            return
        _suspected.add(version)
    threading.Thread(target=_compare_checksums, args=(version,), name="search-checksums", daemon=True).start()


def _compare_checksums(version: tuple[str, int]) -> None:
    path = folder() / version[0]
    try:
        verify(path)
    except files.DamagedFiles as error:
        if _committed(path) == version[1]:  # else files were replaced while they were read
            _complain(version[0], error)
            _damaged[version[0]] = str(error)
    except OSError as error:
        _complain(version[0], error)


def _committed(path: Path) -> int | None:
    try:
        return (path / files.META).stat().st_mtime_ns
    except FileNotFoundError:
        return None


def _complain(what: str, error: object) -> None:
    """Log that the index is damaged, once for each one."""
    if what not in _complained:
        _complained.add(what)
        logger.error("The search index (%s) is damaged: %.500s. Run manage.py sync_index.", what, error)


@contextmanager
def asking(index: Snapshot) -> Iterator[None]:
    """Around a question to the index: one that fails with SearchError makes the index suspect."""
    try:
        with engine_errors():
            yield
    except SearchError:
        suspect(index.version)
        raise
