"""What people wrote about a letter, and the names that were made of its words: redacted with it, and put back.

A redaction keeps what it changed as it was (Redaction.originals), so that it can be lifted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db import models
from django.db.models import Q

from ..letters.redacting import Redacted, normal, pattern, redacted_name, redacted_value
from ..models import (
    Case,
    Correction,
    CredentialWording,
    GuidelineWording,
    LetterSource,
    ParseIssue,
    ReaderReport,
    Redaction,
    Reviewer,
)

Place = tuple[str, int, str]  # model, id, field

_FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    Correction: ("item_words", "read", "reads_now", "value", "why", "retired_why"),
    ParseIssue: ("message", "note"),
    ReaderReport: ("place", "words", "answer", "note"),
    LetterSource: ("file_name",),
}


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
            mine = [[*place, value] for place, value in kept.items() if _redacted(place[2], value, own) != value]
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


# ---- names that were made of the words ------------------------------------------------------------------------------


def forget_names(words: str) -> None:
    """Delete wordings with these words that no letter has any more, and take the words out of the admin's log.

    To be called when the letter is written anew.
    """
    found = pattern(words)
    if not found:
        return
    for wording in _holding(GuidelineWording.objects.filter(citations=None), "text", words, found):
        wording.delete()
    for wording in _holding(CredentialWording.objects.all(), "text", words, found):
        Reviewer.objects.filter(wordings=wording, cases=None).delete()
        if not wording.credentials.exists():
            wording.delete()
    for entry in _holding(LogEntry.objects.all(), "object_repr", words, found):
        LogEntry.objects.filter(pk=entry.pk).update(object_repr=redacted_value(entry.object_repr, [words]))
    for entry in _holding(LogEntry.objects.all(), "change_message", words, found):
        LogEntry.objects.filter(pk=entry.pk).update(change_message=redacted_value(entry.change_message, [words]))


def _holding(rows: models.QuerySet, name: str, words: str, found: re.Pattern[str]) -> Iterator[Any]:
    """The rows whose text has the words: the database looks for the longest plain part, which it can in any case."""
    plain = max(re.findall(r"[A-Za-z0-9]+", normal(words)) or [""], key=len)
    for row in rows.filter(Q(**{f"{name}__icontains": plain})):
        if found.search(getattr(row, name)):
            yield row
