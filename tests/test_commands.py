"""The commands as a person calls them: what they print and how they end."""

import gzip
import io
import json
import os
import re
import shutil
import sys
import time

import pytest
from django.core.management import CommandError, call_command

from determinations.management.collecting import collect_static
from determinations.models import Case, RejectedFile
from tests.conftest import SAMPLES
from tests.letters.builder import Parts, letter_2016
from tests.letters.pdfs import letter_pdf, scanned_pdf
from tests.letters.test_archives import tarred, zipped

pytestmark = pytest.mark.django_db


def call(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_ingest_ends_with_counts(empty_archive, tmp_path):
    (tmp_path / "empty.txt").touch()
    (tmp_path / "notes.doc").touch()
    printed = call("ingest", str(SAMPLES / "CM16-0990001.txt"), str(tmp_path))
    assert "2 letters: 1 created, 0 updated, 0 unchanged, 1 rejected; 0 with issues" in printed
    assert f"Rejected: {tmp_path / 'empty.txt'}: the file is empty" in printed
    assert "Passed over: 1 file(s) with the suffix .doc" in printed


def test_ingest_of_a_path_that_is_not_there_ends_with_2_and_a_sentence(empty_archive):
    with pytest.raises(CommandError, match="There is no file or folder /no/such/folder") as caught:
        call("ingest", str(SAMPLES), "/no/such/folder")
    assert caught.value.returncode == 2
    assert not Case.objects.exists()


def test_strict_ends_with_1_if_anything_was_rejected(empty_archive, tmp_path):
    (tmp_path / "empty.txt").touch()
    call("ingest", str(tmp_path))
    with pytest.raises(CommandError) as caught:
        call("ingest", str(tmp_path), "--strict")
    assert caught.value.returncode == 1


def test_dry_run_says_so_and_changes_nothing(empty_archive):
    assert "Dry run, nothing was changed: 1 letters: 1 created" in call(
        "ingest", "--dry-run", str(SAMPLES / "CM16-0990001.txt")
    )
    assert not Case.objects.exists()


@pytest.mark.parametrize("jobs", ["0", "-1", "many", "1000"])
def test_jobs_must_be_a_number_of_processes(jobs):
    with pytest.raises(CommandError, match="expected a number of processes"):
        call("ingest", str(SAMPLES), "--jobs", jobs)


def test_index_commands_say_what_they_did(no_index):
    count = Case.objects.count()
    assert f"Search index up to date; {count} letter(s) indexed (" in call("sync_index")
    assert call("sync_index").startswith("Search index up to date; 0 letter(s) indexed (")
    printed = call("rebuild_index")
    assert re.fullmatch(
        rf"Search index rebuilt; {count} letter\(s\) indexed \([\d.]+ s, [\d,]+ a second\)\.\n", printed
    )


SAMPLE = (SAMPLES / "CM16-0990001.txt").read_bytes()
PDF = letter_pdf(letter_2016(Parts()))
INPUTS = {
    "letter.txt": (SAMPLE, 1),
    "letter.pdf": (PDF, 1),
    "scan.pdf": (scanned_pdf(2), 1),
    "letters.zip": (zipped({"a/CM16.txt": SAMPLE, "b.pdf": PDF}), 2),
    "letters.tar.gz": (tarred({"a/CM16.txt": SAMPLE, "b.pdf": PDF}), 2),
    "letters.tar": (tarred({"a/CM16.txt": SAMPLE, "b.pdf": PDF}, "w"), 2),
    "letter.txt.gz": (gzip.compress(SAMPLE), 1),
}


def standard_input(monkeypatch, content):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


@pytest.mark.parametrize("way", ["named", "in a folder", "piped"])
@pytest.mark.parametrize("name", INPUTS)
def test_ingest_takes_every_kind_of_input(name, way, empty_archive, tmp_path, monkeypatch):
    content, letters = INPUTS[name]
    (tmp_path / name).write_bytes(content)
    standard_input(monkeypatch, content)
    path = {"named": str(tmp_path / name), "in a folder": str(tmp_path), "piped": "-"}[way]
    assert f"{letters} letters: {letters} created, 0 updated, 0 unchanged, 0 rejected" in call("ingest", path)
    assert Case.objects.count() == letters
    standard_input(monkeypatch, content)
    assert f"{letters} letters: 0 created, 0 updated, {letters} unchanged" in call("ingest", path)


def test_ingest_rejects_members_by_name_and_takes_the_others(empty_archive, tmp_path):
    path = tmp_path / "letters.zip"
    path.write_bytes(zipped({"../up.txt": SAMPLE, "a.txt": SAMPLE, "b.zip": b"", "c.pdf": b"%PDF-", "d.doc": b""}))
    printed = call("ingest", str(path))
    assert "4 letters: 1 created, 0 updated, 0 unchanged, 3 rejected" in printed
    assert f"Rejected: {path}/../up.txt: a path that leads out of its archive" in printed
    assert f"Rejected: {path}/b.zip: an archive in an archive; unpack it first" in printed
    assert f"Rejected: {path}/c.pdf: a PDF that is broken" in printed
    assert "Passed over: 1 file(s) with the suffix .doc" in printed
    assert set(RejectedFile.objects.values_list("code", flat=True)) == {"unsafe-member", "nested-archive", "broken-pdf"}
    call("ingest", str(path))
    assert RejectedFile.objects.count() == 3


def test_an_archive_that_is_whole_the_next_time_is_rejected_no_more(empty_archive, tmp_path):
    path = tmp_path / "letters.tar"
    whole = tarred({"a.txt": SAMPLE, "b.pdf": PDF}, "w")
    for content, rejected in ((whole[:-11_000], 1), (whole[:-11_000], 1), (whole, 0)):
        path.write_bytes(content)
        call("ingest", str(path))
        found = list(RejectedFile.objects.values_list("path", "code"))
        assert found == [(str(path), "broken-archive")] * rejected
    assert Case.objects.count() == 2


def test_prepare_takes_the_samples_in_once(empty_archive):
    first = call("prepare", "--samples")
    assert f"Took in {len(list(SAMPLES.glob('*.txt')))} sample letters." in first
    assert call("prepare", "--samples") == ""


def test_static_files_are_collected_when_they_have_changed(settings, tmp_path):
    source, made = tmp_path / "source" / "page.css", tmp_path / "made"
    source.parent.mkdir()
    source.write_text("a { color: red }")
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source.parent], made
    assert [collect_static(), collect_static()] == [True, False]
    source.write_text("a { color: green }")
    os.utime(source, (later := time.time() + 60, later))  # Django looks at seconds
    assert collect_static()
    assert (made / "page.css").read_text() == "a { color: green }"
    shutil.rmtree(made)
    assert collect_static()
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    assert collect_static(), "they are made in another way"


