"""What curators have to decide on: the state of an open question, whatever kind it is."""

from __future__ import annotations

from django.conf import settings
from django.db import models

QUEUE_STATUSES = ["open", "asked", "dismissed", "settled"]
UNDECIDED = QUEUE_STATUSES[:2]


class Queued(models.Model):
    """A row that may wait in the review queue.

    ``dismissed``: the reading is right, and the question is not asked again while the text is the same. ``settled``:
    something was put right. ``asked``: somebody else has to say; ``note`` holds the question and the answer.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        ASKED = "asked"
        DISMISSED = "dismissed"
        SETTLED = "settled"

    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    assigned_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="An assignment that nobody works on lapses."
    )
    note = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def undecided(self) -> bool:
        """Whether nobody has settled it yet."""
        return self.status in UNDECIDED
