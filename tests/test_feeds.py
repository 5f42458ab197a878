"""A search as an Atom feed."""

import xml.etree.ElementTree as ET

import pytest

from determinations import search
from determinations.models import Case, DisputedItem

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def feed(client, parameters=""):
    response = client.get("/decisions.atom" + parameters)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.content)


def test_it_has_the_newest_fifty_of_the_search(client):
    query = search.DecisionQuery(chosen={"outcome": {"upheld"}}, sort=search.Sort.NEWEST)
    items = DisputedItem.objects.select_related("case").in_bulk()
    newest = [items[pk] for pk in search.find(query, limit=50).item_ids]
    found = feed(client, "?outcome=upheld")
    links = [entry.find("a:link", ATOM).get("href") for entry in found.findall("a:entry", ATOM)]
    assert links == ["http://testserver" + item.get_absolute_url() for item in newest]
    assert len(links) == 50


def test_a_feed_says_where_it_comes_from(client):
    found = feed(client, "?q=therapy&outcome=upheld")
    links = {link.get("rel"): link.get("href") for link in found.findall("a:link", ATOM)}
    assert links == {
        "alternate": "http://testserver/decisions/?q=therapy&outcome=upheld",
        "self": "http://testserver/decisions.atom?q=therapy&outcome=upheld",
    }
    assert found.findtext("a:title", namespaces=ATOM) == "IMR decisions: therapy"
    assert found.findtext("a:author/a:name", namespaces=ATOM)


def test_an_entry_tells_the_decision(client):
    item = DisputedItem.objects.get(case__number="CM16-0990003", position=1)
    [entry] = [
        entry
        for entry in feed(client, "?q=CM16-0990003").findall("a:entry", ATOM)
        if entry.findtext("a:id", namespaces=ATOM).endswith("#item-1")
    ]
    assert entry.findtext("a:title", namespaces=ATOM) == f"{item.outcome}: {item.title}"
    assert entry.findtext("a:published", namespaces=ATOM).startswith(item.case.decision_date.isoformat())
    assert entry.find("a:category", ATOM).get("term") == str(item.category)
    assert item.rationale.startswith(entry.findtext("a:summary", namespaces=ATOM)[:60])


def test_letters_without_a_date_and_headings_with_control_characters_are_fed_too(client, many_letters):
    many_letters(1, since=None)
    DisputedItem.objects.filter(position=1).update(title="Visits\x01\x0b & <more>")
    titles = [entry.findtext("a:title", namespaces=ATOM) for entry in feed(client).findall("a:entry", ATOM)]
    assert "Upheld: Visits\ufffd\ufffd & <more>" in titles


def test_what_has_not_changed_is_not_sent_again(client, many_letters):
    many_letters(2)
    first = client.get("/decisions.atom")
    assert client.get("/decisions.atom", headers={"if-none-match": first["ETag"]}).status_code == 304
    assert client.get("/decisions.atom", headers={"if-modified-since": first["Last-Modified"]}).status_code == 304
    many_letters(1)
    assert client.get("/decisions.atom", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_a_feed_of_nothing_is_a_feed(client):
    assert feed(client, "?q=xyzzy").findall("a:entry", ATOM) == []
    assert Case.objects.exists()


def test_what_cannot_be_answered(client, settings):
    assert client.get("/decisions.atom?outcome=won").status_code == 400
    assert client.post("/decisions.atom").status_code == 405


def test_without_an_index(client, no_index):
    assert client.get("/decisions.atom").status_code == 503
