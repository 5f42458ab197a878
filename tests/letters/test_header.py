"""The header table: five dates, case number and priority, wherever an extractor put the table's cells."""

from datetime import date

import pytest

from determinations.letters import parse_letter
from determinations.letters.parts.header import read_case_number, read_dates, read_priority
from determinations.letters.text.clean import clean

from .builder import HEADER_2016, Parts, letter_2014, letter_2016, pdfbox, single_spaced, squeezed

NAMES = ("assigned", "of_injury", "ur_denial", "received", "decision")
ALL_FIVE = {
    "assigned": "2016-12-02",
    "of_injury": "2015-02-03",
    "ur_denial": "2016-11-21",
    "received": "2016-11-28",
    "decision": "2017-01-03",
}


def dates_of(text: str) -> tuple[dict[str, str], list[str]]:
    """The dates that were found, in ISO form, and the codes of the issues."""
    cleaned = clean(text)
    dates, issues = read_dates(cleaned, 0, len(cleaned.text))
    found = {name: getattr(dates, name) for name in NAMES}
    return {name: one.value.isoformat() for name, one in found.items() if one}, [issue.code for issue in issues]


TABLES = {
    "pdfbox, Application Received split by the table": """\
Case Number: CM16-0777001

Date Assigned: 12/02/2016 Date of Injury:  02/03/2015

Decision Date: 01/03/2017 UR Denial Date:  11/21/2016

Priority:  Standard Application

Received:

11/28/2016
""",
    "Application on a line of its own": """\
Case Number: CM16-0777001
Date Assigned: 12/02/2016 Date of Injury: 02/03/2015
Decision Date: 01/03/2017 UR Denial Date: 11/21/2016
Priority: Standard
Application
Received: 11/28/2016
""",
    "Application Received in one": """\
Case Number: CM16-0777001   Priority: Standard
Date Assigned: 12/02/2016   Date of Injury: 02/03/2015
Decision Date: 01/03/2017   UR Denial Date: 11/21/2016
Application Received: 11/28/2016
""",
    "label and value on separate lines": """\
Case Number:
CM16-0777001
Date Assigned:
12/02/2016
Date of Injury:
02/03/2015
Decision Date:
01/03/2017
UR Denial Date:
11/21/2016
Priority:
Standard
Application Received:
11/28/2016
""",
    "one line": (
        "Case Number: CM16-0777001 Date Assigned: 12/02/2016 Date of Injury: 02/03/2015 Decision Date: 01/03/2017 "
        "UR Denial Date: 11/21/2016 Priority: Standard Application Received: 11/28/2016"
    ),
    "no blanks after the colons": """\
Case Number:CM16-0777001
Date Assigned:12/02/2016 Date of Injury:02/03/2015
Decision Date:01/03/2017 UR Denial Date:11/21/2016
Priority:Standard Application
Received:11/28/2016
""",
    "bottom up": """\
Received: 11/28/2016
Priority: Standard
UR Denial Date: 11/21/2016 Decision Date: 01/03/2017
Date of Injury: 02/03/2015 Date Assigned: 12/02/2016
Case Number: CM16-0777001
""",
    "column by column, each with its values after it": """\
Case Number: CM16-0777001
Date Assigned:
Decision Date:
12/02/2016
01/03/2017
Date of Injury:
UR Denial Date:
Received:
02/03/2015
11/21/2016
11/28/2016
Priority: Standard
""",
    "capitals": """\
CASE NUMBER: CM16-0777001
DATE ASSIGNED: 12/02/2016 DATE OF INJURY: 02/03/2015
DECISION DATE: 01/03/2017 UR DENIAL DATE: 11/21/2016
PRIORITY: STANDARD APPLICATION
RECEIVED: 11/28/2016
""",
    "a label broken over two lines": """\
Case
Number: CM16-0777001
Date
Assigned: 12/02/2016 Date of
Injury: 02/03/2015
Decision
Date: 01/03/2017 UR
Denial Date: 11/21/2016
Priority: Standard
Application
Received: 11/28/2016
""",
}


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
def test_the_table_in_every_order(text):
    assert dates_of(text) == (ALL_FIVE, [])
    cleaned = clean(text)
    assert read_case_number(cleaned, 0, len(cleaned.text))[0].value == "CM16-0777001"
    assert read_priority(cleaned, 0, len(cleaned.text)).value == "Standard"


