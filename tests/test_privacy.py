"""Privacy: what is withheld or redacted is nowhere, stays nowhere, and comes back whole when that is lifted."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from determinations import search
from determinations.corrections.applying import describe
from determinations.curation import correcting, privacy
from determinations.ingest import ingest_paths
from determinations.letters import PARSER_VERSION
from determinations.letters.redacting import MARK, Redacted, redacted, redacted_name, redacted_value
from determinations.models import (
    Case,
    CredentialWording,
    DisputedItem,
    GuidelineWording,
    LetterSource,
    ParseIssue,
    ReaderReport,
    Redaction,
    RemovalRequest,
    Withholding,
)
from determinations.rereading import Choice, reread
from determinations.search import DecisionQuery
from tests import secrets
from tests.conftest import SAMPLES
from tests.pages import page
from tests.secrets import NAME, NAME_WORDS, REDACTED, WITHHELD, WITHHELD_WORD

pytestmark = pytest.mark.django_db

SECRETS = [WITHHELD_WORD, *NAME_WORDS]


@pytest.fixture
def letters(empty_archive, settings, tmp_path):
    """The sample letters, two of them with made-up names; the folder that they came from."""
    settings.LIMITS = dict.fromkeys(settings.LIMITS, "")
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    folder = secrets.write(tmp_path / "letters")
    ingest_paths([folder], jobs=1)
    return folder


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Do something, and what follows its commit."""

    def do(function, *arguments, **named):
        with django_capture_on_commit_callbacks(execute=True):
            return function(*arguments, **named)

    return do


def case(number: str) -> Case:
    return Case.objects.get(number=number)


def withhold(commit, number=WITHHELD, ground="person", until=None) -> Withholding:
    return commit(privacy.withhold, case(number), ground, "They asked.", until, "officer")


def redact(commit, words=NAME, number=REDACTED) -> Redaction:
    return commit(privacy.redact, case(number), words, "identity", "A name.", "officer")


def found(words: str) -> int:
    return search.count(DecisionQuery(words=words, exact=True))


# ---- the walk -------------------------------------------------------------------------------------------------------


def spoken(client, walked) -> dict[str, set[str]]:
    """Secret -> the addresses that say it."""
    said = {secret: set() for secret in SECRETS}
    for address in walked:
        answer = secrets.read(client, address).lower()
        for secret in SECRETS:
            if secret.lower() in answer:
                said[secret].add(address)
    return said


def in_files() -> dict[str, set[str]]:
    """Secret -> files that hold it, and "index" if the engine lists it."""
    held = {secret: set() for secret in SECRETS}
    terms = " ".join(secrets.index_terms()).lower()
    for secret in SECRETS:
        held[secret] |= {
            path.name for path, content in secrets.files().items() if secret.lower().encode() in content.lower()
        }
        if secret.lower() in terms:
            held[secret].add("index")
    return held


def test_every_address_and_file_is_walked_and_none_has_the_words(client, letters, commit, capsys):
    walked = secrets.addresses(client)
    assert set(walked) == set(secrets.routes()), "a route is not walked: add its addresses to tests/secrets.py"
    before = [address for addresses in walked.values() for address in addresses]
    own = (WITHHELD.lower(), REDACTED.lower())
    said = spoken(client, [address for address in before if any(slug in address for slug in own)])
    assert all(len(addresses) > 10 for addresses in said.values()), "the walk would not see them"
    assert all("index" in held for held in in_files().values())
    decisions = DisputedItem.objects.exclude(case__number=WITHHELD).count()

    withhold(commit)
    redact(commit)

    # What was there before, and what there is now.
    after = [address for addresses in secrets.addresses(client).values() for address in addresses]
    every = sorted({*before, *after})
    assert spoken(client, every) == {secret: set() for secret in SECRETS}
    assert in_files() == {secret: set() for secret in SECRETS}
    assert [row for secret in NAME_WORDS for row in secrets.rows_with(secret)] == []
    for secret in SECRETS:
        assert found(secret) == 0
        # Nor is it proposed to those who type something like it.
        assert secret.lower() not in secrets.read(client, f"/decisions/?q={secret[:-1]}x").lower()
    assert search.find(DecisionQuery()).decisions == decisions
    assert search.check().agrees
    with capsys.disabled():
        print(f" [{len(every)} addresses of {len(walked)} routes, {len(secrets.files())} files]", end=" ")


