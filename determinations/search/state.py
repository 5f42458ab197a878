"""The state of the index as one short text, for answers that may be kept until it changes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from . import profiles
from .index import SearchUnavailable, live_files


@dataclass(frozen=True, slots=True)
class State:
    """``token``: another one after every commit, swap or joining of names; ``changed``: when the index last did."""

    token: str
    changed: datetime


def state() -> State:
    """The state of the live index, without opening it. Raises SearchUnavailable without one."""
    try:
        pointer, commit = live_files()
        content = pointer.read_bytes() + commit.read_bytes()
        changed = max(pointer.stat().st_mtime, commit.stat().st_mtime)
    except FileNotFoundError as error:
        raise SearchUnavailable("The search index has not been built yet.") from error
    content += repr(profiles.current().stamp).encode()
    return State(hashlib.sha256(content).hexdigest()[:20], datetime.fromtimestamp(int(changed), UTC))
