"""The disputed items: where a heading begins and ends, its outcome, and the parts that follow it."""

import pytest

from determinations.letters import Finding, Outcome, parse_letter

from .builder import (
    NO_EVIDENCE,
    Parts,
    double_spaced,
    letter_2014,
    letter_2016,
    pdfbox,
    read,
    single_spaced,
)

REMAINING = (
    "Hand therapy, 12 visits was the original request. Hand therapy, 8 visits was authorized by the Claims "
    "Administrator. The remaining IMR eligible portion of the original request, Hand therapy, 4 visits is"
)
LEAVING = (
    "Purchase of a paraffin bath was the original request. The Claims Administrator authorized a paraffin bath for 1 "
    "month, leaving the original request IMR eligible. The original request, purchase of a paraffin bath is"
)
# As a heading is written, and the short title that is kept beside it: the part that was in dispute.
HEADINGS = {
    "plain": ("MRI of the right wrist", "MRI of the right wrist"),
    "one word": ("Etodolac", "Etodolac"),
    "capitals": ("WRIST BRACE FOR THE RIGHT SIDE", "WRIST BRACE FOR THE RIGHT SIDE"),
    "small letters": ("wrist brace", "wrist brace"),
    "begins with a number": ("12 visits of hand therapy", "12 visits of hand therapy"),
    # A colon inside a heading is no end of it.
    "service colon": (
        "Associated surgical service: Cold therapy unit",
        "Associated surgical service: Cold therapy unit",
    ),
    "list colon": ("Labs to include: CBC, CMP", "Labs to include: CBC, CMP"),
    "date colon": ("Retrospective wrist brace (DOS: 11/11/2016)", "Retrospective wrist brace (DOS: 11/11/2016)"),
    "number after a colon": ("Norco 5/325 mg #60 day supply: 30", "Norco 5/325 mg #60 day supply: 30"),
    "quantity colon": ("NCV of both arms QTY: 2", "NCV of both arms QTY: 2"),
    "two colons": ("Hand therapy: right wrist: 8 visits", "Hand therapy: right wrist: 8 visits"),
    "a colon at a bracket": ("Compound (contains: menthol 2%): 120 gm", "Compound (contains: menthol 2%): 120 gm"),
    # Stops, hyphens, slashes and signs.
    "decimals": ("Flector 1.3% patch, 10.5 cm", "Flector 1.3% patch, 10.5 cm"),
    "abbreviations": ("Follow-up with Dr. Vale vs. a P.A.", "Follow-up with Dr. Vale vs. a P.A."),
    "two sentences": ("Wrist brace. Size L, right side", "Wrist brace. Size L, right side"),
    "slashes": ("EMG/NCV of the right/left arm w/o contrast", "EMG/NCV of the right/left arm w/o contrast"),
    "quotation marks": ('"Wrist brace" with 3" straps', '"Wrist brace" with 3" straps'),
    "ends in a stop": ("Wrist brace.", "Wrist brace."),
    "ends in a bracket": ("Brain MRI (3 Tesla) [repeat]", "Brain MRI (3 Tesla) [repeat]"),
    # Several sentences: what was asked for, what was granted, and what is left in dispute.
    "remaining portion": (REMAINING, "Hand therapy, 4 visits"),
    "remaining portion, no verb": (REMAINING.removesuffix(" is"), "Hand therapy, 4 visits"),
    "remaining portion, plural": (REMAINING.removesuffix("is") + "are", "Hand therapy, 4 visits"),
    "remaining portion, hyphen": (REMAINING.replace("IMR eligible", "IMR-eligible"), "Hand therapy, 4 visits"),
    "leaving it eligible": (LEAVING, "purchase of a paraffin bath"),
    "original request with a colon": (
        REMAINING.replace("Hand therapy, 4 visits is", "Hand therapy: 4 visits (CPT: 97110) is"),
        "Hand therapy: 4 visits (CPT: 97110)",
    ),
    "original request with a full stop": (
        REMAINING.replace("Hand therapy, 4 visits is", "Hand therapy. Right wrist, 4 visits is"),
        "Hand therapy. Right wrist, 4 visits",
    ),
    "words that only look like it": (
        "Copy of the original request for a brace",
        "Copy of the original request for a brace",
    ),
}
LAYOUTS = {
    "pdfbox": pdfbox,
    "single spaced": single_spaced,
    "double spaced": double_spaced,
    "narrow": lambda paragraphs: pdfbox(paragraphs, 40),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize(("heading", "title"), HEADINGS.values(), ids=HEADINGS)
def test_a_heading_is_kept_whole_and_its_title_beside_it(heading, title, layout):
    # First, in the middle and last: what stands before a heading is another text each time.
    letter = read(Parts(heading), Parts("Wrist brace"), Parts(heading, "Overturned"), Parts(heading), layout=layout)
    assert [item.treatment.value for item in letter.items] == [heading, "Wrist brace", heading, heading]
    assert [item.title.value for item in letter.items] == [title, "Wrist brace", title, title]
    assert [item.outcome.value.value for item in letter.items] == ["Upheld", "Upheld", "Overturned", "Upheld"]
    assert {item.rationale.value for item in letter.items} == {Parts().rationale}


def test_the_span_of_a_heading_is_the_heading_and_that_of_a_title_lies_in_it():
    source = pdfbox(letter_2016(Parts(), Parts(REMAINING)))
    _, item = parse_letter(source).items
    assert " ".join(source[item.treatment.span.start : item.treatment.span.end].split()) == REMAINING
    assert " ".join(source[item.title.span.start : item.title.span.end].split()) == "Hand therapy, 4 visits"
    assert source[item.outcome.span.start : item.outcome.span.end] == "Upheld"


# ---- the end of a heading -------------------------------------------------------------------------------------------
LABELLED = Parts().paragraphs()[1:]


def letter_with(text: str) -> str:
    """A PDFBox letter whose items are ``text``; "/" stands for a line's end, "//" for a paragraph gap and "///" for
    a page's end without a gap."""
    head = pdfbox(letter_2016()).rstrip() + " \n\n \n\n"
    return head + text.replace("///", "\n\n\n\n").replace("//", "\n\n \n\n").replace("/", "\n\n")


CLAIMS = "Claims Administrator guideline: Decision based on MTUS Eye Complaints 2004. "
MAXIMUS = "MAXIMUS guideline: Decision based on MTUS Knee Complaints 2004. "
REASON = "Decision rationale: No red flag is noted. The request is not medically necessary. "
BODY = f"//{CLAIMS}//{MAXIMUS}//{REASON}//"

ENDS = {
    "in its line": f"Knee brace: Upheld {BODY}",
    "two blanks": f"Knee brace:  Upheld {BODY}",
    "no blank": f"Knee brace:Upheld {BODY}",
    "a blank before the colon": f"Knee brace : Upheld {BODY}",
    "alone on the next line": f"Knee brace: /Upheld {BODY}",
    "alone on the next line with the colon": f"Knee brace /: Upheld {BODY}",
    "alone in a paragraph": f"Knee brace: //Upheld {BODY}",
    "alone on the next page": f"Knee brace: ///Upheld {BODY}",
    "a full stop after it": f"Knee brace: Upheld. {BODY}",
    "capitals": f"Knee brace: UPHELD {BODY}",
    "small letters": f"Knee brace: upheld {BODY}",
    "the guideline line runs on": f"Knee brace: Upheld {BODY.removeprefix('//')}",
    "the guideline line on the next line": f"Knee brace: Upheld {BODY.removeprefix('/')}",
    "a page ends after it": f"Knee brace: Upheld ///{BODY.removeprefix('//')}",
    "a page ends in it": f"Knee ///brace: Upheld {BODY}",
    "several gaps before it": f"//// ////Knee brace: Upheld {BODY}",
    "labels in capitals": f"Knee brace: Upheld {BODY.replace('guideline:', 'GUIDELINE:')}",
    "labels in the plural": f"Knee brace: Upheld {BODY.replace('guideline:', 'guidelines:')}",
    "labels broken over two lines": f"Knee brace: Upheld {BODY.replace('Administrator ', 'Administrator /')}",
    "a blank before the label's colon": f"Knee brace: Upheld {BODY.replace('guideline:', 'guideline :')}",
}


@pytest.mark.parametrize("text", ENDS.values(), ids=ENDS)
def test_where_the_outcome_stands(text):
    # Twice, since the second heading follows a rationale.
    letter = parse_letter(letter_with(text + text.replace("Upheld", "Overturned").replace("UPHELD", "OVERTURNED")))
    first, second = letter.items
    assert first.treatment.value == second.treatment.value == "Knee brace"
    assert first.outcome.value is Outcome.UPHELD
    assert [citation.text for citation in first.claims_administrator.citations] == ["Eye Complaints 2004"]
    assert [citation.text for citation in first.reviewer.citations] == ["Knee Complaints 2004"]
    assert (
        first.rationale.value
        == second.rationale.value
        == "No red flag is noted. The request is not medically necessary."
    )


def test_an_overturned_outcome_alone_on_its_line():
    (item,) = parse_letter(letter_with(f"Knee brace for the: /Overturned {BODY}")).items
    assert (item.treatment.value, item.outcome.value) == ("Knee brace for the", Outcome.OVERTURNED)


# ---- the beginning of a heading -------------------------------------------------------------------------------------
# Where a page ends between a rationale and the next heading, no gap may part them.
BEGINNINGS = {
    "a page ends before it": (
        f"Elbow brace: Upheld {BODY.removesuffix('//')}///Knee brace: Upheld {BODY}",
        "Knee brace",
    ),
    "the next line": (f"Elbow brace: Upheld {BODY.removesuffix('//')}/Knee brace: Upheld {BODY}", "Knee brace"),
    "the same line": (f"Elbow brace: Upheld {BODY.removesuffix('//')}Knee brace: Upheld {BODY}", "Knee brace"),
    "several sentences": (
        f"Elbow brace: Upheld {BODY.removesuffix('//')}///{REMAINING}: Upheld {BODY}",
        REMAINING,
    ),
    "several sentences, leaving it eligible": (
        f"Elbow brace: Upheld {BODY.removesuffix('//')}///{LEAVING}: Upheld {BODY}",
        LEAVING,
    ),
    "after a quotation": (
        f"Elbow brace: Upheld {BODY.removesuffix('//').replace('necessary.', 'necessary.”')}/Knee brace: Upheld {BODY}",
        "Knee brace",
    ),
    "a colon inside": (
        f"Elbow brace: Upheld {BODY.removesuffix('//')}///Associated service: Knee brace: Upheld {BODY}",
        "Associated service: Knee brace",
    ),
}


@pytest.mark.parametrize(("text", "heading"), BEGINNINGS.values(), ids=BEGINNINGS)
def test_a_heading_that_no_gap_parts_from_the_rationale_before(text, heading):
    first, second = parse_letter(letter_with(text)).items
    assert first.treatment.value == "Elbow brace"
    assert first.rationale.value.rstrip("”") == "No red flag is noted. The request is not medically necessary."
    assert first.finding is Finding.NOT_NECESSARY
    assert second.treatment.value == heading


def test_a_rationale_that_speaks_of_the_original_request_is_no_heading():
    reasons = "Decision rationale: Ten visits was the original request. The request is not medically necessary."
    text = f"Elbow brace: Upheld //{CLAIMS}//{MAXIMUS}//{reasons} ///{REMAINING}: Upheld {BODY}"
    first, second = parse_letter(letter_with(text)).items
    assert first.rationale.value == reasons.removeprefix("Decision rationale: ")
    assert second.treatment.value == REMAINING


def test_the_first_heading_follows_the_forms_sentence():
    for gap in (" \n\n \n\n", " \n\n", " "):
        source = pdfbox(letter_2016()).rstrip() + gap + f"Knee brace: Upheld {BODY}".replace("/", "\n\n")
        assert [item.treatment.value for item in parse_letter(source).items] == ["Knee brace"]


def test_a_rationale_of_several_paragraphs_keeps_them_apart():
    reasons = f"{REASON}/It goes on. //A second paragraph, /wrapped. //A third one. //"
    first, second = parse_letter(
        letter_with(f"Elbow brace: Upheld //{CLAIMS}//{MAXIMUS}//{reasons}Knee brace: Upheld {BODY}")
    ).items
    assert first.rationale.value == (
        "No red flag is noted. The request is not medically necessary. It goes on.\n\nA second paragraph, wrapped.\n\n"
        "A third one."
    )
    assert second.treatment.value == "Knee brace"


def test_a_page_end_inside_a_rationale_is_healed():
    reasons = REASON.replace("red flag", "red ///flag").replace("not medically", "not med-///ically")
    (item,) = parse_letter(letter_with(f"Elbow brace: Upheld //{CLAIMS}//{MAXIMUS}//{reasons}//")).items
    assert item.rationale.value == "No red flag is noted. The request is not med-ically necessary."


def test_an_outcome_in_a_sentence_ends_no_heading():
    words = (
        "The denial was: Upheld by the first panel, and later: Overturned it. The request is not medically necessary."
    )
    (item,) = read(Parts(rationale=words)).items
    assert item.rationale.value == words


# ---- parts that are missing -----------------------------------------------------------------------------------------
MISSING = {
    "claims administrator's line": (Parts(claims_administrator=None), "claims administrator's guideline line"),
    "reviewer's line": (Parts(reviewer=None), "reviewer's guideline line"),
}


@pytest.mark.parametrize(("parts", "words"), MISSING.values(), ids=MISSING)
def test_a_missing_guideline_line_is_an_issue_and_the_neighbours_are_whole(parts, words):
    letter = read(Parts("Elbow brace"), parts.but(treatment="Knee brace"), Parts("Neck pillow"))
    assert [item.treatment.value for item in letter.items] == ["Elbow brace", "Knee brace", "Neck pillow"]
    assert {item.rationale.value for item in letter.items} == {Parts().rationale}
    (issue,) = letter.issues
    assert (issue.code, words in issue.message) == ("missing-part", True)
    _, item, _ = letter.items
    assert item.treatment.span == issue.span
    absent = item.claims_administrator if parts.claims_administrator is None else item.reviewer
    assert (absent.statement, absent.citations, absent.span) == (None, (), None)


def test_the_last_item_may_lack_its_rationale():
    letter = read(Parts("Elbow brace"), Parts("Knee brace", rationale=None))
    first, last = letter.items
    assert first.rationale.value == Parts().rationale
    assert (last.treatment.value, last.rationale, last.finding) == ("Knee brace", None, Finding.UNCLEAR)
    assert [issue.code for issue in letter.issues] == ["missing-part"]


def test_a_letter_that_breaks_off_in_a_guideline_line():
    source = pdfbox(letter_2016(Parts("Elbow brace"), Parts("Knee brace")))
    cut = source[: source.rindex("MAXIMUS guideline")]
    last = parse_letter(cut).items[-1]
    assert last.treatment.value == "Knee brace"
    assert last.claims_administrator.statement.value == NO_EVIDENCE.format(side="Claims Administrator")
    assert (last.reviewer.span, last.rationale) == (None, None)


@pytest.mark.parametrize("position", [0, 1, 2], ids=["first", "middle", "last"])
def test_an_item_without_an_outcome_is_kept_with_an_issue(position):
    parts = [Parts("Elbow brace"), Parts("Knee brace"), Parts("Neck pillow")]
    parts[position] = parts[position].but(outcome=None)
    letter = read(*parts)
    assert [item.treatment.value for item in letter.items] == ["Elbow brace", "Knee brace", "Neck pillow"]
    item = letter.items[position]
    assert (item.outcome, item.contradicts) == (None, False)
    assert item.rationale.value == Parts().rationale
    assert [(issue.code, issue.span) for issue in letter.issues] == [("no-outcome", item.treatment.span)]


def test_an_item_without_a_heading_is_kept_with_an_issue():
    letter = read(Parts("", None), Parts("Knee brace"))
    assert [item.treatment.value for item in letter.items] == ["", "Knee brace"]
    codes = [issue.code for issue in letter.issues]
    assert "no-treatment" in codes
    assert "no-outcome" in codes


def test_an_outcome_that_the_form_does_not_know_is_no_outcome():
    letter = read(Parts(outcome="Partially Overturned"))
    assert letter.items[0].outcome is None
    assert "no-outcome" in [issue.code for issue in letter.issues]


@pytest.mark.parametrize(
    "written", ["MRI of the wrist Upheld", "MRI of the wrist - Upheld", "MRI of the wrist:: Upheld"]
)
def test_an_outcome_right_before_the_guideline_line_needs_no_colon(written):
    (item,) = read(Parts(treatment=written, outcome=None)).items
    assert (item.treatment.value, item.outcome.value) == ("MRI of the wrist", Outcome.UPHELD)


@pytest.mark.parametrize("written", ["MRI not Upheld", "MRI: conditionally Upheld", "MRI, modified, Upheld"])
def test_an_outcome_that_is_qualified_is_none(written):
    assert read(Parts(treatment=written, outcome=None)).items[0].outcome is None


# ---- many items -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_twelve_items_in_their_order(layout):
    parts = []
    for number in range(1, 13):
        granted = number % 3 == 0
        parts.append(
            Parts(
                f"Hand therapy, visit {number}",
                "Overturned" if granted else "Upheld",
                reviewer=f"Decision based on MTUS Chronic Pain Treatment Guidelines Page(s): {number}.",
                rationale=f"Visit {number} was weighed. The request is {'' if granted else 'not '}medically necessary.",
            )
        )
    letter = read(*parts, layout=layout)
    assert [item.treatment.value for item in letter.items] == [part.treatment for part in parts]
    assert [item.outcome.value.value for item in letter.items] == [part.outcome for part in parts]
    assert [item.reviewer.citations[0].pages for item in letter.items] == [(str(n),) for n in range(1, 13)]
    assert [item.rationale.value for item in letter.items] == [part.rationale for part in parts]
    assert letter.issues == ()


def test_the_same_request_twice_is_two_items():
    letter = read(Parts("Knee brace"), Parts("Knee brace", "Overturned"))
    assert [(item.treatment.value, item.outcome.value.value) for item in letter.items] == [
        ("Knee brace", "Upheld"),
        ("Knee brace", "Overturned"),
    ]
    assert letter.items[0].treatment.span != letter.items[1].treatment.span


def test_items_of_a_letter_of_2014():
    parts = Parts("NORCO 5/325MG", claims_administrator="Decision based on MTUS Chronic Pain Treatment Guidelines.")
    (item,) = parse_letter(pdfbox(letter_2014(parts))).items
    assert item.treatment.value == "NORCO 5/325MG"
    assert [citation.text for citation in item.claims_administrator.citations] == ["Chronic Pain Treatment Guidelines"]


def test_words_of_the_labels_in_the_summary_make_no_item():
    summary = ("She read the MAXIMUS guideline: it said Upheld. Decision rationale: none was given.",)
    letter = parse_letter(pdfbox(letter_2016(Parts("Knee brace"), summary=summary)))
    assert [item.treatment.value for item in letter.items] == ["Knee brace"]
    assert letter.clinical_summary.value == summary[0]


def test_a_heading_right_after_a_rationale_that_a_page_end_cut_in_paragraphs():
    reasons = "Grip is full.\n\nNo red flag is noted. The request is not medically necessary."
    text = single_spaced(letter_2016(Parts("Knee brace", rationale=reasons), Parts("Neck pillow")))
    torn = text.replace("necessary.\n\nNeck pillow", "necessary.\nNeck pillow")
    assert torn != text
    first, second = parse_letter(torn).items
    assert second.treatment.value == "Neck pillow"
    assert first.rationale.value.endswith("The request is not medically necessary.")
