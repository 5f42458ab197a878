"""What curators see of what is withheld or redacted: nothing, wherever the words were written before.

Here the words are put first into every place that a curator writes to or reads; then they are redacted, or their
letter is withheld, and every page of the admin is walked in every role.
"""

import json

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from determinations import reports
from determinations.access.rights import ADMINISTRATOR, CURATOR, EDITOR, PRIVACY_OFFICER, READER
from determinations.curation import correcting, naming, privacy, rules
from determinations.curation.queue import deciding
from determinations.curation.queue.kinds import KINDS, kind_of
from determinations.ingest import ingest_paths
from determinations.letters.redacting import MARK
from determinations.models import (
    CategoryRule,
    CredentialWording,
    Guideline,
    GuidelineWording,
    Job,
    NameChange,
    OldAddress,
    ParseIssue,
    QueueAction,
    ReaderReport,
    RejectedFile,
    Specialty,
    TreatmentCategory,
)
from tests import admin_walk, secrets
from tests.privacy.doing import case
from tests.secrets import NAME, NAME_WORDS, REDACTED, WITHHELD, WITHHELD_WORD

pytestmark = pytest.mark.django_db

OTHERS = 10  # letters beside the two; every page of each is walked in every role


@pytest.fixture
def letters(empty_archive, settings, tmp_path):
    settings.LIMITS = dict.fromkeys(settings.LIMITS, "")
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    folder = secrets.write(tmp_path / "letters", OTHERS)
    for path in folder.glob("*.txt"):  # a guideline of the name, too
        words = {REDACTED: NAME, WITHHELD: WITHHELD_WORD}.get(path.name[: len(REDACTED)])
        text = path.read_text(encoding="utf-8")
        if words:
            cited = f"MAXIMUS guideline: Decision based on Non-MTUS Citation {words} Handbook. "
            path.write_text(text.replace("MAXIMUS guideline: ", cited), encoding="utf-8")
    (folder / "broken Zebulonia_Quarkenbush.txt").write_bytes(b"")
    (folder / "other, Quarkenbush.txt").write_bytes(b"\x00\x01\x02" * 50)
    ingest_paths([folder], jobs=1)
    return folder


