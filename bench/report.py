"""Tables and plots of what bench/search.py measured."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

SYSTEMS = {"engine": "engine", "page": "whole page", "postgresql": "PostgreSQL", "datasette": "Datasette"}
_COLOURS = {"engine": "#1f6f8b", "page": "#2a9d5c", "postgresql": "#8b5a1f", "datasette": "#8b1f4a"}


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the values lie (the nearest one above)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _times(searches: list[dict[str, Any]], system: str, what: str = "milliseconds") -> list[float]:
    return [row[what][system] for row in searches if row["milliseconds"].get(system) is not None]


def by_kind(record: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The searches of each kind, and of all together under "all"."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    for row in record["searches"]:
        kinds.setdefault(row["kind"], []).append(row)
    return kinds | {"all": record["searches"]}


def table(record: dict[str, Any], what: str = "milliseconds") -> str:
    """p50 / p95 / max by kind in milliseconds, ratios of medians to the page, and where totals differ.

    ``what``: "milliseconds" as they passed, or "processor", those that were worked.
    """
    systems = [name for name in SYSTEMS if _times(record["searches"], name)]
    head = ["kind", "n", *(f"{SYSTEMS[name]} p50 / p95 / max" for name in systems)]
    head += [f"{SYSTEMS[name]} ÷ page" for name in systems if name in ("postgresql", "datasette")]
    lines = [f"{record['letters']:,} letters, {record['decisions']:,} decisions. {record['machine']}.", ""]
    lines += [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for kind, searches in by_kind(record).items():
        cells = [kind, str(len(searches))]
        for name in systems:
            times = _times(searches, name, what)
            shown = [statistics.median(times), percentile(times, 0.95), max(times)] if times else []
            cells.append(" / ".join(f"{value:,.0f}" for value in shown) or "–")
        cells += [_ratio(searches, name, what) for name in systems if name in ("postgresql", "datasette")]
        lines.append(f"| {' | '.join(cells)} |")
    failed = {name: sum(row["milliseconds"].get(name, 0) is None for row in record["searches"]) for name in systems}
    lines += ["", f"Gave up or failed: {failed}", *_differences(record, systems), f"Workers (MB): {record['workers']}"]
    return "\n".join(lines)


def _ratio(searches: list[dict[str, Any]], system: str, what: str) -> str:
    """How many times as long as the page the system took at the median, over the searches that both answered."""
    both = [row for row in searches if row["milliseconds"].get(system) and row["milliseconds"].get("page")]
    if not both:
        return "–"
    return f"{statistics.median(_times(both, system, what)) / statistics.median(_times(both, 'page', what)):,.1f}"


def _differences(record: dict[str, Any], systems: list[str]) -> list[str]:
    lines = []
    for name in systems:
        if name in ("engine", "page"):
            continue
        both = [
            row for row in record["searches"] if row["decisions"].get(name) is not None and "engine" in row["decisions"]
        ]
        differ = [row for row in both if row["decisions"][name] != row["decisions"]["engine"]]
        lines.append(f"Totals as {SYSTEMS[name]}: {len(both) - len(differ)} of {len(both)} equal")
        lines += [
            f"  {row['kind']}: {row['asked']}: {row['decisions']['engine']:,} against {row['decisions'][name]:,}"
            for row in differ
        ]
    return lines


# ---- plots --------------------------------------------------------------------------------------------------------


def plots(paths: Sequence[Path], folder: Path) -> None:
    """Draw the growth of the page's times over the sizes, and the kinds side by side at the largest with peers."""
    records = sorted((json.loads(path.read_text()) for path in paths), key=lambda record: record["letters"])
    folder.mkdir(parents=True, exist_ok=True)
    with_peers = [record for record in records if _times(record["searches"], "postgresql")]
    alone = {round(record["letters"], -3): record for record in [*with_peers, *records] if record not in with_peers}
    (folder / "growth.svg").write_text(_growth(list(alone.values()) or records), encoding="utf-8")
    (folder / "kinds.svg").write_text(_bars((with_peers or records)[-1]), encoding="utf-8")


