"""Pages are compressed for visitors, and never for a curator, whose pages hold secrets."""

import pytest

pytestmark = pytest.mark.django_db

GZIP = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("path", ["/", "/decisions/?q=knee", "/about/", "/suggest/?q=medicine"])
def test_a_visitor_gets_compressed_pages(client, path):
    response = client.get(path, headers=GZIP)
    assert response["Content-Encoding"] == "gzip"
    assert {"Accept-Encoding", "Cookie"} <= set(response["Vary"].split(", "))


@pytest.mark.parametrize("path", ["/", "/decisions/", "/admin/"])
def test_a_curator_gets_them_as_they_are(curator, path):
    response = curator.get(path, headers=GZIP)
    assert response.status_code == 200
    assert "Content-Encoding" not in response.headers
    assert "Cookie" in response["Vary"]


def test_a_page_that_sets_a_cookie_is_not_compressed(client):
    response = client.get("/admin/login/", headers=GZIP)
    assert response.cookies
    assert "Content-Encoding" not in response.headers


def test_who_does_not_ask_for_it_gets_it_plain(client):
    assert "Content-Encoding" not in client.get("/decisions/").headers
