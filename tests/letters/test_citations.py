"""A guideline line: which documents it cites, how, and what it says instead of citing."""

import pytest

from determinations import vocabulary
from determinations.letters.parts.sides import read_side
from determinations.letters.text.clean import clean, heal

MTUS = "Decision based on MTUS "
NON_MTUS = "Decision based on Non-MTUS Citation "

LOW_BACK = "Low Back Complaints (ACOEM 2004)"
NECK = "Neck and Upper Back Complaints (ACOEM 2004)"
SHOULDER = "Shoulder Complaints (ACOEM 2004)"
ELBOW = "Elbow Complaints (ACOEM 2007)"
HAND = "Forearm, Wrist, and Hand Complaints (ACOEM 2004)"
KNEE = "Knee Complaints (ACOEM 2004)"
ANKLE = "Ankle and Foot Complaints (ACOEM 2004)"
STRESS = "Stress-Related Conditions (ACOEM 2004)"
EYE = "Eye Complaints (ACOEM 2004)"
GENERAL = "General Approaches (ACOEM 2004)"
PAIN_2009 = "Chronic Pain Medical Treatment Guidelines (2009)"
PAIN_2016 = "Chronic Pain Medical Treatment Guidelines (2016)"
OPIOIDS = "Opioids Treatment Guidelines (2016)"
ACUPUNCTURE = "Acupuncture Medical Treatment Guidelines (2007)"
POSTSURGICAL = "Postsurgical Treatment Guidelines (2009)"
ODG = "Official Disability Guidelines (ODG)"

Cited = tuple[str, bool, str, str | None, str | None, tuple[str, ...]]


def read(line: str) -> tuple[str | None, list[Cited], list[str]]:
    """The statement, the citations and the codes of the issues of one line."""
    cleaned = clean(line)
    side, issues = read_side(cleaned, 0, len(cleaned.text))
    cited = [(c.text, c.mtus, c.family, c.guideline, c.section, c.pages) for c in side.citations]
    return side.statement and side.statement.value, cited, [issue.code for issue in issues]


def mtus(text: str, guideline: str | None, section: str | None = None, *pages: str, family: str = "MTUS") -> Cited:
    return text, True, family, guideline, section, pages


def odg(text: str, guideline: str, section: str | None = None, *pages: str) -> Cited:
    return text, False, "ODG", guideline, section, pages


def acoem(text: str, guideline: str, section: str | None = None, *pages: str) -> Cited:
    return text, False, "ACOEM", guideline, section, pages


def work(text: str, family: str, guideline: str | None) -> Cited:
    return text, False, family, guideline, None, ()


# ---- the MTUS, 2016 and later: by document, year and Section(s) -----------------------------------------------------
STYLE_2016 = [
    [mtus("Low Back Complaints 2004", LOW_BACK)],
    [mtus("Low Back Complaints 2004, Section(s): Special Studies", LOW_BACK, "Special Studies")],
    [mtus("Low Back Complaints 2004, Section(s): Initial Care, Summary", LOW_BACK, "Initial Care, Summary")],
    [mtus("Neck and Upper Back Complaints 2004, Section(s): Summary", NECK, "Summary")],
    [mtus("Shoulder Complaints 2004, Section(s): Surgical Considerations", SHOULDER, "Surgical Considerations")],
    [mtus("Elbow Complaints 2007, Section(s): Splinting", ELBOW, "Splinting")],
    [mtus("Forearm, Wrist, and Hand Complaints 2004", HAND)],
    [mtus("Forearm, Wrist, & Hand Complaints 2004, Section(s): Summary", HAND, "Summary")],
    [mtus("Knee Complaints 2004, Section(s): Special Studies, Summary", KNEE, "Special Studies, Summary")],
    [mtus("Ankle and Foot Complaints 2004, Section(s): Summary", ANKLE, "Summary")],
    [mtus("Stress-Related Conditions 2004, Section(s): General Approach", STRESS, "General Approach")],
    [mtus("Eye Complaints 2004", EYE)],
    [mtus("General Approaches 2004, Section(s): Prevention", GENERAL, "Prevention")],
    [mtus("Chronic Pain Medical Treatment 2009, Section(s): Drug testing", PAIN_2009, "Drug testing")],
    [mtus("Chronic Pain Medical Treatment 2016", PAIN_2016)],
    [mtus("Chronic Pain Medical Treatment 2016 Guidelines, Section(s): Biofeedback", PAIN_2016, "Biofeedback")],
    [mtus("Opioid Treatment 2016", OPIOIDS)],
    [mtus("Acupuncture Treatment 2007", ACUPUNCTURE)],
    [mtus("Postsurgical Treatment 2009, Section(s): Knee", POSTSURGICAL, "Knee")],
    # Commas, brackets, colons, stops and the names of other documents inside a section.
    [
        mtus(
            "Chronic Pain Medical Treatment 2016, Section(s): NSAIDs, GI symptoms & cardiovascular risk, Muscle "
            "relaxants (for pain)",
            PAIN_2016,
            "NSAIDs, GI symptoms & cardiovascular risk, Muscle relaxants (for pain)",
        )
    ],
    [
        mtus(
            "Opioid Treatment 2016, Section(s): 3.3.6 Opioids for Chronic Pain and Chronic Opioid Treatment: Use of "
            "Urine Drug Testing (UDT), 4.1 Tapering Opioids: Indications for Tapering Opioids",
            OPIOIDS,
            "3.3.6 Opioids for Chronic Pain and Chronic Opioid Treatment: Use of Urine Drug Testing (UDT), 4.1 "
            "Tapering Opioids: Indications for Tapering Opioids",
        )
    ],
    [mtus("Opioid Treatment 2016, Section(s): 2. Opioids for Subacute Pain", OPIOIDS, "2. Opioids for Subacute Pain")],
    [
        mtus(
            "Postsurgical Treatment 2009, Section(s): Forearm, Wrist, & Hand",
            POSTSURGICAL,
            "Forearm, Wrist, & Hand",
        )
    ],
    # A section that is a number is a page.
    [mtus("Low Back Complaints 2004, Section(s): 326", LOW_BACK, None, "326")],
    [
        mtus(
            "Low Back Complaints 2004, Section(s): Physical Methods, 301, 302",
            LOW_BACK,
            "Physical Methods",
            "301",
            "302",
        )
    ],
]

