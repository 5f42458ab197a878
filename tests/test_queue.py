"""The review queue: what waits in it, what can be done with it, and what is undone."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from determinations import search
from determinations.curation.queue import deciding, kinds, lists, many, measure
from determinations.curation.queue.deciding import ACTIONS, AlreadyDecided, decide, undo
from determinations.curation.queue.kinds import KINDS, kind_of, waiting
from determinations.curation.queue.lists import Wanted, Whose, take_next
from determinations.ingest import ingest_paths
from determinations.letters import parse_letter
from determinations.letters.issue_codes import ISSUE_CODES
from determinations.models import (
    Case,
    CredentialWording,
    ParseIssue,
    QueueAction,
    ReaderReport,
    RejectedFile,
)
from determinations.names import Names
from determinations.search import DecisionQuery
from determinations.store import rewrite
from tests.conftest import SAMPLES
from tests.pages import Page

pytestmark = pytest.mark.django_db

SAMPLE_KINDS = ("uncategorised", "correction-lost", "identifiers", "credential-wordings", "rejected", "reports")


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Numbers that are kept for some minutes are those of this test."""
    cache.clear()


@pytest.fixture
def people(django_user_model):
    """Ana and Ben, who are curators; Eva, an editor, who may decide on many; Rob, who may only read."""
    rights = {"ana": ["decide"], "ben": ["decide"], "eva": ["decide", "decide_many"], "rob": ["view_parseissue"]}
    made = {}
    for name, codes in rights.items():
        made[name] = django_user_model.objects.create_user(name, is_staff=True)
        made[name].user_permissions.set(Permission.objects.filter(codename__in=codes))
    return made


@pytest.fixture
def queue(people):
    """Two questions of each kind of SAMPLE_KINDS, and none else."""
    ParseIssue.objects.all().delete()
    CredentialWording.objects.filter(specialty=None).update(status="dismissed")
    case = Case.objects.get(slug="cm16-0990003")
    for code, origin in (
        ("uncategorised", "reading"), ("correction-lost", "curation"), ("telephone", "detector"),
    ):  # fmt: skip
        for start in (100, 200):
            ParseIssue.objects.create(
                case=case, source=case.current_source, code=code, origin=origin, message=f"{code} at {start}",
                start=start, end=start + 12,
            )  # fmt: skip
    for number in (1, 2):
        CredentialWording.objects.create(text=f"Wizardry {number}")
        RejectedFile.objects.create(path=f"/letters/{number}.txt", code="empty", reason="the file is empty")
        ReaderReport.objects.create(case=case, position=1, place="outcome", words=f"Wrong {number}")
    return case


def first(slug):
    return KINDS[slug].rows().filter(status="open").order_by("pk").first()


def wanted(slug, by="ana", **more):
    return Wanted(KINDS[slug], by, **more)


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


def many_of(case, number, code="uncategorised"):
    source = case.current_source
    ParseIssue.objects.bulk_create(
        ParseIssue(case=case, source=source, code=code, message=f"No. {n}", start=n, end=n + 5) for n in range(number)
    )


# ---- actions ----------------------------------------------------------------------------------------------------

STATES = {"accept": "settled", "dismiss": "dismissed", "ask": "asked", "assign": "open"}


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


def test_visitors_find_letters_by_open_questions_alone(empty_archive):
    ingest_paths([SAMPLES], jobs=1)
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


# ---- lists -----------------------------------------------------------------------------------------------------


def ids(found):
    return [entry.row.pk for entry in found.entries]


def test_pages_hold_every_row_once(queue):
    many_of(queue, 45)
    met, after = [], 0
    while after is not None:
        found = lists.page(wanted("uncategorised"), after)
        met += ids(found)
        after = found.after
    assert met == list(ParseIssue.objects.filter(code="uncategorised").order_by("pk").values_list("pk", flat=True))


def test_filters(queue, people):
    mine, other = ParseIssue.objects.filter(code="uncategorised").order_by("pk")
    decide(KINDS["uncategorised"], mine.pk, ACTIONS["assign"], by="eva", to="ana")
    elsewhere = Case.objects.get(slug="cm17-0990014")
    third = ParseIssue.objects.create(
        case=elsewhere, source=elsewhere.current_source, code="uncategorised", message="There.", start=0, end=0
    )
    for more, expected in (
        ({}, [mine, other, third]),
        ({"whose": Whose.MINE}, [mine]),
        ({"whose": Whose.NOBODYS}, [other, third]),
        ({"number": "cm17-0990014"}, [third]),
        ({"number": " CM16-0990003 "}, [mine, other]),
        ({"number": "CM99"}, []),
        ({"status": "asked"}, []),
        ({"whose": Whose.MINE, "number": "CM17-0990014"}, []),
    ):
        assert ids(lists.page(wanted("uncategorised", **more))) == [row.pk for row in expected], more


