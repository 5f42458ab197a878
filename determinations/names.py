"""Canonical records and the wordings that point to them: how an ingest turns names into rows.

The shipped vocabulary proposes; the rows decide. A wording that is in the database already keeps the record that it
points to, whatever the vocabulary says, so that what curators settle stays settled.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from django.db import transaction
from django.utils.text import slugify

from . import vocabulary
from .letters import Citation, Credential, Credentials, Placement
from .models import (
    CredentialWording,
    Guideline,
    GuidelineWording,
    Reviewer,
    ReviewerCredential,
    Specialty,
    TreatmentCategory,
)

_Role = ReviewerCredential.Role


@transaction.atomic
def load_vocabulary() -> None:
    """Make the canonical records that the shipped vocabulary names and the database does not have yet."""
    _load_specialties()
    _load_categories()
    known = set(Guideline.objects.values_list("name", flat=True))
    rows = [(g.name, g.family) for g in vocabulary.guidelines()] + [(w.name, w.family) for w in vocabulary.works()]
    Guideline.objects.bulk_create(
        Guideline(name=name, slug=slugify(name), family=family, position=position)
        for position, (name, family) in enumerate(rows)
        if name not in known
    )


def _load_specialties() -> None:
    known = set(Specialty.objects.values_list("name", flat=True))
    new = [specialty for specialty in vocabulary.specialties() if specialty.name not in known]
    Specialty.objects.bulk_create(Specialty(name=s.name, slug=slugify(s.name), kind=s.kind) for s in new)
    ids = dict(Specialty.objects.values_list("name", "id"))
    link = Specialty.parents.through
    link.objects.bulk_create(
        link(from_specialty_id=ids[specialty.name], to_specialty_id=ids[parent])
        for specialty in new
        for parent in specialty.parents
    )


def _load_categories() -> None:
    known = dict(TreatmentCategory.objects.values_list("slug", "id"))
    for position, category in enumerate(vocabulary.categories()):
        slug = slugify(category.name)
        if slug not in known:
            known[slug] = TreatmentCategory.objects.create(name=category.name, slug=slug, position=position).pk
        for place, name in enumerate(category.subcategories):
            path = f"{slug}/{slugify(name.replace('/', ' '))}"
            if path not in known:
                TreatmentCategory.objects.create(name=name, slug=path, parent_id=known[slug], position=place)


class Names:
    """The ids of the rows that names stand for; makes wordings and credential profiles that are new.

    One object serves one ingest. It remembers every row it met: some thousands of profiles and wordings, however
    many letters pass.
    """

    def __init__(self) -> None:
        load_vocabulary()
        self._specialties = dict(Specialty.objects.values_list("name", "id"))
        self._guidelines = dict(Guideline.objects.values_list("name", "id"))
        self._categories = {
            (parent or name, name if parent else None): pk
            for pk, name, parent in TreatmentCategory.objects.values_list("id", "name", "parent__name")
        }
        self._credential_wordings: dict[str, int] = {}
        self._guideline_wordings: dict[str, int] = {}
        self._reviewers: dict[str, int] = {}

    def category(self, placement: Placement | None) -> int | None:
        """The id of a place in the state's list."""
        return self._categories[placement.category, placement.subcategory] if placement else None

    def guideline_wordings(self, citations: Iterable[Citation]) -> dict[str, int]:
        """The ids of the wordings of ``citations``, by the words that name the document."""
        known = self._guideline_wordings
        new = {c.document: c.guideline for c in citations if c.document not in known}
        if new:
            known.update(GuidelineWording.objects.filter(text__in=new).values_list("text", "id"))
            missing = {text: guideline for text, guideline in new.items() if text not in known}
            made = GuidelineWording.objects.bulk_create(
                GuidelineWording(text=text, guideline_id=self._guidelines.get(guideline or ""))
                for text, guideline in missing.items()
            )
            known.update((wording.text, wording.pk) for wording in made)
        return known

    def reviewer(self, credentials: Credentials) -> int:
        """The id of the credential profile of one letter."""
        roles = [(_Role.BOARD_CERTIFICATION.value, credential) for credential in credentials.board_certifications]
        roles += [(_Role.SUBSPECIALTY.value, credential) for credential in credentials.subspecialties]
        unique = {(role, credential.text): credential for role, credential in roles}
        states = sorted({state.value for state in credentials.licensed_states})
        fingerprint = hashlib.sha256(json.dumps([sorted(unique), states]).encode()).hexdigest()
        if fingerprint not in self._reviewers:
            reviewer, made = Reviewer.objects.get_or_create(
                fingerprint=fingerprint, defaults={"licensed_states": states}
            )
            if made:
                ReviewerCredential.objects.bulk_create(
                    ReviewerCredential(
                        reviewer=reviewer, wording_id=self._credential_wording(credential), role=role, position=position
                    )
                    for position, ((role, _), credential) in enumerate(unique.items())
                )
            self._reviewers[fingerprint] = reviewer.pk
        return self._reviewers[fingerprint]

    def _credential_wording(self, credential: Credential) -> int:
        text = credential.text[:200]
        if text not in self._credential_wordings:
            wording, _ = CredentialWording.objects.get_or_create(
                text=text, defaults={"specialty_id": self._specialties.get(credential.name or "")}
            )
            self._credential_wordings[text] = wording.pk
        return self._credential_wordings[text]
