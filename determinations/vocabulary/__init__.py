"""Canonical names as data: the TOML files of this folder, loaded once a process.

A name that a file does not know is never guessed: the functions answer None and the caller makes it an issue.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .needed import needed

FOLDER = Path(__file__).parent

_NOT_A_WORD = re.compile(r"[^a-z0-9]+")


class VocabularyError(ValueError):
    """A vocabulary file contradicts itself; says which file and which name."""


def key(text: str) -> str:
    """The form under which spellings are compared: lower case, "&" as "and", only letters, digits and blanks."""
    return _NOT_A_WORD.sub(" ", text.lower().replace("&", " and ")).strip()


def load(name: str) -> dict[str, Any]:
    """One vocabulary file, parsed."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Specialty:
    """A canonical specialty. ``kind``: "board" or "subspecialty"; ``parents``: the boards that grant it.

    ``now``: what curators call it, where that differs; ``joined``: the one that it was joined to, by what that is
    called now. Readings go on to say ``name``.
    """

    name: str
    kind: str
    parents: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    now: str = ""
    joined: str = ""


@cache
def specialties() -> tuple[Specialty, ...]:
    """All specialties, in the order of the file."""
    return tuple(
        Specialty(
            row["name"],
            row["kind"],
            tuple(row.get("parents", ())),
            tuple(row.get("aliases", ())),
            row.get("now", ""),
            row.get("joined", ""),
        )
        for row in load("specialties")["specialty"]
    )


@cache
def _specialty_by_key() -> dict[str, Specialty]:
    index: dict[str, Specialty] = {}
    for specialty in specialties():
        for spelling in (specialty.name, *specialty.aliases):
            other = index.setdefault(key(spelling), specialty)
            if other is not specialty:
                raise VocabularyError(f"specialties.toml: {spelling!r} stands for {other.name} and {specialty.name}")
    return index


def specialty(text: str) -> Specialty | None:
    """The specialty that ``text`` spells, None if no shipped spelling is like it."""
    return _specialty_by_key().get(key(text))


@cache
def _state_by_key() -> dict[str, str]:
    states: dict[str, str] = load("states")["states"]
    return {key(name): postal for name, postal in states.items()} | {p.lower(): p for p in states.values()}


def state(text: str) -> str | None:
    """The postal name of a licensing state, None if ``text`` names none."""
    return _state_by_key().get(key(text))


@cache
def state_names() -> dict[str, str]:
    """Postal name -> name of the state, by its first spelling."""
    names: dict[str, str] = {}
    for name, postal in load("states")["states"].items():
        names.setdefault(postal, name)
    return names


@dataclass(frozen=True, slots=True)
class Guideline:
    """A canonical guideline document; docs/data.md says what each field means. ``now``, ``joined``: as of Specialty."""

    name: str
    family: str
    titles: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    chapters: tuple[int, ...] = ()
    chapter_titles: tuple[str, ...] = ()
    dated_titles: tuple[str, ...] = ()
    now: str = ""
    joined: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """A cited work outside MTUS, ACOEM and ODG, told by ``marks`` (words or addresses)."""

    name: str
    family: str
    marks: tuple[str, ...]
    now: str = ""
    joined: str = ""


@cache
def guidelines() -> tuple[Guideline, ...]:
    """The guidelines of MTUS, ACOEM and ODG, in the order of the file."""
    return tuple(
        Guideline(
            row["name"],
            row["family"],
            tuple(row.get("titles", ())),
            tuple(row.get("years", ())),
            tuple(row.get("chapters", ())),
            tuple(row.get("chapter_titles", ())),
            tuple(row.get("dated_titles", ())),
            row.get("now", ""),
            row.get("joined", ""),
        )
        for row in load("guidelines")["guideline"]
    )


@cache
def works() -> tuple[Work, ...]:
    """The other works, in the order of the file."""
    return tuple(
        Work(row["name"], row["family"], tuple(row["marks"]), row.get("now", ""), row.get("joined", ""))
        for row in load("guidelines")["work"]
    )


@cache
def guideline_wordings() -> dict[str, str]:
    """Words that curators gave a guideline -> its name in the file. They win over what a reading makes of them."""
    data = load("guidelines")
    return _wordings((*data["guideline"], *data["work"]))


@cache
def specialty_wordings() -> dict[str, str]:
    """The same for specialties: spellings that curators gave another one than the reading does."""
    return _wordings(load("specialties")["specialty"])


