"""The record of a reading: the keys that programs rely on, and the same as text for a person."""

import json
from pathlib import Path

import pytest

from determinations.letters.inputs.files import read_file
from determinations.letters.record import readable, record

from .builder import NO_EVIDENCE, SUMMARY, Parts, letter_2014, letter_2016, pdfbox

DOCUMENTATION = Path(__file__).resolve().parents[2] / "docs" / "data.md"

REMAINING = (
    "Hand therapy x 12 was the original request. Hand therapy x 8 was authorized by the Claims Administrator. The "
    "remaining IMR eligible portion of the original request, Hand therapy x 4 is"
)
PARTS = Parts(
    REMAINING,
    "Overturned",
    reviewer=(
        "Decision based on MTUS Chronic Pain Treatment Guidelines Physical Medicine Page(s): 98-99 of 127.  Decision "
        "based on Non-MTUS Citation Official Disability Guidelines (ODG), Forearm, Wrist, & Hand, Therapy."
    ),
    rationale="Grip is weak. Therefore, the request is medically necessary.",
)


@pytest.fixture
def written(tmp_path):
    """Writes a letter to a file and gives the record of it."""

    def write(text: str, name: str = "letter.txt") -> dict:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return record(read_file(path), name)

    return write


def test_a_whole_record(written):
    source = pdfbox(
        letter_2016(PARTS, states="New York, Texas", certifications="Orthopedic Surgery, Hand Surgery, Bone Medicine")
    )
    assert written(source) == {
        "file": "letter.txt",
        "format": "final-determination-2016",
        "case_number": "CM16-0777001",
        "dates": {
            "assigned": "2016-12-02",
            "of_injury": "2015-02-03",
            "ur_denial": "2016-11-21",
            "received": "2016-11-28",
            "decision": "2017-01-03",
        },
        "priority": "Standard",
        "reviewer": {
            "board_certifications": [
                {"text": "Orthopedic Surgery", "name": "Orthopaedic Surgery"},
                {"text": "Bone Medicine", "name": None},
            ],
            "subspecialties": [{"text": "Hand Surgery", "name": "Surgery of the Hand"}],
            "licensed_states": ["NY", "TX"],
        },
        "clinical_summary": SUMMARY[0],
        "patient": {
            "age": 51,
            "sex": None,
            "mechanism": "while lifting a tray",
            "body_parts": [{"part": "wrist", "side": "right"}],
            "diagnoses": [],
            "prior_treatments": [{"kind": "bracing", "count": None}, {"kind": "occupational therapy", "count": 8}],
            "surgeries": [],
            "denial": None,
        },
        "determination": None,
        "amended": None,
        "documents_reviewed": [],
        "items": [
            {
                "treatment": REMAINING,
                "title": "Hand therapy x 4",
                "outcome": "Overturned",
                "category": "Rehabilitation",
                "subcategory": "PT/OT",
                "claims_administrator": {
                    "statement": NO_EVIDENCE.format(side="Claims Administrator"),
                    "citations": [],
                },
                "reviewer": {
                    "statement": None,
                    "citations": [
                        {
                            "text": "Chronic Pain Treatment Guidelines Physical Medicine Page(s): 98-99 of 127",
                            "mtus": True,
                            "family": "MTUS",
                            "guideline": "Chronic Pain Medical Treatment Guidelines (2009)",
                            "section": "Physical Medicine",
                            "pages": ["98-99"],
                        },
                        {
                            "text": "Official Disability Guidelines (ODG), Forearm, Wrist, & Hand, Therapy",
                            "mtus": False,
                            "family": "ODG",
                            "guideline": "ODG Forearm, Wrist, & Hand",
                            "section": "Therapy",
                            "pages": [],
                        },
                    ],
                },
                "rationale": "Grip is weak. Therefore, the request is medically necessary.",
                "finding": "necessary",
                "contradicts": False,
                "reasons": [],
                "modification": "was authorized by the Claims Administrator",
                "request": {
                    "quantity": {"number": 4, "unit": "", "low": None},
                    "doses": [],
                    "frequency": None,
                    "duration": None,
                    "refills": None,
                    "body_parts": [{"part": "hand", "side": ""}],
                    "drugs": [],
                    "compound": False,
                    "procedures": ["occupational therapy"],
                },
            }
        ],
        "issues": [
            {
                "code": "unknown-specialty",
                "message": "No specialty is known by the name 'Bone Medicine'.",
                "start": source.index("Bone Medicine"),
                "end": source.index("Bone Medicine") + len("Bone Medicine"),
            }
        ],
    }


