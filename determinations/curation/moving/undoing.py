"""Changes of names and actions of the queue with what is needed to undo them in another archive.

What they keep are ids. A line has names in their place: a record by what it is called (``=Pain Medicine``, a category
by its path), one that is gone by its number in the file (``#12``), a wording by its text, a rule by when it was made
and its pattern, a question of the queue by the letter's text, its code, place and words.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from ...models import (
    CategoryRule,
    CredentialWording,
    DrugWording,
    GuidelineWording,
    NameChange,
    ParseIssue,
    QueueAction,
    ReaderReport,
    RejectedFile,
    RemovalRequest,
)
from ..names_state import KINDS as NAMES
from ..names_state import TREATMENT, State
from ..names_state import Kind as Names
from ..queue.kinds import KINDS as QUEUE
from .lines import CREATED, Line, Placing, Records, Unplaced, checked, read, written

_NOWHERE = 0  # the id of a row that this archive has not: it is left out of an undo


@dataclass(frozen=True, slots=True)
class Undoable:
    """Records with what undoes them: ``more`` are its keys, ``told`` says it of a row, ``put`` writes it to one."""

    records: Records
    more: tuple[str, ...]
    told: Callable[[Any], Line]
    put: Callable[[Any, Line, Placing], None]
    rewrites: bool = False

    @property
    def name(self) -> str:
        return self.records.name

    @property
    def model(self) -> type[models.Model]:
        """Of what the records are."""
        return self.records.model

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys of a line."""
        return (*self.records.keys, *self.more)

    def lines(self) -> Iterator[Line]:
        """Each record in the order in which they were made."""
        for row in self.model._default_manager.order_by("pk").iterator(chunk_size=200):
            yield {name: written(row, name) for name in self.records.keys} | self.told(row)

    def place(self, line: Line, placing: Placing) -> str:
        """Make the record with what undoes it, or bring the one that is there to what the line says."""
        checked(line, self.keys)
        own = {name: line[name] for name in self.records.keys}
        became = self.records.place(own, placing)
        if became == CREATED:
            known = {name: read(self.model, name, own[name], placing) for name in self.records.identity}
            row = self.model._default_manager.filter(**known).latest("pk")
            self.put(row, line, placing)
        return became


# ---- changes of names -----------------------------------------------------------------------------------------------


class _Elsewhere(Exception):
    """Something that a change speaks of is not here."""


def told_of_change(change: NameChange) -> Line:
    """The states before and after a change; both null if something in them can no longer be named."""
    try:
        return {side: _named_state(NAMES[change.names], getattr(change, side)) for side in ("before", "after")}
    except (_Elsewhere, KeyError, TypeError, ValueError):
        return {"before": None, "after": None}


def put_change(change: NameChange, line: Line, placing: Placing) -> None:
    """Write the states; without them if something that they speak of is not here."""
    if not (line["before"] and line["after"]):
        return
    kind = NAMES[change.names]
    try:
        gone = _Gone(kind, (line["before"], line["after"]), placing)
        change.before, change.after = (_state(kind, line[side], gone) for side in ("before", "after"))
    except (_Elsewhere, KeyError, TypeError, ValueError, AttributeError):
        placing.remarks.append(f"not all names that “{change.summary}” speaks of are here: it cannot be undone here")
        return
    change.save(update_fields=["before", "after"])


def _named_state(kind: Names, state: State) -> State | None:
    if not state:
        return None
    found: State = {
        "records": {_named(kind, pk): _named_fields(kind, fields) for pk, fields in state["records"].items()},
        "wordings": {_text(kind, pk): _named(kind, record) for pk, record in state["wordings"].items()},
        "addresses": dict(state["addresses"]),
        "rules": {_rule_name(pk): _named(TREATMENT, category) for pk, category in state["rules"].items()},
    }
    if "statuses" in state:
        found["statuses"] = {_text(kind, pk): status for pk, status in state["statuses"].items()}
    return found


def _named_fields(kind: Names, fields: dict[str, Any] | None) -> dict[str, Any] | None:
    if fields is None:
        return None
    found = dict(fields)
    if "parents" in found:
        found["parents"] = [_named(kind, pk) for pk in found["parents"]]
    if "parent_id" in found:
        found["parent_id"] = _named(kind, found["parent_id"])
    return found


def _named(kind: Names, pk: Any) -> str | None:
    if pk is None:
        return None
    column = "slug" if kind is TREATMENT else "name"
    name = kind.model.objects.filter(pk=int(pk)).values_list(column, flat=True).first()
    return f"#{int(pk)}" if name is None else f"={name}"


def _text(kind: Names, pk: str) -> str:
    return str(_one(kind.wordings.objects.filter(pk=int(pk)).values_list("text", flat=True)))


def _rule_name(pk: str) -> str:
    pattern, made_at = _one(CategoryRule.objects.filter(pk=int(pk)).values_list("pattern", "made_at"))
    return f"{made_at.isoformat()} {pattern}"


def _one(rows: Any) -> Any:
    found = rows.first()
    if found is None:
        raise _Elsewhere
    return found


