"""The query string: checked, read once, and written back in one fixed way."""

import pytest
from django.http import QueryDict

from determinations.filters import DecisionFilter
from determinations.models import Guideline, Specialty, TreatmentCategory
from determinations.search import NO_YEAR, DecisionQuery, Sort

pytestmark = pytest.mark.django_db


def read(parameters: str) -> DecisionFilter:
    return DecisionFilter(QueryDict(parameters))


def test_nothing_asked_for_is_everything():
    assert read("").query == DecisionQuery()
    assert read("").form.errors == {}


def test_everything_asked_for():
    asked = read(
        "q=+knee++pain+&outcome=upheld&outcome=overturned&specialty=pain-medicine&treatment=pharmaceuticals/opioids"
        "&guideline=odg-low-back&year=2016&year=none&state=CA&state=NY&sort=oldest&page=3"
    )
    assert asked.form.errors == {}
    assert asked.query == DecisionQuery(
        words="knee pain",
        outcomes=frozenset({"Upheld", "Overturned"}),
        specialties=frozenset({Specialty.objects.get(slug="pain-medicine").pk}),
        treatments=frozenset({TreatmentCategory.objects.get(slug="pharmaceuticals/opioids").pk}),
        guidelines=frozenset({Guideline.objects.get(slug="odg-low-back").pk}),
        years=frozenset({2016, NO_YEAR}),
        states=frozenset({"CA", "NY"}),
        sort=Sort.OLDEST,
    )
    assert asked.page_number == 3


def test_a_category_stands_for_its_branch():
    parent = TreatmentCategory.objects.get(slug="surgery")
    branch = {parent.pk, *parent.subcategories.values_list("pk", flat=True)}
    assert read("treatment=surgery").query.treatments == branch


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ("outcome=won", "outcome"),
        ("specialty=astrology", "specialty"),
        ("treatment=surgery/magic", "treatment"),
        ("guideline=none-such", "guideline"),
        ("year=20016", "year"),
        ("state=ZZ", "state"),
        ("sort=random", "sort"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=two", "page"),
        ("page=99999999999999999999", "page"),
        ("page=1e9", "page"),
        ("q=" + "a" * 401, "q"),
    ],
)
def test_a_bad_value_has_a_message_and_is_left_out(parameters, name):
    asked = read(parameters + "&outcome=upheld" * (name != "outcome"))
    assert asked.problems(name)
    assert all(message.endswith((".", "shown.", "out.")) for message in asked.problems(name))
    expected = DecisionQuery(outcomes=frozenset() if name == "outcome" else frozenset({"Upheld"}))
    assert asked.query == expected
    assert asked.page_number == 1


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("", "?"),
        ("q=&outcome=&page=1", "?"),
        ("state=NY&state=CA&q=knee&page=4", "?q=knee&state=CA&state=NY"),
        ("sort=relevance&outcome=overturned", "?outcome=overturned"),
        ("outcome=upheld&outcome=upheld", "?outcome=upheld"),
        ("utm_source=x&year=2016", "?year=2016"),
        ("q=a%26b%3Dc", "?q=a%26b%3Dc"),
    ],
)
def test_one_search_has_one_address(parameters, expected):
    assert read(parameters).address() == expected


def test_a_changed_filter_begins_at_the_first_page():
    asked = read("q=knee&page=7&state=CA")
    assert asked.toggled("state", "CA") == "?q=knee"
    assert asked.toggled("state", "NY") == "?q=knee&state=CA&state=NY"
    assert asked.page_address(8) == "?q=knee&state=CA&page=8"
    assert asked.page_address(1) == "?q=knee&state=CA"


def test_control_characters_are_no_words():
    assert read("q=%00").words == ""
    assert read("q=knee%00pain").words == "knee pain"
