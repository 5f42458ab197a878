"""The notice of 2013 in the wordings, orders and damages that it comes in; each in several layouts."""

import re
from datetime import date

import pytest

from determinations.letters import Outcome, parse_letter
from determinations.letters.forms.several import parts

from .forms import LAYOUTS, LETTERHEAD, RELIED_UPON, Request, notice, regarding

layouts = pytest.mark.parametrize("layout", LAYOUTS)


def codes(letter):
    return [issue.code for issue in letter.issues]


def found(letter):
    return [(item.treatment.value, item.outcome and item.outcome.value.value) for item in letter.items]


# ---- the notice of 2013 ---------------------------------------------------------------------------------------------
WRIST = Request("MRI of the right wrist", necessary=True)
THERAPY = Request("eight visits of physical therapy for the right wrist")
TRAMADOL = Request("Tramadol 50mg #60")
THREE = [WRIST, THERAPY, TRAMADOL]
NOTICE = notice(THREE)
DECIDED = [(WRIST.words, "Overturned"), (THERAPY.words, "Upheld"), (TRAMADOL.words, "Upheld")]

_MAXIMUS = "MAXIMUS Federal Services, Inc. has determined "
DETERMINATIONS = [
    "{n}) " + _MAXIMUS + "the request for {w} is {no}medically necessary and appropriate.",
    "{n}. " + _MAXIMUS + "the request for {w} is {no}medically necessary and appropriate.",
    "({n}) " + _MAXIMUS + "the request for {w} is {no}medically necessary and appropriate.",
    _MAXIMUS + "the request for {w} is {no}medically necessary and appropriate.",
    "{n}) " + _MAXIMUS + "that the request for {w} is {no}medically necessary and appropriate.",
    "{n}) " + _MAXIMUS + "the requests for {w} are {no}medically necessary and appropriate.",
    "{n}) " + _MAXIMUS + "the retrospective request for {w} was {no}medically necessary and appropriate.",
    "{n}) " + _MAXIMUS + "the prospective request for {w} is {no}medically necessary and appropriate.",
    "{n}) " + _MAXIMUS + "the request of {w} is {no}medically necessary and appropriate.",
    "{n}) " + _MAXIMUS + "the requested {w} is {no}medically necessary and appropriate.",
    "{n}) " + _MAXIMUS + "that {w} is {no}medically necessary and appropriate.",
    "{n}) " + _MAXIMUS + "the {w} is {no}medically necessary and appropriate.",
    "{n}) " + _MAXIMUS + "the request for {w}, is {no}medically necessary, and appropriate.",
    "{n}) " + _MAXIMUS + "the request for {w} is {no}medically necessary or appropriate.",
    "{n}) " + _MAXIMUS + "the request for {w} is {no}a medically necessary and appropriate service.",
    "{n}) " + _MAXIMUS + "the request for {w} is {no}medically necessary and appropriate",
    "{n}) MAXIMUS Federal Services has determined the request for {w} is {no}medically necessary and appropriate.",
    (
        "{n}) MAXIMUS FEDERAL SERVICES, INC. HAS DETERMINED THE REQUEST FOR {w} IS {no}MEDICALLY NECESSARY AND "
        "APPROPRIATE."
    ),
    "{n})MAXIMUS Federal Services,Inc. hasdetermined the requestfor {w} is{no}medicallynecessaryandappropriate.",
    "{n}) MAXIMUS FederalServices, Inc.has determinedthe request for{w} isnotmedically necessaryand appropriate.",
    "{n}) MAXIMUSFederalServices,Inc.hasdeterminedtherequestfor {w}is{no}medicallynecessaryandappropriate.",
]


@layouts
@pytest.mark.parametrize("sentence", DETERMINATIONS)
def test_how_a_notice_determines(sentence, layout):
    ones = [
        sentence.format(n=number, w=one.words, no="" if one.necessary else "not ")
        for number, one in enumerate(THREE, 1)
    ]
    listed = "\n\n".join(ones)
    if "hasdetermined" in sentence:
        listed = listed.replace("not medically", "notmedically")
    decided = [(words, "Upheld") for words, _ in DECIDED] if "isnotmedically" in sentence else DECIDED
    reasons = regarding(
        [
            Request(one.words, necessary=outcome == "Overturned")
            for one, (_, outcome) in zip(THREE, decided, strict=True)
        ]
    )
    letter = parse_letter(LAYOUTS[layout](notice(THREE, first=listed, second=listed, reasons=reasons)))
    assert letter.format == "notice-2013"
    assert found(letter) == decided
    assert all(item.rationale for item in letter.items)
    assert codes(letter) == []


