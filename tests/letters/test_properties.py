"""What holds for every text: no error, no difference between two readings, spans that lie in the text; and letters
that are put together from parts are read as these parts, however they are laid out."""

import dataclasses
import json
import re
import unicodedata
from collections.abc import Iterator

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from determinations.letters import Letter, Span, parse_letter
from determinations.letters.forms.several import parts
from determinations.letters.inputs.files import Reading
from determinations.letters.record import record
from determinations.letters.text.characters import steps_for
from determinations.letters.text.clean import clean

from . import forms
from .builder import (
    NO_EVIDENCE,
    OUTSIDE,
    Paragraph,
    Parts,
    double_spaced,
    letter_2014,
    letter_2016,
    pdfbox,
    single_spaced,
    squeezed,
)

# The same examples on every run: a failure on one machine is a failure on all.
fixed = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

# ---- any text -------------------------------------------------------------------------------------------------------
any_character = st.characters(exclude_categories=())  # with surrogates and control characters
any_text = st.text(any_character, max_size=200)
white_space = st.sampled_from(
    [" ", "\n", "\n\n", " \n\n", "\n\n \n\n", "\r\n", "\r", "\f", "\u2028", "\t", "\u00a0", ""]
)


line_ends = st.sampled_from(["\n", "\r\n", "\r", "\u2028"])
TEMPLATE = letter_2016(Parts("@", "Upheld", "@", "@", "@"), Parts(), states="@", certifications="@", summary=["@"])


@st.composite
def filled_letters(draw: st.DrawFn) -> str:
    """A letter with any text in each of its parts, in one of the layouts."""
    head, *parts = draw(st.sampled_from([pdfbox, single_spaced, double_spaced]))(TEMPLATE).split("@")
    text = head + "".join(draw(any_text) + part for part in parts)
    return text.replace("\n", draw(line_ends))


def spans_of(value: object) -> Iterator[Span]:
    """Every span in a letter, wherever it stands."""
    if isinstance(value, Span):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from spans_of(one)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from spans_of(getattr(value, field.name))


def check(text: str) -> None:
    letter = parse_letter(text)
    assert isinstance(letter, Letter)
    assert letter == parse_letter(text)
    for span in spans_of(letter):
        assert 0 <= span.start <= span.end <= len(text)
    assert [issue.span.start for issue in letter.issues] == sorted(issue.span.start for issue in letter.issues)


@fixed
@given(any_text)
def test_any_text_is_read_without_an_error(text):
    check(text)


@fixed
@given(filled_letters())
def test_any_text_in_the_parts_of_a_letter_is_read_without_an_error(text):
    check(text)
    # The text may look like another layout; the second item is there all the same.
    assert parse_letter(text).items[-1].treatment.value.endswith(Parts().treatment)


def can_be_read(character: str) -> bool:
    """No blank, no line end, no control character, no half of a surrogate pair, and none of those that show nothing."""
    invisible = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
    return unicodedata.category(character) not in ("Cc", "Cs", "Zs", "Zl", "Zp") and character not in invisible


@fixed
@given(st.lists(st.one_of(white_space, any_text), max_size=20).map("".join))
def test_clean_text_is_the_source_without_white_space_and_what_cannot_be_seen(text):
    # What becomes of ligatures, mojibake and their like: test_characters.py.
    assume(not any(step(text) for step in steps_for(text)))
    cleaned = clean(text)
    # What is printed on every page, and a typesetter's hyphens, are kept apart.
    apart = {at for one in (*cleaned.footers, *cleaned.hyphens) for at in range(one.span.start, one.span.end)}
    marks = {match.start() for match in re.finditer("(?<=\\w)[\x02\ufffe](?=\\w|\r?\n\\w)", text)}  # hyphens of PDFium
    readable = [
        "-" if at in marks else character
        for at, character in enumerate(text)
        if at in marks or (can_be_read(character) and at not in apart)
    ]
    assert [character for character in cleaned.text if not character.isspace()] == readable
    # Each of them leads back to itself, in order.
    offsets = [cleaned.source_offset(at) for at, character in enumerate(cleaned.text) if not character.isspace()]
    assert ["-" if offset in marks else text[offset] for offset in offsets] == readable
    assert offsets == sorted(set(offsets))
    # Clean text is regular: no run of line ends longer than a paragraph gap, no blanks at a line's ends.
    assert "\n\n\n" not in cleaned.text
    assert " \n" not in cleaned.text
    assert "\n " not in cleaned.text


