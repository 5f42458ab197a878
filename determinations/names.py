"""Canonical records and the wordings that point to them: how an ingest turns names into rows.

The shipped vocabulary proposes; the rows decide. A wording that is in the database already keeps the record that it
points to, whatever the vocabulary says, so that what curators settle stays settled.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction

from . import vocabulary
from .headings import Rules
from .letters import Citation, Credential, Credentials, Issue, Placement
from .models import (
    CategoryRule,
    CredentialWording,
    Drug,
    DrugWording,
    Guideline,
    GuidelineWording,
    NameChange,
    OldAddress,
    Reviewer,
    ReviewerCredential,
    Specialty,
    TreatmentCategory,
)
from .slugs import slugify
from .stamps import stamp

_Role = ReviewerCredential.Role
MODELS: dict[str, Any] = {
    "specialty": Specialty, "guideline": Guideline, "treatment": TreatmentCategory, "drug": Drug,
}  # fmt: skip
# Code of the question that an unknown name asks -> the words before the name in its message, and its wordings.
UNKNOWN_NAME: dict[str, tuple[str, Any, str]] = {
    "unknown-specialty": ("No specialty is known by the name ", CredentialWording, "specialty"),
    "unknown-guideline": ("No guideline is known by the words ", GuidelineWording, "guideline"),
}


# ---- where names are found ----------------------------------------------------------------------------------------


def category_slug(*path: str) -> str:
    """The address of a category by its name, or by its parent's and its own."""
    return "/".join([slugify(path[0]), *(slugify(name.replace("/", " ")) for name in path[1:])])


def addresses(names: str) -> dict[str, int]:
    """Every address, also those that names had before, -> the id of its record. ``names``: a key of MODELS."""
    live: dict[str, int] = dict(MODELS[names].objects.values_list("slug", "id"))
    old = OldAddress.objects.filter(names=names).values_list("slug", "now")
    return {slug: live[now] for slug, now in old if now in live} | live


def find(names: str, slug: str) -> int | None:
    """The id of the record of an address, also of one that it had before; None if there is none."""
    model = MODELS[names]
    pk: int | None = model.objects.filter(slug=slug).values_list("id", flat=True).first()
    if pk is None and (old := OldAddress.objects.filter(names=names, slug=slug).first()):
        pk = model.objects.filter(slug=old.now).values_list("id", flat=True).first()
    return pk


def find_by_name(names: str, name: str) -> int | None:
    """The id of the specialty or guideline of a name, also of one that it had before; None if there is none."""
    pk: int | None = MODELS[names].objects.filter(name=name).values_list("id", flat=True).first()
    return pk if pk is not None else find(names, slugify(name))


# ---- the shipped vocabulary ---------------------------------------------------------------------------------------


@transaction.atomic
def load_vocabulary() -> None:
    """Make the canonical records that the shipped vocabulary names and the database does not have yet.

    A name whose address leads somewhere, because curators renamed or joined it, is not made again.
    """
    _load_specialties()
    _load_categories()
    known = addresses("guideline")
    rows = [*vocabulary.guidelines(), *vocabulary.works()]
    new = [(position, row) for position, row in enumerate(rows) if slugify(row.name) not in known]
    made = {row.now or row.name: (position, row.family) for position, row in reversed(new) if not row.joined}
    Guideline.objects.bulk_create(
        Guideline(name=name, slug=slugify(name), family=family, position=position)
        for name, (position, family) in reversed(made.items())
        if slugify(name) not in known
    )
    _lead("guideline", [row for _, row in new])
    _load_drugs()
    _load_rules()


def _lead(
    names: str, rows: Iterable[vocabulary.Specialty | vocabulary.Guideline | vocabulary.Work | vocabulary.DrugChange]
) -> None:
    """Lead the addresses of shipped names that go by another one to that."""
    pairs = [(slugify(row.name), slugify(row.now or row.joined)) for row in rows if row.now or row.joined]
    rows = [OldAddress(names=names, slug=slug, now=now) for slug, now in pairs if slug != now]
    OldAddress.objects.bulk_create(rows, ignore_conflicts=True)


