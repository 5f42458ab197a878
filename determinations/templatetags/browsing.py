"""Parts of the result page that stand in it some hundred times: ``{% load browsing %}``.

They are made here and not by a template that is included, which would take most of the page's time.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def facet_value(value: Any, base: str = "") -> SafeString:
    """The links that choose and exclude a value (``facets.Value``); ``base``: the page that they lead to.

    A value that is excluded already has one link, which takes the exclusion away.
    """
    label, key = escape(value.label), escape(f"{value.facet}:{value.slug}")
    kind, current, words, url = "", "", label, value.url
    if value.selected:
        kind, current, words = " value--chosen", ' aria-current="true"', f"{_hidden('Remove ')}{label}"
    elif value.excluded:
        kind, words, url = " value--excluded", f"{_hidden('No longer exclude ')}<s>{label}</s>", value.exclude_url
    count = f'<span class="value__count">{value.count:,}{_hidden(" decisions")}</span>'
    made = (
        f'<a class="value{kind}" data-key="{key}" href="{base}{escape(url)}" rel="nofollow"{current}>'
        f'<span class="value__box" aria-hidden="true"></span><span class="value__label">{words}</span> {count}</a>'
    )
    if not value.excluded:
        made += (
            f'<a class="not" data-key="not {key}" href="{base}{escape(value.exclude_url)}" rel="nofollow"'
            f' title="Exclude {label}">{_hidden(f"Exclude {label}")}</a>'
        )
    return mark_safe(made)  # noqa: S308 - every value in it is escaped


def _hidden(words: str) -> str:
    return f'<span class="visually-hidden">{words}</span>'
