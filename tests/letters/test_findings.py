"""What the reasons conclude, from the concluding sentences and never from quoted guideline text."""

import pytest

from determinations.letters import Finding, Outcome, parse_letter
from determinations.letters.meaning.findings import read_finding

from .builder import Parts, letter_2016, pdfbox, read, single_spaced

NECESSARY, NOT_NECESSARY, UNCLEAR = Finding.NECESSARY, Finding.NOT_NECESSARY, Finding.UNCLEAR

AGAINST = """\
The request is not medically necessary.
The request is not medically necessary or appropriate.
The request is not medically necessary at this time.
Therefore, the request is not medically necessary.
As such, the requested brace is not medically necessary.
Hence, not medically necessary.
THE REQUEST IS NOT MEDICALLY NECESSARY.
The request is not medically necessary
The requested visits are not medically necessary.
It is not medically necessary.
The brace was not medically necessary, suitable, or of use.
The brace is not-medically necessary.
The brace is not- medically necessary.
The request cannot be considered medically necessary.
The request cannot be deemed medically necessary without an examination.
The request is determined to not be medically necessary.
The request is considered not medically necessary.
The request is not considered to be medically necessary.
The request is not deemed medically necessary.
The request is not seen as medically necessary.
The request is found to be not medically necessary.
The request remains not medically necessary.
This request does not appear medically necessary.
The request is not medically appropriate.
The brace is therefore not medically indicated.
The request is not a medical necessity.
The request is medically unnecessary.
The request lacks medical necessity.
There is no medical necessity for the brace.
There is insufficient evidence of medical necessity.
Medical necessity is not established for the brace.
Medical necessity has not been established.
Medical necessity not established.
Medical necessity of the brace cannot be established.
The medical necessity for this request is not supported.
The medical necessity of the requested visits has not been demonstrated.
The request is not certified.
The request is non-certified.
The request is denied.
The request is not warranted.
This request is not recommended.
The request is therefore not supported.
I agree with the denial of the request.
I uphold the determination.
ODG does not recommend it; therefore not medically necessary.
The worker does not meet the criteria, thus the request is not medically necessary.
Since the surgery is not medically necessary, the sling is not medically necessary.
Because the MRI is not medically necessary, its contrast is not medically necessary either.
If the wrist were unstable a brace would help, but the request is not medically necessary.
While a brace may be medically necessary in some, this request is not medically necessary.
Per the MTUS, the request is not medically necessary.
The request for 3" straps is not medically necessary.
The request for "MRI of the wrist" is not medically necessary.
""".splitlines()

IN_FAVOUR = """\
The request is medically necessary.
The request is medically necessary and appropriate.
Therefore, the request is medically necessary.
The brace is medically necessary.
THE REQUEST IS MEDICALLY NECESSARY.
The requested study was medically necessary.
For all of this, the two tests are medically necessary.
The brace is therefore also medically necessary.
The request is considered medically necessary for now.
The request is deemed medically necessary.
The request is determined to be medically necessary.
The brace is found to be medically necessary.
The request appears medically necessary.
The request is medically appropriate.
An MRI is medically indicated at this time.
Medical necessity is established for the brace.
Medical necessity has been established.
The medical necessity of the request is supported.
The request meets medical necessity.
The request is certified.
The request is approved.
The request is supported.
The request is indicated.
The request is warranted.
I overturn the denial.
I am reversing the earlier denial.
According to ODG criteria, the request is medically necessary.
The guidelines recommend bracing; therefore, the request is medically necessary.
Since the surgery is medically necessary, the sling is medically necessary.
""".splitlines()


@pytest.mark.parametrize("sentence", AGAINST)
def test_necessity_denied(sentence):
    assert read_finding(sentence)[0] is NOT_NECESSARY


@pytest.mark.parametrize("sentence", IN_FAVOUR)
def test_necessity_affirmed(sentence):
    assert read_finding(sentence)[0] is NECESSARY


# Words of necessity that conclude nothing about this request.
NO_CONCLUSION = {
    "nothing said": "",
    "facts only": "No records were sent. Grip strength is 20 kg on the right.",
    "a condition, when": "A brace is medically necessary when the wrist is unstable.",
    "a condition, if": "A brace is medically necessary if there is instability.",
    "a condition, only": "The request is medically necessary only for patients with a fracture.",
    "a condition against it": "Bracing when the wrist is stable is not medically necessary.",
    "a condition, unless": "Bracing is medically necessary unless the wrist is stable.",
    "a condition before": "If the wrist is unstable a brace is medically necessary.",
    "would": "The request would be medically necessary with a treatment plan.",
    "may": "A repeat study may be medically necessary.",
    "might": "The request might be medically necessary later.",
    "should": "Opioids should be continued if medically necessary.",
    "whether": "It is unclear whether the request is medically necessary.",
    "a guideline states it": "The guidelines state that bracing is medically necessary for sprains.",
    "ODG considers it": "ODG considers bracing medically necessary for sprains.",
    "a guideline denies it": "The MTUS states that opioids are not medically necessary for strains.",
    "no evidence for it": "There is no evidence that the request is medically necessary.",
    "quoted": 'He wrote that "the request is medically necessary" and left.',
    "quoted, typographer's marks": "He wrote that “the request is not medically necessary” and left.",
    "another necessity": "It is necessary to ask for the records. A medical history was taken.",
}


