"""The searches that systems are compared with: said in each one's own words, and the tables of what was measured."""

import json
import sqlite3
from xml.etree import ElementTree

import pytest

from bench import queries, report
from bench.peers import datasette

WORD, OTHER, THIRD = ("word", "lumbar"), ("word", "mri"), ("word", "acute")
PHRASE = ("phrase", "low", "back", "pain")


@pytest.mark.parametrize(
    ("expression", "archive", "postgresql", "sqlite"),
    [
        (WORD, "lumbar", "'lumbar'", '"lumbar"'),
        (PHRASE, '"low back pain"', "('low' <-> 'back' <-> 'pain')", '"low back pain"'),
        (("and", WORD, OTHER), "lumbar mri", "('lumbar' & 'mri')", '"lumbar" AND "mri"'),
        (("or", WORD, OTHER), "(lumbar OR mri)", "('lumbar' | 'mri')", '("lumbar" OR "mri")'),
        (("and", WORD, ("not", OTHER)), "lumbar -mri", "('lumbar' & !'mri')", '("lumbar") NOT "mri"'),
        (
            ("and", PHRASE, ("or", WORD, OTHER), ("not", THIRD)),
            '"low back pain" (lumbar OR mri) -acute',
            "(('low' <-> 'back' <-> 'pain') & ('lumbar' | 'mri') & !'acute')",
            '("low back pain" AND ("lumbar" OR "mri")) NOT "acute"',
        ),
    ],
)
def test_an_expression_in_the_words_of_each_system(expression, archive, postgresql, sqlite):
    assert queries.archive_words(expression) == archive
    assert queries.tsquery(expression) == postgresql
    assert queries.fts5(expression) == sqlite


def test_sqlite_understands_what_it_is_asked():
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE t USING fts5(body, tokenize = 'porter unicode61')")
    rows = ["lumbar mri", "lumbar low back pain", "acute lumbar low back pain", "mri"]
    database.executemany("INSERT INTO t VALUES (?)", [(row,) for row in rows])
    asked = ("and", PHRASE, ("or", WORD, OTHER), ("not", THIRD))
    found = database.execute("SELECT body FROM t WHERE t MATCH ?", (queries.fts5(asked),)).fetchall()
    assert found == [("lumbar low back pain",)]


def test_datasette_is_asked_by_columns_and_lists():
    asked = queries.Asked("two filters", WORD, {"year": ("2016-03",), "state": ("CA",)})
    address = datasette.address("data", asked)
    assert address.startswith("/data/decision.json?")
    for part in ("_search=%22lumbar%22", "month__in=%5B%222016-03%22%5D", "state__arraycontains=CA"):
        assert part in address


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1), (0.5, 3), (0.95, 4), (1.0, 4)])
def test_a_percentile_is_a_measured_value(share, expected):
    assert report.percentile([4, 1, 3, 2], share) == expected


def search(kind, page, peer, totals=(7, 7)):
    times = {"engine": page / 2, "page": page, "postgresql": peer}
    decisions = {"engine": totals[0], "postgresql": totals[1]}
    return {"kind": kind, "asked": kind, "milliseconds": times, "processor": times, "decisions": decisions}


@pytest.fixture
def record():
    searches = [
        search("word", 10, 100),
        search("word", 20, 400),
        search("phrase", 30, None),
        search("word", 20, 10, (7, 8)),
    ]
    return {"letters": 5, "decisions": 11, "machine": "m", "workers": [], "searches": searches}


def test_the_table_tells_medians_ratios_failures_and_differences(record):
    table = report.table(record)
    assert "| word | 3 | 10 / 10 / 10 | 20 / 20 / 20 | 100 / 400 / 400 | 5.0 |" in table
    assert "| phrase | 1 | 15 / 15 / 15 | 30 / 30 / 30 | – | – |" in table
    assert "'postgresql': 1" in table
    assert "Totals as PostgreSQL: 3 of 4 equal" in table
    assert "word: word: 7 against 8" in table


def test_plots_are_drawn_of_every_size(record, tmp_path):
    paths = []
    for letters in (1_000, 10_000):
        paths.append(tmp_path / f"{letters}.json")
        paths[-1].write_text(json.dumps(record | {"letters": letters}))
    report.plots(paths, tmp_path / "plots")
    growth, kinds = (ElementTree.parse(tmp_path / "plots" / name).getroot() for name in ("growth.svg", "kinds.svg"))
    texts = {element.text for element in growth.iter("{http://www.w3.org/2000/svg}text")}
    assert {"1,000", "10,000"} <= texts
    assert len(list(kinds.iter("{http://www.w3.org/2000/svg}rect"))) > 6
