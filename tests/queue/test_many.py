"""The review queue: many questions decided at once, and the measure of what was decided."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from determinations.curation.queue import deciding, many, measure, packing
from determinations.curation.queue.deciding import ACTIONS, decide, undo
from determinations.curation.queue.kinds import KINDS, waiting
from determinations.models import ParseIssue, QueueAction
from tests.queue.rows import SAMPLE_KINDS, STATES, first, many_of, wanted

pytestmark = pytest.mark.django_db


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
    deciding.undo_part(done.parts.first().pk, "eva")
    assert undo(done, by="eva").restored == 1
    assert waiting()["uncategorised"].open == 2


def test_no_more_than_a_bound_at_a_time(queue, monkeypatch):
    monkeypatch.setattr(many, "MOST", 3)
    many_of(queue, 8)
    asked = wanted("uncategorised", by="eva")
    preview = many.preview(asked, ACTIONS["accept"])
    assert (preview.rows, preview.more) == (3, True)
    assert many.decide_many(asked, ACTIONS["accept"], stamp=preview.stamp).rows == 3
    assert waiting()["uncategorised"].open == 7


def test_what_came_up_since_the_preview_is_not_touched(queue):
    asked = wanted("uncategorised", by="eva")
    preview = many.preview(asked, ACTIONS["dismiss"])
    many_of(queue, 1)
    done = many.decide_many(asked, ACTIONS["dismiss"], stamp=preview.stamp)
    assert (done.rows, done.left) == (2, 0)
    assert waiting()["uncategorised"].open == 1


def test_what_changed_since_the_preview_is_left_and_told(queue):
    asked = wanted("uncategorised", by="eva")
    preview = many.preview(asked, ACTIONS["dismiss"])
    row = first("uncategorised")
    decide(KINDS["uncategorised"], row.pk, ACTIONS["accept"], by="ana")
    done = many.decide_many(asked, ACTIONS["dismiss"], stamp=preview.stamp)
    assert (done.rows, done.left) == (1, 1)
    row.refresh_from_db()
    assert row.status == "settled"


@pytest.mark.parametrize(
    "stamp", ["", "x", "§", "eJwDAAAAAAE=", packing.pack([]), packing.pack([10**9]), packing.pack([5, 5])]
)
def test_a_preview_of_nothing_that_is_there_does_nothing(queue, stamp):
    with pytest.raises(many.PreviewOutdated):
        many.decide_many(wanted("uncategorised", by="eva"), ACTIONS["dismiss"], stamp=stamp)
    assert waiting()["uncategorised"].open == 2
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
