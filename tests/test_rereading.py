"""Stored letters read again: what differs is shown, written if it is wanted, and nothing is lost on the way."""

import io
import os
import random
import signal
import time
import zlib

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.core.serializers import serialize

from bench import corpus
from determinations import rereading, search
from determinations.ingest import ingest_paths
from determinations.letters import PARSER_VERSION
from determinations.models import (
    Case,
    DisputedItem,
    GuidelineCitation,
    GuidelineWording,
    LetterSource,
    ParseIssue,
    Reviewer,
)
from determinations.rereading import NO_FORM, NO_NUMBER, TAKEN_NUMBER, Choice, reread, snapshot
from determinations.search import DecisionQuery
from tests.archives import archive
from tests.conftest import SAMPLES

pytestmark = pytest.mark.django_db

SLUG = "cm16-0990003"


@pytest.fixture
def samples(sampled):
    """The samples, as if an older parser had read them."""
    LetterSource.objects.update(parser_version=PARSER_VERSION - 1)


def everything() -> str:
    """Every row of the archive, times and all."""
    models = [model for model in apps.get_app_config("determinations").get_models() if model.__name__ != "Archive"]
    return "".join(serialize("json", model.objects.order_by("pk")) for model in models)


def said() -> dict:
    """What all letters say."""
    return snapshot(list(Case.objects.values_list("id", flat=True)))


def read_otherwise() -> None:
    """Rows as another parser might have read them: values changed, emptied, missing and too many."""
    case = Case.objects.get(slug=SLUG)
    Case.objects.filter(pk=case.pk).update(decision_date=None, clinical_summary="Something else.", priority="Expedited")
    first, second = case.items.order_by("position")[:2]
    DisputedItem.objects.filter(pk=first.pk).update(outcome="", rationale="Cut off")
    second.delete()
    other = Case.objects.get(slug="cm17-0990001").items.get(position=1)
    wording = GuidelineWording.objects.create(text="A wording that is none")
    other.citations.filter(position=1).update(pages=["1", "2"], wording=wording)
    ParseIssue.objects.create(case=case, source=case.current_source, code="no-items", message="Not so.", start=1, end=2)
    GuidelineCitation.objects.create(
        item=other, side="reviewer", position=9, text="x", mtus=True, family="MTUS", wording=wording
    )


# ---- looking ----------------------------------------------------------------------------------------------------
def test_letters_that_are_read_the_same_are_the_same(samples):
    report = reread()
    assert (report.comparison.letters, report.comparison.changed) == (Case.objects.count(), 0)
    assert not report.comparison.counts
    assert not report.kept


def test_what_would_change_is_counted_by_field_and_nothing_is_written(samples):
    read_otherwise()
    before = everything()
    report = reread()
    assert everything() == before
    assert report.comparison.changed == 2
    assert report.comparison.counts == {
        "decision_date": 1,
        "clinical_summary": 1,
        "priority": 1,
        "items.outcome": 1,
        "items.rationale": 1,
        "items": 1,
        "items.citations": 1,
        "items.citations.pages": 2,
        "items.citations.wording": 2,
        "issues": 1,
    }
    [(name, priority)] = report.comparison.examples["priority"]
    assert (name, str(priority)) == ("CM16-0990003", "priority: 'Expedited' → 'Standard'")


def test_a_snapshot_holds_every_field_that_is_read(samples):
    """Also those that models get later: only keys, links upwards, times and marks are left out."""
    case = next(iter(snapshot([Case.objects.get(slug=SLUG).pk]).values()))
    left_out = {"id", "case", "item", "source", "created_at", "updated_at", "index_pending"}
    left_out |= {"withheld", "arranged_key", "assigned_to", "assigned_at", "note", "origin", "noted_at"}

    def names(model):
        fields = [one for one in model._meta.concrete_fields if one.name not in left_out]
        return {str(one.verbose_name) if one.is_relation else one.name for one in fields}

    assert set(case) == names(Case) | {"items", "issues"}
    assert set(case["items"][0]) == names(DisputedItem) | {"citations"}
    assert set(case["items"][0]["citations"][0]) == names(GuidelineCitation)
    [flagged] = snapshot([Case.objects.get(slug="cm17-0990014").pk]).values()
    assert set(flagged["issues"][0]) == names(ParseIssue)


def test_names_are_compared_and_not_their_ids(samples):
    [case] = snapshot([Case.objects.get(slug=SLUG).pk]).values()
    assert "board certification" in case["reviewer"]
    assert case["items"][0]["citations"][0]["wording"]


# ---- writing ----------------------------------------------------------------------------------------------------
def test_applied_the_archive_says_what_a_fresh_one_says(samples):
    fresh = said()
    read_otherwise()
    search.index_pending()
    others = Case.objects.exclude(slug__in=[SLUG, "cm17-0990001"]).order_by("pk", "items__pk")
    untouched = list(others.values_list("pk", "updated_at", "items__pk"))
    made = Case.objects.get(slug=SLUG).created_at
    report = reread(apply=True)
    assert said() == fresh
    assert report.comparison.changed == report.indexed == 2
    assert not Case.objects.awaiting_index().exists()
    assert set(LetterSource.objects.values_list("parser_version", flat=True)) == {PARSER_VERSION}
    # What is read the same is not written again.
    assert list(others.values_list("pk", "updated_at", "items__pk")) == untouched
    assert Case.objects.get(slug=SLUG).created_at == made
    assert reread().comparison.letters == 0
    assert reread(Choice(everything=True)).comparison.changed == 0