# ---- letters from parts ---------------------------------------------------------------------------------------------
# Each choice is what is written and what is to be read.
STATES = st.sampled_from(
    [
        ("California", ["CA"]),
        ("Texas,New York,California", ["TX", "NY", "CA"]),
        ("New Mexico, Washington, D.C., West Virginia", ["NM", "DC", "WV"]),
    ]
)
CERTIFICATIONS = st.sampled_from(
    [
        ("Neurology", ["Neurology"], []),
        ("Preventive Medicine, Occupational Medicine", ["Preventive Medicine", "Occupational Medicine"], []),
        (
            "Physical Medicine & Rehabilitation, Pain Management",
            ["Physical Medicine and Rehabilitation"],
            ["Pain Medicine"],
        ),
        ("Ear, Nose and Throat, Sleep Medicine", ["Otolaryngology - Head and Neck Surgery"], ["Sleep Medicine"]),
    ]
)
FOLLOW_UP = "Follow-up X-ray. Two views, both wrists (DOS: 11/11/2016)"
REMAINING = (
    "Hand therapy x 12 was the original request. Hand therapy x 8 was authorized by the Claims Administrator. The "
    "remaining IMR eligible portion of the original request, Hand therapy x 4 is"
)
LEAVING = (
    "Bath chair was the original request. The Claims Administrator authorized a bath chair for 1 month, leaving the "
    "original request IMR eligible. The original request, bath chair is"
)
HEADINGS = st.sampled_from(
    [
        ("MRI of the right wrist without contrast", "MRI of the right wrist without contrast"),
        ("Norco 10/325 mg #60 day supply: 30", "Norco 10/325 mg #60 day supply: 30"),
        ("Associated surgical service: Cold therapy unit", "Associated surgical service: Cold therapy unit"),
        (FOLLOW_UP, FOLLOW_UP),
        (REMAINING, "Hand therapy x 4"),
        (LEAVING, "bath chair"),
    ]
)
EXPERT = "Expert Reviewer"
NECK = "Neck and Upper Back Complaints 2004, Section(s): Special Studies"
PAIN = "Chronic Pain Medical Treatment 2016, Section(s): NSAIDs (non-steroidal anti-inflammatory drugs)"
OLD_PAIN = "Chronic Pain Treatment Guidelines Physical Medicine Page(s): 98 of 127"
HAND = "Official Disability Guidelines (ODG), Forearm, Wrist and Hand (updated 11/23/16), Splints"
OTHER = "Decision based on Non-MTUS Citation"
LINES = st.sampled_from(
    [
        (NO_EVIDENCE.format(side=EXPERT), NO_EVIDENCE.format(side=EXPERT), []),
        (f"{OUTSIDE.format(side=EXPERT)} {OTHER} ODG Pain.", OUTSIDE.format(side=EXPERT), ["ODG Pain"]),
        (f"Decision based on MTUS {NECK}, and {PAIN}.", None, [NECK, PAIN]),
        (f"Decision based on MTUS {OLD_PAIN}.  {OTHER} {HAND}.", None, [OLD_PAIN, HAND]),
    ]
)
PROSE = (
    "wrist grip therapy brace follow-up X-rays 10/325 non-steroidal 98 worker seen May visits right/left (mild) “sore” "
    "10-13-2016, rest, sleeps; 8/10, self-directed Dr. care"
)
prose = st.lists(st.sampled_from(PROSE.split()), min_size=15, max_size=60).map(
    lambda words: f"She {' '.join(words)} there."
)
CONCLUSIONS = st.sampled_from(
    [
        ("Therefore, the request is not medically necessary.", "not necessary"),
        ("The request is medically necessary.", "necessary"),
        ("It may be medically necessary if the pain comes back.", "unclear"),
    ]
)


@dataclasses.dataclass(frozen=True)
class Built:
    """A letter from parts, and what a reading of it must give."""

    paragraphs: list[Paragraph]
    expected: dict[str, object]


@st.composite
def built_letters(draw: st.DrawFn) -> Built:
    states, certifications = draw(STATES), draw(CERTIFICATIONS)
    summary = draw(st.lists(prose, min_size=1, max_size=3))
    items, expected = [], []
    for _ in range(draw(st.integers(1, 5))):
        (heading, title), line, (conclusion, finding) = draw(HEADINGS), draw(LINES), draw(CONCLUSIONS)
        outcome, reasons = draw(st.sampled_from(["Upheld", "Overturned"])), f"{draw(prose)} {conclusion}"
        items.append(Parts(heading, outcome, line[0], line[0], reasons))
        expected.append((heading, title, outcome, *line[1:], *line[1:], reasons, finding))
    return Built(
        letter_2016(*items, states=states[0], certifications=certifications[0], summary=summary),
        {
            "case number": "CM16-0777001",
            "dates": ["2016-12-02", "2015-02-03", "2016-11-21", "2016-11-28", "2017-01-03"],
            "priority": "Standard",
            "boards": certifications[1],
            "subspecialties": certifications[2],
            "states": states[1],
            "summary": "\n\n".join(summary),
            "items": expected,
        },
    )


