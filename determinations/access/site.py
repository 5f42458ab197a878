"""The admin's site: its login, and the page on which people turn their second factor on and off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.models import CHANGE, LogEntry
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.views.decorators.debug import sensitive_post_parameters

from . import second_factor
from .second_factor import LoginForm


class CurationSite(AdminSite):
    """Django's admin site, with a login that knows a second factor."""

    login_form = LoginForm
    login_template = "admin/curation_login.html"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The admin's addresses, and the one of the second factor."""
        page = sensitive_post_parameters("code", "password")(self.second_factor)
        return [path("second-factor/", self.admin_view(page), name="second_factor"), *super().get_urls()]

    def second_factor(self, request: HttpRequest) -> HttpResponse:
        """Shows how things stand; ``do`` says what to do: begin, confirm (with ``code``), off (with ``password``)."""
        step = request.POST.get("do") if request.method == "POST" else None
        if step == "confirm":
            return self._confirm(request)
        if step == "off":
            return self._turn_off(request)
        if step == "begin" and not second_factor.is_on(request.user):
            second_factor.begin(request.user)
            return self._page(request, begun=True)
        return self._page(request)

    def _confirm(self, request: HttpRequest) -> HttpResponse:
        codes = second_factor.confirm(request, request.POST.get("code", ""))
        if not codes:
            message = "This code is not right. Is the clock of your device? Wait for the next code."
            return self._page(request, begun=True, error=message)
        _log(request, "Turned the second factor on.")
        return self._page(request, codes=codes)

    def _turn_off(self, request: HttpRequest) -> HttpResponse:
        if not request.user.check_password(request.POST.get("password", "")):
            return self._page(request, error="This is not your password.")
        second_factor.turn_off(request.user)
        _log(request, "Turned the second factor off.")
        messages.success(request, "Your account asks for no code any more.")
        return redirect(reverse("admin:second_factor"))

    def _page(self, request: HttpRequest, *, begun: bool = False, **context: Any) -> HttpResponse:
        if begun:
            device = second_factor.begun(request.user)
            context |= {"picture": second_factor.picture(device), "key": second_factor.key(device)}
        context |= {"title": "Second factor", "on": second_factor.is_on(request.user)}
        context["required"] = second_factor.is_required()
        return TemplateResponse(request, "admin/second_factor.html", self.each_context(request) | context)


def _log(request: HttpRequest, message: str) -> None:
    LogEntry.objects.log_actions(request.user.pk, [request.user], CHANGE, message, single_object=True)
