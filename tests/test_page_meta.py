"""What pages and the site tell programs: canonical addresses, alternates, structured data, sitemaps."""

import gzip
import re
import urllib.robotparser
import xml.etree.ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from determinations import discovery
from determinations.models import Case, DisputedItem
from tests.pages import leave, page

pytestmark = pytest.mark.django_db

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
OPENSEARCH = {"o": "http://a9.com/-/spec/opensearch/1.1/"}


def head(found, rel):
    return [link for link in found.heads if link["rel"] == rel]


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("/", "/"),
        ("/?utm_source=x", "/"),
        ("/about/", "/about/"),
        ("/api/", "/api/"),
        ("/decisions/", "/decisions/"),
        ("/decisions/?page=1&sort=relevance", "/decisions/"),
        ("/decisions/?outcome=upheld&q=mri&nothing=1", "/decisions/?q=mri&outcome=upheld"),
        ("/decisions/?outcome=upheld&page=2", "/decisions/?outcome=upheld&page=2"),
        ("/decisions/?q=CM16-0990003&page=77", "/decisions/?q=CM16-0990003"),
        ("/cases/cm16-0990003/", "/cases/cm16-0990003/"),
    ],
)
def test_a_page_has_one_address(client, address, canonical):
    found = page(client.get(address))
    [link] = head(found, "canonical")
    assert link["href"] == "http://testserver" + canonical
    assert found.meta["og:url"] == "http://testserver" + canonical
    assert found.meta["og:title"]
    assert found.meta["og:description"]
    assert found.meta["og:type"] in ("website", "article")


def test_a_result_page_leads_to_its_files_and_its_feed_for_people_and_programs(client):
    found = page(client.get("/decisions/?q=therapy&outcome=upheld&page=2"))
    addresses = [f"/decisions.{suffix}?q=therapy&outcome=upheld" for suffix in ("atom", "csv", "json", "jsonl")]
    assert [link["href"] for link in head(found, "alternate")] == addresses
    assert set(addresses) <= set(found.links)
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200
        if response.streaming:
            leave(response)


def test_every_page_tells_browsers_how_to_search(client):
    [link] = head(page(client.get("/")), "search")
    response = client.get(link["href"])
    assert response["Content-Type"] == "application/opensearchdescription+xml"
    described = ET.fromstring(response.content)
    template = described.find("o:Url[@type='text/html']", OPENSEARCH).get("template")
    found = page(client.get(template.replace("{searchTerms}", "physical%20therapy")))
    assert found.fields["masthead-q"]["value"] == "physical therapy"
    assert len(described.findtext("o:ShortName", namespaces=OPENSEARCH)) <= 16
    assert client.get(described.find("o:Url[@type='application/atom+xml']", OPENSEARCH).get("template")).status_code


# ---- structured data ----------------------------------------------------------------------------------------------


def test_a_letter_is_a_report_with_its_decisions(client):
    case = Case.objects.get(number="CM16-0990003")
    [data] = page(client.get("/cases/cm16-0990003/")).data
    assert data["@type"] == "Report"
    assert data["@id"] == "http://testserver/cases/cm16-0990003/"
    assert data["reportNumber"] == "CM16-0990003"
    assert data["datePublished"] == case.decision_date.isoformat()
    assert [part["name"] for part in data["hasPart"]] == [item.title for item in case.items.all()]


def test_nothing_in_a_letter_can_end_a_data_block(client, many_letters):
    many_letters(1)
    hostile = "</script><script>alert(1)</script><!-- & \u2028"
    DisputedItem.objects.filter(position=1).update(title=hostile)
    response = client.get(Case.objects.get().get_absolute_url())
    assert b"<script>alert" not in response.content
    [data] = page(response).data
    assert data["hasPart"][0]["name"] == hostile


def test_a_result_page_is_a_dataset_with_its_files(client):
    [data] = page(client.get("/decisions/?q=therapy")).data
    assert data["@type"] == "Dataset"
    for file in data["distribution"]:
        response = client.get(file["contentUrl"])
        assert response["Content-Type"].startswith(file["encodingFormat"])
        leave(response)
    [site] = page(client.get("/")).data
    assert site["potentialAction"]["target"] == "http://testserver/decisions/?q={search_term_string}"


# ---- robots and sitemaps ------------------------------------------------------------------------------------------


def test_crawlers_may_read_letters_and_not_every_search(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    rules = urllib.robotparser.RobotFileParser()
    rules.parse(response.content.decode().splitlines())
    for path in ("/", "/decisions/", "/cases/cm16-0990003/", "/about/", "/api/"):
        assert rules.can_fetch("*", path), path
    assert "Disallow: /decisions/?*" in response.content.decode()  # RFC 9309; the parser here knows no asterisk
    for path in ("/decisions.csv?q=x", "/decisions.atom", "/api/v1/decisions", "/admin/"):
        assert not rules.can_fetch("*", path), path
    assert rules.site_maps() == ["http://testserver/sitemap.xml"]


def parts(client):
    index = ET.fromstring(client.get("/sitemap.xml").content)
    return [one.text for one in index.findall("s:sitemap/s:loc", SITEMAP)]


def addresses(client, part):
    response = client.get(part)
    assert response.status_code == 200
    return [one.text for one in ET.fromstring(response.content).findall("s:url/s:loc", SITEMAP)]


def test_the_sitemaps_have_every_letter_once(client, monkeypatch):
    monkeypatch.setattr(discovery, "PART", 10)
    listed = [address for part in parts(client) for address in addresses(client, part)]
    letters = ["http://testserver" + case.get_absolute_url() for case in Case.objects.all()]
    assert sorted(address for address in listed if "/cases/" in address) == sorted(letters)
    assert len(parts(client)) > len(letters) // 10
    for address in set(listed) - set(letters):
        assert client.get(address).status_code == 200


def test_a_part_costs_the_same_wherever_it_is(client, many_letters, monkeypatch):
    monkeypatch.setattr(discovery, "PART", 100)
    many_letters(1000)
    _, first, *others = parts(client)
    for part in (first, others[-2]):
        with CaptureQueriesContext(connection) as asked:
            assert len(addresses(client, part)) == 100 or part == first
        assert len(asked) <= 6
        assert not any("OFFSET" in query["sql"] for query in asked)


@pytest.mark.parametrize("address", ["/sitemaps/letters.xml?p=2", "/sitemaps/letters.xml?p=x", "/sitemaps/none.xml"])
def test_a_part_that_is_not_there(client, address):
    assert client.get(address).status_code == 404


def test_sitemaps_of_an_empty_archive(client, empty_archive):
    assert addresses(client, "/sitemaps/letters.xml") == []


def test_sitemaps_are_compressed(client):
    response = client.get("/sitemaps/letters.xml", headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert b"/cases/cm16-0990003/" in gzip.decompress(response.content)
    assert re.search(rb"<lastmod>\d{4}-\d\d-\d\d", gzip.decompress(response.content))
