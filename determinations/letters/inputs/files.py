"""Files to readings: folders walked and archives opened, each file read and parsed (what a worker process runs)."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import BinaryIO

from ..forms.several import parts
from ..types import Issue, Letter, Span
from .archives import (
    ARCHIVE_SUFFIXES,
    LETTER_SUFFIXES,
    Member,
    looks_like_archive,
    members_of_file,
    members_of_stream,
)
from .encodings import decode
from .source import MAX_PDF_BYTES, Source, UnreadableSource, read_letter, source_of

STANDARD_INPUT = "-"
MAX_ITEMS = 10_000  # of one letter, which has a few; the archive counts them in a column that ends at 32,767
NEEDS_OCR = "Scanned: the PDF has pictures of its pages and no text. It needs OCR."

LetterFile = Path | Member
"""A letter that is still to be read: a file, or a member of an archive with its bytes."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one file: a letter with its source; if it is rejected, the reason (``code``, ``reason``).

    ``text_sha256`` is the hash of the text with its white space joined: two copies of a letter that differ only in
    their line ends are one text. ``compressed`` holds the bytes as they came, by zlib. Of a PDF, ``extracted`` is the
    text that ``extractor`` read in its ``pages`` (UTF-8, by zlib): what spans count, whatever a later version reads.
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
    extractor: str = ""
    extracted: bytes = b""
    pages: int | None = None


class NoSuchPath(ValueError):
    """A path that was asked for is not there; the message is a sentence for the person who typed it."""


def printable_path(path: LetterFile | str) -> str:
    r"""A path as text that any database takes; bytes that are no UTF-8 are written as \\xNN."""
    path = path.path if isinstance(path, Member) else path
    return os.fsencode(path).decode("utf-8", errors="backslashreplace").replace("\0", "\\x00")


def letter_files(
    paths: Iterable[Path | str], skipped: dict[str, int] | None = None, standard_input: BinaryIO | None = None
) -> Iterator[LetterFile]:
    """The files that ``paths`` stand for: files as they are, folders with all letters below them, by name.

    Archives stand for their members in the order they are packed in; "-" for ``standard_input``, a letter or an
    archive. Files of a folder or an archive that have another suffix than a letter's are counted in ``skipped`` by
    suffix. Raises NoSuchPath before the first file if a path is not there.
    """
    there = [path if path == STANDARD_INPUT and standard_input else Path(path) for path in paths]
    for path in there:
        if isinstance(path, Path) and not path.exists():
            raise NoSuchPath(f"There is no file or folder {printable_path(path)}.")
    return _letters(there, skipped if skipped is not None else {}, standard_input)


def count_letters(paths: Iterable[Path | str]) -> int | None:
    """How many files ``paths`` stand for; None if an archive or a pipe is among them, which would have to be read."""
    count = 0
    for path in paths:
        if path == STANDARD_INPUT or _is_archive(Path(path)):
            return None
        for file in _walk(Path(path), {}) if Path(path).is_dir() else (Path(path),):
            if file.suffix.lower() in ARCHIVE_SUFFIXES:
                return None
            count += 1
    return count


def _letters(paths: list[Path | str], skipped: dict[str, int], standard_input: BinaryIO | None) -> Iterator[LetterFile]:
    for path in paths:
        if not isinstance(path, Path):
            if standard_input:
                yield from _piped(standard_input, skipped)
        elif path.is_dir():
            for file in _walk(path, skipped):
                if file.suffix.lower() in ARCHIVE_SUFFIXES:
                    yield from members_of_file(file, printable_path(file), skipped)
                else:
                    yield file
        elif _is_archive(path):
            yield from members_of_file(path, printable_path(path), skipped)
        else:
            yield path


def _walk(above: Path, skipped: dict[str, int]) -> Iterator[Path]:
    """The letters and archives in a folder and those below it; the names of one folder at a time are in memory."""
    for folder, folders, names in os.walk(above):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        names.sort()
        for name in names:
            if name.startswith("."):
                continue
            suffix = PurePath(name).suffix.lower()
            if suffix in LETTER_SUFFIXES or suffix in ARCHIVE_SUFFIXES:
                yield Path(folder, name)
            else:
                skipped[suffix or "no suffix"] = skipped.get(suffix or "no suffix", 0) + 1


def _is_archive(path: Path) -> bool:
    """Whether a file that was asked for is an archive: by its suffix, else by its first bytes."""
    suffix = path.suffix.lower()
    if suffix in ARCHIVE_SUFFIXES or suffix in LETTER_SUFFIXES or not path.is_file():
        return suffix in ARCHIVE_SUFFIXES
    try:
        with path.open("rb") as file:
            return looks_like_archive(file.read(512))
    except OSError:
        return False


