"""How the letters of a result are counted exactly, without listing its decisions.

Counting distinct letters by listing them costs 0.2 µs a decision, half a second for two million. Instead every letter
of several decisions has a *slot*: some bits of a number that many letters share (a *block*), wide enough to count the
letter's decisions in. Each decision carries its block and the lowest bit of its slot (``weight``). The engine adds
the weights of the found decisions block by block; a letter is found if its slot in the sum is not zero. The engine
adds in floating point, exact below 2^53, so a block has at most 52 bits. At a million letters it is some 25,000 sums
whatever was found, 80 ms instead of 430 (bench/RESULTS.md). Letters of one decision need no slot.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

_BITS = 52
# Widths of slots. A block has slots of one width; which one is told by its number modulo their number.
_WIDTHS = (2, 3, 4, 12)


# A letter of more would need a wider slot; its sum may run over into other letters' slots. None comes near.
MOST_DECISIONS = (1 << _WIDTHS[-1]) - 1


def _lowest_bits(width: int) -> int:
    return sum(1 << place for place in range(0, _BITS - width + 1, width))


_LOWEST = tuple(_lowest_bits(width) for width in _WIDTHS)


@dataclass(slots=True)
class Slots:
    """Gives out slots, beginning with blocks above ``last``, the highest that is in use (-1 for none)."""

    last: int = -1
    _open: dict[int, tuple[int, int]] = field(default_factory=dict)  # kind of block -> block, next free bit

    def give(self, decisions: int) -> tuple[int, int]:
        """The block and weight for a letter of 2 to 4,095 decisions. Raises ValueError for more."""
        kind = next((kind for kind, width in enumerate(_WIDTHS) if decisions < 1 << width), None)
        if kind is None:
            raise ValueError(f"a letter of {decisions} decisions; {MOST_DECISIONS} are the most")
        block, place = self._open.get(kind, (0, _BITS))
        if place + _WIDTHS[kind] > _BITS:
            block, place = self._new_block(kind), 0
        self._open[kind] = block, place + _WIDTHS[kind]
        return block, 1 << place

    def _new_block(self, kind: int) -> int:
        self.last += 1 + (kind - self.last - 1) % len(_WIDTHS)
        return self.last


def letters_in(blocks: list[int], sums: list[float]) -> int:
    """How many letters have a decision among those whose weights add up to ``sums``, block by block."""
    kinds = np.array(blocks, np.int64) % len(_WIDTHS)
    totals = np.array(sums, np.float64).astype(np.int64)
    letters = 0
    for kind, width in enumerate(_WIDTHS):
        of_kind = totals[kinds == kind]
        any_bit = of_kind.copy()
        for place in range(1, width):
            any_bit |= of_kind >> place
        letters += int(np.bitwise_count(any_bit & _LOWEST[kind]).sum())
    return letters
