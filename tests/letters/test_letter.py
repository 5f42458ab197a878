"""A letter as a whole: how it is told, its sections, and the clinical summary."""

import dataclasses
import re

import pytest

from determinations.letters import PARSER_VERSION, Letter, parse_letter

from .builder import (
    CREDENTIALS_HEADING,
    ITEMS_HEADING,
    ITEMS_SENTENCE,
    METHOD_HEADING,
    SUMMARY,
    SUMMARY_HEADING,
    SUMMARY_SENTENCE,
    Parts,
    crlf,
    double_spaced,
    letter_2014,
    letter_2016,
    pdfbox,
    single_spaced,
)

LAYOUTS = {
    "pdfbox": pdfbox,
    "single spaced": single_spaced,
    "double spaced": double_spaced,
    "windows": crlf(pdfbox),
    "pdfbox, narrow": lambda paragraphs: pdfbox(paragraphs, 38),
    "pdfbox, wide": lambda paragraphs: pdfbox(paragraphs, 200),
}


# ---- telling a letter -----------------------------------------------------------------------------------------------
NO_LETTERS = {
    "nothing": "",
    "blanks": " \n\n \t ",
    "another letter": "Dear Sir or Madam,\n\nthank you for your interest.\n\nYours sincerely",
    "a report about reviews": "The IMR final determination was made in May. MAXIMUS guideline: none.",
    "a heading's words in a sentence": f"It says {METHOD_HEADING} there.",
    "a label without its colon": "the claims administrator guideline was used",
    "a table": "case,outcome\nCM16-0777001,Upheld\n",
}


@pytest.mark.parametrize("text", NO_LETTERS.values(), ids=NO_LETTERS)
def test_a_text_like_no_known_form_is_a_letter_of_format_unknown(text):
    letter = parse_letter(text)
    (issue,) = letter.issues
    assert letter == Letter("unknown", issues=(issue,))
    assert (issue.code, text[: issue.span.end].strip()) == ("unknown-format", "")


TOLD_BY = {
    "its first heading": letter_2014(Parts()),
    "the first heading in small letters": [("How the IMR Final Determination Was Made",), *letter_2014(Parts())[1:]],
    "the first heading over two lines": [("HOW THE IMR FINAL", "DETERMINATION WAS MADE"), *letter_2014(Parts())[1:]],
    "the heading of the items": letter_2014(Parts())[1:],
    "the heading of the items after a cover letter": [
        (re.sub("IMR ISSUES, .*", "IMR DECISION(S) AND RATIONALE(S)", lines[0]), *lines[1:])
        for lines in letter_2014(Parts())[1:]
    ],
}


@pytest.mark.parametrize("paragraphs", TOLD_BY.values(), ids=TOLD_BY)
def test_what_a_letter_is_told_by(paragraphs):
    letter = parse_letter(pdfbox(paragraphs))
    assert letter.format.startswith("final-determination-")
    assert [item.treatment.value for item in letter.items] == [Parts().treatment]


def test_capitals_make_no_difference():
    """Whole letters, or parts of them, are in capitals now and then."""
    items = (
        Parts(
            "Knee brace",
            reviewer="Decision based on MTUS Neck and Upper Back Complaints 2004, Section(s): Summary, and Opioid "
            "Treatment 2016.  Decision based on Non-MTUS Citation ODG Pain, Opioids, and ACOEM Knee Disorders.",
        ),
        Parts(
            "Norco 5/325 mg was the original request. Norco was authorized by the Claims Administrator. The remaining "
            "IMR eligible portion of the original request, Norco 2.5/325 mg is",
            "Overturned",
            rationale="The request was approved by others. If it helps, it may be medically necessary.",
        ),
    )
    source = pdfbox(letter_2016(*items, certifications="Neurology, Pain Management", states="Ohio, New York"))
    plain, capitals = parse_letter(source), parse_letter(source.upper())
    assert capitals.issues == ()
    assert capitals.priority == plain.priority
    assert capitals.dates == plain.dates
    assert capitals.clinical_summary.value == plain.clinical_summary.value.upper()
    for one, other in zip(capitals.reviewer.board_certifications, plain.reviewer.board_certifications, strict=True):
        assert (one.name, one.span) == (other.name, other.span)
    assert capitals.reviewer.licensed_states == plain.reviewer.licensed_states
    for one, other in zip(capitals.items, plain.items, strict=True):
        assert one.title.value == other.title.value.upper()
        assert (one.outcome, one.finding, one.conclusion) == (other.outcome, other.finding, other.conclusion)
        assert one.placement == other.placement
        for side, same in ((one.claims_administrator, other.claims_administrator), (one.reviewer, other.reviewer)):
            cited = [(c.guideline, c.family, c.mtus, c.span) for c in side.citations]
            assert cited == [(c.guideline, c.family, c.mtus, c.span) for c in same.citations]


