"""Canonical names that are not the shipped vocabulary's, and what every wording stands for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import ProtectedError, Q
from django.utils.text import slugify

from ... import vocabulary
from ...models import (
    Case,
    DisputedItem,
    Drug,
    DrugWording,
    Guideline,
    GuidelineWording,
    NameChange,
    OldAddress,
    Specialty,
    TreatmentCategory,
)
from ..names_state import Refused, leave
from .lines import CHANGED, CREATED, UNCHANGED, Line, Placing, Unplaced, checked, meant, named, read, save, written

STATE = ("status", "note", "assigned_to")
_AS_SHIPPED = {"status": "settled", "note": "", "assigned_to": None}  # of a name of a drug


# ---- canonical records ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Canonical:
    """Records of one kind of names that differ from what the shipped vocabulary says, or that it does not have.

    ``names``: what NameChange and OldAddress call the kind. A record that has another name here is found by its
    address, the present one or an old one.
    """

    name: str
    model: type[models.Model]
    columns: tuple[str, ...]
    names: str
    rewrites: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys of a line; ``formerly``: addresses that the record had."""
        parents = ("parents",) if self.model is Specialty else ()
        return (*self.columns, *parents, "formerly")

    def lines(self) -> Iterator[Line]:
        """The records that differ, parents before what is below them."""
        shipped = _SHIPPED[self.name]()
        rows = self.model._default_manager.order_by("pk")
        if self.model is TreatmentCategory:
            rows = rows.select_related("parent").order_by(models.F("parent").asc(nulls_first=True), "pk")
        for row in rows:
            line = self._line(row)
            if shipped.get(line[self.key]) != line:
                yield line | {"formerly": self._formerly(row)}

    @property
    def key(self) -> str:
        """The column that a record is known by."""
        return "slug" if self.model is TreatmentCategory else "name"

    def _line(self, row: Any) -> Line:
        line = {column: written(row, column) for column in self.columns}
        if self.model is Specialty:
            line["parents"] = sorted(row.parents.values_list("name", flat=True))
        return line

    def _formerly(self, row: Any) -> list[str]:
        old = OldAddress.objects.filter(names=self.names, now=row.slug)
        return sorted(old.values_list("slug", flat=True))

    def place(self, line: Line, placing: Placing) -> str:
        """Make the record, or the one of that name or address what the line says."""
        checked(line, self.keys)
        parents = line.get("parents", [])
        told = {column: read(self.model, column, line[column], placing) for column in self.columns}
        row = self._found(line)
        became = UNCHANGED if row else CREATED
        if row is None:
            row = self.model(**told)
        for column, value in told.items():
            if getattr(row, column) != value:
                setattr(row, column, value)
                became = CHANGED
        if self.model is Specialty and row.pk and sorted(row.parents.values_list("name", flat=True)) != sorted(parents):
            became = CHANGED
        if became != UNCHANGED:
            save(row)
            if self.model is Specialty:
                row.parents.set([meant(Specialty, parent, placing) for parent in parents])
        return became

    def _found(self, line: Line) -> Any:
        rows = self.model._default_manager
        if row := rows.filter(**{self.key: line[self.key]}).first():
            return row
        return rows.filter(slug=line["slug"]).first() or rows.filter(slug__in=line["formerly"]).first()


@dataclass(frozen=True, slots=True)
class Gone:
    """Names of the shipped vocabulary that this archive has no longer, since curators joined or renamed them."""

    name: str = "gone"
    rewrites: bool = False

    def lines(self) -> Iterator[Line]:
        """Each by kind and name; a category of treatments, which has no own name, by its address."""
        for kind in CANONICAL:
            there = set(kind.model._default_manager.values_list(kind.key, flat=True))
            yield from ({"names": kind.name, "name": name} for name in _SHIPPED[kind.name]() if name not in there)

    def place(self, line: Line, placing: Placing) -> str:
        """Take the record away, if nothing goes by it."""
        checked(line, ("names", "name"))
        kind = next((kind for kind in CANONICAL if kind.name == line["names"]), None)
        row = kind and kind.model._default_manager.filter(**{kind.key: line["name"]}).first()
        if row is None:
            return UNCHANGED
        try:
            if isinstance(row, TreatmentCategory):
                leave(row, _joined_to(row))
            else:
                row.delete()
        except (ProtectedError, Refused):
            raise Unplaced(f"letters here still go by {line['name']!r}") from None
        return CHANGED


def _joined_to(category: TreatmentCategory) -> TreatmentCategory | None:
    """What a category that goes was joined to: by the change that did it, so that it can be undone, or its address."""
    for change in NameChange.objects.filter(names="treatment", kind="join", undone_at=None).order_by("-made_at"):
        records = change.after.get("records", {})
        if records.get(str(category.pk), category) is None:
            kept = next((int(pk) for pk, fields in records.items() if fields), None)
            return TreatmentCategory.everything.filter(pk=kept).first()
    now = OldAddress.objects.filter(names="treatment", slug=category.slug).values_list("now", flat=True).first()
    return TreatmentCategory.objects.filter(slug=now).first() if now else None


