"""What a sentence of a rationale finds missing, by the reason it makes.

Most reasons against a request are something that is not there. They are read in two steps: where the sentence denies
something ("there is no documentation of …", "… was not provided": the *scope* of the denial is the words after or
before it), and what stands in the scope.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..text.searching import holds
from .sentences import REPORTS_RULE

# ---- what is denied -------------------------------------------------------------------------------------------------
_DOCUMENT_VERBS = (
    r"(?:document(?:s|ed|ing)?|provided?|furnish(?:ed)?|noted?|indicated?|show(?:n|ed)?|reveal(?:ed)?|demonstrated?"
    r"|establish(?:ed)?|mention(?:ed)?|specif(?:y|ied)|report(?:ed)?|described?|detail(?:ed)?|included?"
    r"|suggest(?:ed)?"
    r"|address(?:ed)?|contain(?:ed)?|stated?|discuss(?:ed)?|identif(?:y|ied)|list(?:ed)?|outlined?|submit(?:ted)?"
    r"|quantif(?:y|ied)|explain(?:ed)?|clarif(?:y|ied)|performed|available|apparent|evident|clear|certain|present"
    r"|substantiated?|confirm(?:ed)?|recorded?|given|found|exhibit(?:ed|ing)?)"
)
_DENIAL = re.compile(
    r"\b(?:(?:no(?!\s+(?:more|later|less|fewer|greater|longer)\b)|nor|lack(?:s|ed|ing)?(?:\s+of)?|absence\s+of"
    r"|in(?:sufficient|adequate)|un(?:clear|certain|known)|silent|devoid\s+of)\b"
    r"|without(?=\s+(?:\w+\s+){0,2}(?:mention|document|evidence|indication|explanation|rationale|objective"
    r"|functional|specif))"
    r"|fail(?:s|ed|ure)?\s+to\s+(?:\w+ly\s+)?(?=" + _DOCUMENT_VERBS + r"\b))"
    r"|(?:\bnot|n['’]t)\s+(?P<been>(?:\w+ly\s+|yet\s+|been\s+|also\s+|be\s+){0,3})(?P<verb>"
    + _DOCUMENT_VERBS
    + r"|meet|met|have|had"
    r"|suffer\w*|able|diagnosed|trialed|tried|failed|undergone|completed|attempted|exhausted|responded"
    r"|at\s+(?:high|increased))\b"
)
# "was not documented": what is missing stands before. "does not document", "is not able to" deny what follows.
_BE = re.compile(r"\b(?:is|are|was|were|been|be)\s*$")
_PARTICIPLE = re.compile(
    r"(?:(?!diagnosed)\w+ed|shown|given|found|available|apparent|evident|clear|certain"
    r"|present)$"
)
_TO_THE_RIGHT_TOO = re.compile(r"\w+\s+(?:why|how|what|whether|if|to\s+(?:have|be))\b")
_CONDITION = re.compile(
    r"\b(?:if|when|whenever|unless|until|whether|provided\s+that|(?<!in\s)(?<!since\s)may|might|should|must)\b"
)
# What somebody else found missing.
_OF_OTHERS = re.compile(
    r"\b(?:ur|utilization\s+review\w*|claims\s+administrator|(?:peer|prior|previous)\s+review\w*)\b[^.;]{0,80}"
    r"\b(?:denied|denial|non-?certif\w+|stated|determined|based|found)\b",
)
_SCAN_SHOWS = re.compile(
    r"\b(?:ct|mri|x-?rays?|scan|radiographs?|films?)\b[^.;]{0,200}\b(?:reveal|show"
    r"|demonstrat)\w*"
)
_NECESSITY = re.compile(r"\b(?:medical\s+necessity|the\s+need|request)\b")
_RECORD_KEEPER = re.compile(
    r"\b(?:document\w*|records?|notes?|provider|physician|surgeon|doctor|information|reports?|request|file|letter)\b",
)
_TOLD = re.compile(
    r"(?:document|provid|furnish|note|show|demonstrat|mention|specif|report|describ|detail|includ|address"
    r"|contain|state"
    r"|discuss|identif|list|outlin|submit|quantif|explain|clarif|establish|available|record)",
)
_CLAUSE_END = re.compile(r";|,?\s*\b(?:but|however|although|though|whereas)\b|,\s+(?:while|the\s+request)\b")
_CONTRASTS = (";", "but", "however", "though", "whereas")
_CLAUSE_END_HINTS = (*_CONTRASTS, "while", "request")
_CLAUSE_START = re.compile(r";|\b(?:but|however|although|though|whereas)\b,?|,\s+(?:and\s+)?(?=(?:here|there)\b)")
_CLAUSE_START_HINTS = (*_CONTRASTS, "here")
# "… to support the request": what follows is what is wanted. "No evidence to support a diagnosis of radiculopathy"
# goes on with what is missing.
_PURPOSE = re.compile(
    r"\b(?!to\s+support\s+(?:(?:the\s+)?(?:patient|worker|claimant|applicant)\b|that\b|nerve|red\b|neuro|radicul"
    r"|medication\s+efficacy|(?:an?\s+|the\s+)?(?:\w+\s+)?(?:suspicion|diagnosis|failure|presence)\b))(?:to"
    r"|that|which|would)\s+(?:\w+ly\s+)?(?:(?:would|could|might)\s+)?"
    r"(?:support|warrant|justify|necessitate|require|substantiate|allow|sufficiently\s+support)\w*\b",
)
_PURPOSE_HINTS = ("support", "warrant", "justify", "necessitate", "require", "substantiate", "allow")
_LONGEST_SCOPE = 240

_DOCUMENTS = r"(?:document\w*|records?|notes?|reports?|information|mention|discussion|evidence|indication)"
_TREATMENT = (
    r"(?:conservative|therap\w+|treatments?|medications?|care|first[- ]line|analgesics?|anti-?depressants?"
    r"|anti-?convulsants?|drugs?|nsaids?|acetaminophen|tylenol|injections?|measures|muscle\s+relaxants?|agents?"
    r"|relaxants|techniques|aids|modalities|anti-?inflammator\w+|exercises?)"
)
# What the reviewer misses, by the reason it makes. The first group of each is looked for where its hints occur.
_MISSED: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    (
        "no-rationale",
        ("rational", "what ", "reason", "why", "explanation", "how ", "justification"),
        re.compile(
            r"\brational(?:e|es)?\b|\bwhat\s+the\s+(?:clinical\s+)?indication\b|\bstated\s+(?:why|how|what)\b"
            r"|\b(?:detailing|describing|clear|compelling|objective|specific|stated|as\s+to)\s+"
            r"(?:the\s+)?(?:reason|explanation|justification|why)\b|\bwhy\s+(?:the|a|an)\b"
            r"|\bhow\b[^.;]{0,60}\b(?:would|will|to\s+be)\b[^.;]{0,40}\b(?:alter|affect|change|influence"
            r"|benefit|treat)",
        ),
    ),
    (
        "no-exceptional-factors",
        ("exceptional", "extenuating", "special ", "unusual", "extraordinary", "mitigating", "compelling"),
        re.compile(
            r"\b(?:exceptional|extenuating|special|unusual|extraordinary|mitigating|compelling)\s+(?:\w+\s+)?"
            r"(?:factors?|circumstances?|clinical\s+facts)\b|\bcompelling\s+(?:clinical\s+)?facts\b",
        ),
    ),
    ("red-flags-absent", ("red",), re.compile(r"\bred[- ]?flags?\b")),
    (
        "no-first-line-failure",
        ("conservative", "fail", "tried", "trial", "first", "intoler", "toler", "exhaust", "unable", "oral", "respon"),
        re.compile(
            r"\b(?:trialed|tried|failed|failure|failing|fails|exhausted|attempt(?:ed|s)?|completed|completion"
            r"|complete)\b"
            r"[^.;]{0,70}\b" + _TREATMENT + r"\b"
            r"|\b" + _TREATMENT + r"\b[^.;]{0,50}\b(?:failed|failure|tried|attempted|trialed|exhausted)\b"
            r"|\bconservative\b|\b(?:intoleran\w+|tolerat\w+|contraindicat\w+|unable|able|unresponsive)\b[^.;]{0,60}"
            r"\b(?:oral|medications?|tablets?|capsules?|nsaids?|similar|drugs?)\b",
        ),
    ),
    (
        "no-monitoring",
        (
            "urine",
            "cures",
            "agreement",
            "contract",
            "screen",
            "risk assess",
            "monitoring",
            "aberrant",
            "uds",
            "a's",
            "a’s",
        ),
        re.compile(
            r"\b(?:4|four)\s+a['’]?s\b|\burine\s+(?:drug|toxicology)\b|\bud[st]\b|\bcures\b|\b(?:pain|opioid|narcotic|treatment)\s+(?:\w+\s+)?"
            r"(?:agreement|contract)\b|\bdrug\s+screen|\bscreening\s+for\s+risk\b|\brisk\s+assessment\b|\baberrant\b"
            r"|\bmonitoring\s+and\s+compliance\b",
        ),
    ),
    (
        "no-functional-improvement",
        (
            "improve",
            "function",
            "efficacy",
            "effective",
            "benefit",
            "relief",
            "response",
            "progress",
            "outcome",
            "decrease in pain",
        ),
        re.compile(
            r"\bfunctional(?:ly)?\s+(?:\w+\s+){0,2}?(?:improvements?|benefits?|gains?|response|progress"
            r"|outcomes?|restoration\s+from)\b"
            r"|\b(?:improv\w+|increased?|gains?)\s+(?:\w+\s+){0,2}?(?:function\w*|activities\s+of\s+daily)\b"
            r"|\b(?:objective|measurable|subjective|quantif\w+|significant|documented|sustained)\s+(?:\w+\s+){0,3}?"
            r"(?:improvements?|benefits?|gains?|response|progress)\b"
            r"|\b(?:therapy|treatment)\s+outcomes?\b|\bimprovements?\s+(?:from|with|after|following|due\s+to"
            r"|in\s+(?:pain|symptoms|quality))\b|\b(?:efficacy|pain\s+relief)\b"
            r"|\bresponse\s+to\s+(?!(?:\w+\s+)?conservative)(?:\w+\s+){0,2}?(?:prior|previous|past|therapy"
            r"|treatments?|medications?|care|use)\b"
            r"|\b(?:benefits?|benefit(?:ed|ing|ting))\s+(?:from|with)\b"
            r"|\bbenefits?\s+(?:that\s+)?(?:was\s+|were\s+)?(?:received|gained|obtained)\b|\b(?:decreases?"
            r"|reduction)\s+in\s+pain\b|\bimprovement\b(?=[^.;]{0,60}"
            r"\b(?:prior|previous|therapy|treatment|medication)\b)",
        ),
    ),
    (
        "no-objective-findings",
        (
            "finding",
            "deficit",
            "neurolog",
            "nerve",
            "radicul",
            "objective",
            "insult",
            "weakness",
            "evidence",
            "abnormal",
            "neuropathy",
        ),
        re.compile(
            r"\b(?:objective|exam(?:ination)?|physical|neurolog\w+|clinical|functional|motor"
            r"|sensory)\s+(?:\w+\s+){0,3}?"
            r"(?:findings?|deficits?|signs?|abnormalit\w+|compromise|impairments?|dysfunction"
            r"|evidence\s+of(?!\s+fail))\b"
            r"|\bnerve\s+(?:root\s+)?(?:\w+\s+)?(?:compromise|impairment|compression|deficits?|impingement"
            r"|entrapment|damage)\b"
            r"|\b(?:significant|sufficient|any|abnormal)\s+(?!(?:\w+\s+)?red)(?:\w+\s+){0,2}?findings\b"
            r"|\bfindings\s+(?:of|consistent|suggest\w+|to)\b"
            r"|\b(?:mri|imaging|radiographic|electrodiagnostic)\s+evidence\b|\bradicul\w+|\bmyelopath\w+|\btissue\s+insult\b|\bweakness\b|\bdeficits?\b|\bperipheral\s+neuropathy\b"
            r"|\babnormal\s+neurolog\w+|\bclinical\s+signs\b",
        ),
    ),
    (
        "indication-absent",
        ("criteria", "surg", "invasive", "candidate", "indication for", "indications for"),
        re.compile(
            r"(?<!previous\s)(?<!prior\s)\b(?:surger\w+|surgical|invasive\s+procedure)\b|\bcandidate\b"
            r"|\bcriteria\b|\bindications?\s+for\b",
        ),
    ),
)
# A condition that is missing, where nothing more specific is.
_CONDITION_MISSED = re.compile(
    r"\b(?:history\s+of|diagnos\w+|at\s+(?:an?\s+)?(?:\w+\s+)?risk|spasms?|spasticity|neuropath\w+"
    r"|gastrointestinal|gi|dyspepsia"
    r"|osteoarthritis|arthritis|insomnia|depression|symptoms?|complaints|suspicions?|suspected|acute|flare"
    r"|instability"
    r"|necrosis|fractures?|tears?|tumor|infection|injury|abuse|addiction|ulcers?|cancer|locking|effusion"
    r"|work\s+hardening|severe|pathology)\b",
)
_ATTRIBUTE = re.compile(
    r"\b(?:quantit(?:y|ies)|dos(?:e|es|age)|frequency|duration|strength|body\s+parts?|location|site|laterality|level"
    r"|number\s+of\s+(?:\w+\s+)?(?:visits?|sessions?|treatments?|tablets?|refills?|days|units)|amount"
    r"|type\s+of|kind\s+of|rental|procedures?\s+to\s+be)\b",
)
_ATTRIBUTE_HINTS = (
    *("quantit", "dos", "frequency", "duration", "strength", "body", "location", "site", "laterality", "level"),
    *("number", "amount", "type", "kind", "rental", "procedure"),
)
# "The duration of use was not noted."
_ATTRIBUTE_ALONE = re.compile(
    r"(?:the\s+)?(?:quantity|dose|dosage|frequency|duration|body\s+part)(?:\s+of\s+(?:the\s+)?(?:use|treatment"
    r"|rental|request))?"
    r"\s+(?:is|are|was|were|has)\s*$"
)
_OF_REQUEST = re.compile(r"\b(?:requests?|requested|prescription|prescribed|order|rfa)\b")
_DOCUMENT_MISSED = re.compile(
    r"\b(?:document\w*|information|records?|mention|discussion|evidence|notes?"
    r"|reports?|results?)\b"
)
# What records hold, besides the patient's condition.
_RECORD = re.compile(
    r"\b(?:number\s+of|how\s+many|results?|reports?|notes?|regimen|medications?|dates?|plans?|goals?"
    r"|measurements?|values?"
    r"|films?|x-?rays?|radiographs?|stud(?:y|ies)|tests?|testing|exam(?:ination)?|sessions?|visits?|treatments?|trial"
    r"|program|(?<!previous\s)(?<!prior\s)(?:used?|usage)|utiliz\w+|durations?|rfa|agreement|strength|when|what|which|details|consent|list"
    r"|scans?|mri"
    r"|attempts|factors|rehabilitation|injections?|equipment|therapy)\b"
)


_GUIDELINE = re.compile(r"\b(?:guidelines?|mtus|odg|acoem|schedule|criteria|fda|studies|literature)\b")
_GUIDELINE_HINTS = ("guideline", "mtus", "odg", "acoem", "schedule", "criteria", "fda", "studies", "literature")
_OF_CASE = re.compile(
    r"\b(?:patient|worker|claimant|applicant|employee|records?|documentation|documents|provider|physician|there|this"
    r"|here|case|submitted|review|request|exam(?:ination)?|he|she|it)\b",
)
# How the words of a denial begin, or go on: a sentence without any of them denies nothing.
DENIAL_HINTS = (
    "no ",
    "not ",
    "nor ",
    "n't",
    "n’t",
    "lack",
    "absence",
    "without ",
    "fail",
    "unclear",
    "uncertain",
    "unknown",
    "insuff",
    "inadeq",
    "silent",
    "devoid",
)


def missed(sentence: str) -> Iterator[str]:
    """The codes of what one sentence (in lower case) finds missing."""
    reach = 0
    for denial in _denials(sentence):
        # "There is no indication that the patient is not able …" denies one thing.
        if denial["verb"] and denial.start() < reach:
            continue
        if _OF_OTHERS.search(sentence, max(0, denial.start() - _LONGEST_SCOPE), denial.start()):
            continue
        before = _clause_before(sentence, denial.start())
        scope, reach = _scope_after(sentence, denial)
        if not _is_general(before):
            yield from _codes(denial, before, scope)


def _denials(sentence: str) -> Iterator[re.Match[str]]:
    """The denials of a sentence in order. Looking for how they begin first is three times as fast as the pattern."""
    starts = []
    for hint in DENIAL_HINTS:
        position = sentence.find(hint)
        while position >= 0:
            starts.append(position)
            position = sentence.find(hint, position + 1)
    for position in sorted(starts):
        if denial := _DENIAL.match(sentence, position):
            yield denial


def _clause_before(sentence: str, position: int) -> str:
    before = sentence[max(0, position - _LONGEST_SCOPE) : position]
    if not holds(before, _CLAUSE_START_HINTS):
        return before
    starts = [match.end() for match in _CLAUSE_START.finditer(before)]
    return before[starts[-1] :] if starts else before


def _is_general(before: str) -> bool:
    """Whether the words before a denial make it a guideline's or a condition."""
    if _CONDITION.search(before, before.rfind(",") + 1):
        return True
    if not holds(before, _GUIDELINE_HINTS):
        return False
    last = 0
    for guideline in _GUIDELINE.finditer(before):
        last = guideline.end()
    return last > 0 and (not _OF_CASE.search(before, last) or REPORTS_RULE.search(before) is not None)


