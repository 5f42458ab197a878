"""What people wrote about a letter, redacted with it and put back; redacted_records.py has what is of no one letter.

A redaction keeps what it changed as it was (Redaction.originals), so that it can be lifted.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from ..letters.redacting import Redacted, redacted_name, redacted_value
from ..models import (
    Case,
    Correction,
    LetterSource,
    ParseIssue,
    ReaderReport,
    Redaction,
)

Place = tuple[str, int, str]  # model, id, field

_FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    Correction: ("item_words", "read", "reads_now", "value", "why", "retired_why"),
    ParseIssue: ("message", "note"),
    ReaderReport: ("place", "words", "answer", "note"),
    LetterSource: ("file_name",),
}
_OWN = {model.__name__ for model in _FIELDS}


@dataclass(slots=True)
class Values:
    """What was written about a letter, as it stood before a redaction is made or lifted."""

    case: Case
    before: tuple[str, ...]  # words that were redacted
    originals: dict[Place, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Case) -> Values:
        """The values of a letter as they stand now."""
        values = cls(case, tuple(case.redacted_words))
        for redaction in case.redactions.filter(lifted_at=None):
            for model, pk, name, value in redaction.originals:
                if model in _OWN:
                    values.originals[model, pk, name] = value
        return values

    def write(self, words: Collection[str]) -> None:
        """Redact ``words`` in every value, and no others; what stood there first is kept with the redactions."""
        kept: dict[Place, Any] = {}
        for model, names in _FIELDS.items():
            for row in model._default_manager.filter(case=self.case).only(*names):
                changed = {}
                for name in names:
                    place, now = (model.__name__, row.pk, name), getattr(row, name)
                    first = self._first(place, now)
                    wanted = _redacted(name, first, words)
                    if wanted != first:
                        kept[place] = first
                    if wanted != now:
                        changed[name] = wanted
                if changed:
                    model._default_manager.filter(pk=row.pk).update(**changed)
        self._move_issues(words)
        self._keep(kept)

    def _first(self, place: Place, now: Any) -> Any:
        """What was written at a place before anything was redacted; what was written later is what stands there."""
        first = self.originals.get(place, now)
        return first if _redacted(place[2], first, self.before) == now else now

    def _keep(self, kept: dict[Place, Any]) -> None:
        for redaction in Redaction.objects.filter(case=self.case, lifted_at=None):
            own = [redaction.words]
            mine = [one for one in redaction.originals if one[0] not in _OWN]
            mine += [[*place, value] for place, value in kept.items() if _redacted(place[2], value, own) != value]
            if mine != redaction.originals:
                Redaction.objects.filter(pk=redaction.pk).update(originals=mine)

    def _move_issues(self, words: Collection[str]) -> None:
        """Questions stay where they are in the text, so that what was decided on them is known again."""
        for source in self.case.sources.all():
            issues = list(source.issues.all())
            if not issues:
                continue
            text = source.original_text
            was, is_now = Redacted.of(text, self.before), Redacted.of(text, words)
            for issue in issues:
                issue.start = is_now.offset(was.original_offset(issue.start))
                issue.end = max(issue.start, is_now.offset(was.original_offset(issue.end)))
            ParseIssue.objects.bulk_update(issues, ["start", "end"])


def _redacted(name: str, value: Any, words: Collection[str]) -> Any:
    return redacted_name(value, words) if name == "file_name" else redacted_value(value, words)
