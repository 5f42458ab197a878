"""Logging in: locked out after failures, a second factor for whoever has one, sessions that end, all of it logged."""

import time

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.test import Client, RequestFactory
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from determinations.access import locking
from determinations.models import Case
from tests.pages import Page

pytestmark = pytest.mark.django_db

PASSWORD = "seven brown horses"
LOGIN, FACTOR = "/admin/login/", "/admin/second-factor/"


@pytest.fixture
def ann():
    user = User.objects.create_user("ann", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name="Curator"))
    return user


def log_in(client, name="ann", password=PASSWORD, code="", **extra):
    data = {"username": name, "password": password, "code": code, "next": "/admin/"}
    return client.post(LOGIN, data, **extra)


def inside(client):
    return client.get("/admin/").status_code == 200


# ---- failures ---------------------------------------------------------------------------------------------------


def test_after_five_failures_a_name_is_locked_out_from_that_address_and_told_how_long(ann, client):
    for _ in range(4):
        assert log_in(client, password="wrong").status_code == 200
    answer = log_in(client, password="wrong")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "15 minutes" in Page(answer.content.decode()).text
    assert log_in(client).status_code == 429  # the right password does not help
    assert not inside(client)


def test_a_stranger_elsewhere_does_not_lock_a_curator_out(ann, client):
    for _ in range(6):
        log_in(Client(), password="wrong", REMOTE_ADDR="192.0.2.7")
    assert log_in(client).status_code == 302
    assert inside(client)


@pytest.mark.any_database
def test_many_names_from_one_address_are_stopped(ann, client):
    statuses = [log_in(client, name=f"user{number}", password="wrong").status_code for number in range(20)]
    assert statuses == [200] * 19 + [429]
    assert log_in(client).status_code == 429


@pytest.mark.any_database
def test_one_name_from_many_addresses_is_stopped_in_the_end(ann):
    for number in range(100):
        log_in(Client(), password="wrong", REMOTE_ADDR=f"192.0.2.{number}")
    assert log_in(Client(), REMOTE_ADDR="198.51.100.1").status_code == 429


def test_a_right_password_forgets_the_failures_before_it(ann, client):
    for _ in range(3):
        for _ in range(4):
            assert log_in(client, password="wrong").status_code == 200
        assert log_in(client).status_code == 302
        client.logout()


