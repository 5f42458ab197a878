"""Moving what curators decided: written to a file, read into another archive of the same letters, which then says the
same on every page; repeated without harm; each line that has no place named with its reason."""

import io
import json
import re
import stat
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone

from determinations import search
from determinations.corrections.fields import ITEMS, OF_ITEM, OF_LETTER, citations_of, credentials_of
from determinations.curation import naming
from determinations.curation.correcting import Change, correct, retire
from determinations.curation.moving import NotCuration, export_curation, import_curation
from determinations.curation.moving.kinds import KINDS
from determinations.curation.moving.lines import Records
from determinations.curation.moving.undoing import Undoable
from determinations.ingest import ingest_paths
from determinations.models import (
    Case,
    CategoryRule,
    Correction,
    CredentialWording,
    DisputedItem,
    Drug,
    DrugWording,
    Guideline,
    GuidelineWording,
    Job,
    NameChange,
    OldAddress,
    ParseIssue,
    QueueAction,
    ReaderReport,
    Redaction,
    RejectedFile,
    RemovalRequest,
    Reviewer,
    Specialty,
    TreatmentCategory,
    Withholding,
)
from tests.conftest import SAMPLES
from tests.public_site import addresses, body, everything, indexed

pytestmark = pytest.mark.django_db

BY = {"made_by": "ann"}
# Pages that are looked at before anything is decided, to see that it makes a difference: letters and pages of results.
CHANGED = re.compile(r"/cases/[^/]+/|/decisions/\?page=\d+")


@pytest.fixture
def sample_archive(empty_archive):
    """The sample letters and a file that is rejected, in an archive of this test's own."""
    Guideline.objects.all().delete()
    Specialty.objects.all().delete()

    def build(folder):
        broken = folder / "broken.txt"
        broken.write_text("", encoding="utf-8")
        ingest_paths([SAMPLES, broken], jobs=1)

    return build


def nothing_left():
    """Take every letter and every name away, and all that was decided."""
    for model in (Correction, Withholding, Redaction, ReaderReport, RemovalRequest, QueueAction, NameChange):
        model.objects.all().delete()
    for model in (OldAddress, CategoryRule, Case, RejectedFile, Reviewer, CredentialWording, GuidelineWording):
        model.objects.all().delete()
    DrugWording.objects.all().delete()
    Drug.objects.all().delete()
    Guideline.objects.all().delete()
    Specialty.objects.all().delete()
    TreatmentCategory.everything.update(joined_to=None, name=F("slug"))
    TreatmentCategory.objects.exclude(parent=None).delete()
    TreatmentCategory.objects.all().delete()


def case_with(count):
    """A case with so many items."""
    return next(case for case in Case.objects.order_by("slug") if case.items.count() == count)


def curate():
    """A bit of every kind of decision."""
    ann = User.objects.create_user("ann")
    one, several = case_with(1), case_with(3)
    item = one.items.get()
    citation = {**citations_of(one.items.get(), "reviewer")[0], "section": "A section of a curator's"}
    credentials = credentials_of(one) | {"licensed_states": ["NV"]}
    third, fourth = Case.objects.exclude(pk__in=[one.pk, several.pk]).filter(number__isnull=False).order_by("slug")[:2]
    changes = [
        Change("", "dates.decision", fourth.decision_date.isoformat()),  # two of one day
        Change("", "credentials", credentials),
        Change("", "clinical_summary", "Words that a curator wrote about a lumbar strain."),
        Change("1", "outcome", "Overturned" if item.outcome == "Upheld" else "Upheld"),
        Change("1", "category", "pharmaceuticals/opioids"),
        Change("1", "reviewer.citations", [citation]),
    ]
    correct(one.pk, changes, why="So it reads.", by="ann")
    headings = [other.treatment for other in several.items.order_by("position")]
    arranged = [{"key": "3"}, {"key": "1", "with": ["2"]}, {"key": "a1", "like": "2", "treatment": headings[1]}]
    correct(several.pk, [Change("", ITEMS, arranged)], why="Two of them are one.", by="bob")
    correct(several.pk, [Change("a1", "outcome", "Upheld")], why="It says so.", by="ann")
    retire(correct(third.pk, [Change("", "priority", "Expedited")], why="?", by="bob"), why="It was right.", by="ann")
    correct(fourth.pk, [Change("", "case_number", "CM19-0990999")], why="Misprinted.", by="ann")
    _names(ann)
    _queue(ann)
    _private(third, fourth)
    search.index_pending()


