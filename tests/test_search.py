"""Finding decisions: words, exact totals, order, snippets, and an index that keeps step with the database."""

import json
import shutil
from datetime import timedelta
from itertools import pairwise

import pytest

from determinations import search
from determinations.ingest import ingest_paths
from determinations.models import Archive, Case, CredentialWording, DisputedItem, Specialty
from determinations.search import DecisionQuery, SearchUnavailable, Sort, finding
from tests import plain
from tests.conftest import SAMPLES

pytestmark = pytest.mark.django_db


def titles(words, **more):
    found = search.find(DecisionQuery(words=words, **more), limit=1000)
    items = DisputedItem.objects.in_bulk(found.item_ids)
    return [items[pk].title for pk in found.item_ids]


# ---- words ------------------------------------------------------------------------------------------------------


def test_every_word_must_occur_somewhere_in_the_decision():
    found = titles("acupuncture")
    assert found
    assert set(titles("acupuncture lumbar")) <= set(found)
    assert titles("acupuncture xyzzy") == []


def test_a_decision_about_the_thing_comes_before_a_passing_mention():
    assert "acupuncture" in titles("acupuncture")[0].lower()


def test_a_phrase_is_its_words_in_a_row():
    together, apart = titles('"physical therapy"'), titles("physical therapy")
    assert together
    assert len(together) <= len(apart)
    assert titles('"therapy physical"') == []


def test_a_word_with_a_minus_must_not_occur():
    everything, without = titles("knee"), titles("knee -arthroscopy")
    assert 0 < len(without) < len(everything)
    assert len(titles("-knee")) + len(everything) == DisputedItem.objects.count()


@pytest.mark.parametrize("typed", ["CM16-0990003", "cm16-0990003", "16-0990003"])
def test_a_case_number_finds_its_letter(typed):
    case = Case.objects.get(number="CM16-0990003")
    found = search.find(DecisionQuery(words=typed))
    assert set(found.item_ids) == set(case.items.values_list("pk", flat=True))
    assert found.letters == 1


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        "(((",
        "AND OR NOT",
        "heading:knee",
        "*",
        "a:b:c",
        "\\",
        "~2",
        "ord:5",
        "é" * 300,
        "\ud800",
        "'; DROP TABLE",
        "[1 TO 5]",
    ],
)
def test_nothing_that_is_typed_breaks_a_search(typed):
    found = search.find(DecisionQuery(words=typed))
    assert found.decisions >= len(found.item_ids)
    search.facets(DecisionQuery(words=typed))


# ---- totals, order, paging --------------------------------------------------------------------------------------


def test_totals_are_exact():
    found = search.find(DecisionQuery())
    assert (found.decisions, found.letters) == (DisputedItem.objects.count(), Case.objects.count())


@pytest.mark.parametrize(("sort", "newest_first"), [(Sort.NEWEST, True), (Sort.OLDEST, False), (Sort.RELEVANCE, True)])
def test_order_by_date_keeps_letters_together_and_undated_ones_last(sort, newest_first):
    found = search.find(DecisionQuery(sort=sort), limit=1000)
    items = DisputedItem.objects.select_related("case").in_bulk(found.item_ids)
    rows = [items[pk] for pk in found.item_ids]
    days = [row.case.decision_date for row in rows]
    dated = [day for day in days if day]
    assert dated == sorted(dated, reverse=newest_first)
    assert days[len(dated) :] == [None] * (len(days) - len(dated))
    for first, second in pairwise(rows):
        if first.case_id == second.case_id:
            assert first.position < second.position


def test_pages_have_no_gap_and_no_doubles():
    whole = search.find(DecisionQuery(sort=Sort.OLDEST), limit=1000).item_ids
    paged = []
    for offset in range(0, len(whole), 7):
        paged += search.find(DecisionQuery(sort=Sort.OLDEST), offset=offset, limit=7).item_ids
    assert paged == whole


