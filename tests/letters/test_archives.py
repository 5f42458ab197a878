"""Archives of letters: members as letters, and everything that is wrong with one by its name."""

import gzip
import io
import random
import stat
import struct
import tarfile
import tracemalloc
import zipfile

import pytest

from determinations.letters.inputs import archives
from determinations.letters.inputs.archives import Member, members_of_stream
from determinations.letters.inputs.files import letter_files, read_file
from determinations.letters.inputs.parallel import readings
from determinations.letters.inputs.tar import BrokenTar, entries

from .builder import Parts, letter_2016, pdfbox
from .pdfs import letter_pdf, scanned_pdf

LETTER = pdfbox(letter_2016(Parts())).encode()
FILES = {
    "a.txt": LETTER,
    "folder/b.txt": LETTER.replace(b"CM16-0777001", b"CM16-0777002"),
    "folder/deeper/c.pdf": letter_pdf(letter_2016(Parts())),
    "folder/scan.PDF": scanned_pdf(),
    "notes.doc": b"...",
    ".hidden.txt": LETTER,
    "__MACOSX/folder/._b.txt": b"...",
}
LETTERS = ["a.txt", "folder/b.txt", "folder/deeper/c.pdf", "folder/scan.PDF"]


def zipped(files, **ways):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **ways) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def tarred(files, mode="w:gz", form=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=form) as archive:
        for name, content in files.items():
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


KINDS = {
    "letters.zip": zipped,
    "letters.tar.gz": tarred,
    "letters.tgz": tarred,
    "letters.tar": lambda files: tarred(files, "w"),
    "old.tar": lambda files: tarred(files, "w", tarfile.USTAR_FORMAT),
    "gnu.tar": lambda files: tarred(files, "w", tarfile.GNU_FORMAT),
}


def members(path, skipped=None):
    return list(letter_files([path], skipped))


def of_bytes(content, name="x.zip"):
    return list(members_of_stream(io.BytesIO(content), name, {}, name))


def short(found):
    return [(member.path, member.code, len(member.content)) for member in found]


