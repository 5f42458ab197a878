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
    "amended-cover-letter": "094ae9e37fcb975904868c28988934afbbd70fe082b6d162131860f0d279b998",
    "cells-on-lines-2015": "6fb7b25f1a359c5e2d700d2835993e438f24fee23d6e2b5749d229d816dd8c61",
    "complete-2014": "77d529959b2409a32dd9433ac1bd21dd81db36760a14a19771e1f9fbb64aeb14",
    "cover-letter-2014": "2981ed4a1f5a92dc1c4eebae6dfacc77b80cdd13b69e1bac9f38c07902458ae6",
    "cut-both-ends": "e89667eee4c7be4a0d9077e98e76fdc6a94f68d45dccb756681ceda37c107d4f",
    "cut-header-2014": "ad421961cdc35d24addb6470f3eadc47a1de7b6271b1c4625cc6794406f484a3",
    "double-spaced-odd-characters": "7cebb29c09c098bf4baf4cf8f448fd689160ffe9a59ec92ba721b8edf40f5929",
    "faults": "3f3d3f9a7a0d82de7c2383da42ae2e1886f46a8fb7f52b9e585ed99790598abc",
    "formulary-2018": "2e58fbd6fe23cfb87cb8d210b14941b8e190d37fb868d98b17add88824b6adaa",
    "notice-2013": "c914ebd3a8b620e7787fcda0fd6eb31fa5caee2778c7e0cd4ec60288b3e17a1f",
    "pages-end-everywhere": "3ab7fbd50d792130be6b4e5efbbcdf38fca40eccdebf80acac8cc3bc2a8c7dc2",
    "professional-review": "cd2ddc38ba8050a4485469062458cb76ee2fdc463b47f19fe980ff4ea06d4242",
    "windows-single-spaced": "1ac8ef19c2c177312b9d3431a934b3260091f6d8de0fd24ed0bae76127dc9b8e",
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