@pytest.fixture
def people(letters):
    """Role -> a client that is logged in with it."""
    found = {}
    for role in (READER, CURATOR, EDITOR, PRIVACY_OFFICER, ADMINISTRATOR):
        user = User.objects.create_user(role, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        found[role] = Client()
        found[role].force_login(user)
        found[role].user = user
    return found


def write_about(number: str, words: str, user: User) -> None:
    """The words wherever people write about a letter."""
    one = case(number)
    change = correcting.Change(one.items.first().key, "rationale", f"Of {words} it is said.")
    correcting.correct(one.pk, [change], why=f"So says {words}.", by=user.username)
    report = ReaderReport.objects.create(case=one, words=f"{words} is my neighbour.", note=f"{words}?")
    issue = one.issues.filter(status="open").first()
    deciding.decide(kind_of(issue), issue.pk, deciding.ACTIONS["ask"], by=user.username, words=f"Who is {words}?")
    deciding.decide(KINDS["reports"], report.pk, deciding.ACTIONS["accept"], by=user.username, words=f"{words} it is")
    ParseIssue.objects.create(
        case=one, source=one.current_source, origin="detector", code="likely-identifier", message=f"{words}: a name?",
        start=0, end=5,
    )  # fmt: skip
    entries = [(issue, f"{issue.code}: {words}"), (one, str(one)), (report, str(report))]
    for row, text in entries:
        LogEntry.objects.create(
            user=user, content_type=ContentType.objects.get_for_model(row), object_id=row.pk, object_repr=text[:200],
            action_flag=CHANGE, change_message=json.dumps([{"changed": {"fields": [words]}}]),
        )  # fmt: skip


def name_after(words: str, user: User) -> Guideline:
    """Names that curators made of the words, renamed and joined, and rules."""
    by = user.username
    wording = GuidelineWording.objects.filter(text__contains=words.split()[0]).order_by("pk").first()
    record = naming.create("guideline", f"{words} Handbook", [wording], family=f"Works of {words}").carry_out(by=by)
    record = Guideline.objects.get(name=f"{words} Handbook")
    naming.rename(record, f"Handbook after {words}").carry_out(by=by, why=f"{words} says so.")
    other = naming.create("guideline", f"The other {words}", family="Others").carry_out(by=by)
    other = Guideline.objects.get(pk=max(int(pk) for pk in other.change.after["records"]))
    record.refresh_from_db()
    naming.join(record, other).carry_out(by=by)
    spelled = CredentialWording.objects.filter(text__contains=words.split()[0]).first()
    naming.assign(spelled, Specialty.objects.get(slug="pain-medicine")).carry_out(by=by, why=f"{words} is one.")
    category = TreatmentCategory.objects.filter(parent=None).first()
    CategoryRule.objects.create(pattern=f"{words.lower()} brace", category=category, why=f"{words}!", made_by=by)
    Job.objects.create(name="index", state="failed", message=f"{words} is no word", made_by=by)
    GuidelineWording.objects.filter(citations=None).exclude(pk=wording.pk).update(note="")
    GuidelineWording.objects.filter(pk=GuidelineWording.objects.exclude(text__contains=words).first().pk).update(
        note=f"As {words} has it", status="asked"
    )
    change = NameChange.objects.first()
    LogEntry.objects.create(
        user=user, content_type=ContentType.objects.get_for_model(change), object_id=change.pk,
        object_repr=str(change)[:200], action_flag=CHANGE, change_message=f"{change.summary}. {words}",
    )  # fmt: skip
    return record


def said(client: Client, words: list[str], walked: set[str], but: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Word -> the pages of the admin that say it; what was typed into a page's own search field is not looked at."""
    found = {}
    for address in sorted(walked):
        if any(part in address for part in but):
            continue
        response = client.get(address)
        assert response.status_code in (200, 302, 403, 404), (address, response.status_code)
        text = response.content.decode("utf-8", "replace").lower()
        asked = address.lower().partition("?")[2]
        for word in words:
            if word.lower() in text and word.lower() not in asked:
                found.setdefault(word, []).append(address)
    return found


def of_models(addresses: set[str]) -> set[str]:
    """The addresses of lists and rows of a model, without pages such as the queue's."""
    return {address for address in addresses if "/determinations/" in address}


def models_of(addresses: list[str]) -> set[str]:
    return {address.split("/")[3] for address in of_models(set(addresses))}


@pytest.mark.any_database  # that no row has the words any more is shown on each of them by the tests below
def test_no_page_of_the_admin_says_redacted_words(people, letters, commit):
    curator = people[CURATOR].user
    write_about(REDACTED, NAME, curator)
    name_after(NAME, curator)
    walked = set(admin_walk.addresses("zebu", NAME_WORDS))
    before = said(people[ADMINISTRATOR], NAME_WORDS, of_models(walked))
    assert models_of(before[NAME_WORDS[0]]) >= {
        "case", "parseissue", "correction", "readerreport", "queueaction", "namechange", "oldaddress", "guideline",
        "guidelinewording", "credentialwording", "categoryrule", "rejectedfile", "job",
    }  # fmt: skip
    commit(privacy.redact, case(REDACTED), NAME, "identity", "A name.", "officer")
    assert [row for word in NAME_WORDS for row in secrets.rows_with(word)] == []
    walked |= set(admin_walk.addresses("zebu", [MARK]))
    for role in (CURATOR, EDITOR):
        assert said(people[role], NAME_WORDS, walked) == {}, role
    # Who may see them does so where they are kept, and nowhere else.
    own = {address for address in walked if "/redaction/" in address or "/original/" in address}
    assert said(people[ADMINISTRATOR], NAME_WORDS, walked - own) == {}
    assert said(people[PRIVACY_OFFICER], NAME_WORDS, own)


def test_no_page_of_the_admin_says_words_of_a_withheld_letter(people, letters, commit):
    curator = people[CURATOR].user
    write_about(WITHHELD, WITHHELD_WORD, curator)
    wording = GuidelineWording.objects.filter(text__contains=WITHHELD_WORD).first()
    naming.assign(wording, Guideline.objects.first()).carry_out(by=curator.username)
    walked = set(admin_walk.addresses("ondr", [WITHHELD_WORD]))
    before = said(people[CURATOR], [WITHHELD_WORD], of_models(walked))
    assert models_of(before[WITHHELD_WORD]) >= {
        "case", "parseissue", "correction", "readerreport", "guidelinewording", "credentialwording",
    }  # fmt: skip
    commit(privacy.withhold, case(WITHHELD), "person", "They asked.", None, "officer")
    for role in (CURATOR, EDITOR):
        assert said(people[role], [WITHHELD_WORD], walked) == {}, role
    own = set(before[WITHHELD_WORD])
    assert models_of(said(people[PRIVACY_OFFICER], [WITHHELD_WORD], own)[WITHHELD_WORD]) >= {"case", "parseissue"}


WRITTEN = {
    NameChange: ("summary", "why", "before", "after"),
    QueueAction: ("why", "changes"),
    RejectedFile: ("path", "reason"),
    LogEntry: ("object_repr", "change_message"),
    Job: ("message",),
    CategoryRule: ("pattern", "why"),
    Guideline: ("name", "slug", "family"),
    Specialty: ("name", "slug"),
    TreatmentCategory: ("name", "slug"),
    OldAddress: ("slug", "now"),
    GuidelineWording: ("text", "guideline_id", "note", "status"),
    CredentialWording: ("text", "specialty_id", "note", "status"),
    ReaderReport: ("words", "answer", "note"),
}


def written() -> dict:
    return {
        model.__name__: list(model.objects.order_by("pk").values_list("pk", *names)) for model, names in WRITTEN.items()
    }


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["the first one first", "the last one first"])
def test_lifting_puts_everything_back_in_any_order(people, letters, commit, order):
    """Two redactions, of each of two words that stand side by side; also what was done to names can be undone again."""
    curator = people[CURATOR].user
    write_about(REDACTED, NAME, curator)
    name_after(NAME, curator)
    before = written()
    made = [commit(privacy.redact, case(REDACTED), word, "identity", "A name.", "officer") for word in NAME_WORDS]
    assert [row for word in NAME_WORDS for row in secrets.rows_with(word)] == []
    for place in order:
        made[place].refresh_from_db()
        commit(privacy.lift_redaction, made[place], "officer")
    after = written()
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
    assert naming.undo(NameChange.objects.get(kind="join")).carry_out(by="ann").change.undone_at


def test_what_is_written_later_has_none_of_the_words(people, letters, commit):
    curator = people[EDITOR].user
    one = case(REDACTED)
    commit(privacy.redact, one, NAME, "identity", "A name.", "officer")
    change = correcting.Change(one.items.first().key, "rationale", "Other words.")
    correcting.correct(one.pk, [change], why=f"So says {NAME}.", by=curator.username)
    issue = one.issues.filter(status="open").first()
    deciding.decide(kind_of(issue), issue.pk, deciding.ACTIONS["ask"], by=curator.username, words=f"Who is {NAME}?")
    reports.save(one, None, "other", f"{NAME} is my neighbour.")
    wording = GuidelineWording.objects.filter(guideline=None).first()
    naming.assign(wording, Guideline.objects.first()).carry_out(by=curator.username, why=f"{NAME} says so.")
    rules.make("magic wand", TreatmentCategory.objects.first(), why=f"{NAME} has one.", by=curator.username)
    assert [row for word in NAME_WORDS for row in secrets.rows_with(word)] == []
    assert ReaderReport.objects.get().words == f"{MARK} is my neighbour."
