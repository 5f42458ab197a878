"""The letters: cases, their letters as they came, the decisions in them and what they cite.

The unit is the decision (``DisputedItem``), shown in its letter's context (``Case``). docs/data.md describes every
field.
"""

from __future__ import annotations

import zlib

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from ..letters import decode
from ..letters.redacting import redacted
from .names import GuidelineWording, Reviewer, TreatmentCategory
from .queued import QUEUE_STATUSES, Queued


class CaseQuerySet(models.QuerySet["Case"]):
    """Queries over cases."""

    def awaiting_index(self) -> CaseQuerySet:
        """Cases whose last change the search index may not hold yet."""
        return self.filter(index_pending=True)

    def public(self) -> CaseQuerySet:
        """Cases that visitors may see; every public page and answer begins here."""
        return self.filter(withheld=False)


class Case(models.Model):
    """One dispute and its final determination, as the current version of its letter says it."""

    class Priority(models.TextChoices):
        STANDARD = "Standard"
        EXPEDITED = "Expedited"

    number = models.CharField("case number", max_length=20, unique=True, null=True, blank=True)
    slug = models.SlugField(max_length=40, unique=True, help_text="The public address: /cases/<slug>/")
    date_assigned = models.DateField(null=True, blank=True)
    date_of_injury = models.DateField(null=True, blank=True)
    ur_denial_date = models.DateField("UR denial date", null=True, blank=True)
    received_date = models.DateField(null=True, blank=True)
    decision_date = models.DateField(null=True, blank=True)
    priority = models.CharField(max_length=10, choices=Priority, blank=True)
    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="cases")
    clinical_summary = models.TextField(blank=True)
    determination = models.CharField(
        max_length=20,
        blank=True,
        help_text="What the cover page says of all items: Uphold, Overturn or Partial Overturn.",
    )
    amended = models.BooleanField(default=False, help_text="The letter calls itself amended or corrected.")
    documents_reviewed = models.JSONField(default=list, blank=True, help_text="The entries of the letter's list.")
    patient = models.JSONField(default=dict, blank=True, help_text="What the summary tells; docs/data.md has the keys.")
    letter_format = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    index_pending = models.BooleanField(default=True, editable=False)
    withheld = models.BooleanField(default=False, editable=False, help_text="Shown to privacy officers only.")

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["decision_date"], name="case_decision_date"),
            models.Index(fields=["id"], condition=Q(index_pending=True), name="case_index_pending"),
            models.Index(fields=["id"], condition=Q(withheld=True), name="case_withheld"),
            models.Index(fields=["id"], condition=Q(letter_format="scanned"), name="case_scanned"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(priority__in=["", "Standard", "Expedited"]), name="case_priority")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("case", args=[self.slug])

    @property
    def name(self) -> str:
        """The case number, or for a letter without one the first digits of its address."""
        return self.number or f"Letter {self.slug.removeprefix('letter-')[:8]}"

    @property
    def scanned(self) -> bool:
        """Whether the letter came as pictures, from which nothing can be read without OCR."""
        return self.letter_format == "scanned"

    @property
    def redacted_words(self) -> list[str]:
        """The words that are kept from everybody but privacy officers (from the prefetched redactions)."""
        return [one.words for one in self.redactions.all() if one.lifted_at is None]

    @property
    def current_source(self) -> LetterSource:
        """The letter that the case's fields were read from."""
        return self.sources.get(status=LetterSource.Status.CURRENT)


