"""Whether an answer for programs is still the same: its ETag and Last-Modified, found without making the answer."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from . import search

# Another one when the shape of the answers changes.
_SHAPE = "1"


def etag(request: HttpRequest, *_: Any, **__: Any) -> str | None:
    """What changes with the index, the names of things, and the address; None where the answer must not be kept."""
    try:
        state = search.state().token
    except search.SearchUnavailable:
        return None
    parts = "\n".join((_SHAPE, state, request.build_absolute_uri()))
    return f'W/"{hashlib.sha256(parts.encode()).hexdigest()[:32]}"'


def last_modified(request: HttpRequest, *_: Any, **__: Any) -> datetime | None:
    """When the index last changed."""
    try:
        return search.state().changed
    except search.SearchUnavailable:
        return None
