"""Writes letters: a batch of readings becomes cases, decisions and citations in one transaction.

Identity: a letter belongs to the case of its number; one without a number is a case of its own, known by the hash of
its text (a scanned one by that of its bytes). The same text again is unchanged. Another text for the same case is a
new version: the one decided last is current, and every version's bytes are kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q

from .corrections.applying import corrected_numbers, lay_over
from .letters import PARSER_VERSION, Item, Letter, Side
from .letters.inputs.files import Reading
from .letters.issue_codes import severity
from .letters.record import patient_record, request_record
from .letters.redacting import MARK, redacted_path, redacted_value
from .models import Case, DisputedItem, GuidelineCitation, LetterSource, ParseIssue, RejectedFile
from .names import UNKNOWN_NAME, Names
from .redacted_rows import all_words, hide, read_without, words_by_case

_IN_ARCHIVE = re.compile(r"(.*?\.(?:zip|tar|tgz|gz))/", re.IGNORECASE)
_OPEN, _SETTLED = ParseIssue.Status.OPEN, ParseIssue.Status.SETTLED
CREATED, UPDATED, UNCHANGED, REJECTED = "created", "updated", "unchanged", "rejected"


@dataclass(slots=True)
class Saved:
    """What became of a batch: counts by outcome, letters with issues, and the cases that changed."""

    counts: Counter[str] = field(default_factory=Counter)
    with_issues: int = 0
    case_ids: list[int] = field(default_factory=list)
    rejected: list[Reading] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Version:
    """A reading that is to be written as version ``number`` of ``case``."""

    reading: Reading
    case: Case
    number: int


def save_readings(readings: Iterable[Reading], names: Names) -> Saved:
    """Store ``readings`` in order, in one transaction; cases that changed are marked for indexing in it."""
    saved = Saved()
    with transaction.atomic():
        names.refresh()
        for group in _one_a_case(readings):
            _save_group(group, names, saved)
    return saved


def _identity(reading: Reading) -> str:
    number = reading.letter.case_number if reading.letter else None
    return number.value if number else reading.text_sha256


def _one_a_case(readings: Iterable[Reading]) -> Iterator[list[Reading]]:
    """Runs of readings in which no case stands twice, so that each run can be written at once."""
    group: list[Reading] = []
    met: set[str] = set()
    for reading in readings:
        identity = _identity(reading)
        if identity in met:
            yield group
            group, met = [], set()
        group.append(reading)
        met.add(identity)
    yield group


def _save_group(group: list[Reading], names: Names, saved: Saved) -> None:
    # An archive that could not be read to its end is still rejected only if it is again, which comes after its letters.
    hidden = all_words()
    archives = {found[1] for reading in group if (found := _IN_ARCHIVE.match(_whereabouts(reading)))}
    if archives:
        _take_away(archives, hidden)
    for reading in group:
        if reading.code:
            _reject(reading, hidden)
            saved.rejected.append(reading)
    letters = [reading for reading in group if not reading.code]
    _take_away({_whereabouts(reading) for reading in letters}, hidden)
    fresh = _without_known(letters)
    existing = _existing_cases(fresh)
    new = [reading for reading in fresh if _identity(reading) not in existing]
    changed = [reading for reading in fresh if _identity(reading) in existing]
    saved.counts[REJECTED] += len(group) - len(letters)
    saved.counts[UNCHANGED] += len(letters) - len(fresh)
    saved.counts[CREATED] += len(new)
    saved.counts[UPDATED] += len(changed)
    saved.with_issues += sum(bool(_letter(reading).issues) for reading in fresh)
    if not fresh:
        return
    cases = Case.objects.bulk_create([_case(reading, names) for reading in new])
    current = [_Version(reading, case, 1) for reading, case in zip(new, cases, strict=True)]
    redacted = words_by_case({existing[_identity(reading)].pk for reading in changed}) if changed else {}
    for reading in changed:
        case = existing[_identity(reading)]
        current += _new_version(read_without(reading, redacted.get(case.pk, ())), case, names)
    _write(current, names)
    saved.case_ids += [version.case.pk for version in current]


def _letter(reading: Reading) -> Letter:
    if reading.letter is None:
        raise ValueError(f"{reading.path} was rejected and has no letter")
    return reading.letter


def _whereabouts(reading: Reading) -> str:
    """Where the file is, from the root on: two folders may have files of one name."""
    return str(Path(reading.path).absolute())[-1000:]


def _take_away(paths: Collection[str], hidden: Collection[str]) -> None:
    """What was rejected at ``paths`` is no longer."""
    RejectedFile.objects.filter(path__in={*paths, *(redacted_path(path, hidden) for path in paths)}).delete()


def _reject(reading: Reading, hidden: Collection[str]) -> None:
    """Keep a file that could not be taken in; where it lies and why without the words ``hidden``."""
    path, reason = redacted_path(_whereabouts(reading), hidden), redacted_value(reading.reason, hidden)
    same = RejectedFile.objects.filter(code=reading.code, sha256=reading.sha256)
    # Files whose names are the same without the words are told by what is in them.
    if same.filter(path=path).exists() or (MARK in path and reading.sha256 and same.exists()):
        return
    if MARK in path and RejectedFile.objects.filter(path=path).exists():
        path = f"{path} ({reading.sha256[:8]})"
    RejectedFile.objects.update_or_create(
        path=path,
        defaults={
            "code": reading.code,
            "reason": reason[:300],
            "sha256": reading.sha256,
            "compressed": reading.compressed,
            "status": RejectedFile.Status.OPEN,  # what was decided was on another file, or for another reason
            "assigned_to": None,
        },
    )


def _without_known(readings: list[Reading]) -> list[Reading]:
    """The readings whose text the archive does not have."""
    hashes = [reading.text_sha256 for reading in readings]
    known = set(LetterSource.objects.filter(text_sha256__in=hashes).values_list("text_sha256", flat=True))
    return [reading for reading in readings if reading.text_sha256 not in known]


def _slug(reading: Reading) -> str:
    """The public address: the case number, or sixteen digits of the text's hash."""
    number = _letter(reading).case_number
    return number.value.lower() if number else f"letter-{reading.text_sha256[:16]}"