_LEFT, _TOP, _HEIGHT = 80, 40, 260


def _svg(width: int, height: int, title: str, parts: list[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-family="sans-serif" '
        f'font-size="12"><title>{escape(title)}</title><rect width="{width}" height="{height}" fill="#fff"/>'
        f'<text x="{_LEFT}" y="20" font-size="14">{escape(title)}</text>{"".join(parts)}</svg>\n'
    )


def _scale(most: float, least: float = 1.0) -> tuple[list[str], Any]:
    """A logarithmic axis of milliseconds: its lines, and value -> height on the page."""
    import math

    low, high = math.floor(math.log10(least)), math.ceil(math.log10(most))

    def place(value: float) -> float:
        return _TOP + _HEIGHT * (1 - (math.log10(max(value, 10**low)) - low) / (high - low))

    lines = []
    for power in range(low, high + 1):
        y = place(10**power)
        lines.append(f'<line x1="{_LEFT}" x2="100%" y1="{y:.0f}" y2="{y:.0f}" stroke="#ddd"/>')
        lines.append(f'<text x="{_LEFT - 6}" y="{y + 4:.0f}" text-anchor="end">{10**power:,} ms</text>')
    return lines, place


def _growth(records: list[dict[str, Any]]) -> str:
    lines = {
        f"{SYSTEMS[name]} {label}": (name, label, [share(_times(record["searches"], name)) for record in records])
        for name in ("engine", "page")
        for label, share in (("p50", statistics.median), ("p95", lambda times: percentile(times, 0.95)))
    }
    parts, place = _scale(max(max(values) for _, _, values in lines.values()))
    xs = [_LEFT + 40 + 130 * number for number in range(len(records))]
    for text, (name, label, values) in lines.items():
        dash = ' stroke-dasharray="5 4"' if label == "p95" else ""
        points = " ".join(f"{x},{place(value):.0f}" for x, value in zip(xs, values, strict=True))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{_COLOURS[name]}" stroke-width="2"{dash}/>')
        parts.append(f'<text x="{xs[-1] + 8}" y="{place(values[-1]) + 4:.0f}">{text} {values[-1]:,.0f}</text>')
    for x, record in zip(xs, records, strict=True):
        parts.append(f'<text x="{x}" y="{_TOP + _HEIGHT + 20}" text-anchor="middle">{record["letters"]:,}</text>')
    return _svg(xs[-1] + 170, _TOP + _HEIGHT + 40, "Milliseconds a search, by letters in the archive", parts)


def _bars(record: dict[str, Any]) -> str:
    kinds = by_kind(record)
    systems = [name for name in SYSTEMS if _times(record["searches"], name)]
    parts, place = _scale(max(max(_times(record["searches"], name)) for name in systems))
    width = 18 * len(systems) + 26
    for number, (kind, searches) in enumerate(kinds.items()):
        x = _LEFT + 16 + number * width
        for at, name in enumerate(systems):
            if times := _times(searches, name):
                y = place(statistics.median(times))
                parts.append(
                    f'<rect x="{x + at * 18}" y="{y:.0f}" width="15" height="{_TOP + _HEIGHT - y:.0f}" '
                    f'fill="{_COLOURS[name]}"><title>{escape(kind)}, {SYSTEMS[name]}: '
                    f"{statistics.median(times):,.0f} ms</title></rect>"
                )
        middle, low = x + 9 * len(systems), _TOP + _HEIGHT + 14
        turned = f'text-anchor="end" transform="rotate(-35 {middle} {low})"'
        parts.append(f'<text x="{middle}" y="{low}" {turned}>{escape(kind)}</text>')
    for at, name in enumerate(systems):
        x = _LEFT + 20 + at * 120
        parts.append(f'<rect x="{x}" y="26" width="10" height="10" fill="{_COLOURS[name]}"/>')
        parts.append(f'<text x="{x + 14}" y="35">{SYSTEMS[name]}</text>')
    total = _LEFT + 16 + len(kinds) * width
    return _svg(
        total, _TOP + _HEIGHT + 110, f"Median milliseconds by kind of search, {record['letters']:,} letters", parts
    )
