"""How often a client may ask, and who a client is."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from determinations import limiting
from imr_archive.settings import env_rate

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "expected"),
    [
        (0, "203.0.113.5", "", "203.0.113.5"),
        (0, "203.0.113.5", "198.51.100.1", "203.0.113.5"),  # what a client writes itself is not believed
        (1, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1", "192.0.2.9, 198.51.100.1", "198.51.100.1"),  # the last is the one that the proxy saw
        (2, "10.0.0.1", "192.0.2.9, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "203.0.113.5", "198.51.100.1", "203.0.113.5"),  # came past the proxies
        (1, "10.0.0.1", "nonsense", "10.0.0.1"),
        (1, "", "", ""),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (0, "2001:db8:1:2:ffff::", "", "2001:db8:1:2::/64"),
        (0, "::ffff:203.0.113.5", "", "203.0.113.5"),
    ],
)
def test_who_a_client_is(rf, settings, proxies, remote, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert limiting.client(request) == expected


def test_clients_are_counted_apart_and_so_are_kinds(rf, settings):
    settings.LIMITS = {"api": "2/minute", "exports": "1/hour"}
    one, other = rf.get("/", REMOTE_ADDR="203.0.113.5"), rf.get("/", REMOTE_ADDR="203.0.113.6")
    limiting.count(one, "api")
    limiting.count(one, "api")
    with pytest.raises(limiting.TooMany, match="No more than 2 requests a minute") as refused:
        limiting.count(one, "api")
    assert 1 <= refused.value.seconds <= 60
    limiting.count(other, "api")
    limiting.count(one, "exports")
    with pytest.raises(limiting.TooMany) as refused:
        limiting.count(one, "exports")
    assert 3590 <= refused.value.seconds <= 3600


def test_a_limit_can_be_taken_away(rf, settings):
    settings.LIMITS = {"api": ""}
    for _ in range(1000):
        limiting.count(rf.get("/"), "api")


@pytest.mark.parametrize(
    ("text", "rate"), [("20/minute", "20/minute"), ("1/SECOND", "1/second"), ("off", ""), ("", "5/hour")]
)
def test_rates_in_the_environment(monkeypatch, text, rate):
    monkeypatch.setenv("IMR_X", text)
    assert env_rate("IMR_X", "5/hour") == rate


@pytest.mark.parametrize("text", ["20", "0/minute", "-1/minute", "20/fortnight", "minute", "20/minute/minute"])
def test_a_rate_that_is_none_is_refused_by_name(monkeypatch, text):
    monkeypatch.setenv("IMR_X", text)
    with pytest.raises(ImproperlyConfigured, match="IMR_X"):
        env_rate("IMR_X", "5/hour")


def test_pages_far_behind_the_first_are_limited_and_others_not(client, settings):
    settings.LIMITS = settings.LIMITS | {"deep_pages": "2/minute"}
    answers = [client.get("/decisions/?page=51").status_code for _ in range(3)]
    assert answers == [200, 200, 429]
    refused = client.get("/decisions/?page=9999")
    assert "No more than 2 requests a minute" in refused.content.decode()
    assert int(refused["Retry-After"]) > 0
    assert client.get("/decisions/?page=50").status_code == 200
