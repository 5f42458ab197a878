"""Corrections: laid over a reading, kept by every later one, gone back on without a trace but the record."""

import json
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from determinations import rereading, search
from determinations.corrections.fields import OF_ITEM, OF_LETTER
from determinations.curation.correcting import Change, Stale, correct, restore, retire, stamp
from determinations.curation.history import version, versions
from determinations.ingest import ingest_paths
from determinations.letters import parse_letter
from determinations.models import Case, Correction, DisputedItem, Guideline, LetterSource, ParseIssue
from determinations.names import Names
from determinations.rereading import snapshot
from determinations.store import rewrite
from tests.conftest import SAMPLES
from tests.pages import page

pytestmark = pytest.mark.django_db
SLUG = "cm16-0990003"
WHY = "The letter says so on its second page."


@pytest.fixture(autouse=True)
def own_index(db, settings, tmp_path):
    """An index of each test's own: what is corrected here is rolled back in the database only."""
    settings.SEARCH_INDEX_DIR = tmp_path / "index"


@pytest.fixture
def case():
    return Case.objects.get(slug=SLUG)


def said(case):
    """Everything that is read of a letter, with corrections laid over it."""
    return json.dumps(snapshot([case.pk])[case.pk], default=str, sort_keys=True)


def make(case, *changes, **options):
    return correct(case.pk, [Change(*one) for one in changes], why=WHY, by="ada", **options)


def value(case, item, field):
    case = Case.objects.get(pk=case.pk)
    if not item:
        return OF_LETTER[field].get(case)
    return OF_ITEM[field].get(next(one for one in case.items.all() if one.key == item))


CITATION = {
    "text": "MTUS Chronic Pain, page 98",
    "document": "Chronic Pain Medical Treatment Guidelines",
    "guideline": None,
    "mtus": True,
    "family": "MTUS",
    "section": "Physical Medicine",
    "pages": ["98"],
}
# Item ("" for the letter), field, another value than the letter's.
VALUES = [
    ("", "case_number", "CM16-0999999"),
    ("", "dates.assigned", "2016-01-02"),
    ("", "dates.of_injury", "2001-02-03"),
    ("", "dates.ur_denial", None),
    ("", "dates.received", "2016-01-01"),
    ("", "dates.decision", "2016-02-29"),
    ("", "priority", "Expedited"),
    ("", "determination", "Overturn"),
    ("", "amended", True),
    (
        "",
        "credentials",
        {"board_certifications": ["Neurology"], "subspecialties": [], "licensed_states": ["NY"]},
    ),
    ("", "clinical_summary", "Another summary."),
    ("", "patient.age", 33),
    ("", "patient.sex", "female"),
    ("", "patient.mechanism", "a fall from a roof"),
    ("", "patient.body_parts", [{"part": "knee", "side": "left"}]),
    ("", "patient.diagnoses", ["gout"]),
    ("", "patient.prior_treatments", [{"kind": "acupuncture", "count": 6}]),
    ("", "patient.surgeries", ["appendectomy"]),
    ("", "patient.denial", "Utilization review denied it."),
    ("", "documents_reviewed", ["Report of March 3"]),
    ("1", "treatment", "Another heading"),
    ("1", "title", "Another title"),
    ("1", "outcome", "Upheld"),
    ("1", "category", None),
    ("1", "finding", "partly necessary"),
    ("1", "reasons", ["meets-guideline"]),
    ("1", "rationale", "Other reasons."),
    ("1", "modification", "Four of twelve visits were granted."),
    ("1", "claims_administrator.statement", "No guideline was given."),
    ("1", "claims_administrator.citations", []),
    ("1", "reviewer.statement", "Only experience was given."),
    ("1", "reviewer.citations", [CITATION]),
    ("1", "request.drugs", [{"text": "Norco", "generic": "hydrocodone", "group": "Opioids"}]),
    ("1", "request.compound", True),
    ("1", "request.doses", ["10/325 mg"]),
    ("1", "request.procedures", ["MRI"]),
    ("1", "request.body_parts", [{"part": "wrist", "side": ""}]),
    ("1", "request.quantity", {"number": 12, "unit": "visit", "low": None}),
    ("1", "request.frequency", {"times": 2, "period": "week", "low": None}),
    ("1", "request.duration", {"number": 6, "unit": "week", "low": 4}),
    ("1", "request.refills", 2),
]


