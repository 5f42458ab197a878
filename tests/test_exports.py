"""A result set as a file: everything that was found, in constant memory, and safe to open."""

import csv
import gzip
import http.client
import io
import json
import os
import re
import signal
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from determinations import downloads, exports, limiting, records, search
from determinations.models import DisputedItem
from tests.archives import archive
from tests.conftest import ROOT
from tests.pages import leave
from tests.servers import site

pytestmark = pytest.mark.django_db


def body(response):
    return b"".join(response.streaming_content)


def rows(response):
    return list(csv.DictReader(io.StringIO(body(response).decode("utf-8-sig"), newline="")))


def found(**asked):
    return search.find(search.DecisionQuery(**asked), limit=1000)


# ---- what is in it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["csv", "json", "jsonl"])
@pytest.mark.parametrize(
    ("parameters", "asked"),
    [
        ("", {}),
        ("?q=therapy", {"words": "therapy"}),
        ("?outcome=overturned", {"chosen": {"outcome": {"overturned"}}}),
        ("?outcome=overturned&sort=oldest&page=3", {"chosen": {"outcome": {"overturned"}}}),
        ("?q=xyzzy", {"words": "xyzzy"}),
    ],
)
def test_every_format_has_all_decisions_of_the_search(client, suffix, parameters, asked):
    response = client.get(f"/decisions.{suffix}{parameters}")
    text = body(response).decode("utf-8-sig")
    if suffix == "csv":
        urls = [row["url"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    elif suffix == "jsonl":
        urls = [json.loads(line)["url"] for line in text.splitlines()]
    else:
        urls = [one["url"] for one in json.loads(text)["decisions"]]
    items = DisputedItem.objects.filter(pk__in=found(**asked).item_ids)
    assert sorted(urls) == sorted("http://testserver" + item.get_absolute_url() for item in items)
    assert response["X-Total-Count"] == str(len(items))


@pytest.mark.parametrize("sort", ["newest", "oldest", "number", "longest"])
def test_they_come_in_the_order_of_the_page(client, sort):
    urls = [row["url"] for row in rows(client.get(f"/decisions.csv?sort={sort}&q=therapy"))]
    items = DisputedItem.objects.select_related("case").in_bulk()
    ids = found(words="therapy", sort=search.Sort(sort)).item_ids
    assert urls == ["http://testserver" + items[pk].get_absolute_url() for pk in ids]


def test_instead_of_by_relevance_the_newest_come_first(client):
    days = [row["date_decision"] for row in rows(client.get("/decisions.csv?q=therapy"))]
    assert days == sorted(days, reverse=True)


def test_the_relation_of_a_record_is_the_facet_of_that_name(client):
    told = [json.loads(line)["relation"] for line in body(client.get("/decisions.jsonl")).decode().splitlines()]
    counts = search.facets(search.DecisionQuery())["relation"]
    assert {value: told.count(value) for value in set(told)} == {value: n for value, n in counts.items() if n}


def test_a_json_file_says_at_its_end_that_it_is_complete(client):
    text = body(client.get("/decisions.json?q=therapy")).decode()
    data = json.loads(text)
    assert data["complete"] is True
    assert data["count"] == data["total"] == len(data["decisions"]) > 5
    assert text.rstrip().endswith(f'"count":{data["count"]},"complete":true}}')


def test_json_has_the_record_and_csv_its_columns(client):
    [one] = [
        json.loads(line)
        for line in body(client.get("/decisions.jsonl")).decode().splitlines()
        if "/cm16-0990003/#item-1" in line
    ]
    item = DisputedItem.objects.get(case__slug="cm16-0990003", position=1)
    assert one == records.decisions([item.pk], "http://testserver")[0]
    assert one["rationale"] == item.rationale
    assert one["clinical_summary"] == item.case.clinical_summary
    assert one["dates"]["decision"] == item.case.decision_date.isoformat()
    [row] = [row for row in rows(client.get("/decisions.csv")) if row["url"].endswith("/cm16-0990003/#item-1")]
    assert row["title"] == item.title
    assert row["outcome"] == item.outcome
    assert row["rationale"] == item.rationale
    assert row["category"] == str(item.category.parent or item.category)
    assert row["reviewer_guidelines"].split(exports.LIST_MARK)
    assert row["licensed_states"].split(exports.LIST_MARK) == item.case.reviewer.licensed_states


def test_lists_are_joined_and_absent_values_are_empty(client):
    shown = rows(client.get("/decisions.csv"))
    several = [row for row in shown if exports.LIST_MARK in row["board_certifications"] + row["subspecialties"]]
    assert several
    undated = [row for row in shown if not row["case_number"]]
    assert undated
    assert {row["date_decision"] for row in undated} == {""}


# ---- safe to open -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("MRI of the knee", "MRI of the knee"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\nx", "'\nx"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("'quoted'", "''quoted'"),
        (None, ""),
        (12, "12"),
    ],
)
def test_no_cell_is_a_formula(value, cell):
    assert exports.defused(value) == cell


