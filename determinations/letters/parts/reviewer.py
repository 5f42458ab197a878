"""The reviewer's credentials: the sentence of 2014 or the credentials lines of later letters.

Which role a credential has: the sentence says "has a subspecialty in …" itself. A list of certifications does not
tell them apart; there the American Board of Medical Specialties does: a certificate that a board grants only on
top of another one (Pain Medicine, Sports Medicine …) is a subspecialty, wherever it is listed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from ... import vocabulary
from ..text.clean import CleanText, heal
from ..text.form_words import CERTIFICATIONS, STATES
from ..types import Credential, Credentials, Found, Issue
from .sections import phrase

# "The expert reviewer is Board Certified in X, has a subspecialty in Y, Z and is licensed to practice in S."
_OPENING = re.compile(r"\breviewer\s+is\s+Board[\s-]+Certified\s+in\s+", re.IGNORECASE)
_HAS_SUBSPECIALTY = re.compile(
    r",?\s+(?:and\s+)?has\s+(?:a\s+)?(?:subspecialty|subspecialties|sub-specialty)\s+in\s+", re.IGNORECASE
)
_IS_LICENSED = re.compile(r",?\s+and\s+is\s+licensed\s+to\s+practice\s+in\s+", re.IGNORECASE)
# The same in other words: "board-certified orthopedic surgeon licensed in California", "is a licensed Psychologist".
_TO = (
    r"(?=\s*(?:[.;]|\Z|,?\s+(?:and\s+)?(?:is\s+|who\s+is\s+)?(?:currently\s+)?(?:also\s+)?licen[sc]ed\b"
    r"|,?\s+(?:and\s+)?(?:has|with|by|in)\b))"
)
_BOARD = re.compile(
    r"\bboard[\s-]+certified(?:\s+(?:in|by\s+the\s+American\s+Board\s+of))?\s+(?P<names>[^.;]{1,200}?)"
    + _TO
    + r"|\bcertified\s+by\s+the\s+American\s+Board\s+of\s+(?P<by>[^.;]{1,200}?)"
    + _TO
    + r"|\bis\s+an?\s+licensed\s+(?P<profession>[^.,;]{1,60}?)"
    + _TO,
    re.IGNORECASE,
)
_SUBSPECIALTY_IN = re.compile(rf"\bsub-?special(?:ty|ties)\s+in\s+(?P<names>[^.;]{{1,200}}?){_TO}", re.IGNORECASE)
_LICENSED_IN = re.compile(
    r"\blicensed\s+(?:to\s+practice\s+)?(?:[a-z]+\s+){0,3}?in\s+(?:the\s+states?\s+of\s+)?(?P<names>[^.;]{1,200}?)(?=[.;]|\Z)",
    re.IGNORECASE,
)
# Names of a profession, by which a specialty may be called.
_PROFESSIONS = (("surgeon", "surgery"), ("ologist", "ology"), ("iatrist", "iatry"), ("doctor of ", ""))
_FULL_STOP = re.compile(r"\.(?=\s|$)")
_STATES_LABEL = r"State\(s\)\s+of\s+Licensure\s*:"
_CERTIFICATIONS_LABEL = r"Certification\(s\)\s*/\s*Specialty\s*:"
_STATES_LINE = re.compile(rf"{_STATES_LABEL}(?P<states>.*?)(?={_CERTIFICATIONS_LABEL}|\n\n|\Z)", re.I | re.S)
_CERTIFICATIONS_LINE = re.compile(rf"{_CERTIFICATIONS_LABEL}(?P<boards>.*?)(?={_STATES_LABEL}|\n\n|\Z)", re.I | re.S)
_SEPARATOR = re.compile(r"[,;]")
_AND = re.compile(r"\s+(?:and|&)\s+", re.IGNORECASE)
_HAS_FORM_TEXT = re.compile(phrase("affiliation with the employer"), re.IGNORECASE)

# The longest list known has 97 characters; more than this is some other text.
_LONGEST_LIST = 1_000
_MOST_PARTS = 8  # of a list that together may be one name: names hold a comma or two

_Known = Callable[[str], object]


def _names(text: str, start: int, end: int, known: _Known) -> Iterator[tuple[int, int]]:
    """The names of a comma-separated list as ranges of ``text``.

    Names may hold commas and "and" themselves: of the ways to join neighbouring parts the longest one that is a
    known name is taken, and a part is cut at an "and" only if all its pieces are known names.
    """
    cuts = [start, *(match.end() for match in _SEPARATOR.finditer(text, start, end)), end + 1]
    parts = [_trim(text, a, b - 1) for a, b in pairwise(cuts)]
    parts = [part for part in parts if part[0] < part[1]]
    at = 0
    while at < len(parts):
        first = parts[at][0]
        taken = next(
            (
                last
                for last in range(min(len(parts), at + _MOST_PARTS), at + 1, -1)
                if known(heal(text[first : parts[last - 1][1]]))
            ),
            at + 1,
        )
        yield from _cut_at_and(text, first, parts[taken - 1][1], known)
        at = taken


def _cut_at_and(text: str, start: int, end: int, known: _Known) -> Iterator[tuple[int, int]]:
    """One part of a list: whole if it is a known name, else in pieces if each piece between "and"s is known."""
    start += len(match.group()) if (match := re.compile(r"and\s+", re.I).match(text, start, end)) else 0
    ands = [(match.start(), match.end()) for match in _AND.finditer(text, start, end)]
    if ands and not known(heal(text[start:end])):
        edges = [start, *(edge for pair in ands for edge in pair), end]
        pieces = list(zip(edges[::2], edges[1::2], strict=True))
        if all(known(heal(text[a:b])) for a, b in pieces):
            yield from pieces
            return
    yield start, end


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without white space, and without a final stop, at its ends."""
    part = text[start:end]
    stripped = part.rstrip().removesuffix(".").rstrip()
    return start + len(part) - len(part.lstrip()), start + len(stripped)


