"""/decisions/facets/<name>/: all values of one list, to be found by name and sorted."""

import re

import pytest
from django.http import QueryDict

from determinations import search
from determinations.filters import DecisionFilter
from determinations.labels import FACETS, load_labels
from tests.pages import page

pytestmark = pytest.mark.django_db


def get(client, path, status=200):
    response = client.get(f"/decisions/facets/{path}")
    assert response.status_code == status
    return page(response)


def values(found):
    """Name and number of each value, as they stand."""
    text = re.findall(r'value__label">(.*?)</span> <span class="value__count">([\d,]+)', found.html)
    return [(re.sub(r"<[^>]+>", "", name), int(number.replace(",", ""))) for name, number in text]


@pytest.mark.parametrize("name", FACETS)
def test_it_has_every_value_with_its_number(client, name):
    # A work that has no name of its own in the archive is counted, but cannot be chosen.
    labels = load_labels()[name]
    counted = {value: count for value, count in search.facets(search.DecisionQuery())[name].items() if value in labels}
    found = values(get(client, f"{name}/"))
    assert sorted(number for _, number in found) == sorted(counted.values())


def test_its_links_choose_values_on_the_result_page(client):
    links = [link for link in get(client, "drug/?outcome=upheld").links if "drug=" in link]
    assert links
    assert all(link.startswith("/decisions/?outcome=upheld&") for link in links if "/facets/" not in link)


def test_numbers_are_under_the_rest_of_the_search(client):
    found = dict(values(get(client, "state/?outcome=overturned&q=pain")))
    query = DecisionFilter(QueryDict("outcome=overturned&q=pain&state=CA")).query
    assert found["California"] == search.find(query, limit=1).decisions


def test_values_are_found_by_a_part_of_their_name(client):
    assert {name for name, _ in values(get(client, "board/?find=MEDICINE"))} == {
        name for name, _ in values(get(client, "board/")) if "Medicine" in name
    }


def test_what_lies_below_is_found_with_the_value_that_it_belongs_to(client):
    found = [name for name, _ in values(get(client, "drug/?find=oxycodone"))]
    assert found == ["Opioids", "Oxycodone"]


def test_order_by_name_and_by_decisions(client):
    names = [name for name, _ in values(get(client, "board/?order=name"))]
    assert names == sorted(names)
    numbers = [number for _, number in values(get(client, "board/?order=count"))]
    assert numbers == sorted(numbers, reverse=True)


def test_a_name_that_is_not_there_is_said(client):
    assert "No name here holds “zzz”" in get(client, "drug/?find=zzz").text


@pytest.mark.parametrize("parameters", ["?order=upwards", "?find=" + "x" * 900, "?find=%00", "?outcome=won&page=x"])
def test_bad_parameters_never_fail(client, parameters):
    get(client, f"outcome/{parameters}")


def test_what_is_typed_is_escaped(client):
    response = client.get("/decisions/facets/drug/", {"find": "<script>alert(1)</script>"})
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize("name", ["colour", "q", "not_outcome", "since"])
def test_there_is_no_such_list(client, name):
    assert client.get(f"/decisions/facets/{name}/").status_code == 404


def test_without_an_index_it_says_so(client, no_index):
    assert "being built" in get(client, "drug/", status=503).text


def test_it_is_read_only(client):
    assert client.post("/decisions/facets/drug/").status_code == 405
