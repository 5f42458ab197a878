"""The index on disk: which one is live, and opening it.

An index is a folder of its own ("generation") below SEARCH_INDEX_DIR. The file ``current.json`` names the one that
is live, with the schema version and the archive it belongs to; it is replaced in one step when a generation is
complete. Any number of processes read; one at a time writes (index.py).
"""

from __future__ import annotations

import json
import logging
import os
import threading
from dataclasses import dataclass
from pathlib import Path

import tantivy
from django.conf import settings

from .errors import SearchError, SearchUnavailable, engine_errors
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

    @property
    def path(self) -> Path:
        return folder() / self.name


def live() -> Generation | None:
    """The generation that is searched, None if there is none."""
    try:
        data = json.loads(_pointer().read_text(encoding="utf-8"))
        generation = Generation(data["generation"], data["schema_version"], data["archive"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        logger.warning("%s is damaged; the index will be rebuilt", _pointer())
        return None
    return generation if generation.path.is_dir() else None


def make_live(generation: Generation) -> None:
    """From now on ``generation`` is searched."""
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


def open_index(path: Path) -> tantivy.Index:
    """The index in a folder; an empty folder becomes an empty index."""
    with engine_errors():
        index = tantivy.Index(schema(), path=str(path))
        index.register_tokenizer(TOKENIZER, analyzer())
        return index


# ---- reading --------------------------------------------------------------------------------------------------

_opened: dict[str, tantivy.Index] = {}
_opening = threading.Lock()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The index as it stood at one moment; ``version`` is another after every commit."""

    searcher: tantivy.Searcher
    version: tuple[str, int]


def snapshot() -> Snapshot:
    """The live index, with everything committed so far. Raises SearchUnavailable without one."""
    generation = live()
    if generation is None or generation.schema_version != SCHEMA_VERSION:
        raise SearchUnavailable("The search index has not been built yet.")
    try:
        index = _index_at(generation.path)
        # Asked before reloading: what is remembered of a version may then be newer than its name says, never older.
        committed = (generation.path / "meta.json").stat().st_mtime_ns
        with engine_errors():
            index.reload()
            return Snapshot(index.searcher(), (generation.name, committed))
    except (SearchError, OSError) as error:
        raise SearchUnavailable("The search index cannot be read; it has to be rebuilt.") from error


def _index_at(path: Path) -> tantivy.Index:
    """The index in a folder, opened once a process."""
    with _opening:
        if str(path) not in _opened:
            index = open_index(path)
            _opened.clear()
            _opened[str(path)] = index
        return _opened[str(path)]
