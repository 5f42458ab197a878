"""What differs between two readings, and where the earlier one is found."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.letters.comparison import ABSENT, EXAMPLES, Comparison, differences
from determinations.letters.inputs.files import read_file
from determinations.letters.record import record
from determinations.letters.record_files import NoRecords, RecordFiles

from .builder import Parts, letter_2016, single_spaced
from .test_properties import fixed


def found(old, new):
    return [(one.field, one.place, one.old, one.new) for one in differences(old, new)]


ISSUE = {"code": "no-outcome", "message": "x", "start": 3, "end": 5}
LATER = {"code": "uncategorised", "message": "y", "start": 9, "end": 12}
A, B, C = ({"treatment": name, "outcome": "Upheld"} for name in ("MRI", "Splint", "Visit"))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, [("a", "a", 1, 2)]),
        ({"dates": {"of": None}}, {"dates": {"of": "2017"}}, [("dates.of", "dates.of", None, "2017")]),
        ({}, {"new": "x"}, [("new", "new", ABSENT, "x")]),
        ({"gone": None}, {}, [("gone", "gone", None, ABSENT)]),
        ({"pages": ["9"]}, {"pages": ["9", "10"]}, [("pages", "pages", ["9"], ["9", "10"])]),
        ({"items": []}, {"items": []}, []),
        ({"items": [A, B]}, {"items": [A, B | {"outcome": ""}]}, [("items.outcome", "items.1.outcome", "Upheld", "")]),
        # A row that comes or goes does not make all that follow differ.
        ({"items": [A, B, C]}, {"items": [B, C]}, [("items", "items.0", A, ABSENT)]),
        ({"items": [A, C]}, {"items": [A, B, C]}, [("items", "items.1", ABSENT, B)]),
        ({"items": [A]}, {"items": [B]}, [("items.treatment", "items.0.treatment", "MRI", "Splint")]),
        ({"issues": [ISSUE, LATER]}, {"issues": [LATER]}, [("issues", "issues.0", ISSUE, ABSENT)]),
        (
            {"issues": [ISSUE]},
            {"issues": [LATER]},
            [("issues", "issues.0", ISSUE, ABSENT), ("issues", "issues.1", ABSENT, LATER)],
        ),
        (
            {"issues": [ISSUE]},
            {"issues": [ISSUE | {"message": "z"}]},
            [("issues.message", "issues.0.message", "x", "z")],
        ),
    ],
)
def test_every_value_that_differs_is_named_once(old, new, expected):
    assert found(old, new) == expected


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "code", "start"]), inner),
    max_leaves=10,
)


@fixed
@given(values, values)
def test_two_readings_differ_if_and_only_if_something_is_named(old, new):
    assert bool(found(old, new)) == (json.dumps(old, sort_keys=True) != json.dumps(new, sort_keys=True) and old != new)
    assert found(old, old) == []
    for difference in differences(old, new):
        assert str(difference)


def test_a_long_text_is_shown_where_it_begins_to_differ():
    [difference] = differences({"why": "same " * 100 + "left"}, {"why": "same " * 100 + "right"})
    assert str(difference) == "why: …'same same same same left' → …'same same same same right'"


def test_counts_and_a_few_examples_of_each_field():
    comparison = Comparison()
    for number in range(10):
        comparison.add(f"letter {number}", {"a": 1, "b": number}, {"a": 2, "b": 0})
    assert (comparison.letters, comparison.changed) == (10, 10)
    lines = list(comparison.lines())
    assert lines[0] == "a: 10"
    assert lines[1] == "    letter 0  a: 1 → 2"
    assert lines[1 + EXAMPLES] == "b: 9"


# ---- earlier records ------------------------------------------------------------------------------------------------
@pytest.fixture
def letters(tmp_path):
    folder = tmp_path / "letters"
    (folder / "deep").mkdir(parents=True)
    for name in ("one", "two", "deep/three"):
        (folder / f"{name}.txt").write_text(single_spaced(letter_2016(Parts(treatment=f"Splint {name}"))))
    return folder


def records(letters, *names):
    return [record(read_file(letters / f"{name}.txt")) for name in names]


def test_records_of_a_file_are_found_by_path_or_name(letters, tmp_path):
    file = tmp_path / "records.jsonl"
    one, three = records(letters, "one", "deep/three")
    file.write_text(json.dumps(one) + "\n\n" + json.dumps(three) + "\n")
    earlier = RecordFiles(file)
    assert earlier.get(one["file"]) == one
    assert earlier.get("elsewhere/three.text") == three
    assert earlier.get("elsewhere/four.txt") is None
    assert list(earlier.left()) == []


def test_records_that_nobody_asked_for_are_left(letters, tmp_path):
    file = tmp_path / "records.jsonl"
    both = records(letters, "one", "two")
    file.write_text("".join(json.dumps(one) + "\n" for one in both))
    earlier = RecordFiles(file)
    earlier.get("one.txt")
    assert list(earlier.left()) == [both[1]["file"]]


def test_a_folder_holds_records_one_a_file_many_a_file_and_texts(letters, tmp_path):
    folder = tmp_path / "earlier"
    (folder / "in").mkdir(parents=True)
    one, two, three = records(letters, "one", "two", "deep/three")
    del one["file"]
    (folder / "one.json").write_text(json.dumps(one, indent=2))
    (folder / "one.txt").write_text("the text beside its record")
    (folder / "in" / "more.jsonl").write_text(json.dumps(two) + "\n")
    (folder / "in" / "three.txt").write_text((letters / "deep" / "three.txt").read_text())
    (folder / "notes.md").write_text("not asked for")
    earlier = RecordFiles(folder)
    assert earlier.get("x/one.txt") == one
    assert earlier.get("x/two.txt") == two
    assert earlier.get("x/three.txt") == three | {"file": str(folder / "in" / "three.txt")}


@pytest.mark.parametrize("content", ["no record", "[1, 2]", '{"file": "a"}\n17\n', "{\n", ""])
def test_what_is_no_record_is_said(tmp_path, content):
    (tmp_path / "x.jsonl").write_text(content)
    with pytest.raises(NoRecords, match=r"is no file of records|There is no record"):
        RecordFiles(tmp_path / "x.jsonl")


def test_a_name_that_two_records_could_have_is_not_guessed(letters, tmp_path):
    (letters / "deep" / "one.txt").write_text((letters / "one.txt").read_text())
    file = tmp_path / "records.jsonl"
    both = records(letters, "one", "deep/one")
    file.write_text("".join(json.dumps(one) + "\n" for one in both))
    earlier = RecordFiles(file)
    assert earlier.get(both[1]["file"]) == both[1]
    with pytest.raises(NoRecords, match="name the letters as the records do"):
        earlier.get("one.txt")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (20_000, 20_000, 0),  # alike
        (20_000, 20_001, 1),  # one more
        (20_001, 20_000, 1),  # one less
        (2, 20_000, 19_998),
    ],
)
def test_long_lists_of_rows_that_are_alike(old, new, expected):
    rows, others = ([{"treatment": "MRI"}] * count for count in (old, new))
    assert len(list(differences(rows, others))) == expected


def test_of_long_lists_what_differs_between_their_ends_is_a_difference_each():
    rows = [{"treatment": f"MRI {number}"} for number in range(3000)]
    others = [*rows[:1000], {"treatment": "x-ray"}, *rows[1001:]]
    assert [(one.old, one.new) for one in differences(rows, others)] == [("MRI 1000", "x-ray")]
