"""Where a request belongs in the state's list of treatment categories."""

import pytest

from determinations import vocabulary
from determinations.letters import Placement
from determinations.letters.meaning.treatments import drugs_in, place

from .builder import Parts, read

# Requests by the place where the state's list has them. The conventions are at the head of treatments.toml: a
# request is placed by what it asks for, and not by why.
PLACED = {
    ("Diagnostic Testing", "Imaging/Radiology"): """
        MRI of the right wrist; MR arthrogram, left shoulder; CT scan of the sinuses; X-rays, three views, right
        knee; Radiographs of both hands; Bone scan, whole body; Lumbar myelogram; Lumbar discography at L4-5;
        DEXA scan; Venous duplex ultrasound of the left leg; Ultrasound of the right shoulder; Echocardiogram;
        Magnetic resonance imaging of the brain; Open MRI, pelvis; PET scan; Cervical MRA; Retrospective MRI of
        the left hip (DOS: 01/04/2016); Diagnostic ultrasound, right elbow
    """,
    ("Diagnostic Testing", "EMG/NCV/NCS"): """
        EMG of the right arm; NCV, both legs; NCS left upper extremity; EMG/NCV of the bilateral upper
        extremities; Electromyography; Nerve conduction velocity study; Electrodiagnostic studies, right leg;
        Somatosensory evoked potentials; SSEP
    """,
    ("Diagnostic Testing", "Lab & Pathology"): """
        Urine drug screen; Urinalysis; UDS x 4; CBC and CMP; Liver function tests; Genetic testing for opioid
        risk; Hemoglobin A1c; Lipid panel; Blood work; Random drug testing, quarterly; Testosterone level; Skin
        biopsy
    """,
    ("Diagnostic Testing", "Other Diagnostic Tests"): """
        Functional capacity evaluation; EEG; EKG; Sleep study; Polysomnogram; Pulmonary function test;
        Audiogram; Computerized range of motion testing; Upper GI endoscopy; Colonoscopy; Treadmill stress test;
        Sudoscan; Urodynamic study; Holter monitor; Grip strength test
    """,
    ("DMEPOS", "DME"): """
        Wheelchair, standard; Walker with seat; Shower chair; Hospital bed, rental; Orthopedic mattress;
        Cervical pillow; Cold therapy unit, 7 day rental; Hot/cold pack; Home exercise kit; Cervical traction
        unit; Ergonomic chair; Sit-stand desk; Bedside commode; CPAP machine; Nebulizer; Crutches; Single point
        cane; Motorized scooter; Inversion table; Grab bars for the bath; Recliner lift chair
    """,
    ("DMEPOS", "Electrical Stimulation"): """
        TENS unit; H-wave device, purchase; Interferential unit, 30 day trial; IF unit; NMES unit; Bone growth
        stimulator; Muscle stimulator; Alpha-Stim unit; Microcurrent stimulation unit
    """,
    ("DMEPOS", "Prosthetics/Orthotics"): """
        Lumbar brace; Wrist splint; Custom orthotics; Knee brace, hinged; CAM walker; Shoulder sling; LSO brace;
        Hearing aids; Below knee prosthesis; Compression stockings; Orthopedic shoes; Lumbar support; Elbow
        sleeve; Ankle foot orthosis (AFO); Thumb spica splint
    """,
    ("DMEPOS", "Supplies"): """
        TENS electrodes, 8 packs; Batteries for the TENS; Nitrile gloves; Wound dressings; Adult diapers;
        Glucose test strips; Lead wires; Urinary catheters
    """,
    ("Evaluation & Management", "Dental Services"): """
        Dental evaluation; Root canal, tooth 14; Porcelain crown; Night guard; Dental implants; Referral to a
        dentist; Periodontal cleaning
    """,
    ("Evaluation & Management", "Medical Specialties"): """
        Pain management consultation; Follow-up visit in 6 weeks; Neurology consult; Referral to internal
        medicine; Urologist evaluation; Dermatology referral; Office visit; Podiatry consultation; Consultation
        with a rheumatologist; Ophthalmology evaluation; Second opinion; Physiatry re-evaluation; ENT evaluation
    """,
    ("Home Health", None): """
        Home health aide, 4 hours a day; Home health nurse; Housekeeping 4 hours a week; Caregiver, 8 hours a
        day; In-home care; Visiting nurse; Attendant care
    """,
    ("Injection", "Facet Injection"): """
        Lumbar facet injection at L4-5; Medial branch block, C4-6; Radiofrequency ablation, L3-5; Facet
        rhizotomy; RFA at L5-S1
    """,
    ("Injection", "Injection"): """
        Lumbar epidural steroid injection, L5-S1; Transforaminal ESI; Trigger point injections x 4;
        Corticosteroid injection, right knee; PRP injection to the left elbow; Botox injections for migraine;
        Stellate ganglion block; SI joint injection; Subacromial injection with ultrasound guidance; Occipital
        nerve block; Genicular nerve block; Toradol injection 60 mg; Prolotherapy; Stem cell injection
    """,
    ("Pharmaceuticals", "Adrenal Cortical Steroids"): """
        Medrol Dosepak; Prednisone 10 mg #20; Flonase nasal spray
    """,
    ("Pharmaceuticals", "Alpha-blocker"): """
        Prazosin 1 mg #30; Flomax 0.4 mg
    """,
    ("Pharmaceuticals", "Androgens & Anabolic Steroids"): """
        Androgel 1.62%; Testosterone cypionate 200 mg
    """,
    ("Pharmaceuticals", "AntiAnxiety"): """
        Buspirone 10 mg #60; Hydroxyzine 25 mg
    """,
    ("Pharmaceuticals", "Anti-coagulant"): """
        Xarelto 20 mg #30; Lovenox 40 mg
    """,
    ("Pharmaceuticals", "Antidepressant"): """
        Cymbalta 60 mg #30; Trazodone 50 mg; Nortriptyline 25 mg; Wellbutrin XL 150 mg; Doxepin 10 mg
    """,
    ("Pharmaceuticals", "Antidiabetics"): """
        Metformin 500 mg; Lantus 10 units
    """,
    ("Pharmaceuticals", "Antiemetic"): """
        Zofran 4 mg #10; Ondansetron ODT 8 mg
    """,
    ("Pharmaceuticals", "Anti-epilepsy drugs"): """
        Gabapentin 600 mg #90; Lyrica 75 mg #60; Topamax 50 mg
    """,
    ("Pharmaceuticals", "Antihistamine"): """
        Benadryl 25 mg; Loratadine 10 mg
    """,
    ("Pharmaceuticals", "Antihypertensive"): """
        Lisinopril 10 mg; Losartan/HCTZ 50/12.5 mg; Clonidine 0.1 mg
    """,
    ("Pharmaceuticals", "Anti-infectives"): """
        Keflex 500 mg #28; Amoxicillin 500 mg
    """,
    ("Pharmaceuticals", "Antimigraine Agent"): """
        Imitrex 50 mg #9; Maxalt 10 mg
    """,
    ("Pharmaceuticals", "Asthma medication(s)"): """
        Albuterol inhaler; Advair Diskus; Singulair 10 mg
    """,
    ("Pharmaceuticals", "Atypical Antipsychotic"): """
        Seroquel 25 mg; Abilify 5 mg
    """,
    ("Pharmaceuticals", "Barbiturates"): """
        Fioricet #60; Phenobarbital 30 mg
    """,
    ("Pharmaceuticals", "Benzodiazepine(s)"): """
        Xanax 0.5 mg #30; Valium 5 mg; Restoril 15 mg; Klonopin 1 mg
    """,
    ("Pharmaceuticals", "Beta-blocker"): """
        Metoprolol 50 mg; Propranolol 20 mg
    """,
    ("Pharmaceuticals", "Bisphosphonates"): """
        Fosamax 70 mg
    """,
    ("Pharmaceuticals", "Calcium Channel Blocker"): """
        Norvasc 5 mg; Verapamil 80 mg
    """,
    ("Pharmaceuticals", "Cannabinoids"): """
        Marinol 5 mg; Medical marijuana
    """,
    ("Pharmaceuticals", "Dopamine agonists"): """
        Requip 1 mg; Sinemet 25/100
    """,
    ("Pharmaceuticals", "Fibric Acid"): """
        Tricor 145 mg
    """,
    ("Pharmaceuticals", "GI Agents"): """
        Colace 100 mg #60; Miralax; Senokot-S; Movantik 25 mg; Amitiza 24 mcg; Carafate 1 g
    """,
    ("Pharmaceuticals", "H2 Blocker"): """
        Ranitidine 150 mg; Pepcid 20 mg
    """,
    ("Pharmaceuticals", "Hormones"): """
        Synthroid 50 mcg; Estradiol 1 mg
    """,
    ("Pharmaceuticals", "Impotence Agents"): """
        Viagra 100 mg #10; Cialis 5 mg
    """,
    ("Pharmaceuticals", "Misc Analgesics"): """
        Tylenol 500 mg; Ketamine 10 mg
    """,
    ("Pharmaceuticals", "Muscle Relaxant"): """
        Flexeril 10 mg #30; Soma 350 mg; Zanaflex 4 mg; Baclofen 10 mg; Orphenadrine ER 100 mg
    """,
    ("Pharmaceuticals", "NSAID"): """
        Naproxen 550 mg #60; Celebrex 200 mg; Mobic 15 mg; Voltaren XR 100 mg; Ibuprofen 800 mg #90, 2 refills;
        Duexis 800/26.6 mg
    """,
    ("Pharmaceuticals", "Nutritional Products"): """
        Theramine #90; Vitamin D 50,000 units; Glucosamine sulfate; Sentra PM; Fish oil
    """,
    ("Pharmaceuticals", "Opioids"): """
        Norco 10/325 mg #60; Tramadol ER 150 mg; Percocet 5/325 mg; OxyContin 20 mg; Butrans patch 10 mcg;
        Duragesic patch 25 mcg; Fentanyl patch 50 mcg/hr; MS Contin 15 mg; Tylenol #3; Nucynta 75 mg;
        Hydrocodone/APAP 7.5/325; Suboxone 8/2 mg film; Dilaudid 4 mg; Methadone 10 mg
    """,
    ("Pharmaceuticals", "Opioid Antagonist"): """
        Narcan nasal spray; Naltrexone 50 mg
    """,
    ("Pharmaceuticals", "Proton Pump Inhibitors"): """
        Prilosec 20 mg #60; Protonix 40 mg; Nexium 40 mg
    """,
    ("Pharmaceuticals", "Sedative-hypnotics"): """
        Ambien 10 mg #30; Lunesta 2 mg; Belsomra 10 mg; Silenor 6 mg; Melatonin 3 mg
    """,
    ("Pharmaceuticals", "Statin"): """
        Lipitor 20 mg; Simvastatin 40 mg
    """,
    ("Pharmaceuticals", "Topical Analgesics"): """
        Lidoderm patch 5% #30; Voltaren gel 1%; Pennsaid 2%; Flector patch; Capsaicin cream 0.025%; Ketoprofen
        cream 20%; Terocin patches; Menthoderm 120 gm; Diclofenac gel 1%, 100 gm; Lidocaine ointment 5%;
        Biofreeze gel
    """,
    ("Pharmaceuticals", "Topical Compounds"): """
        Flurbiprofen 20%/baclofen 5%/camphor 2% cream; Compound cream: ketoprofen and lidocaine; Gabapentin 10%,
        amitriptyline 10% in cream base; Compounded ketamine cream; HMPHCC2; Cyclobenzaprine 5% in cream base
    """,
    ("Pharmaceuticals", "TNF modifiers"): """
        Humira 40 mg; Enbrel 50 mg
    """,
    ("Pharmaceuticals", "Viscosupplementation"): """
        Synvisc-One injection, right knee; Orthovisc injections x 3; Hyaluronic acid injection, left knee;
        Euflexxa series of three; Viscosupplementation, both knees
    """,
    ("Programs", None): """
        Functional restoration program, 80 hours; Gym membership, 6 months; Weight loss program; Detoxification
        program; Multidisciplinary pain program evaluation; Work hardening program; Smoking cessation program;
        Pool membership; Inpatient rehabilitation, 10 days; Skilled nursing facility, 14 days
    """,
    ("Psych Services", "Evaluation & Management"): """
        Psychiatric evaluation; Psychology consultation; Neuropsychological testing; Referral to a psychologist;
        Psych consult
    """,
    ("Psych Services", "Therapies"): """
        Cognitive behavioral therapy, 6 sessions; Psychotherapy x 8; Biofeedback, 10 sessions; Group therapy,
        weekly; Individual psychological treatment, 12 sessions; Relaxation training; CBT sessions x 12
    """,
    ("Rehabilitation", "Acupuncture"): """
        Acupuncture, 6 visits; Electroacupuncture x 8; 12 acupuncture sessions for the neck
    """,
    ("Rehabilitation", "Chiropractic"): """
        Chiropractic care x 12; Spinal manipulation; Chiro 2 x 4; Chiropractic evaluation
    """,
    ("Rehabilitation", "Other Therapies"): """
        Massage therapy x 6; Manual therapy, 8 visits; Myofascial release; Therapeutic exercises x 8; Infrared 2
        x 4; Ultrasound 2 times a week for 4 weeks; Work conditioning, 10 visits; Iontophoresis x 6; Mechanical
        traction, 6 visits
    """,
    ("Rehabilitation", "PT/OT"): """
        Physical therapy 2 x 6; Occupational therapy, 8 visits; Hand therapy, 12 sessions; Aquatic therapy x 8;
        PT 3 times a week for 4 weeks; Post-op physical therapy x 12; Physical therapy evaluation; Pool therapy;
        Physical therapy with massage and ultrasound; Vestibular rehabilitation; PT/OT 12 visits
    """,
    ("Surgery", "Adjunct Surgical Services"): """
        Associated surgical service: cold therapy unit; Assistant surgeon; Pre-operative medical clearance;
        Preoperative EKG; Pre-op labs; Inpatient stay, 2 days; Facility fee; Post-op DME: sling; Surgical
        assistant; Associated surgical service: 12 visits of physical therapy; Hospital stay x 3 days
    """,
    ("Surgery", "Arthroscopic"): """
        Left knee arthroscopy with partial meniscectomy; Arthroscopic rotator cuff repair; Right shoulder
        arthroscopy, debridement; Hip arthroscopy
    """,
    ("Surgery", "Non-arthroscopic"): """
        Carpal tunnel release, right; Total knee replacement; Ulnar nerve transposition; Trigger finger release;
        Inguinal hernia repair; Hardware removal, right ankle; Rotator cuff repair, open; Total hip
        arthroplasty; Open reduction and internal fixation; Septoplasty
    """,
    ("Surgery", "Spine"): """
        Lumbar fusion L4-S1; ACDF C5-6; Microdiscectomy, L5-S1; Laminectomy; Spinal cord stimulator trial;
        Kyphoplasty; Intrathecal pump refill; Cervical disc replacement; Lumbar decompression, L4-5
    """,
    ("Surgery", "Surgical Consult"): """
        Orthopedic surgeon consultation; Neurosurgery consult; Follow-up with the hand surgeon; Spine surgery
        evaluation; General surgery consultation; Orthopedic evaluation
    """,
    ("Therapies", "Other Therapies"): """
        Extracorporeal shockwave therapy; Hyperbaric oxygen, 20 sessions; Localized intense neurostimulation
        therapy; ESWT x 3
    """,
    ("Therapies", "Therapies"): """
        Ketamine infusion; Wound care, 6 visits; IV therapy; Cardiac rehabilitation
    """,
    ("Transportation", None): """
        Transportation to visits; Non-emergency medical transportation; Mileage; Taxi to therapy
    """,
}
REQUESTS = [(" ".join(text.split()), where) for where, texts in PLACED.items() for text in texts.split(";")]


