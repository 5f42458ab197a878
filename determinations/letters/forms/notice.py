"""The notice of 2013: determinations as sentences at its top, given twice, and reasons below that repeat the requests.

"MAXIMUS Federal Services, Inc. has determined the request for X is not medically necessary and appropriate." stands
on the first page and again under the heading of the decision. The reasons follow under "n) Regarding the request for
X:"; they belong to the determination whose words they repeat, which need not be the one of their number.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from ..parts.building import build_item
from ..parts.days import A_DAY, found_day
from ..parts.documents import read_documents
from ..parts.header import read_case_number, read_dates, read_priority
from ..parts.reviewer import read_credentials
from ..parts.sections import Form, Section, heading, heading_like, long_text, phrase, split, stretches
from ..parts.sides import read_side, reviewer_says
from ..parts.wording import (
    BEFORE_REQUEST,
    JUDGED,
    MAXIMUS_DETERMINED,
    NUMBER,
    RATIONALE_FOR,
    REVIEWER,
    UR_DECISION,
    loose,
)
from ..text.clean import CleanText, heal
from ..types import Dates, Found, Issue, Item, Letter, Outcome, Side, Span
from .matching import pairs, share, too_many, words_of
from .opening import read_amended, read_dated

_RELIED_UPON = loose(
    r"(?:Sections?(?:\(s\))? of the )?"
    r"(?:Medical Treatment (?:Utilization Schedule(?: \(MTUS\))?|Guidelines?(?:\(s\))?)|MTUS)"
    rf" (?:that (?:was|were) )?Relied Upon by the {REVIEWER}"
    r"(?: to Make (?:His|Her|Their)(?: (?:/|or) Her)? (?:Decision|Determination))? [:.]?"
)
# With a number before it "n) Regarding X" needs no "the request for".
_REGARDING = rf"^\s*(?:{NUMBER})?Regarding\s*(?:{BEFORE_REQUEST}|(?(number)(?:the\s+)?(?=\S)|(?!)))"

FORM = Form(
    name="notice-2013",
    told_by=re.compile(
        rf"{phrase('Notice of Independent Medical Review Determination')}"
        rf"|{phrase('INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE')}"
        rf"|{MAXIMUS_DETERMINED}(?:the)?\s*request|^\s*Medical\s+Qualifications\s+of\s+the\s+{REVIEWER}|{_RELIED_UPON}"
        rf"|{_REGARDING}|^\s*{RATIONALE_FOR}\s*:|^\s*Effect\s+of\s+the\s+Decision\s*:",
        re.IGNORECASE | re.MULTILINE,
    ),
    headings=(
        heading("decision", "INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE"),
        heading_like("credentials", loose(rf" (?:Medical )?Qualifications of the {REVIEWER} :?")),
        heading_like(
            "summary",
            loose(r" (?:(?:Expert Reviewer|Clinical) )?Case Summary (?::|$|(?=Disclaimer))"),
            r"(?:Disclaimer\s*:\s*)?The\s+following\s+case\s+summary\s+was\s+taken\s+(?:directly\s+)?from\s+the\s+"
            rf"utilization\s+review\b[^.]{{0,80}}?\bdated\s+{A_DAY}(?:\s+(?:by|from)\s[^.\n]{{0,80}})?\s*[.:]?",
        ),
        heading_like("documents", loose(r" Documents Reviewed(?: for Determination)? :?") + r"[ ]*(?=\n|The\b)"),
        heading_like("items", _REGARDING.removeprefix("^")),
        heading_like("effect", r"\s*Effect\s+of\s+the\s+Decision\s*:?"),
        heading_like("closing", r"\s*(?:Sincerely\s*,?\s*$|Disclaimer\s*:\s*MAXIMUS\s+is\s+providing)"),
    ),
    required=("credentials", "summary", "items"),
    in_order=False,
)

_DETERMINED = re.compile(rf"(?:{NUMBER})?{MAXIMUS_DETERMINED}(?:{BEFORE_REQUEST}|the\s+)?", re.IGNORECASE)
_JUDGED = re.compile(JUDGED, re.IGNORECASE)
_REASONS_FOR = re.compile(_REGARDING, re.IGNORECASE | re.MULTILINE)
_RELIED = re.compile(_RELIED_UPON, re.IGNORECASE)
_RATIONALE = re.compile(rf"\b{RATIONALE_FOR}\s*:?", re.IGNORECASE)
_REQUEST_END = re.compile(r"[:;]\s*(?=\n|\Z)|\n\n")
_ADOPTS = re.compile(
    r"\bfound\s+(?:that\s+)?(?:the|these|those)\s+(?:(?:same|referenced|above|cited)\s+)?(?:guidelines?|sections?(?:\(s\))?)\s+"
    r"(?:of\s+the\s+MTUS\s+)?(?:(?:used|cited|referenced|relied\s+upon)\s+by\s+the\s+Claims\s+Administrator\s+)?"
    r"(?:(?:to\s+be|is|are|was|were)\s+)?(?:both\s+)?(?:relevant|appropriate|applicable)",
    re.IGNORECASE,
)
_MOST_CUT_OFF = 100  # sentences without a judgement that are looked for among those with one
# The words before each day in the sentence about the application.
_DAYS = {
    "received": loose("application for Independent Medical Review was (?:filed|received|submitted) (?:on )?"),
    "ur_denial": loose(rf"Utilization Review {UR_DECISION}(?: ?/ ?{UR_DECISION})? dated "),
    "assigned": loose("Notice of Assignment and Request for Information was (?:provided|sent|mailed)")
    + r"\b[^.]{0,60}?\bon\s*",
}
_DAY_PATTERNS = {name: re.compile(rf"\b{words}(?P<date>{A_DAY})", re.IGNORECASE) for name, words in _DAYS.items()}


_ANY_WORD = 0.01  # likeness of requests that have any telling word in common


@dataclass(frozen=True, slots=True)
class _Determination:
    """One sentence that determines a request: its number (0 if none), the request's place, and the outcome."""

    number: int
    start: int
    end: int
    outcome: Found[Outcome] | None
    repeats: tuple[Span, ...] = ()

    def spans(self, cleaned: CleanText) -> tuple[Span, ...]:
        """Where it states its request and its outcome."""
        return cleaned.span(self.start, self.end), *((self.outcome.span,) if self.outcome else ())


