"""Cover letters and professional reviews in the wordings they come in; each in several layouts."""

import pytest

from determinations.letters import Determination, Outcome, parse_letter

from .forms import LAYOUTS, NOT_NECESSARY, cover_letter, professional_review

layouts = pytest.mark.parametrize("layout", LAYOUTS)


def codes(letter):
    return [issue.code for issue in letter.issues]


def found(letter):
    return [(item.treatment.value, item.outcome and item.outcome.value.value) for item in letter.items]


# ---- the cover letter -----------------------------------------------------------------------------------------------
CLAIMS = "The Claims Administrator based its decision on the MTUS Chronic Pain Guidelines, pages 98-99."
REVIEWER = "The Physician Reviewer based his/her decision on the Official Disability Guidelines (ODG), Pain Chapter."
LABELLED = {
    "claims": f"Claims Administrator guideline: {CLAIMS}",
    "reviewer": "MAXIMUS guideline: Decision based on Non-MTUS Citation Official Disability Guidelines (ODG), Pain "
    "Chapter.",
    "rationale": "Decision rationale:",
}
_IS, _IS_NOT = " is medically necessary and appropriate.", " is not medically necessary and appropriate."
ITEMS = {
    "numbered": {},
    "numbers with brackets": {"lead": "{}) "},
    "no numbers": {"lead": ""},
    "the request for": {"lead": "{}. The request for "},
    "the requests for": {
        "lead": "{}. The requests for ",
        "yes": " are medically necessary and appropriate.",
        "no": " are not medically necessary and appropriate.",
    },
    "the retrospective request for": {"lead": "{}. The retrospective request for "},
    "as a notice says it": {"lead": "{}. MAXIMUS Federal Services, Inc. has determined the request for "},
    "capitals": {"yes": _IS.upper(), "no": _IS_NOT.upper()},
    "glued": {"yes": " ismedically necessaryand appropriate.", "no": " isnotmedically necessary andappropriate."},
    "headings": {"yes": ": Overturned", "no": ": Upheld"},
    "headings in capitals": {"yes": ": OVERTURNED", "no": ": UPHELD"},
    "no final stop": {"yes": _IS[:-1], "no": _IS_NOT[:-1]},
    "expert reviewer": {
        "reviewer": REVIEWER.replace("Physician", "Expert"),
        "rationale": "The Expert Reviewer's decision rationale:",
    },
    "rationale for the decision": {"rationale": "Rationale for the Decision:"},
    "a typeset apostrophe": {"rationale": "The Physician Reviewer’s decision rationale:"},
    "claims administrator's decision": {
        "claims": "The Claims Administrator's decision was based on the MTUS Chronic Pain Guidelines, pages 98-99."
    },
    "no section applicable": {
        "reviewer": "The Physician Reviewer found that no section of the MTUS was applicable. Per the Strength of "
        "Evidence hierarchy, " + REVIEWER.replace("The", "the", 1)
    },
    "both sides in one paragraph": {"claims": f"{CLAIMS} {REVIEWER}", "reviewer": ""},
    "labels below sentences": LABELLED,
    "labels below numbered headings": LABELLED | {"yes": ": Overturned", "no": ": Upheld"},
}


def _items(
    lead="{}. ",
    yes=_IS,
    no=_IS_NOT,
    claims=CLAIMS,
    reviewer=REVIEWER,
    rationale="The Physician Reviewer's decision rationale:",
):
    told = (
        ("Eight visits of acupuncture", yes, "The notes show gains. The request is medically necessary."),
        ("Norco 10/325mg #90", no, "No gain is noted. The request is not medically necessary."),
    )
    return "\n\n".join(
        "\n\n".join(
            filter(None, [f"{lead.format(number)}{words}{verdict}", claims, reviewer, f"{rationale} {reasons}"])
        )
        for number, (words, verdict, reasons) in enumerate(told, 1)
    )


@layouts
@pytest.mark.parametrize("variant", ITEMS)
def test_how_a_cover_letter_writes_its_items(variant, layout):
    letter = parse_letter(LAYOUTS[layout](cover_letter(_items(**ITEMS[variant]), "PARTIAL OVERTURN")))
    assert found(letter) == [("Eight visits of acupuncture", "Overturned"), ("Norco 10/325mg #90", "Upheld")]
    for item, ends in zip(letter.items, ("is medically necessary.", "is not medically necessary."), strict=True):
        (claims,), (reviewer,) = item.claims_administrator.citations, item.reviewer.citations
        assert (claims.guideline, claims.pages) == ("Chronic Pain Medical Treatment Guidelines (2009)", ("98-99",))
        assert (reviewer.guideline, reviewer.mtus) == ("ODG Pain", False)
        assert " ".join(item.rationale.value.split()).endswith(ends)
        assert len(item.rationale.value) < 80
    assert codes(letter) == []


