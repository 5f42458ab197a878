"""The reviewer's credentials: the sentence of 2014 and the lines of later letters."""

import pytest

from determinations import vocabulary
from determinations.letters import parse_letter
from determinations.letters.parts.reviewer import read_credentials
from determinations.letters.text.clean import clean

from .builder import Parts, letter_2014, letter_2016, pdfbox, single_spaced, squeezed

OCCUPATIONAL = ("Occupational Medicine", "Occupational Medicine")
PREVENTIVE = ("Preventive Medicine", "Preventive Medicine")
REHABILITATION = ("Physical Medicine and Rehabilitation", "Physical Medicine and Rehabilitation")
PAIN = ("Pain Medicine", "Pain Medicine")
METABOLISM = ("Endocrinology, Diabetes and Metabolism", "Endocrinology, Diabetes and Metabolism")
EAR = ("Ear, Nose and Throat", "Otolaryngology - Head and Neck Surgery")


def read(text: str) -> tuple[list[tuple[str, str | None]], list[tuple[str, str | None]], list[str], list[str]]:
    """Board certifications, subspecialties (as printed, by name), states, and the codes of the issues."""
    cleaned = clean(text)
    credentials, issues = read_credentials(cleaned, 0, len(cleaned.text))
    return (
        [(one.text, one.name) for one in credentials.board_certifications],
        [(one.text, one.name) for one in credentials.subspecialties],
        [state.value for state in credentials.licensed_states],
        [issue.code for issue in issues],
    )


# ---- the sentence ---------------------------------------------------------------------------------------------------
def sentence(certified: str, states: str = "Ohio") -> str:
    return f"The expert reviewer is Board Certified in {certified} and is licensed to practice in {states}."


HAND = ("Hand Surgery", "Surgery of the Hand")
SPORTS = ("Sports Medicine", "Sports Medicine")
ANESTHESIOLOGY = ("Anesthesiology", "Anesthesiology")
CRITICAL_CARE = ("Critical Care Medicine", "Critical Care Medicine")
IN_THE_SENTENCE = {
    "no subspecialty": ("Occupational Medicine", [OCCUPATIONAL], []),
    "one subspecialty": (
        "Physical Medicine and Rehabilitation, has a subspecialty in Pain Medicine",
        [REHABILITATION],
        [PAIN],
    ),
    "several subspecialties": (
        "Physical Medicine and Rehabilitation, has a subspecialty in Pain Medicine, Spinal Cord Medicine",
        [REHABILITATION],
        [PAIN, ("Spinal Cord Medicine", "Spinal Cord Injury Medicine")],
    ),
    "several subspecialties, and": (
        "Orthopedic Surgery, has a subspecialty in Hand Surgery and Sports Medicine",
        [("Orthopedic Surgery", "Orthopaedic Surgery")],
        [HAND, SPORTS],
    ),
    "several subspecialties, comma and": (
        "Orthopedic Surgery, has a subspecialty in Hand Surgery, and Sports Medicine",
        [("Orthopedic Surgery", "Orthopaedic Surgery")],
        [HAND, SPORTS],
    ),
    "in the plural": (
        "Anesthesiology, and has subspecialties in Pain Medicine, Critical Care Medicine",
        [ANESTHESIOLOGY],
        [PAIN, CRITICAL_CARE],
    ),
    "no comma before the subspecialty": (
        "Anesthesiology has a subspecialty in Pain Medicine",
        [ANESTHESIOLOGY],
        [PAIN],
    ),
    "a comma before the licence": ("Anesthesiology, has a subspecialty in Pain Medicine,", [ANESTHESIOLOGY], [PAIN]),
    "several boards": ("Preventive Medicine, Occupational Medicine", [PREVENTIVE, OCCUPATIONAL], []),
    "several boards, and": ("Preventive Medicine and Occupational Medicine", [PREVENTIVE, OCCUPATIONAL], []),
    "several boards, comma and": (
        "Preventive Medicine, Occupational Medicine, and Urology",
        [PREVENTIVE, OCCUPATIONAL, ("Urology", "Urology")],
        [],
    ),
    "an and that belongs to the name": (
        "Allergy and Immunology",
        [("Allergy and Immunology", "Allergy and Immunology")],
        [],
    ),
    "a subspecialty with a comma and an and": (
        "Internal Medicine, has a subspecialty in Endocrinology, Diabetes and Metabolism",
        [("Internal Medicine", "Internal Medicine")],
        [METABOLISM],
    ),
    "a board with a comma": ("Ear, Nose and Throat", [EAR], []),
    "ampersand": (
        "Physical Medicine & Rehabilitation",
        [("Physical Medicine & Rehabilitation", "Physical Medicine and Rehabilitation")],
        [],
    ),
    # The American Board of Medical Specialties grants Pain Medicine on top of another certificate only.
    "a subspecialty among the boards": ("Anesthesiology, Pain Medicine", [ANESTHESIOLOGY], [PAIN]),
    # Where the sentence says what it is, the sentence is right.
    "a board that is called a subspecialty": (
        "Preventive Medicine, has a subspecialty in Occupational Medicine",
        [PREVENTIVE],
        [OCCUPATIONAL],
    ),
    "wrapped between the words": (
        "Physical\nMedicine and\nRehabilitation,\nhas a\nsubspecialty\nin Pain\nMedicine",
        [REHABILITATION],
        [PAIN],
    ),
    "a page ends in it": (
        "Physical \n\n\n\nMedicine and Rehabilitation, \n\nhas a subspecialty in \n\nPain Medicine \n\n",
        [REHABILITATION],
        [PAIN],
    ),
}