def _shipped_specialties() -> dict[str, Line]:
    return {
        one.name: {"name": one.name, "slug": slugify(one.name), "kind": one.kind, "parents": sorted(one.parents)}
        for one in vocabulary.specialties()
    }


def _shipped_guidelines() -> dict[str, Line]:
    rows = [*vocabulary.guidelines(), *vocabulary.works()]
    return {
        one.name: {"name": one.name, "slug": slugify(one.name), "family": one.family, "position": position}
        for position, one in enumerate(rows)
    }


def _shipped_drugs() -> dict[str, Line]:
    return {
        one.name: {"name": one.name, "slug": slugify(one.name), "group": one.group}
        for one in vocabulary.drug_names().values()
    }


def _shipped_categories() -> dict[str, Line]:
    found = {}
    for position, category in enumerate(vocabulary.categories()):
        slug = slugify(category.name)
        found[slug] = {"name": category.name, "slug": slug, "parent": None, "position": position}
        for place, name in enumerate(category.subcategories):
            path = f"{slug}/{slugify(name.replace('/', ' '))}"
            found[path] = {"name": name, "slug": path, "parent": slug, "position": place}
    return found


_SHIPPED = {
    "specialty": _shipped_specialties,
    "guideline": _shipped_guidelines,
    "drug": _shipped_drugs,
    "category": _shipped_categories,
}
CANONICAL = (
    Canonical("specialty", Specialty, ("name", "slug", "kind"), "specialty"),
    Canonical("guideline", Guideline, ("name", "slug", "family", "position"), "guideline"),
    Canonical("drug", Drug, ("name", "slug", "group"), "drug"),
    Canonical("category", TreatmentCategory, ("name", "slug", "parent", "position"), "treatment"),
)


# ---- wordings ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wordings:
    """What each wording stands for, and how it stands in the queue; ``column`` names its canonical record."""

    name: str
    model: type[models.Model]
    column: str
    rewrites: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys of a line."""
        return ("text", self.column, *STATE)

    def lines(self) -> Iterator[Line]:
        """Every wording: that one stands for nothing is a decision, too. Of drugs those that are not as shipped."""
        rows = self.model._default_manager.select_related(self.column, "assigned_to").order_by("pk")
        shipped = vocabulary.drug_names() if self.model is DrugWording else {}
        for row in rows.iterator(chunk_size=1_000):
            line = {key: written(row, key) for key in self.keys}
            known = shipped.get(row.text)
            if known is None or line != {**_AS_SHIPPED, "text": row.text, self.column: known.name}:
                yield line

    def place(self, line: Line, placing: Placing) -> str:
        """Make the wording stand for what the line says; one that no letter here has waits for its letters."""
        checked(line, self.keys)
        told = {key: read(self.model, key, line[key], placing) for key in self.keys}
        row = self.model._default_manager.filter(text=line["text"]).first()
        if row is None:
            save(self.model(**told))
            placing.pending.update(self._letters(line["text"]))
            return CREATED
        other = [key for key in self.keys if getattr(row, key) != told[key]]
        if not other:
            return UNCHANGED
        for key in other:
            setattr(row, key, told[key])
        if isinstance(row, GuidelineWording) and self.column in other:
            row.indexed_as = None
            citing = Case.objects.filter(items__citations__wording=row)
            placing.pending.update(citing.values_list("pk", flat=True))
        save(row)
        if self.column in other:
            placing.pending.update(self._letters(line["text"]))
        return CHANGED

    def _letters(self, text: str) -> set[int]:
        """The letters whose heading has a name of a drug that no reading knows."""
        if self.model is not DrugWording or text in vocabulary.drug_names():
            return set()
        headings = DisputedItem.objects.filter(title__icontains=max(text.split(), key=len, default=text))
        rows = headings.order_by().values_list("case", "title").iterator()
        return {case for case, title in rows if f" {text} " in f" {vocabulary.key(title)} "}


def decided() -> Q:
    """Rows of the queue that somebody decided on, took or wrote a note to."""
    return ~Q(status="open") | ~Q(note="") | Q(assigned_to__isnull=False)


def put_state(row: Any, line: Line, placing: Placing) -> bool:
    """Make a row of the queue stand as ``line`` says; returns whether anything changed. Raises Unplaced."""
    told = {key: read(type(row), key, line[key], placing) for key in STATE}
    if all(getattr(row, key) == value for key, value in told.items()):
        return False
    for key, value in told.items():
        setattr(row, key, value)
    if told["status"] not in type(row).Status.values:
        raise Unplaced(f"there is no status {told['status']!r}")
    row.save(update_fields=list(told))
    return True


def state(row: Any) -> Line:
    """How a row of the queue stands."""
    return {"status": row.status, "note": row.note, "assigned_to": named(row.assigned_to)}
