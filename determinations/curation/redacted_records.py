"""Redacted words in records that belong to no one letter: what was done to names, decided, logged, or not taken in.

Here the words of a redaction are replaced wherever they stand, whichever letter was meant. What stood there is kept
with the redaction (Redaction.originals: model, id, field, value) and put back when it is lifted.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db import models
from django.db.models import Q

from ..letters.redacting import normal, redacted_path, redacted_slug, redacted_value
from ..models import (
    CategoryRule,
    CredentialWording,
    Drug,
    DrugWording,
    Guideline,
    GuidelineWording,
    Job,
    NameChange,
    OldAddress,
    QueueAction,
    Redaction,
    RejectedFile,
    Specialty,
    TreatmentCategory,
)

Place = tuple[str, int, str]  # model, id, field
Redact = Callable[[Any, Collection[str]], Any]

_NUMBER = re.compile(r" \(\d+\)$|-\d+$")  # what tells two values from each other that became the same
_SHORTEST_IN_A_NAME = 3  # characters; as letters/redacting.py has it for the names of files


@dataclass(frozen=True, slots=True)
class Field:
    """A field of rows that may hold words. ``unique``: no two rows may have the same there."""

    model: type[models.Model]
    name: str
    redact: Redact = redacted_value
    unique: bool = False


def redacted_message(message: str, words: Collection[str]) -> str:
    """A message of the admin's log, which is a sentence or JSON, without words."""
    try:
        parts = json.loads(message)
    except ValueError:
        parts = None
    return json.dumps(redacted_value(parts, words)) if isinstance(parts, list) else redacted_value(message, words)


FIELDS = {
    (one.model.__name__, one.name): one
    for one in (
        Field(NameChange, "summary"),
        Field(NameChange, "why"),
        Field(CategoryRule, "pattern", unique=True),
        Field(CategoryRule, "why"),
        Field(CredentialWording, "note"),
        Field(GuidelineWording, "note"),
        Field(DrugWording, "note"),
        Field(QueueAction, "why"),
        Field(QueueAction, "changes"),
        Field(RejectedFile, "path", redacted_path, unique=True),
        Field(RejectedFile, "reason"),
        Field(RejectedFile, "note"),
        Field(Job, "message"),
        Field(Job, "parameters"),
        Field(LogEntry, "object_repr"),
        Field(LogEntry, "change_message", redacted_message),
        # What a name is called, redacted_names.py replaces: not every name that has the words was made of them.
        Field(Specialty, "name", unique=True),
        Field(Specialty, "slug", redacted_slug, unique=True),
        Field(Guideline, "name", unique=True),
        Field(Guideline, "slug", redacted_slug, unique=True),
        Field(Guideline, "family"),
        Field(Drug, "name", unique=True),
        Field(Drug, "slug", redacted_slug, unique=True),
        Field(Drug, "group"),
        Field(DrugWording, "text", unique=True),
        Field(TreatmentCategory, "name"),
        Field(TreatmentCategory, "slug", redacted_slug, unique=True),
        Field(OldAddress, "slug", redacted_slug, unique=True),
        Field(OldAddress, "now", redacted_slug),
    )
}
_NAMES = (Specialty, Guideline, Drug, DrugWording, TreatmentCategory, OldAddress)


class Kept:
    """What the redactions that hold have kept of such records, but for ``redaction``'s own."""

    def __init__(self, redaction: Redaction) -> None:
        self._kept: dict[Place, list[tuple[str, Any]]] = defaultdict(list)
        others = Redaction.objects.filter(lifted_at=None).exclude(pk=redaction.pk).order_by("id")
        for words, originals in others.values_list("words", "originals"):
            for model, pk, name, value in originals:
                self._kept[model, pk, name].append((words, value))

    def words(self, place: Place) -> list[str]:
        """The words that are redacted at a place already."""
        return [words for words, _ in self._kept.get(place, ())]

    def first(self, place: Place, field: Field, now: Any) -> Any:
        """What stood at a place before anything was redacted there; what was written since is what stands there now."""
        for _, first in self._kept.get(place, ())[:1]:
            if _alike(field, field.redact(first, self.words(place)), now):
                return first
        return now

    def very_first(self, model: str, pk: int, name: str, now: Any) -> Any:
        """What stood at a place that nobody writes to later."""
        return next((first for _, first in self._kept.get((model, pk, name), ())), now)


