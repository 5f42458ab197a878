"""The injured worker and the course of the injury, as the clinical summary of a letter tells them.

``read_patient`` says only what the words say for certain: an age that is the worker's, treatments that were done,
diagnoses that were made. Everything it gives has the place of its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..facts import Patient, PriorTreatment
from ..types import Found, Span
from .courses import read_surgeries, read_treatments
from .diagnoses import read_diagnoses
from .injuries import read_injured_parts, read_mechanism
from .prose import NUMBER, Prose, number, read_prose

# "51-year-old", "51 y/o", "fifty-one year old": the words after the number, which begin with a letter that is rare.
_OLD = re.compile(r"y(?:ears?|rs?\.?|\.?)\s*(?:[-–/]\s*)?(?:olds?|o\.?)\b(?![./]\d)")
_NUMBER_BEFORE = re.compile(rf"(?<![\w./-])(?P<age>{NUMBER})\s*[-–]?\s*$")
_AGED = re.compile(r"age(?:d|\s+is|\s+of)?\s*:?\s+(?P<age>\d{2})\b(?![-/.%]\d)(?!\s*(?:days?|weeks?|months?))")
_AGE_HINTS = frozenset({"old", "olds", "year", "years", "y", "yo", "o", "age", "aged"})
_YOUNGEST, _OLDEST = 14, 99
# "A 10-year-old injury", "her 8 year old son" are not the worker's age.
_NOT_AGE = re.compile(
    r"[\s,-]*(?:[\w-]+\s+){0,2}?(?:son|daughter|child|children|boy|girl|kids?|grand\w+|injury|claim|surgery|fusion"
    r"|fracture|scar|report|mri"
    r"|study|x-?rays?|hardware|injuries|case|tear|accident|dog|car|vehicle|building|student|mother|father|wife"
    r"|husband|brother|sister|relative)\b"
)
_NOT_NOW = re.compile(
    r"\b(?:since|at|until|when|after|before|from|by|under|over|age\s+of|his|her|whose|father|mother)\s+(?:(?:he|she"
    r"|was|the\s+age\s+of|age|a|an|around|about)\s+){0,2}$"
)
_AT_INJURY = re.compile(
    r"[\s,]*(?:\w+\s+){0,2}?(?:at|on)\s+the\s+(?:time|date|day)\s+of\s+(?:the\s+|his\s+|her\s+|this\s+)?(?:injury"
    r"|accident)"
)
_FEMALE, _MALE = "female", "male"
_SEX_WORD = r"(?P<sex>females?|wom[ae]n|lady|males?|m[ae]n|gentlem[ae]n)"
_SEX_AFTER_AGE = re.compile(
    rf"\.?[\s,-]*(?:(?!(?:treated|for|with|who|to|of|being|has|had|status"
    rf"|and)\b)\(?[\w/'’-]+\)?[\s,-]+){{0,5}}?{_SEX_WORD}\b(?!\s+(?:erectile|pattern|sexual|supervisor|co-?worker"
    rf"|student|patient\s+who\s+(?:hit|fell)|client|customer|inmate))"
)
_SEX_OF_WORKER = re.compile(
    rf"\b(?:(?:worker|patient|claimant|applicant|employee|individual)\s+(?:is|was)\s+(?:now\s+)?(?:an?"
    rf"|a\(n\))\s+(?:[\w-]+\s+){{0,4}}?{_SEX_WORD}"
    r"|(?P<before>female|male)\s+(?:injured\s+worker|patient|claimant|applicant|employee|worker)|(?:sex"
    r"|gender)\s*:\s*(?P<given>female|male))\b"
)
_PRONOUN = re.compile(r"\b(?:(?P<she>she|hers?|herself)|(?:he|his|him|himself))\b")
_PRONOUNS_NEEDED = 3

_DECIDES = re.compile(
    r"\b(?:deni(?:ed|al|es)|non-?\s?(?:certif|approv)\w+|not\s+(?:be\s+)?(?:certif\w+|approv\w+|authoriz\w+"
    r"|medically\s+necessary)|modif(?:ied|y|ication)|partially"
    r"|fail(?:ed|ing)\s+to\s+(?:approve|certify|authorize|partially)|delayed|conditionally|not\s+recommend\w*"
    r"|declined|refused\s+to|disapproved|adverse\s+determination"
    r"|partial\s+(?:certification|approval)|recommend(?:s|ed)\s+(?:non-?certification|denial|modif\w+))"
)
_NOT_CERTIFIED = re.compile(r"\b(?:non-?\s?(?:certif|approv)\w+|not\s+certified|adverse\s+determination)\b")
_REVIEW = re.compile(
    r"\b(?:utilization\s+(?:management\s+)?review(?:er|s)?|ur(?=\s|\)|,)|claims?\s+administrators?|(?:prior|previous"
    r"|initial|original|utilization)\s+(?:review|determination|denial|decision|reviewer)"
    r"|determination\s+(?:letter|dated)|physician\s+(?:advisor|reviewer)|peer\s+review(?:er)?|insurance\s+carrier"
    r"|carrier|adjuster|insurer)\b"
)
_ASKED_WAS = re.compile(
    r"\b(?:requests?|requested|treatments?|services?)\b[^.]{0,250}?\b(?:was|were|been|is|are)\s+(?:therefore\s+"
    r"|both\s+|also\s+|then\s+)?(?:previously\s+)?(?:denied|modified|not\s+(?:certified|approved|authorized))"
    r"|\brequests?\b[^.]{0,120}\b(?:deemed|found|determined)\s+(?:to\s+be\s+)?not\s+medically"
    r"|\breviewed\s+and\s+(?:denied|modified)|\b(?:previously|rationale\s+for)\s+(?:denied|denial|modified)"
    r"|\bdenied\s+(?:the|a|an)\s+requests?\b"
    r"|\b(?:was|were|been|is)\s+(?:previously\s+)?denied\s+(?:due\s+to|because|as\b|since|on\s+\d|for\s+lack"
    r"|based\s+on)"
)
_DECISION_HINTS = frozenset(
    {
        *("denied", "denial", "denies", "certified", "certification", "noncertified", "noncertification"),
        *("certify", "modified", "modification", "modify", "failed", "failing", "partially", "partial"),
        *("delayed", "conditionally", "adverse", "declined", "disapproved", "refused", "approved"),
        *("authorized", "necessary", "recommend", "recommends", "recommended"),
    }
)
_REVIEW_HINTS = (
    *("review", "ur ", "ur)", "ur,", "administrator", "determination", "denial", "decision", "advisor", "carrier"),
    *("adjuster", "insurer", "request", "treatment", "service", "denied"),
)
_WORKER_DENIES = re.compile(
    r"\b(?:worker|patient|claimant|applicant|he|she|iw)\s+(?:\w+\s+){0,2}?(?:denied|denies|declined)\b"
)
_CLAIM_DENIED = re.compile(r"\bdenied\s+(?:the|his|her|this)\s+(?:claim|injury|case|liability|body\s+parts?)\b")
_ONE_DECIDER = re.compile(r"\b(?:denied|modified|declined|denies)\b")


def read_patient(summary: str) -> Patient:
    """What the clinical summary of a letter says of the patient. Any text gives a result; spans are offsets in it.

    Paragraphs are not minded: where a page ends, extractors put gaps that no paragraph had.
    """
    prose = read_prose(summary.replace("\n\n", "  "))
    age, age_end = _read_age(prose)
    diagnoses = read_diagnoses(prose)
    surgeries = read_surgeries(prose)
    return Patient(
        age=age,
        sex=_read_sex(prose, age_end),
        mechanism=read_mechanism(prose),
        body_parts=read_injured_parts(prose, diagnoses),
        diagnoses=diagnoses,
        prior_treatments=_with_surgery(read_treatments(prose), surgeries),
        surgeries=surgeries,
        denial=_read_denial(prose),
    )


def _with_surgery(
    treatments: tuple[PriorTreatment, ...], surgeries: tuple[Found[str], ...]
) -> tuple[PriorTreatment, ...]:
    if not surgeries:
        return treatments
    return tuple(
        sorted((*treatments, PriorTreatment("surgery", None, surgeries[0].span)), key=lambda one: one.span.start)
    )


def _read_age(prose: Prose) -> tuple[Found[int] | None, int]:
    """The worker's age and where its words end (0 without one). Ages that differ by more than a year are doubtful."""
    lower = prose.lower
    if prose.words.isdisjoint(_AGE_HINTS):
        return None, 0
    now: list[tuple[Found[int], int]] = []
    at_injury: list[tuple[Found[int], int]] = []
    for age, start, end in _age_words(lower):
        if not _YOUNGEST <= age <= _OLDEST or _NOT_AGE.match(lower, end):
            continue
        found = Found(age, Span(start, end)), end
        if _AT_INJURY.match(lower, end):
            at_injury.append(found)
        elif not _NOT_NOW.search(lower, max(0, start - 30), start):
            now.append(found)
    ages = now or at_injury
    if not ages or max(one.value for one, _ in ages) - min(one.value for one, _ in ages) > 1:
        return None, 0
    return ages[0]