def category(slug):
    return TreatmentCategory.objects.get(slug=slug)


def _names(ann):
    journal = Guideline.objects.create(name="A Journal of Backs", slug="a-journal-of-backs", family="Journals")
    wording = GuidelineWording.objects.filter(guideline=None, citations__side="reviewer").first()
    GuidelineWording.objects.filter(pk=wording.pk).update(guideline=journal, status="settled")
    renamed = Guideline.objects.filter(wordings__citations__side="reviewer").exclude(pk=journal.pk).first()
    OldAddress.objects.create(names="guideline", slug=renamed.slug, now="renamed-by-a-curator")
    Guideline.objects.filter(pk=renamed.pk).update(name="Renamed by a curator", slug="renamed-by-a-curator")
    wordings = CredentialWording.objects.filter(specialty=None).order_by("text")
    wordings.filter(text="Family Practise").update(specialty=Specialty.objects.get(name="Family Medicine"))
    wordings.filter(text="Pain Managment").update(status="asked", note="Who knows?", assigned_to=ann)
    new = Specialty.objects.create(name="Wound Care", slug="wound-care", kind="subspecialty")
    new.parents.add(Specialty.objects.get(name="Family Medicine"))
    tramadol, gabapentin, codeine = (Drug.objects.get(name=name) for name in ("tramadol", "gabapentin", "codeine"))
    for plan in (
        lambda: naming.spell(gabapentin, "Cymbalta 60mg"),
        lambda: naming.rename(tramadol, "Tramadol of a curator"),
        lambda: naming.assign(DrugWording.objects.get(text="norco"), None),
        lambda: naming.place(codeine, group="Opium and its kin"),
        lambda: naming.join(category("rehabilitation/other-therapies"), category("rehabilitation/pt-ot")),
        lambda: naming.place(category("rehabilitation/other-therapies"), parent=category("surgery")),
    ):
        plan().carry_out(by="ann")
    CategoryRule.objects.create(pattern="magic wand", category=TreatmentCategory.objects.first(), why="New.", **BY)
    NameChange.objects.create(
        kind="rename", names="guideline", summary="Renamed", before={"name": "X"}, letters=2, **BY
    )
    Case.objects.filter(items__citations__wording__in=[wording, *renamed.wordings.all()]).update(index_pending=True)


def _queue(ann):
    first, second = ParseIssue.objects.filter(origin="reading", status="open").order_by("id")[:2]
    ParseIssue.objects.filter(pk=first.pk).update(status="dismissed", note="The letter says so.")
    ParseIssue.objects.filter(pk=second.pk).update(assigned_to=ann)
    Case.objects.filter(pk__in=[first.case_id, second.case_id]).update(index_pending=True)
    RejectedFile.objects.update(status="dismissed", note="It is empty.")
    case = Case.objects.order_by("slug").first()
    now = timezone.now()
    ReaderReport.objects.create(case=case, position=1, words="A wrong date.", status="settled", answered_at=now)
    RemovalRequest.objects.create(address="/cases/x/", words="Please.", contact="a@example.org")
    QueueAction.objects.create(kind="issue", action="dismiss", rows=3, changes=[[1, "open"]], **BY)


def _private(third, fourth):
    hidden = Case.objects.exclude(pk__in=[third.pk, fourth.pk]).order_by("-slug").first()
    Withholding.objects.create(case=hidden, ground="court", reason="An order.", until=date(2999, 1, 1), **BY)
    lifted = timezone.now()
    Withholding.objects.create(case=third, ground="error", reason="An error.", lifted_at=lifted, lifted_by="ann", **BY)
    over = {"until": date(2020, 1, 1), "lifted_at": lifted, "lifted_why": "Its last day is over."}
    Withholding.objects.create(case=fourth, ground="error", reason="An error.", **over, **BY)
    Case.objects.filter(pk=hidden.pk).update(withheld=True, index_pending=True)
    Redaction.objects.create(case=third, words="some words", ground="identity", reason="A name.", **BY)


