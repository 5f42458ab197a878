"""Archives of letters (.zip, .tar, .tar.gz, .tgz, .gz): their members one after the other, straight from the file.

Nothing is unpacked to disk, and one member is in memory at a time. What is not right about a member or an archive is
a ``Member`` too, with the reason and without content; the members that are right are read all the same. A tar file is
read from front to back, so that it may come from a pipe; of a zip file the directory stands in memory.
"""

from __future__ import annotations

import gzip
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from .source import MAX_BYTES, MAX_PDF_BYTES
from .tar import BrokenTar, Entry, entries, is_header

TEXT_SUFFIXES = frozenset({".txt", ".text"})
LETTER_SUFFIXES = TEXT_SUFFIXES | {".pdf"}
ARCHIVE_SUFFIXES = frozenset({".zip", ".tar", ".tgz", ".gz"})

MAX_TOTAL_BYTES = 100_000_000_000  # of an archive's members together; two million letters have some 30 GB
MAX_RATIO = 200  # times its size that a file may grow by unpacking; letters grow 3 to 30 times
MAX_DIRECTORY_BYTES = 40_000_000  # of a zip file: some 400,000 members, which take 250 MB of memory
_SMALL = 10_000_000  # bytes that may come of any file, whatever the ratio

_DRIVE = re.compile(r"^[A-Za-z]:")
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP_START = b"\x1f\x8b"
_DAMAGE = (
    zipfile.BadZipFile,
    BrokenTar,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,  # what zipfile says of a password, and of a compression that it does not know
    ValueError,
    struct.error,
    OverflowError,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A letter from an archive or from a pipe: its path as it is shown, and its bytes.

    ``code`` and ``reason`` instead of bytes where it cannot be taken; of an archive as a whole under its own path.
    """

    path: str
    content: bytes = b""
    code: str = ""
    reason: str = ""


class _TooMuch(Exception):
    """What comes out of an archive is far more than an archive of letters holds."""


def looks_like_archive(start: bytes) -> bool:
    """Whether a file that begins with ``start`` (512 bytes or more) is an archive."""
    return start.startswith((*_ZIP_STARTS, _GZIP_START)) or is_header(start[:512])


def members_of_file(path: Path, shown: str, skipped: dict[str, int]) -> Iterator[Member]:
    """The members of the archive at ``path``; ``shown`` is its path for people."""
    try:
        with path.open("rb") as file:
            yield from members_of_stream(file, shown, skipped, path.name)
    except OSError as error:
        yield Member(shown, code="unreadable-file", reason=(error.strerror or str(error)).lower())


def members_of_stream(
    stream: BinaryIO, shown: str, skipped: dict[str, int], name: str = "", start: bytes = b""
) -> Iterator[Member]:
    """The members of an archive, of which ``start`` has been read already; only a zip file must be seekable.

    Files of other kinds are counted in ``skipped`` by suffix; hidden ones are passed over.
    """
    source = _Counted(stream, start)
    start = source.peek(512)
    try:
        if start.startswith(_ZIP_STARTS) or name.lower().endswith(".zip"):
            yield from _zip_members(stream, shown, skipped)
            return
        plain = _Unpacked(gzip.GzipFile(fileobj=source) if start.startswith(_GZIP_START) else source, source)  # type: ignore[call-overload]
        if not start.startswith(_GZIP_START) and name.lower().endswith((".gz", ".tgz")):
            yield Member(shown, code="broken-archive", reason="not a gzip file")
        elif is_header(plain.peek(512)) or name.lower().endswith((".tar", ".tgz", ".tar.gz")):
            yield from _tar_members(plain, shown, skipped)
        else:
            yield _content(shown, plain, PurePosixPath(name).stem)
    except _TooMuch:
        yield Member(
            shown, code="archive-bomb", reason=f"an archive that unpacks to more than {MAX_RATIO} times its size"
        )
    except _DAMAGE as error:
        yield Member(shown, code="broken-archive", reason=f"an archive that is broken: {_words(error)}")


# ---- tar --------------------------------------------------------------------------------------------------------


def _tar_members(plain: _Unpacked, shown: str, skipped: dict[str, int]) -> Iterator[Member]:
    for entry in entries(plain):
        path = f"{shown}/{entry.name}"
        if refusal := _refusal(entry.name) or _refusal_of_kind(entry):
            yield Member(path, code=refusal[0], reason=refusal[1])
        elif entry.kind == "file" and _is_letter(entry.name, skipped):
            limit = _limit(entry.name)
            yield _too_large(path, limit) if entry.size > limit else Member(path, entry.read())


def _refusal_of_kind(entry: Entry) -> tuple[str, str] | None:
    if entry.kind in ("file", "folder"):
        return None
    return "unsafe-member", f"a {entry.kind} in an archive"


# ---- zip --------------------------------------------------------------------------------------------------------


def _zip_members(stream: BinaryIO, shown: str, skipped: dict[str, int]) -> Iterator[Member]:
    size = stream.seek(0, os.SEEK_END)
    if _directory_size(stream, size) > MAX_DIRECTORY_BYTES:
        yield Member(
            shown, code="too-large", reason="an archive of too many files; pack them as several, or as .tar.gz"
        )
        return
    total = 0
    with zipfile.ZipFile(stream) as archive:
        for info in archive.infolist():
            name = info.orig_filename
            path = f"{shown}/{name}"
            if refusal := _refusal(name) or _refusal_of_zipped(info):
                yield Member(path, code=refusal[0], reason=refusal[1])
            elif not info.is_dir() and _is_letter(name, skipped):
                member = _unzipped(archive, info, path)
                total += len(member.content)
                if total > max(_SMALL, MAX_RATIO * size) or total > MAX_TOTAL_BYTES:
                    raise _TooMuch  # members that share their bytes
                yield member


def _unzipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str) -> Member:
    limit = _limit(info.orig_filename)
    if info.file_size > limit:
        return _too_large(path, limit)
    try:
        with archive.open(info) as file:
            return Member(path, file.read(limit + 1))
    except _DAMAGE as error:
        return Member(path, code="broken-archive", reason=f"broken in its archive: {_words(error)}")


def _refusal_of_zipped(info: zipfile.ZipInfo) -> tuple[str, str] | None:
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "unsafe-member", f"a {'link' if stat.S_ISLNK(mode) else 'device'} in an archive"
    if info.flag_bits & 0x1:
        return "encrypted", "a file in an archive that needs a password"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "broken-archive", "packed in a way that is not known here"
    if info.file_size > 1_000_000 and info.file_size > MAX_RATIO * info.compress_size:
        return "archive-bomb", f"unpacks to more than {MAX_RATIO} times its size"
    return None


def _directory_size(stream: BinaryIO, size: int) -> int:
    """The bytes that a zip file says its directory has; 0 if it says nothing (zipfile tells what is wrong)."""
    stream.seek(max(0, size - 66_000))
    end = stream.read()
    place = end.rfind(b"PK\x05\x06")
    if place < 0 or len(end) < place + 22:
        return 0
    directory = int.from_bytes(end[place + 12 : place + 16], "little")
    if directory == 0xFFFFFFFF and end[place - 20 : place - 16] == b"PK\x06\x07":
        stream.seek(min(int.from_bytes(end[place - 12 : place - 4], "little"), size))
        directory = int.from_bytes(stream.read(56)[40:48], "little")
    return directory


# ---- for both ---------------------------------------------------------------------------------------------------


def _refusal(name: str) -> tuple[str, str] | None:
    """Why a member of this name is not taken: a path out of the archive, or an archive of its own."""
    if name.startswith("/") or _DRIVE.match(name) or "\\" in name or ".." in name.split("/"):
        return "unsafe-member", "a path that leads out of its archive"
    if PurePosixPath(name).suffix.lower() in ARCHIVE_SUFFIXES and not name.endswith("/") and not _is_hidden(name):
        return "nested-archive", "an archive in an archive; unpack it first"
    return None


def _is_letter(name: str, skipped: dict[str, int]) -> bool:
    if _is_hidden(name):
        return False
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in LETTER_SUFFIXES:
        return True
    skipped[suffix or "no suffix"] = skipped.get(suffix or "no suffix", 0) + 1
    return False


def _is_hidden(name: str) -> bool:
    """Hidden, or what a Mac adds to a zip file."""
    return any((part.startswith(".") and part != ".") or part == "__MACOSX" for part in name.split("/"))


def _limit(name: str) -> int:
    return MAX_PDF_BYTES if name.lower().endswith(".pdf") else MAX_BYTES


def _too_large(path: str, limit: int) -> Member:
    return Member(path, code="too-large", reason=f"larger than {limit // 1_000_000} MB")


def _content(shown: str, plain: _Unpacked, name: str) -> Member:
    """The one file in a .gz that is no tar."""
    limit = _limit(name)
    content = plain.read(limit + 1)
    return _too_large(shown, limit) if len(content) > limit else Member(shown, content)


def _words(error: Exception) -> str:
    """The reason as the library says it, on one line and not long."""
    return " ".join(str(error).split())[:120] or type(error).__name__


class _Counted:
    """A stream that counts what was read of it, and can show its first bytes beforehand."""

    def __init__(self, stream: BinaryIO, start: bytes) -> None:
        self._stream, self._ahead, self.count = stream, start, 0

    def peek(self, size: int) -> bytes:
        """The next ``size`` bytes, which stay to be read."""
        while len(self._ahead) < size and (more := self._stream.read(size - len(self._ahead))):
            self._ahead += more
        return self._ahead[:size]

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes."""
        found, self._ahead = self._ahead[:size], self._ahead[size:]
        found = found or self._stream.read(size)
        self.count += len(found)
        return found


class _Unpacked:
    """A stream of what comes out of an archive; raises _TooMuch when that is far too much."""

    def __init__(self, stream: BinaryIO | _Counted | gzip.GzipFile, source: _Counted) -> None:
        self._stream, self._source = stream, source
        self._ahead, self._total = b"", 0

    def peek(self, size: int) -> bytes:
        """The next ``size`` bytes, which stay to be read."""
        self._ahead = self.read(size)
        return self._ahead

    def read(self, size: int) -> bytes:
        """``size`` bytes, fewer only at the end."""
        pieces, self._ahead = [self._ahead[:size]], self._ahead[size:]
        wanted = size - len(pieces[0])
        while wanted > 0 and (piece := self._stream.read(min(wanted, 1 << 20))):
            pieces.append(piece)
            wanted -= len(piece)
            self._total += len(piece)
            if self._total > max(_SMALL, MAX_RATIO * self._source.count) or self._total > MAX_TOTAL_BYTES:
                raise _TooMuch
        return b"".join(pieces)
