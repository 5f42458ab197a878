"""Rules for categories, with what each would take before it is made, and the work that is done in the background."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from ..curation import jobs, rules
from ..models import CategoryRule, Job, TreatmentCategory
from .base import ReadOnlyAdmin

_WRITE = "determinations.write_rules"
# Who may stop work and go on with it: those who can begin some.
_MAY_STOP = (_WRITE, "determinations.edit_names", "determinations.decide_many")


class RuleForm(forms.Form):
    """A pattern and its category."""

    pattern = forms.CharField(
        max_length=200,
        help_text="Words of the heading in a row, in any case; a * at the end of a word stands for the rest of it.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    category = forms.ModelChoiceField(TreatmentCategory.objects.none(), empty_label="Choose one")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options, label_suffix="")
        rows = TreatmentCategory.objects.select_related("parent")
        field = self.fields["category"]
        field.queryset = rows.order_by("parent__position", "position", "name")


class _InForce(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("in-force", "In force"), ("retired", "Retired")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[CategoryRule]) -> QuerySet[CategoryRule]:
        wanted = {"in-force": True, "retired": False}.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(retired_at__isnull=wanted)


@admin.register(CategoryRule)
class CategoryRuleAdmin(ReadOnlyAdmin):
    """Rules that place headings in categories."""

    list_display = ["pattern", "category", "made_by", "made_at", "retired_at"]
    list_select_related = ["category__parent"]
    list_filter = [_InForce]
    search_fields = ["pattern"]
    change_list_template = "admin/determinations/rules.html"
    change_form_template = "admin/determinations/rule.html"

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site.admin_view
        own = [
            path("make/", site(self.make), name="rule_make"),
            path("<int:pk>/retire/", site(self.retire), name="rule_retire"),
        ]
        return own + super().get_urls()

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        extra: dict[str, Any] = {}
        rule = CategoryRule.objects.filter(pk=object_id).first() if (object_id or "").isdecimal() else None
        if rule and not rule.retired_at and request.user.has_perm(_WRITE):
            extra["retire_url"] = reverse("admin:rule_retire", args=[rule.pk])
        return super().changeform_view(request, object_id, form_url, extra | (extra_context or {}))

    def make(self, request: HttpRequest) -> HttpResponse:
        """A form; when it is filled in, what the rule would take; and the rule."""
        self._check(request)
        told = request.POST if request.method == "POST" else request.GET
        form = RuleForm(told if "pattern" in told else None)
        effect = None
        if form.is_bound and form.is_valid():
            text, category = form.cleaned_data["pattern"], form.cleaned_data["category"]
            try:
                if request.method == "POST":
                    why = request.POST.get("why", "")[:2_000]
                    rule = rules.make(text, category, why=why, by=request.user.get_username())
                    self._tell(request, rule, f"Rule made: {rule}.")
                    return redirect("admin:determinations_categoryrule_changelist")
                effect = rules.preview(text, category)
            except rules.BadPattern as error:
                form.add_error("pattern", str(error))
            except rules.Refused as error:
                form.add_error(None, str(error))
        return self._page(request, "A rule for headings", {"form": form, "effect": effect})

    def retire(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What retiring a rule would give back, and doing it."""
        self._check(request)
        rule = get_object_or_404(CategoryRule, pk=pk)
        if request.method == "POST":
            try:
                rules.retire(rule, by=request.user.get_username())
            except rules.Refused as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self._tell(request, rule, f"Rule retired: {rule}.")
            return redirect("admin:determinations_categoryrule_changelist")
        context = {"rule": rule, "effect": rules.preview_of_retiring(rule)}
        return self._page(request, f"Retire the rule {rule}", context)

    def _tell(self, request: HttpRequest, rule: CategoryRule, text: str) -> None:
        self.log_change(request, rule, text)
        note = f"{text} Letters follow in the background; the page of jobs says how far that is."
        self.message_user(request, note, messages.SUCCESS)

    def _check(self, request: HttpRequest) -> None:
        if not request.user.has_perm(_WRITE):
            raise PermissionDenied

    def _page(self, request: HttpRequest, title: str, context: dict[str, Any]) -> TemplateResponse:
        own = self.admin_site.each_context(request)
        own |= {"title": title, "opts": self.opts, "most": rules.MOST_LOOKED_AT}
        return TemplateResponse(request, "admin/determinations/rule_make.html", {**own, **context})


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Work in the background: how far it is, to be stopped and gone on with."""

    list_display = ["title", "state", "progress", "made_by", "made_at", "changed_at"]
    list_filter = ["state"]
    search_fields = ["name"]
    change_form_template = "admin/determinations/job.html"

    def get_urls(self) -> list[URLPattern]:
        turn = self.admin_site.admin_view(self.turn)
        return [path("turn/<int:pk>/<slug:action>/", turn, name="job_turn"), *super().get_urls()]

    @admin.display(description="work")
    def title(self, job: Job) -> str:
        """What it does."""
        return jobs.TITLES.get(job.name, job.name)

    @admin.display(description="done")
    def progress(self, job: Job) -> str:
        """How many letters, or questions, are done."""
        return f"{job.done:,} of {max(job.done, job.total):,}"

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        extra: dict[str, Any] = {}
        job = Job.objects.filter(pk=object_id).first() if (object_id or "").isdecimal() else None
        if job:
            unfinished = job.state in jobs.UNFINISHED
            extra = {
                "job": job,
                "job_title": self.title(job),
                "job_unit": jobs.UNITS.get(job.name, "letters"),
                "job_total": max(job.done, job.total, 1),
                "may_turn": any(map(request.user.has_perm, _MAY_STOP)),
                "can_stop": unfinished,
                # What is said to be under way while nobody works was left by a process that was ended.
                "can_go_on": job.state in jobs.RESTING or (unfinished and not jobs.at_work()),
                "left": unfinished and not jobs.at_work(),
            }
        return super().changeform_view(request, object_id, form_url, extra | (extra_context or {}))

    def turn(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        """Stop work, or go on with it."""
        if not any(map(request.user.has_perm, _MAY_STOP)):
            raise PermissionDenied
        job = get_object_or_404(Job, pk=pk)
        if request.method == "POST" and action == "stop" and jobs.stop(job):
            self.log_change(request, job, "Stopped.")
            self.message_user(request, "It stops after the step that it is at.", messages.SUCCESS)
        elif request.method == "POST" and action == "go-on":
            jobs.go_on(job)
            self.log_change(request, job, "Gone on with.")
            self.message_user(request, "It goes on.", messages.SUCCESS)
        return redirect("admin:determinations_job_change", pk)
