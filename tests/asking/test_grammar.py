"""What was typed and how it is read: tables of query → tree, one line each (`describe`)."""

import pytest

from determinations.asking.grammar import MAX_DEPTH, MAX_DISTANCE, MAX_LENGTH, MAX_SYNONYMS, MAX_WORDS, describe, read
from determinations.asking.nodes import Words

# Read as meant, without a note. Letters stand for words that have no synonyms.
PLAIN = {
    # words and phrases
    "": "",
    "   ": "",
    "lumbar": "lumbar",
    "Lumbar SPINE": "lumbar AND spine",
    "lumbar lumbar": "lumbar",
    "the injections": "the AND injection",
    '"lumbar spine"': '"lumbar spine"',
    "“lumbar spine”": '"lumbar spine"',
    "«lumbar spine»": '"lumbar spine"',
    '"lumbar"': '"lumbar"',
    '"lumbar spine"knee': '"lumbar spine" AND knee',
    'knee"lumbar spine"': 'knee AND "lumbar spine"',
    '"" lumbar': "lumbar",
    "lumbar, knee; (wrist).": "lumbar AND knee AND wrist",
    "what is a sprain?": "what AND is AND a AND sprain",
    "patient’s": "patient",
    "exercise(s)": "exercise",
    "a & b": "a AND b",
    "a - b": "a AND b",
    "a -- b": "a AND b",
    # operators
    "a AND b": "a AND b",
    "a OR b": "a OR b",
    "a NOT b": "a AND NOT b",
    "a AND NOT b": "a AND NOT b",
    "a && b": "a AND b",
    "a || b": "a OR b",
    "a|b": "a OR b",
    "a&&b": "a AND b",
    "a and b or c not d": "a AND and AND b AND or AND c AND not AND d",
    "ANDROID ORAL NOTHING": "android AND oral AND nothing",
    "a -b": "a AND NOT b",
    "a --b": "a AND NOT b",
    "+a +b -c": "a AND b AND NOT c",
    'a -"b c"': 'a AND NOT "b c"',
    "-(a b)": "NOT (a AND b)",
    "-(a OR b) c": "NOT (a OR b) AND c",
    "-a": "NOT a",
    "-a -b": "NOT a AND NOT b",
    "NOT a": "NOT a",
    "NOT NOT a": "a",
    "NOT -a": "a",
    "a OR -b": "a OR NOT b",
    "well-known": '"well known"',
    # precedence and brackets
    "a OR b AND c": "a OR (b AND c)",
    "a AND b OR c": "(a AND b) OR c",
    "a b OR c d": "(a AND b) OR (c AND d)",
    "a OR b c": "a OR (b AND c)",
    "(a OR b) AND c": "(a OR b) AND c",
    "(a OR b) c": "(a OR b) AND c",
    "NOT a OR b": "NOT a OR b",
    "NOT a b": "NOT a AND b",
    "NOT (a OR b)": "NOT (a OR b)",
    "((a))": "a",
    "(a)(b)": "a AND b",
    "(a b) (c d)": "a AND b AND c AND d",
    "a OR (b OR c)": "a OR b OR c",
    "(a OR (b c)) -(d (e OR f))": "(a OR (b AND c)) AND NOT (d AND (e OR f))",
    '("a b" OR c)d': '("a b" OR c) AND d',
    # beginnings
    "gaba*": "gaba*",
    "GABA*": "gaba*",
    "99*": "99*",
    "gaba*,": "gaba*",
    "gaba**": "gaba*",
    "l4-5*": '"l4 l5*"',
    '"lumbar epid*"': '"lumbar epid*"',
    '"lumbar epid"*': '"lumbar epid*"',
    "-gaba*": "NOT gaba*",
    "heading:gaba*": "heading:gaba*",
    # nearness
    "a NEAR b": "a NEAR/10 b",
    "a NEAR/5 b": "a NEAR/5 b",
    "a NEAR/0 b": "a NEAR/1 b",
    f"a NEAR/{MAX_DISTANCE} b": f"a NEAR/{MAX_DISTANCE} b",
    'a NEAR/3 "b c"': 'a NEAR/3 "b c"',
    '"a b" NEAR/3 L4-5': '"a b" NEAR/3 "l4 l5"',
    "x a NEAR/3 b y": "x AND (a NEAR/3 b) AND y",
    "a NEAR/3 b NEAR/4 c": "(a NEAR/3 b) AND (b NEAR/4 c)",
    "NOT a NEAR/3 b": "NOT (a NEAR/3 b)",
    "a OR b NEAR/3 c": "a OR (b NEAR/3 c)",
    "heading:a NEAR/3 b": "heading:a NEAR/3 heading:b",
    "heading:(a NEAR/3 b)": "heading:a NEAR/3 heading:b",
    "PT NEAR/3 knee": "pt NEAR/3 knee",
    "a near b": "a AND near AND b",
    "a NEARBY b": "a AND nearby AND b",
    # fields of the text
    "heading:lumbar": "heading:lumbar",
    "Heading:lumbar": "heading:lumbar",
    "heading: lumbar": "heading:lumbar",
    "heading:lumbar knee": "heading:lumbar AND knee",
    'rationale:"not necessary"': 'rationale:"not necessary"',
    "heading:(a b)": "heading:a AND heading:b",
    "heading:(a OR b)": "heading:a OR heading:b",
    "heading:(a summary:b c)": "heading:a AND summary:b AND heading:c",
    "heading:summary:a": "summary:a",
    "-heading:a": "NOT heading:a",
    "heading:-a": "NOT heading:a",
    "heading:(a -b)": "heading:a AND NOT heading:b",
    "heading:(-b)": "NOT heading:b",
    "NOT summary:(a b)": "NOT (summary:a AND summary:b)",
    "drug:Tylenol #3": 'drug:"tylenol 3"',
    # fields that are filters
    "outcome:overturned": "[outcome: overturned]",
    "outcome: overturned": "[outcome: overturned]",
    "OUTCOME:Overturned": "[outcome: Overturned]",
    "outcome:overturned,": "[outcome: overturned]",
    'specialty:"pain management"': "[specialty: pain management]",
    "specialty:pain management": "[specialty: pain] AND management",
    "specialty:(pain management)": "[specialty: pain management]",
    "outcome:(overturned OR upheld)": "[outcome: overturned] OR [outcome: upheld]",
    "specialty:(pain medicine OR neurology)": "[specialty: pain medicine] OR [specialty: neurology]",
    "-outcome:upheld": "NOT [outcome: upheld]",
    "outcome:-upheld": "NOT [outcome: upheld]",
    "NOT state:CA": "NOT [state: CA]",
    "year:2014": "[year: 2014]",
    "year:2013-2015": "[year: 2013-2015]",
    "state:CA year:2014 knee": "[state: CA] AND [year: 2014] AND knee",
    'treatment:"Facet Injection" body:knee': "[treatment: Facet Injection] AND [body: knee]",
    "reason:no-documentation finding:x class:NSAID": "[reason: no-documentation] AND [finding: x] AND [class: NSAID]",
    "specialty:ortho*": "[specialty: ortho*]",
    # case numbers, in any shape
    "CM14-0012345": "[case: CM14-0012345]",
    "cm14-0012345": "[case: CM14-0012345]",
    "cm140012345": "[case: CM14-0012345]",
    "CM14 0012345": "[case: CM14-0012345]",
    "CM 14-0012345": "[case: CM14-0012345]",
    "CM14–0012345": "[case: CM14-0012345]",
    "14-0012345": "[case: CM14-0012345]",
    '"CM14-0012345"': "[case: CM14-0012345]",
    "(CM14-0012345).": "[case: CM14-0012345]",
    "case:CM14-0012345": "[case: CM14-0012345]",
    "case:14-0012345": "[case: CM14-0012345]",
    "case:CM140012345": "[case: CM14-0012345]",
    "case:123": "[case: 123]",
    "knee CM14-0012345 upheld": "knee AND [case: CM14-0012345] AND upheld",
    "CM14-0012345 CM14-0012346": "[case: CM14-0012345] AND [case: CM14-0012346]",
    "CM14-0012345 OR CM14-0012346": "[case: CM14-0012345] OR [case: CM14-0012346]",
    "14 0012345": "14 AND 0012345",
    "2014-01-15": '"2014 01 15"',
    # words of medicine
    "L4-5": '"l4 l5"',
    "L4-L5": '"l4 l5"',
    "L4/5": '"l4 l5"',
    "L4 - L5": '"l4 l5"',
    "L4 – L5 fusion": '"l4 l5" AND fusion',
    "C5-6 C6-7": '"c5 c6" AND "c6 c7"',
    "follow up visit": "followup AND visit",
    "follow-up": "followup",
    "h wave": "hwave",
    "pre operative": "preoperative",
    "pre-operative": "preoperative",
    "12 visits": "12 AND visit",
    '"12 visits"': '"12 visit"',
    "12x": '"12 x"',
    "10/325": '"10 325"',
    "10/325mg #60": '"10 325 mg 60"',
    "Tylenol #3": '"tylenol 3"',
    "tylenol #3 knee": '"tylenol 3" AND knee',
    "-Tylenol #3": 'NOT "tylenol 3"',
    "5% patch": '"5 %" AND patch',
    "5 percent": "5 AND %",
    "7.5 mg": "7.5 AND mg",
    "wrist-hand": '"wrist hand"',
    "wrist/hand": '"wrist hand"',
    # what looks like syntax and is none
    "10:30": '"10 30"',
    "3:1 ratio": '"3 1" AND ratio',
    "ICD:724.4": '"icd 724.4"',
    "icd:724.4": '"icd 724.4"',
    "ICD: 724.4": "icd AND 724.4",
    "http://www.example.org/a": '"http www example org a"',
    "https://example.org:80/a?b=c": '"https example org 80 a b c"',
    "Note:seen": '"note seen"',
    "c/o:pain": '"c o pain"',
    '6" screw': "6 AND screw",
    "[a TO b]": "a AND to AND b",
    "{a}": "a",
    "a\x00b\ud800c": "a AND b AND c",
}  # fmt: skip