@pytest.mark.parametrize("offset", [10**4, 10**6, 10**12])
def test_a_page_past_the_end_is_empty_and_cheap(offset):
    found = search.find(DecisionQuery(), offset=offset)
    assert found.item_ids == []
    assert found.decisions == DisputedItem.objects.count()


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST, Sort.NUMBER, Sort.LONGEST])
def test_far_pages_are_the_same_by_slices_as_by_counting(sort, monkeypatch):
    query = DecisionQuery(sort=sort, excluded={"outcome": {"overturned"}})
    whole = search.find(query, limit=1000).item_ids
    monkeypatch.setattr(finding, "_FAR", 3)
    for offset in range(len(whole) + 3):
        assert search.find(query, offset=offset, limit=7).item_ids == whole[offset : offset + 7]


def test_order_by_case_number_and_by_length():
    every = {item.pk: item for item in DisputedItem.objects.select_related("case")}
    by_number = [every[pk] for pk in search.find(DecisionQuery(sort=Sort.NUMBER), limit=1000).item_ids]
    numbers = [item.case.number for item in by_number]
    known = [number for number in numbers if number]
    assert known == sorted(known)
    assert numbers[len(known) :] == [None] * (len(numbers) - len(known)) != []
    lengths = [len(every[pk].rationale) for pk in search.find(DecisionQuery(sort=Sort.LONGEST), limit=1000).item_ids]
    assert lengths == sorted(lengths, reverse=True)


def test_relevance_pages_have_no_gap_and_no_doubles():
    query = DecisionQuery(words="lumbar pain")
    whole = search.find(query, limit=1000).item_ids
    assert len(whole) == len(set(whole)) == search.find(query).decisions
    paged = []
    for offset in range(0, len(whole), 7):
        paged += search.find(query, offset=offset, limit=7).item_ids
    assert paged == whole


# ---- days -------------------------------------------------------------------------------------------------------


