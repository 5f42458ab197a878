"""Wordings that mean the same: synonyms.toml, and the names of each single drug."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from . import VocabularyError, load

# A name with a strength or a number ("hydrocodone 10/325", "Tylenol #3") is one kind of its drug: found, but not wider.
_WITH_NUMBER = re.compile(r"(?<![A-Za-z])\d")
_IN_BRACKETS = re.compile(r"[()]")
_CONNECTIVE = re.compile(r"\b(?:and|with)\b|[/&-]")


@dataclass(frozen=True, slots=True)
class SynonymGroup:
    """Wordings of one thing. Typing one of ``same`` or ``ambiguous`` finds all of ``same`` and ``narrower``."""

    same: tuple[str, ...]
    narrower: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()


@cache
def synonym_groups() -> tuple[SynonymGroup, ...]:
    """The groups of the file, then one for each single drug that has more than one name."""
    rows = load("synonyms")
    groups = [
        SynonymGroup(tuple(row["same"]), tuple(row.get("narrower", ())), tuple(row.get("ambiguous", ())))
        for row in rows["group"]
    ]
    left_out = set(rows["not_one_drug"])
    drugs = {
        generic: names
        for file, kind in (("drugs", "group"), ("other_drugs", "class"))
        for row in load(file)[kind]
        for generic, names in row["drugs"].items()
    }
    unknown = left_out - set(drugs)
    if unknown:
        raise VocabularyError(f"synonyms.toml: not_one_drug names {sorted(unknown)}, which no drug file has")
    groups += [_of_drug(generic, names) for generic, names in drugs.items() if names and generic not in left_out]
    return tuple(groups)


def _of_drug(generic: str, names: list[str]) -> SynonymGroup:
    """The names of a drug; one of several ingredients is never joined with a name of one ingredient alone."""
    wordings = [name for name in (generic, *names) if not _IN_BRACKETS.search(name)]
    if "/" in generic:
        ingredients = {part.strip().lower() for part in generic.split("/")}
        wordings = [name for name in wordings if name.strip().lower() not in ingredients]
    elif _CONNECTIVE.search(generic) is None:
        # "lidocaine" has brands; a name that says it is lidocaine with something else is not one of them
        wordings = [name for name in wordings if not (generic in name.lower() and "/" in name)]
    same = tuple(name for name in wordings if not _WITH_NUMBER.search(name))
    return SynonymGroup(same, tuple(name for name in wordings if name not in same))
