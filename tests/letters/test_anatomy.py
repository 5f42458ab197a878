"""Parts of the body in a text, with their sides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations import vocabulary
from determinations.letters.meaning.anatomy import body_part_mentions, body_parts

# Text -> the parts as "part" or "part, side", in order.
TEXTS = {
    "MRI of the left shoulder": ["shoulder, left"],
    "MRI, left knee": ["knee, left"],
    "MRI of the shoulder, left": ["shoulder, left"],
    "X-ray knee (right)": ["knee, right"],
    "Injection, right knee, left ankle": ["knee, right", "ankle, left"],
    "Therapy for the left wrist/hand": ["wrist, left", "hand, left"],
    "Therapy for the left shoulder and elbow": ["shoulder, left", "elbow, left"],
    "Pain in the left knee and ankles": ["knee, left", "ankle"],
    "left shoulder and neck": ["shoulder, left", "cervical spine"],
    "left and right knee": ["knee, bilateral"],
    "right/left wrist": ["wrist, bilateral"],
    "B/L knees": ["knee, bilateral"],
    "both hands and feet": ["hand, bilateral", "foot, bilateral"],
    "EMG of the bilateral upper and lower extremities": ["upper extremity, bilateral", "lower extremity, bilateral"],
    "EMG LUE and RUE": ["upper extremity, left", "upper extremity, right"],
    "EMG bilateral UE": ["upper extremity, bilateral"],
    "left trigger thumb release": ["thumb, left"],
    "EMG BLE": ["lower extremity, bilateral"],
    "R knee brace": ["knee, right"],
    "left-sided low back pain": ["lumbar spine, left"],
    "right total knee arthroplasty": ["knee, right"],
    "left index finger": ["finger, left"],
    "cervical, thoracic, and lumbar spine": ["cervical spine", "thoracic spine", "lumbar spine"],
    "cervical/thoracic spine": ["cervical spine", "thoracic spine"],
    "thoracolumbar spine": ["thoracic spine", "lumbar spine"],
    "Lumbosacral spine films": ["lumbar spine"],
    "C-spine and L-spine x-rays": ["cervical spine", "lumbar spine"],
    "Neck and low back": ["cervical spine", "lumbar spine"],
    "Spine surgery consult for the neck": ["cervical spine"],
    "Spine surgery consult": ["spine"],
    "Right shoulder arthroscopy with rotator cuff repair": ["shoulder, right"],
    "Carpal tunnel release, right": ["wrist, right"],
    "Bilateral carpal tunnel release": ["wrist, bilateral"],
    "Left SI joint injection": ["sacroiliac joint, left"],
    "left hip, thigh, and knee": ["hip, left", "thigh, left", "knee, left"],
    "bilateral shoulder, elbow and wrist": ["shoulder, bilateral", "elbow, bilateral", "wrist, bilateral"],
    "left shoulder, knee": ["shoulder, left", "knee"],
    "Neck, back": ["cervical spine", "back"],
    "Back brace": ["back"],
    "injury to the back": ["back"],
    "pain in her back and legs": ["back", "lower extremity"],
    "right elbow and bilateral elbows": ["elbow, right", "elbow, bilateral"],
    # levels
    "Facet injection L4-5": ["lumbar spine"],
    "Right L4-L5 and L5-S1 transforaminal injection": ["lumbar spine, right"],
    "C5-C6 disc replacement": ["cervical spine"],
    "Fusion C5/6": ["cervical spine"],
    "Block at T7-8": ["thoracic spine"],
    "Medial branch block C7-T1": ["cervical spine"],
    "Medial branch block at C4, C5, C6": ["cervical spine"],
    "Bilateral L5 and S1 injections": ["lumbar spine, bilateral", "sacrum"],
    # no parts of the body
    "L0631 orthosis": [],
    "T2-weighted images": [],
    "TSH, T3, T4": [],
    "one tablet by mouth": [],
    "He went back to work": [],
    "She came back in May": [],
    "He is right hand dominant": [],
    "On the other hand": [],
    "She is 5 foot 4": [],
    "He walks 200 feet": [],
    "face to face encounter": [],
    "straight leg raise": [],
    "Facet injection": [],
    "head of bed": [],
    "cervical cancer": [],
    "Vitamin B12": [],
    "hepatitis C 12 weeks": [],
    "": [],
}


def shown(found) -> list[str]:
    return [f"{one.part}, {one.side}" if one.side else one.part for one in found]


@pytest.mark.parametrize(("text", "expected"), TEXTS.items(), ids=TEXTS)
def test_parts_of_the_body_with_their_sides(text, expected):
    assert shown(body_parts(text)) == expected


def test_every_mention_has_its_place():
    text = "Left knee, and again the knee"
    assert [text[one.span.start : one.span.end] for one in body_part_mentions(text)] == ["knee", "knee"]
    assert shown(body_part_mentions(text)) == ["knee, left", "knee"]


def test_offsets_begin_where_the_caller_says():
    (found,) = body_parts("the knee", start=100)
    assert (found.span.start, found.span.end) == (104, 108)


words = st.sampled_from(
    [*vocabulary.body_parts(), "left", "right", "and", "of", ",", "/", "L4-5", "the", "bilateral", "é", "\u0130", "6"]
)


@given(st.one_of(st.text(), st.lists(words).map(" ".join)))
def test_any_text_gives_parts_within_it(text):
    found = body_part_mentions(text)
    names = {part.name for parts in vocabulary.body_parts().values() for part in parts}
    starts = [one.span.start for one in found]
    assert starts == sorted(starts)
    for one in found:
        assert 0 <= one.span.start < one.span.end <= len(text)
        assert one.part in names
        assert one.side in {"left", "right", "bilateral", ""}
    assert set(body_parts(text)) <= set(found)


@pytest.mark.parametrize("wording", vocabulary.body_parts())
def test_every_wording_is_found_in_its_place(wording):
    """A wording is found beside neighbours that its entry asks for."""
    parts = vocabulary.body_parts()[wording]
    before = "the " if not parts[0].unless_before & {"the"} else ""
    text = f"{before}{wording}"
    assert {part.name for part in parts} <= {one.part for one in body_part_mentions(text)}


def test_regions_are_of_the_known_kinds():
    regions = {part.region for parts in vocabulary.body_parts().values() for part in parts}
    assert regions == {"head", "spine", "trunk", "upper extremity", "lower extremity", "whole body"}
