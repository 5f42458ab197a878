"""/decisions/: results with facets; the address is the whole state."""

import re

import pytest

from determinations import search
from determinations.models import Case, DisputedItem, Specialty
from tests import plain
from tests.pages import page

pytestmark = pytest.mark.django_db


def get(client, parameters="", status=200):
    response = client.get(f"/decisions/{parameters}")
    assert response.status_code == status
    return page(response)


def decisions_in(found):
    """The decisions that a page links to, by their own address, without the search that they were found by."""
    links = [re.fullmatch(r"(/cases/[\w-]+/)(?:\?[^#]*)?(#item-\d+)", link) for link in found.links]
    return {link[1] + link[2] for link in links if link}


def test_it_counts_decisions_and_letters(client):
    found = get(client)
    assert found.heading() == f"{DisputedItem.objects.count()} decisions in {Case.objects.count()} letters"


def test_choosing_a_specialty_and_an_outcome_gives_what_a_plain_scan_gives(client):
    specialty = Specialty.objects.get(name="Physical Medicine and Rehabilitation")
    query = search.DecisionQuery(chosen={"specialty": {str(specialty.pk)}, "outcome": {"overturned"}})
    expected = {decision.pk for decision in plain.matching(plain.decisions(), query)}
    assert expected
    parameters = "?outcome=overturned&specialty=physical-medicine-and-rehabilitation"
    shown = set()
    for number in range(1, 2 + len(expected) // 20):
        shown |= decisions_in(get(client, f"{parameters}&page={number}"))
    assert shown == {item.get_absolute_url() for item in DisputedItem.objects.filter(pk__in=expected)}


def test_the_same_by_clicking(client):
    first = get(client)
    [board] = [link for link in first.links if link == "?board=physical-medicine-and-rehabilitation"]
    second = get(client, board)
    [both] = [
        link for link in second.links if "&outcome=overturned" in link or link.startswith("?outcome=overturned&b")
    ]
    assert both == "?outcome=overturned&board=physical-medicine-and-rehabilitation"
    assert get(client, both).heading() == get(client, both).heading()


def test_results_say_what_a_reader_needs(client):
    found = get(client, "?q=CM16-0990003")
    case = Case.objects.get(number="CM16-0990003")
    for item in case.items.all():
        assert item.title in found.text
        assert item.get_absolute_url() in decisions_in(found)
        assert str(item.category) in found.text
    assert "Overturned" in found.text
    assert f"{case.decision_date:%b} {case.decision_date.day}, {case.decision_date.year}" in found.text


def test_words_are_marked_in_the_passage(client):
    response = client.get("/decisions/?q=tear")
    assert b"<mark>tear</mark>" in response.content


def test_what_was_typed_stays_in_the_box_and_is_escaped(client):
    response = client.get("/decisions/", {"q": '"><script>alert(1)</script>'})
    found = page(response)
    assert b"<script>alert" not in response.content
    assert found.fields["masthead-q"]["value"] == '"><script>alert(1)</script>'


def test_a_new_search_keeps_the_filters(client):
    found = get(client, "?state=CA&outcome=upheld&page=2")
    kept = {name: field for name, field in found.fields.items() if field.get("type") == "hidden"}
    assert {(field["name"], field["value"]) for field in kept.values()} == {("state", "CA"), ("outcome", "upheld")}


def test_pages_lead_through_all_results(client):
    count = DisputedItem.objects.count()
    pages = -(-count // 20)
    seen = []
    for number in range(1, pages + 1):
        found = get(client, f"?sort=oldest&page={number}")
        seen += [link for link in found.links if "#item-" in link]
        assert (f"?sort=oldest&page={number + 1}" in found.links) == (number < pages)
    assert len(seen) == len(set(seen)) == count


def test_a_page_past_the_end_says_so_and_shows_the_last(client):
    found = get(client, "?page=400")
    assert "the last one is shown" in found.text
    assert any("#item-" in link for link in found.links)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ("?specialty=astrology", "“astrology” is not known here"),
        ("?outcome=won&outcome=upheld", "“won” is not known here"),
        ("?year=99999", "“99999” is not known here"),
        ("?page=zero", "must be a number"),
        ("?sort=upwards", "“upwards” is no order"),
        ("?q=" + "x" * 500, "too long"),
        ("?state=%00", "is not known here"),
        ("?treatment=" + "y" * 5000, "is not known here"),
    ],
)
def test_bad_parameters_have_a_message_and_never_fail(client, parameters, message):
    assert message in get(client, parameters).text


def test_no_results_is_said_plainly(client):
    found = get(client, "?q=xyzzyplugh")
    assert found.heading() == "No decisions found"
    assert "Nothing fits all of what is asked for" in found.text


def test_too_few_for_a_rate_is_said(client):
    assert "too few for a rate" in get(client, "?q=CM16-0990003").text


def test_the_rate_does_not_depend_on_the_outcome_that_is_chosen(client):
    rate = re.compile(r"[\d.]+ % overturned, [\d,]+ of [\d,]+")
    assert rate.search(get(client, "?outcome=overturned").text)[0] == rate.search(get(client).text)[0]


def test_contradictions_are_flagged(client):
    assert "Heading and reasons disagree" in get(client, "?q=CM17-0990014").text


def test_orders_can_be_chosen(client):
    links = get(client, "?q=knee").links
    assert {"?q=knee&sort=newest", "?q=knee&sort=oldest", "?q=knee"} <= set(links)
    assert "?sort=oldest" in get(client).links


def test_without_an_index_it_says_so(client, no_index):
    response = client.get("/decisions/?q=knee")
    assert response.status_code == 503
    assert "search index is being built" in page(response).text


def test_the_page_takes_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    client.get("/decisions/")
    with django_assert_max_num_queries(30):
        client.get("/decisions/?q=pain")


def test_it_is_read_only(client):
    assert client.post("/decisions/").status_code == 405
