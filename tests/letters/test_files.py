"""Files to readings: which files a path stands for, and what becomes of each."""

import copyreg
import hashlib
import pickle
import tracemalloc
import zlib
from pathlib import Path

import pytest

from determinations.letters import parse_letter
from determinations.letters.inputs.files import (
    NoSuchPath,
    count_letters,
    letter_files,
    printable_path,
    read_file,
    read_files,
    text_digest,
)
from determinations.letters.inputs.parallel import send_plainly

from .builder import Parts, crlf, letter_2016, pdfbox, single_spaced

LETTER = pdfbox(letter_2016(Parts()))


@pytest.fixture
def folder(tmp_path):
    """A folder of letters with other things between them."""
    for name in (
        "b.txt",
        "a.txt",
        "B.TXT",
        "c.text",
        "letter.pdf",
        "scan.PDF",
        "notes",
        "list.csv",
        ".hidden.txt",
        "deep/z.txt",
        "deep/deeper/y.txt",
        "deep/deeper/y.doc",
        "also/x.txt",
        ".git/w.txt",
        "empty/.keep",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(LETTER)
    return tmp_path


# ---- which files ----------------------------------------------------------------------------------------------------
def names(paths, under: Path) -> list[str]:
    return [path.relative_to(under).as_posix() for path in paths]


def test_a_folder_stands_for_its_letters_by_name_and_those_below_it(folder):
    assert names(letter_files([folder]), folder) == [
        "B.TXT",
        "a.txt",
        "b.txt",
        "c.text",
        "letter.pdf",
        "scan.PDF",
        "also/x.txt",
        "deep/z.txt",
        "deep/deeper/y.txt",
    ]


def test_the_order_is_the_same_every_time_and_paths_come_in_the_order_given(folder):
    given = [folder / "deep", folder / "b.txt", folder / "also"]
    expected = ["deep/z.txt", "deep/deeper/y.txt", "b.txt", "also/x.txt"]
    assert names(letter_files(given), folder) == expected
    assert names(letter_files(map(str, given)), folder) == expected


def test_files_of_other_kinds_are_counted_by_suffix(folder):
    skipped: dict[str, int] = {}
    assert len(list(letter_files([folder], skipped))) == 9
    # Hidden files are nobody's letters, and are not counted either.
    assert skipped == {".csv": 1, ".doc": 1, "no suffix": 1}
    assert len(list(letter_files([folder / "deep"], skipped))) == 2
    assert skipped[".doc"] == 2


def test_a_file_that_was_asked_for_by_name_is_taken_whatever_its_suffix(folder):
    skipped: dict[str, int] = {}
    asked = [folder / "notes", folder / ".hidden.txt", folder / "letter.pdf"]
    assert list(letter_files(asked, skipped)) == asked
    assert skipped == {}


def test_a_folder_that_was_asked_for_by_name_is_walked_even_if_hidden(folder):
    assert names(letter_files([folder / ".git"]), folder) == [".git/w.txt"]


def test_an_empty_folder_stands_for_nothing(folder):
    assert list(letter_files([folder / "empty"])) == []
    assert list(letter_files([])) == []


@pytest.mark.parametrize("position", [0, 1])
def test_a_missing_path_is_said_before_the_first_file(folder, position):
    paths = [folder / "a.txt"]
    paths.insert(position, folder / "none")
    with pytest.raises(NoSuchPath, match=r"^There is no file or folder .*none\.$"):
        letter_files(paths)  # not even iterated


def test_the_walk_takes_no_file_twice_through_a_link(folder):
    (folder / "deep" / "loop").symlink_to(folder, target_is_directory=True)
    assert len(list(letter_files([folder]))) == 9


def test_letters_are_counted_beforehand_where_that_is_quick(folder):
    assert count_letters([folder, folder / "notes"]) == 10
    assert count_letters(["-"]) is None
    (folder / "deep" / "more.tgz").touch()
    assert count_letters([folder]) is None
    assert count_letters([folder / "deep" / "more.tgz"]) is None


def test_names_of_one_folder_only_are_in_memory(tmp_path):
    """Of a tree of a million files the walk holds what one folder has."""
    for place in range(30):
        (tmp_path / f"{place:02}").mkdir()
        for name in range(200):
            (tmp_path / f"{place:02}" / f"letter-{name:05}.txt").touch()
    tracemalloc.start()
    try:
        assert sum(1 for _ in letter_files([tmp_path])) == 6000
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 6000 * 30, "names of 200 files, not of 6,000"


# ---- readings -------------------------------------------------------------------------------------------------------
def test_a_letter_that_is_read(tmp_path):
    path = tmp_path / "one.txt"
    content = crlf()(letter_2016(Parts())).encode("cp1252")
    path.write_bytes(content)
    reading = read_file(path)
    assert reading.path == str(path)
    assert reading.letter == parse_letter(content.decode("cp1252"))
    assert (reading.code, reading.reason) == ("", "")
    assert (reading.source_size, reading.encoding) == (len(content), "utf-8")
    assert reading.sha256 == hashlib.sha256(content).hexdigest()
    assert zlib.decompress(reading.compressed) == content


def test_the_bytes_are_kept_as_they_came_whatever_the_encoding(tmp_path):
    path = tmp_path / "one.txt"
    content = LETTER.replace("baker", "bäcker").encode("utf-16")
    path.write_bytes(content)
    reading = read_file(path)
    assert reading.encoding == "utf-16"
    assert zlib.decompress(reading.compressed) == content
    assert reading.letter.clinical_summary.value.startswith("The worker is a 51-year-old bäcker")


REJECTED = {
    "empty": (b"", "empty", "the file is empty"),
    "blank": (b" \n \n", "empty", "the file is empty"),
    "binary": (bytes(range(256)) * 9 + b"\0" * 99, "not-text", "not a text file"),
    "a PDF": (b"%PDF-1.4 and so on", "broken-pdf", "a PDF that is broken"),
    "another text": (b"Dear Sir or Madam, thank you.", "unknown-format", "like none of the known forms of letter"),
}


@pytest.mark.parametrize(("content", "code", "reason"), REJECTED.values(), ids=REJECTED)
def test_a_file_that_is_rejected_keeps_its_bytes_and_says_why(content, code, reason, tmp_path):
    path = tmp_path / "one.txt"
    path.write_bytes(content)
    reading = read_file(path)
    assert (reading.path, reading.code, reading.reason) == (str(path), code, reason)
    assert reading.source_size == len(content)
    assert (zlib.decompress(reading.compressed) if content else reading.compressed) == content
    assert reading.sha256 == (hashlib.sha256(content).hexdigest() if content else "")
    # A text of another kind was read, and is like no letter; of the others nothing could be read.
    assert (reading.letter and reading.letter.format) == ("unknown" if code == "unknown-format" else None)


def test_a_path_that_cannot_be_read_is_a_reading_too(tmp_path):
    reading = read_file(tmp_path / "none.txt")
    assert (reading.letter, reading.code, reading.reason) == (None, "unreadable-file", "no such file or directory")
    assert (reading.source_size, reading.sha256, reading.compressed) == (0, "", b"")


def test_several_files_in_order(folder):
    paths = [folder / "b.txt", folder / "none.txt", folder / "a.txt"]
    assert [(reading.path, reading.code) for reading in read_files(paths)] == [
        (str(folder / "b.txt"), ""),
        (str(folder / "none.txt"), "unreadable-file"),
        (str(folder / "a.txt"), ""),
    ]


def test_a_name_that_is_no_utf8_can_still_be_printed_and_stored():
    assert printable_path(b"/letters/caf\xe9.txt".decode("utf-8", "surrogateescape")) == "/letters/caf\\xe9.txt"
    assert printable_path("/letters/café.txt") == "/letters/café.txt"
    assert printable_path(Path("/letters/a\0b.txt")) == "/letters/a\\x00b.txt"


# ---- two copies of one letter ---------------------------------------------------------------------------------------
COPIES = {
    "windows line ends": crlf()(letter_2016(Parts())),
    "single spaced": single_spaced(letter_2016(Parts())),
    "wrapped at another width": single_spaced(letter_2016(Parts()), 500),
    "blanks at the ends": f"\n\n  {LETTER}\t\n",
    "tabs and no-break spaces": LETTER.replace("  ", "\t\u00a0"),
    "form feeds": LETTER.replace(" \n\n \n\n", "\f"),
}


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES)
def test_copies_that_differ_in_white_space_are_one_text(copy):
    assert copy != LETTER
    assert text_digest(copy) == text_digest(LETTER)


