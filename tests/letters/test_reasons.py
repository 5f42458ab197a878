"""Why a decision was made: what sentences of a rationale give which reasons, and which give none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.letters.meaning.reasons import read_reasons
from determinations.vocabulary import reasons


def codes(text: str, against: bool | None) -> list[str]:
    return [reason.code for reason in read_reasons(text, against)]


AGAINST = {
    "no-functional-improvement": """\
There is no documentation of functional improvement from the first six visits.
The records do not show any objective functional gains with the prior acupuncture.
Functional improvement with the brace was not documented.
There was a lack of quantified pain relief with the use of the medication.
The efficacy of the drug was not documented.
The provider did not document the worker's response to previous therapy.
The worker has had twelve visits without evidence of functional improvement.
It is not clear what functional benefit the claimant had from earlier sessions.
The submitted notes failed to demonstrate improved function with the medication.
The worker remains off work, suggesting a lack of functional improvement.
""",
    "no-first-line-failure": """\
There is no evidence that the worker has failed conservative care.
The claimant has not tried and failed first-line antidepressants.
Failure of oral anti-inflammatories was not documented.
There is no indication that the applicant cannot tolerate oral medications.
The records fail to document a trial of conservative treatment.
The patient has not yet completed a course of conservative therapy.
It is unclear whether the patient has failed conservative treatment.
The employee has not exhausted physical therapy or other treatments.
""",
    "exceeds-quantity": """\
The request for 18 visits exceeds the guideline recommendation.
The requested 12 sessions are in excess of the MTUS recommendations.
An additional 8 visits would exceed the number that ODG recommends.
The number of sessions requested exceeds the limits set by the guidelines.
The request surpasses the 10 visits allowed by the guidelines.
""",
    "long-term-use": """\
The worker has been on cyclobenzaprine since May, exceeding the recommended duration.
Given that guidelines limit its use to 2 to 3 weeks, further use would not be supported.
The patient has been using this drug for a year, well beyond the short-term use that is advised.
The worker has been using this drug for years, and long-term use is not recommended.
""",
    "no-documentation": """\
There is no documentation of the number of visits completed so far.
The operative report was not submitted.
The records do not include a list of the current medications.
There is a lack of documentation that the bed would be used at home.
The results of the laboratory tests were not provided.
""",
    "no-rationale": """\
The provider gives no rationale for a second study.
A clear rationale for the request was not provided.
It is unclear why the worker needs a cream rather than tablets; the rationale is not documented.
There was no explanation how the study would change the treatment plan.
The attending physician failed to furnish a compelling rationale for the device.
""",
    "no-exceptional-factors": """\
There are no exceptional factors that would warrant going beyond the guideline.
The physician has not documented any extenuating circumstances.
No special circumstances were described that support this request.
""",
    "not-recommended": """\
Since the guidelines do not recommend this drug, the request is not supported.
The requested cream is not supported by the guidelines.
The guidelines do not support this request.
This request is not recommended by ODG.
The request, thus, is at odds with the MTUS.
Given that the requested cream contains ketoprofen, its use is not supported.
The requested compound contains gabapentin, which is not recommended for topical use.
""",
    "indication-absent": """\
There is no indication that the worker has neuropathic pain.
The claimant does not have a history of gastrointestinal bleeding.
The criteria for the surgery have not been met.
The worker does not meet the criteria for a bone scan.
There is no discussion of surgery.
The patient is not at increased risk of gastrointestinal events.
The worker has not been diagnosed with osteoarthritis.
There are no complaints of insomnia in the notes.
The request does not meet the guideline requirements.
The patient is not documented to be at risk for gastrointestinal complications.
The patient does not have a diagnosis of CRPS.
""",
    "red-flags-absent": """\
There are no red flags on examination.
The records did not document any red-flag conditions.
There was no mention of "red flag" findings.
Red flags were not documented.
""",
    "no-objective-findings": """\
