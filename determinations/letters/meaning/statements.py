"""What reviewers state of the case in so many words, by the reason it makes.

Each row: a code of vocabulary/reasons.toml, substrings one of which a sentence has (in lower case; they spare most
sentences the pattern), the pattern, and a pattern of sentences that mean something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_GUIDE = r"(?:guidelines?|mtus|odg|acoem|recommend\w*|limits?|allow\w*|criteria)"
_NEED = (
    r"(?:necessary|indicated|supported|warranted|appropriate|needed|required|certified|approved|authorized"
    r"|established|justified|recommended)"
)
_WHO = r"\b(?:patient|worker|claimant|applicant|employee|individual|he|she|iw)\b"
_UNITS = (
    r"(?:visits?|sessions?|treatments?|tablets?|units?|number|quantity|amount|trial|total|refills?"
    r"|injections?|procedures?)"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One way to state a reason.

    ``unless``: words that make the sentence mean something else, looked for up to ``look_on`` characters after it.
    """

    code: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    unless: re.Pattern[str]
    look_on: int = 0


def _row(code: str, hints: str, pattern: str, unless: str, look_on: int = 0) -> Statement:
    return Statement(code, tuple(hints.split("|")), re.compile(pattern), re.compile(unless), look_on)


# "may", but not the month.
_RULE = r"\b(?:should|(?<!in\s)(?<!since\s)(?<!of\s)may|might|must|if|when|unless|until)\b"
_LONG = r"\b(?:short[- ]term|treatment\s+period|(?:recommended\s+)?duration|\d+\s*(?:-|to)\s*\d+\s+weeks)\b"

_WHOLE = 1_000

