"""From a file to its text: encodings, and what is no text."""

import codecs
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from determinations.letters.inputs import source
from determinations.letters.inputs.encodings import decode, encoding_of
from determinations.letters.inputs.source import UnreadableSource, read_letter, source_of

from .builder import Parts, letter_2016, pdfbox

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
    "utf-16, little endian, no mark": (WORDS.encode("utf-16-le"), "utf-16-le", WORDS),
    "utf-16, big endian, no mark": (WORDS.encode("utf-16-be"), "utf-16-be", WORDS),
    "utf-32, little endian": (codecs.BOM_UTF32_LE + WORDS.encode("utf-32-le"), "utf-32", WORDS),
    "utf-32, big endian": (codecs.BOM_UTF32_BE + WORDS.encode("utf-32-be"), "utf-32", WORDS),
    "windows, a fraction and a bullet": (b"\x95 2\xbd tablets", "cp1252", "• 2½ tablets"),
    "mac": ("Café “quoted” – don’t\r• 90°\r".encode("mac-roman"), "mac-roman", "Café “quoted” – don’t\r• 90°\r"),
    "mac, one apostrophe": (b"the worker\xd5s wrist", "mac-roman", "the worker’s wrist"),
    "mac, quotes": (b"a \xd2rigid\xd3 brace", "mac-roman", "a “rigid” brace"),
    "mac, a dash between numbers": (b"pages 98\xd099", "mac-roman", "pages 98–99"),
    "mac, a bullet": (b"\r\xa5 a brace", "mac-roman", "\r• a brace"),
    "mac, an accent": (b"Jos\x8e was seen", "mac-roman", "José was seen"),
    "windows, an accent": (b"Jos\xe9 was seen", "cp1252", "José was seen"),
    "windows, a degree sign": (b"flexion of 90\xb0", "cp1252", "flexion of 90°"),
    "windows, a name": (b"the \xc5ngstr\xf6m scale", "cp1252", "the Ångström scale"),
    "utf-8 with a stray byte of windows": (
        "5 µg – ".encode() + b"the worker\x92s",
        "utf-8+cp1252",
        "5 µg – the worker’s",
    ),
    "utf-8 with a stray byte of a mac": (
        "5 µg – ".encode() + b"the worker\xd5s",
        "utf-8+mac-roman",
        "5 µg – the worker’s",
    ),
    "utf-8 cut in a character, another before": ("90° é".encode()[:-1], "utf-8+cp1252", "90° Ã"),
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
    "the start of a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "broken-pdf", "a PDF that is broken"),
    "a zip file by another name": (b"PK\x03\x04" + b"x" * 40, "not-text", "an archive by another name"),
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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "mac-roman"])
def test_a_letter_reads_alike_in_every_encoding(encoding):
    text = pdfbox(letter_2016(Parts(rationale="The worker’s “rigid” brace – 90° – was tried. It is not necessary.")))
    found = source_of(text.encode(encoding))
    assert found.encoding == encoding
    assert found.text == text


@given(st.binary(max_size=300))
@settings(derandomize=True, database=None, max_examples=150)
def test_any_bytes_have_an_encoding_and_the_same_text_every_time(content):
    encoding = encoding_of(content)
    assert len(encoding) <= 20, "the database has room for twenty characters"
    assert decode(content, encoding) == decode(content, encoding)


MIXED = {
    b"\xe2\x80\x99": "’",
    b"\x92": "’",
    b"\xc3\xa9": "é",
    b"\xbd": "½",
    b"\xe2\x80": "â€",
    b"\x81": "\ufffd",
    b"x": "x",
}


@given(st.lists(st.sampled_from(list(MIXED))))
@settings(derandomize=True, database=None, max_examples=120)
def test_of_mixed_bytes_none_is_dropped(pieces):
    assert decode(b"|".join(pieces), "utf-8+cp1252") == "|".join(MIXED[piece] for piece in pieces)


def test_a_file_that_is_too_large(monkeypatch, tmp_path):
    path = tmp_path / "letter.txt"
    path.write_bytes(b"x" * 100)
    for limit, pdf_limit in ((100, 50), (100, 200)):
        monkeypatch.setattr(source, "MAX_BYTES", limit)
        monkeypatch.setattr(source, "MAX_PDF_BYTES", pdf_limit)
        assert read_letter(path).text == "x" * 100
    for limit, pdf_limit in ((99, 50), (99, 200)):
        monkeypatch.setattr(source, "MAX_BYTES", limit)
        monkeypatch.setattr(source, "MAX_PDF_BYTES", pdf_limit)
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
