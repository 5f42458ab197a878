"""Makes a failing input as short as it can be."""

from __future__ import annotations

import time
from collections.abc import Callable


def shrunk(text: str | bytes, fails: Callable[[str | bytes], bool], seconds: float = 20.0) -> str | bytes:
    """A shorter text that ``fails`` still, found by leaving out halves, quarters … and at last single characters."""
    end = time.monotonic() + seconds
    size = max(1, len(text) // 2)
    while size and time.monotonic() < end:
        at = 0
        smaller = False
        while at < len(text) and time.monotonic() < end:
            shorter = text[:at] + text[at + size :]  # type: ignore[operator]
            if fails(shorter):
                text, smaller = shorter, True
            else:
                at += size
        if size > 1:
            size //= 2
        elif not smaller:
            break
    return text