@pytest.mark.parametrize(
    ("words", "determination"),
    [
        ("Final Determination: UPHOLD.", Determination.UPHOLD),
        ("FINAL DETERMINATION: UPHELD", Determination.UPHOLD),
        ("Final Determination:\nUPHOLD.", Determination.UPHOLD),
        ("Final Determination - UPHOLD", Determination.UPHOLD),
        ("Final Determination UPHOLD.", Determination.UPHOLD),
        ("Final Determination: OVERTURN.", Determination.OVERTURN),
        ("Final Determination: Partially Overturned.", Determination.PARTIAL_OVERTURN),
        ("Final Determination: PARTIAL-OVERTURN.", Determination.PARTIAL_OVERTURN),
        ("Final Determination: OVERTURN IN PART.", Determination.PARTIAL_OVERTURN),
        ("Final Determination: PARTIAL UPHOLD.", Determination.PARTIAL_OVERTURN),
    ],
)
def test_what_the_cover_page_says(words, determination):
    text = cover_letter(_items(), "PARTIAL OVERTURN").replace("Final Determination: PARTIAL OVERTURN.", words, 1)
    letter = parse_letter(text)
    assert letter.determination.value is determination
    agreed = determination is Determination.PARTIAL_OVERTURN
    assert codes(letter) == ([] if agreed else ["determination-differs"])


# ---- the professional review ----------------------------------------------------------------------------------------
_FOR = "RATIONALE FOR WHY THE REQUESTED "


@layouts
@pytest.mark.parametrize(
    ("heading", "outcome"),
    [
        (_FOR + "TREATMENT/SERVICE IS NOT MEDICALLY NECESSARY:", Outcome.UPHELD),
        (_FOR + "TREATMENT/SERVICE IS MEDICALLY NECESSARY:", Outcome.OVERTURNED),
        (_FOR + "TREATMENT/SERVICE WAS NOT MEDICALLY NECESSARY", Outcome.UPHELD),
        (_FOR + "TREATMENTS/SERVICES ARE NOT MEDICALLY NECESSARY:", Outcome.UPHELD),
        (_FOR + "TREATMENT(S)/SERVICE(S) IS/WAS NOT MEDICALLY NECESSARY:", Outcome.UPHELD),
        (_FOR + "TREATMENT / SERVICE IS / WAS\nNOT MEDICALLY NECESSARY:", Outcome.UPHELD),
        (_FOR + "TREATMENT/SERVICE IS/WASNOT MEDICALLY NECESSARY:", Outcome.UPHELD),
        (_FOR + "TREATMENT/SERVICE IS/WAS NOT MEDICALLY NECESSARY AND APPROPRIATE:", Outcome.UPHELD),
        (_FOR + "TREATMENT OR SERVICE IS OR WAS NOT MEDICALLY NECESSARY:", Outcome.UPHELD),
        (_FOR + "TREATMENT IS NOT MEDICALLY NECESSARY:", Outcome.UPHELD),
        (_FOR + "SERVICE IS/WAS MEDICALLY NECESSARY:", Outcome.OVERTURNED),
        (_FOR.lower() + "treatment/service is/was not medically necessary:", Outcome.UPHELD),
        # Where the form's words were left as they are the reasons decide.
        (_FOR + "TREATMENT/SERVICE IS/WAS (NOT) MEDICALLY NECESSARY:", Outcome.UPHELD),
        (_FOR + "TREATMENT/SERVICE IS/IS NOT MEDICALLY NECESSARY:", Outcome.OVERTURNED),
    ],
)
def test_headings_that_decide(heading, outcome, layout):
    verdict = "not " if outcome is Outcome.UPHELD else ""
    reasons = f"The pool is far. The request for aquatic therapy is {verdict}medically necessary."
    text = professional_review(
        "Whether the request for aquatic therapy is medically necessary.", f"{heading}\n{reasons}"
    )
    letter = parse_letter(LAYOUTS[layout](text))
    assert found(letter) == [("aquatic therapy", outcome.value)]
    assert letter.items[0].rationale.value.startswith("The pool is far")
    assert codes(letter) == []


