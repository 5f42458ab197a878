"""Addresses that give a result set away: as a file, and as a feed of what is newest in it."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

from . import exports, feeds, freshness, limiting, search, strict
from .refusing import answered

_places = limiting.Places()


def base(request: HttpRequest) -> str:
    """Scheme and host of the site, for whole addresses."""
    return f"{request.scheme}://{request.get_host()}"


class _Sending:
    """The pieces of an export while they are sent; its place is given back when the sending ends, however it does."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        if self._open:
            self._open = False
            _places.give_back()


def _file_name(words: str, suffix: str) -> str:
    """As "imr-decisions-physical-therapy-2026-01-31.csv"."""
    parts = ("imr-decisions", slugify(words)[:40].strip("-"), f"{timezone.localdate():%Y-%m-%d}")
    return "-".join(filter(None, parts)) + f".{suffix}"


@require_safe
@gzip_page
@answered
@condition(etag_func=freshness.etag, last_modified_func=freshness.last_modified)
def export(request: HttpRequest, suffix: str) -> HttpResponseBase:
    """The whole result set as a file, sent while it is read."""
    format = exports.FORMATS[suffix]
    asked = strict.asked(request)
    limiting.count(request, "exports")
    headers = {
        "Content-Disposition": f'attachment; filename="{_file_name(asked.words, suffix)}"',
        "X-Content-Type-Options": "nosniff",
    }
    if request.method == "HEAD":
        headers["X-Total-Count"] = str(search.walk(asked.query).total)
        return StreamingHttpResponse((), content_type=format.content_type, headers=headers)
    _places.take(settings.EXPORTS_AT_ONCE)
    try:
        made = exports.export(asked.query, format, base(request))
    except BaseException:
        _places.give_back()
        raise
    headers["X-Total-Count"] = str(made.total)
    # Compressed against BREACH with a changing length by Django; there is no secret in it anyway.
    return StreamingHttpResponse(_Sending(made.pieces), content_type=format.content_type, headers=headers)


@require_safe
@gzip_page
@answered
@condition(etag_func=freshness.etag, last_modified_func=freshness.last_modified)
def feed(request: HttpRequest) -> HttpResponse:
    """The newest decisions of a search as an Atom feed."""
    asked = strict.asked(request)
    limiting.count(request, "api")
    content = feeds.atom(asked, base(request), request.get_full_path())
    return HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
