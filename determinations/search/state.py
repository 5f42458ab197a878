"""The state of what can be searched as one short text, for answers that may be kept until it changes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from . import names
from .generations import snapshot


@dataclass(frozen=True, slots=True)
class State:
    """``token``: another one after every commit, swap and change of a name; ``changed``: when the index last did."""

    token: str
    changed: datetime


def state() -> State:
    """The state of the live index and of the names. Raises SearchUnavailable without an index."""
    index = snapshot()
    version = index.version
    parts = repr((version, names.current(index.own).stamp))
    changed = datetime.fromtimestamp(version[1] // 1_000_000_000, UTC)
    return State(hashlib.sha256(parts.encode()).hexdigest()[:20], changed)
