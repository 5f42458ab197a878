"""Reads PDFs: the one place that knows the PDF library (docs/decisions/0004-pdf-reader.md).

A program of its own, which ``pdf_process`` starts and talks to: a hostile PDF can take down this process and nothing
else. It imports nothing of the project, so that it starts quickly.

Each message is eight bytes of length and as many of content. In: the bytes of a PDF. Out: JSON, first ``{"extractor"}``
once, then for each PDF ``{"text", "pages", "scanned"}`` or ``{"code", "reason"}``.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import struct
import sys
from contextlib import suppress
from itertools import pairwise
from statistics import median
from typing import Any, BinaryIO

import pypdfium2
import pypdfium2.raw as pdfium

try:
    import resource
except ImportError:  # Windows has no such limits; the limit of wall time is the caller's
    resource = None  # type: ignore[assignment]

MAX_PAGES = 500
MAX_CHARACTERS = 10_000_000
# A page of a letter has some two thousand characters. Pictures with fewer than this (a fax's line at the top, a page
# number) are a scan.
SCAN_CHARACTERS_A_PAGE = 100
# PDFium takes a hyphen at a line's end for one inside a word: it joins the two lines and marks the place by U+FFFE.
_LINE = re.compile("[^\r\n\ufffe]*(?:\r?\n|\ufffe|\\Z)")
# It says nothing of the space between paragraphs. Two lines that are this much farther apart than most are parted.
_PARAGRAPH_GAP = 1.4


def main() -> None:
    """Answer until the input ends. Arguments: limits of memory (bytes) and of processor time a PDF (seconds)."""
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the caller's
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever the library prints is no answer
    _limit("RLIMIT_AS", memory)
    _limit("RLIMIT_CORE", 0)
    _send(out, {"extractor": f"pypdfium2 {pypdfium2.PYPDFIUM_INFO}"})
    while (content := _receive(sys.stdin.buffer)) is not None:
        _limit_processor_time(seconds)
        try:
            answer = read(content)
        except MemoryError:
            answer = {"code": "pdf-limit", "reason": f"needs more than {memory >> 20} MB of memory"}
        _send(out, answer)


def read(content: bytes) -> dict[str, Any]:
    """What is in a PDF, or why it cannot be read."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            return {"code": "encrypted", "reason": "a PDF that needs a password"}
        return {"code": "broken-pdf", "reason": "a PDF that is broken"}
    with document:
        pages = len(document)
        if pages > MAX_PAGES:
            return {"code": "pdf-limit", "reason": f"a PDF of more than {MAX_PAGES} pages"}
        texts: list[str] = []
        length = pictures = 0
        for number in range(pages):
            try:
                text, has_picture = _page(document, number)
            except pypdfium2.PdfiumError:
                return {"code": "broken-pdf", "reason": f"a PDF whose page {number + 1} is broken"}
            length += len(text)
            if length > MAX_CHARACTERS:
                return {"code": "pdf-limit", "reason": f"a PDF with more than {MAX_CHARACTERS:,} characters of text"}
            texts.append(text)
            pictures += has_picture
    if not pages:
        return {"code": "broken-pdf", "reason": "a PDF without pages"}
    visible = sum(len("".join(text.split())) for text in texts)
    scanned = not visible or (visible < SCAN_CHARACTERS_A_PAGE * pages and pictures * 2 >= pages)
    return {"text": "\n\f".join(texts), "pages": pages, "scanned": scanned}


def _page(document: pypdfium2.PdfDocument, number: int) -> tuple[str, bool]:
    """The text of a page, and whether it has a picture (looked at only where there is hardly a text)."""
    page = document[number]
    try:
        textpage = page.get_textpage()
        try:
            too_much = textpage.count_chars() > MAX_CHARACTERS
            text = "?" * (MAX_CHARACTERS + 1) if too_much else _text(textpage)
        finally:
            textpage.close()
        few = len(text) < 2 * SCAN_CHARACTERS_A_PAGE
        has_picture = few and any(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]))
    finally:
        page.close()
    return text, has_picture


def _text(textpage: pypdfium2.PdfTextPage) -> str:
    """The lines of a page, with an empty one between paragraphs."""
    found: str = textpage.get_text_range()
    # Places in the text count the page's characters, but for what is beyond 16 bits or has no character at all.
    placed = len(found) == textpage.count_chars()
    lines: list[tuple[str, float | None]] = []
    for match in _LINE.finditer(found):
        if not match.group():
            continue  # the end
        line = match.group().replace("\ufffe", "-").rstrip("\r\n")
        first = match.start() + len(line) - len(line.lstrip())
        lines.append((line, _height(textpage, first) if placed and line.strip() else None))
    steps = [above - here for (_, above), (_, here) in pairwise(lines) if above and here and above - here > 1]
    gap = median(steps) * _PARAGRAPH_GAP if steps else 0
    written: list[str] = []
    last: float | None = None
    for line, height in lines:
        if gap and last and height and last - height > gap:
            written.append("")
        written.append(line)
        last = height or last
    return "\n".join(written)


def _height(textpage: pypdfium2.PdfTextPage, place: int) -> float | None:
    """How high on the page the line of the character at ``place`` stands, in points from below."""
    x, y = ctypes.c_double(), ctypes.c_double()
    return y.value if pdfium.FPDFText_GetCharOrigin(textpage.raw, place, x, y) else None


def _limit(name: str, value: int) -> None:
    if resource is not None:
        with suppress(ValueError, OSError, AttributeError):  # not every system has every limit
            resource.setrlimit(getattr(resource, name), (value, value))


def _limit_processor_time(seconds: int) -> None:
    """From now on: should the caller be killed, nobody else would end a reading that takes for ever."""
    if resource is not None:
        with suppress(ValueError, OSError):
            used = resource.getrusage(resource.RUSAGE_SELF)
            soft = int(used.ru_utime + used.ru_stime) + seconds + 1
            resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _receive(stream: BinaryIO) -> bytes | None:
    head = stream.read(8)
    if len(head) < 8:
        return None
    return stream.read(struct.unpack("<Q", head)[0])


def _send(stream: BinaryIO, answer: dict[str, Any]) -> None:
    content = json.dumps(answer).encode("ascii")
    stream.write(struct.pack("<Q", len(content)) + content)
    stream.flush()


if __name__ == "__main__":
    main()