def _scope_after(sentence: str, denial: re.Match[str]) -> tuple[str, int]:
    """The words that a denial denies, from its own verb where it has one, and where the clause ends."""
    start = denial.start("verb") if denial["verb"] else denial.end()
    scope = sentence[start : start + _LONGEST_SCOPE]
    if holds(scope, _CLAUSE_END_HINTS) and (end := _CLAUSE_END.search(scope)):
        scope = scope[: end.start()]
    reach = start + len(scope)
    if holds(scope, _PURPOSE_HINTS) and (purpose := _PURPOSE.search(scope)):
        scope = scope[: purpose.start()]
    return scope, reach


def _codes(denial: re.Match[str], before: str, scope: str) -> Iterator[str]:
    passive = _is_passive(denial, before)
    if passive:
        scope = f"{before} {scope}" if _TO_THE_RIGHT_TOO.match(scope) else before
    if _is_incomplete_request(denial, before, scope):
        yield "insufficient-information"
        return
    found = False
    for code, hints, pattern in _MISSED:
        if holds(scope, hints) and (match := pattern.search(scope)):
            found = True
            yield code
            if code in _ENDS_SCOPE:
                scope = scope[: match.start()]
    if not found and not _OUT_OF_SCOPE.match(scope):
        yield from _less_specific(denial, passive, before, scope)


