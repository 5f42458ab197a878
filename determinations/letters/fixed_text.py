"""The forms' own words, as data: headings, labels, and the sentences that every letter of a form has.

A row is a label, a heading or a sentence in plain words; wherever a letter has text that no value was read from, these
are the words that it may have there. Case and white space do not matter, nor marks around a row (a colon after a
label, a stop after a sentence). "…" stands for up to a hundred characters that differ from letter to letter, such as
a name; "[a|b|]" for a, b or nothing. A further form is one more tuple and its row in ``FIXED_TEXT``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_FIRST_CHOICE = re.compile(r"\[([^\[\]]*)\] *")


def _rows(text: str) -> tuple[str, ...]:
    """The rows of a text, one a line; an indented line goes on with the row before.

    A row that begins with a choice is made a row for each, so that every row begins with a word.
    """
    return tuple(made for row in text.strip().replace("\n    ", " ").split("\n") for made in _begun(row))


def _begun(row: str) -> Iterator[str]:
    first = _FIRST_CHOICE.match(row)
    if first is None:
        yield row
        return
    for choice in first[1].split("|"):
        yield from _begun(f"{choice} {row[first.end() :]}".strip())


# What stands in letters of every form.
ANY_FORM = _rows("""
[MAXIMUS|IMR|] Case [Number|No|#]
Date
Date of Injury
Date Assigned
Decision Date
UR Denial Date
Priority
Standard
Expedited
Application
Received
Application Received
MAXIMUS Federal Services
MAXIMUS Federal Services, Inc
and
Independent Medical Review
P.O. Box 138009 Sacramento, CA 95813-8009
P.O. Box 138009
Sacramento, CA 95813-8009
855) 865-8873 Fax: (916) 605-4270
Dated
Date of UR [Decision|Denial|Determination|Modification]
Date of Determination
Date of Decision
IMR Application Received
Employee
Employee Name
Claim Number
Claims Number
Provider Name
Provider
Amended
Corrected
Sincerely
Sincerely, … Medical Director
cc: Department of Industrial Relations, …, Division of Workers' Compensation
cc: Department of Industrial Relations
Division of Workers' Compensation
1515 Clay Street, 18th Floor
1515 Clay Street, 18th Floor Oakland, CA 94612
Oakland, CA 94612
Disclaimer: MAXIMUS is providing an independent review service under contract with the California Department of
    Industrial Relations
MAXIMUS is not engaged in the practice of law or medicine
Decisions about the use or nonuse of health care services and treatments are the sole responsibility of the
    patient and the patient's physician
MAXIMUS is not liable for any consequences arising from these decisions
""")

# How the reviewer was chosen. Letters of 2014 say "physician reviewer".
_METHOD = _rows("""
MAXIMUS Federal Services sent the complete case file to an expert reviewer
MAXIMUS Federal Services sent the complete case file to a expert reviewer
He/she has no affiliation with the employer, employee, providers or the claims administrator
The expert reviewer is Board Certified in
He/she has been in active clinical practice for more than five years and is currently working at least 24 hours
    a week in active practice
The expert reviewer was selected based on his/her clinical experience, education, background, and expertise in
    the same or similar specialties that evaluate and/or treat the medical condition and disputed items/Service
The expert reviewer was selected based on his/her clinical experience, education, background, and expertise in
    the same or similar specialties that evaluate and/or treat the medical condition and disputed items/services
He/she is familiar with governing laws and regulations, including the strength of evidence hierarchy that
    applies to Independent Medical Review determinations
The expert reviewer has the following credentials
The expert reviewer developed the following clinical case summary based on a review of the case file, including
    all medical records
""")
_METHOD += tuple(row.replace("expert reviewer", "physician reviewer") for row in _METHOD if "expert reviewer" in row)

# How a request is introduced and judged in sentences, and what opens the reasons.
_SENTENCES = _rows("""
MAXIMUS Federal Services[, Inc.|] has determined [that|] [the|]
    [retrospective|retroactive|prospective|concurrent|disputed|expedited|remaining|original|]
    [request|requests] [for|of]
MAXIMUS Federal Services[, Inc.|] has determined [that|] [the|] [requested|requested treatment|requested service|]
The [retrospective|retroactive|prospective|concurrent|disputed|expedited|remaining|original|]
    [request|requests] [for|of]