@pytest.mark.parametrize(("certified", "boards", "subspecialties"), IN_THE_SENTENCE.values(), ids=IN_THE_SENTENCE)
def test_the_sentence(certified, boards, subspecialties):
    assert read(sentence(certified)) == (boards, subspecialties, ["OH"], [])
    capitals = [(text.upper(), name) for text, name in boards], [(text.upper(), name) for text, name in subspecialties]
    assert read(sentence(certified).upper()) == (*capitals, ["OH"], [])
    # Other sentences stand around it.
    whole = f"The case went to a reviewer. {sentence(certified)} He/she has been in practice in Iowa for ten years."
    assert read(whole) == read(sentence(certified))


LICENSED = {
    "one": ("Nevada", ["NV"]),
    "two words": ("West Virginia", ["WV"]),
    "commas": ("New York, Texas, West Virginia", ["NY", "TX", "WV"]),
    "commas without blanks": ("New York,Texas,West Virginia", ["NY", "TX", "WV"]),
    "and": ("Virginia and New Mexico", ["VA", "NM"]),
    "commas and and": ("Virginia, New Mexico, and North Dakota", ["VA", "NM", "ND"]),
    "wrapped in a name": ("New\nYork, Texas", ["NY", "TX"]),
    "the district at the end": ("Virginia, Washington, D.C", ["VA", "DC"]),
    "the district in mid list": ("Washington, D.C., Virginia", ["DC", "VA"]),
}


@pytest.mark.parametrize(("printed", "expected"), LICENSED.values(), ids=LICENSED)
def test_states_of_the_sentence(printed, expected):
    text = f"{sentence('Urology', printed)} He/she has been in active clinical practice."
    assert read(text) == ([("Urology", "Urology")], [], expected, [])


# ---- the lines ------------------------------------------------------------------------------------------------------
LINES = {
    "commas with blanks": ("Texas, New York, California", "Preventive Medicine, Occupational Medicine"),
    "commas without blanks": ("Texas,New York,California", "Preventive Medicine,Occupational Medicine"),
    "semicolons": ("Texas; New York; California", "Preventive Medicine; Occupational Medicine"),
    "wrapped between names": ("Texas,\nNew York, California", "Preventive Medicine,\nOccupational Medicine"),
    "wrapped inside names": ("Texas, New\nYork, California", "Preventive\nMedicine, Occupational\nMedicine"),
    "and": ("Texas, New York and California", "Preventive Medicine and Occupational Medicine"),
    "a final stop": ("Texas, New York, California.", "Preventive Medicine, Occupational Medicine."),
    "a comma too many": ("Texas, New York, California,", "Preventive Medicine,, Occupational Medicine,"),
    "capitals": ("TEXAS, NEW YORK, CALIFORNIA", "Preventive Medicine, Occupational Medicine"),
    "postal names": ("TX, NY, CA", "Preventive Medicine, Occupational Medicine"),
    "on the line after the label": ("\nTexas, New York, California", "\nPreventive Medicine, Occupational Medicine"),
}


@pytest.mark.parametrize(("states", "certifications"), LINES.values(), ids=LINES)
def test_two_lines_however_they_are_written(states, certifications):
    text = f"State(s) of Licensure: {states}\nCertification(s)/Specialty: {certifications}\n"
    assert read(text) == ([PREVENTIVE, OCCUPATIONAL], [], ["TX", "NY", "CA"], [])
    # The two lines may stand in either order, and both on one line.
    swapped = f"Certification(s)/Specialty: {certifications}\nState(s) of Licensure: {states}\n"
    assert read(swapped) == read(text)
    assert read(text.replace("\nCert", " Cert")) == read(text)


