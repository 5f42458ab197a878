"""The real letters that lie beside the project, compared with plain scans of their text.

The scans here are written without a helper of the parser: they would be worth nothing if they shared its mistakes.
No words of a letter are kept here.
"""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from determinations.letters import Found, Outcome, parse_letter, read_letter

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "letters"
CATEGORIES = Path(__file__).resolve().parents[1] / "data" / "real_categories.tsv"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the real letters are not at {FOLDER}")

COMPLETE = sorted((FOLDER / "text").glob("*.txt"))
CUT = sorted((FOLDER / "no-header").glob("*.txt"))
TEXTS = {path.stem: read_letter(path).text for path in (*CUT, *COMPLETE)}
LETTERS = {name: parse_letter(text) for name, text in TEXTS.items()}

each_letter = pytest.mark.parametrize("name", TEXTS)
each_complete_letter = pytest.mark.parametrize("name", [path.stem for path in COMPLETE])


def squeezed(text: str) -> str:
    return "".join(text.split())


def joined(text: str) -> str:
    return " ".join(text.split())


# ---- a plain scan ---------------------------------------------------------------------------------------------------
def paragraphs(text: str) -> list[str]:
    """The paragraphs, each on one line: a line of blanks only parts them, an empty line does not."""
    found = [""]
    for line in text.split("\n"):
        if line and not line.strip():
            found.append("")
        elif line:
            found[-1] += line + " "
    return [joined(one) for one in found if one.strip()]


CLAIMS, MAXIMUS, REASONS = "Claims Administrator guideline:", "MAXIMUS guideline:", "Decision rationale:"
OPENING = "The Final Determination was based on decisions for the disputed items/services set forth below:"


def scanned_items(text: str) -> list[dict[str, str]]:
    """Heading, outcome, both guideline lines and rationale of each item, by cutting at the labels."""
    _, _, body = "\n".join(paragraphs(text)).partition(OPENING)
    chunks = body.split(CLAIMS)
    items = []
    before = chunks[0]
    for chunk in chunks[1:]:
        # The heading is the last line with words before the label; the outcome may stand alone on a line after it.
        match = re.search(r"([^\n]+?)\s*:\s*(Upheld|Overturned)\s*$", before)
        claims, _, rest = chunk.partition(MAXIMUS)
        maximus, _, reasons = rest.partition(REASONS)
        items.append(
            {"treatment": match[1], "outcome": match[2], "claims": claims, "maximus": maximus, "reasons": reasons}
        )
        before = chunk
    for item, following in zip(items, [*items[1:], None], strict=True):
        if following:
            end = re.search(re.escape(following["treatment"]) + r"\s*:\s*(Upheld|Overturned)\s*$", item["reasons"])
            item["reasons"] = item["reasons"][: end.start()]
    return items


# ---- all of them ----------------------------------------------------------------------------------------------------
def test_the_letters_and_their_items_are_all_there():
    assert (len(COMPLETE), len(CUT)) == (165, 5)
    assert sum(len(letter.items) for letter in LETTERS.values()) == 378


def test_outcomes():
    complete = Counter(item.outcome.value for path in COMPLETE for item in LETTERS[path.stem].items)
    cut = Counter(item.outcome.value for path in CUT for item in LETTERS[path.stem].items)
    assert complete == {Outcome.UPHELD: 339, Outcome.OVERTURNED: 30}
    assert cut == {Outcome.UPHELD: 9}


def test_the_one_sure_contradiction_and_no_other():
    flagged = [
        (name, position)
        for name, letter in LETTERS.items()
        for position, item in enumerate(letter.items, 1)
        if item.contradicts
    ]
    assert flagged == [("002_65190ce653d8eeee", 1)]


def test_findings_are_clear():
    unclear = [item for letter in LETTERS.values() for item in letter.items if item.finding == "unclear"]
    assert len(unclear) <= 3


def test_issues():
    codes = Counter(issue.code for letter in LETTERS.values() for issue in letter.issues)
    placed_nowhere = codes.pop("uncategorised", 0) + codes.pop("ambiguous-category", 0)
    codes.pop("guideline-of-other-body-part")  # read one by one: test_real_checks.py
    assert codes == {"contradiction": 1, "no-header": len(CUT)}
    assert placed_nowhere <= 5


def test_categories():
    rows = [row.split("\t") for row in CATEGORIES.read_text(encoding="utf-8").splitlines() if not row.startswith("#")]
    by_hand = {(name, int(position)): (category, sub or None) for name, position, category, sub, *_ in rows}
    read = {
        (name, position): item.placement and (item.placement.category, item.placement.subcategory)
        for name, letter in LETTERS.items()
        for position, item in enumerate(letter.items, 1)
    }
    assert set(by_hand) == set(read)
    assert sum(place is not None for place in read.values()) >= 0.97 * 378
    assert sum(read[key] == by_hand[key] for key in by_hand) >= 0.95 * 378


# ---- letter by letter -----------------------------------------------------------------------------------------------
@each_letter
def test_every_item_is_found(name):
    assert len(LETTERS[name].items) == len(re.findall(r"Claims\s+Administrator\s+guideline\s*:", TEXTS[name]))


@each_letter
def test_headings_and_outcomes(name):
    scanned = [(squeezed(item["treatment"]), item["outcome"]) for item in scanned_items(TEXTS[name])]
    assert [(squeezed(item.treatment.value), item.outcome.value.value) for item in LETTERS[name].items] == scanned


