"""What was decided on the questions of readings and on files that could not be taken in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...models import ParseIssue, RejectedFile
from .lines import CHANGED, UNCHANGED, Line, Placing, Unplaced, checked
from .names import STATE, decided, put_state, state


@dataclass(frozen=True, slots=True)
class Issues:
    """Questions of readings, known by the letter's text, their code, their place in it, and their words."""

    name: str = "issue"
    rewrites: bool = False

    _PLACE = ("code", "start", "end", "message")

    def lines(self) -> Iterator[Line]:
        """Those that somebody decided on."""
        rows = ParseIssue.objects.filter(decided()).select_related("source", "assigned_to")
        rows = rows.defer("source__compressed", "source__extracted").order_by("case_id", "pk")
        for row in rows.iterator(chunk_size=1_000):
            place = {key: getattr(row, key) for key in self._PLACE}
            yield {"text_sha256": row.source.text_sha256, **place, **state(row)}

    def place(self, line: Line, placing: Placing) -> str:
        """Decide on the question in that place; where its words have changed, on the only one of its code there."""
        checked(line, ("text_sha256", *self._PLACE, *STATE))
        where = {key: line[key] for key in ("code", "start", "end")}
        try:
            rows = list(ParseIssue.objects.filter(source__text_sha256=line["text_sha256"], **where))
        except (TypeError, ValueError):
            raise Unplaced("its place is none") from None
        meant = [row for row in rows if row.message == line["message"]] or rows
        if len(meant) != 1:
            raise Unplaced(f"the letter raises no such question here: {line['code']}, {line['message']}")
        if not put_state(meant[0], line, placing):
            return UNCHANGED
        placing.pending.add(meant[0].case_id)
        return CHANGED


@dataclass(frozen=True, slots=True)
class Rejected:
    """Files that could not be taken in, known by the hash of their bytes and why."""

    name: str = "rejected"
    rewrites: bool = False

    def lines(self) -> Iterator[Line]:
        """Those that somebody decided on."""
        rows = RejectedFile.objects.filter(decided()).exclude(sha256="").defer("compressed")
        for row in rows.select_related("assigned_to").order_by("pk").iterator(chunk_size=1_000):
            yield {"sha256": row.sha256, "code": row.code, **state(row)}

    def place(self, line: Line, placing: Placing) -> str:
        """Decide on every file with those bytes."""
        checked(line, ("sha256", "code", *STATE))
        rows = list(RejectedFile.objects.filter(sha256=line["sha256"], code=line["code"]).defer("compressed"))
        if not rows or not line["sha256"]:
            raise Unplaced(f"no file was rejected here with the hash {line['sha256']!r} for {line['code']!r}")
        changed = [put_state(row, line, placing) for row in rows]
        return CHANGED if any(changed) else UNCHANGED