def test_every_field_is_in_the_table():
    assert {(bool(item), field) for item, field, _ in VALUES} == {
        *((False, name) for name in OF_LETTER),
        *((True, name) for name in OF_ITEM),
    }


@pytest.mark.parametrize(("item", "field", "wanted"), VALUES, ids=[field for _, field, _ in VALUES])
def test_a_value_is_set_kept_and_gone_back_on(case, item, field, wanted):
    before, read = said(case), value(case, item, field)
    [made] = make(case, (item, field, wanted))
    after = said(case)
    assert (made.read, made.value) == (read, wanted)
    shown = value(case, item, field)
    if field.endswith(".citations"):
        assert [one["document"] for one in shown] == [one["document"] for one in wanted]
    else:
        assert shown == wanted
    assert after != before
    # Read again, it is still there.
    rewrite([(case.current_source, parse_letter(case.current_source.text))], Names())
    assert said(case) == after
    retire([made], why="It was right.", by="ben")
    assert said(case) == before
    made.refresh_from_db()
    assert (made.retired_by, made.retired_why) == ("ben", "It was right.")


def test_every_correction_says_why_who_and_what_was_read(case):
    [made] = make(case, ("1", "outcome", "Upheld"))
    assert (made.why, made.made_by, made.read, made.value) == (WHY, "ada", "Overturned", "Upheld")
    assert made.source == case.current_source
    with pytest.raises(ValidationError, match="Say why"):
        correct(case.pk, [Change("1", "outcome", "Upheld")], why="  ", by="ada")


def test_the_contradiction_follows_what_is_corrected(case):
    make(case, ("1", "outcome", "Overturned"), ("1", "finding", "not necessary"))
    assert case.items.get(position=1).contradicts
    make(case, ("1", "finding", "necessary"))
    assert not case.items.get(position=1).contradicts


def test_the_letters_own_value_retires_the_correction(case):
    before = said(case)
    [made] = make(case, ("", "priority", "Expedited"))
    assert make(case, ("", "priority", "Standard")) == []
    made.refresh_from_db()
    assert made.retired_at
    assert said(case) == before


def test_what_is_set_again_is_one_correction_over_the_reading(case):
    [first] = make(case, ("", "dates.decision", "2016-02-01"))
    [second] = make(case, ("", "dates.decision", "2016-02-02"))
    assert second.read == first.read
    assert list(case.corrections.filter(retired_at=None)) == [second]


def test_what_is_not_changed_leaves_no_record(case):
    assert make(case, ("1", "outcome", "Overturned")) == []
    assert not Correction.objects.exists()


# ---- items ------------------------------------------------------------------------------------------------------


def headings(case):
    return [item.treatment for item in case.items.order_by("position")]


@pytest.fixture
def long_case():
    """A letter with at least three items."""
    return next(case for case in Case.objects.order_by("id") if case.items.count() >= 3)


def test_items_are_removed_and_reordered(long_case):
    read, before = headings(long_case), said(long_case)
    make(long_case, ("", "items", [{"key": "3"}, {"key": "1"}]))
    assert headings(long_case) == [read[2], read[0]]
    assert [item.key for item in long_case.items.order_by("position")] == ["3", "1"]
    make(long_case, ("3", "outcome", "Overturned"))
    assert long_case.items.get(position=1).outcome == "Overturned"
    rewrite([(long_case.current_source, parse_letter(long_case.current_source.text))], Names())
    assert headings(long_case) == [read[2], read[0]]
    assert long_case.items.get(position=1).outcome == "Overturned"
    retire(long_case.corrections.filter(retired_at=None), why="No.", by="ada")
    assert said(long_case) == before


def test_items_are_added_split_and_joined(long_case):
    read, before = headings(long_case), said(long_case)
    first = long_case.items.get(position=1)
    cited = first.citations.count() + long_case.items.get(position=2).citations.count()
    [made] = make(
        long_case,
        (
            "",
            "items",
            [
                {"key": "1", "with": ["2"]},
                {"key": "3"},
                {"key": "a1", "like": "3", "treatment": "Half of it"},
                {"key": "a2", "treatment": "Forgotten"},
            ],
        ),
    )
    assert headings(long_case) == [f"{read[0]} ; {read[1]}", read[2], "Half of it", "Forgotten"]
    joined, third, split, added = long_case.items.order_by("position")
    assert joined.citations.count() == cited
    assert (split.outcome, split.rationale, split.citations.count()) == (
        third.outcome,
        third.rationale,
        third.citations.count(),
    )
    assert (added.outcome, added.finding) == ("", "unclear")
    make(long_case, ("a2", "outcome", "Upheld"))
    assert long_case.items.get(position=4).outcome == "Upheld"
    restore(long_case.pk, [made], why="Only the order.", by="ada")
    assert long_case.items.get(position=4).outcome == ""
    restore(long_case.pk, [], why="All as it was.", by="ada")
    assert said(long_case) == before


