r"""Characters that stand for others: ligatures, glyphs of symbol fonts, text that was decoded wrongly.

Each step says what is to be replaced where, and ``clean`` does it with its offset map. Only what is certain is healed:
mojibake must be the UTF-8 of a quote, dash, blank, sign, fraction or accented letter, read as Windows-1252 or Latin-1
(once, or again and again); "Ã" that is followed by anything else stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from types import MappingProxyType

Edit = tuple[int, int, str]  # start and end in the text, and what stands there afterwards

LIGATURES = MappingProxyType(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}  # the long s too
)
# Glyphs of the fonts Symbol and Wingdings, which Windows keeps at U+F000 and up. What Symbol has at these places are
# signs that letters use; the bullets of both fonts are one.
SYMBOLS = MappingProxyType(
    {"\uf0b0": "°", "\uf0b1": "±", "\uf0a3": "≤", "\uf0b3": "≥", "\uf0b4": "×", "\uf06d": "µ", "\uf0ae": "→"}
)
BULLETS = frozenset("\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf06c\uf06e\uf071\uf0a8\uf0e0\uf0f0\uf0be\uf0d2\uf02d\uf0a1\uf09f")
_LIGATURE = re.compile("[ﬀ-ﬆ]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_FULL_WIDTH = re.compile("[\uff01-\uff5e]+")
# Letters that a pattern which minds no capitals takes for "i", "s" and "k", while ``str.lower`` does not.
TWINS = MappingProxyType({"İ": "I", "ı": "i", "ſ": "s", "\u212a": "K"})
_TWIN = re.compile(f"[{''.join(TWINS)}]")
_MANY = 200  # characters: a longer run of mojibake is healed in pieces

# ---- mojibake -------------------------------------------------------------------------------------------------

# Windows-1252 as browsers read it: a byte that it leaves undefined is the control character of the same number.
_BYTE_OF = {bytes([byte]).decode("cp1252", errors="ignore") or chr(byte): byte for byte in range(128, 256)}
_BYTE_OF |= {chr(byte): byte for byte in range(128, 160)}
_TRAIL = "".join(re.escape(one) for one, byte in _BYTE_OF.items() if byte < 0xC0)
# The first bytes of the UTF-8 of what is healed; looked for first, since hardly any letter has one.
_LEADS = "ÂÃÄÅâï"
# Of what was read wrongly twice, the first time's "ƒ", "ˆ" and "˜" begin with "Æ" and "Ë".
_MOJIBAKE = re.compile(f"[{_LEADS}][{_TRAIL}{_LEADS}ÆË]{{1,{_MANY}}}|Â(?=[ \r\n]|\\Z)")
_SIGNS = frozenset({"Pd", "Pi", "Pf", "Po", "Ps", "Pe", "Sm", "Sc", "So", "Sk", "No", "Lo", "Zs", "Cf"})


def _is_usual(one: str) -> bool:
    """Whether ``one`` is what an English letter may hold beyond ASCII, or what that becomes when it is read wrongly."""
    code = ord(one)
    if 0x80 <= code <= 0x17F:
        return True
    if 0x2000 <= code <= 0x27BF or code in (0x192, 0x2C6, 0x2DC, 0xFEFF):
        return code == 0x192 or unicodedata.category(one) in _SIGNS
    return one in LIGATURES


@lru_cache(maxsize=1024)
def _healed(run: str) -> tuple[Edit, ...]:
    """The edits that heal the mojibake in a run of characters, twice-encoded too; none if nothing is certain.

    Offsets count from the run's start.
    """
    if run == "Â":
        return ((0, 1, ""),)  # a no-break space, whose second half has become the blank that follows
    best = now = [(one, 1) for one in run]  # each character, and how many of the run it stands for
    controls = _controls(now)
    while (later := _healed_once(now)) != now:
        now = later
        if _controls(now) <= controls:  # those that come up on the way must go again
            best = now
    edits, place = [], 0
    for one, width in best:
        if width > 1:
            edits.append((place, place + width, one))
        place += width
    return tuple(edits)


def _controls(run: list[tuple[str, int]]) -> int:
    return sum("\x80" <= one <= "\x9f" for one, _ in run)


def _healed_once(run: list[tuple[str, int]]) -> list[tuple[str, int]]:
    found, place = [], 0
    while place < len(run):
        first = _BYTE_OF.get(run[place][0], 0)
        length = 2 if 0xC2 <= first <= 0xC6 or first == 0xCB else 3 if first in (0xE2, 0xEF) else 0
        part = run[place : place + length]
        if length and len(part) == length and (one := _decoded([character for character, _ in part])):
            found.append((one, sum(width for _, width in part)))
            place += length
        else:
            found.append(run[place])
            place += 1
    return found


def _decoded(part: list[str]) -> str:
    try:
        one = bytes(_BYTE_OF[character] for character in part).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return ""
    return one if _is_usual(one) else ""


_TELLING = (*_LEADS, *TWINS)

# ---- the steps ------------------------------------------------------------------------------------------------


def mojibake(text: str) -> list[Edit]:
    """``â€™`` is "’", ``Â½`` is "½", ``Ã©`` is "é"."""
    return [
        (match.start() + start, match.start() + end, new)
        for match in _MOJIBAKE.finditer(text)
        for start, end, new in _healed(match.group())
    ]


def ligatures(text: str) -> list[Edit]:
    """The letters of "ﬁ", "ﬂ" and their like."""
    return _changed(text, _LIGATURE, LIGATURES.__getitem__)


def private_use(text: str) -> list[Edit]:
    """Glyphs of symbol fonts are the sign that they show, a bullet, or a blank."""
    return _changed(text, _PRIVATE, lambda one: "•" if one in BULLETS else SYMBOLS.get(one, " "))


def full_width(text: str) -> list[Edit]:
    """Full-width letters, digits and signs are the ordinary ones."""
    return _changed(text, _FULL_WIDTH, lambda run: "".join(chr(ord(one) - 0xFEE0) for one in run))


def twins(text: str) -> list[Edit]:
    """The Turkish i with a dot too many or too few, the long s and the sign for kelvin are the letters they look like.

    A word that a pattern has found ("Expedıted") is then one that a table knows.
    """
    return _changed(text, _TWIN, TWINS.__getitem__)


STEPS = (mojibake, ligatures, private_use, full_width, twins)


def steps_for(text: str) -> tuple[Callable[[str], list[Edit]], ...]:
    """The steps that ``text`` needs: none for nearly every letter, which is seen without a pattern."""
    if text.isascii():
        return ()
    encoded = text.encode("utf-8", errors="surrogatepass")
    # Ligatures, full-width forms and private glyphs are U+E000 to U+FFFF, whose UTF-8 begins with EE or EF.
    odd = b"\xef" in encoded or b"\xee" in encoded or any(one in text for one in _TELLING)
    return STEPS if odd else ()


def _changed(text: str, pattern: re.Pattern[str], becomes: Callable[[str], str]) -> list[Edit]:
    return [
        (match.start(), match.end(), new)
        for match in pattern.finditer(text)
        if (new := becomes(match.group())) != match.group()
    ]
