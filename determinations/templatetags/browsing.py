"""Parts of the result page that stand in it some hundred times: ``{% load browsing %}``.

They are made here and not by templates in loops, which would take most of the page's time.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape as _escape
from urllib.parse import quote

from django import template
from django.utils.safestring import SafeString, mark_safe

from ..facets import Value

register = template.Library()

# Labels and keys are the same on every page.
escape = lru_cache(maxsize=8192)(_escape)


@register.simple_tag
def facet_value(value: Value, base: str = "") -> SafeString:
    """The links that choose and exclude a value; ``base``: the page that they lead to."""
    return mark_safe(_links(value, base))  # noqa: S308 - every value in it is escaped


@register.simple_tag
def facet_list(values: Iterable[Value], whole: str = "") -> SafeString:
    """The items of a list of values, each with what belongs to it folded below.

    ``whole`` is the address of the page with all values of the facet; without it what is below is left out.
    """
    items = (f"<li>{_links(value)}{_below(value, whole) if whole and value.shown else ''}</li>" for value in values)
    return mark_safe("\n".join(items))  # noqa: S308 - every value in it is escaped


def _below(value: Value, whole: str) -> str:
    """What belongs to a value; open if it narrows the search."""
    label = escape(value.label)
    items = [f"<li>{_links(child)}</li>" for child in value.shown]
    if value.left:
        address = f"{escape(whole)}&amp;find={quote(value.label)}"
        more = f"{value.left:,} more {_hidden(f'of {label}')}"
        items.append(f'<li><a class="whole" href="{address}" rel="nofollow">{more}</a></li>')
    return (
        f'<details class="sub" data-keep="{escape(f"{value.facet}:{value.slug}")}"{" open" if value.touched else ""}>'
        f"<summary>{_hidden(f'What belongs to {label}')}</summary>"
        f'<ul class="values">{"".join(items)}</ul></details>'
    )


def _links(value: Value, base: str = "") -> str:
    """The links of a value. One that is excluded already has a single link, which takes the exclusion away."""
    label, key = escape(value.label), escape(f"{value.facet}:{value.slug}")
    kind, current, words, url = "", "", label, value.url
    if value.selected:
        kind, current, words = " value--chosen", ' aria-current="true"', f"{_hidden('Remove ')}{label}"
    elif value.excluded:
        kind, words, url = " value--excluded", f"{_hidden('No longer exclude ')}<s>{label}</s>", value.exclude_url
    count = f'<span class="value__count">{value.count:,}{_hidden(" decisions")}</span>'
    made = (
        f'<a class="value{kind}" data-key="{key}" href="{base}{_in_html(url)}" rel="nofollow"{current}>'
        f'<span class="value__box" aria-hidden="true"></span><span class="value__label">{words}</span> {count}</a>'
    )
    if not value.excluded:
        made += (
            f'<a class="not" data-key="not {key}" href="{base}{_in_html(value.exclude_url)}" rel="nofollow"'
            f' title="Exclude {label}">{_hidden(f"Exclude {label}")}</a>'
        )
    return made


def _in_html(query_string: str) -> str:
    """A query string as it stands in an attribute: all but its ampersands is percent-encoded."""
    return query_string.replace("&", "&amp;")


def _hidden(words: str) -> str:
    return f'<span class="visually-hidden">{words}</span>'
