"""The names that letters use: canonical records, and the wordings that point to them.

Names that letters spell in many ways are rows of their own (``CredentialWording``, ``GuidelineWording``) that point to
a canonical record, so that joining two spellings is one row changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .queued import Queued


class Specialty(models.Model):
    """A board certification or subspecialty by its canonical name (American Board of Medical Specialties)."""

    class Kind(models.TextChoices):
        BOARD = "board", "board certification"
        SUBSPECIALTY = "subspecialty", "subspecialty"

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    parents = models.ManyToManyField("self", symmetrical=False, related_name="subspecialties", blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "specialties"

    def __str__(self) -> str:
        return self.name


class CredentialWording(Queued):
    """One way in which letters spell a certification; without a specialty it waits in the curators' queue."""

    text = models.CharField(max_length=200, unique=True)
    specialty = models.ForeignKey(Specialty, models.PROTECT, null=True, blank=True, related_name="wordings")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["text"]

    def __str__(self) -> str:
        return self.text


class Reviewer(models.Model):
    """A credential profile: the set of certifications, subspecialties and licences in a letter.

    Reviewers are anonymous. Two letters with one profile need not be by one person.
    """

    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    licensed_states = models.JSONField(default=list, help_text="Postal names, sorted.")
    wordings = models.ManyToManyField(CredentialWording, through="ReviewerCredential", related_name="reviewers")

    def __str__(self) -> str:
        return f"Credential profile {self.pk}"

    def held(self, role: str) -> list[ReviewerCredential]:
        """The credentials in one role, in the order of the letter."""
        return [credential for credential in self.credentials.all() if credential.role == role]


class ReviewerCredential(models.Model):
    """One credential of a profile, in the role that the letter gives it."""

    class Role(models.TextChoices):
        BOARD_CERTIFICATION = "board certification"
        SUBSPECIALTY = "subspecialty"

    reviewer = models.ForeignKey(Reviewer, models.CASCADE, related_name="credentials")
    wording = models.ForeignKey(CredentialWording, models.PROTECT, related_name="credentials")
    role = models.CharField(max_length=20, choices=Role)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["reviewer", "role", "position"]
        constraints = [
            models.UniqueConstraint(fields=["reviewer", "role", "wording"], name="one_credential_a_profile"),
            models.CheckConstraint(
                condition=Q(role__in=["board certification", "subspecialty"]), name="credential_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wording} ({self.role})"


class TreatmentCategoryManager(models.Manager["TreatmentCategory"]):
    """The categories, without those that were joined to another one."""

    def get_queryset(self) -> models.QuerySet[TreatmentCategory]:
        """Without those that are joined."""
        return super().get_queryset().filter(joined_to=None)

    def standing(self) -> dict[int, int]:
        """The id of each category that was joined to another -> that of the one in which its decisions stand now."""
        rows = dict(self.model.everything.exclude(joined_to=None).values_list("id", "joined_to_id"))
        found = {}
        for pk, now in rows.items():
            while now in rows:
                now = rows[now]
            found[pk] = now
        return found

    def filed_as(self, categories: Iterable[int]) -> set[int]:
        """As what decisions that stand in ``categories`` are filed: these, and all that were joined to one of them."""
        categories = set(categories)
        return categories | {pk for pk, now in self.standing().items() if now in categories}


class TreatmentCategory(models.Model):
    """A category of the state's list, or a sub-category under its parent.

    To join one to another moves no decision: the row stays, without name and address, as what they are filed under.
    """

    name = models.CharField(max_length=80)
    slug = models.CharField(max_length=120, unique=True, help_text="Path: category, or category/sub-category.")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="subcategories")
    position = models.PositiveSmallIntegerField(default=0, help_text="Order in the state's list.")
    changed_at = models.DateTimeField(auto_now=True)
    joined_to = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="joined",
        help_text="The category in which its decisions stand now.",
    )

    everything = models.Manager()
    objects = TreatmentCategoryManager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "treatment categories"
        base_manager_name = "everything"
        default_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], condition=Q(joined_to=None), name="one_name_a_category")
        ]

    def __str__(self) -> str:
        now = self.current
        return f"{now.parent.name} / {now.name}" if now.parent else now.name

    @property
    def current(self) -> TreatmentCategory:
        """Itself, or where it was joined to another one, that."""
        found = self
        while found.joined_to:
            found = found.joined_to
        return found


class Guideline(models.Model):
    """A guideline document by its canonical name (an MTUS edition, an ACOEM chapter, a chapter of ODG, a work)."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=200, unique=True)
    family = models.CharField(max_length=120, help_text="MTUS, ACOEM, ODG, or the publisher's or work's name.")
    position = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class GuidelineWording(Queued):
    """One way in which letters name a document; without a guideline it waits in the curators' queue."""

    text = models.CharField(max_length=200, unique=True)
    guideline = models.ForeignKey(Guideline, models.PROTECT, null=True, blank=True, related_name="wordings")
    changed_at = models.DateTimeField(
        null=True,
        editable=False,
        db_index=True,
        help_text="When it was last given a name or lost one; not when it came in.",
    )
    indexed_as = models.BigIntegerField(
        null=True,
        editable=False,
        help_text="Of a guideline that was joined to this one: the id by which the search index still knows it.",
    )

    class Meta:
        ordering = ["text"]
        indexes = [
            models.Index(
                fields=["indexed_as", "guideline"],
                condition=Q(indexed_as__isnull=False),
                name="wording_of_joined_guideline",
            )
        ]

    def __str__(self) -> str:
        return self.text

    def save(self, *arguments: Any, **options: Any) -> None:
        """Save what somebody decided; an ingest makes its rows in bulk, which concern no earlier search."""
        self.changed_at = timezone.now()
        super().save(*arguments, **options)


class Drug(models.Model):
    """A drug by its generic name, in its class (the group of drugs of the state's list, where that has one)."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=200, unique=True)
    group = models.CharField(max_length=120, verbose_name="class", help_text="Opioids, NSAID, Muscle Relaxant …")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DrugWording(Queued):
    """One name that letters call a drug by: generic, brand, or another spelling; without a drug it names none.

    ``text`` is the form under which spellings are compared (``vocabulary.key``).
    """

    text = models.CharField(max_length=200, unique=True)
    drug = models.ForeignKey(Drug, models.PROTECT, null=True, blank=True, related_name="wordings")
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        ordering = ["text"]

    def __str__(self) -> str:
        return self.text