# ---- later readings ---------------------------------------------------------------------------------------------


def reread_as(case, change):
    """Write the letter as another parser would read it: ``change`` is given the text."""
    rewrite([(case.current_source, parse_letter(change(case.current_source.text)))], Names())


def questions(case):
    return {(issue.code, issue.message) for issue in case.issues.filter(origin="curation")}


def test_a_parser_that_reads_what_was_set_is_noticed(case):
    [made] = make(case, ("", "priority", "Expedited"))
    reread_as(case, lambda text: text.replace("Standard", "Expedited"))
    made.refresh_from_db()
    assert made.state == "agrees"
    assert questions(case) == {("correction-agrees", "The letter is now read as it was corrected: Priority.")}
    retire([made], why="No longer needed.", by="ada")
    assert questions(case) == set()


def test_another_text_that_says_a_third_thing_is_a_conflict(case, tmp_path):
    [made] = make(case, ("", "dates.decision", "2016-02-01"))
    amended = case.current_source.text
    day = case.decision_date.strftime("%-m/%-d/%Y")
    assert day in amended or case.decision_date.strftime("%m/%d/%Y") in amended
    for written in (day, case.decision_date.strftime("%m/%d/%Y")):
        amended = amended.replace(written, "12/30/2016")
    (tmp_path / "amended.txt").write_text(amended, encoding="utf-8")
    report = ingest_paths([tmp_path / "amended.txt"], jobs=1)
    assert report.counts["updated"] == 1
    made.refresh_from_db()
    assert (made.state, made.reads_now) == ("conflict", "2016-12-30")
    assert Case.objects.get(pk=case.pk).decision_date.isoformat() == "2016-02-01"
    assert [code for code, _ in questions(case)] == ["correction-conflict"]


def test_an_item_that_is_no_longer_found_is_a_question(long_case, tmp_path):
    number = long_case.items.count()
    [made] = make(
        long_case, (str(number), "outcome", "Overturned" if long_case.items.last().outcome == "Upheld" else "Upheld")
    )
    source = long_case.current_source
    letter = parse_letter(source.text)
    rewrite([(source, replace(letter, items=letter.items[:-1]))], Names())
    LetterSource.objects.filter(pk=source.pk).update(parser_version=1)
    made.refresh_from_db()
    assert made.state == "lost"
    assert [code for code, _ in questions(long_case)] == ["correction-lost"]


def test_the_same_file_and_a_whole_reread_keep_corrections(case):
    make(case, ("1", "outcome", "Upheld"), ("", "patient.age", 33))
    after = said(case)
    assert ingest_paths([SAMPLES], jobs=1).counts["unchanged"] == len(list(SAMPLES.glob("*.txt")))
    LetterSource.objects.update(parser_version=1)
    rereading.reread(apply=True)
    assert said(case) == after


def test_a_letter_whose_number_was_corrected_is_met_by_the_number_that_it_gives(case, tmp_path):
    make(case, ("", "case_number", "CM16-0999999"))
    text = case.current_source.text + "\nAn added line.\n"
    (tmp_path / "again.txt").write_text(text, encoding="utf-8")
    assert ingest_paths([tmp_path / "again.txt"], jobs=1).counts["updated"] == 1
    case = Case.objects.get(pk=case.pk)
    assert (case.number, case.sources.count(), case.slug) == ("CM16-0999999", 2, SLUG)


def test_no_two_letters_get_one_number(case):
    other = Case.objects.exclude(pk=case.pk).exclude(number=None).first()
    with pytest.raises(ValidationError, match="Another letter"):
        make(case, ("", "case_number", other.number))
    assert not Correction.objects.exists()


def test_search_follows(case):
    search.index_pending()
    make(case, ("1", "rationale", "Because of the zyzzyva."))
    search.index_pending()
    assert search.find(search.DecisionQuery("zyzzyva")).decisions == 1


# ---- two at once ------------------------------------------------------------------------------------------------


