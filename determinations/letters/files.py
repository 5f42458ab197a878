"""Files to readings: the folders walked, each file read and parsed. This is what a worker process runs."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from .source import Source, UnreadableSource, read_letter
from .types import Letter


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one file: a letter with its source; if it is rejected, the reason (``code``, ``reason``).

    ``text_sha256`` is the hash of the text with its white space joined: two copies of a letter that differ only in
    their line ends are one text. ``compressed`` holds the bytes as they came, by zlib.
    """

    path: str
    letter: Letter | None = None
    source_size: int = 0
    encoding: str = ""
    sha256: str = ""
    text_sha256: str = ""
    compressed: bytes = b""
    code: str = ""
    reason: str = ""


class NoSuchPath(ValueError):
    """A path that was asked for is not there; the message is a sentence for the person who typed it."""


def printable_path(path: Path | str) -> str:
    r"""A path as text that any database takes; bytes that are no UTF-8 are written as \\xNN."""
    return os.fsencode(path).decode("utf-8", errors="backslashreplace").replace("\0", "\\x00")


def letter_files(paths: Iterable[Path | str], skipped: dict[str, int] | None = None) -> Iterator[Path]:
    """The files that ``paths`` stand for: files as they are, folders with every text file below them, by name.

    Files of a folder that have another suffix than a text's are counted in ``skipped`` by suffix. Raises NoSuchPath
    before the first file if a path is not there.
    """
    there = [Path(path) for path in paths]
    for path in there:
        if not path.exists():
            raise NoSuchPath(f"There is no file or folder {printable_path(path)}.")
    return _files_below(there, skipped if skipped is not None else {})


def _files_below(paths: Iterable[Path], skipped: dict[str, int]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                if name.startswith("."):
                    continue
                suffix = PurePath(name).suffix.lower()
                if suffix in TEXT_SUFFIXES:
                    yield Path(folder, name)
                else:
                    skipped[suffix or "no suffix"] = skipped.get(suffix or "no suffix", 0) + 1


def text_digest(text: str) -> str:
    """The SHA-256 of a text with its white space joined."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", errors="surrogatepass")).hexdigest()


def read_file(path: Path | str) -> Reading:
    """Read and parse one file; never raises for what is in it."""
    from . import parse_letter

    try:
        source = read_letter(path)
    except UnreadableSource as error:
        return _rejected(path, error.code, str(error), error.content)
    return reading_of(path, source, parse_letter(source.text))


def reading_of(path: Path | str, source: Source, letter: Letter) -> Reading:
    """The reading of a source; a text that is like no known form of letter is rejected, its content kept."""
    unknown = letter.format == "unknown"
    return Reading(
        path=printable_path(path),
        letter=letter,
        code="unknown-format" if unknown else "",
        reason="like none of the known forms of letter" if unknown else "",
        source_size=len(source.content),
        encoding=source.encoding,
        sha256=hashlib.sha256(source.content).hexdigest(),
        text_sha256=text_digest(source.text),
        compressed=zlib.compress(source.content),
    )


def _rejected(path: Path | str, code: str, reason: str, content: bytes) -> Reading:
    return Reading(
        path=printable_path(path),
        source_size=len(content),
        sha256=hashlib.sha256(content).hexdigest() if content else "",
        compressed=zlib.compress(content) if content else b"",
        code=code,
        reason=reason,
    )


def read_files(paths: Iterable[Path | str]) -> list[Reading]:
    """Read and parse several files, in order."""
    return [read_file(path) for path in paths]
