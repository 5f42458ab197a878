"""Placing headings that are stored again: after a rule was made or retired, or categories were parted.

The category of an item is a function of what its letter says: a curator's correction, else a rule, else the place in
the state's list that its heading has. So it can be found again at any time, and taking a rule back gives its headings
back. Only items that a change can concern are looked at; all others keep what they were read as.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from ..headings import Pattern, tokens_of
from ..letters import PARSER_VERSION, parse_letter
from ..letters.meaning.treatments import place
from ..models import Case, Correction, DisputedItem, Job, LetterSource, ParseIssue, TreatmentCategory
from ..names import Names
from ..store import rewrite, unplaced
from . import following, jobs

_A_STEP = 5_000  # letters that are looked through
_LONGEST_HEADING = 2_000  # the reader places no longer one (letters/parts/building.py)
_UNPLACED = ("uncategorised", "ambiguous-category")
# What of a correction may decide where an item stands.
_PLACING = ("title", "treatment", "category", "items")

Concerns = Callable[[str, int | None], bool]


def concerns(patterns: Iterable[str] = (), category: int | None = None) -> Concerns:
    """Whether an item, by its heading and category, has one of some patterns or stands in ``category``."""
    known = [Pattern(text) for text in patterns]

    def asked(heading: str, current: int | None) -> bool:
        if category is not None and current == category:
            return True
        tokens = tokens_of(heading) if known else ""
        return any(one.matches(tokens) for one in known)

    return asked


def belongs(names: Names, heading: str) -> int | None:
    """The id of the category of a heading without corrections."""
    placement = place(heading)[0] if len(heading) <= _LONGEST_HEADING else None
    return names.category(placement, heading)


def categorise(case_ids: Collection[int], names: Names, wanted: Concerns) -> set[int]:
    """Place the items of cases that are ``wanted`` anew; returns the cases that changed, marked for the index.

    To be called in a transaction. A letter whose items were corrected is written anew from its text.
    """
    corrections = Correction.objects.filter(case__in=case_ids, retired_at=None, field__in=_PLACING)
    corrected: dict[int, list[str]] = defaultdict(list)
    for case_id, field, read in corrections.values_list("case_id", "field", "reads_now"):
        corrected[case_id].append(str(read or "") if field == "title" else "")
    moved: dict[int | None, list[int]] = defaultdict(list)
    changed: set[int] = set()
    again: set[int] = set()
    standing = TreatmentCategory.objects.standing()
    rows = DisputedItem.objects.filter(case__in=case_ids).order_by("id")
    for pk, case_id, heading, filed in rows.values_list("id", "case_id", "title", "filed_under_id"):
        current = standing.get(filed, filed)
        if case_id in corrected:
            if wanted(heading, current) or any(wanted(read, None) for read in corrected[case_id] if read):
                again.add(case_id)
        elif wanted(heading, current) and (now := belongs(names, heading)) != current:
            moved[now].append(pk)
            changed.add(case_id)
    for category, ids in moved.items():
        DisputedItem.objects.filter(pk__in=ids).update(filed_under_id=category)
    _settle(changed)
    _write_again(again, names)
    changed |= again
    Case.objects.filter(pk__in=changed).update(index_pending=True, updated_at=timezone.now())
    return changed


def _settle(case_ids: Collection[int]) -> None:
    """Questions where a request belongs are settled while a rule answers them, and open where none does any more."""
    issues = ParseIssue.objects.filter(case__in=case_ids, code__in=_UNPLACED, origin=ParseIssue.Origin.READING)
    items: dict[int, dict[str, int | None]] = defaultdict(dict)
    for case_id, title, category in DisputedItem.objects.filter(case__in=case_ids).values_list(
        "case_id", "title", "filed_under_id"
    ):
        items[case_id][unplaced(title)] = category
    turned: dict[str, list[int]] = defaultdict(list)
    for pk, case_id, message, status in issues.values_list("id", "case_id", "message", "status"):
        if message in items[case_id]:
            placed = items[case_id][message] is not None
            if placed and status == ParseIssue.Status.OPEN:
                turned[ParseIssue.Status.SETTLED].append(pk)
            elif not placed and status == ParseIssue.Status.SETTLED:
                turned[ParseIssue.Status.OPEN].append(pk)
    for status, ids in turned.items():
        ParseIssue.objects.filter(pk__in=ids).update(status=status)


def _write_again(case_ids: Collection[int], names: Names) -> None:
    current = LetterSource.objects.filter(case__in=case_ids, status=LetterSource.Status.CURRENT)
    for source in current.select_related("case"):
        rewrite([(source, parse_letter(source.text))], names)
        LetterSource.objects.filter(pk=source.pk).update(parser_version=PARSER_VERSION)


# ---- in the background ------------------------------------------------------------------------------------------


def begin(*, by: str, patterns: Iterable[str] = (), category: int | None = None, since: datetime | None = None) -> Job:
    """Have all letters looked through for items that a change concerns, in the background.

    ``since``: only those that were written from then on.
    """
    last = Case.objects.order_by("-id").values_list("id", flat=True).first() or 0
    # What comes in later is placed as it comes.
    parameters: dict[str, Any] = {"patterns": list(patterns), "category": category, "after": 0, "last": last}
    parameters["since"] = since.isoformat() if since else None
    return jobs.begin(jobs.CATEGORISE, by=by, total=Case.objects.count(), parameters=parameters | {"changed": 0})


def categorise_some(job: Job) -> bool:
    """One step: look through some letters, and note in the same transaction how far that is."""
    told = job.parameters
    with transaction.atomic():
        cases = Case.objects.filter(id__gt=told["after"], id__lte=told["last"]).order_by("id")
        rows = list(cases.values_list("id", "updated_at")[:_A_STEP])
        if not rows:
            return True
        since = datetime.fromisoformat(told["since"]) if told.get("since") else None
        case_ids = [pk for pk, written in rows if since is None or written >= since]
        changed = categorise(case_ids, Names(), concerns(told["patterns"], told["category"]))
        if changed:
            following.index_later(len(changed), by=job.made_by)
        jobs.advance(job, len(rows), after=rows[-1][0], changed=told["changed"] + len(changed))
    return False