def test_a_range_of_days_has_both_its_ends():
    days = sorted({case.decision_date for case in Case.objects.exclude(decision_date=None)})
    since, until = days[len(days) // 3], days[2 * len(days) // 3]
    found = search.find(DecisionQuery(since=since, until=until), limit=1000)
    expected = DisputedItem.objects.filter(case__decision_date__range=(since, until))
    assert set(found.item_ids) == set(expected.values_list("pk", flat=True))
    assert {since, until} <= {item.case.decision_date for item in expected.select_related("case")}


# ---- keeping step -----------------------------------------------------------------------------------------------


def test_a_changed_case_is_replaced_and_not_doubled(empty_archive):
    ingest_paths([SAMPLES / "CM16-0990003.txt"])
    before = search.find(DecisionQuery())
    Case.objects.update(index_pending=True)
    assert search.index_pending() == 1
    assert search.find(DecisionQuery()) == before
    assert not Case.objects.awaiting_index().exists()


def test_without_an_index_search_is_unavailable_until_it_is_synced(no_index):
    with pytest.raises(SearchUnavailable):
        search.find(DecisionQuery())
    assert search.sync() == Case.objects.count()
    assert search.find(DecisionQuery()).letters == Case.objects.count()
    assert search.sync() == 0


def test_a_rebuild_replaces_the_generation_and_leaves_nothing_behind(no_index, settings):
    search.sync()
    (first,) = [path for path in settings.SEARCH_INDEX_DIR.iterdir() if path.is_dir()]
    search.rebuild()
    (second,) = [path for path in settings.SEARCH_INDEX_DIR.iterdir() if path.is_dir()]
    assert first != second
    assert search.find(DecisionQuery()).decisions == DisputedItem.objects.count()


def pointer(settings):
    return settings.SEARCH_INDEX_DIR / "current.json"


def test_an_index_of_another_schema_or_archive_is_rebuilt(no_index, settings):
    search.sync()
    content = json.loads(pointer(settings).read_text())
    pointer(settings).write_text(json.dumps(content | {"schema_version": -1}))
    with pytest.raises(SearchUnavailable):
        search.find(DecisionQuery())
    assert search.sync() == Case.objects.count()
    pointer(settings).write_text(json.dumps(json.loads(pointer(settings).read_text()) | {"archive": "another"}))
    assert search.sync() == Case.objects.count()
    assert json.loads(pointer(settings).read_text())["archive"] == Archive.identity()


@pytest.mark.parametrize("damage", ["{", "[]", ""])
def test_a_damaged_pointer_means_rebuild_not_crash(no_index, settings, damage):
    search.sync()
    pointer(settings).write_text(damage)
    with pytest.raises(SearchUnavailable):
        search.find(DecisionQuery())
    assert search.sync() == Case.objects.count()


def test_damaged_index_files_make_search_unavailable_and_a_rebuild_mends_them(no_index, settings):
    search.sync()
    (folder,) = [path for path in settings.SEARCH_INDEX_DIR.iterdir() if path.is_dir()]
    (folder / "meta.json").write_text("not an index")
    with pytest.raises(SearchUnavailable):
        search.find(DecisionQuery())
    assert search.sync() == Case.objects.count()
    assert search.find(DecisionQuery()).letters == Case.objects.count()


def test_an_index_that_lost_its_folder_is_rebuilt(no_index, settings):
    search.sync()
    for path in settings.SEARCH_INDEX_DIR.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    assert search.sync() == Case.objects.count()


def test_an_index_out_of_step_with_the_database_is_rebuilt(empty_archive):
    ingest_paths([SAMPLES], jobs=1)
    Case.objects.first().delete()
    search.sync()
    assert search.find(DecisionQuery()).decisions == DisputedItem.objects.count()


def test_a_change_that_lands_while_the_index_is_rebuilt_is_not_lost(empty_archive):
    ingest_paths([SAMPLES / "CM16-0990003.txt"])
    item = DisputedItem.objects.filter(outcome="Upheld").first()

    def change_behind_the_builders_back(_: int) -> None:
        """As a transaction does that began before the rebuild and is committed after its case was read."""
        if DisputedItem.objects.get(pk=item.pk).outcome == "Overturned":
            return
        DisputedItem.objects.filter(pk=item.pk).update(outcome="Overturned")
        Case.objects.filter(pk=item.case_id).update(index_pending=True, updated_at=item.case.updated_at)

    Case.objects.update(updated_at=item.case.updated_at + timedelta(seconds=1))
    search.rebuild(change_behind_the_builders_back)
    overturned = search.find(DecisionQuery(chosen={"outcome": {"overturned"}}))
    assert item.pk in overturned.item_ids
    assert not Case.objects.awaiting_index().exists()


def test_an_index_of_other_decisions_is_rebuilt_though_their_number_is_the_same(empty_archive):
    """As after restoring the database from a copy that is older than the index."""
    ingest_paths([SAMPLES / "CM16-0990003.txt"])
    rows = list(DisputedItem.objects.all())
    DisputedItem.objects.all().delete()
    for row in rows:
        row.pk = None
        row.save()
    search.sync()
    assert set(search.find(DecisionQuery()).item_ids) == {row.pk for row in rows}


def test_a_wording_given_a_specialty_is_found_at_once_without_indexing(empty_archive):
    ingest_paths([SAMPLES / "CM16-0990018.txt"])
    family = Specialty.objects.get(name="Family Medicine")
    assert search.find(DecisionQuery(chosen={"specialty": {str(family.pk)}})).decisions == 0
    wording = CredentialWording.objects.get(text="Family Practise")
    wording.specialty = family
    wording.save()
    assert search.find(DecisionQuery(chosen={"specialty": {str(family.pk)}})).decisions == DisputedItem.objects.count()
    assert search.facets(DecisionQuery())["specialty"][str(family.pk)] == DisputedItem.objects.count()


def test_letters_are_counted_once_however_many_decisions_match():
    every = plain.decisions()
    for outcome in ("upheld", "overturned"):
        query = DecisionQuery(chosen={"outcome": {outcome}})
        expected = {decision.case for decision in plain.matching(every, query)}
        assert search.find(query).letters == len(expected)


def test_a_server_that_starts_without_an_index_starts_all_the_same(no_index, caplog):
    with caplog.at_level("INFO"):
        search.warm_up().join()
    assert [record.getMessage() for record in caplog.records] == [
        "Nothing was read in advance: The search index has not been built yet; manage.py sync_index builds it."
    ]
