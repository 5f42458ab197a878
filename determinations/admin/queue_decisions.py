"""What is done in the review queue: each needs its permission and leaves an entry in the admin's log."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from ..curation import following, jobs
from ..curation.queue import deciding, lists
from ..curation.queue import many as together
from ..curation.queue.deciding import ACTIONS, Action
from ..curation.queue.kinds import Kind
from ..models import QueueAction
from .queue_base import DECIDE, DECIDE_MANY, actions, after, kind_or_404, people, query, queue_page, show, wanted

_WAYS = ("stop", "go-on")


@require_POST
@queue_page(DECIDE)
def take_next(request: HttpRequest, slug: str) -> HttpResponse:
    """Take one question and go to it; ``?after=`` the one that is left for later."""
    return _next(request, kind_or_404(request, slug), after(request))


@require_POST
@queue_page(DECIDE)
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    """Do something with one question: ``decide`` is "action:id". ``then`` is "next", or the page to go back to."""
    kind = kind_or_404(request, slug)
    name, _, text = request.POST.get("decide", "").partition(":")
    if name not in ACTIONS or not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Http404("There is no such decision.")
    pk, action = int(text), ACTIONS[name]
    found = lists.entry(kind, pk, withheld=wanted(request, kind).withheld, around=0)
    if found is None:
        messages.error(request, "This question is no longer there: its letter has been read anew.")
        return redirect("queue-kind", slug)
    problem = _try(request, kind, action, found)
    if problem:
        messages.error(request, problem)
        return redirect(f"{reverse('queue-question', args=[slug, pk])}{query(wanted(request, kind))}")
    if request.POST.get("then") == "next" and action.slug != "reopen":
        return _next(request, kind, pk)
    return HttpResponseRedirect(_back(request, reverse("queue-question", args=[slug, pk])))


def _try(request: HttpRequest, kind: Kind, action: Action, found: lists.Entry) -> str:
    """Do it; returns what is in the way, in a sentence."""
    words, to = request.POST.get("words", ""), request.POST.get("to", "")
    try:
        deciding.decide(kind, found.row.pk, action, by=request.user.get_username(), words=words, to=to)
    except ValidationError as error:
        return " ".join(error.messages)
    except deciding.AlreadyDecided:
        return "Somebody else has decided on this question meanwhile; this is how it is now."
    _log(request, found.row, f"Queue: {action.done}.")
    following.follow_marked(by=request.user.get_username())
    messages.success(request, f"{found.kind.label}: {action.done}.")
    had = found.row.assigned_to
    if had and had != request.user and not found.lapsed:
        messages.info(request, f"This question was with {had.get_username()}; say that you have decided on it.")
    return ""


def _next(request: HttpRequest, kind: Kind, behind: int) -> HttpResponse:
    asked = wanted(request, kind)
    pk = lists.take_next(asked, behind)
    if pk is None:
        messages.info(request, "Nothing else of this kind waits for you." if behind else "Nothing waits here.")
        return redirect(f"{reverse('queue-kind', args=[kind.slug])}{query(asked)}")
    return redirect(f"{reverse('queue-question', args=[kind.slug, pk])}{query(asked)}")


@require_http_methods(["GET", "HEAD", "POST"])
@queue_page(DECIDE_MANY)
def many(request: HttpRequest, slug: str, action: str) -> HttpResponse:
    """What an action would change of all that a filter finds; posted with the preview's stamp it is done."""
    kind = kind_or_404(request, slug)
    if action not in ACTIONS:
        raise Http404("There is no such action.")
    asked, problem = wanted(request, kind), ""
    list_page = f"{reverse('queue-kind', args=[slug])}{query(asked)}"
    if request.method == "POST":
        words, to = request.POST.get("words", ""), request.POST.get("to", "")
        stamp = request.POST.get("stamp", "")
        try:
            made = together.decide_many(asked, ACTIONS[action], stamp=stamp, words=words, to=to)
        except ValidationError as error:
            problem = " ".join(error.messages)
        except together.PreviewOutdated:
            problem = "The queue has changed since; nothing was done. This is what would change now."
        else:
            return _begun(request, made) if made.job else _made(request, made, list_page)
    try:
        previewed = together.preview(asked, ACTIONS[action])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(list_page)
    context = {"kind": kind, "wanted": asked, "preview": previewed, "problem": problem, "people": people(kind)}
    title = f"{ACTIONS[action].label}: {previewed.rows:,} of “{kind.label}”"
    return show(request, "many", title, query=query(asked), most=together.MOST, unit=together.BATCH, **context)


def _made(request: HttpRequest, made: QueueAction, list_page: str) -> HttpResponse:
    """What was decided at once."""
    done = ACTIONS[made.action].done
    _log(request, made, f"Queue: {made.rows} {done}.")
    following.follow_marked(by=request.user.get_username())
    left = f" {made.left:,} had changed since the preview and were left as they are." if made.left else ""
    messages.success(request, f"{made.rows:,} {done}.{left}")
    return redirect(list_page)


def _begun(request: HttpRequest, made: QueueAction) -> HttpResponse:
    """What is decided in the background."""
    total = made.job.total if made.job else 0
    _log(request, made, f"Queue: {total} to be {ACTIONS[made.action].done} in the background.")
    return redirect("queue-deed", made.pk)


@require_POST
@queue_page(DECIDE_MANY)
def turn(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """Stop what is done in the background ("stop"), or go on with it ("go-on")."""
    action = get_object_or_404(actions(request), pk=pk, job__isnull=False)
    if way not in _WAYS or action.job is None:
        raise Http404("There is no such way.")
    if way == "stop" and jobs.stop(action.job):
        _log(request, action, "Queue: stopped.")
        messages.success(request, "It stops after the step that it is at.")
    elif way == "go-on":
        jobs.go_on(action.job)
        _log(request, action, "Queue: gone on with.")
    return redirect("queue-deed", pk)


@require_POST
@queue_page(DECIDE)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo an action: one's own, or with the right to decide on many any."""
    action = get_object_or_404(actions(request), pk=pk)
    if action.made_by != request.user.get_username() and not request.user.has_perm(DECIDE_MANY):
        raise PermissionDenied
    try:
        undone = together.undo_many(action, by=request.user.get_username())
    except deciding.AlreadyDecided:
        messages.error(request, "This was undone already.")
    else:
        if undone is None:
            _log(request, action, "Queue: to be undone in the background.")
            return redirect("queue-deed", pk)
        _log(request, action, f"Queue: undone, {undone.restored} restored, {undone.left} left.")
        following.follow_marked(by=request.user.get_username())
        messages.success(request, _undone(undone))
    return HttpResponseRedirect(_back(request, reverse("queue-done")))


def _undone(undone: deciding.Undone) -> str:
    words = f"Undone: {undone.restored:,} as before."
    if undone.left:
        words += f" {undone.left:,} changed since, or are gone, and stay as they are."
    return words


def _back(request: HttpRequest, otherwise: str) -> str:
    """The page of this site to go back to."""
    address = request.POST.get("then", "")
    return address if url_has_allowed_host_and_scheme(address, None) and address.startswith("/") else otherwise


def _log(request: HttpRequest, row: models.Model, message: str) -> None:
    """An entry of the admin's log. It names the letter that a question is about, and has none of its words."""
    case = getattr(row, "case", None)
    LogEntry.objects.create(
        user=request.user,
        content_type=ContentType.objects.get_for_model(row),
        object_id=row.pk,
        object_repr=(f"{type(row)._meta.verbose_name} of {case}" if case else str(row))[:200],
        action_flag=CHANGE,
        change_message=message,
    )
