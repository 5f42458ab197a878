"""Readers' reports: the form beside each decision, what keeps spam out, and what becomes of a report."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client

from determinations import reports
from determinations.models import Case, ReaderReport
from tests.pages import page

pytestmark = pytest.mark.django_db

LETTER = "/cases/cm16-0990003/"
FORM = f"{LETTER}report/?item=2"
WORDS = "The letter says twelve visits, the page says two."


@pytest.fixture
def case():
    return Case.objects.get(slug="cm16-0990003")


@pytest.fixture
def stamped(case, monkeypatch):
    """A function that makes a form's stamp as old as it is told."""

    def stamp(age=timedelta(minutes=1), slug=case.slug):
        with monkeypatch.context() as earlier:
            now = signing.time.time()
            earlier.setattr(signing.time, "time", lambda: now - age.total_seconds())
            return signing.TimestampSigner(salt="reader-report").sign(slug)

    return stamp


@pytest.fixture
def send(client, stamped):
    """A function that sends the form with what is changed of it."""

    def post(path=FORM, **changed):
        return client.post(path, {"place": "outcome", "words": WORDS, "stamp": stamped(), "website": ""} | changed)

    return post


def test_every_decision_leads_to_the_form(client, case):
    links = [link for link in page(client.get(LETTER)).links if "/report/" in link]
    decisions = range(1, case.items.count() + 1)
    assert links == [*(f"{LETTER}report/?item={position}" for position in decisions), f"{LETTER}report/"]


def test_the_form_says_which_decision_it_is_about(client, case):
    found = page(client.get(FORM))
    assert found.heading() == "Something wrong here?"
    assert case.items.get(position=2).title[:40] in found.text


def test_a_report_goes_into_the_queue_with_its_place(send, case):
    response = send()
    assert response["Location"] == f"{LETTER}report/thanks/"
    report = ReaderReport.objects.get()
    assert (report.case, report.position, report.place, report.words) == (case, 2, "outcome", WORDS)
    assert report.status == "open"


def test_a_report_about_the_letter_as_a_whole(send):
    send(f"{LETTER}report/")
    assert ReaderReport.objects.get().position is None


def test_the_thanks_lead_back(client):
    assert LETTER in page(client.get(f"{LETTER}report/thanks/")).links


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"words": ""}, "say in a few words"),
        ({"words": " \n "}, "say in a few words"),
        ({"words": "x" * 2_001}, "at most 2000 characters"),
        ({"place": ""}, "This field is required"),
        ({"place": "<script>"}, "Select a valid choice"),
        ({"stamp": ""}, "open for very long"),
        ({"stamp": "cm16-0990003:1:forged"}, "open for very long"),
    ],
)
def test_what_cannot_be_taken_is_said_and_kept_in_the_form(send, changed, says):
    response = send(**changed)
    assert response.status_code == 400
    assert says in page(response).text
    assert not ReaderReport.objects.exists()


@pytest.mark.parametrize(
    ("age", "status"),
    [
        (timedelta(seconds=1), 400),
        (timedelta(seconds=5), 302),
        (timedelta(hours=23), 302),
        (timedelta(hours=25), 400),
    ],
)
def test_the_form_must_have_been_open_for_some_seconds_and_not_for_days(send, stamped, age, status):
    assert send(stamp=stamped(age)).status_code == status


def test_a_stamp_of_another_letter_is_none(send, stamped):
    assert send(stamp=stamped(slug="cm17-0990014")).status_code == 400


def test_a_form_that_was_open_too_long_can_be_sent_again(client, send):
    answer = send(stamp="").content.decode()
    fresh = re.search(r'name="stamp" value="([^"]+)"', answer).group(1)
    assert signing.TimestampSigner(salt="reader-report").unsign(fresh) == "cm16-0990003"
    assert WORDS in page(client.post(FORM, {"place": "outcome", "words": WORDS, "stamp": ""})).text


def test_who_fills_the_hidden_field_is_thanked_and_not_heard(send):
    assert send(website="https://spam.example.org").status_code == 302
    assert not ReaderReport.objects.exists()


def test_the_same_report_twice_is_one(send):
    send()
    send()
    assert ReaderReport.objects.count() == 1


def test_reports_are_limited_for_each_client(send, settings):
    settings.LIMITS = settings.LIMITS | {"reports": "2/hour"}
    answers = [send(words=f"{WORDS} {number}").status_code for number in range(3)]
    assert answers == [302, 302, 429]
    assert ReaderReport.objects.count() == 2


def test_a_flood_does_not_fill_the_database(send, case, monkeypatch):
    monkeypatch.setattr(reports, "MOST_WAITING", 2)
    for number in range(3):
        ReaderReport.objects.create(case=case, words=str(number))
    response = send()
    assert response.status_code == 503
    assert "no more can be taken" in page(response).text
    assert ReaderReport.objects.count() == 3


def test_without_its_token_a_form_is_refused(stamped):
    strict = Client(enforce_csrf_checks=True)
    sent = {"place": "outcome", "words": WORDS, "stamp": stamped()}
    assert strict.post(FORM, sent).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', strict.get(FORM).content.decode()).group(1)
    assert strict.post(FORM, sent | {"csrfmiddlewaretoken": token}).status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        "/cases/cm99-0000000/report/",
        "/cases/cm99-0000000/report/thanks/",
        f"{LETTER}report/?item=99",
        f"{LETTER}report/?item=0",
        f"{LETTER}report/?item=two",
        f"{LETTER}report/?item=99999999999999999999",
    ],
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_nothing_can_be_reported_of_a_letter_that_is_withheld(client, send, case):
    Case.objects.filter(pk=case.pk).update(withheld=True)
    assert client.get(FORM).status_code in (404, 410, 451)
    assert send().status_code in (404, 410, 451)
    assert not ReaderReport.objects.exists()


def test_the_form_alone_sets_a_cookie_and_is_kept_by_no_cache(client):
    assert not client.get(LETTER).cookies
    assert "no-store" not in client.get(LETTER).get("Cache-Control", "")
    form = client.get(FORM)
    assert set(form.cookies) == {"csrftoken"}
    assert "no-store" in form["Cache-Control"]


def test_nothing_of_a_report_is_shown(client, send):
    send(words="Zanzibar is not in the letter.")
    ReaderReport.objects.update(status="settled", answer="Madagascar is.")
    for path in (LETTER, f"{LETTER}source/", FORM, "/about/", f"{LETTER}report/thanks/"):
        text = client.get(path).content.decode()
        assert "Zanzibar" not in text
        assert "Madagascar" not in text


@pytest.mark.parametrize(
    ("states", "says"),
    [
        ([], "So far no report came."),
        (["open"], "So far 1 report came; 0 were answered."),
        (
            ["open", "asked", "settled", "settled", "dismissed"],
            "5 reports came; 2 were answered, and in 1 nothing was found to be wrong.",
        ),
    ],
)
def test_about_says_how_many_came_and_were_answered(client, case, states, says):
    for number, state in enumerate(states):
        ReaderReport.objects.create(case=case, words=str(number), status=state)
    assert says in page(client.get("/about/")).text
