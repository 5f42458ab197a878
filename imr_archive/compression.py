"""Compressed pages for visitors without a cookie.

Compressing a page that holds a secret beside words of the visitor's choosing can tell the secret by the page's size
(the BREACH attack). The public pages hold none: they have no session and no form token, and are the same for everyone.
A curator, whose pages have tokens, has a cookie, and gets every page uncompressed. Django's middleware, which this
one is, adds a random number of bytes besides.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers


class PublicGZipMiddleware(GZipMiddleware):
    """Compresses the answer to a request without a cookie, if it sets none."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        patch_vary_headers(response, ["Cookie"])  # a cache must not give a curator's page to a visitor
        if request.method not in ("GET", "HEAD") or request.headers.get("Cookie") or response.cookies:
            return response
        return super().process_response(request, response)
