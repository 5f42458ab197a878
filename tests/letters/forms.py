"""Builds letters of the rarer forms for the tests: the notice of 2013, the cover letter, the professional review.

The forms' headings and fixed sentences are the state's; requests, patients and reasons are invented.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

LETTERHEAD = """MAXIMUS FEDERAL SERVICES, INC.
Independent Medical Review
P.O. Box 138009
Sacramento, CA 95813-8009
(855) 865-8873 Fax: (916) 605-4270
"""
QUALIFICATIONS = (
    "The independent Medical Doctor who made the decision has no affiliation with the employer, employee, providers or "
    "the claims administrator. The physician reviewer is Board Certified in Occupational Medicine and is licensed to "
    "practice in California. He/she has been in active clinical practice for more than five years and is currently "
    "working at least 24 hours a week in active practice."
)
RELIED_UPON = (
    "Section of the Medical Treatment Utilization Schedule Relied Upon by the Expert Reviewer to Make His/Her Decision"
)
CLAIMS = (
    "The Claims Administrator based its decision on the Chronic Pain Medical Treatment Guidelines (2009), Physical "
    "Medicine, pages 98-99, which is part of the Medical Treatment Utilization Schedule (MTUS)."
)
ADOPTED = (
    "The Expert Reviewer found the guidelines used by the Claims Administrator relevant and appropriate for the "
    "employee's clinical circumstance."
)
DOCUMENTS = """The following relevant documents received from the interested parties and the documents provided with
the application were reviewed and considered. These documents included:
"""


@dataclass(frozen=True)
class Request:
    """One request of a notice: how it is determined, and what stands below it."""

    words: str
    necessary: bool = False
    claims: str = CLAIMS
    reviewer: str = ADOPTED
    reasons: str = "The notes tell of no change in function."

    @property
    def conclusion(self) -> str:
        return f"The request for {self.words} is {'' if self.necessary else 'not '}medically necessary and appropriate."


def determinations(requests: list[Request], judged: str = "is {not_}medically necessary and appropriate.") -> str:
    return "\n\n".join(
        f"{number}) MAXIMUS Federal Services, Inc. has determined the request for {one.words} "
        + judged.format(not_="" if one.necessary else "not ")
        for number, one in enumerate(requests, 1)
    )


def regarding(requests: list[Request]) -> str:
    return "\n\n".join(
        f"{number}) Regarding the request for {one.words}:\n\n{RELIED_UPON}:\n\n{one.claims} {one.reviewer}\n\n"
        f"Rationale for the Decision:\n{one.reasons} {one.conclusion}"
        for number, one in enumerate(requests, 1)
    )


def notice(
    requests: list[Request],
    *,
    first: str | None = None,
    second: str | None = None,
    reasons: str | None = None,
    table: str = "MAXIMUS Case Number: CM13-0777001\n",
    dated: str = "Dated: 9/26/2013",
) -> str:
    """A notice; ``first`` and ``second`` are its two lists of determinations, ``reasons`` what follows them."""
    return f"""{LETTERHEAD}
Notice of Independent Medical Review Determination

{dated}

{table}
{determinations(requests) if first is None else first}

INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE

An application for Independent Medical Review was filed on 9/6/2013 disputing the Utilization Review Denial dated
8/30/2013. A Notice of Assignment and Request for Information was provided to the above parties on 9/23/2013. A decision
has been made for each of the treatment and/or services that were in dispute:

{determinations(requests) if second is None else second}

Medical Qualifications of the Expert Reviewer:
{QUALIFICATIONS}

Case Summary:
Disclaimer: The following case summary was taken directly from the utilization review denial/modification dated
August 30, 2013.

"The claimant is a 51-year-old baker who hurt the right wrist."

Documents Reviewed for Determination:
{DOCUMENTS}
• Application for Independent Medical Review (received 9/6/2013)
• Utilization Review Determination (dated 8/30/2013)
• Medical Treatment Utilization Schedule (MTUS)

{regarding(requests) if reasons is None else reasons}

Effect of the Decision:
The determination of MAXIMUS Federal Services and its physician reviewer is deemed to be the Final Determination of the
Administrative Director, Division of Workers' Compensation.

Sincerely,

