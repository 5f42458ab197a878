"""Deciding on very many questions of the queue: in the background, stopped, gone on with, and undone."""

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from determinations import search
from determinations.curation import jobs, working
from determinations.curation.queue import many, packing
from determinations.curation.queue.deciding import ACTIONS, AlreadyDecided, decide
from determinations.curation.queue.kinds import KINDS
from determinations.curation.queue.lists import Wanted
from determinations.curation.working import work
from determinations.models import Case, Job, ParseIssue, QueueAction
from determinations.search import DecisionQuery

pytestmark = pytest.mark.django_db
CODE = "uncategorised"


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """More than three are done in the background, four at a time."""
    cache.clear()
    monkeypatch.setattr(many, "AT_ONCE", 3)
    monkeypatch.setattr(many, "BATCH", 4)


@pytest.fixture
def questions(django_user_model):
    """Ten open questions of one letter, and Eva, an editor, who may decide on many."""
    eva = django_user_model.objects.create_user("eva", is_staff=True)
    eva.user_permissions.set(Permission.objects.filter(codename__in=["decide", "decide_many"]))
    ParseIssue.objects.all().delete()
    case = Case.objects.get(slug="cm16-0990003")
    ParseIssue.objects.bulk_create(
        ParseIssue(case=case, source=case.current_source, code=CODE, message=f"No. {n}", start=n, end=n + 5)
        for n in range(10)
    )
    return eva


def asked(**more):
    return Wanted(KINDS[CODE], "eva", **more)


def begun(action="dismiss", **more):
    preview = many.preview(asked(), ACTIONS[action])
    return many.decide_many(asked(), ACTIONS[action], stamp=preview.stamp, **more)


def states():
    return "".join(status[0] for status in ParseIssue.objects.order_by("pk").values_list("status", flat=True))


def again(row):
    row.refresh_from_db()
    return row


# ---- the list of rows ---------------------------------------------------------------------------------------------


@given(st.sets(st.integers(1, 2**53)).map(sorted))
def test_ids_are_packed_and_unpacked(ids):
    assert packing.unpack(packing.pack(ids)) == ids


def test_a_hundred_thousand_ids_are_a_short_text():
    assert len(packing.pack(range(1, 300_001, 3))) < 1_000
    assert packing.unpack(packing.pack(range(1, 200_001))) == list(range(1, 200_001))
    with pytest.raises(ValueError, match="not so many"):
        packing.unpack(packing.pack(range(1, 200_003)))


@given(st.text() | st.binary().map(lambda data: data.hex()))
def test_other_texts_are_no_ids(text):
    try:
        ids = packing.unpack(text)
    except ValueError:
        return
    assert ids == sorted(set(ids))


# ---- in the background ------------------------------------------------------------------------------------------


def test_few_are_done_at_once(questions, monkeypatch):
    monkeypatch.setattr(many, "AT_ONCE", 10)
    assert not many.preview(asked(), ACTIONS["dismiss"]).later
    done = begun()
    assert (done.rows, done.job, states()) == (10, None, "d" * 10)


def test_many_are_a_job(questions):
    preview = many.preview(asked(), ACTIONS["dismiss"])
    assert (preview.rows, preview.later, len(preview.first)) == (10, True, 10)
    whole = begun(words="All alike.")
    assert (whole.rows, whole.job.total, whole.job.state, states()) == (0, 10, "waiting", "o" * 10)
    assert work() >= 1
    whole = again(whole)
    assert (whole.rows, whole.left, whole.job.state, whole.job.done) == (10, 0, "done", 10)
    assert states() == "d" * 10
    assert [part.rows for part in whole.parts.order_by("pk")] == [4, 4, 2]
    assert whole.planned == {}


@pytest.mark.parametrize("action", ["accept", "ask", "assign"])
def test_each_action_in_the_background_and_back(questions, action):
    before = list(ParseIssue.objects.order_by("pk").values())
    whole = begun(action, words="Look at it.", to="eva")
    work()
    assert again(whole).rows == 10
    assert ParseIssue.objects.exclude(status="open", assigned_to=None).count() == 10
    assert many.undo_many(whole, by="eva") is None
    work()
    assert list(ParseIssue.objects.order_by("pk").values()) == before


