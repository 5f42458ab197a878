"""The facet contract: a value's count is what choosing that value alone in its facet finds, all else as it is."""

import random
from collections import Counter
from collections.abc import Callable

import pytest
from django.http import QueryDict
from tantivy import Query

from determinations import facets, search
from determinations.filters import DecisionFilter
from determinations.labels import FACETS
from determinations.models import DisputedItem, TreatmentCategory
from determinations.search import DecisionQuery, generations, names
from determinations.search.compiling import Compiler
from tests import plain

pytestmark = pytest.mark.django_db


def check(query: DecisionQuery, scan: plain.Scan, clicks: dict[DecisionQuery, int], each: int = 1) -> int:
    """Compare every count of a query with a plain scan, and ``each``-th with the engine's own answer to the click.

    ``clicks`` keeps the engine's answers: the same click is made from many searches.
    """
    found = search.find(query, limit=1)
    expected = scan.matching(query)
    assert found.decisions == expected.bit_count()
    assert found.letters == scan.letters(expected)
    checked, counted_by_the_engine = 0, asking_the_engine()
    for facet, counter in search.facets(query).items():
        rest = scan.matching(query.without(facet))
        scanned = {value: (rest & having).bit_count() for value, having in scan.having[facet].items()}
        assert counter == Counter({value: count for value, count in scanned.items() if count}), (query, facet)
        for value in sorted(scanned):
            checked += 1
            if checked % each:
                continue
            clicked = query.choosing(facet, value)
            if clicked not in clicks:
                clicks[clicked] = counted_by_the_engine(clicked)
            assert counter[value] == clicks[clicked], (query, facet, value)
    return checked


def asking_the_engine() -> Callable[[DecisionQuery], int]:
    """A function that says how many decisions the engine finds, which has no part in counting facets."""
    index = generations.snapshot()
    known = names.current(index.own)

    def count(query: DecisionQuery) -> int:
        asked = Query.const_score_query(Compiler(known).query(query), 0.0)
        return int(index.searcher.search(asked, limit=1).count or 0)

    return count


def random_query(scan, every, chance) -> DecisionQuery:
    """Some values of some facets chosen or excluded, and now and then a range of days."""
    asked = {"chosen": {}, "excluded": {}}
    for facet in FACETS:
        values = sorted(scan.having[facet])
        for choice, probability in (("chosen", 0.12), ("excluded", 0.08)):
            if chance.random() < probability:
                asked[choice][facet] = chance.sample(values, min(len(values), chance.randrange(1, 4)))
    days = sorted({decision.day for decision in every if decision.day})
    since, until = (chance.choice(days) if chance.random() < 0.1 else None for _ in range(2))
    return DecisionQuery(**asked, since=since, until=until)


def one_choice_each(scan):
    """Every value of every facet, alone."""
    for facet in FACETS:
        for value in sorted(scan.having[facet]):
            yield DecisionQuery(chosen={facet: {value}})


def test_the_contract_on_the_samples():
    every, chance = plain.decisions(), random.Random(1)
    scan, clicks = plain.Scan(every), {}
    queries = [DecisionQuery(), *(random_query(scan, every, chance) for _ in range(15))]
    assert sum(check(query, scan, clicks) for query in queries) > 1_000


def test_the_bits_of_a_scan_are_what_looking_at_each_decision_finds():
    every, chance = plain.decisions(), random.Random(3)
    scan = plain.Scan(every)
    for query in [DecisionQuery(), *(random_query(scan, every, chance) for _ in range(40))]:
        looked = plain.matching(every, query)
        assert scan.matching(query) == sum(1 << every.index(decision) for decision in looked)
        assert scan.letters(scan.matching(query)) == len({decision.case for decision in looked})