@given(st.text())
def test_every_cell_can_be_had_back(text):
    cell = exports.defused(text)
    assert cell.removeprefix("'") == text
    assert not re.match(r"\s*[=+\-@]|[\t\r\n]", cell)


def test_a_hostile_heading_is_defused_and_survives_the_way(client, empty_archive, many_letters):
    hostile = '=cmd|"/c calc"!A1, "quoted"\nand a line'
    many_letters(1)
    DisputedItem.objects.filter(position=1).update(title=hostile)
    [row] = [row for row in rows(client.get("/decisions.csv")) if row["item"] == "1"]
    assert row["title"] == "'" + hostile


def test_a_spreadsheet_sees_that_csv_is_utf_8(client):
    assert body(client.get("/decisions.csv?q=xyzzy")).startswith(b"\xef\xbb\xbfurl,case_number,")


def test_lone_halves_of_characters_do_not_cut_a_file():
    text = "".join(exports.FORMATS["jsonl"].write([[{"x": "\ud800"}]], 1))
    assert text.encode("utf-8", "replace") == b'{"x":"?"}\n'


# ---- headers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "content_type", "name"),
    [
        ("/decisions.csv", "text/csv; charset=utf-8", r"imr-decisions-\d{4}-\d\d-\d\d\.csv"),
        ("/decisions.json", "application/json", r"imr-decisions-\d{4}-\d\d-\d\d\.json"),
        ("/decisions.jsonl?q=Physical+Therapy", "application/jsonl", r"imr-decisions-physical-therapy-[\d-]+\.jsonl"),
        ('/decisions.csv?q="%0d%0ax"/../', "text/csv; charset=utf-8", r"imr-decisions-x-[\d-]+\.csv"),
    ],
)
def test_a_file_has_a_name_and_a_type(client, address, content_type, name):
    response = client.get(address)
    assert response["Content-Type"] == content_type
    assert re.fullmatch(rf'attachment; filename="{name}"', response["Content-Disposition"])
    assert response["X-Content-Type-Options"] == "nosniff"
    leave(response)


def test_it_is_compressed_where_that_is_accepted(client):
    plain = body(client.get("/decisions.json"))
    response = client.get("/decisions.json", headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response["Vary"]
    packed = body(response)
    assert gzip.decompress(packed) == plain
    assert len(packed) < len(plain) / 3


def test_what_has_not_changed_is_not_sent_again(client, empty_archive, many_letters):
    many_letters(2)
    first = client.get("/decisions.csv")
    body(first)
    again = {"if-none-match": first["ETag"]}
    assert client.get("/decisions.csv", headers=again).status_code == 304
    other = client.get("/decisions.csv?outcome=upheld", headers=again)
    assert other.status_code == 200
    body(other)
    many_letters(1)
    body(client.get("/decisions.csv", headers=again))


def test_head_has_the_headers_and_no_body(client):
    response = client.head("/decisions.csv?outcome=upheld")
    assert response.status_code == 200
    assert int(response["X-Total-Count"]) == DisputedItem.objects.filter(outcome="Upheld").count()
    assert body(response) == b""


def test_pages_of_other_sites_may_read_it(client):
    response = client.get("/decisions.csv", headers={"origin": "https://example.org"})
    assert response["Access-Control-Allow-Origin"] == "*"
    leave(response)
    assert "Access-Control-Allow-Origin" not in client.get("/decisions/", headers={"origin": "https://example.org"})


# ---- what cannot be answered --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ("?outcome=won", "outcome: “won” is not known here."),
        ("?colour=red", "colour: There is no such parameter here."),
        ("?q=" + "a" * 401, "q: This is too long; 400 characters are the most."),
        ("?year=2015&year=1066", "year: “1066” is not known here."),
    ],
)
def test_a_filter_that_is_not_understood_gives_no_larger_file(client, parameters, told):
    response = client.get("/decisions.csv" + parameters)
    assert response.status_code == 400
    text = re.sub(r"<[^>]+>", "", response.content.decode())
    assert told in text


def test_without_an_index_it_says_so(client, no_index):
    response = client.get("/decisions.csv")
    assert response.status_code == 503
    assert response["Retry-After"] == "30"