def test_letters_that_are_withheld_are_for_privacy_officers_alone(queue):
    Case.objects.filter(pk=queue.pk).update(withheld=True)
    issue = first("uncategorised")
    assert lists.page(wanted("uncategorised")).entries == ()
    assert take_next(wanted("uncategorised")) is None
    assert lists.entry(KINDS["uncategorised"], issue.pk) is None
    assert len(lists.page(wanted("uncategorised", withheld=True)).entries) == 2
    assert lists.entry(KINDS["uncategorised"], issue.pk, withheld=True).row == issue


def test_wordings_stand_in_the_order_of_the_letters_they_touch(empty_archive):
    ingest_paths([SAMPLES], jobs=1)
    for slug, path in (
        ("guideline-wordings", "citations__item__case"), ("credential-wordings", "reviewers__cases"),
    ):  # fmt: skip
        page = lists.page(wanted(slug), size=500)
        letters = {
            wording.pk: len(set(type(wording).objects.filter(pk=wording.pk).values_list(path, flat=True)) - {None})
            for wording in KINDS[slug].rows()
        }
        assert [(entry.row.pk, entry.letters) for entry in page.entries] == sorted(
            letters.items(), key=lambda one: (-one[1], one[0])
        )
        small, after = [], 0
        while after is not None:
            found = lists.page(wanted(slug), after, size=3)
            small, after = small + ids(found), found.after
        assert small == ids(page)


def test_a_wording_that_has_a_name_waits_no_more(queue):
    wording = first("credential-wordings")
    CredentialWording.objects.filter(pk=wording.pk).update(
        specialty=CredentialWording.objects.exclude(specialty=None).first().specialty
    )
    assert waiting()["credential-wordings"].open == 1


def test_the_words_in_question_with_what_stands_around_them(queue):
    issue = first("uncategorised")
    text = issue.source.text
    quote = lists.entry(KINDS["uncategorised"], issue.pk).quote
    assert quote.words.split() == text[100:112].split()
    assert (quote.before.split(), quote.cut_before) == (text[:100].split(), False)
    assert " ".join(text[112:].split()).startswith(" ".join(quote.after.split()))
    assert "\n\n" not in quote.before + quote.words + quote.after
    assert quote.cut_after
    short = lists.page(wanted("uncategorised")).entries[0].quote
    assert len(short.before) <= 90 < len(quote.before)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (10**9, 10**9), (0, 5), (10, 10**9)])
def test_places_that_are_no_place_fail_nothing(queue, start, end):
    issue = first("uncategorised")
    ParseIssue.objects.filter(pk=issue.pk).update(start=start, end=end)
    found = lists.entry(KINDS["uncategorised"], issue.pk)
    assert (found.quote is None) == (end == 0)
    assert found.quote is None or len(found.quote.words) < 1_300


# ---- one at a time ---------------------------------------------------------------------------------------------


def test_two_curators_never_get_the_same(queue):
    many_of(queue, 8)
    taken = {"ana": [], "ben": []}
    for _ in range(5):
        for name, rows in taken.items():
            rows.append(take_next(wanted("uncategorised", by=name), rows[-1] if rows else 0))
    assert len({*taken["ana"], *taken["ben"]}) == 10
    assert take_next(wanted("uncategorised", by="ana"), taken["ana"][-1]) is None
    assert set(ParseIssue.objects.filter(assigned_to__username="ben").values_list("pk", flat=True)) == set(taken["ben"])


def test_what_somebody_has_taken_comes_first_to_him_again(queue):
    pk = take_next(wanted("uncategorised", by="ana"))
    assert take_next(wanted("uncategorised", by="ana")) == pk
    assert take_next(wanted("uncategorised", by="ben")) != pk


