"""Rules for categories: which headings a pattern fits, what a rule would take, and that letters follow and return."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations import search
from determinations.curation import categorising, following, jobs, rules
from determinations.curation.correcting import Change, correct
from determinations.curation.working import work
from determinations.headings import BadPattern, Rules, pattern, tokens_of
from determinations.ingest import ingest_paths
from determinations.models import Case, CategoryRule, DisputedItem, Job, ParseIssue, TreatmentCategory
from determinations.rereading import Choice, reread
from determinations.search import DecisionQuery
from tests import plain
from tests.conftest import SAMPLES
from tests.test_facets import check

FITS = {
    "lumbar brace": {"Lumbar brace", "LSO lumbar brace, purchase", "Lumbar braces x2", "LUMBAR-BRACE"},
    "brace": {"Lumbar brace", "Braces", "brace; crutches"},
    "physio*": {"Physiotherapy 2x6", "physio"},
    "x ray": {"X-ray of the knee", "Xray left hip", "x ray"},
    "ct scan of*": {"CT scan of the neck", "CT scan often"},
    "10/325": {"Norco 10/325 #60"},
    "hydro* apap": {"Hydrocodone/APAP", "hydrocodone apap 5 mg"},
}  # fmt: skip
FITS_NOT = {
    "lumbar brace": {"Lumbar support", "brace, lumbar", "lumbar back brace", "lumbar"},
    "brace": {"bracelet", "embrace"},
    "physio*": {"physical therapy", "aphysio"},
    "10/325": {"Norco 10 mg / 325 mg"},
}


@pytest.mark.any_database
@pytest.mark.parametrize(("text", "heading"), [(text, one) for text, some in FITS.items() for one in sorted(some)])
def test_headings_that_a_pattern_fits(text, heading):
    text = text.replace("of*", "oft*") if heading.endswith("often") else text.replace("of*", "of")
    assert pattern(text).matches(tokens_of(heading))


@pytest.mark.any_database
@pytest.mark.parametrize(("text", "heading"), [(text, one) for text, some in FITS_NOT.items() for one in sorted(some)])
def test_headings_that_it_does_not_fit(text, heading):
    assert not pattern(text).matches(tokens_of(heading))


@pytest.mark.any_database
@pytest.mark.parametrize(
    "text", ["", "   ", "*", "a", "ph*", "*therapy", "phy*io", "a.*b", "(x|y)", "—", '"brace"', "w " * 13, "w" * 201]
)
def test_what_is_no_pattern_is_refused_with_a_sentence(text):
    with pytest.raises(BadPattern, match=r"[.:].*"):
        pattern(text) if text != "(x|y)" else pattern("(|)")


@pytest.mark.any_database
@given(st.text(max_size=60), st.text(max_size=200))
def test_any_text_is_a_pattern_or_refused(text, heading):
    try:
        made = pattern(text)
    except BadPattern:
        return
    made.matches(tokens_of(heading))
    assert pattern(made.text).text == made.text


@pytest.mark.any_database
def test_the_rule_of_more_words_decides_then_the_later_one():
    known = Rules([(1, "lumbar brace", 10), (2, "brace", 20), (3, "knee brace", 30), (4, "lumb* brace", 40)])
    assert known.deciding("brace of the neck").category == 20
    assert known.deciding("lumbar brace").category == 40
    assert known.deciding("knee brace and lumbar support").category == 30
    assert known.deciding("crutches") is None


# ---- what a rule does to an archive -------------------------------------------------------------------------------


@pytest.fixture
def commit(sampled, django_capture_on_commit_callbacks):
    """Do something as a request would, then the work in the background."""

    def do(change, *arguments, **options):
        with django_capture_on_commit_callbacks(execute=True):
            made = change(*arguments, **options)
        with django_capture_on_commit_callbacks(execute=True):
            work()
        return made

    return do


def placed():
    """Where every heading stands, by its letter and place in it."""
    rows = DisputedItem.objects.values_list("case__slug", "position", "title", "filed_under__slug")
    return {(slug, position): (title, category) for slug, position, title, category in rows}


def questions():
    return sorted(ParseIssue.objects.values_list("case__slug", "code", "message", "status"))


def agrees():
    assert not Case.objects.awaiting_index().exists()
    check(DecisionQuery(), plain.Scan(plain.decisions()), {})


def a_word():
    """A word of headings, and a category that none of them stands in."""
    return "therapy", TreatmentCategory.objects.get(slug="home-health")


def test_the_preview_is_what_happens(commit):
    word, category = a_word()
    before = placed()
    seen = rules.preview(word, category)
    job = commit(rules.make, word, category, why="They are.", by="mary")
    after = placed()
    moved = {place for place in after if after[place] != before[place]}
    assert seen.takes == len(moved) > 3
    assert seen.letters == len({slug for slug, _ in moved})
    away = {}
    for place in moved:
        away[before[place][1]] = away.get(before[place][1], 0) + 1
    assert {one.slug if one else None: count for one, count in seen.away.items()} == away
    assert all(after[place][1] == "home-health" for place in moved)
    assert job.made_by == "mary"
    agrees()
    assert Job.objects.exclude(state="done").count() == 0


def test_headings_come_back_when_a_rule_is_retired(commit):
    word, category = a_word()
    before, asked = placed(), questions()
    rule = commit(rules.make, word, category, why="They are.", by="mary")
    assert rules.preview_of_retiring(rule).takes == len([p for p, now in placed().items() if now != before[p]])
    commit(rules.retire, rule, by="john")
    assert placed() == before
    assert questions() == asked
    rule.refresh_from_db()
    assert rule.retired_by == "john"
    agrees()


def test_a_rule_wins_at_ingest_and_when_letters_are_read_again(commit):
    commit(rules.make, *a_word(), why="", by="mary")
    before, asked = placed(), questions()
    assert reread(Choice(everything=True), apply=True).comparison.changed == 0
    Case.objects.all().delete()
    ingest_paths([SAMPLES], jobs=1)
    search.rebuild()
    assert placed() == before
    assert questions() == asked
    agrees()


def test_an_ingest_that_is_under_way_learns_of_a_rule(sampled):
    from determinations.names import Names

    names = Names()
    word, category = a_word()
    rules.make(word, category, why="", by="mary")
    names.refresh()
    assert names.category(None, "Some therapy") == category.pk


def test_a_correction_wins_over_a_rule(commit):
    word, category = a_word()
    item = DisputedItem.objects.filter(title__icontains=f" {word} ").first()
    case_id, key = item.case_id, item.key
    commit(correct, case_id, [Change(key, "category", "transportation")], why="It is a ride.", by="mary")
    commit(rules.make, word, category, why="", by="john")
    assert DisputedItem.objects.get(case=case_id, position=int(key)).category.slug == "transportation"
    others = DisputedItem.objects.filter(title__icontains=f" {word} ").exclude(case=case_id)
    assert {item.category.slug for item in others} == {"home-health"}
    agrees()


def test_a_rule_goes_by_what_the_letter_says_not_by_a_corrected_heading(commit):
    word, category = a_word()
    item = DisputedItem.objects.filter(title__icontains=f" {word} ").first()
    case_id, key = item.case_id, item.key
    commit(correct, case_id, [Change(key, "title", "Crutches")], why="So.", by="mary")
    commit(rules.make, word, category, why="", by="john")
    assert DisputedItem.objects.get(case=case_id, position=int(key)).category == category


def test_questions_where_a_heading_belongs_are_settled_by_a_rule(commit):
    issue = ParseIssue.objects.filter(code="uncategorised").first()
    item = next(one for one in issue.case.items.all() if repr(one.title) in issue.message)
    words = " ".join(item.title.split()[:2])
    rule = commit(rules.make, words, TreatmentCategory.objects.get(slug="programs"), why="", by="mary")
    issue.refresh_from_db()
    assert issue.status == "settled"
    commit(rules.retire, rule, by="mary")
    issue.refresh_from_db()
    assert issue.status == "open"


def test_one_rule_a_pattern(sampled):
    word, category = a_word()
    rules.make(word, category, why="", by="mary")
    with pytest.raises(rules.Refused, match="already"):
        rules.make(f"  {word.upper()} ", category, why="", by="mary")


# ---- in the background --------------------------------------------------------------------------------------------


def test_it_is_stopped_after_any_step_and_gone_on_with(commit, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(categorising, "_A_STEP", 3)
    before = placed()
    word, category = a_word()
    rules.make(word, category, why="", by="mary")
    job = Job.objects.get()
    assert (job.name, job.state) == ("categorise", "waiting")
    categorising.categorise_some(job)
    categorising.categorise_some(job)
    assert jobs.stop(job)
    work()
    job.refresh_from_db()
    assert (job.state, job.done) == ("stopped", 6)
    assert jobs.go_on(job)
    work()
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", job.total)
    assert placed() != before
    agrees()


def test_a_step_that_fails_leaves_nothing_half_done(commit, monkeypatch):
    word, category = a_word()
    before = placed()
    rules.make(word, category, why="", by="mary")

    def broken(*_, **__):
        raise OSError("the disk is gone")

    monkeypatch.setattr(following, "index_later", broken)
    work()
    job = Job.objects.get(name="categorise")
    assert (job.state, job.message, job.done) == ("failed", "the disk is gone", 0)
    assert placed() == before
    monkeypatch.undo()
    jobs.go_on(job)
    work()
    job.refresh_from_db()
    assert job.state == "done"
    agrees()
    assert CategoryRule.objects.count() == 1