def _existing_cases(readings: list[Reading]) -> dict[str, Case]:
    """Cases by identity (only numbered letters can meet one: another text without number is another case).

    A case whose number a curator corrected is also met by the number that its letter gives, which is its address.
    """
    numbers = {found.value.lower(): found.value for reading in readings if (found := _letter(reading).case_number)}
    rows = Case.objects.select_for_update().filter(Q(number__in=numbers.values()) | Q(slug__in=numbers))
    cases = list(rows)
    by_address = {numbers[case.slug]: case for case in cases if case.slug in numbers}
    return by_address | {str(case.number): case for case in cases if case.number}


def _new_version(reading: Reading, old: Case, names: Names) -> list[_Version]:
    """Add a version to a case; it becomes the current one if it supersedes the one that is.

    Returns the version if it is current, and then what was read from the old one is gone, but for its source.
    """
    number = old.sources.count() + 1
    if not supersedes(_letter(reading), old.decision_date, amended=old.amended):
        _source(_Version(reading, old, number), LetterSource.Status.SUPERSEDED).save(force_insert=True)
        return []
    old.sources.filter(status=LetterSource.Status.CURRENT).update(status=LetterSource.Status.SUPERSEDED)
    old.issues.filter(origin=ParseIssue.Origin.READING).delete()
    old.items.all().delete()
    case = _case_again(reading, old, names)
    case.number = case.number or old.number
    case.save(force_update=True)
    return [_Version(reading, case, number)]


