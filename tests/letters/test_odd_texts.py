"""Texts that no letter should be: nothing to read, far too much of something, several letters in one."""

from pathlib import Path

import pytest

from determinations.letters import parse_letter
from determinations.letters.forms.matching import pairs
from determinations.letters.forms.several import parts
from determinations.letters.inputs.archives import Member
from determinations.letters.inputs.files import MAX_ITEMS, read_file, read_letters
from determinations.letters.text.clean import clean

from . import forms
from .builder import Parts, letter_2014, letter_2016, pdfbox, single_spaced

SAMPLES = Path(__file__).parents[2] / "samples"


def codes(text):
    return [issue.code for issue in parse_letter(text).issues]


# ---- nothing ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "IMR ISSUES, DECISIONS AND RATIONALES",
        "HOW THE IMR FINAL DETERMINATION WAS MADE",
        "CLINICAL CASE SUMMARY\n\nIMR ISSUES, DECISIONS AND RATIONALES\n",
        pdfbox(letter_2016()),
        pdfbox(letter_2014()),
    ],
    ids=["a heading", "another heading", "two headings", "a letter of 2016", "a letter of 2014"],
)
def test_a_letter_without_items_is_a_letter_with_an_issue(text):
    letter = parse_letter(text)
    assert letter.items == ()
    assert "no-items" in [issue.code for issue in letter.issues]


def test_an_item_that_is_a_heading_and_nothing_more():
    parts = Parts(claims_administrator=None, reviewer=None, rationale=None)
    (item,) = parse_letter(pdfbox(letter_2016(parts))).items
    assert item.treatment.value == parts.treatment
    assert item.rationale is None


def test_labels_without_content():
    text = pdfbox(letter_2016(*[Parts(claims_administrator="", reviewer="", rationale="")] * 3))
    assert len(parse_letter(text).items) == 3


# ---- too much ---------------------------------------------------------------------------------------------------
def overlong(text):
    """What an overlong part's issue points at."""
    (issue,) = [issue for issue in parse_letter(text).issues if issue.code == "overlong-part"]
    return text[issue.span.start : issue.span.end]


def test_an_overlong_heading_is_kept_whole_and_not_placed():
    heading = "MRI " * 1000
    text = pdfbox(letter_2016(Parts(heading)))
    (item,) = parse_letter(text).items
    assert item.treatment.value == item.title.value == heading.strip()
    assert item.placement is None
    assert " ".join(overlong(text).split()) == heading.strip()


def test_an_overlong_guideline_line_is_kept_whole_as_a_statement():
    line = "Decision based on MTUS Low Back Complaints 2004. " * 300
    text = pdfbox(letter_2016(Parts(reviewer=line)))
    (item,) = parse_letter(text).items
    assert item.reviewer.citations == ()
    assert item.reviewer.statement.value == line.strip()
    assert " ".join(overlong(text).split()) == line.strip()


def test_an_overlong_list_of_credentials_is_not_read():
    names = ", ".join(f"Name {number}" for number in range(200))
    text = pdfbox(letter_2016(Parts(), certifications=names))
    letter = parse_letter(text)
    assert letter.reviewer.board_certifications == ()
    assert " ".join(overlong(text).split()) == names
    assert len(letter.items) == 1


# Patterns that look back and forth take time that grows with the square of such texts, or worse; read in time that
# grows with the text, each of these takes a moment.
REPEATED = {
    "headings": lambda n: Parts("post-op " * n),
    "blanks in a heading": lambda n: Parts("The original request, X" + "\t" * n + "Y"),
    "commas": lambda n: Parts(reviewer="Decision based on MTUS " + "," * n),
    "brackets": lambda n: Parts(reviewer="Decision based on Non-MTUS Citation ODG " + "(" * n),
    "documents": lambda n: Parts(reviewer="Decision based on MTUS " + "Low Back Complaints 2004, and " * n),
    "chapters": lambda n: Parts(reviewer="Decision based on Non-MTUS Citation ODG " + "Low Back Chapter, " * n),
    "page numbers": lambda n: Parts(reviewer="Decision based on MTUS x Page(s): " + "1 , " * n),
    "leads": lambda n: Parts(reviewer="Decision based on MTUS x " * n),
    "one sentence": lambda n: Parts(rationale="the request is " * n),
    "adverbs": lambda n: Parts(rationale="is " + "therefore " * n),
    "judgements": lambda n: Parts(rationale="medical request not " + "be as " * n),
    "necessities": lambda n: Parts(rationale="medical necessity of " * n),
    "somebody says": lambda n: Parts(rationale="the provider states the medical request " * n),
    "agreement": lambda n: Parts(rationale="I do not agree with the request " * n),
    "stops": lambda n: Parts(rationale='."' * n),
}


@pytest.mark.parametrize("part", REPEATED.values(), ids=REPEATED)
def test_a_part_that_repeats_itself_without_end(part):
    written = part(20_000)
    assert len(parse_letter(pdfbox(letter_2016(written))).items) == 1


