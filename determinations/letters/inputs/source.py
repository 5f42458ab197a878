"""From a file to its text. What cannot be read is an ``UnreadableSource`` that says why, never a guess."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from .encodings import decode, encoding_of
from .pdf_process import PdfRefused, read_pdf

# A letter has 3 to 60 kB of text; the limits keep a wrong file from filling memory. A scanned letter is larger.
MAX_BYTES = 10_000_000
MAX_PDF_BYTES = 40_000_000
PDF = "pdf"  # the "encoding" of a PDF: its text is what an extractor read, and is kept beside the bytes
_PDF_HEADER_WITHIN = 1024  # readers accept a PDF's first line that far from the start
# The first bytes of files that hold other files.
_ARCHIVE_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b")


class UnreadableSource(ValueError):
    """No text can be read: ``code`` is the issue's code, the message the reason, ``content`` what there was."""

    def __init__(self, code: str, reason: str, content: bytes = b"") -> None:
        super().__init__(reason)
        self.code = code
        self.content = content


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of a file as they came, and the text they are in ``encoding``.

    Of a PDF: ``encoding`` is "pdf", ``text`` what ``extractor`` (name and version) read in its ``pages``; ``scanned``
    if they are pictures without a text.
    """

    content: bytes
    encoding: str
    text: str
    extractor: str = ""
    pages: int | None = None
    scanned: bool = False


def read_letter(path: Path | str) -> Source:
    """The source in the file ``path``. Raises UnreadableSource for whatever is no text."""
    path = Path(path)
    try:
        about = path.stat()
        if not S_ISREG(about.st_mode):  # a pipe would be waited for without end
            raise UnreadableSource("unreadable-file", "not a regular file")
        if about.st_size > max(MAX_BYTES, MAX_PDF_BYTES):
            raise too_large(about.st_size)
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableSource("unreadable-file", (error.strerror or str(error)).lower()) from error
    return source_of(content)


def too_large(size: int) -> UnreadableSource:
    """The refusal of a file of ``size`` bytes, which are too many to keep."""
    limit = MAX_PDF_BYTES if size > MAX_PDF_BYTES else MAX_BYTES
    return UnreadableSource("too-large", f"larger than {limit // 1_000_000} MB")


def source_of(content: bytes) -> Source:
    """The source of ``content``: a PDF, or a text in the encoding that its bytes show."""
    if is_pdf(content):
        return _source_of_pdf(content)
    if len(content) > MAX_BYTES:
        raise UnreadableSource("too-large", f"larger than {MAX_BYTES // 1_000_000} MB")
    if content.startswith(_ARCHIVE_STARTS):
        raise UnreadableSource("not-text", "an archive by another name", content)
    encoding = encoding_of(content)
    text = decode(content, encoding)
    if not text.strip().strip("\ufeff"):
        raise UnreadableSource("empty", "the file is empty", content)
    if text.count("\0") > len(text) // 100:
        raise UnreadableSource("not-text", "not a text file", content)
    return Source(content, encoding, text)


def is_pdf(content: bytes) -> bool:
    """Whether ``content`` is a PDF, also one with a few bytes before its first line."""
    if content.startswith(b"%PDF-"):
        return True
    return b"%PDF-" in content[:_PDF_HEADER_WITHIN] and b" obj" in content and b"%%EOF" in content


def _source_of_pdf(content: bytes) -> Source:
    if len(content) > MAX_PDF_BYTES:
        raise UnreadableSource("too-large", f"larger than {MAX_PDF_BYTES // 1_000_000} MB")
    try:
        read = read_pdf(content)
    except PdfRefused as refused:
        raise UnreadableSource(refused.code, str(refused), content) from refused
    return Source(content, PDF, read.text, read.extractor, read.pages, read.scanned)
