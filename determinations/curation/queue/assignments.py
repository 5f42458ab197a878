"""Who has a question, and for how long: an assignment that nobody works on lapses, so that nothing is stuck."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from ...models import Queued


def lapsed_before() -> datetime:
    """What was assigned before this moment is offered to others again."""
    return timezone.now() - timedelta(hours=settings.ASSIGNED_HOURS)


def free_for(me: int | None) -> Q:
    """Rows that the user with the id ``me`` may take: his own, nobody's, and those whose assignment has lapsed."""
    nobodys = Q(assigned_to=None) | Q(assigned_at=None) | Q(assigned_at__lt=lapsed_before())
    return nobodys if me is None else nobodys | Q(assigned_to=me)


def lapsed(row: Queued) -> bool:
    """Whether somebody has the row, and has had it for so long that others may take it."""
    return row.assigned_to_id is not None and (row.assigned_at is None or row.assigned_at < lapsed_before())
