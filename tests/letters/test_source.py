"""From a file to its text: encodings, and what is no text."""

import codecs
import os

import pytest

from determinations.letters import source
from determinations.letters.source import UnreadableSource, decode, encoding_of, read_letter, source_of

WORDS = "Café “quoted” – 5 µg, 90°\r\nzweite Zeile\n"

ENCODED = {
    "utf-8": (WORDS.encode("utf-8"), "utf-8", WORDS),
    "ascii": (b"plain\n", "utf-8", "plain\n"),
    "utf-8 with a byte order mark": (codecs.BOM_UTF8 + WORDS.encode("utf-8"), "utf-8-sig", WORDS),
    "utf-16, little endian": (codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le"), "utf-16", WORDS),
    "utf-16, big endian": (codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"), "utf-16", WORDS),
    "windows": (WORDS.encode("cp1252"), "cp1252", WORDS),
    "windows, one odd sign in plain text": (b"the worker\x92s wrist", "cp1252", "the worker’s wrist"),
    "astral characters": ("😀 text".encode(), "utf-8", "😀 text"),
    # What a text of Windows leaves undefined is shown as a replacement character; nothing is dropped.
    "windows, undefined bytes": (b"a\x81b\x8dc\xe9", "cp1252", "a\ufffdb\ufffdcé"),
    "utf-8 cut in a character": ("wrist é".encode()[:-1], "cp1252", "wrist Ã"),
    "utf-16 cut in a character": (codecs.BOM_UTF16_LE + "wrist".encode("utf-16-le") + b"x", "utf-16", "wrist\ufffd"),
    "a few zero bytes": (b"x" * 300 + b"\0\0", "utf-8", "x" * 300 + "\0\0"),
}


@pytest.mark.parametrize(("content", "encoding", "text"), ENCODED.values(), ids=ENCODED)
def test_the_encoding_is_told_from_the_bytes(content, encoding, text):
    found = source_of(content)
    assert (found.content, found.encoding, found.text) == (content, encoding, text)
    assert encoding_of(content) == encoding
    assert decode(content, encoding) == text


REFUSED = {
    "nothing": (b"", "empty", "the file is empty"),
    "blanks only": (b" \n\t\r\n", "empty", "the file is empty"),
    "a byte order mark only": (codecs.BOM_UTF8, "empty", "the file is empty"),
    "utf-16, a byte order mark only": (codecs.BOM_UTF16_LE, "empty", "the file is empty"),
    "a program": (b"\x7fELF\x02\x01\x01" + b"\0" * 200 + b"x" * 300, "not-text", "not a text file"),
    "zero bytes": (b"\0" * 500, "not-text", "not a text file"),
    "utf-16 without a byte order mark": ("Case Number".encode("utf-16-le"), "not-text", "not a text file"),
    "utf-32": ("Case Number".encode("utf-32"), "not-text", "not a text file"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "pdf", "a PDF; extract its text first"),
}


@pytest.mark.parametrize(("content", "code", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_text_is_refused_with_its_reason_and_its_bytes(content, code, reason):
    with pytest.raises(UnreadableSource) as refused:
        source_of(content)
    assert (refused.value.code, str(refused.value), refused.value.content) == (code, reason, content)


def test_the_limit_is_on_bytes(monkeypatch):
    monkeypatch.setattr(source, "MAX_BYTES", 1_000_000)
    assert source_of(b"x" * 1_000_000).text == "x" * 1_000_000
    with pytest.raises(UnreadableSource, match="larger than 1 MB") as refused:
        source_of(b"x" * 1_000_001)
    # What is too large to read is too large to keep.
    assert (refused.value.code, refused.value.content) == ("too-large", b"")


def test_a_file_that_is_too_large(monkeypatch, tmp_path):
    path = tmp_path / "letter.txt"
    path.write_bytes(b"x" * 100)
    monkeypatch.setattr(source, "MAX_BYTES", 100)
    assert read_letter(path).text == "x" * 100
    monkeypatch.setattr(source, "MAX_BYTES", 99)
    with pytest.raises(UnreadableSource) as refused:
        read_letter(path)
    assert (refused.value.code, refused.value.content) == ("too-large", b"")


def test_a_letter_of_ordinary_size_is_far_below_the_limit():
    assert source.MAX_BYTES >= 100 * 60_000


@pytest.mark.parametrize("kind", [str, lambda path: path], ids=["str", "Path"])
def test_a_file_is_read_as_it_is(kind, tmp_path):
    path = tmp_path / "a letter – 1.txt"
    path.write_bytes(WORDS.encode("cp1252"))
    found = read_letter(kind(path))
    assert (found.content, found.encoding, found.text) == (WORDS.encode("cp1252"), "cp1252", WORDS)


def test_a_path_that_is_not_there(tmp_path):
    with pytest.raises(UnreadableSource, match=r"^no such file or directory$") as refused:
        read_letter(tmp_path / "none.txt")
    assert (refused.value.code, refused.value.content) == ("unreadable-file", b"")


def test_a_folder_is_no_letter(tmp_path):
    with pytest.raises(UnreadableSource, match=r"^not a regular file$") as refused:
        read_letter(tmp_path)
    assert refused.value.code == "unreadable-file"


def test_a_pipe_is_no_letter_and_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(UnreadableSource, match=r"^not a regular file$"):
        read_letter(tmp_path / "pipe.txt")


def test_a_name_that_is_too_long_for_the_file_system(tmp_path):
    with pytest.raises(UnreadableSource) as refused:
        read_letter(tmp_path / ("x" * 1000))
    assert refused.value.code == "unreadable-file"


def test_the_reason_of_a_refusal_is_a_value_error():
    """Callers that know nothing of letters can still handle it."""
    assert issubclass(UnreadableSource, ValueError)
