"""What stands for a name in an address."""

from __future__ import annotations

from functools import lru_cache

from django.utils.text import slugify as _slugify


@lru_cache(maxsize=20_000)
def slugify(name: str) -> str:
    """As Django's; remembered, since an index asks for the same names a million times, and an ingest for all drugs'."""
    return _slugify(name)
