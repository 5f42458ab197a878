"""Rows as lines and lines as rows: each row is known by names that every archive of the same letters has, never by ids.

A letter is known by its address, a version of it by the hash of its text, a person by the name to log in with, a
category by its path, other canonical records by their names. Times are ISO 8601 with their offset.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from ...corrections.fields import field as correctable
from ...models import (
    Case,
    Correction,
    DisputedItem,
    Drug,
    Guideline,
    LetterSource,
    Specialty,
    TreatmentCategory,
    Withholding,
)
from .. import addresses

FORMAT, VERSION = "imr-curation", 1
Line = dict[str, Any]
CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"


class NotCuration(Exception):
    """The file is none that this version can read."""


class Unplaced(Exception):
    """A line has no place in this archive; the message says why."""


@dataclass(slots=True)
class Placing:
    """What an import has to do once a line stands: ``pending``: cases that searches have to learn of.

    ``remarks``: about lines that were placed, but not wholly. ``gone``: kind and number in the file of records that are
    gone -> the ids that they have in this archive.
    """

    pending: set[int] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)
    gone: dict[tuple[str, str], int] = field(default_factory=dict)


class Kind(Protocol):
    """One kind of lines."""

    name: str
    rewrites: bool  # whether the letter of a line has to be written anew

    def lines(self) -> Iterator[Line]:
        """The lines of this archive, without their kind."""
        ...

    def place(self, line: Line, placing: Placing) -> str:
        """Make the archive say what ``line`` does; returns what became of it. Raises Unplaced."""
        ...


# ---- stable names -----------------------------------------------------------------------------------------------

# Model -> by which of its fields a row is known, and what it is called in a sentence.
_KNOWN_BY: dict[type[models.Model], tuple[str, str]] = {
    Case: ("slug", "letter with the address"),
    LetterSource: ("text_sha256", "letter whose text has the hash"),
    TreatmentCategory: ("slug", "category"),
    Specialty: ("name", "specialty"),
    Guideline: ("name", "guideline"),
    Drug: ("name", "drug"),
}


def named(row: models.Model | None) -> str | None:
    """The stable name of a row."""
    if row is None:
        return None
    if isinstance(row, get_user_model()):
        return row.get_username()
    if isinstance(row, Case):  # one with redacted words has another address in each archive
        return addresses.of_text(row) or row.slug
    return str(getattr(row, _KNOWN_BY[type(row)][0]))


def meant(model: type[models.Model], name: str | None, placing: Placing) -> models.Model | None:
    """The row of that stable name. A person who has no account here is left out, with a remark. Raises Unplaced."""
    if name is None:
        return None
    if model is get_user_model():
        found = model._default_manager.filter(username=name).first()
        if found is None:
            placing.remarks.append(f"nobody here is called {name!r}, so it is assigned to nobody")
        return found
    column, words = _KNOWN_BY[model]
    if model is Case and (found := addresses.case_of_text(name)):
        return found
    try:
        return model._default_manager.get(**{column: name})
    except (ObjectDoesNotExist, ValueError, TypeError):
        raise Unplaced(f"there is no {words} {name!r} here") from None


def written(row: models.Model, name: str) -> Any:
    """A field of a row as a line has it."""
    value = getattr(row, name)
    if isinstance(value, models.Model):
        return named(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


def read(model: type[models.Model], name: str, value: Any, placing: Placing) -> Any:
    """A field of a line as a row has it. Raises Unplaced."""
    known = model._meta.get_field(name)
    if isinstance(known, models.ForeignKey):
        return meant(known.related_model, value, placing)  # type: ignore[arg-type]
    if isinstance(known, models.DateField) and value is not None:  # a DateTimeField is one, too
        parse = datetime.fromisoformat if isinstance(known, models.DateTimeField) else date.fromisoformat
        try:
            found = parse(value)
        except (TypeError, ValueError):
            raise Unplaced(f"{name}: {value!r} is no date") from None
        if isinstance(found, datetime) and found.tzinfo is None:
            raise Unplaced(f"{name}: {value!r} does not say of which time zone")
        return found
    return value


def checked(line: Line, names: tuple[str, ...]) -> Line:
    """``line``, if it has all the keys ``names`` and no others. Raises Unplaced."""
    if missing := [name for name in names if name not in line]:
        raise Unplaced(f"it lacks {', '.join(missing)}")
    if unknown := [name for name in line if name not in names]:
        raise Unplaced(f"nothing is known of {', '.join(unknown)}")
    return line


def save(row: models.Model) -> None:
    """Save a row that the models allow. Raises Unplaced with their sentence."""
    empty = [one.name for one in row._meta.concrete_fields if isinstance(one, models.JSONField)]  # [] is a value there
    try:
        row.full_clean(exclude=empty)
    except ValidationError as error:
        raise Unplaced("; ".join(error.messages)) from None
    row.save()


def mark(case_ids: set[int]) -> None:
    """Searches have to learn of cases."""
    ids = sorted(case_ids)
    for start in range(0, len(ids), 500):
        Case.objects.filter(pk__in=ids[start : start + 500]).update(index_pending=True, updated_at=timezone.now())


# ---- records ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Records:
    """Records that are made once, and later perhaps retired, lifted, undone or answered.

    ``identity``: by what a record is known again; ``made``: what else it is made with; ``later``: what may change
    since. ``after`` is called with each record that was made or changed.
    """

    name: str
    model: type[models.Model]
    identity: tuple[str, ...]
    made: tuple[str, ...]
    later: tuple[str, ...] = ()
    rewrites: bool = False
    after: Callable[[Any, Placing], None] | None = None
    check: Callable[[Line], None] | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys of a line."""
        return self.identity + self.made + self.later

    def lines(self) -> Iterator[Line]:
        """Each record, those of a letter together."""
        return (line for _, line in self.ordered())

    def ordered(self) -> Iterator[tuple[tuple[int, int], Line]]:
        """Each record with the place of its letter in the order in which letters were last written.

        Decisions of one day stand in that order in lists, and an import writes letters in the order of the lines.
        """
        named_rows = [name for name in self.keys if isinstance(self.model._meta.get_field(name), models.ForeignKey)]
        rows = self.model._default_manager.select_related(*named_rows)
        if "source" in self.keys:
            rows = rows.defer("source__compressed", "source__extracted")
        order = ["pk"]
        if "case" in self.keys:
            items = DisputedItem.objects.filter(case=models.OuterRef("case")).order_by("pk").values("pk")[:1]
            first = Coalesce(models.Subquery(items), 0)  # a scanned letter has no items
            rows, order = rows.annotate(first=first), ["first", "case_id", "pk"]
        for row in rows.order_by(*order).iterator(chunk_size=1_000):
            place = (row.first, row.case_id) if "case" in self.keys else (0, 0)
            yield place, {name: written(row, name) for name in self.keys}

    def place(self, line: Line, placing: Placing) -> str:
        """Make the record, or bring the one that is there to what the line says."""
        checked(line, self.keys)
        if self.check:
            self.check(line)
        told = {name: read(self.model, name, line[name], placing) for name in self.keys}
        row = self.model._default_manager.filter(**{name: told[name] for name in self.identity}).first()
        became = CHANGED
        if row is None:
            row, became = self.model(**told), CREATED
        else:
            newer = {name: told[name] for name in self.later if getattr(row, name) != told[name]}
            if not newer:
                return UNCHANGED
            for name, value in newer.items():
                setattr(row, name, value)
        save(row)
        if self.after:
            self.after(row, placing)
        return became


def known_field(line: Line) -> None:
    """A correction is of a value that this version knows. Raises Unplaced."""
    try:
        correctable(line["field"], of_item=bool(line["item"]))
    except (KeyError, TypeError):
        raise Unplaced(f"this version corrects no {line['field']!r}") from None


def withhold(row: Withholding, placing: Placing) -> None:
    """A letter is withheld while a withholding of it is not lifted, as one is when its last day is over."""
    case = row.case
    Case.objects.filter(pk=case.pk).update(withheld=case.withholdings.filter(lifted_at=None).exists())
    placing.pending.add(case.pk)


def rejoin(row: Correction, placing: Placing) -> None:
    """A number that is corrected no longer is the letter's own again, as when a curator retires the correction."""
    if row.field == "case_number" and row.retired_at:
        others = Correction.objects.filter(case=row.case, field="case_number", item="", retired_at=None)
        if not others.exists():
            Case.objects.filter(pk=row.case_id).update(number=row.reads_now)
