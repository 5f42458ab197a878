"""Whether utilization review certified a part of a request: "modified", "partially certified", "authorized … of …".

Letters tell it in the heading ("X was the original request. Y was authorized by the Claims Administrator. …"), in the
clinical summary ("Utilization Review modified the request to …") or in the rationale. Work that is modified,
activities, other modifications and what should be modified are something else.
"""

from __future__ import annotations

import re

from ..text.clean import flat
from ..text.searching import Searched, folded, holds
from ..types import Found, Span
from .sentences import sentences

_REVIEW = (
    r"(?:\bUR\b|\butili[sz]ation\s+review(?:er)?\b|\bclaims\s+administrator\b"
    r"|\b(?:previous|prior|peer|first)\s+(?:review|determination|decision)(?:er)?\b)"
)
_PART = r"(?:in\s+part|partial(?:ly)?)"
_GRANTED = r"(?:certif(?:ied|ication)|approv(?:ed|al)|authoriz(?:ed|ation))"
_NOT_OF_REQUESTS = (
    r"(?!\s+(?:dut|work|activit|job|duties|release|hours|diet|lifestyle|barium|ashworth|oswestry|radical))"
)
_NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b"
# One alternative a way to say it; each ends right after the words that say it.
_MODIFIED_PATTERN = re.compile(
    # "Y was authorized by the Claims Administrator. The remaining IMR eligible portion …"
    rf"\b(?:was|were)\s+{_GRANTED}\s+by\s+the\s+claims\s+administrator(?=\s*[.,]\s+The\s+remaining\s+IMR)"
    r"|\bThe\s+claims\s+administrator\s+authorized\b[^.;]{1,200},\s+leaving\s+the\s+original\s+request\s+IMR\s+eligible"
    # "Utilization Review modified the request", "the claims administrator partially approved"
    rf"|{_REVIEW}[^.;]{{0,120}}?\b(?:modified{_NOT_OF_REQUESTS}|(?:{_PART})\s+{_GRANTED}"
    r"|(?:certified|approved|authorized)\s[^.;]{0,60}?\b(?:with\s+modifications?|in\s+part)\b"
    r"|issued\s+a\s+(?:modified|partial)\s+\w+)"
    # "The request was modified to 6 visits"
    r"|\brequest(?:s|ed\s+\w+)?\b(?:(?!certif|denied|denial|approv|modif)[^.;]){0,160}?\b(?:was|were|had\s+been"
    r"|has\s+been)\s+(?:(?:previously|subsequently|also|recently|then)\s+)?"
    rf"(?:modified\b|{_PART}\s+{_GRANTED}|{_GRANTED}\s+(?:with\s+modifications?|{_PART})\b)"
    # "Physical therapy was modified to allow 6 visits"
    rf"|\b(?:was|were)\s+modified\s+(?:to|with)\s+(?:allow\w*\s+)?(?:for\s+)?(?:an?\s+)?(?:\w+\s+)?{_NUMBER}"
    rf"|\bmodified\s+(?:certification|approval|authorization)\b|\b(?:certification|approved|certified"
    rf"|authorized)\s+with\s+modifications?\b"
    rf"|\bmodification\s+(?:to|for)\s+(?:allow\w*\s+)?(?:for\s+)?(?:an?\s+)?(?:initial\s+|trial\s+of\s+)?{_NUMBER}",
    re.IGNORECASE,
)
_MODIFIED = Searched(
    _MODIFIED_PATTERN,
    (
        *("was", "were", "the", "ur", "utili", "claims", "previous", "prior", "peer", "first", "request", "modifi"),
        *("certification", "approved", "certified", "authorized"),
    ),
)
_HINTS = ("modif", "partial", "authorized", "in part")
# Not this request, not done, or not by utilization review.
_OTHERWISE = re.compile(
    r"\b(?:concurrent|not\s+(?:been\s+)?modified|should|would|may|could|if|recommend\w*\s+that"
    r"|treatment\s+plan\s+was|work\s+status|regimen\s+was)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]{3,}")
_NEXT_RULING = re.compile(
    r"[.;]|,?\s+and\s+(?:\w+\s+){0,2}?(?:non-?certified|denied|approved|certified)\b", re.IGNORECASE
)
_SAYS_LITTLE = frozenset(
    re.findall(
        r"\w+",
        "the and for was were not per day from that this has had been one two three four five six all are his her its"
        " dos qty use med request requested original times week weeks month months session sessions visit visits tablet"
        " tablets quantity refill refills left right bilateral upper lower with without additional continued days daily"
        " retrospective"
        " treatment unknown once twice date service follow initial portion remaining total body",
    )
)
_PLACES = frozenset(
    re.findall(
        r"\w+",
        "lumbar cervical thoracic spine back neck knee shoulder elbow wrist hand hip ankle foot extremity extremities"
        " head",
    )
)


def read_modification(text: str, request: str | None = None) -> Found[str] | None:
    """The first words of a heading, summary or rationale that say that utilization review granted a part of a request.

    ``request``: the title of an item. Where it is given, the sentence must share a telling word with it: a summary
    speaks of several requests. The span is in ``text``; None where nothing certain is said.
    """
    plain = flat(text)
    lower = folded(plain)
    if not holds(lower, _HINTS):
        return None
    for match in _MODIFIED.finditer(plain, lower=lower):
        start = _sentence_start(plain, match.start())
        if _OTHERWISE.search(plain, start, match.end()):
            continue
        if request is None or _is_same(request.lower(), _modified_thing(lower, start, match)):
            return Found(" ".join(text[match.start() : match.end()].split()), Span(match.start(), match.end()))
    return None


def _is_same(request: str, modified: str) -> bool:
    """Whether the words name the same request: a telling word is in both, and no other part of the body."""
    asked, named = set(_WORD.findall(request)), set(_WORD.findall(modified))
    places, others = asked & _PLACES, named & _PLACES
    if places and others and not places & others:
        return False
    return bool((asked & named) - _SAYS_LITTLE - _PLACES)


def _modified_thing(lower: str, sentence: int, match: re.Match[str]) -> str:
    """The words that name what was modified: before a passive verb, after an active one."""
    words = match.group().lower()
    if words.startswith(("was", "were")):
        return lower[sentence : match.start()]
    if words.startswith(("request", "the claims")):
        return words
    after = lower[match.end() : match.end() + 200]
    stop = _NEXT_RULING.search(after)
    return after[: stop.start()] if stop else after


def _sentence_start(text: str, position: int) -> int:
    # A few hundred characters before it do: a whole summary is not cut up for each match.
    first = max(0, position - 600)
    return first + max(start for start, _ in sentences(text[first : position + 1]))
