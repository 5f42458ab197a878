"""The medical professional review: issues at dispute first, one rationale whose heading says how they were decided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..parts.building import build_item
from ..parts.documents import bulleted, read_documents
from ..parts.header import read_case_number, read_dates, read_priority
from ..parts.reviewer import read_credentials
from ..parts.sections import Form, Section, heading_like, long_text, phrase, split, stretches
from ..parts.sides import read_free_side
from ..parts.wording import BEFORE_REQUEST, loose
from ..text.clean import CleanText, heal
from ..types import Finding, Found, Issue, Item, Letter, Outcome, Side
from .matching import pairs, share, too_many, words_of
from .opening import read_amended, read_dated

_RATIONALE = loose(
    r" RATIONALE FOR WHY (?:THE )?REQUESTED (?:TREATMENTS?(?:\(S\))?)?(?: (?:/|OR)? SERVICES?(?:\(S\))?)? "
    r"(?:(?P<either>(?P<verb>IS|WAS|ARE|WERE) (?:/|OR) (?P=verb) NOT)"
    r"|(?:IS|WAS|ARE|WERE)(?: (?:/|OR) (?:IS|WAS|ARE|WERE))?"
    r"(?: (?:(?P<not>NOT)|(?P<open>\(NOT\))))?) MEDICALLY NECESSARY(?: AND APPROPRIATE)? :?"
)

FORM = Form(
    name="professional-review",
    told_by=re.compile(
        rf"^\s*{phrase('MEDICAL PROFESSIONAL REVIEW')}\s*$|^\s*ISSUES?\s+AT\s+DISPUTE\s*:|^{_RATIONALE}"
        r"|\bRELIED\s+UPON\s+BY\s+(?:THE\s+)?PROFESSIONAL\s+REVIEWER\b|^\s*MEDICAL\s+REVIEWER\s+QUALIFICATIONS\s*:",
        re.MULTILINE | re.IGNORECASE,
    ),
    headings=(
        heading_like("requests", r"\s*ISSUES?\s+(?:AT|IN)\s+DISPUTE\s*:?"),
        heading_like("summary", loose(r" (?:CLINICAL )?CASE SUMMARY (?::|$)")),
        heading_like("documents", r"\s*DOCUMENTS\s+REVIEWED\s+FOR\s+DETERMINATION\s*:?"),
        heading_like(
            "guidelines",
            r"\s*MEDICAL\s+TREATMENT\s+GUIDELINES?(?:\(S\))?\s+RELIED\s+UPON\s+BY\s+(?:THE\s+)?PROFESSIONAL\s+REVIEWER"
            r"(?:\s+AND\s+WHY)?\s*:?",
        ),
        heading_like("rationale", _RATIONALE),
        heading_like("credentials", loose(r" MEDICAL (?:PROFESSIONAL )?REVIEWER(?:['’]S)? QUALIFICATIONS :?")),
    ),
    required=("requests", "summary", "rationale", "credentials"),
    in_order=False,
)

_RATIONALES = re.compile(rf"^{_RATIONALE}", re.IGNORECASE | re.MULTILINE)
# What stands around a request that is put as a question or sentence.
_BEFORE = re.compile(
    r"\s*(?:whether\s+|(?:is|are|was|were)(?:\s?/\s?(?:is|are|was|were))?\s+|(?:the\s+)?medical\s+necessity\s+(?:of|for)\s*:?\s*)?"
    rf"(?:{BEFORE_REQUEST}|the\s+)?",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?<!\s)\s+(?:(?:is|are|was|were)(?:\s?/\s?(?:is|are|was|were))?\s+)?medically\s+necessary"
    r"(?:\s+and\s+appropriate)?\s*[?.;]?\s*\Z|[?.;]\s*\Z",
    re.IGNORECASE,
)
_MOST_RATIONALES = 20  # a letter has two: one for what is necessary and one for the rest
_MOST_SHARED = 500_000  # characters of reasons or guidelines that stand for several requests, each time counted
_Range = tuple[int, int]
_GAP = re.compile("\n\n")
_NUMBERED = re.compile(r"(?<!\S)\(?(?P<number>\d{1,3})[.)]\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class _Decided:
    """A rationale and the outcome that its heading states."""

    outcome: Found[Outcome] | None  # None where the form's "IS / IS NOT" was left as it is
    start: int
    end: int


def read(cleaned: CleanText) -> Letter:
    """A letter of this form. It has no guideline line of the claims administrator."""
    sections, issues = split(cleaned, FORM)
    header = sections["header"]
    case_number, doubts = read_case_number(cleaned, header.start, header.end)
    issues += doubts
    dates, doubts = read_dates(cleaned, header.start, header.end)
    issues += doubts
    reviewer = None
    credentials = sections.get("credentials", Section("credentials", 0, 0, 0))
    reviewer, doubts = read_credentials(cleaned, credentials.start, credentials.end, free=True)
    issues += doubts
    items, doubts = _items(cleaned, sections)
    issues += doubts
    documents, summary = sections.get("documents"), sections.get("summary")
    return Letter(
        format=FORM.name,
        case_number=case_number,
        dates=dates if dates.decision else replace(dates, decision=read_dated(cleaned, header.start, header.end)),
        priority=read_priority(cleaned, header.start, header.end),
        reviewer=reviewer,
        clinical_summary=long_text(cleaned, summary.start, summary.end) if summary else None,
        amended=read_amended(cleaned, header.start, header.end),
        documents=read_documents(cleaned, documents.start, documents.end) if documents else (),
        items=items,
        issues=tuple(issues),
    )


def _items(cleaned: CleanText, sections: dict[str, Section]) -> tuple[tuple[Item, ...], list[Issue]]:
    requests = list(_requests(cleaned.text, sections.get("requests")))
    decided = list(_decided(cleaned, sections.get("rationale")))
    guidelines = sections.get("guidelines")
    side, issues = read_free_side(cleaned, guidelines.start, guidelines.end) if guidelines else (None, [])
    sides = [side] * len(requests)
    if guidelines and side and _too_much(requests, guidelines, side):
        message = f"These guidelines stand for {len(requests):,} requests, and are kept with the first."
        issues.append(Issue("overlong-part", message, cleaned.span(guidelines.start, guidelines.start)))
        sides[1:] = [None] * (len(requests) - 1)
    items = []
    decisions = _reasons(cleaned.text, requests, decided)
    for request, reviewer, (outcome, rationale) in zip(requests, sides, decisions, strict=True):
        item, doubts = build_item(cleaned, request, outcome, None, reviewer, rationale, claims_line=False)
        if outcome is None and decided:
            item = _as_found(item)
            doubts = [doubt for doubt in doubts if doubt.code != "no-outcome" or not item.outcome]
        items.append(item)
        issues += doubts
    if not items:
        issues.append(Issue("no-items", "No disputed item was found in the letter.", cleaned.span(0, 0)))
    return tuple(items), issues


def _too_much(requests: list[_Range], guidelines: Section, side: Side) -> bool:
    """Whether a text that stands for every request would be kept so often that it grows out of proportion."""
    together = len(requests) * (guidelines.end - guidelines.start)
    return len(requests) > 1 and (together > _MOST_SHARED or too_many(requests, side.citations))


_FOUND = {Finding.NECESSARY: Outcome.OVERTURNED, Finding.NOT_NECESSARY: Outcome.UPHELD}


def _as_found(item: Item) -> Item:
    """The item with the outcome that its reasons come to, where the heading above them leaves it open."""
    if item.finding not in _FOUND or item.conclusion is None:
        return item
    return replace(item, outcome=Found(_FOUND[item.finding], item.conclusion))


def _requests(text: str, section: Section | None) -> Iterator[tuple[int, int]]:
    """The requests: numbered or with bullets, else a paragraph each."""
    if section is None:
        return
    ranges = bulleted(text, section.start, section.end)
    if not ranges:
        cuts = [
            section.start,
            *(match.end() for match in re.compile("\n\n").finditer(text, section.start, section.end)),
        ]
        ranges = list(zip(cuts, [*cuts[1:], section.end], strict=True))
    for start, end in ranges:
        before = _BEFORE.match(text, start, end)
        begin = before.end() if before else start
        after = _AFTER.search(text[begin:end].rstrip())
        stop = begin + (after.start() if after else len(text[begin:end].rstrip()))
        if heal(text[begin:stop]):
            yield begin, stop


def _decided(cleaned: CleanText, section: Section | None) -> Iterator[_Decided]:
    """Each rationale with the outcome of its heading: there may be one for what is necessary and one for the rest."""
    if section is None:
        return
    text = cleaned.text
    for match, limit in stretches(_RATIONALES.finditer(text, section.heading, section.end), section.end):
        part = text[match.end() : limit]
        value = Outcome.UPHELD if match["not"] else Outcome.OVERTURNED
        begin = match.start() + len(match.group()) - len(match.group().lstrip())
        decides = not (match["either"] or match["open"])
        outcome = Found(value, cleaned.span(begin, match.end())) if decides else None
        yield _Decided(outcome, match.end() + len(part) - len(part.lstrip()), match.end() + len(part.rstrip()))


def _reasons(
    text: str, requests: list[_Range], decided: list[_Decided]
) -> Iterator[tuple[Found[Outcome] | None, _Range | None]]:
    """Outcome and reasons for each request: those that speak most of it; of numbered reasons those like its words."""
    decided = decided[:_MOST_RATIONALES]
    words = [words_of(text[one.start : one.end]) for one in decided]
    numbered: dict[_Decided, dict[int, _Range] | None] = {}
    shared: dict[_Decided, int] = {}  # characters of a rationale, as often as it has been given to a request
    for place, request in enumerate(requests):
        asked = words_of(text[slice(*request)])
        shares = [share(asked, told) for told in words]
        likeliest = [one for one, value in zip(decided, shares, strict=True) if value == max(shares)]
        if len({one.outcome and one.outcome.value for one in likeliest}) != 1:
            yield None, None
            continue
        block = likeliest[0]
        if block not in numbered:
            numbered[block] = _numbered(text, requests, block)
        reasons = numbered[block]
        if reasons is not None:
            yield block.outcome, reasons.get(place)
            continue
        before = shared.get(block, 0)
        shared[block] = before + block.end - block.start
        yield block.outcome, (block.start, block.end) if not before or shared[block] <= _MOST_SHARED else None


def _numbered(text: str, requests: list[_Range], block: _Decided) -> dict[int, _Range] | None:
    """The reasons in ``block`` for the request at each place; None if they are not numbered, and stand for all."""
    numbers: list[re.Match[str]] = []
    for match in _NUMBERED.finditer(text, block.start, block.end):
        if int(match["number"]) == len(numbers) + 1:  # they are counted on; other numbers are of the text
            numbers.append(match)
    if len(requests) < 2 or not numbers or numbers[0].start() > block.start:
        return None
    parts = [(match.end(), end) for match, end in stretches(numbers, block.end)]
    matched = pairs(
        [(number, text[slice(*one)]) for number, one in enumerate(requests, 1)],
        [(int(match["number"]), text[a:b][:400]) for match, (a, b) in zip(numbers, parts, strict=True)],
    )
    by_number = {int(match["number"]): place for place, match in reversed(list(enumerate(numbers)))}
    found = {}
    for place in range(len(requests)):
        chosen = matched.get(place, by_number.get(place + 1))
        if chosen is not None:
            start, end = parts[chosen]
            found[place] = (start, start + len(text[start:end].rstrip()))
    return found
