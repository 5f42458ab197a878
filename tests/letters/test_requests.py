"""What was asked for, read from the title of a disputed item."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations import vocabulary
from determinations.letters.meaning.requests import read_request

# Title -> what it says, written as in ``shown``; what is not in the list must not be found.
TITLES = {
    # visits and sessions
    "Physical therapy 12 visits": ["12 visit", "physical therapy"],
    "Physical therapy, twelve (12) sessions": ["12 session", "physical therapy"],
    "Eight (8) chiropractic sessions for the neck": ["8 session", "chiropractic", "cervical spine"],
    "6 additional acupuncture treatments": ["6 treatment", "acupuncture"],
    "Physical therapy sessions, 12": ["12 session", "physical therapy"],
    "Occupational therapy visits x 8": ["8 visit", "occupational therapy"],
    "Occupational therapy x 8": ["8", "occupational therapy"],
    "Massage therapy (6)": ["6", "massage therapy"],
    "Nurse, 1-2 visits": ["1-2 visit", "nursing"],
    "Six psychotherapy sessions and one follow-up visit": ["psychotherapy", "office visit"],
    "Acupuncture sessions for the neck, #6": ["6 session", "acupuncture", "cervical spine"],
    "Physical therapy 2 times a week for 2 weeks (4)": ["4", "2/week", "for 2 week", "physical therapy"],
    "Massage therapy, 1 hour sessions x 6": ["6 session", "massage therapy"],
    "12 (twelve) acupuncture visits": ["12 visit", "acupuncture"],
    "12 visits of acupuncture, qty: 12": ["12 visit", "acupuncture"],
    "Unknown number of aquatic therapy sessions": ["aquatic therapy"],
    # frequency and duration; their product is not said
    "Physical therapy 3 times a week for 4 weeks": ["3/week", "for 4 week", "physical therapy"],
    "Acupuncture 2-3 times per week for six (6) weeks": ["2-3/week", "for 6 week", "acupuncture"],
    "Chiropractic 1 to 2 x per week x 4-6 weeks": ["1-2/week", "for 4-6 week", "chiropractic"],
    "Physical therapy 2x/week x 6 weeks, left knee": ["2/week", "for 6 week", "physical therapy", "knee, left"],
    "PT 2xwk x 6wks": ["2/week", "for 6 week", "physical therapy"],
    "Physical therapy twice a week for 3 weeks": ["2/week", "for 3 week", "physical therapy"],
    "Psychotherapy once weekly for 2 months": ["1/week", "for 2 month", "psychotherapy"],
    "Physical therapy 3 visits per week for 2 weeks": ["3/week", "for 2 week", "physical therapy"],
    "Physical therapy 2 x 6 weeks (12 visits)": ["12 visit", "2/week", "for 6 week", "physical therapy"],
    "Home health aide 4 hours a day, 5 days a week for 6 weeks": ["5/week", "for 6 week", "home health"],
    "Acupuncture 2x/week for 3 weeks, then 1x/week for 3 weeks": ["acupuncture"],
    "Acupuncture for 3 weeks and again for 5 weeks": ["acupuncture"],
    "Physical therapy twice": ["physical therapy"],
    "Wheelchair for a 2 month rental": ["for 2 month", "wheelchair"],
    "Interferential unit, 30-60 day rental": ["for 30-60 day", "interferential stimulation"],
    "Inpatient stay, 2-3 days": ["for 2-3 day", "inpatient stay"],
    "Three months of gym membership": ["for 3 month", "gym membership"],
    "Gym membership x 6 months": ["for 6 month", "gym membership"],
    "6-month gym membership with pool": ["for 6 month", "gym membership"],
    # "3 x 4" is times a week by weeks for therapies only
    "Physical therapy 3 x 4 for the left shoulder": ["3/week", "for 4 week", "physical therapy", "shoulder, left"],
    "Acupuncture 2x6": ["2/week", "for 6 week", "acupuncture"],
    "Chiropractic 2 times 4": ["2/week", "for 4 week", "chiropractic"],
    "Physical therapy 2-3 x 6": ["2-3/week", "for 6 week", "physical therapy"],
    "Physical exam 2 times 8": ["physical examination"],
    "Wound dressing 4 x 4": [],
    "Foam pad 2 x 6": [],
    # tablets
    "Norco 10/325 mg #60 with 2 refills": ["60", "10/325 mg", "2 refills", "Norco: hydrocodone/acetaminophen"],
    "Norco 10/325 #90": ["90", "10/325", "Norco: hydrocodone/acetaminophen"],
    "Percocet 5-325mg #30": ["30", "5-325mg", "Percocet: oxycodone/acetaminophen"],
    "Tylenol #3 #60": ["60", "Tylenol #3: codeine/acetaminophen"],
    "Tramadol 50 mg QTY: 30": ["30", "50 mg", "Tramadol: tramadol"],
    "Tramadol 50 mg, quantity 60, no refills": ["60", "50 mg", "0 refills", "Tramadol: tramadol"],
    "Tramadol ER 150mg Qty 30.00 Refills: 3": ["30", "150mg", "3 refills", "Tramadol: tramadol"],
    "Gabapentin 600mg #60 day supply: 30": ["60", "600mg", "for 30 day", "Gabapentin: gabapentin"],
    "Gabapentin 600 mg, 30 day supply": ["600 mg", "for 30 day", "Gabapentin: gabapentin"],
    "Soma 350mg 1-2 tablets q6h prn #60": ["60", "350mg", "4/day", "Soma: carisoprodol"],
    "Soma 350mg one tablet twice daily": ["350mg", "2/day", "Soma: carisoprodol"],
    "Soma Compound #30": ["30", "Soma Compound: carisoprodol/aspirin"],
    "Naproxen 550mg BID #60": ["60", "550mg", "2/day", "Naproxen: naproxen"],
    "Naproxen 550 mg, 60 tablets": ["60 tablet", "550 mg", "Naproxen: naproxen"],
    "Ibuprofen 800mg thrice daily": ["800mg", "3/day", "Ibuprofen: ibuprofen"],
    "Norco 1 tab every 4-6 hours, max 6 per day": ["Norco: hydrocodone/acetaminophen"],
    "Ambien 10mg at bedtime #30": ["30", "10mg", "1/day", "Ambien: zolpidem"],
    "OxyContin 20 mg every 8 hours": ["20 mg", "3/day", "OxyContin: oxycodone"],
    "Oxycodone 5 mg every 4-6 hours": ["5 mg", "4-6/day", "Oxycodone: oxycodone"],
    "Cyclobenzaprine 7.5 mg tabs #90 x 2 refills": [
        "90 tablet",
        "7.5 mg",
        "2 refills",
        "Cyclobenzaprine: cyclobenzaprine",
    ],
    "Two refills of Ibuprofen 600mg #90": ["90", "600mg", "2 refills", "Ibuprofen: ibuprofen"],
    "Fentanyl 100 mcg/hr patches #10": ["10 patch", "100 mcg/hr", "Fentanyl: fentanyl"],
    "Butrans 10 mcg/hr #4": ["4", "10 mcg/hr", "Butrans: buprenorphine"],
    "Opana ER 40mg 3 tabs q 12 hours": ["40mg", "2/day", "Opana ER: oxymorphone"],
    "Norco 5mg/325mg 1 tab q6-8h": ["5mg/325mg", "3-4/day", "Norco: hydrocodone/acetaminophen"],
    "Lidoderm 5% patch, 1 box": ["1 box", "5%", "Lidoderm: lidocaine"],
    "Ketoprofen cream 60 gr": ["60 gram", "Ketoprofen: ketoprofen"],
    "Terocin lotion 120 ml": ["120 ml", "Terocin: capsaicin/lidocaine/menthol/methyl salicylate"],
    "Ultram (tramadol) 50mg": ["50mg", "Ultram: tramadol"],
    "Norco #60 and Soma #30": ["Norco: hydrocodone/acetaminophen", "Soma: carisoprodol"],
    "Botox 200 units": ["200 units", "Botox: onabotulinumtoxinA"],
    "Modafinil 200 mg #30": ["30", "200 mg", "Modafinil: modafinil"],
    "Allopurinol 300mg": ["300mg", "Allopurinol: allopurinol"],
    "Retrospective Pepcid 20mg #60 (DOS: 11/11/2016)": ["60", "20mg", "Pepcid: famotidine"],
    "Testosterone level": [],
    # compounds
    "Flurbiprofen 20%/Baclofen 5% 240 grams": [
        *("240 gram", "20%", "5%", "compound", "Flurbiprofen: flurbiprofen", "Baclofen: baclofen"),
    ],
    "Compounded ketoprofen cream": ["compound", "ketoprofen: ketoprofen"],
    "Gabapentin 10% in cream base": ["10%", "compound", "Gabapentin: gabapentin"],
    "Lidocaine 2.5%/Prilocaine 2.5% cream 30g": [
        *("30 gram", "2.5%", "2.5%", "Lidocaine: lidocaine", "Prilocaine: prilocaine"),
    ],
    "Lidocaine 5% ointment": ["5%", "Lidocaine: lidocaine"],
    # levels, codes, dates and measures are no quantities
    "Facet injection L4-5 and L5-S1": ["facet injection", "lumbar spine"],
    "Medial branch block C5-C6, left": ["medial branch block", "cervical spine, left"],
    "Physical therapy CPT 97110": ["physical therapy"],
    "TENS unit HCPCS E0730": ["TENS"],
    "MRI of the knee DOS 1/12/2016": ["MRI", "knee"],
    "X-ray, 3 views, right hand": ["X-ray", "hand, right"],
    "MRI 1.5 Tesla, left hip": ["MRI", "hip, left"],
    "Follow-up visit in 4 weeks": ["office visit"],
    "Follow-up visit 6 weeks after surgery": ["office visit"],
    "Urine drug screen every 3 months": ["urine drug screen"],
    "Root canal, tooth #14": ["dental treatment", "tooth"],
    "Lumbar ESI #2": ["epidural steroid injection", "lumbar spine"],
    "2 level fusion L4-S1": ["fusion", "lumbar spine"],
    "3 in 1 commode": ["commode"],
    # counts of things
    "TENS unit, 30 day trial": ["for 30 day", "TENS"],
    "Cold therapy unit, seven day rental": ["for 7 day", "cold therapy"],
    "One (1) x-ray of the thoracic spine": ["1", "X-ray", "thoracic spine"],
    "Epidural steroid injection at L4-L5 x 2": ["2", "epidural steroid injection", "lumbar spine"],
    "Two MRIs": ["2", "MRI"],
    "Trigger point injection 20553 x 6": ["6", "trigger point injection"],
    "Orthovisc injections, series of 3": ["3", "viscosupplementation", "Orthovisc: hyaluronan"],
    "Urine drug screen, 1/2/2016 - 3/4/2016": ["urine drug screen"],
    "Wrist braces #2": ["2", "brace", "wrist"],
    "Urine drug screen x 4": ["4", "urine drug screen"],
    "Trigger point injections x 4, bilateral trapezius": ["4", "trigger point injection", "trapezius, bilateral"],
    "Series of 3 Synvisc injections, right knee": [
        "3 injection",
        "viscosupplementation",
        "knee, right",
        "Synvisc: hylan G-F 20",
    ],
    "Functional restoration program, 160 hours": ["160 hour", "functional restoration program"],
    # procedures
    "EMG/NCV of the bilateral upper extremities": ["EMG", "NCV", "upper extremity, bilateral"],
    "MRI (magnetic resonance imaging) of the brain": ["MRI", "brain"],
    "Right L5-S1 transforaminal epidural steroid injection": ["epidural steroid injection", "lumbar spine, right"],
    "PT/PTT": ["coagulation test"],
    "PT/OT, right hand": ["physical therapy", "occupational therapy", "hand, right"],
    "Physical therapy after arthroscopy": ["physical therapy"],
    "Subacromial injection with ultrasound guidance": ["joint injection", "shoulder"],
    "Corticosteroid injection": ["corticosteroid injection"],
    "Subacromial decompression, acromioplasty": ["subacromial decompression", "acromioplasty", "shoulder"],
    "Arthroscopy with evaluation of the joint": ["arthroscopy"],
    "Labs: CBC and CMP": ["CBC", "metabolic panel"],
    "Something else": [],
    "": [],
}


def shown(request) -> list[str]:
    """The facts, one string each: "12 visit", "3/week", "for 4 week", "2 refills", "knee, left", "Norco: …", names."""
    said = []
    if one := request.quantity:
        said.append(f"{_range(one.value.low, one.value.number)} {one.value.unit}".strip())
    said += [dose.value for dose in request.doses]
    if one := request.frequency:
        said.append(f"{_range(one.value.low, one.value.times)}/{one.value.period}")
    if one := request.duration:
        said.append(f"for {_range(one.value.low, one.value.number)} {one.value.unit}")
    if one := request.refills:
        said.append(f"{one.value} refills")
    said += ["compound"] * request.compound
    said += [one.value for one in request.procedures]
    said += [f"{one.part}, {one.side}" if one.side else one.part for one in request.body_parts]
    return said + [f"{one.text}: {one.generic}" for one in request.drugs]


def _range(low: Decimal | None, high: Decimal) -> str:
    return f"{low.normalize():f}-{high.normalize():f}" if low else f"{high.normalize():f}"


@pytest.mark.parametrize(("title", "expected"), TITLES.items(), ids=TITLES)
def test_what_a_title_says_was_asked_for(title, expected):
    assert sorted(shown(read_request(title))) == sorted(expected)


def facts_with_spans(request):
    for name in ("quantity", "frequency", "duration", "refills"):
        if found := getattr(request, name):
            yield found.span
    for found in (*request.doses, *request.body_parts, *request.drugs, *request.procedures):
        yield found.span


pieces = st.sampled_from(
    [
        *(
            "physical therapy",
            "MRI",
            "Norco",
            "tramadol",
            "left knee",
            "L4-5",
            "12 visits",
            "#60",
            "3 x 4",
            "10/325 mg",
        ),
        *(
            "3 times a week",
            "for 4 weeks",
            "with 2 refills",
            "5%",
            "x 6",
            "qty: 30",
            "twice daily",
            "q6h",
            "BID",
            "(6)",
        ),
        *(
            "240 grams",
            "one",
            "and",
            "of the",
            ",",
            "/",
            "#",
            "-",
            "\u0130",
            "\u00b5g",
            "1,000 mg",
            "compound",
            "0",
            "99999",
        ),
    ]
)
texts = st.one_of(st.text(), st.lists(pieces, max_size=12).map(" ".join), st.lists(pieces, max_size=12).map("".join))


@given(texts)
def test_any_text_gives_a_request_whose_places_lie_in_it(title):
    request = read_request(title)
    for span in facts_with_spans(request):
        assert 0 <= span.start < span.end <= len(title)
    for dose in request.doses:
        assert title[dose.span.start : dose.span.end] == dose.value
    for drug in request.drugs:
        assert title[drug.span.start : drug.span.end] == drug.text


@given(texts)
def test_numbers_are_positive_and_ranges_ascend(title):
    request = read_request(title)
    for found in (request.quantity, request.duration):
        if found:
            assert found.value.number > 0
            assert found.value.low is None or 0 <= found.value.low < found.value.number
    if request.frequency:
        assert request.frequency.value.times > 0
    assert request.refills is None or request.refills.value >= 0


@given(st.integers(1, 400), st.sampled_from(["visit", "session", "treatment"]))
def test_every_number_of_visits_is_read(number, unit):
    for title in (
        f"Acupuncture, {number} {unit}s",
        f"{number} {unit}s of acupuncture",
        f"Acupuncture {unit}s x {number}",
    ):
        quantity = read_request(title).quantity
        assert (quantity.value.number, quantity.value.unit) == (number, unit)


@given(st.integers(1, 7), st.integers(1, 52))
def test_every_frequency_and_duration_is_read_and_no_quantity(times, weeks):
    request = read_request(f"Physical therapy {times} times a week for {weeks} weeks")
    assert (request.frequency.value.times, request.duration.value.number) == (times, weeks)
    assert request.quantity is None


def test_a_long_title_takes_time_in_proportion():
    """No pattern runs away on repeated signs; a time that grew with the square would take minutes here."""
    for piece in ("1 ", "1-", "#1 ", "x 1 ", "one two ", "5%/", "(1) ", "left and ", "a b c d ", "T1 ", "Soma 5/9 "):
        read_request(piece * 20_000)


@pytest.mark.parametrize("name", vocabulary.other_drugs())
def test_drugs_without_a_group_of_the_states_are_named(name):
    found = read_request(name).drugs
    assert [one.generic for one in found] == [vocabulary.other_drugs()[name].name]
