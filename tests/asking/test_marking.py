"""Marks stand where the words are, and nowhere else; passages are the two lines that show most."""

import re
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from determinations.asking.grammar import read
from determinations.asking.marking import mark, passage

MARKS = [
    # query, text, text with marks
    ("knee", "The knee.", "The <mark>knee</mark>."),
    ("knees", "Knee, KNEES and kneeling", "<mark>Knee</mark>, <mark>KNEES</mark> and kneeling"),
    ("wrist", "The knee.", "The knee."),
    ("", "The knee.", "The knee."),
    ("-knee", "The knee.", "The knee."),
    ("knee -wrist", "knee, wrist", "<mark>knee</mark>, wrist"),
    ('"left knee"', "left knee, knee, left", "<mark>left knee</mark>, knee, left"),
    ('"left knee"', "the left\n  knee", "the <mark>left\n  knee</mark>"),
    ("left knee", "left knee", "<mark>left</mark> <mark>knee</mark>"),
    ("gaba*", "Gabapentin, gabapentinoids, baga", "<mark>Gabapentin</mark>, <mark>gabapentinoids</mark>, baga"),
    ('"lumbar epid*"', "lumbar epidural, epidural", "<mark>lumbar epidural</mark>, epidural"),
    ("a NEAR/2 b", "a x b", "<mark>a</mark> x <mark>b</mark>"),
    ("a NEAR/2 b", "b x x a", "<mark>b</mark> x x <mark>a</mark>"),
    ("a NEAR/2 b", "a x x x b", "a x x x b"),
    ("a NEAR/1 a", "a x a x x x a", "<mark>a</mark> x <mark>a</mark> x x x a"),
    ("L4-5", "at L4-L5, L4/5; L4", "at <mark>L4-L5</mark>, <mark>L4/5</mark>; L4"),
    ("x ray", "X-rays, xray", "<mark>X-rays</mark>, <mark>xray</mark>"),
    ("FRP", "a functional restoration program", "a <mark>functional restoration program</mark>"),
    ("functional restoration program", "the FRP", "the <mark>FRP</mark>"),
    ("celecoxib", "Celebrex™ 200mg", "<mark>Celebrex</mark>™ 200mg"),
    ("patient", "the patient’s", "the <mark>patient’s</mark>"),
    ("10/325", "10/325mg", "<mark>10/325</mark>mg"),
    ("CM14-0012345", "CM14-0012345", "CM14-0012345"),
    ('knee "the knee"', "the knee", "<mark>the knee</mark>"),
    ("b", "<b>&b\"'", "&lt;<mark>b</mark>&gt;&amp;<mark>b</mark>&quot;&#x27;"),
    ("script", "<script>", "&lt;<mark>script</mark>&gt;"),
    ("mark", "</mark>", "&lt;/<mark>mark</mark>&gt;"),
    ("resume", "résumé", "<mark>résumé</mark>"),
]


@pytest.mark.parametrize(("query", "text", "expected"), MARKS)
def test_marks(query, text, expected):
    assert mark(text, read(query).positive) == expected


def test_words_of_another_field_are_not_marked():
    words = read("heading:knee left").positive
    assert mark("left knee", words, field="heading") == "<mark>left</mark> <mark>knee</mark>"
    assert mark("left knee", words, field="summary") == "<mark>left</mark> knee"
    assert passage("the knee", read("heading:knee").positive, field="summary") == ""


FILLER = "Nothing of it stands in this sentence. " * 20


def plain(html):
    return unescape(re.sub("</?mark>", "", html))


def test_a_short_text_is_its_own_passage():
    assert passage("The left knee.", read("knee").positive) == "The left <mark>knee</mark>."


def test_no_passage_where_nothing_is_found():
    assert passage(FILLER, read("knee").positive) == ""
    assert passage(FILLER, ()) == ""


def test_the_passage_holds_most_of_the_words():
    text = f"{FILLER}The knee. {FILLER}The left knee hurts. {FILLER}Left."
    assert "<mark>left</mark> <mark>knee</mark>" in passage(text, read("left knee").positive)


def test_words_side_by_side_as_typed_count_more():
    text = f"{FILLER}Left is not a knee. {FILLER}The left knee hurts. {FILLER}"
    assert "The <mark>left</mark> <mark>knee</mark> hurts" in passage(text, read("left knee").positive)


def test_a_passage_begins_with_a_word():
    text = f"{FILLER}\n\n   \n The left knee."
    assert passage(text, read("left").positive, 60).startswith("… The <mark>")


def test_a_phrase_counts_more_than_a_word():
    text = f"{FILLER}The wrist. {FILLER}The left knee hurts. {FILLER}"
    assert "<mark>left knee</mark>" in passage(text, read('wrist OR "left knee"').positive)


def test_a_passage_begins_and_ends_at_a_word_or_sentence_and_says_that_there_is_more():
    text = f"{FILLER}The left knee hurts. {FILLER}"
    found = passage(text, read("knee").positive)
    assert found.startswith("… Nothing of it")
    assert found.endswith(" …")
    assert found.removesuffix(" …").split()[-1] in text.split()


def test_a_passage_at_the_end_takes_its_room_before():
    found = passage(FILLER + "The knee", read("knee").positive, 240)
    assert found.endswith("<mark>knee</mark>")
    assert len(plain(found)) > 180


@pytest.mark.parametrize("length", [20, 80, 240, 1000])
def test_a_passage_is_no_longer_than_asked_for(length):
    text = f"{FILLER}The left knee hurts. {FILLER}"
    assert len(plain(passage(text, read("knee").positive, length))) <= length + len("…  …")


QUERIES = st.sampled_from(["a", "a b", '"a b"', "a*", "a NEAR/2 b", '"a b*" c', "l4-5 mri", "x ray", "a OR 10/325 -b"])
PIECES = """a b c <b> & " ' . x ray L4-5 mri é ﬁ magnetic resonance imaging aa 10/325mg""".split()  # noqa: SIM905
TEXTS = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from([*PIECES, "\n", "\ud800", "\x00"]),
        max_size=150,
    ).map(" ".join),
)


@given(QUERIES, TEXTS)
@example("a", "</mark>a<mark>")
def test_the_text_is_unchanged_but_for_the_marks(query, text):
    html = mark(text, read(query).positive)
    assert plain(html) == text
    assert re.sub("</?mark>", "", html).count("<") == 0
    assert html.count("<mark>") == html.count("</mark>")


@given(QUERIES, TEXTS, st.integers(10, 300))
def test_a_passage_is_a_part_of_the_text_with_a_mark(query, text, length):
    words = read(query).positive
    html = passage(text, words, length)
    assert ("<mark>" in html) == ("<mark>" in mark(text, words))
    if html:
        part = plain(html)
        ways = {part, part.removeprefix("… "), part.removesuffix(" …"), part.removeprefix("… ").removesuffix(" …")}
        assert any(way in text and len(way) <= length for way in ways)


@pytest.mark.parametrize("query", ["a", '"a a a a b"', "a* b", "a NEAR/50 a", "aa"])
@pytest.mark.parametrize("piece", ["a ", "a", "a a. ", "<"])
def test_hostile_repetition_is_marked_in_one_go(query, piece):
    """Many signs; what grows with the square would not come back."""
    text = piece * (100_000 // len(piece))
    assert plain(mark(text, read(query).positive)) == text
    assert len(plain(passage(text, read(query).positive))) <= 250
