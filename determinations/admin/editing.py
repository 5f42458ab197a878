"""The page on which a letter is corrected, beside its text, and the one that tells its history."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from .. import source_text
from ..curation import following, history
from ..curation.correcting import Stale, restore
from ..curation.editing import LetterForm, told
from ..models import Case, LetterSource
from .privacy import may_redact, may_withhold, ways

CORRECT = "determinations.correct"


class Editing(admin.ModelAdmin):
    """Mixed into the admin of cases: the form beside the text, and the history."""

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The form; a POST saves what was changed, or goes back on one correction (``revert``)."""
        case = self._letter(request, object_id)
        if not self.has_view_permission(request, case):
            raise PermissionDenied
        if request.method == "POST":
            if not request.user.has_perm(CORRECT):
                raise PermissionDenied
            form = LetterForm(case, request.POST)
            if self._saved(request, form):
                return HttpResponseRedirect(_next(request) or request.get_full_path())
        else:
            form = LetterForm(case)
        source = case.current_source
        context = {
            **self.admin_site.each_context(request),
            **(extra_context or {}),
            "title": f"Correct {case.name}",
            "opts": self.opts,
            "case": case,
            "form": form,
            "marked": source_text.marked(source),
            "source": source,
            "next": _next(request),
            "may_correct": request.user.has_perm(CORRECT),
            "privacy": ways(case) if may_withhold(request) and may_redact(request) else "",
            "questions": case.issues.exclude(status__in=("dismissed", "settled")),
        }
        return TemplateResponse(request, "admin/determinations/edit.html", context)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """To correct is to change what is shown, never what was read."""
        return request.user.has_perm(CORRECT)

    def _letter(self, request: HttpRequest, object_id: str) -> Case:
        """The letter, if this person may see it. Raises Http404."""
        if not (object_id.isascii() and object_id.isdigit() and len(object_id) < 19):
            raise Http404("There is no such letter.")
        rows = self.get_queryset(request).filter(sources__status=LetterSource.Status.CURRENT)
        found: Case = get_object_or_404(rows, pk=int(object_id))
        return found

    def _saved(self, request: HttpRequest, form: LetterForm) -> bool:
        """Do what a form asks for; whether it is done. What went wrong stands in the form."""
        by = request.user.get_username()
        try:
            if revert := request.POST.get("revert"):
                gone = form.revert(revert, by)
                self._done(request, form.case, f"Went back on {told(gone)}.")
            else:
                made = form.save(by)
                lines = "; ".join(map(told, made)) or "what the letter says"
                self._done(request, form.case, f"Corrected {lines}. {form.why}")
        except Stale as stale:
            names = sorted({one.retired_by or one.made_by for one in stale.since}) or ["An ingest"]
            form.errors.append(
                f"Nothing was saved: {', '.join(names)} changed this letter after you had opened it. Your changes are"
                " still here; look at those that are marked, and save again."
            )
            return False
        except ValidationError as error:
            form.errors += error.messages
            return False
        return True

    def _done(self, request: HttpRequest, case: Case, message: str) -> None:
        self.log_change(request, case, message)
        self.message_user(request, message[:500], messages.SUCCESS)
        following.follow_marked(by=request.user.get_username())

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Every version of a letter with what it changed; a POST restores one (``version``)."""
        case = self._letter(request, object_id)
        if not self.has_view_permission(request, case):
            raise PermissionDenied
        if request.method == "POST":
            if not request.user.has_perm(CORRECT):
                raise PermissionDenied
            self._restore(request, case)
            return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {case.name}",
            "opts": self.opts,
            "case": case,
            "versions": history.versions(case),
            "sources": case.sources.defer("compressed", "extracted").order_by("-version"),
            "may_correct": request.user.has_perm(CORRECT),
        }
        return TemplateResponse(request, "admin/determinations/history.html", context)

    def _restore(self, request: HttpRequest, case: Case) -> None:
        try:
            wanted = history.version(case, int(request.POST.get("version", "")))
        except (KeyError, ValueError) as error:
            raise Http404("There is no such version.") from error
        why = request.POST.get("why", "").strip() or f"Version {wanted.number} restored."
        restore(case.pk, wanted.active, why=why, by=request.user.get_username())
        self._done(request, case, f"Version {wanted.number} restored. {why}")


def _next(request: HttpRequest) -> str:
    """Where to go after saving: an address of this site, given by the page that led here."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if allowed and wanted.startswith(reverse("admin:index")) else ""