# ---- members --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", KINDS)
def test_the_letters_of_an_archive_by_their_paths_in_it(kind, tmp_path):
    path = tmp_path / kind
    path.write_bytes(KINDS[kind](FILES))
    skipped = {}
    found = members(path, skipped)
    assert [member.path for member in found] == [f"{path}/{name}" for name in LETTERS]
    assert [member.content for member in found] == [FILES[name] for name in LETTERS]
    assert skipped == {".doc": 1}
    formats = [read_file(member).letter.format for member in found]
    assert formats == ["final-determination-2016"] * 3 + ["scanned"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_is_told_by_its_bytes_too(kind, tmp_path):
    path = tmp_path / "letters"
    path.write_bytes(KINDS[kind](FILES))
    assert len(members(path)) == 4


def test_archives_in_folders_stand_among_letters(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.txt").write_bytes(LETTER)
    (tmp_path / "b.ZIP").write_bytes(zipped({"x.txt": LETTER}))
    (tmp_path / "deep" / "c.tgz").write_bytes(tarred({"y/z.txt": LETTER}))
    found = [str(file.path if isinstance(file, Member) else file) for file in letter_files([tmp_path])]
    assert [path.removeprefix(f"{tmp_path}/") for path in found] == ["a.txt", "b.ZIP/x.txt", "deep/c.tgz/y/z.txt"]


def test_a_letter_alone_in_a_gz(tmp_path):
    path = tmp_path / "letter.txt.gz"
    path.write_bytes(gzip.compress(LETTER))
    [member] = members(path)
    assert (member.path, member.content) == (str(path), LETTER)


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_long_and_foreign_names(form):
    name = f"{'folder/' * 40}José – ½.txt"
    [found] = of_bytes(tarred({name: LETTER}, "w", form), "x.tar")
    assert (found.path, found.content) == (f"x.tar/{name}", LETTER)
    [found] = of_bytes(zipped({name: LETTER}))
    assert found.path == f"x.zip/{name}"


def test_an_empty_archive_stands_for_nothing():
    for content, name in ((zipped({}), "x.zip"), (tarred({}), "x.tgz"), (tarred({}, "w"), "x.tar")):
        assert of_bytes(content, name) == []


def test_the_parallel_reader_takes_members_and_files_alike(tmp_path):
    letters = {f"{place:03}.txt": LETTER.replace(b"0777001", b"%07d" % place) for place in range(130)}
    (tmp_path / "a.zip").write_bytes(zipped(letters))
    (tmp_path / "b.tgz").write_bytes(tarred(letters))
    (tmp_path / "c.txt").write_bytes(LETTER)
    found = list(readings(letter_files([tmp_path]), jobs=2))
    numbers = [reading.letter.case_number.value for reading in found]
    assert numbers == [f"CM16-{place:07}" for place in range(130)] * 2 + ["CM16-0777001"]
    assert found[131].path == f"{tmp_path}/b.tgz/001.txt"


def test_one_member_at_a_time_is_in_memory(tmp_path):
    chance = random.Random(1)
    letters = {f"{place:03}.txt": chance.randbytes(200_000) for place in range(60)}
    for name, content in (("a.zip", zipped(letters)), ("b.tgz", tarred(letters)), ("c.tar", tarred(letters, "w"))):
        (tmp_path / name).write_bytes(content)
    del letters, content
    tracemalloc.start()
    try:
        for member in letter_files([tmp_path]):
            assert len(member.content) == 200_000
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 3_000_000, "of 36 MB"


# ---- members that are refused ---------------------------------------------------------------------------------------
UNSAFE = ["../up.txt", "a/../../up.txt", "/etc/letter.txt", "C:/letter.txt", "c:letter.txt", "..\\up.txt", "a\\b.txt"]


@pytest.mark.parametrize("name", UNSAFE)
@pytest.mark.parametrize("kind", ["x.zip", "x.tar"])
def test_a_path_that_leads_out_is_refused_by_name_and_the_others_are_read(kind, name):
    make = zipped if kind == "x.zip" else KINDS["letters.tar"]
    found = of_bytes(make({"a.txt": LETTER, name: LETTER, "z.txt": LETTER}), kind)
    assert short(found) == [
        (f"{kind}/a.txt", "", len(LETTER)),
        (f"{kind}/{name}", "unsafe-member", 0),
        (f"{kind}/z.txt", "", len(LETTER)),
    ]
    assert found[1].reason == "a path that leads out of its archive"


@pytest.mark.parametrize("name", ["more.zip", "folder/more.tar.gz", "more.TGZ", "more.tar"])
def test_an_archive_in_an_archive_is_refused_by_name(name):
    for make, kind in ((zipped, "x.zip"), (tarred, "x.tgz")):
        found = of_bytes(make({name: b"...", "a.txt": LETTER}), kind)
        assert short(found) == [(f"{kind}/{name}", "nested-archive", 0), (f"{kind}/a.txt", "", len(LETTER))]


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (tarfile.SYMTYPE, "link"),
        (tarfile.LNKTYPE, "link"),
        (tarfile.CHRTYPE, "device"),
        (tarfile.BLKTYPE, "device"),
        (tarfile.FIFOTYPE, "pipe"),
        (tarfile.GNUTYPE_SPARSE, "sparse file"),
        (b"Z", "unknown kind of file"),
    ],
)
def test_what_is_no_file_in_a_tar_is_refused_by_name(kind, word):
    odd = tarfile.TarInfo("odd.txt")
    odd.type, odd.linkname = kind, "a.txt"
    found = of_bytes(tarred({"a.txt": LETTER, odd: b"", "b.txt": LETTER}), "x.tgz")
    assert [(member.path, member.code) for member in found] == [
        ("x.tgz/a.txt", ""),
        ("x.tgz/odd.txt", "unsafe-member"),
        ("x.tgz/b.txt", ""),
    ]
    assert found[1].reason == f"a {word} in an archive"


