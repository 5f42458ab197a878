"""What the admin's start page shows of curation."""

from __future__ import annotations

from typing import Any

from django import template

from ..curation.queue.kinds import COUNTED_UP_TO, KINDS, groups, waiting

register = template.Library()


@register.inclusion_tag("admin/determinations/queue/_summary.html", takes_context=True)
def queue_summary(context: dict[str, Any]) -> dict[str, Any]:
    """What waits in the queue, for who may see it: kinds by themselves, and readings by their severity alone."""
    user = context["request"].user
    if not (user.has_perm("determinations.decide") or user.has_perm("determinations.view_parseissue")):
        return {"groups": []}
    shown = {
        slug: kind for slug, kind in KINDS.items() if kind.whole or not kind.severity or kind.group == "Corrections"
    }
    return {"groups": groups(waiting(shown)), "most": COUNTED_UP_TO}
