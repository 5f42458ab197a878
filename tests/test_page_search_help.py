"""/search-help/: the language of the search box, each example a link that runs it."""

from urllib.parse import parse_qs, urlsplit

import pytest

from determinations.asking import examples
from tests.pages import page

pytestmark = pytest.mark.django_db


def test_every_example_is_shown_and_can_be_run(client):
    found = page(client.get("/search-help/"))
    links = [urlsplit(link) for link in found.links if link.startswith("/decisions/?q=")]
    every = [example for section in examples.sections() for example in section.examples]
    assert [parse_qs(link.query)["q"] for link in links] == [[example.query] for example in every]
    for example in every:
        assert example.meaning in found.text


def test_examples_lead_to_pages_of_results(client):
    for link in page(client.get("/search-help/")).links:
        if link.startswith("/decisions/?q="):
            assert client.get(link).status_code == 200


def test_every_page_leads_to_it(client):
    for path in ("/", "/decisions/", "/about/", "/cases/cm17-0990014/"):
        assert "/search-help/" in page(client.get(path)).links


def test_it_needs_no_index(client, no_index):
    assert client.get("/search-help/").status_code == 200


def test_it_is_read_only(client):
    assert client.post("/search-help/").status_code == 405