@pytest.mark.parametrize(("mode", "word"), [(stat.S_IFLNK, "link"), (stat.S_IFCHR, "device"), (stat.S_IFIFO, "device")])
def test_what_is_no_file_in_a_zip_is_refused_by_name(mode, word):
    odd = zipfile.ZipInfo("odd.txt")
    odd.external_attr = (mode | 0o777) << 16
    found = of_bytes(zipped({"a.txt": LETTER}) if mode is None else zipped_infos([("a.txt", LETTER), (odd, b"a.txt")]))
    assert short(found) == [("x.zip/a.txt", "", len(LETTER)), ("x.zip/odd.txt", "unsafe-member", 0)]
    assert found[1].reason == f"a {word} in an archive"


def zipped_infos(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for info, content in files:
            archive.writestr(info, content)
    return out.getvalue()


def test_a_member_with_a_password_is_refused_by_name():
    content = bytearray(zipped({"a.txt": LETTER, "b.txt": LETTER}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flags of b.txt in its header and the directory
        content[content.rindex(mark) + place] |= 1
    assert short(of_bytes(bytes(content))) == [("x.zip/a.txt", "", len(LETTER)), ("x.zip/b.txt", "encrypted", 0)]


def test_a_member_that_is_damaged_is_refused_by_name():
    content = bytearray(zipped({"a.txt": LETTER, "b.txt": LETTER, "c.txt": LETTER}))
    middle = content.index(b"b.txt") + 40
    content[middle : middle + 20] = bytes(20)
    found = of_bytes(bytes(content))
    assert [(member.path, member.code) for member in found] == [
        ("x.zip/a.txt", ""),
        ("x.zip/b.txt", "broken-archive"),
        ("x.zip/c.txt", ""),
    ]


def test_a_way_of_packing_that_is_not_taken():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a.txt", LETTER)
    assert short(of_bytes(out.getvalue())) == [("x.zip/a.txt", "broken-archive", 0)]


@pytest.mark.parametrize("kind", ["x.zip", "x.tar"])
def test_a_member_that_is_too_large_is_refused_by_name(kind, monkeypatch):
    monkeypatch.setattr(archives, "MAX_BYTES", 2 * len(LETTER))
    monkeypatch.setattr(archives, "MAX_PDF_BYTES", 3 * len(LETTER))
    make = zipped if kind == "x.zip" else KINDS["letters.tar"]
    files = {"a.txt": LETTER * 3, "b.txt": LETTER * 2, "c.pdf": LETTER * 3, "d.pdf": LETTER * 4}
    found = [(member.path[len(kind) + 1 :], member.code) for member in of_bytes(make(files), kind)]
    assert found == [("a.txt", "too-large"), ("b.txt", ""), ("c.pdf", ""), ("d.pdf", "too-large")]


# ---- bombs ----------------------------------------------------------------------------------------------------------
def test_a_member_that_unpacks_to_a_thousand_times_its_size_is_refused_by_name():
    found = of_bytes(zipped({"bomb.txt": bytes(9_000_000), "a.txt": LETTER}))
    assert short(found) == [("x.zip/bomb.txt", "archive-bomb", 0), ("x.zip/a.txt", "", len(LETTER))]


def test_a_member_that_lies_about_its_size(monkeypatch):
    """What is read is bounded by what the directory says, and then its check sum is wrong."""
    content = bytearray(zipped({"a.txt": bytes(3_000_000)}))
    place = content.rindex(b"PK\x01\x02") + 24
    content[place : place + 4] = struct.pack("<I", 1000)
    assert [member.code for member in of_bytes(bytes(content))] == ["broken-archive"]


def test_a_gz_that_unpacks_without_end_is_given_up(monkeypatch):
    bomb = gzip.compress(b"x" * 200_000_000)
    assert short(of_bytes(bomb, "x.txt.gz")) == [("x.txt.gz", "archive-bomb", 0)]
    monkeypatch.setattr(archives, "MAX_BYTES", len(LETTER))
    assert short(of_bytes(gzip.compress(LETTER), "x.txt.gz")) == [("x.txt.gz", "", len(LETTER))]
    assert short(of_bytes(gzip.compress(LETTER + b"."), "x.txt.gz")) == [("x.txt.gz", "too-large", 0)]


def test_a_tar_whose_members_unpack_without_end_is_given_up_after_the_good_ones(monkeypatch):
    monkeypatch.setattr(archives, "_SMALL", 100_000)
    files = {"a.txt": LETTER} | {f"{place}.doc": bytes(1_000_000) for place in range(5)} | {"z.txt": LETTER}
    found = of_bytes(tarred(files), "x.tgz")
    assert [(member.path, member.code) for member in found] == [("x.tgz/a.txt", ""), ("x.tgz", "archive-bomb")]


def test_members_of_a_zip_that_share_their_bytes_are_given_up(monkeypatch):
    """The small kind of bomb that is not nested: a hundred entries of one and the same packed file."""
    monkeypatch.setattr(archives, "_SMALL", 1000)
    monkeypatch.setattr(archives, "MAX_RATIO", 1)
    assert [member.code for member in of_bytes(zipped({"a.txt": LETTER, "b.txt": LETTER}))][-1] == "archive-bomb"


def test_all_members_together_have_a_limit(monkeypatch):
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 3 * len(LETTER))
    files = {f"{place}.txt": LETTER for place in range(5)}
    for make, kind in ((zipped, "x.zip"), (KINDS["letters.tar"], "x.tar")):
        found = of_bytes(make(files), kind)
        assert found[-1].code == "archive-bomb"
        assert 2 <= len(found) - 1 <= 3


def test_a_zip_of_too_many_members(monkeypatch):
    monkeypatch.setattr(archives, "MAX_DIRECTORY_BYTES", 1000)
    assert len(of_bytes(zipped({f"{place}.txt": b"" for place in range(15)}))) == 15
    [found] = of_bytes(zipped({f"{place}.txt": b"" for place in range(30)}))
    assert (found.path, found.code) == ("x.zip", "too-large")
    assert "pack them as several, or as .tar.gz" in found.reason


def test_a_tar_header_that_asks_for_memory_without_end_is_refused():
    long = tarfile.TarInfo("x" * 2_000_000)
    found = of_bytes(tarred({"a.txt": LETTER, long: b"", "b.txt": LETTER}), "x.tgz")
    assert [(member.path, member.code) for member in found] == [("x.tgz/a.txt", ""), ("x.tgz", "broken-archive")]


# ---- archives that are broken ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["x.tar.gz", "x.tar"])
def test_what_was_packed_before_the_end_of_a_cut_archive_is_read(kind):
    chance = random.Random(3)
    files = {f"{place}.txt": LETTER + chance.randbytes(3000).hex().encode() for place in range(20)}
    whole = KINDS[f"letters.{kind[2:]}"](files)
    found = of_bytes(whole[: len(whole) // 2], kind)
    assert 5 <= len(found) <= 12
    assert [member.code for member in found] == [""] * (len(found) - 1) + ["broken-archive"]
    assert found[-1].path == kind


def test_a_damaged_header_in_a_tar_does_not_end_it_in_silence():
    content = bytearray(KINDS["letters.tar"]({"a.txt": LETTER, "b.txt": LETTER, "c.txt": LETTER}))
    content[content.index(b"b.txt") + 110] ^= 1
    assert [(member.path, member.code) for member in of_bytes(bytes(content), "x.tar")] == [
        ("x.tar/a.txt", ""),
        ("x.tar", "broken-archive"),
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.zip", b"no archive"),
        ("x.zip", b""),
        ("x.zip", zipped({"a.txt": LETTER})[:100]),
        ("x.tar", b"no archive"),
        ("x.tar", b""),
        ("x.tgz", b"no archive"),
        ("x.gz", b"no archive"),
        ("x.gz", b"\x1f\x8b and so on"),
        ("x.tgz", gzip.compress(LETTER)[:20]),
        ("x.tgz", gzip.compress(b"no tar")),
    ],
    ids=[
        "words",
        "nothing",
        "cut",
        "words",
        "nothing",
        "words",
        "words",
        "nearly",
        "cut",
        "no tar",
    ],  # not by the bytes, which hold the time
)
def test_an_archive_that_is_none_is_refused_by_name(name, content, tmp_path):
    path = tmp_path / name
    path.write_bytes(content)
    [member] = members(path)
    assert (member.path, member.code, member.content) == (str(path), "broken-archive", b"")
    reading = read_file(member)
    assert (reading.path, reading.code, reading.letter) == (str(path), "broken-archive", None)
    assert reading.reason


def test_an_archive_that_cannot_be_opened(tmp_path):
    (tmp_path / "gone.zip").symlink_to(tmp_path / "nothing.zip")
    [member] = letter_files([tmp_path])
    assert (member.code, member.reason) == ("unreadable-file", "no such file or directory")


@pytest.mark.parametrize("kind", ["x.zip", "x.tgz", "x.tar"])
def test_any_damage_gives_members_and_reasons_but_no_error(kind):
    make = KINDS[{"x.zip": "letters.zip", "x.tgz": "letters.tgz", "x.tar": "letters.tar"}[kind]]
    whole = make({"a.txt": LETTER, "b/c.txt": LETTER, "d.txt": b"x" * 700})
    chance = random.Random(4)
    for _ in range(400):
        content = bytearray(whole)
        for _ in range(chance.choice([1, 3, 30])):
            content[chance.randrange(len(content))] = chance.randrange(256)
        for member in of_bytes(bytes(content[: chance.choice([len(content), chance.randrange(len(content))])]), kind):
            assert bool(member.code) == bool(member.reason)


# ---- tar ------------------------------------------------------------------------------------------------------------
def test_tar_entries_agree_with_pythons_own():
    chance = random.Random(5)
    files = {
        f"{'d' * chance.randrange(200)}/{place}.txt": chance.randbytes(chance.randrange(2000)) for place in range(40)
    }
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
        content = tarred(files, "w", form)
        assert {entry.name: entry.read() for entry in entries(io.BytesIO(content))} == files


def test_a_tar_without_its_end_mark_is_cut_off():
    content = tarred({"a.txt": b"x" * 512}, "w")[:1024]
    found = entries(io.BytesIO(content))
    assert next(found).read() == b"x" * 512
    with pytest.raises(BrokenTar, match="before its end mark"):
        next(found)


# ---- standard input -------------------------------------------------------------------------------------------------
class Pipe(io.RawIOBase):
    """What can be read from the start only, in small pieces."""

    def __init__(self, content):
        self._stream = io.BytesIO(content)

    def readable(self):
        return True

    def readinto(self, room):
        return self._stream.readinto(memoryview(room)[:1000])


def piped(content, skipped=None):
    return list(letter_files(["-"], skipped, io.BufferedReader(Pipe(content))))


@pytest.mark.parametrize(
    "content", [LETTER, FILES["folder/deeper/c.pdf"], b"", b"x"], ids=["text", "pdf", "empty", "x"]
)
def test_a_letter_through_a_pipe(content):
    assert piped(content) == [Member("-", content)]


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_through_a_pipe(kind):
    skipped = {}
    assert [member.path for member in piped(KINDS[kind](FILES), skipped)] == [f"-/{name}" for name in LETTERS]
    assert skipped == {".doc": 1}


def test_a_file_that_is_called_like_standard_input(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-").write_bytes(LETTER)
    [found] = letter_files(["./-"], {}, io.BytesIO(b""))
    assert read_file(found).code == ""
