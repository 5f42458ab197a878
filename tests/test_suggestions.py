"""Suggestions while typing: names of the archive, with the number of decisions that a choice finds."""

import json
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict

from determinations import search, suggestions
from determinations.filters import DecisionFilter
from determinations.models import Case, Specialty

pytestmark = pytest.mark.django_db


def suggested(typed):
    return {(one.text, one.kind) for one in suggestions.suggest(typed)}


@pytest.mark.parametrize(
    ("typed", "text", "kind"),
    [
        ("opio", "Opioids", "Class of drugs"),
        ("OPIOIDS", "Opioids", "Treatment"),
        ("oxyco", "Oxycodone", "Drug"),
        ("knee", "Knee", "Part of the body"),
        ("fam med", "Family Medicine", "Reviewer’s specialty"),
        ("medicine fam", "Family Medicine", "Reviewer’s specialty"),
        ("pm&r", "PM&R (Physical Medicine and Rehabilitation)", "Reviewer’s specialty"),
        ("odg sho", "ODG Shoulder", "Guideline"),
        ("required is not", "Something required is not documented", "Reason"),
        ("mri", "MRI", "Asked for"),
    ],
)
def test_the_beginning_of_a_name_suggests_it(typed, text, kind):
    assert (text, kind) in suggested(typed)


def test_a_brand_name_suggests_its_drug():
    [found] = [one for one in suggestions.suggest("roxico") if one.kind == "Drug"]
    assert found.text == "Roxicodone (Oxycodone)"
    assert found.url == "/decisions/?drug=oxycodone"


@pytest.mark.parametrize("typed", ["o", "op", "kn", "med", "pain", "cm17", "acoem", "mri", "physical", "shoul"])
def test_the_number_is_what_the_address_finds(typed):
    for one in suggestions.suggest(typed):
        address = urlsplit(one.url)
        if one.kind == "Letter":
            assert Case.objects.get(slug=address.path.split("/")[2]).items.count() == one.decisions
        else:
            assert search.find(DecisionFilter(QueryDict(address.query)).query, limit=1).decisions == one.decisions > 0


@pytest.mark.parametrize("typed", ["CM17-0990014", "cm170990014", "17-0990014", "cm17 0990014", " CM17_0990014 "])
def test_a_case_number_suggests_its_letter_however_it_is_written(typed):
    [found] = suggestions.suggest(typed)
    assert (found.text, found.kind, found.url) == ("CM17-0990014", "Letter", "/cases/cm17-0990014/")


def test_the_beginning_of_a_case_number_suggests_letters_in_their_order():
    found = [one.text for one in suggestions.suggest("cm16-099")]
    assert found == sorted(found)
    assert len(found) > 2
    assert all(text.startswith("CM16-099") for text in found)


@pytest.mark.parametrize("typed", ["", " ", "k", "\0", "xyzzyplugh", "99-1", "%", "\ud800", "((", "ⅷⅷ", "x" * 5_000])
def test_anything_else_suggests_nothing(typed):
    assert suggestions.suggest(typed) == []


def test_there_are_never_many():
    assert all(len(suggestions.suggest(typed)) <= suggestions.MOST for typed in ("me", "pa", "co", "ac", "in", "cm"))


def test_names_without_decisions_are_not_suggested(empty_archive):
    search.rebuild()
    assert suggestions.suggest("opio") == []


def test_a_renamed_specialty_is_suggested_by_its_new_name():
    specialty = Specialty.objects.get(name="Family Medicine")
    specialty.name = "Medicine of Families"
    specialty.save()
    assert ("Medicine of Families", "Reviewer’s specialty") in suggested("of fam")


def test_the_address_gives_json_that_may_be_kept(client):
    response = client.get("/suggest/", {"q": "opio"})
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "public, max-age=300"
    first = json.loads(response.content)["suggestions"][0]
    assert first.keys() == {"text", "kind", "decisions", "url"}


@pytest.mark.parametrize("parameters", ["", "?q=", "?q=%00", "?q=" + "y" * 3_000, "?r=1"])
def test_the_address_takes_anything(client, parameters):
    response = client.get(f"/suggest/{parameters}")
    assert (response.status_code, response.json()) == (200, {"suggestions": []})


def test_without_an_index_there_are_none(client, no_index):
    response = client.get("/suggest/?q=opio")
    assert (response.status_code, response.json()) == (503, {"suggestions": []})


def test_only_the_beginning_of_a_long_text_counts():
    assert suggestions.suggest("medicine " * 900) == suggestions.suggest("medicine")