The examination did not reveal any neurological deficit.
There are no objective findings of radiculopathy.
There is no evidence of nerve root compromise on examination.
The neurological examination was unremarkable.
Motor or sensory deficits were not documented.
The physical exam was normal.
There was no documentation of significant physical examination findings.
There is no MRI evidence of a herniated disc.
There is no evidence to support nerve compromise.
""",
    "insufficient-information": """\
The request does not specify the quantity.
The request as written failed to specify the body part.
The frequency of the requested visits was not specified.
The prescription did not include a dose or duration.
The requested treatment did not specify the number of sessions.
The number of refills is not specified in the request.
The duration of use was not noted.
""",
    "no-monitoring": """\
There is no documentation of a recent urine drug screen.
The records do not include a signed opioid agreement.
A CURES report was not provided.
There was no documentation of a risk assessment or of aberrant behavior.
The 4 A's of opioid management have not been documented.
There is no discussion of aberrant drug behavior or a pain contract.
""",
    "already-provided": """\
The worker has already completed twelve sessions of therapy.
A consultation was previously authorized.
The request is redundant.
The patient was authorized 6 sessions of acupuncture by the previous reviewer.
This is a duplicate of an earlier request.
The claimant has already had an MRI of the knee.
""",
    "home-exercise-suffices": """\
The worker should have been instructed in a home exercise program by now.
The need for supervised care over a home exercise program is not shown.
The claimant should be well versed in a home exercise program.
The patient can continue with a home exercise program.
The worker should be able to transition to a self-directed program at home.
There is no evidence that a home exercise program is insufficient.
""",
    "associated-service-not-needed": """\
Since the surgery is not medically necessary, the sling is not medically necessary.
As the requested arthroscopy is not supported, none of the associated services are necessary.
Because the injection was not certified, the sedation is not medically necessary.
Given that the operation is not medically necessary, clearance is not warranted.
Since the primary procedure is not medically necessary, none of the associated services are medically necessary.
Because the requested surgery is not medically necessary, the assistant is not needed.
""",
    "not-evidence-based": """\
The requested injection is experimental.
The requested device is considered investigational.
There is insufficient evidence to support this treatment.
This treatment is considered experimental, and thus not medically necessary.
""",
    "risk": """\
The worker has a contraindication to the use of this drug.
The patient is at high risk for falls with this drug.
The concurrent use of these two drugs increases the risk of respiratory depression.
""",
    "weaning-advised": """\
Weaning is recommended.
The patient should be weaned off this drug.
A slow taper is advised for this worker.
The previous reviewer's quantity allows weaning to begin.
""",
}
FOR = {
    "functional-improvement-shown": """\
The worker reported functional improvement with six sessions of therapy.
Prior acupuncture visits have shown objective improvement.
The medication has been effective in reducing the worker's pain.
The claimant completed six visits with benefit.
She has improved with therapy and can walk farther.
The worker has had significant pain relief and functional improvement with Norco.
""",
    "first-line-failed": """\
Conservative care has failed.
The worker has persistent pain despite physical therapy and medications.
The patient has failed conservative treatment with therapy and anti-inflammatories.
The claimant cannot tolerate NSAIDs.
Three months of physical therapy brought no lasting relief; conservative measures have failed.
The worker did not respond to conservative treatment.
Physical therapy was tried without improvement.
The patient has tried and failed naproxen, acetaminophen and physical therapy.
Conservative treatment has been exhausted.
""",
    "within-quantity": """\
The request for 6 visits is consistent with the guideline.
The number of sessions is within the guideline recommendations.
The requested quantity falls within the limits of the MTUS.
The request does not exceed the guideline recommendation.
The requested visits are not in excess of the guideline.
""",
    "documented": """\
The treating physician has documented why supervised therapy is needed.
The surgeon has clearly explained the need for the device.
There is documentation of a signed agreement.
""",
    "recommended": """\
The request is supported by the guidelines.
The requested study is consistent with the MTUS.
The guidelines support this treatment.
The treatment is recommended by ODG for this worker.
""",
    "indication-present": """\