@each_letter
def test_titles(name):
    for item in LETTERS[name].items:
        heading, title = item.treatment.value, item.title.value
        if "original request" not in heading:
            assert title == heading
            continue
        # Whatever stands after the last "original request," is what was in dispute.
        assert title == re.sub(r"\s+(is|are)$", "", heading.rpartition("original request,")[2].strip())


@each_letter
def test_rationales_are_whole(name):
    scanned = [squeezed(item["reasons"]) for item in scanned_items(TEXTS[name])]
    assert [squeezed(item.rationale.value) for item in LETTERS[name].items] == scanned


@each_letter
def test_the_summary_is_whole(name):
    text = squeezed(TEXTS[name])
    start = text.index("CLINICALCASESUMMARY") + len("CLINICALCASESUMMARY")
    end = text.index("IMRISSUES,DECISIONSANDRATIONALES")
    summary = text[start:end].removeprefix(
        "Theexpertreviewerdevelopedthefollowingclinicalcasesummarybasedonareviewofthecasefile,includingallmedicalrecords:"
    )
    assert squeezed(LETTERS[name].clinical_summary.value) == summary


# What may stand in a guideline line beside the words of its statement and citations.
BETWEEN = re.compile(
    r"(?:decision\s*based\s*on\s*(?:non-\s*MTUS(?:\s*citations?)?|MTUS)|other\s*medical\s*treatment\s*guidelines?"
    r"(?:\s*or\s*medical\s*evidence)?|\band\b(?:\s+the\b)?|[\s.,;:])*",
    re.IGNORECASE,
)


@each_letter
def test_guideline_lines_lose_no_word(name):
    for item, scanned in zip(LETTERS[name].items, scanned_items(TEXTS[name]), strict=True):
        for side, line in ((item.claims_administrator, scanned["claims"]), (item.reviewer, scanned["maximus"])):
            texts = [citation.text for citation in side.citations]
            if side.statement:
                texts.append(side.statement.value)
            rest = joined(line)
            for text in sorted(texts, key=len, reverse=True):
                # The words in their order, whatever blanks a healed break has left out.
                words = re.compile(r"\s*".join(map(re.escape, squeezed(text))))
                assert words.search(rest), text
                rest = words.sub(" ", rest, count=1)
            assert BETWEEN.fullmatch(rest), rest
            assert texts


@each_letter
def test_every_document_that_is_named_is_a_citation_of_its_own(name):
    """Each "Complaints 2004", "Treatment 2016" … of the MTUS is one document."""
    named = re.compile(
        r"(?:Complaints|Treatment|Approaches|Conditions)\s20\d\d\b|Chapter \d+ [A-Z][a-z]+ [A-Z][a-z]+ Compl"
    )
    for item, scanned in zip(LETTERS[name].items, scanned_items(TEXTS[name]), strict=True):
        for side, line in ((item.claims_administrator, scanned["claims"]), (item.reviewer, scanned["maximus"])):
            under_mtus = re.split(r"Decision based on Non-\s?MTUS", joined(line))[0]
            found = [citation for citation in side.citations if citation.mtus and named.search(citation.text)]
            assert len(found) == len(named.findall(under_mtus))
            assert all(citation.guideline for citation in side.citations)


@each_complete_letter
def test_the_header(name):
    text, letter = joined(TEXTS[name]), LETTERS[name]
    assert letter.case_number.value == name

    def day(label: str) -> date:
        month, day, year = map(int, re.search(label + r": ?(\d\d)/(\d\d)/(\d{4})", text).groups())
        return date(year, month, day)

    assert letter.dates.assigned.value == day("Date Assigned")
    assert letter.dates.of_injury.value == day("Date of Injury")
    assert letter.dates.decision.value == day("Decision Date")
    assert letter.dates.ur_denial.value == day("UR Denial Date")
    assert letter.dates.received.value == day("Received")
    assert letter.priority.value == re.search(r"Priority: (\w+)", text)[1]


@each_letter
def test_the_credentials(name):
    reviewer, text = LETTERS[name].reviewer, joined(TEXTS[name])
    credentials = (*reviewer.board_certifications, *reviewer.subspecialties)
    assert reviewer.board_certifications
    assert reviewer.licensed_states
    assert [one.text for one in credentials if one.name is None] == []
    if "Certification(s)/Specialty:" in text:
        line = re.search(r"Certification\(s\)/Specialty: (.*?) CLINICAL CASE SUMMARY", text)[1]
        states = re.search(r"State\(s\) of Licensure: (.*?) Certification\(s\)", text)[1]
    else:
        sentence = re.search(r"Board Certified in (.*?),? and is licensed to practice in (.*?)\. He/she", text)
        line, states = sentence[1].replace(", has a subspecialty in", ","), sentence[2]
    assert sorted(one.text for one in credentials) == sorted(part.strip() for part in line.split(","))
    assert len(reviewer.licensed_states) == len(states.split(","))


@each_letter
def test_every_value_leads_back_to_its_words(name):
    letter, text = LETTERS[name], TEXTS[name]
    found: list[Found[str]] = [one for one in (letter.case_number, letter.clinical_summary) if one]
    for item in letter.items:
        found += [item.treatment, item.title, item.rationale]
        for side in (item.claims_administrator, item.reviewer):
            found += [side.statement] if side.statement else []
            found += [Found(citation.text, citation.span) for citation in side.citations]
    reviewer = letter.reviewer
    found += [Found(one.text, one.span) for one in (*reviewer.board_certifications, *reviewer.subspecialties)]
    for one in found:
        assert squeezed(text[one.span.start : one.span.end]) == squeezed(one.value)