@pytest.mark.parametrize("text", NO_CONCLUSION.values(), ids=NO_CONCLUSION)
def test_no_conclusion_is_unclear(text):
    assert read_finding(text) == (UNCLEAR, None)


# What stands before the conclusion does not decide.
BEFORE = {
    "a quoted guideline": 'The guideline adds that bracing "may also be medically necessary" after a sprain.',
    "a whole quoted sentence": 'The guideline says: "The request is medically necessary".',
    "a quoted denial": 'The first reviewer wrote that it "is not medically necessary" in May.',
    "a condition in favour": "The MTUS notes that a brace is medically necessary when the wrist is unstable.",
    "a condition against": "The MTUS states that a brace is not medically necessary if there is no sprain.",
    "a rule in favour": "The guidelines state that bracing is medically necessary for sprains.",
    "a rule against": "The guidelines note that braces are not medically necessary for strains.",
    "a may": "A second brace may be medically necessary later.",
    "the claims administrator": "The claims administrator denied the request.",
    "a recommendation": "The guidelines recommend a brace after a sprain.",
    "no evidence": "There is no evidence of a fracture.",
    "a question": "Is the brace medically necessary?",
}


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
@pytest.mark.parametrize(
    ("conclusion", "finding"),
    [
        ("Therefore, the request is medically necessary.", NECESSARY),
        ("Therefore, the request is not medically necessary.", NOT_NECESSARY),
        ("The request is medically necessary.", NECESSARY),
        ("The request is not medically necessary.", NOT_NECESSARY),
    ],
)
def test_the_conclusion_decides_whatever_stands_before_it(before, conclusion, finding):
    text = f"{before} {conclusion}"
    found, where = read_finding(text)
    assert found is finding
    assert text[slice(*where)] == conclusion


# Opioid decisions end with a standing notice; others with remarks. None of them takes the conclusion back.
AFTER = {
    "taper": "Of note, opioids must not be stopped at once; a slow taper under medical supervision is recommended.",
    "weaning": "However, weaning should begin, and each step of it should be supervised as medically necessary.",
    "do not stop at once": "It may be medically necessary to reduce the drug over several weeks.",
    "facts": "The wrist was hurt in 2015. Grip is 20 kg.",
    "an invitation": "A new request may be sent with the missing records.",
    "a condition": "A single visit would be medically necessary if the pain came back.",
    "a quoted guideline": 'The guideline adds: "It is medically necessary to keep a diary."',
}


@pytest.mark.parametrize("after", AFTER.values(), ids=AFTER)
def test_a_conclusion_in_mid_text_stands_whatever_notice_follows(after):
    text = f"Grip is full. The request is not medically necessary. {after}"
    finding, where = read_finding(text)
    assert finding is NOT_NECESSARY
    assert text[slice(*where)].strip() == "The request is not medically necessary."


CONFLICTING = {
    "for, then against": "The request is medically necessary. The request is not medically necessary.",
    "against, then for": "The request is not medically necessary. Therefore, the request is medically necessary.",
    "against, then for by other words": "Medical necessity is not established. The request is certified.",
    "twice against, once for": (
        "The brace is not medically necessary. The sling is medically necessary. The belt is not medically necessary."
    ),
}


@pytest.mark.parametrize("text", CONFLICTING.values(), ids=CONFLICTING)
def test_conclusions_that_conflict_are_unclear(text):
    finding, where = read_finding(text)
    assert finding is UNCLEAR
    # The last of them is shown to the curator.
    assert text.endswith(text[slice(*where)])


def test_a_conclusion_that_is_given_twice_is_one():
    text = "The brace is not medically necessary. It was tried. Therefore, the request is not medically necessary."
    finding, where = read_finding(text)
    assert finding is NOT_NECESSARY
    assert text[slice(*where)] == "Therefore, the request is not medically necessary."


