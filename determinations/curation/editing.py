"""The form in which a letter is corrected: its values as text, and what a curator made of them.

A form knows what it was opened with, so that only what a curator changed is ever written: where two work on one letter
at once, neither overwrites with old values what the other set.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.core import signing
from django.core.exceptions import ValidationError

from ..corrections import fields
from ..corrections.applying import describe
from ..corrections.kinds import Choice, Structured, Value
from ..models import Case, Correction, DisputedItem, Guideline
from . import arranging
from .correcting import Change, Place, Stale, correct, retire, stamp

_SALT = "letter-as-opened"
_BLANK_ROWS = 2


class Posted(Protocol):
    """What a browser sends: the last value and all values of a name."""

    def get(self, name: str, default: str = "") -> str: ...

    def getlist(self, name: str) -> list[str]: ...

    def __contains__(self, name: object) -> bool: ...


@dataclass(slots=True)
class Input:
    """One value in the form. ``text``: what stands there; ``letter_says``: what was read, where it was corrected."""

    place: Place
    field: fields.Field
    text: str
    words: str  # id of its words in the letter's text
    correction: Correction | None = None
    letter_says: str = ""
    error: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its name in the form."""
        return f"{self.place[0] or 'letter'}:{self.field.name}"

    @property
    def id(self) -> str:
        """Its id on the page."""
        return "in-" + self.name.replace(":", "-").replace(".", "-")

    @property
    def long(self) -> bool:
        """Whether it needs much room."""
        return len(self.text) > 300


@dataclass(slots=True)
class Group:
    """Inputs that belong together, under a heading."""

    heading: str
    inputs: list[Input]


@dataclass(slots=True)
class Section:
    """The letter itself, or one of its items."""

    heading: str
    key: str
    groups: list[Group]