def _load_drugs() -> None:
    known = addresses("drug")
    changes = {change.name: change for change in vocabulary.drug_changes()}
    groups = {drug.name: drug.group for drug in vocabulary.drug_names().values()}
    groups |= {change.name: change.group for change in changes.values() if change.group}
    made = {}
    for name, group in groups.items():
        change = changes.get(name, vocabulary.DrugChange(name))
        if slugify(name) not in known and not change.joined:
            made[change.now or name] = group
    made = {name: group for name, group in made.items() if slugify(name) not in known}
    Drug.objects.bulk_create(Drug(name=name, slug=slugify(name), group=group) for name, group in made.items())
    _lead("drug", [change for change in changes.values() if slugify(change.name) not in known])
    known = addresses("drug")
    spelled = {text: drug.name for text, drug in vocabulary.drug_names().items()} | vocabulary.drug_spellings()
    there = set(DrugWording.objects.values_list("text", flat=True))
    rows = [
        DrugWording(text=text, drug_id=known[slugify(name)], status=DrugWording.Status.SETTLED)
        for text, name in spelled.items()
        if text not in there and slugify(name) in known
    ]
    DrugWording.objects.bulk_create(rows, batch_size=2_000)


def _load_specialties() -> None:
    known = addresses("specialty")
    new = [specialty for specialty in vocabulary.specialties() if slugify(specialty.name) not in known]
    made = {specialty.now or specialty.name: specialty for specialty in new if not specialty.joined}
    made = {name: specialty for name, specialty in made.items() if slugify(name) not in known}
    Specialty.objects.bulk_create(Specialty(name=name, slug=slugify(name), kind=s.kind) for name, s in made.items())
    _lead("specialty", new)
    ids = addresses("specialty")
    link = Specialty.parents.through
    # Two parents may have become one, or the specialty itself.
    pairs = {(ids[slugify(name)], ids[slugify(parent)]) for name, one in made.items() for parent in one.parents}
    link.objects.bulk_create(
        link(from_specialty_id=child, to_specialty_id=parent) for child, parent in sorted(pairs) if child != parent
    )


def _load_categories() -> None:
    known = addresses("treatment")
    moved = {category_slug(*row.place.split("/", 1)): row for row in vocabulary.moved_categories()}
    above = [
        _load_category(known, moved, (category.name,), None, position)
        for position, category in enumerate(vocabulary.categories())
    ]
    for slug, category in zip(above, vocabulary.categories(), strict=True):
        for place, name in enumerate(category.subcategories):
            _load_category(known, moved, (category.name, name), known.get(slug), place)
    for slug, row in moved.items():
        now = category_slug(*row.now.split("/", 1))
        if slug not in known and slug != now:
            OldAddress.objects.get_or_create(names="treatment", slug=slug, defaults={"now": now})


def _load_category(
    known: dict[str, int],
    moved: dict[str, vocabulary.MovedCategory],
    path: tuple[str, ...],
    parent: int | None,
    position: int,
) -> str:
    """Make a category that is not known; the address that it has."""
    slug = category_slug(*path)
    if slug in known:
        return slug
    row = moved.get(slug)
    if row and row.joined:
        return slug
    if row:
        path = tuple(row.now.split("/", 1))
        parent = known.get(category_slug(path[0])) if len(path) > 1 else None
    elif len(path) > 1 and (above := moved.get(category_slug(path[0]))):
        path = (above.now, path[1])
    now = category_slug(*path)
    if now not in known:
        category = TreatmentCategory(name=path[-1], slug=now, parent_id=parent, position=position)
        category.save()
        known[now] = category.pk
    if now != slug:
        OldAddress.objects.get_or_create(names="treatment", slug=slug, defaults={"now": now})
    return now


