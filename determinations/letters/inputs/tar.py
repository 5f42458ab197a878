"""Tar files, read from front to back: the little that letters need, with nothing kept and nothing passed over.

Python's ``tarfile`` ends without a word where a header is damaged, and believes whatever length a header gives; an
archive of letters must not lose its second half in silence, nor fill memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

_BLOCK = 512
_MAX_NAME_BYTES = 1_000_000  # of a header that gives a long name
_CHUNK = 1 << 16
_KINDS = {
    b"0": "file",
    b"\0": "file",
    b"7": "file",
    b"5": "folder",
    b"1": "link",
    b"2": "link",
    b"3": "device",
    b"4": "device",
    b"6": "pipe",
    b"S": "sparse file",
}


class BrokenTar(ValueError):
    """A tar file that cannot be read on; the message says what is wrong."""


class Stream(Protocol):
    """What a tar file is read from: ``read`` gives as many bytes as it is asked for, fewer only at the end."""

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes."""


@dataclass(slots=True)
class Entry:
    """One entry: ``kind`` is "file", "folder", "link", "device", "pipe", "sparse file" or "unknown kind of file".

    ``read`` once, before the next entry is asked for.
    """

    name: str
    size: int
    kind: str
    _stream: Stream
    _left: int = field(init=False)

    def __post_init__(self) -> None:
        self._left = self.size + -self.size % _BLOCK

    def read(self) -> bytes:
        """The content."""
        content = _exactly(self._stream, self.size)
        self._left -= self.size
        return content

    def skip(self) -> None:
        """Pass over what was not read."""
        while self._left:
            self._left -= len(_exactly(self._stream, min(self._left, _CHUNK)))


def is_header(block: bytes) -> bool:
    """Whether ``block`` (512 bytes) is the header of an entry, by its check sum."""
    if len(block) != _BLOCK or not block.strip(b"\0"):
        return False
    try:
        return _number(block[148:156]) == sum(block) - sum(block[148:156]) + 8 * ord(" ")
    except BrokenTar:
        return False


def entries(stream: Stream) -> Iterator[Entry]:
    """The entries of a tar file in their order. Raises BrokenTar where it cannot be read on."""
    said: dict[str, str] = {}  # what headers before the entry's own say of it
    while True:
        block = stream.read(_BLOCK)
        if len(block) < _BLOCK:
            raise BrokenTar("it ends before its end mark")
        if not block.strip(b"\0"):
            return
        if not is_header(block):
            raise BrokenTar("a header is damaged")
        flag, size = block[156:157], _number(block[124:136])
        if flag in b"xgLK":
            said |= _extension(stream, flag, size)
            continue
        if "size" in said:
            if not said["size"].isdecimal():
                raise BrokenTar("a header is damaged")
            size = int(said["size"][:20])
        kind = "sparse file" if "sparse" in said else _KINDS.get(flag, "unknown kind of file")
        name = said.get("path") or _name(block)
        if kind == "file" and name.endswith("/"):
            kind = "folder"
        entry = Entry(name, size if kind in ("file", "sparse file", "unknown kind of file") else 0, kind, stream)
        yield entry
        entry.skip()
        said = {}


def _name(block: bytes) -> str:
    name, prefix = _text(block[:100]), _text(block[345:500]) if block[257:262] == b"ustar" else ""
    if block[257:265] == b"ustar  \0":  # GNU's own form has no prefix
        prefix = ""
    return f"{prefix}/{name}" if prefix else name


def _text(content: bytes) -> str:
    return content.split(b"\0", 1)[0].decode("utf-8", errors="surrogateescape")


def _number(content: bytes) -> int:
    """A number of a header: in octal digits, or binary if it is too large for them."""
    if content[0] & 0x80:
        return int.from_bytes(bytes([content[0] & 0x7F]) + content[1:], "big")
    digits = content.split(b"\0", 1)[0].strip()
    try:
        return int(digits or b"0", 8)
    except ValueError:
        raise BrokenTar("a header is damaged") from None


def _extension(stream: Stream, flag: bytes, size: int) -> dict[str, str]:
    """What a header that belongs to the next one says: its path or size; of a global one nothing is needed."""
    if size > _MAX_NAME_BYTES:
        raise BrokenTar("a header is too long")
    content = _exactly(stream, size + -size % _BLOCK)[:size]
    if flag == b"L":
        return {"path": _text(content)}
    return dict(_records(content)) if flag == b"x" else {}


def _records(content: bytes) -> Iterator[tuple[str, str]]:
    """The path and size among the records ("12 path=a.txt" and a line's end) of an extended header."""
    while content.strip(b"\0"):
        digits, _, _ = content.partition(b" ")
        if not digits.isdigit() or len(digits) > 9 or not 0 < int(digits) <= len(content):
            raise BrokenTar("a header is damaged")
        key, _, value = content[len(digits) + 1 : int(digits) - 1].partition(b"=")
        if key in (b"path", b"size"):
            yield key.decode(), value.split(b"\0", 1)[0].decode("utf-8", errors="surrogateescape")
        elif key.startswith(b"GNU.sparse."):
            yield "sparse", ""
        content = content[int(digits) :]


def _exactly(stream: Stream, size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise BrokenTar("it ends in the middle of a file")
    return content
