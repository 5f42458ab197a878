"""The examples of the help page are read as they say, and docs/searching.md shows exactly them."""

import re
from pathlib import Path

import pytest

from determinations.asking.examples import sections
from determinations.asking.grammar import (
    FIELDS,
    MAX_DEPTH,
    MAX_DISTANCE,
    MAX_LENGTH,
    MAX_SYNONYMS,
    MAX_WORDS,
    describe,
    read,
)

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = [example for section in sections() for example in section.examples]
PAGE = (ROOT / "docs/searching.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.query)
def test_an_example_is_read_as_it_says(example):
    reading = read(example.query)
    assert describe(reading.node) == example.reading
    assert reading.notes == ()


def test_the_page_shows_the_examples_and_no_others():
    rows = re.findall(r"^\| `(.+)` \| (.+) \|$", PAGE, re.MULTILINE)
    shown = [row for row in rows if row[0].removesuffix(":") not in FIELDS]
    assert shown == [(example.query, example.meaning) for example in EXAMPLES]


def test_the_page_has_the_sections_and_every_field():
    headings = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    assert headings[: len(sections())] == [section.title for section in sections()]
    assert re.findall(r"^\| `([a-z]+):` \|", PAGE, re.MULTILINE) == list(FIELDS)


def test_the_page_states_the_limits():
    assert f"{MAX_LENGTH} characters and {MAX_WORDS} words" in PAGE
    assert (MAX_DEPTH, "brackets ten deep" in PAGE) == (10, True)
    assert f"NEAR up to {MAX_DISTANCE} words apart, {MAX_SYNONYMS} synonyms" in PAGE


def test_every_text_field_and_operator_has_an_example():
    queries = " ".join(example.query for example in EXAMPLES)
    for word in (
        "AND",
        "OR",
        "NOT",
        "NEAR",
        "*",
        '"',
        "-",
        "(",
        "heading:",
        "rationale:",
        "summary:",
        "guideline:",
        "drug:",
    ):
        assert word in queries
