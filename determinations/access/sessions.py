"""Sessions end: after some time in which nothing was done, and some time after the login whatever was done."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse

_BEGAN, _SEEN = "session_began", "session_seen"  # seconds since 1970
_NOTED_EVERY = 60  # seconds: a session is not written with every page


def connect() -> None:
    """Have each login note when it was."""
    user_logged_in.connect(_begin, dispatch_uid="session-began")


def _begin(request: HttpRequest, **_: Any) -> None:
    request.session[_BEGAN] = request.session[_SEEN] = int(time.time())


def has_session(request: HttpRequest) -> bool:
    """Whether a session may be there; of a visitor without one nothing more is looked up."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


class SessionsEnd:
    """Logs people out whose session is over."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if has_session(request) and request.user.is_authenticated:
            self._watch(request)
        return self._get_response(request)

    def _watch(self, request: HttpRequest) -> None:
        now = int(time.time())
        session = request.session
        began, seen = session.setdefault(_BEGAN, now), session.setdefault(_SEEN, now)
        if now - seen > settings.SESSION_IDLE or now - began > settings.SESSION_COOKIE_AGE:
            logout(request)
        elif now - seen >= _NOTED_EVERY:
            session[_SEEN] = now
