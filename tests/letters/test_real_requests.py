"""What requests of the real letters say, compared with a table that was read by hand."""

from collections import Counter
from pathlib import Path

import pytest

from determinations.letters import parse_letter, read_letter
from determinations.letters.meaning.requests import read_request

from .test_requests import _range

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "letters"
TABLE = Path(__file__).resolve().parents[1] / "data" / "real_requests.tsv"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the real letters are not at {FOLDER}")

SCALARS = ("quantity", "doses", "frequency", "duration", "refills")
FACTS = (*SCALARS, "body parts", "sides", "drugs", "compound", "procedures")


def truth() -> dict[tuple[str, int], dict[str, set[str]]]:
    rows = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            letter, item, *cells = line.split("\t")
            values = [set(filter(None, cell.split("|"))) for cell in cells]
            rows[letter, int(item)] = facts(*values)
    return rows


def facts(quantity, doses, frequency, duration, refills, parts, drugs, compound, procedures):
    """Values by the kind of fact; a part that is said without its side is a part found and a side missed."""
    named = {part.partition(",")[0] for part in parts}
    sides = {part for part in parts if "," in part}
    values = (quantity, doses, frequency, duration, refills, named, sides, drugs, compound, procedures)
    return dict(zip(FACTS, values, strict=True))


def read(title: str) -> dict[str, set[str]]:
    request = read_request(title)
    quantity = {
        f"{_range(one.value.low, one.value.number)} {one.value.unit}".strip() for one in _some(request.quantity)
    }
    frequency = {f"{_range(one.value.low, one.value.times)}/{one.value.period}" for one in _some(request.frequency)}
    duration = {f"{_range(one.value.low, one.value.number)} {one.value.unit}" for one in _some(request.duration)}
    return facts(
        quantity,
        {dose.value for dose in request.doses},
        frequency,
        duration,
        {str(one.value) for one in _some(request.refills)},
        {f"{one.part},{one.side}" if one.side else one.part for one in request.body_parts},
        {drug.generic for drug in request.drugs},
        {"yes"} if request.compound else set(),
        {one.value for one in request.procedures},
    )


def _some(found):
    return [found] if found else []


def compared():
    """Of each kind of fact: how many were right, wrong (given, not in the table) and missed, and which differ."""
    counts = {fact: Counter() for fact in FACTS}
    differences = []
    folders = {path.stem: path for path in (*FOLDER.glob("text/*.txt"), *FOLDER.glob("no-header/*.txt"))}
    letters = {name: parse_letter(read_letter(folders[name]).text) for name in {letter for letter, _ in truth()}}
    for (letter, item), expected in truth().items():
        found = read(letters[letter].items[item - 1].title.value)
        for fact in FACTS:
            right, wrong, missed = (
                expected[fact] & found[fact],
                found[fact] - expected[fact],
                expected[fact] - found[fact],
            )
            counts[fact].update(right=len(right), wrong=len(wrong), missed=len(missed))
            if wrong or missed:
                differences.append((letter, item, fact, sorted(wrong), sorted(missed)))
    return counts, differences


def test_precision_and_recall_of_each_kind_of_fact():
    counts, differences = compared()
    for fact, count in counts.items():
        assert count["right"], f"{fact} is never read"
        precision = count["right"] / (count["right"] + count["wrong"])
        recall = count["right"] / (count["right"] + count["missed"])
        told = [one for one in differences if one[2] == fact]
        assert precision >= 0.98, f"{fact}: precision {precision:.3f}, {told}"
        assert recall >= 0.9, f"{fact}: recall {recall:.3f}, {told}"


def test_the_table_holds_enough_decisions():
    assert len(truth()) >= 100
