"""A letter for a terminal: its lines with the names of what they were read as."""

from hypothesis import given

from determinations.letters import parse_letter
from determinations.letters.explained import explained

from .builder import Parts, letter_2016, pdfbox, single_spaced
from .test_properties import any_text, filled_letters, fixed

LETTER = single_spaced(letter_2016(Parts()))


def lines(text, **options):
    return list(explained(text, parse_letter(text), **options))


def test_each_line_with_the_names_of_its_pieces():
    found = lines(LETTER)
    assert found[0] == "    1 | Case Number: CM16-0777001   <- form, case_number"
    assert "    8 | HOW THE IMR FINAL DETERMINATION WAS MADE   <- form" in found
    [heading] = [line for line in found if "MRI of the right wrist: Upheld" in line]
    request = "items.0.request.procedures.0, items.0.request.body_parts.0"
    assert heading.endswith(f"<- items.0.treatment, items.0.title, {request}, form, items.0.outcome")
    [line] = [line for line in found if "MAXIMUS guideline" in line]
    assert line.endswith("<- form, items.0.reviewer, items.0.reviewer.citations.0")


def test_issues_stand_at_the_end_with_their_line():
    found = lines(LETTER.replace("HOW THE", "Lost words\n\nHOW THE", 1))
    assert "    8 | Lost words   <- unaccounted" in found
    assert found[-1] == "! unaccounted-text in line 8: Nothing was read from these words: 'Lost words'."


def test_colours_only_where_they_are_asked_for():
    assert "\x1b" not in "".join(lines(LETTER))
    coloured = lines(LETTER, colour=True)
    assert coloured[0] == "    1 | \x1b[2mCase Number:\x1b[0m \x1b[1mCM16-0777001\x1b[0m   <- form, case_number"


def test_a_letter_cannot_write_to_the_terminal_itself():
    found = "\n".join(lines(LETTER.replace("MRI", "\x1b[2J\x07MRI\u202e")))
    assert "\x1b" not in found
    assert "\\x1b[2J\\x07MRI\\u202e" in found


@fixed
@given(any_text | filled_letters())
def test_any_text_has_its_lines(text):
    found = lines(text)
    issues = len(parse_letter(text).issues)
    assert len(found) == len(text.splitlines()) + issues
    assert all("\n" not in line for line in found[: len(found) - issues])


def test_blank_lines_have_a_number_and_no_name():
    found = lines(pdfbox(letter_2016(Parts())))
    assert found[:2] == ["    1 |", "    2 |"]
