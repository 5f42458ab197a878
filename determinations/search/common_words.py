"""The words that stand in most letters, by their frequency in real ones (numbers and names of forms left out).

Two of them in a row are one term of the index (schema.PAIRS): a phrase made of such words would otherwise be looked for
in nearly every decision. A change here needs a new SCHEMA_VERSION.
"""

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
