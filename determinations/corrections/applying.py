"""Lays corrections over what was just read of letters: whoever writes a reading calls this in the same transaction.

A correction is applied to its field wherever the letter is read again. What the parser reads there now decides its
state: the same as what the curator set (``agrees``); something else in a text that has changed since (``conflict``);
its item is gone (``lost``). A curator's value stays in each of these, but for one whose item is lost, and a question in
the queue says what there is to decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import F

from .. import vocabulary
from ..letters import Credential, Credentials, Found, Span
from ..letters.issue_codes import severity
from ..models import (
    Case,
    Correction,
    DisputedItem,
    Guideline,
    GuidelineCitation,
    GuidelineWording,
    LetterSource,
    ParseIssue,
)
from ..names import Names, find_by_name
from .fields import ARRANGEMENT, CITATIONS, CREDENTIALS, ITEMS, OF_ITEM, OF_LETTER, Field
from .kinds import Value

_NOWHERE = Span(0, 0)
_ASIDE = 10_000  # positions where items wait while they are put in order
# State -> the code of the question that it asks, and the question.
_QUESTIONS = {
    Correction.State.AGREES: ("correction-agrees", "The letter is now read as it was corrected: {}."),
    Correction.State.CONFLICT: ("correction-conflict", "The letter has changed since it was corrected: {}."),
    Correction.State.LOST: ("correction-lost", "The item that was corrected is no longer found: {}."),
}


def lay_over(case_ids: Collection[int], names: Names) -> None:
    """Lay the active corrections of cases over their rows, which hold what was read and nothing else."""
    corrections: dict[int, list[Correction]] = defaultdict(list)
    for correction in Correction.objects.filter(case__in=case_ids, retired_at=None):
        corrections[correction.case_id].append(correction)
    asked = ParseIssue.objects.filter(case__in=case_ids, origin=ParseIssue.Origin.CURATION)
    asked.exclude(case__in=list(corrections)).delete()
    if not corrections:
        return
    current = LetterSource.objects.filter(case__in=corrections, status=LetterSource.Status.CURRENT)
    sources = {source.case_id: source for source in current.defer("compressed", "extracted")}
    for case in Case.objects.filter(id__in=corrections).select_related("reviewer"):
        _Overlay(case, sources[case.pk], names).lay(corrections[case.pk])


def corrected_numbers(case_ids: Collection[int]) -> dict[int, str | None]:
    """For each case whose number a curator corrected the number that the letter gives, by the case's id."""
    rows = Correction.objects.filter(case__in=case_ids, field="case_number", item="", retired_at=None)
    return dict(rows.values_list("case_id", "reads_now"))


class _Overlay:
    """The corrections of one case."""

    def __init__(self, case: Case, source: LetterSource, names: Names) -> None:
        self._case, self._source, self._names = case, source, names
        self._read = list(case.items.select_related(*DisputedItem.CATEGORY).order_by("position"))
        self._items = {item.key: item for item in self._read}
        self._touched: set[str] = set()

    def lay(self, corrections: list[Correction]) -> None:
        """Apply ``corrections``, note what they have become, and ask what has to be decided."""
        for correction in sorted(corrections, key=lambda one: one.field != ITEMS):
            if correction.field == ITEMS:
                self._arrange(correction)
            elif correction.item:
                self._correct_item(correction)
            else:
                self._put(correction, OF_LETTER[correction.field], self._case)
        for key in self._touched:
            item = self._items[key]
            item.contradicts = contradicts(item.outcome, item.finding)
            item.save()
        self._case.save()
        Correction.objects.bulk_update(corrections, ["state", "reads_now"])
        self._ask(corrections)

    # ---- values ------------------------------------------------------------------------------------------------

    def _correct_item(self, correction: Correction) -> None:
        item = self._item(correction)
        if item is None:
            correction.state = Correction.State.LOST
            return
        self._put(correction, OF_ITEM[correction.field], item)
        self._touched.add(item.key)

    def _item(self, correction: Correction) -> DisputedItem | None:
        """The item that is meant: in its place with its heading, else the only one with that heading."""
        item = self._items.get(correction.item)
        if item and (item.arranged_key or item.treatment == correction.item_words):
            return item
        alike = [one for one in self._read if one.pk and one.treatment == correction.item_words]
        if len(alike) == 1:
            return alike[0]
        return None if alike else item if self._same_text(correction) else None

    def _put(self, correction: Correction, field: Field, row: Case | DisputedItem) -> None:
        correction.reads_now = field.get(row)
        correction.state = self._state(correction)
        if field.put:
            field.put(row, correction.value)
        elif field.name == CREDENTIALS:
            self._case.reviewer_id = self._names.reviewer(_credentials(correction.value))
        else:
            _cite(self._items[_key(row)], CITATIONS[field.name], correction.value)

    def _state(self, correction: Correction) -> str:
        if correction.reads_now == correction.value:
            return Correction.State.AGREES
        if correction.reads_now == correction.read or self._same_text(correction):
            return Correction.State.APPLIED
        return Correction.State.CONFLICT

    def _same_text(self, correction: Correction) -> bool:
        """Whether the curator saw this very text."""
        return correction.source_id == self._source.pk

    # ---- the items as a whole ----------------------------------------------------------------------------------

    def _arrange(self, correction: Correction) -> None:
        """Put the items in the order that a curator gave, if they are those that it was given for."""
        correction.reads_now = [item.treatment for item in self._read]
        if correction.reads_now != correction.read:
            correction.state = Correction.State.CONFLICT
            return
        correction.state = Correction.State.APPLIED
        as_read = dict(self._items)
        # No two may have one place, not even for a moment.
        DisputedItem.objects.filter(pk__in=[item.pk for item in self._read]).update(position=F("position") + _ASIDE)
        self._items = {}
        for position, entry in enumerate(correction.value, 1):
            self._items[entry["key"]] = self._arranged(entry, position, as_read)
        kept = {item.pk for item in self._items.values()}
        DisputedItem.objects.filter(pk__in=[item.pk for item in self._read if item.pk not in kept]).delete()

    def _arranged(self, entry: dict[str, Any], position: int, as_read: dict[str, DisputedItem]) -> DisputedItem:
        key = entry["key"]
        if key in as_read:
            item = as_read[key]
            for other in entry.get("with", []):
                _join(item, as_read[other])
        else:
            item = _copy(as_read[entry["like"]]) if entry.get("like") else DisputedItem(finding="unclear")
            item.case = self._case
            item.treatment = item.title = entry["treatment"]
        item.position, item.arranged_key = position, key
        item.save()
        if key not in as_read and entry.get("like"):
            for citation in as_read[entry["like"]].citations.all():
                citation.pk, citation.item = None, item
                citation.save(force_insert=True)
        return item

    # ---- questions ---------------------------------------------------------------------------------------------

    def _ask(self, corrections: list[Correction]) -> None:
        """Put into the queue what has to be decided; what was dismissed stays so."""
        asked = ParseIssue.objects.filter(case=self._case, origin=ParseIssue.Origin.CURATION)
        known = {(issue.code, issue.message): issue for issue in asked}
        wanted = set()
        for correction in corrections:
            if correction.state not in _QUESTIONS:
                continue
            code, words = _QUESTIONS[Correction.State(correction.state)]
            message = words.format(describe(correction))
            wanted.add((code, message))
            if (code, message) not in known:
                ParseIssue.objects.create(
                    case=self._case,
                    source=self._source,
                    origin=ParseIssue.Origin.CURATION,
                    code=code,
                    severity=severity(code),
                    message=message,
                    start=0,
                    end=0,
                )
        asked.filter(pk__in=[issue.pk for place, issue in known.items() if place not in wanted]).delete()