def _replaced(*pairs, pattern=None):
    def change(text):
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        return re.sub(*pattern, text, flags=re.MULTILINE) if pattern else text

    return change


def _cited(item):
    sides = (item.claims_administrator, item.reviewer)
    return [[(one.guideline, one.pages, one.mtus) for one in side.citations] for side in sides]


# Each says the same as the notice that it is made of.
SAME = {
    "numbers with a stop": _replaced(pattern=(r"^(\d)\) Regarding", r"\1. Regarding")),
    "numbers in brackets": _replaced(pattern=(r"^(\d)\) Regarding", r"(\1) Regarding")),
    "no numbers": _replaced(pattern=(r"^(\d)\) Regarding", "Regarding")),
    "glued number": _replaced(pattern=(r"^(\d)\) Regarding", r"\1)Regarding")),
    "glued request": _replaced(("Regarding the request for", "Regardingthe requestfor")),
    "no colon after the request": _replaced(pattern=(r"(Regarding the request for [^\n]*):$", r"\1")),
    "a semicolon after the request": _replaced(pattern=(r"(Regarding the request for [^\n]*):$", r"\1;")),
    "regarding in capitals": _replaced(("Regarding the request for", "REGARDING THE REQUEST FOR")),
    "regarding the retrospective request": _replaced(("Regarding the request", "Regarding the retrospective request")),
    "regarding the requested": _replaced(("Regarding the request for", "Regarding the requested")),
    "regarding the request of": _replaced(("Regarding the request for", "Regarding the request of")),
    "regarding": _replaced(("Regarding the request for", "Regarding")),
    "relied upon, on one line": _replaced(("Decision:\n\nThe Claims", "Decision: The Claims")),
    "relied upon, no colon": _replaced(("His/Her Decision:\n\n", "His/Her Decision ")),
    "sections": _replaced(("Section of the Medical", "Section(s) of the Medical")),
    "MTUS in brackets": _replaced(("Schedule Relied", "Schedule (MTUS) Relied")),
    "physician reviewer": _replaced(("Relied Upon by the Expert", "Relied Upon by the Physician")),
    "his or her": _replaced(("His/Her", "His or Her")),
    "relied upon, glued": _replaced(("Relied Upon by the Expert", "ReliedUpon by theExpert")),
    "relied upon, in capitals": _replaced((RELIED_UPON, RELIED_UPON.upper())),
    "relied upon, broken": _replaced(
        ("Relied Upon by the Expert Reviewer to Make His/Her", "Relied\nUpon by the Expert Reviewer to Make His/\nHer")
    ),
    "guidelines relied upon": _replaced(
        (RELIED_UPON, "Medical Treatment Guidelines Relied Upon by the Expert Reviewer to Make His/Her Decision")
    ),
    "rationale on one line": _replaced(("the Decision:\nThe notes", "the Decision: The notes")),
    "rationale without colon": _replaced(("Rationale for the Decision:", "Rationale for the Decision")),
    "rationale, glued": _replaced(("Rationale for the Decision:", "Rationale forthe Decision:")),
    "rationale for the determination": _replaced(("Rationale for the Decision:", "Rationale for the Determination:")),
    "rationale for decision": _replaced(("Rationale for the Decision:", "Rationale for Decision:")),
    "professional reviewer": _replaced(("Qualifications of the Expert", "Qualifications of the Professional")),
    "qualifications of the physician": _replaced(
        ("Qualifications of the Expert Reviewer:", "Qualifications of the Physician Reviewer")
    ),
    "qualifications": _replaced(("Medical Qualifications", "Qualifications")),
    "doctor of chiropractic": _replaced(("The independent Medical Doctor", "The independent Doctor of Chiropractic")),
    "expert reviewer case summary": _replaced(("Case Summary:", "Expert Reviewer Case Summary:")),
    "clinical case summary": _replaced(("Case Summary:", "Clinical Case Summary:")),
    "case summary without colon": _replaced(("Case Summary:", "CASE SUMMARY")),
    "a short day in the disclaimer": _replaced(
        ("denial/modification dated\nAugust 30, 2013.", "denial dated 8/30/13.")
    ),
    "a determination in the disclaimer": _replaced(("denial/modification dated\n", "determination letter dated ")),
    "more after the disclaimer's day": _replaced(("August 30, 2013.", "August 30, 2013 by the claims administrator.")),
    "documents reviewed": _replaced(("Documents Reviewed for Determination:", "Documents Reviewed:")),
    "documents in capitals": _replaced(
        ("Documents Reviewed for Determination:", "DOCUMENTS REVIEWED FOR DETERMINATION")
    ),
    "other bullets": _replaced(("• ", "\uf0b7 ")),
    "dashes": _replaced(("• ", "- ")),
    "a month's name": _replaced(("Dated: 9/26/2013", "Dated: September 26, 2013")),
    "a day's ordinal": _replaced(("Dated: 9/26/2013", "Dated: September 26th, 2013")),
    "a month between slashes": _replaced(("Dated: 9/26/2013", "Dated: Sep/26/2013")),
    "a short year": _replaced(("Dated: 9/26/2013", "Dated: 09-26-13")),
    "the day first": _replaced(("Dated: 9/26/2013", "Dated: 26 September 2013")),
    "the year first": _replaced(("Dated: 9/26/2013", "Dated: 2013-09-26")),
    "no colon before the day": _replaced(("Dated: 9/26/2013", "Dated 9/26/2013")),
    "date": _replaced(("Dated: 9/26/2013", "Date: September 26, 2013")),
    "application received": _replaced(("was filed on 9/6/2013", "was received on September 6, 2013")),
    "short years in the sentence": _replaced(
        ("on 9/6/2013 d", "on 9/6/13 d"), ("dated\n8/30/2013", "dated\n8/30/13"), ("on 9/23/2013", "on 9/23/13")
    ),
    "the sentence glued": _replaced(
        ("was filed on 9/6", "was filed on9/6"), ("Review Denial dated\n", "ReviewDenial dated")
    ),
    "no heading of the decision": _replaced(("INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE\n", "")),
    "IMR case number": _replaced(("MAXIMUS Case Number", "IMR Case Number")),
    "case no.": _replaced(("MAXIMUS Case Number", "MAXIMUS Case No.")),
    "case #": _replaced(("MAXIMUS Case Number", "Case #")),
    "a blank in the number": _replaced(("CM13-0777001", "CM13 0777001")),
}