def test_the_second_of_two_curators_is_told_and_overwrites_nothing(case):
    seen = stamp(case)
    [made] = make(case, ("", "priority", "Expedited"), seen=seen)
    with pytest.raises(Stale) as stale:
        correct(case.pk, [Change("", "priority", "Standard")], why=WHY, by="ben", seen=seen)
    assert stale.value.since == [made]
    assert Case.objects.get(pk=case.pk).priority == "Expedited"


def test_a_guideline_chosen_by_name_is_the_one_cited(case):
    guideline = Guideline.objects.exclude(name=CITATION["document"]).first()
    make(case, ("1", "reviewer.citations", [CITATION | {"guideline": guideline.name}]))
    [citation] = case.items.get(position=1).citations.filter(side="reviewer")
    assert citation.wording.guideline == guideline


def test_what_curators_decided_on_an_issue_stays_when_the_letter_is_read_again():
    issue = ParseIssue.objects.filter(case__items__isnull=False).first()
    issue.status, issue.note = "asked", "Is this right?"
    issue.save()
    source = issue.case.current_source
    rewrite([(source, parse_letter(source.text))], Names())
    again = ParseIssue.objects.get(pk=issue.pk)
    assert (again.status, again.note) == ("asked", "Is this right?")


def test_a_decision_that_a_correction_left_alone_keeps_its_words(case):
    words = list(DisputedItem.objects.filter(case=case).values_list("rationale", flat=True))
    make(case, ("1", "outcome", "Upheld"))
    assert list(DisputedItem.objects.filter(case=case).values_list("rationale", flat=True)) == words


# ---- history ----------------------------------------------------------------------------------------------------


def test_history_tells_every_version_with_its_difference(case):
    assert [one.number for one in versions(case)] == [0]
    [first] = make(case, ("", "priority", "Expedited"))
    make(case, ("", "priority", ""), ("1", "outcome", "Upheld"))
    retire(case.corrections.filter(retired_at=None, field="priority"), why="It was right.", by="ben")
    told = [(one.by, one.why, [(d.place, d.before, d.after) for d in one.differences]) for one in versions(case)]
    assert told == [
        ("ben", "It was right.", [("Priority", "nothing", "Standard")]),
        ("ada", WHY, [("Priority", "Expedited", "nothing"), ("item 1, Outcome", "Overturned", "Upheld")]),
        ("ada", WHY, [("Priority", "Standard", "Expedited")]),
        ("", "", []),
    ]
    assert version(case, 1).active == (first,)


def test_a_version_can_be_restored_and_that_is_a_version_too(case):
    make(case, ("", "priority", "Expedited"))
    after_first = said(case)
    make(case, ("", "priority", ""), ("1", "outcome", "Upheld"))
    restore(case.pk, version(case, 1).active, why="As it was.", by="ben")
    assert said(case) == after_first
    newest = versions(case)[0]
    assert (newest.number, newest.by) == (3, "ben")
    assert {d.place for d in newest.differences} == {"Priority", "item 1, Outcome"}


# ---- what visitors see ------------------------------------------------------------------------------------------


def test_public_pages_mark_what_was_corrected_and_show_what_the_letter_says(client, case):
    assert "Corrected by a curator" not in client.get(f"/cases/{SLUG}/").content.decode()
    make(case, ("1", "outcome", "Upheld"), ("", "dates.decision", "2016-02-29"), ("1", "rationale", "Other reasons."))
    shown = page(client.get(f"/cases/{SLUG}/")).text
    assert shown.count("Corrected by a curator.") == 2
    assert "Outcome the letter says “Overturned”" in shown
    assert "Decision date the letter says “Nov 10, 2016”" in shown
    assert "Reviewer’s reasons what the letter says" in shown
    assert WHY not in shown
    assert "ada" not in shown.split()


def test_programs_are_told_what_was_corrected(client, case):
    make(case, ("1", "outcome", "Upheld"), ("", "patient.age", 33))
    search.index_pending()
    decision = client.get(f"/api/v1/decisions/{SLUG}/1").json()
    assert (decision["outcome"], decision["corrected"]) == ("Upheld", ["outcome"])
    assert decision["corrected_in_letter"] == ["patient.age"]
    letter = client.get(f"/api/v1/cases/{SLUG}").json()
    assert [one["corrected"] for one in letter["items"]] == [["outcome"], [], [], []]
    line = next(client.get(f"/decisions.jsonl?q={SLUG}").streaming_content)
    assert b'"corrected_in_letter": ["patient.age"]' in line or b'"corrected_in_letter":["patient.age"]' in line
