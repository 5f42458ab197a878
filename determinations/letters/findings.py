"""What the reviewer's reasons conclude: read from the concluding sentences, never from quoted guideline text.

A rationale states facts, quotes guidelines ("… may also be medically necessary") and then concludes ("Therefore,
the request is not medically necessary."); opioid decisions add a standing notice about tapering. A sentence counts
as a conclusion if it judges necessity outright and speaks of this request, or draws a consequence. Sentences that
state a condition or report what a guideline says do not count.
"""

from __future__ import annotations

import re
from itertools import pairwise

from .clean import flat
from .types import Finding

_SENTENCE = re.compile(r"[.!?][\"”')\]]*(?:\s+|(?=[A-Z][a-z]+\s))")
_QUOTATION = re.compile(r"\"[^\"]*\"|“[^”]*”")

_ADVERBS = r"(?:(?:also|both|either|therefore|thus|then|currently|clearly|clinically|reasonably|now|still|and)\s+)*"
_JUDGED = (
    r"(?:(?:be|been|being|to|as|appear|appears|seem|seems|seen|considered|deemed|felt|found|determined|judged|shown"
    r"|supported|established|proven)\s+)*"
)
_WORTH = (
    r"(?:medically\s+(?:necessary|appropriate|indicated|reasonable|warranted|justified|needed)|a\s+medical\s+necessity)"
)
_IS = r"(?:is|are|was|were|be|been|being|as|deemed|considered|found|determined|remains?|appears?|seems?)"
_NECESSITY = r"medical(?:ly)?\s+necess\w+(?:\s+(?:of|for)\s+[^.;]{1,200}?)?"
_SHOWN = r"(?:established|documented|demonstrated|supported|substantiated|shown|met|made|evident|justified|confirmed)"
_REQUEST_IS = r"\brequests?\b[^.;]{0,200}\b(?:is|are|was|were)\s+(?:therefore\s+|thus\s+|considered\s+)?"

# Necessity denied. "not-medically necessary" occurs.
_AGAINST = re.compile(
    rf"\b(?:not|cannot)(?:-\s?|\s+){_ADVERBS}{_JUDGED}{_ADVERBS}{_WORTH}"
    rf"|\bnot\s+(?:\w+\s+){{0,8}}?as\s+(?:being\s+)?{_WORTH}"
    rf"|\b{_NECESSITY}\s+(?:(?:is|are|was|were|has|have|had|can|could|does)\s+)?(?:not|cannot)\s+{_ADVERBS}{_JUDGED}{_SHOWN}"
    r"|\bmedically\s+unnecessary\b"
    r"|\b(?:lacks?|lack\s+of|without|no|insufficient)\s+(?:\w+\s+){0,3}medical\s+necessity",
    re.IGNORECASE,
)
# Necessity affirmed.
_FOR = re.compile(
    rf"\b{_IS}\s+{_ADVERBS}{_JUDGED}{_ADVERBS}{_WORTH}"
    rf"|\b{_NECESSITY}\s+(?:is|are|was|has\s+been|have\s+been)\s+{_ADVERBS}{_SHOWN}"
    r"|\bmeets?\s+(?:the\s+)?(?:\w+\s+){0,3}medical\s+necessity",
    re.IGNORECASE,
)
# Words that judge the request without the word "medically": they count only where the request is their subject.
_REQUEST_AGAINST = re.compile(
    _REQUEST_IS + r"(?:denied|non-?certified|not\s+(?:\w+\s+)?(?:necessary|certified|approved|authorized|supported"
    r"|warranted|indicated|recommended|appropriate))"
    r"|\b(?:uphold|upholding|agree\s+with)\b[^.;]{0,60}\b(?:denial|decision|determination|non-?certification)",
    re.IGNORECASE,
)
_REQUEST_FOR = re.compile(
    _REQUEST_IS + r"(?:necessary|approved|certified|authorized|supported|warranted|indicated|appropriate)"
    r"|\b(?:overturn|overturning|reversing)\b[^.;]{0,60}\b(?:denial|decision|determination|non-?certification)",
    re.IGNORECASE,
)
_DECIDING_HINTS = ("request", "uphold", "agree with", "overturn", "reversing")
_DRAWS_CONSEQUENCE = re.compile(
    r"\b(?:therefore|thus|hence|consequently|accordingly|as\s+such|as\s+a\s+result|in\s+conclusion|in\s+summary"
    r"|(?:given|in\s+light\s+of|in\s+view\s+of|based\s+(?:up)?on|because\s+of|due\s+to)\b|for\s+(?:these|this|all)\b"
    r"|in\s+this\s+case)",
    re.IGNORECASE,
)
# A condition, or a rule that a guideline states, is no conclusion.
_CONDITION = re.compile(
    r"\b(?:if|when|whenever|unless|until|whether|why|provided\s+that|may|might|should|must|would)\b", re.IGNORECASE
)
_ONLY_IF = re.compile(r"[^,;.]*\b(?:if|when|whenever|unless|until|provided|only|for\s+patients)\b", re.IGNORECASE)
_DENIED_BEFORE = re.compile(
    r"\b(?:no|not|nor|neither|lack|lacks|lacking|absence|without|fails?|failed|cannot|unclear)\b", re.I
)
_REPORTS_RULE = re.compile(
    r"\b(?:guidelines?|MTUS|ODG|ACOEM|schedule|criteria)\b[^.;]{0,80}?"
    r"\b(?:states?|recommends?|recommended|notes?|indicates?|requires?|considers?|suggests?|says?|advises?)\b",
    re.IGNORECASE,
)