def exported():
    """The lines of an export."""
    out = io.StringIO()
    export_curation(out)
    return out.getvalue().splitlines()


def without_head(lines):
    return [line for line in lines if '"format"' not in line]


def without_numbers(lines):
    """The lines without the numbers that records have which are gone: those are each archive's own."""
    return [re.sub(r'"#\d+"', '"#"', line) for line in without_head(lines)]


# ---- the same site ----------------------------------------------------------------------------------------------


@pytest.mark.any_database  # on each of them tests/browser/test_morning.py compares every page of two archives
def test_an_archive_of_the_same_letters_says_the_same_on_every_page_after_an_import(
    sample_archive, client, settings, tmp_path
):
    settings.LIMITS = dict.fromkeys(settings.LIMITS, "")
    sample_archive(tmp_path)
    plain = {address: body(client, address) for address in addresses(client) if CHANGED.fullmatch(address)}
    curate()
    lines, pages, index = exported(), everything(client), indexed()
    assert sum(pages.get(address) != said for address, said in plain.items()) > 20  # it made a difference

    nothing_left()
    settings.SEARCH_INDEX_DIR = tmp_path / "another"
    sample_archive(tmp_path)
    report = import_curation(lines)

    assert report.unplaced == []
    again = everything(client)
    assert set(again) == set(pages)
    assert [address for address in pages if again[address] != pages[address]] == []
    assert indexed() == index
    assert search.check().agrees
    assert without_numbers(exported()) == without_numbers(lines)
    assert not [status for status, _ in pages.values() if status not in (200, 301, 302)]
    print(f"{len(pages)} addresses, {len(index[0])} decisions")


# ---- one line at a time -----------------------------------------------------------------------------------------


@pytest.fixture
def curated_lines(db):
    """The lines of an export of the test archive after some decisions, which are taken back."""
    case = Case.objects.get(slug="cm16-0990003")
    changes = [Change("", "priority", "Expedited"), Change("1", "outcome", "Upheld")]
    made = correct(case.pk, [*changes, Change("1", "rationale", "Other words.")], why="So it reads.", by="ann")
    Withholding.objects.create(case=case, ground="court", reason="An order.", **BY)
    lines = exported()
    Withholding.objects.all().delete()
    retire(made, why="For the test.", by="ann")
    Correction.objects.all().delete()
    return lines


def changed(lines, kind, **values):
    """``lines`` with the first line of a kind changed."""
    found, done = [], False
    for text in lines:
        line = json.loads(text)
        if line.get("what") == kind and not done:
            done = True
            line = {key: value for key, value in (line | values).items() if value is not ...}
        found.append(json.dumps(line))
    assert done
    return found


def test_an_import_is_safe_to_repeat(curated_lines):
    first = import_curation(curated_lines)
    before = exported()
    rows = [list(model.objects.order_by("pk").values()) for model in (Correction, Withholding, DisputedItem)]
    second = import_curation(curated_lines)
    assert first.counts["correction"] == {"created": 3}
    assert second.counts["correction"] == {"unchanged": 3}
    assert {became for counts in second.counts.values() for became in counts} == {"unchanged"}
    assert [list(model.objects.order_by("pk").values()) for model in (Correction, Withholding, DisputedItem)] == rows
    assert without_head(exported()) == without_head(before)


def test_corrections_are_laid_over_the_letter_and_withheld_letters_are_withheld(curated_lines):
    import_curation(curated_lines)
    case = Case.objects.get(slug="cm16-0990003")
    assert case.priority == "Expedited"
    assert case.items.get(position=1).rationale == "Other words."
    assert case.withheld
    assert search.check().agrees


def test_a_dry_run_changes_nothing_and_says_the_same(curated_lines):
    before = exported()
    report = import_curation(curated_lines, dry_run=True)
    assert report.counts["correction"] == {"created": 3}
    assert without_head(exported()) == without_head(before)
    assert Case.objects.get(slug="cm16-0990003").priority == "Standard"


