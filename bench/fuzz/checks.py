"""What must hold for every text and every file."""

from __future__ import annotations

import dataclasses
import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from enum import Enum
from io import BytesIO
from typing import Any

from determinations.letters import Found, Issue, Letter, Span, UnreadableSource, parse_letter, source_of
from determinations.letters.accounting import account
from determinations.letters.explained import explained
from determinations.letters.forms.several import parts
from determinations.letters.inputs.archives import Member, looks_like_archive, members_of_stream
from determinations.letters.inputs.files import Reading, read_letters
from determinations.letters.record import readable, record
from determinations.letters.text.clean import clean
from determinations.letters.text.form_words import (
    CERTIFICATIONS,
    CLAIMS_ADMINISTRATOR,
    HEADINGS,
    MAXIMUS,
    RATIONALE,
    STATES,
)

from .words import modules

SLOW = 20e-6  # seconds a character; a letter takes about a tenth of a microsecond
LEAST = 0.5  # seconds: what takes less is not slow
_LIMIT = 30.0  # seconds of CPU after which a text is given up
_UNPRINTABLE = {chr(code) for code in (*range(9), *range(14, 32), 127)}
_MENDED = (CLAIMS_ADMINISTRATOR, MAXIMUS, RATIONALE, STATES, CERTIFICATIONS, "following credentials:", *HEADINGS)
_LARGEST = 2**31 - 1  # of an integer column
_LENGTHS = {"case_number": 20, "format": 40, "code": 40}  # of the columns that they are stored in


class Broken(AssertionError):
    """Something that must hold does not."""


class TooSlow(Broken):
    """The reader takes far more time than the length of the text asks for."""


def broken(text: str | bytes, *, thorough: bool = False) -> str:
    """What is wrong with the reading of ``text``, in one line that is the same for the same fault; "" if nothing is.

    ``thorough``: also with all caches emptied, and what is made of a reading.
    """
    try:
        if isinstance(text, bytes):
            _check_bytes(text)
        else:
            _check(text, thorough)
    except Exception as error:
        trace = error.__traceback__
        places = []
        while trace:
            code = trace.tb_frame.f_code
            if "/determinations/" in code.co_filename:
                places.append(f"{code.co_filename.rpartition('/letters/')[2]}:{code.co_name}")
            trace = trace.tb_next
        where = "" if isinstance(error, Broken) else f" in {places[-1] if places else '?'}"
        return f"{type(error).__name__}{where}: {str(error)[:120] if isinstance(error, Broken) else ''}"
    return ""


def message_of(text: str | bytes) -> str:
    """The error's own words, for the report."""
    try:
        _check_bytes(text) if isinstance(text, bytes) else _check(text, True)
    except Exception as error:
        return repr(error)[:500]
    return ""


@contextmanager
def in_time(length: int, what: str) -> Iterator[None]:
    """Raises TooSlow if what is done takes too much processor time for a text of ``length`` characters."""

    def stop(*_: object) -> None:
        raise TooSlow(what)

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, max(_LIMIT, 2 * SLOW * length))
    start = time.process_time()
    try:
        yield
        took = time.process_time() - start
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    if took > max(LEAST, SLOW * length):
        raise TooSlow(what)


def _check(text: str, thorough: bool) -> None:
    with in_time(len(text), "parse_letter"):
        letter = parse_letter(text)
    check_values(letter, len(text))
    if [one.span.start for one in letter.issues] != sorted(one.span.start for one in letter.issues):
        raise Broken("issues out of order")
    with in_time(len(text), "account"):
        pieces = account(text, letter)
    position = 0
    for piece in pieces:
        if piece.span.start != position or piece.span.end <= position:
            raise Broken("pieces do not touch")
        position = piece.span.end
    if position != len(text):
        raise Broken("pieces do not reach the end")
    with in_time(len(text), "parts"):
        spans = parts(text)
    if "".join(text[one.start : one.end] for one in spans) != text or any(one.start > one.end for one in spans):
        raise Broken("parts are not the whole text")
    reading = Reading("x", letter)
    json.dumps(record(reading), allow_nan=False).encode()
    if parse_letter(text) != letter:
        raise Broken("a second reading differs")
    if thorough:
        _check_values_are_the_text(text, letter)
        _check_line_ends(text, letter)
        clear_caches()
        if parse_letter(text) != letter:
            raise Broken("a reading with empty caches differs")
        readable(record(reading)).encode()
        with in_time(len(text) * 2, "explained"):
            "\n".join(explained(text, letter))


