"""Storing letters: created, unchanged, amended, rejected; names become rows once."""

import hashlib
import os
import zlib
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from determinations.ingest import ingest_paths
from determinations.letters import parse_letter, read_letter
from determinations.models import (
    Case,
    CredentialWording,
    DisputedItem,
    GuidelineWording,
    LetterSource,
    ParseIssue,
    RejectedFile,
    Reviewer,
    Specialty,
)
from tests.conftest import SAMPLES
from tests.letters.builder import Parts, letter_2016, pdfbox
from tests.letters.pdfs import letter_pdf, scanned_pdf

pytestmark = pytest.mark.usefixtures("empty_archive")

SAMPLE = SAMPLES / "CM16-0990003.txt"  # several items with both outcomes


@pytest.fixture
def folder(tmp_path):
    letters = tmp_path / "letters"
    letters.mkdir()
    return letters


def counts(report):
    return {name: number for name, number in report.counts.items() if number}


def test_a_letter_becomes_a_case_with_everything_that_was_read():
    letter = parse_letter(SAMPLE.read_text(encoding="utf-8"))
    assert counts(ingest_paths([SAMPLE])) == {"created": 1}
    case = Case.objects.get()
    assert case.number == letter.case_number.value
    assert case.slug == case.number.lower()
    assert case.decision_date == letter.dates.decision.value
    assert case.clinical_summary == letter.clinical_summary.value
    for position, (item, row) in enumerate(zip(letter.items, case.items.all(), strict=True), 1):
        assert (row.position, row.treatment, row.title) == (position, item.treatment.value, item.title.value)
        assert (row.outcome, row.finding) == (item.outcome.value, item.finding)
        assert row.rationale == item.rationale.value
        assert (row.category.parent.name, row.category.name) == (item.placement.category, item.placement.subcategory)
        assert [c.text for c in row.cited_by_reviewer] == [c.text for c in item.reviewer.citations]
        for cited, citation in zip(row.cited_by_claims_administrator, item.claims_administrator.citations, strict=True):
            assert cited.wording.guideline.name == citation.guideline
            assert (cited.family, cited.mtus, cited.pages) == (citation.family, citation.mtus, list(citation.pages))


def test_the_source_is_kept_byte_by_byte(folder):
    content = SAMPLE.read_bytes().replace(b"\n", b"\r\n")
    (folder / "windows.txt").write_bytes(content)
    ingest_paths([folder])
    source = LetterSource.objects.get()
    assert source.content == content
    assert source.sha256 == hashlib.sha256(content).hexdigest()
    assert source.text == content.decode()
    assert source.file_name.endswith("windows.txt")


def test_of_a_pdf_the_bytes_and_the_text_that_was_read_are_kept(folder):
    content = letter_pdf(letter_2016(Parts()))
    (folder / "letter.pdf").write_bytes(content)
    assert counts(ingest_paths([folder])) == {"created": 1}
    source = LetterSource.objects.get()
    assert source.content == content
    assert (source.encoding, source.pages) == ("pdf", 1)
    assert source.extractor.startswith("pypdfium2 ")
    assert source.text == read_letter(folder / "letter.pdf").text
    # Whatever a later version of the library would read: spans count the text that was kept.
    LetterSource.objects.update(extracted=zlib.compress(b"another reading"), extractor="another 1.0")
    assert LetterSource.objects.get().text == "another reading"


def test_a_letter_as_text_and_as_pdf_is_one_letter(folder):
    letter = letter_2016(Parts(), Parts("Follow-up visits, 6", "Overturned"))
    (folder / "CM16-1.txt").write_text(pdfbox(letter))
    (folder / "CM16-1.pdf").write_bytes(letter_pdf(letter))
    assert counts(ingest_paths([folder])) == {"created": 1, "unchanged": 1}


def test_scanned_letters_are_kept_each_as_a_case_of_its_own(folder):
    (folder / "one.pdf").write_bytes(scanned_pdf(2))
    (folder / "two.pdf").write_bytes(scanned_pdf(3))
    (folder / "again.pdf").write_bytes(scanned_pdf(3))
    report = ingest_paths([folder])
    assert counts(report) == {"created": 2, "unchanged": 1}
    assert (report.with_issues, report.rejected) == (2, [])
    for case in Case.objects.all():
        source = case.current_source
        assert (case.number, case.letter_format, case.items.count()) == (None, "scanned", 0)
        assert case.slug == f"letter-{source.sha256[:16]}"
        assert source.text_sha256 == source.sha256
        assert source.text.strip() == ""
        assert case.issues.get().code == "needs-ocr"
    assert counts(ingest_paths([folder])) == {"unchanged": 3}


