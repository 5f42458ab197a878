"""Doubts about letters. Every letter here is made up."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations import vocabulary
from determinations.letters import parse_letter, read_letter
from determinations.letters.checks import check
from determinations.letters.meaning.anatomy import body_parts
from determinations.letters.types import (
    Citation,
    Credential,
    Credentials,
    Dates,
    Finding,
    Found,
    Issue,
    Item,
    Letter,
    Outcome,
    Side,
    Span,
)

HERE = Span(3, 7)
SHOULDER = "Shoulder Complaints (ACOEM 2004)"
LOW_BACK = "Low Back Complaints (ACOEM 2004)"
NECK = "ODG Neck & Upper Back"
KNEE = "ODG Knee & Leg"
CHRONIC_PAIN = "Chronic Pain Medical Treatment Guidelines (2009)"


def dates(**days: str) -> Dates:
    return Dates(**{name: Found(date.fromisoformat(day), HERE) for name, day in days.items()})


def cite(guideline: str, *pages: str) -> Citation:
    return Citation(guideline, True, "MTUS", guideline, None, pages, guideline, HERE)


def item(title: str, *reviewer: Citation, claims: tuple[Citation, ...] = (), reasons: str = "Because.") -> Item:
    heading = Found(title, HERE)
    outcome, sides = Found(Outcome.UPHELD, HERE), (Side(None, claims), Side(None, reviewer))
    return Item(heading, heading, outcome, None, *sides, Found(reasons, HERE), Finding.NOT_NECESSARY)


def codes(letter: Letter, today: date | None = None) -> list[str]:
    return [issue.code for issue in check(letter, today)]


USUAL = {
    "of_injury": "2016-01-05",
    "ur_denial": "2016-11-01",
    "received": "2016-11-20",
    "assigned": "2016-12-01",
    "decision": "2016-12-20",
}
DATES = [
    ({}, []),
    ({"assigned": "2016-12-21"}, ["date-after-decision"]),
    ({"of_injury": "2017-01-05"}, ["date-after-decision", "dates-out-of-order"]),
    ({"received": "2017-11-20"}, ["date-after-decision", "dates-out-of-order"]),
    ({"ur_denial": "2016-11-21"}, ["dates-out-of-order"]),
    ({"of_injury": "2016-11-02"}, ["dates-out-of-order"]),
    ({"received": "2016-12-02"}, ["dates-out-of-order"]),
    ({"assigned": "2016-12-20"}, []),
    ({"of_injury": "1916-01-05"}, ["date-too-early"]),
    ({"of_injury": "1970-01-05"}, []),
    ({"of_injury": "2005-01-05", "ur_denial": "2006-11-01"}, ["date-too-early"]),
]


@pytest.mark.parametrize(("changed", "expected"), DATES)
def test_dates(changed, expected):
    assert codes(Letter("a", dates=dates(**(USUAL | changed)))) == expected


def test_dates_in_the_future_where_today_is_known():
    letter = Letter("a", dates=dates(**USUAL))
    assert codes(letter, date(2016, 12, 20)) == []
    assert codes(letter, date(2016, 12, 19)) == ["date-in-future"]


def test_no_dates_no_doubts():
    assert codes(Letter("a")) == []


CHAPTERS = [
    ("MRI of the lumbar spine", [SHOULDER], ["guideline-of-other-body-part"]),
    ("MRI of the lumbar spine", [LOW_BACK], []),
    ("MRI of the lumbar spine", [SHOULDER, LOW_BACK], []),
    ("MRI of the lumbar spine", [SHOULDER, CHRONIC_PAIN], ["guideline-of-other-body-part"]),
    ("MRI of the thoracic spine", [NECK], []),
    ("MRI of the thoracic spine", [LOW_BACK], []),
    ("Physical therapy for the neck and shoulder", [SHOULDER], []),
    ("Physical therapy", [SHOULDER], []),
    ("EMG of the bilateral upper extremities", [NECK], []),
    ("EMG of the right arm and hand", [NECK], []),
    ("Left knee brace", [CHRONIC_PAIN], []),
    ("Left knee brace", [LOW_BACK], ["guideline-of-other-body-part"]),
    ("Left knee brace", [LOW_BACK, NECK], ["guideline-of-other-body-part", "guideline-of-other-body-part"]),
    ("Right shoulder arthroscopy", [KNEE], ["guideline-of-other-body-part"]),
    ("Naproxen 500 mg #60", [KNEE], []),
]


@pytest.mark.parametrize(("title", "guidelines", "expected"), CHAPTERS)
def test_chapters_on_another_part_of_the_body(title, guidelines, expected):
    citations = tuple(map(cite, guidelines))
    assert codes(Letter("a", items=(item(title, *citations),))) == expected
    assert codes(Letter("a", items=(item(title, claims=citations),))) == expected


def test_parts_that_have_been_read_already():
    letter = Letter("a", items=(item("Therapy", cite(SHOULDER)),))
    assert [one.code for one in check(letter, parts=[body_parts("left knee")])] == ["guideline-of-other-body-part"]
    assert check(letter, parts=[()]) == []


PAGES = [
    (CHRONIC_PAIN, ("98-99",), []),
    (CHRONIC_PAIN, ("127",), []),
    (CHRONIC_PAIN, ("9", "128"), ["no-such-page"]),
    (CHRONIC_PAIN, ("98-298",), ["no-such-page"]),
    (CHRONIC_PAIN, (), []),
    (LOW_BACK, ("298",), []),
]


@pytest.mark.parametrize(("guideline", "pages", "expected"), PAGES)
def test_pages(guideline, pages, expected):
    assert codes(Letter("a", items=(item("Soma", cite(guideline, *pages)),))) == expected


def test_repeated_items():
    same = item("Norco 10/325 mg #60")
    others = [item("Norco 10/325 mg #30"), item("Norco 10/325 mg #60", reasons="Another reason.")]
    assert codes(Letter("a", items=(same, *others))) == []
    assert codes(Letter("a", items=(same, *others, same))) == ["repeated-item"]


BOARD = Credential("Neurology", "Neurology", HERE)
PAIN = Credential("Pain Medicine", "Pain Medicine", HERE)
CALIFORNIA = (Found("CA", HERE),)
CREDENTIALS = [
    (Credentials((BOARD,), (), CALIFORNIA), []),
    (Credentials((BOARD,), (PAIN,), CALIFORNIA), []),
    (Credentials((), (PAIN,), CALIFORNIA), ["no-board-certification"]),
    (Credentials((BOARD,), (), ()), ["no-licensed-state"]),
    (Credentials(), []),
]


@pytest.mark.parametrize(("reviewer", "expected"), CREDENTIALS)
def test_credentials(reviewer, expected):
    assert codes(Letter("a", reviewer=reviewer)) == expected


def test_a_state_that_is_not_known_is_a_doubt_already():
    letter = Letter("a", reviewer=Credentials((BOARD,)), issues=(Issue("unknown-state", "", HERE),))
    assert codes(letter) == []


def test_doubts_stand_in_the_order_of_the_text_and_change_nothing():
    late = replace(dates(**USUAL), assigned=Found(date(2017, 1, 1), Span(90, 99)))
    letter = Letter("a", dates=late, reviewer=Credentials((BOARD,)))
    assert [issue.span.start for issue in check(letter)] == [3, 90]


@given(st.text(max_size=400))
def test_any_letter_can_be_checked(text):
    letter = parse_letter(text)
    for issue in check(letter, date(2020, 1, 1)):
        assert 0 <= issue.span.start <= issue.span.end <= len(text)


def test_chapters_name_known_guidelines_and_parts():
    chapters = vocabulary.load("chapters")
    guidelines = {one.name for one in vocabulary.guidelines()}
    parts = {part.name for known in vocabulary.body_parts().values() for part in known}
    for row in chapters["region"]:
        assert set(row["guidelines"]) <= guidelines
        assert set(row["parts"]) <= parts
    assert {row["guideline"] for row in chapters["last_page"]} <= guidelines


FOLDER = Path(__file__).resolve().parents[3] / "shared" / "letters"
TABLE = Path(__file__).resolve().parents[1] / "data" / "real_checks.tsv"


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the real letters are not at {FOLDER}")
def test_every_doubt_about_a_real_letter_is_one_that_a_person_shares():
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    read = []
    for path in sorted(FOLDER.glob("*/*.txt")):
        letter = parse_letter(read_letter(path).text)
        for issue in check(letter):
            begun = [one for one in letter.items if one.treatment.span.start <= issue.span.start]
            read.append((path.stem, str(len(begun)), issue.code))
    assert sorted(read) == sorted((name, position, code) for name, position, code, _ in rows)
    assert sum(right == "yes" for *_, right in rows) >= 0.98 * len(rows)