def test_what_is_withheld_and_redacted_stays_so(client, letters, commit):
    """Whatever reads the letters again, builds the index anew or holds it against the database."""
    withhold(commit)
    redact(commit)
    call_command("ingest", str(letters), "--jobs", "1")
    LetterSource.objects.update(parser_version=PARSER_VERSION - 1)
    for name in LetterSource.objects.values_list("file_name", flat=True):
        assert "quarkenbush" not in name.lower()
    call_command("reread", "--apply", "--all")
    assert not LetterSource.objects.filter(status="current").exclude(parser_version=PARSER_VERSION).exists()
    call_command("rebuild_index")
    call_command("sync_index")
    call_command("check_index")
    assert client.get(f"/cases/{WITHHELD.lower()}/").status_code == 410
    assert [row for secret in NAME_WORDS for row in secrets.rows_with(secret)] == []
    assert all(found(secret) == 0 for secret in SECRETS)
    assert MARK in client.get(f"/cases/{REDACTED.lower()}/source.txt").content.decode()


# ---- withholding ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ground", "status", "sentence"),
    [
        ("person", 410, "This letter is withheld and not shown to the public."),
        ("error", 410, "This letter is withheld and not shown to the public."),
        ("court", 451, "This letter is withheld by order of a court."),
    ],
)
def test_a_withheld_letter_answers_with_a_sentence(client, letters, commit, ground, status, sentence):
    withhold(commit, ground=ground)
    for address in ("", "?q=therapy&at=1", "source/", "source.txt", "source/?version=7", "items/1/similar/"):
        response = client.get(f"/cases/{WITHHELD.lower()}/{address}")
        assert response.status_code == status
        assert sentence in page(response).text
        assert "no-store" in response["Cache-Control"]
        assert WITHHELD.lower() not in response.content.decode().lower()
    for address in (f"cases/{WITHHELD}", f"decisions/{WITHHELD}/1", f"decisions/{WITHHELD}/99"):
        response = client.get(f"/api/v1/{address}")
        assert response.status_code == status
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["detail"] == sentence


def test_numbers_are_those_of_what_is_left_and_come_back(client, letters, commit):
    everything = search.find(DecisionQuery())
    own = case(WITHHELD).items.count()
    withholding = withhold(commit)
    left = search.find(DecisionQuery())
    assert (left.decisions, left.letters) == (everything.decisions - own, everything.letters - 1)
    commit(privacy.lift, withholding, "A mistake.", "officer")
    assert search.find(DecisionQuery()).decisions == everything.decisions
    assert client.get(f"/cases/{WITHHELD.lower()}/").status_code == 200
    assert found(WITHHELD_WORD) == own
    assert search.check().agrees


def test_answers_that_programs_keep_are_no_longer_good(client, letters, commit, monkeypatch):
    """Also where the index cannot follow at once."""
    monkeypatch.setattr(search, "index_pending", lambda **_: (_ for _ in ()).throw(search.SearchError("full")))
    addresses = ["/decisions.jsonl", "/decisions.atom", f"/api/v1/cases/{REDACTED}", "/api/v1/decisions"]
    tags = {address: client.get(address)["ETag"] for address in addresses}
    told = []
    commit(privacy.redact, case(REDACTED), NAME, "identity", "A name.", "officer", tell=told.append)
    for address, tag in tags.items():
        response = client.get(address, headers={"If-None-Match": tag})
        assert response.status_code == 200
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert NAME_WORDS[1].encode() not in body
    assert "sync_index" in told[0]