AGAINST: tuple[Statement, ...] = (
    _row(
        "exceeds-quantity",
        "exceed|in excess|surpass|excessive",
        r"\b(?:exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|in\s+excess\s+of)\b[^.;]{0,90}\b" + _GUIDE + r"\b"
        r"|\b(?:would|will)\s+exceed\b|\bexcessive\s+(?:number|quantity|amount)\b|\b(?:sessions|visits|weeks?"
        r"|months?|quantity|number|request)\b[^.;]{0,60}\b(?:is|are)\s+(?:considered\s+)?excessive\b|\b"
        + _GUIDE
        + r"[^.;]{0,80}\bwould\s+exceed\b"
        r"|\bin\s+excess\s+of\s+(?:that|what|those)\b",
        r"\b(?:short[- ]term|treatment\s+period|recommended\s+duration)\b"
        r"|\b(?:2|two)\s*(?:-|to)\s*(?:3|three)\s+weeks\b"
        r"|\b(?:not|n['’]t)\s+exceed"
        r"|\b(?:when|if|unless)\b",
        _WHOLE,
    ),
    _row(
        "long-term-use",
        "long|duration|chronic use|chronic usage|weeks|short|treatment period",
        r"\b(?:exceed(?:s|ed|ing)?|in\s+excess\s+of|longer\s+than|beyond)\b[^.;]{0,60}"
        + _LONG
        + r"|\bas\s+long[- ]?term\s+use\s+is\s+not\b|\blimits?\s+(?:the\s+"
        r"|its\s+)?use\s+to\b[^.;]{0,60}\bnot\s+(?:be\s+)?supported\b"
        r"|\bnot\s+appear\s+to\s+be\s+the\s+shortest\b"
        r"|" + _WHO + r"[^.;]{0,80}\b(?:long[- ]term|chronic(?:ally)?)\s+(?:use|usage"
        r"|basis)\b[^.;]{0,60}\bnot\s+(?:be\s+)?(?:recommended|supported|advised)",
        _RULE + r"|\bis\s+not\s+recommended\s+(?:for\s+)?longer\b",
        _WHOLE,
    ),
    _row(
        "not-recommended",
        "not recommend|not support|not specifically|odds|not address|not be supported|not endorse|contrary",
        r"\b(?:given|since|because|as)\s+(?:that\s+|the\s+){0,3}(?:guidelines?|mtus|odg"
        r"|acoem)\b[^.;]{0,60}\b(?:not)\s+(?:\w+ly\s+)?(?:recommend|support|endorse|advise)"
        r"|\bnot\s+(?:be\s+)?(?:recommended|supported|endorsed|advised)\s+by\s+(?:the\s+|evidence[- ]based\s+"
        r"|\w+\s+){0,3}(?:guidelines?|mtus|odg|acoem)\b"
        r"|\bguidelines?\s+do(?:es)?\s+not\s+(?:\w+ly\s+)?(?:support|recommend)\s+(?:the|this"
        r"|such)\s+(?:current\s+)?(?:request|treatment)\b"
        r"|\brequest[^.;]{0,60}\bat\s+odds\s+with\b"
        r"|\brequests?\b[^.;]{0,60}\bcontrary\s+to\s+(?:the\s+)?(?:\w+\s+)?(?:guidelines?|mtus|odg|acoem)"
        r"|\brequested\s+(?:\w+\s+){0,2}contains?\b[^.;]{0,80}\bnot\s+recommended\b"
        r"|\bgiven\s+that\s+the\s+requested\s+\w+\s+(?:contains?|is)\b[^.;]{0,80}\bnot\s+(?:be\s+)?supported",
        r"\blimits?\s+(?:the\s+|its\s+)?use\s+to\b",
        _WHOLE,
    ),
    _row(
        "indication-absent",
        " met|meet|satisf|fulfil|indication|candidate",
        r"\b(?:criteria|requirements|indications?|guidelines)\b[^.;]{0,90}\b(?:are|is|were|was|have|has"
        r"|having)\s+not\s+(?:\w+ly\s+)?(?:been\s+)?(?:met|satisfied|fulfilled)"
        r"|\b(?:not|n['’]t|fails?\s+to|nor)\s+(?:\w+ly\s+)?(?:meet|satisfy"
        r"|fulfill?)\s+(?:\w+\s+){0,5}?(?:criteria|requirements|guidelines?|standards?)"
        r"|\bno\s+indication\s+for\b|\bwhich\s+are\s+not\s+indications\b|\bnot\b[^.;]{0,40}\b(?:a"
        r"|an?\s+\w+)\s+candidate\b",
        _RULE,
        _WHOLE,
    ),
    _row(
        "no-objective-findings",
        "unremarkable|normal|intact|negative",
        r"\b(?:neurolog\w+|physical)\s+exam\w*\s+(?:is|was|were)\s+(?:unremarkable|normal|intact)\b"
        r"|\b(?:strength|reflexes|sensation|sensory)\b[^.;]{0,40}\b(?:is|are|was|were)\s+(?:unremarkable|normal"
        r"|intact|preserved)\b",
        r"\b(?:although|though|while)\b",
        _WHOLE,
    ),
    _row(
        "associated-service-not-needed",
        "as the|since|because|given|due to|none of the associated",
        r"(?:^|[,;])\s*(?:(?:as|since|because|given(?:\s+that)?|due\s+to(?:\s+the\s+fact\s+that)?)\s+)"
        r"(?!such\b|the\s+(?:guidelines?|mtus|odg|acoem|criteria|documentation|record)|medical\s+necessity"
        r"|there\b|guidelines?\b|it\b|this\b)"
        r"[^.;,]{3,160}?\b(?:not|n['’]t)\s+(?:\w+\s+){0,4}?"
        + _NEED
        + r"\b[^.;]{0,200}\bnot\s+(?:\w+\s+){0,3}?"
        + _NEED
        + r"|\bnone\s+of\s+the\s+associated\s+(?:\w+\s+){0,3}(?:are|is)\b"
        r"|\bcontinued\s+need\s+for\b[^.;]{0,60}\bnot\b",
        r"^[^,]*\b(?:guidelines?|criteria|(?:is|are|was|were|been)\s+(?:not\s+)?document\w*)\b",
        _WHOLE,
    ),
    _row(
        "home-exercise-suffices",
        "home|self-directed|hep|self-managed|independent",
        r"\bno\s+(?:evidence|indication|reason)\b[^.;]{0,50}\b(?:home\s+exercise|hep)\b[^.;]{0,40}"
        r"\b(?:insufficient|inadequate|cannot|not)\b"
        r"|\b(?:above|over|instead\s+of|rather\s+than|versus"
        r"|beyond)\b[^.;]{0,60}\b(?:home[- ](?:based\s+)?(?:exercise|program|therapy)|self-directed|hep)\b"
        r"|\bshould\s+(?:\w+\s+){0,4}(?:taught|instructed|versed|transition\w*|able"
        r"|independent)\b[^.;]{0,60}\b(?:home|self-directed|hep)\b"
        r"|\bnot\s+be\s+transitioned\s+to\b[^.;]{0,40}\b(?:home|self-directed|hep)\b"
        r"|\bhome\s+exercise\s+program\b[^.;]{0,60}\b(?:would\s+be\s+expected|is\s+sufficient|should\s+suffice"
        r"|is\s+appropriate)\b"
        r"|\b(?:can|could|able\s+to)\s+(?:\w+\s+){0,3}(?:perform|continue"
        r"|transition)\w*\b[^.;]{0,60}\b(?:home\s+exercise|self-directed|hep)\b"
        r"|\b(?:preclude|prevent)\w*\b[^.;]{0,60}\bfrom\s+performing\s+(?:such\s+a|a|an)\s+(?:\w+\s+){0,2}program\b",
        r"\bpatients\b|\bguidelines?\s+(?:state|recommend)|\bmtus\b",
        _WHOLE,
    ),
    _row(
        "already-provided",
        "already|redundant|duplicat|previously|previous reviewer|prior review|peer review|full course|prior"
        " treatment|had a prior|had prior",
        r"\balready\s+(?:been\s+)?(?:authorized|approved|certified|had|received|completed|undergone|obtained"
        r"|performed|provided\s+with)\b"
        r"|\balready\s+(?:\w+\s+){1,2}(?:authorized|approved|certified)\b|\bredundant\b|\bduplicat(?:e|ion|ive)\b"
        r"|" + _WHO + r"\s+(?:was|has\s+been|had\s+been)\s+(?:previously\s+)?(?:authorized|approved"
        r"|certified)\b[^.;]{0,80}\b(?:sessions?|visits?)\b"
        r"|\bcompleted\s+a\s+full\s+course\b|\b(?:was|were)\s+previously\s+(?:authorized|approved|certified)\b"
        r"|\b(?:had|has\s+had)\s+(?:a\s+)?prior\s+(?:mris?|x-?rays?|ct|emg\S*|treatment\s+approved)\b",
        r"\b(?:prior\s+to\s+the\s+completion|not\s+(?:\w+\s+)?already|lack|no\s+(?:document|evidence"
        r"|indication)|no\s+prior)\b",
        _WHOLE,
    ),
    _row(
        "not-evidence-based",
        "experimental|investigational|unproven|insufficient evidence|insufficient studies|literature"
        " evidence|lack of evidence|scientific evidence|high quality",
        r"\bthis\s+(?:treatment|procedure|therapy|device|injection)\s+(?:is|remains)\s+(?:\w+\s+)?(?:experimental|investigational)\b"
        r"|\brequest\w*\b[^.;]{0,120}\b(?:experimental|investigational|unproven)\b"
        r"|\b(?:experimental|investigational|unproven)\b[^.;]{0,120}\b(?:request|therefore)\b"
        r"|\b(?:insufficient|lack\s+of|inadequate|not\s+(?:enough|sufficient))\s+(?:\w+\s+){0,2}(?:evidence"
        r"|studies|literature)\b[^.;]{0,120}\bto\s+support\s+(?:the\s+request|this|treatment)",
        r"\b(?:no\s+longer|not)\s+(?:considered\s+)?(?:experimental|investigational)\b",
        _WHOLE,
    ),
    _row(
        "risk",
        "contraindicat|risk|adverse|dangerous|sedation",
        _WHO + r"[^.;]{0,100}\b(?:has|have|is\s+at|are\s+at|with|takes"
        r"|taking)\b[^.;]{0,60}\b(?:contraindications?\s+(?:to|for)|(?:increased|high|significant"
        r"|elevated)\s+risk\s+(?:of|for)\b)"
        r"|\b(?:concurrent|concomitant|combined)\s+use\b[^.;]{0,120}\b(?:risk|dangerous|respiratory\s+depression)",
        r"\b(?:no|not|n['’]t|lack|without|unclear|intermediate)\b|" + _RULE + r"|\bguidelines?\b",
        _WHOLE,
    ),
    _row(
        "weaning-advised",
        "wean|taper",
        r"\b(?:weaning|tapering|taper|wean(?:ed)?)\b[^.;]{0,60}\b(?:is|are|was|be)\s+(?:recommended|advised"
        r"|appropriate|indicated|warranted|initiated|started|necessary|supported|encouraged)\b"
        r"|\b(?:recommend\w*|advis\w+|should\s+be|allow\w*|begin|initiat\w+"
        r"|undergo)\s+(?:\w+\s+){0,4}?(?:wean(?:ed|ing)?|taper(?:ed|ing)?)\b",
        r"\b(?:abrupt\w*|interpreted|consult|of\s+note|guidelines?|mtus|no\s+(?:evidence|documentation"
        r"|indication)|lack|not\s+(?:been\s+)?(?:document|address)\w*)\b",
        _WHOLE,
    ),
)

