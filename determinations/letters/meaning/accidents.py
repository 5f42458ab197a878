"""How a worker was hurt, told by verbs alone: "who strained her neck while …", "he fell off a ladder".

The words that tell of an injury by its name ("sustained an injury") are read in ``injuries``; here are the plain ones.
All are found by their words first, which are rare, and only then by patterns.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from .prose import Prose, Range

_ITS = r"(?:the|his|her|their|both|left|right|bilateral)"
_NOUN = (
    r"(?:(?:motor[\s-]+vehicle|auto(?:mobile)?|car|truck|vehicle|vehicular|bus|traffic|forklift|motorcycle|bicycle)"
    r"[\s-]+(?:accidents?|collision|crash)|mva\b|mvc\b|rollover\s+accident)"
)
# Verbs of harm; "the injured right wrist" tells of the part as well.
_HARM = (
    r"(?:hurt(?:ing)?|injur(?:ed|ing)|strain(?:ed|ing)|sprain(?:ed|ing)|fractur(?:ed|ing)|tore|tearing|broke|bruis(?:ed|ing)"
    r"|wrench(?:ed|ing)|tweak(?:ed|ing)|dislocat(?:ed|ing)|lacerat(?:ed|ing)|contused|burn(?:ed|ing)|pinch(?:ed|ing)"
    r"|re-?injured)"
)
_WRENCH = r"(?:twist(?:ed|ing)|roll(?:ed|ing)|jam(?:med|ming)|smash(?:ed|ing)|crush(?:ed|ing)|caught|slam(?:med|ming))"
_LESION = (
    r"(?:sprains?(?:[/-]strains?)?|strains?|fractures?|contusions?|lacerations?|tears?|dislocations?|burns?|amputations?"
    r"|crush\s+injur(?:y|ies)|trauma)"
)
_SUDDEN = r"(?:(?:an?|the|immediate|sudden|sharp|acute|severe|loud|instant|onset\s+of)\s+)"
_SENSED = (
    r"(?:(?:felt|heard|experienced|noticed|(?:began|started)\s+(?:having|experiencing|feeling|noticing|to\s+(?:have|feel"
    rf"|experience|notice)))\s+(?!that\b)(?:{_SUDDEN}{{0,4}}(?:\w+\s+)?(?:pops?|popping|snap|crack|pull|tear|twinge)"
    rf"|{_SUDDEN}{{1,4}}(?:\w+\s+){{0,2}}?pain)\b|(?:began|started)\s+(?:having|experiencing|feeling|to\s+have|to\s+feel)"
    r"\s+(?:\w+\s+){0,3}?pain\b)"
)
_SUSTAINED = rf"(?:sustain(?:ed|ing)|suffer(?:ed|ing)|incurr(?:ed|ing))\s+(?:(?!from\b)[\w/-]+\s+){{0,6}}?{_LESION}\b"
# After these words stands how it came about.
_SUSTAINED_PARTS = (
    r"(?:sustain(?:ed|ing)|suffer(?:ed|ing)|incurr(?:ed|ing))\s+(?!an?\s+(?:industrial\s+|work\s+|occupational\s+|work-related\s+)?injur)"
    r"(?=(?P<lesion>(?:(?!from\b)[\w/-]+\s+){0,6}?"
    rf"(?:{_LESION}|injur(?:y|ies))\b(?:\s+(?:to|of|in|involving|affecting)\b[^.;]{{3,160}})?))"
)
_EVENT = re.compile(
    rf"(?:{_HARM}(?:\s+{_ITS}\b|(?<=hurt)(?=\s)|(?<=injured)\b(?!\s+work))|{_SENSED}|{_SUSTAINED}|doi\b)"
)
# These words tell it themselves.
_DEED = re.compile(
    r"(?:slipped|tripped|stumbled|fell(?!\s+(?:asleep|behind|short|below|within|under|outside|ill\b|in\s+love|apart"
    r"|through|into\s+(?:a\s+)?(?:depress|categor)))|lost\s+(?:his|her)\s+(?:balance|footing)|missed\s+an?\s+step"
    rf"|stepped\s+(?:in|into|on|off|onto)\s+(?:an?|the)\b|{_WRENCH}\s+{_ITS})\b"
)
_PASSIVE = re.compile(
    r"(?:(?:hit|struck|run\s+over|rear-?\s?ended|kicked|bitten|punched|pushed|thrown|knocked|crushed|pinned|trapped|stabbed"
    r"|shot|burned|electrocuted|caught)\s+(?:\w+ly\s+)?(?:by|in|between|against|down|off|from|over|under|on|to)\b|assaulted\b"
    rf"|attacked\b|rear-?\s?ended\b|involved\s+in\s+(?:an?|the)\s+(?:[\w-]+\s+){{0,3}}?(?:{_NOUN}|accident|collision|crash"
    r"|altercation|explosion))"
)
_PASSIVE_BEFORE = re.compile(r"\b(?:was|were|got|been|being|is)\s+(?:\w+ly\s+)?$")
_WORKER_BEFORE = re.compile(
    r"(?:^|\b(?:who|he|she|patient|worker|claimant|applicant|employee|iw|and|then|when|that|individual)\s|,\s"
    r"|year[\s-]+old\s+(?:[\w-]+\s+){1,3})\s*(?:(?:had|has|have|reportedly|accidentally|initially|apparently|also|states?"
    r"|stated|reports?|that|he|she|suddenly)\s+){0,4}$"
)
# "His right hand was caught in a press", "a box fell on his foot": told from the words before the verb.
_OWN_BEFORE = re.compile(r"(?:^|,\s+|\b(?:when|and|as)\s+)(?P<own>(?:his|her)\s+(?:[\w-]+\s+){1,4})$")
_THING_BEFORE = re.compile(
    r"^(?:on\s+(?:or\s+about\s+)?[\w/-]+(?:\s\d{1,2},\s\d{4})?\s*,?\s*)?(?P<own>(?:an?|the|several|some)\s+(?:[\w-]+\s+){1,4})$"
)
_ON_WORKER = re.compile(
    r"(?:fell|dropped|landed|rolled|tipped)\s+(?:off\s+)?(?:on|onto|over|against)\s+(?:his|her|him|the\s+\w+['’]s)\b"
)
_AFTER_NOUN = re.compile(
    r"(?:\b(?:status[\s-]+post|s/p|following|after|due\s+to|secondary\s+to|from|had|in|of|was|suffered|sustained)\s+(?:an?\s+|the\s+)?"
    r"(?:work[\s-]+related\s+|industrial\s+|occupational\s+)?|\()$"
)
_ACCIDENT = re.compile(rf"(?:{_NOUN}|(?:slip|trip)[\s-]+and[\s-]+fall\b|fall\s+(?:from|off|down|onto|at\s+work)\b)")
_CUMULATIVE = re.compile(
    r"(?:cumulative|continuous|repetitive)[\s-]+(?:trauma|strain|stress|motion)"
    r"(?=[.,;]|\s+(?:injur|claim|disorder|to\b|from\b|type|work|industrial|exposure|between|during|on\b|through|that|date|in\b))"
)
# "Pain of both wrists from typing": pain from use, not pain that walking brings on.
_USE = re.compile(
    r"(?:typing|keyboarding|keyboard|mousing|data[\s-]+entry|(?:repetitive|repeated|continuous)\s+\w+|overuse|years\s+of\s+\w+"
    r"|computer\s+(?:work|use)|assembly\s+work|heavy\s+lifting)\b"
)
_PAIN_FROM = re.compile(
    r"\b(?:(?:pain|numbness|symptoms|tendinitis|soreness)\s+(?P<parts>(?:of|in|to)\s+[^.;]{3,80}?)"
    r"|(?:with|has|had|of|for|developed|reports?|reported)\s+(?P<named>[^.;]{3,60}?)\s+(?:pain|numbness|symptoms))\s+(?:(?:resulting\s+)?from"
    r"|due\s+to|caused\s+by|because\s+of|secondary\s+to|attributed\s+to|related\s+to)\s+(?:(?:his|her|the|prolonged|heavy"
    r"|years\s+of)\s+){0,2}$"
)

_HINTS = frozenset(
    {
        *("hurt", "hurting", "injured", "injuring", "strained", "sprained", "fractured", "tore", "broke", "bruised"),
        *("wrenched", "tweaked", "dislocated", "lacerated", "burned", "pinched", "felt", "heard", "experienced"),
        *("noticed", "sustained", "suffered", "incurred", "doi", "slipped", "tripped", "stumbled", "fell", "lost"),
        *("missed", "stepped", "twisted", "rolled", "jammed", "smashed", "crushed", "caught", "slammed", "hit"),
        *("struck", "run", "rear", "kicked", "bitten", "punched", "pushed", "thrown", "knocked", "pinned", "trapped"),
        *("stabbed", "shot", "electrocuted", "assaulted", "attacked", "involved", "motor", "auto", "automobile"),
        *("car", "truck", "vehicle", "vehicular", "mva", "mvc", "slip", "trip", "fall", "cumulative", "continuous"),
        *("repetitive", "repeated", "typing", "keyboarding", "keyboard", "mousing", "data", "overuse", "years"),
        *("computer", "heavy", "began", "started", "dropped", "landed"),
    }
)
_HARM_WORDS = frozenset(
    {
        *("hurt", "hurting", "strained", "straining", "sprained", "spraining", "fractured"),
        *("fracturing", "tore", "tearing", "broke", "bruised", "bruising", "wrenched", "wrenching", "tweaked"),
        *("tweaking", "dislocated", "dislocating", "lacerated", "lacerating", "contused", "burned", "burning"),
        *("twisted", "twisting", "rolled", "jammed", "smashed", "crushed", "caught", "slammed", "pinched"),
        *("felt", "heard", "sustained", "suffered", "sustaining", "suffering", "incurred", "accepted", "compensable"),
        *("typing", "keyboarding", "keyboard", "mousing", "overuse", "repetitive", "began", "started"),
    }
)
_PARTS = re.compile(
    rf"(?:(?:{_HARM}|{_WRENCH})\s+(?={_ITS}\b)"
    rf"|{_SENSED}\s+(?:in|at|to|of)\s+(?={_ITS}\b|(?:low|upper|mid)\w*\s+back)|{_SUSTAINED_PARTS}"
    r"|(?:accepted|compensable)\s+(?:body\s+)?(?:parts?|areas?|regions?)(?:\s+of\s+(?:the\s+)?(?:body|injury))?"
    r"\s*(?::|are\b|is\b|includ\w+)|accepted\s+for\b)\s*(?P<parts>[^.;]{3,160})"
)

# What makes an accident another one, nobody's or somebody else's; and one that came later or elsewhere.
_NOT_TOLD = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|no|not|never|without|if|unless|whether|in\s+case|risk|prior|previous\w*|pre-?existing|family"
    r"|mother|father|wife|husband|son|daughter|brother|sister|spouse|co-?workers?|friends?|children|patients|workers"
    r"|would|could|might|may(?!\s+\d)|should|can|will|request\w*|recommend\w*|guidelines?|prevent\w*|avoid\w*|fear\w*|history\s+of"
    r"|subsequent\w*|another|second|new|recent\w*|later|again|since|until|non-?industrial|unrelated|childhood|school|sports?|mri)\b"
    r"|n['’]t\b"
)
_ELSEWHERE = re.compile(
    r"\bat\s+home\b|\blast\s+(?:week|month|night)\b|\byesterday\b|\b(?:days?|weeks?)\s+ago\b|\brecently\b|\bnon-?industrial"
    r"|\bgave\s+(?:out|way)\b|\bgiving\s+(?:out|way)\b|\bas\s+a\s+child\b|\bnon-?work"
)
_FIRST_SENTENCES = 4
_LONGEST_AROUND = 400


def told_accidents(prose: Prose) -> Iterator[tuple[int, int, bool]]:
    """Where the first sentences tell of the worker's accident, in the order of the text.

    Gives the offset of the words, the end of what they tell, and whether they only tell that it happened (so that how
    it happened stands behind the offset).
    """
    hints = _HINTS & prose.words
    if not hints or not prose.sentences:
        return
    lower = prose.lower
    limit = prose.sentences[:_FIRST_SENTENCES][-1][1]
    for at in sorted(_offsets(lower, hints, limit)):
        start, end = prose.sentences[max(0, bisect_right(prose.starts, at) - 1)]
        told = _told_at(lower, at, start, end)
        if told and _is_this_one(lower, at, start, end):
            yield told


def _is_this_one(lower: str, at: int, start: int, end: int) -> bool:
    """Whether nothing in the sentence makes the accident at ``at`` denied, feared, another's, or another one."""
    begin = max(start, at - _LONGEST_AROUND)
    if _NOT_TOLD.search(lower, begin, at):
        return False
    return not _ELSEWHERE.search(lower, begin, min(end, at + _LONGEST_AROUND))


