"""Privacy: the public log of what was removed, and requests to remove something."""

from datetime import timedelta

import pytest
from django.utils import timezone

from determinations.curation import privacy
from determinations.models import Case, Redaction, RemovalRequest
from tests.pages import page
from tests.privacy.doing import SECRETS, redact, withhold
from tests.secrets import REDACTED, WITHHELD

pytestmark = pytest.mark.django_db


def test_the_log_says_what_was_removed_and_not_of_whom(client, letters, commit):
    assert "Nothing was removed so far." in page(client.get("/about/removals/")).text
    withholding = withhold(commit, ground="court", until=timezone.localdate() + timedelta(30))
    redact(commit)
    commit(privacy.lift, withholding, "Over.", "officer")
    found_page = page(client.get("/about/removals/"))
    assert "By order of a court" in found_page.text
    assert "It identified a person" in found_page.text
    for secret in (WITHHELD, REDACTED, "officer", "They asked", "A name.", *SECRETS):
        assert secret.lower() not in found_page.html.lower()
    assert found_page.text.count(timezone.localdate().strftime("%b")) >= 3


def test_the_log_has_pages(client, letters):
    for place in range(60):
        Redaction.objects.create(case=Case.objects.first(), words=f"w{place}", ground="error", reason="x", made_by="o",
                                 lifted_at=timezone.now())  # fmt: skip
    assert "Page 1 of 2" in page(client.get("/about/removals/")).text
    for asked in ("2", "99"):
        assert "Page 2 of 2" in page(client.get("/about/removals/", {"page": asked})).text
    assert "Page 1 of 2" in page(client.get("/about/removals/", {"page": "nonsense"})).text


def test_a_request_is_kept_and_thanked_for(client, asking):
    response = client.post("/about/removals/request/", asking, follow=True)
    assert page(response).heading() == "Thank you"
    kept = RemovalRequest.objects.get()
    assert (kept.address, kept.words, kept.contact) == (asking["address"], asking["words"], asking["contact"])
    assert kept.status == "open"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"website": "https://spam.example"}, "has to stay empty"),
        ({"opened": ""}, "opened too long ago"),
        ({"opened": "forged:1:x"}, "opened too long ago"),
        ({"contact": "nobody"}, "valid email address"),
        ({"words": ""}, "required"),
        ({"words": "x" * 5001}, "at most 5000 characters"),
        ({"address": "x" * 301}, "at most 300 characters"),
        ({"words": "nul \x00"}, "Null characters"),
    ],
)
def test_a_request_that_cannot_be_is_given_back(client, asking, changes, problem):
    response = client.post("/about/removals/request/", asking | changes)
    assert response.status_code == 400
    shown = page(response)
    assert problem in shown.text
    assert not RemovalRequest.objects.exists()
    assert "<b>is</b>" not in shown.html


def test_a_request_within_three_seconds_is_given_back(client):
    opened = page(client.get("/about/removals/request/")).fields["opened"]["value"]
    data = {"address": "x", "words": "y", "contact": "a@example.org", "opened": opened}
    response = client.post("/about/removals/request/", data)
    assert "very quick" in page(response).text
    assert not RemovalRequest.objects.exists()


def test_requests_are_limited_and_need_the_forms_token(client, asking, settings):
    from django.test import Client

    settings.LIMITS = settings.LIMITS | {"requests": "1/hour"}
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/about/removals/request/", asking).status_code == 403
    assert client.post("/about/removals/request/", asking).status_code == 302
    assert client.post("/about/removals/request/", asking).status_code == 429
    assert RemovalRequest.objects.count() == 1


def test_the_form_is_linked_and_not_kept_by_caches(client):
    assert {"/about/removals/", "/about/removals/request/"} <= set(page(client.get("/about/")).links)
    response = client.get("/about/removals/request/", headers={"Accept-Encoding": "gzip"})
    assert "no-store" in response["Cache-Control"]
    assert "Content-Encoding" not in response.headers, "compressed beside a token"
