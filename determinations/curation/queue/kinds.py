"""What can wait in the queue: a table of kinds, each with the rows that it is made of and how they are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import QuerySet

from ...letters.issue_codes import CURATION_CODES, ISSUE_CODES, IssueCode, Severity
from ...models import (
    CredentialWording,
    DrugWording,
    GuidelineWording,
    ParseIssue,
    Queued,
    ReaderReport,
    RejectedFile,
    RemovalRequest,
)

COUNTED_UP_TO = 10_000  # rows of a kind; beyond it a number says "at least"

_Status = Queued.Status


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of question.

    ``where``: which rows of ``model`` are of the kind. ``severity``: empty for what is no reading. ``whole``: the kind
    holds others (all errors of reading); a row itself is of the narrower one. ``needs``: permissions of which one is
    needed to see anything of the kind; none: whoever sees the queue.
    """

    slug: str
    label: str
    meaning: str
    group: str
    model: type[Queued]
    where: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    severity: str = ""
    whole: bool = False
    needs: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.label

    def rows(self) -> QuerySet[Any]:
        """All rows of the kind, decided or not, in no order."""
        return self.model._default_manager.filter(**self.where).order_by()

    @property
    def of_letter(self) -> bool:
        """Whether each row belongs to one letter (``case``)."""
        return self.model in (ParseIssue, ReaderReport)

    @property
    def ranked(self) -> bool:
        """Whether the rows stand in the order of the letters they touch, and not in that of their arrival."""
        return self.model in (CredentialWording, GuidelineWording, DrugWording)

    @property
    def wants_answer(self) -> bool:
        """Whether accepting one means to say what was done."""
        return self.model in (ReaderReport, RemovalRequest)

    def open_to(self, has_permission: Callable[[str], bool]) -> bool:
        """Whether somebody with these permissions may see the kind at all."""
        return not self.needs or any(map(has_permission, self.needs))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much of a kind waits: open and asked rows, each counted up to COUNTED_UP_TO + 1."""

    kind: Kind
    open: int
    asked: int

    @property
    def any(self) -> bool:
        """Whether anything waits."""
        return bool(self.open or self.asked)


PEOPLE, CORRECTIONS, NAMES, FILES = "Readers", "Corrections", "Names", "Files"
_SEVERITIES = {
    Severity.ERROR: ("errors", "Reading: errors", "A part of a letter could not be read."),
    Severity.WARNING: ("warnings", "Reading: warnings", "Read, but doubtful."),
    Severity.NOTICE: ("notices", "Reading: notices", "Read, and worth knowing: what the letter itself says is odd."),
}
_READING = ParseIssue.Origin.READING.value


def _of_code(code: IssueCode, group: str) -> Kind:
    label = code.code.replace("-", " ").capitalize()
    return Kind(code.code, label, code.meaning, group, ParseIssue, {"code": code.code}, code.severity.value)


def _kinds() -> tuple[Kind, ...]:
    found = [
        Kind("reports", "Readers’ reports", "What readers say is wrong on a page.", PEOPLE, ReaderReport),
        *(_of_code(one, CORRECTIONS) for one in CURATION_CODES if one.code.startswith("correction-")),
        Kind(
            "identifiers",
            "Likely identifiers",
            "Words that may tell who somebody is.",
            "Privacy",
            ParseIssue,
            {"origin": ParseIssue.Origin.DETECTOR.value},
        ),
        Kind(
            "credential-wordings",
            "Certifications without a name",
            "A spelling that no specialty claims.",
            NAMES,
            CredentialWording,
            {"specialty": None},
        ),
        Kind(
            "guideline-wordings",
            "Guidelines without a name",
            "Words that cite a document and that no record claims.",
            NAMES,
            GuidelineWording,
            {"guideline": None},
        ),
        Kind(
            "drug-wordings",
            "Names of drugs without a drug",
            "What requests call a drug by, and what no drug claims any more.",
            NAMES,
            DrugWording,
            {"drug": None},
        ),
        Kind(
            "removal-requests",
            "Removal requests",
            "What somebody asks to have removed, with the address to answer to.",
            "Privacy",
            RemovalRequest,
            needs=("determinations.withhold", "determinations.redact"),
        ),
        Kind("rejected", "Rejected files", "Files that could not be taken in.", FILES, RejectedFile),
    ]
    for severity, (slug, label, meaning) in _SEVERITIES.items():
        where = {"origin": _READING, "severity": severity.value}
        found.append(Kind(slug, f"All reading {slug}", meaning, label, ParseIssue, where, severity.value, whole=True))
        found += [_of_code(one, label) for one in ISSUE_CODES if one.severity is severity]
    return tuple(found)


KINDS: Mapping[str, Kind] = MappingProxyType({kind.slug: kind for kind in _kinds()})
_BY_MODEL = {kind.model: kind for kind in KINDS.values() if kind.model is not ParseIssue}


def open_kinds(has_permission: Callable[[str], bool]) -> dict[str, Kind]:
    """The kinds that somebody with these permissions may see, by slug."""
    return {slug: kind for slug, kind in KINDS.items() if kind.open_to(has_permission)}


def kind_of(row: Queued) -> Kind:
    """The narrowest kind that a row is of. An issue whose code is no longer in the table is of its severity's kind."""
    if not isinstance(row, ParseIssue):
        return _BY_MODEL[type(row)]
    if row.origin == ParseIssue.Origin.DETECTOR:
        return KINDS["identifiers"]
    return KINDS.get(row.code) or KINDS[_SEVERITIES[Severity(row.severity)][0]]