# Words with synonyms. {…} counts as well; words side by side are found as they are typed, or as another wording.
SYNONYMS = {
    "PM&R": "pmr{physical medicine and rehabilitation | physiatry | physiatrist}",
    "pm & r": "pmr{physical medicine and rehabilitation | physiatry | physiatrist}",
    "mri": "mri{magnetic resonance imaging | mr imaging}",
    "MRIs": "mri{magnetic resonance imaging | mr imaging}",
    "heading:mri": "heading:mri{magnetic resonance imaging | mr imaging}",
    "-mri": "NOT mri{magnetic resonance imaging | mr imaging}",
    "heading:(mri OR knee)": "heading:mri{magnetic resonance imaging | mr imaging} OR heading:knee",
    '"mri"': '"mri"',
    "mri*": "mri*",
    "magnetic resonance imaging": "(magnetic AND resonance AND imaging) OR mri{mr imaging}",
    '"magnetic resonance imaging"': '"magnetic resonance imaging"',
    "magnetic AND resonance AND imaging": "magnetic AND resonance AND imaging",
    "heading:(functional restoration program)": (
        "(heading:functional AND heading:restoration AND heading:program) OR heading:frp"
    ),
    "FRP denied": "frp{functional restoration program} AND denied",
    "functional restoration program denied": "((functional AND restoration AND program) OR frp) AND denied",
    "x ray knee": "xray{radiograph | plain film | radiography} AND knee",
    "X-rays": "xray{radiograph | plain film | radiography}",
    "home exercise program": "(home AND exercise AND program) OR hep",
    "DME": "dme{durable medical equipment}",
    "TENS unit": (
        "tens{transcutaneous electrical nerve stimulation | transcutaneous electric nerve stimulation |"
        " transcutaneous electrotherapy} AND unit"
    ),
    "celebrex": "celebrex{celecoxib | elyxyb}",
    "NSAID": "nsaid{nonsteroidal antiinflammatory}",
    "guideline:MTUS": "guideline:mtus{medical treatment utilization schedule}",
}