@pytest.mark.parametrize(
    ("what", "values", "why"),
    [
        ("correction", {"case": "cm99-0000000"}, "no letter with the address 'cm99-0000000'"),
        ("correction", {"source": "0" * 64}, "no letter whose text has the hash"),
        ("correction", {"field": "colour"}, "this version corrects no 'colour'"),
        ("correction", {"why": ...}, "it lacks why"),
        ("correction", {"colour": "red"}, "nothing is known of colour"),
        ("correction", {"made_at": "yesterday"}, "'yesterday' is no date"),
        ("correction", {"made_at": "2026-01-01T00:00:00"}, "time zone"),
        ("correction", {"state": "mended"}, "not a valid choice"),
        ("correction", {"made_by": "x" * 200}, "at most 150 characters"),
        ("correction", {"item": {"a": 1}}, ""),
        ("correction", {"value": {"a": 1}}, "cannot be written with it"),
        ("withholding", {"ground": "whim"}, "not a valid choice"),
        ("withholding", {"until": "2026-02-30"}, "no date"),
        ("guideline_wording", {"guideline": "No Such Book"}, "no guideline 'No Such Book'"),
        ("guideline_wording", {"status": "whatever"}, "not a valid choice"),
        ("withholding", {"what": "spell"}, "nothing is known of 'spell'"),
        ("withholding", {"what": 7}, "no object of JSON"),
    ],
)
def test_a_line_without_a_place_is_named_with_its_reason_and_the_others_are_placed(curated_lines, what, values, why):
    lines = changed(curated_lines, what, **values)
    report = import_curation(lines)
    number = next(number for number, text in enumerate(lines, 1) if text not in map(_same, curated_lines))
    reasons = dict(report.unplaced)
    assert why in reasons[number]
    if what != "correction":
        assert report.counts["correction"] == {"created": 3}
    else:
        assert report.counts["withholding"] == {"created": 1}
    assert search.check().agrees


def _same(text):
    return json.dumps(json.loads(text))


def test_what_cannot_be_written_leaves_its_letter_as_it_was(curated_lines):
    report = import_curation(changed(curated_lines, "correction", value={"a": 1}))
    assert len([why for _, why in report.unplaced if "cannot be written" in why]) == 3
    assert not Correction.objects.exists()
    assert Case.objects.get(slug="cm16-0990003").priority == "Standard"


def test_with_stop_nothing_is_kept_if_one_line_has_no_place(curated_lines):
    before = exported()
    report = import_curation(changed(curated_lines, "withholding", ground="whim"), stop=True)
    assert report.stopped
    assert without_head(exported()) == without_head(before)


def test_a_file_that_is_cut_off_is_told_from_a_whole_one(curated_lines):
    for lines in (curated_lines[:-1], curated_lines[:-5], curated_lines[:-2] + curated_lines[-1:]):
        assert "not whole" in import_curation(lines, dry_run=True).unplaced[-1][1]


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("", "no JSON"),
        ("[1]", "its format"),
        ('{"format": "recipes", "version": 1}', "its format"),
        ('{"format": "imr-curation", "version": 2}', "of version 2"),
        ('{"format": "imr-curation"}', "of version None"),
    ],
)
def test_a_file_of_another_format_or_version_is_refused(curated_lines, head, why):
    with pytest.raises(NotCuration, match=why):
        import_curation([head, *curated_lines[1:]])
    assert not Correction.objects.exists()


def test_another_correction_of_the_field_is_not_overwritten(curated_lines):
    case = Case.objects.get(slug="cm16-0990003")
    correct(case.pk, [Change("", "priority", "")], why="Another curator.", by="bob")
    report = import_curation(curated_lines)
    assert report.counts["correction"] == {"created": 2}
    assert len(report.unplaced) == 1
    case.refresh_from_db()
    assert case.priority == ""


def test_a_correction_that_was_retired_meanwhile_is_retired_here_too(curated_lines):
    import_curation(curated_lines)
    later = {"retired_at": "2026-11-01T10:00:00+00:00", "retired_by": "bob", "retired_why": "No."}
    report = import_curation(changed(curated_lines, "correction", **later))
    assert report.counts["correction"] == {"changed": 1, "unchanged": 2}
    retired = Correction.objects.get(retired_by="bob")
    assert retired.retired_why == "No."
    case = Case.objects.get(slug="cm16-0990003")
    assert (case.priority, case.items.get(position=1).rationale) in {
        ("Standard", "Other words."),
        ("Expedited", case.items.get(position=1).rationale),
    }


