"""Why a decision was made: the reasons of vocabulary/reasons.toml, from the sentences that give them.

A sentence counts only where it speaks of this patient, these records or this request. What a guideline says in
general ("… is recommended after failed conservative care") is no reason, nor is a condition ("if there is no
improvement …"), nor are quoted words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ..facts import Reason
from ..text.clean import flat
from ..text.searching import folded
from ..types import Span
from .denials import DENIAL_HINTS, missed
from .sentences import DRAWS_CONSEQUENCE, REPORTS_RULE, sentences, sentences_with, without_quotations
from .statements import AGAINST, FOR

Range = tuple[int, int]

# Quotation marks around less than this set off a term.
_LONGEST_TERM = 25

# Of a text without stops no more than this is read: time stays linear in the length.
_LONGEST_SENTENCE = 3_000

# Words that show that a sentence is about the case in hand, not about patients in general.
_CASE = re.compile(
    r"\b(?:patient|worker|claimant|applicant|employee|individual|iw|he|she|his|her|document(?:ed|ation)|records?"
    r"|submitted|reviewed|providers?|physician|surgeon|in\s+this\s+case|here|request(?:ed|s)?|prescription"
    r"|noted|provided"
    r"|exam(?:ination)?|currently|it\s+(?:is|was)\s+(?:also\s+)?(?:not|un)|there\s+(?:is|are|was|were|has|have))\b"
)
_GENERAL = re.compile(r"\b(?:patients|workers|individuals|persons|people|those|adults|applicants|employees)\b")
_PERSON = re.compile(
    r"\b(?:the|this|an?|that|injured)\s+(?:patient|worker|claimant|applicant|employee|individual)\b|\b(?:he|she)\b"
)
# The standing notice that opioid decisions end with.
_NOTICE = re.compile(r"\b(?:decision\s+addresses|not\s+be\s+interpreted|advised\s+to\s+consult|not\s+be\s+stopped)\b")
# What ties a sentence to the decision whichever way it went.
_TIES = re.compile(
    r"\b(?:warrant\w*|support\w*|justif\w+|request\s+(?:is|was|for|exceeds)|requested|this\s+request|therefore"
    r"|as\s+such)\b"
)


def read_reasons(rationale: str, against: bool | None) -> tuple[Reason, ...]:
    """The reasons that a rationale gives, in the order of the text, each code once with its first sentence.

    ``against``: whether the reviewer found the request not necessary (True), necessary (False) or neither (None).
    Only reasons of that side are given; with None only those of sentences that speak of the request itself. Spans
    are offsets in ``rationale``.
    """
    plain = flat(rationale)
    text = without_quotations(plain, shortest=_LONGEST_TERM)
    lower = folded(text)
    places = [(start, min(end, start + _LONGEST_SENTENCE)) for start, end in sentences(plain)]
    told = _told(lower, places, against)
    denying = sentences_with(lower, places, DENIAL_HINTS) if against is not False else set()
    found: dict[str, Reason] = {}
    for number in sorted(denying | told.keys()):
        start, end = places[number]
        sentence = lower[start:end]
        end = places[number + 1][0] if number + 1 < len(places) else len(plain)
        read = _remembered if len(sentence) <= _LONGEST_KEPT else _of_sentence
        for code in read(sentence, against, told.get(number, ()), number in denying):
            if code not in found and _is_of_request(code, sentence, lower[max(end, len(lower) - _LAST_WORDS) :]):
                found[code] = Reason(code, Span(start, start + len(plain[start:end].rstrip())))
    return tuple(found.values())


# Reasons that only count where they speak of what was asked for: the kind of service, the part of the body.
_NAMES_OF_REQUEST = {
    "already-provided": re.compile(
        r"\b(?:physical\s+therapy|pt|occupational|acupuncture|chiropractic|massage|mri|ct|x-?ray|emg|ncv|ncs|epidural"
        r"|injection|surgery|consult|evaluation|office)s?\b"
    ),
    "indication-absent": re.compile(
        r"\b(?:neck|cervical|lumbar|thoracic|shoulder|elbow|wrist|hand|hip|knee|ankle|foot|head)s?\b"
    ),
}
_SAME = {"pt": "physical therapy", "xray": "x-ray", "neck": "cervical"}
_LAST_WORDS = 150


def _is_of_request(code: str, sentence: str, conclusion: str) -> bool:
    """Whether a sentence may speak of what the last words of the rationale decide on.

    "Six visits of physical therapy were authorized" does not say that the MRI in dispute was, and "there are no neck
    complaints" is no reason against a brace for the knee.
    """
    if code not in _NAMES_OF_REQUEST:
        return True
    told, asked = _names(code, sentence), _names(code, conclusion)
    return not told or not asked or bool(told & asked)


def _names(code: str, text: str) -> set[str]:
    names = {" ".join(match.group().split()).rstrip("s") for match in _NAMES_OF_REQUEST[code].finditer(text)}
    return {_SAME.get(name, name) for name in names}


_STATEMENTS = (*AGAINST, *FOR)
_AGAINST = range(len(AGAINST))
_FOR = range(len(AGAINST), len(_STATEMENTS))


def _told(text: str, places: list[Range], against: bool | None) -> dict[int, tuple[int, ...]]:
    """By number of a sentence the statements (by number), of the side asked for, whose hints it holds."""
    told: dict[int, tuple[int, ...]] = {}
    for statement in (*(_AGAINST if against is not False else ()), *(_FOR if against is not True else ())):
        for number in sentences_with(text, places, _STATEMENTS[statement].hints):
            told[number] = (*told.get(number, ()), statement)
    return told


def _of_sentence(sentence: str, against: bool | None, statements: tuple[int, ...], denies: bool) -> tuple[str, ...]:
    """The codes of one sentence in lower case, by the statements that it may make and whether it may deny a thing."""
    codes = list(missed(sentence)) if denies else []
    if codes and not _CASE.search(sentence):
        codes = []
    codes += _stated(statements, sentence)
    # Most sentences give no reason: what could speak against one is looked for last.
    if not codes or _NOTICE.search(sentence) or (_GENERAL.search(sentence) and not _PERSON.search(sentence)):
        return ()
    return tuple(codes) if against is not None or _TIES.search(sentence) else ()


# Reviewers give the same reasons in the same words again and again.
_LONGEST_KEPT = 300
_remembered = lru_cache(maxsize=20_000)(_of_sentence)


def _stated(statements: Iterable[int], sentence: str) -> Iterator[str]:
    """The codes of the statements that a sentence makes of the case."""
    for statement in map(_STATEMENTS.__getitem__, statements):
        match = statement.pattern.search(sentence)
        if match is None or statement.unless.search(sentence, 0, match.end() + statement.look_on):
            continue
        if REPORTS_RULE.search(sentence, 0, match.start()) and not DRAWS_CONSEQUENCE.search(sentence, 0, match.end()):
            continue
        yield statement.code
