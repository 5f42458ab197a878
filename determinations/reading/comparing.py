"""Decisions side by side: which ones an address asks for, and what is said of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Prefetch, Q
from django.urls import reverse

from .. import vocabulary
from ..drugs import called_now
from ..models import Case, DisputedItem, GuidelineCitation
from .prose import conclusion
from .sides import Sides, compared

MOST = 4  # decisions beside each other
_ASKED = re.compile(r"([a-z0-9-]{1,40})/([1-9][0-9]{0,3})", re.ASCII)
_LONGEST_SHOWN = 60  # characters of a value that was not understood


@dataclass(frozen=True, slots=True)
class Column:
    """One decision. ``concludes``: the sentence of its reasons that carries the finding, "" if none is certain."""

    item: DisputedItem
    concludes: str
    sides: Sides
    credentials: tuple[str, ...]
    states: tuple[str, ...]
    without: str  # the address of the same comparison without this one


@dataclass(frozen=True, slots=True)
class Comparison:
    """The decisions in the order of the address, and what could not be shown."""

    columns: tuple[Column, ...]
    problems: tuple[str, ...]


def name_of(item: DisputedItem) -> str:
    """What stands for a decision in the address of a comparison: "cm16-0990003/2"."""
    return f"{item.case.slug}/{item.position}"


def address(items: Iterable[DisputedItem]) -> str:
    """Where decisions stand side by side."""
    query = urlencode([("item", name_of(item)) for item in items], safe="/")
    return reverse("compare") + (f"?{query}" if query else "")


def comparison(asked: Iterable[str]) -> Comparison:
    """The decisions that are asked for ("cm16-0990003/2"), each once, the first four of them."""
    problems: list[str] = []
    wanted: dict[tuple[str, int], None] = {}
    for text in list(asked)[:50]:
        match = _ASKED.fullmatch(text.strip().lower())
        if match:
            wanted[match[1], int(match[2])] = None
        else:
            problems.append(f"“{text[:_LONGEST_SHOWN]}” names no decision, so it was left out.")
    if len(wanted) > MOST:
        problems.append(f"At most {MOST} decisions fit beside each other; the first {MOST} are shown.")
    wanted = dict.fromkeys(list(wanted)[:MOST])
    found = _found(wanted)
    problems += [
        f"There is no decision {slug}/{position} here." for slug, position in wanted if (slug, position) not in found
    ]
    items = [found[key] for key in wanted if key in found]
    return Comparison(tuple(_column(item, items) for item in items), tuple(problems))


def _found(wanted: Mapping[tuple[str, int], None]) -> dict[tuple[str, int], DisputedItem]:
    if not wanted:
        return {}
    either = Q()
    for slug, position in wanted:
        either |= Q(case__slug=slug, position=position)
    items = (
        DisputedItem.objects.public()
        .filter(either)
        .select_related("case__reviewer", *DisputedItem.CATEGORY)
        .prefetch_related(
            Prefetch("citations", GuidelineCitation.objects.select_related("wording__guideline")),
            "case__reviewer__credentials__wording__specialty",
        )
    )
    called_now(items)
    return {(item.case.slug, item.position): item for item in items}


def _column(item: DisputedItem, items: list[DisputedItem]) -> Column:
    place, names = conclusion(item.rationale, item.finding), vocabulary.state_names()
    return Column(
        item=item,
        concludes=item.rationale[slice(*place)] if place else "",
        sides=compared(item),
        credentials=_credentials(item.case),
        states=tuple(names.get(postal, postal) for postal in item.case.reviewer.licensed_states),
        without=address(one for one in items if one is not item),
    )


def _credentials(case: Case) -> tuple[str, ...]:
    wordings = (credential.wording for credential in case.reviewer.credentials.all())
    return tuple(dict.fromkeys(one.specialty.name if one.specialty else one.text for one in wordings))