def test_who_is_overtaken_gets_the_one_after(queue, monkeypatch):
    """Another curator takes the row between the look at the list and the taking."""
    one, other = ParseIssue.objects.filter(code="uncategorised").order_by("pk")
    look = lists._ids

    def overtaken(*arguments):
        found = list(look(*arguments))
        ParseIssue.objects.filter(pk=one.pk).update(assigned_to=lists.person("ben"))
        return iter(found)

    monkeypatch.setattr(lists, "_ids", overtaken)
    assert take_next(wanted("uncategorised", by="ana")) == other.pk


# ---- many at once ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", [*SAMPLE_KINDS, "warnings"])
@pytest.mark.parametrize("action", STATES)
def test_the_preview_is_what_happens(queue, slug, action):
    asked = wanted(slug, by="eva")
    before = set(KINDS[slug].rows().filter(status="open").values_list("pk", flat=True))
    preview = many.preview(asked, ACTIONS[action])
    assert preview.rows == len(before) == sum(number for _, number in preview.by_kind)
    assert {entry.row.pk for entry in preview.first} <= before
    done = many.decide_many(asked, ACTIONS[action], stamp=preview.stamp, words="All of them.", to="ben")
    assert done.rows == preview.rows
    assert {(part.kind, part.rows) for part in done.parts.all()} == {(kind.slug, n) for kind, n in preview.by_kind}
    after = KINDS[slug].rows().filter(pk__in=before)
    assert set(after.values_list("status", flat=True)) == {STATES[action]}
    assert undo(done, by="eva").restored == len(before)
    assert set(KINDS[slug].rows().filter(status="open").values_list("pk", flat=True)) == before


def test_batches_are_done_and_undone_together(queue, monkeypatch):
    monkeypatch.setattr(many, "BATCH", 4)
    many_of(queue, 8)
    asked = wanted("uncategorised", by="eva")
    done = many.decide_many(asked, ACTIONS["dismiss"], stamp=many.preview(asked, ACTIONS["dismiss"]).stamp)
    assert [part.rows for part in done.parts.order_by("pk")] == [4, 4, 2]
    changed = ParseIssue.objects.filter(code="uncategorised")[5]
    decide(KINDS["uncategorised"], changed.pk, ACTIONS["reopen"], by="ana")
    undone = undo(done, by="eva")
    assert (undone.restored, undone.left) == (9, 1)
    assert waiting()["uncategorised"].open == 10


def test_an_undo_that_was_stopped_is_gone_on_with(queue, monkeypatch):
    monkeypatch.setattr(many, "BATCH", 1)
    asked = wanted("uncategorised", by="eva")
    done = many.decide_many(asked, ACTIONS["dismiss"], stamp=many.preview(asked, ACTIONS["dismiss"]).stamp)
    deciding._undo_part(done.parts.first().pk, "eva")
    assert undo(done, by="eva").restored == 1
    assert waiting()["uncategorised"].open == 2


def test_no_more_than_a_bound_at_a_time(queue, monkeypatch):
    monkeypatch.setattr(many, "COUNTED_UP_TO", 3)
    many_of(queue, 8)
    asked = wanted("uncategorised", by="eva")
    preview = many.preview(asked, ACTIONS["accept"])
    assert (preview.rows, preview.more) == (3, True)
    assert many.decide_many(asked, ACTIONS["accept"], stamp=preview.stamp).rows == 3
    assert waiting()["uncategorised"].open == 7


def test_a_preview_that_is_no_longer_true_does_nothing(queue):
    asked = wanted("uncategorised", by="eva")
    preview = many.preview(asked, ACTIONS["dismiss"])
    many_of(queue, 1)
    with pytest.raises(many.PreviewOutdated):
        many.decide_many(asked, ACTIONS["dismiss"], stamp=preview.stamp)
    assert waiting()["uncategorised"].open == 3
    assert not QueueAction.objects.exists()


def test_what_is_decided_cannot_be_decided_again_in_bulk(queue):
    with pytest.raises(ValidationError, match="dismissed"):
        many.preview(wanted("uncategorised", status="dismissed"), ACTIONS["accept"])


# ---- measure ---------------------------------------------------------------------------------------------------


