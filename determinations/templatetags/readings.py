"""What letters say as data, in words for a page: ``{% load readings %}``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import template

from .. import vocabulary

register = template.Library()

Pair = tuple[str, str]


@register.filter
def request_facts(request: dict[str, Any]) -> list[Pair]:
    """Label and words for each thing that a request says (``DisputedItem.request``)."""
    return list(_request(request))


@register.filter
def patient_facts(patient: dict[str, Any]) -> list[Pair]:
    """Label and words for each thing that a summary tells of the patient (``Case.patient``)."""
    return list(_patient(patient))


@register.filter
def reason_labels(codes: list[str]) -> list[str]:
    """The reasons in words; a code that the vocabulary no longer has is shown as it is."""
    known = vocabulary.reasons()
    return [known[code].label if code in known else code for code in codes]


def _request(request: dict[str, Any]) -> Iterator[Pair]:
    if drugs := request.get("drugs"):
        yield "Drug", _listed(_drug(drug) for drug in drugs)
    if request.get("compound"):
        yield "Form", "compounded"
    if doses := request.get("doses"):
        yield "Dose", _listed(doses)
    if procedures := request.get("procedures"):
        yield "Treatment", _listed(procedures)
    if parts := request.get("body_parts"):
        yield "Body part", _listed(map(_part, parts))
    if quantity := request.get("quantity"):
        yield "Quantity", _amount(quantity)
    if frequency := request.get("frequency"):
        yield "Frequency", f"{_range(frequency, 'times')} a {frequency['period']}"
    if duration := request.get("duration"):
        yield "Duration", _amount(duration)
    if "refills" in request:
        yield "Refills", str(request["refills"])


def _patient(patient: dict[str, Any]) -> Iterator[Pair]:
    told = [f"{patient['age']} years" if "age" in patient else "", patient.get("sex", "")]
    if any(told):
        yield "Patient", _listed(filter(None, told))
    if mechanism := patient.get("mechanism"):
        yield "Injury", mechanism
    if parts := patient.get("body_parts"):
        yield "Injured", _listed(map(_part, parts))
    if diagnoses := patient.get("diagnoses"):
        yield "Diagnoses", "; ".join(diagnoses)
    if treatments := patient.get("prior_treatments"):
        yield "Treated with", _listed(map(_treatment, treatments))
    if surgeries := patient.get("surgeries"):
        yield "Operations", "; ".join(surgeries)


def _listed(words: Any) -> str:
    return ", ".join(words)


def _drug(drug: dict[str, str]) -> str:
    same = drug["text"].lower() == drug["generic"].lower()
    return drug["text"] if same else f"{drug['text']} ({drug['generic']})"


def _part(part: dict[str, str]) -> str:
    return f"{part['side']} {part['part']}" if part["side"] else part["part"]


def _treatment(treatment: dict[str, Any]) -> str:
    return f"{treatment['kind']} ({treatment['count']})" if treatment["count"] else treatment["kind"]


def _amount(amount: dict[str, Any]) -> str:
    unit = amount["unit"]
    number = _range(amount, "number")
    return f"{number} {unit}{'' if number == '1' or not unit else 's'}".strip()


def _range(amount: dict[str, Any], key: str) -> str:
    """A range ("2–3"), or a single number."""
    return f"{amount['low']}–{amount[key]}" if amount["low"] is not None else str(amount[key])