def _check_line_ends(text: str, letter: Letter) -> None:
    """Line ends of another kind make no difference to what is read."""
    if (
        "\r" not in text
        and "\x0c" not in text
        and record(Reading("x", _unplaced(letter)))
        != record(Reading("x", _unplaced(parse_letter(text.replace("\n", "\r\n")))))
    ):
        raise Broken("line ends make a difference")


def _unplaced(letter: Letter) -> Letter:
    """The letter with its issues as codes only: their places and numbers may differ."""
    return dataclasses.replace(letter, issues=tuple(Issue(one.code, "", Span(0, 0)) for one in letter.issues))


def _check_values_are_the_text(text: str, letter: Letter) -> None:
    """The words of a value are those of its place, but for what pages repeat."""
    if not text.isascii() or set(text) & _UNPRINTABLE:
        return
    feet = [False] * len(text)
    for foot in clean(text).footers:
        feet[foot.span.start : foot.span.end] = [True] * (foot.span.end - foot.span.start)
    found = [("clinical_summary", letter.clinical_summary), ("listed", letter.listed), ("amended", letter.amended)]
    found += [("documents", one) for one in letter.documents]
    for item in letter.items:
        found += [("treatment", item.treatment), ("title", item.title), ("rationale", item.rationale)]
        sides = (item.claims_administrator, item.reviewer)
        # A statement may be words from both sides of what is cited.
        found += [("citation", Found(one.text, one.span)) for side in sides for one in side.citations]
    patient = letter.patient
    found += [("mechanism", patient.mechanism), ("denial", patient.denial)]
    for name, one in found:
        # Damaged labels are mended wherever they stand ("MAXIMUSguidelines :").
        if one and not any(words in one.value for words in _MENDED):
            here = "".join(
                text[at] for at in range(one.span.start, one.span.end) if not feet[at] and text[at].isalnum()
            )
            if here.lower() != "".join(filter(str.isalnum, one.value)).lower():
                raise Broken(f"the words of {name} are not those of its place")


def _check_bytes(content: bytes) -> None:
    try:
        with in_time(len(content), "source_of"):
            source = source_of(content)
    except UnreadableSource:
        source = None
    with in_time(len(content) * 2, "read_letters"):
        readings = read_letters(Member("x.txt", content))
    if looks_like_archive(content[:512]):
        with in_time(len(content) * 50, "members_of_stream"):
            members = list(members_of_stream(BytesIO(content), "x", {}))
        readings += [reading for member in members for reading in read_letters(member)]
    for reading in readings:
        if (reading.letter is None or reading.letter.format == "unknown") != bool(reading.code):
            raise Broken("a reading that is neither letter nor rejected")
        if reading.letter:
            check_values(reading.letter, 10**9)
            json.dumps(record(reading), allow_nan=False).encode()
    if source:
        _check(source.text, False)


def clear_caches() -> None:
    """Empty every cache of the reader."""
    for module in modules():
        for value in list(vars(module).values()):
            if callable(clear := getattr(value, "cache_clear", None)):
                clear()


def check_values(value: Any, length: int, name: str = "letter") -> None:
    """Every span lies in the text, every value can be stored in a database and written as JSON."""
    if isinstance(value, Span):
        if not 0 <= value.start <= value.end <= length:
            raise Broken(f"span outside the text: {name}")
    elif isinstance(value, tuple):
        for one in value:
            check_values(one, length, name)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            own = field.name if field.name not in ("value", "span") else ""
            check_values(getattr(value, field.name), length, f"{name}.{own}" if own else name)
        if isinstance(value, Letter) and value.case_number and len(value.case_number.value) > _LENGTHS["case_number"]:
            raise Broken("case number too long")
        if isinstance(value, Letter) and value.priority and value.priority.value not in ("Standard", "Expedited"):
            raise Broken("no such priority")
    else:
        _check_plain(value, name)


def _check_plain(value: Any, name: str) -> None:
    if isinstance(value, str):
        if "\0" in value:
            raise Broken(f"NUL in {name}")
        if any("\ud800" <= one <= "\udfff" for one in value):
            raise Broken(f"surrogate in {name}")
        if isinstance(value, Enum) or not value.isascii():
            value.encode()
        if len(value) > _LENGTHS.get(name.rpartition(".")[2], len(value)):
            raise Broken(f"too long: {name}")
    elif isinstance(value, Decimal):
        if not value.is_finite() or abs(value) > _LARGEST:
            raise Broken(f"number out of range: {name}")
    elif isinstance(value, int):
        if abs(value) > _LARGEST:
            raise Broken(f"number out of range: {name}")
    elif value is not None and not isinstance(value, date):
        raise Broken(f"a {type(value).__name__} in {name}")
