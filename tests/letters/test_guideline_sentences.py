"""Guidelines told in sentences, as in 2013 and 2014, and the guidelines of the years after 2017."""

import pytest

from determinations.letters.parts.sides import read_side
from determinations.letters.text.clean import clean

PAIN_2009 = "Chronic Pain Medical Treatment Guidelines (2009)"
POSTSURGICAL = "Postsurgical Treatment Guidelines (2009)"
ACUPUNCTURE = "Acupuncture Medical Treatment Guidelines (2007)"
LOW_BACK = "Low Back Complaints (ACOEM 2004)"
NECK = "Neck and Upper Back Complaints (ACOEM 2004)"
KNEE = "Knee Complaints (ACOEM 2004)"
HAND = "Forearm, Wrist, and Hand Complaints (ACOEM 2004)"
FORMULARY = "MTUS Drug Formulary (8 CCR 9792.27)"
PTSD = "ACOEM Posttraumatic Stress Disorder and Acute Stress Disorder"


def read(line):
    """The guidelines that a line cites, its statement, and the codes of its issues."""
    cleaned = clean(line)
    side, issues = read_side(cleaned, 0, len(cleaned.text))
    cited = [(one.guideline, one.section, one.pages, one.mtus) for one in side.citations]
    return cited, side.statement and side.statement.value, [issue.code for issue in issues]


def mtus(guideline, section=None, *pages):
    return guideline, section, pages, True


def other(guideline, section=None, *pages):
    return guideline, section, pages, False