@pytest.mark.parametrize(
    ("ground", "reason", "days"), [("person", " ", None), ("whim", "So.", None), ("person", "Asked.", -1)]
)
def test_withholding_needs_a_ground_a_reason_and_a_day_to_come(letters, ground, reason, days):
    until = timezone.localdate() + timedelta(days) if days else None
    with pytest.raises(ValidationError):
        privacy.withhold(case(WITHHELD), ground, reason, until, "officer")
    assert not Case.objects.filter(withheld=True).exists()


def test_a_letter_is_withheld_once_and_lifted_once(letters, commit):
    withholding = withhold(commit)
    with pytest.raises(ValidationError, match="already"):
        withhold(commit)
    with pytest.raises(ValidationError, match="Say why"):
        privacy.lift(withholding, "", "officer")
    commit(privacy.lift, withholding, "Over.", "officer")
    with pytest.raises(ValidationError, match="already"):
        privacy.lift(withholding, "Over.", "officer")


def test_a_withholding_ends_with_its_last_day(client, letters, commit):
    today = timezone.localdate()
    withholding = withhold(commit, until=today)
    assert privacy.lapse(today) == 0
    assert privacy.lapse(today + timedelta(1)) == 1
    withholding.refresh_from_db()
    assert (withholding.lifted_by, withholding.lifted_why) == ("", "Its last day is over.")
    call_command("lapse_withholdings")
    assert found(WITHHELD_WORD) > 0
    assert client.get(f"/cases/{WITHHELD.lower()}/").status_code == 200


def test_an_ingest_ends_what_is_over(letters, commit):
    withholding = withhold(commit, until=timezone.localdate())
    Withholding.objects.filter(pk=withholding.pk).update(until=timezone.localdate() - timedelta(1))
    call_command("ingest", str(letters), "--jobs", "1", "--dry-run")
    assert case(WITHHELD).withheld
    call_command("ingest", str(letters), "--jobs", "1")
    assert not case(WITHHELD).withheld
    assert found(WITHHELD_WORD) > 0


def test_a_new_version_of_a_withheld_letter_is_withheld_too(letters, commit, tmp_path):
    withhold(commit)
    text = secrets.with_word(WITHHELD, WITHHELD_WORD).replace("Overturned", "Upheld")
    (tmp_path / "amended.txt").write_text(text, encoding="utf-8")
    assert ingest_paths([tmp_path / "amended.txt"], jobs=1).counts["updated"] == 1
    assert case(WITHHELD).withheld
    assert found(WITHHELD_WORD) == 0


def test_the_files_of_a_big_archive_are_cleaned_by_the_nightly_command(letters, commit, monkeypatch):
    monkeypatch.setattr(privacy, "_REBUILT_AT_ONCE", 3)
    told = []
    commit(privacy.redact, case(REDACTED), NAME, "identity", "A name.", "officer", tell=told.append)
    assert "lapse_withholdings" in told[0]
    assert found(NAME_WORDS[1]) == 0
    assert "quarkenbush" in secrets.index_terms()
    assert search.did_you_mean("quarkenbusx") is None
    call_command("lapse_withholdings")
    assert "quarkenbush" not in secrets.index_terms()
    assert not search.words_remain()


def test_the_index_is_compared_with_what_is_public(letters):
    """A letter that is withheld behind the index's back is seen, and mended."""
    own = case(WITHHELD)
    Case.objects.filter(pk=own.pk).update(withheld=True)
    checked = search.check(mark=True)
    assert checked.differences["surplus"].decisions == own.items.count()
    search.mend(checked)
    assert search.check().agrees
    assert found(WITHHELD_WORD) == 0