@layouts
@pytest.mark.parametrize("variant", SAME)
def test_a_notice_in_other_words_says_the_same(variant, layout):
    kept, read = parse_letter(NOTICE), parse_letter(LAYOUTS[layout](SAME[variant](NOTICE)))

    def told(letter):
        return (
            letter.case_number.value,
            letter.dates.decision.value,
            letter.dates.received.value,
            letter.dates.ur_denial.value,
            letter.dates.assigned.value,
            letter.clinical_summary.value,
            [one.value for one in letter.documents],
            [one.text for one in letter.reviewer.board_certifications],
            [one.value for one in letter.reviewer.licensed_states],
            [
                (item.treatment.value, item.outcome.value, item.rationale.value.split(), item.finding, _cited(item))
                for item in letter.items
            ],
        )

    assert told(read) == told(kept)
    assert codes(read) == []


def test_a_table_of_labels_and_then_values():
    labels = ("Employee", "Date of UR Decision", "Date of Injury", "IMR Application Received", "MAXIMUS Case Number")
    lines = "".join(f"{label}:\n" for label in labels)
    table = f"{lines}8/30/2013\n3/7/2012\n9/6/2013\nCM13-0777001\n"
    letter = parse_letter(notice(THREE, table=table))
    assert letter.case_number.value == "CM13-0777001"
    assert letter.dates.of_injury.value == date(2012, 3, 7)
    assert letter.dates.ur_denial.value == date(2013, 8, 30)
    assert codes(letter) == []


TEN = [
    Request(words, necessary=number % 3 == 0)
    for number, words in enumerate(
        (
            "MRI of the left knee",
            "MRI of the right knee",
            "Norco 10/325mg #60",
            "Norco 5/325mg #90",
            "a walker",
            "physical therapy 2x6",
            "acupuncture 1x6",
            "urine drug screen",
            "Terocin patch #30",
            "a TENS unit",
        )
    )
]


