"""Measures the curators' pages at full size: every list, its filters, searches and later pages, and pages of one row.

    python -m bench.admin --database /tmp/million/1m.sqlite3 --folder /tmp/million/f1m [--role Curator] [--plans]
    python -m bench.admin --database postgresql://… --folder /tmp/million/f1m

The archive is one of bench/million, migrated. Pages are asked of the site's own program in this process, with all that
stands before them (sessions, rights, policies, templates), without a web server and a network between. Each address is
asked five times, and given up after ten seconds. Processor time is this process's, and on PostgreSQL its server
process's, too; where other work is done on the machine it tells more than the clock.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import admin_addresses, archive
from bench.million import writing

_TIMES = 5
_LIMIT_S = 10
_SLOW_S = 2  # an address that takes longer twice is not asked again
_NAME = "bench"
_AIM_MS = 300


@dataclass
class Measured:
    """What an address took, in milliseconds; ``over``: it was given up."""

    address: str
    status: int = 0
    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    queries: int = 0
    slowest: tuple[float, str, Any] = (0.0, "", None)
    over: bool = False

    @property
    def median(self) -> float:
        """Of the clock; what was given up has none."""
        return float("inf") if self.over else statistics.median(self.clock)

    def line(self) -> str:
        """A row of the table."""
        numbers = ("—" if self.over else f"{statistics.median(one):.0f}" for one in (self.clock, self.processor))
        longest = f"over {_LIMIT_S} s" if self.over else f"{max(self.clock):.0f}"
        first = "—" if self.over else f"{self.clock[0]:.0f}"
        cells = (*numbers, longest, first, self.queries, self.status, f"`{self.address}`")
        return f"| {' | '.join(map(str, cells))} |"


class _TooLong(Exception):
    """The limit of one request is over."""


@contextmanager
def _limited(seconds: int) -> Iterator[None]:
    """Raise within the block when its time is over, also out of a statement that a database is working on."""
    from django.db import connection

    def over(*_: object) -> None:
        raise _TooLong

    connection.ensure_connection()
    if connection.vendor == "sqlite":
        # Python is asked every so many steps of a statement: there the alarm is heard.
        connection.connection.set_progress_handler(lambda: 0, 20_000)
    previous = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


class Curator:
    """A client that is logged in: as superuser, or with one of the roles."""

    def __init__(self, role: str) -> None:
        from django.contrib.auth import get_user_model
        from django.contrib.auth.models import Group
        from django.test import Client

        name = f"{_NAME}-{role.lower().replace(' ', '-')}" if role else _NAME
        settings = {"is_staff": True, "is_superuser": not role}
        user, _ = get_user_model().objects.get_or_create(username=name, defaults=settings)
        if role:
            user.groups.set([Group.objects.get(name=role)])
        self.client = Client(raise_request_exception=True, SERVER_NAME="localhost")
        self.client.force_login(user)

    def measure(self, address: str) -> Measured:
        """Ask an address some times."""
        from django.db import connection

        found = Measured(address)
        for number in range(_TIMES):
            spent: list[tuple[float, str, Any]] = []
            with connection.execute_wrapper(_timer(spent)):
                try:
                    with _limited(_LIMIT_S):
                        started, before = time.perf_counter(), _processor()
                        found.status = self.client.get(address, headers={"Accept": "text/html"}).status_code
                        found.clock.append((time.perf_counter() - started) * 1000)
                        found.processor.append(_processor() - before)
                except Exception as error:
                    if time.perf_counter() - started < _LIMIT_S * 0.9:
                        raise
                    print(f"given up: {type(error).__name__}", file=sys.stderr)
                    connection.close()
                    found.over = True
            found.queries, found.slowest = len(spent), max(spent, default=found.slowest, key=lambda one: one[0])
            if found.over or (number == 1 and min(found.clock) > _SLOW_S * 1000):
                break
        return found


def _timer(spent: list[tuple[float, str, Any]]) -> Callable[..., Any]:
    def run(execute: Callable[..., Any], statement: str, given: Any, many: bool, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(statement, given, many, context)
        finally:
            spent.append((time.perf_counter() - started, statement, given))

    return run


def _processor() -> float:
    """Milliseconds that this process, and the database's for its connection, have run."""
    from django.db import connection

    pids = [os.getpid()]
    if connection.vendor == "postgresql":
        pids.append(connection.connection.info.backend_pid)
    return archive.processor_time(pids)


def _plan(measured: Measured) -> str:
    """The slowest statement of an address with its plan."""
    from django.db import connection

    spent, statement, given = measured.slowest
    explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    with connection.cursor() as cursor:
        try:
            cursor.execute(explain + statement, given)
            plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
        except Exception as error:
            plan = str(error)
    return f"  {spent * 1000:.0f} ms: {statement[:1500]}\n  {given}\n{plan}"


def _report(rows: Iterable[Measured]) -> None:
    """The table, the slowest first."""
    ordered = sorted(rows, key=lambda one: -one.median)
    medians = [one.median for one in ordered]
    above = [one for one in ordered if one.median > _AIM_MS]
    print(f"\n{len(ordered)} addresses; median of all medians {statistics.median(medians):.0f} ms, "
          f"{len(above)} above {_AIM_MS} ms\n")  # fmt: skip
    print("| ms | of processors | longest | first | queries | status | address |")
    print(f"|{' --: |' * 6} --- |")
    for one in ordered:
        print(one.line())


def main() -> None:
    """Measure and print a table, the slowest first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", required=True, help="a path, or an address of PostgreSQL")
    parser.add_argument("--folder", required=True, help="of the archive's index")
    parser.add_argument("--role", default="", help="measure with this role's rights, not with all")
    parser.add_argument("--only", default="", help="addresses that have this in them")
    parser.add_argument("--plans", action="store_true", help="with the slowest statement of each slow page")
    options = parser.parse_args()
    os.environ |= {
        "DATABASE_URL": writing.address(options.database),
        "IMR_VAR_DIR": str(Path(options.folder).resolve()),
        "DJANGO_SETTINGS_MODULE": "imr_archive.settings",
        "IMR_BACKGROUND": "off",
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    curator, rows = Curator(options.role), []
    for address in admin_addresses.addresses(curator.client):
        if options.only in address:
            rows.append(curator.measure(address))
            print(rows[-1].line(), flush=True)
            if options.plans and rows[-1].median > _AIM_MS:
                print(_plan(rows[-1]), flush=True)
    _report(rows)


if __name__ == "__main__":
    main()
