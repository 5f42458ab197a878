"""A rate in a table: ``{% load rates %}{{ rate|rate_cell }}``; one call a row, since lists have hundreds of rows."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def rate_words(rate: Any) -> SafeString:
    """A ``statistics.Rate`` in words: rate and interval, or of few decisions how many were overturned."""
    if rate.enough:
        low, high = rate.interval
        return format_html(
            '{}&nbsp;% <span class="interval">({}–{})</span>', f"{rate.percent:.1f}", f"{low:.1f}", f"{high:.1f}"
        )
    if rate.decisions:
        return format_html('<span class="few">{} of {}</span>', rate.overturned, rate.decisions)
    return format_html('<span class="few">no outcome</span>')


@register.filter
def rate_cell(rate: Any) -> SafeString:
    """The same with its interval drawn on a line from 0 to 100."""
    words = format_html('<span class="rated">{}</span>', rate_words(rate))
    if not rate.enough:
        return words
    low, high = rate.interval
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<path class="bar__line" d="M0 4H100"/><path class="bar__interval" d="M{} 0h{}v8h-{}z"/>'
        '<path class="bar__point" d="M{} 0v8"/></svg>{}',
        f"{low:.1f}",
        f"{high - low:.1f}",
        f"{high - low:.1f}",
        f"{rate.percent:.1f}",
        words,
    )