def test_the_lock_opens_when_its_time_is_over_and_is_not_prolonged_by_trying(ann, client, settings):
    for _ in range(5):
        log_in(client, password="wrong")
    failed = AccessAttempt.objects.get()
    log_in(client, password="wrong")
    assert AccessAttempt.objects.get().attempt_time == failed.attempt_time
    AccessAttempt.objects.update(attempt_time=failed.attempt_time - settings.AXES_COOLOFF_TIME)
    assert log_in(client).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "", "203.0.113.9"),
        (0, "192.0.2.1", "203.0.113.9"),  # written by the visitor
        (1, "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.7, 192.0.2.1", "192.0.2.1"),  # what stands further left is the visitor's
    ],
)
def test_the_address_behind_proxies_is_the_one_that_limits_use(settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().post(LOGIN, REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR=forwarded)
    assert locking.address(request) == expected


def test_of_ipv6_the_network_is_locked_out(ann):
    for number in range(5):
        answer = log_in(Client(), password="wrong", REMOTE_ADDR=f"2001:db8:1:2::{number + 1}")
    assert answer.status_code == 429
    assert log_in(Client(), REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    assert log_in(Client(), REMOTE_ADDR="2001:db8:1:3::1").status_code == 302


@pytest.mark.parametrize("name", ["", "x" * 10_000, "nul\x00", "né", "' OR 1=1 --"])
def test_odd_names_are_refused_like_any_other(ann, client, name):
    assert log_in(client, name=name, password="wrong").status_code == 200


def test_neither_password_nor_code_is_kept_of_a_failure(ann, client):
    log_in(client, password="my secret words", code="123456")
    kept = AccessAttempt.objects.get().post_data
    assert "my secret words" not in kept
    assert "123456" not in kept


def test_logins_are_logged(ann, client):
    log_in(client)
    login = AccessLog.objects.get()
    assert (login.username, login.logout_time) == ("ann", None)
    client.post("/admin/logout/")
    assert AccessLog.objects.get().logout_time


# ---- the second factor ------------------------------------------------------------------------------------------


def code(user, ahead=0):
    device = TOTPDevice.objects.get(user=user)
    return f"{totp(device.bin_key, drift=ahead):06}"


def turn_on(client, user):
    """Turn the second factor on; returns the recovery codes."""
    client.post(FACTOR, {"do": "begin"})
    answer = client.post(FACTOR, {"do": "confirm", "code": code(user)})
    TOTPDevice.objects.update(last_t=-1)  # the same half minute may serve the test again
    return answer.context["codes"]


def test_a_curator_turns_it_on_and_is_asked_from_then_on(ann, client):
    log_in(client)
    recovery = turn_on(client, ann)
    assert len(set(recovery)) == 10
    assert inside(client)  # this browser has given a code
    other = Client()
    asked = log_in(other)
    assert asked.status_code == 200
    assert "asks for a code" in Page(asked.content.decode()).text
    assert not inside(other)
    assert log_in(other, code="000000").status_code == 200
    TOTPDevice.objects.get().throttle_reset()
    right = code(ann)
    assert log_in(other, code=f"{right[:3]} {right[3:]}").status_code == 302
    assert inside(other)


def test_the_page_shows_picture_and_key_and_keeps_to_the_policy(ann, client):
    log_in(client)
    content = client.post(FACTOR, {"do": "begin"}).content.decode()
    assert "<svg" in content
    assert " style=" not in content
    assert "<style" not in content
    assert "http" not in content.partition("<main")[2].partition("</main")[0].replace("http://www.w3.org/2000/svg", "")
    assert not TOTPDevice.objects.get().confirmed
    assert log_in(Client()).status_code == 302  # begun is not on


def test_a_wrong_first_code_turns_nothing_on(ann, client):
    log_in(client)
    client.post(FACTOR, {"do": "begin"})
    answer = client.post(FACTOR, {"do": "confirm", "code": "000000"})
    assert "not right" in Page(answer.content.decode()).text
    assert not TOTPDevice.objects.get().confirmed


def test_a_code_lets_in_once(ann, client):
    log_in(client)
    turn_on(client, ann)
    right = code(ann)
    assert log_in(Client(), code=right).status_code == 302
    assert log_in(Client(), code=right).status_code == 200


def test_a_recovery_code_lets_in_once(ann, client):
    log_in(client)
    recovery = turn_on(client, ann)
    assert log_in(Client(), code=recovery[0].upper()).status_code == 302
    assert not StaticToken.objects.filter(token=recovery[0]).exists()
    assert log_in(Client(), code=recovery[0]).status_code == 200


def test_codes_of_an_authenticator_do_not_slow_down_recovery_codes(ann, client):
    log_in(client)
    recovery = turn_on(client, ann)
    log_in(Client(), code="000000")
    assert log_in(Client(), code=recovery[0]).status_code == 302


def test_wrong_codes_lock_out_as_wrong_passwords_do(ann, client):
    log_in(client)
    turn_on(client, ann)
    statuses = [log_in(Client(), code="000000").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]


def test_the_code_of_another_person_does_not_help(ann, client):
    log_in(client)
    turn_on(client, ann)
    bob = User.objects.create_user("bob", password=PASSWORD, is_staff=True)
    his = Client()
    log_in(his, name="bob")
    his.post(FACTOR, {"do": "begin"})
    his.post(FACTOR, {"do": "confirm", "code": code(bob)})
    TOTPDevice.objects.update(last_t=-1)
    assert log_in(Client(), code=code(bob)).status_code == 200


def test_sessions_in_other_browsers_end_when_it_is_turned_on(ann, client):
    other = Client()
    log_in(client)
    log_in(other)
    assert inside(other)
    turn_on(client, ann)
    assert not inside(other)


def test_it_is_turned_off_with_the_password_only(ann, client):
    log_in(client)
    turn_on(client, ann)
    assert "not your password" in client.post(FACTOR, {"do": "off", "password": "wrong"}).content.decode()
    assert TOTPDevice.objects.exists()
    client.post(FACTOR, {"do": "off", "password": PASSWORD})
    assert not TOTPDevice.objects.exists()
    assert not StaticToken.objects.exists()
    assert log_in(Client()).status_code == 302
    said = [entry.get_change_message() for entry in LogEntry.objects.order_by("id")]
    assert said == ["Turned the second factor on.", "Turned the second factor off."]


def test_an_administrator_lets_somebody_in_again_who_lost_the_device(ann, client, curator):
    own = Client()
    log_in(own)
    turn_on(own, ann)
    curator.post("/admin/auth/user/", {"action": "turn_off_second_factor", "_selected_action": [ann.pk]})
    assert not TOTPDevice.objects.exists()
    assert LogEntry.objects.filter(object_id=str(ann.pk), change_message__contains="second factor off").exists()


def test_where_it_is_required_nothing_opens_before_it_is_set_up(ann, client, settings):
    settings.SECOND_FACTOR = "REQUIRED"
    log_in(client)
    for address in ("/admin/", "/admin/determinations/case/", Case.objects.first().get_absolute_url()):
        assert client.get(address)["Location"] == FACTOR
    assert "asks every curator" in Page(client.get(FACTOR).content.decode()).text
    turn_on(client, ann)
    assert inside(client)


# ---- sessions ---------------------------------------------------------------------------------------------------


def age(client, **seconds):
    """Make a session older: ``began`` and ``seen`` so many seconds ago."""
    session = client.session
    for name, ago in seconds.items():
        session[f"session_{name}"] = int(time.time()) - ago
    session.save()


@pytest.mark.parametrize(
    ("ages", "expected"),
    [
        ({"seen": 59 * 60}, True),
        ({"seen": 61 * 60}, False),  # an hour without a page
        ({"began": 11 * 3600, "seen": 60}, True),
        ({"began": 13 * 3600, "seen": 60}, False),  # a working day, whatever was done
    ],
)
def test_sessions_end(ann, client, ages, expected):
    log_in(client)
    age(client, **ages)
    assert inside(client) is expected


def test_working_keeps_a_session_alive(ann, client):
    log_in(client)
    for _ in range(3):
        age(client, seen=50 * 60)
        assert inside(client)


def test_a_session_ends_when_the_password_changes_elsewhere_or_the_account_is_closed(ann, client):
    other = Client()
    log_in(client)
    log_in(other)
    data = {"old_password": PASSWORD, "new_password1": "nine white horses", "new_password2": "nine white horses"}
    assert client.post("/admin/password_change/", data).status_code == 302
    assert inside(client)
    assert not inside(other)
    User.objects.update(is_active=False)
    assert not inside(client)


def test_a_weak_new_password_is_refused(ann, client):
    log_in(client)
    data = {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"}
    assert "too short" in client.post("/admin/password_change/", data).content.decode()


def test_visitors_have_no_session_and_nothing_is_looked_up_for_them(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/search-help/")
    assert not answer.cookies


@pytest.mark.parametrize("path", [LOGIN, FACTOR, "/admin/password_change/", "/admin/"])
def test_pages_have_labels_and_no_inline_script_style_or_handler(ann, client, path):
    if path != LOGIN:
        log_in(client)
    page = Page(client.get(path).content.decode())
    for name, attributes in page.fields.items():
        if attributes.get("type") not in ("hidden", "submit", "search"):
            assert name in page.labels, name
