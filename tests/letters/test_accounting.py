"""Every character of a letter belongs to a field, to the form's own words, to a page's foot or to white space; what
belongs to none of them is an issue."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.letters import Found, Letter, Span, parse_letter, read_letter
from determinations.letters.accounting import Kind, Piece, account, unaccounted
from determinations.letters.facts import BodyPart, Patient, PriorTreatment
from determinations.letters.fixed_text import ANY_FORM, FIXED_TEXT, fixed_text
from determinations.letters.text.clean import clean

from .builder import PAGE_END, Parts, letter_2014, letter_2016, pdfbox, single_spaced, squeezed
from .test_properties import any_text, filled_letters, fixed

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "letters"
GRANTED = Parts(
    "Wrist splint", "Overturned", rationale="The grip is weak. Therefore, the request is medically necessary."
)
LETTER = single_spaced(letter_2016(Parts(), GRANTED))


def words(text: str, kind: Kind) -> list[str]:
    """The words of each piece of a kind, white space joined."""
    return [
        " ".join(text[piece.span.start : piece.span.end].split())
        for piece in account(text, parse_letter(text))
        if piece.kind is kind
    ]


def named(text: str) -> dict[str, str]:
    """The words of each field, put together of its pieces (and of the pieces within it)."""
    found: dict[str, str] = {}
    for piece in account(text, parse_letter(text)):
        for field in piece.fields:
            found[field] = found.get(field, "") + text[piece.span.start : piece.span.end]
    return {field: " ".join(words.split()) for field, words in found.items()}


def left_over(text: str) -> list[str]:
    """The words of each unaccounted-text issue."""
    issues = [issue for issue in parse_letter(text).issues if issue.code == "unaccounted-text"]
    return [" ".join(text[issue.span.start : issue.span.end].split()) for issue in issues]


# ---- what the pieces are --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("case_number", "CM16-0777001"),
        ("dates.decision", "01/03/2017"),
        ("dates.received", "11/28/2016"),
        ("priority", "Standard"),
        ("reviewer.board_certifications.0", "Occupational Medicine"),
        ("reviewer.licensed_states.0", "California"),
        ("items.0.treatment", "MRI of the right wrist"),
        ("items.1.title", "Wrist splint"),
        ("items.1.outcome", "Overturned"),
        ("items.1.claims_administrator.statement", GRANTED.claims_administrator),
        ("items.1.reviewer.citations.0", "General Approaches 2004, Section(s): Special Studies"),
        ("items.1.rationale", GRANTED.rationale),
        ("items.1.conclusion", "Therefore, the request is medically necessary."),
    ],
)
def test_a_field_is_named_by_its_place_in_the_letter(field, expected):
    assert named(LETTER)[field] == expected


def test_the_innermost_field_names_a_piece():
    pieces = account(LETTER, parse_letter(LETTER))
    at = LETTER.rindex("Therefore")
    [piece] = [one for one in pieces if one.span.start <= at < one.span.end]
    assert (piece.name, piece.fields) == ("items.1.conclusion", ("items.1.rationale", "items.1.conclusion"))


def test_of_fields_with_the_same_words_the_narrower_one_names_them():
    """The title within the heading, the statement within the guideline line."""
    found = {piece.name for piece in account(LETTER, parse_letter(LETTER)) if piece.kind is Kind.FIELD}
    assert {"items.0.title", "items.0.claims_administrator.statement"} <= found
    assert not {"items.0.treatment", "items.0.claims_administrator", "items.0.reviewer"} & found


def test_the_forms_words_within_a_guideline_line_are_the_forms():
    within = [piece for piece in account(LETTER, parse_letter(LETTER)) if "items.0.reviewer" in piece.fields]
    assert LETTER[within[0].span.start : within[0].span.end] == "Decision based on MTUS"
    assert (within[0].kind, within[0].name) == (Kind.FORM, "form")


def test_the_forms_own_words_with_their_marks():
    found = words(LETTER, Kind.FORM)
    for expected in ("Case Number:", "State(s) of Licensure:", "CLINICAL CASE SUMMARY", "MAXIMUS guideline:", ":"):
        assert expected in found


def test_the_foot_of_a_page_is_a_page_also_within_a_field():
    parts = Parts(rationale="The grip is weak. Page 2 of 5 Therefore, the request is not medically necessary.")
    text = single_spaced(letter_2016(parts)).replace(" Page 2 of 5 ", "\n\nPage 2 of 5\n\n")
    [page] = [piece for piece in account(text, parse_letter(text)) if piece.kind is Kind.PAGE]
    assert text[page.span.start : page.span.end] == "Page 2 of 5"
    assert page.fields == ("items.0.rationale",)


def test_a_case_number_that_only_the_foot_gives_is_a_field_there():
    foot = "Final Determination Letter for IMR Case Number CM14-0777009  3"
    text = single_spaced([*letter_2014(Parts()), (foot,)])
    assert "CM14-0777009" in named(text)["case_number"]
    assert left_over(text) == []


@pytest.mark.parametrize("layout", [single_spaced, pdfbox])
def test_fixed_text_is_known_however_it_is_broken(layout):
    method, *rest = letter_2014(Parts())
    cut = (method[0], method[1].replace("familiar with", "familiar\fwith"))
    text = layout([cut, PAGE_END, *rest]).replace("active practice", "active\u00a0prac\u00adtice").upper()
    assert left_over(layout([cut, *rest])) == []
    assert not [run for run in left_over(text) if "FAMILIAR" in run or "ACTIVE" in run]


# ---- what nothing accounts for --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("before", "put_in", "expected"),
    [
        ("HOW THE IMR", "Dear Ms. Sample, and all the others: ", ["Dear Ms. Sample, and all the others"]),
        ("He/she is familiar", "He/she lives by the sea. ", ["He/she lives by the sea"]),
        ("Date Assigned", "Enclosed 3 ", ["Enclosed 3"]),
        ("Priority", "*** --- §§ ", []),
        ("Priority", "Priority and Received: ", []),
    ],
)
def test_words_that_are_neither_are_an_issue_each_run(before, put_in, expected):
    assert left_over(LETTER) == []
    assert left_over(LETTER.replace(before, put_in + before, 1)) == expected


def test_words_that_another_issue_speaks_of_are_in_doubt_and_not_said_twice():
    text = LETTER.replace("01/03/2017", "02/30/2017")
    assert words(text, Kind.DOUBT) == ["02/30/2017"]
    assert left_over(text) == []
    assert [issue.code for issue in parse_letter(text).issues] == ["unreadable-date"]


def test_the_issue_quotes_the_beginning_of_the_run():
    run = "a run of words that goes on and on " * 20
    [issue] = parse_letter(LETTER.replace("HOW THE", run + "HOW THE", 1)).issues
    assert issue.code == "unaccounted-text"
    assert issue.message.startswith("Nothing was read from these words: 'a run of words")
    assert len(issue.message) < 150


def test_a_text_of_no_known_form_is_accounted_for_by_nothing():
    text = "Good day to you all, thank you."
    pieces = account(text, Letter("unknown"))
    assert [(piece.name, text[piece.span.start : piece.span.end]) for piece in pieces] == [
        ("unaccounted", "Good day to you all, thank you"),
        ("form", "."),
    ]
    assert account("", Letter("unknown")) == ()
    assert account(" \n\t", Letter("unknown")) == (Piece(Kind.BLANK, Span(0, 3)),)


def test_a_guideline_line_accounts_for_nothing_itself():
    """What stood in a line and in none of its citations would be lost behind the line's own span."""
    letter = parse_letter(LETTER)
    first, second = letter.items
    unread = replace(first, reviewer=replace(first.reviewer, citations=()))
    [issue] = unaccounted(clean(LETTER), replace(letter, items=(unread, second)))
    assert issue.span == Span(first.reviewer.citations[0].span.start, first.reviewer.citations[0].span.end)


