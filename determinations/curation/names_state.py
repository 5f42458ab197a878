"""What names say, as plain data: the state before and after a change, and putting one in the other's place.

A state holds what a change concerns and nothing else, in a form that can be kept as JSON:

- ``records``: id -> fields of a canonical record, None for one that is not there;
- ``wordings``: id -> id of the record that a wording stands for, or None;
- ``addresses``: former slug -> the slug that it leads to, None for one that leads nowhere;
- ``rules``: id of a rule for categories -> id of its category;
- ``statuses``: id -> where a wording stood in the queue, of those that had a name and have none or the other way round.
  This is put back, and not compared.

To change names is to put a state ``after`` where one ``before`` was found; to undo it is the same the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from .. import search
from ..models import (
    Case,
    CategoryRule,
    CredentialWording,
    Drug,
    DrugWording,
    Guideline,
    GuidelineCitation,
    GuidelineWording,
    OldAddress,
    ParseIssue,
    Specialty,
    TreatmentCategory,
)
from ..models.queued import Queued
from ..names import UNKNOWN_NAME
from ..vocabulary import drug_names
from . import drug_headings, guideline_keys

State = dict[str, dict[str, Any]]
PARTS = ("records", "wordings", "addresses", "rules")


class Refused(Exception):
    """The change cannot be made; the message is a sentence for the curator."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of names. ``wordings``: their model, whose field ``pointer`` leads to the record; None without any.

    ``fields``: of the record, as they are kept in a state; ``facets``: where its values are counted; ``unknown``: the
    code of the question that an unknown wording asks; ``above``: the field with the words that records are grouped by.
    """

    name: str
    several: str
    model: Any
    wordings: Any
    pointer: str
    fields: tuple[str, ...]
    facets: tuple[str, ...]
    unknown: str = ""
    above: str = ""


SPECIALTY = Kind(
    "specialty",
    "specialties",
    Specialty,
    CredentialWording,
    "specialty",
    ("name", "slug", "kind"),
    ("board", "subspecialty", "specialty"),
    "unknown-specialty",
)
GUIDELINE = Kind(
    "guideline",
    "guidelines",
    Guideline,
    GuidelineWording,
    "guideline",
    ("name", "slug", "family", "position"),
    ("guideline", "administrator"),
    "unknown-guideline",
    "family",
)
DRUG = Kind("drug", "drugs", Drug, DrugWording, "drug", ("name", "slug", "group"), ("drug",), above="group")
TREATMENT = Kind(
    "treatment",
    "treatments",
    TreatmentCategory,
    None,
    "category",
    ("name", "slug", "parent_id", "position"),
    ("treatment",),
)
KINDS = {kind.name: kind for kind in (SPECIALTY, GUIDELINE, DRUG, TREATMENT)}


def empty() -> State:
    """A state of nothing."""
    return {part: {} for part in PARTS}


# ---- reading ----------------------------------------------------------------------------------------------------


def record_of(kind: Kind, row: Any) -> dict[str, Any]:
    """The fields of a record."""
    found = {name: getattr(row, name) for name in kind.fields}
    if kind is SPECIALTY:
        found["parents"] = sorted(row.parents.values_list("pk", flat=True))
    return found


def read(kind: Kind, like: State) -> State:
    """What ``like`` speaks of, as it is now."""
    now = empty()
    rows = kind.model.objects.in_bulk([int(pk) for pk in like["records"]])
    now["records"] = {pk: record_of(kind, rows[int(pk)]) if int(pk) in rows else None for pk in like["records"]}
    if kind.wordings:
        known = _pairs(kind.wordings, f"{kind.pointer}_id", like["wordings"])
        now["wordings"] = {pk: known.get(int(pk)) for pk in like["wordings"]}
    leads = dict(OldAddress.objects.filter(names=kind.name, slug__in=like["addresses"]).values_list("slug", "now"))
    now["addresses"] = {slug: leads.get(slug) for slug in like["addresses"]}
    rules = _pairs(CategoryRule, "category_id", like["rules"])
    now["rules"] = {pk: rules.get(int(pk)) for pk in like["rules"]}
    return now


def stands(kind: Kind, state: State) -> bool:
    """Whether things are as a state says."""
    now = read(kind, state)
    return all(now[part] == state[part] for part in PARTS)


def statuses(kind: Kind, before: State, after: State) -> dict[str, str]:
    """Where the wordings that get or lose a name stand in the queue now."""
    if not kind.wordings:
        return {}
    ids = [int(pk) for pk in turning(before["wordings"], after["wordings"])]
    return {str(pk): status for pk, status in kind.wordings.objects.filter(pk__in=ids).values_list("pk", "status")}


_AT_ONCE = 5_000


def _pairs(model: Any, field: str, ids: Iterable[str]) -> dict[int, int | None]:
    wanted = [int(pk) for pk in ids]
    found: dict[int, int | None] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        found.update(model.objects.filter(pk__in=wanted[start : start + _AT_ONCE]).values_list("pk", field))
    return found


# ---- writing ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """What putting a state did: the letters whose documents in the index change, ``more`` of them by their ids.

    ``kept``: wordings that stand for another guideline, or none, without that -> the one before; only how the two sides
    relate may be otherwise in letters that cite them. ``frequent``: names of drugs that so many headings have that the
    letters are looked for afterwards.
    """

    cases: QuerySet[Case]
    more: set[int] = field(default_factory=set)
    kept: dict[int, int | None] = field(default_factory=dict)
    frequent: tuple[drug_headings.Frequent, ...] = ()


def put(kind: Kind, before: State, after: State) -> Written:
    """Put ``after`` where ``before`` is; to be called in a transaction. Raises Refused if something stands against it.

    A category of treatments that goes stands for the one that its address leads to from then on.
    """
    for pk, fields in after["records"].items():
        if fields is not None:
            _write(kind, int(pk), fields)
    for pk, fields in after["records"].items():
        if fields is not None and kind is SPECIALTY:
            Specialty.objects.get(pk=pk).parents.set(fields["parents"])
    anew = _anew(kind, before, after)
    touched = _point(kind, before["wordings"], after["wordings"], anew)
    turned = turning(before["wordings"], after["wordings"])
    _turn(kind, turned, after["wordings"], after.get("statuses", {}))
    more, frequent = _with_names(turned) if kind is DRUG else (_settle(kind, turned, after["wordings"]), [])
    for pk, category in after["rules"].items():
        CategoryRule.objects.filter(pk=pk).update(category_id=category)
    for pk, fields in after["records"].items():
        if fields is None:
            _remove(kind, int(pk), after)
    for slug, leads in after["addresses"].items():
        if leads is None:
            OldAddress.objects.filter(names=kind.name, slug=slug).delete()
        else:
            OldAddress.objects.update_or_create(names=kind.name, slug=slug, defaults={"now": leads})
    moved = {int(pk): old for pk, old in before["wordings"].items() if old != after["wordings"][pk]}
    kept = {pk: old for pk, old in moved.items() if pk not in anew} if kind is GUIDELINE else {}
    return Written(Case.objects.filter(touched), more, kept, tuple(frequent))


def _anew(kind: Kind, before: State, after: State) -> set[int]:
    """The wordings whose letters are indexed anew; those of specialties are looked up."""
    if kind is not GUIDELINE:
        return set()
    gone = {int(pk) for pk, fields in after["records"].items() if fields is None}
    return guideline_keys.keep(before["wordings"], after["wordings"], gone)


def _write(kind: Kind, pk: int, fields: dict[str, Any]) -> None:
    row = kind.model._base_manager.filter(pk=pk).first() or kind.model(pk=pk)
    for name in kind.fields:
        setattr(row, name, fields[name])
    if kind is TREATMENT:
        row.joined_to = None
    row.save()  # also notes when, by which pages know that names changed


def _point(kind: Kind, before: dict[str, Any], after: dict[str, Any], anew: set[int]) -> Q:
    """Let wordings stand for other records; the letters whose documents change, ``anew`` for the wordings in them."""
    touched = Q(pk__in=[])
    if not kind.wordings:
        return touched
    by_record: dict[int | None, list[int]] = {}
    for pk, record in after.items():
        by_record.setdefault(record, []).append(int(pk))
    now = timezone.now()
    for record, ids in by_record.items():
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            rows = kind.wordings.objects.filter(pk__in=some)
            rows.update(**{f"{kind.pointer}_id": record}, changed_at=now)
            if changing := anew.intersection(some):
                touched |= Q(pk__in=GuidelineCitation.objects.filter(wording__in=changing).values("item__case"))
    return touched


def _turn(kind: Kind, turned: list[str], after: dict[str, Any], statuses: dict[str, str]) -> None:
    """Put wordings that get or lose a name where they belong in the queue."""
    for pk in turned:
        status = statuses.get(pk) or (Queued.Status.OPEN if after[pk] is None else Queued.Status.SETTLED)
        kind.wordings.objects.filter(pk=pk).update(status=status)


def _with_names(wordings: list[str]) -> tuple[set[int], list[drug_headings.Frequent]]:
    """The letters with names of drugs that no reading knows, which the index holds while they stand for a drug.

    Of a name that very many headings have what is known of it instead.
    """
    texts = set(DrugWording.objects.filter(pk__in=wordings).values_list("text", flat=True)) - drug_names().keys()
    if texts:  # what is being indexed at this moment was read without the name, and cannot be found yet
        Case.objects.awaiting_index().update(updated_at=timezone.now())
    try:
        frequent = list(filter(None, map(drug_headings.frequent, sorted(texts))))
        few = texts - {one.text for one in frequent}
        items = [item for text in few for item in drug_headings.holding(text)]
    except (search.SearchError, search.SearchUnavailable) as error:
        raise Refused("The search index is being built; try again when it is there.") from error
    return drug_headings.cases(items), frequent


def turning(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The wordings that had a name and have none, or the other way round."""
    return [pk for pk in after if (before.get(pk) is None) != (after[pk] is None)]


