"""How the queue grows and shrinks: what was asked and what was decided, by day and by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.cache import cache
from django.db.models import Count
from django.utils import timezone

from ...models import ParseIssue, QueueAction, ReaderReport, RejectedFile, RemovalRequest
from . import withheld as of_withheld
from .kinds import KINDS, Kind

DAYS = 14  # that are shown, today included
_KEPT_FOR = 300  # seconds; a day of a large ingest takes a while to count

_Counts = dict[date, Counter[str]]


@dataclass(frozen=True, slots=True)
class Day:
    """One day: questions that came up (or were opened again) and such that were decided."""

    day: date
    opened: int
    decided: int


@dataclass(frozen=True, slots=True)
class OfKind:
    """The same for one kind over all days."""

    kind: Kind
    opened: int
    decided: int


@dataclass(frozen=True, slots=True)
class Measure:
    """The last DAYS days, the oldest first, and the kinds in which anything happened, the busiest first."""

    days: tuple[Day, ...]
    kinds: tuple[OfKind, ...]

    @property
    def opened(self) -> int:
        """All questions that came up."""
        return sum(day.opened for day in self.days)

    @property
    def decided(self) -> int:
        """All that were decided."""
        return sum(day.decided for day in self.days)

    @property
    def more(self) -> int:
        """By how many the queue grew."""
        return self.opened - self.decided

    @property
    def fewer(self) -> int:
        """By how many it shrank."""
        return self.decided - self.opened


def measure(kind: Kind | None = None, kinds: Mapping[str, Kind] = KINDS, *, withheld: bool = True) -> Measure:
    """The queue's last days, of one kind or of all ``kinds`` that who asks may see.

    A question that is gone because its letter is read otherwise by now is not counted, neither as opened nor as
    decided; decisions that were undone are not either. ``withheld``: whether questions of letters count that are kept
    from the public. What people decided counts as their work, whatever became of the letter.
    """
    opened, decided = _counts()
    if not withheld:
        opened = _without_withheld(opened)
    wanted = set(kinds) if kind is None else {kind.slug, *(_within(kind) if kind.whole else ())}
    days = tuple(
        Day(day, *(sum(number for slug, number in one[day].items() if slug in wanted) for one in (opened, decided)))
        for day in opened
    )
    totals = [sum(one.values(), Counter()) for one in (opened, decided)]
    kinds = [OfKind(KINDS[slug], totals[0][slug], totals[1][slug]) for slug in {*totals[0], *totals[1]} & wanted]
    return Measure(days, tuple(sorted(kinds, key=lambda one: (-one.opened - one.decided, one.kind.slug))))


def _without_withheld(opened: _Counts) -> _Counts:
    """What was opened, less the questions of withheld letters; looked up each time, since a letter is gone at once."""
    found = {day: Counter(counted) for day, counted in opened.items()}
    for moment, slug in of_withheld.noted(_midnight(min(found))):
        day = timezone.localdate(moment)
        if day in found and found[day][slug]:
            found[day][slug] -= 1
    return {day: +counted for day, counted in found.items()}


def _within(kind: Kind) -> set[str]:
    return {one.slug for one in KINDS.values() if one.group == kind.group}


def _counts() -> tuple[_Counts, _Counts]:
    """By day and slug of the kind what was opened and what was decided."""
    today = timezone.localdate()
    key = f"queue-measure-{today}"
    found = cache.get(key)
    if found is None:
        days = [today - timedelta(days=DAYS - 1 - number) for number in range(DAYS)]
        opened: _Counts = {day: _opened(day) for day in days}
        decided: _Counts = {day: Counter() for day in days}
        _add_actions(opened, decided, _midnight(days[0]))
        found = opened, decided
        cache.set(key, found, _KEPT_FOR)
    return found


def _opened(day: date) -> Counter[str]:
    between = (_midnight(day), _midnight(day + timedelta(days=1)))
    found: Counter[str] = Counter()
    rows = ParseIssue.objects.filter(noted_at__gte=between[0], noted_at__lt=between[1]).order_by()
    for code, number in rows.values_list("code").annotate(number=Count("pk")):
        found[code if code in KINDS else "identifiers"] += number
    found["reports"] = ReaderReport.objects.filter(made_at__gte=between[0], made_at__lt=between[1]).count()
    found["rejected"] = RejectedFile.objects.filter(rejected_at__gte=between[0], rejected_at__lt=between[1]).count()
    found["removal-requests"] = RemovalRequest.objects.filter(made_at__gte=between[0], made_at__lt=between[1]).count()
    return +found


def _add_actions(opened: _Counts, decided: _Counts, since: datetime) -> None:
    """Add what people did since. A big action counts by its parts, which are of one kind each."""
    rows = QueueAction.objects.filter(made_at__gte=since, undone_at=None).order_by()
    whole = QueueAction.objects.filter(part_of__isnull=False).values("part_of")
    for kind, action, number, made_at in rows.exclude(pk__in=whole).values_list("kind", "action", "rows", "made_at"):
        by_day = {"accept": decided, "dismiss": decided, "reopen": opened}.get(action)
        day = timezone.localdate(made_at)
        if by_day is not None and day in by_day:
            by_day[day][kind] += number


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


# ---- the picture ------------------------------------------------------------------------------------------------

WIDTH, HEIGHT = 560, 170
_GROUND, _TALL = 85, 70  # what came up stands on the ground line, what was decided hangs from it


@dataclass(frozen=True, slots=True)
class Column:
    """One day in the picture; lengths in pixels."""

    day: date
    x: str
    middle: str
    width: str
    opened_y: str
    opened_height: str
    decided_height: str
    labelled: bool


def columns(measured: Measure) -> tuple[Column, ...]:
    """The days as columns, opened above the ground line and decided below it, both on one scale."""
    top = max([1, *(max(day.opened, day.decided) for day in measured.days)])
    step = WIDTH / len(measured.days)
    return tuple(
        Column(
            day=day.day,
            x=f"{place * step + step * 0.15:.1f}",
            middle=f"{place * step + step / 2:.1f}",
            width=f"{step * 0.7:.1f}",
            opened_y=f"{_GROUND - _TALL * day.opened / top:.1f}",
            opened_height=f"{_TALL * day.opened / top:.1f}",
            decided_height=f"{_TALL * day.decided / top:.1f}",
            labelled=(len(measured.days) - 1 - place) % 2 == 0,
        )
        for place, day in enumerate(measured.days)
    )
