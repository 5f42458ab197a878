"""From the source text to regular text, and the way back."""

import re

import pytest

from determinations.letters import parse_letter
from determinations.letters.text.clean import (
    CleanText,
    blanks,
    clean,
    flat,
    heal,
    heal_paragraphs,
    invisible,
    layout,
    line_ends,
)

from .builder import PAGE_END, Parts, crlf, double_spaced, letter_2016, pdfbox, single_spaced, squeezed

ZERO_WIDTH = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"


def raw(text: str) -> CleanText:
    return CleanText(text, (0,), (0,))


# ---- line ends, invisible and control characters -------------------------------------------------
@pytest.mark.parametrize(
    "line_end", ["\n", "\r\n", "\r", "\f", "\v", "\x85", "\u2028", "\u2029"], ids=lambda end: f"{end!a}"
)
def test_every_kind_of_line_end_is_one(line_end):
    assert line_ends(raw(f"neck{line_end}shoulder")).text == "neck\nshoulder"


def test_a_windows_line_end_is_one_and_not_two():
    assert line_ends(raw("neck\r\n\r\nshoulder\rwrist")).text == "neck\n\nshoulder\nwrist"


@pytest.mark.parametrize("character", ZERO_WIDTH, ids=lambda character: f"{character!a}")
def test_invisible_characters_vanish_without_a_trace(character):
    assert invisible(raw(f"{character}phys{character}{character}ical{character}")).text == "physical"


@pytest.mark.parametrize(
    "character",
    "\t\x00\x01\x08\x0e\x1b\x1f\x7f\x80\x9f\xa0\u1680\u2003\u2009\u202f\u205f\u3000\ud800\udfff",
    ids=lambda character: f"{character!a}",
)
def test_odd_blanks_and_control_characters_become_blanks_one_for_one(character):
    assert blanks(raw(f"10{character}{character}mg")).text == "10  mg"


def test_nothing_that_can_be_read_is_taken_away():
    shown = "Üben • 50 µg ± ½ “quoted” – 90° café ≥ 3 × 2; №1 € 日本 a\u0301"
    assert clean(shown).text == shown


# ---- paragraphs ----------------------------------------------------------------------------------
REGULAR = "He bends\nall day.\n\nIt aches\nat night.\n\nRest helps."

LAYOUTS = {
    "pdfbox": "He bends \n\nall day. \n\n \n\nIt aches \n\nat night. \n\n \n\nRest helps. \n\n",
    "pdfbox, more blanks in the gap": "He bends \n\nall day.   \n\n  \n\n \n\nIt aches \n\nat night. "
    "\n\n \n\nRest helps. \n\n",
    "pdfbox, a page ends between paragraphs": "He bends \n\nall day. \n\n \n\n\n\nIt aches \n\nat night."
    " \n\n\n\n \n\nRest helps. \n\n",
    "pdfbox, a page ends in mid sentence": "He bends \n\n\n\nall day. \n\n \n\nIt aches \n\nat night. \n\n"
    " \n\nRest helps. \n\n",
    "single spaced": "He bends\nall day.\n\nIt aches\nat night.\n\nRest helps.\n",
    "single spaced, blanks on the empty lines": "He bends\nall day.\n  \nIt aches\nat night.\n \nRest helps.\n",
    "single spaced, indented": "  He bends\n  all day.\n\n  It aches\n  at night.\n\n  Rest helps.\n",
    "single spaced, three empty lines": "He bends\nall day.\n\n\n\nIt aches\nat night.\n\n\nRest helps.\n",
    "double spaced without blanks": "He bends\n\nall day.\n\n\nIt aches\n\nat night.\n\n\nRest helps.\n\n",
    "windows": "He bends\r\nall day.\r\n\r\nIt aches\r\nat night.\r\n\r\nRest helps.\r\n",
    "old mac": "He bends\rall day.\r\rIt aches\rat night.\r\rRest helps.\r",
    "unicode": "He bends\u2028all day.\u2028\u2028It aches\u2028at night.\u2028\u2028Rest helps.",
    "blank at the top": " \n\nHe bends \n\nall day. \n\n \n\nIt aches \n\nat night. \n\n \n\nRest helps. \n\n",
    "byte order mark": "\ufeffHe bends\nall day.\n\nIt aches\nat night.\n\nRest helps.\n",
    "tabs for blanks": "He\tbends\t\nall day.\n\t\nIt\u00a0aches\nat night.\n\nRest helps.\n",
}


