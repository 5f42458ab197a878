"""Index and database held against each other, the index's files, and what the site does while they are damaged."""

import io
import json
import re
import shutil
import time
import uuid
import zlib

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from determinations import search
from determinations.models import Case, DisputedItem
from determinations.search import DecisionQuery, SearchUnavailable, checking, files, generations, index, masks
from tests.pages import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def indexed(sampled):
    """The samples, with an index that is this test's own."""


def call(*arguments) -> tuple[int, str]:
    """Exit status and output of a command."""
    out = io.StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=out)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}"
    return 0, out.getvalue()


def generation_folder(settings):
    [folder] = [path for path in settings.SEARCH_INDEX_DIR.iterdir() if path.is_dir()]
    return folder


# ---- what differs -----------------------------------------------------------------------------------------------


def write(change) -> None:
    """Change the live index behind the database's back."""
    with index.writing():
        writer = index._Writer(generations.live().path)
        change(writer)
        writer.commit()
        writer.close()


def a_case() -> Case:
    """A case of several decisions."""
    return Case.objects.get(number="CM16-0990003")


def lose(case):
    write(lambda writer: writer._writer.delete_documents_by_term("case", str(case.pk)))


def double(case):
    write(lambda writer: writer.add([case.pk]))


def change(case):
    case.save()
    Case.objects.filter(pk=case.pk).update(index_pending=False)


def drop_decisions(case):
    case.items.all().delete()


def drop(case):
    case.delete()


@pytest.mark.parametrize(
    ("kind", "harm"),
    [("missing", lose), ("doubled", double), ("stale", change), ("surplus", drop_decisions), ("surplus", drop)],
    ids=["missing", "doubled", "stale", "surplus decisions", "surplus letter"],
)
@pytest.mark.parametrize("window", [1, 7, 50_000])
def test_what_differs_is_told_by_kind_and_mended(kind, harm, window, indexed, monkeypatch):
    monkeypatch.setattr(checking, "_DECISIONS_A_WINDOW", window)
    case = a_case()
    key, decisions = case.pk, case.items.count()
    harm(case)
    found = search.check()
    assert {name: difference.decisions for name, difference in found.differences.items() if difference.decisions} == {
        kind: decisions
    }
    name = "CM16-0990003" if Case.objects.filter(pk=key).exists() else f"case {key}, which is no more"
    assert (found.differences[kind].cases, found.differences[kind].more) == ([name], False)
    assert (found.decisions, found.agrees) == (DisputedItem.objects.count(), False)

    status, printed = call("check_index")
    assert status == 1
    assert f"{kind}: {decisions} decision(s)" in printed
    assert name in printed
    assert not search.check().agrees, "without --fix nothing is changed"

    status, printed = call("check_index", "--fix")
    assert status == 0, printed
    assert "Mended: " in printed
    assert f"agree; {DisputedItem.objects.count()} decision(s) compared" in printed
    assert search.check().agrees
    assert search.find(DecisionQuery()).decisions == DisputedItem.objects.count()
    assert search.find(DecisionQuery()).letters == Case.objects.filter(items__isnull=False).distinct().count()


def test_every_kind_at_once(indexed):
    cases = list(Case.objects.filter(items__isnull=False).distinct()[:4])
    for case, harm in zip(cases, (lose, double, change, drop), strict=True):
        harm(case)
    found = search.check(mark=True)
    assert all(difference.decisions for difference in found.differences.values())
    search.mend(found)
    assert search.check().agrees


def test_what_awaits_the_index_is_no_fault_but_said(indexed):
    case = a_case()
    case.items.first().delete()
    Case.objects.filter(pk=case.pk).update(index_pending=True)
    Case.objects.filter(number="CM17-0990001").update(index_pending=True, determination="Uphold")
    status, printed = call("check_index")
    assert status == 0
    assert "2 letter(s) await indexing, which is no fault" in printed
    assert "agree" in printed


def test_decisions_that_share_a_row_are_miscounted_and_mended_by_a_rebuild(indexed, monkeypatch):
    """The engine holds every decision as it is then, but they are counted in the wrong place."""
    monkeypatch.setattr(index, "slot", lambda _: masks.slot(7))
    write(lambda writer: writer.replace([a_case().pk]))
    monkeypatch.undo()
    found = search.check()
    assert (found.different, found.agrees) == (0, False)
    assert re.search(r"\d+ decisions stand in \d+ rows", call("check_index")[1])
    assert call("check_index", "--fix")[0] == 0
    assert search.check().agrees


def test_counts_that_are_not_what_is_found_are_mended_by_a_rebuild(indexed, settings):
    """Files beside the engine whose checksums are right and whose numbers are not."""
    column = generation_folder(settings) / "rows" / "verdict.u32"
    numbers = np.fromfile(column, "<u4")
    numbers[numbers == numbers[0]] = max(numbers)
    numbers.tofile(column)
    sums = column.with_name("sums.json")
    kept = json.loads(sums.read_bytes())
    kept["files"][column.name][1] = zlib.crc32(column.read_bytes())
    sums.write_text(json.dumps(kept), encoding="utf-8")
    found = search.check()
    assert "its counts are not what it finds, of " in found.damage
    assert call("check_index", "--fix")[0] == 0
    assert search.check().agrees