class _Gone:
    """The ids here of records that are gone: of one that is about to go its own, else one that no record will have."""

    def __init__(self, kind: Names, states: tuple[State, State], placing: Placing) -> None:
        self._kind, self._ids = kind, placing.gone
        self._slugs = {
            name: fields["slug"] for state in states for name, fields in state["records"].items() if fields is not None
        }

    def id(self, name: str) -> int:
        """The id of the record ``#12``."""
        place = (self._kind.name, name)
        if place not in self._ids:
            rows = self._kind.model.objects.filter(slug=self._slugs.get(name, ""))
            self._ids[place] = rows.values_list("pk", flat=True).first() or self._never_given()
        return self._ids[place]

    def _never_given(self) -> int:
        """An id that the database has given, and does not give again."""
        row = self._kind.model(name=uuid.uuid4().hex, slug=uuid.uuid4().hex)
        row.save()
        pk = int(row.pk)
        row.delete()
        return pk


def _state(kind: Names, told: State, gone: _Gone) -> State:
    found: State = {
        "records": {str(_id(kind, name, gone)): _fields(kind, one, gone) for name, one in told["records"].items()},
        "wordings": {
            str(_wording(kind, text)): _id(kind, name, gone) if name else None
            for text, name in told["wordings"].items()
        },
        "addresses": dict(told["addresses"]),
        "rules": {str(_rule(rule)): _id(TREATMENT, name, gone) for rule, name in told["rules"].items()},
    }
    if "statuses" in told:
        found["statuses"] = {str(_wording(kind, text)): status for text, status in told["statuses"].items()}
    return found


def _fields(kind: Names, told: dict[str, Any] | None, gone: _Gone) -> dict[str, Any] | None:
    if told is None:
        return None
    found = dict(told)
    if "parents" in found:
        found["parents"] = sorted(_id(kind, name, gone) for name in found["parents"])
    if found.get("parent_id") is not None:
        found["parent_id"] = _id(kind, found["parent_id"], gone)
    return found


def _id(kind: Names, name: str, gone: _Gone) -> int:
    if name.startswith("#"):
        return gone.id(name)
    column = "slug" if kind is TREATMENT else "name"
    return int(_one(kind.model.objects.filter(**{column: name[1:]}).values_list("pk", flat=True)))


def _wording(kind: Names, text: str) -> int:
    return int(_one(kind.wordings.objects.filter(text=text).values_list("pk", flat=True)))


def _rule(name: str) -> int:
    made_at, _, pattern = name.partition(" ")
    return int(_one(CategoryRule.objects.filter(pattern=pattern, made_at=made_at).values_list("pk", flat=True)))


# ---- actions of the queue -------------------------------------------------------------------------------------------

_OF_ISSUE = ("code", "start", "end", "message")


def told_of_action(action: QueueAction) -> Line:
    """For each row which one it is (null if it is gone), and its state before and after; of a part which whole."""
    whole = action.part_of.made_at.isoformat() if action.part_of else None
    model = QUEUE[action.kind].model if action.kind in QUEUE else None
    ids = [one["id"] for one in action.changes if isinstance(one, dict)]
    rows = _rows(model, ids) if model and ids else {}
    changes = [
        {"row": _row_name(rows.get(one["id"])), "before": one["before"], "after": one["after"]}
        for one in action.changes
        if isinstance(one, dict)
    ]
    return {"part_of": whole, "changes": changes}


def _rows(model: type[models.Model], ids: list[int]) -> dict[int, Any]:
    rows = model._default_manager.filter(pk__in=ids)
    if model is ParseIssue:
        rows = rows.select_related("source").defer("source__compressed", "source__extracted")
    elif model is ReaderReport:
        rows = rows.select_related("case")
    elif model is RejectedFile:
        rows = rows.defer("compressed")
    return {row.pk: row for row in rows}


def _row_name(row: Any) -> Line | None:
    if isinstance(row, ParseIssue):
        return {"text_sha256": row.source.text_sha256, **{name: getattr(row, name) for name in _OF_ISSUE}}
    if isinstance(row, ReaderReport):
        return {"case": written(row, "case"), "made_at": row.made_at.isoformat()}
    if isinstance(row, RemovalRequest):
        return {"address": row.address, "made_at": row.made_at.isoformat()}
    if isinstance(row, RejectedFile):
        return {"sha256": row.sha256, "code": row.code}
    return {"text": row.text} if isinstance(row, CredentialWording | GuidelineWording | DrugWording) else None


def put_action(action: QueueAction, line: Line, placing: Placing) -> None:
    """Write what was changed, in this archive's ids; a row that is not here is counted as one that is left."""
    if line["part_of"]:
        wholes = QueueAction.objects.filter(action=action.action, made_at=line["part_of"], part_of=None)
        action.part_of = wholes.exclude(pk=action.pk).first()
        if action.part_of is None:
            raise Unplaced("the action that it is a part of is not here")
    model = QUEUE[action.kind].model if action.kind in QUEUE else None
    action.changes = [
        {"id": _row_id(model, one["row"], placing), "before": one["before"], "after": one["after"]}
        for one in line["changes"]
    ]
    action.save(update_fields=["changes", "part_of"])


def _row_id(model: type[models.Model] | None, name: Line | None, placing: Placing) -> int:
    if model is None or name is None:
        return _NOWHERE
    told: dict[str, Any]
    if model is ParseIssue:
        told = {key: name[key] for key in _OF_ISSUE} | {"source__text_sha256": name["text_sha256"]}
    else:
        told = {key: read(model, key, value, placing) for key, value in name.items()}
    return model._default_manager.filter(**told).order_by("pk").values_list("pk", flat=True).first() or _NOWHERE