# Mistakes: how they are read, and words of the note that says so.
MISTAKES = {
    "(a OR b": ("a OR b", "bracket that was not closed"),
    "a) b": ("a AND b", "closing bracket without"),
    ")a( b": ("a AND b", "closing bracket without"),
    "()": ("", "Empty brackets"),
    "a ()": ("a", "Empty brackets"),
    "heading:() a": ("a", "Empty brackets"),
    '"lumbar spine': ('"lumbar spine"', "quotation mark that was not closed"),
    'a "b c" "d': ('a AND "b c" AND "d"', "quotation mark that was not closed"),
    "AND a": ("a", "AND without words"),
    "a AND": ("a", "AND without words"),
    "a AND AND b": ("a AND b", "AND without words"),
    "AND": ("", "AND without words"),
    "OR a": ("a", "OR without words"),
    "a OR": ("a", "OR without words"),
    "a OR OR b": ("a OR b", "OR without words"),
    "a OR AND b": ("a OR b", "AND without words"),
    "a AND OR b": ("a OR b", "AND without words"),
    "(a AND) b": ("a AND b", "AND without words"),
    "a NOT": ("a", "NOT or - without words"),
    "NOT": ("", "NOT or - without words"),
    "NOT AND a": ("a", "NOT or - without words"),
    "NEAR a": ("a", "NEAR without words"),
    "a NEAR": ("a", "NEAR without words"),
    "a NEAR AND b": ("a AND b", "NEAR without words"),
    "a NEAR/x b": ("a NEAR/10 b", "must be a number"),
    "a NEAR/500 b": ("a NEAR/50 b", "reaches 50 words"),
    "(a b) NEAR c": ("a AND b AND c", "read as AND"),
    "gaba* NEAR b": ("gaba* AND b", "read as AND"),
    "a NEAR heading:b": ("a AND heading:b", "read as AND"),
    "g*": ("g", "two letters"),
    "*": ("", "no word that can be looked for"),
    "*pentin": ("pentin", "at the end of a word only"),
    "gaba*tin": ("gaba*", "at the end of a word only"),
    "wom?n": ("wom*", "at the end of a word only"),
    "/knee/": ("knee", "slashes"),
    "knee~": ("knee", "~ and ^"),
    "knee~2 wrist^3.5": ("knee AND wrist", "~ and ^"),
    '"a b"~5': ('"a b"', "~ and ^"),
    '"a * b"': ('"a b"', "Inside quotation marks"),
    "foo:bar": ("foo AND bar", "“foo:” is no field"),
    'foo:"b c"': ('foo AND "b c"', "“foo:” is no field"),
    "heading:": ("heading", "Nothing stands after"),
    "a (heading:) b": ("a AND heading AND b", "Nothing stands after"),
    "heading: AND a": ("a", "Nothing stands after"),
    'outcome:""': ("", "Nothing stands after"),
    "!!!": ("", "“!!!” has no word"),
    "-": ("", "no word that can be looked for"),
    "\ud800": ("", "no word that can be looked for"),
    "(" * (MAX_DEPTH + 3) + "a" + ")" * (MAX_DEPTH + 3): ("a", f"{MAX_DEPTH} deep"),
}  # fmt: skip