def test_the_measure_tells_what_came_up_and_what_was_decided(queue, monkeypatch):
    yesterday = timezone.now() - timedelta(days=1)
    ParseIssue.objects.filter(code="uncategorised").update(noted_at=yesterday)
    decide(KINDS["uncategorised"], first("uncategorised").pk, ACTIONS["accept"], by="ana")
    undo(decide(KINDS["uncategorised"], first("uncategorised").pk, ACTIONS["dismiss"], by="ana"), by="ana")
    asked = wanted("reports", by="eva")
    many.decide_many(asked, ACTIONS["dismiss"], stamp=many.preview(asked, ACTIONS["dismiss"]).stamp)
    found = measure.measure(KINDS["uncategorised"])
    assert len(found.days) == measure.DAYS
    assert [(day.opened, day.decided) for day in found.days[-2:]] == [(2, 0), (0, 1)]
    everything = {one.kind.slug: (one.opened, one.decided) for one in measure.measure().kinds}
    assert everything["uncategorised"] == (2, 1)
    assert everything["reports"] == (2, 2)
    assert everything["identifiers"] == (2, 0)
    assert measure.measure(KINDS["warnings"]).decided == 1


def test_the_picture_is_of_one_scale(queue):
    columns = measure.columns(measure.measure())
    assert len(columns) == measure.DAYS
    assert float(columns[-1].opened_height) == measure._TALL
    assert float(columns[-1].opened_y) + measure._TALL == measure._GROUND


# ---- pages -----------------------------------------------------------------------------------------------------


@pytest.fixture
def as_(client, people):
    """A function that logs somebody in."""

    def log_in(name):
        client.force_login(people[name])
        return client

    return log_in


PAGES = ["/admin/queue/", "/admin/queue/growth/", "/admin/queue/done/", "/admin/queue/uncategorised/"]


@pytest.mark.parametrize("path", PAGES)
def test_visitors_are_sent_to_the_login(client, path):
    assert client.get(path)["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("path", [*PAGES, "/admin/"])
def test_pages_keep_to_the_policy(queue, as_, path):
    Page(as_("eva").get(path).content.decode().replace('<input type="text"', "<input"))


@pytest.mark.parametrize("slug", SAMPLE_KINDS)
def test_a_question_has_its_page(queue, as_, slug):
    row = first(slug)
    response = as_("ana").get(reverse("queue-question", args=[slug, row.pk]))
    found = Page(response.content.decode())
    assert response.context["entry"].title.split()[0] in found.text
    if slug in ("uncategorised", "reports"):
        name = "report" if slug == "reports" else "issue"
        assert f"/admin/determinations/case/{queue.pk}/change/?{name}={row.pk}" in found.links


def post(client, slug, action, **more):
    row = first(slug)
    return row, client.post(reverse("queue-decide", args=[slug]), {"decide": f"{action}:{row.pk}"} | more)


RIGHTS = [
    # who, what, how it answers
    ("rob", "look", 200),
    ("rob", "decide", 403),
    ("rob", "next", 403),
    ("rob", "preview", 403),
    ("rob", "many", 403),
    ("ana", "look", 200),
    ("ana", "decide", 302),
    ("ana", "next", 302),
    ("ana", "preview", 403),
    ("ana", "many", 403),
    ("eva", "decide", 302),
    ("eva", "next", 302),
    ("eva", "preview", 200),
    ("eva", "many", 302),
]


@pytest.mark.parametrize(("who", "what", "status"), RIGHTS)
def test_who_may_do_what(queue, as_, who, what, status):
    client = as_(who)
    bulk = reverse("queue-many", args=["uncategorised", "dismiss"])
    stamp = many.preview(wanted("uncategorised"), ACTIONS["dismiss"]).stamp
    answer = {
        "look": lambda: client.get("/admin/queue/uncategorised/"),
        "decide": lambda: post(client, "uncategorised", "dismiss")[1],
        "next": lambda: client.post(reverse("queue-next", args=["uncategorised"])),
        "preview": lambda: client.get(bulk),
        "many": lambda: client.post(bulk, {"stamp": stamp}),
    }[what]()
    assert answer.status_code == status
    changed = ParseIssue.objects.exclude(status="open").exists()
    assert changed == (status == 302 and what in ("decide", "many"))


def test_staff_without_any_right_see_nothing(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("sam", is_staff=True))
    assert client.get("/admin/queue/").status_code == 403
    assert b"queue-summary" not in client.get("/admin/").content


def test_own_decisions_are_undone_by_anyone_who_decides_and_others_by_editors(queue, as_, people):
    row, _ = post(as_("ana"), "uncategorised", "dismiss")
    done = reverse("queue-undo", args=[QueueAction.objects.get().pk])
    assert as_("rob").post(done).status_code == 403
    assert as_("ben").post(done).status_code == 403
    assert as_("eva").post(done).status_code == 302
    row.refresh_from_db()
    assert row.status == "open"


def test_a_decision_is_in_the_admins_log(queue, as_, people):
    row, _ = post(as_("ana"), "uncategorised", "dismiss")
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.change_message) == (
        people["ana"], str(row.pk), "Queue: found to be no error.",
    )  # fmt: skip


