"""What became of a letter: each thing that a curator did, in the order of time, with what it changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from ..corrections.applying import describe
from ..corrections.fields import field
from ..models import Case, Correction


@dataclass(frozen=True, slots=True)
class Difference:
    """One value before and after, in words."""

    place: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Version:
    """The letter after one thing that was done. ``number``: 0 is the letter as it is read, without any correction.

    ``active``: the corrections that held then.
    """

    number: int
    at: datetime | None
    by: str
    why: str
    differences: tuple[Difference, ...]
    active: tuple[Correction, ...]


_Event = tuple[datetime, str, str, bool, Correction]  # when, who, why, made (not retired), what


def versions(case: Case) -> list[Version]:
    """All versions of a letter, the newest first; what was done at one time by one curator is one version."""
    found = [Version(0, None, "", "", (), ())]
    active: dict[tuple[str, str], Correction] = {}
    for (at, by), together in groupby(_events(case.corrections.all()), key=_moment):
        before = dict(active)
        why = ""
        for _, _, reason, made, correction in together:
            place = correction.item, correction.field
            why = reason
            if made:
                active[place] = correction
            elif place in active and active[place].pk == correction.pk:
                del active[place]
        number = len(found)
        differences = tuple(_differences(before, active))
        found.append(Version(number, at, by, why, differences, tuple(active.values())))
    return found[::-1]


def version(case: Case, number: int) -> Version:
    """One version of a letter. Raises KeyError if there is none of that number."""
    return {one.number: one for one in versions(case)}[number]


def _events(corrections: Iterable[Correction]) -> list[_Event]:
    events: list[_Event] = []
    for one in corrections:
        events.append((one.made_at, one.made_by, one.why, True, one))
        if one.retired_at:
            events.append((one.retired_at, one.retired_by, one.retired_why, False, one))
    return sorted(events, key=lambda event: (event[0], event[3], event[4].pk))  # what retires goes before what comes


def _moment(event: _Event) -> tuple[datetime, str]:
    return event[0], event[1]


def _differences(
    before: dict[tuple[str, str], Correction], after: dict[tuple[str, str], Correction]
) -> Iterator[Difference]:
    for place in dict.fromkeys((*before, *after)):
        old, new = before.get(place), after.get(place)
        if old is new:
            continue
        one = new or before[place]
        kind = field(one.field, of_item=bool(one.item)).kind
        yield Difference(
            describe(one),
            kind.shown(old.value if old else one.read),
            kind.shown(new.value if new else one.reads_now),
        )
