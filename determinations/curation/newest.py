"""The newest letters with a wording of names: found by an index, however many letters have it."""

from __future__ import annotations

from .. import search
from ..models import (
    Case,
    CredentialWording,
    DisputedItem,
    DrugWording,
    GuidelineCitation,
    GuidelineWording,
    ReviewerCredential,
)
from ..search import DecisionQuery, Sort

_PROFILES = 8  # whose letters are looked at; a wording of hundreds of profiles has newest letters with any of them


def holding(wording: CredentialWording, most: int) -> list[int]:
    """The ids of public letters by reviewers who have a certification in this wording, the newest first.

    A profile may have a quarter of all letters: each is asked for its newest ones alone, which its index has at hand.
    """
    held = ReviewerCredential.objects.filter(wording=wording).order_by("-reviewer_id").values_list("reviewer_id")
    found = [
        pk
        for (profile,) in held.distinct()[:_PROFILES]
        for pk in Case.objects.public().filter(reviewer=profile).order_by("-id").values_list("id", flat=True)[:most]
    ]
    return sorted(found, reverse=True)[:most]


def calling(wording: DrugWording, most: int) -> list[DisputedItem]:
    """Public decisions whose heading calls a drug so, the newest first, by searching; none while that cannot be."""
    asked = DecisionQuery(words=f'heading:"{wording.text}"', exact=True, sort=Sort.NEWEST)
    try:
        found = search.find(asked, limit=most).item_ids
    except (search.SearchError, search.SearchUnavailable):
        return []
    rows = DisputedItem.objects.public().filter(pk__in=found).select_related("case")
    items = {item.pk: item for item in rows.defer("rationale", "case__clinical_summary")}
    return [items[pk] for pk in found if pk in items]


def citing(wording: GuidelineWording, most: int) -> list[GuidelineCitation]:
    """Citations in this wording with their items and public letters, the newest first; a letter may have several."""
    rows = GuidelineCitation.objects.filter(wording=wording, item__case__withheld=False)
    return list(rows.select_related("item__case").defer("item__rationale", "item__case__clinical_summary")
                .order_by("-id")[:most])  # fmt: skip