def _age_words(lower: str) -> Iterator[tuple[int, int, int]]:
    """Every age in the text: the number of years, and where its words are."""
    for match in _OLD.finditer(lower):
        before = _NUMBER_BEFORE.search(lower, max(0, match.start() - 16), match.start())
        if before:
            yield number(before["age"]), before.start(), match.end()
    for match in _AGED.finditer(lower):
        if not lower[max(0, match.start() - 1)].isalpha() or not match.start():
            yield number(match["age"]), *match.span()


def _read_sex(prose: Prose, age_end: int) -> Found[str] | None:
    """From the words beside the age, else of the worker, else from pronouns if they are many and all agree."""
    lower = prose.lower
    match = _SEX_AFTER_AGE.match(lower, age_end, age_end + 90) if age_end else None
    match = match or _SEX_OF_WORKER.search(lower)
    if match:
        groups = match.groupdict()
        name = next(name for name in ("sex", "before", "given") if groups.get(name))
        word = groups[name]
        female = word.startswith(("fem", "wom", "lady"))
        return Found(_FEMALE if female else _MALE, Span(*match.span(name)))
    pronouns = list(_PRONOUN.finditer(lower))
    women = sum(one["she"] is not None for one in pronouns)
    if len(pronouns) < _PRONOUNS_NEEDED or women not in (0, len(pronouns)) or "he/she" in lower:
        return None
    return Found(_FEMALE if women else _MALE, Span(*pronouns[0].span()))


def _read_denial(prose: Prose) -> Found[str] | None:
    """The sentences that tell utilization review's decision: the first of them and those that directly follow."""
    telling: list[int] = []
    for place in prose.places(_DECISION_HINTS):
        if telling and place > telling[-1] + 1:
            break
        start, end = prose.sentences[place]
        if _tells_decision(prose.lower[start:end]):
            telling.append(place)
        elif telling:
            break
    if not telling:
        return None
    return prose.found(prose.sentences[telling[0]][0], prose.sentences[telling[-1]][1])


def _tells_decision(words: str) -> bool:
    """Whether a sentence tells what utilization review decided, rather than what the worker denied."""
    if "non-certif" in words or "noncertif" in words:  # the usual words
        return True
    if "certif" not in words and not any(hint in words for hint in _REVIEW_HINTS):
        return False
    if not _DECIDES.search(words):
        return False
    if _NOT_CERTIFIED.search(words):
        return True
    if _CLAIM_DENIED.search(words):
        return False
    if _WORKER_DENIES.search(words) and len(_ONE_DECIDER.findall(words)) == 1:
        return False
    return bool(_REVIEW.search(words) or _ASKED_WAS.search(words))
