"""Patterns that find the names of guideline documents in a citation, made from the vocabulary.

All patterns are for flat text (line ends as blanks) and ignore case.
"""

from __future__ import annotations

import re
from functools import cache

from ... import vocabulary
from ...vocabulary import Guideline, Work
from ..text.searching import Searched, first_words, folded

ACOEM = (
    r"(?:American\s+College\s+of\s+Occupational\s+(?:and|&)\s+Environmental\s+Medicine(?:\s*\(ACOEM\))?|\bACOEM\b)"
    r"(?:\s+(?:Occupational\s+Medicine\s+)?(?:Practice\s+)?Guidelines?)?"
    r"(?:,?\s*\(?(?:2nd|3rd|second|third)\s+ed(?:ition|\.)?\)?)?(?:,?\s*\(?\d{4}\)?)?"
)
# ACOEM's book of 2004 by its editor and title, as a bibliography would give it.
ACOEM_BOOK = r"(?:Harris\s+JS?\.?,?\s*)?Occupational\s+Medicine\s+Practice\s+Guidelines"
_ACOEM_BEGINS = ("american", "acoem")
_ACOEM_BOOK_BEGINS = ("harris", "occupational")
ODG = (
    r"(?:Official\s+Disability\s+Guidelines?(?:\s*\(ODG\))?(?!\s*\(ODG\))|\bODG\b(?:\s+by\s+MCG\b)?"
    r"|Work\s+Loss\s+Data\s+Institute)"
)
_ODG_BEGINS = ("official", "odg", "work")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
YEAR = rf"(?:,?\s*\(?(?:{_MONTH},?\s+)?(?P<year>(?:19|20)\d\d)\)?(?!\d))?"
# What may follow a title and still be part of the document's name.
# "(Effective July 18, 2009)", "Chapter (ACOEM Practice Guidelines, 2nd Edition (2004), Chapter 13)".
_TAIL = (
    r"(?:\s+Guidelines?)?(?:\s*\((?:Effective|Revised|Updated)[^)]{,80}\))?"
    r"(?:(?:\s+Chapter)?\s*\((?:ACOEM|American\s+College)\b[^()]{,100}(?:\([^()]{,20}\)[^()]{,60})?\))?"
)

_MODERN_YEAR = r"(?:200[89]|20[1-9]\d)"
# The date of a guideline of ACOEM since 2008, however it is put: "(ACOEM May 15, 2017)", "2017", "5/15/2017".
_MODERN_DATE = (
    r"(?:,?\s*\(?\s*(?:ACOEM\s*,?\s*)?(?:(?:effective|updated|revised|dated|version|last\s+updated)\s*:?\s*)?"
    rf"(?:{_MONTH}\s+(?:\d{{1,2}},?\s+)?|\d{{1,2}}/\d{{1,2}}/)?{_MODERN_YEAR}(?!\d)\)?)"
)
# The formulary by its name or its regulation: "MTUS Drug Formulary", "8 CCR § 9792.27.15".
_CODE = (
    r"(?:(?:8\s+)?(?:CCR|Cal(?:ifornia|\.)?\s+Code\s+(?:of\s+)?Regs?(?:ulations|\.)?(?:,?\s+tit(?:le|\.)\s+8)?),?\s*)"
)
_FORMULARY = (
    r"(?:(?:MTUS\s+)?(?:Prescription\s+)?Drug\s+(?:Formulary|List)(?:\s+Rules?)?|MTUS\s+Formulary)\b"
    rf"|{_CODE}?(?:(?:§+|Sections?)\s*)?(?P<code>9792\.27(?:\.\d{{1,2}})?)(?!\d)"
)


_FORMULARY_BEGINS = ("mtus", "prescription", "drug", "8", "ccr", "cal", "§", "section", "9792")


