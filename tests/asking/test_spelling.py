"""Did you mean: words that no decision holds, never a number or a drug."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.asking.spelling import SpellingBook, drug_words, suggest

COUNTS = {
    "physical": 60_000, "therapy": 50_000, "therapist": 4_000, "lumbar": 90_000, "lumber": 2, "injection": 40_000,
    "epidural": 30_000, "radiculopathy": 9_000, "radiculitis": 3_000, "norco": 8_000, "gabapentin": 9_000,
    "shoulder": 20_000, "should": 90_000,
    "knee": 50_000, "mri": 40_000, "10": 5_000, "325": 4_000, "l4": 3_000, "celebrex": 900,
    "cerebyx": 1, "acupuncture": 12_000, "fusion": 7_000, "brace": 5_000, "braced": 3, "opana": 500,
}  # fmt: skip
BOOK = SpellingBook(COUNTS.items())


def known(word):
    return COUNTS.get(word, 0)


MEANT = {
    "theraphy": "therapy",
    "thearpy": "therapy",
    "physcial therapy": "physical therapy",
    "lumbar injektion": "lumbar injection",
    "lumber": "lumbar",  # two decisions misspell it, 90,000 do not
    "radiculapathy": "radiculopathy",
    "accupuncture": "acupuncture",
    "gabapentn": "gabapentin",
    "epidrual": "epidural",
    "sholder": "shoulder",
    "physicaltherapy": "physical therapy",
    "celebrx": "celebrex",
    # nothing to put right
    "physical therapy": None,
    "brace": None,
    "braced": None,  # rare, but a form of what is near
    "xyzzyq": None,
    "": None,
    # numbers and levels stay
    "11": None,
    "326": None,
    "l3": None,
    "10 326 therapi": "10 326 therapy",
    # one drug is never another
    "norco": None,
    "cerebyx": None,
    "opana": None,
    "lodine": None,
    "neurontin": None,
    # too short to tell
    "mrj": None,
}


@pytest.mark.parametrize(("typed", "meant"), MEANT.items())
def test_what_was_meant(typed, meant):
    assert BOOK.suggest(typed.split(), known) == meant


def test_the_list_itself_can_be_given():
    assert suggest(["theraphy"], known, list(COUNTS.items())) == suggest(["theraphy"], known, BOOK) == "therapy"


def test_no_name_of_a_drug_is_ever_changed():
    book = SpellingBook((word, 1000) for word in drug_words())
    for word in drug_words():
        assert book.nearest(word) is None


@given(st.lists(st.text(max_size=70), max_size=5))
def test_any_words_give_words_of_the_archive_or_what_was_typed(words):
    found = BOOK.suggest(words, known)
    if found is not None:
        assert found != " ".join(words)
        assert found.encode("utf-8", "surrogatepass")


def test_an_empty_archive_suggests_nothing():
    assert suggest(["therapy"], lambda word: 0, []) is None
