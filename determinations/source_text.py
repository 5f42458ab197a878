"""A letter's text with every value's words marked: what the source page shows.

The text is read again by today's parser, which takes a millisecond, since only a reading has the places of its values.
Fields are taken from the reading as they are: a value that the parser learns to read is marked without any change here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from enum import Enum
from itertools import pairwise
from typing import Any

from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from . import vocabulary
from .letters import PARSER_VERSION, Issue, Letter, parse_letter
from .letters.accounting import Kind, Piece, account
from .letters.facts import Reason
from .models import LetterSource, ParseIssue

# The longest letter known has 60,000 characters. What is longer is cut here; the whole text is a file of its own.
LONGEST_SHOWN = 150_000
_LONGEST_VALUE = 140  # characters of a value in the list of fields


@dataclass(frozen=True, slots=True)
class Field:
    """One value that was read. ``path``: its place in the reading ("items.0.rationale")."""

    number: int
    path: str
    label: str
    value: str

    @property
    def anchor(self) -> str:
        """The id of the field in the list."""
        return f"field-{self.path.replace('.', '-')}"

    @property
    def words(self) -> str:
        """The id of its words in the text."""
        return words_anchor(self.path)


@dataclass(frozen=True, slots=True)
class Question:
    """An issue of the reading; ``dismissed``: a curator found that the reading is right."""

    letter: str
    issue: Issue
    dismissed: bool

    @property
    def anchor(self) -> str:
        """The id of the issue in the list."""
        return f"question-{self.letter}"

    @property
    def words(self) -> str:
        """The id of the words that it speaks of."""
        return f"words-{self.letter}"


@dataclass(slots=True)
class MarkedText:
    """The text of one version of a letter, marked; the fields (in groups) and the questions that it is marked by."""

    html: SafeString
    groups: list[tuple[str, list[Field]]]
    questions: list[Question]
    cut_at: int | None  # how many characters are shown, None for all
    length: int
    read_by: int  # the version of the parser that the stored reading was made by
    parser_version: int = field(default=PARSER_VERSION)

    @property
    def field_count(self) -> int:
        """How many fields there are."""
        return sum(len(group) for _, group in self.groups)


def words_anchor(path: str) -> str:
    """The id of a field's words on the source page."""
    return f"words-{path.replace('.', '-')}"


def marked(source: LetterSource) -> MarkedText:
    """The text of ``source`` with the marks of today's reading."""
    text = source.text
    part = text[:LONGEST_SHOWN]
    letter = parse_letter(part)
    pieces = account(part, letter)
    groups = _groups(letter, {path for piece in pieces for path in piece.fields})
    questions = list(_questions(letter, source))
    by_path = {one.path: one for _, group in groups for one in group}
    return MarkedText(
        html=mark_safe("".join(_html(part, pieces, by_path, questions))),  # noqa: S308 - every part is escaped there
        groups=groups,
        questions=questions,
        cut_at=len(part) if len(part) < len(text) else None,
        length=len(text),
        read_by=source.parser_version,
    )


# ---- fields and questions -------------------------------------------------------------------------------------

# Labels by the path without its numbers; what is not here is called by its own name.
LABELS = {
    "case_number": "Case number",
    "dates.assigned": "Date assigned",
    "dates.of_injury": "Date of injury",
    "dates.ur_denial": "UR denial date",
    "dates.received": "Application received",
    "dates.decision": "Decision date",
    "reviewer.board_certifications": "Board certification",
    "reviewer.subspecialties": "Subspecialty",
    "reviewer.licensed_states": "Licensed in",
    "clinical_summary": "Clinical case summary",
    "items.treatment": "Heading",
    "items.title": "In dispute",
    "items.outcome": "Outcome",
    "items.claims_administrator": "Claims administrator’s guideline line",
    "items.claims_administrator.statement": "Claims administrator’s statement",
    "items.claims_administrator.citations": "Claims administrator’s guideline",
    "items.reviewer": "Reviewer’s guideline line",
    "items.reviewer.statement": "Reviewer’s statement",
    "items.reviewer.citations": "Reviewer’s guideline",
    "items.rationale": "Reasons",
    "items.conclusion": "Finding of the reasons",
    "items.reasons": "Reason",
    "items.modification": "Granted by utilization review",
    "items.repeats": "Stated again",
    "items.request.quantity": "Quantity",
    "items.request.doses": "Dose",
    "items.request.frequency": "Frequency",
    "items.request.duration": "Duration",
    "items.request.refills": "Refills",
    "items.request.body_parts": "Body part",
    "items.request.drugs": "Drug",
    "items.request.procedures": "Procedure",
    "patient.age": "Age",
    "patient.sex": "Sex",
    "patient.mechanism": "How the injury happened",
    "patient.body_parts": "Body part",
    "patient.diagnoses": "Diagnosis",
    "patient.prior_treatments": "Treatment before",
    "patient.surgeries": "Surgery before",
    "patient.denial": "Utilization review’s denial",
    "documents": "Document reviewed",
    "determination": "Determination of the cover page",
    "amended": "Amended",
    "listed": "Listed in the application",
    "repeats": "Given again",
}
_GROUPS = {
    "case_number": "Header",
    "dates": "Header",
    "priority": "Header",
    "reviewer": "Reviewer’s credentials",
    "clinical_summary": "Clinical summary",
    "patient": "Patient and course of the injury",
    "documents": "Documents reviewed",
    "determination": "Header",
    "amended": "Header",
    "listed": "Header",
    "repeats": "Header",
}