@layouts
def test_ten_determinations_and_their_reasons_backwards(layout):
    letter = parse_letter(LAYOUTS[layout](notice(TEN, reasons=regarding(TEN[::-1]))))
    assert [item.treatment.value for item in letter.items] == [one.words for one in TEN]
    assert [item.outcome.value is Outcome.OVERTURNED for item in letter.items] == [one.necessary for one in TEN]
    for item, one in zip(letter.items, TEN, strict=True):
        assert " ".join(item.rationale.value.split()).endswith(one.conclusion)


@pytest.mark.parametrize(
    ("determined", "reasoned", "belongs", "issues"),
    [
        # Shortened, or in other words: where little more than a word is common, it is doubted.
        (
            ["twelve visits of physical therapy for the left shoulder", "one MRI of the lumbar spine"],
            ["lumbar MRI", "physical therapy"],
            [1, 0],
            [],
        ),
        (
            ["Omeprazole 20mg #60", "EMG/NCV of both upper extremities"],
            ["electrodiagnostic studies of the upper extremities", "Prilosec (omeprazole)"],
            [1, 0],
            ["unlike-request"] * 2,
        ),
        # "Twelve" is 12.
        (
            ["twelve visits of acupuncture", "8 visits of acupuncture"],
            ["eight visits of acupuncture", "12 visits of acupuncture"],
            [1, 0],
            [],
        ),
        # Reasons for two requests together.
        (["Prilosec 20mg #60", "Norco 10/325mg #60"], ["Prilosec 20mg #60 and Norco 10/325mg #60"], [0, 0], []),
    ],
)
def test_reasons_that_name_their_request_otherwise(determined, reasoned, belongs, issues):
    reasons = [Request(words, reasons=f"Number {place}.") for place, words in enumerate(reasoned)]
    letter = parse_letter(notice([Request(words) for words in determined], reasons=regarding(reasons)))
    assert [item.rationale.value[:9] for item in letter.items] == [f"Number {place}." for place in belongs]
    assert [code for code in codes(letter) if code != "contradiction"] == issues


def test_two_reasons_for_the_parts_of_one_request_are_both_decided_with_it():
    program = [Request("functional restoration program, 20 days"), Request("functional restoration program, 8 days")]
    letter = parse_letter(notice([Request("28 day functional restoration program")], reasons=regarding(program)))
    assert [item.outcome.value for item in letter.items] == [Outcome.UPHELD, Outcome.UPHELD]
    assert codes(letter) == []


@pytest.mark.parametrize("page_end", ["Final Determination Letter for IMR Case Number CM13-0777001  2", "Page 2 of 6"])
@pytest.mark.parametrize(("before", "after"), [("eight visits ", "of physical"), ("not ", "medically necessary and")])
def test_a_page_may_end_in_a_determination(before, after, page_end):
    text = NOTICE.replace(before + after, f"{before}\n\n{page_end}\n\n{after}", 2)
    letter = parse_letter(text)
    assert found(letter) == DECIDED
    assert codes(letter) == []


@pytest.mark.parametrize(
    ("title", "amended"),
    [
        (
            "AMENDED Notice of Independent Medical Review Determination",
            "AMENDED Notice of Independent Medical Review Determination",
        ),
        ("Notice of Independent Medical Review Determination (Amended)", "Determination (Amended)"),
        ("Notice of Independent Medical Review Determination - CORRECTED", "Determination - CORRECTED"),
        ("**AMENDED**\nNotice of Independent Medical Review Determination", "**AMENDED**"),
    ],
)
def test_amended_notices(title, amended):
    letter = parse_letter(NOTICE.replace("Notice of Independent Medical Review Determination", title, 1))
    assert letter.amended.value == amended
    assert codes(letter) == []


def test_two_notices_in_one_text_though_their_letterheads_are_alike():
    other = notice([Request("a walker")], table="MAXIMUS Case Number: CM13-0777099\n", dated="Dated: 11/2/2013")
    text = f"{NOTICE}\n\n\n{other}"
    first, second = (parse_letter(text[one.start : one.end]) for one in parts(text))
    assert (first.case_number.value, second.case_number.value) == ("CM13-0777001", "CM13-0777099")
    assert found(first) == DECIDED
    assert found(second) == [("a walker", "Upheld")]
    assert text.count(LETTERHEAD) == 2
    assert "several-letters" in codes(parse_letter(text))
