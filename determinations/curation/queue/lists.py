"""What waits in the queue: pages of it, in an order that does not change under the reader, and one row at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils import timezone

from ...models import Case, ParseIssue, Queued, ReaderReport, RejectedFile, RemovalRequest
from ...reports import PLACES
from .. import reach
from . import withheld as of_withheld
from .assignments import free_for, lapsed
from .kinds import COUNTED_UP_TO, Kind, kind_of
from .quoting import Quote, quote

PAGE = 20  # rows of a page
AROUND_IN_LIST, AROUND_ALONE = 90, 700  # characters on both sides of the words in question
_RANKS_FOR = 600  # seconds that the numbers of letters are kept by which wordings are ranked
_NO_ID = 2**63  # what no database takes for an id
_TRIED = 50  # rows that are tried at once where several curators take the next one


class Whose(StrEnum):
    """Whose rows are wanted."""

    ANYONES = ""
    MINE = "mine"
    NOBODYS = "unassigned"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the queue is asked for.

    ``by``: who asks (user name). ``number``: a case number or the name of a letter in addresses, whole; only for kinds
    of letters. ``withheld``: whether who asks may see letters that are kept from the public.
    """

    kind: Kind
    by: str
    status: str = Queued.Status.OPEN.value
    whose: Whose = Whose.ANYONES
    number: str = ""
    withheld: bool = False

    def rows(self) -> QuerySet[Queued]:
        """The rows, in no order."""
        rows = self._few()
        if rows is None:
            rows = self.kind.rows().filter(status=self.status)
        if self.whose is Whose.MINE:
            me = person(self.by)
            rows = rows.filter(assigned_to=me) if me else rows.none()
        elif self.whose is Whose.NOBODYS:
            rows = rows.filter(free_for(None))
        return rows if self.withheld else of_withheld.visible(self.kind, rows)

    def _few(self) -> QuerySet[Queued] | None:
        """The rows by their ids, if one letter's or one person's are wanted: these are few, and a kind may be huge.

        Asked for with the kind's own conditions, a database goes through all of the kind for them.
        """
        if self.number and self.kind.of_letter:
            some = self.kind.model._default_manager.filter(case__in=list(_cases(self.number)), status=self.status)
        elif self.whose is Whose.MINE and self.kind.model is ParseIssue:
            some = ParseIssue.objects.filter(assigned_to=person(self.by), status=self.status)
        else:
            return None
        where = self.kind.where.items()
        some = some.only(*self.kind.where).order_by()[:COUNTED_UP_TO]
        ids = [row.pk for row in some if all(getattr(row, name) == value for name, value in where)]
        return self.kind.model._default_manager.filter(pk__in=ids).order_by()


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the queue, ready to be shown. ``letters``: how many letters it touches, of ranked kinds."""

    row: Queued
    kind: Kind
    quote: Quote | None = None
    letters: int | None = None

    @property
    def case(self) -> Case | None:
        """The letter that it belongs to."""
        return getattr(self.row, "case", None)

    @property
    def title(self) -> str:
        """What it says, in a line or some."""
        if isinstance(self.row, ParseIssue):
            return self.row.message
        if isinstance(self.row, ReaderReport | RemovalRequest):
            return self.row.words
        return str(self.row)

    @property
    def reach(self) -> str:
        """The number of letters in words; empty for kinds that are not ranked."""
        return "" if self.letters is None else reach.told(self.letters)

    @property
    def place(self) -> str:
        """What on the page a report is about; empty for other kinds."""
        place = getattr(self.row, "place", "")
        return dict(PLACES).get(place, place) if place else ""

    @property
    def lapsed(self) -> bool:
        """Whether somebody has it, and has had it for so long that it is offered to others."""
        return self.row.undecided and lapsed(self.row)


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list. ``after``: the id to go on after, None at the end."""

    entries: tuple[Entry, ...]
    after: int | None


def person(name: str) -> int | None:
    """The id of the user ``name``, None if there is none (any more)."""
    return get_user_model().objects.filter(username=name).values_list("pk", flat=True).first() if name else None