def as_read(letter: Letter) -> dict[str, object]:
    """A reading in the form of ``Built.expected``."""
    dates = (getattr(letter.dates, field.name) for field in dataclasses.fields(letter.dates))
    sides = [
        [(side.statement and side.statement.value, [one.text for one in side.citations]) for side in both]
        for both in ((item.claims_administrator, item.reviewer) for item in letter.items)
    ]
    return {
        "case number": letter.case_number.value,
        "dates": [day.value.isoformat() for day in dates],
        "priority": letter.priority.value,
        "boards": [one.name for one in letter.reviewer.board_certifications],
        "subspecialties": [one.name for one in letter.reviewer.subspecialties],
        "states": [state.value for state in letter.reviewer.licensed_states],
        "summary": letter.clinical_summary.value,
        "items": [
            (
                item.treatment.value,
                item.title.value,
                item.outcome.value.value,
                *claims,
                *reviewer,
                item.rationale.value,
                item.finding.value,
            )
            for item, (claims, reviewer) in zip(letter.items, sides, strict=True)
        ],
    }


@st.composite
def paged(draw: st.DrawFn, paragraphs: list[Paragraph]) -> list[Paragraph]:
    """The same paragraphs with pages that end at blanks of the summary and the items."""
    result = []
    for paragraph in paragraphs:
        if len(paragraph) == 1 and draw(st.integers(0, 3)) == 0:
            words = paragraph[0].split(" ")
            at = draw(st.integers(0, len(words) - 1))
            paragraph = (" ".join(words[:at]) + ("\f" if at else "") + " ".join(words[at:]),)
        result.append(paragraph)
    return result


def leads_back(letter: Letter, source: str) -> bool:
    found = [
        letter.clinical_summary,
        *(one for item in letter.items for one in (item.treatment, item.title, item.rationale)),
    ]
    return all(squeezed(source[one.span.start : one.span.end]) == squeezed(one.value) for one in found)


@fixed
@given(st.data(), built_letters(), st.integers(30, 130), line_ends)
def test_a_letter_in_pdfbox_lines_with_pages_that_end_anywhere(data, built, width, line_end):
    source = pdfbox(data.draw(paged(built.paragraphs)), width).replace("\n", line_end)
    letter = parse_letter(source)
    assert as_read(letter) == built.expected
    assert leads_back(letter, source)


@fixed
@given(built_letters(), st.integers(30, 70), line_ends)
def test_a_letter_single_spaced(built, width, line_end):
    source = single_spaced(built.paragraphs, width).replace("\n", line_end)
    letter = parse_letter(source)
    assert as_read(letter) == built.expected
    assert leads_back(letter, source)


@fixed
@given(built_letters(), st.integers(30, 130), line_ends)
def test_a_letter_double_spaced(built, width, line_end):
    source = double_spaced(built.paragraphs, width).replace("\n", line_end)
    letter = parse_letter(source)
    assert as_read(letter) == built.expected
    assert leads_back(letter, source)


# ---- letters of all forms, cut up and spliced ---------------------------------------------------------------------
MRI, NORCO = forms.Request("MRI of the neck"), forms.Request("Norco 10/325 mg #60", necessary=True)
OF_ALL_FORMS = [
    pdfbox(letter_2016(Parts(), Parts("Norco #60"))),
    single_spaced(letter_2016(Parts(), summary=["A 51-year-old cook. Treatment has included PT, OT, rest."])),
    pdfbox(letter_2014(Parts())),
    forms.notice([MRI, NORCO]),
    forms.cover_letter("\n".join(map(forms.prose_item, (1, 2), (MRI, NORCO)))),
    forms.professional_review("1. MRI\n2. Norco", f"{forms.NOT_NECESSARY}1. No.\n{forms.NECESSARY}2. Yes."),
]


@st.composite
def spliced(draw: st.DrawFn) -> str:
    """Stretches of letters of any form one after the other, with something between them or nothing."""
    pieces = []
    for letter in draw(st.lists(st.sampled_from(OF_ALL_FORMS), min_size=1, max_size=4)):
        start, end = draw(st.integers(0, len(letter))), draw(st.integers(0, len(letter)))
        pieces += [letter[start:end] if start < end else letter[start:] + letter[:end], draw(white_space)]
    return "".join(pieces)


@settings(fixed, max_examples=120)
@given(spliced())
def test_letters_of_all_forms_spliced_are_read_without_an_error(text):
    check(text)
    spans = parts(text)
    assert "".join(text[span.start : span.end] for span in spans) == text
    json.dumps(record(Reading("x", parse_letter(text))), allow_nan=False)