def test_the_same_letter_again_is_unchanged_and_writes_nothing(django_assert_num_queries):
    ingest_paths([SAMPLES], jobs=1)
    before = list(Case.objects.values_list("pk", "updated_at").order_by("pk"))
    report = ingest_paths([SAMPLES], jobs=1)
    assert counts(report) == {"unchanged": len(before)}
    assert list(Case.objects.values_list("pk", "updated_at").order_by("pk")) == before
    assert report.indexed == 0


def test_the_same_text_with_other_line_ends_is_unchanged(folder):
    ingest_paths([SAMPLE])
    (folder / "copy.txt").write_bytes(SAMPLE.read_bytes().replace(b"\n", b"\r\n"))
    assert counts(ingest_paths([folder])) == {"unchanged": 1}


def amended(folder, name, **changes):
    text = SAMPLE.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old.replace("_", " ") in text
        text = text.replace(old.replace("_", " "), new)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_an_amended_letter_is_a_new_version_and_the_old_one_is_kept(folder):
    ingest_paths([SAMPLE])
    case = Case.objects.get()
    old_items = list(case.items.values_list("pk", flat=True))
    report = ingest_paths([amended(folder, "amended.txt", Overturned="Upheld")])
    assert counts(report) == {"updated": 1}
    case.refresh_from_db()
    assert [source.status for source in case.sources.order_by("version")] == ["superseded", "current"]
    assert not DisputedItem.objects.filter(pk__in=old_items).exists()
    assert set(case.items.values_list("outcome", flat=True)) == {"Upheld"}
    assert case.sources.get(version=1).content == SAMPLE.read_bytes()
    # Either version again is known.
    assert counts(ingest_paths([SAMPLE, folder])) == {"unchanged": 2}


def test_an_earlier_decision_that_comes_in_later_does_not_become_current(folder):
    path = amended(folder, "amended.txt", Overturned="Upheld")
    day = parse_letter(SAMPLE.read_text()).dates.decision.value
    text = path.read_text().replace(f"Decision Date: {day:%m/%d/%Y}", "Decision Date: 12/31/2016")
    path.write_text(text)
    assert parse_letter(text).dates.decision.value > day
    ingest_paths([path])
    assert counts(ingest_paths([SAMPLE])) == {"updated": 1}
    case = Case.objects.get()
    assert case.current_source.version == 1
    assert set(case.items.values_list("outcome", flat=True)) == {"Upheld"}


@pytest.mark.parametrize("order", list(permutations(["june", "january", "undated"])), ids="-".join)
def test_which_version_is_current_does_not_depend_on_the_order(folder, order):
    text = SAMPLE.read_text()
    written = f"Decision Date: {parse_letter(text).dates.decision.value:%m/%d/%Y}"
    texts = {
        "june": text.replace(written, "Decision Date: 06/01/2017"),
        "january": text.replace(written, "Decision Date: 01/01/2017"),
        "undated": text.replace(written, ""),
    }
    for name in order:
        (folder / f"{name}.txt").write_text(texts[name])
        ingest_paths([folder / f"{name}.txt"])
    case = Case.objects.get()
    assert case.decision_date == date(2017, 6, 1)
    assert case.current_source.file_name.endswith("june.txt")
    assert case.sources.count() == 3


def test_several_versions_in_one_batch(folder):
    amended(folder, "2.txt", Overturned="Upheld")
    amended(folder, "3.txt", Upheld="Overturned")
    report = ingest_paths([SAMPLE, folder])
    assert counts(report) == {"created": 1, "updated": 2}
    assert Case.objects.get().current_source.version == 3
    assert set(DisputedItem.objects.values_list("outcome", flat=True)) == {"Overturned"}


def test_a_letter_without_number_is_known_by_its_text():
    path = SAMPLES / "no-header-01.txt"
    ingest_paths([path, path])
    case = Case.objects.get()
    assert case.number is None
    assert case.slug.startswith("letter-")
    assert len(case.slug) == len("letter-") + 16