# ---- the MTUS until 2015: by chapter and Page(s) --------------------------------------------------------------------
STYLE_2014 = [
    [mtus("Chronic Pain Treatment Guidelines", PAIN_2009)],
    [mtus("Chronic Pain Treatment Guidelines Weaning of Medications", PAIN_2009, "Weaning of Medications")],
    [mtus("Chronic Pain Treatment Guidelines Opioids Page(s): 78", PAIN_2009, "Opioids", "78")],
    [
        mtus(
            "Chronic Pain Treatment Guidelines Physical Medicine Page(s): 98-99",
            PAIN_2009,
            "Physical Medicine",
            "98-99",
        )
    ],
    # "of 127" counts the document's pages and is no page.
    [
        mtus(
            "Chronic Pain Treatment Guidelines Physical Medicine Page(s): 98-99 of 127",
            PAIN_2009,
            "Physical Medicine",
            "98-99",
        )
    ],
    [
        mtus(
            "Chronic Pain Treatment Guidelines Opioids, criteria for use Page(s): 76-78, 80, 91 of 127",
            PAIN_2009,
            "Opioids, criteria for use",
            "76-78",
            "80",
            "91",
        )
    ],
    [mtus("Chronic Pain Medical Treatment Guidelines Page(s): 8, 60 and 62", PAIN_2009, None, "8", "60", "62")],
    [mtus("Chronic Pain Treatment Guidelines (Effective July 18, 2009) Page(s): 98", PAIN_2009, None, "98")],
    [mtus("ACOEM Chapter 12 Low Back Complaints", LOW_BACK, family="ACOEM")],
    [mtus("ACOEM Chapter 12 Low Back Complaints Page(s): 298", LOW_BACK, None, "298", family="ACOEM")],
    [mtus("ACOEM Chapter 12", LOW_BACK, family="ACOEM")],
    [mtus("ACOEM Chapter 8 Neck and Upper Back Complaints Page(s): 177-179", NECK, None, "177-179", family="ACOEM")],
    [mtus("ACOEM Chapter 10 Elbow Disorders (Revised 2007) Page(s): 33-40", ELBOW, None, "33-40", family="ACOEM")],
    [mtus("ACOEM Chapter 16 Eye", EYE, family="ACOEM")],
    # Chapters 1 to 7 are one document: which of them is its section.
    [
        mtus(
            "ACOEM Chapter 3 Initial Approaches to Treatment Page(s): 47-48",
            GENERAL,
            "Chapter 3 Initial Approaches to Treatment",
            "47-48",
            family="ACOEM",
        )
    ],
    [mtus("ACOEM Chapter 7", GENERAL, "Chapter 7", family="ACOEM")],
    [mtus("Acupuncture Treatment Guidelines", ACUPUNCTURE)],
    [mtus("Postsurgical Treatment Guidelines Knee", POSTSURGICAL, "Knee")],
]

