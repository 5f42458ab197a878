"""The fixed lists of words that searches and records use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from .. import records, vocabulary
from ..labels import OUTCOMES
from ..models import DisputedItem, Guideline, Specialty, TreatmentCategory

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A list of words. ``parameter``: the one of a search that takes its values, None if none does."""

    name: str
    label: str
    parameter: str | None
    entries: Callable[[], list[Entry]]


def _entry(value: str, label: str = "", group: str | None = None, meaning: str | None = None) -> Entry:
    return {"value": value, "label": label or value, "group": group, "meaning": meaning}


def _outcomes() -> list[Entry]:
    meanings = {"upheld": "The denial stands.", "overturned": "The treatment is to be provided."}
    return [_entry(slug, name, meaning=meanings.get(slug)) for slug, name in OUTCOMES.items()]


def _specialties() -> list[Entry]:
    return [_entry(slug, name, kind) for slug, name, kind in Specialty.objects.values_list("slug", "name", "kind")]


def _guidelines() -> list[Entry]:
    rows = Guideline.objects.values_list("slug", "name", "family")
    return [_entry(slug, name, family) for slug, name, family in rows]


def _treatments() -> list[Entry]:
    rows = TreatmentCategory.objects.values_list("slug", "name", "parent__slug")
    return [_entry(slug, name, parent) for slug, name, parent in rows]


def _states() -> list[Entry]:
    return [_entry(postal, name) for postal, name in vocabulary.state_names().items()]


def _reasons() -> list[Entry]:
    return [_entry(one.code, one.label, one.side, one.meaning) for one in vocabulary.reasons().values()]


def _drugs() -> list[Entry]:
    both = (*vocabulary.drugs().values(), *vocabulary.other_drugs().values())
    return _unique(_entry(drug.name, group=drug.group) for drug in both)


def _procedures() -> list[Entry]:
    return _unique(_entry(one.name, group=one.kind) for named in vocabulary.procedures().values() for one in named)


def _body_parts() -> list[Entry]:
    return _unique(_entry(one.name, group=one.region) for named in vocabulary.body_parts().values() for one in named)


def _unique(entries: Iterable[Entry]) -> list[Entry]:
    return list({(entry["value"], entry["group"]): entry for entry in entries}.values())


def _findings() -> list[Entry]:
    return [_entry(finding) for finding in DisputedItem.Finding.values]


def _relations() -> list[Entry]:
    return [_entry(relation) for relation in records.RELATIONS]


VOCABULARIES = {
    one.name: one
    for one in (
        Vocabulary("outcomes", "Outcomes", "outcome", _outcomes),
        Vocabulary("specialties", "Specialties of reviewers", "specialty", _specialties),
        Vocabulary("treatments", "Treatment categories; the group is the category above", "treatment", _treatments),
        Vocabulary("guidelines", "Guideline documents; the group is the family", "guideline", _guidelines),
        Vocabulary("states", "States of licence", "state", _states),
        Vocabulary("reasons", "Reasons; the group is the side that they speak for", None, _reasons),
        Vocabulary("findings", "What reasons conclude", None, _findings),
        Vocabulary("guideline-relations", "How both sides' guidelines relate", None, _relations),
        Vocabulary("drugs", "Drugs by generic name; the group is the state's, or a class", None, _drugs),
        Vocabulary("procedures", "Tests, treatments, devices and services; the group is the kind", None, _procedures),
        Vocabulary("body-parts", "Parts of the body; the group is the region", None, _body_parts),
    )
}
