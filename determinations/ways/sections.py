"""The sections of a document that reviewers cite, counted over the newest decisions that cite it.

The index does not know sections, and counting them over all citations in the database takes most of a second for a
document of a big archive. So the newest decisions are counted, and the page says over how many.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from urllib.parse import urlencode

from .. import vocabulary
from ..models import DisputedItem, GuidelineCitation, GuidelineWording
from .kinds import search_address

COUNTED = 1_000  # decisions
_MOST = 15
_LONGEST_TO_SEARCH = 150  # characters


@dataclass(frozen=True, slots=True)
class Section:
    """A section by its most common spelling; ``found`` is a search for its words, or ""."""

    name: str
    decisions: int
    found: str


@dataclass(frozen=True, slots=True)
class Sections:
    """The sections most often cited in ``decisions`` decisions; ``unnamed`` of them cite none of the document's."""

    rows: tuple[Section, ...]
    decisions: int
    unnamed: int


def sections(item_ids: list[int], guideline: int, slug: str) -> Sections | None:
    """The sections of a guideline that the reviewers of some decisions cite; None if none is named."""
    wordings = set(GuidelineWording.objects.filter(guideline=guideline).values_list("id", flat=True))
    item_ids = list(DisputedItem.objects.public().order_by().filter(id__in=item_ids).values_list("id", flat=True))
    # Asked for by decision alone: with the wordings in the question the database begins at the wrong end.
    citations = GuidelineCitation.objects.filter(item__in=item_ids, side=GuidelineCitation.Side.REVIEWER).order_by()
    cited: dict[str, set[int]] = defaultdict(set)
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for item, wording, section in citations.values_list("item_id", "wording_id", "section"):
        if wording in wordings and (key := vocabulary.key(section)):
            cited[key].add(item)
            spellings[key][section] += 1
    if not cited:
        return None
    most = sorted(cited, key=lambda key: (-len(cited[key]), key))[:_MOST]
    rows = [(spellings[key].most_common(1)[0][0], len(cited[key])) for key in most]
    named = set().union(*cited.values())
    return Sections(
        tuple(Section(name, decisions, _search(name, slug)) for name, decisions in rows),
        len(item_ids),
        len(item_ids) - len(named),
    )


def _search(section: str, slug: str) -> str:
    if len(section) > _LONGEST_TO_SEARCH:
        return ""
    words = section.replace('"', " ")
    return search_address({"guideline": slug}) + "&" + urlencode({"q": f'guideline:"{words}"'})
