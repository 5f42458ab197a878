"""Writing what curators decided."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from heapq import merge
from operator import itemgetter
from typing import IO

from django.db import connection, transaction
from django.utils import timezone

from ...letters import PARSER_VERSION
from .kinds import AFTER, BEFORE, OVER_LETTERS
from .lines import FORMAT, VERSION, Line, Records


def export_curation(out: IO[str]) -> Counter[str]:
    """Write all that curators decided to ``out`` as it stands at one moment; returns the number of lines by kind.

    The last line says how many lines of each kind there are, so that a file that is cut off is told from a whole one.
    """
    counts: Counter[str] = Counter()
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        _write(out, {"format": FORMAT, "version": VERSION, "made_at": _now(), "parser_version": PARSER_VERSION})
        for name, line in _lines():
            _write(out, {"what": name, **line})
            counts[name] += 1
        _write(out, {"what": "end", "lines": dict(counts)})
    return counts


def _lines() -> Iterator[tuple[str, Line]]:
    """Every line with its kind, in the order in which they have to be placed."""
    yield from ((kind.name, line) for kind in BEFORE for line in kind.lines())
    yield from ((name, line) for _, name, line in merge(*map(_ordered, OVER_LETTERS), key=itemgetter(0)))
    yield from ((kind.name, line) for kind in AFTER for line in kind.lines())


def _ordered(kind: Records) -> Iterator[tuple[tuple[int, int], str, Line]]:
    return ((place, kind.name, line) for place, line in kind.ordered())


def _now() -> str:
    return timezone.now().isoformat(timespec="seconds")


def _write(out: IO[str], line: dict[str, object]) -> None:
    out.write(json.dumps(line, ensure_ascii=False) + "\n")
