"""What of the queue is not for everybody: requests for removal, letters that are withheld; and what others may take."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from determinations.curation.queue import lists, many, measure, withheld
from determinations.curation.queue.deciding import ACTIONS, decide, undo
from determinations.curation.queue.kinds import KINDS, open_kinds, taken_by, waiting
from determinations.curation.queue.lists import Wanted, Whose, take_next
from determinations.models import (
    Case,
    CredentialWording,
    GuidelineWording,
    Job,
    ParseIssue,
    QueueAction,
    ReaderReport,
    RemovalRequest,
    Reviewer,
)

pytestmark = pytest.mark.django_db
REQUESTS, CODE = KINDS["removal-requests"], "uncategorised"
SECRET = ("quillfeather@example.org", "Quillfeather")  # the address and the words of who asks


@pytest.fixture(autouse=True)
def nothing_remembered():
    cache.clear()


@pytest.fixture
def people(django_user_model):
    """Cora, a curator; Eddi, an editor; Piet, a privacy officer; Rob, a reader; and Ann, an administrator."""
    roles = {
        "cora": "Curator",
        "eddi": "Editor",
        "piet": "Privacy officer",
        "rob": "Reader",
        "ann": "Administrator",
    }
    made = {}
    for name, role in roles.items():
        made[name] = django_user_model.objects.create_user(name, is_staff=True)
        made[name].groups.add(Group.objects.get(name=role))
    return made


@pytest.fixture
def as_(client, people):
    def log_in(name):
        client.force_login(people[name])
        return client

    return log_in


@pytest.fixture
def requested(people):
    return [
        RemovalRequest.objects.create(
            address="/cases/cm16-0990003/", words=f"{SECRET[1]} {n} is my name.", contact=SECRET[0]
        )
        for n in range(2)
    ]


# ---- requests for removal ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["piet", "ann"])
def test_privacy_officers_find_requests_in_the_queue(requested, as_, who):
    client = as_(who)
    assert REQUESTS.label in client.get("/admin/queue/").content.decode()
    assert REQUESTS.label in client.get("/admin/").content.decode()
    assert SECRET[1] in client.get("/admin/queue/removal-requests/").content.decode()
    address = client.post(reverse("queue-next", args=[REQUESTS.slug]))["Location"]
    page = client.get(address).content.decode()
    assert address == f"/admin/queue/removal-requests/{requested[0].pk}/"
    assert all(words in page for words in SECRET)
    assert reverse("admin:determinations_removalrequest_change", args=[requested[0].pk]) in page
    assert waiting()[REQUESTS.slug].open == 2


ADDRESSES = [
    "/admin/", "/admin/queue/", "/admin/queue/growth/", "/admin/queue/growth/?kind=removal-requests",
    "/admin/queue/done/", "/admin/queue/removal-requests/", "/admin/queue/removal-requests/{row}/",
    "/admin/queue/removal-requests/many/accept/", "/admin/queue/done/{deed}/", "/admin/queue/reports/",
    "/admin/determinations/queueaction/", "/admin/determinations/queueaction/{deed}/change/",
    "/admin/determinations/removalrequest/", "/admin/determinations/removalrequest/{row}/change/",
    "/admin/determinations/job/", "/admin/determinations/job/{job}/change/",
]  # fmt: skip


OPEN = {*ADDRESSES[:5], "/admin/queue/reports/", "/admin/determinations/queueaction/", "/admin/determinations/job/"}


@pytest.mark.parametrize("who", ["cora", "eddi", "rob"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_else_learns_anything_of_them(requested, as_, people, who, address, monkeypatch):
    monkeypatch.setattr(many, "AT_ONCE", 1)
    decide(REQUESTS, requested[0].pk, ACTIONS["ask"], by="piet", words=f"Who is {SECRET[1]}?", to="piet")
    RemovalRequest.objects.create(address="x", words=SECRET[1], contact=SECRET[0], assigned_to=people[who])
    asked = Wanted(REQUESTS, "piet", withheld=True)
    preview = many.preview(asked, ACTIONS["accept"])
    deed = many.decide_many(asked, ACTIONS["accept"], stamp=preview.stamp, words=SECRET[1])
    path = address.format(row=requested[0].pk, deed=deed.pk, job=Job.objects.get().pk)
    page = as_(who).get(path)
    said = page.content.decode().lower().replace(path, "")  # which who asks knows
    assert not [words for words in (*SECRET, "removal request", "removal-requests/") if words.lower() in said]
    assert page.status_code == (200 if address in OPEN else page.status_code)
    assert page.status_code in (200, 302, 403, 404)


@pytest.mark.parametrize("who", ["cora", "eddi"])
def test_nobody_else_does_anything_with_them(requested, as_, who):
    deed = decide(REQUESTS, requested[0].pk, ACTIONS["ask"], by=who, words="Is it so?")
    client = as_(who)
    for address, sent in (
        (reverse("queue-next", args=[REQUESTS.slug]), {}),
        (reverse("queue-decide", args=[REQUESTS.slug]), {"decide": f"dismiss:{requested[1].pk}"}),
        (reverse("queue-undo", args=[deed.pk]), {}),
    ):
        assert client.post(address, sent).status_code == 404
    assert list(RemovalRequest.objects.order_by("pk").values_list("status", flat=True)) == ["asked", "open"]


def test_a_request_is_asked_about_and_answered(requested, as_):
    client, row = as_("piet"), requested[0]
    address = reverse("queue-decide", args=[REQUESTS.slug])
    client.post(address, {"decide": f"accept:{row.pk}"})
    row.refresh_from_db()
    assert row.status == "open", "an answer says what was done"
    for action, words, status in (
        ("ask", "Which page?", "asked"),
        ("accept", "The letter is withheld.", "settled"),
    ):
        client.post(address, {"decide": f"{action}:{row.pk}", "words": words})
        row.refresh_from_db()
        assert row.status == status
    assert row.note.splitlines() == ["piet: Which page?", "piet: The letter is withheld."]
    assert waiting()[REQUESTS.slug].open == 1
    assert row.words in client.get("/admin/queue/removal-requests/?status=settled").content.decode()
    undo(QueueAction.objects.order_by("pk").last(), by="piet")
    row.refresh_from_db()
    assert (row.status, row.note) == ("asked", "piet: Which page?")


def test_only_who_may_see_a_request_is_offered_to_be_asked(requested, as_, people):
    page = as_("piet").get(f"/admin/queue/removal-requests/{requested[0].pk}/")
    assert page.context["people"] == ["ann", "piet"]
    assert {"cora", "rob"} < set(as_("ann").get(f"/admin/queue/{CODE}/many/ask/").context["people"])


def test_who_may_withhold_or_redact_sees_the_kind_and_nobody_else():
    for permission, sees in (("withhold", True), ("redact", True), ("decide", False), ("view_removalrequest", False)):
        kinds = open_kinds({f"determinations.{permission}"}.__contains__)
        assert (REQUESTS.slug in kinds) is sees
        assert set(KINDS) - set(kinds) <= {REQUESTS.slug}


# ---- letters that are withheld ----------------------------------------------------------------------------------


@pytest.fixture
def two_letters(people):
    """Two letters with three questions and a report each; the second one is withheld."""
    ParseIssue.objects.all().delete()
    cases = list(Case.objects.exclude(reviewer=None).order_by("pk")[:2])
    for case in cases:
        for number in range(3):
            ParseIssue.objects.create(
                case=case, source=case.current_source, code=CODE, message=f"No. {number}", start=0, end=5,
                assigned_to=people["cora"], assigned_at=timezone.now(), status="asked" if number == 2 else "open",
            )  # fmt: skip
        ReaderReport.objects.create(case=case, words="Wrong.")
    Case.objects.filter(pk=cases[1].pk).update(withheld=True)
    return cases


@pytest.mark.parametrize("slug", [CODE, "warnings", "reports"])
def test_numbers_and_lists_leave_them_out(two_letters, as_, slug):
    for who, letters in (("cora", 1), ("piet", 2)):
        each = 1 if slug == "reports" else 2
        page = as_(who).get("/admin/queue/")
        one = next(one for group in page.context["groups"] for one in group.waiting if one.kind.slug == slug)
        assert (one.open, one.asked) == (letters * each, 0 if slug == "reports" else letters)
        assert len(as_(who).get(f"/admin/queue/{slug}/").context["page"].entries) == letters * each
        grown = as_(who).get(f"/admin/queue/growth/?kind={slug}").context["measured"]
        assert grown.opened == letters * (1 if slug == "reports" else 3)


def test_the_number_of_ones_own_leaves_them_out(two_letters):
    assert taken_by("cora", withheld=False) == {CODE: 2}
    assert taken_by("cora") == {CODE: 4}


def test_a_count_that_ends_at_its_bound_leaves_them_out(two_letters, monkeypatch):
    from determinations.curation.queue import kinds

    monkeypatch.setattr(kinds, "COUNTED_UP_TO", 1)
    found = waiting(KINDS, withheld.waiting(KINDS.values()))[CODE]
    assert found.open == 2  # one more than the bound: "1 or more"


@pytest.mark.parametrize("few", [0, 2_000])
def test_few_and_many_withheld_letters_are_left_out_alike(two_letters, monkeypatch, few):
    monkeypatch.setattr(withheld, "_FEW", few)
    found = lists.page(Wanted(KINDS[CODE], "eddi"))
    assert {entry.case for entry in found.entries} == {two_letters[0]}


def test_what_a_bulk_decision_would_change_leaves_them_out(two_letters):
    assert many.preview(Wanted(KINDS[CODE], "eddi"), ACTIONS["accept"]).rows == 2
    assert many.preview(Wanted(KINDS["warnings"], "piet", withheld=True), ACTIONS["accept"]).by_kind == (
        (KINDS[CODE], 4),
    )


@pytest.mark.parametrize("slug", ["credential-wordings", "guideline-wordings"])
def test_wordings_of_withheld_letters_alone_are_left_out(two_letters, as_, slug):
    shown, hidden = two_letters
    if slug == "credential-wordings":
        secret, common = (CredentialWording.objects.create(text=text) for text in ("Secret art", "Common art"))
        for place, case in enumerate(two_letters):
            own = Reviewer.objects.create(fingerprint=f"of {place}")
            own.credentials.create(wording=common, role="board certification", position=1)
            Case.objects.filter(pk=case.pk).update(reviewer=own)
        own.credentials.create(wording=secret, role="board certification", position=2)
    else:
        secret, common = (GuidelineWording.objects.create(text=text) for text in ("Secret art", "Common art"))
        for case, wordings in ((shown, (common,)), (hidden, (common, secret))):
            for place, wording in enumerate(wordings):
                case.items.first().citations.create(
                    side="reviewer", position=90 + place, text=wording.text, mtus=False, family="", wording=wording
                )
    for who, listed in (("cora", {common.pk}), ("piet", {common.pk, secret.pk})):
        found = lists.page(Wanted(KINDS[slug], who, withheld=who == "piet"), size=500)
        assert {entry.row.pk for entry in found.entries} & {secret.pk, common.pk} == listed
        assert {entry.row.pk: entry.letters for entry in found.entries}[common.pk] == 1
        address = reverse("queue-question", args=[slug, secret.pk])
        assert as_(who).get(address).status_code == (200 if who == "piet" else 404)
    all_of_them = waiting()[slug].open
    assert waiting(KINDS, withheld.waiting(KINDS.values()))[slug].open == all_of_them - 1


# ---- assignments lapse ------------------------------------------------------------------------------------------


@pytest.fixture
def one_taken(people):
    """One question, which Cora took."""
    ParseIssue.objects.all().delete()
    case = Case.objects.first()
    row = ParseIssue.objects.create(case=case, source=case.current_source, code=CODE, message="Is it?", start=0, end=5)
    assert take_next(Wanted(KINDS[CODE], "cora")) == row.pk
    return row


def hours_ago(row, hours):
    ParseIssue.objects.filter(pk=row.pk).update(assigned_at=timezone.now() - timedelta(hours=hours))


@pytest.mark.parametrize(("hours", "offered"), [(0, False), (23, False), (25, True), (500, True)])
def test_what_nobody_works_on_is_offered_again(one_taken, as_, hours, offered):
    hours_ago(one_taken, hours)
    assert len(lists.page(Wanted(KINDS[CODE], "eddi", whose=Whose.NOBODYS)).entries) == offered
    page = as_("eddi").get(f"/admin/queue/{CODE}/").content.decode()
    assert ("others may take it" in page) is offered
    assert "cora" in page
    assert (take_next(Wanted(KINDS[CODE], "eddi")) == one_taken.pk) is offered
    one_taken.refresh_from_db()
    assert one_taken.assigned_to.username == ("eddi" if offered else "cora")


def test_the_hours_are_a_setting(one_taken, settings):
    hours_ago(one_taken, 2)
    assert take_next(Wanted(KINDS[CODE], "eddi")) is None
    settings.ASSIGNED_HOURS = 1
    assert take_next(Wanted(KINDS[CODE], "eddi")) == one_taken.pk


@pytest.mark.parametrize("action", ["assign", "ask"])
def test_what_is_given_to_somebody_lapses_too_and_begins_when_it_is_given(one_taken, action):
    hours_ago(one_taken, 30)
    done = decide(KINDS[CODE], one_taken.pk, ACTIONS[action], by="eddi", words="Yours?", to="cora")
    again = Wanted(KINDS[CODE], "eddi", status="asked" if action == "ask" else "open")
    assert take_next(again) is None
    hours_ago(one_taken, 30)
    assert take_next(again) == one_taken.pk
    undo(done, by="eddi")


def test_who_comes_back_takes_it_anew(one_taken):
    hours_ago(one_taken, 30)
    assert take_next(Wanted(KINDS[CODE], "cora")) == one_taken.pk
    assert take_next(Wanted(KINDS[CODE], "eddi")) is None


def test_who_comes_back_late_is_told_who_decided(one_taken, as_):
    hours_ago(one_taken, 30)
    assert take_next(Wanted(KINDS[CODE], "eddi")) == one_taken.pk
    decide(KINDS[CODE], one_taken.pk, ACTIONS["dismiss"], by="eddi")
    address = reverse("queue-decide", args=[CODE])
    answer = as_("cora").post(address, {"decide": f"accept:{one_taken.pk}"}, follow=True).content.decode()
    assert "Somebody else has decided" in answer
    one_taken.refresh_from_db()
    assert one_taken.status == "dismissed"


def test_who_decides_what_somebody_else_has_now_is_told(one_taken, as_):
    answer = as_("eddi").post(
        reverse("queue-decide", args=[CODE]), {"decide": f"accept:{one_taken.pk}"}, follow=True
    ).content.decode()  # fmt: skip
    assert "This question was with cora" in answer


# ---- how it grows -----------------------------------------------------------------------------------------------


def test_requests_are_measured_for_those_who_see_them(requested):
    assert measure.measure(REQUESTS).opened == 2
    seen = {one.kind.slug for one in measure.measure(kinds=open_kinds(lambda _: False)).kinds}
    assert REQUESTS.slug not in seen