CERTIFICATIONS = {
    "one": ("Neurology", ["Neurology"], []),
    "a board and a subspecialty": (
        "Orthopedic Surgery, Hand Surgery",
        ["Orthopaedic Surgery"],
        ["Surgery of the Hand"],
    ),
    "subspecialty first": ("Pain Management, Anesthesiology", ["Anesthesiology"], ["Pain Medicine"]),
    "only a subspecialty": ("Sports Medicine", [], ["Sports Medicine"]),
    "three": (
        "Anesthesiology, Pain Management, Hospice & Palliative Medicine",
        ["Anesthesiology"],
        ["Pain Medicine", "Hospice and Palliative Medicine"],
    ),
    "the wrap splits a name": (
        "Physical Medicine &\nRehabilitation, Pediatric\nRehabilitation Medicine",
        ["Physical Medicine and Rehabilitation"],
        ["Pediatric Rehabilitation Medicine"],
    ),
    "the wrap splits a name at its comma": (
        "Internal Medicine, Endocrinology,\nDiabetes and Metabolism",
        ["Internal Medicine"],
        ["Endocrinology, Diabetes and Metabolism"],
    ),
    "names with commas beside others": (
        "Plastic Surgery, Ear, Nose and Throat, Endocrinology, Diabetes and Metabolism, Sleep Medicine",
        ["Plastic Surgery", "Otolaryngology - Head and Neck Surgery"],
        ["Endocrinology, Diabetes and Metabolism", "Sleep Medicine"],
    ),
    "a name with two commas": (
        "Endocrinology, Diabetes, and Metabolism, Internal Medicine",
        ["Internal Medicine"],
        ["Endocrinology, Diabetes and Metabolism"],
    ),
    "the second half of a name is a name too": (
        "Public Health & General Preventive Medicine, Preventive Medicine",
        ["Public Health and General Preventive Medicine", "Preventive Medicine"],
        [],
    ),
    "the longest name counts": ("Surgery, General, Urology", ["Surgery", "Urology"], []),
    "a profession outside the boards": ("Chiropractor", ["Chiropractic"], []),
    "a dental subspecialty": ("Dentist, Orofacial Pain", ["Dentistry"], ["Orofacial Pain"]),
}


@pytest.mark.parametrize(("line", "boards", "subspecialties"), CERTIFICATIONS.values(), ids=CERTIFICATIONS)
def test_a_list_of_certifications_is_told_apart_by_what_the_boards_grant(line, boards, subspecialties):
    found = read(f"State(s) of Licensure: Ohio\nCertification(s)/Specialty: {line}\n")
    assert [name for _, name in found[0]] == boards
    assert [name for _, name in found[1]] == subspecialties
    assert found[3] == []


def test_names_are_kept_as_printed():
    boards, subspecialties, *_ = read("Certification(s)/Specialty: family  practice,\nPAIN\nMANAGEMENT\n")
    assert boards == [("family practice", "Family Medicine")]
    assert subspecialties == [("PAIN MANAGEMENT", "Pain Medicine")]


@pytest.mark.parametrize("specialty", vocabulary.specialties(), ids=lambda specialty: specialty.name)
def test_every_specialty_takes_its_role_from_the_vocabulary(specialty):
    # Between two others, so that a name with commas has neighbours to be parted from.
    line = f"Certification(s)/Specialty: Emergency Medicine, {specialty.name}, Urology\nState(s) of Licensure: Ohio"
    boards, subspecialties, _, issues = read(line)
    emergency, urology = ("Emergency Medicine",) * 2, ("Urology",) * 2
    itself = (specialty.name, specialty.name)
    if specialty.kind == "board":
        assert (boards, subspecialties, issues) == ([emergency, itself, urology], [], [])
    else:
        assert (boards, subspecialties, issues) == ([emergency, urology], [itself], [])


# ---- what is not known ----------------------------------------------------------------------------------------------
MISTYPED = {
    "a letter too many": "Sports Medicinea",
    "a letter missing": "Neurolgy",
    "two names run together": "Orthopedic SurgerySports Medicine",
    "no specialty at all": "Cardboard Medicine",
    "a name that is nearly one": "Physical Medicine",
    # It is not cut at its "and": only one of the halves would be known.
    "half of it known": "Surgery and Recovery",
}


