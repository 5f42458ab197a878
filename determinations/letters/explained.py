"""A letter for a terminal: each line of its text with the names of what it was read as."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from .accounting import Kind, Piece, account
from .types import Letter

_COLOURS = {
    Kind.FIELD: "1",  # bold
    Kind.FORM: "2",  # faint
    Kind.PAGE: "2",
    Kind.DOUBT: "33",  # yellow
    Kind.UNACCOUNTED: "7;31",  # red, reversed
}


def explained(source: str, letter: Letter, *, colour: bool = False) -> Iterator[str]:
    """Every line of ``source`` with its number and, behind it, the names of its pieces; then the issues.

    Names are those of ``account``: "case_number", "items.0.rationale", "form", "page", "unaccounted". Characters that
    a terminal would act on are written as escapes.
    """
    pieces = account(source, letter)
    at = start = 0
    starts = [0]
    for number, line in enumerate(source.splitlines(keepends=True), 1):
        end = start + len(line)
        while at < len(pieces) and pieces[at].span.end <= start:
            at += 1
        ahead = at
        while ahead < len(pieces) and pieces[ahead].span.start < end:
            ahead += 1
        here = pieces[at:ahead] if line.strip() else ()
        words = "".join(_words(source, piece, start, end, colour=colour) for piece in here).rstrip()
        names = ", ".join(dict.fromkeys(name for piece in here for name in _names(piece)))
        yield f"{number:5} | {words}{'   <- ' if names else ''}{names}".rstrip()
        start = end
        starts.append(start)
    for issue in letter.issues:
        yield f"! {issue.code} in line {bisect_right(starts, issue.span.start)}: {issue.message}"


def _names(piece: Piece) -> tuple[str, ...]:
    """The names of all that a piece belongs to."""
    if piece.kind is Kind.BLANK:
        return ()
    return piece.fields if piece.kind is Kind.FIELD else (piece.name, *piece.fields)


def _words(source: str, piece: Piece, start: int, end: int, *, colour: bool) -> str:
    words = source[max(start, piece.span.start) : min(end, piece.span.end)].rstrip("\r\n\f\v\x85\u2028\u2029")
    words = "".join(
        character if character.isprintable() else ascii(character)[1:-1] if character != "\t" else " "
        for character in words
    )
    code = _COLOURS.get(piece.kind) if colour and words.strip() else None
    return f"\x1b[{code}m{words}\x1b[0m" if code else words
