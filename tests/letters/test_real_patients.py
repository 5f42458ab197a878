"""What is read from the clinical summaries of real letters, compared with what a person read in them."""

from collections import Counter
from pathlib import Path

import pytest

from determinations.letters import parse_letter, read_letter
from determinations.letters.meaning.patients import read_patient

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "letters"
TABLE = Path(__file__).resolve().parents[1] / "data" / "real_patients.tsv"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the real letters are not at {FOLDER}")

# Fact -> the least precision and recall that were measured on the table.
LEAST = {
    "age": (1.0, 1.0),
    "sex": (1.0, 1.0),
    "mechanism": (1.0, 0.92),
    "body parts": (0.98, 0.93),
    "diagnoses": (0.98, 0.94),
    "treatments": (0.98, 0.97),
    "counts": (1.0, 0.88),
    "surgery": (1.0, 0.75),
    "denial": (1.0, 0.98),
}


def summary(name: str) -> str:
    path = next(FOLDER.glob(f"*/{name}.txt"))
    return parse_letter(read_letter(path).text).clinical_summary.value


def split(cell: str, separator: str = "; ") -> set[str]:
    return set() if cell == "-" else set(cell.split(separator))


def read_facts(name: str, mechanism: str) -> dict[str, set[str]]:
    patient = read_patient(summary(name))
    told = patient.mechanism
    return {
        "age": {str(patient.age.value)} if patient.age else set(),
        "sex": {patient.sex.value} if patient.sex else set(),
        "mechanism": {mechanism if mechanism in told.value.lower() else told.value} if told else set(),
        "body parts": {f"{one.part}:{one.side}" if one.side else one.part for one in patient.body_parts},
        "diagnoses": {one.value.lower() for one in patient.diagnoses},
        "treatments": {one.kind for one in patient.prior_treatments},
        "counts": {f"{one.kind}:{one.count}" for one in patient.prior_treatments if one.count},
        "surgery": {"yes"} if patient.surgeries else set(),
        "denial": {"yes"} if patient.denial else set(),
    }


def true_facts(row: list[str]) -> dict[str, set[str]]:
    _, age, sex, mechanism, parts, diagnoses, treatments, surgery, denial = row
    return {
        "age": split(age),
        "sex": split(sex),
        "mechanism": {mechanism} - {"-"},
        "body parts": split(parts),
        "diagnoses": split(diagnoses, " | "),
        "treatments": {one.partition(":")[0] for one in split(treatments)},
        "counts": {one for one in split(treatments) if ":" in one},
        "surgery": {surgery} - {"no"},
        "denial": {denial} - {"no"},
    }


def test_precision_and_recall():
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert len(rows) == 110
    right, given, true = Counter(), Counter(), Counter()
    for row in rows:
        read, expected = read_facts(row[0], row[3]), true_facts(row)
        for fact in LEAST:
            right[fact] += len(read[fact] & expected[fact])
            given[fact] += len(read[fact])
            true[fact] += len(expected[fact])
    measured = {fact: (right[fact] / given[fact], right[fact] / true[fact]) for fact in LEAST}
    low = {fact: one for fact, one in measured.items() if one[0] < LEAST[fact][0] or one[1] < LEAST[fact][1]}
    assert low == {}