def test_all_labels_and_then_all_dates_are_paired_in_order():
    text = """\
Date Assigned:
Date of Injury:
Decision Date:
UR Denial Date:
Priority:
Application Received:
12/02/2016
02/03/2015
01/03/2017
11/21/2016
Standard Application
11/28/2016
"""
    assert dates_of(text) == (ALL_FIVE, [])
    assert read_priority(clean(text), 0, len(text)).value == "Standard"


INCOMPLETE = {
    "no value at a label in mid table": (
        "Date Assigned: 12/02/2016 Date of Injury:\nDecision Date: 01/03/2017",
        {"assigned": "2016-12-02", "decision": "2017-01-03"},
        ["unreadable-date"],
    ),
    "no value at the first label": (
        "Date Assigned: Date of Injury: 02/03/2015",
        {"of_injury": "2015-02-03"},
        ["unreadable-date"],
    ),
    "no value at the last label": (
        "Date Assigned: 12/02/2016\nReceived:",
        {"assigned": "2016-12-02"},
        ["unreadable-date"],
    ),
    # Two dates for three labels: none of them can be sure of its own.
    "fewer values than labels": (
        "Date Assigned: 12/02/2016\nDecision Date:\nUR Denial Date:\nReceived:\n01/03/2017\n11/21/2016",
        {"assigned": "2016-12-02"},
        ["unreadable-date"] * 3,
    ),
    "labels without any date": ("Date Assigned:\nDate of Injury:", {}, ["unreadable-date"] * 2),
    "a label that is not there is no issue": ("Decision Date: 01/03/2017", {"decision": "2017-01-03"}, []),
    "no header": ("", {}, []),
    "dates without labels": ("12/02/2016\n02/03/2015", {}, []),
    "a date before its label": ("12/02/2016 Date Assigned:", {}, ["unreadable-date"]),
    "the first of two counts": (
        "Date Assigned: 12/02/2016\nDate Assigned: 01/01/2017",
        {"assigned": "2016-12-02"},
        [],
    ),
}


@pytest.mark.parametrize(("text", "expected", "codes"), INCOMPLETE.values(), ids=INCOMPLETE)
def test_an_incomplete_table(text, expected, codes):
    assert dates_of(text) == (expected, codes)


WRITTEN = {
    "mm/dd/yyyy": ("12/09/2016", "2016-12-09"),
    "m/d/yyyy": ("3/4/2017", "2017-03-04"),
    "m-d-yyyy": ("3-4-2017", "2017-03-04"),
    "mm-dd-yyyy": ("12-09-2016", "2016-12-09"),
    "iso": ("2016-12-09", "2016-12-09"),
    "blanks around the slashes": ("12 / 09 / 2016", "2016-12-09"),
    "leap day": ("02/29/2016", "2016-02-29"),
    "last day of a year": ("12/31/2016", "2016-12-31"),
}


@pytest.mark.parametrize(("written", "expected"), WRITTEN.values(), ids=WRITTEN)
def test_how_dates_are_written(written, expected):
    assert dates_of(f"Decision Date: {written}") == ({"decision": expected}, [])


@pytest.mark.parametrize(
    "written",
    [
        "02/30/2016",
        "13/01/2016",
        "00/10/2016",
        "04/31/2016",
        "02/29/2015",
        "2016-13-01",
        "25-12-2016",
        "1/1/0000",
        "12/19/0216",
        "1/1/2216",
    ],
)
def test_a_day_that_does_not_exist_is_an_issue_and_no_date(written):
    text = f"Case Number: CM16-0777001\nDecision Date: {written}"
    cleaned = clean(text)
    dates, (issue,) = read_dates(cleaned, 0, len(cleaned.text))
    assert dates.decision is None
    assert issue.code == "unreadable-date"
    assert written in issue.message
    assert text[issue.span.start : issue.span.end] == written


def test_the_issue_of_a_missing_date_points_at_its_label():
    text = "Date Assigned: 12/02/2016\nDecision Date: \n"
    cleaned = clean(text)
    _, (issue,) = read_dates(cleaned, 0, len(cleaned.text))
    assert text[issue.span.start : issue.span.end] == "Decision Date:"


# ---- case number ------------------------------------------------------------------------------------------------
CASE_NUMBERS = {
    "of 2016": ("Case Number: CM16-0777001", "CM16-0777001"),
    "of 2013, the first ones": ("Case Number: 13-000004", "13-000004"),
    "eight digits": ("Case Number: CM16-10000001", "CM16-10000001"),
    "small letters": ("Case Number: cm14-0777001", "CM14-0777001"),
    "no colon": ("Case Number CM16-0777001", "CM16-0777001"),
    "on the next line": ("Case Number:\n\nCM16-0777001", "CM16-0777001"),
    "another dash": ("Case Number: CM16–0777001", "CM16-0777001"),
    "blanks inside": ("Case Number: CM 16 - 0777001", "CM16-0777001"),
    "the rest of the table follows": ("Case Number: CM16-0777001 Date Assigned: 12/02/2016", "CM16-0777001"),
}


