"""Pages that change names: what would change is shown before, and each change can be taken back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from ..curation import naming, unresolved
from ..curation.names_state import DRUG, KINDS, Kind
from ..curation.withheld_rows import without_withheld
from ..models import NameChange, OldAddress
from .base import NothingOfWithheld, ReadOnlyAdmin
from .list_filters import known, same
from .name_forms import FORMS, KNOWN, PERMISSIONS, NameForm

_WITHHOLD = "determinations.withhold"
_A_PAGE = 25
_WHY_AT_MOST = 2_000
_TITLES = {
    "assign": "What {} stands for",
    "create": "A new {kind}",
    "join": "Join {} to another {kind}",
    "split": "Split a {kind} off {}",
    "rename": "Rename {}",
    "place": "Place {} elsewhere",
    "spell": "Another name of {}",
}


@admin.register(NameChange)
class NameChangeAdmin(NothingOfWithheld, ReadOnlyAdmin):
    """Changes of names, and the pages that make them."""

    list_display = ["summary", "kind", "names", "letters", "made_by", "made_at", "undone_at"]
    list_filter = ["kind", known("names", same(KINDS))]
    list_without = ("before", "after", "why")
    search_fields = ["summary"]
    change_form_template = "admin/determinations/name_change.html"

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site.admin_view
        own = [
            path("make/<slug:names>/<slug:action>/", site(self.change), name="names_change"),
            path("<int:pk>/undo/", site(self.undo), name="names_undo"),
            path("waiting/<slug:names>/", site(self.waiting), name="names_unresolved"),
            path("wording/<slug:names>/<int:pk>/", site(self.wording), name="names_wording"),
        ]
        return own + super().get_urls()

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        extra: dict[str, Any] = {}
        change = NameChange.objects.filter(pk=object_id).first() if (object_id or "").isdecimal() else None
        if change and not change.undone_at and request.user.has_perm(PERMISSIONS.get(change.kind, "")):
            extra["undo_url"] = reverse("admin:names_undo", args=[change.pk])
        return super().changeform_view(request, object_id, form_url, extra | (extra_context or {}))

    # ---- one change ----------------------------------------------------------------------------------------------

    def change(self, request: HttpRequest, names: str, action: str) -> HttpResponse:
        """A form; when it is filled in, what would change; and the change itself."""
        kind = _kind(names)
        if action not in FORMS or (action == "spell" and kind is not DRUG):
            raise Http404("There is no such change.")
        self._check(request, PERMISSIONS[action])
        told = request.POST if request.method == "POST" else request.GET
        subject = _subject(request, kind, action, told)
        filled = told.keys() - {"record", "wording", "csrfmiddlewaretoken"}
        form = FORMS[action](names, subject, told if filled else None)
        plan = self._plan(form) if filled and form.is_valid() else None
        if plan and request.method == "POST" and "stamp" in told:
            done = self._carry_out(request, plan, form)
            if done:
                return redirect("admin:determinations_namechange_change", done.change.pk)
            plan = self._plan(form)
        title = _TITLES[action].format(f"“{subject}”" if action == "assign" else subject, kind=kind.name)
        context = {
            "form": form,
            "names": names,
            "kind": kind,
            "known": KNOWN,
            "subject": subject,
            "subject_key": "wording" if subject and isinstance(subject, kind.wordings or ()) else "record",
            "places": unresolved.places(subject) if action == "assign" else [],
            **self._shown(plan, form),
        }
        return self._page(request, "admin/determinations/names_change.html", title, context)

    def undo(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What undoing a change would change, and doing it."""
        change = get_object_or_404(self.get_queryset(request), pk=pk)
        self._check(request, PERMISSIONS.get(change.kind, "determinations.edit_names"))
        back = redirect("admin:determinations_namechange_change", pk)
        try:
            plan = naming.undo(change)
        except naming.Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return back
        if request.method == "POST" and self._carry_out(request, plan, None):
            return back
        title = f"Undo: {change.summary}"
        try:
            shown = _shown(plan)
        except naming.Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return back
        return self._page(request, "admin/determinations/names_change.html", title, {"change": change, **shown})

    def _shown(self, plan: naming.Plan | None, form: NameForm) -> dict[str, Any]:
        try:
            return _shown(plan)
        except naming.Refused as refused:
            form.add_error(None, str(refused))
            return {}

    def _plan(self, form: NameForm) -> naming.Plan | None:
        try:
            return form.plan()
        except naming.Refused as refused:
            form.add_error(None, str(refused))
            return None

    def _carry_out(self, request: HttpRequest, plan: naming.Plan, form: NameForm | None) -> naming.Done | None:
        """Make a change that was looked at; None, with a message, if that is no longer possible."""
        why = request.POST.get("why", "")[:_WHY_AT_MOST]
        try:
            done = plan.carry_out(by=request.user.get_username(), why=why, seen=request.POST.get("stamp"))
        except naming.Stale:
            text = "The names have changed since you looked. Nothing was done; this is how it would be now."
            self.message_user(request, text, messages.WARNING)
            return None
        except naming.Refused as refused:
            if form:
                form.add_error(None, str(refused))
            else:
                self.message_user(request, str(refused), messages.ERROR)
            return None
        self._tell(request, plan, done)
        return done

    def _tell(self, request: HttpRequest, plan: naming.Plan, done: naming.Done) -> None:
        self.log_change(request, done.change, f"{plan.summary}. {done.why}".strip()[:2_000])
        text = f"{plan.summary}: {done.change.letters:,} letter(s)."
        if done.followed.job or done.job:
            text += " Searches follow in the background; the page of jobs says how far that is."
        self.message_user(request, text, messages.SUCCESS)

    # ---- wordings that wait ----------------------------------------------------------------------------------------

    def waiting(self, request: HttpRequest, names: str) -> HttpResponse:
        """Wordings that stand for nothing, those in the most letters first; a click on a suggestion assigns."""
        kind = _kind(names)
        self._check(request, PERMISSIONS["assign"])
        if kind.wordings is None:
            raise Http404("These names have no wordings.")
        address = reverse("admin:names_unresolved", args=[names])
        words = request.GET.get("q", "")[:100].replace("\0", " ")
        if request.method == "POST":
            return self._assign(request, kind, address)
        found = unresolved.ranked(names, words, withheld=request.user.has_perm(_WITHHOLD))
        page = Paginator(found, _A_PAGE).get_page(request.GET.get("p"))
        context = {
            "rows": unresolved.with_suggestions(names, page.object_list),
            "page": page,
            "names": names,
            "kind": kind,
            "words": words,
            "most": unresolved.MOST,
            "known": KNOWN,
            "known_names": [str(row) for row in kind.model.objects.all()],
            "may_edit": request.user.has_perm("determinations.edit_names"),
            "query": urlencode({"q": words}) if words else "",
            "others": [other for other in KINDS.values() if other.wordings and other is not kind],
        }
        title = f"Wordings that wait: {kind.several}"
        return self._page(request, "admin/determinations/names_waiting.html", title, context)

    def _assign(self, request: HttpRequest, kind: Kind, address: str) -> HttpResponse:
        """One wording to one record, by a suggestion's button or a typed name; then the same list again."""
        query = {key: request.POST[key][:100] for key in ("q", "p") if request.POST.get(key)}
        back = HttpResponseRedirect(f"{address}?{urlencode(query)}" if query else address)
        wording = _row(request, kind.wordings, request.POST.get("wording", ""))
        record = request.POST.get("record", "")
        typed = str(_row(request, kind.model, record)) if record else request.POST.get("into", "")
        form = FORMS["assign"](kind.name, wording, {"into": typed or "—"})
        plan = self._plan(form) if form.is_valid() else None
        if plan is None:
            for error in [one for some in form.errors.values() for one in some]:
                self.message_user(request, f"“{wording}”: {error}", messages.ERROR)
            return back
        try:
            done = plan.carry_out(by=request.user.get_username())
        except (naming.Stale, naming.Refused) as error:
            self.message_user(request, str(error) or "Somebody else was quicker; look again.", messages.ERROR)
            return back
        self._tell(request, plan, done)
        return back

    def wording(self, request: HttpRequest, names: str, pk: int) -> HttpResponse:
        """One wording: where it stands, what it may stand for, and the form that says it."""
        kind = _kind(names)
        if kind.wordings is None:
            raise Http404("These names have no wordings.")
        _row(request, kind.wordings, str(pk))
        return HttpResponseRedirect(f"{reverse('admin:names_change', args=[names, 'assign'])}?wording={pk}")

    # ---- for all pages -------------------------------------------------------------------------------------------

    def _check(self, request: HttpRequest, permission: str) -> None:
        if not request.user.has_perm(permission):
            raise PermissionDenied

    def _page(self, request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> TemplateResponse:
        own = self.admin_site.each_context(request)
        return TemplateResponse(request, template, {**own, "title": title, "opts": self.opts, **context})


@admin.register(OldAddress)
class OldAddressAdmin(ReadOnlyAdmin):
    """Addresses that names had."""

    list_display = ["slug", "now", "names", "made_at"]
    list_filter = [known("names", same(KINDS))]
    search_fields = ["slug", "now"]


def _kind(names: str) -> Kind:
    if names not in KINDS:
        raise Http404("There are no such names.")
    return KINDS[names]


def _row(request: HttpRequest, model: Any, pk: str) -> Any:
    """A row that this person may see."""
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        raise Http404("There is nothing of that number.")
    rows = model.objects.all()
    return get_object_or_404(rows if request.user.has_perm(_WITHHOLD) else without_withheld(rows), pk=int(pk))


def _subject(request: HttpRequest, kind: Kind, action: str, told: Any) -> Any:
    """The record or wording that is to be changed; None for a new record of no wording."""
    if action in ("assign", "create") and told.get("wording") and kind.wordings:
        return _row(request, kind.wordings, told["wording"])
    if action == "create":
        return None
    if action == "assign":
        raise Http404("Say which wording.")
    return _row(request, kind.model, told.get("record", ""))


def _shown(plan: naming.Plan | None) -> dict[str, Any]:
    return {"plan": plan, "preview": plan.preview(), "stamp": plan.stamp} if plan else {}
