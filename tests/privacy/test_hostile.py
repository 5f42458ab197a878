"""Trying to see what is withheld or redacted: by questions, old addresses and kept answers.

Most of it is done while the search index could not follow, which is when most could be seen.
"""

import gzip
from hashlib import sha256

import pytest
from django.contrib.auth.models import Group
from django.http import FileResponse
from django.urls import reverse

from determinations import search
from determinations.access.rights import EDITOR, PRIVACY_OFFICER, READER
from determinations.curation import addresses, naming, privacy
from determinations.ingest import ingest_paths
from determinations.models import (
    Case,
    DisputedItem,
    Drug,
    DrugWording,
    Guideline,
    GuidelineWording,
    LetterSource,
    NameChange,
    OldAddress,
    Redaction,
    RejectedFile,
)
from tests import secrets
from tests.privacy.doing import case, redact, withhold
from tests.secrets import NAME, NAME_WORDS, REDACTED, WITHHELD, WITHHELD_WORD

pytestmark = pytest.mark.django_db

QUIET = {"tell": lambda _sentence: None}


@pytest.fixture
def broken(monkeypatch):
    """The search index cannot be written."""
    monkeypatch.setattr(search, "index_pending", lambda **_: (_ for _ in ()).throw(search.SearchError("full")))


def body(response) -> bytes:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return gzip.decompress(content) if response.headers.get("Content-Encoding") == "gzip" else content


@pytest.mark.any_database  # test_withholding.py asks each database for what is withheld
def test_a_withheld_letter_is_nowhere_even_if_the_index_cannot_follow(client, letters, commit, broken):
    every = [address for some in secrets.addresses(client).values() for address in some]
    own = WITHHELD.lower()
    commit(privacy.withhold, case(WITHHELD), "person", "They asked.", None, "officer", **QUIET)
    for address in sorted(set(every)):
        text = secrets.read(client, address).lower()
        assert WITHHELD_WORD.lower() not in text, address
        # The number is the example of the API's pages, and what is asked for may be said again.
        if address in ("/api/", "/api/v1/openapi.json") or own in address:
            continue
        assert own not in text, address


# What somebody asks who looks for a name: each must find as little as a word that nobody ever wrote.
QUESTIONS = [
    NAME,
    f'"{NAME}"',
    f'"{NAME_WORDS[1]}"',
    NAME_WORDS[0],
    NAME_WORDS[1].upper(),
    f"{NAME_WORDS[1][:8]}*",
    f"{NAME_WORDS[1][:5]}*",
    f'"{NAME_WORDS[0]} {NAME_WORDS[1][:5]}*"',
    f"{NAME_WORDS[0]} NEAR/9 {NAME_WORDS[1]}",
    f"{NAME_WORDS[1]} OR {WITHHELD_WORD}",
    f"reasons:{NAME_WORDS[1]}",
    f"heading:{NAME_WORDS[1]}",
    f"guideline:{NAME_WORDS[1]}",
    f"specialty:{NAME_WORDS[1]}",
    WITHHELD_WORD,
    f"{WITHHELD_WORD[:5]}*",
    f"heading:{WITHHELD_WORD}",
    WITHHELD,
    "Quar-kenbush",
]


def test_no_question_finds_what_is_gone(client, letters, commit):
    before = {words: client.get("/api/v1/facets", {"q": words}).json()["total"]["decisions"] for words in QUESTIONS}
    assert sum(map(bool, before.values())) > 12, "the questions would not see them"
    withhold(commit)
    redact(commit)
    for words in QUESTIONS:
        assert client.get("/api/v1/facets", {"q": words}).json()["total"]["decisions"] == 0, words
        for address in ("/api/v1/decisions", "/api/v1/cases"):
            assert client.get(address, {"q": words}).json().get("results", []) == [], words
        for method, suffix in ((client.get, "csv"), (client.head, "jsonl")):
            response = method(f"/decisions.{suffix}", {"q": words})
            body(response)  # to its end: only some are sent at a time
            assert response.headers.get("X-Total-Count", "0") == "0"
            assert response.status_code in (200, 400)  # that a name is not known is told to programs
        assert b"<entry>" not in client.get("/decisions.atom", {"q": words}).content
        shown = client.get("/decisions/", {"q": words}).content.decode()
        assert "/cases/cm" not in shown, words
        for typed in (words[:4], words[:9], words):
            found = client.get("/suggest/", {"q": typed.strip('"*')}).json()["suggestions"]
            assert not [one for one in found if WITHHELD in one["text"] or NAME_WORDS[1] in one["text"]], typed
    for word in (*NAME_WORDS, WITHHELD_WORD):  # nor is it proposed
        assert word.lower() not in client.get("/decisions/", {"q": f"{word[:-1]}q"}).content.decode().lower()


