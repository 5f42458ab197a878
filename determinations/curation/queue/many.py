"""Deciding on all that a filter finds: first a preview of exactly what will change, then in batches."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from ...models import QueueAction, RejectedFile
from .deciding import Action, change, checked
from .kinds import COUNTED_UP_TO, Kind, kind_of
from .lists import AROUND_IN_LIST, Entry, Wanted, shown

FIRST_SHOWN = 10  # rows of a preview
BATCH = 1_000  # rows that are changed in one transaction


class PreviewOutdated(Exception):
    """What the filter finds is no longer what the preview showed."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an action would change: at most COUNTED_UP_TO rows at a time.

    ``stamp`` stands for exactly these rows: doing it asks for the same. ``more``: whether the filter finds still more.
    """

    action: Action
    rows: int
    more: bool
    by_kind: tuple[tuple[Kind, int], ...]
    first: tuple[Entry, ...]
    stamp: str


def preview(wanted: Wanted, action: Action) -> Preview:
    """What ``action`` would change of what is ``wanted``. Raises ValidationError if it cannot be done to them."""
    ids, more = _found(wanted, action)
    kinds: Counter[str] = Counter()
    of = {}
    for some in _batches(ids):
        for row in wanted.kind.rows().filter(pk__in=some).only(*_needed(wanted.kind)):
            of[kind_of(row).slug] = kind_of(row)
            kinds[kind_of(row).slug] += 1
    return Preview(
        action=action,
        rows=len(ids),
        more=more,
        by_kind=tuple((of[slug], number) for slug, number in kinds.most_common()),
        first=shown(wanted.kind, ids[:FIRST_SHOWN], AROUND_IN_LIST),
        stamp=_stamp(ids),
    )


def decide_many(wanted: Wanted, action: Action, *, stamp: str, words: str = "", to: str = "") -> QueueAction:
    """Do ``action`` with the rows of the preview that ``stamp`` stands for; ``wanted.by`` does it.

    A batch is a transaction and a part of the action that is returned; what is done stays done if it is stopped, and is
    undone with it. A row that is decided meanwhile is passed by: ``rows`` is how many were changed. Raises
    PreviewOutdated, and ValidationError as ``decide`` does.
    """
    words = checked(wanted.kind, action, words, to)
    ids, _ = _found(wanted, action)
    if not ids or _stamp(ids) != stamp:
        raise PreviewOutdated
    whole = QueueAction.objects.create(kind=wanted.kind.slug, action=action.slug, why=words, made_by=wanted.by)
    for some in _batches(ids):
        _decide_batch(wanted, action, some, whole, words, to)
    whole.refresh_from_db()
    return whole


def _decide_batch(wanted: Wanted, action: Action, ids: Sequence[int], whole: QueueAction, words: str, to: str) -> None:
    with transaction.atomic():
        rows = wanted.kind.rows().filter(pk__in=ids, status=wanted.status).select_for_update(of=("self",))
        if wanted.kind.model is RejectedFile:
            rows = rows.defer("compressed")
        by_kind = sorted(rows, key=lambda row: (kind_of(row).slug, row.pk))
        for slug, of_kind in groupby(by_kind, key=lambda row: kind_of(row).slug):
            some = list(of_kind)
            QueueAction.objects.create(
                kind=slug,
                action=action.slug,
                part_of=whole,
                changes=change(some, action, by=wanted.by, words=words, to=to),
                rows=len(some),
                why=words,
                made_by=wanted.by,
            )
        QueueAction.objects.filter(pk=whole.pk).update(rows=F("rows") + len(by_kind))


def _found(wanted: Wanted, action: Action) -> tuple[list[int], bool]:
    """The ids of the rows, and whether there are more than are done at a time."""
    if wanted.status not in action.possible:
        raise ValidationError(f"What is {wanted.status} cannot be {action.done}.")
    ids = list(wanted.rows().order_by("pk").values_list("pk", flat=True)[: COUNTED_UP_TO + 1])
    return ids[:COUNTED_UP_TO], len(ids) > COUNTED_UP_TO


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _stamp(ids: Sequence[int]) -> str:
    return hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest()[:32]


def _needed(kind: Kind) -> tuple[str, ...]:
    """The columns that tell of what kind a row is."""
    names = {field.name for field in kind.model._meta.concrete_fields}
    return tuple({"code", "origin", "severity"} & names) or ("pk",)
