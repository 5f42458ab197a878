"""Texts as files: in an encoding, packed in an archive, printed as a PDF; and then damaged."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
import zipfile

from tests.letters.pdfs import text_pdf

_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac-roman", "latin-1")
_STARTS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"PK\x03\x04", b"\x1f\x8b", b"%PDF", b"\0", b"\0\0\xfe\xff")


def as_file(text: str, chance: random.Random) -> tuple[bytes, str]:
    """The bytes of a file that holds ``text``, and what kind of file."""
    kind = chance.choices(("encoding", "archive", "PDF"), (30, 8, 2))[0]
    if kind == "PDF":
        lines = text[:20_000].encode("cp1252", "ignore").decode("cp1252").splitlines()
        return _damaged(text_pdf([lines[start : start + 50] for start in range(0, len(lines), 50)]), text, chance), kind
    encoded = text.encode(chance.choice(_ENCODINGS), chance.choice(("replace", "ignore")))
    if kind == "encoding":
        return _damaged(encoded, text, chance), kind
    return _damaged(_packed(encoded, chance), text, chance), kind


def _packed(content: bytes, chance: random.Random) -> bytes:
    form = chance.choice(("zip", "gz", "tar", "tar.gz"))
    if form == "gz":
        return gzip.compress(content, mtime=0)
    target = io.BytesIO()
    names = ("a.txt", "b/\u00e4.txt", "x.pdf", "n" * 300 + ".txt", "c.gz")
    if form == "zip":
        with zipfile.ZipFile(target, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as packed:
            for name in names:
                packed.writestr(zipfile.ZipInfo(name), content)
        return target.getvalue()
    formats = (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT)
    with tarfile.open(fileobj=target, mode="w", format=chance.choice(formats)) as packed:
        for name in names:
            about = tarfile.TarInfo(name)
            about.size = len(content)
            packed.addfile(about, io.BytesIO(content))
    return gzip.compress(target.getvalue(), mtime=0) if form == "tar.gz" else target.getvalue()


def _damaged(content: bytes, text: str, chance: random.Random) -> bytes:
    done = chance.choice(("as it is", "noise", "cut", "cut short", "start", "two encodings"))
    if done == "noise":
        changed = bytearray(content)
        for _ in range(chance.choice((1, 20, 500)) if content else 0):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        return bytes(changed)
    if done == "cut":
        return content[chance.randint(0, len(content)) :]
    if done == "cut short":
        return content[: chance.randint(0, len(content))]
    if done == "start":
        return chance.choice(_STARTS) + content
    if done == "two encodings":
        at = chance.randint(0, len(text))
        return content[: len(content) // 2] + text[at:].encode(chance.choice(_ENCODINGS), "replace")
    return content
