"""What curators decided: records laid over what was read, which is never edited itself.

People are named as they log in (``made_by``), so that a record outlives an account and can be moved to another archive.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .letters import Case, LetterSource
from .names import TreatmentCategory
from .queued import QUEUE_STATUSES, Queued


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Queries over corrections."""

    def active(self, case_ids: Iterable[int]) -> CorrectionQuerySet:
        """Those that hold now, of these cases, in the order in which they were made."""
        return self.filter(case__in=list(case_ids), retired_at=None).order_by("id")


class Correction(models.Model):
    """One value that a curator set in place of the one that was read; gone back on by retiring it.

    ``item``: by what the item is known (DisputedItem.key), empty for a value of the letter. ``read``: what the parser
    read when the correction was made, ``reads_now`` what it reads by now. Values are JSON; corrections/fields.py has
    the shape of each field's.
    """

    class State(models.TextChoices):
        APPLIED = "applied"
        AGREES = "agrees", "the letter is now read so"
        CONFLICT = "conflict", "the letter is now read otherwise"
        LOST = "lost", "its item is no longer found"

    case = models.ForeignKey(Case, models.CASCADE, related_name="corrections")
    item = models.CharField(max_length=8, blank=True)
    item_words = models.TextField(blank=True, help_text="The item's heading as it was read: by it the item is known.")
    field = models.CharField(max_length=60)
    read = models.JSONField(null=True, blank=True)
    reads_now = models.JSONField(null=True, blank=True)
    value = models.JSONField(null=True, blank=True)
    why = models.TextField()
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(default=timezone.now)
    source = models.ForeignKey(
        LetterSource, models.CASCADE, related_name="corrections", help_text="The version that the curator saw."
    )
    parser_version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.APPLIED)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.CharField(max_length=150, blank=True)
    retired_why = models.TextField(blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        permissions = [("correct", "Can correct what letters say")]
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "item", "field"], condition=Q(retired_at=None), name="one_correction_a_field"
            ),
        ]
        indexes = [models.Index(fields=["state"], condition=Q(retired_at=None), name="correction_state")]

    def __str__(self) -> str:
        place = f"item {self.item}, " if self.item else ""
        return f"{self.case}: {place}{self.field}"


# ---- names ------------------------------------------------------------------------------------------------------


class NameChange(models.Model):
    """One change of names: what was before, what is since, who and why; enough to undo it."""

    class Kind(models.TextChoices):
        ASSIGN = "assign"
        CREATE = "create"
        JOIN = "join"
        SPLIT = "split"
        RENAME = "rename"
        PLACE = "place"
        SPELL = "spell"

    kind = models.CharField(max_length=10, choices=Kind)
    names = models.CharField(max_length=20, help_text="Of what: specialty, guideline, drug or treatment.")
    summary = models.CharField(max_length=300)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    letters = models.PositiveIntegerField(default=0, help_text="That it changed.")
    why = models.TextField(blank=True)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=150, blank=True)

    class Meta:
        permissions = [
            ("assign_names", "Can say what a wording stands for"),
            ("edit_names", "Can join, split and rename names"),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.summary


class OldAddress(models.Model):
    """An address that a name had; it leads to the one that it has now."""

    names = models.CharField(max_length=20, help_text="Of what: specialty, guideline, drug or treatment.")
    slug = models.CharField(max_length=200)
    now = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["names", "slug"]
        verbose_name_plural = "old addresses"
        constraints = [models.UniqueConstraint(fields=["names", "slug"], name="one_old_address")]

    def __str__(self) -> str:
        return f"{self.slug} → {self.now}"


class CategoryRule(models.Model):
    """Headings with these words belong to this category, whatever the shipped vocabulary says."""

    pattern = models.CharField(max_length=200, help_text="Words of the heading in a row; * is the rest of a word.")
    category = models.ForeignKey(TreatmentCategory, models.PROTECT, related_name="rules")
    why = models.TextField(blank=True)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.CharField(max_length=150, blank=True)

    class Meta:
        permissions = [("write_rules", "Can write rules for categories")]
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["pattern"], condition=Q(retired_at=None), name="one_rule_a_pattern")
        ]

    def __str__(self) -> str:
        return f"{self.pattern} → {self.category}"


