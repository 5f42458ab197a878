"""What the curators' pages are asked for when they are measured: lists, filters and their combinations, searches, rows.

Lists, filters and rows are those that the admin has by now. Searches are a table: what people type who look for a
letter, a wording or somebody's work, with what finds very much and what finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any
from urllib.parse import parse_qsl, urlencode

_NUMBERS = ("CM17-1000123", "cm17-10", "CM1", "CM99", "1000123", "zzz")
_WORDS = ("MTUS", "Official", "Chronic Pain Medical Treatment Guidelines", "q")
# By model: what is typed in the search of its list. Of all others, _OTHERS.
_SEARCHES = {
    "case": (*_NUMBERS, "letter-0"),
    "disputeditem": _NUMBERS,
    "lettersource": _NUMBERS,
    "parseissue": _NUMBERS,
    "guidelinecitation": _WORDS,
    "guidelinewording": _WORDS,
    "guideline": _WORDS,
    "credentialwording": ("Family", "Medicine", "zzz"),
    "reviewer": ("Family", "Physical Medicine", "zzz"),
    "reviewercredential": ("Family", "Physical Medicine", "zzz"),
}
_OTHERS = ("CM17-1", "a")
# Combinations that are found seldom or never: with these a list may have to look through everything.
_COMBINED = {
    "case": ({"priority__exact": "Expedited", "q": "CM13"}, {"priority__exact": "Expedited", "q": "CM17-1000123"}),
    "disputeditem": (
        {"outcome__exact": "Upheld", "finding__exact": "not necessary", "contradicts__exact": "1"},
        {"outcome__exact": "Overturned", "finding__exact": "partly necessary", "category": "none"},
        {"outcome__exact": "Overturned", "contradicts__exact": "1", "q": "CM13"},
        {"finding__exact": "unclear", "q": "CM1"},
    ),
    "parseissue": ({"status__exact": "settled", "severity__exact": "error", "code": "no-header"},),
    "guidelinecitation": ({"side__exact": "reviewer", "mtus__exact": "1", "q": "q"},),
}
_PLACES = (  # of lists that are paged by key: just behind the newest rows, in the middle, at the end
    ("after", 0.9), ("after", 0.5), ("before", 0.5), ("after", 0.00001),
)  # fmt: skip


def addresses(client: Any) -> Iterator[str]:
    """Everything that is asked for, with ``client`` that is logged in and asks which filters lists have."""
    from django.contrib import admin

    yield "/admin/"
    yield from _queue()
    for model, registered in admin.site._registry.items():
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        if _allowed(client, model):
            yield from _lists(client, base, model, registered)
            yield from _rows(base, model)
    yield from _letter()
    yield from _names()


def _user(client: Any) -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(pk=client.session["_auth_user_id"])


def _allowed(client: Any, model: Any) -> bool:
    return bool(_user(client).has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}"))


def _lists(client: Any, base: str, model: Any, registered: Any) -> Iterator[str]:
    """A list, its later pages, each choice of each filter, choices of two filters together, and searches."""
    yield base
    yield f"{base}?p=100"
    last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    if isinstance(last, int) and last > 10_000:
        for name, place in _PLACES:
            yield f"{base}?{urlencode({name: int(last * place) + 1})}"
        yield f"{base}?o=1"
    name = model._meta.model_name
    specs = [_choices(filter_class) for filter_class in _filters(client, registered)]
    for choices in specs:
        yield from (f"{base}?{urlencode(one)}" for one in choices)
        yield from (f"{base}?{urlencode({**one, 'after': last // 2})}" for one in choices[:1] if isinstance(last, int))
    for one, other in combinations(specs, 2):
        for first, second in {(0, 0), (0, -1), (-1, 0), (-1, -1)}:
            yield f"{base}?{urlencode({**one[first], **other[second]})}"
    if registered.search_fields:
        yield from (f"{base}?{urlencode({'q': words})}" for words in _SEARCHES.get(name, _OTHERS))
    yield from (f"{base}?{urlencode(one)}" for one in _COMBINED.get(name, ()))


def _filters(client: Any, model_admin: Any) -> list[list[str]]:
    """The query strings that the filters of a list offer."""
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.user = _user(client)
    found = (_offered(one, request, model_admin) for one in model_admin.get_list_filter(request))
    return [one for one in found if one]


def _offered(one: Any, request: Any, model_admin: Any) -> list[str]:
    """The query strings of a filter, made without its list."""
    from django.contrib.admin import FieldListFilter
    from django.contrib.admin.utils import get_fields_from_path

    class _List:
        """As much of a list as filters ask for."""

        add_facets = False

        def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
            return "?" + urlencode({key: value for key, value in (new_params or {}).items() if value is not None},
                                   doseq=True)  # fmt: skip

    if callable(one):
        spec = one(request, {}, model_admin.model, model_admin)
    else:
        path, kind = one if isinstance(one, tuple) else (one, FieldListFilter.create)
        field = get_fields_from_path(model_admin.model, path)[-1]
        spec = kind(field, request, {}, model_admin.model, model_admin, field_path=path)
    return [choice["query_string"] for choice in spec.choices(_List())] if spec.has_output() else []


def _choices(strings: list[str]) -> list[dict[str, str]]:
    """What a filter offers but for "all": at most the first and the last dozen."""
    found = [dict(parse_qsl(one.removeprefix("?"), keep_blank_values=True)) for one in strings]
    found = [one for one in found if one] or [{}]
    return found if len(found) <= 24 else found[:12] + found[-12:]


def _rows(base: str, model: Any) -> Iterator[str]:
    """The pages of the newest row, of one in the middle, and of one that is not there."""
    last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    if last is None:
        return
    yield f"{base}{last}/change/"
    yield f"{base}{last}/history/"
    if isinstance(last, int):
        between = model._default_manager.filter(pk__gte=last // 2).order_by("pk").values_list("pk", flat=True).first()
        yield f"{base}{between}/change/"
        yield f"{base}{last + 1_000}/change/"


def _queue() -> Iterator[str]:
    """The review queue: each kind with its filters, a later page and a question."""
    from determinations.curation.queue.kinds import waiting

    yield "/admin/queue/"
    yield "/admin/queue/growth/"
    yield "/admin/queue/done/"
    for one in waiting().values():
        base = f"/admin/queue/{one.kind.slug}/"
        yield base
        if one.open:
            ids = one.kind.rows().filter(status="open").order_by("pk").values_list("pk", flat=True)
            some = list(ids[:200])
            yield f"{base}?after={some[-1]}"
            yield f"{base}?whose=mine"
            yield f"{base}?whose=unassigned"
            yield f"{base}?status=settled"
            yield f"{base}{some[0]}/"
            if one.kind.of_letter:
                yield f"{base}?number=CM17-1000123"
        if one.kind.whole:
            yield f"/admin/queue/growth/?kind={one.kind.slug}"


def _letter() -> Iterator[str]:
    """Correcting a letter, its history, its original, and choosing one for a decision on privacy."""
    from determinations.models import Case

    for case in (Case.objects.order_by("id").first(), Case.objects.order_by("-id").first()):
        base = f"/admin/determinations/case/{case.pk}/"
        yield from (f"{base}{page}/" for page in ("change", "history", "original"))
        for name in ("withholding", "redaction"):
            yield f"/admin/determinations/{name}/add/?case={case.pk}"
    for name, column in (("withholding", "case"), ("redaction", "case"), ("disputeditem", "case"),
                         ("guidelinewording", "guideline"), ("disputeditem", "filed_under")):  # fmt: skip
        for term in ("", "CM17-10", "CM13", "zzz"):
            given = {"app_label": "determinations", "model_name": name, "field_name": column, "term": term}
            yield f"/admin/autocomplete/?{urlencode(given)}"
            yield f"/admin/autocomplete/?{urlencode({**given, 'page': 2})}"


def _names() -> Iterator[str]:
    """Wordings that wait, the forms that change names, and what they would change."""
    from determinations.models import CredentialWording, Drug, DrugWording, GuidelineWording
    from determinations.names import MODELS

    base = "/admin/determinations/namechange"
    for names, wordings in (("specialty", CredentialWording), ("guideline", GuidelineWording), ("drug", DrugWording)):
        yield f"{base}/waiting/{names}/"
        yield f"{base}/waiting/{names}/?q=medicine"
        if (wording := wordings.objects.order_by("pk").first()) is not None:
            yield f"{base}/make/{names}/assign/?wording={wording.pk}"
    for names, model in MODELS.items():
        record, other = _most(names, model)
        yield from (f"{base}/make/{names}/{action}/?record={record.pk}" for action in ("rename", "place", "join"))
        yield f"{base}/make/{names}/join/?{urlencode({'record': record.pk, 'into': other})}"
    drug = Drug.objects.get(slug="tramadol").pk
    for name in ("functional restoration", "physical therapy"):
        yield f"{base}/make/drug/spell/?{urlencode({'record': drug, 'text': name})}"
    yield "/admin/determinations/categoryrule/make/"
    yield "/admin/determinations/categoryrule/make/?pattern=therapy&category=1"


def _most(names: str, model: Any) -> list[Any]:
    """The two records of most decisions; of treatments without sub-categories."""
    from determinations import search

    counted = search.facets(search.DecisionQuery())[names].most_common()
    rows = model.objects.in_bulk([int(value) for value, _ in counted if value.isdecimal()])
    found = [rows[int(value)] for value, _ in counted if value.isdecimal()]
    return [row for row in found if names != "treatment" or not row.subcategories.exists()][:2]