# ---- read_letter ------------------------------------------------------------------------------------------------


def records(printed):
    return [json.loads(line) for line in printed.splitlines() if line.startswith("{")]


def test_read_letter_prints_one_object_a_letter_in_the_order_given(tmp_path):
    (tmp_path / "b.txt").touch()
    paths = [str(SAMPLES / "CM17-0990001.txt"), str(tmp_path), str(SAMPLES / "CM16-0990001.txt")]
    found = records(call("read_letter", "--json", *paths))
    assert [record["file"] for record in found] == [paths[0], str(tmp_path / "b.txt"), paths[2]]
    assert [record["case_number"] for record in found] == ["CM17-0990001", None, "CM16-0990001"]
    assert found[1]["issues"] == [{"code": "empty", "message": "the file is empty", "start": 0, "end": 0}]


def test_read_letter_reads_standard_input(monkeypatch):
    content = (SAMPLES / "CM16-0990001.txt").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    [record] = records(call("read_letter", "--json", "-"))
    assert (record["file"], record["case_number"]) == ("-", "CM16-0990001")


@pytest.mark.parametrize("way", ["named", "in a folder", "piped"])
@pytest.mark.parametrize("name", INPUTS)
def test_read_letter_takes_every_kind_of_input(name, way, tmp_path, monkeypatch):
    content, letters = INPUTS[name]
    (tmp_path / name).write_bytes(content)
    standard_input(monkeypatch, content)
    path = {"named": str(tmp_path / name), "in a folder": str(tmp_path), "piped": "-"}[way]
    found = records(call("read_letter", "--json", path))
    assert len(found) == letters
    if name == "scan.pdf":
        assert (found[0]["format"], [issue["code"] for issue in found[0]["issues"]]) == ("scanned", ["needs-ocr"])
    elif letters == 2:
        shown = path if way != "in a folder" else f"{path}/{name}"
        assert [record["file"] for record in found] == [f"{shown}/a/CM16.txt", f"{shown}/b.pdf"]
    if name != "scan.pdf":
        assert all(record["items"] for record in found)


