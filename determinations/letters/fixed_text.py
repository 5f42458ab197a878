"""The forms' own words, as data: headings, labels, and the sentences that every letter of a form has.

A row is a label, a heading or a sentence in plain words; wherever a letter has text that no value was read from, these
are the words that it may have there. Case and white space do not matter, nor marks around a row (a colon after a
label, a stop after a sentence). A further form is one more tuple and its row in ``FIXED_TEXT``.
"""

from __future__ import annotations

# What stands in letters of every form.
ANY_FORM = (
    "Case Number",
    "Date of Injury",
    "Date Assigned",
    "Decision Date",
    "UR Denial Date",
    "Priority",
    "Standard",
    "Expedited",
    "Application",
    "Received",
    "Application Received",
    "MAXIMUS Federal Services",
    "and",
)

# Letters of 2014 say "physician reviewer", and now and then name the profession.
_METHOD = """
MAXIMUS Federal Services sent the complete case file to an expert reviewer
MAXIMUS Federal Services sent the complete case file to a expert reviewer
He/she has no affiliation with the employer, employee, providers or the claims administrator
The expert reviewer is Board Certified in
He/she has been in active clinical practice for more than five years and is currently working at least 24 hours a week \
in active practice
The expert reviewer was selected based on his/her clinical experience, education, background, and expertise in the \
same or similar specialties that evaluate and/or treat the medical condition and disputed items/Service
The expert reviewer was selected based on his/her clinical experience, education, background, and expertise in the \
same or similar specialties that evaluate and/or treat the medical condition and disputed items/services
He/she is familiar with governing laws and regulations, including the strength of evidence hierarchy that applies to \
Independent Medical Review determinations
The expert reviewer has the following credentials
The expert reviewer developed the following clinical case summary based on a review of the case file, including all \
medical records
""".strip().splitlines()

# The form in use from 2014 on.
FINAL_DETERMINATION = (
    "HOW THE IMR FINAL DETERMINATION WAS MADE",
    *_METHOD,
    *(row.replace("expert", "physician") for row in _METHOD if "expert" in row),
    "has a subspecialty in",
    "and has a subspecialty in",
    "has subspecialties in",
    "and is licensed to practice in",
    "State(s) of Licensure",
    "Certification(s)/Specialty",
    "DOCUMENTS REVIEWED",
    "CLINICAL CASE SUMMARY",
    "IMR ISSUES, DECISIONS AND RATIONALES",
    "IMR DECISION(S) AND RATIONALE(S)",
    "The Final Determination was based on decisions for the disputed items/services set forth below",
    # An item's labels, and what leads in its guidelines.
    "Claims Administrator guideline",
    "Claims Administrator guidelines",
    "MAXIMUS guideline",
    "MAXIMUS guidelines",
    "Decision rationale",
    "Decision based on MTUS",
    "Decision based on Non-MTUS",
    "Decision based on Non-MTUS Citation",
    "Decision based on Non-MTUS Citations",
    "Other Medical Treatment Guideline",
    "Other Medical Treatment Guidelines",
    "Other Medical Treatment Guideline or Medical Evidence",
    "Other Medical Treatment Guidelines or Medical Evidence",
    "and Other Medical Treatment Guideline or Medical Evidence",
    "and the",
)

# By the beginning of ``Letter.format``.
FIXED_TEXT: dict[str, tuple[str, ...]] = {
    "final-determination": FINAL_DETERMINATION,
}


def fixed_text(letter_format: str) -> tuple[str, ...]:
    """The rows that a letter of this format may have; those of all forms where the format is like none of them."""
    for form, rows in FIXED_TEXT.items():
        if letter_format.startswith(form):
            return ANY_FORM + rows
    return ANY_FORM + tuple(row for rows in FIXED_TEXT.values() for row in rows)
