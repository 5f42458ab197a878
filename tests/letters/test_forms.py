"""The rarer forms of letter: what each says and where; cut, amended and joined letters."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.letters import Determination, Outcome, parse_letter
from determinations.letters.forms.several import parts
from determinations.letters.inputs.files import read_letters
from determinations.letters.parts.documents import read_documents
from determinations.letters.text.clean import clean

from .builder import Parts, crlf, letter_2014, letter_2016, pdfbox, single_spaced
from .forms import (
    ADOPTED,
    CLAIMS,
    DOCUMENTS,
    NECESSARY,
    NOT_NECESSARY,
    Request,
    cover_letter,
    determinations,
    notice,
    professional_review,
    prose_item,
    regarding,
)

WRIST = Request("MRI of the right wrist", necessary=True)
THERAPY = Request("eight visits of physical therapy for the right wrist")
TRAMADOL = Request("Tramadol 50mg #60")
THREE = [WRIST, THERAPY, TRAMADOL]


def found(text):
    """Request and outcome of each item."""
    return [(item.treatment.value, item.outcome and item.outcome.value) for item in parse_letter(text).items]


def expected(requests):
    return [(one.words, Outcome.OVERTURNED if one.necessary else Outcome.UPHELD) for one in requests]


def codes(text):
    return [issue.code for issue in parse_letter(text).issues]


# ---- the notice of 2013 ---------------------------------------------------------------------------------------------
def test_a_notice_gives_its_determinations_twice_and_they_count_once():
    letter = parse_letter(notice(THREE))
    assert letter.format == "notice-2013"
    assert found(notice(THREE)) == expected(THREE)
    assert letter.issues == ()
    assert letter.case_number.value == "CM13-0777001"
    assert letter.clinical_summary.value == '"The claimant is a 51-year-old baker who hurt the right wrist."'
    assert [one.text for one in letter.reviewer.board_certifications] == ["Occupational Medicine"]
    assert [one.value for one in letter.reviewer.licensed_states] == ["CA"]
    assert [one.value for one in letter.documents] == [
        "Application for Independent Medical Review (received 9/6/2013)",
        "Utilization Review Determination (dated 8/30/2013)",
        "Medical Treatment Utilization Schedule (MTUS)",
    ]


def test_the_days_stand_in_the_line_dated_and_in_one_sentence():
    dates = parse_letter(notice(THREE)).dates
    assert dates.decision.value == date(2013, 9, 26)
    assert dates.received.value == date(2013, 9, 6)
    assert dates.ur_denial.value == date(2013, 8, 30)
    assert dates.assigned.value == date(2013, 9, 23)
    assert dates.of_injury is None


@pytest.mark.parametrize(
    ("dated", "day"),
    [
        ("Dated: 12/2/2013", date(2013, 12, 2)),
        ("Dated: December 2, 2013", date(2013, 12, 2)),
        ("Dated: Dec/02/2013", date(2013, 12, 2)),
        ("DATED: 12-02-2013", date(2013, 12, 2)),
        ("Dated: 13/2/2013", None),
        ("Dated:", None),
    ],
)
def test_the_line_dated(dated, day):
    decision = parse_letter(notice(THREE, dated=dated)).dates.decision
    assert (decision and decision.value) == day


def test_a_table_of_days_above_the_determinations():
    table = "Date of UR Decision: 8/30/2013\nDate of Injury: 3/7/2012\nIMR Application Received: 9/6/2013\n"
    dates = parse_letter(notice(THREE, table=table)).dates
    assert dates.of_injury.value == date(2012, 3, 7)
    assert dates.ur_denial.value == date(2013, 8, 30)
    assert dates.received.value == date(2013, 9, 6)


@pytest.mark.parametrize(
    "judged",
    [
        "is {not_}medically necessary and appropriate.",
        "is{not_}medically necessary and appropriate.",
        "is {not_}medicallynecessary andappropriate.",
        "was {not_}medically necessary and appropriate.",
        "is {not_}medically\nnecessary and appropriate.",
        "is {not_}medically necessary.",
    ],
)
def test_words_may_be_glued_together(judged):
    glued = determinations(THREE, judged).replace("not medically", "notmedically")
    text = notice(THREE, first=glued, second=glued)
    assert found(text) == expected(THREE)
    assert codes(text) == []


def test_one_copy_glued_and_one_not_are_the_same_determinations():
    glued = determinations(THREE).replace("not medically", "notmedically")
    assert found(notice(THREE, first=glued)) == expected(THREE)
    assert codes(notice(THREE, first=glued)) == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_reasons_belong_to_the_determination_whose_words_they_repeat(order):
    shuffled = [THREE[place] for place in order]
    letter = parse_letter(notice(THREE, reasons=regarding(shuffled)))
    assert [(item.treatment.value, item.outcome.value) for item in letter.items] == expected(THREE)
    for item, one in zip(letter.items, THREE, strict=True):
        assert item.rationale.value.endswith(one.conclusion)
    assert letter.issues == ()


def test_requests_that_are_nearly_alike_find_their_own_reasons():
    left = Request("twelve visits of physical therapy for the left shoulder", necessary=True)
    right = Request("twelve visits of physical therapy for the right shoulder")
    letter = parse_letter(notice([left, right], reasons=regarding([right, left])))
    assert [item.finding for item in letter.items] == ["necessary", "not necessary"]


def test_the_same_request_twice_is_two_items():
    twice = [TRAMADOL, TRAMADOL]
    assert found(notice(twice)) == expected(twice)
    assert codes(notice(twice)) == ["repeated-item"]


def test_lists_that_differ_are_doubted():
    text = notice(THREE, second=determinations([WRIST, THERAPY]))
    assert found(text) == expected(THREE)
    assert codes(text) == ["determinations-differ"]
    turned = [WRIST, Request(THERAPY.words, necessary=True), TRAMADOL]
    assert "determinations-differ" in codes(notice(THREE, second=determinations(turned)))


def test_reasons_in_other_words_are_matched_when_nothing_else_is_left_and_doubted():
    text = notice([WRIST, TRAMADOL], reasons=regarding([WRIST, Request("the pain medicine")]))
    letter = parse_letter(text)
    assert [item.rationale is not None for item in letter.items] == [True, True]
    assert codes(text) == ["unlike-request"]


def test_both_sides_stand_in_one_paragraph():
    other = Request(
        "acupuncture",
        claims="The Claims Administrator did not cite any guidelines in its utilization review determination letter.",
        reviewer="The Expert Reviewer based his/her decision on the Official Disability Guidelines (ODG), Pain "
        "Chapter, which is not part of the MTUS.",
    )
    first, second = parse_letter(notice([TRAMADOL, other])).items
    assert first.claims_administrator.statement.value == CLAIMS
    (cited,) = first.claims_administrator.citations
    assert (cited.guideline, cited.section, cited.pages, cited.mtus) == (
        "Chronic Pain Medical Treatment Guidelines (2009)",
        "Physical Medicine",
        ("98-99",),
        True,
    )
    assert first.reviewer.statement.value == ADOPTED
    assert first.reviewer.citations == first.claims_administrator.citations
    assert second.claims_administrator.citations == ()
    assert [(one.guideline, one.mtus) for one in second.reviewer.citations] == [("ODG Pain", False)]


def test_the_end_of_the_form_is_no_part_of_the_last_reasons():
    last = parse_letter(notice(THREE)).items[-1]
    assert last.rationale.value == f"{TRAMADOL.reasons} {TRAMADOL.conclusion}"


@pytest.mark.parametrize("end", ["Effect of the Decision", "Rationale for the Decision", "Documents Reviewed"])
def test_a_notice_cut_off_at_its_end_keeps_its_determinations(end):
    text = notice(THREE)
    text = text[: text.index(end)]
    assert found(text) == expected(THREE)
    assert end == "Effect of the Decision" or "missing-part" in codes(text)


def test_a_notice_cut_off_at_its_start_has_reasons_without_outcomes():
    text = notice(THREE)
    text = text[text.index("Medical Qualifications") :]
    assert found(text) == [(one.words, None) for one in THREE]
    assert codes(text).count("no-outcome") == 3
    assert "no-header" in codes(text)


# ---- the cover letter -----------------------------------------------------------------------------------------------
PROSE = [
    prose_item(1, Request("Eight sessions of acupuncture", necessary=True)),
    prose_item(2, Request("Cyclobenzaprine 7.5mg #90"), side="are not part of the MTUS"),
]


def test_a_cover_letter_with_items_in_sentences():
    letter = parse_letter(cover_letter("\n".join(PROSE), "PARTIAL OVERTURN"))
    assert letter.format == "cover-letter"
    assert letter.determination.value is Determination.PARTIAL_OVERTURN
    assert [(item.treatment.value, item.outcome.value.value) for item in letter.items] == [
        ("Eight sessions of acupuncture", "Overturned"),
        ("Cyclobenzaprine 7.5mg #90", "Upheld"),
    ]
    for item in letter.items:
        (claims,), (reviewer,) = item.claims_administrator.citations, item.reviewer.citations
        assert (claims.guideline, claims.pages) == ("Chronic Pain Medical Treatment Guidelines (2009)", ("98-99",))
        assert (reviewer.guideline, reviewer.mtus) == ("ODG Pain", False)
        assert item.rationale.value.startswith("The notes tell")
    assert [item.claims_administrator.citations[0].mtus for item in letter.items] == [True, False]
    assert letter.dates.decision.value == date(2014, 3, 14)
    assert letter.dates.received.value == date(2013, 11, 6)
    assert letter.case_number.value == "CM13-0777002"
    assert [one.value for one in letter.documents] == [
        "Application for Independent Medical Review",
        "Utilization Review Determination",
    ]
    assert letter.clinical_summary.value.startswith("The patient is a 39-year-old florist")
    assert letter.issues == ()


LABELLED = """Naproxen 500mg #60: {outcome}

