"""Names that were made of redacted words: wordings of letters, what curators called a name after them, old addresses.

A wording that no letter has any more goes, and what it stood for goes over to the wording without the words. A
canonical name with the words is written anew where nothing but such wordings spoke for it: it is none of the shipped
vocabulary's, and no wording of it that is left has the words. What changes of names say follows, so that they can be
undone as before.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from .. import vocabulary
from ..labels import family_value
from ..letters.redacting import MARK, pattern, redacted_slug, redacted_value
from ..models import (
    Case,
    CredentialWording,
    DisputedItem,
    Drug,
    DrugWording,
    Guideline,
    GuidelineWording,
    NameChange,
    OldAddress,
    Redaction,
    Reviewer,
    Specialty,
    TreatmentCategory,
)
from ..names import MODELS
from .redacted_records import FIELDS, Field, Kept, holding, keep, replace

_GONE = ""  # in the place of a field: the whole row
_WORDINGS: dict[type[models.Model], str] = {CredentialWording: "specialty_id", GuidelineWording: "guideline_id"}
_POINTERS: dict[type[models.Model], str] = {Specialty: "specialty_id", Guideline: "guideline_id"}
_QUEUED = ("status", "note", "assigned_to_id")
_STATES = ("before", "after")
_RECORDS: dict[type[models.Model], tuple[str, ...]] = {
    Specialty: ("name", "slug"),
    Guideline: ("name", "slug", "family"),
    Drug: ("name", "slug", "group"),
    DrugWording: ("text",),
    TreatmentCategory: ("name", "slug"),
}


# ---- wordings -------------------------------------------------------------------------------------------------------


def carry_over(case: Case, words: str) -> None:
    """Let the wordings that a letter is about to have, without ``words``, stand for what its wordings stand for."""
    own = {
        CredentialWording: Q(reviewers__cases=case),
        GuidelineWording: Q(citations__item__case=case),
    }
    for model, pointer in _WORDINGS.items():
        for row in model._default_manager.filter(own[model], **{f"{pointer}__isnull": False}).distinct():
            text = redacted_value(row.text, [words])[:200]
            if text != row.text:
                model._default_manager.get_or_create(text=text, defaults=_fields(row, pointer))


def forget(redaction: Redaction) -> None:
    """Delete wordings with the words of a redaction that no letter has any more, and write names anew.

    To be called when the letter is written anew.
    """
    keep(redaction, list(_forget_wordings(redaction)))
    _Renaming(redaction).run()


def _forget_wordings(redaction: Redaction) -> Iterator[list[Any]]:
    found = pattern(redaction.words)
    for model, pointer in _WORDINGS.items():
        for row in holding(Field(model, "text"), redaction.words):
            if not (found and found.search(row.text)):
                continue
            if model is CredentialWording:
                Reviewer.objects.filter(wordings=row, cases=None).delete()
            if _used(row):
                continue
            yield [model.__name__, row.pk, _GONE, {"text": row.text, **_fields(row, pointer)}]
            if model is CredentialWording:  # what is proposed to curators is remembered until a name changes
                Specialty.objects.filter(pk=row.specialty_id).update(changed_at=timezone.now())
            row.delete()


def _used(row: Any) -> bool:
    return bool((row.credentials if isinstance(row, CredentialWording) else row.citations).exists())


def _fields(row: Any, pointer: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (pointer, *_QUEUED)}


def put_back_wordings(redaction: Redaction) -> None:
    """Make the wordings again that went with a redaction that holds no longer.

    To be called before the letter is written anew. One with words that another redaction keeps away goes over to that.
    """
    others = list(Redaction.objects.filter(lifted_at=None).exclude(pk=redaction.pk).order_by("id"))
    models_by_name = {model.__name__: model for model in _WORDINGS}
    for name, pk, place, fields in redaction.originals:
        model = models_by_name.get(name)
        if model is None or place != _GONE:
            continue
        still = next((one for one in others if redacted_value(fields["text"], [one.words]) != fields["text"]), None)
        if still:
            keep(still, [[name, pk, place, fields]])
            continue
        rows = model._default_manager
        if not rows.filter(Q(pk=pk) | Q(text=fields["text"])).exists():
            rows.create(pk=pk, **_that_are_there(model, fields))


def _that_are_there(model: type[models.Model], fields: dict[str, Any]) -> dict[str, Any]:
    """Fields of a row without what they point to where that is no longer there."""
    found = dict(fields)
    for field in model._meta.concrete_fields:
        if field.related_model and found.get(field.attname):
            rows = field.related_model._default_manager.filter(pk=found[field.attname])  # type: ignore[union-attr]
            if not rows.exists():
                found[field.attname] = None
    return found


def forget_marked() -> None:
    """Delete wordings with a mark that no letter has any more, after a redaction was lifted."""
    GuidelineWording.objects.filter(text__contains=MARK, citations=None).delete()
    Reviewer.objects.filter(wordings__text__contains=MARK, cases=None).delete()
    CredentialWording.objects.filter(text__contains=MARK, credentials=None).delete()


# ---- canonical names, and what changes of names say -----------------------------------------------------------------


class _Renaming:
    """Names, their old addresses and the changes that made them, without the words of one redaction."""

    def __init__(self, redaction: Redaction) -> None:
        self._redaction, self._words = redaction, redaction.words
        self._found, self._kept = pattern(redaction.words), Kept(redaction)
        self._now: dict[str, str] = {}  # names and addresses as they were -> as they are now
        self._gone = {(model, fields[_WORDINGS[model]]) for model, fields in _gone(redaction)}

    def run(self) -> None:
        """Write them."""
        originals = [entry for model in _RECORDS for entry in self._records(model)]
        originals += list(self._old_addresses())
        keep(self._redaction, [*originals, *self._states()])

    def _records(self, model: type[models.Model]) -> Iterator[list[Any]]:
        names, _ = shipped()
        fields = [FIELDS[model.__name__, name] for name in _RECORDS[model]]
        rows = {row.pk: row for field in fields for row in holding(field, self._words)}
        for row in rows.values():
            if str(row) in names or not self._made_of_words(row):
                continue
            for field in fields:
                was = getattr(row, field.name)
                if was not in names:
                    yield from replace(row, field, self._redaction, self._kept)
                    now = getattr(row, field.name)
                    self._now |= {was: now} | (
                        {family_value(was): family_value(now)} if field.name in ("family", "group") else {}
                    )

    def _made_of_words(self, row: Any) -> bool:
        """Whether only wordings with the words spoke for a name, or nothing at all does."""
        if isinstance(row, Drug | DrugWording):  # which headings call it so is written nowhere
            titles = DisputedItem.objects.exclude(case=self._redaction.case_id).order_by()
            texts = list(titles.filter(title__icontains=_plain(self._words)).values_list("title", flat=True))
            here = True
        elif isinstance(row, TreatmentCategory):
            titles = (
                DisputedItem.objects.filter(filed_under__in=TreatmentCategory.objects.filed_as([row.pk]))
                .order_by()
                .values_list("title", flat=True)
            )
            texts = list(titles.filter(title__icontains=_plain(self._words)))
            here = titles.filter(case=self._redaction.case_id).exists() or not titles.exists()
        else:
            texts = list(row.wordings.values_list("text", flat=True))
            wording = next(model for model, pointer in _WORDINGS.items() if pointer == _POINTERS[type(row)])
            here = (wording, row.pk) in self._gone or not texts
        return here and not any(self._found and self._found.search(text) for text in texts)

    def _old_addresses(self) -> Iterator[list[Any]]:
        _, slugs = shipped()
        field = FIELDS["OldAddress", "slug"]
        for row in OldAddress.objects.filter(now__in=self._now):
            yield ["OldAddress", row.pk, "now", self._kept.very_first("OldAddress", row.pk, "now", row.now)]
            OldAddress.objects.filter(pk=row.pk).update(now=self._now[row.now])
        for row in holding(field, self._words):
            record = MODELS[row.names].objects.filter(slug=row.now).first()
            if row.slug not in slugs and (record is None or self._made_of_words(record)):
                was = row.slug
                yield from replace(row, field, self._redaction, self._kept)
                self._now[was] = row.slug

    def _states(self) -> Iterator[list[Any]]:
        names, slugs = shipped()
        stay = {*names, *slugs}
        for model, fields in _RECORDS.items():
            stay.update(value for row in model._default_manager.values_list(*fields) for value in row)
        stay.update(value for row in OldAddress.objects.values_list("slug", "now") for value in row)
        for side in _STATES:
            for change in holding(Field(NameChange, side), _plain(self._words)):
                now = getattr(change, side)
                wanted = _state(now, self._words, self._now, stay)
                if wanted != now:
                    yield ["NameChange", change.pk, side, self._kept.very_first("NameChange", change.pk, side, now)]
                    NameChange.objects.filter(pk=change.pk).update(**{side: wanted})


def _gone(redaction: Redaction) -> Iterator[tuple[type[models.Model], dict[str, Any]]]:
    """The wordings that went with a redaction: their model and fields."""
    by_name = {model.__name__: model for model in _WORDINGS}
    for name, _, place, fields in redaction.originals:
        if place == _GONE and name in by_name:
            yield by_name[name], fields


@cache
def shipped() -> tuple[frozenset[str], frozenset[str]]:
    """The names of the shipped vocabulary with their families, and their addresses."""
    names: set[str] = set()
    for text, drug in vocabulary.drug_names().items():
        names |= {text, drug.name, drug.group}
    for row in (*vocabulary.specialties(), *vocabulary.guidelines(), *vocabulary.works()):
        names |= {row.name, row.now, row.joined, getattr(row, "family", "")} - {""}
    for category in vocabulary.categories():
        names |= {category.name, *category.subcategories}
    slugs = {slugify(name) for name in names} | {f"all-{slugify(name)}" for name in names}
    for category in vocabulary.categories():
        above = slugify(category.name)
        slugs |= {f"{above}/{slugify(name.replace('/', ' '))}" for name in category.subcategories}
    return frozenset(names), frozenset(slugs)


def _plain(words: str) -> str:
    """A part of words that stands in names and in addresses alike."""
    return max(re.findall(r"[A-Za-z0-9]+", words), key=len, default="")


def _state(value: Any, words: str, now: dict[str, str], stay: Collection[str]) -> Any:
    """A state (names_state.State) in which names and addresses without the words stand; keys are addresses, too.

    ``stay``: what is there, or shipped; whoever reads the archive finds it anyway.
    """
    if isinstance(value, dict):
        return {_state(key, words, now, stay): _state(one, words, now, stay) for key, one in value.items()}
    if isinstance(value, list):
        return [_state(one, words, now, stay) for one in value]
    if not isinstance(value, str):
        return value
    if value in now:
        return now[value]
    return value if value in stay else redacted_slug(redacted_value(value, [words]), [words])


def put_back_states(redaction: Redaction) -> None:
    """Let changes of names say again what they did, but for words that other redactions keep away."""
    kept = Kept(redaction)
    for model, pk, name, first in redaction.originals:
        if model == "NameChange" and name in _STATES:
            value = first
            for words in kept.words((model, pk, name)):
                value = _state(value, words, {}, ())
            NameChange.objects.filter(pk=pk).update(**{name: value})
