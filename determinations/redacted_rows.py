"""Redacted words in what is stored of letters: rows of a reading, and what comes in again of a redacted letter.

A letter is read from its text without those words (LetterSource.text). What a reading or a correction brings together
anew out of pieces is looked at here once more, in the transaction that writes it.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db import models

from .letters import decode, parse_letter
from .letters.inputs.files import Reading
from .letters.redacting import redacted, redacted_name, redacted_value
from .models import Case, DisputedItem, GuidelineCitation, ParseIssue, Redaction

_TEXTS = (models.CharField, models.TextField, models.JSONField)
_KEPT = {"number", "slug", "letter_format", "priority", "determination", "code", "status", "severity", "origin", "side"}


def words_by_case(case_ids: Collection[int]) -> dict[int, list[str]]:
    """The words that are redacted in cases, for those that have any."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Redaction.objects.filter(case__in=case_ids, lifted_at=None).order_by("id")
    for case_id, words in rows.values_list("case_id", "words"):
        found[case_id].append(words)
    return dict(found)


def all_words() -> list[str]:
    """The words that are redacted in any letter."""
    return list(Redaction.objects.filter(lifted_at=None).order_by("id").values_list("words", flat=True))


def read_without(reading: Reading, words: Collection[str]) -> Reading:
    """A reading of the text without ``words``; the bytes that came in are kept."""
    if not words:
        return reading
    if reading.extractor:
        text = zlib.decompress(reading.extracted).decode("utf-8", "surrogatepass")
    else:
        text = decode(zlib.decompress(reading.compressed), reading.encoding)
    return replace(reading, letter=parse_letter(redacted(text, words)), path=redacted_name(reading.path, words))


def hide(case_ids: Collection[int]) -> None:
    """Replace redacted words in all rows that were read of cases."""
    for case_id, words in words_by_case(case_ids).items():
        for rows in (
            Case.objects.filter(id=case_id),
            DisputedItem.objects.filter(case=case_id),
            GuidelineCitation.objects.filter(item__case=case_id),
            ParseIssue.objects.filter(case=case_id),
        ):
            for row in rows:
                _hide(row, words)


def _hide(row: models.Model, words: Collection[str]) -> None:
    changed: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if isinstance(field, _TEXTS) and field.name not in _KEPT and not field.choices:
            before = field.value_from_object(row)
            after = redacted_value(before, words)
            if after != before:
                changed[field.name] = after
    if changed:
        type(row)._default_manager.filter(pk=row.pk).update(**changed)