@pytest.mark.parametrize(
    ("certifications", "states"),
    [
        ("The reviewer is Board Certified in " * 500, "California"),
        ("reviewer is Board Certified in x has a subspecialty in y " * 500, "California"),
        ("Neurology", "Nowhere, " * 2000),
        (", ".join(map(str, range(2000))), "California"),
    ],
)
def test_credentials_that_repeat_themselves_without_end(certifications, states):
    letter = parse_letter(pdfbox(letter_2016(Parts(), certifications=certifications, states=states)))
    assert len(letter.items) == 1


def test_a_letter_of_five_thousand_items():
    letter = parse_letter(pdfbox(letter_2016(*[Parts(f"Knee brace of size {number}") for number in range(5000)])))
    assert len(letter.items) == 5000
    assert not letter.issues


def test_ten_million_characters_in_one_line(tmp_path):
    path = tmp_path / "line.txt"
    path.write_text("letter " * 1_400_000)
    assert read_file(path).code == "unknown-format"


# A short word that only what follows it makes a treatment.
@pytest.mark.parametrize("words", ["OT, rest and a brace", "a brace, PT, OT.", "12 OT visits"])
def test_a_treatment_told_by_what_stands_behind_it(words):
    text = pdfbox(letter_2016(Parts(), summary=[f"The worker is 51 years old. Treatment to date has included {words}"]))
    kinds = [one.kind for one in parse_letter(text).patient.prior_treatments]
    assert "occupational therapy" in kinds


# Letters that a pattern which minds no capitals takes for others.
@pytest.mark.parametrize(("letters", "twin"), [("i", "ı"), ("I", "İ"), ("i", "İ"), ("s", "ſ"), ("k", "\u212a")])
@pytest.mark.parametrize(
    "written",
    [
        pdfbox(letter_2016(Parts("Norco #60 tablets, six visits a week for two weeks, left wrist"), Parts())),
        forms.notice([forms.Request("six visits of physical therapy")]),
        forms.cover_letter(forms.prose_item(1, forms.Request("Norco 10/325 mg #60"))),
    ],
    ids=["a letter of 2016", "a notice", "a cover letter"],
)
def test_letters_that_look_like_others_are_read_as_those(written, letters, twin):
    plain = written.replace("I", "i") if (letters, twin) == ("i", "İ") else written
    letter, expected = parse_letter(written.replace(letters, twin)), parse_letter(plain)
    assert letter.priority is None or letter.priority.value in ("Standard", "Expedited")
    assert [item.request.quantity is None for item in letter.items] == [
        item.request.quantity is None for item in expected.items
    ]
    assert len(letter.items) == len(expected.items)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_half_a_blank_goes_before_any_line_end(line_end):
    text = single_spaced(letter_2016(Parts())).replace("\n", f"Â{line_end}")
    assert "Â" not in clean(text).text


# A run of blanks that is kept, since it is no column: as many line ends stand elsewhere.
@pytest.mark.parametrize(
    "letter",
    [
        forms.professional_review("MRI@x", forms.NOT_NECESSARY + "No."),
        forms.professional_review("1. MRI", forms.NOT_NECESSARY + "No.", "ODG@x"),
        pdfbox(letter_2016(Parts(reviewer="ODG@x"))),
    ],
    ids=["a request", "guidelines in sentences", "a guideline line"],
)
def test_a_run_of_blanks_without_end(letter):
    text = letter.replace("@", " " * 9_000) + "x\n" * 9_000
    assert len(parse_letter(text).items) == 1


# ---- several ----------------------------------------------------------------------------------------------------
def test_two_letters_in_one_text_are_an_issue():
    first, second = pdfbox(letter_2016(Parts("Knee brace"))), pdfbox(letter_2016(Parts("Neck pillow")))
    assert "several-letters" not in codes(first)
    assert codes(first + second) == ["several-letters"]


# ---- odd letters ------------------------------------------------------------------------------------------------
# A pattern that ignores case takes each of these for a letter of ASCII; ``str.lower`` leaves them, or makes two of one.
ODD_LETTERS = [("i", "\u0131"), ("i", "\u0130"), ("s", "\u017f"), ("k", "\u212a")]


@pytest.mark.parametrize(("letter", "odd"), ODD_LETTERS)
@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.txt"))[::6], ids=lambda path: path.stem)
def test_odd_letters_in_place_of_others(sample, letter, odd):
    text = sample.read_text(encoding="utf-8").replace(letter, odd)
    assert parse_letter(text).format


@pytest.mark.parametrize(("letter", "odd"), ODD_LETTERS)
@pytest.mark.parametrize(
    "title",
    [
        "Physical therapy, six visits, three times daily for two weeks, twice in six weeks",
        "Ibuprofen 800 mg, sixty tablets with six refills",
        "Shoulder brace, right",
        "Cold pack 10 inches, six fluid ounces, 20 pills, 3 sticks",
    ],
)
def test_odd_letters_in_a_request(title, letter, odd):
    guideline = "Decision based on MTUS Ankle and Foot Complaints 2004, Shoulder Disorders 2016, ODG, Knee and Skin."
    parts = Parts(title.replace(letter, odd), claims_administrator=guideline.replace(letter, odd))
    (item,) = parse_letter(pdfbox(letter_2016(parts))).items
    assert item.treatment.value


