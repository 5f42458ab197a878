"""Frequent wordings of guidelines, which the index knows by keys of their own."""

from datetime import timedelta

import pytest
from django.utils import timezone

from determinations import search
from determinations.curation import naming
from determinations.labels import family_value, load_labels
from determinations.models import Case, GuidelineCitation, GuidelineWording, Job
from determinations.search import DecisionQuery, SearchUnavailable, generations, own_keys
from tests.test_naming import agrees, cited
from tests.test_relating import guidelines_agree, keys_of, many

__all__ = ["keys_of", "many"]
pytestmark = pytest.mark.django_db


def frequent():
    """The wording of the samples that most citations have, and its guideline."""
    rows = GuidelineWording.objects.exclude(guideline=None)
    return max(rows.order_by("pk"), key=lambda row: row.citations.count())


def nameless():
    return GuidelineWording.objects.filter(guideline=None, citations__side="reviewer").order_by("pk").first()


def another(row):
    return next(one for one in cited() if one != row.guideline)


CHANGES = {
    "parted from its guideline": lambda: naming.split(
        frequent().guideline, GuidelineWording.objects.filter(pk=frequent().pk), "A Part"
    ),
    "given to another guideline": lambda: naming.assign(frequent(), another(frequent())),
    "given to no guideline": lambda: naming.assign(frequent(), None),
    "named for the first time": lambda: naming.assign(nameless(), another(nameless())),
    "named with a new name": lambda: naming.create("guideline", "A New One", wordings=[nameless()], family="New"),
}


@pytest.mark.parametrize("make", CHANGES.values(), ids=CHANGES)
def test_searches_change_at_once_and_no_letter(make, do, many, keys_of):
    """But for letters of which something else changes: a question is settled, the sides relate otherwise."""
    keys_of(GuidelineWording.objects.values_list("pk", flat=True))
    before = search.facets(DecisionQuery())["guideline"]
    wording = frequent() if "frequent" in make.__code__.co_names else nameless()
    of_question = set(Case.objects.filter(issues__code="unknown-guideline", items__citations__wording=wording))
    done = do(make())
    assert guidelines_agree()["guideline"] != before
    assert set(Case.objects.awaiting_index()) <= of_question
    while job := Job.objects.filter(state="waiting").first():
        from determinations.curation.working import work

        work()
        job.refresh_from_db()
        assert job.state == "done"
    agrees()
    do(naming.undo(done.change))
    assert guidelines_agree()["guideline"] == before


def test_a_wording_without_a_guideline_is_of_the_family_that_each_citation_is_of(do, keys_of):
    wording = nameless()
    one = wording.citations.filter(side="reviewer").first()
    other = GuidelineCitation.objects.filter(side="reviewer").exclude(item__case=one.item.case).first()
    GuidelineCitation.objects.filter(pk=other.pk).update(wording=wording, family="Another Family")
    keys_of([wording.pk])
    families = {"all-another-family", family_value(one.family)}
    assert families <= guidelines_agree()["guideline"].keys()
    for family in families:
        query = DecisionQuery(chosen={"guideline": {family}})
        assert search.find(query).decisions == search.facets(DecisionQuery())["guideline"][family]
    change = do(naming.assign(wording, another(wording))).change
    assert "all-another-family" not in guidelines_agree()["guideline"]
    do(naming.undo(change))
    assert "all-another-family" in guidelines_agree()["guideline"]
    assert search.check().agrees


def test_the_most_frequent_have_keys_and_those_that_had_one_keep_it(sampled, monkeypatch):
    assert own_keys.choose() == frozenset(), "the samples have none of so many citations"
    monkeypatch.setattr(own_keys, "LEAST", 1)
    monkeypatch.setattr(own_keys, "MOST", 3)
    rare = min(GuidelineWording.objects.order_by("pk"), key=lambda row: row.citations.count())
    told = own_keys.choose([rare.pk, 10**9])
    assert {frequent().pk, rare.pk} <= told
    assert len(told) == 4, "one that is gone needs none"
    monkeypatch.setattr(own_keys, "MOST", 9)
    search.rebuild()
    monkeypatch.setattr(own_keys, "MOST", 0)
    search.rebuild()
    assert {frequent().pk} < search.wordings_with_keys(), "the index that is replaced had all of them"


def test_letters_that_come_in_later_are_written_alike(do, keys_of):
    keys_of([frequent().pk])
    Case.objects.update(index_pending=True)
    search.index_pending()
    assert search.check().agrees
    do(naming.assign(frequent(), another(frequent())))
    guidelines_agree()
    agrees()


def test_a_change_while_an_index_of_another_kind_is_there_is_followed_by_its_letters(do, keys_of, monkeypatch):
    """As after an update: the index is built anew, and what it will have keys for is not yet known."""
    wording = frequent()
    keys_of([wording.pk])
    with monkeypatch.context() as patched:
        patched.setattr("determinations.search.index.SCHEMA_VERSION", 0)
        do(naming.assign(wording, another(wording)))
    assert (
        Case.objects.awaiting_index().count()
        == Case.objects.filter(items__citations__wording=wording).distinct().count()
    )
    search.index_pending()
    agrees()


def test_a_change_is_seen_that_is_committed_after_a_later_one(do, many, keys_of):
    """Of two at once, which databases with several writers have, the one that noted the later time may be the first."""
    keys_of([frequent().pk])
    wording = GuidelineWording.objects.exclude(pk=frequent().pk).first()
    GuidelineWording.objects.filter(pk=wording.pk).update(changed_at=timezone.now() + timedelta(seconds=5))
    search.facets(DecisionQuery())  # somebody looks in between
    do(naming.assign(frequent(), another(frequent())))
    guidelines_agree()


def test_wordings_that_come_in_leave_what_is_remembered_of_names(sampled):
    before, token = load_labels(), search.state().token
    GuidelineWording.objects.bulk_create([GuidelineWording(text="A wording that an ingest met")])
    assert load_labels() is before
    assert search.state().token == token


HARM = {
    "gone": lambda file: file.unlink(),
    "cut": lambda file: file.write_text(file.read_text()[:-5]),
    "altered": lambda file: file.write_text(file.read_text().replace("[", "[1, ", 1)),
    "of another shape": lambda file: file.write_text("[1, 2]"),
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
def test_without_the_file_of_the_keys_an_index_is_damaged_and_built_anew(harm, sampled):
    folder = generations.live().path
    harm(folder / own_keys._FILE)
    own_keys.read.cache_clear()
    generations._opened = None
    with pytest.raises(SearchUnavailable, match="damaged"):
        search.find(DecisionQuery())
    assert search.wordings_with_keys() == frozenset()
    assert search.sync() == Case.objects.count()
    assert generations.live().path != folder
    agrees()


@pytest.mark.parametrize(
    ("key", "parsed"),
    [
        ("w12", (12, "")),
        ("w12-all-mtus", (12, "all-mtus")),
        ("w12-all-work-loss-data-institute", (12, "all-work-loss-data-institute")),
        ("12", None),
        ("all-w12", None),
        ("w", None),
        ("", None),
    ],
)
def test_keys(key, parsed):
    assert own_keys.parsed(key) == parsed
