"""How the injury happened, in the summary's words, and which parts of the body it names as injured."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..facts import BodyPart
from ..text.searching import holds
from ..types import Found, Span
from .accidents import hurt_parts, told_accidents
from .anatomy import body_parts
from .prose import Prose, Range, stripped

# "Mechanism of injury: …", "The mechanism of injury is detailed as …": the form of some letters.
_MECHANISM = re.compile(
    r"mechanism\s+(?:of\s+(?:the\s+)?(?:injury|accident|trauma))?[^.;:]{0,60}?"
    r"(?:\s*:|\b(?:is|was|has\s+been|had\s+been)(?:\s+(?:\w+ly\s+)?(?:detailed|documented|described|noted|reported"
    r"|listed|stated|given|indicated"
    r"|identified|recorded))?(?:\s+(?:as\b|to\s+be\b|from\b|by\b|due\s+to\b|that\b))?|\boccurred(?=\s+(?:when|while"
    r"|as|during|after|from|due))|\binvolved)\s*"
)
_MOI = re.compile(r"\bmoi\s*(?::|-|–|=|\b(?:is|was)\b)\s*")
_NOT_TOLD = re.compile(
    r"(?:the\s+)?(?:not\b|un(?:known|specified|clear|stated)|no\b|n/?a\b|none\b|illegible|provided|documented"
    r"|submitted|included|absent|available|missing|unable|date\b|$)"
)

# A sentence that tells of the injury itself. The cue of what happened stands after these words.
_EVENT = re.compile(
    r"\b(?:(?:sustain|suffer|incurr|report)(?:ed|ing)\s+(?:an?\s+|his\s+|her\s+|the\s+"
    r"|multiple\s+)?(?:[\w/-]+\s+){0,5}?(?:injur(?:y|ies)|accident|trauma|claim)"
    r"|(?:was|were|became|been)\s+(?:initially\s+|originally\s+|reportedly\s+)?injured|injured\s+(?:the|his|her"
    r"|himself|herself|on|while|when|at)\b"
    r"|injur(?:y|ies)\s+(?:occurred|happened|occurring|resulted|was|were|on|of|to|sustained|associated|after|when"
    r"|while|from|secondary|due)\b|date\s+of\s+(?:the\s+)?(?:injury|accident)"
    r"|(?:work|industrial|occupational)[\s-]+(?:related\s+)?(?:injur(?:y|ies)|accident|incident)|accident\s+occurred"
    r"|hurt\s+(?:his|her)"
    r"|developed\s+(?:\w+\s+){0,5}pain|onset\s+of|reported\s+(?:that|feeling)|work[\s-]related)"
)
_EVENT_HINTS = (
    "injur",
    "accident",
    "trauma",
    "claim",
    "industrial",
    "occupational",
    "hurt",
    "develop",
    "onset",
    "work",
    "report",
)
_GERUND = (
    r"(?!during|being\s+(?:seen|treated|evaluated)|following|undergoing|receiving|taking|pending|including|having"
    r"|complaining|according|evening|morning|physical)\w{2,}ing\b"
)
_PERSON = (
    r"(?:he|she|they|the\s+(?:injured\s+worker|patient|claimant|applicant|employee|worker)"
    r"|(?:his|her|the|a|an|another|some|several|boxes|someone)\s+(?:[\w-]+\s+){0,3}?\w+)"
)
_HAPPENED = (
    r"(?:[\w-]+\s+){0,3}?(?:fall\b|falls\b|fell\b|slip\w*|trip(?:ped|ping)?\b|motor[\s-]+vehicle|vehicle|mva\b|mvc\b"
    r"|collision|crash|car\s+accident|auto(?:mobile)?\s+accident"
    r"|truck|assault|explosion|robbery|repetitive|cumulative|continuous\s+trauma|continual\s+trauma|lift\w*|pull\w*"
    r"|push\w*|crush\w*|altercation|attack\w*|twist\w*|bite\b|blow\b"
    r"|heavy|overexertion|overuse|exposure|carry\w*|bend\w*|job\s+duties|work\s+(?:duties|activities)|being\s+(?:hit"
    r"|struck|punched|kicked|pushed|thrown|assaulted|rear))"
)
_CUE = re.compile(
    rf"\b(?:(?P<kept>while|when|as|after)\s+(?:(?=(?P<doing>{_GERUND}))|(?={_PERSON}\s+\w)|(?=(?:an?\s+"
    rf"|the\s+)?{_HAPPENED}))"
    rf"|(?:due\s+to|secondary\s+to|as\s+a\s+result\s+of|result(?:ing|ed)\s+from|caused\s+by|as\s+a\s+consequence\s+of"
    rf"|from|following|in|during|by|via|post|through)\s+(?P<noun>(?:an?\s+|the\s+)?{_HAPPENED}))"
)
_VERB = re.compile(
    r"\b(?:slipped|tripped|fell\s+(?!asleep)|(?:twisted|rolled)\s+(?:his|her)|was\s+(?:hit|struck|rear-?\s?ended"
    r"|assaulted|attacked|punched|kicked|bitten|pushed|thrown|crushed|knocked"
    r"|run\s+over|electrocuted|shot|stabbed|lifting|pulling|pushing|carrying|moving|descending|climbing"
    r"|involved\s+in\s+an?\s+(?:[\w-]+\s+){0,3}(?:accident|collision|altercation|crash))"
    r"|(?:cumulative|continuous|repetitive)[\s-]+(?:trauma|injur\w+|stress|strain|motions?|use|work|lifting"
    r"|movements?|bending|typing|gripping|activit\w+|job|duties))"
)
_FELT = re.compile(
    r"(?:when|as|after)\s+(?:he|she|the\s+\w+(?:\s+worker)?|they)\s+(?:\w+ly\s+)?(?:developed|felt|noticed"
    r"|experienced|began|started|had|reported|heard|first|was\s+(?:seen|evaluated|treated|diagnosed|injured|working)"
    r"|sustained|presented|complained|is|has|was\s+\d+)\b"
)
_NO_HISTORY = re.compile(
    r"\b(?:complain\w*|aggravat\w*|worse\w*|exacerbat\w*|symptoms?|reliev\w*|exam\w*|denie[sd]|denied|treatment"
    r"|diagnos\w+|mri|prior\s+(?:injury|accident)|previous\w*|non-?industrial"
    r"|request\w*|utilization|progress\s+(?:note|report)|increase[sd]?|improv\w*|recommend\w*|surgery|therapy"
    r"|pain\s+(?:level|when|while|with))\b"
)
_CUT = re.compile(
    r",?\s+(?:resulting\s+in|causing|which|that\s+caused|injuring|incurring|sustaining|complain\w*"
    r"|with\s+(?:immediate|resultant|subsequent|pain|injur\w+|complaints)"
    r"|(?:and|then)\s+(?:(?:he|she|the\s+\w+(?:\s+worker)?)\s+)?(?:immediately\s+|subsequently\s+|has\s+|is\s+"
    r"|later\s+|was\s+|then\s+)?(?:injured|hurt|strained|sprained|fractured|sustained|felt|developed|experienced|had|heard|noticed|has|diagnosed"
    r"|complain\w*|reported|complaints|started|began|is\b|treated|seen))"
    r"|,\s+(?:when\s+)?(?:he|she|the\s+(?:injured|patient|claimant|applicant))\b|;|,\s+(?:and\s+)?(?:is|was|has|felt"
    r"|developed|sustained|hurt|injured)\b|\s+on\s+(?:\d{1,2}[-/]\d|(?:January|February"
    r"|March|April|May|June|July|August|September|October|November|December)\s+\d)|,\s+(?:currently|subsequently|now)\b"
    r"|\s+(?:he|she)\s+(?:felt|developed|was\s+diagnosed|sustained)\b"
)
_INDUSTRIAL = re.compile(
    r"industrial\s+(?P<noun>(?:motor[\s-]+vehicle\s+(?:accident|collision)|slip\s+and\s+fall|trip\s+and\s+fall|fall"
    r"|assault)\b)"
)
_LOOSE_END = re.compile(r"[\s,]+(?:when|while|and|as|then|which|he|she|at\s+work)$", re.IGNORECASE)
# "While performing her usual job duties", "while working" tell nothing of how it happened.
_SAYS_NOTHING = re.compile(
    r"(?:(?:while|when|in|as|during)\s+)?(?:(?:he|she)\s+was\s+)?(?:(?:performing|doing|working|engaged\s+in|carrying\s+out)\b\s*)?"
    r"(?:in\s+|for\s+|as\s+)?(?:(?:the|his|her|their|a|an|course|and|of|usual|regular|normal|customary|work|job|employment|duties|scope)\b\s*)*$",
    re.IGNORECASE,
)
_DOING = re.compile(
    r"(?<=\s)(?:lifting|pulling|pushing|carrying|moving|loading|unloading|reaching|bending|climbing|falling|slipping|tripping"
    r"|stepping|operating|dragging|throwing|stacking|restraining|transferring|catching|shovel(?:l)?ing|digging)\s+(?=\w)"
)
_LONGEST = 220
_TOLD_BY = re.compile(
    r"(?:he|she|the\s+(?:injured\s+worker|patient|claimant|applicant))\s+(?:reports?\s+(?:that\s+)?"
    r"|stated\s+(?:that\s+)?|reported\s+(?:that\s+)?)?(?:(?:he|she)\s+)?"
)
_LONGEST_JOINT = len(", and ")
# How far behind the words of an injury its mechanism is looked for.
_REACH = 600
_FIRST_SENTENCES = 6
_OF_INJURY = frozenset({"injury", "injuries", "accident"})

# Each begins with the letters that it is looked for by.
_PARTS = r"(?P<parts>[^.;]{3,200})"
_INJURED = (
    re.compile(
        rf"injur(?:(?:y|ies)\s+(?:on\s+(?:\d[\d/-]{{3,9}}|[a-z]+\s\d{{1,2}},?\s\d{{4}}),?\s+)?(?:to|involving"
        rf"|affecting|of(?=\s+(?:the|his|her|both|left|right|bilateral)\b))\s+(?:the\s+|his\s+|her\s+|their\s+)?|(?:ed|ing)\s+(?:(?:the|his|her|their)\s+"
        rf"|(?=(?:both|left|right|bilateral)\b))){_PARTS}"
    ),
    re.compile(rf"incurring\s+{_PARTS}"),
    re.compile(rf"claim\s+for\s+{_PARTS}"),
)
_PARTS_END = re.compile(
    r"\b(?:due|when|while|after|from|on|secondary|as|reportedly|resulting|during|which|that|who|at\s+work|following"
    r"|and\s+(?:was|has|is|underwent|had|he|she)|with|because|radiat\w*|by|in\s+a)\b"
)
_OTHER_INJURY = re.compile(
    r"\b(?:no|never|not|prior|previous|prevent|avoid|old|without|denie[sd]|other|any|further|possible"
    r"|risk\s+of)\s+(?:\w+\s+){0,2}$"
)


def read_mechanism(prose: Prose) -> Found[str] | None:
    """How the injury happened, None where the text does not clearly say."""
    text, lower, ends = prose.text, prose.lower, prose.sentences
    if "mechanism" in prose.words:
        for cue in _MECHANISM.finditer(lower):
            end = prose.sentence_at(cue.end())[1]
            if cue.end() < end and not _NOT_TOLD.match(lower, cue.end()):
                return _mechanism(text, cue.end(), end)
    if "moi" in prose.words and (moi := _MOI.search(lower)) and not _NOT_TOLD.match(lower, moi.end()):
        return _mechanism(text, moi.end(), max(moi.end(), prose.sentence_at(moi.end())[1]))
    later = prose.places(_OF_INJURY)
    for position in sorted({*range(min(_FIRST_SENTENCES, len(ends))), *later}):
        start, end = ends[position]
        event = _EVENT.search(lower, start, end) if holds(lower[start:end], _EVENT_HINTS) else None
        if not event or _NO_HISTORY.search(lower, start, event.end()):
            continue
        found = _what_happened(text, lower, event.end(), end)
        if found:
            return found
        following = ends[position + 1] if position + 1 < len(ends) else None
        if following and position < _FIRST_SENTENCES:
            found = _next_sentence(text, lower, *following)
            if found:
                return found
    accident = _INDUSTRIAL.search(lower) if "industrial" in prose.words else None
    return prose.found(*accident.span("noun")) if accident else _by_verbs(prose)


def _by_verbs(prose: Prose) -> Found[str] | None:
    """What the first sentences tell without naming an injury: "who hurt her back while lifting", "he fell off …"."""
    text, lower = prose.text, prose.lower
    for start, end, only_event in told_accidents(prose):
        if not only_event:
            found = _mechanism(text, start, min(end, start + _REACH))
        else:
            found = _what_happened(text, lower, start, end) or _while_doing(text, lower, start, end)
        if found:
            return found
    return None


def _while_doing(text: str, lower: str, start: int, end: int) -> Found[str] | None:
    """What the worker did, told without a word that announces it: "hurt his back lifting a box"."""
    doing = _DOING.search(lower, start, min(end, start + _REACH))
    if not doing or _NO_HISTORY.search(lower, start, doing.start()):
        return None
    return _mechanism(text, doing.start(), end)


def _what_happened(text: str, lower: str, start: int, end: int) -> Found[str] | None:
    """The words after an event that tell how it came about."""
    end = min(end, start + _REACH)
    for cue in _CUE.finditer(lower, max(0, start - 8), end):
        if _NO_HISTORY.search(lower, start, cue.start()):
            return None
        if _FELT.match(lower, cue.start()):
            continue
        return _mechanism(text, cue.start() if cue["kept"] else cue.start("noun"), end)
    verb = _VERB.search(lower, start, end)
    if verb and not _NO_HISTORY.search(lower, start, verb.start()):
        return _mechanism(text, verb.start(), end)
    return None


def _next_sentence(text: str, lower: str, start: int, end: int) -> Found[str] | None:
    """The sentence right after the one of the injury: "She slipped and fell …", "He was lifting …"."""
    told = _TOLD_BY.match(lower, start)
    verb = _VERB.match(lower, told.end(), end) if told else None
    return _mechanism(text, verb.start(), end) if verb else None


def _mechanism(text: str, start: int, end: int) -> Found[str] | None:
    cut = _CUT.search(text, start, end)
    start, end = stripped(text, start, cut.start() if cut else end, '.,;:"“”')
    loose = _LOOSE_END.search(text, start, end)
    end = loose.start() if loose else end
    if not 3 <= end - start <= _LONGEST or _SAYS_NOTHING.match(text, start, end):
        return None
    return Found(text[start:end], Span(start, end))


def read_injured_parts(prose: Prose, diagnoses: tuple[Found[str], ...]) -> tuple[BodyPart, ...]:
    """The parts of the body that the diagnoses and the words of the injury name, with sides, each once."""
    ranges = [*_injured(prose.lower), *(_cut_parts(prose.lower, *one) for one in hurt_parts(prose))]
    ranges += [(one.span.start, one.span.end) for one in diagnoses]
    first: dict[tuple[str, str], BodyPart] = {}
    for start, end in _joined(sorted(ranges)):
        for part in body_parts(prose.text[start:end], start):
            first.setdefault((part.part, part.side), part)
    sided = {part for part, side in first if side}
    return tuple(one for one in first.values() if one.side or one.part not in sided)


def _joined(ranges: list[Range]) -> list[Range]:
    """Ranges that only a comma or "and" parts as one: reading few long ones takes less time than many short ones."""
    joined: list[Range] = []
    for start, end in ranges:
        if joined and start - joined[-1][1] <= _LONGEST_JOINT:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _injured(lower: str) -> Iterator[Range]:
    for pattern in _INJURED:
        for match in pattern.finditer(lower):
            if _OTHER_INJURY.search(lower, max(0, match.start() - 40), match.start()):
                continue
            yield _cut_parts(lower, *match.span("parts"))


def _cut_parts(lower: str, start: int, end: int) -> Range:
    """The range up to the words that speak of other things than the parts."""
    stop = _PARTS_END.search(lower, start, end)
    return start, stop.start() if stop else end