def supersedes(letter: Letter, decided: date | None, *, amended: bool) -> bool:
    """Whether ``letter`` takes the place of one of the same case that was ``decided`` on a day and may be ``amended``.

    The one decided last counts; of one day an amended one, else the one that came in last. A letter without a date
    never takes the place of one with.
    """
    if decided is None:
        return True
    day = letter.dates.decision
    if day is None or day.value < decided:
        return False
    return day.value > decided or letter.amended is not None or not amended


def _case(reading: Reading, names: Names) -> Case:
    """The row of a case as ``reading`` says it."""
    letter = _letter(reading)
    dates = letter.dates
    return Case(
        number=letter.case_number.value if letter.case_number else None,
        slug=_slug(reading),
        date_assigned=dates.assigned.value if dates.assigned else None,
        date_of_injury=dates.of_injury.value if dates.of_injury else None,
        ur_denial_date=dates.ur_denial.value if dates.ur_denial else None,
        received_date=dates.received.value if dates.received else None,
        decision_date=dates.decision.value if dates.decision else None,
        priority=letter.priority.value if letter.priority else "",
        reviewer_id=names.reviewer(letter.reviewer),
        clinical_summary=letter.clinical_summary.value if letter.clinical_summary else "",
        determination=letter.determination.value.value if letter.determination else "",
        amended=letter.amended is not None,
        documents_reviewed=[document.value for document in letter.documents],
        patient=_told(patient_record(letter.patient)),
        letter_format=letter.format,
        index_pending=True,
    )


def _case_again(reading: Reading, old: Case, names: Names) -> Case:
    """The row of the case ``old`` as another reading says it; what no reading says stays."""
    case = _case(reading, names)
    case.pk, case.slug, case.created_at, case.withheld = old.pk, old.slug, old.created_at, old.withheld
    return case


def _told(record: dict[str, Any]) -> dict[str, Any]:
    """A record without the keys of what was not told: most are not."""
    return {key: value for key, value in record.items() if value not in (None, [], False)}


def _source(version: _Version, status: str) -> LetterSource:
    reading = version.reading
    return LetterSource(
        case=version.case,
        version=version.number,
        status=status,
        file_name=reading.path[-500:],
        sha256=reading.sha256,
        text_sha256=reading.text_sha256,
        encoding=reading.encoding,
        size=reading.source_size,
        compressed=reading.compressed,
        extractor=reading.extractor,
        extracted=reading.extracted,
        pages=reading.pages,
        parser_version=PARSER_VERSION,
    )


def _write(versions: list[_Version], names: Names) -> None:
    """The sources, items, citations and issues of versions that are current."""
    sources = LetterSource.objects.bulk_create([_source(version, LetterSource.Status.CURRENT) for version in versions])
    _write_reading(versions, sources, names)


def rewrite(readings: list[tuple[LetterSource, Letter]], names: Names) -> None:
    """Write what is read from sources that are current in place of what was read from their cases before.

    A case keeps its address, and its number if the letter gives none. An issue that comes again in the same place stays
    as it is, with what curators decided on it. To be called in a transaction; marks the cases for the index.
    """
    cases = {source.case_id: source.case for source, _ in readings}
    known, corrected = _known_issues(readings), corrected_numbers(cases)
    DisputedItem.objects.filter(case__in=cases).delete()
    versions = []
    for source, letter in readings:
        old = cases[source.case_id]
        reading = Reading(source.file_name, letter, text_sha256=source.text_sha256)
        case = _case_again(reading, old, names)
        case.number = case.number or corrected.get(old.pk, old.number)
        case.save(force_update=True)
        versions.append(_Version(reading, case, source.version))
    _write_reading(versions, [source for source, _ in readings], names, known)


_Place = tuple[int, str, int, int, str]  # an issue's: source, code, start, end, message