class LetterForm:
    """The form of one letter: as it is now, or as somebody sent it (``posted``)."""

    def __init__(self, case: Case, posted: Posted | None = None) -> None:
        self.case = case
        self.active = {(one.item, one.field): one for one in case.corrections.filter(retired_at=None)}
        self.items = list(
            case.items.select_related(*DisputedItem.CATEGORY)
            .prefetch_related("citations__wording__guideline")
            .order_by("position")
        )
        self._choices: dict[str, list[tuple[str, str]]] = {}
        self.guidelines = list(Guideline.objects.values_list("name", flat=True))
        self.why = posted.get("why", "") if posted else ""
        self.errors: list[str] = []
        self.seen = stamp(case)
        self.sections = list(self._sections())
        self._opened = {one.name: one.text for one in self.inputs}
        self.changed: dict[Place, str] = {}
        if posted is not None:
            self._take(posted)

    # ---- as it is ------------------------------------------------------------------------------------------------

    @property
    def inputs(self) -> Iterator[Input]:
        """All inputs, in the order of the page."""
        return (one for section in self.sections for group in section.groups for one in group.inputs)

    @property
    def opened(self) -> str:
        """What the form was opened with, signed, for a hidden field."""
        return signing.dumps({"seen": self.seen, "texts": self._opened}, salt=_SALT, compress=True)

    def _sections(self) -> Iterator[Section]:
        for item in self.items:
            heading = f"Item {item.position}: {item.title[:90] or '(no heading)'}"
            yield Section(heading, item.key, list(self._groups(fields.OF_ITEM.values(), item)))
        arrangement = Group("Which items there are", [self._input(fields.ARRANGEMENT, self.case)])
        yield Section("The letter", "", [*self._groups(fields.OF_LETTER.values(), self.case), arrangement])

    def _groups(self, known: Any, row: Case | DisputedItem) -> Iterator[Group]:
        groups: dict[str, list[Input]] = {}
        for one in known:
            groups.setdefault(one.group, []).append(self._input(one, row))
        return (Group(heading, inputs) for heading, inputs in groups.items())

    def _input(self, of: fields.Field, row: Case | DisputedItem) -> Input:
        key = row.key if isinstance(row, DisputedItem) else ""
        correction = self.active.get((key, of.name))
        value = self._arrangement() if of.name == fields.ITEMS else of.get(row)
        made = Input((key, of.name), of, _text(of, value), _words(key, of.name), correction)
        if correction:
            made.letter_says = of.kind.shown(correction.reads_now)
        if isinstance(of.kind, Choice):
            if of.name not in self._choices:
                self._choices[of.name] = list(of.kind.choices())
            made.choices = [("", "(not said)"), *self._choices[of.name]]
            if made.text and made.text not in dict(made.choices):
                made.choices.append((made.text, made.text))
        made.rows = self._rows(of, value)
        return made

    def _arrangement(self) -> list[dict[str, Value]]:
        correction = self.active.get(("", fields.ITEMS))
        if correction and correction.state == Correction.State.APPLIED:
            return list(correction.value)
        return [{"key": item.key} for item in self.items]

    def _rows(self, of: fields.Field, value: Value) -> list[dict[str, Any]]:
        """What the rows of a value with parts show."""
        if of.name in fields.CITATIONS:
            blank: dict[str, Any] = {"document": "", "section": "", "pages": "", "mtus": False}
            known = [_citation_row(place, one) for place, one in enumerate(value)]
            return [*known, *(dict(blank) for _ in range(_BLANK_ROWS))]
        if of.name == fields.CREDENTIALS:
            labels = ("Board certifications", "Subspecialties", "Licensed in (postal names)")
            return [
                {"key": key, "label": label, "text": "\n".join(value[key])}
                for key, label in zip(_CREDENTIALS, labels, strict=True)
            ]
        if of.name == fields.ITEMS:
            return self._item_rows(value)
        return []

    def _item_rows(self, value: list[dict[str, Value]]) -> list[dict[str, Any]]:
        titles = {item.key: item.title[:80] or "(no heading)" for item in self.items}
        return [{"entry": entry, "title": titles.get(entry["key"], "")} for entry in value]

    # ---- as it was sent ------------------------------------------------------------------------------------------

    def _take(self, posted: Posted) -> None:
        try:
            opened = signing.loads(posted.get("opened", ""), salt=_SALT)
        except signing.BadSignature:
            self.errors.append("The form came back damaged. Nothing was saved; please look at your changes again.")
            return
        self.seen = opened["seen"]
        for one in self.inputs:
            was = opened["texts"].get(one.name)
            try:
                sent = _sent(one, posted, was or "")
            except ValidationError as error:
                one.error = " ".join(error.messages)
                continue
            if was is None or sent is None or sent == was.replace("\r\n", "\n"):
                continue
            self.changed[one.place] = sent
            one.text = sent
            if one.rows:
                one.rows = self._rows(one.field, json.loads(sent)) if sent else one.rows

    def save(self, by: str) -> list[Correction]:
        """Write what was changed; returns the corrections.

        Raises ValidationError (the inputs then say what is wrong) and Stale (what others changed is then shown, the
        curator's own changes stay in the form, and the next save knows of both).
        """
        changes = []
        for one in self.inputs:
            if one.place in self.changed:
                try:
                    changes.append(Change(*one.place, _value(one)))
                except ValidationError as error:
                    one.error = " ".join(error.messages)
        if self.errors or any(one.error for one in self.inputs):
            raise ValidationError("Some values cannot be kept as they are; they are marked below.")
        if not changes:
            raise ValidationError("Nothing was changed.")
        try:
            return correct(self.case.pk, changes, why=self.why, by=by, seen=self.seen)
        except Stale as stale:
            self._tell(stale)
            raise

    def _tell(self, stale: Stale) -> None:
        """Mark what others changed meanwhile; the form goes on from the letter as it is now."""
        self.seen = stamp(Case.objects.get(pk=self.case.pk))
        by_place = {(one.item, one.field): one for one in stale.since}
        for one in self.inputs:
            other = by_place.get(one.place)
            if other and one.place in self.changed:
                who = other.retired_by if other.retired_at else other.made_by
                set_to = "back to what the letter says" if other.retired_at else one.field.kind.shown(other.value)
                one.error = f"{who} set this meanwhile: {set_to}. Saving again sets your value in its place."

    def revert(self, pk: str, by: str) -> Correction:
        """Go back on one correction. Raises ValidationError if it is not active any more."""
        for one in self.active.values():
            if str(one.pk) == pk:
                retire([one], why=self.why.strip() or "Gone back on.", by=by)
                return one
        raise ValidationError("That correction is no longer there.")


def told(correction: Correction) -> str:
    """A correction in a line: "item 2, Outcome: Overturned"."""
    kind = fields.field(correction.field, of_item=bool(correction.item)).kind
    return f"{describe(correction)}: {kind.shown(correction.value)}"


# ---- text and value ---------------------------------------------------------------------------------------------

_CREDENTIALS = ("board_certifications", "subspecialties", "licensed_states")