def test_a_heading_and_reasons_that_leave_it_open_decide_nothing():
    heading = _FOR + "TREATMENT/SERVICE IS/WAS (NOT) MEDICALLY NECESSARY:\n"
    letter = parse_letter(professional_review("Aquatic therapy", heading + "The pool is far."))
    assert found(letter) == [("Aquatic therapy", None)]
    assert codes(letter) == ["no-outcome"]


AQUATIC, PATCH = "aquatic therapy", "Terocin patch #30"


@pytest.mark.parametrize(
    ("issues", "requests"),
    [
        ("aquatic therapy", [AQUATIC]),
        ("Whether aquatic therapy is medically necessary.", [AQUATIC]),
        ("Is the request for aquatic therapy medically necessary?", [AQUATIC]),
        ("Is aquatic therapy medically necessary and appropriate?", [AQUATIC]),
        ("Is/was the requested aquatic therapy medically necessary?", [AQUATIC]),
        ("The medical necessity of aquatic therapy.", [AQUATIC]),
        ("Medical necessity of: aquatic therapy", [AQUATIC]),
        ("Whether the retrospective request for aquatic therapy was medically necessary.", [AQUATIC]),
        ("Request for aquatic therapy", [AQUATIC]),
        ("1) aquatic therapy\n2) Terocin patch #30", [AQUATIC, PATCH]),
        ("• aquatic therapy\n• Terocin patch #30", [AQUATIC, PATCH]),
        ("(1) aquatic therapy; (2) Terocin patch #30", [AQUATIC, PATCH]),
        (
            (
                "1. Is the request for aquatic therapy medically necessary?\n2. Is the request for Terocin patch #30 "
                "medically necessary?"
            ),
            [AQUATIC, PATCH],
        ),
        ("Eight visits of aquatic therapy for the\nlower back", ["Eight visits of aquatic therapy for the lower back"]),
    ],
)
def test_how_issues_are_put(issues, requests):
    text = professional_review(issues, NOT_NECESSARY + "None is. The requests are not medically necessary.")
    letter = parse_letter(text)
    assert [item.treatment.value for item in letter.items] == requests
    assert codes(letter) == []


@pytest.mark.parametrize(
    ("sentence", "boards", "subspecialties", "states"),
    [
        (
            "The reviewer is a board certified orthopedic surgeon licensed in California.",
            ["Orthopaedic Surgery"],
            [],
            ["CA"],
        ),
        ("Board Certified in Orthopedic Surgery; licensed in California.", ["Orthopaedic Surgery"], [], ["CA"]),
        (
            "Board Certified in Orthopedic Surgery, licensed to practice in California and Texas.",
            ["Orthopaedic Surgery"],
            [],
            ["CA", "TX"],
        ),
        (
            (
                "The professional reviewer is a physician who is Board Certified in Orthopedic Surgery and licensed in "
                "the State of California."
            ),
            ["Orthopaedic Surgery"],
            [],
            ["CA"],
        ),
        ("Licensed in California. Board Certified in Orthopedic Surgery.", ["Orthopaedic Surgery"], [], ["CA"]),
        (
            (
                "The reviewer is board-certified in Neurology, with a subspecialty in Pain Medicine, and is licensed "
                "to practice medicine in California, Nevada and Texas."
            ),
            ["Neurology"],
            ["Pain Medicine"],
            ["CA", "NV", "TX"],
        ),
        ("The reviewer is a licensed Chiropractor in California.", ["Chiropractic"], [], ["CA"]),
        (
            "The Expert Reviewer is a licensed Doctor of Chiropractic, and is licensed to practice in California.",
            ["Chiropractic"],
            [],
            ["CA"],
        ),
        (
            "The physician reviewer is a licensed Psychologist and is licensed to practice in California.",
            ["Psychology"],
            [],
            ["CA"],
        ),
        (
            "The reviewer is certified by the American Board of Orthopaedic Surgery and is licensed in California.",
            ["Orthopaedic Surgery"],
            [],
            ["CA"],
        ),
        ("State(s) of Licensure: California\nCertification(s)/Specialty: Neurology", ["Neurology"], [], ["CA"]),
    ],
)
def test_qualifications_in_other_sentences(sentence, boards, subspecialties, states):
    form = "The reviewer is Board Certified in Orthopedic Surgery and is licensed to practice in Oregon."
    reasons = NOT_NECESSARY + "It is not medically necessary."
    letter = parse_letter(professional_review("Aquatic therapy", reasons).replace(form, sentence))
    assert [one.name for one in letter.reviewer.board_certifications] == boards
    assert [one.name for one in letter.reviewer.subspecialties] == subspecialties
    assert [one.value for one in letter.reviewer.licensed_states] == states
    assert codes(letter) == []
