"""The words that stand in most letters, by their frequency in real ones (numbers and names of forms left out).

Two or three of them in a row are one term of the index (schema.RUNS): a phrase made of such words would otherwise be
looked for in nearly every decision. A change here needs a new SCHEMA_VERSION.
"""

from collections.abc import Sequence
from itertools import groupby

COMMON = frozenset(
    """
    the of and to for on is a was decision in based pain mtus with or not treatment medical guideline that physical
    therapy case request has clinical date patient as reviewer an expert claim administrator no there right chronic
    review back she spine he worker at section lumbar injured evidence mri left necessary rationale injury active
    this medically are including low shoulder practice be non following complaint summary determination service
    documentation item recommended disability week knee medicine cervical official study session noted been odg
    record neck state citation strength imaging upper by had dated than visit were motion such more range medication
    his requested her all tenderness currently examination working evaluate received issue number made prior nerve
    lack condition same complete below over treat finding how similar have upheld overturned
    """.split()  # noqa: SIM905
)


def common_runs(words: Sequence[str]) -> list[str]:
    """The terms that every text with ``words`` in a row has: the threes of each stretch of common words, or its two."""
    found = []
    for common, stretch in groupby(words, COMMON.__contains__):
        row = list(stretch)
        if common and len(row) > 1:
            size = min(len(row), 3)
            found += ["_".join(row[start : start + size]) for start in range(len(row) - size + 1)]
    return found