def _specialty(name: str) -> vocabulary.Specialty | None:
    """The specialty of a name, which may be that of its profession ("orthopedic surgeon")."""
    if known := vocabulary.specialty(name):
        return known
    called = name.lower()
    for profession, field in _PROFESSIONS:
        called = called.replace(profession, field)
    return vocabulary.specialty(called) if called != name.lower() else None


class _Reading:
    """Collects what one letter's credentials say."""

    def __init__(self, clean: CleanText) -> None:
        self.clean = clean
        self.boards: list[Credential] = []
        self.subspecialties: list[Credential] = []
        self.states: list[Found[str]] = []
        self.issues: list[Issue] = []

    def add_sentence(self, start: int, end: int) -> None:
        """The sentence of 2014, read from behind "Board Certified in"; one without its other half says nothing."""
        text = self.clean.text
        licensed = _IS_LICENSED.search(text, start, min(end, start + _LONGEST_LIST))
        stop = _FULL_STOP.search(text, licensed.end(), end) if licensed else None
        if not (licensed and stop):
            return
        subspecialty = _HAS_SUBSPECIALTY.search(text, start, licensed.start())
        self.add_credentials(start, (subspecialty or licensed).start(), subspecialties=False)
        if subspecialty:
            self.add_credentials(subspecialty.end(), licensed.start(), subspecialties=True)
        self.add_states(licensed.end(), stop.start())

    def add_free(self, start: int, end: int) -> None:
        """What sentences of another wording say; only what is a known name."""
        text = self.clean.text
        for match in _BOARD.finditer(text, start, end):
            self.add_credentials(*match.span(match.lastgroup or 0), subspecialties=False)
        for match in _SUBSPECIALTY_IN.finditer(text, start, end):
            self.add_credentials(*match.span("names"), subspecialties=True)
        if licensed := _LICENSED_IN.search(text, start, end):
            self.add_states(*licensed.span("names"))

    def _list(self, start: int, end: int, known: _Known) -> Iterator[tuple[int, int]]:
        """The names of a list as ranges of the text; an overlong one is an issue and none."""
        if end - start <= _LONGEST_LIST:
            return _names(self.clean.text, start, end, known)
        message = f"A list of {end - start:,} characters is not read for the reviewer's credentials."
        self.issues.append(Issue("overlong-part", message, self.clean.span(start, end)))
        return iter(())

    def add_credentials(self, start: int, end: int, *, subspecialties: bool) -> None:
        for a, b in self._list(start, end, _specialty):
            found = self.clean.found(a, b)
            specialty = _specialty(found.value)
            if specialty is None:
                message = f"No specialty is known by the name {found.value!r}."
                self.issues.append(Issue("unknown-specialty", message, found.span))
            credential = Credential(found.value, specialty.name if specialty else None, found.span)
            on_top = subspecialties or (specialty is not None and specialty.kind == "subspecialty")
            (self.subspecialties if on_top else self.boards).append(credential)

    def add_states(self, start: int, end: int) -> None:
        for a, b in self._list(start, end, vocabulary.state):
            found = self.clean.found(a, b)
            postal = vocabulary.state(found.value)
            if postal is None:
                message = f"No state is known by the name {found.value!r}."
                self.issues.append(Issue("unknown-state", message, found.span))
            else:
                self.states.append(Found(postal, found.span))

    def result(self) -> Credentials:
        return Credentials(tuple(self.boards), tuple(self.subspecialties), tuple(self.states))


def _line(pattern: re.Pattern[str], printed: str, text: str, start: int, end: int) -> re.Match[str] | None:
    """The line that begins with a label: where the form prints it, which is found fast, or anywhere like it."""
    at = text.find(printed, start, end)
    return pattern.match(text, at, end) if at >= 0 else pattern.search(text, start, end)


def read_credentials(clean: CleanText, start: int, end: int, *, free: bool = False) -> tuple[Credentials, list[Issue]]:
    """The credentials in ``start:end`` of the clean text (from the method paragraph to the summary).

    ``free``: whether sentences of any wording count, as where the form has a section for nothing else.
    """
    reading = _Reading(clean)
    text = clean.text
    told = "oard" in text[start:end] or "BOARD" in text[start:end]  # most letters have lines instead: no search then
    if told and (opening := _OPENING.search(text, start, end)):
        reading.add_sentence(opening.end(), end)
    if free and not (reading.boards or reading.states):
        reading.add_free(start, end)
    if states := _line(_STATES_LINE, STATES, text, start, end):
        reading.add_states(*states.span("states"))
    if certifications := _line(_CERTIFICATIONS_LINE, CERTIFICATIONS, text, start, end):
        reading.add_credentials(*certifications.span("boards"), subspecialties=False)
    issues = reading.issues
    if not (reading.boards or reading.subspecialties):
        where = _HAS_FORM_TEXT.search(clean.text, start, end)
        span = clean.span(*where.span()) if where else clean.span(start, start)
        issues.append(Issue("no-credentials", "The letter does not say what the reviewer is certified in.", span))
    return reading.result(), issues
