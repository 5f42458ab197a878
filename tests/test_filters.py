"""The query string: checked, read once, and written back in one fixed way."""

from datetime import date

import pytest
from django.http import QueryDict

from determinations.filters import DecisionFilter
from determinations.labels import NO_YEAR
from determinations.models import Drug, Guideline, Specialty, TreatmentCategory
from determinations.search import DecisionQuery, Sort

pytestmark = pytest.mark.django_db


def read(parameters: str) -> DecisionFilter:
    return DecisionFilter(QueryDict(parameters))


def test_nothing_asked_for_is_everything():
    assert read("").query == DecisionQuery()
    assert read("").form.errors == {}


def test_everything_asked_for():
    asked = read(
        "q=+knee++pain+&outcome=upheld&outcome=overturned&specialty=pain-medicine&treatment=pharmaceuticals/opioids"
        "&guideline=odg-low-back&guideline=all-mtus&drug=all-opioids&body=lumbar-spine&reason=no-rationale&year=2016"
        "&year=2015-03&year=none&state=CA&state=NY&not_state=TX&not_drug=gabapentin&sort=oldest&page=3&exact=true"
    )
    assert asked.form.errors == {}
    assert asked.query == DecisionQuery(
        words="knee pain",
        chosen={
            "outcome": {"upheld", "overturned"},
            "specialty": {str(Specialty.objects.get(slug="pain-medicine").pk)},
            "treatment": {str(TreatmentCategory.objects.get(slug="pharmaceuticals/opioids").pk)},
            "guideline": {str(Guideline.objects.get(slug="odg-low-back").pk), "all-mtus"},
            "drug": {"all-opioids"},
            "body": {"lumbar-spine"},
            "reason": {"no-rationale"},
            "year": {"2016", "2015-03", NO_YEAR},
            "state": {"CA", "NY"},
        },
        excluded={"state": {"TX"}, "drug": {str(Drug.objects.get(slug="gabapentin").pk)}},
        exact=True,
        sort=Sort.OLDEST,
    )
    assert asked.page_number == 3


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2014", "2014", (date(2014, 1, 1), date(2014, 12, 31))),
        ("2014-02", "2016-02", (date(2014, 2, 1), date(2016, 2, 29))),
        ("2014-02-03", "", (date(2014, 2, 3), None)),
        ("", "2014-2-3", (None, date(2014, 2, 3))),
    ],
)
def test_days_can_be_given_as_month_or_year(since, until, expected):
    asked = read(f"since={since}&until={until}").query
    assert (asked.since, asked.until) == expected


def test_a_value_both_chosen_and_excluded_is_chosen():
    assert read("state=CA&not_state=CA&not_state=NY").query == DecisionQuery(
        chosen={"state": {"CA"}}, excluded={"state": {"NY"}}
    )


def test_known_values_count_beside_an_unknown_one():
    asked = read("state=CA&state=ZZ")
    assert asked.query == DecisionQuery(chosen={"state": {"CA"}})
    assert "ZZ" in asked.problems("state")[0]


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ("outcome=won", "outcome"),
        ("specialty=astrology", "specialty"),
        ("treatment=surgery/magic", "treatment"),
        ("guideline=none-such", "guideline"),
        ("year=20016", "year"),
        ("state=ZZ", "state"),
        ("drug=moonshine", "drug"),
        ("not_drug=moonshine", "drug"),
        ("since=2014-13-01", "since"),
        ("until=yesterday", "until"),
        ("since=0000", "since"),
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
    expected = DecisionQuery(chosen={} if name == "outcome" else {"outcome": {"upheld"}})
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
        ("until=2015&not_state=NY&since=2014-05", "?not_state=NY&since=2014-05-01&until=2015-12-31"),
        ("exact=true", "?"),
        ("exact=on&q=norco", "?q=norco"),
        ("exact=true&q=norco", "?q=norco&exact=true"),
    ],
)
def test_one_search_has_one_address(parameters, expected):
    assert read(parameters).address() == expected


def test_a_changed_filter_begins_at_the_first_page():
    asked = read("q=knee&page=7&state=CA")
    assert asked.toggled("state", "CA") == "?q=knee"
    assert asked.toggled("state", "NY") == "?q=knee&state=CA&state=NY"
    assert asked.toggled_exclusion("state", "CA") == "?q=knee&not_state=CA"
    assert read("not_state=CA&q=knee").toggled("state", "CA") == "?q=knee&state=CA"
    assert read("not_state=CA&q=knee").toggled_exclusion("state", "CA") == "?q=knee"
    assert read("since=2014&until=2015&state=CA").toggled("year", "2016") == "?state=CA&year=2016"
    assert asked.page_address(8) == "?q=knee&state=CA&page=8"
    assert asked.page_address(1) == "?q=knee&state=CA"


def test_control_characters_are_no_words():
    assert read("q=%00").words == ""
    assert read("q=knee%00pain").words == "knee pain"
