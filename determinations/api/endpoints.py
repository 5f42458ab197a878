"""The addresses of the API. What they answer is made by ``records``; ``shapes`` describes it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition
from ninja import NinjaAPI

from .. import facets, freshness, limiting, records, search, strict, withheld
from ..exports import dumps
from ..models import Case, DisputedItem
from . import paging, parameters, problems, shapes
from .vocabularies import VOCABULARIES, Vocabulary

DESCRIPTION = """Decisions of California Independent Medical Review as data, read-only and without a key.
Every search of the site can be asked here with the same parameters: values of one parameter widen a search, different
parameters narrow it. Unlike on a page, a parameter that cannot be understood is an error. Lists are in the order of
the page (letters always newest first) and are paged with cursors that stay good while letters come in. Answers carry an
ETag; ask again with If-None-Match. Fields are added in time, never renamed or taken away."""

api = NinjaAPI(
    title="IMR Archive",
    version="1",
    description=" ".join(DESCRIPTION.split()),
    urls_namespace="api-1",
    openapi_url=None,
    docs_url=None,
    servers=[{"url": "/api/v1"}],
)
api.add_exception_handler(strict.BadParameters, problems.bad_parameters)
api.add_exception_handler(limiting.TooMany, problems.too_many)
api.add_exception_handler(withheld.Withheld, problems.withheld_letter)
api.add_exception_handler(search.SearchUnavailable, problems.unavailable)
api.add_exception_handler(search.SearchError, problems.failed)

_SEARCH = parameters.of_search()
_PAGE = parameters.of_page()
_PAGE_NAMES = parameters.names(_PAGE)

View = Callable[..., HttpResponse]
Takes = list[parameters.Parameter]


def _answer(data: Any, **headers: str) -> HttpResponse:
    response = HttpResponse(dumps(data), content_type="application/json", headers=headers)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _base(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _get(
    path: str, shape: Any, *, takes: list[parameters.Parameter] | None = None, name: str
) -> Callable[[View], View]:
    """Declare an endpoint: counted against the client's limit, answered with 304 where nothing changed, compressed."""
    errors = {400, 429, 503} | ({404} if "{" in path else set()) | ({410, 451} if ":case}" in path else set())

    def declare(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
            limiting.count(request, "api")
            if not takes and (bad := strict.unknown(request, ())):
                raise strict.BadParameters(bad)
            return view(request, *arguments, **named)

        fresh = condition(etag_func=freshness.etag, last_modified_func=freshness.last_modified)(counted)
        extra = {"parameters": takes} if takes else None
        shapes_by_status = {200: shape, **dict.fromkeys(sorted(errors), shapes.Problem)}
        return api.get(path, response=shapes_by_status, url_name=name, operation_id=name, openapi_extra=extra)(
            gzip_page(fresh)
        )

    return declare


def _next(request: HttpRequest, cursor: str) -> str | None:
    if not cursor:
        return None
    query = request.GET.copy()
    query["cursor"] = cursor
    return f"{_base(request)}{request.path}?{query.urlencode()}"


def _page(results: list[records.Record], following: str | None, **more: Any) -> HttpResponse:
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    return _answer({**more, "results": results, "next": following}, **headers)


@_get("/decisions", shapes.Decisions, takes=_SEARCH + _PAGE, name="decisions")
def decisions(request: HttpRequest) -> HttpResponse:
    """Decisions that fit a search."""
    asked = strict.asked(request, _PAGE_NAMES, parameters.NOT_HERE)
    ranked = paging.is_ranked(asked)
    found = paging.decisions(asked, paging.place(request, ranked=ranked), ranked=ranked)
    results = records.decisions(found.item_ids, _base(request))
    return _page(results, _next(request, found.next), total=found.total)


@_get("/decisions/{slug:case}/{int:item}", shapes.Decision, name="decision")
def decision(request: HttpRequest, case: str, item: int) -> HttpResponse:
    """One decision, by its letter's name in addresses and its number in the letter."""
    if not 0 < item <= 32_767:  # the database's small number
        item = 0
    withheld.must_be_public(case.lower())
    found = get_object_or_404(DisputedItem.objects.public().only("id"), case__slug=case.lower(), position=item)
    return _answer(records.decisions([found.pk], _base(request))[0])


@_get("/cases", shapes.Cases, takes=_SEARCH + _PAGE, name="cases")
def cases(request: HttpRequest) -> HttpResponse:
    """Letters with a decision that fits a search, newest first, with all their decisions."""
    asked = strict.asked(request, _PAGE_NAMES, parameters.NOT_HERE)
    found = paging.cases(asked, paging.place(request, ranked=False))
    rows = records.cases(list(found.matching), _base(request))
    results = [rows[pk] | {"matching": sorted(fitting)} for pk, fitting in found.matching.items() if pk in rows]
    return _page(results, _next(request, found.next))


@_get("/cases/{slug:case}", shapes.Case, name="case")
def one_case(request: HttpRequest, case: str) -> HttpResponse:
    """One letter with all its decisions, by its name in addresses ("cm16-0990003")."""
    withheld.must_be_public(case.lower())
    found = get_object_or_404(Case.objects.public().only("id"), slug=case.lower())
    return _answer(records.cases([found.pk], _base(request))[found.pk])


@_get("/facets", shapes.Facets, takes=_SEARCH, name="facets")
def counted(request: HttpRequest) -> HttpResponse:
    """How many decisions of a search each value of each facet has, and how many decisions and letters there are."""
    asked = strict.asked(request, never=parameters.NOT_HERE)
    found = search.find(asked.query, limit=1)
    built = facets.build(asked, search.facets(asked.query))
    return _answer(
        {
            "total": {"decisions": found.decisions, "letters": found.letters},
            "facets": [
                {"name": one.name, "label": one.label, "values": [_value(value) for value in one.all]} for one in built
            ],
        }
    )


def _value(value: facets.Value) -> dict[str, Any]:
    return {
        "value": value.slug,
        "label": value.label,
        "count": value.count,
        "chosen": value.selected,
        "excluded": value.excluded,
        "children": [_value(child) for child in value.children],
    }


@_get("/vocabularies", shapes.Vocabularies, name="vocabularies")
def vocabularies(request: HttpRequest) -> HttpResponse:
    """The fixed lists of words that searches and records use."""
    return _answer({"vocabularies": [_named(one, _base(request)) for one in VOCABULARIES.values()]})


def _named(one: Vocabulary, base: str) -> dict[str, Any]:
    url = base + reverse("api-1:vocabulary", kwargs={"name": one.name})
    return {"name": one.name, "label": one.label, "parameter": one.parameter, "url": url}


@_get("/vocabularies/{slug:name}", shapes.Vocabulary, name="vocabulary")
def vocabulary(request: HttpRequest, name: str) -> HttpResponse:
    """The words of one vocabulary."""
    if name not in VOCABULARIES:
        return problems.problem(404, "There is no such vocabulary.")
    one = VOCABULARIES[name]
    return _answer({"name": one.name, "label": one.label, "parameter": one.parameter, "entries": one.entries()})