# ---- several documents of the MTUS in one sentence ------------------------------------------------------------------
JOINED = {
    "and": (
        "Knee Complaints 2004, and Low Back Complaints 2004",
        [mtus("Knee Complaints 2004", KNEE), mtus("Low Back Complaints 2004", LOW_BACK)],
    ),
    "and, without the comma": (
        "Knee Complaints 2004 and Low Back Complaints 2004",
        [mtus("Knee Complaints 2004", KNEE), mtus("Low Back Complaints 2004", LOW_BACK)],
    ),
    "names that hold an and": (
        "Neck and Upper Back Complaints 2004, and Ankle and Foot Complaints 2004",
        [mtus("Neck and Upper Back Complaints 2004", NECK), mtus("Ankle and Foot Complaints 2004", ANKLE)],
    ),
    "names that hold commas": (
        "Forearm, Wrist, and Hand Complaints 2004, and Shoulder Complaints 2004",
        [mtus("Forearm, Wrist, and Hand Complaints 2004", HAND), mtus("Shoulder Complaints 2004", SHOULDER)],
    ),
    "sections between them": (
        (
            "Low Back Complaints 2004, Section(s): Initial Care, Physical Methods, and Chronic Pain Medical Treatment "
            "2016, Section(s): Physical medicine treatment"
        ),
        [
            mtus(
                "Low Back Complaints 2004, Section(s): Initial Care, Physical Methods",
                LOW_BACK,
                "Initial Care, Physical Methods",
            ),
            mtus(
                "Chronic Pain Medical Treatment 2016, Section(s): Physical medicine treatment",
                PAIN_2016,
                "Physical medicine treatment",
            ),
        ],
    ),
    "three of them": (
        (
            "Knee Complaints 2004, Section(s): Summary, Shoulder Complaints 2004, and General Approaches 2004, "
            "Section(s): Prevention"
        ),
        [
            mtus("Knee Complaints 2004, Section(s): Summary", KNEE, "Summary"),
            mtus("Shoulder Complaints 2004", SHOULDER),
            mtus("General Approaches 2004, Section(s): Prevention", GENERAL, "Prevention"),
        ],
    ),
    "two editions": (
        "Chronic Pain Medical Treatment 2009, and Chronic Pain Medical Treatment 2016",
        [
            mtus("Chronic Pain Medical Treatment 2009", PAIN_2009),
            mtus("Chronic Pain Medical Treatment 2016", PAIN_2016),
        ],
    ),
    "a comma without a blank, no second MTUS": (
        (
            "ACOEM Chapter 12 Low Back Complaints Page(s): 298,Chronic Pain Treatment Guidelines (Effective July 18, "
            "2009) Page(s): 98"
        ),
        [
            mtus("ACOEM Chapter 12 Low Back Complaints Page(s): 298", LOW_BACK, None, "298", family="ACOEM"),
            mtus("Chronic Pain Treatment Guidelines (Effective July 18, 2009) Page(s): 98", PAIN_2009, None, "98"),
        ],
    ),
    "two chapters, ACOEM once": (
        "ACOEM Chapter 12 Low Back Complaints, Chapter 13 Knee Complaints Page(s): 341-343",
        [
            mtus("ACOEM Chapter 12 Low Back Complaints", LOW_BACK, family="ACOEM"),
            mtus("Chapter 13 Knee Complaints Page(s): 341-343", KNEE, None, "341-343"),
        ],
    ),
    "one that is not known beside one that is": (
        "Dental Complaints 2004, and Low Back Complaints 2004",
        [mtus("Dental Complaints 2004", None), mtus("Low Back Complaints 2004", LOW_BACK)],
    ),
}