def _offsets(lower: str, words: frozenset[str], limit: int) -> Iterator[int]:
    """Where whole words begin before ``limit``."""
    for word in words:
        at = lower.find(word, 0, limit)
        while at >= 0:
            if (not at or not lower[at - 1].isalnum()) and not lower.startswith("injured worker", at):
                yield at
            at = lower.find(word, at + 1, limit)


def _told_at(lower: str, at: int, start: int, end: int) -> tuple[int, int, bool] | None:
    """The accident that the word at ``at`` tells in its sentence from ``start`` to ``end``."""
    before = max(start, at - 70)
    if event := _EVENT.match(lower, at, end):
        return event.end(), end, True
    if _DEED.match(lower, at, end) and _WORKER_BEFORE.search(lower[before:at]):
        return at, end, False
    if _ON_WORKER.match(lower, at, end):
        thing = _THING_BEFORE.search(lower[start:at][-90:]) if at - start <= 90 else None
        return (start + thing.start("own"), end, False) if thing else None
    if _PASSIVE.match(lower, at, end):
        was = _PASSIVE_BEFORE.search(lower, before, at)
        if was and _WORKER_BEFORE.search(lower[before : was.start()]):
            return was.start(), end, False
        own = _OWN_BEFORE.search(lower[before : was.start()]) if was else None
        return (before + own.start("own"), end, False) if own else None
    if _ACCIDENT.match(lower, at, end) and _AFTER_NOUN.search(lower, before, at):
        closed = lower.find(")", at, min(end, at + 200)) if lower[at - 1 : at] == "(" else -1
        return at, closed if closed > 0 else end, False
    if cumulative := _CUMULATIVE.match(lower, at, end):
        return at, cumulative.end(), False
    if _USE.match(lower, at, end) and _PAIN_FROM.search(lower, max(start, at - 150), at):
        return at, end, False
    return None


def hurt_parts(prose: Prose) -> Iterator[Range]:
    """Where parts of the body stand that verbs of harm name as hurt; other words may follow them in the range."""
    words = _HARM_WORDS & prose.words
    if not words:
        return
    lower = prose.lower
    for at in _offsets(lower, words, len(lower)):
        match = _PARTS.match(lower, at)
        span = (match.span("lesion") if match["lesion"] else match.span("parts")) if match else None
        if not match and _USE.match(lower, at):
            start = prose.sentence_at(at)[0]
            pain = _PAIN_FROM.search(lower, max(start, at - 150), at)
            span = pain.span("parts" if pain["parts"] else "named") if pain else None
        if span:
            start, end = prose.sentence_at(at)
            if _is_this_one(lower, at, start, end):
                yield span[0], min(span[1], end)
