"""Measures what real letters are like and writes it as counts: what bench/million draws from.

    python -m bench.fitting FOLDER... > bench/fitted.toml

Counts of single words and of short fixed phrases, of codes, names and numbers; no sentence of a letter goes in.
"""

from __future__ import annotations

import json
import math
import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from determinations.letters import Item, Letter, Side, parse_letter, read_letter
from determinations.letters.record import patient_record, request_record

LONGEST_PHRASE = 4  # words
FEWEST_TEXTS = 3  # a word of fewer texts may be a name, and is left to the invented tail
PHRASE_SHARE = 0.03  # of the texts, for words in a row to count as a fixed phrase
# What is matched for afterwards (bench/million/check.py): in what share of the decisions a phrase stands.
PHRASES = (
    "medically necessary", "not medically necessary", "physical therapy", "low back pain", "functional improvement",
    "chronic pain", "injured worker", "the request", "mtus guidelines", "claims administrator", "lumbar spine", "mri",
    "radiculopathy", "opioids", "ibuprofen", "red flags", "home exercise", "range of motion", "no evidence",
    "conservative treatment",
)  # fmt: skip

_SENTENCE = re.compile(r"(?<=[.;:?!])\s+|\n+")
_WORD = re.compile(r"[^\W_]+(?:['’/.-][^\W_]+)*")
_PLAIN = re.compile(r"[^\W_]+")
# How reasons end is written by the generator, so these words are no material for it.
_ENDING = re.compile(r"\bnecess|\bcertified", re.IGNORECASE)

Counts = dict[str, int]


def distinct_letters(folders: Iterable[Path]) -> list[Letter]:
    """The letters below the folders that have items, each once."""
    found: dict[str, Letter] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*.txt")):
            letter = parse_letter(read_letter(path).text)
            if letter.items:
                found.setdefault(" ".join(_summary(letter).split()) or path.name, letter)
    return list(found.values())


def _summary(letter: Letter) -> str:
    return letter.clinical_summary.value if letter.clinical_summary else ""


def _rationale(item: Item) -> str:
    return item.rationale.value if item.rationale else ""


# ---- words ------------------------------------------------------------------------------------------------------


def _sentences(text: str) -> Iterator[list[str]]:
    """The sentences of a text as words, the first one without its capital unless it is an abbreviation."""
    for sentence in _SENTENCE.split(text):
        words = _WORD.findall(sentence)
        if words and not _ENDING.search(sentence):
            first = words[0]
            yield [first if first[1:].lower() != first[1:] else first.lower(), *words[1:]]


def units(texts: Sequence[str]) -> tuple[dict[str, float], float]:
    """What texts are made of: words and fixed phrases -> how often on average one stands in a text.

    Also the share of the words that are too rare to be listed.

    The number is chosen so that independent draws give the share of texts in which the unit stands; only of words
    that stand in nearly every text it is how often they do.
    """
    documents = [list(_sentences(text)) for text in texts]
    spelled: dict[str, Counter[str]] = {}
    shares: Counter[str] = Counter()
    for document in documents:
        found = {
            " ".join(words[at : at + size])
            for words in document
            for size in range(1, LONGEST_PHRASE + 1)
            for at in range(len(words) - size + 1)
        }
        shares.update({one.lower() for one in found})
        for one in found:
            spelled.setdefault(one.lower(), Counter())[one] += 1
    fewest = max(FEWEST_TEXTS, PHRASE_SHARE * len(texts))
    phrases = {one for one, number in shares.items() if " " in one and number >= fewest}
    counted, holding = Counter[str](), Counter[str]()
    for document in documents:
        cut = [unit for words in document for unit in _cut([word.lower() for word in words], phrases)]
        counted.update(cut)
        holding.update(set(cut))
    known = {one: number for one, number in counted.items() if shares[one] >= FEWEST_TEXTS}
    rare = sum(counted.values()) - sum(known.values())
    words = sum(len(one.split()) * number for one, number in counted.items())
    rates = {}
    for one, number in known.items():
        share = holding[one] / len(texts)
        often = number / len(texts)
        rate = often if share > 0.9 else min(often, -math.log1p(-share))
        rates[spelled[one].most_common(1)[0][0]] = round(rate, 4)
    return dict(sorted(rates.items(), key=lambda pair: -pair[1])), round(rare / words, 4)


def _cut(words: list[str], phrases: set[str]) -> Iterator[str]:
    """Words as units: from the left, the longest fixed phrase or the word."""
    at = 0
    while at < len(words):
        size = LONGEST_PHRASE
        while size > 1 and " ".join(words[at : at + size]) not in phrases:
            size -= 1
        yield " ".join(words[at : at + size])
        at += size


def plain(text: str) -> str:
    """The words of a text in lower case, each between blanks: a phrase stands in it if it is a part of it."""
    return f" {' '.join(_PLAIN.findall(text.lower()))} "


def phrase_shares(letters: Sequence[Letter]) -> dict[str, float]:
    """In what share of the decisions (heading, reasons, summary) each of PHRASES stands."""
    texts = []
    for letter in letters:
        texts += [plain(f"{item.treatment.value}\n{_rationale(item)}\n{_summary(letter)}") for item in letter.items]
    return {phrase: round(sum(f" {phrase} " in text for text in texts) / len(texts), 4) for phrase in PHRASES}


