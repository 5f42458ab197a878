"""Canonical names as data: complete, without contradictions, and with the state's own spelling."""

import re
from collections import Counter, defaultdict

import pytest

from determinations import vocabulary
from determinations.vocabulary import VocabularyError

# The reviewer specialties of the state's search tool in early 2017, and what the archive calls them.
TOOL_SPECIALTIES = {
    "Addiction Psychiatry": "Addiction Psychiatry",
    "Allergy and Immunology": "Allergy and Immunology",
    "Anesthesiology": "Anesthesiology",
    "Cardiovascular Disease": "Cardiovascular Disease",
    "Child and Adolescent Psychiatry": "Child and Adolescent Psychiatry",
    "Chiropractic": "Chiropractic",
    "Colon and Rectal Surgery": "Colon and Rectal Surgery",
    "Critical Care Medicine": "Critical Care Medicine",
    "Dentist": "Dentistry",
    "Dermatology": "Dermatology",
    "Diagnostic Radiology": "Diagnostic Radiology",
    "Emergency Medicine": "Emergency Medicine",
    "Family Practice": "Family Medicine",
    "Gastroenterology": "Gastroenterology",
    "General Vascular Surgery": "Vascular Surgery",
    "Geriatric Medicine": "Geriatric Medicine",
    "Hand Surgery": "Surgery of the Hand",
    "Hospice & Palliative Medicine": "Hospice and Palliative Medicine",
    "Infectious Disease": "Infectious Disease",
    "Internal Medicine": "Internal Medicine",
    "Interventional Cardiology": "Interventional Cardiology",
    "Medical Oncology": "Medical Oncology",
    "Medical Toxicology": "Medical Toxicology",
    "Nephrology": "Nephrology",
    "Neurological Surgery": "Neurological Surgery",
    "Neurology": "Neurology",
    "Neuromuscular Medicine": "Neuromuscular Medicine",
    "Neuroradiology": "Neuroradiology",
    "Occupational Medicine": "Occupational Medicine",
    "Oncology": "Medical Oncology",
    "Ophthalmology": "Ophthalmology",
    "Optometry": "Optometry",
    "Oriental Medicine": "Oriental Medicine",
    "Orthopedic Surgery": "Orthopaedic Surgery",
    "Otolaryngology": "Otolaryngology - Head and Neck Surgery",
    "Pain Management": "Pain Medicine",
    "Pediatrics": "Pediatrics",
    "Physical Medicine & Rehabilitation": "Physical Medicine and Rehabilitation",
    "Plastic Surgery": "Plastic Surgery",
    "Podiatric Surgery": "Podiatric Surgery",
    "Podiatrist": "Podiatry",
    "Preventive Medicine": "Preventive Medicine",
    "Psychiatry": "Psychiatry",
    "Psychologist": "Psychology",
    "Psychology": "Psychology",
    "Public Health & General Preventive Medicine": "Public Health and General Preventive Medicine",
    "Pulmonary Disease": "Pulmonary Disease",
    "Radiology": "Diagnostic Radiology",
    "Registered Nurse": "Registered Nurse",
    "Rheumatology": "Rheumatology",
    "Sleep Medicine": "Sleep Medicine",
    "Sports Medicine": "Sports Medicine",
    "Surgery": "Surgery",
    "Surgical Critical Care": "Surgical Critical Care",
    "Thoracic Surgery": "Thoracic and Cardiac Surgery",
    "Urology": "Urology",
}