def _is_passive(denial: re.Match[str], before: str) -> bool:
    if not (denial["verb"] and _PARTICIPLE.match(denial["verb"])):
        return False
    return "been" in denial["been"] or _BE.search(before[-10:]) is not None


# "No rationale for another trial of therapy": what stands after these words is not what is missing.
_ENDS_SCOPE = {"no-rationale", "no-exceptional-factors"}
_OUT_OF_SCOPE = re.compile(r"\s*(?:such\b|need\b|(?:\w+\s+){0,2}(?:studies|literature|trials|research)\b)")


def _less_specific(denial: re.Match[str], passive: bool, before: str, scope: str) -> Iterator[str]:
    if _CONDITION_MISSED.search(scope):
        if not _SCAN_SHOWS.search(before):
            yield "indication-absent"
        return
    if denial["verb"]:
        told = _TOLD.match(denial["verb"]) is not None
        keeper = _RECORD_KEEPER.search(before) is not None
        missing = told and (not _PERSON_AT_END.search(before) if passive else keeper)
    else:
        missing = _DOCUMENT_MISSED.search(scope) is not None
    if missing and _RECORD.search(scope) and "insufficient" not in scope and not _NECESSITY.search(scope):
        yield "no-documentation"


_PERSON_AT_END = re.compile(
    r"\b(?:patient|worker|claimant|applicant|he|she|it|which|this|that|as)\s+(?:(?:is|was|has|had)\s*)?$"
)


def _is_incomplete_request(denial: re.Match[str], before: str, scope: str) -> bool:
    """Whether the request lacks its dose, quantity, duration, body part or kind."""
    if _ATTRIBUTE_ALONE.match(before) and denial["verb"]:
        return True
    after = denial.string[denial.end() : denial.end() + 20]
    if not (
        holds(scope, _ATTRIBUTE_HINTS)
        and _ATTRIBUTE.search(scope)
        and (_OF_REQUEST.search(before) or " in the request" in after)
    ):
        return False
    words = denial.group() + scope[:30]
    return holds(words, _SPECIFYING)


_SPECIFYING = ("specif", "state", "provide", "indicate", "include", "give", "list", "identif", "clear")