@pytest.mark.parametrize(("text", "expected"), CASE_NUMBERS.values(), ids=CASE_NUMBERS)
def test_case_numbers(text, expected):
    cleaned = clean(text)
    number, issues = read_case_number(cleaned, 0, len(cleaned.text))
    assert number.value == expected
    written = text[number.span.start : number.span.end].upper()
    assert written.replace(" ", "").replace("–", "-") == expected
    assert issues == []


@pytest.mark.parametrize(
    "text",
    [
        "Case Number:",
        "Case Number: pending",
        "CASE NUMBER: PENDING",
        "Case Number: CM16",
        "Case Number: CM16-12345",
        "Case Number: CM16-123456789",
        "Case Number: CM1-0777001",
        "Case Number: XX16-0777001",
        "Case Number: CM16-O777OO1",  # the letter O
        "Case Number: CM16-0777001A",
        "Case Number: 12/02/2016",
    ],
)
def test_a_case_number_that_cannot_be_read_is_an_issue_and_never_a_guess(text):
    text = f"Priority: Standard\n{text}"
    cleaned = clean(text)
    number, (issue,) = read_case_number(cleaned, 0, len(cleaned.text))
    assert number is None
    assert issue.code == "unreadable-case-number"
    assert text[issue.span.start : issue.span.end].upper() == "CASE NUMBER:"


@pytest.mark.parametrize("text", ["", "Date Assigned: 12/02/2016", "CM16-0777001"])
def test_no_label_no_case_number_and_no_issue(text):
    assert read_case_number(clean(text), 0, len(text)) == (None, [])


# ---- priority ---------------------------------------------------------------------------------------------------
PRIORITIES = {
    "standard": ("Priority: Standard", "Standard"),
    "expedited": ("Priority: Expedited", "Expedited"),
    "the next cell's word after it": ("Priority:  Standard Application\nReceived:", "Standard"),
    "expedited, the next cell's word after it": ("Priority:  Expedited Application\nReceived:", "Expedited"),
    "capitals": ("PRIORITY: EXPEDITED", "Expedited"),
    "no colon": ("Priority Expedited", "Expedited"),
    "on the next line": ("Priority:\n\nExpedited", "Expedited"),
    "away from its label": ("Priority:\nReceived:\nExpedited Application\n11/28/2016", "Expedited"),
    "another word": ("Priority: Urgent", None),
    "none": ("Priority:", None),
    "no label": ("Case Number: CM16-0777001", None),
}


@pytest.mark.parametrize(("text", "expected"), PRIORITIES.values(), ids=PRIORITIES)
def test_priority(text, expected):
    priority = read_priority(clean(text), 0, len(text))
    assert (priority and priority.value) == expected


# ---- in a letter ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("layout", [pdfbox, single_spaced])
def test_the_header_of_a_letter(layout):
    source = layout(letter_2016(Parts()))
    letter = parse_letter(source)
    assert letter.case_number.value == "CM16-0777001"
    assert letter.dates.received.value == date(2016, 11, 28)
    assert source[letter.dates.received.span.start : letter.dates.received.span.end] == "11/28/2016"
    assert letter.priority.value == "Standard"
    assert letter.issues == ()


def test_a_header_that_is_cut_off_is_absent_and_an_issue_says_so():
    letter = parse_letter(pdfbox(letter_2014(Parts())))
    assert letter.case_number is None
    assert letter.priority is None
    assert {getattr(letter.dates, name) for name in NAMES} == {None}
    assert [issue.code for issue in letter.issues] == ["no-header"]


def test_only_the_header_is_looked_at():
    """The summary tells of other cases and dates, which are not the letter's own."""
    summary = ("An earlier review, Case Number: CM15-0666001, has Decision Date: 1/2/2015, Priority: Expedited.",)
    letter = parse_letter(pdfbox(letter_2014(Parts(), summary=summary)))
    assert letter.case_number is None
    assert letter.dates.decision is None
    assert letter.priority is None