# The request categories of the same tool.
TOOL_CATEGORIES = {
    "Diagnostic Testing": ["Imaging/Radiology", "EMG/NCV/NCS", "Lab & Pathology", "Other Diagnostic Tests"],
    "DMEPOS": ["DME", "Electrical Stimulation", "Prosthetics/Orthotics", "Supplies"],
    "Evaluation & Management": ["Dental Services", "Medical Specialties"],
    "Home Health": [],
    "Injection": ["Facet Injection", "Injection"],
    "Pharmaceuticals": [
        "Adrenal Cortical Steroids",
        "Alpha-blocker",
        "Androgens & Anabolic Steroids",
        "AntiAnxiety",
        "Anti-coagulant",
        "Antidepressant",
        "Antidiabetics",
        "Antiemetic",
        "Anti-epilepsy drugs",
        "Antihistamine",
        "Antihypertensive",
        "Anti-infectives",
        "Antimigraine Agent",
        "Asthma medication(s)",
        "Atypical Antipsychotic",
        "Barbiturates",
        "Benzodiazepine(s)",
        "Beta-blocker",
        "Bisphosphonates",
        "Calcium Channel Blocker",
        "Cannabinoids",
        "Dopamine agonists",
        "Fibric Acid",
        "GI Agents",
        "H2 Blocker",
        "Hormones",
        "Impotence Agents",
        "Misc Analgesics",
        "Muscle Relaxant",
        "NSAID",
        "Nutritional Products",
        "Opioids",
        "Opioid Antagonist",
        "Proton Pump Inhibitors",
        "Sedative-hypnotics",
        "Statin",
        "Topical Analgesics",
        "Topical Compounds",
        "TNF modifiers",
        "Viscosupplementation",
    ],
    "Programs": [],
    "Psych Services": ["Evaluation & Management", "Therapies"],
    "Rehabilitation": ["Acupuncture", "Chiropractic", "Other Therapies", "PT/OT"],
    "Surgery": ["Adjunct Surgical Services", "Arthroscopic", "Non-arthroscopic", "Spine", "Surgical Consult"],
    "Therapies": ["Other Therapies", "Therapies"],
    "Transportation": [],
}

FIFTY_STATES_AND_THE_DISTRICT = re.findall(
    r"\w\w",
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR "
    "PA RI SC SD TN TX UT VT VA WA WV WI WY",
)


# ---- spellings ------------------------------------------------------------------------------------------------------
KEYS = {
    "case": ("Family PRACTICE", "family practice"),
    "ampersand": ("Physical Medicine & Rehabilitation", "physical medicine and rehabilitation"),
    "ampersand without blanks": ("PM&R", "pm and r"),
    "punctuation": ("Ear, Nose, and Throat.", "ear nose and throat"),
    "hyphen": ("Anti-coagulant", "anti coagulant"),
    "runs of blanks": ("  Sports \n Medicine ", "sports medicine"),
    "digits stay": ("Tylenol #3", "tylenol 3"),
    "nothing": ("", ""),
    "signs only": ("--", ""),
}


@pytest.mark.parametrize(("text", "expected"), KEYS.values(), ids=KEYS)
def test_spellings_are_compared_without_case_and_signs(text, expected):
    assert vocabulary.key(text) == expected


# ---- specialties ----------------------------------------------------------------------------------------------------
def test_the_state_has_56_specialties():
    assert len(TOOL_SPECIALTIES) == 56


@pytest.mark.parametrize(("spelling", "name"), TOOL_SPECIALTIES.items(), ids=TOOL_SPECIALTIES)
def test_every_specialty_of_the_states_tool_has_a_canonical_name(spelling, name):
    assert vocabulary.specialty(spelling).name == name
    assert vocabulary.specialty(spelling.upper()).name == name


OTHER_SPELLINGS = {
    "Physical Medicine Rehab": "Physical Medicine and Rehabilitation",
    "Spinal Cord Medicine": "Spinal Cord Injury Medicine",
    "Chiropractor": "Chiropractic",
    "Orthopaedic Surgery": "Orthopaedic Surgery",
    "Hospice and Palliative Medicine": "Hospice and Palliative Medicine",
    "Pediatric Rehabilitation Medicine": "Pediatric Rehabilitation Medicine",
    "Endocrinology, Diabetes, and Metabolism": "Endocrinology, Diabetes and Metabolism",
    "Ear, Nose and Throat": "Otolaryngology - Head and Neck Surgery",
}