def _wordings(rows: Iterable[dict[str, Any]]) -> dict[str, str]:
    return {words: row["name"] for row in rows for words in row.get("wordings", ())}


@dataclass(frozen=True, slots=True)
class Category:
    """A treatment category of the state's list with its sub-categories (none for some)."""

    name: str
    subcategories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern that places a request; treatments.toml says how ranks decide."""

    rank: int
    category: str
    subcategory: str | None
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    needed: tuple[str, ...] = ()  # a request has one of these where the pattern matches; none: it may have any words


@dataclass(frozen=True, slots=True)
class MovedCategory:
    """What curators made of a category of the list: ``place`` and ``now`` are paths ("Surgery/Spine").

    ``joined``: whether it was joined to the one that ``now`` names, or else is called so.
    """

    place: str
    now: str
    joined: bool


@dataclass(frozen=True, slots=True)
class HeadingRule:
    """A curator's rule: headings with these words (see headings.py) belong to ``category``, a path."""

    pattern: str
    category: str
    why: str


@cache
def moved_categories() -> tuple[MovedCategory, ...]:
    """What curators renamed and joined, in the order of the file."""
    data = load("treatments")
    return tuple(
        MovedCategory(row["place"], row["now"], joined)
        for kind, joined in (("renamed", False), ("joined", True))
        for row in data.get(kind, ())
    )


@cache
def heading_rules() -> tuple[HeadingRule, ...]:
    """Curators' rules, in the order of the file."""
    rows = load("treatments").get("heading", ())
    return tuple(HeadingRule(row["pattern"], row["category"], row.get("why", "")) for row in rows)


@cache
def categories() -> tuple[Category, ...]:
    """The state's list of treatment categories, in the order of the file."""
    return tuple(Category(row["name"], tuple(row.get("subcategories", ()))) for row in load("treatments")["category"])


@cache
def rules() -> tuple[Rule, ...]:
    """The rules that place a request, lowest rank first."""
    places = {(category.name, sub) for category in categories() for sub in category.subcategories or (None,)}
    rows = []
    for row in load("treatments")["rule"]:
        place = (row["category"], row.get("subcategory"))
        if place not in places:
            raise VocabularyError(f"treatments.toml: a rule places requests in {place}, which is not in the list")
        unless = re.compile(row["unless"]) if "unless" in row else None
        pattern = "|".join(row["patterns"])
        rows.append(Rule(row["rank"], *place, re.compile(pattern), unless, needed(pattern)))
    return tuple(sorted(rows, key=lambda rule: rule.rank))


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug by its generic name, and the group (sub-category of Pharmaceuticals) it belongs to."""

    name: str
    group: str


@cache
def drugs() -> dict[str, Drug]:
    """Key of every generic and brand name -> the drug."""
    index: dict[str, Drug] = {}
    for group in load("drugs")["group"]:
        for generic, brands in group["drugs"].items():
            drug = Drug(generic, group["name"])
            for spelling in (generic, *brands):
                other = index.setdefault(key(spelling), drug)
                if other.group != drug.group:
                    raise VocabularyError(f"drugs.toml: {spelling!r} stands in {other.group} and {drug.group}")
    return index


@cache
def other_drugs() -> dict[str, Drug]:
    """Key of every name of the drugs that the state has no group for -> the drug, with its class as the group."""
    index: dict[str, Drug] = {}
    for row in load("other_drugs")["class"]:
        for generic, brands in row["drugs"].items():
            drug = Drug(generic, row["name"])
            for spelling in (generic, *brands):
                other = drugs().get(key(spelling)) or index.setdefault(key(spelling), drug)
                if other is not drug:
                    raise VocabularyError(f"other_drugs.toml: {spelling!r} stands in {other.group} and {drug.group}")
    return index


@cache
def drug_names() -> dict[str, Drug]:
    """Key of every name of a drug, of either file -> the drug."""
    return drugs() | other_drugs()


@dataclass(frozen=True, slots=True)
class DrugChange:
    """What curators made of a drug. ``now``, ``joined``: as of Specialty; ``group``: its class, "" for the shipped."""

    name: str
    now: str = ""
    group: str = ""
    joined: str = ""


@cache
def drug_changes() -> tuple[DrugChange, ...]:
    """The drugs of which curators made something, those that are new among them, in the order of the file."""
    return tuple(
        DrugChange(row["name"], row.get("now", ""), row.get("class", ""), row.get("joined", ""))
        for row in load("drug_names").get("drug", ())
    )


@cache
def drug_spellings() -> dict[str, str]:
    """Key of a name that curators gave to a drug -> what the files call that drug."""
    return {row["text"]: row["drug"] for row in load("drug_names").get("spelling", ())}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the body; body_parts.toml says what the words beside it do. All words are keys."""

    name: str
    region: str
    unless_before: frozenset[str] = frozenset()
    unless_after: frozenset[str] = frozenset()
    only_before: frozenset[str] = frozenset()
    only_after: frozenset[str] = frozenset()


