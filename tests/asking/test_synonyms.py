"""Synonyms: each wording finds the others of its group, and no drug finds another."""

import pytest

from determinations import vocabulary
from determinations.asking.grammar import describe, read
from determinations.asking.synonyms import others, wordings
from determinations.asking.tokens import normalised
from determinations.vocabulary.synonyms import synonym_groups


def added(query):
    return {synonym for one in read(query).added for synonym in one.synonyms}


FINDS = {
    "PT": "physical therapy",
    "physiotherapy": "PT",
    "physical therapy": "PT",
    "OT": "occupational therapy",
    "ESI": "epidural steroid injection",
    "LESI": "lumbar epidural steroid injection",
    "TFESI": "transforaminal epidural steroid injection",
    "MBB": "medial branch block",
    "RFA": "radiofrequency ablation",
    "TENS": "transcutaneous electrical nerve stimulation",
    "DME": "durable medical equipment",
    "FRP": "functional restoration program",
    "HEP": "home exercise program",
    "UDS": "UDT",
    "UDT": "urine drug screen",
    "urine drug screen": "UDS",
    "urine toxicology": "UDS",
    "PM&R": "physical medicine and rehabilitation",
    "CBT": "cognitive behavioral therapy",
    "FCE": "functional capacity evaluation",
    "EMG": "electromyography",
    "NCV": "nerve conduction study",
    "NCS": "NCV",
    "MRI": "magnetic resonance imaging",
    "CT": "computed tomography",
    "ACL": "anterior cruciate ligament",
    "TKA": "total knee replacement",
    "total knee replacement": "TKR",
    "THA": "total hip arthroplasty",
    "SCS": "spinal cord stimulator",
    "ROM": "range of motion",
    "NSAID": "nonsteroidal anti-inflammatory",
    "SSRI": "selective serotonin reuptake inhibitor",
    "IF unit": "interferential unit",
    "ESWT": "extracorporeal shockwave therapy",
    "PRP": "platelet rich plasma",
    "LSO": "lumbosacral orthosis",
    "CPM": "continuous passive motion",
    "ASC": "ambulatory surgery center",
    "chiropractic": "chiro",
    "norco": "hydrocodone/acetaminophen",
    "vicodin": "Norco",
    "hydrocodone/acetaminophen": "Norco",
    "hydrocodone-acetaminophen": "Vicodin",
    "hydrocodone and acetaminophen": "Vicodin",
    "percocet": "Endocet",
    "neurontin": "gabapentin",
    "gabapentin": "Gralise",
    "flexeril": "cyclobenzaprine",
    "acetaminophen with codeine": "Tylenol #3",
}
DOES_NOT_FIND = [
    ("NSAID", "ibuprofen"),
    ("opioid", "norco"),
    ("acetaminophen", "Norco"),
    ("ibuprofen", "Vicoprofen"),
    ("percocet", "Norco"),
    ("Tylenol", "Tylenol #3"),
    ("amphetamine", "Adderall"),
    ("levodopa", "Sinemet"),
    ("sulfamethoxazole", "Bactrim"),
    ("radiofrequency ablation", "RFA"),
    ("LESI", "CESI"),
    ("LESI", "epidural steroid injection"),
    ("ESI", "facet injection"),
    ("ACL", "anterior cervical discectomy and fusion"),
    ("CBT", "psychotherapy"),
]


@pytest.mark.parametrize(("query", "synonym"), FINDS.items())
def test_a_wording_finds_another(query, synonym):
    assert synonym in added(query)


@pytest.mark.parametrize(("query", "synonym"), DOES_NOT_FIND)
def test_a_wording_does_not_find_another_thing(query, synonym):
    assert synonym not in added(query)


@pytest.mark.parametrize("query", ['"physical therapy"', '"norco"', "norco*", "norco NEAR/5 daily", "Tylenol #3"])
def test_what_is_said_exactly_has_no_synonyms(query):
    assert added(query) == set()


def drugs():
    return {
        generic: (generic, *names)
        for file, kind in (("drugs", "group"), ("other_drugs", "class"))
        for row in vocabulary.load(file)[kind]
        for generic, names in row["drugs"].items()
    }


def test_an_opioid_finds_the_brands_of_its_mixtures_and_not_the_other_way():
    assert {"Norco", "Vicodin"} <= added("hydrocodone")
    assert "Percocet" in added("oxycodone")
    assert "Ultracet" in added("tramadol")
    assert not {"hydrocodone", "Hysingla"} & added("Norco")


def test_no_name_of_a_drug_finds_another_drug():
    """But for a mixture with it, which is found by its first ingredient."""
    owner = {tuple(normalised(name).split()): generic for generic, names in drugs().items() for name in names}

    mixtures = {generic.split("/")[0]: [] for generic in drugs()}
    for generic in drugs():
        mixtures[generic.split("/")[0]].append(generic)
    checked = 0
    for typed in filter(owner.get, wordings()):
        named = {owner[typed], *mixtures.get(" ".join(typed), ())}
        for other in others(typed):
            if other.tokens in owner:
                assert owner[other.tokens] in named, (typed, other)
                checked += 1
    assert checked > 5000


def test_a_drug_of_several_ingredients_is_joined_with_none_of_them():
    single = {generic.lower() for generic in drugs() if "/" not in generic}
    for generic, names in drugs().items():
        ingredients = {part.strip().lower() for part in generic.split("/")}
        if len(ingredients) < 2:
            continue
        for name in names:
            for other in others(tuple(normalised(name).split())):
                assert other.text.lower() not in ingredients | single


def test_no_wording_is_added_to_itself_or_twice():
    for typed in wordings():
        rows = [one.tokens for one in others(typed)]
        assert typed not in rows
        assert len(set(rows)) == len(rows)


def test_every_wording_has_words():
    for group in synonym_groups():
        for wording in (*group.same, *group.narrower, *group.ambiguous):
            assert normalised(wording)


def test_words_apart_are_no_wording():
    assert describe(read("functional AND restoration AND program").node) == "functional AND restoration AND program"
    assert describe(read("functional restoration (program)").node) == "functional AND restoration AND program"


def test_the_longest_wording_counts():
    assert [one.text for one in read("lumbar epidural steroid injection").added] == [
        "lumbar epidural steroid injection"
    ]
