"""What can be done with a question of the queue. Each time is one QueueAction, with what is needed to undo it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ...letters.redacting import redacted_value
from ...models import UNDECIDED, Case, ParseIssue, QueueAction, Queued, ReaderReport, RemovalRequest
from ...redacted_rows import all_words, words_by_case
from .kinds import KINDS, Kind, kind_of
from .lists import person

LONGEST_WORDS = 4_000  # characters of a question, a reason or an answer
_Status = Queued.Status
_DECIDED = (_Status.DISMISSED.value, _Status.SETTLED.value)


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done: from which states, and to which one (None leaves it)."""

    slug: str
    label: str
    done: str  # what it is called once it is done
    possible: tuple[str, ...]
    status: str | None
    wants_words: bool = False


ACTIONS = MappingProxyType(
    {
        one.slug: one
        for one in (
            Action("accept", "Accept", "accepted", tuple(UNDECIDED), _Status.SETTLED.value),
            Action("dismiss", "Not an error", "found to be no error", tuple(UNDECIDED), _Status.DISMISSED.value),
            Action("ask", "Ask", "asked about", tuple(UNDECIDED), _Status.ASKED.value, wants_words=True),
            Action("assign", "Assign", "assigned", tuple(UNDECIDED), None),
            Action("reopen", "Open again", "opened again", (_Status.ASKED.value, *_DECIDED), _Status.OPEN.value),
        )
    }
)


class AlreadyDecided(Exception):
    """The row is no longer in a state in which this can be done: somebody else was there first, or it is gone."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of an undo: rows that are as they were before, and rows that had changed since and stay."""

    restored: int
    left: int


def decide(kind: Kind, pk: int, action: Action, *, by: str, words: str = "", to: str = "") -> QueueAction:
    """Do ``action`` with one row. ``words``: the question, the reason or the answer. ``to``: who is to see to it.

    Letters that searches find otherwise from now on are marked for the index. Raises AlreadyDecided, and
    ValidationError where words are missing or too long, or nobody is called ``to``.
    """
    words = checked(kind, action, words, to)
    with transaction.atomic():
        found = list(kind.rows().filter(pk=pk, status__in=action.possible).select_for_update(of=("self",)))
        if not found:
            raise AlreadyDecided
        words = redacted_value(words, _hidden(found))
        made = QueueAction(kind=kind_of(found[0]).slug, action=action.slug, why=words, made_by=by)
        made.changes = change(found, action, by=by, words=words, to=to)
        made.rows = len(found)
        made.save()
    return made


def checked(kind: Kind, action: Action, words: str, to: str) -> str:
    """The words without white space around them. Raises ValidationError."""
    words = words.replace("\0", "").strip()
    if len(words) > LONGEST_WORDS:
        raise ValidationError(f"No more than {LONGEST_WORDS:,} characters, please: these are {len(words):,}.")
    if action.wants_words and not words:
        raise ValidationError("Write down what you want to know.")
    if action.slug == "accept" and kind.wants_answer and not words:
        raise ValidationError("Write down what was done about it.")
    if to and person(to) is None:
        raise ValidationError(f"There is nobody called {to}.")
    return words


def change(rows: list[Any], action: Action, *, by: str, words: str, to: str) -> list[dict[str, Any]]:
    """Change rows that are locked and may be changed so; returns what is needed to undo it, a dict a row."""
    changes = []
    words = redacted_value(words, _hidden(rows))
    names = _names({row.assigned_to_id for row in rows})
    assignee, now = person(to), timezone.now()
    assigns = action.slug == "assign" or bool(action.slug == "ask" and to)
    for row in rows:
        before = _state(row, names)
        if action.status:
            row.status = action.status
        if assigns:
            _assign(row, assignee, now)
        if words and (action.slug in ("ask", "reopen") or isinstance(row, RemovalRequest)):
            row.note = f"{row.note}\n{by}: {words}".strip()
        if action.slug == "accept" and isinstance(row, ReaderReport):
            row.answer, row.answered_at = words, now
        after = _state(row, names | {assignee: to})
        changed = [name for name in after if after[name] != before[name]]
        changes.append(
            {"id": row.pk, "before": {name: before[name] for name in changed}, "after": {n: after[n] for n in changed}}
        )
    _save(rows, {name for one in changes for name in one["after"]} | ({"assigned_to"} if assigns else set()))
    _mark(rows, changes)
    return changes


def undo(action: QueueAction, *, by: str) -> Undone:
    """Put the rows of an action back as they were, but for those that something else has changed since.

    Each part of a big one is undone in a transaction of its own: stopped in between, the same call goes on. Raises
    AlreadyDecided if the action is undone already.
    """
    parts = list(action.parts.filter(undone_at=None).values_list("pk", flat=True))
    if action.undone_at or (action.part_of_id is not None):
        raise AlreadyDecided
    done = [undo_part(pk, by) for pk in parts or [action.pk]]
    if parts:
        QueueAction.objects.filter(pk=action.pk).update(undone_at=timezone.now(), undone_by=by)
    return Undone(sum(one.restored for one in done), sum(one.left for one in done))


