"""What the reviewer's reasons conclude: read from the concluding sentences, never from quoted guideline text.

A rationale states facts, quotes guidelines ("… may also be medically necessary") and then concludes ("Therefore,
the request is not medically necessary."); opioid decisions add a standing notice about tapering. A sentence counts
as a conclusion if it judges necessity outright and speaks of this request, or draws a consequence. Sentences that
state a condition or report what a guideline says do not count.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from ..text.clean import flat
from ..text.searching import Searched, folded, holds
from ..types import Finding
from .sentences import (
    CONDITION,
    CONSEQUENCE_BEGINS,
    CONSEQUENCE_WORDS,
    DRAWS_CONSEQUENCE,
    REPORTS_RULE,
    sentences,
    sentences_with,
    without_quotations,
)

# All patterns here are for text in lower case.
_ADVERBS = r"(?:(?:also|both|either|therefore|thus|then|currently|clearly|clinically|reasonably|now|still|and)\s+){0,6}"
_JUDGED = (
    r"(?:(?:be|been|being|to|as|appear|appears|seem|seems|seen|considered|deemed|felt|found|determined|judged|shown"
    r"|supported|established|proven)\s+){0,6}"
)
_WORTH = (
    r"(?:medically\s+(?:necessary|appropriate|indicated|reasonable|warranted|justified|needed)|a\s+medical\s+necessity)"
)
_IS = r"(?:is|are|was|were|be|been|being|as|deemed|considered|found|determined|remains?|appears?|seems?)"
_NOT = r"(?:\b(?:not(?!\s+only\b)|cannot|never|neither|hardly|no\s+longer)|n['’]t)"
_NECESSITY = r"medical(?:ly)?\s+necess\w+(?:\s+(?:of|for)\s+[^.;]{1,200}?)?"
_SHOWN = r"(?:established|documented|demonstrated|supported|substantiated|shown|met|made|evident|justified|confirmed)"
_REQUEST = r"\brequests?\b[^.;]{0,200}\b"

# Necessity denied. "not-medically necessary" occurs.
_AGAINST_PATTERN = re.compile(
    rf"{_NOT}(?:-\s?|\s+){_ADVERBS}{_JUDGED}{_ADVERBS}{_WORTH}"
    rf"|\bnot\s+(?:\w+\s+){{0,8}}?as\s+(?:being\s+)?{_WORTH}"
    rf"|\bneither\b[^.;]{{0,60}}\bnor\s+{_WORTH}"
    rf"|\b{_NECESSITY}\s+(?:(?:is|are|was|were|has|have|had|can|could|does)\s+)?(?:not"
    rf"|cannot)\s+{_ADVERBS}{_JUDGED}{_SHOWN}"
    r"|(?<!\bnot\s)\bmedically\s+(?:unnecessary|inappropriate|unwarranted)\b"
    r"|\b(?:lacks?|lack\s+of|without|no|insufficient)\s+(?:\w+\s+){0,3}medical\s+necessity",
)
_NOT_BEGINS = ("no", "cannot", "never", "neither", "hardly", "n't", "n’t")
_AGAINST = Searched(_AGAINST_PATTERN, (*_NOT_BEGINS, "medical", "lack", "without", "insufficient"))
# Necessity affirmed.
_FOR_PATTERN = re.compile(
    rf"\b{_IS}\s+{_ADVERBS}{_JUDGED}{_ADVERBS}{_WORTH}"
    rf"|\b{_NECESSITY}\s+(?:is|are|was|has\s+been|have\s+been)\s+{_ADVERBS}{_SHOWN}"
    r"|\bmeets?\s+(?:the\s+)?(?:\w+\s+){0,3}medical\s+necessity"
    rf"|\bfinds?\s+(?:that\s+)?(?:the|this)\s+(?:\w+\s+){{0,5}}?(?:to\s+be\s+)?{_WORTH}",
)
_BEING = (
    "is ",
    "are ",
    "was ",
    "were ",
    "be ",
    "been ",
    "being ",
    "as ",
    "deemed",
    "considered",
    "found",
    "determined",
)
_FOR = Searched(_FOR_PATTERN, (*_BEING, "remain", "appear", "seem", "medical", "meet", "find"))
# Words that judge the request without the word "medically": they count only where the request is their subject.
_JUDGED_BEFORE = re.compile(r"\b(?:was|were)\s+(?:\w+\s+)?(?:denied|non-?certified|approved|certified|authorized)\b")
_REQUEST_AGAINST_PATTERN = re.compile(
    _REQUEST + r"(?:is|are|was|were)\s+(?:therefore\s+|thus\s+|considered\s+)?"
    r"(?:denied|non-?certified|not\s+(?!only\b)(?:\w+\s+)?(?:necessary|certified|approved|authorized|supported"
    r"|warranted|indicated|recommended|appropriate))",
)
_REQUEST_AGAINST = Searched(_REQUEST_AGAINST_PATTERN, ("request",))
_REQUEST_FOR_PATTERN = re.compile(
    _REQUEST + r"(?:is|are|was|were)\s+(?:therefore\s+|thus\s+|considered\s+)?"
    r"(?:necessary|approved|certified|authorized|supported|warranted|indicated|appropriate)",
)
_REQUEST_FOR = Searched(_REQUEST_FOR_PATTERN, ("request",))
# What the reviewer says of the denial under review: "I agree with the denial", "no basis for overturning it".
_ON_DENIAL = re.compile(
    r"(?P<no>(?:\b(?:not|cannot|unable\s+to)|n['’]t|\bno\s+(?:reason|basis|grounds?)\s+(?:to|for))\s+(?:\w+ly\s+)?)?"
    r"\b(?:(?P<keeps>uphold|upholding|agree\s+with|concur\s+with)|(?:overturn|overturning|reversing|disagree\s+with))\b"
    r"(?![^.;]{0,60}\b(?:treating|provider|requesting|surgeon))"
    r"[^.;]{0,60}\b(?:denial|decision|determination|non-?certification)",
)
_DENIAL_IS = re.compile(
    r"\b(?:denial|decision|determination|non-?certification)\b[^.;]{0,120}\b(?:is|are|be)\s+(?:therefore\s+|hereby\s+)?"
    r"(?P<no>not\s+)?(?:(?P<keeps>upheld)|overturned|reversed)\b",
)
_DENIAL_HINTS = ("denial", "decision", "determination", "certification")
_DECIDING_VERBS = ("uph", "agree with", "concur with", "overturn", "revers")
_DECIDING_HINTS = ("request", *_DECIDING_VERBS)
# Where a clause begins that stands on its own: what was said before it neither denies nor reports it.
_FRESH_START_PATTERN = re.compile(
    rf"{CONSEQUENCE_WORDS}|;|,\s+(?:and\s+)?(?=(?:i\s+find\b|(?:the|this|these|all)\s+(?:\w+\s+){{0,4}}?requests?\b))",
)
_FRESH_START = Searched(_FRESH_START_PATTERN, (*CONSEQUENCE_BEGINS, ";", ","))
_CONTRAST = re.compile(r"[,;]\s+(?:but|however|yet|nevertheless|nonetheless)\b")
_CONCEDES = re.compile(r"\s*(?:while|although|though|even\s+(?:if|though))\b[^,]*$")
_ONLY_IF = re.compile(r"[^,;.]*\b(?:if|when|whenever|unless|until|provided|only|for\s+patients)\b")
_DENIED_BEFORE = re.compile(
    r"\b(?:no|not|nor|neither|lack|lacks|lacking|absence|without|fails?|failed|cannot|unclear|unable|hard|hardly"
    r"|difficult|doubt|doubtful|disagree|unlikely|questionable|less)\b|n['’]t\b",
)
_NO_REASON = re.compile(r"\b(?:no|not\s+(?:a|any))\s+(?:good\s+)?(?:reason|basis|grounds?)\s+(?:to|for|why)\b")
# What somebody else said: the treating side argues, utilization review denied.
_SOMEBODY = (
    r"\b(?:provider|physician|doctor|surgeon|utilization\s+review(?:er)?|ur|claims\s+administrator|insurer|carrier"
    r"|adjuster|attorney|patient|worker|(?:previous|prior|earlier)\s+(?:review|reviewer|decision|determination))\b"
)
_SAYS = (
    r"(?:states?|stated|stating|argue[sd]?|assert(?:s|ed)?|believe[sd]?|contend(?:s|ed)?|opine[sd]?|feels?|felt"
    r"|claim(?:s|ed)|maintain(?:s|ed)?|said|says|found|determined|decided|concluded|denied|opinion|argument|view"
    r"|position|determination|decision|denial)"
)
_SOMEBODY_BEGINS = (
    *("provider", "physician", "doctor", "surgeon", "utilization", "ur", "claims", "insurer", "carrier", "adjuster"),
    *("attorney", "patient", "worker", "previous", "prior", "earlier"),
)
_REPORTED = Searched(
    re.compile(
        rf"{_SOMEBODY}[^.;]{{0,50}}\b{_SAYS}\b(?:\s+\w+){{0,4}}?\s+(?:that|because|since|as|it|the|this)\b",
    ),
    _SOMEBODY_BEGINS,
)
_ACCORDING_TO = re.compile(rf"\baccording\s+to\s+(?:\w+\s+){{0,3}}?{_SOMEBODY}[^,;]{{0,40}},[^,;]*$")
# "The argument that …", "the notion that …": what follows is not what the reviewer concludes.
_CLAIMED = re.compile(
    r"\b(?:argument|assertion|belief|claim|contention|idea|notion|opinion|position|statement|suggestion|view)\s+that\b",
)
_OWN_OPINION = re.compile(r"\b(?:my|reviewer['’]s|our)\s+(?:\w+\s+){0,2}opinion\s+that\b")
# A part of what was asked for is granted: "partially necessary", "6 of the 12 visits are medically necessary",
# "only 6 visits are …", "the remaining 6 visits are …", "one refill is appropriate, further refills are not".
_NUMBER = (
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|eighteen|twenty(?:-four)?|thirty"
    r"|forty|fifty|sixty|ninety)(?:\s*\(\w+\))?"
)
_UNITS = (
    r"(?:visits?|sessions?|treatments?|refills?|tablets?|capsules?|pills?|units?|injections?|weeks?|months?"
    r"|days?|levels?"
    r"|patch(?:es)?|hours?|doses?)"
)
_GRANTED = (
    rf"\b(?:is|are|was|were)\s+{_ADVERBS}{_JUDGED}(?:medically\s+)?"
    r"(?:necessary|appropriate|indicated|warranted|justified)\b"
)
_IN_PART = re.compile(
    r"\bpartial(?:ly)?\s+(?:be\s+)?(?:medically\s+)?(?:necess|appropriate|certif|approv|authoriz|overturn|uph)"
    r"|\bin\s+part\b",
)
_PARTLY = re.compile(
    r"\b(?:is|are|be|as|i)\s+(?:therefore\s+|thus\s+|only\s+)?(?:partial(?:ly)?|in\s+part)\s+(?:medically\s+)?"
    r"(?:necessary|appropriate|certified|approved|supported|warranted|justified|overturn(?:ed)?|upheld|uphold)"
    r"|\b(?:necessary|appropriate|supported|overturned)\s+(?:only\s+)?in\s+part\b"
    rf"|\b{_NUMBER}\s+(?:\w+\s+){{0,2}}?(?:out\s+)?of\s+(?:the|these|those)\s+(?:\w+\s+){{0,2}}?"
    rf"(?:{_NUMBER}|requested|{_UNITS})\b[^.;,]{{0,80}}?{_GRANTED}"
    rf"|\bonly\s+(?:the\s+first\s+"
    rf"|an\s+additional\s+)?{_NUMBER}\s+(?:\w+\s+){{0,4}}?{_UNITS}\b[^.;,]{{0,80}}?{_GRANTED}"
    rf"|\bthe\s+remaining\s+{_NUMBER}\s+(?:\w+\s+){{0,4}}?{_UNITS}\b[^.;,]{{0,80}}?{_GRANTED}"
    rf"|\b{_NUMBER}\s+(?:\w+\s+){{0,4}}?{_UNITS}?\b[^.;,]{{0,80}}?{_GRANTED}[^.;,]{{0,60}}[,;]\s*(?:(?:but"
    rf"|however|while|yet|and)\W+)?"
    r"(?:(?:any|the)\s+)?(?:further|additional|more|others?|rest|remainder|remaining|request|second|balance)\b"
    r"[^.;]{0,80}\b(?:not|exceeds?)\b",
)
_PARTIAL_HINTS = ("partial", "in part")
_PARTLY_HINTS = (
    " of th",
    "only ",
    "remain",
    "but ",
    "however",
    "further",
    "additional",
    "rest ",
    "balance",
    "second",
    "others",
)
_HAS_NUMBER_OF_UNITS = re.compile(rf"\b{_NUMBER}\s")
_GRANTING = ("necess", "appropriate", "indicated", "warranted", "justified", "certif", "approv", "uph", "overturn")
# What utilization review did, or the part in dispute as a whole.
_NOT_A_PART = re.compile(
    r"\b(?:imr|eligible|in\s+dispute|original\s+request|already|utilization\s+review|ur|claims\s+administrator"
    r"|(?:previous|prior)\s+review\w*)\b|\b(?:was|were|been)\s+(?:\w+ly\s+)?(?:certified|approved|authorized)\b"
    r"|\bby\s+(?:the\s+)?(?:guidelines?|mtus|odg|acoem)\b",
)


def _may_find_part(sentence: str) -> bool:
    """Whether a sentence has the words that one which grants a part cannot do without."""
    if not holds(sentence, _GRANTING):
        return False
    if holds(sentence, _PARTIAL_HINTS):
        return True
    return holds(sentence, _PARTLY_HINTS) and _HAS_NUMBER_OF_UNITS.search(sentence) is not None


def _finds_part(sentence: str) -> bool:
    """Whether the reviewer grants a part of the request in this sentence."""
    match = _PARTLY.search(sentence)
    if match is None or _NOT_A_PART.search(sentence):
        return False
    before = sentence[: match.start()]
    if CONDITION.search(before) or _is_of_others(before) or _DENIED_BEFORE.search(_since_fresh_start(before)):
        return False
    if _ONLY_IF.match(sentence, match.end()) and "only" in sentence[match.end() :]:
        return False
    return DRAWS_CONSEQUENCE.search(sentence) is not None or not REPORTS_RULE.search(before)


def _judgement(sentence: str) -> Finding | None:
    """What one sentence concludes, None if it concludes nothing about the request."""
    judges, decides = "medical" in sentence, holds(sentence, _DECIDING_HINTS)
    if _may_find_part(sentence) and _finds_part(sentence):
        return Finding.PARTLY_NECESSARY
    if not (judges or decides):  # most sentences: spare them the patterns
        return None
    if "part" in sentence and _IN_PART.search(sentence):
        return None if _NOT_A_PART.search(sentence) else Finding.UNCLEAR
    of_denial = holds(sentence, _DENIAL_HINTS) and holds(sentence, _DECIDING_VERBS)
    if of_denial and (on_denial := _ON_DENIAL.search(sentence) or _DENIAL_IS.search(sentence)):
        keeps = bool(on_denial["keeps"]) is not bool(on_denial["no"])
        return Finding.NOT_NECESSARY if keeps else Finding.NECESSARY
    consequence = DRAWS_CONSEQUENCE.search(sentence) is not None
    edges = [0, *(match.start() for match in _CONTRAST.finditer(sentence)), len(sentence)]
    clauses = [sentence[start:end] for start, end in pairwise(edges)]
    last = _clause_judgement(clauses[-1], consequence)
    if last or len(clauses) == 1:
        return last
    # "Six visits are medically necessary, but twelve were asked for" favours nothing; the opposite stands.
    earlier = _clause_judgement(clauses[-2], consequence)
    return earlier if earlier is Finding.NOT_NECESSARY else None


def _clause_judgement(clause: str, consequence: bool) -> Finding | None:
    """The same for the part of a sentence before or after a "but"; ``consequence``: whether the sentence draws one."""
    judges, decides = "medical" in clause, "request" in clause
    if against := (judges and _AGAINST.search(clause)) or (
        decides and _of_request(_REQUEST_AGAINST, clause, consequence)
    ):
        before = clause[: against.start()]
        if _NO_REASON.search(before):
            return None
        if _is_of_others(before):
            own = _FRESH_START.search(clause, against.end())
            return _clause_judgement(clause[own.end() :], consequence) if own else None
        a_rule = REPORTS_RULE.search(before) or CONDITION.search(before[before.rfind(",") + 1 :])
        return None if a_rule and not consequence else Finding.NOT_NECESSARY
    if favours := (judges and _FOR.search(clause)) or (decides and _of_request(_REQUEST_FOR, clause, consequence)):
        before = clause[: favours.end()]
        if CONDITION.search(before) or _CONCEDES.match(before) or _ONLY_IF.match(clause, favours.end()):
            return None
        if _is_of_others(before) or _DENIED_BEFORE.search(_since_fresh_start(before)):
            return None
        return None if REPORTS_RULE.search(before) and not consequence else Finding.NECESSARY
    return None


def _of_request(pattern: Searched, clause: str, consequence: bool) -> re.Match[str] | None:
    """A judgement of the request; "the request was denied" tells its history, except as a consequence."""
    match = pattern.search(clause)
    return match if match and (consequence or not _JUDGED_BEFORE.search(match.group())) else None


def _since_fresh_start(before: str) -> str:
    starts = [match.end() for match in _FRESH_START.finditer(before)]
    return before[starts[-1] :] if starts else before


def _is_of_others(before: str) -> bool:
    """Whether the words before a judgement make it somebody else's, or an argument that is only mentioned."""
    clause = _since_fresh_start(before)
    return bool(
        ("according" in before and _ACCORDING_TO.search(before))
        or _REPORTED.search(clause)
        or ("that" in clause and _CLAIMED.search(clause) and not _OWN_OPINION.search(clause))
    )


