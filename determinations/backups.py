"""A copy of the whole database in one file while the site runs, and the way back from it.

SQLite is copied by its own means, in one read of one moment; PostgreSQL by ``pg_dump`` and ``pg_restore``, which have
to be on the path and be no older than the server. The search index is made from the database and is not copied.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

# How psycopg calls what a connection needs -> the variable by which PostgreSQL's programs are told. Nothing of it
# stands on a command line, where others could read the password.
_VARIABLES = {
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "host": "PGHOST",
    "port": "PGPORT",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}
_BUSY = 30  # seconds to wait for who else uses the database


class BackupFailed(Exception):
    """There is no backup, or nothing was restored; the message says why."""


def back_up(target: Path) -> int:
    """Write the database as it is at one moment to the file ``target``, its owner's only; returns its bytes.

    The file is there only once it is whole. Raises BackupFailed.
    """
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        if connection.vendor == "sqlite":
            _copy_sqlite(_live(), part)
            _check_sqlite(part)
        else:
            _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={part}")
            _check_dump(part)
        part.replace(target)
    except OSError as error:
        raise BackupFailed(str(error)) from error
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size


def restore(source: Path) -> None:
    """Put the backup ``source`` in place of everything that the database holds. The site has to stand still.

    The file is looked at first, and nothing is touched if it is none. Raises BackupFailed.
    """
    if not source.is_file():
        raise BackupFailed(f"there is no file {source}")
    connections.close_all()
    if connection.vendor == "sqlite":
        _check_sqlite(source)
        _copy_sqlite(source, _live())
    else:
        _check_dump(source)
        with connection.cursor() as cursor:  # tables that a later version of the program made go, too
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        connections.close_all()
        database = connection.get_connection_params()["dbname"]
        options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
        _run("pg_restore", *options, f"--dbname={database}", str(source))


# ---- SQLite -----------------------------------------------------------------------------------------------------


def _live() -> Path:
    return Path(settings.DATABASES["default"]["NAME"])


@contextmanager
def _opened(path: Path, *, write: bool) -> Iterator[sqlite3.Connection]:
    mode = "rwc" if write else "ro"
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=_BUSY)) as opened:
            yield opened
    except sqlite3.Error as error:
        raise BackupFailed(f"{path}: {error}") from error


def _copy_sqlite(source: Path, target: Path) -> None:
    """All pages in one step: a copy of one moment, beside whoever writes meanwhile."""
    with _opened(source, write=False) as given, _opened(target, write=True) as taken:
        given.backup(taken)
        taken.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _check_sqlite(path: Path) -> None:
    with _opened(path, write=False) as opened:
        found = opened.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise BackupFailed(f"{path} is damaged: {found}")
        if not opened.execute("SELECT 1 FROM sqlite_master WHERE name = 'determinations_archive'").fetchone():
            raise BackupFailed(f"{path} is no backup of an archive")


# ---- PostgreSQL -------------------------------------------------------------------------------------------------


def _check_dump(path: Path) -> None:
    """Read a dump to its end: its list of contents stands at its beginning, also of one that is cut off."""
    _run("pg_restore", f"--file={os.devnull}", str(path))


def _run(program: str, *arguments: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise BackupFailed(f"the program {program} is not on the path; it comes with PostgreSQL’s client")
    told = connection.get_connection_params()
    variables = {variable: str(told[name]) for name, variable in _VARIABLES.items() if told.get(name)}
    done = subprocess.run(  # noqa: S603  the program and its arguments are ours
        [path, *arguments], env=os.environ | variables, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupFailed(f"{program}: {done.stderr.strip() or done.returncode}")
