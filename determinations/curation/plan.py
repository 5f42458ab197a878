"""A change of names as a plan: what was before and what is after, looked at, and carried out in one transaction."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from ..letters.redacting import redacted_value
from ..models import Case, DisputedItem, Drug, DrugWording, Job, NameChange
from ..names import Names
from ..redacted_rows import all_words
from . import categorising, drug_headings, effects, relating, spelling
from .following import Followed, follow
from .names_state import TREATMENT, Kind, Refused, State, put, stands, statuses

_FEW = 1_000  # items of a category that are parted again while a curator waits
NEW = "new"  # stands for the id of a record that is not made yet


class Stale(Exception):
    """The names have changed since the curator looked at them."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, and how the letters follow."""

    change: NameChange
    followed: Followed
    job: Job | None = None
    why: str = ""


@dataclass(slots=True)
class Plan:
    """A change of names that can be looked at and carried out. ``undoes``: the change that it takes back.

    ``spells``: a name that its one drug gets, and that nothing was called before.
    """

    kind: Kind
    action: str
    summary: str
    before: State
    after: State
    undoes: NameChange | None = None
    spells: str = ""

    @property
    def stamp(self) -> str:
        """What a preview is of; another one when the names have changed since."""
        text = json.dumps([self.summary, self.before, self.after], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:20]

    def preview(self) -> effects.Preview:
        """How many letters and decisions change, in which facets, and the first of them."""
        if self.spells:
            return spelling.preview(self.spells, *Drug.objects.filter(pk__in=self.after["records"]))
        return effects.preview(self.kind, self.before, self.after)

    def carry_out(self, *, by: str, why: str = "", seen: str | None = None) -> Done:
        """Do it. ``seen``: the stamp of the plan that the curator looked at.

        Raises Stale if the names have changed since, Refused if something stands against it.
        """
        if seen is not None and seen != self.stamp:
            raise Stale
        try:
            with transaction.atomic():
                return self._carry_out(by, redacted_value(why.strip(), all_words()))
        except IntegrityError as error:
            raise Refused("Another name, or a letter that came in, stands against it; look again.") from error

    def _carry_out(self, by: str, why: str) -> Done:
        if not stands(self.kind, self.before):
            raise Stale
        if self.spells:
            self._spell()
        before = self.before | {"statuses": statuses(self.kind, self.before, self.after)}
        after = self.after
        letters = effects.letters(self.kind, self.before, after)
        if NEW in after["records"]:
            made = self.kind.model(**{name: after["records"][NEW][name] for name in self.kind.fields})
            made.save()
            after = _with_id(after, made.pk)
        written = put(self.kind, self.before, after)
        if self.spells:  # the index does not know it yet
            letters = len(written.more) + sum(name.letters for name in written.frequent)
        followed = relating.follow(written, by=by)
        looking = [drug_headings.follow(name, by=by) for name in written.frequent]
        job = self._part_again(by) or next(iter(looking), None)
        if self.undoes:
            change = self.undoes
            change.undone_at, change.undone_by = timezone.now(), by
            change.save()
            if change.kind == NameChange.Kind.SPELL:
                DrugWording.objects.filter(pk__in=after["wordings"]).delete()
        else:
            change = NameChange.objects.create(
                kind=self.action,
                names=self.kind.name,
                summary=self.summary[:300],
                before=_with_id(before, made.pk, gone=True) if NEW in self.after["records"] else before,
                after=after,
                letters=letters,
                why=why,
                made_by=by,
            )
        return Done(change, followed, job, why)

    def _spell(self) -> None:
        """Make the name, which stands for nothing until the change is made."""
        made = str(DrugWording.objects.create(text=self.spells).pk)
        [drug] = self.after["records"]
        self.before = self.before | {"wordings": {made: None}}
        self.after = self.after | {"wordings": {made: int(drug)}}

    def _part_again(self, by: str) -> Job | None:
        """Give a category that is there again the items of letters that came in while it was joined to another."""
        if not (self.undoes and self.kind is TREATMENT):
            return None
        for pk, fields in self.after["records"].items():
            into = self.undoes.after["addresses"].get(fields["slug"]) if fields else None
            if fields and self.before["records"][pk] is None and into:
                return _part(int(_record(self.after, slug=into)), self.undoes.made_at, by)
        return None


def _part(category: int, since: datetime, by: str) -> Job | None:
    """Place anew what was filed under a category since another one was joined to it."""
    items = DisputedItem.objects.filter(filed_under=category)
    cases = list(items.values_list("case_id", flat=True).distinct()[: _FEW + 1])
    if len(cases) > _FEW:
        return categorising.begin(by=by, category=category, since=since)
    changed = categorising.categorise(cases, Names(), categorising.concerns(category=category))
    follow(Case.objects.filter(pk__in=changed), by=by)
    return None


def _record(state: State, slug: str) -> str:
    return next(pk for pk, fields in state["records"].items() if fields and fields["slug"] == slug)


def _with_id(state: State, pk: int, *, gone: bool = False) -> State:
    """A state in which the record that was made has its id; ``gone``: it was not there."""
    found = {part: dict(values) for part, values in state.items()}
    fields = found["records"].pop(NEW, None)
    found["records"][str(pk)] = None if gone else fields
    found["wordings"] = {one: pk if record == NEW else record for one, record in found["wordings"].items()}
    return found
