"""How well the search ranks: it must not fall below the figures in the heads of the tables of graded decisions.

Where a change makes the ranking better, `python -m bench.relevance` has the figure to write there.
"""

import math

import pytest

from bench.relevance import JUDGMENTS, Measured, mean, measure, ndcg, read_judgments, unknown

pytestmark = pytest.mark.any_database

TOLERANCE = 0.005  # of the mean: a few near neighbours may change places, no more

FEWEST = {"samples": 25, "real": 45}  # queries


def holds_its_figure(name: str) -> None:
    judgments = read_judgments(JUDGMENTS[name])
    assert unknown(judgments) == []
    results = measure(judgments)
    reached = mean(one.ndcg10 for one in results)
    worst = sorted(results, key=lambda one: one.ndcg10)[:5]
    assert reached >= judgments.figure - TOLERANCE, [(one.query, round(one.ndcg10, 3)) for one in worst]


def test_the_samples_are_ranked_no_worse(db):
    holds_its_figure("samples")


def test_the_real_letters_are_ranked_no_worse(real_archive):
    holds_its_figure("real")


@pytest.mark.parametrize("name", JUDGMENTS)
def test_the_tables(name):
    judgments = read_judgments(JUDGMENTS[name])
    assert len(judgments.queries) >= FEWEST[name]
    for query, graded in judgments.queries.items():
        assert max(graded.values()) == 3, f"{query!r}: nothing is exactly about it"
        assert set(graded.values()) <= {1, 2, 3}


def test_no_decision_is_graded_twice_for_a_query():
    for path in JUDGMENTS.values():
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        keys = [tuple(line.split("\t")[:3]) for line in lines]
        assert len(keys) == len(set(keys))


# ranked grades, all grades, depth, what nDCG is
@pytest.mark.parametrize(
    ("ranked", "graded", "depth", "expected"),
    [
        pytest.param([3, 2, 1], [1, 2, 3], 10, 1.0, id="the best order"),
        pytest.param([3, 2, 1, 0, 0], [1, 2, 3], 10, 1.0, id="what follows the graded ones costs nothing"),
        pytest.param([], [3], 10, 0.0, id="nothing found"),
        pytest.param([0, 0], [3], 10, 0.0, id="nothing that matters found"),
        pytest.param([0, 3], [3], 10, 1 / math.log2(3), id="second place is discounted"),
        pytest.param([1], [3], 10, 1 / 7, id="the gain of 1 is 1, of 3 is 7"),
        pytest.param([0, 0, 3], [3], 2, 0.0, id="below the depth nothing counts"),
        pytest.param([3, 3], [3, 3, 3], 2, 1.0, id="no more than the depth can be asked for"),
    ],
)
def test_ndcg(ranked, graded, depth, expected):
    assert ndcg(ranked, graded, depth) == pytest.approx(expected)


def test_the_halves_stay_what_they_are():
    """A query's half depends on its words alone, so that figures of different days can be compared."""
    halves = [Measured(query, 0, 0, 0, None, []).half for query in ("norco", "tramadol", "hospital bed")]
    assert halves == [0, 1, 1]


@pytest.mark.parametrize("head", ["", "# Mean nDCG@10 of the ranking in force: unknown\n"])
def test_a_table_without_its_figure_is_refused(tmp_path, head):
    table = tmp_path / "table.tsv"
    table.write_text(head + "norco\tCM16-0000001\t1\t3\n", encoding="utf-8")
    with pytest.raises(ValueError, match="nDCG"):
        read_judgments(table)
