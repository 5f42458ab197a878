"""Undoing in another archive what was done in the first, and lifting a redaction that came with an import.

The other archive is the same one with every letter, name and record taken away and taken in anew: no row has the id
that it had.
"""

import pytest
from django.contrib.auth.models import User

from determinations import search
from determinations.curation import naming, privacy
from determinations.curation.moving import import_curation
from determinations.curation.queue import deciding, lists
from determinations.curation.queue import many as together
from determinations.curation.queue.kinds import KINDS, kind_of
from determinations.ingest import ingest_paths
from determinations.letters.redacting import MARK
from determinations.models import (
    Case,
    CredentialWording,
    DisputedItem,
    Drug,
    DrugWording,
    Guideline,
    GuidelineWording,
    NameChange,
    OldAddress,
    ParseIssue,
    QueueAction,
    ReaderReport,
    Redaction,
    Specialty,
    TreatmentCategory,
)
from tests.conftest import SAMPLES
from tests.test_moving import exported, nothing_left, without_numbers

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(empty_archive, settings, tmp_path):
    """An archive of some letters; calling it goes over to another archive of the same."""
    User.objects.create_user("ann")
    letters = [SAMPLES]
    Guideline.objects.all().delete()
    Specialty.objects.all().delete()
    ingest_paths(letters, jobs=1)

    def go():
        lines = exported()
        nothing_left()
        settings.SEARCH_INDEX_DIR = tmp_path / "another"
        ingest_paths(letters, jobs=1)
        report = import_curation(lines)
        assert report.unplaced == []
        assert without_numbers(exported()) == without_numbers(lines)
        return report

    return go


def names_now():
    return (
        set(Guideline.objects.values_list("name", "slug", "family")),
        set(Specialty.objects.values_list("name", "slug", "kind", "parents__name")),
        set(GuidelineWording.objects.values_list("text", "guideline__name", "status")),
        set(CredentialWording.objects.values_list("text", "specialty__name", "status")),
        set(Drug.objects.values_list("name", "slug", "group")),
        set(DrugWording.objects.values_list("text", "drug__name", "status")),
        set(TreatmentCategory.objects.values_list("name", "slug", "parent__name")),
        {(item.case.name, item.position, str(item.category)) for item in DisputedItem.objects.select_related("case")},
        set(OldAddress.objects.values_list("names", "slug", "now")),
    )


def test_changes_of_names_are_undone_in_another_archive(first):
    waiting = GuidelineWording.objects.filter(guideline=None).first()
    guideline = Guideline.objects.filter(wordings__citations__isnull=False).first()
    gone = Guideline.objects.exclude(pk=guideline.pk).filter(wordings__citations__isnull=False).first()
    before = [names_now()]

    def do(plan):
        plan.carry_out(by="ann")
        before.append(names_now())

    do(naming.create("guideline", "A Journal of Backs", [waiting], family="Journals"))
    do(naming.rename(guideline, "Renamed by a curator"))
    do(naming.join(Guideline.objects.get(name="Renamed by a curator"), gone))
    do(naming.place(Specialty.objects.get(slug="pain-medicine"), kind="board"))
    do(naming.assign(CredentialWording.objects.exclude(specialty=None).first(), None))
    do(naming.create("specialty", "Wound Care", [], kind="subspecialty", parents=[Specialty.objects.first()]))
    do(naming.join(Drug.objects.get(name="tramadol"), Drug.objects.get(name="codeine")))
    do(naming.place(Drug.objects.get(name="tramadol"), group="Opium and its kin"))
    do(naming.spell(Drug.objects.get(name="tramadol"), "Urine drug"))
    kept, joined = (
        TreatmentCategory.objects.get(slug=f"rehabilitation/{name}") for name in ("other-therapies", "pt-ot")
    )
    do(naming.join(kept, joined))
    do(naming.place(kept, parent=TreatmentCategory.objects.get(slug="surgery")))
    placed = TreatmentCategory.objects.get(slug="surgery/other-therapies")
    do(naming.join(TreatmentCategory.objects.get(slug="transportation"), placed))
    ids = set(Guideline.objects.values_list("pk", flat=True))
    first()
    assert names_now() == before[-1]
    assert not ids & set(Guideline.objects.values_list("pk", flat=True)), "the ids must be others"
    for change, earlier in zip(NameChange.objects.order_by("-made_at"), before[-2::-1], strict=True):
        naming.undo(change).carry_out(by="ann")
        assert names_now() == earlier, change
    search.index_pending()
    assert search.check().agrees