# ---- outside the MTUS -----------------------------------------------------------------------------------------------
NECK_ODG, HAND_ODG, LOW_BACK_ODG = "ODG Neck & Upper Back", "ODG Forearm, Wrist, & Hand", "ODG Low Back"
DISABILITY_GUIDELINES = [
    odg("Official Disability Guidelines", ODG),
    odg("Official Disability Guidelines (ODG)", ODG),
    odg("ODG", ODG),
    odg("Official Disability Guidelines (ODG), Low Back Chapter, Traction", LOW_BACK_ODG, "Traction"),
    odg("Official Disability Guidelines (ODG) Shoulder, Physical therapy", "ODG Shoulder", "Physical therapy"),
    odg("Official Disability Guidelines (ODG): Physical Therapy Guidelines", ODG, "Physical Therapy Guidelines"),
    odg("Official Disability Guidelines - Hip and Pelvis Chapter", "ODG Hip & Pelvis"),
    odg("Official Disability Guidelines (ODG) Hips & Pelvis Chapter, X-Ray", "ODG Hip & Pelvis", "X-Ray"),
    odg("ODG Mental Illness and Stress", "ODG Mental Illness & Stress"),
    odg("Official Disability Guidelines (ODG) Low Back (updated 11/23/16), MRIs", LOW_BACK_ODG, "MRIs"),
    odg("Official Disability Guidelines, Low Back - Lumbar & Thoracic (Acute & Chronic), EMG", LOW_BACK_ODG, "EMG"),
    odg("Official Disability Guidelines (ODG) Lower Back section, Discography", LOW_BACK_ODG, "Discography"),
    odg("Official Disability Guidelines: Neck & Upper Back (Acute & Chronic) Manipulation", NECK_ODG, "Manipulation"),
    odg("Official Disability Guidelines (ODG) Forearm, Wrist and Hand, Splints", HAND_ODG, "Splints"),
    odg("Official Disability Guidelines (ODG), Forearm, Wrist, & Hand Chapter", HAND_ODG),
    odg("Official Disability Guidelines (ODG) Knee & Leg Chapter: Walking aids", "ODG Knee & Leg", "Walking aids"),
    odg("Official Disability Guidelines (ODG) Ankle & Foot, Orthotic devices", "ODG Ankle & Foot", "Orthotic devices"),
    odg("Official Disability Guidelines, Carpal Tunnel Syndrome Chapter", "ODG Carpal Tunnel Syndrome"),
    odg("Official Disability Guidelines (ODG) Pain (Chronic), Melatonin", "ODG Pain", "Melatonin"),
    odg("Official Disability Guidelines (ODG), Pain Chapter, Opioids, page 12", "ODG Pain", "Opioids", "12"),
    odg("Official Disability Guidelines (ODG) Elbow/Splinting", "ODG Elbow", "Splinting"),
    odg("Official Disability Guidelines (ODG) Head - Vestibular studies", "ODG Head", "Vestibular studies"),
    odg(
        "Official Disability Guidelines (ODG) Fitness for Duty, Work hardening",
        "ODG Fitness for Duty",
        "Work hardening",
    ),
    odg("Official Disability Guidelines (ODG) Diabetes Chapter, Metformin", "ODG Diabetes", "Metformin"),
    odg("Official Disability Guidelines (ODG) Burns", "ODG Burns"),
    odg("Official Disability Guidelines (ODG) Eye Chapter", "ODG Eye"),
    odg("Official Disability Guidelines (ODG), 2016, Hernia, Surgery", "ODG Hernia", "Surgery"),
    odg("Official Disability Guidelines (ODG) Low Back (Shock wave therapy)", LOW_BACK_ODG, "Shock wave therapy"),
    odg("Work Loss Data Institute, Official Disability Guidelines, Elbow", "ODG Elbow"),
    # A topic that has a bracket of its own keeps it.
    odg(
        "Official Disability Guidelines (ODG) Knee & Leg, Walking aids (canes & crutches)",
        "ODG Knee & Leg",
        "Walking aids (canes & crutches)",
    ),
    odg("Official Disability Guidelines (ODG) Knee & Leg (Ice) and (Heat)", "ODG Knee & Leg", "(Ice) and (Heat)"),
    odg("Official Disability Guidelines, Elbow Chapter (Online Version): Splints", "ODG Elbow", "Splints"),
    odg("Official Disability Guidelines, Elbow Procedure Summary Online Version, Splints", "ODG Elbow", "Splints"),
    odg("Official Disability Guidelines (ODG) Chapter: Elbow 12/20/2016 Splints", "ODG Elbow", "Splints"),
    odg("Official Disability Guidelines (ODG) Preface/Physical therapy", "ODG Preface", "Physical therapy"),
    odg(
        "Official Disability Guidelines (ODG) physical therapy, elbow chapter",
        "ODG Elbow",
        "physical therapy, elbow chapter",
    ),
    # A chapter alone, without the name of the work.
    odg("Low Back", LOW_BACK_ODG),
    odg("Low Back (Hyperstimulation analgesia)", LOW_BACK_ODG, "Hyperstimulation analgesia"),
    odg("Shoulder Chapter, Rotator cuff repair", "ODG Shoulder", "Rotator cuff repair"),
    odg("Neck and Upper Back, Traction", NECK_ODG, "Traction"),
    # A word of a topic is no chapter.
    odg("Official Disability Guidelines (ODG) MRI shoulder", ODG, "MRI shoulder"),
    odg(
        "Official Disability Guidelines, Lumbar Physical Therapy Guidelines", ODG, "Lumbar Physical Therapy Guidelines"
    ),
    odg("ODG Pain Chapter, Exercise, Shoulder stretches", "ODG Pain", "Exercise, Shoulder stretches"),
    odg("ODG Pain Chapter, Injections (knee, shoulder, neck)", "ODG Pain", "Injections (knee, shoulder, neck)"),
    # Several topics of one sentence stay one citation; of several chapters the work as a whole is meant.
    odg("Official Disability Guidelines (ODG), Knee, Braces, Traction, Ice", "ODG Knee & Leg", "Braces, Traction, Ice"),
    odg(
        "Official Disability Guidelines (ODG) Shoulder Chapter, Exercise kits; Knee & Leg Chapter, Exercise kits",
        ODG,
        "Shoulder Chapter, Exercise kits; Knee & Leg Chapter, Exercise kits",
    ),
    odg("Official Disability Guidelines (ODG), Neck and Upper Back; Low Back", ODG, "Neck and Upper Back; Low Back"),
    odg("ODG Low Back, Braces (rigid), Shoulder", ODG, "Low Back, Braces (rigid), Shoulder"),
]