@pytest.mark.parametrize(("spelling", "name"), OTHER_SPELLINGS.items(), ids=OTHER_SPELLINGS)
def test_spellings_met_in_letters(spelling, name):
    assert vocabulary.specialty(spelling).name == name


@pytest.mark.parametrize("spelling", ["", "Medicine", "Sports Medicinea", "Physical Medicine", "Board", "California"])
def test_what_is_no_shipped_spelling_is_never_guessed(spelling):
    assert vocabulary.specialty(spelling) is None


def test_no_spelling_stands_for_two_specialties():
    owners = defaultdict(set)
    for specialty in vocabulary.specialties():
        for spelling in (specialty.name, *specialty.aliases):
            owners[vocabulary.key(spelling)].add(specialty.name)
    assert {spelling: names for spelling, names in owners.items() if len(names) > 1} == {}


def test_every_specialty_is_found_by_each_of_its_spellings():
    for specialty in vocabulary.specialties():
        for spelling in (specialty.name, *specialty.aliases):
            assert vocabulary.specialty(spelling) is specialty


def test_parents_are_boards_of_the_file():
    kinds = {specialty.name: specialty.kind for specialty in vocabulary.specialties()}
    assert set(kinds.values()) == {"board", "subspecialty"}
    assert {kinds.get(parent) for one in vocabulary.specialties() for parent in one.parents} == {"board"}


def test_a_subspecialty_is_held_on_top_of_a_board():
    assert [one.name for one in vocabulary.specialties() if one.kind == "subspecialty" and not one.parents] == []
    assert [one.name for one in vocabulary.specialties() if one.name in one.parents] == []


# Of the American Board of Medical Specialties' list of certificates.
PARENTS = {
    "Spinal Cord Injury Medicine": {"Physical Medicine and Rehabilitation"},
    "Pediatric Rehabilitation Medicine": {"Physical Medicine and Rehabilitation"},
    "Neuromuscular Medicine": {"Physical Medicine and Rehabilitation", "Neurology"},
    "Surgery of the Hand": {"Orthopaedic Surgery", "Plastic Surgery", "Surgery"},
    "Cardiovascular Disease": {"Internal Medicine"},
    "Addiction Psychiatry": {"Psychiatry"},
    "Medical Toxicology": {"Emergency Medicine", "Pediatrics", "Preventive Medicine"},
}


@pytest.mark.parametrize(("name", "parents"), PARENTS.items(), ids=PARENTS)
def test_which_boards_grant_a_subspecialty(name, parents):
    assert set(vocabulary.specialty(name).parents) == parents


# ---- states ---------------------------------------------------------------------------------------------------------
def test_the_fifty_states_and_the_district_are_there():
    assert len(set(FIFTY_STATES_AND_THE_DISTRICT)) == 51
    assert set(FIFTY_STATES_AND_THE_DISTRICT) <= set(vocabulary.state_names())
    # The rest are the territories that license physicians.
    assert set(vocabulary.state_names()) - set(FIFTY_STATES_AND_THE_DISTRICT) == {"AS", "GU", "MP", "PR", "VI"}


@pytest.mark.parametrize("postal", FIFTY_STATES_AND_THE_DISTRICT)
def test_a_state_is_found_by_name_and_by_postal_name(postal):
    name = vocabulary.state_names()[postal]
    assert [vocabulary.state(spelling) for spelling in (name, name.upper(), postal, postal.lower())] == [postal] * 4


def test_state_names_are_the_states_own():
    names = vocabulary.state_names()
    assert (names["DC"], names["VI"], names["NH"]) == ("District of Columbia", "Virgin Islands", "New Hampshire")
    assert len(set(names.values())) == len(names)


@pytest.mark.parametrize("spelling", ["", "York", "Califronia", "Ontario", "New", "ZZ"])
def test_no_state_is_guessed(spelling):
    assert vocabulary.state(spelling) is None