class LetterSource(models.Model):
    """One version of a case's letter, kept byte by byte as it came."""

    class Status(models.TextChoices):
        CURRENT = "current"
        SUPERSEDED = "superseded"

    case = models.ForeignKey(Case, models.CASCADE, related_name="sources")
    version = models.PositiveSmallIntegerField(help_text="1 for the first letter of the case that came in.")
    status = models.CharField(max_length=10, choices=Status)
    file_name = models.CharField(max_length=500)
    sha256 = models.CharField("SHA-256", max_length=64, help_text="Of the bytes as they came.")
    text_sha256 = models.CharField(
        "SHA-256 of the text",
        max_length=64,
        unique=True,
        help_text="Of the text with its white space joined; of a scanned letter, of its bytes.",
    )
    encoding = models.CharField(max_length=20)
    size = models.PositiveIntegerField(help_text="Bytes as they came.")
    compressed = models.BinaryField(help_text="The bytes as they came, compressed (zlib).")
    extractor = models.CharField(max_length=60, blank=True, help_text="Of a PDF: what read its text, with version.")
    extracted = models.BinaryField(default=b"", blank=True, help_text="The text it read: UTF-8, compressed (zlib).")
    pages = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of a PDF.")
    parser_version = models.PositiveSmallIntegerField()
    looked_at = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="By this version of the detector of identifiers."
    )
    ingested_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["case", "version"]
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="one_source_a_version"),
            models.UniqueConstraint(fields=["case"], condition=Q(status="current"), name="one_current_source"),
            models.CheckConstraint(condition=Q(status__in=["current", "superseded"]), name="source_status"),
        ]
        indexes = [
            models.Index(fields=["looked_at", "id"], condition=Q(status="current"), name="source_looked_at"),
            models.Index(fields=["id"], condition=Q(status="superseded"), name="source_superseded"),
        ]

    def __str__(self) -> str:
        return f"{self.case} version {self.version}"

    @property
    def content(self) -> bytes:
        """The bytes as they came, also with words that are redacted: for privacy officers only."""
        return zlib.decompress(bytes(self.compressed))

    @property
    def text(self) -> str:
        """The letter's text without the words that are redacted; spans count its characters.

        Whatever reads, shows or searches a letter begins here.
        """
        return redacted(self.original_text, self.case.redacted_words)

    @property
    def original_text(self) -> str:
        """The text as it came, for privacy officers only. Of a PDF the text that was read when it came in."""
        if self.extractor:
            return zlib.decompress(bytes(self.extracted)).decode("utf-8", "surrogatepass")
        return decode(self.content, self.encoding)


class RejectedFile(Queued):
    """A file that could not be taken in: which one, why, and what was in it."""

    path = models.CharField(max_length=1000, unique=True)
    code = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    compressed = models.BinaryField(default=b"", blank=True, help_text="The bytes as they came, compressed (zlib).")
    rejected_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-rejected_at", "-id"]
        indexes = [models.Index(fields=["status", "id"], name="rejected_queue")]

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class DisputedItemQuerySet(models.QuerySet["DisputedItem"]):
    """Queries over decisions."""

    def public(self) -> DisputedItemQuerySet:
        """Decisions that visitors may see; every public page and answer begins here."""
        return self.filter(case__withheld=False)


class DisputedItem(models.Model):
    """One decision: a disputed item with its outcome, both sides' guidelines and the reviewer's reasons."""

    class Outcome(models.TextChoices):
        UPHELD = "Upheld"
        OVERTURNED = "Overturned"

    class Finding(models.TextChoices):
        NECESSARY = "necessary"
        NOT_NECESSARY = "not necessary"
        PARTLY_NECESSARY = "partly necessary"
        UNCLEAR = "unclear"

    case = models.ForeignKey(Case, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(help_text="1 for the first item of the letter.")
    arranged_key = models.CharField(
        max_length=8,
        blank=True,
        editable=False,
        help_text="By what corrections know it, where a curator arranged the items anew.",
    )
    treatment = models.TextField(help_text="The whole heading as printed.")
    title = models.TextField(help_text="The part of the heading that was in dispute.")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    filed_under = models.ForeignKey(
        TreatmentCategory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="items",
        db_column="category_id",
        verbose_name="category",
        help_text="Its category of treatments, or one that was joined to it.",
    )
    rationale = models.TextField(blank=True)
    finding = models.CharField(max_length=16, choices=Finding)
    contradicts = models.BooleanField(default=False, help_text="The heading and the reasons disagree.")
    reasons = models.JSONField(default=list, blank=True, help_text="Codes of vocabulary/reasons.toml.")
    modification = models.TextField(blank=True, help_text="Words that tell that utilization review granted a part.")
    request = models.JSONField(default=dict, blank=True, help_text="What was asked for; docs/data.md has the keys.")
    claims_administrator_statement = models.TextField(blank=True)
    reviewer_statement = models.TextField(blank=True)

    objects = DisputedItemQuerySet.as_manager()

    # What `category` and its name need, for select_related.
    CATEGORY = ("filed_under__parent", "filed_under__joined_to__parent")

    class Meta:
        ordering = ["case", "position"]
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="one_item_a_position"),
            models.CheckConstraint(condition=Q(outcome__in=["", "Upheld", "Overturned"]), name="item_outcome"),
            models.CheckConstraint(
                condition=Q(finding__in=["necessary", "not necessary", "partly necessary", "unclear"]),
                name="item_finding",
            ),
        ]
        indexes = [
            models.Index(fields=["case"], condition=Q(contradicts=True), name="item_contradicts"),
            # What curators look for and few items have. An ingest writes nothing to these for all the others.
            models.Index(fields=["id"], condition=Q(outcome=""), name="item_without_outcome"),
            models.Index(fields=["id"], condition=Q(finding="unclear"), name="item_unclear"),
            models.Index(fields=["id"], condition=Q(finding="partly necessary"), name="item_partly_necessary"),
        ]

    def __str__(self) -> str:
        return self.title[:120] or f"Item {self.position}"

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}#{self.anchor}"

    @property
    def category(self) -> TreatmentCategory | None:
        """The category of treatments that it stands in now."""
        return self.filed_under.current if self.filed_under else None

    @property
    def cited_by_claims_administrator(self) -> list[GuidelineCitation]:
        """The claims administrator's citations, in order (from the prefetched ones)."""
        return self._cited_by(GuidelineCitation.Side.CLAIMS_ADMINISTRATOR)

    @property
    def cited_by_reviewer(self) -> list[GuidelineCitation]:
        """The reviewer's citations, in order (from the prefetched ones)."""
        return self._cited_by(GuidelineCitation.Side.REVIEWER)

    def _cited_by(self, side: str) -> list[GuidelineCitation]:
        return [citation for citation in self.citations.all() if citation.side == side]

    @property
    def key(self) -> str:
        """By what corrections know the item: its place as it was read ("2"), or of one that a curator added "a1"."""
        return self.arranged_key or str(self.position)

    @property
    def anchor(self) -> str:
        """The item's place on its case's page."""
        return f"item-{self.position}"

    @property
    def words_anchor(self) -> str:
        """The place of its heading on the page of the letter's text."""
        return f"words-items-{self.position - 1}-treatment"