OTHER_WORKS = [
    acoem("ACOEM guidelines", "ACOEM Practice Guidelines"),
    acoem(
        "ACOEM Practice Guidelines, 2nd edition (2004), page 301",
        "ACOEM Practice Guidelines, 2nd edition (2004)",
        None,
        "301",
    ),
    acoem("ACOEM Practice Guidelines 2008, Splints", "ACOEM Practice Guidelines", "Splints"),
    acoem("ACOEM Practice Guidelines, 3rd edition", "ACOEM Practice Guidelines, 3rd edition"),
    acoem(
        "ACOEM Occupational Medicine Practice Guidelines, 3rd ed., Low Back Disorders, pg. 607",
        "ACOEM Low Back Disorders",
        None,
        "607",
    ),
    acoem("ACOEM, 3rd edition, Shoulder Disorders, pg. 64", "ACOEM Shoulder Disorders", None, "64"),
    acoem("ACOEM Hip and Groin Disorders, Diagnostic Testing", "ACOEM Hip and Groin Disorders", "Diagnostic Testing"),
    acoem("ACOEM: Low back disorders, MRI", "ACOEM Low Back Disorders", "MRI"),
    acoem("ACOEM Guidelines, Chapter 7", GENERAL, "Chapter 7"),
    acoem("American College of Occupational and Environmental Medicine (ACOEM) Knee Disorders", "ACOEM Knee Disorders"),
    acoem(
        "Harris J. Occupational Medicine Practice Guidelines, 2nd edition (2004) p 301",
        "ACOEM Practice Guidelines, 2nd edition (2004)",
        None,
        "301",
    ),
    work("http://www.drugs.com/famotidine.html", "Drugs.com", "Drugs.com"),
    work("HTTPS://WWW.DRUGS.COM/FAMOTIDINE.HTML", "Drugs.com", "Drugs.com"),
    work("www.mdguidelines.com", "MDGuidelines", "MDGuidelines"),
    work("http://www.ncbi.nlm.nih.gov/pubmed/00000000", "National Library of Medicine", "National Library of Medicine"),
    work("http://www.aetna.com/cpb/medical/data/1_99/0000.html", "Aetna", "Aetna Clinical Policy Bulletins"),
    work("Aetna Clinical Policy Bulletin: Thermography", "Aetna", "Aetna Clinical Policy Bulletins"),
    work(
        "California Code of Regulations, Title 8, section 9785",
        "California Code of Regulations",
        "California Code of Regulations",
    ),
    work("Labor Code 4600", "California Labor Code", "California Labor Code"),
    work(
        "AMA Guides, 5th edition",
        "American Medical Association",
        "AMA Guides to the Evaluation of Permanent Impairment",
    ),
    work(
        "Cochrane Database of Systematic Reviews 2010, Issue 3", "Cochrane", "Cochrane Database of Systematic Reviews"
    ),
    work("Physician's Desk Reference, 70th edition", "Physicians' Desk Reference", "Physicians' Desk Reference (PDR)"),
    work(
        "Campbell's Operative Orthopaedics, 12th edition",
        "Campbell's Operative Orthopaedics",
        "Campbell's Operative Orthopaedics",
    ),
    work(
        "Wheeless' Textbook of Orthopaedics", "Wheeless' Textbook of Orthopaedics", "Wheeless' Textbook of Orthopaedics"
    ),
    work("UpToDate, Plantar fasciitis", "UpToDate", "UpToDate"),
    work("FDA prescribing information for Nucynta", "Food and Drug Administration", "FDA prescribing information"),
    work("Mayo Clinic, Sleep apnea", "Mayo Clinic", "Mayo Clinic"),
]