def waiting(
    kinds: Mapping[str, Kind] = KINDS, hidden: Mapping[tuple[str, str], int] = MappingProxyType({})
) -> dict[str, Waiting]:
    """How much of each kind waits, by slug: one query, which reads about COUNTED_UP_TO entries of an index each.

    ``hidden``: rows by slug and status that are not counted, since who asks may not see them (``withheld.waiting``).
    """
    parts, values = [], []
    for kind in kinds.values():
        for status in (_Status.OPEN, _Status.ASKED):
            most = COUNTED_UP_TO + 1 + hidden.get((kind.slug, status.value), 0)
            rows = kind.rows().filter(status=status).values("pk")[:most]
            sql, parameters = rows.query.sql_with_params()
            parts.append(f"SELECT %s, %s, COUNT(*) FROM ({sql}) AS counted")  # noqa: S608 - Django's own SQL
            values += [kind.slug, status.value, *parameters]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        found = {
            (slug, status): max(0, number - hidden.get((slug, status), 0)) for slug, status, number in cursor.fetchall()
        }
    return {slug: Waiting(kind, found[slug, "open"], found[slug, "asked"]) for slug, kind in kinds.items()}


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds that belong together: those in which something waits, and those in which nothing does."""

    name: str
    waiting: tuple[Waiting, ...]
    empty: tuple[Waiting, ...]


def groups(counted: Mapping[str, Waiting]) -> tuple[Group, ...]:
    """What waits, by group; a kind that holds others always stands among those that wait."""
    by_name: dict[str, list[Waiting]] = {}
    for one in counted.values():
        by_name.setdefault(one.kind.group, []).append(one)
    return tuple(
        Group(
            name,
            tuple(one for one in some if one.any or one.kind.whole),
            tuple(one for one in some if not (one.any or one.kind.whole)),
        )
        for name, some in by_name.items()
    )


def taken_by(name: str, kinds: Mapping[str, Kind] = KINDS, *, withheld: bool = True) -> dict[str, int]:
    """How much of each kind is open and assigned to the user ``name``, by slug; kinds without any are left out.

    ``withheld``: whether questions of letters that are kept from the public count.
    """
    found: Counter[str] = Counter()
    person = get_user_model().objects.filter(username=name).first()
    if person is None:
        return found
    for kind in {kind.model: kind for kind in kinds.values()}.values():
        rows = kind.model._default_manager.filter(assigned_to=person, status=_Status.OPEN)
        if kind.of_letter and not withheld:
            rows = rows.exclude(case__withheld=True)
        if kind.model is ParseIssue:
            rows = rows.only("code", "origin", "severity")
        elif kind.model is RejectedFile:
            rows = rows.defer("compressed")
        found.update(kind_of(row).slug for row in rows.order_by()[:COUNTED_UP_TO])
    return found