# What a sentence without any of these words concludes is nothing.
_CONCLUDING = ("medical", *_DECIDING_HINTS, *_GRANTING)
# Reviewers conclude in the same words again and again.
_LONGEST_KEPT = 300
_remembered = lru_cache(maxsize=20_000)(_judgement)


def read_finding(rationale: str) -> tuple[Finding, tuple[int, int] | None]:
    """The finding of a rationale (clean text) and where the sentence that says so stands in it.

    The last concluding sentence decides. A part that is granted makes it partly necessary, unless the last sentence
    finds all of it necessary. Where an earlier conclusion says the opposite the finding is unclear.
    """
    text = without_quotations(flat(rationale))
    lower = folded(text)
    conclusions = []
    places = sentences(text)
    for number in sorted(sentences_with(lower, places, _CONCLUDING)):
        start, end = places[number]
        judgement = (_remembered if end - start <= _LONGEST_KEPT else _judgement)(lower[start:end])
        if judgement:
            conclusions.append((judgement, (start, end)))
    if not conclusions:
        return Finding.UNCLEAR, None
    last, where = conclusions[-1]
    partly = [place for judgement, place in conclusions if judgement is Finding.PARTLY_NECESSARY]
    if partly and last is not Finding.NECESSARY:
        return Finding.PARTLY_NECESSARY, partly[-1]
    if any(judgement not in (last, Finding.PARTLY_NECESSARY) for judgement, _ in conclusions):
        return Finding.UNCLEAR, where
    return last, where
