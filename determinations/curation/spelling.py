"""Names of drugs that curators add: which headings have them, and what that changes."""

from __future__ import annotations

from .. import drugs, search
from ..labels import FACETS
from ..models import DisputedItem, Drug, DrugWording
from ..vocabulary import key
from .drug_headings import batches, cases, frequent, holding
from .effects import FacetChange, Preview
from .names_state import Refused

_EXAMPLES = 5
_SHORTEST = 3


def checked(text: str) -> str:
    """A name in the form in which it is kept. Raises Refused."""
    found = key(text)
    if len(found) < _SHORTEST or not any(map(str.isalpha, found)):
        raise Refused("Write a name of at least three letters.")
    if len(found) > DrugWording._meta.get_field("text").max_length:
        raise Refused("That is too long for a name.")
    known = DrugWording.objects.filter(text=found).select_related("drug").first()
    if known:
        raise Refused(f"“{found}” is a name of {known.drug or 'no drug'} already; say there what it stands for.")
    return found


def preview(text: str, drug: Drug) -> Preview:
    """What the headings that have a name change in the counts of a drug, and of those that are read within it.

    Of a name that very many have the newest are looked at.
    """
    try:
        items, whole = holding(text), not frequent(text)
    except (search.SearchError, search.SearchUnavailable) as error:
        raise Refused("The search index is being built; look again when it is there.") from error
    called = drugs.current()
    gains, loses = 0, dict[str, int]()
    for some in batches(items):
        for title, request in DisputedItem.objects.filter(pk__in=some).values_list("title", "request"):
            then = [one["generic"] for one in called.now(title, request.get("drugs", ()))]
            kept = [one for one in request.get("drugs", ()) if f" {key(one['text'])} " not in f" {text} "]
            now = {one["generic"] for one in called.now(title, kept)} | {drug.name}
            gains += drug.name not in then
            for name in set(then) - now:
                loses[name] = loses.get(name, 0) + 1
    facet = FACETS["drug"]
    changes = [FacetChange(facet, drug.name, gains, 0)] if gains else []
    changes += [FacetChange(facet, name, 0, number) for name, number in sorted(loses.items())]
    shown = DisputedItem.objects.filter(pk__in=sorted(items)[-_EXAMPLES:], case__withheld=False)
    examples = shown.select_related("case").defer("rationale", "case__clinical_summary").order_by("id")
    return Preview(len(cases(items)), len(items), tuple(changes), tuple(examples), whole)