def test_the_index_finds_what_is_read_now(samples):
    DisputedItem.objects.filter(case__slug=SLUG).update(outcome="")
    Case.objects.filter(slug=SLUG).update(index_pending=True)
    search.index_pending()
    asked = DecisionQuery(words="CM16-0990003", chosen={"outcome": {"upheld", "overturned"}})
    assert search.find(asked).decisions == 0
    reread(apply=True)
    assert search.find(asked).decisions == Case.objects.get(slug=SLUG).items.count()


def test_an_issue_that_was_dismissed_stays_so_where_it_comes_again(samples):
    case = Case.objects.get(slug="cm17-0990014")
    case.issues.update(status="dismissed")
    before = list(case.issues.values_list("code", "start", "end", "status"))
    ParseIssue.objects.create(
        case=case, source=case.current_source, code="no-items", message="Not so.", start=1, end=2, status="dismissed"
    )
    case.items.update(rationale="Something else.")
    assert reread(apply=True).comparison.changed == 1
    assert list(case.issues.values_list("code", "start", "end", "status")) == before


def test_the_version_that_is_current_by_todays_dates_becomes_current(samples, tmp_path):
    text = (SAMPLES / "CM16-0990003.txt").read_text().replace("11/10/2016", "11/20/2016")
    (tmp_path / "later.txt").write_text(text.replace("Overturned", "Upheld"))
    ingest_paths([tmp_path])
    fresh = said()
    # As if the older parser had not read the later letter's date.
    case = Case.objects.get(slug=SLUG)
    case.sources.update(status="superseded", parser_version=PARSER_VERSION - 1)
    case.sources.filter(version=1).update(status="current")
    case.items.all().delete()
    case.issues.all().delete()
    reread(apply=True)
    assert case.current_source.version == 2
    assert said() == fresh
    assert set(case.sources.values_list("parser_version", flat=True)) == {PARSER_VERSION}


# ---- what stays as it is ----------------------------------------------------------------------------------------
def kept(report):
    return dict(report.kept), report.examples


def test_a_text_that_is_no_letter_any_more_keeps_its_reading(samples):
    before = said()
    content = zlib.compress(b"Dear Sir or Madam")
    LetterSource.objects.filter(case__slug=SLUG).update(compressed=content, encoding="utf-8")
    assert kept(reread(apply=True)) == ({NO_FORM: 1}, {NO_FORM: ["CM16-0990003"]})
    assert said() == before
    assert Case.objects.get(slug=SLUG).current_source.parser_version == PARSER_VERSION - 1


def test_a_case_keeps_its_number_if_the_letter_gives_none_any_more(samples):
    Case.objects.filter(pk=Case.objects.filter(number=None).first().pk).update(number="CM15-0000001")
    before = said()
    assert kept(reread(apply=True)) == ({NO_NUMBER: 1}, {NO_NUMBER: ["CM15-0000001"]})
    assert said() == before


def test_a_number_that_is_read_now_is_given_and_the_address_stays(samples):
    Case.objects.filter(slug=SLUG).update(number=None, slug="letter-0123456789abcdef")
    reread(apply=True)
    assert Case.objects.get(slug="letter-0123456789abcdef").number == "CM16-0990003"


def test_a_number_that_another_case_has_is_not_taken_from_it(samples):
    Case.objects.filter(slug=SLUG).update(number=None)
    Case.objects.filter(slug="cm16-0990004").update(number="CM16-0990003")
    before = said()
    report = reread(apply=True)
    assert report.kept[TAKEN_NUMBER] == 1
    assert said()[Case.objects.get(slug=SLUG).pk] == before[Case.objects.get(slug=SLUG).pk]


def test_two_letters_that_now_have_one_number_are_not_joined(samples):
    number = Case.objects.get(slug=SLUG).number
    source = LetterSource.objects.get(case__slug=SLUG)
    twin = Case.objects.get(slug=Case.objects.filter(number=None).first().slug)
    LetterSource.objects.filter(case=twin).update(compressed=source.compressed, encoding=source.encoding)
    Case.objects.filter(slug=SLUG).update(number=None)
    report = reread(apply=True)
    assert report.kept == {TAKEN_NUMBER: 1}
    assert Case.objects.filter(number=number).count() == 1


# ---- which letters ----------------------------------------------------------------------------------------------
def test_the_choice_of_letters(samples):
    LetterSource.objects.filter(case__slug=SLUG).update(parser_version=0)
    flagged = Case.objects.filter(issues__code="contradiction").distinct().count()
    assert flagged
    total = Case.objects.count()
    assert reread().comparison.letters == total
    assert reread(Choice(since_version=PARSER_VERSION - 1)).comparison.letters == total - 1
    assert reread(Choice(only=("contradiction",))).comparison.letters == flagged
    assert reread(Choice(only=("contradiction", "contradiction"))).comparison.letters == flagged
    assert reread(Choice(only=("no-such-code",))).comparison.letters == 0
    LetterSource.objects.update(parser_version=PARSER_VERSION)
    assert reread().comparison.letters == 0
    assert reread(Choice(everything=True)).comparison.letters == total


