"""The archive's records: names (``names``), letters (``letters``) and what curators decided (``curation``)."""

from .archive import Archive
from .curation import (
    CategoryRule,
    Correction,
    Ground,
    Job,
    NameChange,
    OldAddress,
    QueueAction,
    ReaderReport,
    Redaction,
    RemovalRequest,
    Withholding,
)
from .letters import Case, DisputedItem, GuidelineCitation, LetterSource, ParseIssue, RejectedFile
from .names import (
    CredentialWording,
    Drug,
    DrugWording,
    Guideline,
    GuidelineWording,
    Reviewer,
    ReviewerCredential,
    Specialty,
    TreatmentCategory,
)
from .queued import UNDECIDED, Queued

__all__ = [
    "UNDECIDED",
    "Archive",
    "Case",
    "CategoryRule",
    "Correction",
    "CredentialWording",
    "DisputedItem",
    "Drug",
    "DrugWording",
    "Ground",
    "Guideline",
    "GuidelineCitation",
    "GuidelineWording",
    "Job",
    "LetterSource",
    "NameChange",
    "OldAddress",
    "ParseIssue",
    "QueueAction",
    "Queued",
    "ReaderReport",
    "Redaction",
    "RejectedFile",
    "RemovalRequest",
    "Reviewer",
    "ReviewerCredential",
    "Specialty",
    "TreatmentCategory",
    "Withholding",
]
