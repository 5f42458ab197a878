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
from ..types import Finding, Found, Issue, Item, Letter, Outcome
from .matching import pairs, share
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
    r"\s+(?:(?:is|are|was|were)(?:\s?/\s?(?:is|are|was|were))?\s+)?medically\s+necessary(?:\s+and\s+appropriate)?\s*[?.;]?\s*\Z|[?.;]\s*\Z",
    re.IGNORECASE,
)
_Range = tuple[int, int]
_GAP = re.compile("\n\n")
_NUMBERED = re.compile(r"^\s*\(?(?P<number>\d{1,2})[.)]\s+(?=\S)", re.MULTILINE)


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
    items = []
    for place, request in enumerate(requests):
        outcome, rationale = _reasons_for(cleaned.text, requests, place, decided)
        item, doubts = build_item(
            cleaned,
            request,
            outcome,
            None,
            side,
            rationale,
            claims_line=False,
        )
        decided_so = outcome or not decided
        items.append(item if decided_so else _as_found(item))
        issues += (
            doubts if decided_so else [doubt for doubt in doubts if doubt.code != "no-outcome" or not items[-1].outcome]
        )
    if not items:
        issues.append(Issue("no-items", "No disputed item was found in the letter.", cleaned.span(0, 0)))
    return tuple(items), issues


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


def _reasons_for(
    text: str, requests: list[_Range], place: int, decided: list[_Decided]
) -> tuple[Found[Outcome] | None, _Range | None]:
    """Outcome and reasons for one request: those that speak most of it; of numbered reasons those like its words."""
    request = text[slice(*requests[place])]
    if not decided:
        return None, None
    shares = [share(request, text[one.start : one.end]) for one in decided]
    best = max(shares)
    likeliest = [one for one, value in zip(decided, shares, strict=True) if value == best]
    if len(likeliest) > 1 and len({one.outcome and one.outcome.value for one in likeliest}) > 1:
        return None, None
    block = likeliest[0]
    numbers = list(_NUMBERED.finditer(text, block.start, block.end))
    if len(requests) < 2 or not numbers or numbers[0].start() > block.start:
        return block.outcome, (block.start, block.end)
    parts = [(match.end(), end) for match, end in stretches(numbers, block.end)]
    matched = pairs(
        [(number, text[slice(*one)]) for number, one in enumerate(requests, 1)],
        [(int(match["number"]), text[a:b][:400]) for match, (a, b) in zip(numbers, parts, strict=True)],
    )
    by_number = next((i for i, match in enumerate(numbers) if int(match["number"]) == place + 1), None)
    chosen = matched.get(place, by_number)
    if chosen is None:
        return block.outcome, None
    start, end = parts[chosen]
    return block.outcome, (start, start + len(text[start:end].rstrip()))
