"""What was done before the request: treatments tried, counted where the text counts them, and surgeries.

Only what the text tells as done counts. Words count after a cue ("treatment to date has included", "completed", "was
treated with") and up to the first word that asks, plans, denies or doubts; never in what utilization review argued.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ... import vocabulary
from ..facts import PriorTreatment
from ..types import Found, Span
from .prose import NUMBER, Prose, Range, any_word, number, stripped

_TABLE = vocabulary.load("prior_treatments")
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (row["name"], re.compile("|".join(row["words"]))) for row in _TABLE["kind"]
)
_VISITS = frozenset(row["name"] for row in _TABLE["kind"] if row.get("visits"))
_KIND = re.compile(rf"\b(?:{'|'.join(word for row in _TABLE['kind'] for word in row['words'])})(?!\w)")
_INJECTIONS = frozenset(name for name, _ in _KINDS if "injection" in name or name == "facet or medial branch block")
_ANY_THERAPY = "therapy"
_GROUPS: dict[str, str] = _TABLE["groups"]
_NO_TREATMENT = frozenset({"Nutritional Products"})

# ---- cues, in lower case text; each begins with the same letters, which are looked for first ---------------------
_LIST = (
    r"(?:\s*:|(?:\s+(?:has|have|had|is|are|was|were|been|noted|reported|documented|listed|to))*"
    r"\s+(?:includ(?:es?|ed|ing)|consist(?:s|ed|ing)\s+of|been)\b)\s*:?"
)
_TREATMENTS = re.compile(
    r"treatments?(?:\s*(?:,|and|or|/)\s*(?:diagnostics?|evaluations?)(?:\s+(?:studies|testing|tests|workup))?)?"
    r"(?:\s+(?:to\s+date|history|rendered|provided|received|thus\s+far|so\s+far|modalities|measures|tried|given)){0,2}"
    rf"\s*(?:\([^)]{{0,40}}\))?{_LIST}"
)
_TREATED_WITH = re.compile(r"treated\s+(?:\w+ly\s+)?(?:with|by)\b")
_MANAGED_WITH = re.compile(r"managed\s+(?:\w+ly\s+)?with\b")
# "Care has included": of care only what is told as past, since a plan of care includes as well. What stands before the
# verb, found by the verb.
_CARE_BEFORE = re.compile(
    r"(?<!plan of )\b(?:care|therap(?:y|ies)|management|modalities|interventions?|measures|rehabilitation)"
    r"(?:\s+(?:to\s+date|thus\s+far|so\s+far|received|tried|provided|rendered|given)){0,2}"
    r"(?:\s+(?:has|have|had)(?:\s+(?:(?:so|thus)\s+far|to\s+date|also|only))?)?\s+$"
)
_CARE_VERBS = frozenset({"included", "consisted", "comprised"})
_CARE_LETTERS = ("inc", "co")  # what these verbs begin with
_CARE_VERB = re.compile(r"(?:included|consisted\s+of|comprised)\b\s*:?")
_CONSERVATIVE = re.compile(
    r"conservative\s+(?:care|treatments?|therap(?:y|ies)|management|measures|modalities)\s*,?"
    rf"(?:\s+(?:such\s+as|with|including|of)\b|\s*\(|{_LIST})"
)
_MEDICATIONS = re.compile(
    rf"medications?(?:\s+(?:regimen|list|history))?(?:{_LIST}|\s+(?:listed|lists|are|were)\b)\s*:?"
)
_DONE = re.compile(
    r"(?:completed|attended|received|receiving|underwent|undergone|participated\s+in|tried|trialed|failed(?!\s+to\b)"
    r"|finished|had(?!\s+been)|started|gone\s+(?:to|through)|went\s+(?:to|through)|exhausted|attempted(?!\s+to\b)|wore|worn"
    r"|used(?!\s+to\b)|utilized|(?:(?<=was\s)|(?<=been\s))(?:given(?!\s+(?:an?\s+)?(?:refill|prescri|diagnos))|provided(?:\s+with)?"
    r"|placed\s+(?:in|on)|seen\s+for)"
    r"|benefit(?:t)?ed\s+from|responded\s+(?:\w+\s+)?to"
    r"|been\s+(?:attending|doing|going\s+to|through|in(?=\s+(?:physical"
    r"|occupational|chiropractic|aquatic|hand|psych)))|undergoing|doing|attending|taking|takes|uses|using|wearing|fitted\s+with"
    r"|status[\s-]+post|s/p|despite|improve(?:d|ment)\s+with|relief\s+(?:with|from)|continues)\b"
)
_DONE_HINTS = frozenset(
    {
        *("completed", "attended", "received", "receiving", "underwent", "undergone", "participated"),
        *("tried", "trialed", "failed", "finished", "had", "started", "gone", "went", "been", "undergoing"),
        *("doing", "attending", "taking", "takes", "uses", "using", "wearing", "fitted", "status"),
        *("despite", "improved", "improvement", "relief", "continues", "exhausted", "attempted", "wore", "worn"),
        *("used", "utilized", "given", "provided", "placed", "seen", "benefited", "benefitted", "responded"),
    }
)
_AFTERWARDS_HINTS = frozenset(
    {
        "completed",
        "tried",
        "attempted",
        "administered",
        "ineffective",
        "helpful",
        "beneficial",
        "helped",
        "help",
        "provided",
        "trialed",
        "exhausted",
    }
)
_NOT_YET = ("scheduled", "pending", "requested", "recommended", "authorized", "ordered", "approved")
_AFTERWARDS = re.compile(
    r"\b(?:(?:was|were|been)\s+(?:(?:completed|tried|trialed|failed|exhausted|attempted|administered|ineffective|(?:not\s+)?(?:helpful"
    r"|beneficial))"
    r"|helped)|helped|did\s+not\s+help|provided\s+(?:\w+\s+){0,3}(?:relief|benefit|improvement))\b"
)
_EFFECTS = frozenset({"relief", "benefit", "improvement"})
_EFFECT_BEFORE = re.compile(
    r"\b(?:without|with\s+(?:some|mild|little|only|temporary|short[\s-]term|transient|moderate|good|significant|partial|no"
    r"|minimal|limited|excellent|modest|great))(?:\s+\w+){0,2}?\s+$"
)

# ---- what ends the words of a cue, or makes them say something else ----------------------------------------------
_WITHOUT_EFFECT = r"(?!\s+(?:\w+\s+){0,3}(?:relief|benefit|improvement|help\w*|success|effect\w*|change|limited))"
_NOT_DONE = (
    *(f"{word}{_WITHOUT_EFFECT}" for word in ("no", "not", "without")),
    *(
        "never",
        "den(?:y|ies|ied|ial)",
        r"declin\w+",
        r"refus\w+",
        r"request\w*",
        r"recommend\w*",
        "plan(?:s|ned|ning)?",
    ),
    *(r"propos\w+", "pending", r"await\w*", r"schedul\w+", "will", "would", "should", "if", "until", r"appeal\w*"),
    *(r"certif\w+", r"noncertif\w+", r"authoriz\w+", "guidelines?", "unable", "lack", "utilization", "medically"),
)
_STOP_LIST = any_word(*_NOT_DONE, r"work\s+status", r"rfa\s+\(")
_STOP = any_word(
    *_NOT_DONE,
    *(
        r"approv\w+",
        r"consider\w*",
        "candidate",
        "order(?:s|ed)?",
        r"prescri\w+",
        r"referr\w+",
        r"evaluat\w+",
        r"consult\w+",
    ),
    *(
        "may",
        "might",
        "could",
        "can",
        "further",
        "additional",
        r"need\w*",
        "but",
        "which",
        "who",
        "he",
        "she",
        "because",
        "however",
    ),
    *(
        r"complain\w*",
        r"the\s+(?:patient|injured|provider|claimant)",
        "difficulty",
        r"visit\s+for",
        "physician",
        r"pain\s+(?:in|with)",
    ),
    r"continues\s+to\s+have",
)
_SAID_BEFORE = any_word(
    *_NOT_DONE,
    *(
        r"need\w*",
        "must",
        "before",
        r"prior\s+to",
        "evidence",
        r"consider\w*",
        "candidate",
        r"determin\w+",
        "may",
        "might",
        "could",
    ),
    *("can", r"approv\w+", "order(?:s|ed)?", "future", "documentation", "whether", "unclear", r"failed\s+to"),
)
# How many characters of a sentence a cue speaks for, and a denial is looked for before it.
_REACH = 600
_NOT_HIS = re.compile(r"\b(?:to\s+be|can\s+be|plan\s+of|proposed|future|requested|recommended|additional|further)\s+$")

# ---- counts ------------------------------------------------------------------------------------------------------
_VISIT = r"(?:sessions?|visits?|treatments?|appointments?)\b"
_ADJECTIVES = (
    r"(?:(?:prior|previous|completed|total|supervised|formal|initial|authorized|post-?operative|the|his|her"
    r"|lumbar|cervical|left|right|shoulder|knee)\s+){0,3}"
)
_BEFORE = re.compile(
    rf"(?<![\w./-])#?(?P<n>{NUMBER})(?:\s*\(\d{{1,3}}\))?(?:\s*(?:/|of"
    rf"|out\s+of)\s*(?:the\s+)?{NUMBER})?\s+{_ADJECTIVES}"
    rf"(?P<unit>{_VISIT}\s+(?:of\s+|for\s+|to\s+|with\s+)?)?{_ADJECTIVES}$"
)
_AFTER = re.compile(
    rf"\s*(?:\([^)\d]{{1,30}}\)\s*)?(?:[,:x×-]\s*|\(\s*|for\s+|with\s+)?(?:a\s+total\s+of\s+)?#?(?P<n>{NUMBER})"
    rf"(?:\s*(?:/|of|out\s+of)\s*{NUMBER})?\s+(?:total\s+|completed\s+)?{_VISIT}(?!\s*(?:per|a|each|every|/)\b)"
)
_TIMES = re.compile(
    rf"\s*(?:{_VISIT}\s*)?[x×]\s?(?P<n>\d{{1,3}})\b(?!\s*(?:[/x×-]|times|per|weeks?|months?|days?|years?))"
)
_THEN_VISITS = re.compile(rf"\s*(?:\([^)\d]{{1,30}}\)\s*)?{_VISIT}\b(?!\s*(?:per|a|each|every|/)\b)")
_INEXACT = re.compile(
    r"(?:at\s+least|more\s+than|less\s+than|over|about|approximately|approx\.?|around|up\s+to|nearly|almost|another"
    r"|roughly|some|the\s+last"
    r"|additional|than|or|to|of|-|between|another|extra|next|remaining)\s*$"
)

# ---- surgery -----------------------------------------------------------------------------------------------------
_OPERATION = (
    r"(?:surger(?:y|ies)|\w*ectom(?:y|ies)|\w*plasty|(?:spinal\s+|lumbar\s+|cervical\s+)?fusions?|arthroscop(?:y|ies)"
    r"|arthrodesis|decompressions?|repairs?"
    r"|releases?|orif|(?:open|closed)\s+reductions?|pinning|resections?|excisions?|reconstructions?|replacements?"
    r"|amputations?|debridements?|craniotom(?:y|ies)|(?:hardware|implant)\s+removal"
    r"|\w*otom(?:y|ies)|stent(?:s|ing)?|acdf|cabg|plif|tlif|alif|fixation|operations?|transpositions?)"
)
_HAD_SURGERY = re.compile(
    r"(?:\b(?:underwent|undergone|status[\s-]+post|s/p|history\s+of|post-?\s?op(?:erative)?\s+from|surgeries(?:\s*:|\s+(?:have\s+)?includ(?:e|ed))"
    r"|surgical\s+history(?:\s*:|\s+(?:includes?|included|of|consists?\s+of|(?:(?:is|was)\s+)?(?:significant|notable"
    r"|remarkable|positive)\s+for))"
    r"|had(?=\s+(?:left|right|bilateral|lumbar|cervical|knee|shoulder|back|neck|hand|wrist|ankle|foot|hip|elbow|spin\w+|surger\w+"
    r"|arthroscop\w+|carpal|acdf|hernia|rotator|multiple|two|three)\b)"
    r"|there\s+was\s+an?|(?:had|performed)(?:\s+(?:a|an|the|prior|previous))|(?:has|have|had)\s+had|included?"
    r"|including|includes|consisted\s+of|prior|previous|since|after|following|,|and|:|;)\s+)"
    r"(?:(?:a|an|the|his|her|prior|previous|successful|earlier|two|multiple|several)\s+){0,2}"
    rf"(?P<words>(?:(?!(?:and|or|for|with|to|of|in|on|at|the|was|is|had|has|medications?|therapy|includ\w+|status"
    rf"|post|s/p|injections?|which|evaluation|consult\w*|mri|request\w*|history)\b)"
    rf"[\w/'’-]+\s+(?:and\s+(?=\w+\s+\w*(?:ectomy|plasty|fusion|repair|decompression)\b))?){{0,7}}?{_OPERATION}"
    rf"(?:\s*(?:,|and|with|/)\s+(?:[\w-]+\s+){{0,3}}?{_OPERATION}){{0,4}}"
    r"(?:\s+(?:of|to|at|on)\s+(?:(?:the|his|her|left|right|bilateral|both)\s+){0,2}(?!date\b|relieve|treat\b"
    r"|\d\d?[-/]\d)[a-z][\w-]+(?:-\d)?(?:\s+(?:radius|ulna|humerus|femur|tibia|fibula|clavicle|finger|thumb|spine"
    r"|cuff|tunnel|back|hand|knee|shoulder|wrist|ligament|meniscus))?"
    r"|\s+[clts]\d{1,2}(?:\s?[-–/]\s?[clts]?\d{1,2})?)?)"
    r"(?!\w)"
)
_SURGERY_WORDS = frozenset(
    {
        *("surgery", "surgeries", "fusion", "fusions", "arthroscopy", "pinning", "resection", "excision"),
        *("closed", "arthrodesis", "decompression", "repair", "repairs", "release", "releases", "orif"),
        *("open", "reconstruction", "replacement", "amputation", "debridement", "removal", "stent", "stents"),
        *("stenting", "acdf", "cabg", "plif", "tlif", "alif", "fixation", "operation"),
        *("operations", "transposition"),
    }
)
_SURGERY_PIECES = ("ectom", "plast", "otom")
_STRONG = re.compile(r"(?:underwent|undergone|status|s/p|history\s+of|surg|post|had|has|have|performed|there)")
# Operations that say nothing beside one that is named; how near "and …" goes on with an operation that was done.
_BARE = frozenset(
    {"surgery", "surgeries", "repair", "operation", "operations", "replacement", "reconstruction", "release"}
)
_NEAR = 40
_RELEASE = re.compile(r"\breleases?\b")
_OF_TUNNEL = re.compile(
    r"\b(?:tunnel|carpal|cubital|trigger|finger|thumb|nerve|tendon|ulnar|median|pulley|compartment|capsular|fascia"
    r"|lateral|tennis|contracture)\b"
)
_NO_OPERATION = re.compile(
    r"\b(?:consult\w*|evaluat\w*|clearance|spine\s+surgery\s+$|oral\s+surgery|surgical\s+intervention|mri|tests?"
    r"|possible|for|future|candidate|no|not)\b"
)
_KIN = re.compile(r"\b(?:mother|father|wife|husband|son|daughter|brother|sister|spouse|family)\b")
_MENTION_ONLY = re.compile(
    r"\s*(?:consult\w*|evaluat\w*|center|clearance|planned|scheduled|pending|authorized|denied|approved|is|was\s+(?:recommended|requested|denied|discussed|not|authorized"
    r"|scheduled|planned|offered)|has\s+(?:not|been\s+(?:recommended|requested|denied|authorized))|request|candidate"
    r"|department|follow|recommend\w*)"
)


def read_treatments(prose: Prose) -> tuple[PriorTreatment, ...]:
    """The kinds of treatment told as done, each once, in the order of the text."""
    lower = prose.lower
    first: dict[str, Range] = {}
    counts: dict[str, set[int]] = {}
    drugs = _drugs(prose)
    beyond = 0  # ranges may overlap, and what was counted is not counted again
    for start, end in sorted(set(_told(prose))):
        for a, b, kind in _kinds(lower, start, end, drugs):
            if a < beyond:
                continue
            if kind not in first or a < first[kind][0]:
                first[kind] = (a, b)
            if count := _count(lower, kind, a, b, start, end):
                counts.setdefault(kind, set()).add(count)
        beyond = max(beyond, end)
    agreed = {kind: next(iter(numbers)) for kind, numbers in counts.items() if len(numbers) == 1}
    in_order = sorted(first.items(), key=lambda one: one[1])
    return tuple(PriorTreatment(kind, agreed.get(kind), Span(*place)) for kind, place in in_order)


_LISTS = (
    (_TREATMENTS, frozenset({"treatment", "treatments"})),
    (_CONSERVATIVE, frozenset({"conservative"})),
    (_MEDICATIONS, frozenset({"medication", "medications"})),
    (_TREATED_WITH, frozenset({"treated"})),
    (_MANAGED_WITH, frozenset({"managed"})),
)


def _told(prose: Prose) -> Iterator[Range]:
    """Where the text tells what was done: the ranges after (or before) each cue."""
    lower = prose.lower
    for pattern, hints in _LISTS:
        if hints.isdisjoint(prose.words):
            continue
        for cue in pattern.finditer(lower):
            start, end = prose.sentence_at(cue.start())
            begin = max(start, cue.start() - 60)
            if (
                cue.end() < end
                and not _NOT_HIS.search(lower, begin, cue.start())
                and not _SAID_BEFORE.search(lower, begin, cue.start())
            ):
                yield cue.end(), _stop(_STOP_LIST, lower, cue.end(), min(end, cue.end() + _REACH))
    yield from _told_around(prose)
    status_post = ("s/p",) if "p" in prose.words else ()
    for place, offsets in prose.places(_DONE_HINTS, status_post).items():
        yield from _done_in(lower, *prose.sentences[place], offsets)
    for place, offsets in prose.places(_AFTERWARDS_HINTS).items():
        start, end = prose.sentences[place]
        for cue in _AFTERWARDS.finditer(lower, max(start, offsets[0] - 10), end):
            begin = max(start, cue.start() - 70)
            if not _STOP.search(lower, begin, cue.start()):
                yield begin, cue.start()


def _told_around(prose: Prose) -> Iterator[Range]:
    """What stands after "care has included", and before "with some relief"."""
    lower = prose.lower
    for place, offsets in prose.places(_CARE_VERBS | _EFFECTS).items():
        start, end = prose.sentences[place]
        for at in offsets:
            begin = max(start, at - 70)
            if lower.startswith(_CARE_LETTERS, at):
                cue = _CARE_VERB.match(lower, at, end) if _CARE_BEFORE.search(lower, begin, at) else None
                if cue and not _SAID_BEFORE.search(lower, begin, at):
                    yield cue.end(), _stop(_STOP_LIST, lower, cue.end(), min(end, cue.end() + _REACH))
                continue
            effect = _EFFECT_BEFORE.search(lower, max(start, at - 45), at)
            if effect:
                begin = max(start, effect.start() - 70)
                if not _STOP.search(lower, begin, effect.start()):
                    yield begin, effect.start()


def _done_in(lower: str, start: int, end: int, offsets: list[int]) -> Iterator[Range]:
    """What stands after the verbs (at ``offsets``) of what somebody did in one sentence."""
    for at in offsets:
        cue = _DONE.match(lower, at, end) if not lower[at - 1 : at].isalpha() else None
        if not cue:
            continue
        if _SAID_BEFORE.search(lower, max(start, at - _REACH), at):
            break
        stop = _stop(_STOP, lower, cue.end(), min(end, cue.end() + _REACH))
        if stop > cue.end() and not lower.startswith(_NOT_YET, stop):
            yield cue.end(), stop


def _stop(pattern: re.Pattern[str], lower: str, start: int, end: int) -> int:
    stop = pattern.search(lower, start, end)
    return stop.start() if stop else end


def _kinds(lower: str, start: int, end: int, drugs: list[str]) -> list[tuple[int, int, str]]:
    """The kinds of treatment named in a range, by their own words and by the names of drugs."""
    found = [
        (*match.span(), _kind_of(match.group()) or _kind_at(lower, match.start(), end))
        for match in _KIND.finditer(lower, start, end)
    ]
    for name in drugs:
        at = lower.find(name, start, end)
        if at >= 0 and not lower[at - 1 : at].isalpha() and not lower[at + len(name) : at + len(name) + 1].isalpha():
            found.append((at, at + len(name), _GROUPS.get(vocabulary.drugs()[name].group, "medications")))
    return sorted(found)


def _drugs(prose: Prose) -> list[str]:
    """The names of drugs among the words of the text."""
    known = vocabulary.drugs()
    return [word for word in prose.words if word in known and known[word].group not in _NO_TREATMENT]


@lru_cache(maxsize=2048)
def _kind_of(words: str) -> str:
    """The kind that words by themselves are, "" where it takes what stands around them to tell."""
    return next((name for name, pattern in _KINDS if pattern.match(words)), "")


def _kind_at(lower: str, start: int, end: int) -> str:
    return next(name for name, pattern in _KINDS if pattern.match(lower, start, end))


def _count(lower: str, kind: str, a: int, b: int, start: int, end: int) -> int:
    """How many sessions or injections the words at ``a`` to ``b`` are counted as; 0 where not told exactly."""
    # The words for them are themselves what is counted: "two injections", "nine visits of therapy".
    injection = kind in _INJECTIONS or kind == _ANY_THERAPY
    if kind not in _VISITS and not injection:
        return 0
    around = lower[max(0, a - 70) : b + 60]
    if not injection and not any(unit in around for unit in ("session", "visit", "treatment", "appointment", "x", "×")):
        return 0  # most: spare them the patterns
    before = _BEFORE.search(lower, max(start - 1, a - 70, 0), a)
    counted = before
    if before and not (before["unit"] or injection or _THEN_VISITS.match(lower, b)):
        counted = None
    if not counted and not injection:
        counted = _AFTER.match(lower, b, min(len(lower), end + 1)) or _TIMES.match(lower, b)
    if not counted or _INEXACT.search(lower, max(0, counted.start("n") - 16), counted.start("n")):
        return 0
    return number(counted["n"])


def read_surgeries(prose: Prose) -> tuple[Found[str], ...]:
    """The operations that the text tells as done, by their own words, in order, each once."""
    lower = prose.lower
    found: dict[str, Found[str]] = {}
    for place, offsets in prose.places(_SURGERY_WORDS, _SURGERY_PIECES).items():
        start, end = prose.sentences[place]
        listed = any(pattern.search(lower, start, end) for pattern in (_TREATMENTS, _TREATED_WITH))
        last = start - _NEAR
        for match in _HAD_SURGERY.finditer(lower, max(start, offsets[0] - 120), end):
            told = listed or _STRONG.match(match.group().strip(" ,")) or match.start() - last < _NEAR
            if told and _was_done(lower, start, match):
                last = match.end()
                a, b = stripped(lower, *match.span("words"), ".,;:")
                found.setdefault(lower[a:b], prose.found(a, b))
    named = tuple(one for name, one in found.items() if name not in _BARE)
    return named or tuple(found.values())


def _was_done(lower: str, start: int, match: re.Match[str]) -> bool:
    """Whether the operation was done, by the words before it in its sentence (from ``start``) and around it."""
    words = match["words"]
    if _KIN.search(lower, max(start, match.start("words") - _REACH), match.start("words")):
        return False
    if _RELEASE.search(words) and not _OF_TUNNEL.search(words):
        return False  # "myofascial release" is a massage, "released to work" none
    if _NO_OPERATION.search(words) or _MENTION_ONLY.match(lower, match.end()):
        return False
    return not _SAID_BEFORE.search(lower, max(start, match.start("words") - _REACH), match.start("words"))
