"""What the page of a letter works out: the sentence that carries the finding, both sides compared, doubts in words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.letters.issue_codes import ISSUE_CODES
from determinations.models import (
    DisputedItem,
    Guideline,
    GuidelineCitation,
    GuidelineWording,
    ParseIssue,
    TreatmentCategory,
)
from determinations.reading.doubts import IN_PLAIN_WORDS, doubts
from determinations.reading.likeness import shared
from determinations.reading.prose import conclusion, marker, paragraphs, reasons
from determinations.reading.sides import compared

# ---- the concluding sentence ----------------------------------------------------------------------------------------
FACTS = (
    "The worker has had neck pain for two years. Eight visits of therapy brought no change that anyone wrote down. "
    "The guideline asks for such a change before more visits are given. "
)
AGAINST = "Therefore, twelve more visits are not medically necessary."
FOR = "Therefore, the visits are medically necessary."


@pytest.mark.parametrize(
    ("rationale", "finding", "sentence"),
    [
        (FACTS + AGAINST, "not necessary", AGAINST),
        (FACTS + FOR, "necessary", FOR),
        (FACTS + AGAINST + " Opioids should be tapered slowly.", "not necessary", AGAINST),
        ("The MTUS says that therapy may be medically necessary. " + FACTS, "unclear", None),  # a rule, no conclusion
        (FACTS + AGAINST, "necessary", None),  # the archive holds another finding
        (FACTS + FOR + " " + AGAINST, "unclear", None),  # both ways
        (FACTS, "unclear", None),
        ("", "unclear", None),
    ],
)
def test_the_sentence_that_carries_the_finding(rationale, finding, sentence):
    place = conclusion(rationale, finding)
    assert (place and rationale[slice(*place)]) == sentence


def test_the_conclusion_is_lifted_and_stays_in_its_place():
    prose = reasons(FACTS + AGAINST, "not necessary", marker(""))
    assert prose.lifted == AGAINST
    assert prose.html == f'<p>{FACTS}<strong class="concludes">{AGAINST}</strong></p>'


@pytest.mark.parametrize(
    ("rationale", "why"),
    [
        ("Nothing was tried. " + AGAINST, "reasons as short as that are read at a glance"),
        (FACTS + "Therefore, " + "as was said, " * 40 + "the visits are not medically necessary.", "a long sentence"),
    ],
)
def test_what_is_not_lifted(rationale, why):
    prose = reasons(rationale, "not necessary", marker(""))
    assert prose.lifted == "", why
    assert prose.html == f"<p>{rationale}</p>"


def test_paragraphs_and_lines():
    assert paragraphs("One.\nTwo.\n\n\nThree & four.\n", marker("")) == "<p>One.<br>Two.</p>\n<p>Three &amp; four.</p>"
    assert paragraphs("  \n ", marker("")) == ""


def test_words_are_marked_inside_and_outside_the_conclusion():
    prose = reasons(FACTS + AGAINST, "not necessary", marker("visits"))
    assert prose.html.count("<mark>visits</mark>") == 3
    assert "<mark>visits</mark>" in prose.lifted


@pytest.mark.parametrize(
    ("words", "marked"),
    [("heading:knee", False), ("rationale:knee", True), ("knee", True), ("-knee", False), ("", False)],
)
def test_words_asked_for_in_another_field_are_not_marked(words, marked):
    assert ("<mark>" in marker(words, "rationale")("the knee")) is marked


@given(text=st.text(alphabet="<>&\"'\n .aneckb", max_size=200), words=st.text(alphabet='<>&"*-: aneckb', max_size=30))
def test_no_text_and_no_search_makes_a_tag(text, words):
    html = paragraphs(text, marker(words, "rationale"))
    assert not set(re.findall(r"<[^>]*>", html)) - {"<p>", "</p>", "<br>", "<mark>", "</mark>"}


# ---- both sides -----------------------------------------------------------------------------------------------------
def item_citing(administrator, reviewer):
    """A decision, not in the database, whose sides cite ("document", "section") pairs; "?…": an unknown document."""
    item = DisputedItem(pk=1)
    citations = []
    for side, cited in (("claims administrator", administrator), ("reviewer", reviewer)):
        for name, section in cited:
            known = None if name.startswith("?") else Guideline(pk=sum(name.encode()), name=name, slug=name)
            wording = GuidelineWording(text=name, guideline=known)
            citations.append(GuidelineCitation(side=side, text=name, section=section, wording=wording, mtus=True))
    item._prefetched_objects_cache = {"citations": citations}
    return item


@pytest.mark.parametrize(
    ("administrator", "reviewer", "difference", "shared_documents"),
    [
        ([], [], "Neither side cites a document.", 0),
        ([("A", "")], [], "Only the claims administrator cites a document.", 0),
        ([], [("A", "")], "Only the reviewer cites a document.", 0),
        ([("A", "")], [("B", "")], "The two sides cite different documents.", 0),
        ([("A", "x")], [("A", "X")], "Both sides cite the same document.", 1),
        ([("A", "x")], [("A", "y")], "Both sides cite the same document, at different places.", 1),
        ([("A", "x"), ("B", "")], [("B", ""), ("A", "x")], "Both sides cite the same documents.", 2),
        (
            [("A", "")],
            [("A", ""), ("B", "")],
            "The two sides have one document in common; the reviewer cites others besides.",
            1,
        ),
        (
            [("A", ""), ("B", ""), ("C", "")],
            [("A", ""), ("B", "")],
            "The two sides have 2 documents in common; the claims administrator cites others besides.",
            2,
        ),
        (
            [("A", ""), ("B", "")],
            [("A", ""), ("C", "")],
            "The two sides have one document in common, and each cites others besides.",
            1,
        ),
        ([("?Some Book", "")], [("?some book", "")], "Both sides cite the same document.", 1),
    ],
)
def test_what_differs_between_the_sides(administrator, reviewer, difference, shared_documents):
    sides = compared(item_citing(administrator, reviewer))
    assert sides.difference == difference
    for side in sides:
        assert sum(document.shared for document in side.documents) == shared_documents


def test_a_document_that_is_cited_twice_stands_once_with_both_places():
    sides = compared(item_citing([], [("A", "x"), ("B", ""), ("A", "y")]))
    assert [(one.name, [citation.place for citation in one.citations]) for one in sides.reviewer.documents] == [
        ("A", ["x", "y"]),
        ("B", [""]),
    ]
    assert sides.alone


# ---- doubts ---------------------------------------------------------------------------------------------------------
FILES_ONLY = {  # codes of files that were not taken in: they have no page
    *("unreadable-file", "empty", "too-large", "not-text", "encrypted", "broken-pdf", "pdf-limit", "no-pdf-reader"),
    *("broken-archive", "archive-bomb", "unsafe-member", "nested-archive", "unknown-format"),
}


def test_every_doubt_about_a_letter_has_plain_words():
    assert set(IN_PLAIN_WORDS) == {one.code for one in ISSUE_CODES} - FILES_ONLY
    terms = re.compile(r"\b(parser|span|wording|vocabulary|parsed|OCR|UR|MTUS)\b")
    assert not [words for words in IN_PLAIN_WORDS.values() if terms.search(words)]


def issue(code, message, severity="warning", status="open"):
    return ParseIssue(code=code, message=message, severity=severity, status=status)


def test_doubts_are_told_once_a_kind_the_gravest_first():
    found = doubts(
        [
            issue("no-header", "no opening", "notice"),
            issue("unknown-guideline", "first"),
            issue("unknown-guideline", "second"),
            issue("unknown-guideline", "second"),
            issue("uncategorised", "settled", status="dismissed"),
            issue("no-outcome", "no outcome", "error"),
            issue("code-of-old", "what it said"),
        ]
    )
    assert [one.details for one in found] == [("no outcome",), ("first", "second"), ("what it said",), ("no opening",)]
    assert found[2].words == "Something about this letter is not clear."


# ---- what two decisions share ---------------------------------------------------------------------------------------
PT = TreatmentCategory(pk=7, name="PT/OT")


def item_asking(category=None, guidelines=(), title="", **request):
    item = item_citing([], [(name, "") for name in guidelines])
    item.request, item.filed_under, item.title = request, category, title
    return item


def drug(generic, group="Opioids"):
    return {"text": generic.title(), "generic": generic, "group": group}


def part(name, side=""):
    return {"part": name, "side": side}


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ({}, {}, []),
        ({"drugs": [drug("tramadol")]}, {"drugs": [drug("tramadol")]}, ["same drug: tramadol"]),
        ({"drugs": [drug("tramadol")]}, {"drugs": [drug("codeine")]}, ["same kind of drug: Opioids"]),
        ({"drugs": [drug("tramadol")]}, {"drugs": [drug("naproxen", "NSAID")]}, []),
        (
            {"procedures": ["MRI"], "body_parts": [part("knee", "left")]},
            {"procedures": ["MRI"], "body_parts": [part("knee", "right")]},
            ["same treatment: MRI", "same body part: knee"],
        ),
        (
            {"category": PT, "body_parts": [part("knee")], "guidelines": ["A"]},
            {"category": PT, "body_parts": [part("hip")], "guidelines": ["A"]},
            ["same category: PT/OT", "same guideline: A"],
        ),
        (
            {"category": PT, "procedures": ["massage"]},
            {"category": PT, "procedures": ["massage"]},
            ["same treatment: massage"],
        ),
        (
            {"quantity": {"number": 12, "unit": "visit", "low": None}},
            {"quantity": {"number": 12, "unit": "visit", "low": None}},
            ["same quantity"],
        ),
        (
            {"procedures": list("abcde")},
            {"procedures": list("abcde")},
            ["same treatments: a, b, c and 2 more"],
        ),
    ],
)
def test_what_two_decisions_have_in_common(one, other, told):
    assert [common.words for common in shared(item_asking(**one), item_asking(**other))] == told


def test_words_that_tell_count_where_neither_drug_nor_procedure_is_known():
    one, other = item_asking(title="Modafinil 200mg"), item_asking(title="Retrospective modafinil")
    assert [common.words for common in shared(one, other, ["modafinil"])] == ["same word: modafinil"]
    assert shared(one, other) == []
    known = {"procedures": ["massage"]}
    both = item_asking(title="Massage", **known), item_asking(title="Massage", **known)
    assert [common.words for common in shared(*both, ["massage"])] == ["same treatment: massage"]


def test_the_same_drug_says_more_than_the_same_guideline_or_group():
    one = item_asking(drugs=[drug("tramadol")], guidelines=["A"])

    def weight(other):
        return sum(common.weight for common in shared(one, other))

    same_drug = weight(item_asking(drugs=[drug("tramadol")]))
    same_group = weight(item_asking(drugs=[drug("codeine")], guidelines=["A"]))
    same_guideline = weight(item_asking(guidelines=["A"]))
    assert same_drug > same_group > same_guideline > 0