@pytest.mark.parametrize("printed", MISTYPED.values(), ids=MISTYPED)
def test_a_mistyped_certification_is_kept_as_printed_without_a_name_and_goes_to_the_queue(printed):
    text = f"State(s) of Licensure: Ohio\nCertification(s)/Specialty: Urology, {printed}, Pain Management\n"
    cleaned = clean(text)
    credentials, (issue,) = read_credentials(cleaned, 0, len(cleaned.text))
    assert [(one.text, one.name) for one in credentials.board_certifications] == [
        ("Urology", "Urology"),
        (printed, None),
    ]
    assert [one.name for one in credentials.subspecialties] == ["Pain Medicine"]
    assert issue.code == "unknown-specialty"
    assert printed in issue.message
    assert text[issue.span.start : issue.span.end] == printed


def test_a_mistyped_subspecialty_of_the_sentence_stays_a_subspecialty():
    found = read(sentence("Urology, has a subspecialty in Pane Medicine"))
    assert found == ([("Urology", "Urology")], [("Pane Medicine", None)], ["OH"], ["unknown-specialty"])


STATES = {
    "district": ("District of Columbia", ["DC"]),
    "washington with stops": ("Washington, D.C.", ["DC"]),
    "washington without stops": ("Washington DC", ["DC"]),
    "the state of washington": ("Washington", ["WA"]),
    "washington and the district": ("Washington, D.C., Washington", ["DC", "WA"]),
    "the district in mid list": ("Maryland, Washington, D.C., Virginia", ["MD", "DC", "VA"]),
    "washington before another state": ("Washington, Oregon", ["WA", "OR"]),
    "names that begin with another name": ("West Virginia, Virginia, Kansas, Arkansas", ["WV", "VA", "KS", "AR"]),
    "a territory": ("Puerto Rico, U.S. Virgin Islands, Guam", ["PR", "VI", "GU"]),
}


@pytest.mark.parametrize(("printed", "expected"), STATES.values(), ids=STATES)
def test_states_of_the_line(printed, expected):
    assert read(f"State(s) of Licensure: {printed}\nCertification(s)/Specialty: Urology\n")[2:] == (expected, [])


@pytest.mark.parametrize("printed", ["Califronia", "Ontario", "Calif"])
def test_an_unknown_state_goes_to_the_queue(printed):
    text = f"State(s) of Licensure: Ohio, {printed}, Nevada\nCertification(s)/Specialty: Urology\n"
    cleaned = clean(text)
    credentials, (issue,) = read_credentials(cleaned, 0, len(cleaned.text))
    assert [state.value for state in credentials.licensed_states] == ["OH", "NV"]
    assert issue.code == "unknown-state"
    assert text[issue.span.start : issue.span.end] == printed


@pytest.mark.parametrize(
    "text",
    [
        "He/she has no affiliation with the employer, employee, providers or the claims administrator.",
        "State(s) of Licensure: Ohio\nCertification(s)/Specialty:\n",
        "",
    ],
    ids=["method paragraph only", "empty line", "nothing"],
)
def test_no_credentials_are_an_issue(text):
    boards, subspecialties, _, codes = read(text)
    assert (boards, subspecialties, codes) == ([], [], ["no-credentials"])


def test_the_issue_of_missing_credentials_points_at_the_paragraph_that_should_have_them():
    source = pdfbox(letter_2014(Parts(), reviewer=""))
    no_header, issue = parse_letter(source).issues
    assert (no_header.code, issue.code) == ("no-header", "no-credentials")
    assert "affiliation with the employer" in " ".join(source[issue.span.start : issue.span.end].split())


# ---- in a letter ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("width", [30, 45, 60, 98])
@pytest.mark.parametrize("layout", [pdfbox, single_spaced])
def test_credentials_of_a_letter_wrapped_at_any_width(layout, width):
    source = layout(
        letter_2016(
            Parts(), states="New York, Washington, D.C.", certifications="Ear, Nose and Throat, Pediatric Surgery"
        ),
        width,
    )
    letter = parse_letter(source)
    (board,), (subspecialty,) = letter.reviewer.board_certifications, letter.reviewer.subspecialties
    assert (board.text, board.name) == EAR
    assert subspecialty.name == "Pediatric Surgery"
    assert [state.value for state in letter.reviewer.licensed_states] == ["NY", "DC"]
    assert squeezed(source[board.span.start : board.span.end]) == "Ear,NoseandThroat"
    states = letter.reviewer.licensed_states
    assert [squeezed(source[one.span.start : one.span.end]).strip(".") for one in states] == [
        "NewYork",
        "Washington,D.C",
    ]


def test_the_summary_does_not_lend_its_words_to_the_credentials():
    summary = (sentence("Urology"), "Certification(s)/Specialty: Dermatology")
    letter = parse_letter(pdfbox(letter_2014(Parts(), summary=summary)))
    assert [one.name for one in letter.reviewer.board_certifications] == ["Neurology"]