def undo_part(pk: int, by: str) -> Undone:
    """Undo an action that has no parts. Raises AlreadyDecided if that was done already."""
    with transaction.atomic():
        action = QueueAction.objects.select_for_update().get(pk=pk)
        if action.undone_at:
            raise AlreadyDecided
        model = KINDS[action.kind].model
        changes = {one["id"]: one for one in action.changes}
        found = list(model._default_manager.filter(pk__in=changes).order_by().select_for_update())
        names = _names({row.assigned_to_id for row in found})
        still = [row for row in found if _is_so(row, changes[row.pk]["after"], names)]
        ids = _ids_of({changes[row.pk]["before"].get("assigned_to") for row in still})
        for row in still:
            _restore(row, changes[row.pk]["before"], ids)
        _save(still, {name for row in still for name in changes[row.pk]["before"]})
        _mark(still, [changes[row.pk] for row in still])
        action.undone_at, action.undone_by = timezone.now(), by
        action.save(update_fields=["undone_at", "undone_by"])
    return Undone(len(still), len(action.changes) - len(still))


def _hidden(rows: Iterable[Any]) -> list[str]:
    """What is redacted where the rows belong: what is written about them has none of it either."""
    rows = list(rows)
    if not all(hasattr(row, "case_id") for row in rows):
        return all_words()
    return [words for some in words_by_case({row.case_id for row in rows}).values() for words in some]


# ---- the state of a row -----------------------------------------------------------------------------------------


def _state(row: Queued, names: dict[int | None, str]) -> dict[str, Any]:
    """What actions change of a row, as JSON; people by the names that they log in with."""
    state: dict[str, Any] = {
        "status": row.status,
        "assigned_to": names.get(row.assigned_to_id, ""),
        "note": row.note,
    }
    if isinstance(row, ReaderReport):
        state["answer"] = row.answer
        state["answered_at"] = row.answered_at.isoformat() if row.answered_at else None
    return state


def _is_so(row: Queued, state: dict[str, Any], names: dict[int | None, str]) -> bool:
    now = _state(row, names)
    return all(now[name] == value for name, value in state.items())


def _assign(row: Any, to: int | None, now: datetime) -> None:
    """Give a row to the user with the id ``to``, or to nobody."""
    row.assigned_to_id, row.assigned_at = to, now if to else None


def _restore(row: Any, state: dict[str, Any], ids: dict[str, int]) -> None:
    now = timezone.now()
    for name, value in state.items():
        if name == "assigned_to":
            _assign(row, ids.get(value), now)
        elif name == "answered_at":
            row.answered_at = datetime.fromisoformat(value) if value else None
        else:
            setattr(row, name, value)


def _save(rows: Collection[Queued], names: Collection[str]) -> None:
    """Write the parts ``names`` of the state: rows that end alike together, as nearly all do, in one statement."""
    columns = {"assigned_to": ("assigned_to_id", "assigned_at")}
    fields = [column for name in names for column in columns.get(name, (name,))]
    alike: dict[tuple[Any, ...], list[int]] = {}
    for row in rows if fields else ():
        alike.setdefault(tuple(getattr(row, name) for name in fields), []).append(row.pk)
    for values, ids in alike.items():
        type(next(iter(rows)))._default_manager.filter(pk__in=ids).update(**dict(zip(fields, values, strict=True)))


def _names(ids: Iterable[int | None]) -> dict[int | None, str]:
    users = get_user_model().objects.filter(pk__in=[pk for pk in ids if pk is not None])
    return dict(users.values_list("pk", "username"))


def _ids_of(names: Iterable[str | None]) -> dict[str, int]:
    users = get_user_model().objects.filter(username__in=[name for name in names if name])
    return dict(users.values_list("username", "pk"))


def _mark(rows: Iterable[Queued], changes: Iterable[dict[str, Any]]) -> None:
    """Mark the letters for the index whose open questions, by which visitors search, are others now."""
    touched = {
        row.case_id for row, one in zip(rows, changes, strict=True) if isinstance(row, ParseIssue) and _crosses(one)
    }
    if touched:
        Case.objects.filter(pk__in=touched).update(index_pending=True, updated_at=timezone.now())


def _crosses(one: dict[str, Any]) -> bool:
    """Whether the change leads from undecided to decided, or back."""
    before, after = (one[side].get("status") for side in ("before", "after"))
    return (before in UNDECIDED) != (after in UNDECIDED)