SEVERAL_WORKS = {
    "ODG, then ACOEM": (
        "Official Disability Guidelines (ODG), Knee, Braces, and ACOEM Knee Disorders",
        [
            odg("Official Disability Guidelines (ODG), Knee, Braces", "ODG Knee & Leg", "Braces"),
            acoem("ACOEM Knee Disorders", "ACOEM Knee Disorders"),
        ],
    ),
    "ODG, then an address": (
        "Official Disability Guidelines (ODG), Pain Chapter, Zolpidem, and www.drugs.com",
        [
            odg("Official Disability Guidelines (ODG), Pain Chapter, Zolpidem", "ODG Pain", "Zolpidem"),
            work("www.drugs.com", "Drugs.com", "Drugs.com"),
        ],
    ),
    "two sentences of ODG": (
        "Official Disability Guidelines (ODG), Knee, Ice. Official Disability Guidelines (ODG), Shoulder, Heat",
        [
            odg("Official Disability Guidelines (ODG), Knee, Ice", "ODG Knee & Leg", "Ice"),
            odg("Official Disability Guidelines (ODG), Shoulder, Heat", "ODG Shoulder", "Heat"),
        ],
    ),
    "the form's words for a third kind": (
        (
            "Official Disability Guidelines (ODG), Pain Chapter, Zolpidem, and Other Medical Treatment Guideline or "
            "Medical Evidence: UpToDate, Insomnia"
        ),
        [
            odg("Official Disability Guidelines (ODG), Pain Chapter, Zolpidem", "ODG Pain", "Zolpidem"),
            work("UpToDate, Insomnia", "UpToDate", "UpToDate"),
        ],
    ),
    "the form's words for a third kind, and nothing after them": (
        "Official Disability Guidelines (ODG), Pain Chapter, Zolpidem and Other Medical Treatment Guidelines",
        [odg("Official Disability Guidelines (ODG), Pain Chapter, Zolpidem", "ODG Pain", "Zolpidem")],
    ),
    "works with the day they were looked up": (
        "UpToDate, Syncope, accessed 02/18/2017; National Heart, Lung, and Blood Institute, Tests, accessed on 2/8/17",
        [
            work("UpToDate, Syncope, accessed 02/18/2017", "UpToDate", "UpToDate"),
            work(
                "National Heart, Lung, and Blood Institute, Tests, accessed on 2/8/17",
                "National Heart, Lung, and Blood Institute",
                "National Heart, Lung, and Blood Institute",
            ),
        ],
    ),
    "two addresses": (
        "http://www.nlm.nih.gov/medlineplus/x.html and http://www.cdc.gov/y.html",
        [
            work(
                "http://www.nlm.nih.gov/medlineplus/x.html",
                "National Library of Medicine",
                "National Library of Medicine",
            ),
            work(
                "http://www.cdc.gov/y.html",
                "Centers for Disease Control and Prevention",
                "Centers for Disease Control and Prevention",
            ),
        ],
    ),
}


@pytest.mark.parametrize("cited", [*STYLE_2016, *STYLE_2014], ids=lambda cited: cited[0][0])
def test_one_document_of_the_mtus(cited):
    assert read(f"{MTUS}{cited[0][0]}.") == (None, cited, [])


@pytest.mark.parametrize(("words", "cited"), JOINED.values(), ids=JOINED)
def test_each_document_of_a_sentence_is_one_citation(words, cited):
    statement, found, _ = read(f"{MTUS}{words}.")
    assert (statement, found) == (None, cited)


@pytest.mark.parametrize("cited", [*DISABILITY_GUIDELINES, *OTHER_WORKS], ids=lambda cited: cited[0])
def test_one_work_outside_the_mtus(cited):
    assert read(f"{NON_MTUS}{cited[0]}.") == (None, [cited], [])


@pytest.mark.parametrize(("words", "cited"), SEVERAL_WORKS.values(), ids=SEVERAL_WORKS)
def test_several_works_outside_the_mtus(words, cited):
    assert read(f"{NON_MTUS}{words}.") == (None, cited, [])


# ---- what is not known ----------------------------------------------------------------------------------------------
UNKNOWN = {
    "a document of the MTUS": (f"{MTUS}Dental Complaints 2004.", "MTUS"),
    "a chapter that does not exist": (f"{MTUS}ACOEM Chapter 44.", "ACOEM"),
    "a journal article": (f"{NON_MTUS}Vale AB, et al. Splints after sprain. J Tests 2012; 37: 11-19.", None),
    "an article of two authors": (f"{NON_MTUS}Vale AB, Orr C. Splints. J Tests 2012.", None),
    "a title that begins like a chapter": (f"{NON_MTUS}Pain medicine for everyone.", "Pain medicine for everyone"),
    "an address": (f"{NON_MTUS}https://www.example.org/splints/a.pdf.", "example.org"),
    "a society": (f"{NON_MTUS}Society of Splint Makers, position paper.", "Society of Splint Makers"),
}


@pytest.mark.parametrize(("line", "family"), UNKNOWN.values(), ids=UNKNOWN)
def test_an_unknown_document_is_kept_in_its_words_and_goes_to_the_queue(line, family):
    statement, ((text, _, found_family, guideline, _, _),), codes = read(line)
    assert statement is None
    assert text == line.removeprefix(MTUS).removeprefix(NON_MTUS).removesuffix(".")
    assert guideline is None
    # An article does not say who published it; whatever its family is called, it has one.
    assert found_family == family if family else found_family
    assert codes == ["unknown-guideline"]


# ---- statements -----------------------------------------------------------------------------------------------------
CA, ER = "The Claims Administrator", "The Expert Reviewer"
OUTSIDE = "based their decision on recommendation(s) outside of the MTUS Guidelines."
STATEMENTS = {
    "no evidence, claims administrator": f"{CA} did not cite any medical evidence for its decision.",
    "no evidence, reviewer": f"{ER} did not cite any medical evidence for its decision.",
    "not the MTUS, claims administrator": f"{CA} did not base their decision on the MTUS.",
    "not the MTUS, reviewer": f"{ER} did not base their decision on the MTUS.",
    "outside, claims administrator": f"{CA} {OUTSIDE}",
    "outside, reviewer": f"{ER} {OUTSIDE}",
}


