"""What curators corrected on the page of a letter, and what the letter itself says there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ..corrections.fields import field
from ..models import Correction

_LONG = 200  # characters; of a longer value the page shows the new one where it stands, and the letter its own


@dataclass(frozen=True, slots=True)
class Corrected:
    """One corrected value. ``letter_says``: what is read there; empty where it is a whole passage."""

    label: str
    letter_says: str
    made_at: datetime
    doubtful: bool  # the letter has changed since


def corrected(corrections: Iterable[Correction]) -> dict[str, tuple[Corrected, ...]]:
    """The corrected values by the key of their item, those of the letter under ""."""
    found: dict[str, list[Corrected]] = {}
    for one in corrections:
        known = field(one.field, of_item=bool(one.item))
        says = known.kind.shown(one.reads_now)
        found.setdefault(one.item, []).append(
            Corrected(
                label=known.label,
                letter_says=says if len(says) <= _LONG else "",
                made_at=one.made_at,
                doubtful=one.state == Correction.State.CONFLICT,
            )
        )
    return {item: tuple(values) for item, values in found.items()}