WAYS = [
    {},
    {"HTTP_ACCEPT_ENCODING": "gzip"},
    {"HTTP_RANGE": "bytes=0-99999"},
    {"HTTP_ACCEPT": "application/json"},
    {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"},
]


@pytest.mark.parametrize("index", ["follows", "cannot follow"])
def test_no_way_of_asking_for_a_letter_gives_what_is_gone(client, letters, commit, request, index):
    own = {
        number: [
            *(f"/cases/{number.lower()}/{end}" for end in ("", "source/", "source.txt", "report/", "report/thanks/")),
            *(f"/cases/{number.lower()}/{end}" for end in ("items/1/similar/", "source.txt?version=1", "?q=the&at=1")),
            f"/api/v1/cases/{number}", f"/api/v1/decisions/{number}/1", f"/compare/?item={number}/1",
        ]
        for number in (WITHHELD, REDACTED)
    }  # fmt: skip
    kept = {
        (address, *way.items()): client.get(address, **way) for some in own.values() for address in some for way in WAYS
    }
    assert any(WITHHELD_WORD.encode() in body(response) for response in kept.values())
    if index == "cannot follow":
        request.getfixturevalue("broken")
    commit(privacy.withhold, case(WITHHELD), "person", "They asked.", None, "officer", **QUIET)
    commit(privacy.redact, case(REDACTED), NAME, "identity", "A name.", "officer", **QUIET)
    for (address, *way), old in kept.items():
        again = dict(way)
        if old.headers.get("ETag"):
            again["HTTP_IF_NONE_MATCH"] = old["ETag"]
        elif old.headers.get("Last-Modified"):
            again["HTTP_IF_MODIFIED_SINCE"] = old["Last-Modified"]
        for headers in (dict(way), again, dict(way) | {"HTTP_IF_MODIFIED_SINCE": old.headers.get("Last-Modified", "")}):
            response = client.get(address, **headers)
            assert response.status_code != 304, address
            text = body(response).decode("utf-8", "replace").lower()
            assert not [word for word in (*NAME_WORDS, WITHHELD_WORD) if word.lower() in text], address
            if WITHHELD in address.upper() and "compare" not in address:
                assert response.status_code == 410, address
        for method in (client.head, client.options, client.post):
            response = method(address)
            assert response.status_code in (200, 400, 403, 405, 410), (address, response.status_code)
            assert not isinstance(response, FileResponse)


@pytest.mark.any_database  # the address is made of the text alone
def test_the_address_of_a_letter_without_a_number_does_not_give_its_words_away(client, letters, commit, tmp_path):
    """It is made of the text's hash: with all other words known, whoever has a list of names could try them."""
    text = secrets.with_word(REDACTED, NAME).replace(REDACTED, "")
    (tmp_path / "no header.txt").write_text(text, encoding="utf-8")
    ingest_paths([tmp_path / "no header.txt"], jobs=1)
    one = Case.objects.get(number=None, sources__file_name__endswith="no header.txt")
    old, name, digest = one.slug, one.name, one.current_source.text_sha256
    assert digest.startswith(old.removeprefix("letter-"))
    redaction = commit(privacy.redact, one, NAME, "identity", "A name.", "officer")
    one.refresh_from_db()
    assert one.slug != old
    assert len(one.slug) == len(old)
    assert client.get(f"/cases/{old}/").status_code == 404, "that it leads anywhere would tell that the name is right"
    assert client.get(f"/api/v1/cases/{old}").status_code == 404
    shown = client.get(f"/cases/{one.slug}/source.txt").content.decode()
    tried = sha256(" ".join(shown.replace("[redacted]", NAME).split()).encode()).hexdigest()
    for address in [address for some in secrets.addresses(client).values() for address in some]:
        answer = secrets.read(client, address)
        assert old not in answer, address
        assert digest not in answer
        assert tried[:16] not in answer
    # The letter is known again when it comes in again, and has its address again when the redaction is lifted.
    assert ingest_paths([tmp_path / "no header.txt"], jobs=1).counts["unchanged"] == 1
    commit(privacy.lift_redaction, redaction, "officer")
    one.refresh_from_db()
    assert (one.slug, one.name) == (old, name)
    assert addresses.of_text(one) == old


def test_the_addresses_of_names_that_were_made_of_the_words_are_gone_and_come_back(client, letters, commit):
    wording = GuidelineWording.objects.filter(text__contains=WITHHELD_WORD).first()
    naming.create("guideline", f"{WITHHELD_WORD} Handbook", [wording], family="Handbooks").carry_out(by="ann")
    record = Guideline.objects.get(name=f"{WITHHELD_WORD} Handbook")
    naming.rename(record, f"Handbook after {WITHHELD_WORD}").carry_out(by="ann")
    search.index_pending()
    old, new = (f"/guidelines/{slug}/" for slug in ("ondrovexil-handbook", "handbook-after-ondrovexil"))
    assert client.get(old).status_code in (301, 302)
    assert client.get(new).status_code == 200
    redaction = commit(privacy.redact, case(WITHHELD), WITHHELD_WORD, "identity", "A name.", "officer")
    for address in (old, new):
        assert client.get(address).status_code == 404
    assert not OldAddress.objects.filter(slug__contains="ondrovexil").exists()
    record.refresh_from_db()
    assert record.name == "Handbook after [redacted]"
    assert client.get(f"/guidelines/{record.slug}/").status_code == 200
    assert "[redacted]" in client.get("/api/v1/vocabularies/guideline").content.decode()
    # What it stood for stays with the wording without the words.
    assert set(record.wordings.values_list("text", flat=True)) == {wording.text.replace(WITHHELD_WORD, "[redacted]")}
    commit(privacy.lift_redaction, redaction, "officer")
    record.refresh_from_db()
    assert (record.name, record.slug) == (f"Handbook after {WITHHELD_WORD}", "handbook-after-ondrovexil")
    assert client.get(old).status_code in (301, 302)
    assert set(record.wordings.values_list("text", flat=True)) == {wording.text}
    assert not GuidelineWording.objects.filter(text__contains="[redacted]").exists()


def test_a_drug_that_was_made_of_the_words_is_gone_and_comes_back(client, letters, commit):
    drug = commit(
        naming.create("drug", f"{WITHHELD_WORD} drops", [], group=f"{WITHHELD_WORD} class").carry_out, by="ann"
    )
    drug = Drug.objects.get(pk=next(iter(drug.change.after["records"])))
    commit(naming.spell(drug, f"{WITHHELD_WORD} acid").carry_out, by="ann")
    said = [
        set(Drug.objects.values_list("name", "slug", "group")),
        set(DrugWording.objects.values_list("text", "drug")),
    ]
    assert client.get(f"/drugs/{drug.slug}/").status_code == 200
    redaction = commit(privacy.redact, case(WITHHELD), WITHHELD_WORD, "identity", "A name.", "officer")
    told = f"{list(Drug.objects.values())} {list(DrugWording.objects.values())} {list(NameChange.objects.values())}"
    assert WITHHELD_WORD.lower() not in told.lower()
    assert WITHHELD_WORD.lower() not in client.get("/api/v1/vocabularies/drug").content.decode().lower()
    assert Drug.objects.filter(name="tramadol").exists()
    commit(privacy.lift_redaction, redaction, "officer")
    again = [
        set(Drug.objects.values_list("name", "slug", "group")),
        set(DrugWording.objects.values_list("text", "drug")),
    ]
    assert again == said


def test_a_drug_of_shipped_names_keeps_them(letters, commit):
    before = set(DrugWording.objects.values_list("text", "drug__name", "drug__group"))
    item = next(one for one in DisputedItem.objects.all() if one.request.get("drugs"))
    commit(privacy.redact, item.case, item.request["drugs"][0]["text"], "error", "Wrong.", "officer")
    assert set(DrugWording.objects.values_list("text", "drug__name", "drug__group")) == before


def test_names_that_others_speak_for_stay(letters, commit):
    """A drug of a guideline's name is redacted in one letter: the guideline keeps its name."""
    before = set(Guideline.objects.values_list("name", "slug"))
    commit(privacy.redact, case(REDACTED), "Chronic Pain", "error", "Wrong.", "officer")
    assert set(Guideline.objects.values_list("name", "slug")) == before
    assert GuidelineWording.objects.filter(text__contains="Chronic Pain").exists()


def test_a_rejected_file_that_comes_again_comes_without_the_words(letters, commit, tmp_path):
    redact(commit)
    one, other = tmp_path / "Zebulonia_Quarkenbush.txt", tmp_path / "Quarkenbush, Zebulonia.txt"
    one.write_bytes(b"")
    other.write_bytes(b"\x00\x01\x02" * 30)
    for _ in range(2):
        ingest_paths([one, other], jobs=1)
        paths = sorted(RejectedFile.objects.values_list("path", flat=True))
        assert len(paths) == 2
        assert not [path for path in paths if "uarkenbush" in path]
    one.write_text("x" * 20, encoding="utf-8")
    assert Redaction.objects.count() == 1


def test_hashes_of_redacted_letters_are_for_officers_only(letters, commit, django_user_model, client):
    redact(commit)
    source = LetterSource.objects.filter(case__number=REDACTED).first()
    page = reverse("admin:determinations_lettersource_change", args=[source.pk])
    for role, sees in ((READER, False), (EDITOR, False), (PRIVACY_OFFICER, True)):
        user = django_user_model.objects.create_user(role, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client.force_login(user)
        shown = client.get(page).content.decode()
        assert (source.sha256 in shown, source.text_sha256 in shown) == (sees, sees), role
