"""What tells programs about the site: robots.txt, sitemaps, the OpenSearch description."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.core.paginator import Page, Paginator
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from . import search, ways
from .models import Case

PART = 10_000  # addresses in one sitemap; the standard allows 50,000


class _Pages(Sitemap):
    """The pages that are always there, and those of every specialty, treatment, drug, procedure and guideline."""

    changefreq = "daily"

    def items(self) -> list[str]:
        lists = [kind.list_page for kind in ways.KINDS.values()]
        found = [reverse(page) for page in ("home", "decisions", *lists, "search-help", "about", "removals", "api")]
        with suppress(search.SearchUnavailable, search.SearchError):  # the values are back when the index is
            found += ways.pages()
        return found

    def location(self, item: str) -> str:
        return item


class _Parts(Paginator):
    """Letters by the range of their ids, so that every part costs the same and holds the same letters for ever."""

    def __init__(self) -> None:
        super().__init__((), PART)

    @property
    def num_pages(self) -> int:
        return (Case.objects.aggregate(Max("id"))["id__max"] or 0) // PART + 1

    def page(self, number: Any) -> Page:
        number = self.validate_number(number)
        rows = Case.objects.public().filter(id__gte=(number - 1) * PART, id__lt=number * PART)
        return Page(rows.order_by("id").only("id", "slug", "updated_at"), number, self)


class _Letters(Sitemap):
    """Every letter, with the day on which its record last changed."""

    @property
    def paginator(self) -> Paginator:
        return _Parts()

    def items(self) -> Sequence[Case]:
        return ()  # never asked for: the parts have the letters

    def lastmod(self, item: Case) -> datetime:
        return item.updated_at

    def get_latest_lastmod(self) -> None:
        """Not told for all letters: it would cost a look at each."""
        return


SITEMAPS: dict[str, type[Sitemap]] = {"pages": _Pages, "letters": _Letters}


def _rules() -> Iterator[str]:
    yield "User-agent: *"
    # Searches are without number; letters, and the pages that lead to them, are all in the sitemap.
    for path in ("/decisions/?*", "/decisions.", "/api/v1/", "/admin/", "/cases/*/report/"):
        yield f"Disallow: {path}"


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read (RFC 9309)."""
    lines = [*_rules(), "", f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """The description by which a browser offers the archive among its search engines."""
    base = f"{request.scheme}://{request.get_host()}"
    return render(request, "opensearch.xml", {"base": base}, "application/opensearchdescription+xml")