@pytest.mark.parametrize("letter", [pdfbox(letter_2014(Parts())), forms.notice([forms.Request("a wrist brace")])])
def test_the_same_letter_twice_is_two_letters_and_its_lines_are_no_page_headers(letter):
    assert [text.strip() for text in cut(letter + "\n\n\n" + letter)] == [letter.strip()] * 2


def cut(text):
    """The letters in a text, apart."""
    return [text[span.start : span.end] for span in parts(text)]


# Headings that open a letter, without the reasons that end the one before.
@pytest.mark.parametrize("heading", ["MEDICAL PROFESSIONAL REVIEW\n", "HOW THE IMR FINAL DETERMINATION WAS MADE\n"])
def test_a_heading_that_repeats_itself_without_end_opens_one_letter(heading):
    assert len(cut("Rationale for the Decision: x\n" * 20_000 + heading * 20_000)) == 1


# ---- lists that are far longer than a letter's ----------------------------------------------------------------------
def numbered(count, words="ankle brace of size {}"):
    """As many requests, none like another."""
    return [words.format(number) for number in range(1, count + 1)]


def test_three_thousand_determinations_find_their_reasons_in_any_order():
    asked = [forms.Request(words) for words in numbered(3000)]
    listed = "\n\n".join(forms.determinations([one]) for one in asked)
    reasons = "\n\n".join(forms.regarding([one]) for one in reversed(asked))
    letter = parse_letter(forms.notice(asked, first=listed, second="", reasons=reasons))
    assert [item.treatment.value for item in letter.items] == [one.words for one in asked]
    assert all(one.words + " is" in item.rationale.value for one, item in zip(asked, letter.items, strict=True))
    assert "overlong-part" in {issue.code for issue in letter.issues}


def test_two_lists_of_two_thousand_determinations_that_differ_are_one_list():
    first, second = (
        forms.determinations([forms.Request(words) for words in numbered(2000, words)])
        for words in ("ankle brace of size {}", "wheelchair, {} months")
    )
    letter = parse_letter(forms.notice([forms.Request("x")], first=first, second=second, reasons=""))
    assert len(letter.items) == 4000
    assert "determinations-differ" in [issue.code for issue in letter.issues]


def test_long_lists_are_paired_by_the_same_words_and_else_with_what_is_near():
    ones = [(0, words) for words in numbered(200)]
    assert pairs(ones, ones[::-1]) == {place: 199 - place for place in range(200)}
    other_words = [(0, words + " or a splint") for words in numbered(200)]
    assert pairs(ones, other_words) == {place: place for place in range(200)}
    assert pairs(ones, [(0, "wheelchair")] * 200) == {}


def test_long_lists_of_the_same_words_are_paired_by_number():
    ones, others = ([(number, "MRI") for number in numbers] for numbers in (range(150), range(149, -1, -1)))
    assert pairs(ones, others) == {place: 149 - place for place in range(150)}


def test_a_thousand_requests_of_a_review_find_their_numbered_reasons():
    requests = "\n".join(f"{number}. {words}" for number, words in enumerate(numbered(999), 1))
    reasons = "\n".join(f"{number}. No word of the {words}." for number, words in enumerate(numbered(99), 1))
    letter = parse_letter(forms.professional_review(requests, forms.NOT_NECESSARY + reasons))
    assert [item.treatment.value for item in letter.items] == numbered(999)
    assert [item.rationale.value for item in letter.items[:99]] == [
        f"No word of the {words}." for words in numbered(99)
    ]


def test_what_stands_for_all_requests_is_not_kept_with_thousands_of_them():
    requests = "\n".join(f"{number}. {words}" for number, words in enumerate(numbered(999), 1))
    guidelines, reasons = "Official Disability Guidelines, Knee. " * 100, "It is not needed. " * 1000
    letter = parse_letter(forms.professional_review(requests, forms.NOT_NECESSARY + reasons, guidelines))
    first, *_, last = letter.items
    assert len(letter.items) == 999
    assert len(first.reviewer.citations) == 100
    assert first.rationale.value == reasons.strip()
    assert (last.reviewer.citations, last.rationale, last.outcome.value) == ((), None, "Upheld")
    assert "overlong-part" in [issue.code for issue in letter.issues]


def test_overlong_guidelines_in_sentences_are_kept_whole():
    guidelines = "The Official Disability Guidelines speak of the knee. " * 1000
    (item,) = parse_letter(forms.professional_review("1. MRI", forms.NOT_NECESSARY + "No.", guidelines)).items
    assert item.reviewer.citations == ()
    assert item.reviewer.statement.value == guidelines.strip()


def test_a_letter_of_more_items_than_the_archive_can_count_is_rejected():
    text = single_spaced(letter_2016(Parts())) + "\n\nX: Upheld" * MAX_ITEMS
    (reading,) = read_letters(Member("x.txt", text.encode()))
    assert (reading.code, reading.letter) == ("too-large", None)
    assert reading.compressed