Rationale for [the|his/her|its|] [Decision|Determination]
""")

# Before the list of documents, and what says how final the determination is: in the forms of 2013 and 2014.
_DOCUMENTS = _rows("""
The following relevant documents received from the interested parties and the documents provided with the
    application were reviewed and considered
These documents included
Documents Reviewed
Documents Reviewed for Determination
""")
_EFFECT = _rows("""
The determination of MAXIMUS Federal Services and its physician reviewer is deemed to be the Final Determination
    of the Administrative Director of the Division of Workers' Compensation
The determination of MAXIMUS Federal Services and its physician reviewer is deemed to be the Final Determination
    of the Administrative Director, Division of Workers' Compensation
This determination is binding on all parties
With respect to the medical necessity of the treatment in dispute, this determination is binding on all parties
""")

# The form in use from 2014 on, with an item's labels and what leads in its guidelines.
FINAL_DETERMINATION = _METHOD + _rows("""
HOW THE IMR FINAL DETERMINATION WAS MADE
has a subspecialty in
and has a subspecialty in
has subspecialties in
and is licensed to practice in
State(s) of Licensure
Certification(s)/Specialty
DOCUMENTS REVIEWED
CLINICAL CASE SUMMARY
IMR ISSUES, DECISIONS AND RATIONALES
IMR DECISION(S) AND RATIONALE(S)
The Final Determination was based on decisions for the disputed items/services set forth below
Claims Administrator guideline
Claims Administrator guidelines
MAXIMUS guideline
MAXIMUS guidelines
Decision rationale
Decision based on MTUS
Decision based on Non-MTUS
Decision based on Non-MTUS Citation
Decision based on Non-MTUS Citations
Other Medical Treatment Guideline
Other Medical Treatment Guidelines
Other Medical Treatment Guideline or Medical Evidence
Other Medical Treatment Guidelines or Medical Evidence
and Other Medical Treatment Guideline or Medical Evidence
and the
""")

COVER_LETTER = (
    FINAL_DETERMINATION
    + _DOCUMENTS
    + _EFFECT
    + _SENTENCES
    + _rows("""
Independent Medical Review Final Determination Letter
Final Determination Letter
Treatment(s) in Dispute Listed on IMR Application
Dear
Sir or Madam
MAXIMUS Federal Services has completed the Independent Medical Review ("IMR") of the above workers' compensation
    case
This letter provides you with the IMR Final Determination and explains how the determination was made
Final Determination
This means we decided that none of the disputed items/services are medically necessary and appropriate
This means we decided that all of the disputed items/services are medically necessary and appropriate
This means we decided that some (but not all) of the disputed items/services are medically necessary and
    appropriate
This means we decided that some, but not all, of the disputed items/services are medically necessary and
    appropriate
A detailed explanation of the decision for each of the disputed items/services is provided later in this letter
In certain limited circumstances, you can appeal the Final Determination
Appeals must be filed with the Workers' Compensation Appeals Board within 30 days from the date of this letter
For more information on appealing the final determination, please see California Labor Code Section 4610.6(h)
The [Physician|Expert|Medical|Professional] Reviewer's decision rationale
""")
)

NOTICE_2013 = (
    _METHOD
    + _DOCUMENTS
    + _EFFECT
    + _SENTENCES
    + _rows("""
Notice of [Independent Medical Review|Independent Medical Review Determination]
INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE
An application for Independent Medical Review was [filed|received|submitted] [on|]
disputing the Utilization Review [Denial|Decision|Determination|Modification|Denial/Modification] dated
A Notice of Assignment and Request for Information was [provided|sent|mailed] to the above parties on
A decision has been made for each of the treatment and/or services that were in dispute
The [Expert|Physician|Professional] Reviewer is [a licensed|Board Certified in]
[Medical|] Qualifications of the [Expert|Professional|Physician|Medical|Independent Medical|] Reviewer
The independent Medical Doctor who made the decision has no affiliation with the employer, employee, providers
    or the claims administrator
The independent … who made the decision has no affiliation with the employer, employee, providers or the claims
    administrator
has a subspecialty in
and is licensed to practice in
The Expert Reviewer was selected based on his/her clinical experience, education, background, and expertise in
    the same or similar specialties that evaluate and/or treat the medical condition and treatments and/or
    services at issue