# How the files call the words that may not, or must, stand beside a name.
_BESIDE = ("unless_before", "unless_after", "only_before", "only_after")


@dataclass(frozen=True, slots=True)
class Procedure:
    """A test, treatment, device or service that can be asked for; procedures.toml says what the fields do."""

    name: str
    kind: str
    general: bool = False
    capitals: frozenset[str] = frozenset()
    unless_before: frozenset[str] = frozenset()
    unless_after: frozenset[str] = frozenset()


@cache
def procedures() -> dict[str, tuple[Procedure, ...]]:
    """Key of every wording, also with an "s" -> the procedures that it names, mostly one."""
    index: dict[str, tuple[Procedure, ...]] = {}
    for row in load("procedures")["procedure"]:
        words = {key(word): None for word in (row["name"], *row.get("words", ()), *row.get("capitals", ()))}
        beside = {side: frozenset(map(key, row.get(side, ()))) for side in _BESIDE[:2]}
        capitals = frozenset(map(key, row.get("capitals", ())))
        procedure = Procedure(row["name"], row["kind"], row.get("general", False), capitals, **beside)
        for wording in words:
            for spelling in (wording, f"{wording}s"):
                known = index.get(spelling, ())
                if procedure not in known:
                    index[spelling] = (*known, procedure)
    return index


@cache
def body_parts() -> dict[str, tuple[Part, ...]]:
    """Key of every wording -> the parts of the body that it names, mostly one."""
    index: dict[str, tuple[Part, ...]] = {}
    for row in load("body_parts")["part"]:
        part = Part(row["name"], row["region"], **{side: frozenset(map(key, row.get(side, ()))) for side in _BESIDE})
        for wording in (part.name, *row.get("words", ()), *row.get("implied", ())):
            known = index.get(key(wording), ())
            if part in known:
                raise VocabularyError(f"body_parts.toml: {wording!r} stands twice under {part.name}")
            index[key(wording)] = (*known, part)
    return index


@dataclass(frozen=True, slots=True)
class ReasonMeaning:
    """A reason for a decision. ``side``: "against" the request or "for" it; ``meaning``: one sentence."""

    code: str
    side: str
    label: str
    meaning: str


@cache
def reasons() -> dict[str, ReasonMeaning]:
    """Code -> the reason, in the order of the file."""
    index: dict[str, ReasonMeaning] = {}
    for row in load("reasons")["reason"]:
        reason = ReasonMeaning(row["code"], row["side"], row["label"], row["meaning"])
        if index.setdefault(reason.code, reason) is not reason:
            raise VocabularyError(f"reasons.toml: {reason.code} stands twice")
    return index


@dataclass(frozen=True, slots=True)
class WordForms:
    """How spellings become words; compounds.toml says what each field does. All words are lower case."""

    anywhere: tuple[tuple[str, ...], ...]
    hyphenated: tuple[tuple[str, ...], ...]
    prefixes: frozenset[str]
    unchanged: frozenset[str]
    plurals: dict[str, str]
    named: dict[str, str]


@cache
def word_forms() -> WordForms:
    """The compounds, prefixes and plurals of compounds.toml."""
    data = load("compounds")
    rows = {kind: tuple(tuple(row.split()) for row in data[kind]) for kind in ("anywhere", "hyphenated")}
    first = {row[0] for row in rows["anywhere"]}
    for row in rows["anywhere"]:
        if first & set(row[1:]):
            raise VocabularyError(f"compounds.toml: {' '.join(row)!r} goes on with a word that another row begins with")
    return WordForms(
        rows["anywhere"],
        rows["hyphenated"],
        frozenset(data["prefixes"]),
        frozenset(data["unchanged"]),
        dict(data["plurals"]),
        dict(data["named"]),
    )
