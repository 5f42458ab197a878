"""A letter's running text as HTML: paragraphs, the words of the search marked, the concluding sentence set off."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ..asking import grammar
from ..asking.marking import mark
from ..letters.meaning.findings import read_finding
from ..letters.types import Finding

# Turns a piece of plain text into HTML in which some words are marked; everything else in it is escaped.
Marker = Callable[[str], str]

# A sentence longer than this says more than the finding (or its end was not found), and is no help at the top.
_LONGEST_CONCLUSION = 400
# Reasons with fewer characters beside the conclusion are as quickly read as a sentence lifted out of them.
_SHORTEST_REST = 120

_LINE_END = re.compile(r"\r\n?|\n")
_PARAGRAPH_END = re.compile(r"\n{2,}")


@dataclass(frozen=True, slots=True)
class Prose:
    """Running text for the page. ``lifted``: its concluding sentence alone, "" if it is not certain or no help."""

    html: SafeString
    lifted: SafeString


def conclusion(rationale: str, finding: str) -> tuple[int, int] | None:
    """Where the one sentence stands that carries the finding: start and end in ``rationale``.

    ``finding``: what the archive holds as the finding of these reasons. None where the reasons conclude nothing or
    conclude both ways, and where today's reading is another than the archive's.
    """
    read, place = read_finding(rationale)
    if place is None or read is Finding.UNCLEAR or read.value != finding:
        return None
    start, end = place
    sentence = rationale[start:end]
    return start + len(sentence) - len(sentence.lstrip()), start + len(sentence.rstrip())


def reasons(rationale: str, finding: str, marked: Marker) -> Prose:
    """The reviewer's reasons, with the concluding sentence set off in its place and given alone as well."""
    place = conclusion(rationale, finding)
    if place is None or place[1] - place[0] > _LONGEST_CONCLUSION:
        return Prose(paragraphs(rationale, marked), mark_safe(""))
    start, end = place
    if len(rationale) - (end - start) < _SHORTEST_REST:
        return Prose(paragraphs(rationale, marked), mark_safe(""))
    lifted = " ".join(rationale[start:end].split())
    return Prose(paragraphs(rationale, marked, place), mark_safe(marked(lifted)))  # noqa: S308 - a Marker escapes


def paragraphs(text: str, marked: Marker, set_off: tuple[int, int] | None = None) -> SafeString:
    """``text`` in paragraphs (an empty line ends one). ``set_off``: a part of it that is put into a <strong>."""
    html = []
    for start, end in _paragraphs(text):
        parts = [(start, end, False)]
        if set_off and start <= set_off[0] < end:
            inside = (set_off[0], min(set_off[1], end))
            parts = [(start, inside[0], False), (*inside, True), (inside[1], end, False)]
        html.append(
            "<p>" + "".join(_part(text[a:b], marked, strong=strong) for a, b, strong in parts if a < b) + "</p>"
        )
    return mark_safe("\n".join(html))  # noqa: S308 - each part is escaped by the Marker


def _paragraphs(text: str) -> list[tuple[int, int]]:
    cuts, last = [], 0
    for match in _PARAGRAPH_END.finditer(text):
        cuts.append((last, match.start()))
        last = match.end()
    cuts.append((last, len(text)))
    return [(start, start + len(text[start:end].rstrip())) for start, end in cuts if text[start:end].strip()]


def _part(text: str, marked: Marker, *, strong: bool) -> str:
    html = _LINE_END.sub("<br>", marked(text))
    return f'<strong class="concludes">{html}</strong>' if strong else html


def marker(words: str, *fields: str, exact: bool = False) -> Marker:
    """Marks what was searched for in any field, or in one of ``fields``. ``exact``: not the synonyms of it."""
    wanted = [one for one in grammar.read(words, exact=exact).positive if one.field in ("", *fields)] if words else []
    return partial(mark, positive=wanted) if wanted else _unmarked


def _unmarked(text: str) -> str:
    return str(escape(text))
