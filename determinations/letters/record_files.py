"""Records of earlier readings, as ``read_letter --json`` wrote them, found by the name of the letter.

Only the places of records in their files are held in memory, not the records: an archive has millions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from .inputs.archives import TEXT_SUFFIXES
from .inputs.files import read_file
from .record import record

_RECORD_SUFFIXES = frozenset({".json", ".jsonl"})


class NoRecords(ValueError):
    """A file is no file of records; the message is a sentence for the person who named it."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a record stands: from ``offset`` on, one line or the whole file; None: a text that is to be read."""

    path: Path
    offset: int | None
    whole: bool = False


class RecordFiles:
    """The records in a file of them, or in a folder of .json, .jsonl and text files (read now, if without a record).

    A record belongs to the letter of its "file"; one without, to the letter of its own file's name. Two names are one
    letter's if they are the same, else if they are the same without folder and suffix. Raises NoRecords.
    """

    def __init__(self, path: Path) -> None:
        self._places: dict[str, _Place] = {}
        self._stems: dict[str, list[str]] = {}
        self._used: set[str] = set()
        files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
        for file in files:
            if file == path or file.suffix.lower() in _RECORD_SUFFIXES:
                for place in _records_in(file):
                    self._add(str(_load(place).get("file") or file), place)
        for file in files:
            if file != path and file.suffix.lower() in TEXT_SUFFIXES and file.stem not in self._stems:
                self._add(str(file), _Place(file, None))
        if not self._places:
            raise NoRecords(f"There is no record of a reading in {path}.")

    def _add(self, name: str, place: _Place) -> None:
        if name not in self._places:
            self._stems.setdefault(PurePath(name).stem, []).append(name)
        self._places[name] = place

    def get(self, name: str) -> dict[str, Any] | None:
        """The record of the letter ``name``, None if there is none. Raises NoRecords if two could be meant."""
        if name not in self._places:
            names = self._stems.get(PurePath(name).stem, [])
            if len(names) > 1:
                raise NoRecords(f"{name} may be {names[0]} or {names[1]}; name the letters as the records do.")
            if not names:
                return None
            name = names[0]
        self._used.add(name)
        place = self._places[name]
        return record(read_file(place.path)) if place.offset is None else _load(place)

    def left(self) -> Iterator[str]:
        """The names of the records that were not asked for."""
        return (name for name in self._places if name not in self._used)


def _records_in(path: Path) -> Iterator[_Place]:
    with path.open("rb") as file:
        if file.readline().strip() == b"{":  # one record over several lines
            yield _Place(path, 0, whole=True)
            return
        file.seek(0)
        offset = 0
        for line in file:
            if line.strip():
                yield _Place(path, offset)
            offset += len(line)


def _load(place: _Place) -> dict[str, Any]:
    with place.path.open("rb") as file:
        file.seek(place.offset or 0)
        content = file.read() if place.whole else file.readline()
    try:
        data = json.loads(content)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise NoRecords(f"{place.path} is no file of records as read_letter --json writes them.")
    return data
