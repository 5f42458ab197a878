"""Joining guidelines: searches look up what they stand for, and few letters are indexed anew, in the background."""

import random

import pytest

from determinations import search
from determinations.curation import following, jobs, naming, relating
from determinations.curation.names_state import Refused
from determinations.curation.working import work
from determinations.models import Case, DisputedItem, Guideline, GuidelineCitation, GuidelineWording, Job, NameChange
from determinations.search import DecisionQuery, own_keys
from determinations.search.keys import GUIDELINES
from tests import plain
from tests.test_naming import agrees, cited

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(monkeypatch):
    """Every letter is one too many to be indexed while a curator waits; the work goes in small steps."""
    monkeypatch.setattr(relating, "AT_ONCE", 0)
    monkeypatch.setattr(following, "AT_ONCE", 0)
    monkeypatch.setattr(relating, "_A_STEP", 7)


@pytest.fixture
def keys_of(sampled, monkeypatch):
    """Build the index anew with keys of their own for some wordings."""

    def build(wordings):
        monkeypatch.setattr(own_keys, "choose", lambda _before: frozenset(wordings))
        search.rebuild()
        assert search.wordings_with_keys() == set(wordings)

    return build


def relations():
    """Decision -> its case and how the two sides' guidelines relate."""
    return {one.pk: (one.case, one.values["relation"]) for one in plain.decisions()}


def sides_apart():
    """Two guidelines that the two sides of a decision cite, each one of them."""
    for item in DisputedItem.objects.order_by("pk"):
        sides = [
            set(item.citations.filter(side=side).values_list("wording__guideline", flat=True)) - {None}
            for side in GuidelineCitation.Side.values
        ]
        if all(len(side) == 1 for side in sides) and sides[0] != sides[1]:
            return [Guideline.objects.get(pk__in=side) for side in sides]
    raise AssertionError("no sample has that")


def guidelines_agree():
    """What searches count of guidelines is what a plain scan does."""
    counts, scan = search.facets(DecisionQuery()), plain.Scan(plain.decisions())
    for facet in GUIDELINES:
        assert counts[facet] == {value: having.bit_count() for value, having in scan.having[facet].items()}
    return counts


def test_a_join_changes_searches_at_once_and_no_letter_but_those_that_relate_otherwise(do, many):
    before = relations()
    gone, kept = sides_apart()
    done = do(naming.join(kept, gone))
    assert done.followed.letters == 0
    assert not Case.objects.awaiting_index().exists()
    assert str(gone.pk) not in guidelines_agree()["guideline"]
    after = relations()
    otherwise = {after[pk][0] for pk in after if after[pk] != before[pk]}
    work()
    related, indexed = Job.objects.order_by("id")
    assert (related.name, indexed.name) == (jobs.RELATE, jobs.INDEX)
    assert 0 < indexed.done == len(otherwise) < Case.objects.count() / 2
    assert related.done == related.total
    agrees()


def test_a_place_in_another_family_changes_searches_and_no_letter(do, many):
    do(naming.place(cited()[0], family="A New Family"))
    assert not Job.objects.exists()
    agrees()


def test_a_step_may_be_repeated(do, many, monkeypatch):
    do(naming.join(*cited()[:2]))
    monkeypatch.setattr(jobs, "advance", lambda *arguments, **options: None)
    related = Job.objects.get()
    relating.relate_some(related)
    monkeypatch.undo()
    work()
    agrees()


def test_two_changes_are_followed_together(do, many):
    """Neither of the two undoings alone makes the sides differ, as long as the other is not looked at."""
    one, other = sides_apart()
    third = next(row for row in cited() if row not in (one, other))
    joins = [do(naming.join(third, row)).change for row in (one, other)]
    work()
    agrees()
    for join in reversed(joins):
        do(naming.undo(join))
    work()
    agrees()


def test_a_part_of_what_was_joined_is_parted_again(do, many):
    gone = next(row for row in cited() if row.wordings.filter(citations__side="reviewer").distinct().count() > 1)
    kept = next(row for row in cited() if row != gone)
    part = gone.wordings.filter(citations__side="reviewer").first().pk
    do(naming.join(kept, gone))
    do(naming.split(kept, GuidelineWording.objects.filter(pk=part), "A Part"))
    work()
    agrees()
    do(naming.undo(NameChange.objects.get(kind="split")))
    do(naming.undo(NameChange.objects.get(kind="join")))
    work()
    agrees()


def test_a_guideline_that_lost_its_wordings_may_get_others(do, many):
    left = next(row for row in cited() if row.wordings.count() == 1)
    kept = next(row for row in cited() if row != left)
    do(naming.assign(left.wordings.get(), kept))
    do(naming.assign(GuidelineWording.objects.filter(guideline=None, citations__side="reviewer").first(), left))
    work()
    agrees()


def a_change(chance, done):
    """A plan that a curator may have; None where it makes no sense."""
    rows = list(Guideline.objects.exclude(wordings=None).order_by("pk"))
    one, other = chance.sample(rows, 2)
    wordings = list(one.wordings.order_by("pk"))
    plans = [
        lambda: naming.join(one, other),
        lambda: naming.join(other, one),
        lambda: naming.split(one, chance.sample(wordings, chance.randint(1, len(wordings))), f"Split {len(done)}"),
        lambda: naming.assign(chance.choice(wordings), chance.choice([other, other, None])),
        lambda: naming.assign(chance.choice(GuidelineWording.objects.filter(guideline=None).order_by("pk")), one),
        lambda: naming.place(one, family=chance.choice(["MTUS", "A Family", other.family])),
        lambda: naming.undo(chance.choice(done)),
        lambda: naming.undo(done[-1]),
    ]
    try:
        return chance.choice(plans)()
    except (Refused, IndexError):
        return None


@pytest.mark.parametrize("with_keys", ["all", "every other", "none"])
@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_changed_while_the_work_goes_on(seed, with_keys, do, many, keys_of):
    """Joined, split, assigned, placed and undone at random, with the work now and then a step further."""
    chance, done = random.Random(f"{seed} {with_keys}"), []
    wordings = GuidelineWording.objects.order_by("pk").values_list("pk", flat=True)
    keys_of({"all": wordings, "every other": wordings[::2], "none": ()}[with_keys])
    while len(done) < 14:
        if plan := a_change(chance, done):
            try:
                change = do(plan).change
            except Refused:
                continue
            done = [one for one in (*done, change) if not one.undone_at]
            done = done or [NameChange.objects.last()]
        if chance.random() < 0.5:
            some_work(chance)
    work()
    agrees()
    assert search.check().agrees


def some_work(chance):
    """Some steps of what waits, in its order."""
    for _ in range(chance.randint(1, 4)):
        job = Job.objects.filter(state=jobs.State.WAITING).order_by("-name", "id").first()
        if job is None:
            return
        if (relating.relate_some if job.name == jobs.RELATE else following.index_some)(job):
            Job.objects.filter(pk=job.pk).update(state=jobs.State.DONE)