# ---- redaction ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Jane Doe came.", ["Jane Doe"], "[redacted] came."),
        ("JANE\n  doe’s knee", ["Jane Doe"], "[redacted]’s knee"),
        ("Janet Doe, Jane Doer", ["Jane Doe"], "Janet Doe, Jane Doer"),
        ("Jane_Doe", ["Doe"], "Jane_[redacted]"),
        ("Doe, doe. Doe", ["doe"], "[redacted], [redacted]. [redacted]"),
        ("Mr. O'Hara and O’Hara", ["O'Hara"], "Mr. [redacted] and [redacted]"),
        ("Quar-\nkenbush", ["Quarkenbush"], "[redacted]"),
        ("Quar\u00adken\u200bbush", ["Quarkenbush"], "[redacted]"),
        ("the griﬃn", ["Griffin"], "the [redacted]"),
        ("the griffin", ["griﬃn"], "the [redacted]"),
        ("Smith-\nJones", ["Smith-Jones"], "[redacted]"),
        ("Tel. (555) 010-2345.", ["(555) 010-2345"], "Tel. [redacted]."),
        ("a.b axb", ["a.b"], "[redacted] axb"),
        ("one two three", ["two", "one two"], "[redacted] three"),
        ("one two three", ["one two", "two three"], "[redacted]"),
        ("nothing", ["", "  "], "nothing"),
        ("", ["word"], ""),
    ],
)
def test_words_are_found_as_readers_find_them(text, words, expected):
    assert redacted(text, words) == expected
    assert redacted(expected, words) == expected


def test_words_are_found_over_the_foot_of_a_page():
    pages = [f"Line {n} of what the letter says about the matter in hand.\n" for n in range(40)]
    text = "".join(pages) + "She was seen by Zebulonia\n\nPage 2 of 5\n\nQuarkenbush in May.\n" + "".join(pages)
    assert "Quarkenbush" not in redacted(text, [NAME])
    assert "Zebulonia" not in redacted(text, [NAME])


def test_values_of_any_shape_are_redacted():
    value = {"Doe": ["Doe", {"a": "x Doe"}, 3, None, True], "b": "Doer"}
    expected = {"Doe": [MARK, {"a": f"x {MARK}"}, 3, None, True], "b": "Doer"}
    assert redacted_value(value, ["doe"]) == expected
    assert redacted_value(value, []) is value


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("/in/Doe_Jane-2016.pdf", "/in/[redacted]_[redacted]-2016.pdf"),
        ("doe.txt", "[redacted].txt"),
        ("Doerr.txt", "Doerr.txt"),
    ],
)
def test_names_of_files_are_redacted_word_by_word(name, expected):
    assert redacted_name(name, ["Jane Doe"]) == expected


def test_places_are_led_from_the_text_as_it_came_to_the_redacted_one_and_back():
    text = "Doe and Jane Doe, and the rest."
    one = Redacted.of(text, ["Jane Doe", "Doe"])
    assert one.text == f"{MARK} and {MARK}, and the rest."
    for word in ("and", "rest"):
        at = one.text.rindex(word)
        assert one.original_offset(at) == text.rindex(word)
        assert one.offset(text.rindex(word)) == at
    assert one.offset(text.index("Jane")) == one.offset(text.index("ane")) == one.text.rindex(MARK)
    assert one.original_offset(len(one.text)) == len(text)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("", "at least"),
        ("ab", "at least"),
        ("...", "at least"),
        ("x" * 501, "At most"),
        ("Nobody Of That Name", "No version"),
        ("[redacted]", "mark"),
        ("Redacted", "mark"),
        (REDACTED, "case number"),
        (REDACTED[-7:], "case number"),
    ],
)
def test_what_cannot_be_redacted_is_refused(letters, words, problem):
    with pytest.raises(ValidationError, match=problem):
        privacy.redact(case(REDACTED), words, "identity", "A name.", "officer")
    assert not Redaction.objects.exists()


def test_every_version_is_redacted_and_everything_comes_back(client, letters, commit):
    one = case(REDACTED)
    assert one.sources.count() == 2
    before = {source.version: source.text for source in one.sources.all()}
    summary, wordings = one.clinical_summary, set(GuidelineWording.objects.values_list("text", flat=True))
    credentials = set(CredentialWording.objects.values_list("text", flat=True))
    redaction = redact(commit)
    for source in one.sources.all():
        shown = client.get(f"/cases/{one.slug}/source/?version={source.version}").content.decode()
        assert "Quarkenbush" not in shown
        assert MARK in shown
        # By the hash of the whole the words could be guessed.
        assert source.sha256 not in shown
        assert source.original_text == before[source.version]
        assert "Quarkenbush" in "".join(words for words, gone in privacy.original(source) if gone)
    assert MARK in case(REDACTED).clinical_summary
    commit(privacy.lift_redaction, redaction, "officer")
    assert {source.version: source.text for source in one.sources.all()} == before
    assert case(REDACTED).clinical_summary == summary
    assert set(GuidelineWording.objects.values_list("text", flat=True)) >= wordings
    assert set(CredentialWording.objects.values_list("text", flat=True)) >= credentials
    assert found(NAME_WORDS[1]) > 0
    with pytest.raises(ValidationError, match="already"):
        privacy.lift_redaction(redaction, "officer")


