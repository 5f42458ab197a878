"""The facets that decisions are browsed by, and the names of their values.

A value is known by three words: what stands for it in the search index (``value``), in an address (``slug``) and on a
page (``name``). Names that curators keep (specialties, guidelines, treatments) are indexed by the id of their row, so
that a record can be renamed without indexing a letter; all others are indexed by their slug.

Some facets have two levels: a value with a ``parent`` is counted there too (drug in class, month in year).
"""

from __future__ import annotations

import calendar
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from . import vocabulary
from .letters.issue_codes import ISSUE_CODES
from .models import (
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
from .slugs import slugify
from .stamps import Measure, stamp

NO_YEAR = "none"  # the year of decisions whose letter has lost its date
YEARS = range(1990, 2101)

# Facet (its name in addresses and in the index) -> its heading, in the order of the page.
FACETS = {
    "outcome": "Outcome",
    "treatment": "Treatment",
    "drug": "Drug",
    "procedure": "Procedure, device or service",
    "body": "Part of the body",
    "board": "Reviewer’s board certification",
    "subspecialty": "Reviewer’s subspecialty",
    "specialty": "Reviewer’s specialty",
    "state": "Reviewer licensed in",
    "guideline": "Guideline the reviewer cited",
    "administrator": "Guideline the claims administrator cited",
    "relation": "Guidelines of the two sides",
    "reason": "Reason",
    "finding": "What the reasons find",
    "year": "Date of decision",
    "letter": "The letter as a whole",
    "priority": "Priority",
    "age": "Patient’s age",
    "sex": "Patient’s sex",
    "flag": "To be read with care",
}

_FIXED = {
    "outcome": {outcome.lower(): outcome.value for outcome in DisputedItem.Outcome},
    "finding": {
        "necessary": "Medically necessary",
        "not-necessary": "Not medically necessary",
        "partly-necessary": "Partly necessary",
        "unclear": "Not clear",
    },
    "relation": {
        "same": "Both cite the same",
        "different": "They cite different ones",
        "reviewer-only": "Only the reviewer cites",
        "administrator-only": "Only the claims administrator cites",
        "none": "Neither cites any",
    },
    "letter": {"upheld": "All upheld", "overturned": "All overturned", "mixed": "Some upheld, some overturned"},
    "priority": {"standard": "Standard", "expedited": "Expedited"},
    "age": {
        "under-30": "Under 30",
        "30-39": "30 to 39",
        "40-49": "40 to 49",
        "50-59": "50 to 59",
        "60-69": "60 to 69",
        "70-and-over": "70 and over",
    },
    "sex": {"female": "Female", "male": "Male"},
}
# A decision's own flag; the others are the open parse issues of its letter.
CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True)
class Label:
    """One value of a facet: what stands for it in an address, its name, and the value that it belongs to."""

    slug: str
    name: str
    parent: str = ""