_TRIED = (
    r"(?:conservative\s+(?:\w+\s+)?(?:care|treatments?|therapy|measures|management)|physical\s+therapy|pt"
    r"|medications?|nsaids?|therapy|injections?|first[- ]line\s+\w+|acetaminophen|treatments?|anti-?inflammator\w+"
    r"|analgesics?)"
)

FOR: tuple[Statement, ...] = (
    _row(
        "functional-improvement-shown",
        "improve|benefit|relief|helping|helped|progress|effective|response",
        r"\b(?:therap\w+|treatments?|medications?|sessions?|visits?|taking|use|uses|using|injections?"
        r"|acupuncture|prior|previous|care)\b[^;]{0,200}?"
        r"\b(?:reported?|reports|noted|notes|had|has|shows?|showed|shown|demonstrated?|document(?:ed|s)?|with"
        r"|experienc\w+|good)\s+"
        r"(?:\w+\s+){0,5}?(?:improvements?|improved|benefits?|relief|progress|efficacy)\b"
        r"|"
        + _WHO
        + r"[^.;]{0,40}\b(?:has|had|have|reports?|reported)\b[^.;]{0,60}\b(?:functional\s+improvement|pain\s+relief"
        r"|improved\s+function)\b[^.;]{0,40}\b(?:with|from)\b"
        r"|\b(?:therap\w+|treatments?|medications?|sessions|injections?|acupuncture)\s+(?:is|are|was|has"
        r"|have)\s+(?:been\s+)?(?:improv\w+|\W?helping|helped|effective|benefi\w+)\b"
        r"|\b(?:improv(?:ed|ing|ements?)|reported?\s+benefit|benefit(?:ed|ting)?|relief)\s+(?:with"
        r"|from)\b[^.;]{0,60}\b(?:therap\w+|treatments?|medications?|sessions?|visits?|injections?|acupuncture"
        r"|care)\b",
        r"\b(?:no|not|without|lack|little|minimal|fail\w*|will|would|may|should|expected|persist\w*|despite|if"
        r"|in\s+order\s+to)\b",
    ),
    _row(
        "first-line-failed",
        "fail|despite|exhausted|no improvement|not improve|unresponsive|not"
        " respond|persist|without|conservative|intoleran|tolerate",
        r"\b" + _TRIED + r"\b[^.;]{0,80}\b(?:ha(?:s|ve|d)\s+(?:failed|been\s+exhausted)|failed"
        r"|without\s+(?:\w+\s+){0,2}(?:improvement|relief"
        r"|benefit|success|response)"
        r"|with\s+(?:no|little|minimal)\s+(?:\w+\s+)?(?:improvement|relief|benefit))\b"
        r"|\b(?:failed|failure\s+of|despite|unresponsive\s+to|refractory\s+to|not\s+(?:improved"
        r"|responded)\s+(?:with|to)|did\s+not\s+respond\s+to|not\s+(?:been\s+)?(?:able\s+to\s+)?tolerated?"
        r"|intolerant\s+(?:to|of)|cannot\s+tolerate)\s+(?:\w+[\s,]+){0,6}?" + _TRIED + r"\b"
        r"|\balready\s+had\s+conservative\b|\bfurther\s+conservative\s+care\s+of\s+at\s+least\b"
        r"|\bhas\s+(?:completed|had)\s+(?:\w+\s+){0,5}conservative\b",
        r"\bno\s+(?:document\w*|evidence|indication|failure)\b|\black\s+of\b|" + _RULE,
    ),
    _row(
        "within-quantity",
        "consistent with|within|in line|in accordance|not exceed|not in excess",
        r"\b"
        + _UNITS
        + r"\b[^.;]{0,100}\b(?:consistent|in\s+line|in\s+accordance|complian\w+|in\s+keeping)\s+with\b[^.;]{0,60}\b"
        + _GUIDE
        + r"\b"
        r"|\b(?:is|are|falls?|remains?)\s+(?:well\s+)?within\b[^.;]{0,60}\b"
        + _GUIDE
        + r"\b|\b(?:do(?:es)?\s+not\s+exceed|not\s+in\s+excess\s+of)\b[^.;]{0,60}\b"
        + _GUIDE
        + r"\b",
        r"\b(?:not|n['’]t)\s+(?:consistent|within|in\s+line|in\s+accordance)\b|" + _RULE,
    ),
    _row(
        "documented",
        "document|provided|explain|detail",
        r"\b(?:provider|physician|surgeon|doctor)\b[^.;]{0,30}\b(?:has|does)\s+(?:\w+ly\s+)?(?:provided?"
        r"|documented|detail(?:ed)?|explained|furnished)\b"
        r"|\b(?:has|have)\s+been\s+(?:\w+ly\s+)?documented\b"
        r"|\bthere\s+is\s+(?:\w+\s+){0,2}documentation\s+(?:of|that|indicating|showing)\b",
        r"\b(?:no|not|lack|n['’]t|fail\w*|insufficient)\b|" + _RULE,
    ),
    _row(
        "recommended",
        "support|recommend|in accordance|consistent with|compatible|in line|endorse|in keeping",
        r"\b(?:is|are|was)\s+(?:\w+ly\s+)?(?:supported|recommended"
        r"|endorsed)\s+by\s+(?:the\s+)?(?:\w+\s+){0,3}?(?:guidelines?|mtus|odg|acoem)\b"
        r"|\bguidelines?\s+(?:\w+ly\s+)?(?:support|recommend|endorse)s?\s+(?:the|this)\s+(?:requested?"
        r"|treatment|use)\b"
        r"|\b(?:request\w*|treatment|sessions|study|station|service)\b[^.;]{0,120}\b(?:consistent|compatible"
        r"|in\s+accordance|in\s+line|in\s+keeping)\s+with\b[^.;]{0,80}\b(?:guidelines?|mtus|odg|acoem"
        r"|recommend\w+)\b",
        r"\b(?:not|n['’]t|no)\b|" + _RULE,
    ),
    _row(
        "indication-present",
        " met|meet|criteria|candidate|suspect|suspicion|indicative|contemplat|considered|suggest|planned|thus|"
        "clinical impression|at risk|risk for|risk of|the appearance of",
        r"\bis\s+at\s+(?:\w+\s+)?risk\s+(?:of|for)\b|\bmeets?\b[^.;]{0,60}\b(?:criteria|guidelines?|requirements|recommendations?|indications)\b"
        r"|\b(?:criteria|requirements|indications?|guidelines)\b[^.;]{0,40}\b(?:are|is|were|was|have\s+been"
        r"|has\s+been)\s+(?:\w+ly\s+)?(?:met|satisfied)\b"
        r"|\bis\s+(?:a|an)\s+(?:\w+\s+)?candidate\b|\b(?:was|is|were)\s+(?:also\s+)?suspected\b|\bsuggest(?:ing"
        r"|ive)\b|\bindicative\s+of\b"
        r"|\b(?:injection|surgery|procedure|intervention)\s+is\s+(?:being\s+)?(?:contemplated|planned"
        r"|considered)\b|\bclinical\s+impression\b"
        r"|\bthus,?\s+indicated\b|\bthe\s+appearance\s+of\b|\bphysician['’]s\s+suspicion\b",
        r"\b(?:not|n['’]t|no|unclear)\b|\b(?:if|unless|should|must|may\s+be\s+considered|recommended\s+(?:for"
        r"|when|if|in))\b",
    ),
    _row(
        "red-flags-present",
        "red flag|red-flag",
        r"\b(?:has|have|with|presence\s+of|there\s+(?:is|are|were|was)|presents?|reveal\w*"
        r"|emergence\s+of)\s+(?:\w+\s+){0,3}red[- ]flags?\b"
        r"|\bred[- ]flags?\s+(?:\w+\s+)?(?:are|were|is|was)\s+(?:identified|present|noted|found|documented)\b",
        r"\b(?:no|not|without|absence|lack|n['’]t)\b|" + _RULE,
    ),
    _row(
        "objective-findings-present",
        "deficit|sign|neurolog|weak|decreased|finding|tenderness|radicul|positive|reduced|numb",
        r"\bobjective\s+(?:evidence|findings|documentation)\s+of\b|\b(?:neurolog\w+|sensory"
        r"|motor)\s+(?:\w+\s+){0,3}(?:deficits?|dysfunction|compromise|abnormalit\w+)\b"
        r"|\bexam\w*\b[^.;]{0,80}\b(?:reveal\w*|show\w*|demonstrat\w*)\b[^.;]{0,120}\b(?:positive|decreased"
        r"|weak\w*|deficits?|restricted|reduced|tenderness)\b"
        r"|\bpositive\s+(?:\w+['’]?s?\s+){1,3}(?:signs?|tests?)\b|\bdecreased\s+(?:sensation|strength"
        r"|\w+\s+strength)\b|\bexam\w*\s+findings\s+(?:consistent|suggest\w*|indicat\w*)",
        r"\b(?:no|not|without|lack|n['’]t|absence|intact)\b|" + _RULE,
    ),
    _row(
        "associated-service-needed",
        "surg|procedure|operation|arthroscop",
        r"\bapproved\s+(?:for|to\s+undergo)\s+(?:an?\s+|the\s+)?(?:\w+\s+){0,2}(?:surg\w+|procedure|arthroscop\w+)\b"
        r"|\b(?:as|since|because|given(?:\s+that)?)\s+(?:the\s+)?[^.;,]{0,80}\b(?:surg\w+|procedure|operation"
        r"|arthroscopy)\b[^.;,]{0,60}\b(?:is|was|has\s+been|were|are)\s+(?:\w+ly\s+)?(?:been\s+)?(?:authorized"
        r"|approved|certified|necessary|scheduled|planned)\b",
        r"\b(?:no|not|n['’]t)\b|" + _RULE,
    ),
)
