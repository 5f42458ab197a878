"""The form for removals against floods, and the public log against whoever looks for a letter in it."""

import re

import pytest

from determinations import removals
from determinations.curation import privacy
from determinations.models import RemovalRequest
from tests.pages import page
from tests.privacy.doing import case
from tests.secrets import NAME, REDACTED, WITHHELD

pytestmark = pytest.mark.django_db
FORM = "/about/removals/request/"


def test_the_same_request_again_is_one(client, asking):
    for _ in range(3):
        assert client.post(FORM, asking).status_code == 302
    assert client.post(FORM, asking | {"words": "Something else."}).status_code == 302
    assert RemovalRequest.objects.count() == 2
    RemovalRequest.objects.update(status="settled")
    client.post(FORM, asking)
    assert RemovalRequest.objects.filter(status="open").count() == 1, "asked again after an answer"


def test_a_flood_does_not_fill_the_database_and_loses_nobodys_words(client, asking, monkeypatch):
    monkeypatch.setattr(removals, "MOST_WAITING", 2)
    for number in range(3):
        RemovalRequest.objects.create(address="/x/", words=f"{number}", contact="a@example.org")
    response = client.post(FORM, asking)
    assert response.status_code == 400
    shown = page(response)
    assert "Too many requests wait" in shown.text
    assert "My name" in shown.text
    assert RemovalRequest.objects.count() == 3


def test_the_log_has_days_and_grounds_and_no_name_of_a_letter(client, letters, commit):
    commit(privacy.withhold, case(WITHHELD), "person", "They asked.", None, "officer")
    commit(privacy.redact, case(REDACTED), NAME, "identity", "A name.", "officer")
    html = client.get("/about/removals/").content.decode()
    main = html[html.index("<article") : html.index("</article>")]
    assert not re.search(r"cm\d\d-|letter-[0-9a-f]|/cases/|/decisions/", main, re.IGNORECASE)
    assert not re.search(r"\d\d:\d\d", main), "days, not moments"
    assert not re.search(r"data-|id=\"\d", main)
    assert main.count("<tr>") == 3
