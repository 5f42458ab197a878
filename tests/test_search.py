"""Finding decisions: words, exact totals, order, snippets, and an index that keeps step with the database."""

import json
import shutil
from datetime import timedelta
from itertools import pairwise

import pytest

from determinations import search
from determinations.ingest import ingest_paths
from determinations.models import Archive, Case, CredentialWording, DisputedItem, Specialty
from determinations.search import DecisionQuery, SearchUnavailable, Sort
from determinations.search.query import terms
from tests import plain
from tests.conftest import SAMPLES

pytestmark = pytest.mark.django_db


def titles(words, **more):
    found = search.find(DecisionQuery(words=words, **more), limit=1000)
    items = DisputedItem.objects.in_bulk(found.item_ids)
    return [items[pk].title for pk in found.item_ids]


# ---- words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("physical therapy", [(("physic",), True), (("therapi",), True)]),
        ('"physical therapy"', [(("physic", "therapi"), True)]),
        ('"physical therapy', [(("physic", "therapi"), True)]),
        ("knee -mri", [(("knee",), True), (("mri",), False)]),
        ("x-ray", [(("x", "ray"), True)]),
        ("10/325", [(("10", "325"), True)]),
        ("- -- \" '", []),
        ("\u0000\u200b", []),
        ("a" * 70, []),  # longer than any word
    ],
)
def test_terms(typed, expected):
    assert [(term.tokens, term.wanted) for term in terms(typed)] == expected


def test_a_long_or_many_worded_search_is_bounded():
    assert len(terms("word " * 1000)) == 30


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
    search.snippets(typed, ["Some <b>text</b> of knee"])


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


# ---- snippets ---------------------------------------------------------------------------------------------------


def test_snippets_mark_the_words_and_escape_everything_else():
    [html] = search.snippets("knee", ['The knee <script>alert("x")</script> & more about knees.'])
    assert "<mark>knee</mark>" in html
    assert "<mark>knees</mark>" in html
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_snippets_do_not_mark_what_must_not_occur():
    [html] = search.snippets("knee -shoulder", ["The knee and the shoulder."])
    assert "<mark>shoulder</mark>" not in html


def test_without_words_there_is_no_snippet():
    assert search.snippets("", ["Some text."]) == [""]
    assert search.snippets("xyzzy", ["Some text."]) == [""]


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
    ingest_paths([SAMPLES])
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
    overturned = search.find(DecisionQuery(outcomes=frozenset({"Overturned"})))
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
    assert search.find(DecisionQuery(specialties=frozenset({family.pk}))).decisions == 0
    wording = CredentialWording.objects.get(text="Family Practise")
    wording.specialty = family
    wording.save()
    assert search.find(DecisionQuery(specialties=frozenset({family.pk}))).decisions == DisputedItem.objects.count()
    assert search.facets(DecisionQuery())["specialties"][family.pk] == DisputedItem.objects.count()


def test_letters_are_counted_once_however_many_decisions_match():
    every = plain.decisions()
    for outcome in ("Upheld", "Overturned"):
        query = DecisionQuery(outcomes=frozenset({outcome}))
        expected = {decision.case for decision in plain.matching(every, query)}
        assert search.find(query).letters == len(expected)
