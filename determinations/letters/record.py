"""A reading as a record for programs (JSON) and as text for a person. docs/data.md describes the record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from .facts import Amount, BodyPart, Frequency, Patient, Request
from .inputs.files import Reading
from .types import Citation, Credential, Found, Issue, Item, Letter, Side


def record(reading: Reading, name: str | None = None) -> dict[str, Any]:
    """The record of one file, by the name it was asked for. A file without a letter has its reason as an issue."""
    letter = reading.letter
    if letter is None:
        issue = {"code": reading.code, "message": reading.reason, "start": 0, "end": 0}
        return _record(name or reading.path, Letter("unreadable")) | {"issues": [issue]}
    return _record(name or reading.path, letter)


def _record(file: str, letter: Letter) -> dict[str, Any]:
    dates, reviewer = letter.dates, letter.reviewer
    return {
        "file": file,
        "format": letter.format,
        "case_number": _value(letter.case_number),
        "dates": {
            "assigned": _day(dates.assigned),
            "of_injury": _day(dates.of_injury),
            "ur_denial": _day(dates.ur_denial),
            "received": _day(dates.received),
            "decision": _day(dates.decision),
        },
        "priority": _value(letter.priority),
        "reviewer": {
            "board_certifications": [_credential(credential) for credential in reviewer.board_certifications],
            "subspecialties": [_credential(credential) for credential in reviewer.subspecialties],
            "licensed_states": [state.value for state in reviewer.licensed_states],
        },
        "clinical_summary": _value(letter.clinical_summary),
        "patient": patient_record(letter.patient),
        "determination": letter.determination.value.value if letter.determination else None,
        "amended": _value(letter.amended),
        "documents_reviewed": [document.value for document in letter.documents],
        "items": [_item(item) for item in letter.items],
        "issues": [_issue(issue) for issue in letter.issues],
    }


def _value(found: Found[str] | None) -> str | None:
    return found.value if found else None


def _day(found: Found[date] | None) -> str | None:
    return found.value.isoformat() if found else None


def _credential(credential: Credential) -> dict[str, str | None]:
    return {"text": credential.text, "name": credential.name}


def _issue(issue: Issue) -> dict[str, Any]:
    return {"code": issue.code, "message": issue.message, "start": issue.span.start, "end": issue.span.end}


def _item(item: Item) -> dict[str, Any]:
    return {
        "treatment": item.treatment.value,
        "title": item.title.value,
        "outcome": item.outcome.value.value if item.outcome else None,
        "category": item.placement.category if item.placement else None,
        "subcategory": item.placement.subcategory if item.placement else None,
        "claims_administrator": _side(item.claims_administrator),
        "reviewer": _side(item.reviewer),
        "rationale": _value(item.rationale),
        "finding": item.finding.value,
        "contradicts": item.contradicts,
        "reasons": [reason.code for reason in item.reasons],
        "modification": _value(item.modification),
        "request": request_record(item.request),
    }


def request_record(request: Request) -> dict[str, Any]:
    """What a request says, without the places of its words."""
    return {
        "quantity": _amount(request.quantity),
        "doses": [dose.value for dose in request.doses],
        "frequency": _frequency(request.frequency),
        "duration": _amount(request.duration),
        "refills": request.refills.value if request.refills else None,
        "body_parts": [_body_part(part) for part in request.body_parts],
        "drugs": [{"text": drug.text, "generic": drug.generic, "group": drug.group} for drug in request.drugs],
        "compound": request.compound,
        "procedures": [procedure.value for procedure in request.procedures],
    }


def patient_record(patient: Patient) -> dict[str, Any]:
    """What a summary tells of the patient, without the places of its words."""
    return {
        "age": patient.age.value if patient.age else None,
        "sex": _value(patient.sex),
        "mechanism": _value(patient.mechanism),
        "body_parts": [_body_part(part) for part in patient.body_parts],
        "diagnoses": [diagnosis.value for diagnosis in patient.diagnoses],
        "prior_treatments": [{"kind": one.kind, "count": one.count} for one in patient.prior_treatments],
        "surgeries": [surgery.value for surgery in patient.surgeries],
        "denial": _value(patient.denial),
    }


def _number(number: Decimal | None) -> int | float | None:
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _amount(found: Found[Amount] | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"number": _number(found.value.number), "unit": found.value.unit, "low": _number(found.value.low)}


def _frequency(found: Found[Frequency] | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"times": _number(found.value.times), "period": found.value.period, "low": _number(found.value.low)}


def _body_part(part: BodyPart) -> dict[str, str]:
    return {"part": part.part, "side": part.side}


def _side(side: Side) -> dict[str, Any]:
    return {"statement": _value(side.statement), "citations": [_citation(citation) for citation in side.citations]}


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "text": citation.text,
        "mtus": citation.mtus,
        "family": citation.family,
        "guideline": citation.guideline,
        "section": citation.section,
        "pages": list(citation.pages),
    }


def readable(data: dict[str, Any]) -> str:
    """A record as text for a person."""
    return "\n".join(_lines(data)) + "\n"


def _lines(data: dict[str, Any]) -> Iterator[str]:
    yield f"{data['file']}  ({data['format']})"
    yield f"  Case number   {data['case_number'] or '-'}"
    for name, day in data["dates"].items():
        yield f"  {name.replace('_', ' ').capitalize():13} {day or '-'}"
    yield f"  Priority      {data['priority'] or '-'}"
    reviewer = data["reviewer"]
    for role in ("board_certifications", "subspecialties"):
        names = [
            one["text"] if one["name"] == one["text"] else f"{one['text']} = {one['name'] or '?'}"
            for one in reviewer[role]
        ]
        yield f"  {role.replace('_', ' ').capitalize()}: {'; '.join(names) or '-'}"
    yield f"  Licensed in: {', '.join(reviewer['licensed_states']) or '-'}"
    yield f"  Summary: {data['clinical_summary'] or '-'}"
    for position, item in enumerate(data["items"], 1):
        yield from _item_lines(position, item)
    for issue in data["issues"]:
        yield f"  ! {issue['code']} at {issue['start']}-{issue['end']}: {issue['message']}"


def _item_lines(position: int, item: dict[str, Any]) -> Iterator[str]:
    place = " / ".join(filter(None, (item["category"], item["subcategory"])))
    yield f"  {position}. {item['title']}: {item['outcome'] or '?'}"
    if item["title"] != item["treatment"]:
        yield f"     Heading: {item['treatment']}"
    yield f"     Category: {place or '-'}"
    for side in ("claims_administrator", "reviewer"):
        yield f"     {side.replace('_', ' ').capitalize()}: {item[side]['statement'] or ''}".rstrip()
        for citation in item[side]["citations"]:
            yield f"       - {citation['text']}"
            detail = [citation["guideline"] or "not known", citation["section"], ", ".join(citation["pages"])]
            yield f"         {'MTUS' if citation['mtus'] else 'not MTUS'} | {' | '.join(filter(None, detail))}"
    contradiction = "  (contradicts the heading)" if item["contradicts"] else ""
    yield f"     Finding: {item['finding']}{contradiction}"
    yield f"     Rationale: {item['rationale'] or '-'}"