# ---- the clinical summary -------------------------------------------------------------------------------------------
SUMMARIES = {
    "one paragraph": SUMMARY,
    "several paragraphs": ("He fell in 2012.", "The knee was mended in 2013.", "He is 51."),
    "colons and labels": ("Diagnoses: sprain. Decision Date: none. Received: two braces. Upheld: no.",),
    "numbers, signs and dates": (
        "Pain is 8/10, seen 10-13-16 and 10/25/2016; Norco 10/325 mg #60; 3.5% “mild” – no change.",
    ),
    "hyphens and slashes": ("A follow-up X-ray; pre- and postoperative notes; EMG/NCV of the left/right arm; x-rays.",),
    "words of the form in a sentence": (
        f"The note repeats {SUMMARY_HEADING} and then {ITEMS_HEADING} and the words {ITEMS_SENTENCE}",
    ),
    "long": tuple(f"Visit {number}: " + "the wrist was sore and rest was advised, " * 12 for number in range(40)),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("summary", SUMMARIES.values(), ids=SUMMARIES)
def test_the_summary_is_whole_and_without_the_forms_sentence(summary, layout):
    letter = parse_letter(layout(letter_2016(Parts(), summary=summary)))
    assert letter.clinical_summary.value == "\n\n".join(text.strip() for text in summary)
    assert letter.issues == ()


BROKEN = {
    "a page ends in a sentence": (
        "The worker was \n\n\n\nseen in May. \n\n \n\nGrip is full. \n\n",
        "The worker was seen in May.\n\nGrip is full.",
    ),
    "a page ends before a name": (
        "The worker was seen by \n\n\n\nDr. Vale. \n\n",
        "The worker was seen by Dr. Vale.",
    ),
    "a page ends between paragraphs": (
        "Seen in May. \n\n \n\n\n\nGrip is full. \n\n",
        "Seen in May.\n\nGrip is full.",
    ),
    "a page ends in a word": ("A follow-\n\n\n\nup visit. \n\n", "A follow-up visit."),
    "a line ends in a word": ("A follow- \n\nup visit. \n\n", "A follow-up visit."),
    "a line ends in a strength": ("Norco 10/ \n\n325 mg. \n\n", "Norco 10/325 mg."),
    "a line ends in a date": (
        "Seen on 10/14/ \n\n2016 and 11-15- \n\n2016. \n\n",
        "Seen on 10/14/2016 and 11-15-2016.",
    ),
    "a hyphen for a second half": ("The pre- \n\nand postoperative notes. \n\n", "The pre- and postoperative notes."),
    "blanks inside": ("Two   blanks.  Two more. \n\n", "Two blanks. Two more."),
    "several gaps": ("One. \n\n \n\n \n\n \n\nTwo. \n\n", "One.\n\nTwo."),
}


@pytest.mark.parametrize(("written", "expected"), BROKEN.values(), ids=BROKEN)
def test_breaks_are_healed_and_nothing_is_dropped(written, expected):
    letter = parse_letter(pdfbox(letter_2016(Parts(), summary=("@",))).replace("@ \n\n", written))
    assert letter.clinical_summary.value == expected
    assert len(letter.items) == 1


def test_the_span_of_the_summary_is_the_summary():
    source = crlf()(letter_2016(Parts(), summary=("First one.", "Last one.")))
    span = parse_letter(source).clinical_summary.span
    assert source[span.start : span.end].split() == ["First", "one.", "Last", "one."]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_summary_without_the_forms_sentence(layout):
    paragraphs = [
        (SUMMARY_HEADING,) if paragraph[0] == SUMMARY_HEADING else paragraph for paragraph in letter_2016(Parts())
    ]
    assert parse_letter(layout(paragraphs)).clinical_summary.value == SUMMARY[0]


def test_the_forms_sentence_in_mid_summary_is_the_summarys_own():
    summary = (f"An earlier letter began so: {SUMMARY_SENTENCE}",)
    assert parse_letter(pdfbox(letter_2016(Parts(), summary=summary))).clinical_summary.value == summary[0]


def test_an_empty_summary_is_absent():
    letter = parse_letter(pdfbox(letter_2016(Parts(), summary=())))
    assert letter.clinical_summary is None
    assert letter.issues == ()
    assert [item.treatment.value for item in letter.items] == [Parts().treatment]


# ---- sections that are missing --------------------------------------------------------------------------------------
def without(*headings: str) -> str:
    return pdfbox([paragraph for paragraph in letter_2016(Parts()) if paragraph[0] not in headings])


def test_a_letter_without_a_summary_has_its_items():
    letter = parse_letter(without(SUMMARY_HEADING))
    assert letter.clinical_summary is None
    assert [issue.code for issue in letter.issues] == ["missing-section", "unaccounted-text"]
    assert [item.treatment.value for item in letter.items] == [Parts().treatment]


def test_a_letter_without_its_first_heading_has_everything():
    letter = parse_letter(without(METHOD_HEADING))
    assert letter.case_number.value == "CM16-0777001"
    assert [one.name for one in letter.reviewer.board_certifications] == ["Occupational Medicine"]
    assert letter.clinical_summary.value == SUMMARY[0]
    assert letter.issues == ()


def test_a_letter_without_the_credentials_paragraph_has_the_rest():
    letter = parse_letter(without(CREDENTIALS_HEADING))
    assert letter.clinical_summary.value == SUMMARY[0]
    assert [issue.code for issue in letter.issues] == ["no-credentials"]


# ---- pure and frozen ------------------------------------------------------------------------------------------------
def test_the_same_text_gives_the_same_letter():
    text = pdfbox(letter_2016(Parts(), Parts("Norco and Soma", "Overturned")))
    assert parse_letter(text) == parse_letter(str(text))


def test_a_letter_cannot_be_changed():
    letter = parse_letter(pdfbox(letter_2016(Parts())))
    for value in (letter, letter.items[0], letter.items[0].treatment, letter.dates):
        field = dataclasses.fields(value)[0].name
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, field, None)
    with pytest.raises(AttributeError):
        letter.items[0].treatment.span.start = 0


def test_the_parser_says_its_version():
    assert isinstance(PARSER_VERSION, int)
    assert PARSER_VERSION >= 1


def test_documents_reviewed_are_no_part_of_the_credentials_or_the_summary():
    paragraphs = letter_2016(Parts())
    place = next(at for at, lines in enumerate(paragraphs) if lines[0] == SUMMARY_HEADING)
    paragraphs.insert(place, ("DOCUMENTS REVIEWED", "Application for review", "State(s) of Licensure: none"))
    letter, plain = parse_letter(pdfbox(paragraphs)), parse_letter(pdfbox(letter_2016(Parts())))
    assert [state.value for state in letter.reviewer.licensed_states] == ["CA"]
    assert letter.clinical_summary.value == plain.clinical_summary.value


def test_words_of_a_heading_that_may_be_missing_do_not_hide_one_that_may_not():
    summary = ("Documents reviewed show a fall in May.",)
    letter = parse_letter(pdfbox(letter_2016(Parts(), summary=summary)))
    assert letter.clinical_summary.value == "Documents reviewed show a fall in May."