# ---- guidelines -----------------------------------------------------------------------------------------------------
def test_a_title_means_one_guideline_of_its_family_and_editions_are_told_apart_by_year():
    editions = defaultdict(list)
    for guideline in vocabulary.guidelines():
        for title in {vocabulary.key(title) for title in (*guideline.titles, *guideline.chapter_titles)}:
            editions[guideline.family, title].append(guideline)
    for same in editions.values():
        assert len([one for one in same if not one.years]) <= 1
        years = [year for one in same for year in one.years]
        assert len(years) == len(set(years))


def test_canonical_names_of_guidelines_and_works_are_unique():
    names = Counter(one.name for one in (*vocabulary.guidelines(), *vocabulary.works()))
    assert [name for name, count in names.items() if count > 1] == []


def test_each_chapter_of_acoem_2004_is_one_document_and_all_of_them_are_there():
    chapters = Counter(number for one in vocabulary.guidelines() for number in one.chapters)
    # Chapter 4, "Work-Relatedness", was never adopted into the schedule.
    assert chapters == Counter([1, 2, 3, *range(5, 17)])


CHAPTERS = {
    8: "Neck and Upper Back",
    9: "Shoulder",
    10: "Elbow",
    11: "Forearm, Wrist, and Hand",
    12: "Low Back",
    13: "Knee",
    14: "Ankle and Foot",
    15: "Stress",
    16: "Eye",
}


@pytest.mark.parametrize(("number", "region"), CHAPTERS.items())
def test_chapters_of_acoem_2004(number, region):
    (guideline,) = [one for one in vocabulary.guidelines() if number in one.chapters]
    assert guideline.name.startswith(region)
    assert guideline.family == "MTUS"


def test_a_mark_means_one_work():
    owners = defaultdict(set)
    for work in vocabulary.works():
        for mark in work.marks:
            owners[vocabulary.key(mark)].add(work.name)
    assert {mark: names for mark, names in owners.items() if len(names) > 1} == {}


# ---- treatments -----------------------------------------------------------------------------------------------------
def test_categories_are_the_states_list_in_the_states_spelling():
    assert {one.name: list(one.subcategories) for one in vocabulary.categories()} == TOOL_CATEGORIES


def test_every_rule_places_in_the_list_and_every_place_can_be_reached():
    places = {(name, sub) for name, subs in TOOL_CATEGORIES.items() for sub in subs or [None]}
    ruled = {(rule.category, rule.subcategory) for rule in vocabulary.rules()}
    drugs = {("Pharmaceuticals", drug.group) for drug in vocabulary.drugs().values()}
    assert ruled | drugs == places


def test_rules_come_lowest_rank_first():
    ranks = [rule.rank for rule in vocabulary.rules()]
    assert ranks == sorted(ranks)
    assert set(ranks) == {1, 2, 3, 4}


def test_every_drug_group_is_a_subcategory_of_pharmaceuticals():
    groups = {drug.group for drug in vocabulary.drugs().values()}
    assert groups == set(TOOL_CATEGORIES["Pharmaceuticals"])


def test_the_name_of_a_drug_stands_in_one_place_only():
    spellings = Counter(
        vocabulary.key(spelling)
        for group in vocabulary.load("drugs")["group"]
        for generic, brands in group["drugs"].items()
        for spelling in {generic, *brands}
    )
    assert [spelling for spelling, count in spellings.items() if count > 1] == []


def test_names_of_drugs_are_no_ordinary_words():
    """Short names and words of a medical heading would place requests that name no drug."""
    ordinary = {"pain", "relief", "ease", "back", "neck", "spine", "knee", "therapy", "patch", "cream", "test", "unit"}
    assert {name for name in vocabulary.drugs() if len(name) < 4 or name in ordinary} == set()


