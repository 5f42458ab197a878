"""Pages for what is not answered: an unusable address, a client that asks too often, no index, a withheld letter."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from . import limiting, search, strict, withheld

View = Callable[..., HttpResponseBase]


def too_many(request: HttpRequest, error: limiting.TooMany) -> HttpResponse:
    """The page for a client that asked too often: status 429."""
    response = render(request, "429.html", {"message": str(error)}, status=429)
    response["Retry-After"] = str(error.seconds)
    return response


def shows_a_letter(view: View) -> View:
    """Answer 410 or 451 for a letter that is withheld (the view's ``slug``), whatever else the address asks for."""

    @wraps(view)
    def answer(request: HttpRequest, slug: str, *arguments: Any, **named: Any) -> HttpResponseBase:
        try:
            withheld.must_be_public(slug.lower())
        except withheld.Withheld as error:
            response = render(request, "withheld.html", {"message": str(error)}, status=error.status)
            patch_cache_control(response, no_store=True)
            return response
        return view(request, slug, *arguments, **named)

    return answer


def _words(message: str, status: int) -> HttpResponse:
    return HttpResponse(message + "\n", status=status, content_type="text/plain; charset=utf-8")


def answered(view: View) -> View:
    """Turn what can go wrong with a search into answers: 400, 429, 500, 503."""

    @wraps(view)
    def answer(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        try:
            return view(request, *arguments, **named)
        except strict.BadParameters as error:
            return render(request, "400.html", {"problems": error.problems}, status=400)
        except limiting.TooMany as error:
            return too_many(request, error)
        except search.SearchUnavailable:
            response = _words("The search index is being built. Please try again in a moment.", 503)
            response["Retry-After"] = "30"
            return response
        except search.SearchError:
            return _words("This search could not be answered. Please try other words.", 500)

    return answer
