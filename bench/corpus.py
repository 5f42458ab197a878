"""Makes letters by the thousand: invented, seeded, in the forms that the archive reads.

    python -m bench.corpus 10000 /tmp/letters        writes 10,000 letters into folders of 1,000

The mix follows what is known of the real ones (items a letter, outcomes, specialties, categories); no sentence is
taken from a real letter. Letter ``n`` of a seed is always the same, whatever the number of letters.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

SPECIALTIES = {
    "Family Practice": 26,
    "Preventive Medicine, Occupational Medicine": 24,
    "Physical Medicine & Rehabilitation, Pain Management": 11,
    "Physical Medicine & Rehabilitation": 10,
    "Internal Medicine": 7,
    "Orthopedic Surgery": 4,
    "Orthopedic Surgery, Sports Medicine": 4,
    "Preventive Medicine, Occupational Medicine, Public Health & General Preventive Medicine": 3,
    "Anesthesiology, Pain Management": 3,
    "Emergency Medicine": 2,
    "Neurology, Pain Management": 1,
    "Chiropractor": 1,
    "Psychiatry": 1,
    "Psychologist": 1,
    "Neurological Surgery": 1,
    "Plastic Surgery, Hand Surgery": 1,
}
STATES = [
    "California", "Texas", "New York", "Florida", "Pennsylvania", "North Carolina", "Arizona", "Virginia", "Ohio",
    "New Jersey", "Washington", "Iowa", "Montana", "Michigan", "Georgia", "Illinois", "Maryland", "Oregon",
]  # fmt: skip
PARTS = {
    "lumbar spine": "Low Back", "cervical spine": "Neck and Upper Back", "right shoulder": "Shoulder",
    "left shoulder": "Shoulder", "right knee": "Knee", "left knee": "Knee", "right wrist": "Forearm, Wrist, and Hand",
    "left elbow": "Elbow", "right ankle": "Ankle and Foot", "thoracic spine": "Neck and Upper Back",
}  # fmt: skip
DRUGS = [
    "Norco 10/325mg", "Tramadol 50mg", "Naproxen 550mg", "Ibuprofen 800mg", "Cyclobenzaprine 7.5mg", "Omeprazole 20mg",
    "Gabapentin 600mg", "Meloxicam 15mg", "Tizanidine 4mg", "Pantoprazole 20mg", "Duloxetine 30mg", "Celecoxib 200mg",
    "Percocet 5/325mg", "Zolpidem 10mg", "Lidocaine patch 5%", "Voltaren gel 1%", "Baclofen 10mg", "Nortriptyline 25mg",
]  # fmt: skip
REQUESTS = {
    "MRI of the {part} without contrast": 14,
    "MRI of the {part}": 12,
    "Physical therapy {a} times a week for {b} weeks for the {part}": 16,
    "{drug} #{n}": 26,
    "{drug} #{n} with {a} refills": 6,
    "EMG/NCV of the bilateral upper extremities": 4,
    "EMG/NCS of the bilateral lower extremities": 3,
    "Acupuncture {n} sessions for the {part}": 5,
    "Chiropractic treatment {a} times a week for {b} weeks": 4,
    "Lumbar epidural steroid injection at L{a}-L5": 4,
    "Urine drug screen": 3,
    "TENS unit, {n} day rental": 2,
    "{part} arthroscopy": 2,
    "Functional capacity evaluation": 1,
    "Follow up visit with a pain management specialist": 2,
    "X-ray of the {part}": 3,
    "Associated surgical service: Cold therapy unit, {n} day rental": 1,
    "Home health care {a} hours a day": 1,
    "Cognitive behavioral therapy, {n} sessions": 1,
    "Functional restoration program, {n} days": 1,
}
SECTIONS = ["Special Studies", "Initial Care", "Physical Methods", "Summary", "Diagnostic Criteria"]
PAIN_SECTIONS = ["Physical medicine treatment", "Topical analgesics", "Muscle relaxants (for pain)", "Introduction"]
COMPLAINTS = ["aching", "burning", "sharp", "dull", "throbbing", "stabbing", "constant", "intermittent"]
EVENTS = [
    "lifting a crate", "a fall from a ladder", "pushing a cart", "repetitive keyboard work", "a slip on a wet floor",
    "a vehicle collision", "carrying drywall", "a twisting step off a curb",
]  # fmt: skip
JOBS = ["warehouse worker", "nurse", "cook", "driver", "carpenter", "clerk", "gardener", "teacher", "welder"]
FACTS = [
    "Pain was rated at {x} out of 10 on the day of the visit.",
    "Range of motion was limited by about {n} degrees in flexion.",
    "The claimant has gone back to modified work since the last report.",
    "Treatment so far has included {n} visits of supervised exercise and oral medication.",
    "Strength was full in all groups that were tested.",
    "Sensation to light touch was reduced over the outer aspect of the limb.",
    "An earlier image of the {part} showed mild wear without a fracture.",
    "The note of {day} describes {complaint} pain in the {part}.",
    "No new event was reported between the two visits.",
    "The provider asked for authorization on {day}.",
    "Sleep was said to be broken on most nights of the week.",
    "A trial of home exercise was described without a log of its effect.",
]
REASONS = [
    "The schedule allows this kind of care where a plan with measurable goals is in place.",
    "The file gives no figure that would show a gain in function since the last course.",
    "A shorter course was tried, and how the worker fared with it is not told.",
    "Nothing in the examination points to a condition that needs prompt attention.",
    "The guideline asks for a failed trial of simpler measures before this one.",
    "The number that is asked for is above what the guideline foresees for this condition.",
    "The records of the past {n} weeks speak of steady {complaint} discomfort in the {part}.",
    "The quantity that was provided before has not been accounted for.",
    "The report explains what the result would change in the plan of care.",
    "Objective findings of the {part} agree with what the worker describes.",
    "A table of the chapter lists this option among those that may be considered.",
    "The dose has not changed in the last {n} months.",
]
AGAINST = [
    "Therefore, the request is not medically necessary.",
    "As such, the requested {title} is not medically necessary.",
    "Given the above, the request for {title} is not medically necessary.",
    "Medical necessity has not been established for the request.",
]
FOR = [
    "Therefore, the request is medically necessary.",
    "As such, the request for {title} is medically necessary.",
]
METHOD = (
    "MAXIMUS Federal Services sent the complete case file to an expert reviewer. He/she has no affiliation with the "
    "employer, employee, providers or the claims administrator. {credentials}He/she has been in active clinical "
    "practice for more than five years and is currently working at least 24 hours a week in active practice. The "
    "expert reviewer was selected based on his/her clinical experience, education, background, and expertise in the "
    "same or similar specialties that evaluate and/or treat the medical condition and disputed items/Service. He/she "
    "is familiar with governing laws and regulations, including the strength of evidence hierarchy that applies to "
    "Independent Medical Review determinations."
)


def letter(seed: int, number: int) -> tuple[str, str]:
    """File name and text of one letter."""
    chance = random.Random(f"{seed}/{number}")
    early = chance.random() < 0.15
    decided = (
        date(2014, 3, 1) + timedelta(days=chance.randrange(700))
        if early
        else date(2016, 3, 1) + timedelta(days=chance.randrange(480))
    )
    case = f"CM{decided.year % 100:02d}-{1_000_000 + number:07d}"
    paragraphs = [] if early and chance.random() < 0.3 else _header(chance, case, decided)
    paragraphs += _method(chance, early)
    paragraphs += ["CLINICAL CASE SUMMARY", _SUMMARY, " ".join(_facts(chance, decided))]
    paragraphs += ["IMR ISSUES, DECISIONS AND RATIONALES", _ITEMS]
    for _ in range(chance.choices([1, 2, 3, 4, 6, 9, 15], [50, 22, 11, 8, 6, 2, 1])[0]):
        paragraphs += _item(chance, early, decided)
    return f"{case}.txt", _layout(paragraphs, chance)


_SUMMARY = (
    "The expert reviewer developed the following clinical case summary based on a review of the case file, including "
    "all medical records:"
)
_ITEMS = "The Final Determination was based on decisions for the disputed items/services set forth below:"


def _pick(chance: random.Random, weighted: dict[str, int]) -> str:
    return chance.choices(list(weighted), list(weighted.values()))[0]


def _header(chance: random.Random, case: str, decided: date) -> list[str]:
    assigned = decided - timedelta(days=chance.randrange(20, 40))
    received = assigned - timedelta(days=chance.randrange(3, 9))
    denied = received - timedelta(days=chance.randrange(8, 30))
    injured = denied - timedelta(days=chance.randrange(20, 2500))
    lines = [
        f"Case Number: {case} ",
        f"Date Assigned: {assigned:%m/%d/%Y} Date of Injury:  {injured:%m/%d/%Y}",
        f"Decision Date: {decided:%m/%d/%Y} UR Denial Date:  {denied:%m/%d/%Y}",
        f"Priority:  {'Expedited' if chance.random() < 0.02 else 'Standard'} Application",
        "Received: ",
        f"{received:%m/%d/%Y}",
    ]
    return ["\n".join(lines)]


def _method(chance: random.Random, early: bool) -> list[str]:
    certifications = _pick(chance, SPECIALTIES)
    states = chance.sample(STATES, chance.choices([1, 2, 3], [50, 35, 15])[0])
    if early:
        first, *others = certifications.split(", ")
        held = f", has a subspecialty in {', '.join(others)}" if others else ""
        licensed = f"is licensed to practice in {', '.join(states)}"
        said = f"The expert reviewer is Board Certified in {first}{held} and {licensed}. "
        return ["HOW THE IMR FINAL DETERMINATION WAS MADE", METHOD.format(credentials=said)]
    lines = [
        "The Expert Reviewer has the following credentials:",
        f"State(s) of Licensure: {chance.choice([',', ', ']).join(states)}",
        f"Certification(s)/Specialty: {certifications}",
    ]
    return ["HOW THE IMR FINAL DETERMINATION WAS MADE", METHOD.format(credentials=""), "\n".join(lines)]


def _fill(chance: random.Random, text: str, decided: date, **known: str) -> str:
    return text.format(
        x=chance.randrange(2, 10),
        n=chance.randrange(3, 30),
        day=(decided - timedelta(days=chance.randrange(30, 120))).strftime(chance.choice(["%m/%d/%Y", "%m-%d-%y"])),
        complaint=chance.choice(COMPLAINTS),
        **({"part": chance.choice(list(PARTS))} | known),
    )


def _facts(chance: random.Random, decided: date) -> list[str]:
    age, job, event = chance.randrange(20, 66), chance.choice(JOBS), chance.choice(EVENTS)
    opening = f"The patient is a {age} year old {job} who was hurt by {event}."
    return [opening, *(_fill(chance, fact, decided) for fact in chance.choices(FACTS, k=chance.randrange(8, 16)))]


def _item(chance: random.Random, early: bool, decided: date) -> list[str]:
    part = chance.choice(list(PARTS))
    title = _pick(chance, REQUESTS).format(
        part=part, drug=chance.choice(DRUGS), n=chance.choice([6, 12, 30, 60, 90]), a=chance.randrange(1, 4),
        b=chance.randrange(3, 9),
    )  # fmt: skip
    heading = title
    if chance.random() < 0.08:
        heading = (
            f"{title}, full amount was the original request. A part of it was authorized by the Claims Administrator. "
            f"The remaining IMR eligible portion of the original request, {title} is"
        )
    overturned = chance.random() < 0.1
    reasons = [
        _fill(chance, reason, decided, part=part) for reason in chance.choices(REASONS, k=chance.randrange(5, 14))
    ]
    reasons.append(chance.choice(FOR if overturned else AGAINST).format(title=title))
    return [
        f"{heading}:  {'Overturned' if overturned else 'Upheld'}",
        f"Claims Administrator guideline: {_guidelines(chance, early, part, 'Claims Administrator')}",
        f"MAXIMUS guideline: {_guidelines(chance, early, part, 'Expert Reviewer')}",
        f"Decision rationale: {' '.join(reasons)}",
    ]


def _guidelines(chance: random.Random, early: bool, part: str, who: str) -> str:
    kind = chance.random()
    topic = PARTS[part]
    year = "2007" if topic == "Elbow" else "2004"
    if kind < 0.12:
        return f"The {who} did not cite any medical evidence for its decision."
    section = chance.choice(PAIN_SECTIONS)
    outside = f"Decision based on Non-MTUS Citation Official Disability Guidelines (ODG), {topic}, {section}."
    if kind < 0.27:
        return f"The {who} based their decision on recommendation(s) outside of the MTUS Guidelines.  {outside}"
    if early:
        page = chance.randrange(8, 120)
        inside = (
            f"Decision based on MTUS Chronic Pain Treatment Guidelines {section} Page(s): {page}-{page + 2} of 127."
        )
    elif chance.random() < 0.5:
        inside = f"Decision based on MTUS {topic} Complaints {year}, Section(s): {chance.choice(SECTIONS)}."
    else:
        inside = (
            f"Decision based on MTUS {topic} Complaints {year}, Section(s): {chance.choice(SECTIONS)}, and "
            f"Chronic Pain Medical Treatment 2016, Section(s): {chance.choice(PAIN_SECTIONS)}."
        )
    return f"{inside}  {outside}" if chance.random() < 0.3 else inside


def _layout(paragraphs: list[str], chance: random.Random) -> str:
    """As PDFBox writes it: an empty line after every line, a line of one blank between paragraphs, page ends."""
    lines: list[str] = [" "]
    for paragraph in paragraphs:
        for line in paragraph.split("\n"):
            lines += [f"{part} " for part in _wrapped(line)]
        lines.append(" ")
    text, on_page = [], 0
    for line in lines:
        text.append(line + "\n\n")
        on_page += 1
        if on_page == 52:
            text.append("\n\n")
            on_page = 0
    return "".join(text)


def _wrapped(line: str, width: int = 96) -> Iterator[str]:
    while len(line) > width:
        cut = line.rfind(" ", 0, width)
        yield line[:cut]
        line = line[cut + 1 :]
    yield line.rstrip()


def letters(count: int, seed: int = 2017, first: int = 0) -> Iterator[tuple[str, str]]:
    """``count`` letters from number ``first`` on."""
    return (letter(seed, number) for number in range(first, first + count))


def write(folder: Path, count: int, seed: int = 2017, first: int = 0) -> None:
    """Write letters as files into sub-folders of a thousand."""
    for place, (name, text) in enumerate(letters(count, seed, first), first):
        below = folder / f"{place // 1000:05d}"
        if place % 1000 == 0 or place == first:
            below.mkdir(parents=True, exist_ok=True)
        (below / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[2]), int(sys.argv[1]))