def test_what_people_wrote_is_redacted_and_put_back(letters, commit):
    one, words = case(REDACTED), f"Of {NAME} it is said."
    key = one.items.first().key
    commit(
        correcting.correct, one.pk, [correcting.Change(key, "rationale", words)], why=f"So says {NAME}.", by="curator"
    )
    report = ReaderReport.objects.create(case=one, words=f"{NAME} is my neighbour.")
    issue = one.issues.first()
    ParseIssue.objects.filter(pk=issue.pk).update(note=f"Ask {NAME}", status="dismissed")
    place = one.current_source.text[issue.start : issue.end]
    first = redact(commit)
    correction = one.corrections.get()
    report.refresh_from_db()
    assert (correction.value, correction.why) == (f"Of {MARK} it is said.", f"So says {MARK}.")
    assert report.words == f"{MARK} is my neighbour."
    assert case(REDACTED).items.get(position=1).rationale == correction.value
    assert describe(correction)
    kept = ParseIssue.objects.get(note=f"Ask {MARK}")
    assert kept.status == "dismissed"
    assert kept.source.text[kept.start : kept.end] == redacted(place, [NAME])
    # What is written later with the words in it is redacted as it comes.
    change = correcting.Change(key, "rationale", f"{NAME} again")
    commit(correcting.correct, one.pk, [change], why="Later.", by="curator")
    assert one.corrections.get(retired_at=None).value == f"{MARK} again"
    commit(privacy.lift_redaction, first, "officer")
    report.refresh_from_db()
    assert report.words == f"{NAME} is my neighbour."
    assert one.corrections.exclude(retired_at=None).get().value == words
    assert one.corrections.get(retired_at=None).value == f"{MARK} again"
    assert ParseIssue.objects.filter(note=f"Ask {NAME}", status="dismissed").exists()


def test_of_two_redactions_one_is_lifted(letters, commit):
    one = case(REDACTED)
    report = ReaderReport.objects.create(case=one, words=f"{NAME} takes cyclobenzaprine")
    first, other = redact(commit), redact(commit, words="cyclobenzaprine")
    report.refresh_from_db()
    assert report.words == f"{MARK} takes {MARK}"
    commit(privacy.lift_redaction, first, "officer")
    report.refresh_from_db()
    assert report.words == f"{NAME} takes {MARK}"
    assert NAME in one.current_source.text
    assert "yclobenzaprine" not in one.current_source.text
    # What is written meanwhile is not undone when the rest is put back.
    ReaderReport.objects.filter(pk=report.pk).update(words=f"{MARK} of its own")
    commit(privacy.lift_redaction, other, "officer")
    report.refresh_from_db()
    assert report.words == f"{MARK} of its own"
    assert "yclobenzaprine" in one.current_source.text


def test_a_new_version_is_read_without_the_words(letters, commit, tmp_path):
    redact(commit)
    text = secrets.named_letter().replace("Upheld", "Overturned")
    path = tmp_path / f"Zebulonia Quarkenbush {REDACTED} amended.txt"
    path.write_text(text, encoding="utf-8")
    assert ingest_paths([path], jobs=1).counts["updated"] == 1
    one = case(REDACTED)
    assert one.sources.count() == 3
    assert one.current_source.version == 3
    assert one.current_source.original_text == text
    assert set(one.items.values_list("outcome", flat=True)) == {"Overturned"}
    assert [row for secret in NAME_WORDS for row in secrets.rows_with(secret)] == []
    assert found(NAME_WORDS[1]) == 0