def words(title: str) -> str:
    """A pattern for a title: "and" may be "&", commas may be missing, any white space between words."""
    parts = []
    for word in title.split():
        if word.lower() in ("and", "&"):
            parts.append("(?:and|&)")
        else:
            parts.append(re.escape(word.rstrip(",")) + (",?" if word.endswith(",") else ""))
    return r"\s+".join(parts)


def _any(titles: list[str]) -> str:
    """The longest first, so that a title is never cut short by one that it begins with."""
    return "(?:" + "|".join(words(title) for title in sorted(titles, key=len, reverse=True)) + r")(?!\w)"


def key(title: str) -> str:
    """The key of a title that a pattern has found, which may have an odd letter for an "i" or "s"."""
    return vocabulary.key(folded(title))


def _of_family(family: str) -> list[Guideline]:
    return [guideline for guideline in vocabulary.guidelines() if guideline.family == family]


def _titles(family: str) -> list[str]:
    return [title for guideline in _of_family(family) for title in guideline.titles]


@cache
def odg() -> Searched:
    """The Official Disability Guidelines by their own name."""
    return Searched(re.compile(ODG, re.IGNORECASE), _ODG_BEGINS)


@cache
def acoem() -> Searched:
    """ACOEM's guidelines by the name of the college or of its book."""
    return Searched(re.compile(f"{ACOEM}|{ACOEM_BOOK}", re.IGNORECASE), (*_ACOEM_BEGINS, *_ACOEM_BOOK_BEGINS))


@cache
def mtus_document() -> Searched:
    """A document of the MTUS: "Low Back Complaints 2004", "ACOEM Chapter 12", "Low Back Disorders 2016"."""
    title = _any(_titles("MTUS"))
    chapter_title = _any([title for guideline in _of_family("MTUS") for title in guideline.chapter_titles])
    prefix = rf"(?:(?P<acoem>{ACOEM})\s*[,:]?\s*)"
    chapter = rf"(?P<chapter_words>Chapter\s+(?P<chapter>\d{{1,2}})(?:\s*[:,-]?\s*(?:{title}|{chapter_title}))?)"
    by_title = rf"(?P<title>{title})"
    by_chapter_title = rf"(?<=\s)(?P<chapter_title>{chapter_title})(?:\s+Chapter)?"
    modern = _any(_titles("ACOEM"))
    dated_titles = [title for guideline in _of_family("ACOEM") for title in guideline.dated_titles]
    dated = _any(dated_titles)
    by_disorder = (
        rf"{prefix.replace('?P<acoem>', '?P<acoem3>')}?(?:(?P<disorder>{modern})(?:\s+Guidelines?)?{_MODERN_DATE}?"
        rf"|(?P<dated>{dated})(?:\s+Guidelines?)?{_MODERN_DATE})"
    )
    pattern = re.compile(
        rf"(?:(?P<formulary>{_FORMULARY})|{by_disorder}"
        rf"|(?:{prefix}?(?:\(?{chapter}\)?|{by_title})|{prefix.replace('?P<acoem>', '?P<acoem2>')}{by_chapter_title})"
        rf"{YEAR}{_TAIL})",
        re.IGNORECASE,
    )
    titles = first_words([*_titles("MTUS"), *_titles("ACOEM"), *dated_titles])
    return Searched(pattern, {*titles, *_FORMULARY_BEGINS, *_ACOEM_BEGINS, "chapter", "(chapter"})


@cache
def _mtus_index() -> tuple[dict[int, Guideline], dict[str, list[Guideline]]]:
    """Chapter number -> guideline, and key of a title -> its editions."""
    chapters: dict[int, Guideline] = {}
    titles: dict[str, list[Guideline]] = {}
    for guideline in _of_family("MTUS"):
        for number in guideline.chapters:
            chapters[number] = guideline
        for title in (*guideline.titles, *guideline.chapter_titles):
            titles.setdefault(key(title), []).append(guideline)
    return chapters, titles