def test_any_value_with_a_span_accounts_for_its_words():
    """Values of any shape, in tuples and in each other: what a Letter is given later needs no code here."""
    text = "The worker is 51, has a sore wrist and took Naproxen."
    places = {word: Span(text.index(word), text.index(word) + len(word)) for word in ("51", "wrist", "Naproxen")}
    patient = Patient(
        age=Found(51, places["51"]),
        body_parts=(BodyPart("wrist", "", places["wrist"]),),
        prior_treatments=(PriorTreatment("medication", None, places["Naproxen"]),),
    )
    letter = replace(Letter("final-determination-2016"), priority=patient)
    found = {piece.name: text[piece.span.start : piece.span.end] for piece in account(text, letter) if piece.fields}
    assert found == {
        "priority.age": "51",
        "priority.body_parts.0": "wrist",
        "priority.prior_treatments.0": "Naproxen",
    }
    runs = [text[issue.span.start : issue.span.end] for issue in unaccounted(clean(text), letter)]
    assert runs == ["The worker is", "has a sore", "took"]


# ---- fixed text as data ---------------------------------------------------------------------------------------------
def test_every_row_of_fixed_text_is_known_where_it_stands():
    for name, rows in FIXED_TEXT.items():
        for row in ANY_FORM + rows:
            for choice in (0, -1):
                words = re.sub(r"\[([^\]]*)\]", lambda found, choice=choice: found[1].split("|")[choice], row)
                words = " ".join(words.split())
                assert [piece.kind for piece in account(words, Letter(name))] == [Kind.FORM], words