def test_who_has_no_account_here_is_left_out_with_a_remark(db):
    wording = GuidelineWording.objects.first()
    user = User.objects.create_user("zoe")
    GuidelineWording.objects.filter(pk=wording.pk).update(assigned_to=user, note="Mine.")
    lines = exported()
    user.delete()
    GuidelineWording.objects.filter(pk=wording.pk).update(note="")
    report = import_curation(lines)
    assert report.unplaced == []
    assert "'zoe'" in report.remarks[0][1]
    wording.refresh_from_db()
    assert (wording.note, wording.assigned_to) == ("Mine.", None)


def test_a_question_is_known_by_its_place_though_its_words_changed(db):
    issue = ParseIssue.objects.filter(origin="reading").first()
    ParseIssue.objects.filter(pk=issue.pk).update(status="dismissed")
    lines = exported()
    ParseIssue.objects.filter(pk=issue.pk).update(status="open", message="Other words.")
    alone = (
        ParseIssue.objects.filter(source=issue.source, code=issue.code, start=issue.start, end=issue.end).count() == 1
    )
    report = import_curation(lines)
    issue.refresh_from_db()
    assert (issue.status == "dismissed") is alone
    assert bool(report.unplaced) is not alone


# ---- what is moved ----------------------------------------------------------------------------------------------

# Fields that are not moved, and why.
NOT_MOVED = {
    "Redaction": {"originals"},  # ids; what curators wrote comes redacted
    "QueueAction": {"planned", "left", "job"},  # what only the work in the background needs
    # An assignment that comes from elsewhere has lapsed: whoever works here takes the question.
    "ReaderReport": {"assigned_at"},
    "RemovalRequest": {"assigned_at"},
}


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if isinstance(kind, Records | Undoable)], ids=lambda one: one.name
)
def test_every_field_of_a_record_is_moved(kind):
    fields = {field.name for field in kind.model._meta.concrete_fields if not field.primary_key}
    assert fields - NOT_MOVED.get(kind.model.__name__, set()) == set(kind.keys)


def test_every_model_of_curation_is_moved_but_work_in_the_background():
    import determinations.models.curation as module

    models = {one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__}
    models = {one for one in models if hasattr(one, "_meta")}
    assert models - {kind.model for kind in KINDS if hasattr(kind, "model")} == {Job}


@pytest.mark.parametrize("field", [*OF_LETTER.values(), *OF_ITEM.values()], ids=lambda field: field.name)
def test_no_value_of_a_correction_holds_an_id(field):
    """What a field's value is made of is names and words, which another archive knows, too."""
    row = DisputedItem.objects.filter(citations__side="reviewer").first() if field.of_item else Case.objects.first()
    assert '_id"' not in json.dumps(field.get(row))


# ---- the command ------------------------------------------------------------------------------------------------


def test_the_command_writes_a_file_of_its_owners_only_and_reads_it(curated_lines, tmp_path, capsys):
    path = tmp_path / "curation.jsonl"
    path.write_text("\n".join(curated_lines) + "\n", encoding="utf-8")
    out = io.StringIO()
    call_command("curation", "import", str(path), stdout=out)
    assert "correction: 3 created" in out.getvalue()
    call_command("curation", "export", str(path), stderr=io.StringIO())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text().splitlines()[0])["format"] == "imr-curation"
    assert not list(tmp_path.glob("*.part"))


def test_the_command_names_file_and_line_and_ends_with_1(curated_lines, tmp_path):
    path = tmp_path / "curation.jsonl"
    lines = changed(curated_lines, "withholding", ground="whim")
    path.write_text("\n".join(lines), encoding="utf-8")
    number = next(number for number, text in enumerate(lines, 1) if '"whim"' in text)
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 line") as raised:
        call_command("curation", "import", str(path), stdout=out)
    assert raised.value.returncode == 1
    assert f"{path}:{number}: not placed: " in out.getvalue()


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"", b'{"format": "imr-curation", "version": 99}'])
def test_the_command_refuses_what_is_no_curation_file_with_2(tmp_path, content):
    path = tmp_path / "x.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError) as raised:
        call_command("curation", "import", str(path))
    assert raised.value.returncode == 2
