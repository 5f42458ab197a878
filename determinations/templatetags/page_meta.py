"""What pages tell programs about themselves: whole addresses and structured data. ``{% load page_meta %}``."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# As in django.utils.html.json_script: nothing in the data can end the element or begin a comment.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
_SCHEMA = "https://schema.org"
_DOWNLOADS = {"csv": "text/csv", "json": "application/json", "jsonl": "application/jsonl"}


def _base(context: template.Context) -> str:
    request = context["request"]
    return f"{request.scheme}://{request.get_host()}"


@register.simple_tag(takes_context=True)
def absolute(context: template.Context, path: str, query: str = "") -> str:
    """A path and query string of the site as a whole address; a lone question mark goes."""
    return _base(context) + path + (query if query != "?" else "")


@register.filter
def case_gist(case: Any) -> str:
    """A letter's decisions in a line: "MRI of the knee: upheld; acupuncture: overturned"."""
    told = (f"{item.title[:60]}: {item.outcome.lower() or 'outcome not read'}" for item in case.items.all())
    return "; ".join(told) or "A letter whose decisions could not be read"


def _data_block(data: dict[str, Any]) -> SafeString:
    """A data block: browsers never run it, so that a policy against inline code does not forbid it."""
    text = json.dumps({"@context": _SCHEMA, **data}, ensure_ascii=False).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


@register.simple_tag(takes_context=True)
def case_data(context: template.Context, case: Any) -> SafeString:
    """A letter as a schema.org Report whose parts are its decisions (items prefetched)."""
    base = _base(context)
    address = base + case.get_absolute_url()
    parts = [
        {
            "@type": "CreativeWork",
            "@id": f"{address}#{item.anchor}",
            "position": item.position,
            "name": item.title,
            "description": f"Denial {item.outcome.lower()}" if item.outcome else "Outcome not read",
        }
        for item in case.items.all()
    ]
    data: dict[str, Any] = {
        "@type": "Report",
        "@id": address,
        "url": address,
        "name": f"IMR final determination {case.name}",
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "spatialCoverage": {"@type": "State", "name": "California"},
        "isPartOf": {"@type": "Collection", "name": "IMR Archive", "url": base + reverse("home")},
        "hasPart": parts,
    }
    if case.number:
        data["reportNumber"] = case.number
    if case.decision_date:
        data["datePublished"] = case.decision_date.isoformat()
    return _data_block(data)


@register.simple_tag(takes_context=True)
def result_data(context: template.Context, query: str, words: str = "") -> SafeString:
    """A result set as a schema.org Dataset with its files; ``query``: its query string."""
    query = query if query != "?" else ""
    of = f" on {words}" if words else ""
    return _data_block(
        {
            "@type": "Dataset",
            "name": f"IMR decisions{of}",
            "description": f"Decisions{of} in California Independent Medical Review: outcomes, guidelines, reasons",
            "url": absolute(context, reverse("decisions"), query),
            "isAccessibleForFree": True,
            "spatialCoverage": {"@type": "State", "name": "California"},
            "distribution": [
                {
                    "@type": "DataDownload",
                    "encodingFormat": kind,
                    "contentUrl": absolute(context, reverse("export", args=[suffix]), query),
                }
                for suffix, kind in _DOWNLOADS.items()
            ],
        }
    )


@register.simple_tag(takes_context=True)
def site_data(context: template.Context) -> SafeString:
    """The site as a schema.org WebSite that can be searched."""
    return _data_block(
        {
            "@type": "WebSite",
            "name": "IMR Archive",
            "url": absolute(context, reverse("home")),
            "potentialAction": {
                "@type": "SearchAction",
                "target": absolute(context, reverse("decisions"), "?q={search_term_string}"),
                "query-input": "required name=search_term_string",
            },
        }
    )
