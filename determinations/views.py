"""The public pages: read the address, ask, show. Everything here is read-only."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from . import (
    browsing,
    facets,
    histogram,
    limiting,
    reading,
    reports,
    results,
    search,
    source_text,
    statistics,
    suggestions,
)
from .asking import examples
from .filters import DecisionFilter, ValueListForm
from .labels import FACETS, load_labels
from .models import Case, DisputedItem, LetterSource
from .reading.comparing import comparison
from .refusing import answered, shows_a_letter

# The parameters of a search that no facet stands for; the facets tell their problems themselves.
_OWN_PARAMETERS = ("q", "since", "until", "sort", "per", "page")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, what is in it, and ways in."""
    try:
        overview = statistics.overview()
    except (search.SearchUnavailable, search.SearchError):
        return _page(request, "determinations/home.html", {"overview": None}, status=503)
    labels = load_labels()
    documents = [way for family in results.ways_in(overview, labels, "guideline") for way in family.children]
    context = {
        "overview": overview,
        "specialties": results.ways_in(overview, labels, "specialty", most=10),
        "treatments": results.ways_in(overview, labels, "treatment"),
        "guidelines": sorted(documents, key=lambda way: -way.rate.decisions)[:10],
        "years": results.years(overview, labels),
    }
    return _page(request, "determinations/home.html", context)


@require_safe
@answered
def decisions(request: HttpRequest) -> HttpResponse:
    """Search results with facets; the address is the whole state."""
    asked = DecisionFilter(request.GET)
    if asked.page_number > settings.DEEP_PAGE:
        limiting.count(request, "deep_pages")
    try:
        found, counts = results.page(asked, asked.page_size)
        context = {
            "filter": asked,
            "found": found,
            "canonical": asked.page_address(found.number),
            "rate": statistics.rate(counts["outcome"]),  # a choice of outcome does not count here
            "archive": statistics.archive_rate(),
            "understood": browsing.understood(asked),
            "ways_out": [] if found.decisions else browsing.ways_out(asked),
            "histogram": histogram.histogram(asked, counts["year"]),
            "facets": facets.build(asked, counts),
            "chips": facets.chips(asked),
            "sorts": facets.orders(asked),
            "sizes": facets.page_sizes(asked),
            "problems": [problem for name in _OWN_PARAMETERS for problem in asked.problems(name)],
        }
    except search.SearchUnavailable:
        return _page(request, "determinations/decisions.html", {"filter": asked, "unavailable": True}, status=503)
    except search.SearchError:
        return _page(request, "determinations/decisions.html", {"filter": asked, "failed": True}, status=500)
    return _page(request, "determinations/decisions.html", context)


@require_safe
def facet_values(request: HttpRequest, name: str) -> HttpResponse:
    """All values of one facet of a search: ``?find=…`` those of a name, ``?order=name`` or ``count``."""
    if name not in FACETS:
        raise Http404("There is no such list.")
    asked = DecisionFilter(request.GET)
    find, order = ValueListForm(request.GET).asked()
    context = {"filter": asked, "name": name, "label": FACETS[name], "find": find, "order": order}
    try:
        context["values"] = facets.whole(asked, name, search.facets(asked.query)[name], find, order)
    except (search.SearchUnavailable, search.SearchError):
        return _page(request, "determinations/facet_values.html", context | {"unavailable": True}, status=503)
    return _page(request, "determinations/facet_values.html", context)


@require_safe
def search_help(request: HttpRequest) -> HttpResponse:
    """The language of the search box by examples."""
    return _page(request, "determinations/search_help.html", {"sections": examples.sections()})


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """What the beginning of a word in the search box may become: ``?q=…``."""
    typed = request.GET.get("q", "")[: suggestions.MAX_LENGTH]
    try:
        found = suggestions.suggest(typed)
    except (search.SearchUnavailable, search.SearchError):
        return JsonResponse({"suggestions": []}, status=503)
    response = JsonResponse({"suggestions": [asdict(one) for one in found]})
    if any(one.url.startswith(reverse("cases")) for one in found):
        patch_cache_control(response, no_store=True)  # a letter that is withheld is gone at once, also from caches
    else:
        patch_cache_control(response, public=True, max_age=300)
    return response


