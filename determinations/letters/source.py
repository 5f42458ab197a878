"""From a file to its text. What cannot be read is an ``UnreadableSource`` that says why, never a guess."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

# A letter has 3 to 60 kB of text; the limit keeps a wrong file from filling memory.
MAX_BYTES = 10_000_000
TEXT_SUFFIXES = frozenset({".txt", ".text"})

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class UnreadableSource(ValueError):
    """No text can be read: ``code`` is the issue's code, the message the reason, ``content`` what there was."""

    def __init__(self, code: str, reason: str, content: bytes = b"") -> None:
        super().__init__(reason)
        self.code = code
        self.content = content


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of a file as they came, and the text they are in ``encoding``."""

    content: bytes
    encoding: str
    text: str


def read_letter(path: Path | str) -> Source:
    """The source in the file ``path``. Raises UnreadableSource for whatever is no text."""
    path = Path(path)
    try:
        about = path.stat()
        if not S_ISREG(about.st_mode):  # a pipe would be waited for without end
            raise UnreadableSource("unreadable-file", "not a regular file")
        if about.st_size > MAX_BYTES:
            raise UnreadableSource("too-large", f"larger than {MAX_BYTES // 1_000_000} MB")
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableSource("unreadable-file", (error.strerror or str(error)).lower()) from error
    return source_of(content)


def source_of(content: bytes) -> Source:
    """The source of ``content``: by its byte order mark, else UTF-8, else Windows-1252."""
    if len(content) > MAX_BYTES:
        raise UnreadableSource("too-large", f"larger than {MAX_BYTES // 1_000_000} MB")
    if content.startswith(b"%PDF-"):
        raise UnreadableSource("pdf", "a PDF; extract its text first", content)
    encoding = encoding_of(content)
    text = decode(content, encoding)
    if not text.strip():
        raise UnreadableSource("empty", "the file is empty", content)
    if text.count("\0") > len(text) // 100:
        raise UnreadableSource("not-text", "not a text file", content)
    return Source(content, encoding, text)


def encoding_of(content: bytes) -> str:
    """The name of the encoding that ``content`` is in."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def decode(content: bytes, encoding: str) -> str:
    """The text of ``content``. Bytes that the encoding leaves undefined become U+FFFD; nothing is dropped."""
    return content.decode(encoding, errors="replace")
