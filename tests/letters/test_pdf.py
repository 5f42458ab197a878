"""PDFs to readings: what is read, what is scanned, what is refused and why; and the process that does it."""

import hashlib
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import zlib
from pathlib import Path

import pytest

from determinations.letters import parse_letter
from determinations.letters.inputs.files import letter_files, read_file, read_files, text_digest
from determinations.letters.inputs.parallel import readings
from determinations.letters.inputs.pdf_process import PdfReader, PdfRefused, read_pdf
from determinations.letters.record import _record
from tests.conftest import REAL_LETTERS, ROOT

from .builder import Parts, letter_2016, single_spaced
from .pdfs import bomb_pdf, letter_pdf, looping_pdf, scanned_pdf, slow_pdf, text_pdf

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of memory and /proc are Linux's")
SUMMARY = ("The worker is a 51-year-old baker. " * 60, "A second paragraph – “quoted”, 90°, 2½ weeks (about).")
LETTER = letter_2016(Parts(), Parts("Follow-up visits, 6", "Overturned"), summary=SUMMARY)


@pytest.fixture
def reader():
    made = []

    def make(**limits):
        made.append(PdfReader(**limits))
        return made[-1]

    yield make
    for one in made:
        one.close()


def joined(value):
    """A record with white space joined and without what counts characters."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, list):
        return [joined(one) for one in value]
    if isinstance(value, dict):
        return {key: joined(one) for key, one in value.items() if key not in ("start", "end", "file")}
    return value


def record_of(text):
    return joined(_record("", parse_letter(text)))


# ---- what is read ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("password", [None, ""], ids=["plain", "encrypted with an empty password"])
def test_a_pdf_reads_as_its_text_does(password, tmp_path):
    path = tmp_path / "letter.pdf"
    path.write_bytes(letter_pdf(LETTER, password=password))
    reading = read_file(path)
    assert (reading.code, reading.encoding, reading.pages) == ("", "pdf", 2)
    text = zlib.decompress(reading.extracted).decode()
    assert reading.letter == parse_letter(text)
    assert record_of(text) == record_of(single_spaced(LETTER, 90))
    assert "weeks" in reading.letter.clinical_summary.value.split("\n\n")[1], "paragraphs are told by the space"


def test_the_bytes_the_text_and_its_extractor_are_kept(tmp_path):
    content = letter_pdf(LETTER)
    (tmp_path / "letter.pdf").write_bytes(content)
    reading = read_file(tmp_path / "letter.pdf")
    assert zlib.decompress(reading.compressed) == content
    assert (reading.source_size, reading.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    name, version = reading.extractor.split()
    assert name == "pypdfium2"
    assert version in (ROOT / "requirements.txt").read_text()


def test_a_letter_as_pdf_and_as_text_is_one_text(tmp_path):
    """Other line breaks, the same words."""
    (tmp_path / "a.pdf").write_bytes(letter_pdf(LETTER))
    (tmp_path / "b.txt").write_text(single_spaced(LETTER, 70))
    one, two = read_files([tmp_path / "a.pdf", tmp_path / "b.txt"])
    assert one.sha256 != two.sha256
    assert one.text_sha256 == two.text_sha256


def test_a_hyphen_at_a_lines_end_is_kept():
    """PDFium joins the lines of a broken word and drops the hyphen."""
    found = read_pdf(
        text_pdf([["It was an electro-", "myography of the wrist.", "", "A pre-", "and postoperative visit."]])
    )
    assert found.text.split("\n") == [
        "It was an electro-",
        "myography of the wrist.",
        "",
        "A pre-",
        "and postoperative visit.",
    ]


def test_pages_are_parted_by_form_feeds():
    assert read_pdf(text_pdf([["one"], ["two"], ["three"]])).text == "one\n\ftwo\n\fthree"


@pytest.mark.parametrize("before", [b"\n", b"\xef\xbb\xbf", b"HTTP/1.1 200 OK\r\n\r\n"], ids=["line", "mark", "header"])
def test_a_few_bytes_before_a_pdf_do_no_harm(before, tmp_path):
    (tmp_path / "a.pdf").write_bytes(before + letter_pdf(LETTER))
    assert len(read_file(tmp_path / "a.pdf").letter.items) == 2


def test_a_pdf_is_told_by_its_bytes_whatever_its_name(tmp_path):
    (tmp_path / "a.txt").write_bytes(letter_pdf(LETTER))
    assert read_file(tmp_path / "a.txt").encoding == "pdf"


# ---- scanned --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("line", ["", "NOV-21-2016 10:32 FROM: CLINIC P.002/005"], ids=["pictures", "with a fax line"])
def test_a_scanned_letter_is_kept_with_the_issue_that_it_needs_ocr(line, tmp_path):
    content = scanned_pdf(3, line)
    (tmp_path / "scan.pdf").write_bytes(content)
    reading = read_file(tmp_path / "scan.pdf")
    assert (reading.code, reading.letter.format, reading.pages) == ("", "scanned", 3)
    assert [issue.code for issue in reading.letter.issues] == ["needs-ocr"]
    # Two scans have the same (empty) text: a scan is known by its bytes.
    assert reading.text_sha256 == reading.sha256 == hashlib.sha256(content).hexdigest()


def test_a_short_text_that_is_no_picture_is_no_scan(tmp_path):
    (tmp_path / "note.pdf").write_bytes(text_pdf([["Dear Sir, thank you."]]))
    assert read_file(tmp_path / "note.pdf").code == "unknown-format"


# ---- refused --------------------------------------------------------------------------------------------------------
REFUSED = {
    "a password": (letter_pdf(LETTER, password="secret"), "encrypted", "a PDF that needs a password"),
    "cut off": (letter_pdf(LETTER)[:2000], "broken-pdf", "a PDF that is broken"),
    "garbage": (b"%PDF-1.7\n" + bytes(range(256)) * 40, "broken-pdf", "a PDF that is broken"),
    "its first line only": (b"%PDF-1.7\n", "broken-pdf", "a PDF that is broken"),
    "no pages": (text_pdf([]), "broken-pdf", "a PDF that is broken"),
    "too many pages": (text_pdf([["x"]] * 501), "pdf-limit", "a PDF of more than 500 pages"),
}


@pytest.mark.parametrize(("content", "code", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_pdf_that_cannot_be_read_is_rejected_by_name_with_its_bytes(content, code, reason, tmp_path):
    path = tmp_path / "one.pdf"
    path.write_bytes(content)
    reading = read_file(path)
    assert (reading.path, reading.code, reading.reason) == (str(path), code, reason)
    assert zlib.decompress(reading.compressed) == content


@on_linux
@pytest.mark.parametrize("content", [bomb_pdf(300), looping_pdf(30)], ids=["unpacks to 300 MB", "draws for ever"])
def test_a_pdf_made_to_do_harm_takes_nothing_down(content, reader):
    one = reader(memory=300 << 20, seconds=20)
    with pytest.raises(PdfRefused, match="needs more than 300 MB of memory") as refused:
        one.read(content)
    assert refused.value.code == "broken-pdf"
    assert one.read(text_pdf([["after it"]])).text == "after it"


def test_a_pdf_that_takes_too_long_is_given_up(reader):
    one = reader(seconds=1)
    assert one.read(text_pdf([["before"]])).text == "before"
    started = time.monotonic()
    with pytest.raises(PdfRefused, match="takes longer than 1 seconds") as refused:
        one.read(slow_pdf())
    assert refused.value.code == "pdf-limit"
    assert time.monotonic() - started < 5
    assert one.read(text_pdf([["after"]])).text == "after"


# ---- the process ----------------------------------------------------------------------------------------------------
def test_one_process_reads_many_pdfs(reader):
    one = reader()
    content = text_pdf([["x"]])
    one.read(content)
    process = one._process.pid
    for _ in range(50):
        one.read(content)
    assert one._process.pid == process


def test_a_process_that_was_killed_between_two_pdfs_is_started_anew(reader):
    one = reader()
    content = text_pdf([["x"]])
    one.read(content)
    os.kill(one._process.pid, signal.SIGKILL)
    assert one.read(content).text == "x"


def test_threads_take_turns(reader):
    one = reader()
    found = {}

    def read(number):
        found[number] = one.read(text_pdf([[f"letter {number}"]])).text

    threads = [threading.Thread(target=read, args=[number]) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: f"letter {number}" for number in range(12)}


def test_where_the_library_is_missing_it_says_so(reader, monkeypatch, tmp_path):
    program = tmp_path / "pdf.py"
    program.write_text("import no_such_library")
    monkeypatch.setattr("determinations.letters.inputs.pdf_process._PROGRAM", program)
    with pytest.raises(PdfRefused, match="the program that reads PDFs does not start here") as refused:
        reader().read(b"%PDF-")
    assert refused.value.code == "no-pdf-reader"


@on_linux
@pytest.mark.parametrize("ending", ["end", "kill", "kill at work"])
def test_the_process_ends_with_the_one_that_started_it(ending, tmp_path):
    """Also while it is at work on a PDF that takes for ever, and if its parent was killed."""
    (tmp_path / "a.pdf").write_bytes(text_pdf([["x"]]))
    (tmp_path / "endless.pdf").write_bytes(slow_pdf())
    code = f"""
        import os, signal, sys, threading, time
        from determinations.letters.inputs.pdf_process import PdfReader
        reader = PdfReader(seconds=1)
        reader.read(open({str(tmp_path / "a.pdf")!r}, "rb").read())
        print(reader._process.pid, flush=True)
        if {ending == "kill at work"}:
            endless = open({str(tmp_path / "endless.pdf")!r}, "rb").read()
            threading.Thread(target=reader.read, args=[endless]).start()
            time.sleep(0.2)
        if {ending.startswith("kill")}:
            os.kill(os.getpid(), signal.SIGKILL)
        reader.close()
    """
    arguments = [sys.executable, "-c", textwrap.dedent(code)]
    printed = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert printed.stderr == ""
    process = Path("/proc", printed.stdout.strip())
    deadline = time.monotonic() + 60  # of a busy machine
    while process.exists() and "Z (zombie)" not in (process / "status").read_text():
        assert time.monotonic() < deadline, "still there"
        time.sleep(0.05)


def test_reading_processes_have_a_reader_each_and_one_bad_pdf_stops_none(tmp_path):
    for place in range(90):
        content = letter_pdf(letter_2016(Parts(), header=(f"Case Number: CM16-{place:07}",)))
        (tmp_path / f"{place:03}.pdf").write_bytes(content if place != 45 else looping_pdf(30))
    found = list(readings(letter_files([tmp_path]), jobs=2))
    assert [reading.code for reading in found] == ["" if place != 45 else "broken-pdf" for place in range(90)]
    numbers = [reading.letter.case_number.value for reading in found if reading.letter]
    assert numbers == [f"CM16-{place:07}" for place in range(90) if place != 45]


# ---- the real letters -----------------------------------------------------------------------------------------------
def test_every_real_pdf_reads_as_the_text_that_lies_beside_it():
    if not REAL_LETTERS.is_dir():
        pytest.skip(f"the real letters are not at {REAL_LETTERS}")
    paths = sorted((REAL_LETTERS / "pdf").glob("*.pdf"))
    different = []
    for path in paths:
        text = (REAL_LETTERS / "text" / f"{path.stem}.txt").read_text(encoding="utf-8")
        found = read_pdf(path.read_bytes()).text
        if record_of(found) != record_of(text) or text_digest(found) != text_digest(text):
            different.append(path.stem)
    assert (len(paths), different) == (165, [])