def test_a_format_without_a_table_of_its_own_may_have_the_rows_of_all():
    assert set(fixed_text("final-determination-2016")) <= set(fixed_text("unknown"))


# ---- what holds for every text --------------------------------------------------------------------------------------
def check(text: str) -> None:
    letter = parse_letter(text)
    pieces = account(text, letter)
    assert "".join(text[piece.span.start : piece.span.end] for piece in pieces) == text
    position = 0
    for piece in pieces:
        assert piece.span.start == position < piece.span.end
        position = piece.span.end
    issues = unaccounted(clean(text), letter)
    if letter.format != "unknown":
        assert [issue for issue in letter.issues if issue.code == "unaccounted-text"] == issues
    for piece in pieces:
        inside = text[piece.span.start : piece.span.end]
        if piece.kind is Kind.BLANK:
            assert not any(character.isalnum() for character in clean(inside).text)  # half a blank may be "Â"
        elif piece.kind is Kind.FORM and not any(character.isalnum() for character in inside):
            assert inside.strip()
        elif piece.kind is Kind.UNACCOUNTED:
            assert any(issue.span.start <= piece.span.start and piece.span.end <= issue.span.end for issue in issues)
        elif piece.kind is Kind.FIELD:
            assert piece.fields
    # And the other way round: an issue of this kind covers nothing that was read.
    for issue in issues:
        within = [p for p in pieces if p.span.start < issue.span.end and issue.span.start < p.span.end]
        assert {piece.kind for piece in within} <= {Kind.UNACCOUNTED, Kind.PAGE}
        assert any(character.isalnum() for character in text[issue.span.start : issue.span.end])


@fixed
@given(any_text)
def test_any_text_is_accounted_for(text):
    check(text)


@fixed
@given(filled_letters())
def test_any_text_in_the_parts_of_a_letter_is_accounted_for(text):
    check(text)


@fixed
@given(
    st.lists(st.sampled_from([*ANY_FORM, *FIXED_TEXT["final-determination"], *LETTER.split(), "x", ":", "\n", "\f"]))
)
def test_any_mixture_of_the_forms_words_is_accounted_for(parts):
    check(" ".join(parts))


@fixed
@given(st.data())
def test_a_letter_that_something_was_put_into_or_taken_from_is_accounted_for(data):
    start = data.draw(st.integers(0, len(LETTER)))
    end = data.draw(st.integers(start, min(len(LETTER), start + 300)))
    check(LETTER[:start] + data.draw(any_text) + LETTER[end:])


# ---- the letters that there are -------------------------------------------------------------------------------------
OURS = sorted((ROOT / "samples").glob("*.txt")) + sorted((Path(__file__).parent / "golden").glob("*.txt"))
# Words of our own letters that nothing accounts for, and why.
EXPLAINED = {
    "faults": ["CM16-77"],  # a case number that is none
    "cut-both-ends": ["week in active practice"],  # the letter begins in the middle of a sentence
}


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_every_word_of_our_own_letters_is_accounted_for(path):
    text = read_letter(path).text
    check(text)
    assert left_over(text) == EXPLAINED.get(path.stem, [])


@pytest.mark.skipif(not REAL.is_dir(), reason=f"the real letters are not at {REAL}")
def test_every_word_of_the_real_letters_is_accounted_for():
    paths = [*(REAL / "text").glob("*.txt"), *(REAL / "no-header").glob("*.txt")]
    assert len(paths) == 170
    for path in paths:
        text = read_letter(path).text
        check(text)
        assert (path.name, left_over(text)) == (path.name, [])
        # Nothing but the form's words, letter by letter, beside the fields.
        form = squeezed("".join(words(text, Kind.FORM)))
        assert len(form) < 3_000 + 700 * len(parse_letter(text).items)