@pytest.mark.parametrize(
    "text",
    [
        "Grip is full.\nTherefore, the request\nis not\nmedically\nnecessary.",
        "Grip is full.\n\nTherefore, the request is not medically\nnecessary.",
        "Grip is full.Therefore the request is not medically necessary.",
        "Grip is full (see above.) Therefore, the request is not medically necessary.",
    ],
    ids=["wrapped", "a new paragraph", "no blank after the stop", "a stop in a bracket"],
)
def test_sentences_in_any_layout(text):
    finding, where = read_finding(text)
    assert finding is NOT_NECESSARY
    assert text[slice(*where)].startswith("Therefore")


# ---- what others said, halves, doubts --------------------------------------------------------------------------
OWN_WORDS = {
    "I disagree with the UR denial; the request is medically necessary.": NECESSARY,
    "I do not agree with the denial; the request is medically necessary.": NECESSARY,
    "I cannot agree with the denial of the request.": NECESSARY,
    "The denial is overturned.": NECESSARY,
    "The Claims Administrator's denial is upheld.": NOT_NECESSARY,
    "I see no reason to overturn the denial.": NOT_NECESSARY,
    "There is no basis for overturning the determination.": NOT_NECESSARY,
    "The utilization review determination that the request is not medically necessary is overturned.": NECESSARY,
    "The claims administrator found that the request was not medically necessary. However, I find the request "
    "medically necessary.": NECESSARY,
    "Contrary to the UR physician's opinion that it was not medically necessary, the request is medically "
    "necessary.": NECESSARY,
    "The prior decision was that the request was not medically necessary, but new records show that the request is "
    "medically necessary.": NECESSARY,
    "UR denied the request because it was not medically necessary. The request is medically necessary.": NECESSARY,
    "The treating physician states that the request is medically necessary. However, it is not medically "
    "necessary.": NOT_NECESSARY,
    "The request was approved previously. The current request is not medically necessary.": NOT_NECESSARY,
    "The request was denied by utilization review. The request is medically necessary.": NECESSARY,
    "The worker cannot tolerate naproxen, and therefore the request is medically necessary.": NECESSARY,
    "Given that there is no contraindication, the request is medically necessary.": NECESSARY,
    "The treatment is neither medically necessary nor appropriate.": NOT_NECESSARY,
    "The request is neither reasonable nor medically necessary.": NOT_NECESSARY,
    "The request isn't medically necessary.": NOT_NECESSARY,
    "The request can't be considered medically necessary.": NOT_NECESSARY,
    "The request is no longer medically necessary.": NOT_NECESSARY,
}


@pytest.mark.parametrize(("text", "finding"), OWN_WORDS.items())
def test_the_reviewers_own_conclusion_counts(text, finding):
    assert read_finding(f"Grip is full. {text}")[0] is finding


DOUBTFUL = """\
The associated request for surgery is medically necessary, but this request for a walker is not.
While therapy is medically necessary for most patients, this request exceeds the guideline.
The provider argues the request is medically necessary. The records do not support this.
The provider asserts that the requested surgery is medically necessary, but no findings were documented.
According to the treating doctor, the request is medically necessary. I doubt it.
The argument that the request is medically necessary is unconvincing.
The notion that the request is medically necessary is rejected.
I disagree that the request is medically necessary.
I am unable to conclude that the request is medically necessary.
It is difficult to see how the request is medically necessary.
It is doubtful that the request is medically necessary.
The request is less than medically necessary.
The request is not medically unnecessary.
There is no reason to find the request not medically necessary.
The request was denied by UR. Now the criteria are met and the medication should go on.
"""


@pytest.mark.parametrize("text", DOUBTFUL.splitlines())
def test_doubt_is_no_conclusion(text):
    assert read_finding(f"Grip is full. {text}")[0] is UNCLEAR


# ---- a part is granted ----------------------------------------------------------------------------------------------
IN_PART = """\
The request for 24 visits is partially medically necessary; 6 visits are medically necessary.
The request is partially certified: 4 of 12 sessions are medically necessary.
The request is medically necessary in part.
The request is therefore partially medically necessary.
A trial of 6 visits is medically necessary, but the request for 12 exceeds this.
6 of the 12 visits are medically necessary.
Six of the requested twelve sessions are medically necessary.
Therefore, 4 (four) of the 8 sessions are medically necessary.
Only 6 visits are medically necessary.
Only the first two refills are medically appropriate.
The remaining 6 visits are medically necessary.
The remaining six sessions of therapy are medically necessary and appropriate.
One refill is appropriate, further refills are not.
Thirty tablets are medically necessary; the remainder is not.
Two injections are medically necessary, but additional ones are not supported.
""".splitlines()