class Facet(dict[str, Label]):
    """Value in the index -> label, in the facet's own order; ``by_slug`` the other way."""

    def __init__(
        self,
        labels: dict[str, Label],
        former: Iterable[tuple[str, str]] = (),
        joined: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """``former``: slugs that values had before, each with the one that it has now.

        ``joined``: values that stand for another one, as which they are counted.
        """
        super().__init__(labels)
        self.joined = joined
        self.by_slug = {label.slug: value for value, label in labels.items()}
        self._former = {old: now for old, now in former if now in self.by_slug and old not in self.by_slug}
        self._by_name = {vocabulary.key(label.name): value for value, label in reversed(labels.items())}
        for old, now in self._former.items():
            self._by_name.setdefault(vocabulary.key(old), self.by_slug[now])

    def current(self, slug: str) -> str:
        """The slug that a value has now, by that or by one that it had before; "" for one that is not known."""
        return slug if slug in self.by_slug else self._former.get(slug, "")

    def named(self, text: str) -> list[str]:
        """The values whose name or slug ``text`` is; else those whose name has all its words; empty for none."""
        wanted = vocabulary.key(text)
        slug = self.current(text.lower()) or self.current(text)
        exact = self.by_slug[slug] if slug else self._by_name.get(wanted)
        if exact or not wanted:
            return [exact] if exact else []
        words = set(wanted.split())
        return [value for name, value in self._by_name.items() if words <= set(name.split())]


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of all facets as they stood at ``stamp``."""

    facets: dict[str, Facet]
    stamp: tuple = field(default=(), compare=False)

    def __getitem__(self, facet: str) -> Facet:
        return self.facets[facet]


# ---- values that the index is given ----------------------------------------------------------------------------


def family_value(family: str) -> str:
    """What stands for all guidelines of a family."""
    return "all-" + slugify(family)


def document_value(wording: int, guideline: int | None) -> str:
    """What two wordings have in common that name the same document."""
    return str(guideline) if guideline else f"wording {wording}"


def relation_value(administrator: set[str], reviewer: set[str]) -> str:
    """How the documents that the two sides cite for a decision relate: a value of the facet."""
    if administrator and reviewer:
        return "same" if administrator == reviewer else "different"
    if reviewer:
        return "reviewer-only"
    return "administrator-only" if administrator else "none"


def drug_key(name: str) -> str:
    """By what the index knows a drug that a letter calls by a name."""
    return slugify(vocabulary.key(name))


def procedure_values(names: Iterable[str]) -> list[str]:
    """The values of procedures given by canonical name: each procedure and its kind."""
    kinds = _kinds()
    found = {}
    for name in names:
        found[slugify(name)] = None
        if name in kinds:
            found["all-" + slugify(kinds[name])] = None
    return list(found)


def body_values(parts: Iterable[str]) -> list[str]:
    """The values of parts of the body: each part and its region."""
    regions = _regions()
    found = {}
    for part in parts:
        found[slugify(part)] = None
        if part in regions:
            found["all-" + slugify(regions[part])] = None
    return list(found)


def age_value(age: int) -> str:
    """The band that an age in years belongs to."""
    if age < 30:
        return "under-30"
    return "70-and-over" if age >= 70 else f"{age // 10}0-{age // 10}9"


# ---- labels ----------------------------------------------------------------------------------------------------


@cache
def _regions() -> dict[str, str]:
    return {part.name: part.region for parts in vocabulary.body_parts().values() for part in parts}


@cache
def _kinds() -> dict[str, str]:
    return {one.name: one.kind for procedures in vocabulary.procedures().values() for one in procedures}


def _two_levels(pairs: Iterable[tuple[str, str]]) -> Facet:
    """A facet of names in groups; the groups come first."""
    pairs = sorted(set(pairs))
    labels = {
        f"all-{slugify(group)}": Label(f"all-{slugify(group)}", _sentence(group))
        for _, group in pairs
        if slugify(group)
    }
    for name, group in pairs:
        parent = f"all-{slugify(group)}" if slugify(group) else ""
        labels.setdefault(slugify(name), Label(slugify(name), _sentence(name), parent))
    return Facet(labels)


def _sentence(name: str) -> str:
    return name[:1].upper() + name[1:]


@cache
def _years() -> Facet:
    labels = {}
    for year in YEARS:
        labels[str(year)] = Label(str(year), str(year))
        for month, name in enumerate(calendar.month_name[1:], 1):
            labels[f"{year}-{month:02}"] = Label(f"{year}-{month:02}", f"{name} {year}", str(year))
    labels[NO_YEAR] = Label(NO_YEAR, "No date")
    return Facet(labels)


@cache
def _unchanging() -> dict[str, Facet]:
    """The facets whose names are shipped with the archive."""
    facets = {
        name: Facet({value: Label(value, text) for value, text in texts.items()}) for name, texts in _FIXED.items()
    }
    facets["procedure"] = _two_levels(_kinds().items())
    facets["body"] = _two_levels(_regions().items())
    facets["state"] = Facet({postal: Label(postal, name) for postal, name in vocabulary.state_names().items()})
    facets["year"] = _years()
    facets["reason"] = Facet({code: Label(code, reason.label) for code, reason in vocabulary.reasons().items()})
    facets["flag"] = Facet({issue.code: Label(issue.code, issue.meaning.rstrip(".")) for issue in ISSUE_CODES})
    return facets


def _specialties() -> Facet:
    rows = Specialty.objects.order_by("name").values_list("id", "slug", "name")
    return Facet({str(pk): Label(slug, name) for pk, slug, name in rows}, _former("specialty"))


def _guidelines() -> Facet:
    rows = list(Guideline.objects.order_by("position", "name").values_list("id", "slug", "name", "family"))
    labels = {family_value(family): Label(family_value(family), family) for *_, family in rows}
    labels |= {str(pk): Label(slug, name, family_value(family)) for pk, slug, name, family in rows}
    return Facet(labels, _former("guideline"))


def _drugs() -> Facet:
    rows = list(Drug.objects.order_by("group", "name").values_list("id", "slug", "name", "group"))
    labels = {family_value(group): Label(family_value(group), _sentence(group)) for *_, group in rows}
    labels |= {str(pk): Label(slug, _sentence(name), family_value(group)) for pk, slug, name, group in rows}
    return Facet(labels, _former("drug"))


def _treatments() -> Facet:
    rows = TreatmentCategory.objects.order_by("position", "id").values_list("id", "slug", "name", "parent_id")
    labels = {str(pk): Label(slug, name, str(parent or "")) for pk, slug, name, parent in rows}
    joined = {str(pk): str(now) for pk, now in TreatmentCategory.objects.standing().items()}
    return Facet(labels, _former("treatment"), joined)


def _former(names: str) -> list[tuple[str, str]]:
    """The addresses that names had before, each with the one that it has now."""
    return list(OldAddress.objects.filter(names=names).values_list("slug", "now"))


_known: Labels | None = None
_loading = threading.Lock()
_MEASURES: tuple[Measure, ...] = (
    (OldAddress, "COUNT", "id"), (OldAddress, "MAX", "id"),
    (Specialty, "COUNT", "id"), (Specialty, "MAX", "changed_at"),
    (Guideline, "COUNT", "id"), (Guideline, "MAX", "changed_at"), (GuidelineWording, "MAX", "changed_at"),
    (TreatmentCategory, "COUNT", "id"), (TreatmentCategory, "MAX", "changed_at"),
    (Drug, "COUNT", "id"), (Drug, "MAX", "changed_at"), (DrugWording, "MAX", "changed_at"),
    # Of two changes at once that which noted the earlier time may be committed later.
    (NameChange, "COUNT", "id"), (NameChange, "COUNT", "undone_at"),
)  # fmt: skip


def _stamp() -> tuple:
    """What changes when one of the curators' names, or an address that one had, is added, changed or deleted."""
    return stamp(*_MEASURES)


def load_labels() -> Labels:
    """The names as they stand now; read from the database only if something changed."""
    global _known
    stamp = _stamp()
    with _loading:
        if _known is None or _known.stamp != stamp:
            specialties, guidelines = _specialties(), _guidelines()
            named = dict.fromkeys(("board", "subspecialty", "specialty"), specialties)
            named |= dict.fromkeys(("guideline", "administrator"), guidelines)
            found = _unchanging() | named | {"treatment": _treatments(), "drug": _drugs()}
            _known = Labels({name: found[name] for name in FACETS}, stamp)
        return _known