def test_a_step_is_whole_or_not_at_all(questions, monkeypatch):
    """What ends a process within a step leaves nothing of the step."""
    whole = begun()
    assert not many.decide_some(whole.job)
    advance = jobs.advance

    def killed(*arguments, **options):
        advance(*arguments, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(jobs, "advance", killed)
    with pytest.raises(KeyboardInterrupt):
        many.decide_some(again(whole.job))
    assert (again(whole).rows, again(whole.job).done, states()) == (4, 4, "dddd" + "o" * 6)
    monkeypatch.setattr(jobs, "advance", advance)
    work()
    assert (again(whole).rows, again(whole.job).done, states()) == (10, 10, "d" * 10)


def test_what_is_stopped_rests_and_goes_on(questions):
    whole = begun()
    many.decide_some(whole.job)
    assert jobs.stop(whole.job)
    work()
    assert states() == "dddd" + "o" * 6
    assert jobs.go_on(whole.job)
    work()
    assert (again(whole).rows, states()) == (10, "d" * 10)


def test_what_changes_meanwhile_is_left_and_told(questions):
    whole = begun()
    many.decide_some(whole.job)
    other = ParseIssue.objects.order_by("pk")[6]
    decide(KINDS[CODE], other.pk, ACTIONS["accept"], by="ana")
    ParseIssue.objects.order_by("pk").last().delete()
    new = ParseIssue.objects.order_by("pk").first()
    new.pk, new.status = None, "open"
    new.save()
    work()
    whole = again(whole)
    assert (whole.rows, whole.left) == (8, 2)
    assert states() == "dddddd" + "s" + "dd" + "o"


def test_a_letter_that_is_withheld_meanwhile_is_left(questions):
    whole = begun()
    Case.objects.update(withheld=True)
    work()
    assert (again(whole).rows, again(whole).left, states()) == (0, 10, "o" * 10)


def test_what_is_mine_is_nobodys_when_i_am_gone(questions):
    ParseIssue.objects.update(assigned_to=questions)
    mine = asked(whose=many.Whose.MINE)
    whole = many.decide_many(mine, ACTIONS["accept"], stamp=many.preview(mine, ACTIONS["accept"]).stamp)
    questions.delete()
    work()
    assert (again(whole).rows, states()) == (0, "o" * 10)


# ---- undoing ----------------------------------------------------------------------------------------------------


def test_the_whole_is_undone_in_the_background(questions):
    whole = begun()
    work()
    changed = ParseIssue.objects.order_by("pk")[5]
    decide(KINDS[CODE], changed.pk, ACTIONS["reopen"], by="ana")
    decide(KINDS[CODE], changed.pk, ACTIONS["accept"], by="ana")
    assert many.undo_many(whole, by="eva") is None
    with pytest.raises(AlreadyDecided):
        many.undo_many(whole, by="eva")
    work()
    whole = again(whole)
    assert states() == "ooooo" + "s" + "oooo"
    assert (whole.undone_by, whole.job.done, whole.job.parameters["left"]) == ("eva", 10, 1)
    with pytest.raises(AlreadyDecided):
        many.undo_many(whole, by="eva")


@pytest.mark.parametrize("stopped", [True, False])
def test_what_is_half_done_is_undone_and_not_gone_on_with(questions, stopped):
    whole = begun()
    first = whole.job
    many.decide_some(first)
    if stopped:
        jobs.stop(first)
    assert many.undo_many(whole, by="eva") is None
    assert again(first).state == "done"
    assert not jobs.go_on(first)
    work()
    assert states() == "o" * 10
    assert again(whole).undone_by == "eva"


def test_an_undo_that_was_stopped_goes_on_when_it_is_asked_for_again(questions):
    whole = begun()
    work()
    many.undo_many(whole, by="eva")
    undoing = again(whole).job
    many.undo_some(undoing)
    assert jobs.stop(undoing)
    work()
    assert states().count("o") == 6
    many.undo_many(whole, by="eva")
    work()
    assert states() == "o" * 10


# ---- searches follow --------------------------------------------------------------------------------------------


def test_searches_follow_when_it_is_done_and_when_it_is_stopped(many_letters, django_user_model):
    django_user_model.objects.create_user("eva")
    many_letters(12)
    from tests import many as letters

    letters.questions(CODE)
    search.rebuild()
    query = DecisionQuery(chosen={"flag": {CODE}})
    assert search.find(query).letters == 12
    whole = begun()
    many.decide_some(whole.job)
    jobs.stop(whole.job)
    work()
    assert search.find(query).letters == 8
    jobs.go_on(whole.job)
    work()
    assert search.find(query).letters == 0
    many.undo_many(whole, by="eva")
    work()
    assert search.find(query).letters == 12


def test_an_undo_does_not_wait_until_all_is_indexed(many_letters, django_user_model, monkeypatch):
    from determinations.curation import following
    from tests import many as letters

    django_user_model.objects.create_user("eva")
    many_letters(12)
    letters.questions(CODE)
    search.rebuild()
    monkeypatch.setattr(following, "AT_ONCE", 2)
    monkeypatch.setattr(following, "_A_STEP", 5)
    index_some, came = following.index_some, []

    def undone_meanwhile(job):
        finished = index_some(job)
        if not came:
            many.undo_many(whole, by="eva")
        came.append(states().count("o"))
        return finished

    monkeypatch.setitem(working.STEPS, jobs.INDEX, undone_meanwhile)
    whole = begun()
    work()
    assert came[:2] == [0, 12], "the second step of indexing comes after the undo"
    following_it = Job.objects.get(name=jobs.INDEX)
    assert (following_it.state, following_it.done, following_it.total) == ("done", 17, 17), "five came twice"
    assert search.find(DecisionQuery(chosen={"flag": {CODE}})).letters == 12
    assert not Case.objects.awaiting_index().exists()


# ---- pages ------------------------------------------------------------------------------------------------------


def test_from_the_preview_to_the_undo_on_pages(questions, client):
    client.force_login(questions)
    bulk = reverse("queue-many", args=[CODE, "dismiss"])
    page = client.get(bulk)
    assert "in the background" in page.content.decode()
    answer = client.post(bulk, {"stamp": page.context["preview"].stamp, "words": "All alike."})
    whole = QueueAction.objects.get(part_of=None)
    deed = reverse("queue-deed", args=[whole.pk])
    assert answer["Location"] == deed
    assert "0 of 10, waiting" in client.get(deed).content.decode()
    many.decide_some(whole.job)
    assert "waiting, 4 of 10" in client.get(reverse("queue-done")).content.decode()
    client.post(reverse("queue-turn", args=[whole.pk, "stop"]))
    assert "4 of 10, stopped" in client.get(deed).content.decode()
    client.post(reverse("queue-turn", args=[whole.pk, "go-on"]))
    work()
    assert "<strong>10</strong> found to be no error" in client.get(deed).content.decode()
    assert client.post(reverse("queue-undo", args=[whole.pk]))["Location"] == deed
    assert "It is undone in the background" in client.get(deed).content.decode()
    work()
    assert "All are as before" in client.get(deed).content.decode()
    assert states() == "o" * 10


@pytest.mark.parametrize(
    ("rights", "way", "status"),
    [
        (["decide", "decide_many"], "stop", 302),
        (["decide", "decide_many"], "explode", 404),
        (["decide"], "stop", 403),
        (["view_parseissue"], "stop", 403),
    ],
)
def test_who_may_stop_it(questions, client, rights, way, status):
    whole = begun()
    questions.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(questions)
    assert client.post(reverse("queue-turn", args=[whole.pk, way])).status_code == status
    assert again(whole.job).state == ("stopped" if status == 302 else "waiting")


def test_what_was_done_at_once_cannot_be_stopped(questions, client, monkeypatch):
    monkeypatch.setattr(many, "AT_ONCE", 10)
    client.force_login(questions)
    assert client.post(reverse("queue-turn", args=[begun().pk, "stop"])).status_code == 404
    assert client.get(reverse("queue-deed", args=[10**9])).status_code == 404