def _sentences(text: str) -> list[tuple[int, int]]:
    cuts = [0, *(match.end() for match in _SENTENCE.finditer(text)), len(text)]
    return [(start, end) for start, end in pairwise(cuts) if start < end]


def _without_quotations(text: str) -> str:
    """Quoted words as blanks, offsets unchanged; left alone where the quotation marks do not pair up."""
    if text.count('"') % 2 or text.count("“") != text.count("”"):
        return text
    return _QUOTATION.sub(lambda match: '"' + " " * (len(match.group()) - 2) + '"', text)


def _judgement(sentence: str) -> Finding | None:
    """What one sentence concludes, None if it concludes nothing about the request."""
    lower = sentence.lower()
    judges = "medical" in lower
    decides = any(hint in lower for hint in _DECIDING_HINTS)
    if not (judges or decides):  # most sentences: spare them the patterns
        return None
    consequence = _DRAWS_CONSEQUENCE.search(sentence)
    against = (judges and _AGAINST.search(sentence)) or (decides and _REQUEST_AGAINST.search(sentence))
    if against:
        before = sentence[: against.start()]
        clause = before[before.rfind(",") + 1 :]
        a_rule = _REPORTS_RULE.search(before) or _CONDITION.search(clause)
        return None if a_rule and not consequence else Finding.NOT_NECESSARY
    favours = (judges and _FOR.search(sentence)) or (decides and _REQUEST_FOR.search(sentence))
    if favours:
        before = sentence[: favours.end()]
        conditional = _CONDITION.search(before) or _ONLY_IF.match(sentence, favours.end())
        if conditional or _DENIED_BEFORE.search(before):
            return None
        return None if _REPORTS_RULE.search(before) and not consequence else Finding.NECESSARY
    return None


def read_finding(rationale: str) -> tuple[Finding, tuple[int, int] | None]:
    """The finding of a rationale (clean text) and where the sentence that says so stands in it.

    The last concluding sentence decides. Where an earlier conclusion says the opposite the finding is unclear.
    """
    text = _without_quotations(flat(rationale))
    conclusions = []
    for start, end in _sentences(text):
        judgement = _judgement(text[start:end])
        if judgement:
            conclusions.append((judgement, (start, end)))
    if not conclusions:
        return Finding.UNCLEAR, None
    last, where = conclusions[-1]
    if any(judgement is not last for judgement, _ in conclusions):
        return Finding.UNCLEAR, where
    return last, where
