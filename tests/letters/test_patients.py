"""What is read from clinical summaries. Every sentence here is made up."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from determinations.letters.meaning.patients import read_patient
from determinations.letters.types import Found, Span

AGES = [
    ("The injured worker is a 51-year-old female who slipped.", 51),
    ("The patient is a 51 year old man with neck pain.", 51),
    ("The claimant, aged 62, hurt her wrist.", 62),
    ("This 44 y/o carpenter was seen.", 44),
    ("The patient is a 38 yo right-handed cook.", 38),
    ("The applicant is a fifty-one year old woman.", 51),
    ("The applicant is a forty year old woman.", 40),
    ("This is a(n) 29 yr old male.", 29),
    ("This case involves a now 70-year-old male.", 70),
    ("A 33 - year - old packer reported pain.", 33),
    ("The worker was 45 years old at the time of the injury.", 45),
    ("The worker is 47 years old. He was 45 years old at the time of the injury.", 47),
    ("The patient has had migraines since 13 years old.", None),
    ("She lives with her 17 year old son.", None),
    ("This is a 15 year old injury to the knee.", None),
    ("He has a 20-year-old lumbar fusion.", None),
    ("The child was 8 years old.", None),
    ("He smoked for 30 years.", None),
    ("The patient is a 55-year-old male. Elsewhere he is called a 42 year old.", None),
    ("The dressing was changed at age 3.", None),
    ("Pain for 20 years or more.", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "age"), AGES)
def test_age(text, age):
    found = read_patient(text).age
    assert (found and found.value) == age


SEXES = [
    ("The injured worker is a 51-year-old female who slipped.", "female"),
    ("The patient is a 51 year old right-hand dominant gentleman.", "male"),
    ("The 35 year old male injured worker was hurt.", "male"),
    ("The patient is a pleasant woman with neck pain.", "female"),
    ("The male patient was seen.", "male"),
    ("Gender: female. Seen in March.", "female"),
    ("The claimant was seen when she fell. She had pain in her back.", "female"),
    ("The patient was seen. His knee hurt. He walks. He limps.", "male"),
    ("The patient was seen by her doctor.", None),
    ("The patient said he fell. She examined him. He limped. He went home.", None),
    ("The injured worker is a 40 year old. A male supervisor pushed a cart.", None),
    ("The patient is a 44 year old treated for male erectile disorder.", None),
    ("The patient was seen. He/she has pain. He/she limps.", None),
]


@pytest.mark.parametrize(("text", "sex"), SEXES)
def test_sex(text, sex):
    found = read_patient(text).sex
    assert (found and found.value) == sex


MECHANISMS = [
    (
        "The patient sustained an industrial injury on 01/02/2013 while lifting a box of tiles.",
        "while lifting a box of tiles",
    ),
    ("The patient was injured on 3-4-12 when a pallet fell on his foot.", "when a pallet fell on his foot"),
    ("She sustained a work injury on 4/5/11 due to a slip and fall.", "a slip and fall"),
    ("The mechanism of injury was a motor vehicle accident.", "a motor vehicle accident"),
    ("Mechanism of injury: cumulative trauma. She has neck pain.", "cumulative trauma"),
    ("The mechanism of injury is detailed as pulling a cart.", "pulling a cart"),
    ("The mechanism of injury was not provided in the notes.", None),
    ("The mechanism of injury is unknown.", None),
    (
        "He reported an industrial injury on 2/2/12. He slipped and fell on a wet floor.",
        "slipped and fell on a wet floor",
    ),
    ("The claimant was injured on 7/7/14 secondary to repetitive keyboard work.", "repetitive keyboard work"),
    ("The applicant filed a claim reportedly associated with an industrial injury of May 5, 2012.", None),
    ("He has a date of injury of 3/3/10. He complains of pain while walking.", None),
    (
        "The patient sustained an injury on 6/6/13 when he was struck by a forklift, resulting in a fracture.",
        "when he was struck by a forklift",
    ),
    ("The patient has back pain aggravated by lifting.", None),
    ("He was injured on 1/2/13 while performing his usual job duties.", None),
    ("The patient was injured when he was 45 years old.", None),
    ("She was injured in a motor vehicle collision and developed neck pain.", "a motor vehicle collision"),
    ("The injury occurred while she was pushing a bed and she felt a pop.", "while she was pushing a bed"),
]


@pytest.mark.parametrize(("text", "mechanism"), MECHANISMS)
def test_mechanism(text, mechanism):
    found = read_patient(text).mechanism
    assert (found and found.value) == mechanism


DIAGNOSES = [
    ("The patient was diagnosed with lumbar sprain and neck pain.", ["lumbar sprain", "neck pain"]),
    (
        "Diagnoses include: 1. Lumbar sprain 2. Right knee tear 3. Insomnia.",
        ["Lumbar sprain", "Right knee tear", "Insomnia"],
    ),
    (
        "Diagnoses include (1) cervical radiculopathy; (2) cervicalgia; and (3) anxiety.",
        ["cervical radiculopathy", "cervicalgia", "anxiety"],
    ),
    ("Diagnosis: Left knee osteoarthritis. The plan was surgery.", ["Left knee osteoarthritis"]),
    (
        "The diagnoses are lumbago; sciatica, left side; and muscle spasm.",
        ["lumbago", "sciatica, left side", "muscle spasm"],
    ),
    (
        "He is being treated for strain of muscle, fascia and tendon at neck level.",
        ["strain of muscle, fascia and tendon at neck level"],
    ),
    ("Diagnoses included cervical, thoracic and lumbar strain.", ["cervical, thoracic and lumbar strain"]),
    (
        "She was diagnosed as having right and left wrist sprain and ganglion cyst.",
        ["right and left wrist sprain", "ganglion cyst"],
    ),
    ("Diagnoses: lumbar radiculopathy (M54.16), knee pain (719.46).", ["lumbar radiculopathy", "knee pain"]),
    ("The patient was diagnosed with carpal tunnel syndrome on 3/4/12.", ["carpal tunnel syndrome"]),
    ("The patient was diagnosed with tendinitis and rule out rotator cuff tear.", ["tendinitis"]),
    ("The diagnosis was not provided.", []),
    ("An MRI was asked for to confirm the diagnosis of a meniscal tear.", []),
    ("The differential diagnosis includes gout.", []),
    (
        "The injured worker is undergoing treatment for left ankle sprain, initial encounter.",
        ["left ankle sprain, initial encounter"],
    ),
    ("The diagnoses include lumbar strain and sprain.", ["lumbar strain and sprain"]),
    ("There is a diagnosis of plantar fasciitis.", ["plantar fasciitis"]),
    ("The diagnosis of carpal tunnel syndrome is not supported.", []),
    ("The diagnoses were reviewed with the patient. Diagnoses: see above.", []),
    ("He was diagnosed with diabetes in 2005 and takes metformin.", ["diabetes"]),
    ("He is treated for hypertension and diabetes by his family physician.", ["hypertension", "diabetes"]),
    ("The patient was being treated for pain with Norco.", []),
    ("Diagnoses as of 7/14/14: 1) Left knee pain; 2) Insomnia.", ["Left knee pain", "Insomnia"]),
    ("Her diagnoses were noted to include neck sprain, 719.41 shoulder pain.", ["neck sprain", "shoulder pain"]),
    ("The patient has no diagnosis of depression.", []),
    ("Dx: neck strain, left hip sprain.", ["neck strain", "left hip sprain"]),
    ("The clinical impression was rotator cuff tear.", ["rotator cuff tear"]),
    ("The claim was accepted for right ankle sprain.", ["right ankle sprain"]),
    ("He was assessed as having cubital tunnel syndrome.", ["cubital tunnel syndrome"]),
    ("The claim was accepted for review of the sprain.", []),
    ("The clinical impression was that the sprain would heal.", []),
    ("He was assessed with a pain scale.", []),
    ("The assessment was not completed.", []),
    ("He was diagnosed with hand fracture and underwent a repair.", ["hand fracture"]),
    ("Current diagnoses are documented as trigger finger, and elbow pain. He works.", ["trigger finger", "elbow pain"]),
]


@pytest.mark.parametrize(("text", "diagnoses"), DIAGNOSES)
def test_diagnoses(text, diagnoses):
    assert [one.value for one in read_patient(text).diagnoses] == diagnoses


BODY_PARTS = [
    ("He sustained an injury to the left knee when he fell.", [("knee", "left")]),
    ("She was diagnosed with right shoulder strain and lumbar strain.", [("shoulder", "right"), ("lumbar spine", "")]),
    (
        "The applicant has filed a claim for neck and wrist pain reportedly associated with an injury.",
        [("cervical spine", ""), ("wrist", "")],
    ),
    ("There was no injury to the head.", []),
    ("He complains of hip pain.", []),
    ("Diagnoses include knee pain and left knee sprain.", [("knee", "left")]),
]


@pytest.mark.parametrize(("text", "parts"), BODY_PARTS)
def test_injured_parts(text, parts):
    assert [(one.part, one.side) for one in read_patient(text).body_parts] == parts


TREATMENTS = [
    (
        "Treatment to date has included physical therapy and acupuncture.",
        {"physical therapy": None, "acupuncture": None},
    ),
    ("He has completed 12 sessions of physical therapy.", {"physical therapy": 12}),
    ("She has had 24 visits of PT to date.", {"physical therapy": 24}),
    ("He attended twelve chiropractic visits.", {"chiropractic": 12}),
    ("She completed 6 of 12 physical therapy sessions.", {"physical therapy": 6}),
    ("He underwent two epidural steroid injections.", {"epidural steroid injection": 2}),
    ("He has had physical therapy x 8.", {"physical therapy": 8}),
    ("He completed at least 10 sessions of acupuncture.", {"acupuncture": None}),
    ("He completed 6-8 sessions of acupuncture.", {"acupuncture": None}),
    (
        "Prior treatments included a TENS unit, bracing, NSAIDs and a home exercise program.",
        {"TENS": None, "bracing": None, "NSAIDs": None, "home exercise": None},
    ),
    ("Current medications include Norco and naproxen.", {"opioids": None, "NSAIDs": None}),
    ("The patient was treated with chiropractic care.", {"chiropractic": None}),
    ("The patient failed conservative care including cognitive behavioral therapy.", {"psychotherapy": None}),
    ("Treatment has included acupuncture, and a request for massage therapy was made.", {"acupuncture": None}),
    ("The provider requested 12 sessions of physical therapy.", {}),
    ("The treatment plan included acupuncture and a brace.", {}),
    ("He has not had physical therapy.", {}),
    ("She denies having had acupuncture.", {}),
    ("Physical therapy was recommended.", {}),
    ("Authorization for aquatic therapy was requested.", {}),
    ("The claims administrator failed to approve a request for acupuncture.", {}),
    ("Utilization review denied it as the patient completed physical therapy.", {}),
    ("He will have completed 6 sessions of chiropractic by May.", {}),
    (
        "He received 6 sessions of physical therapy and 4 sessions of acupuncture.",
        {"physical therapy": 6, "acupuncture": 4},
    ),
    (
        "Treatment has included functional restoration; aquatic therapy; trigger point injections.",
        {"functional restoration": None, "aquatic therapy": None, "trigger point injection": None},
    ),
    ("She completed 6 sessions of acupuncture. She completed 9 sessions of acupuncture.", {"acupuncture": None}),
    ("He was authorized for 6 physical therapy visits.", {}),
    (
        "Treatment to date has included physical therapy (10 sessions) and medications.",
        {"physical therapy": 10, "medications": None},
    ),
    ("Acupuncture was tried without benefit.", {"acupuncture": None}),
    ("He is status post a lumbar epidural.", {"epidural steroid injection": None}),
    ("She is taking ibuprofen.", {"NSAIDs": None}),
    ("She attended physical therapy 2 sessions per week.", {"physical therapy": None}),
]


@pytest.mark.parametrize(("text", "treatments"), TREATMENTS)
def test_prior_treatments(text, treatments):
    assert {one.kind: one.count for one in read_patient(text).prior_treatments} == treatments


SURGERIES = [
    ("He underwent a left knee arthroscopy in 2012.", ["left knee arthroscopy"]),
    ("She is status post right carpal tunnel release.", ["right carpal tunnel release"]),
    ("The patient is s/p L4-5 fusion.", ["L4-5 fusion"]),
    ("Treatment has included lumbar laminectomy, medications and rest.", ["lumbar laminectomy"]),
    ("He has a history of rotator cuff repair.", ["rotator cuff repair"]),
    ("He was referred for a surgery consultation.", []),
    ("The provider requested a lumbar fusion.", []),
    ("The patient is a candidate for total knee replacement.", []),
    ("She has not had surgery.", []),
    ("She underwent an MRI, which showed a prior fusion.", []),
    (
        "He underwent lumbar fusion in 2009 and right carpal tunnel release.",
        ["lumbar fusion", "right carpal tunnel release"],
    ),
    ("Treatment has included massage and myofascial release.", []),
    ("The MRI showed a prior fusion was requested.", []),
]


@pytest.mark.parametrize(("text", "surgeries"), SURGERIES)
def test_surgeries(text, surgeries):
    patient = read_patient(text)
    assert [one.value for one in patient.surgeries] == surgeries
    assert ("surgery" in {one.kind for one in patient.prior_treatments}) is bool(surgeries)


# Wordings of other writers and years: what is told by plain verbs. Text, mechanism, injured parts.
ACCIDENTS = [
    (
        "The patient is a 51-year-old baker who hurt the left elbow on 3/4/2014 while lifting a sack.",
        "while lifting a sack",
        ["elbow:left"],
    ),
    ("She slipped on an icy step and hurt her mid back.", "slipped on an icy step", ["thoracic spine:"]),
    ("He sprained his right ankle on 4/5/09 while moving crates.", "while moving crates", ["ankle:right"]),
    ("The worker hurt the hip on 5/6/2012 when a rack fell.", "when a rack fell", ["hip:"]),
    ("The applicant twisted the right knee on a stair.", "twisted the right knee on a stair", ["knee:right"]),
    ("He is a 33 year old who was hurt in a fall from a scaffold.", "a fall from a scaffold", []),
    ("A 47 year old clerk with pain of both hands from typing.", "typing", ["hand:bilateral"]),
    ("She has bilateral elbow pain due to repetitive scanning.", "repetitive scanning", ["elbow:bilateral"]),
    ("The claimant was injured when she was hit by a cart.", "when she was hit by a cart", []),
    (
        "He sustained a cumulative trauma injury to the neck and both knees from 2/2/2009 to 2/2/2011.",
        "cumulative trauma",
        ["cervical spine:", "knee:bilateral"],
    ),
    ("The injury is from repetitive trauma.", "repetitive trauma", []),
    (
        "The patient was involved in a rear-end collision on 7/8/15.",
        "was involved in a rear-end collision",
        [],
    ),
    ("This 44 year old driver is status post motor vehicle accident.", "motor vehicle accident", []),
    ("The claimant fell off a roof on 9/9/13.", "fell off a roof", []),
    ("He felt a snap in his shoulder while throwing a strap.", "while throwing a strap", ["shoulder:"]),
    ("DOI 5/6/13, MOI: pulling a hose. She has neck pain.", "pulling a hose", []),
    ("He twisted his left ankle on a hose on May 4, 2015.", "twisted his left ankle on a hose", ["ankle:left"]),
    ("MOI - slip and fall.", "slip and fall", []),
    ("The date was 2/3/12 (trip and fall).", "trip and fall", []),
    ("He strained his low back lifting a drum.", "lifting a drum", ["lumbar spine:"]),
    ("A beam fell on his right foot on 3/3/12.", "A beam fell on his right foot", []),
    ("Her left hand was caught in a roller.", "Her left hand was caught in a roller", []),
    ("The patient was attacked by an inmate on 2/1/11.", "was attacked by an inmate", []),
    ("He suffered a left wrist fracture when he tripped on a mat.", "when he tripped on a mat", ["wrist:left"]),
    (
        "This claimant injured both shoulders after falling down stairs.",
        "after falling down stairs",
        ["shoulder:bilateral"],
    ),
    ("The accepted body parts are the neck and right hip.", None, ["cervical spine:", "hip:right"]),
    ("There was an injury of the right knee.", None, ["knee:right"]),
    # nothing may be read in these
    ("The patient denies that she hurt her neck lifting a bag.", None, []),
    ("She should call in case of a fall from the bed.", None, []),
    ("He has never injured the left hip.", None, []),
    ("His father was involved in a motor vehicle accident.", None, []),
    ("She denies any prior injury to the wrist.", None, []),
    ("The patient fell asleep at the wheel of his studies.", None, []),
    ("Last week she fell at home and hurt her elbow.", None, []),
    ("The patient fell when his knee gave out.", None, []),
    ("Guidelines: workers who sprained their ankle may walk.", None, []),
    ("He fears that he might slip on ice and hurt his hip.", None, []),
    ("She has neck pain when lifting.", None, []),
    ("He has pain in the neck from sitting.", None, []),
    ("There is no history of a car accident.", None, []),
    ("She was previously involved in a car accident.", None, []),
    ("The co-worker was struck by a crane.", None, []),
    ("The van was hit by a truck.", None, []),
    ("He has a burning pain in the right foot.", None, []),
    ("He felt that the pain in the hip was worse.", None, []),
    ("MOI: not provided.", None, []),
    ("The patient does not recall how he hurt his thumb.", None, []),
    ("The provider caught an error and struck the line.", None, []),
    ("She is at risk of cumulative trauma.", None, []),
    ("The request is for a knee brace to avoid a fall from weakness.", None, []),
]


@pytest.mark.parametrize(("text", "mechanism", "parts"), ACCIDENTS)
def test_accidents_told_by_verbs(text, mechanism, parts):
    patient = read_patient(text)
    assert (patient.mechanism and patient.mechanism.value) == mechanism
    assert [f"{one.part}:{one.side}" for one in patient.body_parts] == parts


# The same for the course: text, treatments, surgeries.
COURSES = [
    ("Care has included a splint and 7 visits of hand therapy.", {"bracing": None, "occupational therapy": 7}, []),
    ("He has had ten visits of therapy and a brace.", {"therapy": 10, "bracing": None}, []),
    ("She has been through five visits of acupuncture.", {"acupuncture": 5}, []),
    ("He went through 9 sessions of chiropractic.", {"chiropractic": 9}, []),
    ("Prior care consisted of ice and 11 PT visits.", {"heat or cold": None, "physical therapy": 11}, []),
    ("She was given a sling and tramadol.", {"bracing": None, "opioids": None}, []),
    ("He was placed in a walking boot.", {"bracing": None}, []),
    ("Physical therapy x 9 visits with little relief.", {"physical therapy": 9}, []),
    ("The pain was managed with rest.", {"activity modification": None}, []),
    ("She benefited from 5 sessions of massage.", {"massage": 5}, []),
    ("He wore a brace and used a TENS unit.", {"bracing": None, "TENS": None}, []),
    ("He tried and failed naproxen and 8 visits of PT.", {"NSAIDs": None, "physical therapy": 8}, []),
    ("He has a history of lumbar fusion L5-S1 in 2011.", {"surgery": None}, ["lumbar fusion L5-S1"]),
    ("She had right hip surgery in 2009.", {"surgery": None}, ["right hip surgery"]),
    ("Past surgical history: right knee arthroscopy.", {"surgery": None}, ["right knee arthroscopy"]),
    ("Surgical history is notable for ACDF.", {"surgery": None}, ["ACDF"]),
    ("He is post-op from a left elbow debridement.", {"surgery": None}, ["left elbow debridement"]),
    ("The patient had ACDF at C6-7 in 2012.", {"surgery": None}, ["ACDF at C6-7"]),
    # nothing may be read in these
    ("The plan of care included massage.", {}, []),
    ("Future care would have included acupuncture.", {}, []),
    ("The guideline recommends 10 visits of physical therapy.", {}, []),
    ("He was given a referral for physical therapy.", {}, []),
    ("She was given a prescription for Norco.", {}, []),
    ("The patient was provided with a request for massage.", {}, []),
    ("He was scheduled for 8 visits of therapy.", {}, []),
    ("The request is for 8 visits of therapy.", {}, []),
    ("He has not been given a brace and has never worn a splint.", {}, []),
    ("Records do not show that care has included acupuncture.", {}, []),
    ("Acupuncture may be used with some benefit.", {}, []),
    ("He had right hip pain and an arthroscopy was requested.", {}, []),
    ("She had a lumbar fusion planned.", {}, []),
    ("He had left shoulder surgery recommended.", {}, []),
    ("Past surgical history: none.", {}, []),
    ("Past surgical history is negative for lumbar fusion.", {}, []),
    ("Her mother had right hip surgery.", {}, []),
]


@pytest.mark.parametrize(("text", "treatments", "surgeries"), COURSES)
def test_courses_of_other_writers(text, treatments, surgeries):
    patient = read_patient(text)
    assert {one.kind: one.count for one in patient.prior_treatments} == treatments
    assert [one.value for one in patient.surgeries] == surgeries


DENIALS = [
    (
        "He fell. Utilization review denied the request on 3/4/12. He appealed.",
        "Utilization review denied the request on 3/4/12.",
    ),
    (
        "The UR determination dated 1-2-14 non-certified the MRI.",
        "The UR determination dated 1-2-14 non-certified the MRI.",
    ),
    (
        "In a UR report, the claims administrator failed to approve a request for Norco.",
        "In a UR report, the claims administrator failed to approve a request for Norco.",
    ),
    (
        "The request was denied due to lack of records. The request for Soma was modified.",
        "The request was denied due to lack of records. The request for Soma was modified.",
    ),
    ("The patient denied numbness. The patient denies fever.", None),
    ("The worker was on modified duty.", None),
    ("A request for authorization was signed.", None),
    ("Utilization review certified six visits.", None),
]


@pytest.mark.parametrize(("text", "denial"), DENIALS)
def test_denial(text, denial):
    found = read_patient(text).denial
    assert (found and found.value) == denial


def values(patient) -> list[tuple[str | None, Span]]:
    """The words (None where the value is no words) and place of everything that was read."""
    words: list[Found[str]] = [one for one in (patient.mechanism, patient.denial) if one]
    words += [*patient.diagnoses, *patient.surgeries]
    others = [one for one in (patient.age, patient.sex) if one]
    others += [*patient.body_parts, *patient.prior_treatments]
    return [*((one.value, one.span) for one in words), *((None, one.span) for one in others)]


SENTENCE = (
    "the patient is a 51 year old female diagnosed with lumbar strain , ; . : ( ) 1. 2. and of knee left completed 12"
    " sessions physical therapy PT treatment to date has included underwent fusion status post denied by utilization"
    " review request was mechanism of injury while lifting n't not Norco fifty-one y/o"
    " she hurt his fell off a with some relief care sustained sprain typing pain from moi: \n\n İ ß"
)
WORDS = st.sampled_from(SENTENCE.split(" "))


@given(st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=60).map(" ".join)))
@example("MOI: fall\n\nfrom a ladder")
def test_any_text_has_a_result_that_leads_back_to_its_words(text):
    for words, span in values(read_patient(text)):
        assert 0 <= span.start < span.end <= len(text)
        # Values run over the end of a paragraph, which is two blanks in them.
        assert words is None or words == text.replace("\n\n", "  ")[span.start : span.end]


PIECES = [
    *(
        "diagnosed with ",
        "treatment has included ",
        "1. a ",
        "strain, ",
        "12 ",
        "and ",
        "injury to ",
        "(",
        "years old ",
    ),
    *(
        "work injury when he felt ",
        "request ",
        "underwent a ",
        "fusion ",
        "had ",
        "y/o ",
        "he hurt his back ",
        "sustained a ",
        "felt a ",
        "fell ",
        "his hand was caught ",
        "had left knee ",
        "care included ",
        "with some relief ",
        "typing ",
        "denied ",
        "a; ",
        "\n\n",
        "x",
    ),
]


@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_length(piece):
    from time import perf_counter

    read_patient(piece * 50)
    start = perf_counter()
    read_patient(piece * 3000)
    assert perf_counter() - start < 5