def test_half_a_header():
    """A copy that begins in mid table gives what it has."""
    letter = parse_letter(pdfbox(letter_2016(Parts(), header=HEADER_2016[2:])))
    assert letter.case_number is None
    assert letter.dates.assigned is None
    assert letter.dates.decision.value == date(2017, 1, 3)
    assert letter.dates.received.value == date(2016, 11, 28)
    assert letter.issues == ()


def test_the_spans_of_a_header_lead_to_its_words():
    source = pdfbox(letter_2016(Parts())).replace("\n", "\r\n")
    letter = parse_letter(source)
    spans = [letter.case_number.span, letter.dates.of_injury.span, letter.priority.span]
    words = [squeezed(source[span.start : span.end]) for span in spans]
    assert words == ["CM16-0777001", "02/03/2015", "Standard"]


# ---- the table as extractors tear it apart ----------------------------------------------------------------------
TORN = {
    "columns set with blanks": """\
Case Number:          CM16-0777001
Date Assigned:        12/02/2016                      Date of Injury:      02/03/2015
Decision Date:        01/03/2017                      UR Denial Date:      11/21/2016
Priority:             Standard                        Application          11/28/2016
                                                      Received:
""",
    "column by column, labels and then values": """\
Case Number:
Date Assigned:
Decision Date:
Priority:

CM16-0777001
12/02/2016
01/03/2017
Standard

Date of Injury:
UR Denial Date:
Application
Received:

02/03/2015
11/21/2016
11/28/2016
""",
    "values before some of the labels": """\
Case Number:
Date Assigned:
Decision Date:
Priority:

CM16-0777001
12/02/2016
01/03/2017
Standard

02/03/2015
Date of Injury:
UR Denial Date:   11/21/2016
11/28/2016
Application
Received:
""",
    "everything in one line": (
        "Case Number: CM16-0777001 Date Assigned: 12/02/2016 Date of Injury: 02/03/2015 Decision Date: 01/03/2017 "
        "UR Denial Date: 11/21/2016 Priority: Standard Application Received: 11/28/2016"
    ),
}


@pytest.mark.parametrize("text", TORN.values(), ids=TORN)
def test_a_torn_table(text):
    cleaned = clean(text)
    everything = (0, len(cleaned.text))
    assert dates_of(text) == (ALL_FIVE, [])
    assert read_case_number(cleaned, *everything)[0].value == "CM16-0777001"
    assert read_priority(cleaned, *everything).value == "Standard"


# ---- a header that is cut off, and the footers that are not ------------------------------------------------------
def test_a_case_number_that_only_the_footers_give():
    footer = "Final Determination Letter for IMR Case Number CM16-0777001  2"
    text = pdfbox([*letter_2014(Parts()), (footer,)])
    letter = parse_letter(text)
    assert letter.case_number.value == "CM16-0777001"
    assert text[letter.case_number.span.start : letter.case_number.span.end] == footer
    assert not [issue for issue in letter.issues if "case-number" in issue.code]


def test_footers_of_two_cases_give_no_number():
    footers = [(f"Final Determination Letter for IMR Case Number CM16-077700{n}  2",) for n in (1, 2)]
    assert parse_letter(pdfbox([*letter_2014(Parts()), *footers])).case_number is None


def test_the_headers_own_number_goes_before_that_of_a_footer():
    footer = "Final Determination Letter for IMR Case Number CM15-0111111  2"
    assert parse_letter(pdfbox([*letter_2016(Parts()), (footer,)])).case_number.value == "CM16-0777001"


# ---- damaged labels and numbers ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    ["CaseNumber:CM16-0777001", "Case Number:: CM16-0777001", "Case Number CM16-0777001", "Case Number: CM16-O77700l"],
)
def test_a_case_number_is_read_where_a_label_or_two_of_its_digits_are_damaged(text):
    cleaned = clean(text)
    assert read_case_number(cleaned, 0, len(cleaned.text))[0].value == "CM16-0777001"


@pytest.mark.parametrize(
    "written", ["DateAssigned:12/02/2016", "Date Assigned :: 12/02/2016", "Date Assigned 12/02/2016"]
)
def test_a_date_is_read_where_its_label_is_damaged(written):
    cleaned = clean(f"{written}\nDateof Injury: 02/03/2015\nUR DenialDate: 11/21/2016")
    dates, issues = read_dates(cleaned, 0, len(cleaned.text))
    assert (dates.assigned.value, dates.of_injury.value) == (date(2016, 12, 2), date(2015, 2, 3))
    assert dates.ur_denial.value == date(2016, 11, 21)
    assert issues == []