@pytest.mark.parametrize(("query", "tree"), PLAIN.items())
def test_read_as_meant(query, tree):
    reading = read(query, exact=True)
    assert describe(reading.node) == tree
    assert reading.notes == ()
    assert reading.added == ()


@pytest.mark.parametrize(("query", "tree"), SYNONYMS.items())
def test_read_with_synonyms(query, tree):
    reading = read(query)
    assert describe(reading.node) == tree
    assert reading.notes == ()


@pytest.mark.parametrize(("query", "tree", "note"), [(query, *row) for query, row in MISTAKES.items()])
def test_a_mistake_is_read_and_noted(query, tree, note):
    reading = read(query)
    assert describe(reading.node) == tree
    assert any(note in sentence for sentence in reading.notes)
    assert all(sentence.endswith(".") for sentence in reading.notes)


def test_what_was_added_is_told():
    reading = read("MRI of the knee, functional restoration program")
    assert [(one.text, one.synonyms) for one in reading.added] == [
        ("MRI", ("magnetic resonance imaging", "MR imaging")),
        ("functional restoration program", ("FRP",)),
    ]


def test_exact_adds_nothing():
    reading = read("PT functional restoration program norco", exact=True)
    assert describe(reading.node) == "pt AND functional AND restoration AND program AND norco"
    assert reading.added == ()


def test_only_what_is_wanted_is_marked():
    reading = read('a -b "c d" NOT (e OR -f) g NEAR/3 h outcome:upheld CM14-0012345 frp', exact=True)
    rows = [one.tokens if isinstance(one, Words) else (one.left, one.right) for one in reading.positive]
    assert rows == [("a",), ("c", "d"), ("f",), (("g",), ("h",)), ("frp",)]


def test_synonyms_of_several_words_are_marked_too():
    rows = [(one.tokens, one.alternatives) for one in read("functional restoration program").positive]
    assert rows == [(("functional",), ()), (("restoration",), ()), (("program",), ()), (("frp",), ())]


def test_a_long_text_is_cut_at_a_blank():
    reading = read("word " * 200, exact=True)
    assert any(str(MAX_LENGTH) in note for note in reading.notes)
    assert describe(reading.node) == "word"
    cut = read("a" * (MAX_LENGTH - 3) + " bcdefgh", exact=True)
    assert "b" not in describe(cut.node)


def test_too_many_words_are_left_out():
    reading = read(" ".join(f"w{number}" for number in range(60)), exact=True)
    assert describe(reading.node).count("AND") == MAX_WORDS - 1
    assert any(str(MAX_WORDS) in note for note in reading.notes)


def test_too_many_synonyms_are_left_out():
    brands = "norco percocet lidocaine xartemis esgic medrox kadian oxycontin miralax androgel lenza estrace flexeril"
    reading = read(brands)
    assert sum(len(one.synonyms) for one in reading.added) <= MAX_SYNONYMS
    assert any("too many synonyms" in note for note in reading.notes)
    assert describe(reading.node).endswith(" AND flexeril")


def test_brackets_that_are_cut_off_are_no_mistake_of_the_user():
    reading = read(" ".join(f"w{number}" for number in range(29)) + " (x OR y OR z)", exact=True)
    assert reading.notes == (f"Only the first {MAX_WORDS} words were read.",)
    assert describe(reading.node).endswith("w28 AND x")
