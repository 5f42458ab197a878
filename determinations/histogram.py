"""When decisions were made, as bars: by year, or by month where few years are looked at.

The bars are values of the facet "year", so a bar's number is what a click on it finds, and all other filters count.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .filters import EXCLUDED, DecisionFilter
from .labels import NO_YEAR

_MOST_YEARS = 30  # with gaps between them; of more only those that have decisions are shown
_BY_MONTH = 3  # years; so few are shown month by month


@dataclass(frozen=True, slots=True)
class Bar:
    """A year or month: its name, the short one below the bar, and where a click leads."""

    label: str
    short: str
    count: int
    url: str
    selected: bool
    height: float  # percent of the highest bar; what is there can be seen
    top: float  # percent; what is left above it


@dataclass(frozen=True, slots=True)
class Row:
    """Bars that stand together: all years, or the months of one."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Histogram:
    """All bars; ``months``: whether they are months; ``all_url`` leads back to all years, "" if they are shown."""

    rows: tuple[Row, ...]
    months: bool
    all_url: str

    @property
    def bars(self) -> list[Bar]:
        """All bars, one row after the other."""
        return [bar for row in self.rows for bar in row.bars]


def histogram(asked: DecisionFilter, counted: Counter[str]) -> Histogram | None:
    """The bars of a search from its counts of the facet "year"; None if there are fewer than two to compare."""
    years = sorted(value for value in counted if len(value) == 4 and value.isdigit() and counted[value])
    months = _years_by_month(asked, years)
    if months:
        names = {year: [f"{year}-{month:02}" for month in range(1, 13)] for year in months}
    elif len(years) > 1:
        first, last = int(years[0]), int(years[-1])
        whole = [str(year) for year in range(first, last + 1)]
        names = {"": whole if len(whole) <= _MOST_YEARS else years}
    else:
        return None
    highest = max((counted[value] for values in names.values() for value in values), default=0)
    rows = [
        Row(label, tuple(_bar(asked, value, counted[value], highest) for value in values))
        for label, values in names.items()
    ]
    return Histogram(tuple(rows), bool(months), _address(asked) if months else "")


def _years_by_month(asked: DecisionFilter, years: list[str]) -> list[str]:
    """The years that are looked at, if they are few; none for all."""
    chosen = {slug[:4] for slug in asked.selected("year") if slug != NO_YEAR}
    if not chosen and years and (asked.first_day or asked.last_day):
        first = asked.first_day.year if asked.first_day else int(years[0])
        last = asked.last_day.year if asked.last_day else int(years[-1])
        chosen = {str(year) for year in range(first, min(last, first + _BY_MONTH) + 1)}
    return sorted(chosen) if len(chosen) <= _BY_MONTH else []


def _bar(asked: DecisionFilter, value: str, count: int, highest: int) -> Bar:
    label = asked.labels["year"][value].name if value in asked.labels["year"] else value
    alone = asked.selected("year") == [value] and not asked.excluded("year")
    height = max(100 * count / highest, 3.0) if count else 0.0
    return Bar(
        label=label,
        short=label[:1] if "-" in value else f"’{value[2:]}",
        count=count,
        url=_address(asked) if alone else _address(asked, value),
        selected=_selected(asked, value),
        height=height,
        top=100 - height,
    )


def _selected(asked: DecisionFilter, value: str) -> bool:
    """Whether decisions of the year or month are among the results, as far as dates go."""
    chosen = asked.selected("year")
    if chosen and not any(value.startswith(one) or one.startswith(value) for one in chosen):
        return False
    first, last = (f"{day:%Y-%m-%d}" if day else "" for day in (asked.first_day, asked.last_day))
    return not (first and value < first[: len(value)]) and not (last and value > last[: len(value)])


def _address(asked: DecisionFilter, *values: str) -> str:
    """The search with only ``values`` chosen of all dates."""
    return asked.address(**{"year": list(values), EXCLUDED + "year": [], "since": [], "until": []})