The Expert Reviewer was selected based on his/her clinical experience, education, background, and expertise in
    the same or similar specialties that evaluate and/or treat the medical condition and treatments
[Expert Reviewer|Clinical|] Case Summary
Disclaimer: The following case summary was taken [directly|] from the utilization review … dated …
    [2012|2013|2014|12|13|14]
by the Claims Administrator
Regarding [the|]
    [retrospective|retroactive|prospective|concurrent|disputed|expedited|remaining|original|]
    [request|requests] [for|of]
Regarding [the|] [requested|requested treatment|requested service|]
[Section|Sections|Section(s)] of the Medical Treatment [Utilization Schedule|Utilization Schedule (MTUS)|Guidelines]
    Relied Upon by the [Expert|Professional|Physician|Medical|Independent Medical] Reviewer
    to Make [His/Her|His or Her|His|Her|Their] [Decision|Determination]
Medical Treatment [Guidelines|Guideline(s)]
    Relied Upon by the [Expert|Professional|Physician|Medical|Independent Medical] Reviewer
    to Make [His/Her|His or Her|His|Her|Their] [Decision|Determination]
Effect of the Decision
In accordance with California Labor Code Section 4610.6(h), a determination of the administrative director may
    be reviewed only by a verified appeal from the determination of the administrative director, filed with the
    appeals board for hearing and served on all interested parties within 30 days of the date of mailing of the
    determination to the employee and employer
The determination of the administrative director shall be presumed to be correct and shall be set aside only
    upon proof by clear and convincing evidence of one or more of the following grounds for appeal
""")
)

PROFESSIONAL_REVIEW = (
    _METHOD
    + _DOCUMENTS
    + _EFFECT
    + _rows("""
MEDICAL PROFESSIONAL REVIEW [FORM|]
[ISSUE|ISSUES] [AT|IN] DISPUTE
Whether [the|]
[Is|Are|Was|Were|Is/was|Are/were] [the|]
[Whether|Is|Are|Was|Were|Is/was|Are/were|] [the|]
    [retrospective|retroactive|prospective|concurrent|disputed|expedited|remaining|original|]
    [request|requests] for
[Whether|Is|Are|Was|Were|Is/was|Are/were|] [the|] requested [treatment|service|]
[the|] medical necessity [of|for]
[is|are|was|were|is/was|] medically necessary [and appropriate|]
[CLINICAL|] CASE SUMMARY
MEDICAL TREATMENT [GUIDELINE(S)|GUIDELINES|GUIDELINE] RELIED UPON BY [THE|] PROFESSIONAL REVIEWER [AND WHY|]
RATIONALE FOR WHY [THE|] REQUESTED
    [TREATMENT/SERVICE|TREATMENT(S)/SERVICE(S)|TREATMENT OR SERVICE|TREATMENTS/SERVICES|TREATMENT|SERVICE]
    [IS/WAS|IS OR WAS|ARE/WERE|IS|WAS|ARE|WERE] [(NOT)|NOT|/IS NOT|/WAS NOT|] MEDICALLY NECESSARY [AND APPROPRIATE|]
MEDICAL [PROFESSIONAL|] REVIEWER [QUALIFICATIONS|'S QUALIFICATIONS|S QUALIFICATIONS]
[State(s) of Licensure|Certification(s)/Specialty]
[The|] [reviewer|physician reviewer|professional reviewer|expert reviewer|medical reviewer] is
[a|an]
a physician [who is|]
[Board Certified|Board-Certified] [in|by the American Board of|]
certified by the American Board of
[and|] [is|] [a|] licensed [to practice|to practice medicine|] [in|in the State of|in the States of|]
[and|] [has a|with a] subspecialty in
in
and
""")
)

# By the beginning of ``Letter.format``.
FIXED_TEXT: dict[str, tuple[str, ...]] = {
    "final-determination": FINAL_DETERMINATION,
    "cover-letter": COVER_LETTER,
    "notice-2013": NOTICE_2013,
    "professional-review": PROFESSIONAL_REVIEW,
}


def fixed_text(letter_format: str) -> tuple[str, ...]:
    """The rows that a letter of this format may have; those of all forms where the format is like none of them."""
    for form, rows in FIXED_TEXT.items():
        if letter_format.startswith(form):
            return ANY_FORM + rows
    return ANY_FORM + tuple(row for rows in FIXED_TEXT.values() for row in rows)
