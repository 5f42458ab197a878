"""Whole letters and their whole records, read by eye.

A pair in golden/ is a letter (.txt) and the record of its reading (.json, without "file"). A record that was changed
counts only when somebody has read it against its letter and signed it off here. To write the records anew:

    python -c "from tests.letters.test_golden import renew; renew()"
"""

import hashlib
import json
from pathlib import Path

import pytest

from determinations.letters.inputs.files import read_file
from determinations.letters.record import record

GOLDEN = Path(__file__).parent / "golden"

# Name -> SHA-256 of the record as it was read by eye.
SIGNED_OFF = {
    "cells-on-lines-2015": "a95698e0959e633a169911769563e0ee81b44d99ea8a4d44521a87aecf2fd85d",
    "cut-header-2014": "2149fdf05345025b3f21a5f3172180b84bf316aa384684334d988460bc9661c8",
    "double-spaced-odd-characters": "39053e9da0982d6d2f1cac58ecda8cf85443fea99eded3cc046a114c29106226",
    "faults": "0602c4fd00bd58092bbd648263aa1b9a1f7c8d89f8fd4debc32b0ee184be310b",
    "pages-end-everywhere": "837077e3126770beca3b3ef5ed3db3cf7ffde8b5602c119184731fd4ce3872ed",
    "windows-single-spaced": "f6e1e2fdfbd74294b51e2672ecb5d7eaa6e3c688448b0cbba8a219b825b39b36",
}


def rendered(letter: Path) -> str:
    """The record of a letter as it is kept."""
    found = record(read_file(letter))
    del found["file"]
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def renew() -> None:
    """Write every record anew. What changed is to be read and signed off again."""
    for letter in GOLDEN.glob("*.txt"):
        letter.with_suffix(".json").write_text(rendered(letter), encoding="utf-8")


def test_every_letter_has_its_record_and_its_signature():
    letters = {path.stem for path in GOLDEN.glob("*.txt")}
    records = {path.stem for path in GOLDEN.glob("*.json")}
    assert letters == records == set(SIGNED_OFF)


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_the_record_is_the_one_that_was_signed_off(path):
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    message = f"read {path.name} against {path.stem}.txt, then sign it off in SIGNED_OFF: {digest}"
    assert SIGNED_OFF.get(path.stem) == digest, message


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.txt")), ids=lambda path: path.stem)
def test_the_letter_is_read_as_its_record_says(path):
    kept = path.with_suffix(".json").read_text(encoding="utf-8")
    # Compared as data first, since that shows what differs; then byte by byte, since the order of keys counts.
    assert json.loads(rendered(path)) == json.loads(kept)
    assert rendered(path) == kept
