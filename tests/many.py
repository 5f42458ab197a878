"""Archives of many letters, made by writing rows, not by reading texts: quick, and of a known shape."""

from __future__ import annotations

import hashlib
import zlib
from datetime import date, timedelta

from django.db.models import Max

from determinations.letters import PARSER_VERSION
from determinations.models import (
    Case,
    DisputedItem,
    GuidelineCitation,
    GuidelineWording,
    LetterSource,
    ParseIssue,
    Reviewer,
)

ITEMS = 2  # a letter
_A_TRANSACTION = 2_000

RATIONALE = "The records show no lasting improvement from the visits so far, and further visits are not supported. "
SUMMARY = "The worker was hurt while lifting a crate and has had pain of the low back since then. "


def letters(count: int, since: date | None = date(2014, 1, 1), prefix: str = "X", repeat: int = 1) -> None:
    """Write ``count`` letters of two decisions each, a day apart; undated ones with ``since=None``.

    ``repeat``: how many times the sentences of the reasons and of the summary stand there.
    """
    reviewer, _ = Reviewer.objects.get_or_create(fingerprint="many", defaults={"licensed_states": ["CA"]})
    wording, _ = GuidelineWording.objects.get_or_create(text="A Guideline of Many Letters")
    first = (Case.objects.aggregate(Max("id"))["id__max"] or 0) + 1
    for start in range(0, count, _A_TRANSACTION):
        numbers = range(first + start, first + min(start + _A_TRANSACTION, count))
        cases = Case.objects.bulk_create(_case(number, since, reviewer, prefix, repeat) for number in numbers)
        items = DisputedItem.objects.bulk_create(
            _item(case, position, repeat) for case in cases for position in range(1, ITEMS + 1)
        )
        GuidelineCitation.objects.bulk_create(_citation(item, wording) for item in items)


def _case(number: int, since: date | None, reviewer: Reviewer, prefix: str, repeat: int) -> Case:
    return Case(
        number=f"{prefix}{number:07}",
        slug=f"{prefix.lower()}{number:07}",
        decision_date=since + timedelta(days=number % 1_000) if since else None,
        reviewer=reviewer,
        clinical_summary=SUMMARY * repeat,
        letter_format="final-determination-2014",
        patient={"age": 30 + number % 30, "sex": "female"},
    )


def _item(case: Case, position: int, repeat: int) -> DisputedItem:
    return DisputedItem(
        case=case,
        position=position,
        treatment=f"Visits of kind {position}",
        title=f"Visits of kind {position}",
        outcome="Upheld" if position == 1 else "Overturned",
        rationale=RATIONALE * repeat,
        finding="not necessary" if position == 1 else "necessary",
        reasons=["no-functional-improvement"],
        request={"quantity": {"number": 12, "unit": "visit", "low": None}},
    )


def _citation(item: DisputedItem, wording: GuidelineWording) -> GuidelineCitation:
    return GuidelineCitation(
        item=item,
        side="reviewer",
        position=1,
        text=wording.text,
        mtus=True,
        family="MTUS",
        wording=wording,
        pages=["98-99"],
    )


def questions(code: str) -> None:
    """Ask one question of the kind ``code`` about each letter that has no source yet."""
    while cases := list(Case.objects.filter(sources=None).order_by("pk")[:_A_TRANSACTION]):
        sources = LetterSource.objects.bulk_create(_source(case) for case in cases)
        ParseIssue.objects.bulk_create(
            ParseIssue(case=source.case, source=source, code=code, message=f"Of {source.case}.", start=0, end=9)
            for source in sources
        )


def _source(case: Case) -> LetterSource:
    content = f"The letter of {case}.".encode()
    return LetterSource(
        case=case,
        version=1,
        status="current",
        file_name=f"{case}.txt",
        sha256=hashlib.sha256(content).hexdigest(),
        text_sha256=hashlib.sha256(content).hexdigest(),
        encoding="utf-8",
        size=len(content),
        compressed=zlib.compress(content),
        parser_version=PARSER_VERSION,
    )