@pytest.mark.parametrize(
    ("content", "code", "reason"),
    [
        (b"", "empty", "the file is empty"),
        (b" \n\n ", "empty", "the file is empty"),
        (b"%PDF-1.7 ...", "broken-pdf", "a PDF that is broken"),
        (b"\x00\x01\x02" * 500, "not-text", "not a text file"),
        (b"Dear Sir or Madam,\nthank you.\n", "unknown-format", "like none of the known forms of letter"),
    ],
)
def test_what_cannot_be_read_is_stored_with_file_and_reason(folder, content, code, reason):
    path = folder / "bad.txt"
    path.write_bytes(content)
    report = ingest_paths([folder])
    assert counts(report) == {"rejected": 1}
    assert report.rejected == [(str(path), reason)]
    row = RejectedFile.objects.get()
    assert (row.path, row.code, row.reason) == (str(path), code, reason)
    assert not Case.objects.exists()


def test_a_rejected_file_that_reads_later_is_no_longer_rejected(folder):
    path = folder / "letter.txt"
    path.write_bytes(b"")
    ingest_paths([folder])
    path.write_bytes(SAMPLE.read_bytes())
    assert counts(ingest_paths([folder])) == {"created": 1}
    assert not RejectedFile.objects.exists()


def test_a_name_that_is_no_utf8_can_be_rejected_too(folder):
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.txt")).touch()
    ingest_paths([folder])
    assert RejectedFile.objects.get().path.endswith("\\xff.txt")


def test_wordings_and_profiles_are_rows_once():
    ingest_paths([SAMPLES], jobs=1)
    assert CredentialWording.objects.get(text="Physical Medicine & Rehabilitation").specialty == Specialty.objects.get(
        name="Physical Medicine and Rehabilitation"
    )
    # Two spellings of one document are two wordings of one guideline.
    names = set(
        GuidelineWording.objects.filter(guideline__slug="low-back-complaints-acoem-2004").values_list("text", flat=True)
    )
    assert {"Low Back Complaints 2004", "ACOEM Chapter 12 Low Back Complaints"} <= names


def test_letters_with_the_same_credentials_share_a_profile(folder):
    text = SAMPLE.read_text(encoding="utf-8")
    (folder / "other.txt").write_text(text.replace("CM16-0990003", "CM16-0990903"), encoding="utf-8")
    ingest_paths([SAMPLE, folder])
    assert Case.objects.count() == 2
    assert Reviewer.objects.count() == 1


def test_a_wording_that_curators_settled_stays_settled():
    ingest_paths([SAMPLES / "CM16-0990018.txt"])  # "Family Practise", which no vocabulary knows
    wording = CredentialWording.objects.get(specialty=None)
    wording.specialty = Specialty.objects.get(name="Family Medicine")
    wording.save()
    Case.objects.all().delete()
    ingest_paths([SAMPLES], jobs=1)
    wording.refresh_from_db()
    assert wording.specialty.name == "Family Medicine"


def test_issues_are_stored_with_their_place():
    ingest_paths([SAMPLES / "CM16-0990018.txt"])
    issue = ParseIssue.objects.get(code="unknown-specialty")
    assert issue.source.text[issue.start : issue.end] == "Family Practise"


def test_a_dry_run_changes_nothing():
    report = ingest_paths([SAMPLES], jobs=1, dry_run=True)
    assert report.counts["created"] == len(list(SAMPLES.glob("*.txt")))
    assert not Case.objects.exists()
    assert not Reviewer.objects.exists()


def test_nul_and_lone_surrogates_are_no_obstacle(folder):
    content = SAMPLE.read_bytes().replace(b"the", b"th\x00e", 3)
    (folder / "odd.txt").write_bytes(content)
    assert counts(ingest_paths([folder])) == {"created": 1}
    assert LetterSource.objects.get().content == content


def test_files_of_one_name_in_two_folders_are_both_kept(folder, monkeypatch):
    for name in ("a", "b"):
        (folder / name).mkdir()
        (folder / name / "x.txt").write_text(f"No letter: {name}.")
        monkeypatch.chdir(folder / name)
        ingest_paths(["x.txt"])
    assert sorted(row.path for row in RejectedFile.objects.all()) == [str(folder / name / "x.txt") for name in "ab"]


def test_a_rejected_file_that_is_replaced_by_a_known_letter_is_no_longer_rejected(folder):
    ingest_paths([SAMPLE])
    (folder / "x.txt").write_text("No letter.")
    assert counts(ingest_paths([folder])) == {"rejected": 1}
    (folder / "x.txt").write_bytes(SAMPLE.read_bytes())
    assert counts(ingest_paths([folder])) == {"unchanged": 1}
    assert not RejectedFile.objects.exists()
