"""The names of the database as the shipped vocabulary files: written into them, compared with them, taken from them.

The files go on to say what readings say (``name``), since the parser's rules are built on it. What curators made of a
name stands beside it: ``now`` (what it is called), ``joined`` (to what), another kind, family or parents, ``aliases``,
``wordings`` (exact words of letters that stand for it, whatever a reading makes of them), in drug_names.toml
``[[drug]]`` and ``[[spelling]]``, and in treatments.toml
``[[renamed]]``, ``[[joined]]`` and ``[[heading]]`` (rules for headings). Comments and order stay as they are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT, Table

from .. import vocabulary
from ..models import (
    CategoryRule,
    CredentialWording,
    Drug,
    DrugWording,
    Guideline,
    GuidelineWording,
    NameChange,
    Specialty,
    TreatmentCategory,
)
from ..names import addresses, category_slug
from ..slugs import slugify

FILES = ("specialties", "guidelines", "treatments", "drug_names")


class Written:
    """The files with what the database says; ``lines`` tells each difference to what they said before."""

    def __init__(self, folder: Path, *, to_save: bool = True) -> None:
        """Read the files of ``folder``. Raises OSError, and ValueError for one that is no TOML.

        ``to_save``: whether they will be saved; for that their comments are read, too, which takes ten times as long.
        """
        self._folder = folder
        parse: Any = tomlkit.parse if to_save else tomllib.loads
        self._documents = {name: parse((folder / f"{name}.toml").read_text("utf-8")) for name in FILES}
        self.lines: list[str] = []
        self._specialties()
        self._guidelines()
        self._treatments()
        self._drugs()

    def save(self, folder: Path | None = None) -> None:
        """Write the files, each in one step."""
        for name, document in self._documents.items():
            path = (folder or self._folder) / f"{name}.toml"
            temporary = path.with_suffix(".tmp")
            temporary.write_text(tomlkit.dumps(document), "utf-8")
            temporary.replace(path)

    # ---- names with entries of their own -------------------------------------------------------------------------

    def _specialties(self) -> None:
        document = self._documents["specialties"]
        rows: Any = document["specialty"]
        records = Specialty.objects.prefetch_related("parents").in_bulk()
        homes = self._entries("specialty", rows, records)
        ids = addresses("specialty")
        known = {vocabulary.key(text): row for row in rows for text in (row["name"], *row.get("aliases", ()))}
        wordings = _by_record(CredentialWording.objects.exclude(specialty=None), "specialty_id")
        for pk, record in sorted(records.items(), key=lambda pair: pair[1].name):
            row = homes.get(pk)
            parents = sorted(parent.name for parent in record.parents.all())
            if row is None:
                row = self._new("specialty", rows, {"name": record.name, "kind": record.kind})
                homes[pk] = row
                ids[slugify(record.name)] = pk
            self._set(row, "kind", record.kind, row["kind"] == record.kind)
            now = {ids.get(slugify(parent)) for parent in row.get("parents", ())}
            self._set(row, "parents", parents, now == {parent.pk for parent in record.parents.all()})
            for text in wordings.get(pk, ()):
                other = known.get(vocabulary.key(text))
                if other is None:
                    self._add(row, "aliases", text)
                    known[vocabulary.key(text)] = row
                elif ids.get(slugify(other["name"])) != pk:
                    self._add(row, "wordings", text)
        self._clear(rows, CredentialWording, "specialty_id", ids)

    def _guidelines(self) -> None:
        document = self._documents["guidelines"]
        rows: Any = [*document["guideline"], *document["work"]]
        records = Guideline.objects.in_bulk()
        homes = self._entries("guideline", rows, records)
        given = {text for row in rows for text in row.get("wordings", ())}
        settled = GuidelineWording.objects.filter(pk__in=_settled()).exclude(text__in=given)
        wordings = _by_record(settled.exclude(guideline=None), "guideline_id")
        moved = GuidelineWording.objects.filter(text__in=given).exclude(guideline=None)
        for pk, texts in _by_record(moved, "guideline_id").items():
            wordings.setdefault(pk, []).extend(texts)
        for pk, record in sorted(records.items(), key=lambda pair: (pair[1].position, pair[1].name)):
            row = homes.get(pk)
            if row is None:
                row = self._new("guideline", document["guideline"], {"name": record.name, "family": record.family})
                rows.append(row)
            self._set(row, "family", record.family, row["family"] == record.family)
            for text in wordings.get(pk, ()):
                self._add(row, "wordings", text)
        self._clear(rows, GuidelineWording, "guideline_id", addresses("guideline"))

    def _entries(self, names: str, rows: Iterable[Any], records: dict[int, Any]) -> dict[int, Any]:
        """Lead each entry to its record, by ``now`` or ``joined``; the entry that is at home with each record."""
        ids = addresses(names)
        homes: dict[int, Any] = {}
        for row in rows:
            pk = ids.get(slugify(row["name"]))
            if pk is not None and (pk not in homes or slugify(row["name"]) == records[pk].slug):
                homes[pk] = row
        for row in rows:
            pk = ids.get(slugify(row["name"]))
            if pk is None:
                continue  # the database was never told of it
            shown = records[pk].name
            at_home = homes[pk] is row
            self._set(row, "now", shown if at_home and shown != row["name"] else "")
            self._set(row, "joined", "" if at_home else shown)
        return homes

    def _clear(self, rows: Iterable[Any], model: Any, pointer: str, ids: dict[str, int]) -> None:
        """Take words away from entries that they no longer stand for."""
        for row in rows:
            here = ids.get(slugify(row["name"]))
            for text in list(row.get("wordings", ())):
                held = model.objects.filter(text=text).values_list(pointer, flat=True).first()
                if held is not None and held != here:
                    self._take(row, "wordings", text)

    # ---- categories ----------------------------------------------------------------------------------------------

    def _treatments(self) -> None:
        document = self._documents["treatments"]
        rows: Any = document["category"]
        ids = addresses("treatment")
        records = TreatmentCategory.objects.select_related("parent").in_bulk()
        homes = self._homes(rows, ids, records)
        for pk, record in sorted(records.items(), key=lambda pair: (pair[1].parent_id is not None, pair[0])):
            if pk not in homes:
                homes[pk] = self._new_category(rows, record, homes)
        renamed, joined = [], []
        for place in _places(rows):
            pk = ids.get(category_slug(*place))
            if pk is None or (homes[pk] == place and _path(records[pk]) == self._expected(place, ids, records)):
                continue
            (renamed if homes[pk] == place else joined).append((_written(place), _written(_path(records[pk]))))
        self._list("treatments", "renamed", [{"place": place, "now": now} for place, now in renamed])
        self._list("treatments", "joined", [{"place": place, "now": now} for place, now in joined])
        rules = CategoryRule.objects.filter(retired_at=None).select_related("category__parent").order_by("id")
        self._list(
            "treatments",
            "heading",
            [
                {"pattern": rule.pattern, "category": _written(_path(rule.category))}
                | ({"why": rule.why} if rule.why else {})
                for rule in rules
            ],
        )

    def _homes(self, rows: Any, ids: dict[str, int], records: dict[int, Any]) -> dict[int, tuple[str, ...]]:
        homes: dict[int, tuple[str, ...]] = {}
        for place in _places(rows):
            pk = ids.get(category_slug(*place))
            if pk is not None and (pk not in homes or category_slug(*place) == records[pk].slug):
                homes[pk] = place
        return homes

    def _expected(self, place: tuple[str, ...], ids: dict[str, int], records: dict[int, Any]) -> tuple[str, ...]:
        """The path that a sub-category has if nobody renamed it: that of its category, which may be renamed."""
        if len(place) == 1:
            return place
        above = ids.get(category_slug(place[0]))
        return (records[above].name, place[1]) if above else place

    def _new_category(self, rows: Any, record: TreatmentCategory, homes: dict[int, tuple[str, ...]]) -> tuple[str, ...]:
        if record.parent is None:
            self._new("category", rows, {"name": record.name})
            return (record.name,)
        above = homes[record.parent.pk][0]
        row = next(row for row in rows if row["name"] == above)
        self._add(row, "subcategories", record.name)
        return (above, record.name)

    # ---- drugs ---------------------------------------------------------------------------------------------------

    def _drugs(self) -> None:
        """What curators made of drugs stands in a file of its own: the others say what readings say."""
        shipped = {drug.name: drug.group for drug in vocabulary.drug_names().values()}
        rows: Any = self._documents["drug_names"].get("drug", ())
        groups = shipped | {row["name"]: "" for row in rows if row["name"] not in shipped}
        ids, records = addresses("drug"), Drug.objects.in_bulk()
        homes: dict[int, str] = {}
        for name in groups:
            pk = ids.get(slugify(name))
            if pk is not None and (pk not in homes or slugify(name) == records[pk].slug):
                homes[pk] = name
        drugs = []
        for name, group in groups.items():
            if record := records.get(ids.get(slugify(name), 0)):
                row = _of_drug(name, group, record) if homes[record.pk] == name else {"joined": record.name}
                drugs += [{"name": name, **row}] if row else []
        drugs += [
            {"name": one.name, "class": one.group} for one in sorted(records.values(), key=str) if one.pk not in homes
        ]
        self._list("drug_names", "drug", drugs)
        usual = {text: ids.get(slugify(drug.name)) for text, drug in vocabulary.drug_names().items()}
        held = DrugWording.objects.exclude(drug=None).order_by("text").values_list("text", "drug_id")
        spelled = [{"text": text, "drug": records[pk].name} for text, pk in held if usual.get(text) != pk]
        self._list("drug_names", "spelling", spelled)

    def _list(self, file: str, name: str, wanted: list[dict[str, str]]) -> None:
        """Make ``wanted`` the tables of a name at the end of a file."""
        document = self._documents[file]
        now = [dict(row) for row in document.get(name, ())]
        self.lines += [f"{file}.toml: {name} + {_words(row)}" for row in wanted if row not in now]
        self.lines += [f"{file}.toml: {name} − {_words(row)}" for row in now if row not in wanted]
        if now == wanted:
            return
        if name in document:
            del document[name]
        if wanted:
            document[name] = _tables(wanted)

    # ---- writing ---------------------------------------------------------------------------------------------------

    def _new(self, kind: str, rows: Any, values: dict[str, Any]) -> Table:
        table = tomlkit.table()
        for name, value in values.items():
            table.append(name, value)
        rows.append(table)
        self.lines.append(f"{kind} + {values['name']}")
        return table

    def _set(self, row: Any, key: str, value: Any, same: bool | None = None) -> None:
        """Set a value, or take it away where it is empty; ``same``: whether it is what stands there."""
        now = row.get(key, [] if isinstance(value, list) else "")
        if same or (same is None and now == value):
            return
        self.lines.append(f"{row['name']}: {key} {_shown(now)} → {_shown(value)}")
        if value:
            row[key] = value
        elif key in row:
            del row[key]

    def _add(self, row: Any, key: str, text: str) -> None:
        if text in row.get(key, ()):
            return
        self.lines.append(f"{row['name']}: {key} + {text}")
        if key in row:
            row[key].append(text)
        else:
            row[key] = [text]

    def _take(self, row: Any, key: str, text: str) -> None:
        self.lines.append(f"{row['name']}: {key} − {text}")
        row[key].remove(text)
        if not row[key]:
            del row[key]


def _of_drug(name: str, group: str, record: Drug) -> dict[str, str]:
    """What curators made of a drug that is in the files as ``name``, in the class ``group``."""
    row = {"now": record.name} if record.name != name else {}
    return row | ({"class": record.group} if record.group != group else {})


def _settled() -> set[int]:
    """The ids of guideline wordings that curators gave a name, one by one and not with a whole record."""
    changes = NameChange.objects.filter(names="guideline", kind__in=["assign", "create", "split"], undone_at=None)
    return {int(pk) for after in changes.values_list("after", flat=True) for pk in after["wordings"]}


def _by_record(rows: Any, pointer: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for pk, text in rows.order_by("text").values_list(pointer, "text"):
        found.setdefault(pk, []).append(text)
    return found


def _places(rows: Any) -> Iterator[tuple[str, ...]]:
    for row in rows:
        yield (row["name"],)
        for name in row.get("subcategories", ()):
            yield (row["name"], name)


def _path(record: TreatmentCategory) -> tuple[str, ...]:
    return (record.parent.name, record.name) if record.parent else (record.name,)


def _written(path: tuple[str, ...]) -> str:
    return "/".join(path)


def _tables(rows: list[dict[str, str]]) -> AoT:
    tables = tomlkit.aot()
    for row in rows:
        table = tomlkit.table()
        for name, value in row.items():
            table.append(name, value)
        tables.append(table)
    return tables


def _words(row: dict[str, str]) -> str:
    first, *others = row.values()
    return " → ".join([first, ", ".join(others)]) if others else first


def _shown(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value) or "nothing"