@dataclass(frozen=True, slots=True)
class _Reasons:
    """What stands under one "Regarding the request for …": ranges of the clean text, None where a part is missing."""

    number: int
    request: tuple[int, int]
    relied: tuple[int, int] | None
    rationale: tuple[int, int] | None


def read(cleaned: CleanText) -> Letter:
    """A letter of this form."""
    text = cleaned.text
    sections, issues = split(cleaned, FORM)
    top = min((one.heading for name, one in sections.items() if name not in ("header", "decision")), default=len(text))
    case_number, doubts = read_case_number(cleaned, 0, top)
    issues += doubts
    credentials = sections.get("credentials") or Section("credentials", top, top, top)
    reviewer, doubts = read_credentials(cleaned, credentials.start, credentials.end, free=True)
    issues += doubts
    determinations, doubts = _determinations(cleaned, top, sections)
    issues += doubts
    items, doubts = _items(cleaned, determinations, _reasons(text, sections))
    issues += doubts
    dates, repeats = _dates(cleaned, top)
    documents, summary = sections.get("documents"), sections.get("summary")
    return Letter(
        format=FORM.name,
        case_number=case_number,
        dates=dates,
        priority=read_priority(cleaned, 0, top),
        reviewer=reviewer,
        clinical_summary=long_text(cleaned, summary.start, summary.end) if summary else None,
        amended=read_amended(cleaned, 0, sections["decision"].heading if "decision" in sections else top),
        documents=read_documents(cleaned, documents.start, documents.end) if documents else (),
        repeats=repeats,
        items=items,
        issues=tuple(issues),
    )


def _dates(cleaned: CleanText, top: int) -> tuple[Dates, tuple[Span, ...]]:
    """The dates, each from the sentence rather than the table, and where else they stand."""
    sentences = (*_DAY_PATTERNS.values(), _DETERMINED)
    first = (match.start() for pattern in sentences if (match := pattern.search(cleaned.text, 0, top)))
    table, _ = read_dates(cleaned, 0, min(first, default=top))
    told = {name: found_day(cleaned, pattern.search(cleaned.text, 0, top)) for name, pattern in _DAY_PATTERNS.items()}
    told["decision"] = read_dated(cleaned, 0, top)
    known = {name: day for name, day in told.items() if day}
    repeats = tuple(again.span for name in known if (again := getattr(table, name)))
    return replace(table, **known), repeats