def hide(redaction: Redaction) -> None:
    """Replace the words of a redaction in every such record, but in names."""
    kept, originals = Kept(redaction), []
    for field in FIELDS.values():
        if field.model not in _NAMES or field.name == "note":
            for row in holding(field, redaction.words):
                originals += replace(row, field, redaction, kept)
    keep(redaction, originals)


def replace(row: models.Model, field: Field, redaction: Redaction, kept: Kept) -> Iterator[list[Any]]:
    """Replace the words in a field of a row; gives what is to be kept, if anything was."""
    now = getattr(row, field.name)
    wanted = field.redact(now, [redaction.words])
    if wanted == now:
        return
    place = (field.model.__name__, row.pk, field.name)
    _write(row, field, wanted)
    yield [*place, kept.first(place, field, now)]


def keep(redaction: Redaction, originals: Iterable[list[Any]]) -> None:
    """Keep what stood in records with a redaction."""
    if more := list(originals):
        redaction.refresh_from_db(fields=["originals"])
        redaction.originals = [*redaction.originals, *more]
        redaction.save(update_fields=["originals"])


def put_back(redaction: Redaction) -> None:
    """Write again what a redaction, which holds no longer, has kept; not over what was written since."""
    kept = Kept(redaction)
    for model, pk, name, first in redaction.originals:
        field = FIELDS.get((model, name))
        row = field and field.model._default_manager.filter(pk=pk).first()
        if not field or row is None:
            continue
        others = kept.words((model, pk, name))
        now = getattr(row, name)
        if _alike(field, field.redact(first, [redaction.words, *others]), now):
            _write(row, field, field.redact(first, others))


def holding(field: Field, words: str) -> Iterator[Any]:
    """The rows whose field may have the words: the database looks for a plain part, which it can in any case."""
    parts = re.findall(r"[A-Za-z0-9]+", normal(words))
    if field.redact is redacted_path:  # there each longer part is looked for alone
        looked_for = [part for part in parts if len(part) >= _SHORTEST_IN_A_NAME]
    else:
        looked_for = [max(parts, key=len, default="")]
    condition = Q(pk__in=[])
    for part in looked_for:
        condition |= Q(**{f"{field.name}__icontains": part})
    rows = field.model._default_manager.filter(condition)
    yield from rows.defer("compressed") if field.model is RejectedFile else rows


def _write(row: models.Model, field: Field, value: Any) -> None:
    """Write a field that others may not have the same of; a name also notes when, by which pages know of it."""
    longest = getattr(field.model._meta.get_field(field.name), "max_length", None)
    if longest and isinstance(value, str):
        value = value[:longest]
    if field.unique:
        value = _free(row, field, value, longest)
    setattr(row, field.name, value)
    noted = [one.name for one in field.model._meta.concrete_fields if one.name == "changed_at"]
    row.save(update_fields=[field.name, *noted])


def _free(row: models.Model, field: Field, value: str, longest: int | None) -> str:
    others = field.model._default_manager.exclude(pk=row.pk)
    found, number = value, 1
    while others.filter(**{field.name: found}).exists():
        number += 1
        ending = f"-{number}" if field.redact is redacted_slug else f" ({number})"
        found = value[: longest - len(ending) if longest else None] + ending
    return found


def _alike(field: Field, one: Any, other: Any) -> bool:
    """Whether two values are the same but for the number that tells one from others that are."""
    longest = getattr(field.model._meta.get_field(field.name), "max_length", None)
    if isinstance(one, str):
        one = one[:longest]
    if field.unique:
        return _NUMBER.sub("", one) == _NUMBER.sub("", other)
    return bool(one == other)
