"""Reasons, findings and modified certifications of real decisions that were read one by one (tests/data)."""

from collections import Counter
from pathlib import Path

import pytest

from determinations.letters import Finding, Letter, parse_letter, read_letter
from determinations.letters.meaning.modification import read_modification
from determinations.letters.meaning.reasons import read_reasons

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "letters"
DATA = Path(__file__).resolve().parents[1] / "data"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the real letters are not at {FOLDER}")

AGAINST = {Finding.NOT_NECESSARY: True, Finding.NECESSARY: False}


def table(name: str) -> dict[tuple[str, int], list[str]]:
    rows = (line.split("\t") for line in (DATA / name).read_text().splitlines() if not line.startswith("#"))
    return {(letter, int(position)): values for letter, position, *values in rows}


@pytest.fixture(scope="module")
def letters() -> dict[str, Letter]:
    names = {letter for letter, _ in table("real_reasons.tsv")}
    paths = [path for path in FOLDER.glob("*/*.txt") if path.stem in names]
    assert len(paths) == len(names)
    return {path.stem: parse_letter(read_letter(path).text) for path in paths}


def test_reasons(letters):
    truth = table("real_reasons.tsv")
    assert len(truth) >= 100
    right, wrong, missed = Counter(), Counter(), Counter()
    for (name, position), (codes,) in truth.items():
        item = letters[name].items[position - 1]
        given = {reason.code for reason in read_reasons(item.rationale.value, AGAINST.get(item.finding))}
        right.update(given & set(codes.split()))
        wrong.update(given - set(codes.split()))
        missed.update(set(codes.split()) - given)
    precision = right.total() / (right.total() + wrong.total())
    recall = right.total() / (right.total() + missed.total())
    assert precision >= 0.98, wrong
    assert recall >= 0.70, missed


def is_modified(letter: Letter, position: int) -> bool:
    item = letter.items[position - 1]
    title = item.title.value if len(letter.items) > 1 else None
    summary = letter.clinical_summary.value if letter.clinical_summary else ""
    return bool(
        read_modification(item.treatment.value)
        or read_modification(item.rationale.value)
        or read_modification(summary, title)
    )


def test_findings_contradictions_and_modified_certifications(letters):
    truth = table("real_findings.tsv")
    assert len(truth) >= 100
    wrong = {"finding": [], "contradicts": [], "modified": []}
    for (name, position), (finding, contradicts, modified) in truth.items():
        letter = letters[name]
        item = letter.items[position - 1]
        if item.finding is not Finding.UNCLEAR and item.finding.value != finding:
            wrong["finding"].append((name, position))
        if item.contradicts and contradicts == "no":
            wrong["contradicts"].append((name, position))
        if is_modified(letter, position) and modified == "no":
            wrong["modified"].append((name, position))
    flags = len(truth) + sum(row[1] == "yes" for row in truth.values()) + sum(row[2] == "yes" for row in truth.values())
    assert 1 - sum(map(len, wrong.values())) / flags >= 0.98, wrong


def test_every_contradiction_and_modified_certification_is_found(letters):
    truth = table("real_findings.tsv")
    for (name, position), (_, contradicts, modified) in truth.items():
        letter = letters[name]
        assert letter.items[position - 1].contradicts or contradicts == "no", (name, position)
        assert is_modified(letter, position) or modified == "no", (name, position)