# What follows "The Claims Administrator".
CLAIMS_ADMINISTRATOR = {
    "based its decision on the ACOEM Guidelines, Chapter 12, pages 303-305, which are part of the MTUS.": [
        mtus(LOW_BACK, None, "303-305")
    ],
    "based its decision on the American College of Occupational and Environmental Medicine (ACOEM), 2nd Edition, "
    "(2004), Chapter 12, page 303, which is part of the Medical Treatment Utilization Schedule (MTUS).": [
        mtus(LOW_BACK, None, "303")
    ],
    "cited the following guidelines in its decision: Chronic Pain Medical Treatment Guidelines, pages 98-99, which is "
    "part of the MTUS.": [mtus(PAIN_2009, None, "98-99")],
    "cited the following guidelines: MTUS Chronic Pain Medical Treatment Guidelines, Opioids, page 80; and ODG, Pain "
    "Chapter, Tramadol.": [mtus(PAIN_2009, "Opioids", "80"), other("ODG Pain", "Tramadol")],
    "did not base its decision on the MTUS. The Claims Administrator based its decision on the Official Disability "
    "Guidelines (ODG), Low Back Chapter, which is not part of the MTUS.": [other("ODG Low Back")],
    "based its decision on the Official Disability Guidelines (ODG), Knee Chapter, section on MRI, a medical treatment "
    "guideline that is not part of the MTUS.": [other("ODG Knee & Leg", "MRI")],
    "based its decision on the Official Disability Guidelines (ODG), (current version), Knee Chapter, which is a "
    "medical treatment guideline (MTG) that is not part of the MTUS.": [other("ODG Knee & Leg")],
    "based its decision on the Chronic Pain Medical Treatment Guidelines, (May, 2009), page 22, part of the MTUS.": [
        mtus(PAIN_2009, None, "22")
    ],
    "based its decision on the Chronic Pain Medical Treatment Guidelines, pages 98-99, and the ACOEM Guidelines, "
    "Chapter 12 Low Back Complaints, page 308, which are part of the MTUS.": [
        mtus(PAIN_2009, None, "98-99"),
        mtus(LOW_BACK, None, "308"),
    ],
    "based its decision on the Knee Complaints Chapter (ACOEM Practice Guidelines, 2nd Edition (2004), Chapter 13), "
    "pages 341-343, which is part of the MTUS.": [mtus(KNEE, None, "341-343")],
    "based its decision on the Medical Treatment Utilization Schedule (MTUS), Chronic Pain Medical Treatment "
    "Guidelines, page 22.": [mtus(PAIN_2009, None, "22")],
    "based its decision on the MTUS.": [],
    "based its decision on the MTUS Chronic Pain Guidelines and on the Non-MTUS Official Disability Guidelines.": [
        mtus(PAIN_2009),
        other("Official Disability Guidelines (ODG)"),
    ],
    "based its decision on the MTUS Acupuncture Medical Treatment Guidelines.": [mtus(ACUPUNCTURE)],
    "based its decision on MTUS Guidelines for Chronic Pain, page 98.": [mtus(PAIN_2009, None, "98")],
    "based its decision on the Chronic Pain Medical Treatment Guidelines (MTUS), page 98.": [
        mtus(PAIN_2009, None, "98")
    ],
    "based its decision on the MTUS/ACOEM Guidelines, Low Back Complaints, pages 287-315.": [
        mtus(LOW_BACK, None, "287-315")
    ],
    "based its decision on the MTUS/ACOEM guidelines, Chapter 11, pg. 268.": [mtus(HAND, None, "268")],
    "based its decision on the 9792.24.2 Chronic Pain Medical Treatment Guidelines.": [mtus(PAIN_2009)],
    "based its decision on the California MTUS (2009), 9792.24.3 Postsurgical Treatment Guidelines, pages 26-27.": [
        mtus(POSTSURGICAL, None, "26-27")
    ],
    "used the ODG, Shoulder Chapter, as the basis for its decision.": [other("ODG Shoulder")],
    "based its decision on the Carpal Tunnel Syndrome Chapter of the Official Disability Guidelines.": [
        other("ODG Carpal Tunnel Syndrome")
    ],
    "did not cite evidence-based criteria in its utilization review determination letter.": [],
    "did not provide any evidence-based criteria for its decision.": [],
    "stated that no guidelines were used.": [],
    "did not cite a guideline.": [],
}
# What follows "The Expert Reviewer".
REVIEWER = {
    "found the guidelines used by the Claims Administrator relevant and appropriate.": [],
    "found the referenced section(s) of the MTUS used by the Claims Administrator relevant and appropriate.": [],
    "found no section of the MTUS was applicable. Per the Strength of Evidence hierarchy established by the California "
    "Department of Industrial Relations, Division of Workers' Compensation, the Expert Reviewer based his/her decision "
    "on the Official Disability Guidelines (ODG), Low Back Chapter, MRI.": [other("ODG Low Back", "MRI")],
    "found no section of the MTUS was applicable. The Expert Reviewer found the Official Disability Guidelines (ODG), "
    "Knee Chapter, Walking aids, applicable and relevant.": [other("ODG Knee & Leg", "Walking aids")],
    "found that the MTUS does not specifically address this issue. Therefore, the Expert Reviewer relied on the ODG, "
    "Pain Chapter, Compound drugs.": [other("ODG Pain", "Compound drugs")],
    "found the Chronic Pain Medical Treatment Guidelines, pages 30-32, part of the MTUS, applicable and relevant to "
    "the issue at dispute.": [mtus(PAIN_2009, None, "30-32")],
    "based his/her decision on the Low Back Complaints Chapter of the ACOEM Guidelines, page 303, which is part of the "
    "MTUS.": [mtus(LOW_BACK, None, "303")],
    "based his or her decision on the ACOEM Practice Guidelines, 3rd Edition, which is not part of the MTUS.": [
        other("ACOEM Practice Guidelines, 3rd edition")
    ],
    "based his/her decision on the MTUS Chronic Pain Guidelines, pages 60-61 and 68.": [
        mtus(PAIN_2009, None, "60-61", "68")
    ],
    "based his/her decision on the Cochrane Database of Systematic Reviews and UpToDate.": [
        other("Cochrane Database of Systematic Reviews"),
        other("UpToDate"),
    ],
    "did not find any applicable guidelines.": [],
    "stated that neither the MTUS nor the ODG applied.": [],
}
SENTENCES = {f"The Claims Administrator {words}": cited for words, cited in CLAIMS_ADMINISTRATOR.items()}
SENTENCES |= {f"The Expert Reviewer {words}": cited for words, cited in REVIEWER.items()}
SENTENCES |= {"The provider did not dispute the guidelines used by the Claims Administrator.": []}


