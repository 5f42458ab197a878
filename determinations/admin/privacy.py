"""What privacy officers do: withhold letters, redact words, go back on either, answer requests.

Each is shown before it is done: a form, then what will happen, then the deed.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html

from ..curation import privacy
from ..models import Case, Redaction, RemovalRequest, Withholding
from .base import ByCaseNumber
from .keyed import KeyedAdmin

_CONFIRMED = "_confirmed"


def may_withhold(request: HttpRequest) -> bool:
    """Whether this person may withhold letters and see withheld ones."""
    return request.user.has_perm("determinations.withhold")


def may_redact(request: HttpRequest) -> bool:
    """Whether this person may redact words and see redacted ones."""
    return request.user.has_perm("determinations.redact")


class _Decision(ByCaseNumber, KeyedAdmin):
    """A record of what is kept from the public: made and lifted by privacy officers, never changed or deleted."""

    list_filter = ["ground"]
    list_select_related = ["case"]
    autocomplete_fields = ["case"]
    change_form_template = "admin/determinations/privacy/decision.html"
    lifting: str  # what lifting is called on its page

    def _may(self, request: HttpRequest) -> bool:
        raise NotImplementedError

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # ---- making one ------------------------------------------------------------------------------------------------

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The form; what it asks for is shown before it is done."""
        if request.method == "POST" and _CONFIRMED not in request.POST and self.has_add_permission(request):
            form = self.get_form(request)(request.POST)
            if form.is_valid():
                return self._preview(request, form)
        try:
            return super().add_view(request, form_url, extra_context)
        except ValidationError as error:  # somebody else was faster
            self.message_user(request, error.messages[0], messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def _preview(self, request: HttpRequest, form: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": self._deed,
            "case": form.cleaned_data["case"],
            "ground": form.instance.get_ground_display(),
            "answers": form.cleaned_data,
            "given": [(name, request.POST[name]) for name in form.fields if name in request.POST],
            "back": request.get_full_path(),
            **self._will_happen(form.instance),
        }
        return TemplateResponse(request, f"admin/determinations/privacy/confirm_{self.opts.model_name}.html", context)

    _deed: str

    def _will_happen(self, obj: Any) -> dict[str, Any]:
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Do it; ``obj`` becomes the record that was made."""
        made = self._do(request, obj)
        obj.pk, obj.made_by, obj.made_at = made.pk, made.made_by, made.made_at
        obj._state.adding = False

    def _do(self, request: HttpRequest, obj: Any) -> Any:
        raise NotImplementedError

    def _tell(self, request: HttpRequest) -> privacy.Tell:
        return lambda sentence: self.message_user(request, sentence, messages.WARNING)

    # ---- lifting it ------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        """The page on which one is lifted."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_lift"
        return [path("<int:pk>/lift/", self.admin_site.admin_view(self.lift_view), name=name), *super().get_urls()]

    def lift_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What lifting will do, and doing it."""
        if not self._may(request):
            raise PermissionDenied
        obj = get_object_or_404(self.model.objects.select_related("case"), pk=pk)
        problem = ""
        if request.method == "POST":
            try:
                self._lift(request, obj)
            except ValidationError as error:
                problem = error.messages[0]
            else:
                self.log_change(request, obj, "Lifted.")
                self.message_user(request, f"{obj.case}: lifted.", messages.SUCCESS)
                return HttpResponseRedirect(reverse(f"admin:determinations_{self.opts.model_name}_change", args=[pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": self.lifting,
            "original": obj,
            "case": obj.case,
            "problem": problem,
            "why": request.POST.get("why", ""),
        }
        return TemplateResponse(
            request,
            f"admin/determinations/privacy/lift_{self.opts.model_name}.html",
            context,
            status=400 if problem else 200,
        )

    def _lift(self, request: HttpRequest, obj: Any) -> None:
        raise NotImplementedError

    def render_change_form(self, request: HttpRequest, context: Any, *arguments: Any, **named: Any) -> HttpResponse:
        obj = named.get("obj")
        if obj and obj.lifted_at is None:
            context["lift"] = reverse(f"admin:determinations_{self.opts.model_name}_lift", args=[obj.pk])
        return super().render_change_form(request, context, *arguments, **named)


class _WithholdingForm(forms.ModelForm):
    class Meta:
        model = Withholding
        fields = ["case", "ground", "reason", "until"]

    def clean(self) -> dict[str, Any]:
        """What privacy.withhold refuses, beside the field."""
        data = super().clean() or self.cleaned_data
        case = data.get("case")
        if case and case.withheld:
            self.add_error("case", "The letter is withheld already.")
        if data.get("until") and data["until"] < timezone.localdate():
            self.add_error("until", "The last day is over already.")
        return data


@admin.register(Withholding)
class WithholdingAdmin(_Decision):
    """Letters that are kept from the public."""

    form = _WithholdingForm
    list_display = ["case", "ground", "until", "made_by", "made_at", "lifted_at"]
    fields = ["case", "ground", "reason", "until"]
    _deed = "Withhold a letter"
    lifting = "Show the letter again"

    def _may(self, request: HttpRequest) -> bool:
        return may_withhold(request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.fields, *(["made_by", "made_at", "lifted_at", "lifted_by", "lifted_why"] if obj else [])]

    def _will_happen(self, obj: Withholding) -> dict[str, Any]:
        return {"decisions": obj.case.items.count(), "versions": obj.case.sources.count()}

    def _do(self, request: HttpRequest, obj: Withholding) -> Withholding:
        by = request.user.get_username()
        return privacy.withhold(obj.case, obj.ground, obj.reason, obj.until, by, tell=self._tell(request))

    def _lift(self, request: HttpRequest, obj: Withholding) -> None:
        why = request.POST.get("why", "")
        privacy.lift(obj, why, request.user.get_username(), tell=self._tell(request))


class _RedactionForm(forms.ModelForm):
    class Meta:
        model = Redaction
        fields = ["case", "words", "ground", "reason"]
        widgets = {"words": forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"})}

    def clean(self) -> dict[str, Any]:
        """What privacy.redact refuses, beside the field."""
        data = super().clean() or self.cleaned_data
        case, words = data.get("case"), data.get("words")
        if case and words:
            try:
                data["words"] = privacy.checked_words(case, words)
            except ValidationError as error:
                self.add_error("words", error)
        return data


@admin.register(Redaction)
class RedactionAdmin(_Decision):
    """Words that are kept from the public."""

    form = _RedactionForm
    list_display = ["case", "ground", "made_by", "made_at", "lifted_at"]
    fields = ["case", "words", "ground", "reason"]
    _deed = "Redact words"
    lifting = "Show the words again"

    def _may(self, request: HttpRequest) -> bool:
        return may_redact(request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.fields, *(["made_by", "made_at", "lifted_at", "lifted_by"] if obj else [])]

    def _will_happen(self, obj: Redaction) -> dict[str, Any]:
        return {"places": privacy.places(obj.case, obj.words)}

    def _do(self, request: HttpRequest, obj: Redaction) -> Redaction:
        by = request.user.get_username()
        return privacy.redact(obj.case, obj.words, obj.ground, obj.reason, by, tell=self._tell(request))

    def _lift(self, request: HttpRequest, obj: Redaction) -> None:
        privacy.lift_redaction(obj, request.user.get_username(), tell=self._tell(request))


@admin.register(RemovalRequest)
class RemovalRequestAdmin(KeyedAdmin):
    """What people ask to have removed."""

    list_display = ["made_at", "address", "status", "assigned_to"]
    list_filter = ["status"]
    list_select_related = ["assigned_to"]
    search_fields = ["address"]
    fields = ["made_at", "address", "words", "contact", "ways", "status", "assigned_to", "note"]
    readonly_fields = ["made_at", "address", "words", "contact", "ways"]
    raw_id_fields = ["assigned_to"]
    list_without = ("words",)

    def _may(self, request: HttpRequest) -> bool:
        return may_withhold(request) or may_redact(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="what to do")
    def ways(self, asked: RemovalRequest) -> str:
        """Links to withhold or redact the letter that the address seems to name."""
        slugs = [part.lower() for part in asked.address.replace("?", "/").replace("#", "/").split("/") if part]
        case = Case.objects.filter(slug__in=slugs[:20]).first()
        if case is None:
            return "The address names no letter of the archive."
        return ways(case)


def ways(case: Case) -> str:
    """Links to what can be done about a letter, as HTML."""
    own = reverse("admin:determinations_case_original", args=[case.pk])
    withhold, redact = (reverse(f"admin:determinations_{one}_add") for one in ("withholding", "redaction"))
    done = Withholding.objects.filter(case=case, lifted_at=None).first()
    one = (
        format_html('<a href="{}">show it again</a>', reverse("admin:determinations_withholding_lift", args=[done.pk]))
        if done
        else format_html('<a href="{}?case={}">withhold it</a>', withhold, case.pk)
    )
    return format_html(
        '{}: <a href="{}">the letter as it came</a>, {}, <a href="{}?case={}">redact words</a>',
        case.name, own, one, redact, case.pk,
    )  # fmt: skip


def original_view(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """A letter's text as it came, with the words that are redacted marked: for privacy officers only."""
    if not (may_withhold(request) and may_redact(request)):
        raise PermissionDenied
    case = get_object_or_404(Case, pk=pk)
    version = request.GET.get("version", "")
    sources = list(case.sources.defer("compressed", "extracted").order_by("version"))
    numbers = {str(one.version): one for one in sources}
    source = numbers.get(version, case.current_source)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"{case.name} as it came",
        "case": case,
        "source": source,
        "sources": sources,
        "pieces": list(privacy.original(source)),
        "withholdings": case.withholdings.all(),
        "redactions": case.redactions.all(),
        "ways": ways(case),
    }
    return TemplateResponse(request, "admin/determinations/privacy/original.html", context)
