"""What the pages of the review queue have in common: who may see them, what they ask for, what stands on each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from ..curation import jobs
from ..curation.queue import withheld
from ..curation.queue.deciding import ACTIONS
from ..curation.queue.kinds import KINDS, Kind, Waiting, open_kinds, waiting
from ..curation.queue.lists import Wanted, Whose
from ..curation.withheld_rows import without_withheld
from ..models import QueueAction, Queued

DECIDE, DECIDE_MANY, WITHHOLD = (f"determinations.{name}" for name in ("decide", "decide_many", "withhold"))
_LOOK = (DECIDE, "determinations.view_parseissue")
_PEOPLE = 200  # that are offered to be asked

View = Callable[..., HttpResponse]


def queue_page(*permissions: str) -> Callable[[View], View]:
    """A page of the queue, for who is logged in to the admin and has one of ``permissions`` (else: may look)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def allowed(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
            if not any(request.user.has_perm(one) for one in permissions or _LOOK):
                raise PermissionDenied
            return view(request, *arguments, **named)

        return admin.site.admin_view(allowed)

    return decorate


def kind_or_404(request: HttpRequest, slug: str) -> Kind:
    """The kind of an address. Raises Http404, also for a kind that this person may know nothing of."""
    found = open_kinds(request.user.has_perm).get(slug)
    if found is None:
        raise Http404("The queue has no such kind.")
    return found


def sees_withheld(request: HttpRequest) -> bool:
    """Whether this person may see questions of letters that are kept from the public."""
    return request.user.has_perm(WITHHOLD)


def counted(request: HttpRequest, kinds: Mapping[str, Kind]) -> dict[str, Waiting]:
    """How much of each kind waits that this person may see."""
    hidden = {} if sees_withheld(request) else withheld.waiting(kinds.values())
    return waiting(kinds, hidden)


def actions(request: HttpRequest) -> QuerySet[QueueAction]:
    """What was decided, without what only a job needs, of the kinds that this person may see."""
    rows = _of_open_kinds(request)
    return rows if sees_withheld(request) else without_withheld(rows)


def _of_open_kinds(request: HttpRequest) -> QuerySet[QueueAction]:
    closed = set(KINDS) - set(open_kinds(request.user.has_perm))
    rows = QueueAction.objects.filter(part_of=None).defer("changes", "planned").select_related("job")
    return rows.exclude(kind__in=closed) if closed else rows


def wanted(request: HttpRequest, kind: Kind) -> Wanted:
    """What the query string asks for; what cannot be understood is as if it were not there."""
    status, whose = request.GET.get("status", ""), request.GET.get("whose", "")
    return Wanted(
        kind=kind,
        by=request.user.get_username(),
        status=status if status in Queued.Status.values else Queued.Status.OPEN.value,
        whose=Whose(whose) if whose in set(Whose) else Whose.ANYONES,
        number=request.GET.get("number", "").replace("\0", "").strip()[:60] if kind.of_letter else "",
        withheld=sees_withheld(request),
    )


def query(asked: Wanted, **more: Any) -> str:
    """The query string that asks for the same."""
    status = "" if asked.status == Queued.Status.OPEN else asked.status
    values = {"status": status, "whose": asked.whose.value, "number": asked.number, **more}
    found = urlencode({name: value for name, value in values.items() if value})
    return f"?{found}" if found else ""


def after(request: HttpRequest) -> int:
    """The id that the list goes on after; 0 for its beginning."""
    text = request.GET.get("after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


def people(kind: Kind) -> list[str]:
    """Who can be asked: those who may log in here and see the kind, by the names they log in with."""
    users = get_user_model().objects.filter(is_active=True, is_staff=True).order_by("username")
    if not kind.needs:
        return list(users.values_list("username", flat=True)[:_PEOPLE])
    return [user.get_username() for user in users[:_PEOPLE] if kind.open_to(user.has_perm)]


def _last_of_today(request: HttpRequest) -> QueueAction | None:
    since = timezone.now() - timedelta(hours=12)
    own = {"made_by": request.user.get_username(), "undone_at": None, "made_at__gte": since}
    if not _of_open_kinds(request).filter(**own).exists():  # so that most pages need not look for withheld letters
        return None
    return actions(request).filter(**own).order_by("-id").first()


def show(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    """A page with what stands on all: the last decision of who looks, which can be undone."""
    last = _last_of_today(request) if request.user.has_perm(DECIDE) else None
    common = {
        "last": last,
        "last_done": ACTIONS[last.action].done if last and last.action in ACTIONS else "",
        "last_under_way": bool(last and last.job and last.job.state != jobs.State.DONE),
        "last_undoing": bool(last and last.job and last.job.name == jobs.UNDO),
        "last_kind": KINDS.get(last.kind) if last else None,
        "may_decide": request.user.has_perm(DECIDE),
        "may_decide_many": request.user.has_perm(DECIDE_MANY),
        "is_nav_sidebar_enabled": False,
    }
    context = {**admin.site.each_context(request), "title": title, **common, **context}
    return TemplateResponse(request, f"admin/determinations/queue/{template}.html", context)