def test_reading_again_changes_nothing_of_a_redacted_letter(letters, commit):
    redact(commit)
    report = reread(Choice(everything=True))
    assert report.comparison.changed == 0


# ---- the public log and requests ------------------------------------------------------------------------------------


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


@pytest.fixture
def asking(client, monkeypatch):
    """A form that was opened ten seconds ago, filled in."""
    from determinations import removals

    opened = page(client.get("/about/removals/request/")).fields["opened"]["value"]
    clock = removals.time.time
    monkeypatch.setattr(removals.time, "time", lambda: clock() + 10)
    return {
        "address": "https://archive.example/cases/cm16-0990004/",
        "words": "My name <b>is</b> there.",
        "contact": "jane@example.org",
        "website": "",
        "opened": opened,
    }


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


# ---- the admin ------------------------------------------------------------------------------------------------------


@pytest.fixture
def person(django_user_model, client):
    """Log a person in who has some rights and may see everything that has no right of its own."""
    from django.contrib.auth.models import Permission

    def log_in(*rights):
        user = django_user_model.objects.create_user("pat", password="a-long-enough-password", is_staff=True)
        views = Permission.objects.filter(codename__startswith="view_", content_type__app_label="determinations")
        own = Permission.objects.filter(codename__in=rights, content_type__app_label="determinations")
        user.user_permissions.set([*views, *own])
        client.force_login(user)
        return client

    return log_in


def address(model: str, what: str, *arguments) -> str:
    return reverse(f"admin:determinations_{model}_{what}", args=arguments)


def test_an_officer_withholds_and_lifts_after_seeing_what_will_happen(person, letters, commit):
    client, one = person("withhold", "redact"), case(WITHHELD)
    data = {"case": one.pk, "ground": "court", "reason": "An order.", "until": ""}
    add = address("withholding", "add")
    assert client.get(add, {"case": one.pk}).status_code == 200
    shown = client.post(add, data)
    assert "answers 451" in shown.content.decode()
    assert not Withholding.objects.exists()
    assert commit(client.post, add, data | {"_confirmed": "1"}).status_code == 302
    made = Withholding.objects.get()
    assert (made.made_by, made.ground, made.until, made.case) == ("pat", "court", None, one)
    assert client.get(f"/cases/{one.slug}/").status_code == 451
    assert found(WITHHELD_WORD) == 0
    # The officer sees the letter all the same.
    assert WITHHELD_WORD in client.get(address("case", "original", one.pk)).content.decode()
    assert client.get(address("case", "change", one.pk)).status_code == 200
    lift = address("withholding", "lift", made.pk)
    assert client.get(lift).status_code == 200
    assert client.post(lift, {"why": ""}).status_code == 400
    assert commit(client.post, lift, {"why": "Set aside."}).status_code == 302
    assert client.get(f"/cases/{one.slug}/").status_code == 200
    assert [entry.get_change_message() for entry in log_of(made)] == ["Lifted.", "Added."]


def log_of(row):
    from django.contrib.admin.models import LogEntry

    return LogEntry.objects.filter(object_id=str(row.pk), content_type__model=row._meta.model_name).order_by("-id")


def test_an_officer_redacts_and_lifts_after_seeing_where_the_words_stand(person, letters, commit):
    client, one = person("withhold", "redact"), case(REDACTED)
    data = {"case": one.pk, "words": NAME.upper(), "ground": "identity", "reason": "A name."}
    add = address("redaction", "add")
    shown = client.post(add, data).content.decode()
    assert "version 2:" in shown
    assert "No other letter is found by these words." in shown
    assert not Redaction.objects.exists()
    assert commit(client.post, add, data | {"_confirmed": "1"}).status_code == 302
    made = Redaction.objects.get()
    assert case(REDACTED).withheld is False
    assert NAME not in case(REDACTED).current_source.text
    marked = client.get(address("case", "original", one.pk)).content.decode()
    assert f"<mark>{NAME}</mark>" in marked
    assert commit(client.post, address("redaction", "lift", made.pk)).status_code == 302
    assert NAME in case(REDACTED).current_source.text


