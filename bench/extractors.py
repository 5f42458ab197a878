"""Reads the same PDFs through several extractors, and says for each how many letters read alike and why others do not.

    python -m bench.extractors PDFS TEXTS               all letters, a table on standard output
    python -m bench.extractors PDFS TEXTS --every 10    one letter in ten

PDFS: a folder of PDF files; TEXTS: a folder with the text of each (name.txt), which the readings are compared with.
Extractors that are not installed are left out, and said so.
"""

from __future__ import annotations

import argparse
import importlib.util
import logging
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from determinations.letters import parse_letter, read_letter, source_of
from determinations.letters.inputs.files import Reading
from determinations.letters.record import record

ALIKE = "alike"
HYPHENS = "hyphens at line ends left out by the extractor"
ORDER = "lines put in another order by the extractor"
OTHER = "other"


# ---- extractors -----------------------------------------------------------------------------------------------------
def pdftotext(*options: str) -> Callable[[Path], str]:
    """Poppler's program; its output is UTF-8."""

    def extract(pdf: Path) -> str:
        done = subprocess.run(["pdftotext", *options, str(pdf), "-"], check=True, capture_output=True)
        return source_of(done.stdout).text

    return extract


def pymupdf(pdf: Path) -> str:
    """PyMuPDF, a form feed between pages."""
    import pymupdf

    with pymupdf.open(pdf) as document:
        return "\f".join(page.get_text() for page in document)


def pypdf(pdf: Path) -> str:
    """Pypdf, in its plain mode."""
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(pdf).pages)


def pypdfium2(method: str) -> Callable[[Path], str]:
    """``method`` of a page's text: get_text_bounded or get_text_range."""

    def extract(pdf: Path) -> str:
        from pypdfium2 import PdfDocument

        document = PdfDocument(pdf)
        try:
            return "\n".join(str(getattr(page.get_textpage(), method)()) for page in document)
        finally:
            document.close()

    return extract


def pdfminer(pdf: Path) -> str:
    """Pdfminer.six, with its usual analysis of the layout."""
    from pdfminer.high_level import extract_text

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of each PDF that forbids copying
    return str(extract_text(str(pdf)))


# Name -> what has to be installed (a package to import, or pdftotext on the path), and the extractor.
EXTRACTORS: dict[str, tuple[str, Callable[[Path], str]]] = {
    "pdftotext": ("pdftotext", pdftotext()),
    "pdftotext -layout": ("pdftotext", pdftotext("-layout")),
    "pdftotext -raw": ("pdftotext", pdftotext("-raw")),
    "PyMuPDF": ("pymupdf", pymupdf),
    "pypdf": ("pypdf", pypdf),
    "pypdfium2, bounded": ("pypdfium2", pypdfium2("get_text_bounded")),
    "pypdfium2, range": ("pypdfium2", pypdfium2("get_text_range")),
    "pdfminer.six": ("pdfminer", pdfminer),
}


def is_installed(name: str) -> bool:
    """Whether an extractor can be run here."""
    needs = EXTRACTORS[name][0]
    return bool(shutil.which(needs)) if needs == "pdftotext" else importlib.util.find_spec(needs) is not None


# ---- comparison -----------------------------------------------------------------------------------------------------
def reading(text: str) -> dict[str, Any]:
    """The record of a letter without offsets and messages, its white space joined."""
    found: dict[str, Any] = _joined(record(Reading("", parse_letter(text))))
    return found


def _joined(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, list):
        return [_joined(one) for one in value]
    if isinstance(value, dict):
        return {key: _joined(one) for key, one in value.items() if key not in ("file", "start", "end", "message")}
    return value


def _texts(value: Any) -> Iterator[str]:
    """Every value in a record, in order."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    else:
        yield str(value)


_WORKED_OUT = frozenset(
    {"patient", "request", "reasons", "modification", "finding", "category", "subcategory", "issues"}
)


def words_only(value: Any) -> Any:
    """A record without what is worked out from the letter's words."""
    if isinstance(value, dict):
        return {key: words_only(one) for key, one in value.items() if key not in _WORKED_OUT}
    return [words_only(one) for one in value] if isinstance(value, list) else value


def difference(expected: dict[str, Any], found: dict[str, Any]) -> str:
    """Of which kind the difference between two readings is: one of the kinds above."""
    if expected == found:
        return ALIKE
    # What is worked out from the words (the request, the patient, the reasons) follows from them.
    expected, found = words_only(expected), words_only(found)
    pairs = list(zip(_texts(expected), _texts(found), strict=False))
    if len(list(_texts(expected))) != len(list(_texts(found))):
        return OTHER
    if all(re.sub(r"[-\s]", "", one) == re.sub(r"[-\s]", "", other) for one, other in pairs):
        return HYPHENS
    if all(Counter(one.split()) == Counter(other.split()) for one, other in pairs):
        return ORDER
    return OTHER


def compare(name: str, pdfs: list[Path], expected: dict[str, dict[str, Any]]) -> dict[str, str]:
    """For each PDF (by the name of its file) the kind of difference that the extractor ``name`` makes."""
    extract = EXTRACTORS[name][1]
    return {pdf.stem: difference(expected[pdf.stem], reading(extract(pdf))) for pdf in pdfs}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pdfs", type=Path)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--every", type=int, default=1, help="one letter in so many")
    options = parser.parse_args()
    pdfs = sorted(options.pdfs.glob("*.pdf"))[:: options.every]
    expected = {pdf.stem: reading(read_letter(options.texts / f"{pdf.stem}.txt").text) for pdf in pdfs}
    print(f"| extractor | of {len(pdfs)} letters alike | others |\n|---|---|---|")
    for name in EXTRACTORS:
        if not is_installed(name):
            print(f"| {name} | not installed | |")
            continue
        kinds = Counter(compare(name, pdfs, expected).values())
        others = "; ".join(f"{count}: {kind}" for kind, count in kinds.items() if kind != ALIKE)
        print(f"| {name} | {kinds[ALIKE]} | {others} |", flush=True)


if __name__ == "__main__":
    main()
