"""Letters counted by slots: for any letters, and any of their decisions found, the number is exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations import search
from determinations.models import Case
from determinations.search import DecisionQuery, counting, generations
from determinations.search.finding import _Search
from determinations.search.slots import MOST_DECISIONS, Slots, letters_in

EXACT_BELOW = 1 << 53  # the engine adds in floating point

sizes = st.lists(
    st.one_of(st.integers(2, 3), st.integers(2, 20), st.integers(2, MOST_DECISIONS), st.just(MOST_DECISIONS)),
    max_size=120,
)


def sums(found: list[tuple[tuple[int, int], int]]) -> dict[int, int]:
    """What the engine adds up: block -> weights of the decisions found, each letter's slot so many times."""
    total: dict[int, int] = {}
    for (block, weight), decisions in found:
        total[block] = total.get(block, 0) + weight * decisions
    return total


def counted(total: dict[int, int]) -> int:
    return letters_in(list(total), [float(weights) for weights in total.values()])


@given(sizes, st.data())
def test_the_letters_among_any_decisions_are_counted_exactly(letters, data):
    slots = Slots()
    given_out = [(slots.give(size), size) for size in letters]
    found = [(slot, data.draw(st.integers(0, size))) for slot, size in given_out]
    assert counted(sums(found)) == sum(1 for _, decisions in found if decisions)


@given(sizes)
def test_with_every_decision_found_sums_stay_exact_in_floating_point(letters):
    slots = Slots()
    everything = sums([(slots.give(size), size) for size in letters])
    assert all(total < EXACT_BELOW for total in everything.values())
    assert counted(everything) == len(letters)


@given(sizes, sizes)
def test_slots_of_a_later_writer_are_never_those_of_an_earlier(before, after):
    first = Slots()
    earlier = {first.give(size) for size in before}
    later = Slots(last=first.last)
    assert not earlier & {later.give(size) for size in after}
    assert len(earlier) == len(before)


@pytest.mark.parametrize("decisions", [MOST_DECISIONS + 1, 10**9])
def test_a_letter_of_more_decisions_than_a_slot_holds_is_refused(decisions):
    with pytest.raises(ValueError, match=f"{MOST_DECISIONS} are the most"):
        Slots().give(decisions)


# ---- in the index -----------------------------------------------------------------------------------------------

QUERIES = [
    DecisionQuery(),
    DecisionQuery(words="knee"),
    DecisionQuery(words="xyzzy"),
    DecisionQuery(chosen={"outcome": {"overturned"}}),
    DecisionQuery(chosen={"outcome": {"upheld"}}),
    DecisionQuery(words="physical therapy", excluded={"outcome": {"upheld"}}),
]


@pytest.mark.django_db
@pytest.mark.parametrize("buckets", [1, 2, 60_000])
@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_letters_are_the_same_by_blocks_as_by_listing(query, buckets, monkeypatch):
    found = search.find(query, limit=1000)
    letters = Case.objects.filter(items__in=found.item_ids).distinct().count()
    assert found.letters == letters
    monkeypatch.setattr(counting, "_LISTED", 0)
    monkeypatch.setattr(counting, "_BUCKETS", buckets)
    searcher = generations.snapshot().searcher
    asked = _Search(query, generations.snapshot()).asked
    assert counting.totals(searcher, asked) == (found.decisions, letters)