def test_an_empty_archive_agrees_with_its_index(empty_archive):
    search.sync()
    assert search.check().agrees


# ---- files ------------------------------------------------------------------------------------------------------


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path):
    path.write_bytes(b"")


def remove(path):
    path.unlink()


def alter(path):
    content = bytearray(path.read_bytes())
    for place in range(len(content) // 3, len(content) // 3 + 16):
        content[place] ^= 0xFF
    path.write_bytes(content)


HARMS = [cut, empty, remove, alter]
KINDS = ["fast", "fieldnorm", "idx", "pos", "store", "term", "u32", "values", "json"]


def harm_files(settings, kind, harm):
    """Damage an index that no process has open: a copy, which is then the live one."""
    before = generation_folder(settings)
    folder = before.with_name(uuid.uuid4().hex)
    before.rename(folder)
    place = folder / "rows" if kind == "json" else folder
    for path in [folder / "meta.json"] if kind == "meta" else place.rglob(f"*.{kind}"):
        harm(path)
    pointer = settings.SEARCH_INDEX_DIR / "current.json"
    pointer.write_text(json.dumps(json.loads(pointer.read_text()) | {"generation": folder.name}))


@pytest.mark.any_database
@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("kind", [*KINDS, "meta"])
def test_any_damage_to_any_file_is_told_and_mended(kind, harm, indexed, settings):
    harm_files(settings, kind, harm)
    status, printed = call("check_index")
    assert status == 1
    assert re.search(
        r"The search index cannot be used: .*" + ("meta.json" if kind == "meta" else rf"\.{kind} is"), printed
    )
    assert "is being built anew: it is damaged: " in call("sync_index")[1]
    assert call("check_index")[0] == 0
    assert search.find(DecisionQuery()).letters == Case.objects.count()


def test_check_index_rebuilds_a_damaged_index_with_fix(indexed, settings):
    harm_files(settings, "idx", alter)
    status, printed = call("check_index", "--fix")
    assert status == 0
    assert "idx is altered" in printed
    assert "agree" in printed


@pytest.mark.any_database
@pytest.mark.parametrize("harm", [cut, empty, remove])
@pytest.mark.parametrize("kind", [*KINDS, "meta"])
def test_with_files_cut_off_or_gone_search_is_unavailable_and_all_else_goes_on(
    kind, harm, indexed, settings, client, caplog
):
    harm_files(settings, kind, harm)
    for path in ("/", "/decisions/", "/decisions/?q=knee"):
        response = client.get(path)
        assert response.status_code == 503
        assert response["Retry-After"] == "60"
        assert "search index is being built or repaired" in page(response).text
    for path in ("/decisions.csv", "/decisions.jsonl", "/decisions.atom", "/api/v1/decisions"):
        assert client.get(path).status_code == 503, path
    for path in ("/api/", "/robots.txt", "/opensearch.xml", "/cases/cm16-0990003/items/1/similar/", "/compare/"):
        assert client.get(path).status_code in (200, 503), path
    about = client.get("/about/")
    assert about.status_code == 200
    assert "search index is being built or repaired" in page(about).text
    assert client.get("/cases/cm16-0990003/").status_code == 200
    assert client.get("/cases/cm16-0990003/source/").status_code == 200
    health = client.get("/healthz")
    assert (health.status_code, json.loads(health.content)["search"]) == (503, False)
    said = [record for record in caplog.records if "is damaged" in record.getMessage()]
    assert len(said) == 1, "once, not with every visit"
    assert "manage.py sync_index" in said[0].getMessage()
    generation_folder(settings)  # one still: nothing was built by a visit


def test_altered_files_are_found_out_after_a_search_failed(indexed, settings):
    harm_files(settings, "idx", alter)
    generations.suspect(generations.snapshot().version)
    for _ in range(100):
        try:
            generations.snapshot()
        except SearchUnavailable:
            break
        time.sleep(0.02)
    with pytest.raises(SearchUnavailable, match="damaged"):
        search.find(DecisionQuery())
    search.sync()
    assert search.find(DecisionQuery()).letters == Case.objects.count()


def test_a_whole_index_is_suspected_in_vain(indexed, settings):
    generations._compare_checksums(generations.snapshot().version)
    assert search.find(DecisionQuery()).letters == Case.objects.count()
    files.verify(generation_folder(settings))


def test_pages_where_the_engine_fails(client, no_index, monkeypatch):
    """As when bytes are altered: the engine panics with a search."""
    search.sync()  # an index that nothing is remembered of

    def fail(*_):
        raise search.SearchError("the search engine failed on this query")

    monkeypatch.setattr("determinations.search.finding.counting.Tally.totals", fail)
    assert client.get("/").status_code == 503
    assert client.get("/about/").status_code == 200
    assert client.get("/healthz").status_code == 503
    assert client.get("/cases/cm16-0990003/").status_code == 200


def test_leftovers_of_killed_rebuilds_are_removed_by_the_next_writer(indexed, settings):
    dead = settings.SEARCH_INDEX_DIR / uuid.uuid4().hex
    shutil.copytree(generation_folder(settings), dead)
    search.index_pending()
    assert not dead.exists()
    assert search.find(DecisionQuery()).letters == Case.objects.count()