Claims Administrator guideline: Decision based on MTUS Chronic Pain Treatment Guidelines Page(s): 67.

MAXIMUS guideline: Decision based on MTUS Chronic Pain Treatment Guidelines Page(s): 68.

Decision rationale: No relief is noted. The request is {verdict} medically necessary.
"""
UPHELD = LABELLED.format(outcome="Upheld", verdict="not")
OVERTURNED = LABELLED.format(outcome="Overturned", verdict="")
WITHOUT = UPHELD.replace(": Upheld", "")


@pytest.mark.parametrize(
    ("determination", "items", "outcomes", "issues"),
    [
        ("UPHOLD", UPHELD, ["Upheld"], []),
        ("Uphold", UPHELD + "\n" + UPHELD.replace("500mg", "250mg"), ["Upheld", "Upheld"], []),
        ("OVERTURN", OVERTURNED, ["Overturned"], []),
        ("PARTIAL OVERTURN", UPHELD + "\n" + OVERTURNED, ["Upheld", "Overturned"], []),
        ("PARTIALLY OVERTURNED", UPHELD + "\n" + OVERTURNED, ["Upheld", "Overturned"], []),
        ("UPHOLD", OVERTURNED, ["Overturned"], ["determination-differs"]),
        ("OVERTURN", UPHELD + "\n" + OVERTURNED, ["Upheld", "Overturned"], ["determination-differs"]),
        ("PARTIAL OVERTURN", UPHELD, ["Upheld"], ["determination-differs"]),
        # The cover page decides for an item whose heading has lost its outcome, if it decides all alike.
        ("UPHOLD", WITHOUT, ["Upheld"], ["no-outcome"]),
        ("PARTIAL OVERTURN", WITHOUT, [None], ["no-outcome"]),
    ],
)
def test_the_cover_page_and_the_items(determination, items, outcomes, issues):
    text = cover_letter(items, determination)
    assert [outcome and outcome.value for _, outcome in found(text)] == outcomes
    assert codes(text) == issues


def test_a_footer_may_stand_between_any_two_paragraphs_of_a_cover_letter():
    footer = "\n\nFinal Determination Letter for IMR Case Number CM13-0777002  3\n\n"
    whole = cover_letter("\n".join(PROSE), "PARTIAL OVERTURN")
    kept = parse_letter(whole)
    body = whole.index("IMR DECISION(S)")
    gaps = [place for place in range(body, len(whole)) if whole.startswith("\n\n", place)]
    assert len(gaps) > 8
    for place in gaps:
        letter = parse_letter(whole[:place] + footer + whole[place + 2 :])
        assert [(one.treatment.value, one.rationale.value) for one in letter.items] == [
            (one.treatment.value, one.rationale.value) for one in kept.items
        ]


# ---- the professional review ----------------------------------------------------------------------------------------
def test_a_professional_review():
    text = professional_review("Whether the request for aquatic therapy is medically necessary.", NOT_NECESSARY + "No.")
    letter = parse_letter(text)
    assert letter.format == "professional-review"
    assert found(text) == [("aquatic therapy", Outcome.UPHELD)]
    assert letter.items[0].rationale.value == "No."
    assert [one.guideline for one in letter.items[0].reviewer.citations] == [
        "Chronic Pain Medical Treatment Guidelines (2009)"
    ]
    assert [one.text for one in letter.reviewer.board_certifications] == ["Orthopedic Surgery"]
    assert [one.value for one in letter.documents] == [
        "Application for Independent Medical Review",
        "Progress notes of the treating physician, 2/11/2012 to 8/1/2013",
    ]
    assert letter.clinical_summary.value == "The employee is a 55 year old cook who slipped on a wet floor."
    assert letter.case_number.value == "CM13-0777003"
    assert letter.issues == ()


@pytest.mark.parametrize(
    ("heading", "outcome"),
    [
        (NOT_NECESSARY, Outcome.UPHELD),
        (NECESSARY, Outcome.OVERTURNED),
        (NOT_NECESSARY.replace("IS/WAS", "IS"), Outcome.UPHELD),
        (NECESSARY.replace("IS/WAS", "WAS"), Outcome.OVERTURNED),
        (NOT_NECESSARY.lower(), Outcome.UPHELD),
    ],
)
def test_the_heading_of_the_rationale_decides(heading, outcome):
    assert found(professional_review("Aquatic therapy", heading + "See above.")) == [("Aquatic therapy", outcome)]


def test_numbered_issues_find_their_numbered_reasons():
    text = professional_review(
        "1. Aquatic therapy\n2. Terocin patch #30", NOT_NECESSARY + "1. Terocin patch: none.\n2. Aquatic therapy: dry."
    )
    rationales = [(item.treatment.value, item.rationale.value) for item in parse_letter(text).items]
    assert rationales == [("Aquatic therapy", "Aquatic therapy: dry."), ("Terocin patch #30", "Terocin patch: none.")]


def test_two_rationales_decide_each_for_what_they_speak_of():
    text = professional_review(
        "1. Aquatic therapy\n2. Terocin patch #30",
        f"{NECESSARY}Aquatic therapy spares the knees.\n\n{NOT_NECESSARY}The Terocin patch is not.",
    )
    assert found(text) == [("Aquatic therapy", Outcome.OVERTURNED), ("Terocin patch #30", Outcome.UPHELD)]


# ---- lists of documents ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("", []),
        (DOCUMENTS, []),
        ("Application\nUtilization review", ["Application", "Utilization review"]),
        (DOCUMENTS + "Application\nUtilization review", ["Application", "Utilization review"]),
        ("• Application\n• Notes, 1/2/2013\nto 3/4/2013", ["Application", "Notes, 1/2/2013 to 3/4/2013"]),
        ("1. Application\n2. Notes", ["Application", "Notes"]),
        ("1) Application\n\n2) Notes", ["Application", "Notes"]),
        ("- Application\n- Notes", ["Application", "Notes"]),
        ("Records from the claims\nadministrator\nNotes", ["Records from the claims administrator", "Notes"]),
        ("Application\n• Notes\n• Letters", ["Application", "Notes", "Letters"]),
    ],
)
def test_documents_reviewed(text, entries):
    cleaned = clean(text)
    assert [one.value for one in read_documents(cleaned, 0, len(cleaned.text))] == entries


# ---- amended letters ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("title", "amended"),
    [
        ("Final Determination Letter", None),
        ("AMENDED Final Determination Letter", "AMENDED Final Determination Letter"),
        ("Final Determination Letter - AMENDED", "Letter - AMENDED"),
        ("Final Determination Letter (Corrected)", "Letter (Corrected)"),
        ("Final Determination Letter\n\nCORRECTED", "CORRECTED"),
        ("Revised IMR Final Determination", "Revised IMR Final Determination"),
    ],
)
def test_a_letter_that_calls_itself_amended(title, amended):
    letter = parse_letter(cover_letter(UPHELD, title=title))
    assert (letter.amended and letter.amended.value) == amended


def test_an_amended_report_in_the_summary_does_not_amend_the_letter():
    text = cover_letter(UPHELD).replace("who hurt the neck", "whose corrected final determination of 2012 was lost")
    assert parse_letter(text).amended is None


# ---- letters cut off and letters joined -----------------------------------------------------------------------------
ITEMS = [Parts(), Parts("Norco 10/325mg #60", outcome="Overturned", rationale="It is medically necessary.")]
WHOLE = single_spaced(letter_2016(*ITEMS))


@pytest.mark.parametrize(
    ("start", "missing"),
    [
        ("HOW THE IMR", {"no-header"}),
        ("State(s) of Licensure", {"no-header"}),
        ("baker", {"no-header", "missing-section", "no-credentials"}),
        ("IMR ISSUES", {"no-header", "missing-section", "no-credentials"}),
    ],
)
def test_what_is_cut_off_at_the_start_is_said(start, missing):
    place = WHOLE.lower().index(start.lower())
    letter = parse_letter(WHOLE[place:])
    assert len(letter.items) == 2
    assert [item.rationale.value for item in letter.items] == [one.rationale for one in ITEMS]
    assert {issue.code for issue in letter.issues} == missing


def test_a_letter_that_begins_in_an_item_keeps_the_items_after_it():
    letter = parse_letter(WHOLE[WHOLE.index("No red flag") :])
    assert [item.treatment.value for item in letter.items] == ["Norco 10/325mg #60"]


@pytest.mark.parametrize(
    ("end", "missing"),
    [
        ("not medically necessary", "cut-off"),
        ("Decision rationale", "missing-part"),
        ("MAXIMUS guideline", "missing-part"),
        ("IMR ISSUES", "no-items"),
        ("CLINICAL CASE", "missing-section"),
    ],
)
def test_what_is_cut_off_at_the_end_is_said(end, missing):
    letter = parse_letter(WHOLE[: WHOLE.index(end)])
    assert letter.case_number is not None
    assert missing in {issue.code for issue in letter.issues}


def test_a_lost_heading_of_the_items_leaves_the_summary_whole():
    text = WHOLE.replace("IMR ISSUES, DECISIONS AND RATIONALES", "")
    letter, kept = parse_letter(text), parse_letter(WHOLE)
    assert letter.clinical_summary.value == kept.clinical_summary.value
    assert [item.treatment.value for item in letter.items] == [item.treatment.value for item in kept.items]


ALL_FORMS = {
    "2016": WHOLE,
    "2014": pdfbox(letter_2014(Parts())),
    "notice": notice(THREE),
    "cover letter": cover_letter("\n".join(PROSE), "PARTIAL OVERTURN"),
    "professional review": professional_review("1. Aquatic therapy\n2. Massage", NOT_NECESSARY + "Neither helps."),
    "windows": crlf(pdfbox)(letter_2016(*ITEMS)),
}


@pytest.mark.parametrize("second", ALL_FORMS)
@pytest.mark.parametrize("first", ALL_FORMS)
def test_two_letters_in_one_file_are_read_as_two(tmp_path, first, second):
    file = tmp_path / "two.txt"
    file.write_bytes((ALL_FORMS[first] + "\n\n\n" + ALL_FORMS[second]).encode())
    one, other = read_letters(file)
    assert [one.letter.format, other.letter.format] == [
        parse_letter(ALL_FORMS[first]).format,
        parse_letter(ALL_FORMS[second]).format,
    ]
    assert len(one.letter.items) == len(parse_letter(ALL_FORMS[first]).items)
    assert len(other.letter.items) == len(parse_letter(ALL_FORMS[second]).items)
    assert (one.path, other.path) == (str(file), f"{file}#2")
    assert not any(issue.code == "several-letters" for reading in (one, other) for issue in reading.letter.issues)


@pytest.mark.parametrize("form", ALL_FORMS)
def test_one_letter_is_one(form):
    assert len(parts(ALL_FORMS[form])) == 1
    assert "several-letters" not in codes(ALL_FORMS[form])


@given(st.lists(st.sampled_from([*ALL_FORMS.values(), "\n", "Case Number: CM16-0000001\n", "no letter "]), max_size=5))
def test_the_parts_of_a_text_are_all_of_it(pieces):
    text = "".join(pieces)
    assert "".join(text[part.start : part.end] for part in parts(text)) == text


# ---- layouts --------------------------------------------------------------------------------------------------------
LAYOUTS = {
    "double spaced": lambda text: text.replace("\n", "\n\n"),
    "windows": lambda text: text.replace("\n", "\r\n"),
    "indented": lambda text: text.replace("\n", "\n        "),
    "wrapped paragraphs joined": lambda text: "\n\n".join(" ".join(part.split()) for part in text.split("\n\n")),
    "no empty lines": lambda text: "\n".join(line for line in text.split("\n") if line.strip()),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("form", ["notice", "cover letter", "professional review"])
def test_the_reading_does_not_depend_on_the_layout(form, layout):
    kept, read = parse_letter(ALL_FORMS[form]), parse_letter(LAYOUTS[layout](ALL_FORMS[form]))

    def told(letter):
        return [
            (item.treatment.value, item.outcome.value, item.rationale.value.split(), len(item.reviewer.citations))
            for item in letter.items
        ]

    assert told(read) == told(kept)
    assert read.clinical_summary.value == kept.clinical_summary.value
    if (form, layout) != ("cover letter", "wrapped paragraphs joined"):  # a list without bullets is one line then
        assert [one.value for one in read.documents] == [one.value for one in kept.documents]
    assert [one.text for one in read.reviewer.board_certifications] == [
        one.text for one in kept.reviewer.board_certifications
    ]
