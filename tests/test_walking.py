"""Walking through a whole result set: each decision once, newest first, whatever is written meanwhile."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from determinations import search
from determinations.labels import NO_YEAR
from determinations.models import Case, DisputedItem
from determinations.search import DecisionQuery, SearchUnavailable, Sort
from tests import plain

pytestmark = pytest.mark.django_db


def walked(query, batch=7, after=None):
    return [pk for ids in search.walk(query, batch, after) for pk in ids]


@pytest.mark.parametrize("batch", [1, 7, 1000])
@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize(
    "query",
    [
        DecisionQuery(),
        DecisionQuery(words="therapy"),
        DecisionQuery(words="therapy -knee", chosen={"outcome": {"overturned"}}),
        DecisionQuery(chosen={"year": {NO_YEAR}}),
        DecisionQuery(words="xyzzy"),
    ],
    ids=["all", "word", "filtered", "undated", "nothing"],
)
def test_a_walk_gives_what_pages_give_in_lists_of_the_asked_size(query, sort, batch):
    query = replace(query, sort=sort)
    shown = Sort.NEWEST if sort is Sort.RELEVANCE else sort
    expected = search.find(replace(query, sort=shown), limit=1000).item_ids
    lists = list(search.walk(query, batch))
    assert [pk for ids in lists for pk in ids] == expected
    assert all(len(ids) == batch for ids in lists[:-1])
    assert search.walk(query, batch).total == len(expected)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    outcomes=st.sets(st.sampled_from(["upheld", "overturned"])),
    years=st.sets(st.sampled_from([NO_YEAR, "2013", "2014", "2015", "2016", "2017"])),
    batch=st.integers(1, 40),
)
def test_a_walk_gives_what_a_plain_scan_gives(db, all_decisions, outcomes, years, batch):
    query = DecisionQuery(chosen={"outcome": outcomes}, excluded={"year": years})
    assert set(walked(query, batch)) == {one.pk for one in plain.matching(all_decisions, query)}


@pytest.fixture
def all_decisions(db):
    return plain.decisions()


def test_cursors_lead_through_the_same_list():
    expected = walked(DecisionQuery())
    seen, cursor = [], None
    while hits := search.after(DecisionQuery(), cursor, 9):
        seen += [hit.item_id for hit in hits]
        cursor = hits[-1].cursor
    assert seen == expected
    middle = search.after(DecisionQuery(), None, 40)[-1]
    assert walked(DecisionQuery(), after=middle.cursor) == expected[40:]


def test_without_an_index_the_walk_does_not_begin(no_index):
    with pytest.raises(SearchUnavailable):
        search.walk(DecisionQuery())
    with pytest.raises(SearchUnavailable):
        search.state()


@pytest.mark.django_db(transaction=False)
def test_a_walk_does_not_see_what_is_written_meanwhile_and_a_cursor_outlives_it(empty_archive, many_letters):
    many_letters(60)
    expected = walked(DecisionQuery())
    walk = iter(search.walk(DecisionQuery(), 10))
    first = next(walk)
    cursor = search.after(DecisionQuery(), None, 10)[-1].cursor
    gone = Case.objects.filter(items__id__in=expected[30:35])
    gone_ids = set(DisputedItem.objects.filter(case__in=gone).values_list("id", flat=True))
    gone.delete()
    many_letters(5, since=date(2020, 1, 1))
    search.rebuild()
    assert first + [pk for ids in walk for pk in ids] == expected
    after = walked(DecisionQuery(), after=cursor)
    assert after == [pk for pk in expected[10:] if pk not in gone_ids]


def test_decades_without_a_letter_are_crossed(empty_archive, many_letters):
    many_letters(3, since=date(1930, 1, 1))
    many_letters(3, since=date(2016, 1, 1))
    many_letters(3, since=None)
    assert len(walked(DecisionQuery(), 2)) == DisputedItem.objects.count()
    days = list(DisputedItem.objects.values_list("id", "case__decision_date"))
    by_id = dict(days)
    order = [by_id[pk] for pk in walked(DecisionQuery(), 2)]
    assert order == sorted(order, key=lambda day: day or date.min, reverse=True)


def test_the_state_changes_with_what_is_written_and_only_then(empty_archive, many_letters):
    many_letters(2)
    before = search.state()
    assert search.state() == before
    many_letters(1, since=date(2018, 1, 1) + timedelta(days=3))
    assert search.state().token != before.token