def page(wanted: Wanted, after: int = 0, size: int = PAGE) -> Page:
    """Rows of a list behind the row ``after``."""
    ids = list(islice(_ids(wanted.kind, wanted.rows(), after), size + 1))
    entries = shown(wanted.kind, ids[:size], AROUND_IN_LIST)
    return Page(entries, ids[size - 1] if len(ids) > size else None)


def entry(kind: Kind, pk: int, *, withheld: bool = False, around: int = AROUND_ALONE) -> Entry | None:
    """One row with more of its words; None if the kind has none such, or its letter is withheld from who asks."""
    found = shown(kind, [pk], around) if pk < _NO_ID else ()
    if not found or (found[0].case and found[0].case.withheld and not withheld):
        return None
    if kind.ranked and not withheld and pk in of_withheld.wordings(kind):
        return None
    return found[0]


def take_next(wanted: Wanted, after: int = 0) -> int | None:
    """The id of the next open row behind ``after`` that nobody else is at; it is now assigned to ``wanted.by``.

    Two who ask at once get two rows: whoever assigns a row first has it. None where there is no more.
    """
    me = person(wanted.by)
    free = free_for(me)
    while True:
        ids = list(islice(_ids(wanted.kind, wanted.rows().filter(free), after), _TRIED))
        for pk in ids:
            row = wanted.kind.rows().filter(free, pk=pk, status=wanted.status)
            if row.update(assigned_to=me, assigned_at=timezone.now()):
                return pk
        if len(ids) < _TRIED:
            return None
        after = ids[-1]


def shown(kind: Kind, ids: Iterable[int], around: int) -> tuple[Entry, ...]:
    """The rows ``ids`` of a kind as entries, in the order given; those that are gone are left out."""
    rows = kind.rows().filter(pk__in=list(ids)).select_related("assigned_to")
    if kind.of_letter:
        rows = rows.select_related("case")
    if kind.model is ParseIssue:
        rows = rows.select_related("source__case").prefetch_related("source__case__redactions")
    elif kind.model is RejectedFile:
        rows = rows.defer("compressed")
    found = {row.pk: row for row in rows}
    letters = _letters(kind) if kind.ranked else {}
    return tuple(
        Entry(
            row=row,
            kind=kind_of(row),
            quote=quote(row, around) if isinstance(row, ParseIssue) else None,
            letters=letters.get(row.pk, 0) if kind.ranked else None,
        )
        for row in (found[pk] for pk in ids if pk in found)
    )


# ---- the order --------------------------------------------------------------------------------------------------


def _ids(kind: Kind, rows: QuerySet[Queued], after: int) -> Iterator[int]:
    """The ids of ``rows`` behind ``after`` in the kind's order."""
    if not kind.ranked:
        return rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[: PAGE * _TRIED].iterator()
    letters = _letters(kind)
    ranked = sorted(rows.values_list("pk", flat=True), key=lambda pk: _rank(letters, pk))
    return (pk for pk in ranked if not after or _rank(letters, pk) > _rank(letters, after))


def _rank(letters: dict[int, int], pk: int) -> tuple[int, int]:
    return -letters.get(pk, 0), pk


def _letters(kind: Kind) -> dict[int, int]:
    """How many public letters each wording touches that no record claims; kept for some minutes."""
    key = f"queue-letters-{kind.slug}"
    found = cache.get(key)
    if found is None:
        found = reach.letters(kind.model, list(kind.rows().values_list("pk", flat=True)))
        for pk, number in of_withheld.letters(kind).items():
            if found.get(pk, 0) < reach.COUNTED_UP_TO:  # of more it is told that there are at least so many
                found[pk] = max(found.get(pk, 0) - number, 0)
        cache.set(key, found, _RANKS_FOR)
    return found


def _cases(number: str) -> QuerySet[Case]:
    found = Case.objects.filter(Q(number=number.strip().upper()) | Q(slug=number.strip().lower()))
    return found.values_list("pk", flat=True)
