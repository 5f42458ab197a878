"""The diagnoses that a clinical summary lists, each by its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ... import vocabulary
from ..types import Found
from .prose import TO_BLANKS, Prose, Range, any_word, stripped

_WORDS = vocabulary.load("diagnosis_words")
_CONDITIONS = frozenset(_WORDS["words"]) | {f"{word}s" for word in _WORDS["words"]} | set(_WORDS["plurals"])
_ENDINGS = tuple(_WORDS["endings"])
_COMPANION = re.compile(rf"(?:or\s+|and\s+)?(?:{'|'.join(_WORDS['companions'])})(?:\s+with(?:out)?\b.*)?$")
_SIDE = re.compile(r"(?:left|right|bilateral|both|upper|lower|mid)$")
_TAIL = re.compile(rf"(?:{'|'.join(_WORDS['tails'])})")
_ALWAYS_TAIL = re.compile(r"(?:initial|subsequent|with(?:out)?|due\s+to|secondary\s+to)\b")
_NOT_MADE = re.compile(rf"(?:{'|'.join(_WORDS['not_made'])})")

# Words of a cue stand in lower case text. What follows the cue is the list.
_DIAGNOSED = re.compile(
    r"diagnos(?:ed\s+(?:with|as\s+(?:having|suffering\s+from)|to\s+have|as)\b"
    r"|(?:[ei]s(?:\s*,?\s*(?:and|or|/|and[/-]or)\s*(?:impressions?|assessments?|conditions?)\s*,?)?"
    r"|ed\s+conditions?)(?:\s+(?:as\s+of|on|dated|from)\s+[\d/-]{4,10})?(?:\s+(?:for|in)\s+the\s+(?:patient|claimant|applicant|injured\s+worker)|\s+at\s+(?:that"
    r"|the)\s+time)?"
    r"(?:\s*:|(?P<link>(?:\s+(?:is|are|was|were|has|have|had|been|included?|includes|including|of|that|to|as"
    r"|documented|noted|listed"
    r"|given|reported|stated|currently|now|following|the\s+following|provided)){1,5})\b))\s*:?\s*"
)
_TREATED_FOR = re.compile(
    r"treat(?:ed|ments?)\s+for\b\s*:?\s*(?:(?:the|a)\s+)?(?:diagnos[ei]s\s+(?:of|that\s+includes?)\s+)?"
)
# Tried where one of _ASSESSED_WORDS stands.
_ASSESSMENT = re.compile(
    r"(?:(?:assessments?|impressions?|(?<!\w)dx)\s*:|(?:(?:(?<=clinical )|(?<=working )|(?<=diagnostic ))impressions?"
    r"|(?:(?<=the )|(?<=current ))assessment)\s+(?:was|were|is|are|includes?|included)\b(?!\s+(?:that|to|\w+ed)\b)"
    r"|assessed\s+(?:as\s+having|to\s+have)\b|accepted\s+for\b(?!\s+(?:an?\s+|the\s+)?(?:future|treatment|medical|review)))\s*"
)
_DIAGNOSIS_WORDS = frozenset({"diagnosis", "diagnoses", "diagnosed"})
_TREATED_WORDS = frozenset({"treated", "treatment", "treatments"})
_ASSESSED_WORDS = frozenset({"dx", "assessed", "accepted", "assessment", "assessments", "impression", "impressions"})
_OF_PICTURES = re.compile(r"\b(?:mri|ct|x-?ray|study|scan|emg)\s+(?:\w+\s+)?$")
_IN_TREATMENT = re.compile(r"\b(?:being|is|was|been|undergoing|under|receiving|receives|currently)\s+$")
# "a diagnosis of X" counts where somebody has it: not "to confirm the diagnosis of X".
_HAS_DIAGNOSIS = re.compile(
    r"(?:\b(?:has|have|had|with|given|(?:gave|given|assigned)\s+(?:the\s+)?\w+(?:\s+\w+)?|carr(?:y|ies|ied)"
    r"|there\s+(?:is|was|are|were))\s+"
    r"(?:(?:been|given|a|an|the|his|her|current|working|primary|comorbid|co-morbid|additional|established"
    r"|clinical)\s+){0,3}"
    r"|(?:^|[.;:]\s{1,2})(?:the\s+|a\s+|current\s+|primary\s+){0,2})$"
)
_NO_DIAGNOSIS_BEFORE = re.compile(
    r"\b(?:differential|no|without|not|never|rule\s+out|confirm\w*|support\w*|if|whether|mother|father|family"
    r"|tentative|consider\w*)"
    r"\s+(?:\w+\s+){0,2}$"
)
# "The diagnosis of X is not supported".
_DOUBTED = re.compile(
    r"\s*(?:is|was|has|are|were|cannot|could)\s+(?:not|unclear|in\s+doubt|questionable|considered|possible|been)"
)
_NONE_TOLD = re.compile(
    r"(?:not\b|un(?:clear|known|specified\s*[.;])|n/?a\b|none\b|deferred|pending|no\b|based\b|reviewed|see\b|discussed|confirmed|unchanged|(?:the\s+)?same\b|as\s+above|listed|made\b|consistent\b)"
)
# Where the list is over although the sentence goes on.
_OVER = any_word(
    *(r"in\s+\d{4}", "takes", "taking"),
    *(
        "who",
        "which",
        "that",
        "per",
        r"according\s+to",
        r"based\s+on",
        r"as\s+(?:of|per|evidenced)",
        "since",
        "he",
        "she",
        r"for\s+which",
    ),
    r"the\s+(?:injured\s+worker|patient|claimant|applicant|employee|provider|treating|physician|records?|requests?"
    r"|treatments?|medical|iw)",
    r"this\s+(?:injured\s+worker|patient|claimant|applicant|employee)",
    *(
        "is",
        "was",
        "has",
        "had",
        "have",
        "were",
        "are",
        "underwent",
        "complain",
        "complains",
        "complained",
        "complaining",
        r"report\w*",
        "received",
        "prescribed",
        "presented",
        "continues",
    ),
    *(
        r"requests?",
        r"recommend\w*",
        "treated",
        "treatment",
        "currently",
        "dated",
        "status",
        r"after",
        "following",
        r"by\s+(?:the|dr|his|her|an?)",
        "medications?",
    ),
    r"on\s+(?=\d|january|february|march|april|may\b|june|july|august|september|october|november|december)\d?",
    r"with\s+(?:complaints?|date|an?\s+(?:date|request)|treatment|persistent|ongoing|continued)",
    *(
        r"work\s+status",
        r"date\s+of",
        r"resulting\s+from",
        "sustained",
        r"as\s+a\s+result",
        r"recommended",
        "placed",
        "given",
    ),
    r"from\s+(?:a|an|the)\s+(?:work|industrial|fall|injury|motor)",
)
_DATE_OR_DASH = re.compile(r"\(\s*(?:\d{1,2}[-/]\d|dated)|s/p\b|(?<=\s)[-–—]{1,2}\s")
_SEMICOLON = re.compile(r"\s*;\s*(?:and\s+)?")
_COMMA = re.compile(r"\s*,\s*(?:and\s+(?!/?or\b))?|\s+(?:and|as\s+well\s+as)\s+(?!/?or\b)")
_COMMA_ONLY = re.compile(r"\s*,\s*(?:and\s+(?!/?or\b))?")
_PARENTHESES = re.compile(r"\([^()]{0,120}\)")
_WITH = re.compile(r"\b(?:with|without|due\s+to|secondary\s+to|between)\b")
_HEAD_FIRST = re.compile(r"\b(?:of|in|to|at|involving|affecting|level)\b")
_CODE = re.compile(
    r"\s*[(\[]?\s*(?:icd[\s-]*(?:9|10)(?:[\s-]*cm)?\s*:?\s*)?(?:[a-tv-z]\d\d(?:\.\w{1,4})?|\d{3}\.\d{1,2})\s*[)\]]?\s*$"
)
_FIRST_NUMBER = re.compile(r"\s*[(#]?1[.)]\s*(?=[a-z])")
_STOP = re.compile(r"[.;](?=\s|$)|\n")
_VERB = re.compile(r"\b(?:is|was|were|are|has|had|been|be|will|would|should|may|can|revealed?|showed|shows|noted)\b")
_LONGEST_LIST = 1200
_LONGEST = 160
_LEADING_CODE = re.compile(r"\d{3}\.\d{1,2}[\s:-]+")
_DOUBT = re.compile(r"\s+(?:rule\s+out|r/o|versus|vs\.?|and\s+(?:repair|surgery))\b")
_NO_NAME = re.compile(rf"(?:(?:and|or|{'|'.join(_WORDS['companions'])})\s*)+(?:with\b.*)?$")
_MOST = 40
_MARKS = ".,;:-–•*#\"“”'‘’"


def read_diagnoses(prose: Prose) -> tuple[Found[str], ...]:
    """The diagnoses in the order of the text, each once."""
    lower = prose.lower
    found: dict[str, Found[str]] = {}
    for start, end, sure in sorted(_lists(prose)):
        for a, b in _numbered(lower, start) or [(start, end)]:
            for c, d in _parts(lower, a, b):
                name = lower[c:d]
                if len(found) < _MOST and _is_diagnosis(name, sure):
                    found.setdefault(name, prose.found(c, d))
    return tuple(found.values())


def _lists(prose: Prose) -> Iterator[tuple[int, int, bool]]:
    """Where lists of diagnoses stand, and whether the words before are sure to announce diagnoses only."""
    lower = prose.lower
    if not prose.words.isdisjoint(_DIAGNOSIS_WORDS):
        for cue in _DIAGNOSED.finditer(lower):
            before = lower[max(0, cue.start() - 60) : cue.start()]
            bare = (cue["link"] or "").strip() in ("of", "that", "to", "including", "for", "in")
            if _NO_DIAGNOSIS_BEFORE.search(before) or _NONE_TOLD.match(lower, cue.end()):
                continue
            end = _over(prose, cue.end())
            if not bare or (_HAS_DIAGNOSIS.search(before) and not _DOUBTED.match(lower, end)):
                yield cue.end(), end, True
    if not prose.words.isdisjoint(_TREATED_WORDS):
        for cue in _TREATED_FOR.finditer(lower):
            if _IN_TREATMENT.search(lower, max(0, cue.start() - 20), cue.start()):
                yield cue.end(), _over(prose, cue.end()), False
    if not prose.words.isdisjoint(_ASSESSED_WORDS):
        offsets = {at for places in prose.places(_ASSESSED_WORDS).values() for at in places}
        for cue in filter(None, (_ASSESSMENT.match(lower, at) for at in offsets)):
            if not _OF_PICTURES.search(lower, max(0, cue.start() - 25), cue.start()):
                yield cue.end(), _over(prose, cue.end()), False


def _over(prose: Prose, start: int) -> int:
    """Where the list that begins at ``start`` ends: with its sentence or with the words that speak of other things."""
    end = max(start, prose.sentence_at(start)[1])
    return _before_over(prose.lower, start, min(end, start + _LONGEST_LIST))


def _before_over(lower: str, start: int, end: int) -> int:
    for pattern in (_OVER, _DATE_OR_DASH):
        over = pattern.search(lower, start, end)
        end = over.start() if over else end
    return end


def _names_condition(words: str) -> bool:
    """Whether one of the words tells of a condition."""
    singles = words.translate(TO_BLANKS).split()
    return any(word in _CONDITIONS or word.endswith(_ENDINGS) for word in singles)


def _numbered(lower: str, start: int) -> list[Range]:
    """The entries of a list numbered from 1 that begins at ``start``; empty if there is none."""
    first = _FIRST_NUMBER.match(lower, start)
    if not first:
        return []
    places: list[Range] = [first.span()]
    while len(places) < _MOST:
        mark = re.compile(rf"[\s,;.][(#]?{len(places) + 1}[.)]\s*(?=[a-z])")
        match = mark.search(lower, places[-1][1], places[-1][1] + _LONGEST)
        if not match:
            break
        places.append(match.span())
    entries = [(a[1], b[0]) for a, b in pairwise(places)]
    last = places[-1][1]
    stop = _STOP.search(lower, last, last + _LONGEST)
    end = stop.start() if stop else min(len(lower), last + _LONGEST)
    return [*entries, (last, _before_over(lower, last, end))]


def _parts(lower: str, start: int, end: int) -> Iterator[Range]:
    """The single diagnoses of a list: parted at semicolons, else at commas and "and" between two conditions."""
    masked = lower[:start] + _PARENTHESES.sub(lambda one: "(" * len(one.group()), lower[start:end])
    if ";" not in masked[start:]:
        yield from _listed(lower, masked, start, end, _COMMA)
        return
    for a, b in _cut(masked, start, end, _SEMICOLON):
        yield from _listed(lower, masked, a, b, _COMMA_ONLY)


def _listed(lower: str, masked: str, start: int, end: int, separator: re.Pattern[str]) -> Iterator[Range]:
    """The single diagnoses of a list that is parted by ``separator``."""
    merged: list[Range] = []
    waiting: int | None = None
    for a, b in _cut(masked, start, end, separator):
        begin = a if waiting is None else waiting
        if merged and waiting is None and _belongs_to(lower, merged[-1], (a, b), end):
            merged[-1] = (merged[-1][0], b)
        elif not _names_condition(lower[a:b]) and b < end and not _NOT_MADE.match(lower, a):
            waiting = begin
        else:
            merged.append((begin, b))
            waiting = None
    if waiting is not None:
        merged.append((waiting, end))
    for a, b in merged:
        yield _trimmed(lower, a, b)


def _belongs_to(lower: str, last: Range, piece: Range, end: int) -> bool:
    """Whether a piece goes on with the diagnosis before it, rather than being one or beginning one."""
    a, b = piece
    words = lower[a:b].strip(" .,;:\n")
    by_and = "," not in lower[last[1] : a]
    before = lower[last[0] : last[1]]
    if _SIDE.match(words) and b < end:
        return False
    if not words or _COMPANION.match(words) or (by_and and _COMPANION.match(before.strip())):
        return True
    if _TAIL.match(words) and not (_names_condition(words) and not _ALWAYS_TAIL.match(words)):
        return True
    if _NOT_MADE.match(words):
        return False
    if by_and and _WITH.search(before):
        return True
    if _names_condition(words):
        return False
    return _HEAD_FIRST.search(before) is not None or b >= end


def _cut(text: str, start: int, end: int, separator: re.Pattern[str]) -> Iterator[Range]:
    for mark in separator.finditer(text, start, end):
        yield start, mark.start()
        start = mark.end()
    yield start, end


def _trimmed(lower: str, start: int, end: int) -> Range:
    """Without stops, quotation marks, leading articles and a code of the International Classification of Diseases."""
    start, end = stripped(lower, start, end, _MARKS)
    doubt = _DOUBT.search(lower, start, end)
    end = doubt.start() if doubt and doubt.start() > start else end
    if end - start > 6 and not lower[end - 1].isalpha():
        code = _CODE.search(lower, max(start, end - 30), end)
        end = code.start() if code and code.start() > start else end
    start, end = stripped(lower, start, end, _MARKS)
    if lower.endswith((" and", " or", " with", " of"), start, end):
        end = lower.rindex(" ", start, end)
    if lower[start : start + 1].isdigit() and (code := _LEADING_CODE.match(lower, start, end)):
        start = code.end()
    for lead in ("and ", "a ", "an ", "the ", "his ", "her ", "their ", "has "):
        if lower.startswith(lead, start, end):
            start += len(lead)
    opened, closed = lower.count("(", start, end), lower.count(")", start, end)
    if opened != closed:
        end = lower.rindex(")" if opened < closed else "(", start, end)
    return stripped(lower, start, end, ".,;:")


def _is_diagnosis(name: str, sure: bool) -> bool:
    if not 3 <= len(name) <= _LONGEST or _NO_NAME.match(name) or _NOT_MADE.match(name) or _VERB.search(name):
        return False
    return _names_condition(name) or (sure and name.count(" ") <= 4 and name[0].isalpha())