Medical Director
"""


def cover_letter(items: str, determination: str = "UPHOLD", title: str = "Final Determination Letter") -> str:
    """A cover page and the decision behind it; ``items`` as they stand below the last heading."""
    return f"""{LETTERHEAD}
Independent Medical Review {title}

Dated: 03/14/2014

IMR Case Number:  CM13-0777002  Date of Injury:  06/30/2011
Claims Number:    UR Denial Date:  10/21/2013
Priority:  STANDARD  Application Received:  11/06/2013

Dear Sir or Madam:

MAXIMUS Federal Services has completed the Independent Medical Review ("IMR") of the above workers' compensation case.
This letter provides you with the IMR Final Determination and explains how the determination was made.

Final Determination: {determination}. This means we decided that some (but not all) of the
disputed items/services are medically necessary and appropriate.

Sincerely,

Medical Director

HOW THE IMR FINAL DETERMINATION WAS MADE

MAXIMUS Federal Services sent the complete case file to a physician reviewer. He/she has no affiliation with the
employer, employee, providers or the claims administrator. The physician reviewer is Board Certified in Occupational
Medicine, and is licensed to practice in California. He/she has been in active clinical practice for more than five
years and is currently working at least 24 hours a week in active practice.

DOCUMENTS REVIEWED

{DOCUMENTS}
Application for Independent Medical Review
Utilization Review Determination

CLINICAL CASE SUMMARY

The physician reviewer developed the following clinical case summary based on a review of the case file, including all
medical records:

The patient is a 39-year-old florist who hurt the neck on 6/30/2011.

IMR DECISION(S) AND RATIONALE(S)

The Final Determination was based on decisions for the disputed items/services set forth below:

{items}
"""


def prose_item(number: int, request: Request, side: str = "is part of the MTUS") -> str:
    """An item of a cover letter in sentences."""
    verdict = "is" if request.necessary else "is not"
    return f"""{number}. {request.words} {verdict} medically necessary and appropriate.

The Claims Administrator based its decision on the Chronic Pain Medical Treatment Guidelines, pages 98-99, which {side}.

The Physician Reviewer based his/her decision on the Official Disability Guidelines (ODG), Pain Chapter.

The Physician Reviewer's decision rationale: {request.reasons} {request.conclusion}
"""


def professional_review(requests: str, rationales: str, guidelines: str = "") -> str:
    """A medical professional review; ``rationales`` with their headings."""
    return f"""MEDICAL PROFESSIONAL REVIEW

Case Number: CM13-0777003
Date of Injury: 02/11/2012

ISSUE AT DISPUTE:
{requests}

CASE SUMMARY:
The employee is a 55 year old cook who slipped on a wet floor.

DOCUMENTS REVIEWED FOR DETERMINATION:
- Application for Independent Medical Review
- Progress notes of the treating physician,
2/11/2012 to 8/1/2013

MEDICAL TREATMENT GUIDELINE(S) RELIED UPON BY PROFESSIONAL
REVIEWER AND WHY:
{guidelines or "The Chronic Pain Medical Treatment Guidelines (2009), page 22, which speak of it."}

{rationales}

MEDICAL REVIEWER QUALIFICATIONS:
The reviewer is Board Certified in Orthopedic Surgery and is licensed to practice in Oregon.
"""


NOT_NECESSARY = "RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE IS/WAS NOT \nMEDICALLY NECESSARY:\n"
NECESSARY = "RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE IS/WAS MEDICALLY NECESSARY:\n"


# ---- the same letter in other layouts -----------------------------------------------------------------------------
def _with_footers(text):
    """A page's foot after every 23rd line."""
    lines = text.split("\n")
    for page, place in enumerate(range(23, len(lines), 24), 2):
        lines.insert(place, f"Final Determination Letter for IMR Case Number CM13-0777001  {page}")
    return "\n".join(lines)


LAYOUTS = {
    "plain": lambda text: text,
    "double spaced": lambda text: text.replace("\n", "\n\n"),
    "joined": lambda text: "\n\n".join(" ".join(part.split()) for part in text.split("\n\n")),
    "no empty lines": lambda text: "\n".join(line for line in text.split("\n") if line.strip()),
    "wrapped": lambda text: "\n".join("\n".join(textwrap.wrap(line, 80)) for line in text.split("\n")),
    "footers": _with_footers,
}
