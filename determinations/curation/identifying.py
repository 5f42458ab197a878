"""Looks for likely identifiers in the letters and asks curators about them.

Every current letter is looked at once by each version of the detector (LetterSource.looked_at); what it finds is a
question of the queue that only curators see. What a curator dismissed stays dismissed while the text is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from ..letters.identifiers import DETECTOR_VERSION, KINDS, identifiers
from ..letters.issue_codes import severity
from ..models import LetterSource, ParseIssue

CODE = "likely-identifier"
_LETTERS_A_BATCH = 500


def look(progress: Callable[[int], None] | None = None, *, since: datetime | None = None) -> int:
    """Look at the current letters that today's detector has not seen; returns how many questions it asks anew.

    Each batch is one transaction that also notes the detector's version: a run that was stopped goes on where it ended.
    ``progress`` is called with the number of letters done. ``since``: only letters that came in at or after that time.
    """
    asked = 0
    current = LetterSource.objects.filter(status=LetterSource.Status.CURRENT, looked_at__lt=DETECTOR_VERSION)
    if since:
        current = current.filter(ingested_at__gte=since)
    unseen = current.select_related("case").prefetch_related("case__redactions")
    last = 0
    while batch := list(unseen.filter(pk__gt=last).order_by("pk")[:_LETTERS_A_BATCH]):
        last = batch[-1].pk
        with transaction.atomic():
            asked += _ask(batch)
            LetterSource.objects.filter(pk__in=[source.pk for source in batch]).update(looked_at=DETECTOR_VERSION)
        if progress:
            progress(len(batch))
    return asked


def look_again(source: LetterSource) -> int:
    """Look at one letter whose text has changed; returns how many questions are new. To be called in a transaction."""
    LetterSource.objects.filter(pk=source.pk).update(looked_at=DETECTOR_VERSION)
    return _ask([source])


def _ask(sources: list[LetterSource]) -> int:
    """Make the questions about ``sources`` those that the detector has now; those that stay keep what was decided."""
    before = ParseIssue.objects.filter(case__in=[one.case_id for one in sources], origin=ParseIssue.Origin.DETECTOR)
    known = {(one.source_id, one.start, one.end, one.message): one.pk for one in before}
    new = []
    for source in sources:
        for found in identifiers(source.text):
            message = f"This may be {KINDS[found.kind][0]}."
            if known.pop((source.pk, *found.span, message), None) is None:
                new.append(
                    ParseIssue(
                        case_id=source.case_id,
                        source=source,
                        origin=ParseIssue.Origin.DETECTOR,
                        code=CODE,
                        severity=severity(CODE),
                        message=message,
                        start=found.span.start,
                        end=found.span.end,
                    )
                )
    ParseIssue.objects.filter(pk__in=known.values()).delete()
    ParseIssue.objects.bulk_create(new, batch_size=500)
    return len(new)
