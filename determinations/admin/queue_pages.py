"""The pages of the review queue that show something and change nothing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ..curation.queue import measure, quoting
from ..curation.queue.deciding import ACTIONS
from ..curation.queue.kinds import COUNTED_UP_TO, KINDS, Kind, groups, taken_by, waiting
from ..curation.queue.lists import Entry, entry, page
from ..models import CredentialWording, DisputedItem, GuidelineWording, QueueAction, Queued, ReaderReport
from .queue_base import DECIDE_MANY, after, kind_or_404, people, query, queue_page, show, wanted

_ITEMS_SHOWN = 12  # decisions of the letter beside a question
_DONE_SHOWN = 50


@require_safe
@queue_page()
def overview(request: HttpRequest) -> HttpResponse:
    """Everything that waits, by kind."""
    mine = [(KINDS[slug], number) for slug, number in taken_by(request.user.get_username()).items()]
    return show(request, "overview", "Review queue", groups=groups(waiting()), mine=mine, most=COUNTED_UP_TO)


@require_safe
@queue_page()
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits of one kind, a page at a time."""
    kind = kind_or_404(slug)
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
    kind = kind_or_404(slug)
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
        people=people(),
        correct=_correct(found),
        items=_items(found),
        examples=quoting.examples(found.row) if isinstance(found.row, CredentialWording | GuidelineWording) else (),
    )


def _correct(found: Entry) -> str:
    """The address where what is wrong is put right; empty where there is no such page."""
    row = found.row
    if isinstance(row, CredentialWording | GuidelineWording):
        return reverse(f"admin:determinations_{row._meta.model_name}_change", args=[row.pk])
    if found.case is None:
        return ""
    name = "report" if isinstance(row, ReaderReport) else "issue"
    return f"{reverse('admin:determinations_case_change', args=[found.case.pk])}?{name}={row.pk}"


def _items(found: Entry) -> list[DisputedItem]:
    """The decisions of the letter; of a report that is about one, that one alone."""
    if found.case is None:
        return []
    rows = found.case.items.select_related("category__parent", "case").order_by("position")
    if isinstance(found.row, ReaderReport) and found.row.position:
        rows = rows.filter(position=found.row.position)
    return list(rows.defer("rationale")[:_ITEMS_SHOWN])


@require_safe
@queue_page()
def growth(request: HttpRequest) -> HttpResponse:
    """How the queue grows and shrinks; ``?kind=`` for one kind."""
    kind: Kind | None = KINDS.get(request.GET.get("kind", ""))
    measured = measure.measure(kind)
    return show(
        request,
        "growth",
        "How the queue grows and shrinks",
        kind=kind,
        kinds=KINDS.values(),
        measured=measured,
        columns=measure.columns(measured),
        width=measure.WIDTH,
        height=measure.HEIGHT,
    )


@require_safe
@queue_page()
def done(request: HttpRequest) -> HttpResponse:
    """What was decided last, by everybody, to be undone."""
    actions = list(QueueAction.objects.filter(part_of=None).defer("changes").order_by("-id")[:_DONE_SHOWN])
    mine, any_ones = request.user.get_username(), request.user.has_perm(DECIDE_MANY)
    rows = [
        {
            "action": one,
            "done": ACTIONS[one.action].done if one.action in ACTIONS else one.action,
            "kind": KINDS.get(one.kind),
            "may_undo": one.undone_at is None and (one.made_by == mine or any_ones),
        }
        for one in actions
    ]
    return show(request, "done", "What was decided", rows=rows)
