"""What a word is: every spelling of one thing gives the same words, and two things never do."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from determinations import vocabulary
from determinations.asking.tokens import normalised, tokens
from determinations.asking.words import LONGEST, singular

SAMPLES = sorted((Path(__file__).resolve().parents[2] / "samples").glob("*.txt"))

WORDS = {
    # text -> its words
    "": "",
    "...": "",
    "The Patient": "the patient",
    "naïve façade Ångström": "naive facade angstrom",
    "“typographic” – quotes — and ﬁne ligatures": "typographic quote and fine ligature",
    "don’t don't": "dont dont",
    "patient's patient’s patients'": "patient patient patient",
    "Celebrex™ Norco®": "celebrex norco",
    "soft\u00adhyphen zero\u200bwidth": "softhyphen zerowidth",
    "snake_case": "snake case",
    # plurals
    "injections therapies biopsies series": "injection therapy biopsy series",
    "diagnoses stenoses prostheses": "diagnosis stenosis prosthesis",
    "pus gas lens physics arthritis stenosis radiculitis Celebrex": (
        "pus gas lens physics arthritis stenosis radiculitis celebrex"
    ),
    "crutches masses boxes headaches shoes toes doses uses": "crutch mass box headache shoe toe dose use",
    "MRIs NSAIDs ESIs TENS CTS NCS CRPS": "mri nsaid esi tens cts ncs crps",
    "status previous process biceps diabetes": "status previous process biceps diabetes",
    "viruses sinuses lenses feet teeth": "virus sinus lens foot tooth",
    "injection(s) of the mass(es)": "injection of the mass",
    "treating treated treatment": "treating treated treatment",
    # levels of the spine
    "L4-5": "l4 l5",
    "L4-L5": "l4 l5",
    "L4/5": "l4 l5",
    "L4/L5": "l4 l5",
    "L4 - L5": "l4 l5",
    "l4–l5": "l4 l5",
    "(L4-5),": "l4 l5",
    "L5-S1": "l5 s1",
    "L5/S1.": "l5 s1",
    "L5-1": "l5 s1",
    "C5-6": "c5 c6",
    "C5/C6": "c5 c6",
    "C7-T1": "c7 t1",
    "T11-12": "t11 t12",
    "L3-4-5": "l3 l4 l5",
    "L4-5-S1": "l4 l5 s1",
    "L3,4,5": "l3 l4 l5",
    "L4": "l4",
    "T9-14": "t9 14",
    "C5-6-2014": "c5 6 2014",
    # fixed compounds
    "x-ray": "xray",
    "xray": "xray",
    "x ray": "xray",
    "X-Rays": "xray",
    "x-rays.": "xray",
    "x\nray": "xray",
    "x. ray": "x ray",
    "H-wave": "hwave",
    "h wave": "hwave",
    "HWave": "hwave",
    "e-stim": "estim",
    "TENS/e-stim": "tens estim",
    "follow-up": "followup",
    "followup": "followup",
    "follow up": "followup",
    "follow-ups": "followup",
    "C-spine T-spine": "cspine tspine",
    "PM&R": "pmr",
    "PM & R": "pmr",
    "in-patient": "inpatient",
    "in patient": "in patient",
    # prefixes
    "pre-operative": "preoperative",
    "preoperative": "preoperative",
    "pre operative": "preoperative",
    "post-op": "postop",
    "non-steroidal anti-inflammatory": "nonsteroidal antiinflammatory",
    "non steroidal": "nonsteroidal",
    "re-evaluation": "reevaluation",
    "intra-articular": "intraarticular",
    "sub-acute multi-level": "subacute multilevel",
    "pre-and post-operative": "pre and postoperative",
    "pre- and": "pre and",
    "post-2010": "post 2010",
    # other hyphens and slashes
    "EMG/NCV": "emg ncv",
    "wrist-hand": "wrist hand",
    "and/or": "and or",
    "10/325": "10 325",
    "10/325mg": "10 325 mg",
    "10-325": "10 325",
    # numbers
    "10mg": "10 mg",
    "10 mg": "10 mg",
    "10mgs": "10 mg",
    "50µg 50μg 50mcg": "50 mcg 50 mcg 50 mcg",
    "12x": "12 x",
    "x12": "x 12",
    "3×": "3 x",
    "#3": "3",
    "#60": "60",
    "Tylenol #3": "tylenol 3",
    "VSL#3": "vsl 3",
    "5%": "5 %",
    "5 percent": "5 %",
    "5 per cent": "5 %",
    "7.5": "7.5",
    "0.5": "0.5",
    ".5": "0.5",
    "end.5": "end 5",
    "7.5.": "7.5",
    "1,000": "1000",
    "1,000.50": "1000.50",
    "1,00": "1 00",
    "½": "1 2",
    "1½": "1 1 2",
    "2nd 3rd": "2nd 3rd",
    "B12 A1c vitamin B-12": "b12 a1c vitamin b 12",
    "M54.5 724.4": "m54.5 724.4",
    "9792.24.2": "9792.24.2",
    "01/19/2017": "01 19 2017",
    "90º": "90",
    # case numbers
    "CM14-0012345": "cm14-0012345",
    "cm14 0012345": "cm14-0012345",
    "cm140012345": "cm14-0012345",
    "CM 14-0012345": "cm14-0012345",
    "CM14–0012345,": "cm14-0012345",
    "cm14": "cm14",
    "5 cm 14 mm": "5 cm 14 mm",
}


@pytest.mark.parametrize(("text", "expected"), WORDS.items())
def test_words_of_a_text(text, expected):
    assert normalised(text) == expected


@pytest.mark.parametrize(("text", "expected"), WORDS.items())
def test_every_word_has_its_place(text, expected):
    found = tokens(text)
    assert " ".join(token.text for token in found) == expected
    assert [token.start for token in found] == sorted(token.start for token in found)
    assert all(0 <= token.start < token.end <= len(text) for token in found)


def test_a_place_covers_the_word_as_written():
    text = "No X ray of the patient’s L4-5 level"
    assert [text[token.start : token.end] for token in tokens(text)] == [
        "No", "X ray", "of", "the", "patient’s", "L4", "5", "level",
    ]  # fmt: skip


def agree(text):
    assert normalised(text).split() == [token.text for token in tokens(text)]
    assert normalised(text).split(" ") == ([token.text for token in tokens(text)] or [""])


@given(st.text())
@example("\ud800 \x00 x\x01ray \x01 x")
@example("İ ŉ ǆ ﷺ ㎎ ⅷ ٣ ½x ᵃ")
def test_both_ways_give_the_same_words_for_any_text(text):
    agree(text)


JOINING = (
    """x ray follow up cm cm14 14 0012345 per cent pm r L4 5 S1 non pre op in patient é \x01 - / & . , 's (s) % #"""
)