def _settle(kind: Kind, wordings: list[str], after: dict[str, Any]) -> set[int]:
    """Settle questions about wordings that have a name, and open those of others again; the letters that have them."""
    letters: set[int] = set()
    if not kind.unknown:
        return letters
    begins, model, _ = UNKNOWN_NAME[kind.unknown]
    texts = dict(model.objects.filter(pk__in=wordings).values_list("pk", "text"))
    for named in (True, False):
        messages = [f"{begins}{texts[int(pk)]!r}." for pk in wordings if (after[pk] is not None) == named]
        old, new = (Queued.Status.OPEN, Queued.Status.SETTLED)[:: 1 if named else -1]
        issues = ParseIssue.objects.filter(code=kind.unknown, status=old, message__in=messages)
        letters.update(issues.values_list("case_id", flat=True))
        issues.update(status=new)
    return letters


def _remove(kind: Kind, pk: int, after: State) -> None:
    """Take a record away, after what stood under it has moved."""
    row = kind.model.objects.get(pk=pk)
    if kind is TREATMENT:
        leave(row, TreatmentCategory.objects.filter(slug=after["addresses"].get(row.slug)).first())
    elif kind.wordings.objects.filter(**{kind.pointer: row}).exists():
        raise Refused(f"“{row}” cannot be taken away: wordings stand for it by now.")
    else:
        row.delete()


def leave(category: TreatmentCategory, into: TreatmentCategory | None) -> None:
    """Join a category to another one, or take it away if nothing stands in it. Raises Refused."""
    if category.subcategories.exists():
        raise Refused(f"“{category}” cannot be taken away: it has sub-categories.")
    if into:
        category.name, category.slug, category.parent, category.joined_to = "", f"-{category.pk}", None, into
        category.save()
    elif (
        category.items.exists() or category.rules.exists() or len(TreatmentCategory.objects.filed_as([category.pk])) > 1
    ):
        raise Refused(f"“{category}” cannot be taken away: decisions or rules stand in it.")
    else:
        category.delete()