def _groups(letter: Letter, paths: set[str]) -> list[tuple[str, list[Field]]]:
    """The fields with words in the text, in the order of the reading, under the part of the letter they belong to."""
    groups: dict[str, list[Field]] = {}
    for number, path in enumerate(sorted(paths, key=_reading_order), 1):
        alone = path.endswith(".0") and f"{path[:-1]}1" not in paths
        found = Field(number, path, label(path.removesuffix(".0") if alone else path), _value(letter, path))
        groups.setdefault(_group(letter, path), []).append(found)
    return list(groups.items())


_ORDER = {name: position for position, name in enumerate(one.name for one in fields(Letter))}


def _reading_order(path: str) -> tuple[int, list[tuple[int, str]]]:
    """Letter's own order at the top, numbers as numbers, and below that by what labels stand first."""
    top, *rest = path.split(".")
    return _ORDER[top], [(int(part), "") if part.isdigit() else (_position(part), part) for part in rest]


_BELOW = {path.rpartition(".")[2]: position for position, path in reversed(list(enumerate(LABELS)))}


def _position(name: str) -> int:
    return _BELOW.get(name, len(_BELOW))


def _group(letter: Letter, path: str) -> str:
    top, *rest = path.split(".")
    if top == "items":
        return f"Item {int(rest[0]) + 1} of {len(letter.items)}"
    return _GROUPS.get(top, _own_name(top))


def _own_name(name: str) -> str:
    return name.replace("_", " ").capitalize()


def label(path: str) -> str:
    """What a field is called: "Reviewer’s guideline 2"."""
    names = [part for part in path.split(".") if not part.isdigit()]
    last = path.rpartition(".")[2]
    number = f" {int(last) + 1}" if last.isdigit() else ""
    return LABELS.get(".".join(names), _own_name(names[-1])) + number


def _value(letter: Letter, path: str) -> str:
    """The value at ``path`` for a reader."""
    *above, last = path.split(".")
    owner: Any = letter
    for part in above:
        owner = owner[int(part)] if part.isdigit() else getattr(owner, part)
    if path.startswith("items.") and last == "conclusion":
        return str(owner.finding.value)
    value = owner[int(last)] if last.isdigit() else getattr(owner, last)
    if isinstance(value, Reason):
        reason = vocabulary.reasons().get(value.code)
        return reason.label if reason else value.code
    return Truncator(shown(value)).chars(_LONGEST_VALUE)


def shown(value: Any) -> str:
    """A value of any kind in a few words: a Found's own value, else the words and names that it is made of."""
    if value is None:
        return ""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date):
        return date_format(value, "F j, Y")
    if isinstance(value, tuple):
        return ", ".join(map(shown, value))
    if not is_dataclass(value):
        return str(value)
    parts = {one.name: getattr(value, one.name) for one in fields(value)}
    if "value" in parts:
        return shown(parts["value"])
    if "unit" in parts:
        return f"{_range(parts, 'number')} {parts['unit']}{'' if parts['number'] == 1 else 's'}"
    if "period" in parts:
        return f"{_range(parts, 'times')} a {parts['period']}"
    unknown = any(name in parts and not parts[name] for name in ("name", "guideline"))
    names = ["text"] if unknown else [name for name in _NAMING if parts.get(name)] or ["text"]
    return ", ".join(shown(parts[name]) for name in names if parts.get(name))


# What names a value that has parts; its words stand in the text.
_NAMING = ("name", "guideline", "generic", "part", "side", "kind", "count", "code", "section", "pages")