@pytest.mark.parametrize(("text", "where"), REQUESTS, ids=[text for text, _ in REQUESTS])
def test_a_request_has_its_place(text, where):
    # Headings are written in any case; the answer is the same.
    assert place(text) == place(text.upper()) == place(f"  {text.lower()}\n") == (Placement(*where), "")


def test_the_table_has_requests_for_every_place_of_the_list():
    places = {(one.name, sub) for one in vocabulary.categories() for sub in one.subcategories or [None]}
    assert set(PLACED) == places
    assert len({text for text, _ in REQUESTS}) == len(REQUESTS) > 350


# The same word asks for different things.
DISTINGUISHED = {
    "ultrasound, a picture": ("Diagnostic ultrasound of the elbow", ("Diagnostic Testing", "Imaging/Radiology")),
    "ultrasound, a treatment": ("Ultrasound 1 x 8", ("Rehabilitation", "Other Therapies")),
    "ultrasound, a guide": ("Subacromial injection under ultrasound", ("Injection", "Injection")),
    "traction, visits": ("Traction, 6 visits", ("Rehabilitation", "Other Therapies")),
    "traction, a device": ("Traction device", ("DMEPOS", "DME")),
    "stimulation, visits": ("Electrical stimulation 2 times a week", ("Rehabilitation", "Other Therapies")),
    "stimulation, a device": ("Electrical stimulation unit", ("DMEPOS", "Electrical Stimulation")),
    "stimulator, implanted": ("Spinal cord stimulator", ("Surgery", "Spine")),
    "the unit": ("TENS unit purchase", ("DMEPOS", "Electrical Stimulation")),
    "what the unit needs": ("TENS supplies", ("DMEPOS", "Supplies")),
    "an EKG": ("EKG", ("Diagnostic Testing", "Other Diagnostic Tests")),
    "an EKG before surgery": ("Pre-op EKG", ("Surgery", "Adjunct Surgical Services")),
    "therapy": ("Physical therapy x 12", ("Rehabilitation", "PT/OT")),
    "therapy after surgery": ("Post-operative physical therapy x 12", ("Rehabilitation", "PT/OT")),
    "therapy as a surgical service": (
        "Associated surgical service: physical therapy x 12",
        ("Surgery", "Adjunct Surgical Services"),
    ),
    "therapy at home": ("Home physical therapy", ("Home Health", None)),
    "the way to therapy": ("Transportation to physical therapy", ("Transportation", None)),
    "a psychologist's evaluation": ("Psychological evaluation", ("Psych Services", "Evaluation & Management")),
    "a psychologist's treatment": ("Psychological treatment x 6", ("Psych Services", "Therapies")),
    "a therapist's evaluation": ("Physical therapy evaluation", ("Rehabilitation", "PT/OT")),
    "a surgeon's evaluation": ("Spine surgeon evaluation", ("Surgery", "Surgical Consult")),
    "another physician's evaluation": ("Neurologist evaluation", ("Evaluation & Management", "Medical Specialties")),
    "an operation through a scope": ("Arthroscopic meniscectomy", ("Surgery", "Arthroscopic")),
    "an operation without": ("Open meniscectomy", ("Surgery", "Non-arthroscopic")),
    "a block of a facet": ("Medial branch block", ("Injection", "Facet Injection")),
    "a block of a nerve": ("Occipital nerve block", ("Injection", "Injection")),
    "gel for the knee": ("Synvisc injection", ("Pharmaceuticals", "Viscosupplementation")),
    "gel for the skin": ("Voltaren gel", ("Pharmaceuticals", "Topical Analgesics")),
    # A drug goes by its form: what is rubbed in is a topical, whatever group its tablets belong to.
    "tablets": ("Ketoprofen 75 mg", ("Pharmaceuticals", "NSAID")),
    "a cream of the same": ("Ketoprofen cream", ("Pharmaceuticals", "Topical Analgesics")),
    "percent are a cream's": ("Gabapentin 6%", ("Pharmaceuticals", "Topical Analgesics")),
    "several percents are a mixture's": ("Gabapentin 6%, lidocaine 2%", ("Pharmaceuticals", "Topical Compounds")),
    "several drugs are a mixture's": ("Ketoprofen/lidocaine cream", ("Pharmaceuticals", "Topical Compounds")),
    "strengths count where drugs are not known": ("Lidocaine 4%, zzyzx 5%", ("Pharmaceuticals", "Topical Compounds")),
    "a cream base is a mixture's": ("Ketoprofen 20% in cream base", ("Pharmaceuticals", "Topical Compounds")),
    # A patch for the whole body is no topical analgesic.
    "a patch for the skin": ("Lidocaine patch", ("Pharmaceuticals", "Topical Analgesics")),
    "a patch for the body": ("Butrans patch", ("Pharmaceuticals", "Opioids")),
    # Steroids, hormones and drops for the eye are no analgesic, however they are given.
    "a steroid's cream": ("Hydrocortisone 1% cream", ("Pharmaceuticals", "Adrenal Cortical Steroids")),
    "a hormone's patch": ("Estradiol patch", ("Pharmaceuticals", "Hormones")),
    "drops for the eye": ("Ophthalmic ketorolac 0.5% drops", ("Pharmaceuticals", "NSAID")),
    "heat on a facet's nerve": ("Radiofrequency ablation L4-S1", ("Injection", "Facet Injection")),
    "heat on another nerve": ("Genicular nerve radiofrequency ablation", ("Injection", "Injection")),
    "a fused spine": ("L4-5 fusion", ("Surgery", "Spine")),
    "a fused ankle": ("Left ankle fusion", ("Surgery", "Non-arthroscopic")),
    "fused fingers": ("Fusion of the thumb", ("Surgery", "Non-arthroscopic")),
    # The longest name counts.
    "one drug": ("Tylenol 500 mg", ("Pharmaceuticals", "Misc Analgesics")),
    "two drugs in one name": ("Tylenol with codeine", ("Pharmaceuticals", "Opioids")),
    "a combination is one drug": ("Naproxen/esomeprazole", ("Pharmaceuticals", "NSAID")),
    "extended release is no operation": ("Tramadol extended release", ("Pharmaceuticals", "Opioids")),
    "myofascial release is no operation": ("Myofascial release x 8", ("Rehabilitation", "Other Therapies")),
}


