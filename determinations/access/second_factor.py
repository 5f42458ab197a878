"""A second factor (TOTP): the code of an authenticator app at each login, for whoever turned it on.

Each person has at most one authenticator, and a set of recovery codes for the day it is lost. A code is checked against
the device that it can be of and no other: a wrong one slows down the next tries at that device (django-otp), and
counts as a failed login (``locking``).
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Callable
from typing import Any

import django_otp
import segno
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import logout
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import CharField, TextInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils.safestring import SafeString, mark_safe
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from .sessions import has_session

_RECOVERY_CODES = 10
REQUIRED = "REQUIRED"  # a value of settings.SECOND_FACTOR
# Pages that a person without the obligatory second factor may open.
_SETTING_UP = {"admin:second_factor", "admin:logout", "admin:login", "admin:jsi18n"}


def is_required() -> bool:
    """Whether nobody curates without one."""
    return settings.SECOND_FACTOR == REQUIRED


# ---- devices ----------------------------------------------------------------------------------------------------


def is_on(user: Any) -> bool:
    """Whether ``user`` has to give a code at login."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def begin(user: Any) -> TOTPDevice:
    """A new authenticator for ``user``, which counts once it is confirmed; an earlier try is forgotten."""
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    return TOTPDevice.objects.create(user=user, name="authenticator", confirmed=False)


def begun(user: Any) -> TOTPDevice:
    """The authenticator that awaits its confirmation; a new one if there is none."""
    return TOTPDevice.objects.filter(user=user, confirmed=False).first() or begin(user)


def confirm(request: HttpRequest, code: str) -> list[str]:
    """Turn the second factor on with a first code; returns the recovery codes, none if the code is wrong."""
    user = request.user
    device = django_otp.verify_token(user, begun(user).persistent_id, _plain(code))
    if device is None:
        return []
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        codes = _recovery_codes(user)
    django_otp.login(request, device)
    return codes


def turn_off(user: Any) -> None:
    """Forget the authenticator and the recovery codes of ``user``."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def check(user: Any, code: str) -> Device | None:
    """The device that ``code`` is of: the authenticator for digits, the recovery codes for anything else."""
    code = _plain(code)
    model = TOTPDevice if code.isascii() and code.isdigit() else StaticDevice
    device = model.objects.filter(user=user, confirmed=True).first()
    return django_otp.verify_token(user, device.persistent_id, code) if device else None


def _recovery_codes(user: Any) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [StaticToken.random_token() for _ in range(_RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def _plain(code: str) -> str:
    """A code as it is kept: "123 456" is one."""
    return "".join(code.split()).lower()[:16]


# ---- what is shown ----------------------------------------------------------------------------------------------


def picture(device: TOTPDevice) -> SafeString:
    """The device's address as a QR code: SVG of plain shapes, without style and from nowhere else."""
    return mark_safe(segno.make(device.config_url, error="m").svg_inline(scale=5, light="white"))  # noqa: S308


def key(device: TOTPDevice) -> str:
    """The device's secret to type in, in groups of four."""
    text = b32encode(device.bin_key).decode("ascii").rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


# ---- at login ---------------------------------------------------------------------------------------------------


class LoginForm(AdminAuthenticationForm):
    """Name, password and, for whoever turned it on, a code."""

    code = CharField(
        label="Code",
        required=False,
        max_length=40,
        help_text="Of your authenticator app, if you use one, or a recovery code.",
        widget=TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """The code is asked for only once name and password are right."""
        cleaned = super().clean()
        user = self.get_user()
        if user is None or not is_on(user):
            return cleaned
        code = cleaned.get("code") or ""
        if not code:
            raise ValidationError("Your account asks for a code, too. Write it beside name and password.", "no_code")
        user.otp_device = check(user, code)
        if user.otp_device is None:
            credentials = {"username": user.get_username()}
            user_login_failed.send(__name__, credentials=credentials, request=self.request)
            raise ValidationError("This code is not right, or was used before. Wait for the next one.", "bad_code")
        return cleaned


class SecondFactor:
    """Holds every page to it: a session without its code ends, and where it is obligatory it is set up first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if has_session(request) and request.user.is_authenticated and not request.user.is_verified():
            if is_on(request.user):
                logout(request)  # it was turned on in another browser
            elif is_required() and resolve(request.path_info).view_name not in _SETTING_UP:
                return redirect(reverse("admin:second_factor"))
        return self._get_response(request)
