"""Privacy: a letter that is withheld is nowhere, and comes back whole when that is lifted."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from determinations import search
from determinations.curation import privacy
from determinations.ingest import ingest_paths
from determinations.models import Case, Withholding
from determinations.search import DecisionQuery
from tests import secrets
from tests.pages import page
from tests.privacy.doing import case, found, withhold
from tests.secrets import NAME, NAME_WORDS, REDACTED, WITHHELD, WITHHELD_WORD

pytestmark = pytest.mark.django_db


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