DRUGS = {
    "norco": ("hydrocodone/acetaminophen", "Opioids"),
    "ultram": ("tramadol", "Opioids"),
    "flexeril": ("cyclobenzaprine", "Muscle Relaxant"),
    "neurontin": ("gabapentin", "Anti-epilepsy drugs"),
    "prilosec": ("omeprazole", "Proton Pump Inhibitors"),
    "lunesta": ("eszopiclone", "Sedative-hypnotics"),
    "xanax": ("alprazolam", "Benzodiazepine(s)"),
    "cymbalta": ("duloxetine", "Antidepressant"),
    "narcan": ("naloxone", "Opioid Antagonist"),
    "synvisc": ("hylan G-F 20", "Viscosupplementation"),
}


@pytest.mark.parametrize(("name", "drug"), DRUGS.items(), ids=DRUGS)
def test_brand_and_generic_are_one_drug(name, drug):
    found = vocabulary.drugs()[name]
    assert (found.name, found.group) == drug
    assert vocabulary.drugs()[vocabulary.key(found.name)] is found


# ---- contradictions -------------------------------------------------------------------------------------------------
@pytest.fixture
def shipped(monkeypatch):
    """Puts other files in the place of the shipped ones, for the length of one test."""
    caches = [value for value in vars(vocabulary).values() if hasattr(value, "cache_clear")]

    def forget():
        for cache in caches:
            cache.cache_clear()

    def ship(**files):
        monkeypatch.setattr(vocabulary, "load", files.__getitem__)
        forget()

    yield ship
    monkeypatch.undo()
    forget()


def board(name: str, *aliases: str) -> dict:
    return {"name": name, "kind": "board", "aliases": list(aliases)}


def test_an_alias_of_two_specialties_is_refused_by_name(shipped):
    shipped(specialties={"specialty": [board("Urology", "Kidney Doctor"), board("Nephrology", "kidney & doctor")]})
    assert vocabulary.specialty("Urology").name == "Urology"  # "kidney and doctor" is another spelling
    shipped(specialties={"specialty": [board("Urology", "Kidney Doctor"), board("Nephrology", "KIDNEY-DOCTOR")]})
    with pytest.raises(VocabularyError, match=r"specialties\.toml: 'KIDNEY-DOCTOR' .* Urology and Nephrology"):
        vocabulary.specialty("Urology")


def test_an_alias_that_is_another_specialtys_name_is_refused(shipped):
    shipped(specialties={"specialty": [board("Urology"), board("Nephrology", "urology")]})
    with pytest.raises(VocabularyError, match=r"specialties\.toml: 'urology'"):
        vocabulary.specialty("Nephrology")


def test_an_alias_twice_for_one_specialty_is_no_contradiction(shipped):
    shipped(specialties={"specialty": [board("Ear & Nose", "Ear and Nose", "ear/and/nose")]})
    assert vocabulary.specialty("EAR AND NOSE").name == "Ear & Nose"


def test_a_drug_in_two_groups_is_refused_by_name(shipped):
    groups = [
        {"name": "Opioids", "drugs": {"one": ["Brand-X"]}},
        {"name": "NSAID", "drugs": {"two": ["brand x"]}},
    ]
    shipped(drugs={"group": groups})
    with pytest.raises(VocabularyError, match=r"drugs\.toml: 'brand x' stands in Opioids and NSAID"):
        vocabulary.drugs()


@pytest.mark.parametrize(
    "place",
    [{"category": "Surgery", "subcategory": "Robotic"}, {"category": "Magic"}, {"category": "Surgery"}],
    ids=["unknown sub-category", "unknown category", "sub-category missing"],
)
def test_a_rule_that_places_outside_the_list_is_refused(shipped, place):
    category = [{"name": "Surgery", "subcategories": ["Spine"]}, {"name": "Programs"}]
    shipped(treatments={"category": category, "rule": [{"rank": 1, "patterns": ["x"], **place}]})
    with pytest.raises(VocabularyError, match=r"treatments\.toml: .* which is not in the list"):
        vocabulary.rules()


