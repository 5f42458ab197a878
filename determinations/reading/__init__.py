"""What the page of a letter shows: everything it needs, worked out here so that the view only asks and shows.

``case_page`` is the door. The rooms: ``prose`` (running text, the concluding sentence), ``sides`` (both sides'
guidelines compared), ``citing`` (how to cite a decision), ``doubts`` (open questions in plain words) and ``trail``
(the way back to the search).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.safestring import SafeString, mark_safe

from .. import vocabulary
from ..drugs import called_now
from ..filters import DecisionFilter
from ..models import Case, Correction, DisputedItem, GuidelineCitation, LetterSource, ReviewerCredential
from .citing import Citable, Citations, citations
from .corrected import Corrected, corrected
from .doubts import Doubt, doubts
from .likeness import Similar, similar
from .prose import Marker, Prose, marker, paragraphs, reasons
from .sides import Sides, compared
from .trail import Trail, trail

__all__ = ["CasePage", "Decision", "SimilarPage", "case_page", "similar_page"]

# Letters with more decisions than this have a link to each decision's similar ones instead of the list itself.
_MOST_WITH_SIMILAR = 3


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of the letter, ready for the page. ``title``: HTML with the words of the search marked."""

    item: DisputedItem
    title: SafeString
    sides: Sides
    reasons: Prose
    reasons_in_short: tuple[tuple[str, str], ...]  # code of vocabulary/reasons.toml, label
    citations: Citations
    similar: Similar | None  # None: not looked for, or the search does not answer
    corrected: tuple[Corrected, ...] = ()


@dataclass(frozen=True, slots=True)
class CasePage:
    """One letter. ``trail``: the way back to the search, if it was opened from one."""

    case: Case
    url: str  # where it stands for good, whatever it was opened with
    decisions: tuple[Decision, ...]
    summary: SafeString
    versions: tuple[LetterSource, ...]
    roles: tuple[tuple[str, list[ReviewerCredential]], ...]
    states: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    words: str
    trail: Trail | None
    corrected: tuple[Corrected, ...]  # of the letter as a whole


@dataclass(frozen=True, slots=True)
class SimilarPage:
    """A decision and those like it; ``similar`` is None while the search does not answer."""

    item: DisputedItem
    similar: Similar | None


def _with_all() -> QuerySet[DisputedItem]:
    """Decisions with what a page says of them, in a fixed number of queries."""
    citations = GuidelineCitation.objects.select_related("wording__guideline")
    return (
        DisputedItem.objects.public()
        .select_related(*DisputedItem.CATEGORY)
        .prefetch_related(Prefetch("citations", citations))
    )


def case_page(slug: str, parameters: Mapping, site: str) -> CasePage:
    """The page of the letter at ``slug``. Raises Case.DoesNotExist if there is none.

    ``parameters``: the query string; a search's own parameters and ``at``, the rank of the decision in its results.
    Nothing in it can fail the page. ``site``: the address of the site without a slash at its end.
    """
    case = (
        Case.objects.public()
        .select_related("reviewer")
        .prefetch_related(Prefetch("items", _with_all()), "reviewer__credentials__wording__specialty", "issues")
        .get(slug=slug)
    )
    asked = DecisionFilter(parameters) if parameters else None
    words = asked.words if asked else ""
    items, names = case.items.all(), vocabulary.state_names()
    called_now(items)
    by_item = corrected(Correction.objects.active([case.pk]))
    exact = bool(asked and asked.without_synonyms)
    heading, rationale, summary = (
        marker(words, *fields, exact=exact) for fields in (("heading", "drug"), ("rationale",), ("summary",))
    )
    return CasePage(
        case=case,
        url=site + case.get_absolute_url(),
        decisions=tuple(_decision(case, item, heading, rationale, site, by_item.get(item.key, ())) for item in items),
        summary=paragraphs(case.clinical_summary, summary),
        versions=tuple(case.sources.defer("compressed", "extracted").order_by("-version")),
        roles=(
            ("Board certifications", case.reviewer.held(ReviewerCredential.Role.BOARD_CERTIFICATION)),
            ("Subspecialties", case.reviewer.held(ReviewerCredential.Role.SUBSPECIALTY)),
        ),
        states=tuple(names.get(postal, postal) for postal in case.reviewer.licensed_states),
        doubts=tuple(doubts(case.issues.all())),
        words=words,
        trail=trail(case, parameters, asked) if asked else None,
        corrected=by_item.get("", ()),
    )


def similar_page(slug: str, position: int) -> SimilarPage:
    """Decisions like one of a letter's, more than its page shows. Raises DisputedItem.DoesNotExist."""
    item = _with_all().select_related("case").get(case__slug=slug, position=position)
    called_now([item])
    return SimilarPage(item, similar(item, most=10))


def _decision(
    case: Case, item: DisputedItem, heading: Marker, rationale: Marker, site: str, corrections: tuple[Corrected, ...]
) -> Decision:
    item.case, known = case, vocabulary.reasons()
    return Decision(
        item=item,
        title=mark_safe(heading(item.title)),  # noqa: S308 - a Marker escapes
        sides=compared(item),
        reasons=reasons(item.rationale, item.finding, rationale),
        reasons_in_short=tuple((code, known[code].label if code in known else code) for code in item.reasons),
        citations=citations(
            Citable(
                number=case.number or "",
                name=case.name,
                day=case.decision_date,
                position=item.position,
                title=item.title,
                outcome=item.outcome,
                url=site + item.get_absolute_url(),
            )
        ),
        similar=similar(item) if len(case.items.all()) <= _MOST_WITH_SIMILAR else None,
        corrected=corrections,
    )