@pytest.mark.parametrize("line", STATEMENTS.values(), ids=STATEMENTS)
def test_a_sentence_that_cites_nothing_is_kept_as_the_sides_statement(line):
    assert read(line) == (line, [], [])


MIXED = {
    "statement, then citation": (
        f"{ER} {OUTSIDE}  {NON_MTUS}ODG Pain.",
        f"{ER} {OUTSIDE}",
        [odg("ODG Pain", "ODG Pain")],
    ),
    "not the MTUS, then citation": (
        f"{CA} did not base their decision on the MTUS.  {NON_MTUS}ACOEM Guidelines, Chapter 7.",
        f"{CA} did not base their decision on the MTUS.",
        [acoem("ACOEM Guidelines, Chapter 7", GENERAL, "Chapter 7")],
    ),
    "citation, then statement": (
        f"{MTUS}Knee Complaints 2004. {ER} did not cite any medical evidence for its decision.",
        f"{ER} did not cite any medical evidence for its decision.",
        [mtus("Knee Complaints 2004", KNEE)],
    ),
    "statements on both sides of a citation": (
        f"{CA} did not base their decision on the MTUS. {NON_MTUS}ODG Pain. {CA} did not cite any medical evidence.",
        f"{CA} did not base their decision on the MTUS. {CA} did not cite any medical evidence.",
        [odg("ODG Pain", "ODG Pain")],
    ),
    "MTUS, then not MTUS": (
        f"{MTUS}Knee Complaints 2004.  {NON_MTUS}ODG Knee & Leg, Ice.",
        None,
        [mtus("Knee Complaints 2004", KNEE), odg("ODG Knee & Leg, Ice", "ODG Knee & Leg", "Ice")],
    ),
    "not MTUS, then MTUS": (
        f"{NON_MTUS}ODG Pain.  {MTUS}Opioid Treatment 2016.",
        None,
        [odg("ODG Pain", "ODG Pain"), mtus("Opioid Treatment 2016", OPIOIDS)],
    ),
    "two of each": (
        f"{MTUS}Knee Complaints 2004, and Opioid Treatment 2016.  {NON_MTUS}ODG Pain.  {NON_MTUS}UpToDate.",
        None,
        [
            mtus("Knee Complaints 2004", KNEE),
            mtus("Opioid Treatment 2016", OPIOIDS),
            odg("ODG Pain", "ODG Pain"),
            work("UpToDate", "UpToDate", "UpToDate"),
        ],
    ),
    "no final stop": (f"{MTUS}Knee Complaints 2004", None, [mtus("Knee Complaints 2004", KNEE)]),
    "blanks after the final stop": (f"{MTUS}Knee Complaints 2004.   ", None, [mtus("Knee Complaints 2004", KNEE)]),
    "nothing": ("", None, []),
}


@pytest.mark.parametrize(("line", "statement", "cited"), MIXED.values(), ids=MIXED)
def test_statements_and_citations_of_one_line(line, statement, cited):
    assert read(line) == (statement, cited, [])


@pytest.mark.parametrize(
    "line", ["See the report.", "MTUS Knee Complaints 2004", f"Review it. {MTUS}Eye Complaints 2004."]
)
def test_words_that_are_not_understood_are_kept_as_the_statement_and_go_to_the_queue(line):
    statement, _, codes = read(line)
    assert statement == line.partition(" Decision")[0]
    assert codes == ["unread-guideline-line"]


# ---- layout ---------------------------------------------------------------------------------------------------------
def test_a_line_wrapped_at_every_blank_is_read_the_same():
    line = (
        f"{ER} {OUTSIDE} {MTUS}Forearm, Wrist, and Hand Complaints 2004, Section(s): Special Studies, and Opioid "
        f"Treatment 2016. {NON_MTUS}Official Disability Guidelines (ODG) Low Back (updated 11/23/16), MRIs."
    )
    assert len(read(line)[1]) == 3
    assert read(line.replace(" ", "\n")) == read(line)
    assert read(line.replace(" ", "  ")) == read(line)


@pytest.mark.parametrize("lead", ["Decision based on Non-\nMTUS Citation", "Decision\nbased on\nNon-MTUS\nCitation"])
def test_the_lead_in_may_break_anywhere(lead):
    assert read(f"{lead} ODG Pain.") == (None, [odg("ODG Pain", "ODG Pain")], [])


def test_a_break_inside_a_word_or_number_is_healed():
    line = f"{MTUS}Chronic Pain Treatment Guidelines Anti-\ninflammatory drugs, EMG/\nNCS Page(s): 67-68, 72\nof 127."
    text = "Chronic Pain Treatment Guidelines Anti-inflammatory drugs, EMG/NCS Page(s): 67-68, 72 of 127"
    assert read(line)[1] == [mtus(text, PAIN_2009, "Anti-inflammatory drugs, EMG/NCS", "67-68", "72")]


