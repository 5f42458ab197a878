"""The pages to browse by: lists of all values, and a page for each."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from . import drugs, search
from .labels import load_labels
from .ways import KINDS, Kind, Order, listing, portrait


@require_safe
def values(request: HttpRequest, facet: str) -> HttpResponse:
    """All values of a kind; ``?sort=`` decisions, rate or name."""
    kind = KINDS[facet]
    asked = request.GET.get("sort") or Order.DECISIONS.value
    known = asked in {order.value for order in Order}
    try:
        found = listing(kind, Order(asked) if known else Order.DECISIONS)
    except search.SearchUnavailable:
        return _unavailable(request, kind, kind.title)
    context = {
        "listing": found,
        "orders": list(Order),
        "problem": "" if known else f"“{asked[:60]}” is no order of this list; the usual one is shown.",
    }
    return _page(request, kind, "determinations/values.html", context)


@require_safe
def value(request: HttpRequest, facet: str, slug: str) -> HttpResponse:
    """One value in numbers."""
    kind, known = KINDS[facet], load_labels()[facet]
    if slug not in known.by_slug:
        if slug.lower() in known.by_slug:
            return redirect(kind.page, slug=slug.lower(), permanent=True)
        current = known.current(slug.lower()) or (drugs.called(slug) if facet == "drug" else None)
        if current:
            # Not for good: a name that is given back must not be led away by what a browser remembers.
            return redirect(kind.page, slug=current)
        raise Http404(f"The archive knows no {kind.one.lower()} of this address.")
    try:
        found = portrait(kind, slug)
    except search.SearchUnavailable:
        return _unavailable(request, kind, known[known.by_slug[slug]].name)
    return _page(request, kind, "determinations/value.html", {"portrait": found})


def _unavailable(request: HttpRequest, kind: Kind, name: str) -> HttpResponse:
    return _page(request, kind, "determinations/values_unavailable.html", {"name": name}, status=503)


def _page(request: HttpRequest, kind: Kind, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """``nav`` is the part of the site that the page belongs to."""
    within = KINDS[kind.within] if kind.within else None
    nav = (within or kind).list_page
    return render(request, template, {"kind": kind, "within": within, "nav": nav, **context}, status=status)
