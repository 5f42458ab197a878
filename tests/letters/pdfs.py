"""Small PDFs of the tests' own making: with text, with pictures only, encrypted, and made to do harm."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable, Sequence

from .builder import Paragraph, single_spaced

_PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
_ID = b"0123456789abcdef"
_PERMISSIONS = -44  # reading and printing
_LINES_A_PAGE = 54


def letter_pdf(paragraphs: Iterable[Paragraph], **ways: object) -> bytes:
    """A letter as a PDF: its lines in pages, more space between paragraphs."""
    lines = single_spaced(paragraphs, 90).split("\n")
    pages = [lines[start : start + _LINES_A_PAGE] for start in range(0, len(lines), _LINES_A_PAGE)]
    return text_pdf(pages, **ways)


def text_pdf(pages: Sequence[Sequence[str]], **ways: object) -> bytes:
    """A PDF of these lines; an empty one is a gap. ``password`` (maybe ""): encrypted with it."""
    return _document([_text_content(lines) for lines in pages], **ways)


def scanned_pdf(pages: int = 1, line: str = "") -> bytes:
    """A PDF whose pages are a picture each; ``line`` is what a fax prints above it."""
    content = b"q 500 0 0 700 50 50 cm /Im1 Do Q"
    return _document([content + (b"\n" + _text_content([line]) if line else b"")] * pages)


def bomb_pdf(megabytes: int) -> bytes:
    """A page whose content is a few kilobytes in the file and ``megabytes`` unpacked."""
    packer = zlib.compressobj(9)
    piece = b"0 0 m 1 1 l S\n" * 75_000
    packed = b"".join(packer.compress(piece) for _ in range(megabytes)) + packer.flush()
    return _document([packed], packed=True)


def looping_pdf(repetitions: int, depth: int = 8, work: bytes = b"BT /F1 9 Tf (x) Tj ET") -> bytes:
    """A page that draws a form that draws a form … each of them many times: work without end in a small file."""
    inner = {f"F{level}": f"/F{level + 1} Do\n".encode() * repetitions for level in range(depth - 1)}
    return _document([b"/F0 Do"], forms=inner | {f"F{depth - 1}": work})


def slow_pdf() -> bytes:
    """A page that takes minutes and hardly any memory."""
    return looping_pdf(300, depth=3, work=b"0 0 m n\n" * 20_000)


# ---- the file -------------------------------------------------------------------------------------------------------
def _text_content(lines: Iterable[str]) -> bytes:
    written = [b"BT /F1 9 Tf 12 TL 50 760 Td"]
    for line in lines:
        text = line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        written.append(b"(" + text + b") Tj T*" if text.strip() else b"0 -12 Td")
    return b"\n".join([*written, b"ET"])


def _document(contents: Sequence[bytes], password: str | None = None, packed: bool = False, forms=None) -> bytes:
    """Objects: 1 catalogue, 2 pages, 3 font, 4 picture, then the forms, then a page and its content in turn."""
    forms = forms or {}
    first_form, first_page = 5, 5 + len(forms)
    named = " ".join(f"/{name} {first_form + place} 0 R" for place, name in enumerate(forms))
    resources = f"<< /Font << /F1 3 0 R >> /XObject << /Im1 4 0 R {named} >> >>".encode()
    kids = " ".join(f"{first_page + 2 * number} 0 R" for number in range(len(contents)))
    objects: list[tuple[bytes, bytes | None]] = [
        (b"<< /Type /Catalog /Pages 2 0 R >>", None),
        (f"<< /Type /Pages /Count {len(contents)} /Kids [{kids}] >>".encode(), None),
        (b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>", None),
        (
            b"/Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 8",
            b"\x80" * 64,
        ),
    ]
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources " + resources
    objects += [(form, content) for content in forms.values()]
    for number, content in enumerate(contents):
        page = first_page + 2 * number
        objects.append(
            (
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources "
                + resources
                + f" /Contents {page + 1} 0 R >>".encode(),
                None,
            )
        )
        objects.append((b"/Filter /FlateDecode" if packed else b"", content))
    return _written(objects, password)


def _written(objects: Sequence[tuple[bytes, bytes | None]], password: str | None) -> bytes:
    lock, key = _lock(password) if password is not None else (b"", b"")
    file = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, (head, stream) in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n" % number
        if stream is None:
            file += head
        else:
            if key:
                stream = _rc4(
                    hashlib.md5(key + struct.pack("<I", number)[:3] + b"\0\0").digest()[: len(key) + 5], stream
                )
            file += b"<< %s /Length %d >>\nstream\n%s\nendstream" % (head, len(stream), stream)
        file += b"\nendobj\n"
    if lock:
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (len(places), lock)
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    file += b"".join(b"%010d 00000 n \n" % place for place in places)
    encrypted = (
        b"/Encrypt %d 0 R /ID [<%s> <%s>]" % (len(places), _ID.hex().encode(), _ID.hex().encode()) if lock else b""
    )
    file += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, encrypted, start)
    return bytes(file)


# ---- the standard encryption of PDF 1.4: RC4 with 40 bits -----------------------------------------------------------
def _lock(password: str) -> tuple[bytes, bytes]:
    """The dictionary of a PDF encrypted with ``password``, and the key of its contents."""
    owner = _rc4(hashlib.md5(_padded("the owner's")).digest()[:5], _padded(password))
    permissions = struct.pack("<i", _PERMISSIONS)
    key = hashlib.md5(_padded(password) + owner + permissions + _ID).digest()[:5]
    head = f"<< /Filter /Standard /V 1 /R 2 /P {_PERMISSIONS}"
    return f"{head} /O <{owner.hex()}> /U <{_rc4(key, _PADDING).hex()}> >>".encode(), key


def _padded(password: str) -> bytes:
    return (password.encode("latin-1") + _PADDING)[:32]


def _rc4(key: bytes, content: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    found = bytearray()
    i = j = 0
    for byte in content:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        found.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(found)