def test_the_span_of_a_citation_is_its_words():
    source = (
        f"{CA} {OUTSIDE} \n\n{MTUS}Low Back \n\nComplaints 2004, and \n\nEye Complaints 2004. \n\n{NON_MTUS}ODG Pain. "
    )
    cleaned = clean(source)
    side, _ = read_side(cleaned, 0, len(cleaned.text))
    for citation in side.citations:
        assert heal(clean(source[citation.span.start : citation.span.end]).text) == citation.text
    assert source[side.statement.span.start : side.statement.span.end] == f"{CA} {OUTSIDE}"
    assert [side.span.start, source[side.span.end :].strip()] == [0, ""]


def test_the_span_of_a_statement_after_a_citation():
    source = f"{MTUS}Eye Complaints 2004. {ER} did not cite any medical evidence for its decision. "
    statement = read_side(clean(source), 0, len(source) - 1)[0].statement
    assert source[statement.span.start : statement.span.end] == statement.value
    shifted = clean(f"Some words. {source}")
    assert read_side(shifted, 12, len(shifted.text))[0].statement.span.start == statement.span.start + 12


def test_the_span_of_a_statement_in_two_parts_holds_both():
    source = f"{CA} did not base their decision on the MTUS. {NON_MTUS}ODG Pain. {CA} did not cite any evidence. "
    statement = read_side(clean(source), 0, len(source) - 1)[0].statement
    assert source[statement.span.start : statement.span.end] == source.strip()


# What is looked up in the vocabulary, and joined by a curator to a guideline where the vocabulary does not know it.
DOCUMENTS = {
    f"{MTUS}Low Back Complaints 2004, Section(s): Special Studies.": "Low Back Complaints 2004",
    f"{MTUS}Forearm, Wrist, & Hand Complaints 2004.": "Forearm, Wrist, & Hand Complaints 2004",
    f"{MTUS}ACOEM Chapter 12 Low Back Complaints Page(s): 298.": "ACOEM Chapter 12 Low Back Complaints",
    f"{MTUS}Chronic Pain Treatment Guidelines Opioids Page(s): 78 of 127.": "Chronic Pain Treatment Guidelines",
    f"{MTUS}Dental Complaints 2004.": "Dental Complaints 2004",
    f"{NON_MTUS}Official Disability Guidelines (ODG).": "Official Disability Guidelines (ODG)",
    f"{NON_MTUS}Official Disability Guidelines (ODG) MRI shoulder.": "Official Disability Guidelines (ODG)",
    f"{NON_MTUS}ODG, Low Back Chapter, Traction.": "ODG, Low Back Chapter",
    f"{NON_MTUS}Shoulder Chapter, Rotator cuff repair.": "Shoulder Chapter",
    f"{NON_MTUS}ACOEM, 3rd edition, Shoulder Disorders, pg. 64.": "ACOEM, 3rd edition, Shoulder Disorders",
    f"{NON_MTUS}Society of Splint Makers, position paper.": "Society of Splint Makers, position paper",
}


@pytest.mark.parametrize(("line", "document"), DOCUMENTS.items(), ids=DOCUMENTS.values())
def test_the_words_that_name_the_document(line, document):
    cleaned = clean(line.replace(", ", ",\n"))
    (citation,) = read_side(cleaned, 0, len(cleaned.text))[0].citations
    assert citation.document == document


def test_a_line_that_comes_again_elsewhere_has_spans_of_its_own():
    line = f"{MTUS}Knee Complaints 2004."
    cleaned = clean(f"{line} {line}")
    ends = [read_side(cleaned, start, start + len(line))[0].citations[0].span for start in (0, len(line) + 1)]
    assert ends[1].start - ends[0].start == len(line) + 1


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("ACOEM Chapter 12 Low Back Complaints", "Low Back Complaints 2004"),
        ("ACOEM Chapter 9 Shoulder Complaints", "Shoulder Complaints 2004"),
        ("ACOEM Chapter 10 Elbow Disorders (Revised 2007)", "Elbow Complaints 2007"),
        ("Acupuncture Treatment Guidelines", "Acupuncture Treatment 2007"),
        ("Chronic Pain Treatment Guidelines", "Chronic Pain Medical Treatment 2009"),
    ],
)
def test_two_ways_to_name_a_document_are_one_guideline(older, newer):
    (first,), (second,) = read(f"{MTUS}{older}.")[1], read(f"{MTUS}{newer}.")[1]
    assert first[3] == second[3]


def test_every_guideline_that_is_read_is_one_of_the_vocabulary():
    names = {one.name for one in (*vocabulary.guidelines(), *vocabulary.works())}
    lines = [*STYLE_2016, *STYLE_2014, *([cited] for cited in (*DISABILITY_GUIDELINES, *OTHER_WORKS))]
    assert {cited[3] for line in lines for cited in line} <= names
