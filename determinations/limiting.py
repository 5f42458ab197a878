"""How often one client may ask for what costs most: exports, the API, pages far behind the first.

Each process of the web server counts for itself, in its memory: the limit is there to keep a process answering, and
no request has to write to a file or a service for it. So a client gets at most the limit times the processes.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

_NETWORK_OF_A_CLIENT = 64  # bits of an IPv6 address: what one connection is given to choose from


class TooMany(Exception):
    """A client asked too often; ``seconds`` until it may again, ``limit`` as "20 per 1 minute"."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


@cache
def _counter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


@cache
def _rate(text: str) -> RateLimitItem:
    return parse(text)


def client(request: HttpRequest) -> str:
    """Who asks: an address, of IPv6 the network.

    Behind TRUSTED_PROXIES proxies the address is the one that the outermost of them has seen. What a client itself
    wrote into X-Forwarded-For stands further left and is never looked at.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    proxies = settings.TRUSTED_PROXIES
    seen = forwarded[-proxies] if 0 < proxies <= len(forwarded) else direct
    try:
        address = ipaddress.ip_address(seen)
    except ValueError:
        return direct
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((address, _NETWORK_OF_A_CLIENT), strict=False))
    return str(address)


def count(request: HttpRequest, kind: str) -> None:
    """Count a request of a kind (a key of settings.LIMITS). Raises TooMany beyond the limit; those are not counted."""
    text = settings.LIMITS[kind]
    if not text:
        return
    rate, who = _rate(text), client(request)
    if not _counter().hit(rate, kind, who):
        wait = _counter().get_window_stats(rate, kind, who).reset_time - time.time()
        seconds = max(1, math.ceil(wait))
        unit = "" if seconds == 1 else "s"
        raise TooMany(
            f"No more than {rate.amount} requests a {rate.GRANULARITY.name} are answered here. "
            f"Please try again in {seconds} second{unit}.",
            seconds,
        )


def forget() -> None:
    """Begin to count anew."""
    _counter().storage.reset()


class Places:
    """A number of places that are taken and given back; ``take`` raises TooMany when all are taken."""

    def __init__(self) -> None:
        self._taken = 0
        self._lock = threading.Lock()

    def take(self, places: int) -> None:
        """Take one of ``places`` places."""
        with self._lock:
            if self._taken >= places:
                raise TooMany("Other exports are being sent. Please try again in a few seconds.", 5)
            self._taken += 1

    def give_back(self) -> None:
        """Give a place back that was taken."""
        with self._lock:
            self._taken -= 1
