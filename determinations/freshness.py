"""Whether an answer for programs is still the same: its ETag and Last-Modified, found without making the answer."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.http import HttpRequest

from . import search
from .models import Redaction, Withholding

# Another one when the shape of the answers changes.
_SHAPE = "1"


def etag(request: HttpRequest, *_: Any, **__: Any) -> str | None:
    """What changes with the index, the names of things, and the address; None where the answer must not be kept."""
    try:
        state = search.state().token
    except search.SearchUnavailable:
        return None
    parts = "\n".join((_SHAPE, state, repr(_withheld()), request.build_absolute_uri()))
    return f'W/"{hashlib.sha256(parts.encode()).hexdigest()[:32]}"'


def last_modified(request: HttpRequest, *_: Any, **__: Any) -> datetime | None:
    """When the index last changed, or a letter was last withheld or redacted, or that was lifted."""
    try:
        changed = search.state().changed
    except search.SearchUnavailable:
        return None
    # Dates of answers count seconds: what was answered in the same one, but before, must not be good any more.
    moments = (moment for _, *some in _withheld() for moment in some if moment)
    return max([changed, *(moment + timedelta(seconds=1) for moment in moments)])


def _withheld() -> list[tuple]:
    """What changes at once, whatever the state of the index, when anything is withheld or redacted, or that lifted."""
    models = (Withholding, Redaction)
    return [tuple(one.objects.aggregate(Max("id"), Max("made_at"), Max("lifted_at")).values()) for one in models]