# ---- privacy ----------------------------------------------------------------------------------------------------


class Ground(models.TextChoices):
    """Why something was taken from the public; said publicly, without identities."""

    PERSON = "person", "At the request of the person concerned"
    IDENTITY = "identity", "It identified a person"
    COURT = "court", "By order of a court"
    ERROR = "error", "It was published in error"


class Withholding(models.Model):
    """A letter that is kept from the public: at once from everything, until it is lifted or its last day is over."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="withholdings")
    ground = models.CharField(max_length=10, choices=Ground)
    reason = models.TextField(help_text="For privacy officers only.")
    until = models.DateField(null=True, blank=True, help_text="The last day; empty for good.")
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=150, blank=True)
    lifted_why = models.TextField(blank=True)

    class Meta:
        permissions = [("withhold", "Can withhold letters and see withheld ones")]
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(lifted_at=None), name="one_withholding_a_case")
        ]

    def __str__(self) -> str:
        return f"{self.case} withheld"


class Redaction(models.Model):
    """Words that are replaced by a mark wherever a letter is shown, searched or taken away."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="redactions")
    words = models.TextField(help_text="As they stand in the letter; case and line breaks do not matter.")
    ground = models.CharField(max_length=10, choices=Ground)
    reason = models.TextField(help_text="For privacy officers only.")
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=150, blank=True)
    originals = models.JSONField(
        default=list,
        editable=False,
        help_text="What curators wrote with these words in it, to be put back: model, id, field, value.",
    )

    class Meta:
        permissions = [("redact", "Can redact words and see redacted ones")]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.case}: words redacted"


class RemovalRequest(Queued):
    """What somebody asks to have removed, with the address to answer to; seen by privacy officers only."""

    address = models.CharField(max_length=300, help_text="Of the page in question.")
    words = models.TextField(help_text="What should be removed, and why.")
    contact = models.EmailField(max_length=200)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "id"], name="removal_request_queue")]
        constraints = [models.CheckConstraint(condition=Q(status__in=QUEUE_STATUSES), name="removal_request_status")]

    def __str__(self) -> str:
        return f"Request of {self.made_at:%Y-%m-%d}"


# ---- the queue --------------------------------------------------------------------------------------------------


class ReaderReport(Queued):
    """What a reader found wrong on a page."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="reports")
    position = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of the item, if it is about one.")
    place = models.CharField(max_length=60, blank=True, help_text="What on the page it is about.")
    words = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "id"], name="report_queue")]
        constraints = [models.CheckConstraint(condition=Q(status__in=QUEUE_STATUSES), name="report_status")]

    def __str__(self) -> str:
        return f"{self.case}: {self.words[:80]}"


class QueueAction(models.Model):
    """What was decided in the queue at once, with the state of each row before and after; enough to undo it.

    What was decided for very many rows is one action with parts (``part_of``), a transaction and a kind each; the
    changes stand in the parts. What is too much for a request is done, and undone, by ``job``.
    """

    kind = models.CharField(max_length=40, help_text="Of what was decided on.")
    action = models.CharField(max_length=40)
    part_of = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="parts", editable=False)
    changes = models.JSONField(default=list, help_text="For each row its id and its state before and after.")
    rows = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(
        default=0, help_text="Rows of the preview that had changed since, and were left as they are."
    )
    planned = models.JSONField(
        default=dict,
        editable=False,
        help_text="What a job has still to do: what was asked for, and the rows.",
    )
    job = models.ForeignKey("Job", models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    why = models.TextField(blank=True)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=150, blank=True)

    class Meta:
        permissions = [
            ("decide", "Can decide on questions of the queue"),
            ("decide_many", "Can decide on many questions at once"),
        ]
        ordering = ["-id"]
        indexes = [models.Index(fields=["made_at"], name="queue_action_made")]

    def __str__(self) -> str:
        return f"{self.action}: {self.rows} × {self.kind}"


class Job(models.Model):
    """Work in the background that can be watched, stopped and gone on with."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        STOPPED = "stopped"
        DONE = "done"
        FAILED = "failed"

    name = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"
