"""The inputs: letters changed at random, letters put together of wrong parts, and noise that looks like a letter."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.letters import forms
from tests.letters.builder import Parts, letter_2014, letter_2016, pdfbox, single_spaced

from ..corpus import letter as generated
from .files import as_file
from .words import known_words, patterns, sample

ROOT = Path(__file__).resolve().parents[2]
OWN = ("samples", "tests/letters/golden")
_GENERATED = 60
_LONGEST = 400_000  # characters of most inputs; a few are far longer
_ODD_CHARACTERS = (
    "\0 \x01 \x02 \x07 \x0b \x0c \x1b \x1c \x1f \x7f \x85 \xa0 \xad ́ ̈ ҈ ⃝ ‌ ‍ ​ ‎ ‏ ‪ ‮ "
    "⁦ ⁩ \u2028 \u2029 ﬁ ﬂ ﬃ Ⅷ ½ ① ａ Ａ ： ； ， İ ı ß ẞ ſ K Å ǅ ٣ ४ ² \ud800 \udfff \udc80 \ufeff \ufffe \uffff "
    "\ufffd \U0001f600 \U000e0041 â€™ Ã© Â  �  • · – — ‐ ‑ “ ” ‘ ’ \" ' \r \r\n \t"
)
_ODD = _ODD_CHARACTERS.split(" ")
_JOINTS = (" ", "\n", "\n\n", "", ", ", ". ", ": ", "; ", " and ", "-", "/", "(", ")", '"', "  ", "\n \n", "\t", "\f")
_FEW = ("not ", "(", "[", '"', "“", "1", "1,", "is ", "the ", "no ", " ", "\n", "\n\n", ".", ":", "x", "a-\n", "9" * 50)
_HEADING = re.compile(r"^[A-Z][A-Z ,()]{8,}$|^[A-Z][\w ()/]{2,60}:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Input:
    """One input: the text, or the bytes of a file, and the kinds of what was done to it."""

    text: str | bytes
    kinds: tuple[str, ...]


class Seeds:
    """The letters that inputs start from."""

    def __init__(self, folder: Path | None = None) -> None:
        paths = [path for name in OWN for path in sorted((ROOT / name).glob("*.txt"))]
        paths += sorted(folder.rglob("*.txt")) if folder else []
        self.letters = [path.read_bytes().decode("utf-8", "replace") for path in paths]
        self.letters += [generated(1, number)[1] for number in range(_GENERATED)]
        asked = [forms.Request("an MRI"), forms.Request("Norco 10/325 #60", necessary=True)] * 2
        self.letters += [forms.notice(asked), forms.notice(asked, second="")]
        self.letters.append(forms.cover_letter("\n".join(map(forms.prose_item, range(1, 5), asked))))
        reasons = forms.NOT_NECESSARY + "1. MRI. No.\n2. Norco. No."
        self.letters.append(forms.professional_review("1. MRI\n2. Norco", reasons + "\n" + forms.NECESSARY + "x"))
        self.letters += [pdfbox(letter_2014(Parts(), Parts())), single_spaced(letter_2016(Parts(), Parts()))]


def make(seeds: Seeds, seed: int, number: int) -> Input:
    """Input ``number`` of a seed."""
    chance = random.Random(f"{seed}/{number}")
    if chance.random() < 0.15:
        name = chance.choice(sorted(_NOISE))
        text, kinds = _NOISE[name](chance), [name]
    else:
        text, kinds = chance.choice(seeds.letters), []
        for _ in range(chance.choice((1, 1, 2, 3, 5))):
            name = chance.choice(sorted(_CHANGES))
            text = _CHANGES[name](text, seeds, chance)[:_LONGEST]
            kinds.append(name)
    if chance.random() < 0.15:
        content, way = as_file(text, chance)
        return Input(content, (*kinds, way))
    return Input(text, tuple(kinds))


# ---- letters changed ------------------------------------------------------------------------------------------------
_Change = Callable[[str, Seeds, random.Random], str]


def _range(text: str, chance: random.Random, most: int = 3000) -> tuple[int, int]:
    start = chance.randint(0, len(text))
    return start, min(len(text), start + chance.choice((1, 10, 100, most)))


def _cut_start(text: str, seeds: Seeds, chance: random.Random) -> str:
    return text[chance.randint(0, len(text)) :]


def _cut_end(text: str, seeds: Seeds, chance: random.Random) -> str:
    return text[: chance.randint(0, len(text))]


def _cut_middle(text: str, seeds: Seeds, chance: random.Random) -> str:
    start, end = _range(text, chance)
    return text[:start] + text[end:]


def _double(text: str, seeds: Seeds, chance: random.Random) -> str:
    start, end = _range(text, chance)
    return text[:end] + text[start:end] * chance.choice((1, 1, 2, 50)) + text[end:]


def _shuffle(text: str, seeds: Seeds, chance: random.Random) -> str:
    joint = chance.choice(("\n\n", "\n", " ", ". "))
    parts = text.split(joint)
    if chance.random() < 0.5:
        chance.shuffle(parts)
    else:
        for _ in range(3):
            a, b = chance.randrange(len(parts)), chance.randrange(len(parts))
            parts[a], parts[b] = parts[b], parts[a]
    return joint.join(parts)


def _splice(text: str, seeds: Seeds, chance: random.Random) -> str:
    other = chance.choice(seeds.letters)
    start, end = sorted((chance.randint(0, len(other)), chance.randint(0, len(other))))
    at = chance.randint(0, len(text))
    return text[:at] + other[start:end] + text[at if chance.random() < 0.5 else chance.randint(at, len(text)) :]


def _several(text: str, seeds: Seeds, chance: random.Random) -> str:
    others = chance.choices(seeds.letters, k=chance.choice((1, 2, 4)))
    return chance.choice(("", "\n", "\f", "\n\n")).join([*others, text])


def _headings(text: str, seeds: Seeds, chance: random.Random) -> str:
    done = chance.choice(("drop", "twice", "case", "glue", "breaks", "swap"))
    found = list(_HEADING.finditer(text))
    for match in reversed(chance.sample(found, min(len(found), chance.choice((1, 2, 50))))):
        words = match.group()
        new = {
            "drop": "",
            "twice": f"{words}\n{words}",
            "case": chance.choice((words.lower(), words.upper(), words.swapcase())),
            "glue": words.replace(" ", ""),
            "breaks": words.replace(" ", chance.choice(("\n", "  ", "\n\n", "\xa0"))),
            "swap": chance.choice(found).group(),
        }[done]
        text = text[: match.start()] + new + text[match.end() :]
    return text


def _odd_characters(text: str, seeds: Seeds, chance: random.Random) -> str:
    for _ in range(chance.choice((1, 5, 100))):
        start, end = _range(text, chance, 1)
        text = (
            text[:start]
            + chance.choice(_ODD) * chance.choice((1, 1, 3))
            + text[end if chance.random() < 0.5 else start :]
        )
    return text


def _twins(text: str, seeds: Seeds, chance: random.Random) -> str:
    """Letters that are alike where capitals do not matter, and only there."""
    one, other = chance.choice(
        (("i", "ı"), ("I", "İ"), ("s", "ſ"), ("k", "\u212a"), ("ss", "ß"), ("0", "٠"), ("1", "²"))
    )
    return text.replace(one, other, chance.choice((1, 20, -1)))


def _everywhere(text: str, seeds: Seeds, chance: random.Random) -> str:
    """One character for another, or put after another, wherever it stands."""
    return text.replace(chance.choice(sorted(set(text)) or ["x"]), chance.choice([*_ODD, *_JOINTS]))


def _mojibake(text: str, seeds: Seeds, chance: random.Random) -> str:
    there = text.encode(chance.choice(("utf-8", "cp1252", "mac-roman")), "replace")
    return there.decode(chance.choice(("utf-8", "cp1252", "mac-roman", "latin-1")), "replace")


def _noise_bytes(text: str, seeds: Seeds, chance: random.Random) -> str:
    start, end = _range(text, chance)
    return text[:start] + "".join(chr(chance.randrange(256)) for _ in range(end - start)) + text[end:]


def _words_put_in(text: str, seeds: Seeds, chance: random.Random) -> str:
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randint(0, len(text))
        text = text[:at] + _joint(chance) + _word(chance) + _joint(chance) + text[at:]
    return text


def _long_repeat(text: str, seeds: Seeds, chance: random.Random) -> str:
    """A word, or a piece of the letter, over and over in some place of the letter."""
    start, end = _range(text, chance, 200)
    piece = chance.choice((_word(chance), _word(chance)[:-1], chance.choice(_FEW), text[start:end])) + _joint(chance)
    at = chance.choice((0, len(text), chance.randint(0, len(text)), _behind_label(text, chance)))
    return text[:at] + piece * min(20_000, chance.choice((500, 5_000, 60_000)) // (len(piece) or 1)) + text[at:]


def _numbers(text: str, seeds: Seeds, chance: random.Random) -> str:
    new = chance.choice(("9" * 5000, "0", "00000", "1.5", "-1", "99999999999", "٣", "²", "1" * 30, "1/0", "0.0000001"))
    found = list(re.finditer(r"\d+", text))
    for match in reversed(chance.sample(found, min(len(found), chance.choice((1, 5, 200))))):
        text = text[: match.start()] + new + text[match.end() :]
    return text


def _reflow(text: str, seeds: Seeds, chance: random.Random) -> str:
    """Lines as another extractor would write them."""
    done = chance.choice(("\n\n", "\r\n", "\r", " ", "\f", "\u2028", " \n", "-\n", "\n \n", ""))
    return text.replace(chance.choice(("\n", " ", "\n\n")), done)


_CHANGES: dict[str, _Change] = {
    "cut at the start": _cut_start,
    "cut at the end": _cut_end,
    "cut in the middle": _cut_middle,
    "doubled": _double,
    "shuffled": _shuffle,
    "spliced": _splice,
    "several letters": _several,
    "headings": _headings,
    "odd characters": _odd_characters,
    "one character for another": _everywhere,
    "twins": _twins,
    "mojibake": _mojibake,
    "byte noise": _noise_bytes,
    "words put in": _words_put_in,
    "repeated": _long_repeat,
    "numbers": _numbers,
    "reflowed": _reflow,
}


def _behind_label(text: str, chance: random.Random) -> int:
    found = list(_HEADING.finditer(text))
    return chance.choice(found).end() if found else 0


def _joint(chance: random.Random) -> str:
    return chance.choice(_JOINTS)


def _word(chance: random.Random) -> str:
    """A word that the reader looks for, or nearly."""
    if chance.random() < 0.7:
        word = sample(chance.choice(patterns()), chance)
        return word[: chance.randint(0, len(word))] if chance.random() < 0.2 else word[:2000]
    return chance.choice(known_words())


# ---- noise ----------------------------------------------------------------------------------------------------------
def _dictionary(chance: random.Random) -> str:
    words = [_word(chance) for _ in range(chance.choice((3, 30, 300)))]
    return "".join(part for word in words for part in (word, _joint(chance)))


def _openings(chance: random.Random) -> str:
    """The beginnings of what a pattern looks for, many times, and never the end."""
    word = _word(chance) or "x"
    piece = word[: chance.randint(1, len(word))] + _joint(chance)
    return _in_a_slot(piece * (chance.choice((2_000, 20_000, 100_000)) // len(piece)), chance)


def _characters(chance: random.Random) -> str:
    characters = [chr(chance.randrange(chance.choice((128, 256, 0x3000, 0x110000)))) for _ in range(500)]
    return _in_a_slot("".join(characters), chance)


def _nested(chance: random.Random) -> str:
    opening, closing = chance.choice(("()", "[]", '""', "“”", "{}", "<>"))
    depth = chance.choice((10, 1000, 20_000))
    return _in_a_slot(opening * depth + _word(chance) + closing * chance.choice((0, depth)), chance)


def _few_words(chance: random.Random) -> str:
    """A handful of words in every order."""
    words = [_word(chance) or "x" for _ in range(chance.randint(1, 4))] + [chance.choice(_FEW)]
    return _in_a_slot("".join(chance.choice(words) + _joint(chance) for _ in range(chance.choice((50, 1000)))), chance)


_NOISE: dict[str, Callable[[random.Random], str]] = {
    "words at random": _dictionary,
    "openings without ends": _openings,
    "characters at random": _characters,
    "brackets": _nested,
    "few words": _few_words,
}


@cache
def slots() -> dict[str, str]:
    """A letter of each form with "@" where something can be put: by a name for form and place."""
    parts = Parts()
    notice = forms.Request("an MRI of the wrist")
    review = forms.professional_review("1. MRI", forms.NOT_NECESSARY + "No.")
    made = {
        "final/nothing else": "@",
        "final/heading": pdfbox(letter_2016(parts.but(treatment="@"), parts)),
        "final/claims": single_spaced(letter_2016(parts.but(claims_administrator="@"), parts)),
        "final/reviewer": single_spaced(letter_2016(parts.but(reviewer="Decision based on MTUS @."), parts)),
        "final/not MTUS": single_spaced(letter_2016(parts.but(reviewer="Decision based on Non-MTUS Citation @."))),
        "final/rationale": single_spaced(letter_2016(parts.but(rationale="@"), parts)),
        "final/rationale ends": single_spaced(letter_2016(parts.but(rationale="@ is not medically necessary."))),
        "final/states": single_spaced(letter_2016(parts, states="@")),
        "final/credentials": single_spaced(letter_2016(parts, certifications="@")),
        "final/credentials 2014": single_spaced(letter_2014(parts)).replace("He/she is", "@ He/she is", 1),
        "final/summary": single_spaced(letter_2016(parts, summary=["@"])),
        "final/items": single_spaced(letter_2016(parts)) + "\n\n@",
        "final/top": "@\n\n" + single_spaced(letter_2016(parts)),
        "cover/items": forms.cover_letter("@"),
        "cover/item": forms.cover_letter(forms.prose_item(1, forms.Request("@"))),
        "cover/side": forms.cover_letter(forms.prose_item(1, notice, side="@")),
        "cover/documents": forms.cover_letter("1. MRI: Upheld").replace("Utilization Review Determination", "@"),
        "cover/opening": forms.cover_letter("1. MRI: Upheld").replace("Dear Sir", "@ Dear Sir"),
        "notice/determinations": forms.notice([notice], first="@"),
        "notice/second": forms.notice([notice], second="@"),
        "notice/request": forms.notice([forms.Request("@")]),
        "notice/claims": forms.notice([forms.Request("an MRI", claims="@")]),
        "notice/reviewer": forms.notice([forms.Request("an MRI", reviewer="@")]),
        "notice/reasons": forms.notice([notice], reasons="@"),
        "notice/rationale": forms.notice([forms.Request("an MRI", reasons="@")]),
        "notice/table": forms.notice([notice], table="@"),
        "notice/documents": forms.notice([notice]).replace("• Utilization", "@ Utilization"),
        "notice/summary": forms.notice([notice]).replace('"The claimant', '"@ The claimant'),
        "review/requests": forms.professional_review("@", forms.NOT_NECESSARY + "No."),
        "review/rationales": forms.professional_review("1. MRI\n2. Norco", "@"),
        "review/rationale": forms.professional_review("1. MRI\n2. Norco", forms.NOT_NECESSARY + "@"),
        "review/guidelines": forms.professional_review("1. MRI", forms.NOT_NECESSARY + "No.", "@"),
        "review/documents": review.replace("- Progress", "@ Progress"),
        "review/summary": review.replace("The employee", "@ The employee"),
    }
    for name, text in made.items():
        if text.count("@") < 1:
            raise ValueError(f"no place in {name!r}")
    return made


def _in_a_slot(text: str, chance: random.Random) -> str:
    return chance.choice(list(slots().values())).replace("@", text)
