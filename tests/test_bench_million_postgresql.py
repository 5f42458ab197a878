"""The generated letters in PostgreSQL are those in SQLite, in a database as the migrations make it."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection

from tests.archives import ROOT, archive
from tests.archives import Archive as SQLiteArchive

pytestmark = [pytest.mark.processes, pytest.mark.django_db]

LETTERS = 30
# Every row of the tables that are filled, as Django reads it from either database.
ROWS = """
import json
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
found = {}
for name in ("case", "lettersource", "disputeditem", "guidelinecitation", "parseissue"):
    model = apps.get_model("determinations", name)
    rows = [dict(row) for row in model.objects.order_by("pk").values()]
    for row in rows:
        for key, value in row.items():
            row[key] = bytes(value).hex() if isinstance(value, (bytes, memoryview)) else value
    found[name] = rows
print(json.dumps(found, cls=DjangoJSONEncoder))
"""
SCHEMA = """
SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL
SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace ORDER BY 1
"""
NEXT = """
from determinations.models import Case, GuidelineCitation
last, cited = Case.objects.order_by("pk").last(), GuidelineCitation.objects.order_by("pk").last()
made = Case.objects.create(slug="new", reviewer=last.reviewer)
new = GuidelineCitation(item=cited.item, side=cited.side, position=99, mtus=True, wording=cited.wording)
new.save()
print(made.pk - last.pk, new.pk - cited.pk)
"""


def rows(of):
    return json.loads(of.run("shell", "--verbosity", "0", "--command", ROWS).splitlines()[-1])


def schema(url):
    import psycopg

    with psycopg.connect(url) as database:
        return [row[0] for row in database.execute(SCHEMA)]


@pytest.fixture
def generated(tmp_path):
    if connection.vendor != "postgresql":
        pytest.skip("needs a PostgreSQL server")
    with archive(tmp_path / "postgresql") as found:
        generate(found.database_url, found.environment)
        yield found


def generate(database, environment):
    command = [sys.executable, "-m", "bench.million", "--letters", str(LETTERS), "--variety", "0.02", "--workers", "1"]
    subprocess.run([*command, "--database", database], cwd=ROOT, env=environment, check=True, timeout=600)


def test_rows_schema_and_numbers_to_come(generated, tmp_path):
    other = SQLiteArchive(tmp_path / "sqlite")
    other.folder.mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "TEST_DATABASE_URL"}
    generate(str(other.folder / "archive.sqlite3"), environment | other.environment)
    made, expected = rows(generated), rows(other)
    assert len(expected["case"]) == LETTERS
    for table, some in expected.items():
        assert made[table] == some, table
    with archive(tmp_path / "empty") as empty:
        assert schema(generated.database_url) == schema(empty.database_url)
    assert generated.run("shell", "--verbosity", "0", "--command", NEXT).split() == ["1", "1"]
