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
    "cells-on-lines-2015": "07b85834694a6708e2c0d83fd2de8b945d5d20d0b2f9b1a167cd6eb962f45c88",
    "complete-2014": "882c97ca490e4889f5f46fcb6009e2455561ffc08368d18483d8f142fac6ada4",
    "cover-letter-2014": "5126f09d1c6182c4763c2d93441460e2f59da001a08a930b355b58a87378277f",
    "cut-both-ends": "9379924eac5e37f3cb739fe388fedb6fec44960f12b9901239181e22ed78e4ea",
    "cut-header-2014": "ad421961cdc35d24addb6470f3eadc47a1de7b6271b1c4625cc6794406f484a3",
    "double-spaced-odd-characters": "7cebb29c09c098bf4baf4cf8f448fd689160ffe9a59ec92ba721b8edf40f5929",
    "faults": "3f3d3f9a7a0d82de7c2383da42ae2e1886f46a8fb7f52b9e585ed99790598abc",
    "formulary-2018": "fb5f1238840fc9150500ca8d10d9f67bafa571151b4b6218f79f013614e31f43",
    "notice-2013": "efa0c735c014669d8b85083ea00dbbdfb1bbaf2f5aca81e4a3100de7ddb86f30",
    "pages-end-everywhere": "1c1d5a7a9f1a4886fff09df62b3aace1dacba84ec2c69147c8c3e312bd797691",
    "professional-review": "65abd49e0012da64b62b0ab082dfd390b86b5fdedc110228e4f18dc292ff11b4",
    "windows-single-spaced": "3b25211898b1de96b46f42b29af2b888de8dfade0887098bb8a21f71a910ae7b",
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
