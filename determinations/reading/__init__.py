"""What the page of a letter shows: everything it needs, worked out here so that the view only asks and shows.

``case_page`` is the door. The rooms: ``prose`` (running text, the concluding sentence), ``sides`` (both sides'
guidelines compared), ``citing`` (how to cite a decision), ``doubts`` (open questions in plain words) and ``trail``
(the way back to the search).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.safestring import SafeString, mark_safe

from ..filters import DecisionFilter
from ..labels import state_name
from ..models import Case, DisputedItem, GuidelineCitation, LetterSource, ReviewerCredential
from .citing import Citable, Citations, citations
from .doubts import Doubt, doubts
from .prose import Marker, Prose, marker, paragraphs, reasons
from .sides import Sides, compared
from .trail import Trail, trail

__all__ = ["CasePage", "Decision", "case_page", "decisions_with_all"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of the letter, ready for the page. ``title``: HTML with the words of the search marked."""

    item: DisputedItem
    title: SafeString
    sides: Sides
    reasons: Prose
    citations: Citations


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


def decisions_with_all():  # noqa: ANN201 - django-stubs would be needed for the queryset's type
    """Decisions with what a page says of them, in a fixed number of queries."""
    return DisputedItem.objects.select_related("category__parent").prefetch_related(
        Prefetch("citations", GuidelineCitation.objects.select_related("wording__guideline"))
    )


def case_page(slug: str, parameters: Mapping, site: str) -> CasePage:
    """The page of the letter at ``slug``. Raises Case.DoesNotExist if there is none.

    ``parameters``: the query string; a search's own parameters and ``at``, the rank of the decision in its results.
    Nothing in it can fail the page. ``site``: the address of the site without a slash at its end.
    """
    case = (
        Case.objects.select_related("reviewer")
        .prefetch_related(
            Prefetch("items", decisions_with_all()), "reviewer__credentials__wording__specialty", "issues"
        )
        .get(slug=slug)
    )
    asked = DecisionFilter(parameters) if parameters else None
    words = asked.words if asked else ""
    heading, rationale = marker(words, "heading", "drug"), marker(words, "rationale")
    return CasePage(
        case=case,
        url=site + case.get_absolute_url(),
        decisions=tuple(_decision(case, item, heading, rationale, site) for item in case.items.all()),
        summary=paragraphs(case.clinical_summary, marker(words, "summary")),
        versions=tuple(case.sources.defer("compressed", "extracted").order_by("-version")),
        roles=(
            ("Board certifications", case.reviewer.held(ReviewerCredential.Role.BOARD_CERTIFICATION)),
            ("Subspecialties", case.reviewer.held(ReviewerCredential.Role.SUBSPECIALTY)),
        ),
        states=tuple(state_name(postal) for postal in case.reviewer.licensed_states),
        doubts=tuple(doubts(case.issues.all())),
        words=words,
        trail=trail(case, parameters, asked) if asked else None,
    )


def _decision(case: Case, item: DisputedItem, heading: Marker, rationale: Marker, site: str) -> Decision:
    item.case = case
    return Decision(
        item=item,
        title=mark_safe(heading(item.title)),  # noqa: S308 - a Marker escapes
        sides=compared(item),
        reasons=reasons(item.rationale, item.finding, rationale),
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
    )
