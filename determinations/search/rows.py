"""What is counted of the decisions, kept beside the engine as columns of numbers.

The engine finds two million decisions in some milliseconds and takes a quarter of a second to count the facets of them;
numpy counts a column of numbers at a nanosecond a decision. So every decision has a *row*: a number that the engine
knows, and at that place in each column what is counted. The columns of schema.COLUMNS hold texts, as numbers ("codes")
that a table beside the column explains; ``letter`` and ``day`` hold numbers as they are. bench/RESULTS.md has figures.

A row is written once. A decision that is indexed again gets a new one, and the old one stays, found by no search. Rows
are on disk before the engine commits the decisions that have them; what a killed writer left behind is overwritten.
The rows of a letter are next to each other.
"""

from __future__ import annotations

import json
import os
import threading
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .files import DamagedFiles
from .schema import COLUMNS, PROFILE, SEPARATOR
from .spreading import Spread

FOLDER = "rows"  # in the folder of the generation
CODED = (*COLUMNS, PROFILE)
NUMBERS = ("letter", "day")  # id of the case; ordinal of the day of decision, 0 for none
_KEPT = "sums.json"  # how many rows there are, and of each file the size and checksum so far
_WIDTH = 4  # bytes of a number
_ROWS_A_WRITE = 50_000
_CHUNK_BYTES = 1 << 20
_NO_FILE = (0, 0)


def _column(folder: Path, name: str) -> Path:
    return folder / f"{name}.u32"


def _table(folder: Path, name: str) -> Path:
    return folder / f"{name}.values"


# ---- writing ----------------------------------------------------------------------------------------------------


class RowWriter:
    """Appends rows to a generation; for the one who holds the writer's lock."""

    def __init__(self, generation: Path) -> None:
        self._folder = generation / FOLDER
        self._folder.mkdir(exist_ok=True)
        kept = _kept(self._folder)
        self.rows: int = kept["rows"]
        self._sums: dict[str, list[int]] = kept["files"]  # file -> its size and the checksum of so much of it
        self._codes = {name: self._known(name) for name in CODED}
        self._new: dict[str, list[str]] = {name: [] for name in CODED}
        self._waiting: dict[str, list[int]] = {name: [] for name in (*CODED, *NUMBERS)}
        if not self._sums:
            self.flush()  # from now on a folder without the sums is a damaged one

    def _known(self, name: str) -> dict[str, int]:
        """The values of a column that have a code."""
        path = _table(self._folder, name)
        size = self._sums.get(path.name, [0, 0])[0]
        text = path.read_bytes()[:size].decode() if size else ""
        return {value: code for code, value in enumerate(text.split("\n")[:-1])}

    def append(self, values: Mapping[str, str], letter: int, day: int) -> int:
        """A row for a decision: the text of each coded column, the id of its case, its day. Returns its number."""
        for name, value in values.items():
            codes = self._codes[name]
            code = codes.get(value)
            if code is None:
                if "\n" in value:
                    raise ValueError(f"a value of the column {name!r} has more than one line: {value!r}")
                code = codes[value] = len(codes)
                self._new[name].append(value)
            self._waiting[name].append(code)
        self._waiting["letter"].append(letter)
        self._waiting["day"].append(day)
        self.rows += 1
        if len(self._waiting["letter"]) >= _ROWS_A_WRITE:
            self._write(sync=False)
        return self.rows - 1

    def flush(self) -> None:
        """All rows are on disk after this; to be called before the engine commits their decisions."""
        self._write(sync=True)
        temporary = self._folder / f"{_KEPT}.tmp"
        with temporary.open("w", encoding="utf-8") as file:
            json.dump({"rows": self.rows, "files": self._sums}, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._folder / _KEPT)

    def _write(self, *, sync: bool) -> None:
        for name, numbers in self._waiting.items():
            self._append(_column(self._folder, name), np.array(numbers, "<u4").tobytes(), sync)
            numbers.clear()
        for name, values in self._new.items():
            self._append(_table(self._folder, name), "".join(f"{value}\n" for value in values).encode(), sync)
            values.clear()

    def _append(self, path: Path, data: bytes, sync: bool) -> None:
        size, checksum = self._sums.get(path.name, [0, 0])
        path.touch()
        with path.open("r+b") as file:
            file.seek(size)
            file.write(data)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        self._sums[path.name] = [size + len(data), zlib.crc32(data, checksum)]


def _kept(folder: Path) -> dict:
    """How many rows were written completely, with what size and checksum. Raises DamagedFiles."""
    try:
        kept = json.loads((folder / _KEPT).read_bytes())
        return {"rows": int(kept["rows"]), "files": dict(kept["files"])}
    except FileNotFoundError as error:
        if any(folder.glob("*.u32")):
            raise DamagedFiles(f"{_KEPT} is missing") from error
        return {"rows": 0, "files": {}}
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedFiles(f"{_KEPT} is damaged") from error