@pytest.mark.parametrize("sentence", IN_PART)
def test_a_part_is_found_necessary(sentence):
    finding, where = read_finding(f"Grip is full. {sentence}")
    assert finding is Finding.PARTLY_NECESSARY
    assert sentence.startswith(f"Grip is full. {sentence}"[slice(*where)].strip()[:20])


@pytest.mark.parametrize("sentence", IN_PART[5:])
def test_a_part_that_is_granted_stands_beside_the_denial_of_the_whole(sentence):
    text = f"{sentence} Therefore, the request for all of it is not medically necessary."
    assert read_finding(text)[0] is Finding.PARTLY_NECESSARY


@pytest.mark.parametrize("outcome", ["Upheld", "Overturned"])
def test_partly_necessary_contradicts_neither_heading(outcome):
    letter = read(Parts(outcome=outcome, rationale="Grip is full. 6 of the 12 visits are medically necessary."))
    assert letter.items[0].finding is Finding.PARTLY_NECESSARY
    assert not letter.items[0].contradicts
    assert letter.issues == ()


NO_PART = {
    "Utilization review certified 6 of the 12 visits. The request is not medically necessary.": NOT_NECESSARY,
    "The request was partially certified by utilization review. The request is not medically necessary.": NOT_NECESSARY,
    "UR approved the request in part. The request is medically necessary.": NECESSARY,
    "The remaining 6 visits are not medically necessary.": NOT_NECESSARY,
    "The remaining IMR eligible portion of the original request, 6 visits, is medically necessary.": NECESSARY,
    "If 6 of the 12 visits are appropriate, more may follow. The request is not medically necessary.": NOT_NECESSARY,
    "Only 6 visits are appropriate by the guidelines. The request is not medically necessary.": NOT_NECESSARY,
    "The provider argued that 6 of the 12 visits are medically necessary. The request is not medically necessary.": (
        NOT_NECESSARY
    ),
    "The guidelines state that only 6 visits are appropriate. The request is not medically necessary.": NOT_NECESSARY,
    "Two of the three criteria are met. The request is not medically necessary.": NOT_NECESSARY,
    "There is no sign that 6 of the 12 visits are necessary. The request is not medically necessary.": NOT_NECESSARY,
    "The knee is partially torn. The request is medically necessary.": NECESSARY,
    "6 of the 12 visits are medically necessary. The rest is too. The request is medically necessary.": NECESSARY,
}


@pytest.mark.parametrize(("text", "finding"), NO_PART.items())
def test_what_others_granted_or_a_rule_allows_is_no_part(text, finding):
    assert read_finding(text)[0] is finding


# ---- against the heading --------------------------------------------------------------------------------------------
FOR, NOT = "The request is medically necessary.", "The request is not medically necessary."
DISAGREE = {
    "upheld, found necessary": ("Upheld", FOR, True),
    "overturned, found not necessary": ("Overturned", NOT, True),
    "upheld, found not necessary": ("Upheld", NOT, False),
    "overturned, found necessary": ("Overturned", FOR, False),
    "upheld, unclear": ("Upheld", f"{FOR} {NOT}", False),
    "overturned, unclear": ("Overturned", f"{FOR} {NOT}", False),
    "upheld, nothing concluded": ("Upheld", "Grip is full.", False),
    "no outcome, found necessary": (None, FOR, False),
    "no outcome, found not necessary": (None, NOT, False),
}


@pytest.mark.parametrize("layout", [pdfbox, single_spaced])
@pytest.mark.parametrize(("outcome", "rationale", "contradicts"), DISAGREE.values(), ids=DISAGREE)
def test_heading_and_reasons_disagree(outcome, rationale, contradicts, layout):
    parts = Parts(outcome=outcome, rationale=f"The wrist was seen in May. {rationale}")
    letter = read(Parts("Knee brace"), parts, Parts("Neck pillow"), layout=layout)
    assert [item.contradicts for item in letter.items] == [False, contradicts, False]
    issues = [issue for issue in letter.issues if issue.code == "contradiction"]
    assert len(issues) == contradicts


@pytest.mark.parametrize(("outcome", "conclusion"), [("Upheld", FOR), ("Overturned", NOT)])
def test_the_issue_of_a_contradiction_points_at_the_conclusion(outcome, conclusion):
    rationale = f"The guideline is quoted as “medically necessary”. {conclusion} A slow taper is advised."
    source = pdfbox(letter_2016(Parts(outcome=outcome, rationale=rationale)))
    letter = parse_letter(source)
    (issue,) = letter.issues
    assert issue.code == "contradiction"
    assert outcome in issue.message
    assert " ".join(source[issue.span.start : issue.span.end].split()) == conclusion
    assert letter.items[0].conclusion == issue.span
    assert letter.items[0].outcome.value is Outcome(outcome)
