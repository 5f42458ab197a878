"""Decisions counted as rows: whatever way words take to their rows, the numbers are the engine's own."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from determinations import search
from determinations.ingest import ingest_paths
from determinations.models import Case
from determinations.search import DecisionQuery, generations, masks, matching
from determinations.search.files import DamagedFiles
from determinations.search.rows import CODED, FOLDER, RowFiles, RowWriter, verify
from tests.conftest import SAMPLES

pytestmark = pytest.mark.any_database

WORDS = [
    "knee",
    "pain",
    "xyzzy",
    "the",
    "physical therapy",
    '"physical therapy"',
    '"medically necessary"',
    '"functional restoration program"',
    "MRI OR therapy",
    "pain -knee",
    "NOT pain",
    "(knee OR shoulder) AND NOT surgery",
    "gaba*",
    '"physical ther*"',
    "lumbar NEAR/5 MRI",
    "drug:norco",
    "heading:therapy outcome:upheld",
    "outcome:overturned OR knee",
    "NOT outcome:upheld",
    "outcome:nonsense OR knee",
    "CM17-0990014",
]
FILTERS = [
    {},
    {"chosen": {"outcome": {"upheld"}}},
    {"excluded": {"outcome": {"upheld"}}},
    {"chosen": {"sex": {"female"}}, "excluded": {"outcome": {"overturned"}}},
]
QUERIES = [DecisionQuery(words=words, **filters) for words in ("", *WORDS) for filters in FILTERS]


def assert_counted_as_the_engine_does():
    """Decisions, letters, and the outcomes under each search."""
    told = 0
    for query in QUERIES:
        found = search.find(query, limit=1000)
        told += found.decisions
        assert found.decisions == search.walk(query).total == search.count(query) == len(found.item_ids), query
        assert found.letters == Case.objects.filter(items__in=found.item_ids).distinct().count(), query
        counts = search.facets(query)
        for outcome in ("upheld", "overturned"):
            assert counts["outcome"][outcome] == search.walk(query.choosing("outcome", outcome)).total, query
        for age in counts["age"]:
            assert counts["age"][age] == search.walk(query.choosing("age", age)).total, query
    assert told > 1_000


@pytest.fixture
def forgetful(monkeypatch):
    """Nothing that was counted in another way is remembered."""
    from determinations.search import finding

    for module in (finding, matching):
        module._memory.clear()
    yield monkeypatch
    for module in (finding, matching):
        module._memory.clear()


@pytest.mark.django_db
@pytest.mark.parametrize(("listed", "blocks"), [(400_000, 60_000), (0, 60_000), (0, 1), (80, 2)])
def test_listed_or_added_up_in_blocks_the_numbers_are_the_same(listed, blocks, forgetful):
    forgetful.setattr(masks, "LISTED", listed)
    forgetful.setattr(masks, "_BLOCKS", blocks)
    assert_counted_as_the_engine_does()


@pytest.mark.django_db
def test_frequent_terms_are_kept_and_followed_by_what_comes_later(forgetful, empty_archive):
    """Kept for the rows of the day on which the index was built; letters come, are replaced and go afterwards."""
    forgetful.setattr(matching, "_WORTH_KEEPING", 0)
    forgetful.setattr(matching, "_KEPT_PART", {"text": 0.1, "runs": 0.1})
    letters = sorted(SAMPLES.glob("*.txt"))
    ingest_paths(letters[::2], jobs=1)
    search.rebuild()
    index = generations.snapshot()
    assert index.kept.mask(("text", "pain")).sum() == index.searcher.doc_freq("text", "pain")
    assert index.kept.mask(("text", "xyzzy")) is None
    assert_counted_as_the_engine_does()
    ingest_paths(letters, jobs=1)
    Case.objects.filter(pk__in=Case.objects.order_by("pk").values_list("pk", flat=True)[:9]).update(index_pending=True)
    search.index_pending()
    index = generations.snapshot()
    assert index.kept.rows < index.searcher.num_docs < index.rows.count
    assert_counted_as_the_engine_does()
    assert search.check().agrees


# ---- files --------------------------------------------------------------------------------------------------------

decisions = st.lists(
    st.tuples(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=8), min_size=len(CODED),
                 max_size=len(CODED)),
        st.integers(1, 2**32 - 1),
        st.integers(0, 3_000_000),
    ),
    max_size=20,
)  # fmt: skip


def write(folder, rows, *, flush=True):
    writer = RowWriter(folder)
    numbers = [writer.append(dict(zip(CODED, values, strict=True)), letter, day) for values, letter, day in rows]
    if flush:
        writer.flush()
    else:
        writer._write(sync=False)
    return numbers


def read(folder, count):
    """The rows as they were given."""
    files = RowFiles(folder)
    view, tables = files.view(count), files._tables
    return [
        (
            [tables[name][view.columns[name][row]] for name in CODED],
            int(view.columns["letter"][row]),
            int(view.columns["day"][row]),
        )
        for row in range(count)
    ]


@settings(max_examples=40)  # each of them waits for the disk some ten times
@given(st.lists(decisions, min_size=1, max_size=4), decisions)
def test_rows_are_appended_and_read_and_what_a_killed_writer_left_is_overwritten(tmp_path_factory, parts, lost):
    folder = tmp_path_factory.mktemp("generation")
    written = []
    for part in parts:
        write(folder, lost, flush=False)
        assert write(folder, part) == list(range(len(written), len(written) + len(part)))
        written += part
        assert read(folder, len(written)) == written
        verify(folder)


def test_a_reader_knows_no_value_that_a_killed_writer_left(tmp_path):
    write(tmp_path, [(["outcome:upheld"] * len(CODED), 1, 0)])
    write(tmp_path, [(["outcome:nonsense"] * len(CODED), 2, 0)], flush=False)
    files = RowFiles(tmp_path)
    assert files.view(1).codes["verdict"] == 1
    write(tmp_path, [(["outcome:overturned"] * len(CODED), 3, 0)])
    view = files.view(2)
    members = files.spread("verdict", None, lambda key: [tuple(key.split(":"))])
    assert members.counts(np.bincount(view.columns["verdict"])) == {"outcome": {"upheld": 1, "overturned": 1}}


def test_a_reader_sees_what_was_added_and_keeps_what_it_saw(tmp_path):
    rows = [([f"outcome:{number}"] * len(CODED), number + 1, 0) for number in range(10)]
    write(tmp_path, rows[:4])
    files = RowFiles(tmp_path)
    before = files.view(4)
    write(tmp_path, rows[4:])
    after = files.view(10)
    assert list(before.columns["letter"]) == [1, 2, 3, 4]
    assert (before.codes["verdict"], after.codes["verdict"]) == (4, 10)
    assert list(after.columns["letter"]) == list(range(1, 11))


@pytest.mark.parametrize("name", ["letter.u32", "verdict.u32", "verdict.values"])
@pytest.mark.parametrize(("harm", "said"), [("cut", "cut off"), ("alter", "altered"), ("remove", "missing")])
def test_damage_is_told_by_the_checksums(tmp_path, name, harm, said):
    write(tmp_path, [([f"outcome:{number}"] * len(CODED), number, 0) for number in range(50)])
    path = tmp_path / FOLDER / name
    data = path.read_bytes()
    if harm == "remove":
        path.unlink()
    else:
        path.write_bytes(data[:-20] if harm == "cut" else data[:30] + b"x" + data[31:])
    with pytest.raises(DamagedFiles, match=f"{name} is {said}"):
        verify(tmp_path)


def test_a_column_that_is_cut_off_is_not_read(tmp_path):
    write(tmp_path, [(["outcome:upheld"] * len(CODED), 1, 0)] * 50)
    files = RowFiles(tmp_path)
    files.view(50)
    path = tmp_path / FOLDER / "day.u32"
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(DamagedFiles, match=r"day\.u32 is cut off"):
        files.look()


def test_sums_that_cannot_be_read_are_damage(tmp_path):
    write(tmp_path, [])
    (tmp_path / FOLDER / "sums.json").write_text(json.dumps({"rows": "many"}), encoding="utf-8")
    with pytest.raises(DamagedFiles):
        RowWriter(tmp_path)


def test_a_value_of_two_lines_is_refused(tmp_path):
    with pytest.raises(ValueError, match="more than one line"):
        write(tmp_path, [(["one\ntwo"] * len(CODED), 1, 0)])


@given(st.sets(st.integers(0, 300), max_size=200))
def test_sums_of_bits_become_the_rows_again(rows):
    """What the engine answers, block by block, for any rows."""
    sums = {}
    for row in rows:
        place = masks.slot(row)
        sums[place["block"]] = sums.get(place["block"], 0) + place["weight"]
    mask = np.zeros(301, bool)
    masks._set_bits(mask, [{"key": float(block), "bits": {"value": float(total)}} for block, total in sums.items()])
    assert set(np.flatnonzero(mask)) == rows
