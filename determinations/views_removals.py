"""The log of what was removed, and the form to ask for it: the only page of the public site that takes anything."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from . import limiting, removals
from .refusing import answered


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Dates and grounds of what was withheld and redacted; ``?page=2``."""
    return render(request, "determinations/removals.html", {"page": removals.log(request.GET.get("page", "1"))})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@csrf_protect
@answered
def ask(request: HttpRequest) -> HttpResponse:
    """The form for a request, and what becomes of it."""
    form = removals.RequestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        limiting.count(request, "requests")
        if form.is_valid() and form.keep():
            return redirect("removal-thanks")
    return render(request, "determinations/removal_request.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """The request was received."""
    return render(request, "determinations/removal_thanks.html")