# ---- what is determined -----------------------------------------------------------------------------------------


def _determinations(
    cleaned: CleanText, top: int, sections: dict[str, Section]
) -> tuple[list[_Determination], list[Issue]]:
    """What is determined, each request once although the letter gives it twice; an issue if the two differ."""
    found = list(_determination_sentences(cleaned, top))
    cut = sections["decision"].heading if "decision" in sections else _second_list(cleaned.text, found)
    first = [one for one in found if one.start < cut]
    second = [one for one in found if one.start >= cut]
    if not (first and second):
        return first or second, []

    def key(one: _Determination) -> tuple[str, Outcome | None]:
        words = re.sub(r"[^a-z0-9]+", "", cleaned.text[one.start : one.end].lower())
        return words, one.outcome.value if one.outcome else None

    alone = {place: key(one) for place, one in enumerate(first)}
    places: dict[tuple[str, Outcome | None], deque[int]] = {}
    for place, given in alone.items():
        places.setdefault(given, deque()).append(place)
    unlike = []
    cut_off = 0
    for one in second:
        words, outcome = key(one)
        like = places.get((words, outcome))
        at = like.popleft() if like else None
        if at is None and outcome is None and cut_off < _MOST_CUT_OFF:
            # A list that is cut off ends with a part of a sentence.
            cut_off += 1
            at = next((place for place, given in alone.items() if given[0].startswith(words)), None)
            if at is not None:
                places[alone[at]].remove(at)
        if at is None:
            unlike.append(one)
        else:
            del alone[at]
            first[at] = replace(first[at], repeats=one.spans(cleaned))
    if not unlike and not alone:
        return first, []
    span = cleaned.span((unlike or second)[0].start, (unlike or second)[0].end)
    doubt = Issue("determinations-differ", "The two lists of determinations are not the same.", span)
    further = []
    again = pairs(_numbered(cleaned.text, unlike), _numbered(cleaned.text, first))
    for place, one in enumerate(unlike):
        if place not in again:
            further.append(one)
        elif not first[again[place]].repeats:  # the same request in other words or with another outcome
            first[again[place]] = replace(first[again[place]], repeats=one.spans(cleaned))
    return first + further, [doubt]


def _numbered(text: str, ones: list[_Determination]) -> list[tuple[int, str]]:
    """Number and request of each."""
    return [(one.number, text[one.start : one.end]) for one in ones]


def _second_list(text: str, found: list[_Determination]) -> int:
    """Where the list begins again, told by its numbers; the end if it does not."""
    for before, one in pairwise(found):
        if one.number and one.number <= before.number:
            return one.start
    return len(text)


def _determination_sentences(cleaned: CleanText, top: int) -> Iterator[_Determination]:
    for opening, limit in stretches(_DETERMINED.finditer(cleaned.text, 0, top), top):
        judged = _JUDGED.search(cleaned.text, opening.end(), limit)
        outcome = None
        paragraph = cleaned.text.find("\n\n", opening.end(), limit)
        end = paragraph if paragraph >= 0 else limit
        if judged:
            end = judged.start()
            value = Outcome.UPHELD if judged["not"] else Outcome.OVERTURNED
            outcome = Found(value, cleaned.span(*judged.span()))
        yield _Determination(int(opening["number"] or 0), *_stripped(cleaned.text, opening.end(), end), outcome)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip(" \n:;,"))


# ---- the reasons ------------------------------------------------------------------------------------------------


def _reasons(text: str, sections: dict[str, Section]) -> list[_Reasons]:
    if "items" not in sections:
        return []
    start, end = sections["items"].heading, sections["items"].end
    found = []
    for opening, limit in stretches(_REASONS_FOR.finditer(text, start, end), end):
        relied = _RELIED.search(text, opening.end(), limit)
        rationale = _RATIONALE.search(text, relied.end() if relied else opening.end(), limit)
        stop = next((mark.start() for mark in (relied, rationale) if mark), limit)
        if request_end := _REQUEST_END.search(text, opening.end(), stop):
            stop = request_end.start()
        found.append(
            _Reasons(
                int(opening["number"] or 0),
                _stripped(text, opening.end(), stop),
                _stripped(text, relied.end(), rationale.start() if rationale else limit) if relied else None,
                _stripped(text, rationale.end(), limit) if rationale else None,
            )
        )
    return found


