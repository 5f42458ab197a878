"""Citations: each form, and whatever a heading holds, an entry that programs read."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string

from determinations.reading.citing import Citable, bibtex, citations, legal, plain

WHOLE = Citable(
    number="CM14-0012345",
    name="CM14-0012345",
    day=date(2015, 2, 3),
    position=2,
    title="Norco 10/325 mg #60",
    outcome="Upheld",
    url="https://imr.example.org/cases/cm14-0012345/#item-2",
)
LOST_HEADER = Citable("", "Letter 3e08497b", None, 1, "", "", "https://imr.example.org/cases/letter-3e08497b/#item-1")


def entry(text):
    [(key, found)] = parse_string(text, "bibtex").entries.items()
    return key, found


def test_the_plain_form():
    assert plain(WHOLE) == (
        "IMR case CM14-0012345, item 2: “Norco 10/325 mg #60” (Upheld). Final determination letter, February 3, 2015. "
        "California Division of Workers’ Compensation, Independent Medical Review. "
        "https://imr.example.org/cases/cm14-0012345/#item-2"
    )


def test_the_legal_form():
    assert legal(WHOLE) == (
        "<i>In re</i> IMR Case No. CM14-0012345, Final Determination Letter (Cal. Div. of Workers’ Comp., Indep. Med. "
        "Rev. Feb. 3, 2015), item 2, https://imr.example.org/cases/cm14-0012345/#item-2"
    )


@pytest.mark.parametrize(
    ("month", "written"), [(1, "Jan."), (5, "May"), (6, "June"), (7, "July"), (9, "Sept."), (12, "Dec.")]
)
def test_months_as_in_the_bluebook(month, written):
    assert f"{written} 9, 2016)" in legal(Citable("CM16-1", "CM16-1", date(2016, month, 9), 1, "", "", "https://x/"))


def test_bibtex_is_read_by_a_program():
    key, found = entry(bibtex(WHOLE))
    assert (key, found.type) == ("imr-cm14-0012345-2", "misc")
    assert [str(person) for person in found.persons["author"]] == [
        "{California Division of Workers' Compensation, Independent Medical Review}"
    ]
    assert dict(found.fields) == {
        "title": r"{Final Determination Letter, IMR Case No. CM14-0012345, item 2: Norco 10/325 mg \#60}",
        "year": "2015",
        "month": "February",
        "day": "3",
        "note": "Denial upheld",
        "url": "https://imr.example.org/cases/cm14-0012345/#item-2",
    }


def test_a_letter_that_lost_its_header():
    assert plain(LOST_HEADER).startswith(
        "Letter 3e08497b (case number not known), item 1. Final determination letter, "
    )
    assert "date not known" in plain(LOST_HEADER)
    assert "[IMR Letter 3e08497b, case number unknown]" in legal(LOST_HEADER)
    assert "Indep. Med. Rev. n.d.)" in legal(LOST_HEADER)
    key, found = entry(bibtex(LOST_HEADER))
    assert key == "imr-letter-3e08497b-1"
    assert set(found.fields) == {"title", "url"}


@pytest.mark.parametrize(
    ("sign", "written"),
    [
        ("5% cream", r"5\% cream"),
        ("#60 & $5", r"\#60 \& \$5"),
        ("a_b", r"a\_b"),
        ("}", r"{\textbraceright}"),
        ("{", r"{\textbraceleft}"),
        ("\\", r"{\textbackslash}"),
        ("~^", r"{\textasciitilde}{\textasciicircum}"),
        ("<b>|", r"{\textless}b{\textgreater}{\textbar}"),
        ('"10" mg', '"10" mg'),
        ("line\nend\x00here", "line end here"),
        ("naïve – µg", "naïve – µg"),
    ],
)
def test_signs_that_tex_takes_for_something_else(sign, written):
    _, found = entry(bibtex(Citable("CM14-1", "CM14-1", None, 1, f"A {sign} B", "", "https://x/")))
    assert found.fields["title"] == f"{{Final Determination Letter, IMR Case No. CM14-1, item 1: A {written} B}}"


@given(title=st.text(max_size=300))
def test_whatever_the_heading_says_it_is_one_entry_and_no_tag_is_open(title):
    forms = citations(Citable("", "Letter 1", None, 1, title, "", "https://imr.example.org/cases/x/#item-1"))
    entry(forms.bibtex)
    assert forms.legal.count("<") == 2
    assert "\n" not in forms.plain


def test_a_heading_of_a_paragraph_is_cut_between_words():
    long = plain(Citable("CM14-1", "CM14-1", None, 1, "physical therapy " * 60, "", "https://x/"))
    assert "physical …”" in long
    assert len(long) < 450
