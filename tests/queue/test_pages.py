"""The review queue: its pages, who may do what on them, and odd requests."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.urls import reverse

from determinations.curation.queue import many
from determinations.curation.queue.deciding import ACTIONS, decide
from determinations.curation.queue.kinds import KINDS
from determinations.curation.queue.lists import Whose
from determinations.models import ParseIssue, QueueAction, ReaderReport
from tests.pages import Page
from tests.queue.rows import SAMPLE_KINDS, first, many_of, wanted

pytestmark = pytest.mark.django_db


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
    for path, most in ((f"/admin/queue/{slug}/", 10), ("/admin/queue/", 15), ("/admin/", 12)):
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