def describe(correction: Correction) -> str:
    """What a correction is about: "item 2, Outcome"."""
    if correction.field == ITEMS:
        return ARRANGEMENT.label
    known = OF_ITEM if correction.item else OF_LETTER
    label = known[correction.field].label
    return f"item {correction.item}, {label}" if correction.item else label


def contradicts(outcome: str, finding: str) -> bool:
    """Whether heading and reasons disagree (letters.types.Item.contradicts)."""
    outcomes, findings = DisputedItem.Outcome, DisputedItem.Finding
    return (outcome, finding) in {
        (outcomes.UPHELD, findings.NECESSARY),
        (outcomes.OVERTURNED, findings.NOT_NECESSARY),
    }


def _key(row: Case | DisputedItem) -> str:
    return row.key if isinstance(row, DisputedItem) else ""


def _copy(item: DisputedItem) -> DisputedItem:
    """A new item that says what ``item`` does."""
    values = {
        field.attname: getattr(item, field.attname) for field in item._meta.concrete_fields if not field.primary_key
    }
    return DisputedItem(**values)


def _join(item: DisputedItem, other: DisputedItem) -> None:
    """Add to an item what another says: its words behind its own, its citations behind its own."""
    for name, between in (("treatment", " ; "), ("title", " ; "), ("rationale", "\n\n")):
        parts = dict.fromkeys(filter(None, (getattr(item, name), getattr(other, name))))
        setattr(item, name, between.join(parts))
    item.reasons = [*item.reasons, *(code for code in other.reasons if code not in item.reasons)]
    for side in GuidelineCitation.Side:
        place = item.citations.filter(side=side).count()
        for citation in other.citations.filter(side=side).order_by("position"):
            place += 1
            citation.item, citation.position = item, place
            citation.save()


# ---- rows of their own ------------------------------------------------------------------------------------------


def _credentials(value: dict[str, list[str]]) -> Credentials:
    def held(texts: Iterable[str]) -> tuple[Credential, ...]:
        known = ((text, vocabulary.specialty(text)) for text in texts)
        return tuple(Credential(text, found.name if found else None, _NOWHERE) for text, found in known)

    return Credentials(
        board_certifications=held(value["board_certifications"]),
        subspecialties=held(value["subspecialties"]),
        licensed_states=tuple(Found(state, _NOWHERE) for state in value["licensed_states"]),
    )


def _cite(item: DisputedItem, side: str, citations: list[dict[str, Value]]) -> None:
    """Make ``citations`` what one side of an item cites."""
    if item.pk is None:
        item.save()
    item.citations.filter(side=side).delete()
    GuidelineCitation.objects.bulk_create(
        GuidelineCitation(
            item=item,
            side=side,
            position=position,
            text=one["text"],
            mtus=one["mtus"],
            family=one["family"],
            wording=_wording(one["document"], one["guideline"]),
            section=one["section"],
            pages=one["pages"],
        )
        for position, one in enumerate(citations, 1)
    )


def _wording(document: str, guideline: str | None) -> GuidelineWording:
    """The row of the words that name a document: those of the letter, else those that the document is known by."""
    record = Guideline.objects.filter(pk=find_by_name("guideline", guideline)).first() if guideline else None
    wording = GuidelineWording.objects.filter(text=document).first()
    if wording and (record is None or wording.guideline_id == record.pk):
        return wording
    words = record.name if record and wording else document
    return GuidelineWording.objects.get_or_create(text=words[:200], defaults={"guideline": record})[0]