def shape(value: object) -> object:
    """The keys of a record, without its values; lists by the shape of their first member."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return None


def test_the_keys_are_the_documented_ones_in_their_order(written):
    side = {"statement": None, "citations": []}
    cited = {"text": None, "mtus": None, "family": None, "guideline": None, "section": None, "pages": [None]}
    found = written(pdfbox(letter_2016(PARTS, certifications="Urology, Pain Management, Bone Medicine")))
    expected = {
        "file": None,
        "format": None,
        "case_number": None,
        "dates": {"assigned": None, "of_injury": None, "ur_denial": None, "received": None, "decision": None},
        "priority": None,
        "reviewer": {
            "board_certifications": [{"text": None, "name": None}],
            "subspecialties": [{"text": None, "name": None}],
            "licensed_states": [None],
        },
        "clinical_summary": None,
        "patient": {
            "age": None,
            "sex": None,
            "mechanism": None,
            "body_parts": [{"part": None, "side": None}],
            "diagnoses": [],
            "prior_treatments": [{"kind": None, "count": None}],
            "surgeries": [],
            "denial": None,
        },
        "determination": None,
        "amended": None,
        "documents_reviewed": [],
        "items": [
            {
                "treatment": None,
                "title": None,
                "outcome": None,
                "category": None,
                "subcategory": None,
                "claims_administrator": side,
                "reviewer": {**side, "citations": [cited]},
                "rationale": None,
                "finding": None,
                "contradicts": None,
                "reasons": [],
                "modification": None,
                "request": {
                    "quantity": {"number": None, "unit": None, "low": None},
                    "doses": [],
                    "frequency": None,
                    "duration": None,
                    "refills": None,
                    "body_parts": [{"part": None, "side": None}],
                    "drugs": [],
                    "compound": None,
                    "procedures": [None],
                },
            }
        ],
        "issues": [{"code": None, "message": None, "start": None, "end": None}],
    }
    assert json.dumps(shape(found)) == json.dumps(expected)


def test_what_a_letter_does_not_say_is_null_and_no_key_is_missing(written):
    full = written(pdfbox(letter_2016(PARTS)))
    bare = written(pdfbox(letter_2014(Parts("Zzyzx", None, "", None, None), reviewer="", summary=())))
    assert list(bare) == list(full)
    assert list(bare["items"][0]) == list(full["items"][0])
    assert (bare["case_number"], bare["priority"], set(bare["dates"].values())) == (None, None, {None})
    assert bare["reviewer"] == {"board_certifications": [], "subspecialties": [], "licensed_states": []}
    assert bare["clinical_summary"] is None
    (item,) = bare["items"]
    assert {item[key] for key in ("outcome", "category", "subcategory", "rationale")} == {None}
    assert item["claims_administrator"] == item["reviewer"] == {"statement": None, "citations": []}
    assert (item["finding"], item["contradicts"]) == ("unclear", False)


def test_a_category_without_subcategories(written):
    item = written(pdfbox(letter_2016(Parts("Gym membership"))))["items"][0]
    assert (item["category"], item["subcategory"]) == ("Programs", None)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (b"%PDF-1.5", "broken-pdf"), (b"\0" * 99, "not-text"), (None, "unreadable-file")],
    ids=["empty", "pdf", "binary", "not there"],
)
def test_a_file_that_cannot_be_read_is_a_record_with_its_issue(content, code, tmp_path, written):
    path = tmp_path / "broken.txt"
    if content is not None:
        path.write_bytes(content)
    found = record(read_file(path))
    assert list(found) == list(written(pdfbox(letter_2016(PARTS))))
    assert (found["file"], found["format"], found["items"]) == (str(path), "unreadable", [])
    (issue,) = found["issues"]
    assert (issue["code"], issue["start"], issue["end"]) == (code, 0, 0)
    assert issue["message"]


def test_a_text_like_no_letter_is_a_record_with_its_issue(written):
    found = written("Dear Sir or Madam, thank you.")
    assert (found["format"], found["items"], found["clinical_summary"]) == ("unknown", [], None)
    assert [issue["code"] for issue in found["issues"]] == ["unknown-format"]


@pytest.mark.parametrize(
    "text",
    [
        pdfbox(letter_2016(PARTS)),
        pdfbox(letter_2014(Parts("Brace – “rigid” 90°", rationale="Grip: 5 µg 😀 \u2028 done."))),
        "nothing",
    ],
    ids=["plain", "signs of all kinds", "no letter"],
)
def test_a_record_survives_json(text, written):
    found = written(text)
    assert json.loads(json.dumps(found)) == found
    assert json.loads(json.dumps(found, ensure_ascii=False)) == found


def test_the_name_is_the_one_it_was_asked_for_by_and_else_the_path(tmp_path):
    path = tmp_path / "one.txt"
    path.write_text(pdfbox(letter_2016(PARTS)))
    reading = read_file(path)
    assert record(reading)["file"] == str(path)
    assert record(reading, "-")["file"] == "-"


# ---- the styles of 2014 and 2016 ------------------------------------------------------------------------------------
STYLES = {
    "Section(s)": ("Decision based on MTUS Eye Complaints 2004, Section(s): Summary.", "final-determination-2016"),
    "a year": ("Decision based on MTUS Eye Complaints 2004.", "final-determination-2016"),
    "no evidence": (NO_EVIDENCE.format(side="Expert Reviewer"), "final-determination-2016"),
    "outside": (
        "The Expert Reviewer based their decision on recommendation(s) outside of the MTUS Guidelines.",
        "final-determination-2016",
    ),
    "a chapter": ("Decision based on MTUS ACOEM Chapter 16 Eye.", "final-determination-2014"),
    "Page(s)": ("Decision based on MTUS Chronic Pain Treatment Guidelines Page(s): 98.", "final-determination-2014"),
}


@pytest.mark.parametrize(("line", "style"), STYLES.values(), ids=STYLES)
def test_the_format_says_in_which_years_style_documents_are_named(line, style, written):
    claims = "Decision based on MTUS Chronic Pain Treatment Guidelines."
    parts = Parts(claims_administrator=claims, reviewer=line)
    assert written(pdfbox(letter_2014(parts)))["format"] == style


# ---- issues ---------------------------------------------------------------------------------------------------------
def letter(*items: Parts, **parts) -> str:
    return pdfbox(letter_2016(*(items or [Parts()]), **parts))


ISSUES = {
    "contradiction": letter(Parts(outcome="Overturned")),
    "uncategorised": letter(Parts("Zzyzx")),
    "ambiguous-category": letter(Parts("Norco and Soma")),
    "unknown-specialty": letter(certifications="Bone Medicine"),
    "unknown-state": letter(states="Ontario"),
    "no-credentials": letter(certifications=""),
    "unknown-guideline": letter(Parts(reviewer="Decision based on Non-MTUS Citation Old Wives, Tales.")),
    "unread-guideline-line": letter(Parts(reviewer="See above.")),
    "unreadable-case-number": letter(header=("Case Number: none",)),
    "unreadable-date": letter(header=("Decision Date: 02/30/2016",)),
    "missing-section": letter().replace("CLINICAL CASE", "CASE"),
    "no-outcome": letter(Parts(outcome=None)),
    "no-treatment": letter(Parts("", None)),
    "missing-part": letter(Parts(reviewer=None)),
    "unknown-format": "Dear Sir or Madam, thank you.",
}


@pytest.mark.parametrize(("code", "text"), ISSUES.items(), ids=ISSUES)
def test_each_code_is_given_and_documented(code, text, written):
    found = {issue["code"]: issue for issue in written(text)["issues"]}
    assert code in found
    assert 0 <= found[code]["start"] <= found[code]["end"] <= len(text)
    assert found[code]["message"].endswith(".")
    assert f"`{code}`" in DOCUMENTATION.read_text(encoding="utf-8")


def test_a_letter_without_faults_has_no_issues(written):
    assert written(letter())["issues"] == []


def test_issues_stand_in_the_order_of_the_text(written):
    text = letter(Parts("Zzyzx"), Parts(outcome="Overturned"), header=("Decision Date: 02/30/2016",), states="Ontario")
    starts = [issue["start"] for issue in written(text)["issues"]]
    assert len(starts) == 5
    assert starts == sorted(starts)


# ---- for a person ---------------------------------------------------------------------------------------------------
def test_a_record_for_a_person(written):
    text = readable(
        written(letter(PARTS, Parts(outcome="Overturned"), certifications="Orthopedic Surgery, Bone Medicine"))
    )
    for line in (
        "letter.txt  (final-determination-2016)",
        "  Case number   CM16-0777001",
        "  Of injury     2015-02-03",
        "  Priority      Standard",
        "  Board certifications: Orthopedic Surgery = Orthopaedic Surgery; Bone Medicine = ?",
        "  Subspecialties: -",
        "  Licensed in: CA",
        f"  Summary: {SUMMARY[0]}",
        "  1. Hand therapy x 4: Overturned",
        f"     Heading: {REMAINING}",
        "     Category: Rehabilitation / PT/OT",
        "     Claims administrator: The Claims Administrator did not cite any medical evidence for its decision.",
        "       - Chronic Pain Treatment Guidelines Physical Medicine Page(s): 98-99 of 127",
        "         MTUS | Chronic Pain Medical Treatment Guidelines (2009) | Physical Medicine | 98-99",
        "     Finding: necessary",
        "  2. MRI of the right wrist: Overturned",
        "     Finding: not necessary  (contradicts the heading)",
    ):
        assert line in text.splitlines()
    assert "  ! contradiction at " in text
    assert text.endswith("\n")


def test_what_is_not_known_for_a_person(written):
    parts = Parts("Zzyzx", None, "", "Decision based on Non-MTUS Citation Society of Splint Makers.", "Grip is full.")
    lines = readable(written(pdfbox(letter_2014(parts, summary=())))).splitlines()
    for line in (
        "  Case number   -",
        "  Assigned      -",
        "  Priority      -",
        "  Summary: -",
        "  1. Zzyzx: ?",
        "     Category: -",
        "     Claims administrator:",
        "         not MTUS | not known",
        "     Finding: unclear",
        "     Rationale: Grip is full.",
    ):
        assert line in lines


def test_a_record_of_nothing_for_a_person(tmp_path):
    text = readable(record(read_file(tmp_path / "none.txt"), "none.txt"))
    assert text.splitlines()[0] == "none.txt  (unreadable)"
    assert text.splitlines()[-1] == "  ! unreadable-file at 0-0: no such file or directory"