def test_a_change_whose_names_are_not_here_is_refused_with_a_sentence(first):
    waiting = GuidelineWording.objects.filter(guideline=None).first()
    naming.create("guideline", "A Journal of Backs", [waiting], family="Journals").carry_out(by="ann")
    change = NameChange.objects.get()
    NameChange.objects.filter(pk=change.pk).update(after=change.after | {"wordings": {"999999": None}})
    first()
    with pytest.raises(naming.Refused, match="names that are not here"):
        naming.undo(NameChange.objects.get())


def test_decisions_of_the_queue_are_undone_in_another_archive(first):
    report = ReaderReport.objects.create(case=Case.objects.first(), words="Wrong.")
    issue = ParseIssue.objects.filter(status="open").order_by("pk").first()
    wording = CredentialWording.objects.filter(specialty=None).first()
    ask, accept, dismiss = (deciding.ACTIONS[name] for name in ("ask", "accept", "dismiss"))
    deciding.decide(kind_of(issue), issue.pk, ask, by="ann", words="Is it so?", to="ann")
    deciding.decide(KINDS["reports"], report.pk, accept, by="ann", words="Put right.")
    deciding.decide(KINDS["credential-wordings"], wording.pk, dismiss, by="ann")
    wanted = lists.Wanted(KINDS["notices"], "ann")
    seen = together.preview(wanted, dismiss)
    together.decide_many(wanted, dismiss, stamp=seen.stamp, words="All of them.")
    dismissed = ParseIssue.objects.filter(status="dismissed").count()
    assert dismissed == seen.rows > 1
    first()
    assert ParseIssue.objects.filter(status="dismissed").count() == dismissed
    assert QueueAction.objects.exclude(part_of=None).exists()
    for action in QueueAction.objects.filter(part_of=None):
        undone = deciding.undo(action, by="ann")
        assert (undone.restored, undone.left) == (action.rows, 0)
    for model in (ParseIssue, ReaderReport, CredentialWording):
        assert not model.objects.exclude(status__in=["open", "settled"]).exists()
    assert not ParseIssue.objects.exclude(note="", assigned_to=None).exists()
    assert ReaderReport.objects.get().answer == ""


def test_a_question_that_is_not_there_is_left(first):
    issue = ParseIssue.objects.filter(status="open").order_by("pk").first()
    deciding.decide(kind_of(issue), issue.pk, deciding.ACTIONS["ask"], by="ann", words="Is it so?")
    made = QueueAction.objects.get()
    changes = [*made.changes, {"id": 999_999, "before": {"status": "open"}, "after": {"status": "asked"}}]
    QueueAction.objects.filter(pk=made.pk).update(changes=changes)
    first()
    undone = deciding.undo(QueueAction.objects.get(), by="ann")
    assert (undone.restored, undone.left) == (1, 1)


def test_a_redaction_that_was_imported_is_lifted_and_gives_back_what_the_letter_says(first):
    """Also in what the other archive made of the words by itself, before the import."""
    one = Case.objects.get(number="CM16-0990004")
    word = "cyclobenzaprine"
    text = one.current_source.text
    rows = list(DisputedItem.objects.filter(case=one).values("treatment", "title", "rationale", "request"))
    assert word in text.lower()
    privacy.redact(one, word, "identity", "A name.", "ann")
    first()
    one = Case.objects.get(number="CM16-0990004")
    assert word not in one.current_source.text.lower()
    assert not DisputedItem.objects.filter(case=one, title__icontains=word).exists()
    assert not ParseIssue.objects.filter(case=one, message__icontains=word).exists()
    assert MARK in one.items.get(position=1).rationale
    privacy.lift_redaction(Redaction.objects.get(), "ann")
    one.refresh_from_db()
    assert one.current_source.text == text
    assert list(one.items.values("treatment", "title", "rationale", "request")) == rows
