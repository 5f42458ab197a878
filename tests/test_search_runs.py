"""Frequent words side by side as terms of their own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.search.common_words import COMMON, FREQUENT, common_runs, runs

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("physical therapy", {"physical_therapy"}),
        ("the physical therapy", {"the_physical", "physical_therapy", "the_physical_therapy"}),
        ("home exercise program", {"home_exercise", "exercise_program"}),
        ("the home exercise", {"the_home", "home_exercise"}),
        ("mechanism of injury", {"mechanism_of", "of_injury"}),
        ("physical zebra therapy", set()),
        ("pain zebra low back pain", {"low_back", "back_pain", "low_back_pain"}),
        ("", set()),
        ("pain", set()),
    ],
)
def test_the_terms_of_a_text(text, expected):
    assert runs(text.split()) == expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("physical therapy", ["physical_therapy"]),
        ("low back pain", ["low_back_pain"]),
        ("home exercise program", ["home_exercise", "exercise_program"]),
        ("chronic low back pain", ["chronic_low_back", "low_back_pain"]),
        ("the home exercise", ["the_home", "home_exercise"]),
        ("mechanism of injury", ["mechanism_of", "of_injury"]),
        ("twice a week", ["a_week"]),
        ("back pain zebra", ["back_pain"]),
        ("zebra", []),
    ],
)
def test_the_terms_that_a_phrase_is_looked_for_by(phrase, expected):
    assert common_runs(phrase.split()) == expected


words = st.lists(st.sampled_from([*sorted(COMMON)[:4], *sorted(FREQUENT - COMMON)[:4], "zebra"]), max_size=9)


@given(words, words, words)
def test_a_text_has_every_term_of_every_phrase_in_it(before, phrase, after):
    assert set(common_runs(phrase)) <= runs([*before, *phrase, *after])