# ---- stopped and continued --------------------------------------------------------------------------------------
def test_stopped_between_batches_it_goes_on_where_it_ended(samples, monkeypatch):
    monkeypatch.setattr(rereading, "_CASES_A_BATCH", 7)
    fresh = said()
    DisputedItem.objects.update(rationale="")
    done = []

    def stop(cases):
        done.append(cases)
        if len(done) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reread(apply=True, progress=stop)
    assert LetterSource.objects.filter(parser_version=PARSER_VERSION).count() == 21
    assert Case.objects.awaiting_index().count() == 21
    report = reread(apply=True)
    assert report.comparison.letters == Case.objects.count() - 21
    assert said() == fresh
    assert not Case.objects.awaiting_index().exists()


def test_a_batch_that_fails_leaves_nothing_behind(samples, monkeypatch):
    """A constraint of the database stops the second batch in its middle."""
    monkeypatch.setattr(rereading, "_CASES_A_BATCH", 7)
    DisputedItem.objects.update(rationale="")
    real, calls = rereading.rewrite, []

    def failing(readings, names):
        real(readings, names)
        calls.append(1)
        if len(calls) == 4:
            raise RuntimeError

    monkeypatch.setattr(rereading, "rewrite", failing)
    with pytest.raises(RuntimeError):
        reread(apply=True)
    assert LetterSource.objects.filter(parser_version=PARSER_VERSION).count() == 7
    assert DisputedItem.objects.filter(rationale="").exists()
    monkeypatch.undo()
    reread(apply=True)
    assert not DisputedItem.objects.filter(rationale="").exists()


_OTHERWISE = """
from determinations.models import *
LetterSource.objects.update(parser_version=0)
DisputedItem.objects.update(finding="unclear", rationale="")
GuidelineCitation.objects.filter(position=1).delete()
Case.objects.update(decision_date=None)
"""


@pytest.mark.processes
def test_killed_anywhere_and_run_again_the_archive_is_the_same(tmp_path, capsys):
    corpus.write(tmp_path / "letters", 400, seed=5)  # two transactions
    chance = random.Random(3)
    with archive(tmp_path / "archive") as disturbed:
        disturbed.run("ingest", "--jobs", "1", str(tmp_path / "letters"))
        expected = disturbed.dump()
        disturbed.run("shell", "--verbosity", "0", "--command", _OTHERWISE)
        assert disturbed.dump()["cases"] != expected["cases"]
        killed = 0
        for _ in range(4):
            process = disturbed.start("reread", "--apply")
            time.sleep(chance.uniform(0.4, 1.4))
            if process.poll() is None:
                killed += 1
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        assert killed >= 2, "the test must hit runs that are at work"
        disturbed.run("reread", "--apply")
        assert disturbed.dump() == expected
        assert "0 letters read again" in disturbed.run("reread")
        with capsys.disabled():
            print(f" [{killed} of 4 runs killed at work] ", end="")


# ---- the command ------------------------------------------------------------------------------------------------
def call(*arguments):
    out = io.StringIO()
    call_command("reread", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_shows_and_then_writes(samples):
    read_otherwise()
    count = Case.objects.count()
    shown = call()
    assert "items.rationale: 1\n    CM16-0990003  items.0.rationale: 'Cut off' → " in shown
    assert (
        f"{count} letters read again by parser version {PARSER_VERSION}: 2 would change, {count - 2} the same" in shown
    )
    assert "nothing was written, --apply writes it" in shown
    assert "2 changed" in call("--apply")
    assert "0 letters read again" in call("--apply")
    assert f"{count} letters read again" in call("--all")


def test_the_command_names_what_it_keeps(samples):
    Case.objects.filter(pk=Case.objects.filter(number=None).first().pk).update(number="CM15-0000001")
    assert "Kept as it is: 1 has lost its case number (CM15-0000001)" in call()


@pytest.mark.parametrize("options", [["--since-version", "-1"], ["--since-version", "99"], ["--since-version", "x"]])
def test_a_version_that_there_is_not_ends_with_2(options, db):
    with pytest.raises(CommandError) as caught:
        call(*options)
    assert caught.value.returncode == 2 or "invalid int value" in str(caught.value)


def test_a_code_that_no_letter_has_is_said(samples):
    assert "No stored letter has an issue of the code no-such-code." in call("--only", "no-such-code")


def test_reviewers_that_nobody_needs_are_not_made_by_looking(samples):
    before = Reviewer.objects.count()
    Case.objects.update(reviewer=Reviewer.objects.create(fingerprint="x", licensed_states=["CA"]))
    Reviewer.objects.exclude(fingerprint="x").delete()
    reread()
    assert Reviewer.objects.count() == 1
    reread(apply=True)
    assert Reviewer.objects.count() == before + 1