def test_a_rule_for_a_category_without_subcategories_is_fine(shipped):
    rule = {"rank": 1, "category": "Programs", "patterns": ["gym", "pool"], "unless": "table"}
    shipped(treatments={"category": [{"name": "Programs"}], "rule": [rule]})
    (found,) = vocabulary.rules()
    assert (found.category, found.subcategory, found.pattern.pattern) == ("Programs", None, "gym|pool")
    assert found.unless == re.compile("table")


# ---- drugs without a group, parts of the body, procedures ------------------------------------------------------------
def test_classes_of_other_drugs_are_no_groups_of_the_states():
    classes = {drug.group for drug in vocabulary.other_drugs().values()}
    assert classes
    assert not classes & set(TOOL_CATEGORIES["Pharmaceuticals"])


def test_no_drug_stands_in_both_files():
    assert not vocabulary.drugs().keys() & vocabulary.other_drugs().keys()
    assert {name for name in vocabulary.other_drugs() if len(name) < 4} == set()


def test_a_drug_of_both_files_is_refused_by_name(shipped):
    shipped(
        drugs={"group": [{"name": "Opioids", "drugs": {"one": ["Brand-X"]}}]},
        other_drugs={"class": [{"name": "Gout drugs", "drugs": {"two": ["brand x"]}}]},
    )
    with pytest.raises(VocabularyError, match=r"other_drugs\.toml: 'brand x' stands in Opioids and Gout drugs"):
        vocabulary.other_drugs()


def test_names_of_parts_and_procedures_are_unique():
    for file, table in (("body_parts", "part"), ("procedures", "procedure")):
        names = Counter(row["name"] for row in vocabulary.load(file)[table])
        assert [name for name, count in names.items() if count > 1] == []


def test_rows_have_only_the_keys_that_their_head_explains():
    beside = {"unless_before", "unless_after"}
    parts = {key for row in vocabulary.load("body_parts")["part"] for key in row}
    assert parts == {"name", "region", "words", "implied", "only_before", "only_after"} | beside
    procedures = {key for row in vocabulary.load("procedures")["procedure"] for key in row}
    assert procedures == {"name", "kind", "general", "words", "capitals"} | beside


def test_only_joint_wordings_name_two_procedures_or_parts():
    two = {wording for wording, named in vocabulary.procedures().items() if len(named) > 1 and wording[-1] != "s"}
    assert two == {
        *("pt ot", "chirophysio therapy", "physical occupational therapy", "physical and occupational therapy"),
    }
    for wording, parts in vocabulary.body_parts().items():
        assert len(parts) <= 2, wording


PROCEDURES = {
    "esi": "epidural steroid injection",
    "facet blocks": "facet injection",
    "x rays": "X-ray",
    "nerve conduction studies": "NCV",
    "uds": "urine drug screen",
    "frp": "functional restoration program",
    "tens unit": "TENS",
    "rhizotomy": "radiofrequency ablation",
    "acdf": "fusion",
    "lso brace": "brace",
}


@pytest.mark.parametrize(("wording", "name"), PROCEDURES.items(), ids=PROCEDURES)
def test_wordings_of_one_procedure(wording, name):
    assert [one.name for one in vocabulary.procedures()[wording]] == [name]


def test_a_wording_twice_under_one_part_is_refused(shipped):
    shipped(
        body_parts={"part": [{"name": "knee", "region": "lower extremity", "words": ["Kneecap", "knee-cap", "KNEE"]}]}
    )
    with pytest.raises(VocabularyError, match=r"body_parts\.toml: 'KNEE' stands twice under knee"):
        vocabulary.body_parts()


def test_the_shipped_files_are_back_after_these_tests():
    assert vocabulary.specialty("Urology").name == "Urology"
    assert len(vocabulary.specialties()) > 50
