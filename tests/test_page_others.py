"""The start page, the about page, the health check, and what holds for every page."""

import json
from collections import Counter

import pytest
from django.urls import reverse

from determinations.models import Case, DisputedItem, GuidelineCitation
from tests.pages import page

pytestmark = pytest.mark.django_db


def test_home_counts_the_archive(client):
    found = page(client.get("/"))
    overturned = DisputedItem.objects.filter(outcome="Overturned").count()
    total = DisputedItem.objects.count()
    assert f"Decisions {total} Letters {Case.objects.count()} Overturned {overturned}" in found.text
    assert f"Overturn rate {100 * overturned / total:.1f} %" in found.text


def test_every_way_in_leads_to_the_number_beside_it(client):
    found = page(client.get("/"))
    ways = [link for link in found.links if link.startswith("/decisions/?")]
    assert len(ways) > 30
    for link in ways:
        assert page(client.get(link)).heading() != "No decisions found"


def test_home_names_the_guidelines_most_often_relied_on_of_all_families(client):
    linked = [link for link in page(client.get("/")).links if link.startswith("/decisions/?guideline=")]
    cited = GuidelineCitation.objects.filter(side="reviewer", wording__guideline__isnull=False)
    decisions = Counter(slug for _, slug in set(cited.values_list("item", "wording__guideline__slug").order_by()))
    shown = [decisions[link.partition("=")[2]] for link in linked]
    assert shown == [number for _, number in decisions.most_common(10)]


def test_home_draws_a_bar_only_where_it_gives_a_rate(client):
    rows = [row.partition("</tr>")[0] for row in page(client.get("/")).html.split("<tr>")]
    drawn = [('class="bar"' in row, 'class="few"' in row) for row in rows if 'class="num rate"' in row]
    assert set(drawn) == {(True, False), (False, True)}


def test_home_leads_to_the_lists(client):
    assert {"/specialties/", "/treatments/", "/drugs/", "/procedures/", "/guidelines/"} <= set(
        page(client.get("/")).links
    )


def test_home_of_an_empty_archive_says_how_to_begin(client, empty_archive, reindex):
    reindex()
    assert "The archive is empty" in page(client.get("/")).text


def test_home_and_about_without_an_index(client, no_index):
    response = client.get("/")
    assert response.status_code == 503
    assert "search index is being built" in page(response).text
    assert client.get("/about/").status_code == 200


def test_about_says_what_this_is_not(client):
    found = page(client.get("/about/"))
    assert "It is not medical or legal advice" in found.text
    assert f"{DisputedItem.objects.count()} decisions" in found.text


def test_health(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert json.loads(response.content) == {"status": "ok", "database": True, "search": True}
    assert "no-store" in response["Cache-Control"]


def test_health_without_an_index(client, no_index):
    response = client.get("/healthz")
    assert response.status_code == 503
    assert json.loads(response.content) == {"status": "failing", "database": True, "search": False}


PAGES = [
    "/",
    "/decisions/",
    "/specialties/",
    "/guidelines/all-mtus/",
    "/about/",
    "/cases/cm16-0990003/",
    "/cases/cm16-0990003/source/",
    "/healthz",
    "/nowhere/",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_strict_headers(client, path):
    response = client.get(path)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_read_only(client, path):
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(path).status_code in (403, 404, 405)


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/healthz"])
def test_no_page_refers_to_another_site(client, path):
    found = page(client.get(path))
    assert not [link for link in found.links if "//" in link]
    # Its own whole address, for programs, and the name of the vocabulary of structured data are no requests.
    html = found.html.replace("http://testserver/", "/").replace('"https://schema.org"', "")
    assert "http://" not in html
    assert "https://" not in html


def test_static_files_are_hashed(client):
    assert "/static/css/site." in client.get("/").content.decode()
    assert "/static/css/site.css" not in client.get("/").content.decode()


def test_too_many_parameters_are_refused_not_worked_on(client):
    response = client.get("/decisions/?" + "&".join(["state=CA"] * 5000))
    assert response.status_code == 400
    assert "cannot be read" in page(response).text


def test_pages_that_fail_say_so_without_detail(client, monkeypatch):
    from determinations import views

    def fail(*args, **kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(views.statistics, "overview", fail)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "Something went wrong" in page(response).text
    assert "secret detail" not in response.content.decode()


def test_addresses_are_stable():
    assert reverse("case", args=["cm16-0990003"]) == "/cases/cm16-0990003/"
    assert reverse("decisions") == "/decisions/"


def test_cases_alone_leads_to_the_decisions(client):
    assert client.get("/cases/")["Location"] == "/decisions/"