@require_safe
@shows_a_letter
def case(request: HttpRequest, slug: str) -> HttpResponse:
    """One letter: its decisions with both sides' guidelines and reasons, the summary, the way back to the search."""
    if slug != slug.lower():
        return redirect("case", slug=slug.lower(), permanent=True)
    try:
        page = reading.case_page(slug, request.GET, site=request.build_absolute_uri("/").rstrip("/"))
    except Case.DoesNotExist as missing:
        raise Http404 from missing
    return _page(request, "determinations/case.html", {"page": page, "case": page.case})


@require_safe
@shows_a_letter
def case_similar(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Decisions like one of a letter's, in two columns: those that were overturned, and those that were upheld."""
    try:
        page = reading.similar_page(slug.lower(), position)
    except DisputedItem.DoesNotExist as missing:
        raise Http404 from missing
    context = {"page": page, "item": page.item, "case": page.item.case}
    return _page(request, "determinations/similar.html", context, status=503 if page.similar is None else 200)


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Decisions side by side: ``?item=cm16-0990003/1&item=…``, four at most."""
    return _page(request, "determinations/compare.html", {"comparison": comparison(request.GET.getlist("item"))})


@require_safe
@shows_a_letter
def case_source(request: HttpRequest, slug: str) -> HttpResponse:
    """The letter's text with the words of every value marked; ``?version=1`` for an earlier version."""
    if slug != slug.lower():
        return redirect("case-source", slug=slug.lower(), permanent=True)
    letter = get_object_or_404(Case.objects.public().prefetch_related("redactions"), slug=slug)
    shown = _version(request, letter)
    context = {
        "case": letter,
        "source": shown,
        "sources": list(letter.sources.defer("compressed").order_by("-version")),
        "marked": source_text.marked(shown),
        "redacted": bool(letter.redacted_words),
    }
    return _page(request, "determinations/source.html", context)


@require_safe
@shows_a_letter
def case_text(request: HttpRequest, slug: str) -> HttpResponse:
    """The letter's text and nothing else, as it is kept; ``?version=1`` for an earlier version."""
    shown = _version(request, get_object_or_404(Case.objects.public(), slug=slug.lower()))
    text = shown.text.encode("utf-8", errors="replace")
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers={"X-Content-Type-Options": "nosniff"})


def _version(request: HttpRequest, letter: Case) -> LetterSource:
    """The version of a letter that is asked for, else the current one. Raises Http404 if there is none such."""
    version = request.GET.get("version", "")
    if not version:
        return letter.current_source
    if not (version.isascii() and version.isdigit() and len(version) <= 5 and not version.startswith("0")):
        raise Http404("There is no such version of this letter.")
    return get_object_or_404(letter.sources, version=int(version))


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the archive is and is not."""
    try:
        overview = statistics.overview()
    except (search.SearchUnavailable, search.SearchError):
        overview = None
    return _page(request, "determinations/about.html", {"overview": overview, "reports": reports.tally()})


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether the database and the search index answer: status 200, or 503 if one does not."""
    checks = {"database": _database_answers(), "search": _search_answers()}
    healthy = all(checks.values())
    response = JsonResponse({"status": "ok" if healthy else "failing", **checks}, status=200 if healthy else 503)
    patch_cache_control(response, no_store=True)
    return response


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _search_answers() -> bool:
    try:
        search.find(search.DecisionQuery(), limit=1)
    except (search.SearchUnavailable, search.SearchError):
        return False
    return True


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    if status == 503:
        response["Retry-After"] = "60"
        patch_cache_control(response, no_store=True)
    return response
