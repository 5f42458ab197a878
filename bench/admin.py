"""Measures the curators' pages at full size: every list, its filters, searches and later pages, and pages of one row.

    python -m bench.admin --database /tmp/million/1m.sqlite3 --folder /tmp/million/1m

The archive is one of bench/million, migrated and with its index. Each address is asked five times by one client of the
web server as it is shipped; the first answer of all is told apart, since it is what a curator waits for after a start.
"""

from __future__ import annotations

import argparse
import http.client
import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from bench import archive

_TIMES = 5
_NAME = "bench"
_AIM_MS = 300


def _session() -> str:
    """A session of an account that may do everything."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    user, _ = get_user_model().objects.get_or_create(username=_NAME, defaults={"is_staff": True, "is_superuser": True})
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def addresses() -> Iterator[str]:
    """What is asked for: of every model its list, the filters of the list, a search, a far page, and a row."""
    from django.contrib import admin

    from determinations.curation.queue.kinds import waiting
    from determinations.models import Case

    yield "/admin/"
    yield "/admin/queue/"
    yield "/admin/queue/growth/"
    for one in waiting().values():
        if one.open:
            yield f"/admin/queue/{one.kind.slug}/"
    case = Case.objects.order_by("id")[:1].get()
    for model, registered in admin.site._registry.items():
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        yield base
        yield f"{base}?p=100"
        if registered.search_fields:
            yield f"{base}?q=CM17-1"
        for field in registered.list_filter:
            if isinstance(field, str) and (choices := model._meta.get_field(field).choices):
                yield f"{base}?{field}__exact={list(choices)[-1][0]}"  # type: ignore[index]
        if (last := model._default_manager.order_by("-pk").values_list("pk", flat=True).first()) is not None:
            yield f"{base}{last}/change/"
    yield f"/admin/determinations/case/{case.pk}/history/"
    for names in ("specialty", "guideline"):
        yield f"/admin/determinations/namechange/waiting/{names}/"


def measure(site: archive.Site, session: str, address: str) -> tuple[int, list[float]]:
    """Status, and milliseconds of each answer."""
    times, status = [], 0
    for _ in range(_TIMES):
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=600)
        connection.request("GET", address, headers={"Cookie": f"sessionid={session}", "Accept": "text/html"})
        response = connection.getresponse()
        response.read()
        connection.close()
        status = response.status
        times.append((time.perf_counter() - started) * 1000)
    return status, times


def main() -> None:
    """Measure and print a table, the slowest first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="of the archive's index")
    options = parser.parse_args()
    given = archive.environment(options.database, options.folder)
    os.environ.update(given)
    import django

    django.setup()
    session, asked = _session(), list(addresses())
    rows = []
    with archive.site(given) as site:
        for address in asked:
            status, times = measure(site, session, address)
            rows.append((statistics.median(times), max(times), times[0], status, address))
    rows.sort(reverse=True)
    print(f"{len(rows)} addresses, {_TIMES} times each, milliseconds\n")
    print(f"| median | longest | first | status | address |\n|{'---|' * 5}")
    for median, longest, first, status, address in rows:
        print(f"| {median:.0f} | {longest:.0f} | {first:.0f} | {status} | `{address}` |")
    above = [address for median, _, _, _, address in rows if median > _AIM_MS]
    print(f"\n{len(above)} above {_AIM_MS} ms: {above}")


if __name__ == "__main__":
    main()
