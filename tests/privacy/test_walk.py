"""Privacy: what is withheld or redacted is said by no address, file or row, and stays so."""

import pytest
from django.core.management import call_command

from determinations import search
from determinations.letters import PARSER_VERSION
from determinations.letters.redacting import MARK
from determinations.models import DisputedItem, LetterSource
from determinations.search import DecisionQuery
from tests import secrets
from tests.conftest import SAMPLES
from tests.privacy.doing import SECRETS, found, redact, withhold
from tests.secrets import NAME_WORDS, REDACTED, WITHHELD

pytestmark = pytest.mark.django_db


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


@pytest.mark.any_database
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


def test_samples_hold_none_of_the_made_up_names():
    """Else the walk would find them where they belong."""
    for path in SAMPLES.glob("*.txt"):
        text = path.read_text(encoding="utf-8").lower()
        assert not any(secret.lower() in text for secret in SECRETS)