def test_a_client_that_asks_too_often_is_told_when_to_come_back(client, settings):
    settings.LIMITS = settings.LIMITS | {"exports": "3/minute"}
    for _ in range(3):
        body(client.get("/decisions.csv?q=xyzzy"))
    response = client.get("/decisions.csv?q=xyzzy")
    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 60
    assert "No more than 3 requests a minute" in response.content.decode()
    assert client.get("/decisions/").status_code == 200


def test_a_place_is_taken_while_a_file_is_sent_and_given_back_when_the_client_goes(client, settings, monkeypatch):
    settings.EXPORTS_AT_ONCE = 1
    monkeypatch.setattr(downloads, "_places", limiting.Places())  # an answer that no test has closed may hold another
    sending = client.get("/decisions.csv")
    assert client.get("/decisions.json").status_code == 429
    assert client.get("/decisions/").status_code == 200
    leave(sending)
    second = client.get("/decisions.json")
    assert second.status_code == 200
    leave(second)
    third = client.get("/decisions.json", headers={"accept-encoding": "gzip"})
    leave(third)
    body(client.get("/decisions.json"))


# ---- its cost -----------------------------------------------------------------------------------------------------


def test_a_batch_costs_the_same_number_of_queries_whatever_its_size(empty_archive, many_letters):
    many_letters(400)
    ids = list(DisputedItem.objects.values_list("id", flat=True))
    records.decisions(ids[:1], "")  # reads the names
    numbers = set()
    for size in (2, 20, 400, 800):
        with CaptureQueriesContext(connection) as asked:
            assert len(records.decisions(ids[:size], "")) == size
        numbers.add(len(asked))
    assert numbers == {7}


@pytest.mark.processes
@pytest.mark.any_database
def test_a_large_export_takes_no_more_memory_than_a_small_one(tmp_path):
    """12,000 decisions of some kilobytes under the real web server: its memory does not grow with their number."""
    with archive(tmp_path / "large") as large:
        write = "from determinations import search; from tests import many; many.letters(6_000, repeat=20); "
        large.run("shell", "--verbosity", "0", "--command", write + "search.sync()")
        with site(large, IMR_LIMIT_EXPORTS="off") as server:
            assert server.count("/decisions.jsonl?year=2014") > 1_000  # everything is loaded now
            peak = _Peak(server.worker())
            with peak:
                assert server.count("/decisions.jsonl") == 12_000
            # The file has some 60 MB, and twice that as objects. The database may keep 64 MB of its pages in memory.
            assert peak.megabytes < peak.before + 64 + 50
            _cut_connections_free_their_place(server)
            _what_is_cut_off_is_seen_to_be(server)


class _Peak:
    """The most memory of its own that a process has while the block runs, in megabytes."""

    def __init__(self, pid):
        self._pid = pid
        self._over = threading.Event()
        self.before = self.megabytes = self._now()

    def _now(self):
        status = Path(f"/proc/{self._pid}/status").read_text(encoding="ascii")
        return int(re.search(r"RssAnon:\s+(\d+) kB", status)[1]) / 1024

    def _watch(self):
        while not self._over.wait(0.02):
            self.megabytes = max(self.megabytes, self._now())

    def __enter__(self):
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()


def _cut_connections_free_their_place(server):
    host = server.url.removeprefix("http://")
    for _ in range(4):  # twice as many as may be sent at once
        connected = http.client.HTTPConnection(host, timeout=10)
        connected.request("GET", "/decisions.jsonl")
        answer = connected.getresponse()
        assert answer.status == 200, answer.read()
        answer.read(1000)
        answer.close()
        connected.close()
        _until(lambda: _status(server.url + "/decisions.csv?q=xyzzy") == 200)


def _what_is_cut_off_is_seen_to_be(server):
    """The server dies while it sends: no client can take what it got for the whole."""
    with urllib.request.urlopen(server.url + "/decisions.json", timeout=10) as answer:
        begun = answer.read(100_000)
        os.kill(server.worker(), signal.SIGKILL)
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            answer.read()
    assert not begun.rstrip().endswith(b'"complete":true}')


def _status(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            answer.read()
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def _until(condition):
    for _ in range(200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come about")


# ---- the columns and their description ----------------------------------------------------------------------------


def test_the_columns_are_described_in_their_order():
    text = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    section = text.split("### The columns of CSV", 1)[1].split("\n## ", 1)[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(exports.COLUMNS)


def test_the_keys_of_a_record_are_described(client):
    text = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    section = text.split("### The record of a decision", 1)[1].split("\n### ", 1)[0]
    item = DisputedItem.objects.first()
    described = re.findall(r"`(\w+)`", section.split("\n| key |", 1)[1])
    assert set(records.decisions([item.pk], "")[0]) <= set(described)
