"""Whether utilization review certified a part of a request, from heading, summary or rationale."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.letters.meaning.modification import read_modification

MODIFIED = """\
6 visits were authorized by the Claims Administrator. The remaining IMR eligible portion of the original request is
The Claims Administrator authorized 4 visits of massage, leaving the original request IMR eligible.
The Utilization Review of 11-9-16 modified the request for therapy.
Utilization review modified the request for 12 visits to 6 visits.
The UR dated 1-2-17 partially certified the request.
The claims administrator partially approved a request for 9 visits.
The request for therapy was modified to 6 visits.
The request was partially certified.
The request for naproxen was certified with modification.
UR approved the prescription with modifications.
Acupuncture was modified to allow for 6 sessions.
Utilization review issued a modified certification.
The previous reviewer modified the request to allow 3 visits.
UR certified the request in part.
The denial letter speaks of a modification to 6 visits.
The requests were modified.
""".splitlines()

NOT_MODIFIED = """\
The worker is on modified duty.
The claimant works modified work since May; utilization review denied the brace.
Treatment has included activity modification and therapy.
Utilization review non-certified the request for therapy.
The Claims Administrator denied the request.
The MRI showed a partial tear; the request was denied.
Therapy should be modified or evaluated again.
The work status was modified by the physician.
A modified barium swallow was requested.
The request was not modified.
The treatment plan was modified and therapy requested.
Partial weight bearing was advised.
6 visits were authorized by the Claims Administrator in May.
The concurrent request for therapy was modified.
Utilization review noted modified work.
The request may be modified later.
""".splitlines()


@pytest.mark.parametrize("text", MODIFIED)
def test_a_part_was_certified(text):
    found = read_modification(f"The wrist was hurt in May. {text}")
    assert found is not None
    words = f"The wrist was hurt in May. {text}"[found.span.start : found.span.end]
    assert " ".join(words.split()) == found.value
    assert found.value in text


@pytest.mark.parametrize("text", NOT_MODIFIED)
def test_nothing_of_the_kind(text):
    assert read_modification(f"The wrist was hurt in May. {text}") is None


SEVERAL = "On 1-2-17, Utilization Review non-certified the request for naproxen and modified the request for therapy."


@pytest.mark.parametrize(
    ("summary", "request_", "modified"),
    [
        (SEVERAL, "Physical therapy, 6 sessions", True),
        (SEVERAL, "Naproxen 500mg #60", False),
        (
            "UR modified the request for acupuncture and non-certified the request for massage.",
            "Massage, 6 visits",
            False,
        ),
        ("UR modified the request for acupuncture and non-certified the request for massage.", "Acupuncture x 6", True),
        ("The request for naproxen was denied and the request for a brace was modified.", "Naproxen #60", False),
        ("The request for naproxen was denied and the request for a brace was modified.", "Knee brace", True),
        ("Massage was modified to allow for 6 visits.", "Massage for the knee", True),
        ("Massage was modified to allow for 6 visits.", "MRI of the knee", False),
        ("The Utilization Review was modified.", "MRI of the knee", False),
    ],
)
def test_of_several_requests_only_the_one_that_is_named(summary, request_, modified):
    assert (read_modification(summary, request_) is not None) is modified


@given(
    st.lists(st.sampled_from(["request ", "was modified ", "UR ", "partially approved", ". "]) | st.text(max_size=5))
)
def test_any_text_has_a_reading(pieces):
    text = "".join(pieces)
    found = read_modification(text)
    assert found is None or " ".join(text[found.span.start : found.span.end].split()) == found.value