def _range(parts: dict[str, Any], name: str) -> str:
    return f"{parts['low']}–{parts[name]}" if parts.get("low") else str(parts[name])


def _questions(letter: Letter, source: LetterSource) -> Iterator[Question]:
    dismissed = set(
        ParseIssue.objects.filter(source=source, status=ParseIssue.Status.DISMISSED).values_list("code", "start", "end")
    )
    for number, issue in enumerate(letter.issues):
        known = (issue.code, issue.span.start, issue.span.end) in dismissed
        yield Question(_letters(number), issue, known)


def _letters(number: int) -> str:
    """a, b, … z, aa, ab …: questions are lettered, fields numbered."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("a") + rest) + name
    return name


# ---- the text as HTML -----------------------------------------------------------------------------------------

_Mark = Field | Question


def _html(text: str, pieces: tuple[Piece, ...], by_path: dict[str, Field], questions: list[Question]) -> Iterator[str]:
    """The text as HTML, in which nothing but tags was added to it.

    Marks that overlap are cut so that each closes within what it was opened in; a cut mark's first part has its id.
    """
    stack: list[_Mark] = []
    begun: set[str] = set()
    for start, end, piece, marks in _segments(text, pieces, by_path, questions):
        kept = 0
        while kept < min(len(stack), len(marks)) and stack[kept] is marks[kept]:
            kept += 1
        yield from ("</span>" if isinstance(mark, Field) else "</mark>" for mark in reversed(stack[kept:]))
        for mark in marks[kept:]:
            yield _opened(mark, begun)
        stack = marks
        if start < end:
            yield _words(text[start:end], piece, by_path, begun)
    yield from ("</span>" if isinstance(mark, Field) else "</mark>" for mark in reversed(stack))


def _segments(
    text: str, pieces: tuple[Piece, ...], by_path: dict[str, Field], questions: list[Question]
) -> Iterator[tuple[int, int, Piece | None, list[_Mark]]]:
    """The text cut at the ends of pieces and of questions' words, each part with its marks, the outermost first."""
    waiting = deque(sorted(questions, key=lambda question: question.issue.span.start))
    open_questions: list[Question] = []
    spans = [question.issue.span for question in questions]
    edges = {0, len(text), *(edge for span in spans for edge in (span.start, span.end))}
    cuts = sorted(edges | {piece.span.start for piece in pieces})
    at = 0
    for start, end in [*pairwise(cuts), (len(text), len(text))]:
        while at < len(pieces) and pieces[at].span.end <= start:
            at += 1
        piece = pieces[at] if at < len(pieces) else None
        fields_here: list[_Mark] = [by_path[path] for path in piece.fields] if piece else []
        open_questions = [question for question in open_questions if question.issue.span.end > start]
        while waiting and waiting[0].issue.span.start <= start:
            question = waiting.popleft()
            if question.issue.span.end > start:
                open_questions.append(question)
            else:
                yield start, start, piece, [*fields_here, *open_questions, question]
        yield start, end, piece, [*fields_here, *open_questions]


def _opened(mark: _Mark, begun: set[str]) -> str:
    first = mark.words not in begun
    begun.add(mark.words)
    if isinstance(mark, Field):
        if not first:
            return '<span class="read">'
        return format_html('<span class="read" id="{}" data-number="{}">', mark.words, mark.number)
    settled = " flagged--dismissed" if mark.dismissed else ""
    if not first:
        return format_html('<mark class="flagged{}">', settled)
    return format_html(
        '<mark class="flagged{}" id="{}">'
        '<a class="flag" href="#{}" aria-label="Question {}" title="{}" data-letter="{}"></a>',
        settled,
        mark.words,
        mark.anchor,
        mark.letter,
        mark.issue.message,
        mark.letter,
    )


def _words(words: str, piece: Piece | None, by_path: dict[str, Field], begun: set[str]) -> str:
    """The words of one part of the text. Those of a field lead to it; only a field's first words are a tab stop."""
    if piece is None or piece.kind is Kind.BLANK or not words.strip():  # a link needs words
        return escape(words)
    if piece.kind is not Kind.FIELD:
        return format_html('<span class="not-read not-read--{}">{}</span>', piece.kind.value, words)
    found = by_path[piece.fields[-1]]
    if found.anchor in begun:
        return format_html('<a href="#{}" tabindex="-1" draggable="false">{}</a>', found.anchor, words)
    begun.add(found.anchor)
    return format_html('<a href="#{}" title="{}" draggable="false">{}</a>', found.anchor, found.label, words)
