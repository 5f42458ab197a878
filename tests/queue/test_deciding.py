"""The review queue: what waits in it, what can be decided on one question, and what is undone."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from determinations import search
from determinations.curation.queue import kinds
from determinations.curation.queue.deciding import ACTIONS, AlreadyDecided, decide, undo
from determinations.curation.queue.kinds import KINDS, kind_of, waiting
from determinations.ingest import ingest_paths
from determinations.letters import parse_letter
from determinations.letters.issue_codes import ISSUE_CODES
from determinations.models import Case, ParseIssue, QueueAction, RejectedFile
from determinations.names import Names
from determinations.search import DecisionQuery
from determinations.store import rewrite
from tests.conftest import SAMPLES
from tests.queue.rows import SAMPLE_KINDS, STATES, first, many_of

pytestmark = pytest.mark.django_db


# ---- kinds ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", SAMPLE_KINDS)
def test_what_waits_is_counted_by_kind(queue, slug):
    assert (waiting()[slug].open, waiting()[slug].asked) == (2, 0)
    decide(KINDS[slug], first(slug).pk, ACTIONS["ask"], by="ana", words="Is it so?")
    assert (waiting()[slug].open, waiting()[slug].asked) == (1, 1)


def test_every_code_of_reading_is_a_kind_within_its_severity():
    for code in ISSUE_CODES:
        kind = KINDS[code.code]
        assert (kind.severity, kind.meaning) == (code.severity, code.meaning)
        assert [one.slug for one in KINDS.values() if one.whole and one.group == kind.group] == [f"{code.severity}s"]


def test_the_counts_are_those_of_a_plain_scan():
    for slug, found in waiting().items():
        rows = [row for row in KINDS[slug].rows() if row.status == "open"]
        assert found.open == len(rows), slug
        assert KINDS[slug].whole or all(kind_of(row).slug == slug for row in rows)


def test_an_issue_of_a_code_that_is_no_longer_known_is_of_its_severity(queue):
    issue = first("uncategorised")
    issue.code = "a-code-of-old"
    assert kind_of(issue).slug == "warnings"


def test_a_count_ends_at_its_bound(queue, monkeypatch):
    monkeypatch.setattr(kinds, "COUNTED_UP_TO", 1)
    assert waiting()["uncategorised"].open == 2  # one more than the bound: "1 or more"
    many_of(queue, 5)
    assert waiting()["uncategorised"].open == 2


# ---- actions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", SAMPLE_KINDS)
@pytest.mark.parametrize("action", STATES)
def test_each_action_on_each_kind_and_back(queue, slug, action):
    row, other = KINDS[slug].rows().filter(status="open").order_by("pk")
    before = vars(KINDS[slug].rows().get(pk=row.pk)) | {"_state": None}
    done = decide(KINDS[slug], row.pk, ACTIONS[action], by="ana", words="Some words.", to="ben")
    row.refresh_from_db()
    assert row.status == STATES[action]
    assert (row.assigned_to and row.assigned_to.username) == ("ben" if action in ("ask", "assign") else None)
    assert row.note == ("ana: Some words." if action == "ask" else "")
    assert (done.kind, done.action, done.rows, done.made_by, done.why) == (slug, action, 1, "ana", "Some words.")
    assert KINDS[slug].rows().get(pk=other.pk).status == "open"
    undone = undo(done, by="ben")
    assert (undone.restored, undone.left) == (1, 0)
    assert vars(KINDS[slug].rows().get(pk=row.pk)) | {"_state": None} == before
    done.refresh_from_db()
    assert done.undone_by == "ben"


@pytest.mark.parametrize("slug", SAMPLE_KINDS)
def test_what_is_decided_can_be_opened_again(queue, slug):
    row = first(slug)
    for action in ("dismiss", "reopen", "ask", "reopen", "accept", "reopen"):
        decide(KINDS[slug], row.pk, ACTIONS[action], by="ana", words="Words.")
    row.refresh_from_db()
    assert row.status == "open"
    assert row.note.splitlines() == ["ana: Words."] * 4


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        ("open", {"accept", "dismiss", "ask", "assign"}),
        ("asked", {"accept", "dismiss", "ask", "assign", "reopen"}),
        ("dismissed", {"reopen"}),
        ("settled", {"reopen"}),
    ],
)
def test_what_can_be_done_depends_on_the_state(queue, state, possible):
    for action in ACTIONS:
        ParseIssue.objects.update(status=state)
        row = ParseIssue.objects.filter(code="uncategorised").first()
        if action in possible:
            decide(KINDS["uncategorised"], row.pk, ACTIONS[action], by="ana", words="Words.")
        else:
            with pytest.raises(AlreadyDecided):
                decide(KINDS["uncategorised"], row.pk, ACTIONS[action], by="ana", words="Words.")


@pytest.mark.parametrize(
    ("slug", "action", "words", "to", "says"),
    [
        ("uncategorised", "ask", " ", "", "what you want to know"),
        ("reports", "accept", "", "", "what was done"),
        ("uncategorised", "accept", "x" * 4_001, "", "4,001"),
        ("uncategorised", "assign", "", "nobody", "nobody called nobody"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_done(queue, slug, action, words, to, says):
    with pytest.raises(ValidationError, match=says):
        decide(KINDS[slug], first(slug).pk, ACTIONS[action], by="ana", words=words, to=to)
    assert not QueueAction.objects.exists()


def test_a_row_of_another_kind_is_none_of_this(queue):
    with pytest.raises(AlreadyDecided):
        decide(KINDS["uncategorised"], first("correction-lost").pk, ACTIONS["dismiss"], by="ana")


def test_an_answer_to_a_report_is_kept_with_its_time(queue):
    report = first("reports")
    decide(KINDS["reports"], report.pk, ACTIONS["accept"], by="ana", words="The outcome was corrected.")
    report.refresh_from_db()
    assert (report.status, report.answer) == ("settled", "The outcome was corrected.")
    assert timezone.now() - report.answered_at < timedelta(minutes=1)


def test_undo_leaves_what_was_changed_since(queue):
    row = first("uncategorised")
    done = decide(KINDS["uncategorised"], row.pk, ACTIONS["ask"], by="ana", words="Is it?")
    decide(KINDS["uncategorised"], row.pk, ACTIONS["dismiss"], by="ben")
    undone = undo(done, by="ana")
    assert (undone.restored, undone.left) == (0, 1)
    row.refresh_from_db()
    assert row.status == "dismissed"


def test_what_is_undone_cannot_be_undone_again(queue):
    done = decide(KINDS["rejected"], first("rejected").pk, ACTIONS["dismiss"], by="ana")
    undo(done, by="ana")
    done.refresh_from_db()
    with pytest.raises(AlreadyDecided):
        undo(done, by="ana")


def test_undo_of_what_is_gone(queue):
    row = first("uncategorised")
    done = decide(KINDS["uncategorised"], row.pk, ACTIONS["dismiss"], by="ana")
    row.delete()
    assert undo(done, by="ana").left == 1


# ---- dismissed until the text changes ------------------------------------------------------------------------------


def test_dismissed_stays_dismissed_when_the_letter_is_read_again():
    issue = ParseIssue.objects.filter(origin="reading", status="open").first()
    decide(kind_of(issue), issue.pk, ACTIONS["dismiss"], by="ana")
    source = issue.case.current_source
    rewrite([(source, parse_letter(source.text))], Names())
    issue.refresh_from_db()
    assert issue.status == "dismissed"


def test_another_text_asks_again(empty_archive, tmp_path):
    path = next(path for path in sorted(SAMPLES.glob("*.txt")) if parse_letter(path.read_text()).issues)
    text = path.read_text()
    letter = tmp_path / "letter.txt"
    letter.write_text(text)
    ingest_paths([letter], jobs=1)
    for issue in ParseIssue.objects.all():
        decide(kind_of(issue), issue.pk, ACTIONS["dismiss"], by="ana")
    letter.write_text(text + "\n\nA line that was not there before.\n")
    ingest_paths([letter], jobs=1)
    assert ParseIssue.objects.filter(status="open").exists()
    assert not ParseIssue.objects.filter(status="dismissed").exists()


def test_another_file_at_the_place_of_a_rejected_one_asks_again(empty_archive, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_bytes(b"")
    ingest_paths([letter], jobs=1)
    rejected = RejectedFile.objects.get()
    decide(KINDS["rejected"], rejected.pk, ACTIONS["dismiss"], by="ana")
    ingest_paths([letter], jobs=1)
    assert RejectedFile.objects.get().status == "dismissed"
    letter.write_bytes(bytes(range(256)) * 20)
    ingest_paths([letter], jobs=1)
    assert RejectedFile.objects.get().status == "open"


# ---- searches follow -------------------------------------------------------------------------------------------


def test_visitors_find_letters_by_open_questions_alone(sampled):
    issue = ParseIssue.objects.filter(origin="reading", severity="warning").first()
    query = DecisionQuery(chosen={"flag": {issue.code}})
    own = ParseIssue.objects.filter(case=issue.case, code=issue.code)
    before = search.find(query).letters
    done = [decide(kind_of(one), one.pk, ACTIONS["dismiss"], by="ana") for one in own]
    assert list(Case.objects.awaiting_index()) == [issue.case]
    search.index_pending()
    assert search.find(query).letters == before - 1
    for one in done:
        undo(one, by="ana")
    search.index_pending()
    assert search.find(query).letters == before


@pytest.mark.parametrize("action", ["ask", "assign"])
def test_what_stays_undecided_needs_no_indexing(queue, action):
    Case.objects.update(index_pending=False)
    decide(KINDS["uncategorised"], first("uncategorised").pk, ACTIONS[action], by="ana", words="Why?", to="ben")
    assert not Case.objects.awaiting_index().exists()
