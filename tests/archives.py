"""Archives of their own for tests that run real processes: a folder and a database, and commands on them."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests import commands
from tests.commands import ROOT

__all__ = ["ROOT", "Archive", "archive", "copy", "on_sqlite", "with_samples"]

# Everything that an archive says, without what differs from run to run (ids, times), with the index's own counts.
_DUMP = """
import json
from determinations import search
from determinations.models import Case
cases = []
for case in Case.objects.order_by("slug"):
    cases.append({
        "slug": case.slug, "number": case.number, "decided": str(case.decision_date), "summary": case.clinical_summary,
        "pending": case.index_pending,
        "credentials": sorted(f"{c.role}: {c.wording.text}" for c in case.reviewer.credentials.all()),
        "sources": [[s.version, s.status, s.sha256] for s in case.sources.order_by("version")],
        "issues": sorted(case.issues.values_list("code", "start", "end")),
        "items": [
            [i.position, i.treatment, i.outcome, i.category and str(i.category), i.finding,
             [[c.side, c.position, c.text, c.wording.text] for c in i.citations.order_by("side", "position")]]
            for i in case.items.order_by("position")
        ],
    })
everything = search.DecisionQuery()
found = search.find(everything)
print(json.dumps({
    "cases": cases, "indexed": [found.decisions, found.letters],
    "facets": {name: sorted(counter.values()) for name, counter in search.facets(everything).items()},
}))
"""


_OWN = ("IMR_", "DATABASE_URL", "DJANGO_ALLOW")  # variables that are the tests' own


@dataclass
class Archive:
    """A folder, a database, and what its commands are run with."""

    folder: Path
    database_url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_OWN)}
        kept["IMR_VAR_DIR"] = str(self.folder)
        if self.database_url:
            kept["DATABASE_URL"] = self.database_url
        return kept

    def start(self, *arguments: str, **environment: str) -> commands.Command:
        """Start a command of manage.py in a process group of its own."""
        return commands.start(list(arguments), self.environment | environment)

    def run(self, *arguments: str, **environment: str) -> str:
        """Run a command of manage.py to its end and return what it printed; fails unless it ends well."""
        process = self.start(*arguments, **environment)
        printed, _ = process.communicate()
        assert process.returncode == 0, printed
        return printed

    def dump(self) -> dict:
        """All that the archive holds, as data that can be compared."""
        return json.loads(self.run("shell", "--verbosity", "0", "--command", _DUMP).splitlines()[-1])


@contextmanager
def archive(folder: Path) -> Iterator[Archive]:
    """An empty archive on the kind of database that the tests run on, gone afterwards."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with _database(folder, _empty_database(os.environ["TEST_DATABASE_URL"])) as made:
            _lay_static_files(folder)
            yield made
    else:
        yield on_sqlite(folder)


def on_sqlite(folder: Path) -> Archive:
    """An empty archive on SQLite, whatever the tests run on."""
    return _copied(folder, "migrate", "--verbosity", "0")


@contextmanager
def copy(made: Archive, folder: Path) -> Iterator[Archive]:
    """An archive that begins with all that another one holds, which stands still meanwhile; gone afterwards."""
    shutil.copytree(made.folder, folder, dirs_exist_ok=True)
    if made.database_url:
        with _database(folder, _name(made.database_url)) as copied:
            yield copied
    else:
        yield Archive(folder)


def with_samples(folder: Path) -> Archive:
    """An archive on SQLite as a new site has it: the sample letters, indexed."""
    return _copied(folder, "prepare", "--samples")


def _lay_static_files(folder: Path) -> None:
    """Begin with the static files of the tests themselves, so that nobody collects and compresses them again."""
    from django.conf import settings

    if Path(settings.STATIC_ROOT).is_dir():
        shutil.copytree(settings.STATIC_ROOT, folder / "static", dirs_exist_ok=True)


def _copied(folder: Path, *command: str) -> Archive:
    """What a command makes in an empty folder; it is made once by each process of the tests, and copied."""
    shutil.copytree(_made_once(command), folder, dirs_exist_ok=True)
    return Archive(folder)


@cache
def _made_once(command: tuple[str, ...]) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="imr-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _lay_static_files(folder)
    Archive(folder).run(*command)
    return folder


@contextmanager
def _database(folder: Path, template: str) -> Iterator[Archive]:
    """An archive on a PostgreSQL database that is copied of another one."""
    import psycopg
    from psycopg import sql

    folder.mkdir(parents=True, exist_ok=True)
    base = os.environ["TEST_DATABASE_URL"]
    name = f"imr_{os.getpid()}_{abs(hash(str(folder))) % 10**8}"
    with psycopg.connect(base, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    try:
        yield Archive(folder, _with_database(base, name))
    finally:
        with psycopg.connect(base, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@cache
def _empty_database(base: str) -> str:
    """The name of a database that has all tables and no rows, of which others are copied."""
    import psycopg
    from psycopg import sql

    name = f"imr_empty_{os.getpid()}"
    with psycopg.connect(base, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with tempfile.TemporaryDirectory() as folder:
        Archive(Path(folder), _with_database(base, name)).run("migrate", "--verbosity", "0")
    return name


def _with_database(url: str, name: str) -> str:
    from urllib.parse import urlsplit, urlunsplit

    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, f"/{name}", parts.query, parts.fragment))


def _name(url: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(url).path.lstrip("/")
