"""Where a request belongs in the state's list of treatment categories: by rules and drug names, or nowhere.

A request that fits two sub-categories equally well gets none, and a curator decides.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ... import vocabulary
from ...vocabulary import Drug, key
from ..types import Placement
from .words import longest_by_first_word, matches

_PHARMACEUTICALS = "Pharmaceuticals"
_TOPICAL = "Topical Analgesics"
_COMPOUND = "Topical Compounds"
_DRUG_RANK = 3

# The form of a drug that is put on the skin, whatever group its oral form belongs to.
_ON_SKIN = re.compile(
    r"\b(?:cream|ointment|gel|lotion|patch|patches|pads?|topical(?:ly)?|transdermal|roll[- ]?on|spray|liniment|balm)\b"
)
_STRENGTH = re.compile(r"\d\s?%|\bpercent\b")
_MIXED = re.compile(r"\bcompound\w*\b|\bcream base\b")
# Forms that are not for the skin although a word of them looks so, and drugs that are given through it for their
# effect on the whole body.
_SYSTEMIC = re.compile(
    r"\b(?:buprenorphine|butrans|fentanyl|duragesic|nicotine|testosterone|androgel|clonidine|nasal|eyes?|ophthalmic"
    r"|ears?|otic)\b"
)
# The groups whose drugs are rubbed in against pain; a steroid or hormone cream stays with its group.
_RUBBED_IN = frozenset(
    {
        *("Anti-epilepsy drugs", "Antidepressant", "Misc Analgesics", "Muscle Relaxant", "NSAID"),
        *("Nutritional Products", _TOPICAL, _COMPOUND),
    }
)


def place(title: str) -> tuple[Placement | None, str]:
    """The place of a request in the state's list.

    ``title``: the part of the heading that was in dispute. Without a place the second value is the issue's code:
    "uncategorised" (nothing in it is known) or "ambiguous-category" (it names two kinds of treatment).
    """
    return _place(" ".join(title.lower().split()))


@lru_cache(maxsize=50_000)
def _place(text: str) -> tuple[Placement | None, str]:
    drugs = _drug_place(text)
    places: set[Placement] = set()
    decided = 0
    hints, others = _hints()
    possible = others.union(*(numbers for hint, numbers in hints if hint in text))
    for number, rule in enumerate(vocabulary.rules()):
        if places and rule.rank > decided:
            break
        if drugs and rule.rank > _DRUG_RANK:
            break
        if number in possible and rule.pattern.search(text) and not (rule.unless and rule.unless.search(text)):
            places.add(Placement(rule.category, rule.subcategory))
            decided = rule.rank
    if drugs and (not places or decided > _DRUG_RANK):
        places = drugs
    if len(places) == 1:
        return next(iter(places)), ""
    return None, "ambiguous-category" if places else "uncategorised"


@cache
def _hints() -> tuple[tuple[tuple[str, frozenset[int]], ...], frozenset[int]]:
    """What requests hold where rules apply, with the rules' numbers; the numbers of rules that need nothing."""
    rules = vocabulary.rules()
    hints: dict[str, set[int]] = {}
    for number, rule in enumerate(rules):
        for hint in rule.needed:
            hints.setdefault(hint, set()).add(number)
    free = frozenset(number for number, rule in enumerate(rules) if not rule.needed)
    return tuple((hint, frozenset(numbers)) for hint, numbers in hints.items()), free


def _drug_place(text: str) -> set[Placement]:
    """The groups of the drugs that are named; topical forms go by their form and not by the drug."""
    named = drugs_in(text)
    if not named:
        return set()
    groups = {drug.group for drug in named}
    strengths = len(_STRENGTH.findall(text))
    # Only what goes on the skin is measured in percent.
    on_skin = (strengths or _ON_SKIN.search(text)) and not _SYSTEMIC.search(text)
    if on_skin or groups & {_TOPICAL, _COMPOUND}:
        mixed = _COMPOUND in groups or _MIXED.search(text) or strengths > 1 or len(named) > 1
        if mixed or groups & _RUBBED_IN:
            return {Placement(_PHARMACEUTICALS, _COMPOUND if mixed else _TOPICAL)}
    return {Placement(_PHARMACEUTICALS, group) for group in groups}


def drugs_in(text: str) -> set[Drug]:
    """The drugs that ``text`` names, by generic or brand name; the longest name counts ("Percocet" once).

    Only drugs that the state's list has a group for; letters/drug_names.py gives all, with their places.
    """
    return {drug for _, _, drug in matches(key(text).split(), vocabulary.drugs(), _longest_names())}


@cache
def _longest_names() -> dict[str, int]:
    return longest_by_first_word(vocabulary.drugs())
