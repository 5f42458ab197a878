"""Real PDFs through several extractors: each letter is read alike, or the extractor lost what no reader can know.

The PDFs lie beside the project; each test says why it is skipped where they, or an extractor, are not at hand.
"""

from pathlib import Path

import pytest

from bench.extractors import ALIKE, EXTRACTORS, HYPHENS, ORDER, compare, is_installed, reading
from determinations.letters import read_letter

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "letters"
PDFS = sorted((FOLDER / "pdf").glob("*.pdf"))

# Slow extractors read one letter in so many, the same ones every time.
EVERY = {"pdfminer.six": 4}
# What else may be, and how many of the letters read have it. In its plain mode pdftotext takes each hyphen at a line's
# end for a typesetter's and joins the halves of "follow-up" and of "10-28-2016" without it. Pdfminer puts lines in
# another order where a passage was blackened out: in two of all letters.
OTHERWISE = {"pdftotext": (HYPHENS, 70), "pdfminer.six": (ORDER, 2)}


@pytest.mark.parametrize("name", EXTRACTORS)
def test_real_letters_read_alike_through_every_extractor(name):
    if not PDFS:
        pytest.skip(f"the real PDFs are not at {FOLDER / 'pdf'}")
    if not is_installed(name):
        pytest.skip(f"{EXTRACTORS[name][0]} is not installed")
    pdfs = PDFS[:: EVERY.get(name, 1)]
    expected = {pdf.stem: reading(read_letter(FOLDER / "text" / f"{pdf.stem}.txt").text) for pdf in pdfs}
    found = compare(name, pdfs, expected)
    kind, most = OTHERWISE.get(name, (ALIKE, 0))
    differing = {pdf: what for pdf, what in found.items() if what != ALIKE}
    assert set(differing.values()) <= {kind}
    assert len(differing) <= most
