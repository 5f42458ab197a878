"""Failed logins are counted in the database (django-axes), and whoever fails too often has to wait.

Three counts run side by side, each with its own limit: a name from one address, all names from one address (somebody
tries many names), and one name from all addresses (many machines try one name). The last one is high, since by it a
stranger could keep a curator out.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_cool_off
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .. import limiting

# What is counted -> how many times as many failures as settings.AXES_FAILURE_LIMIT it allows.
# In the order of settings.AXES_LOCKOUT_PARAMETERS.
_TIMES = {"name and address": 1, "address": 4, "name": 20}
_LONGEST_NAME = 150


class Failures(AxesDatabaseHandler):
    """Counts failures so that any of the three counts at its own limit reaches the common one."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """The greatest of the counts, each brought to the scale of the common limit."""
        found = 0
        for attempts, times in zip(self.get_user_attempts(request, credentials), _TIMES.values(), strict=True):
            failed = attempts.aggregate(failed=Sum("failures_since_start"))["failed"] or 0
            found = max(found, failed // times)
        return found


def address(request: HttpRequest) -> str | None:
    """Who logs in: the client as the limits know it (limiting.py), of IPv6 the network's first address."""
    try:
        return str(ipaddress.ip_network(limiting.client(request)).network_address)
    except ValueError:
        return None


def name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:
    """The name that was tried; no account's is longer, and the counts' table takes no longer one."""
    given = (credentials or request.POST).get("username")
    return given[:_LONGEST_NAME] if given else given


def locked_out(request: HttpRequest, answer: HttpResponse, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """The page for whoever has to wait."""
    wait = get_cool_off(request)
    minutes = int(wait.total_seconds() // 60) if wait else 0
    page = render(request, "admin/locked_out.html", {"minutes": minutes, "title": "Too many attempts"}, status=429)
    if wait:
        page["Retry-After"] = str(int(wait.total_seconds()))
    return page