# ---- numbers and codes ------------------------------------------------------------------------------------------


def _counts(values: Iterable[object]) -> Counts:
    return {str(value): number for value, number in Counter(values).most_common()}


def _lengths(texts: Sequence[str]) -> dict[str, float]:
    """Characters of texts: mean and deviation of their logarithm, shortest and longest."""
    logs = [math.log(len(text)) for text in texts if text]
    shortest, longest = min(map(len, filter(None, texts))), max(map(len, texts))
    return {
        "log_mean": round(statistics.fmean(logs), 4),
        "log_deviation": round(statistics.pstdev(logs), 4),
        "shortest": shortest,
        "longest": longest,
    }


def _kind(item: Item) -> str:
    """What kind of request an item is: its place in the state's list, procedures, and what else it names."""
    request = request_record(item.request)
    place = item.placement
    category = "/".join(filter(None, (place.category.replace("/", " "), place.subcategory))) if place else ""
    named = [name for name in ("drugs", "body_parts", "quantity", "frequency", "duration", "doses") if request[name]]
    return "|".join((category, "+".join(request["procedures"][:3]), "+".join(named)))


def _side_number(side: Side) -> str:
    statement = side.statement.value if side.statement else ""
    said = "none" if "did not cite" in statement else "outside" if "outside" in statement else ""
    return f"{len(side.citations)}|{said}"


def measured(letters: Sequence[Letter]) -> dict[str, dict[str, object]]:
    """The tables of fitted.toml."""
    items = [item for letter in letters for item in letter.items]
    requests = [request_record(item.request) for item in items]
    patients = [patient_record(letter.patient) for letter in letters]
    ages = [patient["age"] for patient in patients if patient["age"]]
    upheld = [item for item in items if item.outcome and item.outcome.value == "Upheld"]
    overturned = [item for item in items if item.outcome and item.outcome.value == "Overturned"]
    tables: dict[str, dict[str, object]] = {
        "measured": {"letters": len(letters), "decisions": len(items), "overturned": len(overturned) / len(items)},
        "shares": {
            "no_header": round(sum(letter.case_number is None for letter in letters) / len(letters), 4),
            "contradicts": round(sum(item.contradicts for item in items) / len(items), 4),
            "partial_request": round(sum(item.title.value != item.treatment.value for item in items) / len(items), 4),
        },
        "items": _counts(len(letter.items) for letter in letters),
        "rationale": dict(_lengths([_rationale(item) for item in items])),
        "summary": dict(_lengths([_summary(letter) for letter in letters])),
        "age": {"mean": round(statistics.fmean(ages)), "deviation": round(statistics.pstdev(ages)), "least": 18},
        "sex": _counts(patient["sex"] for patient in patients if patient["sex"]),
        "diagnoses": _counts(min(len(patient["diagnoses"]), 6) for patient in patients),
        "prior_treatments": _counts(one["kind"] for patient in patients for one in patient["prior_treatments"]),
        "prior_numbers": _counts(len(patient["prior_treatments"]) for patient in patients),
        "kinds": _counts(map(_kind, items)),
        "drugs": _counts(drug["generic"] for request in requests for drug in request["drugs"]),
        "body_parts": _counts(f"{p['part']}|{p['side']}" for request in requests for p in request["body_parts"]),
        "reasons.upheld": _counts(reason.code for item in upheld for reason in item.reasons),
        "reasons.overturned": _counts(reason.code for item in overturned for reason in item.reasons),
        "reasons.number": _counts(len(item.reasons) for item in items),
        "issues": _counts(issue.code for letter in letters for issue in letter.issues),
        "certifications": _counts(
            "|".join(
                ["+".join(c.name or c.text for c in letter.reviewer.board_certifications)]
                + [c.name or c.text for c in letter.reviewer.subspecialties]
            )
            for letter in letters
        ),
        "states": _counts(state.value for letter in letters for state in letter.reviewer.licensed_states),
        "states_number": _counts(len(letter.reviewer.licensed_states) for letter in letters),
    }
    for name in ("claims_administrator", "reviewer"):
        sides = [getattr(item, name) for item in items]
        cited = [citation for side in sides for citation in side.citations]
        tables[f"guidelines.{name}"] = dict(_counts(f"{c.mtus:d}|{c.document}|{c.section or ''}" for c in cited))
        tables[f"citations.{name}"] = dict(_counts(map(_side_number, sides)))
    tables["phrases"] = dict(phrase_shares(letters))
    for name, texts in (
        ("rationale", [_rationale(item) for item in items]),
        ("summary", [_summary(letter) for letter in letters]),
    ):
        rates, rare = units(texts)
        tables["shares"][f"rare_{name}"] = rare
        tables[f"words.{name}"] = dict(rates)
    return tables


def toml(tables: dict[str, dict[str, object]]) -> str:
    """Tables of strings and numbers as TOML."""
    lines = ["# Written by bench/fitting.py from real letters: how often what stands in them. No sentence of a letter."]
    for name, table in tables.items():
        lines += ["", f"[{name}]"]
        lines += [f"{json.dumps(key, ensure_ascii=False)} = {json.dumps(value)}" for key, value in table.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(toml(measured(distinct_letters(map(Path, sys.argv[1:])))))