def mtus_guideline(match: re.Match[str]) -> Guideline | None:
    """The canonical guideline that a match of ``mtus_document`` names; None for one that does not exist."""
    chapters, titles = _mtus_index()
    if match.group("formulary"):
        return next(guideline for guideline in _of_family("MTUS") if "Formulary" in guideline.name)
    if title := match.group("disorder") or match.group("dated"):
        return acoem_guideline(title)
    if match.group("chapter"):
        return chapters.get(int(match.group("chapter")))
    editions = titles.get(key(match.group("title") or match.group("chapter_title")))
    if not editions:
        return None
    year = int(match.group("year") or 0)
    return next((edition for edition in editions if year in edition.years), editions[0])


def chronic_pain() -> Guideline:
    """The guideline for chronic pain that the MTUS had first."""
    return _mtus_index()[1][key("Chronic Pain Medical Treatment Guidelines")][0]


@cache
def acoem_disorder() -> re.Pattern[str]:
    """A guideline of ACOEM's third edition by its title ("Low Back Disorders"), with its date where it has one."""
    return re.compile(rf"(?P<title>{_any(_titles('ACOEM'))})(?:(?:\s+Guidelines?)?{_MODERN_DATE})?", re.IGNORECASE)


@cache
def _titles_of(family: str) -> dict[str, Guideline]:
    return {
        key(title): guideline
        for guideline in _of_family(family)
        for title in (*guideline.titles, *guideline.dated_titles)
    }


def acoem_guideline(title: str) -> Guideline:
    """The ACOEM guideline of a title that ``acoem_disorder`` found."""
    return _titles_of("ACOEM")[key(title)]


@cache
def odg_chapter() -> Searched:
    """A chapter of ODG with what belongs to its name: "Low Back - Lumbar & Thoracic (Acute & Chronic) Chapter"."""
    title = _any(_titles("ODG"))
    spine = r"(?:Thoracic|Lumbar)\s+(?:and|&)\s+(?:Thoracic|Lumbar)"
    acute = rf"(?:\s*,?\s*\(?(?:{spine},?\s*)?(?:Acute\s+(?:and|&)\s+)?Chronic\)?)"
    lumbar = r"(?:\s*[-,]?\s*Lumbar\s+(?:and|&)\s+Thoracic)"
    pattern = re.compile(
        rf"(?P<title>{title}){lumbar}?{acute}?"
        r"(?P<kind>\s*(?:Chapters?|Sections?|Procedures?(?:\s+Summary)?)\b(?:\s+Guidelines?(?=\W*\Z))?)?"
        r"(?:\s*\(?Online\s+Version\)?)?(?:\s*\(?(?:updated\s+)?\d{1,2}/\d{1,2}/\d{2,4}\)?)?",
        re.IGNORECASE,
    )
    return Searched(pattern, first_words(_titles("ODG")))


def odg_guideline(title: str) -> Guideline:
    """The chapter of ODG of a title that ``odg_chapter`` found."""
    return _titles_of("ODG")[key(title)]


@cache
def work_mark() -> Searched:
    """A mark of one of the other works, or any web address."""
    marks = [mark for work in vocabulary.works() for mark in work.marks]
    pattern = rf"(?P<address>(?:https?://|www\.)\S+)|(?<![A-Za-z])(?P<mark>{_any(marks)})"
    return Searched(re.compile(pattern, re.IGNORECASE), {*first_words(marks), "http", "www."})


@cache
def _work_index() -> dict[str, Work]:
    return {key(mark): work for work in vocabulary.works() for mark in work.marks}


def work_of(match: re.Match[str]) -> Work:
    """The work that a match of ``work_mark`` names; a web address that is not known is a work named by its host."""
    if match.group("mark"):
        return _work_index()[key(match.group("mark"))]
    address = match.group("address").lower()
    for work in vocabulary.works():
        if any("." in mark and mark.lower() in address for mark in work.marks):
            return work
    host = re.sub(r"^(?:https?://)?(?:www\.)?", "", address).split("/")[0].rstrip(".,;)")
    return Work("", host, ())