def test_read_letter_prints_for_a_person_too():
    printed = call("read_letter", str(SAMPLES / "CM17-0990014.txt"))
    assert "Case number   CM17-0990014" in printed
    assert "Finding: necessary  (contradicts the heading)" in printed


def test_read_letter_touches_no_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        call("read_letter", "--json", str(SAMPLES))


def test_read_letter_of_a_path_that_is_not_there():
    with pytest.raises(CommandError, match="There is no file or folder nowhere") as caught:
        call("read_letter", "nowhere")
    assert caught.value.returncode == 2


# ---- read_letter --explain and --compare ------------------------------------------------------------------------


def test_read_letter_explains_each_line():
    printed = call("read_letter", "--explain", str(SAMPLES / "CM17-0990014.txt"))
    assert "    3 | Case Number: CM17-0990014   <- form, case_number\n" in printed
    assert "! contradiction in line 107: The heading says Upheld" in printed
    assert "\x1b" not in printed


def test_read_letter_explains_what_it_can(tmp_path, monkeypatch):
    (tmp_path / "empty.txt").touch()
    assert "! empty: the file is empty" in call("read_letter", "--explain", str(tmp_path))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Good day")))
    assert "-  (unknown)\n    1 | Good day   <- unaccounted" in call("read_letter", "--explain", "-")


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("options", "coloured"), [({}, True), ({"no_color": True}, False)])
def test_colours_are_for_terminals_that_want_them(options, coloured, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    out = Terminal()
    call_command("read_letter", "--explain", str(SAMPLES / "CM17-0990014.txt"), stdout=out, **options)
    assert ("\x1b[" in out.getvalue()) == coloured


@pytest.fixture
def earlier(tmp_path):
    """What --json wrote earlier, with a reading that was another then."""
    lines = call("read_letter", "--json", str(SAMPLES)).splitlines()
    changed = [json.loads(line) for line in lines]
    changed[0]["items"][0]["outcome"] = None
    changed[0]["items"][0]["reviewer"]["citations"] = []
    changed[1]["priority"] = "Expedited"
    (tmp_path / "same.jsonl").write_text("\n".join(lines))
    (tmp_path / "changed.jsonl").write_text("\n".join(map(json.dumps, changed)))
    return tmp_path


def test_the_same_readings_are_the_same(earlier):
    printed = call("read_letter", "--compare", str(earlier / "same.jsonl"), str(SAMPLES))
    count = len(list(SAMPLES.glob("*.txt")))
    assert printed == f"{count} letters compared: 0 differ, {count} are read the same\n"


def test_what_differs_is_counted_by_field_with_examples(earlier):
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("read_letter", "--compare", str(earlier / "changed.jsonl"), str(SAMPLES), stdout=out)
    assert caught.value.returncode == 1
    count = len(list(SAMPLES.glob("*.txt")))
    assert f"{count} letters compared: 2 differ, {count - 2} are read the same" in out.getvalue()
    assert "items.outcome: 1\n" in out.getvalue()
    assert "items.0.outcome: None → 'Upheld'" in out.getvalue()
    assert "priority: 'Expedited' → 'Standard'" in out.getvalue()
    assert "items.reviewer.citations: " in out.getvalue()


def test_letters_that_only_one_reading_has_are_a_difference(earlier, tmp_path):
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command(
            "read_letter", "--compare", str(earlier / "same.jsonl"), str(SAMPLES / "CM17-0990014.txt"), stdout=out
        )
    assert caught.value.returncode == 1
    assert f"Only in the earlier reading: {len(list(SAMPLES.glob('*.txt'))) - 1} (" in out.getvalue()
    (tmp_path / "new.txt").write_text((SAMPLES / "CM17-0990014.txt").read_text())
    with pytest.raises(CommandError):
        call_command("read_letter", "--compare", str(earlier / "same.jsonl"), str(tmp_path / "new.txt"), stdout=out)
    assert f"Only in today's reading: 1 ({tmp_path / 'new.txt'})" in out.getvalue()


@pytest.mark.parametrize("other", ["/no/such/file", __file__])
def test_what_cannot_be_compared_with_ends_with_2(other):
    with pytest.raises(CommandError) as caught:
        call("read_letter", "--compare", other, str(SAMPLES))
    assert caught.value.returncode == 2