class GuidelineCitation(models.Model):
    """One guideline document that a side cites for its decision on an item."""

    class Side(models.TextChoices):
        CLAIMS_ADMINISTRATOR = "claims administrator"
        REVIEWER = "reviewer"

    item = models.ForeignKey(DisputedItem, models.CASCADE, related_name="citations")
    side = models.CharField(max_length=20, choices=Side)
    position = models.PositiveSmallIntegerField()
    text = models.TextField(help_text="Its words, without the lead-in and the final stop.")
    mtus = models.BooleanField("under MTUS", help_text="Whether it stood under MTUS.")
    family = models.CharField(max_length=120, help_text="MTUS, ACOEM, ODG, or the publisher's or work's name.")
    wording = models.ForeignKey(GuidelineWording, models.PROTECT, related_name="citations")
    section = models.TextField(blank=True)
    pages = models.JSONField(default=list, help_text="As printed.")

    class Meta:
        ordering = ["item", "side", "position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "side", "position"], name="one_citation_a_position"),
            models.CheckConstraint(condition=Q(side__in=["claims administrator", "reviewer"]), name="citation_side"),
        ]

    def __str__(self) -> str:
        return self.text[:120]

    @property
    def place(self) -> str:
        """Section and pages for a reader: "Physical Medicine, pages 98-99"."""
        several = len(self.pages) > 1 or any("-" in page or "–" in page for page in self.pages)
        pages = f"page{'s' if several else ''} {', '.join(self.pages)}" if self.pages else ""
        return ", ".join(filter(None, (self.section, pages)))


class ParseIssue(Queued):
    """Something about a letter that a curator should look at; offsets count the source text's characters."""

    class Severity(models.TextChoices):
        ERROR = "error"
        WARNING = "warning"
        NOTICE = "notice"

    class Origin(models.TextChoices):
        READING = "reading"
        CURATION = "curation"
        DETECTOR = "detector", "detector of identifiers"

    case = models.ForeignKey(Case, models.CASCADE, related_name="issues")
    source = models.ForeignKey(LetterSource, models.CASCADE, related_name="issues")
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.READING, editable=False)
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=10, choices=Severity, default=Severity.WARNING)
    message = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    noted_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["id"]
        indexes = [
            # The queue's lists are read in the order of ids, by code and by severity, and counted by day.
            models.Index(fields=["status", "code", "id"], name="issue_queue"),
            models.Index(fields=["status", "origin", "severity", "id"], name="issue_queue_severity"),
            models.Index(fields=["noted_at", "code"], name="issue_noted"),
            models.Index(fields=["assigned_to", "status"], name="issue_assigned"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=models.F("start")), name="issue_span"),
            models.CheckConstraint(condition=Q(status__in=QUEUE_STATUSES), name="issue_status"),
            models.CheckConstraint(condition=Q(severity__in=["error", "warning", "notice"]), name="issue_severity"),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.message[:100]}"
