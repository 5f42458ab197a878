"""Searching by first words finds what the patterns themselves find, and what a pattern needs is in all it matches."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from determinations import vocabulary
from determinations.letters.meaning import findings, modification, sentences
from determinations.letters.parts import guideline_names
from determinations.letters.text.searching import Searched, first_words, folded
from determinations.vocabulary.needed import needed

SEARCHED = {
    name: searched
    for module in (findings, modification, sentences)
    for name, searched in vars(module).items()
    if isinstance(searched, Searched)
} | {name: getattr(guideline_names, name)() for name in ("mtus_document", "odg", "acoem", "odg_chapter", "work_mark")}
ANY_TEXT = st.text(st.sampled_from("abcdefghilmnoprstuvwy ACMOT.,;:()-'0258\n\u0130\u0131\u017f\u212a"), max_size=60)


@pytest.mark.parametrize("name", SEARCHED)
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_a_pattern_finds_the_same_by_its_first_words(name, data):
    searched = SEARCHED[name]
    parts = data.draw(st.lists(ANY_TEXT | st.from_regex(searched.pattern), max_size=4))
    text = "".join(parts)
    if not searched.pattern.flags & re.IGNORECASE:
        text = folded(" ".join(re.split(r"\s", text)))  # as sentences are read
    lower = folded(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    expected = [match.span() for match in searched.pattern.finditer(text, start, end)]
    assert [match.span() for match in searched.finditer(text, start, end, lower)] == expected
    first = searched.search(text, start, end, lower)
    assert (first and first.span()) == (expected[0] if expected else None)


@given(st.text())
def test_folded_text_keeps_every_character_in_its_place(text):
    assert len(folded(text)) == len(text)


@pytest.mark.parametrize("letter", "abcdefghijklmnopqrstuvwxyz")
def test_folded_letters_are_those_that_a_pattern_takes_for_them(letter):
    alike = [chr(code) for code in range(0x2200) if re.fullmatch(letter, chr(code), re.IGNORECASE)]
    assert {folded(one) for one in alike} == {letter}


def test_first_words():
    assert first_words(["Low Back", "Stress-Related Conditions", "COVID-19"]) == {"low", "stress", "covid"}


@pytest.mark.parametrize(
    ("pattern", "hints"),
    [
        (r"\bknee brace\b", ("knee brace",)),
        (r"\bmris?\b|\bct scan", ("mri", "ct scan")),
        (r"\bphysical therap\w+", ("physical therap",)),
        (r"\bx-?ray", ("ray",)),
        (r"\b(?:hip|knee)s? [a-z]{3}", ("hip", "knee")),
        (r"\bblocks?\b|\b(nerve )?blocking", ("block",)),
        (r"^(?!.*cold).*\bpacks?", ("pack",)),
        (r"\d+|pack", ()),
        (r"(?:pack)?", ()),
        (r"[ab|(]c(?:def|e(?:fgh|ghi))", ("def", "fgh", "ghi")),
    ],
)
def test_what_a_pattern_needs(pattern, hints):
    assert set(needed(pattern)) == set(hints)


@pytest.mark.parametrize("number", range(len(vocabulary.rules())))
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_a_rule_matches_no_request_without_what_it_needs(number, data):
    rule = vocabulary.rules()[number]
    request = data.draw(st.from_regex(rule.pattern))
    assert any(hint in request for hint in rule.needed)
