"""Characters that stand for others: what they become, what stays, and the way back to the source."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from determinations.letters import parse_letter
from determinations.letters.text.characters import STEPS, steps_for
from determinations.letters.text.clean import clean

from .builder import Parts, letter_2016, pdfbox


def mojibake_of(text: str, times: int = 1, encoding: str = "cp1252") -> str:
    """UTF-8 read in another encoding; bytes that it leaves undefined as browsers read them."""
    for _ in range(times):
        content = text.encode("utf-8")
        text = "".join(bytes([byte]).decode(encoding, errors="ignore") or chr(byte) for byte in content)
    return text


HEALED = {
    "apostrophe": ("the worker’s wrist", "the worker’s wrist"),
    "quotes": ("a “rigid” brace", "a “rigid” brace"),
    "dashes": ("pages 98–99 — all", "pages 98–99 — all"),
    "bullet": ("• a brace", "• a brace"),
    "fraction": ("2½ tablets", "2½ tablets"),
    "degree": ("90° of flexion", "90° of flexion"),
    "signs": ("≥ 50 %, ± 5 µg, 3 × 2", "≥ 50 %, ± 5 µg, 3 × 2"),
    "accents": ("José Núñez", "José Núñez"),
    "capitals with accents": ("ÉCOLE À ÜBEN", "ÉCOLE À ÜBEN"),
    "no-break space": ("10\u00a0mg", "10 mg"),
    "byte order mark": ("\ufeffCase", "Case"),
    "a ligature inside": ("ﬁnal", "final"),
}


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize(("text", "expected"), HEALED.values(), ids=HEALED)
def test_mojibake_is_healed_however_often_it_was_made(text, expected, encoding, times):
    assert clean(mojibake_of(text, times, encoding)).text == expected


def test_a_no_break_space_whose_second_half_became_a_blank():
    assert clean("10Â mg\nof itÂ \nor 2Â").text == "10 mg\nof it\nor 2"


@pytest.mark.parametrize(
    "text",
    [
        "Üben, café, naïve, Ångström, Ærø, ñandú, Zoë",
        "“quoted” – ‘single’ — ½ ¼ ¾ • · … ™ ® © € £ ° ± × ÷ µ ² ³ ¶ §",
        "Ã alone, â alone, Ãb, â€b, Ä1",
        "CAFÉ’S “É” É–É",  # the bytes of É’ are UTF-8 for a letter that no letter has
        "日本 Ω ≈ ∞ 😀",
    ],
)
def test_what_is_no_mojibake_stays(text):
    assert clean(text).text == text


OTHERS = {
    "ligatures": ("the ﬁrst oﬃce aﬀected by reﬂux, waﬄe, ﬆ", "the first office affected by reflux, waffle, st"),
    "bullets of symbol fonts": ("\uf0b7 brace\n\uf0a7 cane\n\uf0d8 sling", "• brace\n• cane\n• sling"),
    "signs of the symbol font": ("\uf0b3 50 %, \uf0b1 5, 90\uf0b0", "≥ 50 %, ± 5, 90°"),
    "another private glyph": ("a\ue123b", "a b"),
    "full width": ("ＭＲＩ（２）", "MRI(2)"),
    "a hyphen at a line's end as PDFium has it": ("electro\ufffemyography, x\x02ray", "electro-\nmyography, x-\nray"),
    "the same mark elsewhere": ("a \x02 b", "a b"),
}


@pytest.mark.parametrize(("text", "expected"), OTHERS.values(), ids=OTHERS)
def test_what_other_characters_become(text, expected):
    assert clean(text).text == expected


def test_nothing_is_looked_for_in_a_text_without_such_characters():
    assert steps_for(pdfbox(letter_2016(Parts()))) == ()
    assert steps_for("“quoted” – café 90° \u00a0") == ()
    assert steps_for("ﬁ") == STEPS


def test_a_letter_reads_alike_with_and_without():
    def read(change):
        parts = Parts(
            "Flexion brace – “rigid”, 90°",
            rationale="The first ½ was fine; the worker’s office agrees. The request is not medically necessary.",
        )
        return parse_letter(change(pdfbox(letter_2016(parts))))

    plain = read(lambda text: text)
    for change in (
        mojibake_of,
        lambda text: mojibake_of(text, 2),
        lambda text: text.replace("fi", "ﬁ").replace("ffi", "ﬃ").replace("Fl", "Fl"),
    ):
        found = read(change)
        assert found != plain  # the spans are others
        assert [item.treatment.value for item in found.items] == [item.treatment.value for item in plain.items]
        assert [item.rationale.value for item in found.items] == [item.rationale.value for item in plain.items]


# ---- the way back --------------------------------------------------------------------------------
PIECES = {
    "don’t": "don’t",
    mojibake_of("don’t"): "don’t",
    mojibake_of("don’t", 2): "don’t",
    mojibake_of("“rigid”"): "“rigid”",
    mojibake_of("é"): "é",
    "ﬁnal": "final",
    "stiﬀ": "stiff",
    "ﬃ": "ffi",
    "\uf0b7": "•",
    "ＭＲＩ": "MRI",
    "x\x02ray": "x-ray",
    "plain": "plain",
    "caf\u00ade": "cafe",
}


@given(st.lists(st.tuples(st.sampled_from(list(PIECES)), st.sampled_from([" ", "\n", "\r\n", "\u00a0", " \n\n"]))))
@settings(derandomize=True, database=None, max_examples=120, deadline=None)
def test_every_word_leads_back_to_the_whole_of_what_it_was_made_from(pieces):
    source = "".join(word + gap for word, gap in pieces)
    cleaned = clean(source)
    assume(not (cleaned.footers or cleaned.hyphens))  # what comes again and again may be a page's or a typesetter's
    words = re.findall(r"(?:\S|(?<=-)\n(?=ray))+", cleaned.text)
    assert [word.replace("\n", "") for word in words] == [PIECES[word] for word, _ in pieces]
    places = [match.span() for match in re.finditer(r"(?:\S|(?<=-)\n(?=ray))+", cleaned.text)]
    spans = [cleaned.span(*place) for place in places]
    assert [source[span.start : span.end] for span in spans] == [word for word, _ in pieces]


@given(st.text(st.sampled_from("ÂÃâ€™œ\x9d“”ïﬁ\uf0b7Ｍ\x02\ufffeab é½\n\r\u00ad"), max_size=60))
@settings(derandomize=True, database=None, max_examples=150, deadline=None)
def test_any_mixture_is_mended_once_and_keeps_the_order_of_its_places(text):
    cleaned = clean(text)
    offsets = [cleaned.source_offset(at) for at in range(len(cleaned.text))]
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)
    for at in range(len(cleaned.text)):
        span = cleaned.span(at, at + 1)
        assert 0 <= span.start < span.end <= len(text)


def test_time_grows_with_the_length_only():
    """Ten thousand characters of mojibake in a run, and a hundred thousand: no pattern goes back and forth."""
    import time

    def seconds(size):
        text = "Ã" * size + mojibake_of("’", 2) * (size // 8) + "Â" * size
        started = time.process_time()
        clean(text)
        return time.process_time() - started

    seconds(1000)
    assert seconds(100_000) < 40 * max(seconds(10_000), 0.01)
