"""The citations in a part of a guideline line. One citation stands for one guideline document."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from ..text.clean import flat, heal
from ..text.searching import folded
from ..types import Citation, Span
from . import guideline_names as names

_SECTIONS = re.compile(r"\bSections?(?:\(s\))?\s*:\s*", re.IGNORECASE)
_NUMBERS = r"\d+(?:\s*[-–]\s*\d+)?"
_PAGES = re.compile(
    rf"[\s,;(]{{0,10}}\b(?:Pages?(?:\(s\))?\s*:?|pgs?\.?|pp?\.?)\s*(?P<pages>{_NUMBERS}(?:\s*(?:,|;|and|&)+\s*{_NUMBERS}(?!\w))*)"
    r"(?:\s+of\s+\d+)?\)?",
    re.IGNORECASE,
)
_PAGE = re.compile(_NUMBERS)
# "… Chapter of the ACOEM Guidelines", "section on Topical Analgesics", and blanks where pages were taken out.
_OF_WORK = re.compile(
    rf"\A\s*(?:\(MTUS\)|(?:Chapter\s+)?(?:of|in|from)\s+(?:the\s+)?(?:{names.ACOEM}|{names.ODG}))", re.IGNORECASE
)
_ADOPTED = re.compile(r"[\s,]+(?:as\s+)?adopted\s+(?:in|into|by)\s+the\s+MTUS\b", re.IGNORECASE)
_SECTION_ON = re.compile(r"\Asections?\s+(?:on|about|regarding)\s+", re.IGNORECASE)
_LOST_WORDS = re.compile(r"\s+([,;.])")
_EDGE = " \t\n,;:/.-–"
# The form's own words before a citation of the third kind.
_OTHER = re.compile(
    r"(?:\band\s+)?\bOther\s+Medical\s+Treatment\s+Guidelines?(?:\s+or\s+Medical\s+Evidence)?\s*:?\s*", re.IGNORECASE
)
_OTHER_AT_END = re.compile(_OTHER.pattern + r"\Z", re.IGNORECASE)
_ACCESSED = re.compile(r"\baccessed\s+(?:on\s+)?\d{1,2}/\d{1,2}/\d{2,4}\s*[,;]\s*", re.IGNORECASE)
# A journal article or book, as a bibliography gives it: "Smith JA, et al. …", "…, and Title of a Book, 6th edition".
_REFERENCE = re.compile(
    r"(?:[;.,]\s+(?:and\s+)?|\band\s+)(?=[A-Z][\w'’-]+\s+[A-Z]{1,3}(?:[.,]|\s+(?:et\s+al|and)\b)"
    r"|(?<=and\s)[A-Z][^,;.]{5,80},\s+\d+(?:st|nd|rd|th)\s+ed)"
)
_A_REFERENCE = "reference"
_JOINT = re.compile(r"[\s,;.]*\b(?:and|&)?(?:\s+(?:up)?on)?(?:\s+the)?\s*$", re.IGNORECASE)
_NEAR = 40  # characters: how far back a joint between two citations can reach
_OPENS = re.compile(r"(?:[,;.]|\b(?:and|&)(?:\s+(?:up)?on)?(?:\s+the)?)\s*$", re.IGNORECASE)
_AFTER_SENTENCE = re.compile(r"\.\s*$")


def cite(line: str, start: int, end: int, *, mtus: bool | None) -> list[Citation]:
    """The citations in ``start:end`` of a guideline line; their spans are offsets in the line.

    ``mtus``: whether the words stand under MTUS; None where the line does not say, then a document of the MTUS does.
    """
    text = flat(line)
    lower = folded(text)
    if mtus is None:
        return [cited for a, b in _mixed_parts(text, lower, start, end) if (cited := _cite_mixed(line, text, a, b))]
    parts = _mtus_parts(text, lower, start, end) if mtus else _other_parts(text, lower, start, end)
    return [_cite(line, a, b, mtus=mtus) for a, b in parts]


# What may stand before a document in a sentence: "the California MTUS (2009), 9792.24.2, …", "Non-MTUS …".
_UNDER = re.compile(
    r"(?P<non>Non[\s-]{0,2})?(?:(?:CA|California)\s+)?(?:MTUS|Medical\s+Treatment\s+Utilization\s+Schedule)\b(?:\s*\(MTUS\))?"
    r"(?:,?\s*\(?2009\)?)?(?:\s*(?:guidelines?\s+(?:for|on)(?:\s+the)?\b|guidelines?\s*(?=[,:;.]|\Z)|citations?\b))?[\s,:/;–-]*",
    re.IGNORECASE,
)
_REGULATION = re.compile(r"(?:§+\s*|Sections?\s+)?9792\.2[0-6](?:\.\d{1,2})?[\s,:.–-]*", re.IGNORECASE)
# Letters in sentences are of 2013 and 2014: ACOEM's guideline of this name is of 2017.
_CHRONIC_PAIN = re.compile(
    r"Chronic\s+Pain(?:\s+Guidelines?)?(?=\s*(?:[,;:.(]|page|pg|\Z))(?!\s*\(?(?:ACOEM|20[12]\d))", re.IGNORECASE
)


def _cite_mixed(line: str, text: str, start: int, end: int) -> Citation | None:
    """The citation in a part of a sentence, which may say itself that it is of the MTUS; None if it names no more."""
    under = _UNDER.match(text, start, end)
    start = under.end() if under else start
    if regulation := _REGULATION.match(text, start, end):
        start = regulation.end()
    start, end = trimmed(text, start, end)
    if start == end:
        return None
    mtus = not under["non"] if under else (regulation or names.mtus_document().match(line, start, end)) is not None
    cited = _cite(line, start, end, mtus=mtus)
    if pain := _CHRONIC_PAIN.match(text, start, end):
        section, pages = _section_and_pages(line[pain.end() : end])
        name = names.chronic_pain().name
        return replace(
            cited, family="MTUS", guideline=name, mtus=True, section=section, pages=pages, document=heal(pain.group())
        )
    return cited


# Where a sentence that names a document goes on about something else.
_GOES_ON = re.compile(
    r"[,;]?(?<!\s)\s+(?:which|that|because|since|was|were|is|are|states?|recommends?|supports?|notes?|indicates?|as\s+(?:it|they|the))\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.;](?=\s+[A-Z(]|\s*\Z)")


def cite_mentions(line: str) -> list[Citation]:
    """The documents that free sentences name, one or more a sentence; spans are offsets in the line."""
    text = flat(line)
    lower = folded(text)
    cuts = [0, *(match.end() for match in _SENTENCE.finditer(text)), len(text)]
    found: list[Citation] = []
    for start, end in pairwise(cuts):
        document = names.mtus_document().search(text, start, end, lower)
        marks = [document.start()] if document else []
        marks += [a for a, _, work in _mentions(text, lower, start, end) if work not in ("", _A_REFERENCE)]
        if not marks:
            continue
        goes_on = _GOES_ON.search(text, min(marks), end)
        found += cite(line, min(marks), goes_on.start() if goes_on else end, mtus=None)
    return found


def trimmed(text: str, start: int, end: int, characters: str = _EDGE) -> tuple[int, int]:
    """The range without ``characters`` at its ends; a closing bracket or abbreviation's stop stays."""
    while start < end and text[start] in characters:
        start += 1
    while end > start and text[end - 1] in characters:
        end -= 1
    return start, end