The worker meets the criteria for surgery.
The criteria for the study have been met.
The patient is a candidate for surgery.
A meniscal tear is suspected and surgery is being considered.
The findings are suggestive of a rotator cuff tear.
The worker is at high risk for gastrointestinal events given the age over 65.
""",
    "red-flags-present": """\
There are red flags in this case.
The worker has several red flags for infection.
As these red flags were identified, the study is needed.
""",
    "objective-findings-present": """\
The examination revealed weakness and decreased sensation in the left foot.
There is objective evidence of radiculopathy.
The worker has a progressive neurological deficit.
Examination showed a positive straight leg raise.
""",
    "associated-service-needed": """\
As the surgery has been authorized, the brace is medically necessary.
Since the arthroscopy is medically necessary, the sling is medically necessary.
Given that the procedure has been approved, clearance is appropriate.
""",
}


def pairs(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(code, sentence) for code, block in table.items() for sentence in block.splitlines()]


@pytest.mark.parametrize(("code", "sentence"), pairs(AGAINST))
def test_a_reason_against(code, sentence):
    assert code in codes(f"The wrist was hurt in May. {sentence} The request is not medically necessary.", True)


@pytest.mark.parametrize(("code", "sentence"), pairs(FOR))
def test_a_reason_in_favour(code, sentence):
    assert code in codes(f"The wrist was hurt in May. {sentence} The request is medically necessary.", False)


# What a guideline says, what would be, what others said: no reason of this decision.
NO_REASON = """\
The guidelines recommend therapy after failed conservative care.
The MTUS states that an MRI is not recommended in the absence of red flags.
ODG does not recommend braces for the prevention of back pain.
The guidelines recommend 9-10 visits over 8 weeks.
According to the MTUS, muscle relaxants are not recommended for longer than 2-3 weeks.
If there is no improvement after six visits, treatment should be stopped.
When there is no documentation of functional improvement, care should end.
Opioids should not be continued unless there is functional improvement.
The MTUS does not address this request.
The guideline says: "There is no evidence of functional improvement with magnets in any of the trials."
Patients who have failed conservative care may be candidates for surgery.
Imaging is not needed in patients with no red flags.
Sessions should not exceed 18 visits.
When treatment exceeds the guideline, exceptional factors should be noted.
Home exercise can include exercise with or without mechanical assistance.
Patients are expected to continue active therapies at home.
The ODG notes no evidence of efficacy for this device.
Weaning should follow the guidelines when opioids are stopped.
This decision should not be interpreted as a recommendation to stop opioids abruptly without weaning.
The treating physician and the patient are advised to consult the MTUS on tapering.
Utilization review denied the request because there was no documentation of functional improvement.
The worker is a carpenter who was hurt in May.
The MRI revealed no fracture.
The request is not medically necessary.
The claims were not supported by ODG studies in adults with no red flags.
There are no guidelines for this request.
The records do not document previous use.
Medical necessity is not established.
In the absence of such documentation, the request is not medically necessary.
The patient has completed 24 sessions to date.
There is no documentation of witnessed seizures.
The request for MRI without contrast is not medically necessary.
ACOEM requires evidence of failed conservative treatment before surgery.
No more than four injections are recommended in a session.
The criteria include failure of conservative care and no red flags.
Long-term use is not recommended by ODG for any of these drugs in patients with sprains.
Guidelines state that topical agents are experimental with few trials.
"""


@pytest.mark.parametrize("sentence", NO_REASON.splitlines())
@pytest.mark.parametrize("against", [True, None])
def test_no_reason_against(sentence, against):
    assert codes(sentence, against) == []


NO_REASON_FOR = """\
The guidelines recommend an MRI when conservative care has failed.
Surgery is recommended for patients who meet the criteria.
If the worker has functional improvement with therapy, more visits may be considered.
There is no documentation that conservative care has failed.
The patient has not tried therapy.
The criteria are not met.
There are no red flags.
The study is not consistent with the guidelines.
Continued therapy should be supported by the guidelines.
The worker would improve with therapy.
The neurological examination showed no deficit.
The provider has not documented the need.
Since the surgery is not medically necessary, the sling is not.
The MTUS states that therapy is effective and provides relief.
The request is medically necessary.
"""


@pytest.mark.parametrize("sentence", NO_REASON_FOR.splitlines())
@pytest.mark.parametrize("against", [False, None])
def test_no_reason_in_favour(sentence, against):
    sides = reasons()
    assert [code for code in codes(sentence, against) if sides[code].side == "for"] == []


def test_the_side_of_the_finding_decides_which_reasons_count():
    text = (
        "The worker has failed conservative treatment. There are no red flags to support the request. "
        "The worker reported benefit from therapy."
    )
    assert codes(text, True) == ["red-flags-absent"]
    assert codes(text, False) == ["first-line-failed", "functional-improvement-shown"]


def test_without_a_finding_only_what_is_said_of_the_request_counts():
    assert codes("There are no red flags.", None) == []
    assert codes("There are no red flags to warrant the requested study.", None) == ["red-flags-absent"]


@pytest.mark.parametrize(
    ("conclusion", "given"),
    [
        ("The request for physical therapy is not medically necessary.", ["already-provided"]),
        ("The request for an MRI of the knee is not medically necessary.", []),
        ("The request is not medically necessary.", ["already-provided"]),
    ],
)
def test_what_was_already_provided_is_of_the_kind_that_is_asked_for(conclusion, given):
    assert codes(f"The worker was previously authorized 6 visits of physical therapy. {conclusion}", True) == given


@pytest.mark.parametrize(
    ("place", "given"), [("neck", ["indication-absent"]), ("lumbar spine", []), ("brace", ["indication-absent"])]
)
def test_a_condition_of_another_part_of_the_body_is_no_reason(place, given):
    assert codes(f"There are no neck complaints. The {place} request is not medically necessary.", True) == given


def test_a_code_is_given_once_with_its_first_sentence():
    text = "There are no red flags. The wrist is stiff. No red flags were documented in June."
    (reason,) = read_reasons(text, True)
    assert text[reason.span.start : reason.span.end] == "There are no red flags."


def test_one_sentence_can_give_several_reasons():
    text = "There is no documentation of red flags or of failed conservative care."
    found = read_reasons(text, True)
    assert {reason.code for reason in found} == {"red-flags-absent", "no-first-line-failure"}
    assert {(reason.span.start, reason.span.end) for reason in found} == {(0, len(text))}


def test_spans_fit_a_text_with_line_ends():
    text = "The wrist was hurt.\n\nThere are no\nred flags on examination.\nThe request is not medically necessary."
    (reason,) = read_reasons(text, True)
    assert text[reason.span.start : reason.span.end] == "There are no\nred flags on examination."


PIECES = ["no documentation of ", "not ", "red flags", "was not documented", "the patient ", "exceeds the guideline"]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8)).map("".join) | st.text())
def test_any_text_has_a_reading(text):
    for against in (True, False, None):
        found = read_reasons(text, against)
        assert len({reason.code for reason in found}) == len(found)
        for reason in found:
            assert reason.code in reasons()
            assert 0 <= reason.span.start < reason.span.end <= len(text)


def test_every_code_has_a_side_a_label_and_one_sentence():
    assert set(AGAINST) == {code for code, reason in reasons().items() if reason.side == "against"}
    assert set(FOR) == {code for code, reason in reasons().items() if reason.side == "for"}
    for reason in reasons().values():
        assert reason.label
        assert reason.meaning.endswith(".")


def test_the_documentation_lists_every_reason_as_it_is():
    text = (Path(__file__).resolve().parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
    for code, reason in reasons().items():
        assert f"| `{code}` | {reason.label} | {reason.meaning} |" in text