def verify(generation: Path) -> None:
    """Read every file and compare its checksum; raises DamagedFiles. For the one who holds the writer's lock."""
    folder = generation / FOLDER
    faults = []
    for name, (size, checksum) in _kept(folder)["files"].items():
        found, left = 0, size
        try:
            with (folder / name).open("rb") as file:
                while left and (chunk := file.read(min(left, _CHUNK_BYTES))):
                    found, left = zlib.crc32(chunk, found), left - len(chunk)
        except FileNotFoundError:
            faults.append(f"{name} is missing")
            continue
        if left or found != checksum:
            faults.append(f"{name} is {'cut off' if left else 'altered'}")
    if faults:
        raise DamagedFiles(", ".join(faults))


# ---- reading ----------------------------------------------------------------------------------------------------


class RowFiles:
    """The rows of one generation as a process that searches has them open."""

    def __init__(self, generation: Path) -> None:
        self._folder = generation / FOLDER
        self._growing = threading.Lock()
        self._mapped, self._identity = 0, _NO_FILE
        self._forget()

    def _forget(self) -> None:
        self._tables: dict[str, list[str]] = {name: [] for name in CODED}
        self._read: dict[str, int] = dict.fromkeys(CODED, 0)  # bytes of each table
        self._spreads: dict[tuple[str, str], tuple[object, Spread]] = {}

    def view(self, count: int) -> Rows:
        """The first ``count`` rows. Raises DamagedFiles if there are not so many."""
        with self._growing:
            identity = self._identify()
            if count < self._mapped or identity != self._identity:  # put back from a copy: tables may differ
                self._forget()
            self._mapped, self._identity = count, identity
            self.look()
            columns = {name: self._map(name, count) for name in (*CODED, *NUMBERS)}
            kept = _kept(self._folder)
            if kept["rows"] < count:
                raise DamagedFiles(f"{_KEPT} is damaged")
            for name in CODED:
                self._grow(name, kept["files"])
            tables = {name: len(table) for name, table in self._tables.items()}
        return Rows(count, columns, tables, self)

    def _identify(self) -> tuple[int, int]:
        try:
            told = _column(self._folder, "letter").stat()
        except FileNotFoundError:
            return _NO_FILE
        return told.st_dev, told.st_ino

    def look(self) -> None:
        """Raise DamagedFiles if a file is gone or shorter than what is mapped: to read it would end this process.

        Other files in its place (a copy that was put back, a disk that was mounted) do no harm to what is mapped.
        """
        if self._identify() not in (self._identity, _NO_FILE):
            return
        for name in (*CODED, *NUMBERS):
            path = _column(self._folder, name)
            try:
                size = path.stat().st_size
            except FileNotFoundError as error:
                if self._mapped and self._folder.exists():  # else the generation was replaced; what is open stays
                    raise DamagedFiles(f"{path.name} is missing") from error
                continue
            if size < self._mapped * _WIDTH:
                raise DamagedFiles(f"{path.name} is cut off")

    def _map(self, name: str, count: int) -> np.ndarray:
        if not count:
            return np.zeros(0, np.uint32)
        return np.memmap(_column(self._folder, name), "<u4", "r", shape=(count,))

    def _grow(self, name: str, complete: Mapping[str, list[int]]) -> None:
        """Read what was added to a table. What stands behind may be a killed writer's, and be overwritten."""
        path = _table(self._folder, name)
        size = complete.get(path.name, [0, 0])[0]
        if size > self._read[name]:
            try:
                with path.open("rb") as file:
                    file.seek(self._read[name])
                    data = file.read(size - self._read[name])
            except FileNotFoundError as error:
                raise DamagedFiles(f"{path.name} is missing") from error
            if len(data) < size - self._read[name]:
                raise DamagedFiles(f"{path.name} is cut off")
            self._tables[name] += data.decode(errors="replace").split("\n")[:-1]
            self._read[name] = size

    def spread(
        self, column: str, stamp: object, members: Callable[[str], Iterable[tuple[str, str]]], reading: str = ""
    ) -> Spread:
        """What the codes of a column stand for, as long as ``stamp`` is the same; in one of its ``reading``s."""
        with self._growing:
            known = self._spreads.get((column, reading))
            if known is None or known[0] != stamp:
                known = self._spreads[column, reading] = (stamp, Spread(members))
            known[1].grow(self._tables[column])
            return known[1]


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows as they stood at one moment: ``columns`` of so many numbers; ``codes``: how many each table explains.

    ``everything``: of each column that was counted whole, how many decisions have each code.
    """

    count: int
    columns: dict[str, np.ndarray]
    codes: dict[str, int]
    files: RowFiles
    everything: dict[str, np.ndarray] = field(default_factory=dict, compare=False)


def members(key: str) -> list[tuple[str, str]]:
    """The facet values that a text of a column stands for, each with its facet."""
    return [(name, value) for name, _, value in (term.partition(":") for term in key.split(SEPARATOR) if term)]