def test_after_a_decision_comes_the_next_one(queue, as_):
    other = ParseIssue.objects.filter(code="uncategorised").latest("pk")
    _, answer = post(as_("ana"), "uncategorised", "accept", then="next")
    assert answer["Location"] == f"/admin/queue/uncategorised/{other.pk}/"
    other.refresh_from_db()
    assert other.assigned_to.username == "ana"


@pytest.mark.parametrize("then", ["https://elsewhere.example.org/", "//elsewhere.example.org/", "javascript:x", "back"])
def test_nobody_is_led_to_another_site(queue, as_, then):
    row, answer = post(as_("ana"), "uncategorised", "accept", then=then)
    assert answer["Location"] == f"/admin/queue/uncategorised/{row.pk}/"


def test_the_second_who_decides_is_told(queue, as_):
    row = first("uncategorised")
    decide(KINDS["uncategorised"], row.pk, ACTIONS["dismiss"], by="ben")
    address = reverse("queue-decide", args=["uncategorised"])
    answer = as_("ana").post(address, {"decide": f"accept:{row.pk}"}, follow=True)
    assert "Somebody else has decided" in answer.content.decode()
    row.refresh_from_db()
    assert row.status == "dismissed"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/admin/queue/nothing/", 404),
        ("/admin/queue/uncategorised/999999999/", 404),
        ("/admin/queue/uncategorised/99999999999999999999999/", 404),
        ("/admin/queue/uncategorised/many/explode/", 404),
        ("/admin/queue/uncategorised/next/", 405),
        ("/admin/queue/uncategorised/decide/", 405),
        ("/admin/queue/uncategorised/?after=x&status=odd&whose=everyone&number=%00%ff", 200),
        ("/admin/queue/uncategorised/?after=-1", 200),
        ("/admin/queue/uncategorised/?after=999999999999999999999999", 200),
        ("/admin/queue/growth/?kind=nothing", 200),
        ("/admin/queue/uncategorised/many/reopen/", 302),
    ],
)
def test_odd_addresses(queue, as_, path, status):
    assert as_("eva").get(path).status_code == status


@pytest.mark.parametrize("sent", ["", "accept", "accept:", "accept:x", "explode:1", "accept:99999999999999999999"])
def test_decisions_that_are_none(queue, as_, sent):
    assert as_("ana").post(reverse("queue-decide", args=["uncategorised"]), {"decide": sent}).status_code == 404
    assert not QueueAction.objects.exists()


def test_words_of_letters_and_readers_are_text(queue, as_):
    ReaderReport.objects.update(words="<img src=x onerror=alert(1)>")
    ParseIssue.objects.update(message="<b>bold</b>")
    for slug in ("reports", "uncategorised"):
        for path in (f"/admin/queue/{slug}/", reverse("queue-question", args=[slug, first(slug).pk])):
            html = as_("ana").get(path).content.decode()
            assert "<img src=x" not in html
            assert "<b>bold" not in html


@pytest.mark.parametrize("slug", ["uncategorised", "warnings", "reports"])
def test_a_page_takes_the_same_queries_however_much_waits(queue, as_, slug, django_assert_max_num_queries):
    client = as_("eva")
    many_of(queue, 60)
    for number in range(30):
        ReaderReport.objects.create(case=queue, words=f"No. {number}")
    for path, most in ((f"/admin/queue/{slug}/", 9), ("/admin/queue/", 13), ("/admin/", 11)):
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200


def test_lists_are_read_off_an_index(queue):
    """On SQLite, whose plan is the same however few rows there are."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole")
    for slug, index in (
        ("uncategorised", "issue_queue "),
        ("errors", "issue_queue_severity"),
        ("warnings", "issue_queue_severity"),
        ("reports", "report_queue"),
        ("rejected", "rejected_queue"),
    ):
        for more in ({}, {"whose": Whose.NOBODYS}):
            plan = wanted(slug, **more).rows().filter(pk__gt=5).order_by("pk")[:20].explain()
            assert f"USING INDEX {index}" in plan, plan
            assert "TEMP B-TREE" not in plan, plan