def _load_rules() -> None:
    """Rules that were shipped, where the database never had one of their pattern."""
    known = set(CategoryRule.objects.values_list("pattern", flat=True))
    for rule in vocabulary.heading_rules():
        category = find("treatment", category_slug(*rule.category.split("/", 1)))
        if rule.pattern not in known and category:
            CategoryRule.objects.create(
                pattern=rule.pattern, category_id=category, why=rule.why, made_by="the shipped vocabulary"
            )


def rules_in_force() -> Rules:
    """The rules of curators that decide where headings belong."""
    return Rules(CategoryRule.objects.filter(retired_at=None).values_list("id", "pattern", "category_id"))


# ---- for an ingest ------------------------------------------------------------------------------------------------


class Names:
    """The ids of the rows that names stand for; makes wordings and credential profiles that are new.

    One object serves one ingest. It remembers every row it met: some thousands of profiles and wordings, however
    many letters pass. ``refresh`` at the beginning of each transaction keeps it in step with what curators change.
    """

    def __init__(self) -> None:
        load_vocabulary()
        self._credential_wordings: dict[str, int] = {}
        self._guideline_wordings: dict[str, int] = {}
        self._reviewers: dict[str, int] = {}
        self._read()

    def _read(self) -> None:
        self._stamp = _stamp()
        self._specialties = addresses("specialty")
        self._guidelines = addresses("guideline")
        self._categories = addresses("treatment")
        self._rules = rules_in_force()

    def refresh(self) -> None:
        """Read the names anew if curators have changed them since; wordings stay what they are."""
        if self._stamp != _stamp():
            self._read()

    def category(self, placement: Placement | None, heading: str = "") -> int | None:
        """The id of the category of a request: a curator's rule says it, else its place in the state's list."""
        if rule := self._rules.deciding(heading):
            return rule.category
        if placement is None:
            return None
        return self._categories[category_slug(*filter(None, (placement.category, placement.subcategory)))]

    def settled_questions(self, issues: Iterable[Issue]) -> Collection[Issue]:
        """Those of the questions about unknown names that curators have settled by giving the wording a name."""
        asked: dict[str, dict[str, list[Issue]]] = {}
        for issue in issues:
            begins = UNKNOWN_NAME[issue.code][0]
            text = ast.literal_eval(issue.message.removeprefix(begins).removesuffix("."))
            asked.setdefault(issue.code, {}).setdefault(text[:200], []).append(issue)
        settled: set[Issue] = set()
        for code, by_text in asked.items():
            _, model, pointer = UNKNOWN_NAME[code]
            known = model.objects.filter(text__in=by_text, **{f"{pointer}__isnull": False})
            for text in known.values_list("text", flat=True):
                settled.update(by_text[text])
        return settled

    def guideline_wordings(self, citations: Iterable[Citation]) -> dict[str, int]:
        """The ids of the wordings of ``citations``, by the words that name the document."""
        known = self._guideline_wordings
        new = {c.document: c.guideline for c in citations if c.document not in known}
        if new:
            known.update(GuidelineWording.objects.filter(text__in=new).values_list("text", "id"))
            missing = {text: guideline for text, guideline in new.items() if text not in known}
            given = vocabulary.guideline_wordings()
            made = GuidelineWording.objects.bulk_create(
                GuidelineWording(
                    text=text, guideline_id=self._guidelines.get(slugify(given.get(text) or guideline or ""))
                )
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
            name = vocabulary.specialty_wordings().get(text) or credential.name or ""
            wording, _ = CredentialWording.objects.get_or_create(
                text=text, defaults={"specialty_id": self._specialties.get(slugify(name))}
            )
            self._credential_wordings[text] = wording.pk
        return self._credential_wordings[text]


def _stamp() -> tuple:
    """What changes when curators change names or rules."""
    return stamp(
        (NameChange, "MAX", "id"), (NameChange, "COUNT", "undone_at"),
        (CategoryRule, "MAX", "id"), (CategoryRule, "COUNT", "retired_at"),
    )  # fmt: skip