@given(st.lists(st.sampled_from([*JOINING.split(" "), " ", "-", "up to date"])).map("".join))
def test_both_ways_give_the_same_words_for_pieces_that_join(text):
    agree(text)
    found = tokens(text)
    assert all(before.end <= after.start for before, after in pairwise(found))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_both_ways_give_the_same_words_for_every_sample(path):
    agree(path.read_text(encoding="utf-8", errors="replace"))


@given(st.text())
def test_words_are_bounded_and_hold_no_blank(text):
    for token in tokens(text):
        assert 0 < len(token.text) <= LONGEST
        assert not any(sign.isspace() or (sign.isupper() and sign.isascii()) for sign in token.text)


@given(st.text())
def test_a_word_is_its_own_normal_form(text):
    """What was indexed is found by asking for it."""
    for token in tokens(text):
        if token.text.isascii() and len(token.text) < LONGEST:
            again = normalised(token.text)
            assert again == token.text or singular(token.text) != token.text


def test_long_words_are_cut_alike_wherever_they_stand():
    assert normalised("a" * 500) == normalised("(" + "a" * 99 + ")") == "a" * LONGEST


@pytest.mark.parametrize("piece", ["x ray ", "pre-", "l4-", "l4-99-", "a'", "1,000,", "1.", "cm14", "'", "-", "é"])
def test_hostile_repetition_is_read_in_one_go(piece):
    """Many signs; what grows with the square would not come back."""
    text = piece * (300_000 // len(piece))
    assert len(tokens(text)) <= len(text)


def drug_names():
    for file, kind in (("drugs", "group"), ("other_drugs", "class")):
        for row in vocabulary.load(file)[kind]:
            for generic, brands in row["drugs"].items():
                for name in (generic, *brands):
                    yield name, generic


def test_no_two_drugs_have_the_same_words():
    by_words = {}
    for name, generic in drug_names():
        other = by_words.setdefault(normalised(name), generic)
        assert other == generic, f"{name!r} is {other} and {generic}"
    assert len(by_words) > 3500


def test_the_name_of_a_drug_keeps_its_ending():
    plural_words = {"multivitamins", "probiotics", "nutraceuticals", "viscosupplements", "sennosides", "nabiximols"}
    for name, _ in drug_names():
        if name.isascii() and name.isalpha() and name.lower() not in plural_words:
            assert normalised(name) == name.lower()


@pytest.mark.parametrize(
    "names",
    [
        [specialty.name for specialty in vocabulary.specialties()],
        sorted({procedure.name for row in vocabulary.procedures().values() for procedure in row}),
        [guideline.name for guideline in vocabulary.guidelines()],
        sorted({part.name for row in vocabulary.body_parts().values() for part in row}),
    ],
    ids=["specialties", "procedures", "guidelines", "body parts"],
)
def test_names_of_the_vocabulary_stay_apart(names):
    assert len({normalised(name) for name in names}) == len(set(names))