def _text(of: fields.Field, value: Value) -> str:
    return json.dumps(value, sort_keys=True) if isinstance(of.kind, Structured) else of.kind.text(value)


def _words(key: str, name: str) -> str:
    """The id of a value's words in the letter's text (source_text.words_anchor)."""
    if key and not key.isdigit():
        return ""
    path = {"finding": "conclusion", "category": "treatment"}.get(name, name)
    return f"words-items-{int(key) - 1}-{path}".replace(".", "-") if key else f"words-{path}".replace(".", "-")


def _citation_row(place: int, one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "document": one["guideline"] or one["document"],
        "section": one["section"],
        "pages": ", ".join(one["pages"]),
        "mtus": one["mtus"],
        "read": str(place),
    }


def _sent(one: Input, posted: Posted, was: str) -> str | None:
    """The text of an input as it was sent; None if it was not in the form. ``was``: the text it was opened with."""
    if one.field.name in fields.CITATIONS:
        return _sent_citations(one, posted, json.loads(was or "[]"))
    if one.field.name == fields.CREDENTIALS:
        if f"{one.name}-licensed_states" not in posted:
            return None
        lines = {key: posted.get(f"{one.name}-{key}", "").split("\n") for key in _CREDENTIALS}
        value = {key: [" ".join(line.split()) for line in held if line.strip()] for key, held in lines.items()}
        value["licensed_states"] = sorted({state.upper() for state in value["licensed_states"]})
        return json.dumps(value, sort_keys=True)
    if one.field.name == fields.ITEMS:
        return _sent_items(one, posted)
    if one.field.kind.widget == "flag":
        return "yes" if posted.get(one.name) else ""
    if one.name not in posted:
        return None
    return posted.get(one.name, "").replace("\r\n", "\n")


def _sent_citations(one: Input, posted: Posted, opened: list[dict[str, Any]]) -> str | None:
    """Rows of citations; each says which of those that the form was opened with it is."""
    columns = [posted.getlist(f"{one.name}-{part}") for part in ("document", "section", "pages", "mtus", "read")]
    if not columns[0] or len({len(column) for column in columns}) != 1:
        return None
    found = []
    for document, section, pages, mtus, read in zip(*columns, strict=True):
        if not document.strip():
            continue
        was = opened[int(read)] if read.isascii() and read.isdigit() and int(read) < len(opened) else None
        found.append(_citation(document, section, pages, mtus == "yes", was))
    return json.dumps(found, sort_keys=True)


def _citation(document: str, section: str, pages: str, mtus: bool, was: dict[str, Any] | None) -> dict[str, Any]:
    """One citation as it was sent; what was not changed in it stays as it was."""
    document, section = " ".join(document.split())[:200], " ".join(section.split())
    numbers = [page.strip() for page in pages.split(",") if page.strip()]
    same_document = was is not None and document == (was["guideline"] or was["document"])
    if was and same_document and (section, numbers, mtus) == (was["section"], was["pages"], was["mtus"]):
        return was
    if was and same_document:
        name = {key: was[key] for key in ("document", "guideline", "family")}
    else:
        record = Guideline.objects.filter(name__iexact=document).first()
        family = record.family if record else document[:120]
        name = {"document": document, "guideline": record.name if record else None, "family": family}
    place = ", ".join(filter(None, (section, f"page {', '.join(numbers)}" if numbers else "")))
    text = ", ".join(filter(None, (document, place)))
    return {**name, "text": text, "mtus": mtus, "section": section, "pages": numbers}


def _sent_items(one: Input, posted: Posted) -> str | None:
    """The items as they were arranged: each has a place (a number, or nothing: removed) and may join another."""
    entries = [row["entry"] for row in one.rows]
    keys = [entry["key"] for entry in entries]
    if keys and f"{one.name}-place-{keys[0]}" not in posted:
        return None
    places = {key: posted.get(f"{one.name}-place-{key}", "") for key in keys}
    joins = {key: other for key in keys if (other := posted.get(f"{one.name}-join-{key}", ""))}
    new = arranging.New(*(posted.get(f"{one.name}-{part}", "") for part in ("new", "new-place", "like")))
    return json.dumps(arranging.rearranged(entries, places, joins, new), sort_keys=True)


def _value(one: Input) -> Value:
    if isinstance(one.field.kind, Structured):
        return json.loads(one.text)
    return one.field.kind.parse(one.text)
