"""The drugs that requests name, as they are called and classed now.

A reading keeps how the letter calls a drug (``text``) with what the shipped vocabulary says of that name. What curators
made of the name since stands in the database, and is what is shown. Names that curators added, which no reading knows,
are looked for in the heading.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .labels import drug_key, load_labels
from .models import DisputedItem, DrugWording
from .vocabulary import drug_names, key

Request = dict[str, Any]
Drugs = Iterable[dict[str, Any]]  # of a request: ``text``, ``generic``, ``group``


@dataclass(frozen=True, slots=True)
class Called:
    """All names of drugs as they stood at one moment.

    ``names``: key of a name -> the drug and its class, None for a name that names none; ``added``: those of curators,
    as long as they name one.
    """

    names: dict[str, tuple[str, str] | None]
    added: tuple[str, ...]

    def mentions(self, heading: str, drugs: Drugs) -> list[dict[str, Any]]:
        """The drugs of a request as read, and those that its heading calls by an added name.

        A longer name stands for what was read within it: "norco forte" is no "norco".
        """
        words = f" {key(heading)} " if self.added else ""
        added = [name for name in self.added if f" {name} " in words]
        read = [drug for drug in drugs if not any(f" {key(drug['text'])} " in f" {name} " for name in added)]
        return [*read, *({"text": name, "generic": name, "group": ""} for name in added)]

    def now(self, heading: str, drugs: Drugs) -> Iterator[dict[str, Any]]:
        """The same by the names of today, without those that are none."""
        for drug in self.mentions(heading, drugs):
            if now := self.names.get(key(drug["text"]), (drug["generic"], drug["group"])):
                yield {**drug, "generic": now[0], "group": now[1]}

    def keys(self, heading: str, drugs: Drugs) -> list[str]:
        """By what the index knows the drugs of a request."""
        return sorted({drug_key(drug["text"]) for drug in self.mentions(heading, drugs)})


def called_now(items: Iterable[DisputedItem]) -> None:
    """Give the requests of decisions that are at hand the names of today; nothing is saved."""
    items = list(items)
    for item, request in zip(items, named_now((item.title, item.request) for item in items), strict=True):
        item.request = request


def named_now(requests: Iterable[tuple[str, Request]]) -> list[Request]:
    """Requests (``DisputedItem.request``), each given with its heading, with the names of today."""
    called, found = current(), []
    for heading, request in requests:
        drugs = list(called.now(heading, request.get("drugs", ())))
        found.append({**request, "drugs": drugs} if drugs or "drugs" in request else request)
    return found


def called(address: str) -> str | None:
    """The address of the drug that letters call by a name, of which ``address`` would be made; None if none is."""
    rows = DrugWording.objects.filter(text=address.lower().replace("-", " ")).exclude(drug=None)
    return rows.values_list("drug__slug", flat=True).first()


_known: tuple[tuple, Called] | None = None
_loading = threading.Lock()


def current() -> Called:
    """The names as they stand now; read from the database only after a curator's change."""
    global _known
    stamp = load_labels().stamp
    with _loading:
        if _known is None or _known[0] != stamp:
            rows = list(DrugWording.objects.order_by("text").values_list("text", "drug__name", "drug__group"))
            names = {text: (name, group) if name else None for text, name, group in rows}
            _known = stamp, Called(names, tuple(text for text in names if names[text] and text not in drug_names()))
        return _known[1]
