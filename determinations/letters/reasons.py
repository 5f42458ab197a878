"""Why a decision was made: the reasons of vocabulary/reasons.toml, from the sentences that give them.

A sentence counts only where it speaks of this patient, these records or this request. What a guideline says in
general ("… is recommended after failed conservative care") is no reason, nor is a condition ("if there is no
improvement …"), nor are quoted words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .clean import flat
from .denials import missed
from .facts import Reason
from .sentences import DRAWS_CONSEQUENCE, REPORTS_RULE, sentences, without_quotations
from .statements import AGAINST, FOR, Statement
from .types import Span

_I = re.IGNORECASE
# Quotation marks around less than this set off a term.
_LONGEST_TERM = 25

# Words that show that a sentence is about the case in hand, not about patients in general.
_CASE = re.compile(
    r"\b(?:patient|worker|claimant|applicant|employee|individual|IW|he|she|his|her|document(?:ed|ation)|records?"
    r"|submitted|reviewed|providers?|physician|surgeon|in\s+this\s+case|here|request(?:ed|s)?|noted|provided"
    r"|exam(?:ination)?|currently|it\s+(?:is|was)\s+(?:also\s+)?(?:not|un)|there\s+(?:is|are|was|were|has|have))\b",
    _I,
)
_GENERAL = re.compile(r"\b(?:patients|workers|individuals|persons|people|those|adults|applicants|employees)\b", _I)
_PERSON = re.compile(
    r"\b(?:the|this|an?|that|injured)\s+(?:patient|worker|claimant|applicant|employee|individual)\b|\b(?:he|she)\b", _I
)
# The standing notice that opioid decisions end with.
_NOTICE = re.compile(r"\b(?:decision\s+addresses|not\s+be\s+interpreted|advised\s+to\s+consult|not\s+be\s+stopped)\b", _I)
# What ties a sentence to the decision whichever way it went.
_TIES = re.compile(
    r"\b(?:warrant\w*|support\w*|justif\w+|request\s+(?:is|was|for|exceeds)|requested|this\s+request|therefore|as\s+such)\b", _I
)


def read_reasons(rationale: str, against: bool | None) -> tuple[Reason, ...]:
    """The reasons that a rationale gives, in the order of the text, each code once with its first sentence.

    ``against``: whether the reviewer found the request not necessary (True), necessary (False) or neither (None).
    Only reasons of that side are given; with None only those of sentences that speak of the request itself. Spans
    are offsets in ``rationale``.
    """
    plain = flat(rationale)
    text = without_quotations(plain, shortest=_LONGEST_TERM)
    found: dict[str, Reason] = {}
    for start, end in sentences(plain):
        sentence = text[start:end]
        for code in _of_sentence(sentence, against):
            if code not in found:
                found[code] = Reason(code, Span(start, start + len(sentence.rstrip())))
    return tuple(found.values())


def _of_sentence(sentence: str, against: bool | None) -> Iterator[str]:
    if against is None and not _TIES.search(sentence):
        return
    lower = sentence.lower()
    if _NOTICE.search(lower) or (_GENERAL.search(lower) and not _PERSON.search(lower)):
        return
    if against is not False:
        if _CASE.search(lower):
            yield from missed(sentence, lower)
        yield from _stated(AGAINST, sentence, lower)
    if against is not True:
        yield from _stated(FOR, sentence, lower)


def _stated(statements: tuple[Statement, ...], sentence: str, lower: str) -> Iterator[str]:
    """The codes of the statements that a sentence makes of the case."""
    for statement in statements:
        if not any(map(lower.__contains__, statement.hints)):
            continue
        match = statement.pattern.search(sentence)
        if match is None or (statement.unless and statement.unless.search(sentence, 0, match.end() + statement.look_on)):
            continue
        if REPORTS_RULE.search(sentence, 0, match.start()) and not DRAWS_CONSEQUENCE.search(sentence, 0, match.end()):
            continue
        yield statement.code
