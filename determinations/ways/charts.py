"""Two small pictures of the years: how many decisions, and how many of them were overturned. Lengths in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from ..statistics import Rate
from .rows import Row

WIDTH, HEIGHT = 320, 150
_LEFT, _TOP, _BOTTOM = 34, 10, 20  # room for numbers and years
_GROUND = HEIGHT - _BOTTOM
_TALL = _GROUND - _TOP
_LABELLED = 8  # years; of more only every second one is written out


@dataclass(frozen=True, slots=True)
class Column:
    """One year: where it stands, and its two parts; ``rate_y`` and the interval's ends only if there are enough."""

    year: str
    labelled: bool
    x: str
    middle: str
    width: str
    upheld_y: str
    upheld_height: str
    overturned_y: str
    overturned_height: str
    rate_y: str = ""
    low_y: str = ""
    interval_height: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line across a picture with what it stands for."""

    y: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The years from the first to the last with a decision; a year without one is an empty place."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    rate_lines: tuple[Line, ...]
    archive_y: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    ground: int = _GROUND

    @property
    def has_rates(self) -> bool:
        """Whether any year has enough decisions for a rate."""
        return any(column.rate_y for column in self.columns)


def chart(years: list[Row], archive: Rate) -> Chart | None:
    """The picture of rows of years, each by its number, in their order; None for fewer than two years."""
    if len(years) < 2:
        return None
    by_year = {int(row.name): row.rate for row in years}
    first, last = min(by_year), max(by_year)
    rates = [(year, by_year.get(year, Rate(0, 0))) for year in range(first, last + 1)]
    top = _round_number(max(rate.decisions for _, rate in rates))
    highest = max([rate.interval[1] for _, rate in rates if rate.enough] + [archive.percent])
    percent = min(100, max(20, 20 * ceil(highest / 20)))
    step = (WIDTH - _LEFT) / len(rates)
    every = 1 if len(rates) <= _LABELLED else 2
    columns = [
        _column(year, rate, _LEFT + place * step, step, top, percent, labelled=(last - year) % every == 0)
        for place, (year, rate) in enumerate(rates)
    ]
    return Chart(
        columns=tuple(columns),
        lines=tuple(Line(_px(_y(share, 2)), f"{_short(top * share / 2)}") for share in (2, 1)),
        rate_lines=tuple(Line(_px(_y(share, 2)), f"{percent * share // 2} %") for share in (2, 1)),
        archive_y=_px(_y(archive.percent, percent)) if archive.enough else "",
    )


def _column(year: int, rate: Rate, x: float, step: float, top: int, percent: int, *, labelled: bool) -> Column:
    width = min(28.0, step * 0.7)
    left = x + (step - width) / 2
    won, lost = rate.overturned * _TALL / top, rate.upheld * _TALL / top
    low, high = rate.interval
    known = {
        "rate_y": _px(_y(rate.percent, percent)),
        "low_y": _px(_y(high, percent)),
        "interval_height": _px(_y(low, percent) - _y(high, percent)),
    }
    return Column(
        year=str(year),
        labelled=labelled,
        x=_px(left),
        middle=_px(x + step / 2),
        width=_px(width),
        upheld_y=_px(_GROUND - won - lost),
        upheld_height=_px(lost),
        overturned_y=_px(_GROUND - won),
        overturned_height=_px(won),
        **(known if rate.enough else {}),
    )


def _y(value: float, top: float) -> float:
    return _GROUND - _TALL * min(value, top) / top


def _px(length: float) -> str:
    return f"{length:.1f}"


def _round_number(most: int) -> int:
    """The least of 2, 4, 6, 10, 20, 40 … that is not below ``most``."""
    power = 1
    while True:
        for digit in (2, 4, 6, 10):
            if digit * power >= most:
                return digit * power
        power *= 10


def _short(number: float) -> str:
    """A number in few characters: 950, 1.5k, 200k, 1M."""
    for unit, name in ((1_000_000, "M"), (1_000, "k")):
        if number >= unit:
            return f"{number / unit:.1f}".removesuffix(".0") + name
    return f"{number:.0f}"