def test_other_letters_with_the_words_are_named(letters):
    places = privacy.places(case(REDACTED), "cyclobenzaprine")
    assert places.others
    assert case(REDACTED) not in places.others


@pytest.mark.parametrize(
    ("model", "changes", "problem"),
    [
        ("withholding", {"until": "2001-01-01"}, "over already"),
        ("withholding", {"reason": ""}, "required"),
        ("withholding", {"case": "0"}, "valid choice"),
        ("redaction", {"words": "Nobody Here"}, "No version"),
        ("redaction", {"words": REDACTED}, "case number"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(person, letters, model, changes, problem):
    client = person("withhold", "redact")
    data = {"case": case(REDACTED).pk, "ground": "person", "reason": "Asked.", "until": "", "words": NAME} | changes
    for confirmed in ({}, {"_confirmed": "1"}):
        assert problem in client.post(address(model, "add"), data | confirmed).content.decode()
    assert not Withholding.objects.exists()
    assert not Redaction.objects.exists()


@pytest.mark.parametrize(
    ("rights", "may"),
    [
        ((), set()),
        (("correct", "decide"), set()),
        (("withhold",), {"withholding", "removalrequest"}),
        (("redact",), {"redaction", "removalrequest"}),
        (("withhold", "redact"), {"withholding", "redaction", "removalrequest", "original"}),
    ],
)
def test_rights(person, letters, commit, rights, may):
    """Only who may do it sees the records, their words and the letter as it came."""
    withholding, redaction = withhold(commit), redact(commit)
    asked = RemovalRequest.objects.create(address="/x/", words="Mine.", contact="a@example.org")
    client = person(*rights)
    addresses = {
        name: [
            *(address(name, what) for what in ("changelist", "add")),
            *(address(name, what, row.pk) for what in ("change", "lift")),
        ]
        for name, row in (("withholding", withholding), ("redaction", redaction))
    }
    addresses["removalrequest"] = [
        address("removalrequest", "changelist"),
        address("removalrequest", "change", asked.pk),
    ]
    addresses["original"] = [address("case", "original", redaction.case_id)]
    for what, pages in addresses.items():
        for one in pages:
            assert client.get(one).status_code == (200 if what in may else 403), one
    for what in ("withholding", "redaction"):
        assert client.post(address(what, "delete", 1), {"post": "yes"}).status_code == 403
    # A withheld letter is not there for others, in any list, search or page of the admin.
    seen = "withhold" in rights
    own = Case.objects.get(pk=withholding.case_id)
    rows = {"case": own, "disputeditem": own.items.first(), "lettersource": own.sources.first()}
    for model, row in rows.items():
        assert (client.get(address(model, "change", row.pk)).status_code == 200) is seen
        listed = client.get(address(model, "changelist"), {"q": WITHHELD}).context["cl"].result_list
        assert (row in listed) is seen


def test_a_request_leads_to_the_letter_that_it_names(person, letters):
    client = person("withhold", "redact")
    asked = RemovalRequest.objects.create(
        address=f"https://archive.example/cases/{REDACTED.lower()}/#item-1", words="<script>", contact="a@example.org"
    )
    shown = client.get(address("removalrequest", "change", asked.pk)).content.decode()
    assert f"{address('redaction', 'add')}?case={case(REDACTED).pk}" in shown
    assert "<script></" not in shown
    data = {"status": "settled", "assigned_to": "", "note": "Done."}
    assert client.post(address("removalrequest", "change", asked.pk), data).status_code == 302
    asked.refresh_from_db()
    assert (asked.status, asked.words) == ("settled", "<script>")


def test_samples_hold_none_of_the_made_up_names():
    """Else the walk would find them where they belong."""
    for path in SAMPLES.glob("*.txt"):
        text = path.read_text(encoding="utf-8").lower()
        assert not any(secret.lower() in text for secret in SECRETS)