@pytest.mark.parametrize("source", LAYOUTS.values(), ids=LAYOUTS)
def test_the_same_words_in_any_layout_are_the_same_text(source):
    assert clean(source).text.strip() == REGULAR


PAGE_ENDS = {
    # Which of the two a page end is can be seen in a PDFBox text: it writes a line of blanks between paragraphs.
    "pdfbox, before a capital": (
        "He saw \n\n\n\nDr. Vale in May. \n\n \n\nShe agreed. \n\nHe left. \n\n",
        "He saw\nDr. Vale in May.\n\nShe agreed.\nHe left.",
    ),
    "pdfbox, after a full stop": (
        "He rested. \n\n\n\nHe then \n\nworked. \n\n \n\nShe agreed. \n\n",
        "He rested.\nHe then\nworked.\n\nShe agreed.",
    ),
    # Elsewhere it cannot: a sentence that goes on in lower case is the only sure sign.
    "single spaced, the sentence goes on": (
        "He saw\n\fthe nurse\nin May.\n\nShe agreed.\nHe left.\nIt rained.\n",
        "He saw\nthe nurse\nin May.\n\nShe agreed.\nHe left.\nIt rained.",
    ),
    "single spaced, an empty line in a sentence": (
        "He saw\n\n\nthe nurse\nin May.\n\nShe agreed.\nHe left.\nIt rained.\n",
        "He saw\nthe nurse\nin May.\n\nShe agreed.\nHe left.\nIt rained.",
    ),
    "single spaced, a new sentence": (
        "He rested.\n\fHe then\nworked.\nHe left.\nIt rained.\n",
        "He rested.\nHe then\nworked.\nHe left.\nIt rained.",
    ),
    "single spaced, after a colon": (
        "It says:\n\nno heavy\nwork.\nHe left.\nIt rained.\n",
        "It says:\n\nno heavy\nwork.\nHe left.\nIt rained.",
    ),
    "double spaced, the sentence goes on": (
        "He saw\n\n\n\nthe nurse\n\nin May.\n\n\nShe agreed.\n\nHe left.\n\nIt rained.\n\n",
        "He saw\nthe nurse\nin May.\n\nShe agreed.\nHe left.\nIt rained.",
    ),
}


@pytest.mark.parametrize(("source", "expected"), PAGE_ENDS.values(), ids=PAGE_ENDS)
def test_a_page_end_in_mid_sentence_is_no_new_paragraph(source, expected):
    assert clean(source).text.strip() == expected


@pytest.mark.parametrize("source", ["", " ", "\n", "\r\n", " \n\n ", "\f", "\u200b", "\t\x00\t"], ids=repr)
def test_a_text_of_blanks_is_empty(source):
    assert clean(source).text.strip() == ""


@pytest.mark.parametrize("blanks_at_the_top", ["", " ", "   ", "\n", " \n\n", "\n  ", " \n \n   "], ids=repr)
def test_a_text_begins_with_its_first_word(blanks_at_the_top):
    cleaned = clean(f"{blanks_at_the_top}He bends\nall day.\nIt aches.\n")
    assert cleaned.text.startswith("He bends\nall day.")
    assert cleaned.source_offset(0) == len(blanks_at_the_top)