# ---- where one citation ends and the next begins --------------------------------------------------------------


def _mtus_parts(text: str, lower: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut "A 2004, Section(s): x, and B 2016, Section(s): y" before each document of the MTUS."""
    starts = [start]
    starts += [
        match.start()
        for match in names.mtus_document().finditer(text, start, end, lower)
        if match.start() > start and _opens(text, start, match.start())
    ]
    return _parts(text, starts, end)


def _mixed_parts(text: str, lower: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut where a document of the MTUS, ODG or ACOEM is named, whichever of them."""
    documents = [match.span() for match in names.mtus_document().finditer(text, start, end, lower)]
    others = [
        (a, b)
        for a, b, work in _mentions(text, lower, start, end)
        if work in ("ODG", "ACOEM") and not any(a < y and x < max(b, a + 1) for x, y in documents)
    ]
    under = [match.span() for match in _UNDER.finditer(text, start, end) if match.end() < end]
    further = [
        (a, b)
        for a, b, work in _mentions(text, lower, start, end)
        if work not in ("", _A_REFERENCE) and _AND_THE.search(text, start, a)
    ]
    marks = sorted({a for a, _ in documents + others + under + further if a > start and _opens(text, start, a)})
    # A document that stands right behind "MTUS" is of the same part.
    starts = [a for a in marks if not any(x < a <= y for x, y in under)]
    return _parts(text, [start, *starts], end)


_AND_THE = re.compile(r"(?:;|\b(?:and|&))(?:\s+(?:on\s+)?the)?\s*\Z", re.IGNORECASE)


def _opens(text: str, start: int, at: int) -> bool:
    """Whether a new part may begin at ``at``: at the start, after a comma, semicolon, stop or "and"."""
    return not text[start:at].strip() or _OPENS.search(text, max(start, at - _NEAR), at) is not None


def _parts(text: str, starts: list[int], end: int) -> list[tuple[int, int]]:
    parts = []
    for a, b in zip(starts, [*starts[1:], end], strict=True):
        joint = _JOINT.search(text, max(a, b - _NEAR), b) if b != end else None
        b = joint.start() if joint else b
        a, b = trimmed(text, a, b)
        if a < b:
            parts.append((a, b))
    return parts


def _mentions(text: str, lower: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Where works are named outside the MTUS: (start, end, which work)."""
    found = [(m.start(), m.end(), "ODG") for m in names.odg().finditer(text, start, end, lower)]
    found += [(m.start(), m.end(), "ACOEM") for m in names.acoem().finditer(text, start, end, lower)]
    works = names.work_mark().finditer(text, start, end, lower)
    found += [(m.start(), m.end(), names.work_of(m).family) for m in works]
    if lower.find("other", start, end) >= 0:
        found += [(m.end(), m.end(), "") for m in _OTHER.finditer(text, start, end)]
    found += [(m.end(), m.end(), _A_REFERENCE) for m in _REFERENCE.finditer(text, start, end)]
    if lower.find("accessed", start, end) >= 0:
        found += [(m.end(), m.end(), "") for m in _ACCESSED.finditer(text, start, end)]
    return sorted(found)


def _other_parts(text: str, lower: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut citations outside the MTUS where another work begins; several topics of one ODG sentence stay one."""
    starts = [start]
    current = "ODG" if _bare_chapter(text, start, end) else ""
    for at, _, work in _mentions(text, lower, start, end):
        before = text[starts[-1] : at]
        opens = _opens(text, starts[-1], at)
        if at == starts[-1] or not before.strip(_EDGE):
            current = current if work == _A_REFERENCE else work or current
        elif work == _A_REFERENCE:
            if current:  # else these are further authors of the reference that is being read
                starts.append(at)
                current = ""
        elif not work:
            starts.append(at)
            current = ""
        elif work == current:
            if work == "ODG" and _AFTER_SENTENCE.search(before):
                starts.append(at)
        elif current or work in ("ODG", "ACOEM"):
            if opens or re.match(names.ACOEM_BOOK, text[at:], re.IGNORECASE):
                starts.append(at)
                current = work
        else:
            current = work
    return [_without_other(text, a, b) for a, b in _parts(text, starts, end)]


def _without_other(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without the form's "and Other Medical Treatment Guidelines" at its ends."""
    if opening := _OTHER.match(text, start, end):
        start = opening.end()
    if closing := _OTHER_AT_END.search(text, start, end):
        end = closing.start()
    return trimmed(text, start, end)


def _bare_chapter(text: str, start: int, end: int) -> re.Match[str] | None:
    """A chapter of ODG named without the work: "Low Back (Hyperstimulation analgesia)", "Shoulder Chapter, X"."""
    match = names.odg_chapter().match(text, start, end)
    if match and (match.group("kind") or match.end() == end or text[match.end() :].lstrip()[:1] in tuple(",;:(/-–.")):
        return match
    return None


# ---- what one citation says -----------------------------------------------------------------------------------


def _cite(line: str, start: int, end: int, *, mtus: bool) -> Citation:
    words = line[start:end]
    if (document := names.mtus_document().match(words)) and not re.search(r"\b3rd\b|\bthird\b", document.group(), re.I):
        family, guideline, section_at = _mtus_words(document)
        rest, named = words[section_at:], document.end()
    elif names.odg().match(words) or _bare_chapter(words, 0, len(words)):
        family, (guideline, rest, named) = "ODG", _odg_words(words)
    elif acoem := names.acoem().match(words):
        family, (guideline, rest, named) = "ACOEM", _acoem_words(words, acoem)
    else:
        family, guideline, rest, named = _other_words(words)
        family = "MTUS" if mtus else family
    section, pages = _section_and_pages(rest)
    return Citation(
        text=heal(line[start:end]),
        mtus=mtus,
        family=family,
        guideline=guideline,
        section=section,
        pages=pages,
        document=heal(line[start : start + named]).rstrip(_EDGE)[:200],
        span=Span(start, end),
    )


def _mtus_words(document: re.Match[str]) -> tuple[str, str | None, int]:
    """Family, canonical name, and where the section begins, of a document of the MTUS."""
    guideline = names.mtus_guideline(document)
    by_acoem = document.group("acoem") or document.group("acoem2") or (guideline and guideline.family == "ACOEM")
    family = "ACOEM" if by_acoem else "MTUS"
    section_at = document.start("code") if document.group("code") else document.end()
    if guideline and len(guideline.chapters) > 1:  # one chapter of several is a section of the document
        starts = [document.start(group) for group in ("chapter_words", "chapter_title")]
        section_at = max(starts) if max(starts) >= 0 else section_at
    return family, guideline.name if guideline else None, section_at


_ODG_OPENING = re.compile(
    rf"(?:{names.ODG}|guidelines?\b|Treatment\s+in\s+Workers['’]?\s+Comp(?:ensation)?\b|\(TWC\)"
    r"|\(?(?:current|online)\s+version\)?|Chapter:|\d{4}\b|\([^)]{0,80}\bEdition\)|[\s,;:–-])+",
    re.IGNORECASE,
)
_ODG_JOINT = re.compile(rf"(?:[,;/]|\band\b|{names.ODG},?)\s*$", re.IGNORECASE)


def _odg_words(words: str) -> tuple[str, str, int]:
    """Canonical name, the rest after the chapter, and the length of the words that name the document."""
    whole = "Official Disability Guidelines (ODG)"
    opening = _ODG_OPENING.match(words)
    start = opening.end() if opening else 0
    chapters, first_end = _odg_chapters(words, start)
    if len(chapters) != 1:
        return whole, words[start:], start or len(words)
    # A chapter that does not stand first is part of what names the document, and so are the words up to it.
    return chapters.pop(), words[first_end:] if first_end else words[start:], first_end or len(words)


def _odg_chapters(words: str, start: int) -> tuple[set[str], int]:
    """The chapters that ``words`` name from ``start`` on, and where the name ends if it stands there (else 0).

    A chapter stands first, or opens a further part after a comma, semicolon or "and", or is called a chapter.
    """
    chapters: set[str] = set()
    first_end = 0
    for match in names.odg_chapter().finditer(words, start, lower=folded(words)):
        before, after = words[start : match.start()], words[match.end() :].lstrip()[:1]
        if before and words[match.start() - 1].isalnum():
            continue
        if not before.strip():
            first_end = match.end()
        elif not (match.group("kind") or (_opens_chapter(before, after) and "(" not in before.split(")")[-1])):
            continue
        chapters.add(names.odg_guideline(match.group("title")).name)
    if len(chapters) > 1:
        chapters.discard("ODG Preface")
    return chapters, first_end


def _opens_chapter(before: str, after: str) -> bool:
    """Whether a chapter of ODG may stand between these words, of which ``after`` is the first sign."""
    return after in ("", *",;:(/-–") and _ODG_JOINT.search(before[-2 * _NEAR :]) is not None


def _acoem_words(words: str, opening: re.Match[str]) -> tuple[str, str, int]:
    """The same for ACOEM outside the MTUS."""
    edition = re.search(
        r"\b(?:2nd|second|(?P<third>3rd|third))\s+ed(?:ition\b|\.|\b)(?:,?\s*\(?\d{4}\)?)?", words, re.IGNORECASE
    )
    disorder = names.acoem_disorder().search(words, opening.end())
    if disorder and not words[opening.end() : disorder.start()].strip(_EDGE + "0123456789()3rded"):
        return names.acoem_guideline(disorder.group("title")).name, words[disorder.end() :], disorder.end()
    name = "ACOEM Practice Guidelines"
    if edition:
        name += ", 3rd edition" if edition.group("third") else ", 2nd edition (2004)"
    end = max(opening.end(), edition.end() if edition else 0)
    return name, words[end:], end


def _other_words(words: str) -> tuple[str, str | None, str, int]:
    """Family, canonical name, section and named length of any other work.

    A work that is not known has the name that its words begin with, and no canonical guideline.
    """
    mark = names.work_mark().search(words, lower=folded(words))
    if mark:
        work = names.work_of(mark)
        return work.family, work.name or None, "", len(words)
    opening = re.split(r"[.;:,(]", words, maxsplit=1)[0].strip()
    return (opening or words)[:80], None, "", len(words)


def _section_and_pages(rest: str) -> tuple[str | None, tuple[str, ...]]:
    """Section or topic and pages from what follows the document's name. A section that is a number is a page."""
    pages = [page for match in _PAGES.finditer(rest) for page in _PAGE.findall(match.group("pages"))]
    rest = _ADOPTED.sub("", _OF_WORK.sub("", _PAGES.sub(" ", rest), count=1))
    if label := _SECTIONS.search(rest):
        rest = rest[: label.start()].strip(_EDGE) + " " + rest[label.end() :]
        numbers = [part.strip() for part in rest.split(",") if part.strip().isdigit()]
        pages += numbers
        rest = ",".join(part for part in rest.split(",") if part.strip() not in numbers)
    section = _SECTION_ON.sub("", _LOST_WORDS.sub(r"\1", heal(rest.strip(_EDGE))))
    if section.startswith("(") and section.endswith(")") and section.count("(") == section.count(")"):
        inner = section[1:-1]
        depth = 0
        for character in inner:
            depth += (character == "(") - (character == ")")
            if depth < 0:
                break
        else:
            section = inner
    return section or None, tuple(pages)