@pytest.mark.any_database
def test_the_contract_on_the_real_letters(real_archive, capsys):
    """Exhaustive: no choice, each single choice, and random choices in several facets at once."""
    every, chance = plain.decisions(), random.Random(2)
    assert len(every) == 378
    scan, clicks = plain.Scan(every), {}
    # Every count is held against the scan; the engine is asked for some of them, each time for others.
    checked = sum(check(query, scan, clicks, each=23) for query in one_choice_each(scan))
    several = [DecisionQuery(), *(random_query(scan, every, chance) for _ in range(30))]
    checked += sum(check(query, scan, clicks, each=3) for query in several)
    with capsys.disabled():
        print(f" [{checked:,} counts compared with a plain scan and {len(clicks):,} clicks] ", end="")


def test_the_contract_holds_with_words():
    query, counted_by_the_engine = DecisionQuery(words="therapy"), asking_the_engine()
    for facet, counter in search.facets(query).items():
        for value, number in counter.items():
            assert counted_by_the_engine(query.choosing(facet, value)) == number


# ---- as the page shows them -------------------------------------------------------------------------------------


def built(parameters: str):
    asked = DecisionFilter(QueryDict(parameters))
    return asked, {facet.name: facet for facet in facets.build(asked, search.facets(asked.query))}


def values(facet):
    return [*facet.values, *facet.more]


def test_a_category_counts_its_branch_and_choosing_it_finds_that_many():
    _, shown = built("")
    for value in values(shown["treatment"]):
        asked, _ = built(value.url.removeprefix("?"))
        assert search.find(asked.query).decisions == value.count
        for child in value.children:
            asked, _ = built(child.url.removeprefix("?"))
            assert search.find(asked.query).decisions == child.count


@pytest.mark.any_database
@pytest.mark.parametrize(
    "parameters", ["", "outcome=overturned", "q=pain&state=CA", "treatment=pharmaceuticals&year=2017"]
)
def test_the_address_of_every_value_toggles_it(parameters):
    asked, shown = built(parameters)
    for facet in shown.values():
        for value in [*values(facet), *(child for parent in values(facet) for child in parent.children)]:
            then = DecisionFilter(QueryDict(value.url.removeprefix("?")))
            assert (value.slug in then.selected(facet.name)) is not value.selected
            back = {name: set(then.selected(name)) ^ set(asked.selected(name)) for name in shown}
            assert back == {name: ({value.slug} if name == facet.name else set()) for name in shown}
            assert then.words == asked.words


def test_chosen_values_stay_in_sight_even_with_no_result():
    _, shown = built("q=xyzzy&specialty=dermatology&treatment=pharmaceuticals/opioids&state=CA&year=1999")
    assert [value.label for value in shown["specialty"].values if value.selected] == ["Dermatology"]
    assert [value.slug for value in shown["state"].values if value.selected] == ["CA"]
    assert [value.slug for value in shown["year"].values if value.selected] == ["1999"]
    [category] = [value for value in shown["treatment"].values if value.children]
    assert [child.slug for child in category.children if child.selected] == ["pharmaceuticals/opioids"]


def test_chips_name_what_is_chosen_and_take_it_away():
    asked, _ = built("q=knee&outcome=upheld&state=CA&year=none&treatment=surgery")
    chips = {chip.label: chip for chip in facets.chips(asked)}
    assert set(chips) == {"knee", "Upheld", "California", "No date", "Surgery"}
    for label, chip in chips.items():
        then, _ = built(chip.url.removeprefix("?"))
        assert label not in {other.label for other in facets.chips(then)}
        assert len(facets.chips(then)) == 4


def test_every_category_with_decisions_is_shown():
    _, shown = built("")
    used = TreatmentCategory.objects.filter(items__isnull=False, parent__isnull=False).distinct()
    children = {child.slug for value in values(shown["treatment"]) for child in value.children}
    assert children == set(used.values_list("slug", flat=True))


def test_undated_decisions_can_be_chosen():
    asked, _ = built("year=none")
    assert search.find(asked.query).decisions == DisputedItem.objects.filter(case__decision_date=None).count() > 0