def _piped(stream: BinaryIO, skipped: dict[str, int]) -> Iterator[LetterFile]:
    """The letter or the letters of an archive that come through a pipe."""
    start = stream.read(512)
    if not looks_like_archive(start):
        content = start + stream.read(MAX_PDF_BYTES + 1 - len(start))
        yield Member(STANDARD_INPUT, content)
        return
    if not start.startswith(b"PK"):
        yield from members_of_stream(stream, STANDARD_INPUT, skipped, start=start)
        return
    with tempfile.TemporaryFile() as whole:  # a zip file is read from its end: it has to be all there
        whole.write(start)
        shutil.copyfileobj(stream, whole, 1 << 20)
        whole.seek(0)
        yield from members_of_stream(whole, STANDARD_INPUT, skipped)


def text_digest(text: str) -> str:
    """The SHA-256 of a text with its white space joined."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", errors="surrogatepass")).hexdigest()


def read_file(file: LetterFile | str) -> Reading:
    """Read and parse one file, or one member of an archive; never raises for what is in it."""
    from .. import parse_letter

    path = printable_path(file)
    try:
        source = source_in(file)
    except UnreadableSource as error:
        return _rejected(path, error.code, str(error), error.content)
    return reading_of(path, source, parse_letter(source.text))


def source_in(file: LetterFile | str) -> Source:
    """The source in a file or a member of an archive. Raises UnreadableSource."""
    if not isinstance(file, Member):
        return read_letter(file)
    if file.code:
        raise UnreadableSource(file.code, file.reason)
    return source_of(file.content)


def read_letters(file: LetterFile | str) -> list[Reading]:
    """The same for a file that may hold several letters, one after the other: a reading each.

    Each is kept as a text of its own, and of a PDF the PDF with it. Their paths end in "#2", "#3" ….
    """
    from .. import parse_letter

    whole = read_file(file)
    if whole.letter is None or not any(issue.code == "several-letters" for issue in whole.letter.issues):
        return [_within_limits(whole)]
    content = zlib.decompress(whole.compressed)
    text = zlib.decompress(whole.extracted).decode("utf-8", "surrogatepass") if whole.extracted else ""
    text = text or decode(content, whole.encoding)
    readings = []
    for place, span in enumerate(parts(text), 1):
        part = text[span.start : span.end]
        source = (
            Source(content, whole.encoding, part, whole.extractor, whole.pages)
            if whole.extractor
            else Source(part.encode("utf-8", "surrogatepass"), "utf-8", part)
        )
        readings.append(reading_of(f"{whole.path}#{place}" if place > 1 else whole.path, source, parse_letter(part)))
    return [_within_limits(reading) for reading in readings]


def _within_limits(reading: Reading) -> Reading:
    """The reading, rejected if its letter has more items than the archive can count."""
    if reading.letter is None or len(reading.letter.items) <= MAX_ITEMS:
        return reading
    reason = f"more than {MAX_ITEMS:,} disputed items"
    return replace(reading, letter=None, text_sha256="", code="too-large", reason=reason)


def reading_of(path: Path | str, source: Source, letter: Letter) -> Reading:
    """The reading of a source; a text that is like no known form of letter is rejected, its content kept.

    A scanned letter has no text to be known by: it is known by its bytes, and kept with the issue that it needs OCR.
    """
    sha256 = hashlib.sha256(source.content).hexdigest()
    scanned = source.scanned and letter.format == "unknown"
    if scanned:
        letter = Letter("scanned", issues=(Issue("needs-ocr", NEEDS_OCR, Span(0, 0)),))
    unknown = letter.format == "unknown"
    return Reading(
        path=printable_path(path),
        letter=letter,
        code="unknown-format" if unknown else "",
        reason="like none of the known forms of letter" if unknown else "",
        source_size=len(source.content),
        encoding=source.encoding,
        sha256=sha256,
        text_sha256=sha256 if scanned else text_digest(source.text),
        compressed=zlib.compress(source.content),
        extractor=source.extractor,
        extracted=zlib.compress(source.text.encode("utf-8", "surrogatepass")) if source.extractor else b"",
        pages=source.pages,
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


def read_files(files: Iterable[LetterFile | str]) -> list[Reading]:
    """Read and parse several files, in order."""
    return [reading for file in files for reading in read_letters(file)]
