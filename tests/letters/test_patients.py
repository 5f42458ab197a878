"""What is read from clinical summaries. Every sentence here is made up."""

import pytest
from hypothesis import given
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
    " review request was mechanism of injury while lifting n't not Norco fifty-one y/o \n\n İ ß"
)
WORDS = st.sampled_from(SENTENCE.split(" "))


@given(st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=60).map(" ".join)))
def test_any_text_has_a_result_that_leads_back_to_its_words(text):
    for words, span in values(read_patient(text)):
        assert 0 <= span.start < span.end <= len(text)
        assert words is None or words == text[span.start : span.end]


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