def _known_issues(readings: list[tuple[LetterSource, Letter]]) -> set[_Place]:
    """The issues of readings that are in the database already; those that the readings do not have are taken away."""
    again = {
        (source.pk, issue.code, issue.span.start, issue.span.end, issue.message)
        for source, letter in readings
        for issue in letter.issues
    }
    cases = [source.case_id for source, _ in readings]
    known, gone = set(), []
    rows = ParseIssue.objects.filter(case__in=cases, origin=ParseIssue.Origin.READING)
    for pk, *place in rows.values_list("id", "source_id", "code", "start", "end", "message"):
        met: Any = tuple(place)
        if met in again and met not in known:
            known.add(met)
        else:
            gone.append(pk)
    ParseIssue.objects.filter(pk__in=gone).delete()
    return known


def _write_reading(
    versions: list[_Version], sources: list[LetterSource], names: Names, known: Collection[_Place] = ()
) -> None:
    """The items, citations and issues of current versions, each beside its source, with what curators decided.

    ``known``: issues that are in the database already.
    """
    items = [(item, row) for version in versions for item, row in _items(version, names)]
    DisputedItem.objects.bulk_create([row for _, row in items], batch_size=500)
    wordings = names.guideline_wordings(
        citation
        for item, _ in items
        for side in (item.claims_administrator, item.reviewer)
        for citation in side.citations
    )
    citations = [citation for item, row in items for citation in _citations(item, row, wordings)]
    GuidelineCitation.objects.bulk_create(citations, batch_size=500)
    settled = names.settled_questions(
        issue for version in versions for issue in _letter(version.reading).issues if issue.code in UNKNOWN_NAME
    )
    by_rule = {unplaced(item.title.value) for item, row in items if row.filed_under_id and not item.placement}
    ParseIssue.objects.bulk_create(
        [
            ParseIssue(
                case=version.case,
                source=source,
                code=issue.code,
                severity=severity(issue.code),
                message=issue.message,
                start=issue.span.start,
                end=issue.span.end,
                status=_OPEN if issue not in settled and issue.message not in by_rule else _SETTLED,
            )
            for version, source in zip(versions, sources, strict=True)
            for issue in _letter(version.reading).issues
            if (source.pk, issue.code, issue.span.start, issue.span.end, issue.message) not in known
        ],
        batch_size=500,
    )
    case_ids = [version.case.pk for version in versions]
    lay_over(case_ids, names)
    hide(case_ids)


def _items(version: _Version, names: Names) -> Iterator[tuple[Item, DisputedItem]]:
    for position, item in enumerate(_letter(version.reading).items, 1):
        yield (
            item,
            DisputedItem(
                case=version.case,
                position=position,
                treatment=item.treatment.value,
                title=item.title.value,
                outcome=item.outcome.value.value if item.outcome else "",
                filed_under_id=names.category(item.placement, item.title.value),
                rationale=item.rationale.value if item.rationale else "",
                finding=item.finding.value,
                contradicts=item.contradicts,
                reasons=[reason.code for reason in item.reasons],
                modification=item.modification.value if item.modification else "",
                request=_told(request_record(item.request)),
                claims_administrator_statement=_statement(item.claims_administrator),
                reviewer_statement=_statement(item.reviewer),
            ),
        )


def unplaced(title: str) -> str:
    """What is asked of a request that has no place in the state's list (letters/parts/building.py)."""
    return f"The request could not be placed in a treatment category: {title!r}."


def _statement(side: Side) -> str:
    return side.statement.value if side.statement else ""


def _citations(item: Item, row: DisputedItem, wordings: dict[str, int]) -> Iterator[GuidelineCitation]:
    sides = (
        (GuidelineCitation.Side.CLAIMS_ADMINISTRATOR, item.claims_administrator),
        (GuidelineCitation.Side.REVIEWER, item.reviewer),
    )
    for name, side in sides:
        for position, citation in enumerate(side.citations, 1):
            yield GuidelineCitation(
                item=row,
                side=name,
                position=position,
                text=citation.text,
                mtus=citation.mtus,
                family=citation.family[:120],
                wording_id=wordings[citation.document],
                section=citation.section or "",
                pages=list(citation.pages),
            )
