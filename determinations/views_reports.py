"""The form by which readers report what is wrong. The one public page that sets a cookie, for its form's token."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from . import limiting, reports
from .models import Case, DisputedItem
from .refusing import answered, shows_a_letter


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@csrf_protect
@answered
@shows_a_letter
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what is wrong on a letter's page; ``?item=2`` about its second decision."""
    case = get_object_or_404(Case.objects.public(), slug=slug.lower())
    item = _item(request, case)
    form = reports.ReportForm(case, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, case, item, form)
    if form.by_machine:
        return redirect("report-thanks", slug=case.slug)  # it need not know
    if not form.is_valid():
        return _page(request, case, item, form, status=400)
    limiting.count(request, "reports")
    told = form.cleaned_data
    if not reports.save(case, item.position if item else None, told["place"], told["words"]):
        return _page(request, case, item, form, status=503, full=True)
    return redirect("report-thanks", slug=case.slug)


@require_safe
@shows_a_letter
def report_thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """Thanks for a report."""
    case = get_object_or_404(Case.objects.public(), slug=slug.lower())
    return render(request, "determinations/report_thanks.html", {"case": case})


def _item(request: HttpRequest, case: Case) -> DisputedItem | None:
    """The decision that the address names, None for the letter as a whole. Raises Http404 if it has none such."""
    text = request.GET.get("item", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise Http404("There is no such decision in this letter.")
    return get_object_or_404(DisputedItem, case=case, position=int(text))


def _page(request: HttpRequest, case: Case, item: DisputedItem | None, form: Any, **more: Any) -> HttpResponse:
    status = more.pop("status", 200)
    context = {"case": case, "item": item, "form": form, **more}
    return render(request, "determinations/report.html", context, status=status)
