"""Errors of the API as problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from .. import limiting, search, strict, withheld

PREFIX = "/api/v1/"
CONTENT_TYPE = "application/problem+json"


def problem(status: int, detail: str, **more: Any) -> JsonResponse:
    """An error answer; ``more``: further members."""
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return JsonResponse(content, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False})


def bad_parameters(request: HttpRequest, error: strict.BadParameters) -> HttpResponse:
    """400, with every parameter that cannot be used."""
    errors = [{"parameter": one.parameter, "message": one.message} for one in error.problems]
    return problem(400, str(error), errors=errors)


def too_many(request: HttpRequest, error: limiting.TooMany) -> HttpResponse:
    """429, with the seconds to wait."""
    response = problem(429, str(error))
    response["Retry-After"] = str(error.seconds)
    return response


def withheld_letter(request: HttpRequest, error: withheld.Withheld) -> HttpResponse:
    """410 or 451 for a letter that is withheld."""
    return problem(error.status, str(error))


def unavailable(request: HttpRequest, error: search.SearchUnavailable) -> HttpResponse:
    """503 while there is no index."""
    response = problem(503, "The search index is being built. Please try again in a moment.")
    response["Retry-After"] = "30"
    return response


def failed(request: HttpRequest, error: search.SearchError) -> HttpResponse:
    """500 where the engine could not answer."""
    return problem(500, "This search could not be answered. Please try other words.")


_DETAILS = {
    400: "The address cannot be read.",
    404: "There is nothing at this address.",
    405: "The API is read-only: GET, HEAD and OPTIONS.",
    500: "Something went wrong here; it has been noted.",
}


class ApiMiddleware:
    """What holds for everything below /api/v1/, also where Django answers by itself.

    Every error is a problem document, and HEAD is answered as GET without the body.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self._get_response(request)
        head = request.method == "HEAD"
        if head:
            request.method = "GET"
        response = self._get_response(request)
        if response.status_code >= 400 and response.get("Content-Type") != CONTENT_TYPE:
            response = _as_problem(response)
        if head:
            request.method = "HEAD"
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        return response


def _as_problem(page: HttpResponse) -> HttpResponse:
    answer = problem(page.status_code, _DETAILS.get(page.status_code, page.reason_phrase))
    if "Allow" in page:
        answer["Allow"] = "GET, HEAD, OPTIONS"
    return answer