@pytest.mark.parametrize(
    "amended",
    [
        LETTER.replace("Upheld", "Overturned"),
        LETTER.replace("51-year", "52-year"),
        LETTER.replace("baker", "Baker"),
        LETTER + ".",
        LETTER.replace("hand therapy", "handtherapy"),
    ],
    ids=["a word", "a digit", "a capital", "a stop", "a blank"],
)
def test_an_amended_letter_is_another_text(amended):
    assert text_digest(amended) != text_digest(LETTER)


def test_two_copies_differ_in_their_bytes_and_agree_in_their_text(tmp_path):
    for name, text in (("one.txt", LETTER), ("two.txt", LETTER.replace("\n", "\r\n"))):
        (tmp_path / name).write_bytes(text.encode())
    one, two = read_files([tmp_path / "one.txt", tmp_path / "two.txt"])
    assert one.sha256 != two.sha256
    assert one.text_sha256 == two.text_sha256


def test_any_text_has_a_digest():
    digests = {text_digest(text) for text in ("", " ", "\ud800", "a", "a b", "ab")}
    assert len(digests) == 5  # "" and " " are the same
    assert {len(digest) for digest in digests} == {64}


# ---- between processes ----------------------------------------------------------------------------------------------
def test_a_reading_comes_out_of_a_reading_process_as_it_went_in(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text(pdfbox(letter_2016(Parts("Norco 10/325 mg #60, 2 refills"), Parts(outcome="Overturned"))))
    reading = read_file(path)
    before, registered = pickle.dumps(reading), dict(copyreg.dispatch_table)
    try:
        send_plainly()
        sent = pickle.dumps(reading)
        assert pickle.loads(sent) == reading
        assert len(sent) < len(before)
    finally:
        copyreg.dispatch_table.clear()
        copyreg.dispatch_table.update(registered)