@pytest.mark.parametrize("line", SENTENCES)
def test_guidelines_told_in_sentences(line):
    assert read(line) == (SENTENCES[line], line, [])


# What follows "Decision based on MTUS".
AFTER_2017 = {
    "Low Back Disorders (ACOEM Revised 2/24/2016)": [mtus("ACOEM Low Back Disorders")],
    "Low Back Disorders Guideline (ACOEM, February 13, 2020), Section(s): MRI": [
        mtus("ACOEM Low Back Disorders", "MRI")
    ],
    "ACOEM Opioids Guideline (April 20, 2017) as adopted in the MTUS": [mtus("ACOEM Opioids Guideline")],
    "ACOEM Hip and Groin Disorders 2011, Section(s): Hip": [mtus("ACOEM Hip and Groin Disorders", "Hip")],
    "Hip and Groin Guideline (ACOEM April 24, 2019)": [mtus("ACOEM Hip and Groin Disorders")],
    "Chronic Pain 2017, Section(s): Relaxants, and Opioids 2017, Section(s): Subacute Pain": [
        mtus("ACOEM Chronic Pain Guideline", "Relaxants"),
        mtus("ACOEM Opioids Guideline", "Subacute Pain"),
    ],
    "Shoulder Disorders (updated 8/1/2016), Section(s): Rotator Cuff": [
        mtus("ACOEM Shoulder Disorders", "Rotator Cuff")
    ],
    "ACOEM Cervical and Thoracic Spine Disorders (ACOEM October 17, 2018), Section(s): Acupuncture": [
        mtus("ACOEM Cervical and Thoracic Spine Disorders", "Acupuncture")
    ],
    "COVID-19 2021, Section(s): Fatigue": [mtus("ACOEM COVID-19 Guideline", "Fatigue")],
    "ACOEM Traumatic Brain Injury (November 15, 2017), Section(s): Sleep": [
        mtus("ACOEM Traumatic Brain Injury", "Sleep")
    ],
    "ACOEM Workplace Mental Health Guideline: Depressive Disorders (February 13, 2020)": [
        mtus("ACOEM Depressive Disorders")
    ],
    "Workplace Mental Health: Posttraumatic Stress Disorder and Acute Stress Disorder (ACOEM December 18, 2018), "
    "Section(s): CBT": [mtus(PTSD, "CBT")],
    "PTSD and Acute Stress Disorder 2018": [mtus(PTSD)],
    "Occupational Interstitial Lung Disease 2019": [mtus("ACOEM Interstitial Lung Disease")],
    "Knee Disorders Guideline (ACOEM December 3, 2019), pages 120-121": [mtus("ACOEM Knee Disorders", None, "120-121")],
    "8 CCR §9792.27.1 et seq.": [mtus(FORMULARY, "9792.27.1 et seq")],
    "Drug Formulary, exempt drug": [mtus(FORMULARY, "exempt drug")],
    "Chronic Pain Guideline 5/15/2017, and MTUS Drug Formulary 8 CCR § 9792.27.15": [
        mtus("ACOEM Chronic Pain Guideline"),
        mtus(FORMULARY, "8 CCR § 9792.27.15"),
    ],
    "ACOEM Chronic Pain Guideline (May 15, 2017), Section(s): Relaxants; and Non-MTUS Citation Official Disability "
    "Guidelines (ODG), Pain Chapter": [mtus("ACOEM Chronic Pain Guideline", "Relaxants"), other("ODG Pain")],
}


@pytest.mark.parametrize("words", AFTER_2017)
def test_guidelines_after_2017(words):
    assert read(f"Decision based on MTUS {words}") == (AFTER_2017[words], None, [])


def test_disability_guidelines_under_their_later_publisher():
    line = "Decision based on Non-MTUS Citation ODG by MCG, Low Back, Lumbar Supports."
    assert read(line) == ([other("ODG Low Back", "Lumbar Supports")], None, [])
