"""Making corrections and going back on them: each is a record, and the letter is then written anew from its text.

That the rows are always written from the text, and the corrections laid over, is why nothing a curator does can be
left half done: to revert is to retire a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ..corrections import fields
from ..corrections.fields import ITEMS
from ..corrections.kinds import Value
from ..letters import PARSER_VERSION, parse_letter
from ..letters.redacting import redacted_value
from ..models import Case, Correction, DisputedItem, LetterSource
from ..names import Names
from ..store import rewrite

Place = tuple[str, str]  # key of the item ("" for the letter), name of the field


class Stale(Exception):
    """Somebody else changed the letter meanwhile; ``since`` are the corrections made or retired since then."""

    def __init__(self, since: list[Correction]) -> None:
        super().__init__("Somebody else has changed this letter meanwhile.")
        self.since = since


@dataclass(frozen=True, slots=True)
class Change:
    """A value to be set. ``seen``: what the curator saw there, which is what is compared when two work at once."""

    item: str
    field: str
    value: Value


def stamp(case: Case) -> str:
    """What changes whenever a letter does: an editor sends back the one that it was opened with."""
    return case.updated_at.isoformat()


def correct(case_id: int, changes: Iterable[Change], *, why: str, by: str, seen: str | None = None) -> list[Correction]:
    """Set values of a letter; returns the corrections. A value that is the letter's own again retires its correction.

    ``seen``: the stamp of the letter when the curator opened it. Raises Stale if it has changed since, ValidationError
    without a reason or for a value that cannot stand.
    """
    if not why.strip():
        raise ValidationError("Say why: the next curator, and whoever doubts it, will want to know.")
    with _locked(case_id, seen) as case:
        source, act = case.current_source, _act(case, why.strip(), by)
        made = []
        for change in changes:
            change = replace(change, value=redacted_value(change.value, case.redacted_words))
            made += _record(case, source, change, act)
        _write(case)
    return made


def retire(corrections: Iterable[Correction], *, why: str, by: str, seen: str | None = None) -> None:
    """Go back on corrections of one letter: its fields say again what the letter does. Raises Stale."""
    corrections = list(corrections)
    with _locked(corrections[0].case_id, seen) as case:
        _retire(corrections, _act(case, why, by))
        _write(case)


def restore(case_id: int, active: Iterable[Correction], *, why: str, by: str, seen: str | None = None) -> None:
    """Make ``active`` the corrections of a letter, as at some time: later ones retire, retired ones return."""
    wanted = {(one.item, one.field): one for one in active}
    with _locked(case_id, seen) as case:
        now = {(one.item, one.field): one for one in case.corrections.filter(retired_at=None)}
        act = _act(case, why, by)
        _retire([one for place, one in now.items() if place not in wanted or wanted[place].pk != one.pk], act)
        for place, one in wanted.items():
            if place not in now or now[place].pk != one.pk:
                _again(one, act)
        _write(case)


@dataclass(frozen=True, slots=True)
class _Act:
    """Who does something and why; all of it at one time, by which history knows what was done together."""

    why: str
    by: str
    at: datetime = field(default_factory=timezone.now)


def _act(case: Case, why: str, by: str) -> _Act:
    return _Act(redacted_value(why, case.redacted_words), by)


# ---- the steps --------------------------------------------------------------------------------------------------


@contextmanager
def _locked(case_id: int, seen: str | None) -> Iterator[Case]:
    """A transaction in which nobody else can change the letter."""
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case_id)
        if seen is not None and stamp(case) != seen:
            raise Stale(_since(case, seen))
        yield case


def _since(case: Case, seen: str) -> list[Correction]:
    """The corrections that were made or retired after the moment ``seen``."""
    moment = datetime.fromisoformat(seen)
    return [one for one in case.corrections.all() if max(one.made_at, one.retired_at or one.made_at) > moment]


def _record(case: Case, source: LetterSource, change: Change, act: _Act) -> list[Correction]:
    """Note a change; the correction that it takes the place of retires."""
    known = fields.field(change.field, of_item=bool(change.item))
    before = case.corrections.filter(item=change.item, field=change.field, retired_at=None).first()
    item = None
    if change.item:
        item = next((one for one in case.items.all() if one.key == change.item), None)
        if item is None:
            raise ValidationError(f"The letter has no item {change.item}.")
    if before:
        read, words = before.reads_now, before.item_words
    elif change.field == ITEMS:
        read, words = [one.treatment for one in case.items.order_by("position")], ""
    else:
        read, words = known.get(item or case), _heading(case, item)
    if before and before.value == change.value:
        return []
    if change.field == "case_number" and change.value:
        _check_number(case, change.value)
    _retire([before] if before else [], act)
    if change.value == read:
        return []
    made = Correction.objects.create(
        case=case,
        item=change.item,
        item_words=words,
        field=change.field,
        read=read,
        reads_now=read,
        value=change.value,
        why=act.why,
        made_by=act.by,
        made_at=act.at,
        source=source,
        parser_version=PARSER_VERSION,
    )
    return [made]


def _heading(case: Case, item: DisputedItem | None) -> str:
    """The heading of an item as it was read, by which it is known again."""
    if item is None:
        return ""
    of_heading = case.corrections.filter(item=item.key, field="treatment", retired_at=None).first()
    return str(of_heading.reads_now) if of_heading else item.treatment


def _check_number(case: Case, number: str) -> None:
    if Case.objects.filter(number=number).exclude(pk=case.pk).exists():
        raise ValidationError(f"Another letter has the case number {number}.")


def _retire(corrections: list[Correction], act: _Act) -> None:
    for one in corrections:
        if one.field == "case_number":
            Case.objects.filter(pk=one.case_id).update(number=one.reads_now)
    Correction.objects.filter(pk__in=[one.pk for one in corrections], retired_at=None).update(
        retired_at=act.at, retired_by=act.by, retired_why=act.why
    )


def _again(correction: Correction, act: _Act) -> None:
    """Make a retired correction anew, as a record of its own."""
    correction.pk, correction.made_by, correction.made_at, correction.why = None, act.by, act.at, act.why
    correction.retired_at, correction.retired_by, correction.retired_why = None, "", ""
    correction.save(force_insert=True)


def _write(case: Case) -> None:
    """Write the letter anew from its text, with the corrections that are active."""
    source = case.current_source
    rewrite([(source, parse_letter(source.text))], Names())
    LetterSource.objects.filter(pk=source.pk).update(parser_version=PARSER_VERSION)