@pytest.mark.parametrize(("text", "where"), DISTINGUISHED.values(), ids=DISTINGUISHED)
def test_like_words_for_different_things(text, where):
    assert place(text) == (Placement(*where), "")


AMBIGUOUS = [
    "Norco and Soma",
    "Omeprazole 20 mg and naproxen 550 mg",
    "Physical therapy and acupuncture",
    "MRI and EMG of the neck",
    "Labs to include: EKG",
    "Cervical epidural steroid injection with MRI",
    "TENS unit and lumbar brace",
    "Wheelchair with wrist splint",
    "Dental x-rays",
]


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_a_request_for_two_kinds_of_treatment_has_no_place(text):
    assert place(text) == (None, "ambiguous-category")


UNKNOWN = [
    "",
    "Unknown item",
    "Treatment",
    "Medication",
    "Twelve visits",
    "E-stim",
    "Surgery",
    "Interpreter",
    "Medical records",
    "Home exercise program",
    "2 x 4",
    "#60",
    "№ 5 – “?”",
    "Zzyzx 10 mg",
]


@pytest.mark.parametrize("text", UNKNOWN, ids=repr)
def test_a_request_that_names_nothing_known_is_not_guessed(text):
    assert place(text) == (None, "uncategorised")


# ---- drugs by name --------------------------------------------------------------------------------------------------
NAMED = {
    "generic": ("tramadol 50 mg", {"tramadol"}),
    "brand": ("Ultram 50 mg", {"tramadol"}),
    "brand and generic of one drug": ("Ultram (tramadol) 50 mg", {"tramadol"}),
    "case": ("ULTRAM", {"tramadol"}),
    "no blank before the strength": ("Norco 10/325mg", {"hydrocodone/acetaminophen"}),
    "slashes": ("hydrocodone/APAP", {"hydrocodone/acetaminophen"}),
    "a part of another word is no name": ("nonaspirinlike", set()),
    "two drugs": ("Norco and Soma", {"hydrocodone/acetaminophen", "carisoprodol"}),
    "the longest name": ("Tylenol #3", {"codeine/acetaminophen"}),
    "nothing": ("", set()),
    "no drug": ("MRI of the wrist", set()),
    "the last word": ("refill of Soma", {"carisoprodol"}),
}


@pytest.mark.parametrize(("text", "names"), NAMED.values(), ids=NAMED)
def test_drugs_are_found_by_name(text, names):
    assert {drug.name for drug in drugs_in(text)} == names


# ---- in a letter ----------------------------------------------------------------------------------------------------
def test_a_heading_is_placed_by_the_part_that_was_in_dispute():
    """What was granted is named in the heading too."""
    heading = (
        "Norco 5/325 mg #60 and physical therapy was the original request. Norco was authorized by the Claims "
        "Administrator. The remaining IMR eligible portion of the original request, physical therapy x 6 is"
    )
    letter = read(Parts(heading))
    assert letter.items[0].placement == Placement("Rehabilitation", "PT/OT")
    assert letter.issues == ()


@pytest.mark.parametrize(
    ("request_text", "code"), [("Norco and Soma", "ambiguous-category"), ("Twelve visits", "uncategorised")]
)
def test_a_heading_without_a_place_goes_to_the_queue(request_text, code):
    letter = read(Parts("Knee brace"), Parts(request_text))
    item = letter.items[1]
    assert item.placement is None
    (issue,) = letter.issues
    assert (issue.code, issue.span) == (code, item.title.span)
    assert request_text in issue.message