# ---- values --------------------------------------------------------------------------------------
HEALED = {
    "wrapped line": ("twelve\nvisits", "twelve visits"),
    "hyphen inside a word": ("follow-\nup", "follow-up"),
    "hyphen between numbers": ("98-\n99", "98-99"),
    "hyphen in a date": ("10-13-\n16", "10-13-16"),
    "slash between numbers": ("10/\n325 mg", "10/325 mg"),
    "slash between words": ("EMG/\nNCV", "EMG/NCV"),
    "slash in a date": ("10/14/\n2016", "10/14/2016"),
    "no-break hyphen": ("x\u2011\nray", "x\u2011ray"),
    "hyphen of its own kind": ("x\u2010\nray", "x\u2010ray"),
    "two hyphens": ("over-the-\ncounter", "over-the-counter"),
    # The hyphen stands for a second half that comes later: it is no break inside a word.
    "half a word, and": ("pre-\nand postoperative", "pre- and postoperative"),
    "half a word, or": ("two-\nor three-level", "two- or three-level"),
    "half a word, to": ("six-\nto eight-week", "six- to eight-week"),
    "but a word may begin like that": ("sub-\noral", "sub-oral"),
    "hyphen as a dash": ("wrist -\nleft", "wrist - left"),
    "dash": ("wrist –\nleft", "wrist – left"),
    "hyphen before a bracket": ("non-\n(union)", "non- (union)"),
    "hyphen in mid line stays": ("pre- operative", "pre- operative"),
    "runs of blanks": ("  a   b \n c ", "a b c"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("text", "expected"), HEALED.values(), ids=HEALED)
def test_heal(text, expected):
    assert heal(text) == expected


def test_a_longer_text_keeps_its_paragraphs_apart():
    assert heal_paragraphs("One wrist is\nsore.\n\nThe follow-\nup is due.\n\n \n\nRest.") == (
        "One wrist is sore.\n\nThe follow-up is due.\n\nRest."
    )


def test_flat_text_keeps_every_offset():
    assert flat("a\nb\n\nc") == "a b  c"


# ---- the way back --------------------------------------------------------------------------------
# Each of these is changed by several steps, and by one step in several places.
SOURCES = {
    "plain": "Two words",
    "blanks first": "   Two words",
    "gap first": " \n\n \n\nTwo words \n\n",
    "windows": "One\r\ntwo\r\n\r\nthree\r\nfour\r\n",
    "invisible in the words": "\ufeffO\u00adne t\u200bwo\r\n\u200b\u200bthree\u2060\r\n\r\nfour\u00ad\r\n",
    "control characters": "One\x00two\tthree\x07\r\n\x0bfour\u00a0five\f\fsix\u2029seven",
    "pdfbox": " \n\nOne two \n\nthree. \n\n \n\nFour \n\n\n\nfive \n\n \n\n\n\nsix \n\n",
    "all at once": (
        "\ufeff \r\n\r\nO\u00adne\u00a0two \r\n\r\nth\u200bree.\t\r\n\r\n \r\n\r\nFo\x00ur \r\n\r\n\r\n\r\n"
        "five\u2028 \f six \r\n\r\n"
    ),
    "astral characters": "😀 One\r\n😀two 😀\r\n\r\nthree\u200b😀",
    "lone surrogates": "One\ud800two\r\n\udfffthree",
    "letter, pdfbox": pdfbox(letter_2016(Parts(), Parts(treatment="Follow-\fup visits, 6"))),
    "letter, windows": crlf(single_spaced)(letter_2016(Parts(), Parts(rationale="Quite\u00ad un\u200bclear."))),
    "letter, double spaced": double_spaced([*letter_2016(Parts()), PAGE_END, *Parts().paragraphs()]),
}
STEPS = {"line ends": line_ends, "invisible": invisible, "blanks": blanks, "layout": layout}


def words_of(text: str) -> list[str]:
    """The words as they can be seen: without invisible characters; what is a blank afterwards parts two words."""
    seen = re.sub(f"[{ZERO_WIDTH}]", "", text)
    return re.sub(
        r"[\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ud800-\udfff]", " ", seen
    ).split()


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_every_word_leads_back_to_its_place_in_the_source(source):
    cleaned = clean(source)
    places = [(match.start(), match.end()) for match in re.finditer(r"\S+", cleaned.text)]
    found = [cleaned.found(start, end) for start, end in places]
    assert [words_of(source[one.span.start : one.span.end]) for one in found] == [[one.value] for one in found]
    # Nothing is left over, nothing twice: the words in their order are the words of the source.
    assert [one.value for one in found] == words_of(source)
    assert sorted(found, key=lambda one: (one.span.start, one.span.end)) == found


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_each_step_keeps_the_way_back(step, source):
    done = step(raw(source))
    for match in re.finditer(r"[^\s\x00-\x20]+", done.text):
        span = done.span(match.start(), match.end())
        assert words_of(source[span.start : span.end]) == words_of(match.group())


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_a_range_over_several_words_begins_and_ends_with_them(source):
    cleaned = clean(source)
    places = [(match.start(), match.end()) for match in re.finditer(r"\S+", cleaned.text)]
    for first, last in zip(places, places[2:], strict=False):
        span = cleaned.span(first[0], last[1])
        assert words_of(source[span.start : span.end]) == cleaned.text[first[0] : last[1]].split()


def test_a_single_character_leads_back_to_itself():
    source = "\ufeffa\u00adb\r\nc\x00d \r\n\r\n\r\n e"
    cleaned = clean(source)
    for offset, character in enumerate(cleaned.text):
        if character.isalpha():
            assert source[cleaned.source_offset(offset)] == character


def test_an_empty_range_stays_empty():
    span = clean("\r\n\r\nOne two").span(3, 3)
    assert span.start == span.end


def test_the_span_of_a_healed_value_holds_the_break_that_was_healed():
    source = " \n\nThe follow- \n\n\n\nup was kept. \n\n \n\nSo it \n\nstood. \n\n"
    cleaned = clean(source)
    found = cleaned.found(*re.search(r"follow-\s*up", cleaned.text).span())
    assert found.value == "follow-up"
    assert source[found.span.start : found.span.end] == "follow- \n\n\n\nup"


def test_a_text_without_anything_to_mend_is_left_as_it_is():
    text = "One\ntwo\nthree.\n\nFour\n"
    assert clean(text) == raw(text)


def test_layouts_differ_in_white_space_only():
    source = pdfbox(letter_2016(Parts()))
    assert squeezed(clean(source).text) == squeezed(source)


# ---- footers -------------------------------------------------------------------------------------
FOOTER = "Final Determination Letter for IMR Case Number CM16-0777001"


@pytest.mark.parametrize(
    ("text", "expected", "kept"),
    [
        (f"He bends all\n{FOOTER}  3\nday.", "He bends all\nday.", (f"{FOOTER} 3",)),
        (f"He bends all {FOOTER}  3 day.", "He bends all day.", (f"{FOOTER} 3",)),
        (f"He bends all\n{FOOTER}\nday.", "He bends all\nday.", (FOOTER,)),
        ("He bends all\nPage 2 of 5\nday.", "He bends all\nday.", ("Page 2 of 5",)),
        (f"He bends all\n{FOOTER}  3\nPage 3 of 5\nday.", "He bends all\nday.", (f"{FOOTER} 3", "Page 3 of 5")),
        # None of these is a footer.
        ("See guideline,\nPage 98 of 127\nfor more.", "See guideline,\nPage 98 of 127\nfor more.", ()),
        ("See page 2 of 5 there.", "See page 2 of 5 there.", ()),
        ("Page 5 of 2", "Page 5 of 2", ()),
    ],
)
def test_footers_go_and_are_kept_apart(text, expected, kept):
    cleaned = clean(text)
    assert (cleaned.text, tuple(footer.value for footer in cleaned.footers)) == (expected, kept)
    assert [" ".join(text[f.span.start : f.span.end].split()) for f in cleaned.footers] == list(kept)


def test_a_footer_in_mid_sentence_breaks_no_paragraph_and_one_after_a_sentence_keeps_it():
    line = "He bends all day. \n\n"
    footer = f" \n\n{FOOTER}  3 \n\n\n\n"
    assert "He bends\nall day." in clean(f"{line * 3}He bends \n\n{footer}all day. \n\n{line}").text
    assert "It aches.\n\nRest helps." in clean(f"{line * 3}It aches. \n\n{footer}Rest helps. \n\n{line}").text


def test_a_letter_with_footers_in_every_part_reads_as_one_without():
    parts = [Parts("Knee brace for the left knee"), Parts("Neck pillow", "Overturned")]
    plain = pdfbox(letter_2016(*parts), width=60)
    lines = plain.split(" \n\n")
    with_footers = " \n\n".join(
        line + (f" \n\n{FOOTER}  {place} \n\n\n\nPage {place} of 40" if place % 5 == 4 and place < 40 and line else "")
        for place, line in enumerate(lines)
    )
    first, second = parse_letter(plain), parse_letter(with_footers)
    assert [item.treatment.value for item in first.items] == [item.treatment.value for item in second.items]
    assert [squeezed(item.rationale.value) for item in first.items] == [
        squeezed(item.rationale.value) for item in second.items
    ]
    assert squeezed(first.clinical_summary.value) == squeezed(second.clinical_summary.value)
    assert [issue.code for issue in first.issues] == [issue.code for issue in second.issues]


# ---- what else is printed on every page ------------------------------------------------------------
TEXT = "He bends his back all day long and lifts what\nis heavy, and when he comes home he cannot even\nsit"
SENTENCE = ", which is why he asked for the visits that he\nwas promised."


def pages(*lines: str) -> str:
    """A text of pages, each of which ends in mid sentence with one of ``lines``; the text goes on after the last."""
    fill = "\n".join([TEXT + SENTENCE] * 6)
    return "\n".join(f"{fill}\n{TEXT}\n{line}\nor stand{SENTENCE}" for line in lines)


@pytest.mark.parametrize(
    "lines",
    [
        ("1", "2", "3"),
        ("- 4 -", "- 5 -"),
        ("Page 1", "Page 2"),
        ("2 of 5", "3 of 5"),
        ("CM16-0777001 2", "CM16-0777001 3"),
        ("CM16-0777001", "CM16-0777001", "CM16-0777001"),
        ("DWC Form IMR-1 (Rev. 02/2014)",),
        ("Rev. 11/13",),
        ("IMR FDL v2.1 10/2014",),
        ("ACME REVIEWS, INC.", "ACME REVIEWS, INC."),
        ("Acme Reviews  1", "Acme Reviews  2"),
    ],
    ids=lambda lines: lines[0],
)
def test_what_comes_on_every_page_goes_and_is_kept_apart(lines):
    cleaned = clean(pages(*lines))
    assert [footer.value for footer in cleaned.footers] == [" ".join(line.split()) for line in lines]
    assert squeezed(cleaned.text) == squeezed(pages(*[""] * len(lines)))


@pytest.mark.parametrize(
    "lines",
    [
        ("1", "3"),  # not counted on
        ("3", "2"),
        ("0", "1"),
        ("4 of 3", "5 of 3"),
        ("Acme Reviews",),  # once
        ("acme reviews", "acme reviews"),  # the sentence's own words
        ("He was tired.", "He was tired."),
        ("98", "127"),
        ("MAXIMUS guideline", "MAXIMUS guideline"),
        ("Rev. 11/13 of the form",),
        ("CM16-0777001",),
    ],
    ids=lambda lines: lines[0],
)
def test_other_lines_stay(lines):
    cleaned = clean(pages(*lines))
    assert cleaned.footers == ()
    assert squeezed(cleaned.text) == squeezed(pages(*lines))


def test_the_same_line_in_its_own_place_again_and_again_stays():
    again = "\n".join([(TEXT + SENTENCE + "\n") * 8 + "Physical therapy\nHe said so."] * 4)
    assert clean(again).footers == ()


def test_a_letterhead_above_the_first_heading_stays():
    letter = single_spaced(letter_2016(Parts(rationale="@"))).replace("@", pages("Acme Reviews", "Acme Reviews"))
    assert clean("Acme Reviews\n" + letter).text.startswith("Acme Reviews\nCase Number")
    assert len(clean("Acme Reviews\n" + letter).footers) == 2


# ---- hyphens -------------------------------------------------------------------------------------
@pytest.mark.parametrize("mark", ["\x02", "\ufffe"], ids=lambda mark: f"{mark!a}")
def test_pdfiums_mark_of_a_hyphen_at_a_line_end_is_that_hyphen(mark):
    assert clean(f"a follow{mark}up, pre{mark}and postoperative").text == "a follow-\nup, pre-\nand postoperative"
    assert clean(f"a follow{mark}\r\nup").text == "a follow-\nup"
    assert mark == "\ufffe" or clean(f"a {mark} b{mark}").text.split() == ["a", "b"]


SET_WITH_HYPHENS = (
    "The docu-\nments show a frac-\nture of the fore-\narm and a low-back sprain, low-\nback pain, fol-\nlow-up"
)


def test_words_that_a_typesetter_cut_are_put_together_and_the_hyphens_kept_apart():
    cleaned = clean(SET_WITH_HYPHENS)
    assert cleaned.text.replace("\n", "|") == (
        "The documents show a fracture of the forearm and a low-back sprain, low-|back pain, follow-up"
    )
    assert [SET_WITH_HYPHENS[one.span.start : one.span.end] for one in cleaned.hyphens] == ["-"] * 4


def test_a_hyphen_at_a_line_end_here_and_there_is_the_letters_own():
    text = "He has\na docu-\nment of\na frac-\nture\n" + "He rests.\n" * 60
    assert clean(text).text == text


# ---- the form's own words --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("MAXIMUSguideline:", "MAXIMUS guideline:"),
        ("MAXIMUS  guideline :", "MAXIMUS guideline:"),
        ("MAXIMUS\nguideline::", "MAXIMUS guideline:"),
        ("maximus guideline:", "MAXIMUS guideline:"),
        ("MAXIMUS guidelines:", "MAXIMUS guideline:"),
        ("Claims Administratorguideline:", "Claims Administrator guideline:"),
        ("Claims Adrninistrator guideline:", "Claims Administrator guideline:"),
        ("Decisionrationale:", "Decision rationale:"),
        ("DECISION RATIONALE :", "Decision rationale:"),
        ("Decision rationale He", "Decision rationale: He"),
        ("MAXIMUS guideline Decision based on", "MAXIMUS guideline: Decision based on"),
        ("CLINICALCASE SUMMARY", "CLINICAL CASE SUMMARY"),
        ("IMR ISSUES,DECISIONS ANDRATIONALES", "IMR ISSUES, DECISIONS AND RATIONALES"),
        ("State(s)of Licensure :", "State(s) of Licensure:"),
        # These are not the form's.
        ("Decision rationale is", "Decision rationale is"),
        ("MAXIMUS guideline says", "MAXIMUS guideline says"),
        ("a clinicalcase summary", "a clinicalcase summary"),
    ],
)
def test_the_forms_words_are_mended(written, mended):
    source = f"He came.\n{written} what follows"
    cleaned = clean(source)
    assert cleaned.text == f"He came.\n{mended} what follows"
    at = cleaned.text.index("what")
    assert cleaned.found(at, at + 4).span.start == source.index("what")


def test_headings_in_a_line_that_holds_everything_open_paragraphs():
    text = "He came. " * 50 + "CLINICAL CASE SUMMARY He went."
    assert "He came.\n\nCLINICAL CASE SUMMARY\n\nHe went." in clean(text).text
    assert clean("See CLINICAL CASE SUMMARY above.").text == "See CLINICAL CASE SUMMARY above."
