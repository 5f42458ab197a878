r"""Which encoding bytes are in, and their text.

Told by the byte order mark, by the zero bytes of UTF-16, by being valid UTF-8; else by what the bytes above 127 would
say in each of the one-byte encodings that people have: "don\xd5t" is "don’t" in Mac Roman and "donÕt" in Windows-1252.
"""

from __future__ import annotations

import codecs
import re
from itertools import islice

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ONE_BYTE = ("cp1252", "mac-roman")
_LOOKED_AT = 4096  # bytes, for the zero bytes of UTF-16
_ENOUGH = 10_000  # characters beyond ASCII, to tell one-byte encodings apart
# Python's own names for the handlers of stray bytes, see _decode_stray.
_STRAY = "imr-stray-"

_HIGH_RUN = re.compile(r"[^\x00-\x7f]+")
_TYPOGRAPHIC = frozenset("‘’“”–—…•·\xa0½¼¾°±×µ§®©™€≤≥²³«»")
_USUAL_LETTERS = frozenset("éèêëáàâäíîïóôöúùûüñçÉÑÜÖÄ")


def encoding_of(content: bytes) -> str:
    """The name of the encoding that ``content`` is in, as ``decode`` takes it.

    "utf-8+cp1252" is UTF-8 with stray bytes of Windows-1252.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    if b"\0" in content[:_LOOKED_AT] and (encoding := _utf_16_without_mark(content[:_LOOKED_AT])):
        return encoding
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _one_byte_encoding(content)
    return "utf-8"


def decode(content: bytes, encoding: str) -> str:
    """The text of ``content``. Bytes that the encoding leaves undefined become U+FFFD; nothing is dropped."""
    base, _, stray = encoding.partition("+")
    return content.decode(base, errors=_STRAY + stray if stray else "replace")


def _decode_stray(encoding: str) -> None:
    """Let ``errors="imr-stray-…"`` read in ``encoding`` what is no UTF-8."""

    def handler(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        return error.object[error.start : error.end].decode(encoding, errors="replace"), error.end

    codecs.register_error(_STRAY + encoding, handler)


for _name in _ONE_BYTE:
    _decode_stray(_name)


def _utf_16_without_mark(start: bytes) -> str:
    """UTF-16 of a text in Latin letters has a zero in every second byte."""
    pairs = len(start) // 2
    first, second = start[0 : pairs * 2 : 2].count(0), start[1::2].count(0)
    for encoding, zeros, others in (("utf-16-le", second, first), ("utf-16-be", first, second)):
        if zeros > pairs * 0.6 and others < pairs * 0.02 + 1:
            return encoding
    return ""


def _one_byte_encoding(content: bytes) -> str:
    """The encoding of bytes that are no UTF-8 as a whole: the more plausible one; Windows-1252 if both are alike."""
    mixed = "utf-8+" if _has_utf8_marks(content) else ""
    windows, mac = (_plausibility(decode(content, mixed + name)) for name in _ONE_BYTE)
    return mixed + ("mac-roman" if mac > max(windows, 0) else "cp1252")


def _has_utf8_marks(content: bytes) -> bool:
    """Whether some of the bytes above 127 are UTF-8 for what English letters hold (a quote, a fraction, an "é")."""
    text = content.decode("utf-8", errors="ignore")
    return any(one in _TYPOGRAPHIC or one in _USUAL_LETTERS for run in _HIGH_RUN.findall(text) for one in run)


def _plausibility(text: str) -> int:
    """How well the characters beyond ASCII fit what stands around them, in an English text."""
    places = (place for run in _HIGH_RUN.finditer(text) for place in range(*run.span()))
    return sum(
        _fit(text[place], text[max(0, place - 1) : place] or "\n", text[place + 1 : place + 2] or "\n")
        for place in islice(places, _ENOUGH)
    )


def _fit(one: str, before: str, after: str) -> int:
    """Points for one character between two others: 2 certain, 1 likely, 0 no evidence, below it unlikely."""
    fits: bool | None = None
    if one in "’‘":
        fits = before.isalnum() or after.isalpha()
    elif one == "“":
        fits = not before.isalnum() and not after.isspace()
    elif one == "”":
        fits = not before.isspace() and not after.isalnum()
    elif one in "–—":
        fits = before.isspace() == after.isspace()
    elif one in "•·":
        fits = before.isspace()
    elif one in "½¼¾":
        fits = not before.isalpha()
    elif one in "°²³":
        fits = before.isalnum() or before.isspace()
    if fits is not None:
        return 2 if fits else -1
    if one.isalpha():
        return _fit_of_letter(one, before, after)
    return 1 if one in _TYPOGRAPHIC or one in "ﬁﬂ" else -2


def _fit_of_letter(one: str, before: str, after: str) -> int:
    if one.isupper() and (before.islower() or before.isdigit()):
        return -3
    if not before.isalpha() and not after.isalpha():
        return -2  # a letter that stands alone is none
    return 1 if one in _USUAL_LETTERS else -1
