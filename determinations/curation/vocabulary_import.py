"""Taking names from the vocabulary files: each difference is made as the change of names that a curator would make.

So an import is followed by searches, is kept as records, and can be undone change by change. What the files do not
speak of stays as it is; names that the database joined and the files keep apart are told and left.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from .. import vocabulary
from ..models import (
    CategoryRule,
    CredentialWording,
    Drug,
    DrugWording,
    GuidelineWording,
    OldAddress,
    Specialty,
    TreatmentCategory,
)
from ..names import MODELS, addresses, category_slug
from ..slugs import slugify
from . import naming, rules
from .names_state import KINDS, Refused
from .vocabulary_files import FILES

_WHY = "Taken from the vocabulary files."


class Taken:
    """An import: ``lines`` tells what changes, ``left`` what could not be done and why."""

    def __init__(self, folder: Path, *, by: str, dry_run: bool = False) -> None:
        """Do it, in one transaction, which a dry run takes back. Raises OSError, and ValueError for no TOML."""
        self._by = by
        self.lines: list[str] = []
        self.left: list[str] = []
        self._known: dict[str, dict[str, int]] = {}
        self._rows: dict[str, dict[int, Any]] = {}
        data = {name: tomllib.loads((folder / f"{name}.toml").read_text("utf-8")) for name in FILES}
        with transaction.atomic():
            specialties = data["specialties"]["specialty"]
            guidelines = [*data["guidelines"]["guideline"], *data["guidelines"].get("work", ())]
            self._records("specialty", specialties)
            self._records("guideline", guidelines)
            self._wordings("specialty", CredentialWording, _spellings(specialties))
            self._wordings("guideline", GuidelineWording, _exact(guidelines))
            self._records("drug", data["drug_names"].get("drug", ()))
            self._spellings(data["drug_names"].get("spelling", ()))
            self._categories(data["treatments"])
            self._rules(data["treatments"].get("heading", ()))
            if dry_run:
                transaction.set_rollback(True)

    def _addresses(self, names: str) -> dict[str, int]:
        """As ``names.addresses``; read again after a change only, since most rows of the files change nothing."""
        if names not in self._known:
            self._known[names] = addresses(names)
        return self._known[names]

    def _row(self, names: str, pk: int | None) -> Any:
        """The record of an id, None if there is none; all are read at once, and again after a change only."""
        if names not in self._rows:
            rows = MODELS[names].objects.all()
            self._rows[names] = (rows.prefetch_related("parents") if names == "specialty" else rows).in_bulk()
        return self._rows[names].get(pk)

    def _do(self, plan: naming.Plan) -> None:
        plan.carry_out(by=self._by, why=_WHY)
        self._changed()
        self.lines.append(plan.summary)

    def _changed(self) -> None:
        self._known.clear()
        self._rows.clear()

    # ---- records -------------------------------------------------------------------------------------------------

    def _records(self, names: str, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            if not row.get("joined"):
                self._record(names, row, rows)
        if names == "specialty":
            for row in rows:
                if not row.get("joined"):
                    self._parents(row)
        for row in rows:
            if row.get("joined"):
                self._join(names, row["name"], slugify(row["name"]), slugify(row["joined"]))

    def _record(self, names: str, row: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        shown = row.get("now") or row["name"]
        ids = self._addresses(names)
        pk = ids.get(slugify(row["name"])) or ids.get(slugify(shown))
        fields = _fields(names, row)
        if pk is None:
            self._do(naming.create(names, shown, **fields))
            return
        record = self._row(names, pk)
        if record.name != shown:
            others = (other for other in rows if other is not row and not other.get("joined"))
            if any(slugify(other.get("now") or other["name"]) == record.slug for other in others):
                self.left.append(f"{row['name']} was joined to {record.name} here; undo that to have both.")
                return
            self._do(naming.rename(record, shown))
            record.refresh_from_db()
        if any(getattr(record, name) != value for name, value in fields.items()):
            self._do(naming.place(record, **fields))

    def _parents(self, row: dict[str, Any]) -> None:
        ids = self._addresses("specialty")
        pk = ids.get(slugify(row.get("now") or row["name"]))
        record = self._row("specialty", pk)
        wanted = {ids[slugify(name)] for name in row.get("parents", ()) if slugify(name) in ids} - {pk}
        if record and wanted != {parent.pk for parent in record.parents.all()}:
            self._do(naming.place(record, parents=Specialty.objects.filter(pk__in=wanted)))

    def _join(self, names: str, name: str, slug: str, into: str) -> None:
        ids = self._addresses(names)
        kept, gone = ids.get(into), ids.get(slug)
        if kept is None:
            self.left.append(f"{name} is to be joined to a name that is not known.")
        elif gone is None:
            OldAddress.objects.update_or_create(names=names, slug=slug, defaults={"now": into})
            self._changed()
            self.lines.append(f"{name} leads to {into}")
        elif gone != kept:
            rows = MODELS[names].objects
            try:
                self._do(naming.join(rows.get(pk=kept), rows.get(pk=gone)))
            except Refused as refused:
                self.left.append(str(refused))

    # ---- wordings --------------------------------------------------------------------------------------------------

    def _wordings(self, names: str, model: Any, wanted: dict[str, str]) -> None:
        """``wanted``: the key of a spelling, or exact words behind "=" -> name in the file."""
        ids = self._addresses(names)
        pointer = f"{KINDS[names].pointer}_id"
        records = MODELS[names].objects.in_bulk()
        for wording in model.objects.order_by("text").iterator(chunk_size=2_000):
            name = wanted.get(f"={wording.text}") or wanted.get(vocabulary.key(wording.text))
            pk = ids.get(slugify(name)) if name else None
            if pk is not None and getattr(wording, pointer) != pk:
                self._do(naming.assign(wording, records[pk]))

    def _spellings(self, rows: Any) -> None:
        ids = self._addresses("drug")
        for row in rows:
            drug = Drug.objects.filter(pk=ids.get(slugify(row["drug"]))).first()
            wording = DrugWording.objects.filter(text=row["text"]).first()
            if drug is None:
                self.left.append(f"{row['text']}: there is no drug {row['drug']}.")
            elif wording is None:
                self._do(naming.spell(drug, row["text"]))
            elif wording.drug_id != drug.pk:
                self._do(naming.assign(wording, drug))

    # ---- categories ------------------------------------------------------------------------------------------------

    def _categories(self, data: dict[str, Any]) -> None:
        moved = {row["place"]: row["now"] for row in data.get("renamed", ())}
        joined = {row["place"]: row["now"] for row in data.get("joined", ())}
        for place in _places(data["category"]):
            written = "/".join(place)
            if written in joined:
                continue
            now = moved.get(written) or "/".join((moved.get(place[0], place[0]), *place[1:]))
            self._category(place, tuple(now.split("/", 1)))
        for place, into in joined.items():
            slug, leads = category_slug(*place.split("/", 1)), category_slug(*into.split("/", 1))
            self._join("treatment", place, slug, leads)

    def _category(self, place: tuple[str, ...], now: tuple[str, ...]) -> None:
        ids = self._addresses("treatment")
        parent = None
        if len(now) > 1:
            parent = self._row("treatment", ids.get(category_slug(now[0])))
        pk = ids.get(category_slug(*place)) or ids.get(category_slug(*now))
        try:
            if pk is None:
                self._do(naming.create("treatment", now[-1], parent=parent))
                return
            record = self._row("treatment", pk)
            if record.slug == category_slug(*now) and record.name == now[-1]:
                return
            if category_slug(*now) in ids and ids[category_slug(*now)] != pk:
                self.left.append(f"{'/'.join(place)} was joined here; undo that to have both.")
                return
            if record.parent != parent:
                self._do(naming.place(record, parent=parent))
                record.refresh_from_db()
            if record.name != now[-1]:
                self._do(naming.rename(record, now[-1]))
        except Refused as refused:
            self.left.append(f"{'/'.join(place)}: {refused}")

    def _rules(self, rows: Any) -> None:
        for row in rows:
            slug = category_slug(*row["category"].split("/", 1))
            category = TreatmentCategory.objects.filter(pk=self._addresses("treatment").get(slug)).first()
            known = CategoryRule.objects.filter(pattern=row["pattern"], retired_at=None).first()
            if category is None:
                self.left.append(f"{row['pattern']}: there is no category {row['category']}.")
            elif known is None or known.category_id != category.pk:
                try:
                    if known:
                        rules.retire(known, by=self._by)
                    rules.make(row["pattern"], category, why=row.get("why", _WHY), by=self._by)
                    self.lines.append(f"rule {row['pattern']} → {category}")
                except (Refused, rules.BadPattern) as error:
                    self.left.append(f"{row['pattern']}: {error}")


def _fields(names: str, row: dict[str, Any]) -> dict[str, Any]:
    """The fields of a record as its entry has them; a drug's class only where it is not the shipped one."""
    if names == "specialty":
        return {"kind": row["kind"]}
    if names == "guideline":
        return {"family": row["family"]}
    return {"group": row["class"]} if "class" in row else {}


def _spellings(rows: list[dict[str, Any]]) -> dict[str, str]:
    """The names, aliases and exact words of specialties -> name in the file."""
    found = {vocabulary.key(text): row["name"] for row in rows for text in (row["name"], *row.get("aliases", ()))}
    return found | _exact(rows)


def _exact(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {f"={text}": row["name"] for row in rows for text in row.get("wordings", ())}


def _places(rows: Any) -> Iterator[tuple[str, ...]]:
    for row in rows:
        yield (row["name"],)
        for name in row.get("subcategories", ()):
            yield (row["name"], name)