def _items(
    cleaned: CleanText, determinations: list[_Determination], reasons: list[_Reasons]
) -> tuple[tuple[Item, ...], list[Issue]]:
    matched, doubtful = _matched(cleaned.text, determinations, reasons)
    message = "These reasons name their request in other words."
    issues = [Issue("unlike-request", message, cleaned.span(*reasons[at].request)) for at in sorted(doubtful)]
    if too_many(determinations, reasons):
        message = f"Reasons for {len(determinations):,} requests are looked for by the same words, or nearby."
        issues.append(Issue("overlong-part", message, cleaned.span(determinations[0].start, determinations[0].start)))
    told = set(matched.values())
    left = [place for place in range(len(reasons)) if place not in told]
    items = []
    for place, one in enumerate(determinations):
        belonging = reasons[matched[place]] if place in matched else None
        item, doubts = _item(cleaned, (one.start, one.end), one.outcome, belonging)
        repeats = one.repeats + ((cleaned.span(*belonging.request),) if belonging else ())
        items.append(replace(item, repeats=repeats))
        issues += doubts
    determined = _numbered(cleaned.text, determinations)
    for reason in [reasons[place] for place in left]:
        # Reasons of their own for a part of a request are determined with the whole of it.
        of_part = [(reason.number, cleaned.text[slice(*reason.request)])]
        whole = None if too_many(determined, left) else pairs(of_part, determined).get(0)
        outcome = None if whole is None else determinations[whole].outcome
        item, doubts = _item(cleaned, reason.request, outcome, reason)
        items.append(item)
        issues += doubts
    if not items:
        issues.append(Issue("no-items", "No disputed item was found in the letter.", cleaned.span(0, 0)))
    return tuple(items), issues


def _matched(
    text: str, determinations: list[_Determination], reasons: list[_Reasons]
) -> tuple[dict[int, int], set[int]]:
    """The place of its reasons for each determination that has some, and those that are doubtful.

    Requests that are alike come first; then those with any word in common, those that reasons name together with
    others, and the one that is left on both sides though the words do not say so.
    """
    ones = _numbered(text, determinations)
    others = [(one.number, text[slice(*one.request)]) for one in reasons]
    matched = pairs(ones, others)
    doubtful: set[int] = set()
    words = [words_of(text) for _, text in others] if not too_many(ones, others) else []
    for place, (_, request) in enumerate(ones):
        if place not in matched:
            together = [at for at, told in enumerate(words) if share(words_of(request), told) == 1]
            matched |= {place: together[0]} if together else {}
    alone = [place for place in range(len(ones)) if place not in matched]
    taken = set(matched.values())
    left = [place for place in range(len(others)) if place not in taken]
    for a, b in pairs([ones[place] for place in alone], [others[place] for place in left], _ANY_WORD).items():
        matched[alone[a]] = left[b]
        doubtful.add(left[b])
    alone = [place for place in alone if place not in matched]
    left = [place for place in left if place not in doubtful]
    if len(alone) == len(left) == 1:
        matched[alone[0]] = left[0]
        doubtful.add(left[0])
    return matched, doubtful


def _item(
    cleaned: CleanText, request: tuple[int, int], outcome: Found[Outcome] | None, reasons: _Reasons | None
) -> tuple[Item, list[Issue]]:
    claims, reviewer, issues = _sides(cleaned, *reasons.relied) if reasons and reasons.relied else (None, None, [])
    item, doubts = build_item(cleaned, request, outcome, claims, reviewer, reasons.rationale if reasons else None)
    return item, doubts + issues


def _sides(cleaned: CleanText, start: int, end: int) -> tuple[Side | None, Side | None, list[Issue]]:
    """Both sides' guidelines in one paragraph, which the reviewer's first sentence parts."""
    cut = reviewer_says(cleaned.text, start, end)
    middle = end if cut is None else cut
    claims: Side | None = None
    reviewer: Side | None = None
    issues: list[Issue] = []
    if start < middle:
        claims, issues = read_side(cleaned, *_stripped(cleaned.text, start, middle))
    if cut is not None:
        reviewer, doubts = read_side(cleaned, middle, end)
        issues += doubts
        if claims and not reviewer.citations and _ADOPTS.search(heal(cleaned.text[middle:end])):
            reviewer = replace(reviewer, citations=claims.citations)
    return claims, reviewer, issues
