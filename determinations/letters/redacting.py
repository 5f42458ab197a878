"""Words that are kept from readers: found wherever they stand in a text, and replaced by a mark.

They are found as a reader finds them: in any case, over line ends, hyphens of a typesetter, ligatures and what is
printed at the foot of a page. So they are looked for in the text as it came and in the text that is read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .spans import Span
from .text.clean import clean

MARK = "[redacted]"

_INVISIBLE = "\u00ad\u200b-\u200f\u2060\ufeff"
_BETWEEN_WORDS = rf"[\s{_INVISIBLE}]+"
# Inside a word: characters that show nothing, or a hyphen at a line's end.
_INSIDE_A_WORD = rf"(?:[{_INVISIBLE}]|[-\x02\ufffe][^\S\n]*\r?\n\s*)*"
# The same in what was read from a letter: its lines are joined there, and a hyphen may be left of a line's end.
_INSIDE_A_READ_WORD = rf"(?:[{_INVISIBLE}]|[-\x02\ufffe]\s*)*"
# Characters that stand for each other; a hyphen of the word itself may stand at a line's end, too.
_ALIKE = dict.fromkeys("'’‘ʼ`´", "['’‘ʼ`´]") | dict.fromkeys("-‐‑‒–—", r"[-‐‑‒–—](?:[^\S\n]*\r?\n\s*)?")
_SHORTEST_IN_A_NAME = 3  # characters of a word that is looked for alone in the name of a file
_NAME_GAP = re.compile(r"[_.+-]")
_NO_SLUG, _SLUG_GAP = re.compile(r"[^\w\s-]"), re.compile(r"[-\s]+")
_MARK_IN_A_SLUG = "redacted"

Words = Iterable[str]


def pattern(words: str, inside: str = _INSIDE_A_WORD) -> re.Pattern[str] | None:
    """What finds a word, or several in a row, as whole words; None for nothing.

    ``inside``: what may stand between two letters of a word.
    """
    row = normal(words).split()
    if not row:
        return None
    row = [inside.join(_ALIKE.get(one, re.escape(one)) for one in word) for word in row]
    return re.compile(rf"(?<![^\W_]){_BETWEEN_WORDS.join(row)}(?![^\W_])", re.IGNORECASE)


def _patterns(words: Words, inside: str = _INSIDE_A_WORD) -> list[re.Pattern[str]]:
    return [found for one in words if (found := pattern(one, inside))]


def normal(words: str) -> str:
    """Words as they are compared: ligatures and wide letters as usual ones, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", words).split())


def redacted(text: str, words: Words) -> str:
    """The text of a letter with ``words`` replaced by MARK."""
    return Redacted.of(text, words).text


def redacted_value(value: Any, words: Words) -> Any:
    """A value that was read or written (a text, or JSON of any depth) with ``words`` replaced by MARK."""
    found = _patterns(words, _INSIDE_A_READ_WORD)
    return _in_value(value, found) if found else value


def _in_value(value: Any, found: list[re.Pattern[str]]) -> Any:
    if isinstance(value, str):
        return _replaced(value, _joined(_in_text(value, found)))
    if isinstance(value, list):
        return [_in_value(one, found) for one in value]
    if isinstance(value, dict):
        return {key: _in_value(one, found) for key, one in value.items()}
    return value


def redacted_name(name: str, words: Words) -> str:
    """The name of a file with ``words``, and each of their longer parts, replaced by MARK.

    There words are parted by whatever file names are: "Doe_Jane-2016.pdf".
    """
    parts = {part for one in words for part in (one, *normal(one).split()) if len(part) >= _SHORTEST_IN_A_NAME}
    return _replaced(name, _joined(_in_text(_NAME_GAP.sub(" ", name), _patterns(parts))))


def redacted_path(path: str, words: Words) -> str:
    """The path of a file of no letter without words: its name as redacted_name, folders where all of them stand."""
    words = list(words)
    folders, slash, name = path.rpartition("/")
    spaced = _NAME_GAP.sub(" ", folders)
    return _replaced(folders, _joined(_in_text(spaced, _patterns(words)))) + slash + redacted_name(name, words)


def redacted_slug(slug: str, words: Words) -> str:
    """An address made of a name (lower case, hyphens) with ``words`` replaced as an address has MARK."""
    for one in words:
        if row := _slug(one):
            slug = re.sub(rf"(?<![^\W_]){re.escape(row)}(?![^\W_])", _MARK_IN_A_SLUG, slug)
    return slug


def _slug(words: str) -> str:
    """Words as addresses have them."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return _SLUG_GAP.sub("-", _NO_SLUG.sub("", plain)).strip("-_")


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without some words. ``spans``: where they stood in the text as it came, in order, not touching."""

    text: str
    spans: tuple[Span, ...]

    @classmethod
    def of(cls, original: str, words: Words) -> Redacted:
        """``original`` without ``words``."""
        found = _patterns(words)
        spans = _in_letter(original, found) if found else []
        return cls(_replaced(original, spans), tuple(spans))

    def original_offset(self, offset: int) -> int:
        """The offset in the text as it came of one in this text; inside of a mark that of the first word under it."""
        grown = 0  # how much longer this text is than the one as it came, up to here
        for span in self.spans:
            start = span.start + grown
            if offset <= start:
                break
            if offset < start + len(MARK):
                return span.start
            grown += len(MARK) - (span.end - span.start)
        return offset - grown

    def offset(self, original: int) -> int:
        """The offset in this text of one in the text as it came; inside of words that are gone that of their mark."""
        moved = original
        for span in self.spans:
            if original <= span.start:
                break
            if original < span.end:
                return moved - (original - span.start)
            moved += len(MARK) - (span.end - span.start)
        return moved


def _in_letter(text: str, found: list[re.Pattern[str]]) -> list[Span]:
    """Where the words stand in the text as it came, also where they are whole only in the text that is read."""
    read = clean(text)
    healed = [read.span(*span) for span in _in_text(read.text, found)]
    return _joined([*_in_text(text, found), *healed])


def _in_text(text: str, found: list[re.Pattern[str]]) -> list[Span]:
    return [Span(*match.span()) for one in found for match in one.finditer(text)]


def _joined(spans: list[Span]) -> list[Span]:
    """Spans in order, those that overlap as one."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _replaced(text: str, spans: Sequence[Span]) -> str:
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    return MARK.join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
