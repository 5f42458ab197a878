"""The pages of the review queue that show something and change nothing."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from ..curation import jobs
from ..curation.queue import measure, quoting
from ..curation.queue.deciding import ACTIONS
from ..curation.queue.kinds import COUNTED_UP_TO, KINDS, Kind, groups, open_kinds, taken_by
from ..curation.queue.lists import Entry, entry, page
from ..models import (
    CredentialWording,
    DisputedItem,
    DrugWording,
    GuidelineWording,
    QueueAction,
    Queued,
    ReaderReport,
    RemovalRequest,
)
from .queue_base import (
    DECIDE_MANY,
    actions,
    after,
    counted,
    kind_or_404,
    people,
    query,
    queue_page,
    sees_withheld,
    show,
    wanted,
)

_WORDINGS = CredentialWording | GuidelineWording | DrugWording
_ITEMS_SHOWN = 12  # decisions of the letter beside a question
_DONE_SHOWN = 50


@require_safe
@queue_page()
def overview(request: HttpRequest) -> HttpResponse:
    """Everything that waits, by kind."""
    kinds = open_kinds(request.user.has_perm)
    taken = taken_by(request.user.get_username(), kinds, withheld=sees_withheld(request))
    mine = [(KINDS[slug], number) for slug, number in taken.items()]
    return show(
        request, "overview", "Review queue", groups=groups(counted(request, kinds)), mine=mine, most=COUNTED_UP_TO
    )


@require_safe
@queue_page()
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits of one kind, a page at a time."""
    kind = kind_or_404(request, slug)
    asked = wanted(request, kind)
    shown = page(asked, after(request))
    return show(
        request,
        "list",
        kind.label,
        kind=kind,
        wanted=asked,
        page=shown,
        query=query(asked),
        further=query(asked, after=shown.after) if shown.after else "",
        begun=after(request) > 0,
        here=request.get_full_path(),
        statuses=list(Queued.Status),
        actions=[one for one in ACTIONS.values() if asked.status in one.possible],
        narrower=[one for one in KINDS.values() if kind.whole and one.group == kind.group and not one.whole],
    )


@require_safe
@queue_page()
def question(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One question, with more of the words around it and the facts of its letter."""
    kind = kind_or_404(request, slug)
    asked = wanted(request, kind)
    found = entry(kind, pk, withheld=asked.withheld)
    if found is None:
        raise Http404("There is no such question, or its letter has been read anew since.")
    return show(
        request,
        "question",
        found.kind.label,
        kind=kind,
        entry=found,
        query=query(asked),
        actions=[one for one in ACTIONS.values() if found.row.status in one.possible],
        people=people(kind),
        correct=_correct(found),
        items=_items(found),
        examples=quoting.examples(found.row) if isinstance(found.row, _WORDINGS) else (),
    )


def _correct(found: Entry) -> str:
    """The address where what is wrong is put right; empty where there is no such page."""
    row = found.row
    if isinstance(row, _WORDINGS):
        return reverse(f"admin:determinations_{row._meta.model_name}_change", args=[row.pk])
    if isinstance(row, RemovalRequest):
        return reverse("admin:determinations_removalrequest_change", args=[row.pk])
    if found.case is None:
        return ""
    name = "report" if isinstance(row, ReaderReport) else "issue"
    return f"{reverse('admin:determinations_case_change', args=[found.case.pk])}?{name}={row.pk}"


def _items(found: Entry) -> list[DisputedItem]:
    """The decisions of the letter; of a report that is about one, that one alone."""
    if found.case is None:
        return []
    rows = found.case.items.select_related(*DisputedItem.CATEGORY, "case").order_by("position")
    if isinstance(found.row, ReaderReport) and found.row.position:
        rows = rows.filter(position=found.row.position)
    return list(rows.defer("rationale")[:_ITEMS_SHOWN])


@require_safe
@queue_page()
def growth(request: HttpRequest) -> HttpResponse:
    """How the queue grows and shrinks; ``?kind=`` for one kind."""
    kinds = open_kinds(request.user.has_perm)
    kind: Kind | None = kinds.get(request.GET.get("kind", ""))
    measured = measure.measure(kind, kinds, withheld=sees_withheld(request))
    return show(
        request,
        "growth",
        "How the queue grows and shrinks",
        kind=kind,
        kinds=kinds.values(),
        measured=measured,
        columns=measure.columns(measured),
        width=measure.WIDTH,
        height=measure.HEIGHT,
    )


@require_safe
@queue_page()
def done(request: HttpRequest) -> HttpResponse:
    """What was decided last, by everybody, to be undone."""
    rows = [_deed(request, one) for one in actions(request).order_by("-id")[:_DONE_SHOWN]]
    return show(request, "done", "What was decided", rows=rows)


@require_safe
@queue_page()
def deed(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision: how far it is, if it is done (or undone) in the background."""
    told = _deed(request, get_object_or_404(actions(request), pk=pk))
    action, job = told["action"], told["action"].job
    unfinished = job is not None and job.state in jobs.UNFINISHED
    alone = job is not None and unfinished and jobs.is_left(job)
    return show(
        request,
        "deed",
        f"{told['kind'] or action.kind}: {told['done']}",
        **told,
        job=job,
        undoing=job is not None and job.name == jobs.UNDO,
        unfinished=unfinished,
        alone=alone,
        can_go_on=job is not None and not action.undone_at and (job.state in jobs.RESTING or alone),
    )


def _deed(request: HttpRequest, action: QueueAction) -> dict[str, Any]:
    """What a page says of a decision."""
    mine = action.made_by == request.user.get_username()
    being_undone = action.job is not None and action.job.name == jobs.UNDO
    return {
        "action": action,
        "done": ACTIONS[action.action].done if action.action in ACTIONS else action.action,
        "kind": KINDS.get(action.kind),
        "may_undo": action.undone_at is None and not being_undone and (mine or request.user.has_perm(DECIDE_MANY)),
        "being_undone": being_undone and action.undone_at is None,
        "under_way": action.job is not None and action.job.state != jobs.State.DONE,
    }
