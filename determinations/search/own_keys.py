"""Which wordings of guidelines an index knows by keys of their own.

A document has a guideline by a key that all its wordings share (``keys``), and of a wording without a guideline only
the family that its citation is of. So the letters of a wording that is parted from its guideline, or that is named for
the first time, would have to be indexed anew: minutes, where a hundred thousand letters have it. Therefore the most
frequent wordings have keys of their own, which say nothing but which wording it is. What it stands for is looked up.

The thousandth wording of a million letters would be in a few hundred of them, whose documents are written in a second.
They are chosen when an index is built, and stand in a file of it, so that all its documents are written alike. An index
that replaces another has all keys of that one, too: a change of names that is made while it is built asks the one that
is live which letters it concerns.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

from django.db.models import Count

from ..models import GuidelineCitation, GuidelineWording
from .errors import engine_errors
from .files import DamagedFiles

MOST = 1_000
LEAST = 100  # citations; the letters of a rarer one are indexed anew in no time
_FILE = "own_keys.json"


def choose(before: Collection[int] = ()) -> frozenset[int]:
    """The ids of the wordings that a new index has keys for; ``before``: those of the index that it replaces."""
    counted = GuidelineCitation.objects.order_by().values("wording").annotate(places=Count("pk"))
    frequent = counted.filter(places__gte=LEAST).order_by("-places")
    there = GuidelineWording.objects.filter(pk__in=before).values_list("pk", flat=True)
    return frozenset(there) | {row["wording"] for row in frequent[:MOST]}


def write(generation: Path, wordings: Collection[int]) -> None:
    """Keep them with an index that is about to be built. Raises NoSpace."""
    told = json.dumps(sorted(wordings))
    with engine_errors(), (generation / _FILE).open("w", encoding="utf-8") as file:
        json.dump({"wordings": told, "checksum": zlib.crc32(told.encode())}, file)
        file.flush()
        os.fsync(file.fileno())


def verify(generation: Path) -> frozenset[int]:
    """The wordings as the file in a folder has them. Raises DamagedFiles."""
    try:
        told = json.loads((generation / _FILE).read_bytes())
        wordings = frozenset(map(int, json.loads(told["wordings"])))
        whole = zlib.crc32(told["wordings"].encode()) == told["checksum"]
    except FileNotFoundError as error:
        raise DamagedFiles(f"{_FILE} is missing") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DamagedFiles(f"{_FILE} is damaged") from error
    if not whole:
        raise DamagedFiles(f"{_FILE} is altered")
    return wordings


read = lru_cache(4)(verify)  # for searches: what is chosen for an index never changes


def of_wording(wording: int) -> str:
    """The key of a wording."""
    return f"w{wording}"


def of_family(wording: int, family: str) -> str:
    """The key of the family (``labels.family_value``) that a citation is of while its wording has no guideline."""
    return f"w{wording}-{family}"


def parsed(key: str) -> tuple[int, str] | None:
    """The wording of a key of its own, and the family if it is that of one; None for another key."""
    wording, _, family = key[1:].partition("-")
    return (int(wording), family) if key.startswith("w") and wording.isdecimal() else None
