"""What the admin's start page shows of curation."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.admin.models import LogEntry

from ..curation.queue import withheld
from ..curation.queue.kinds import COUNTED_UP_TO, groups, open_kinds, waiting
from ..curation.withheld_rows import of_withheld

register = template.Library()
_RECENT, _LOOKED_AT = 10, 40  # entries of the log


@register.simple_tag(takes_context=True)
def recent_actions(context: dict[str, Any]) -> list[LogEntry]:
    """What this person did last; of letters that are withheld only for who may see them."""
    user = context["request"].user
    entries = LogEntry.objects.filter(user=user.pk).select_related("content_type", "user")
    if user.has_perm("determinations.withhold"):
        return list(entries[:_RECENT])
    return [entry for entry in entries[:_LOOKED_AT] if not of_withheld(entry)][:_RECENT]


@register.inclusion_tag("admin/determinations/queue/_summary.html", takes_context=True)
def queue_summary(context: dict[str, Any]) -> dict[str, Any]:
    """What waits in the queue, for who may see it: kinds by themselves, and readings by their severity alone."""
    user = context["request"].user
    if not (user.has_perm("determinations.decide") or user.has_perm("determinations.view_parseissue")):
        return {"groups": []}
    shown = {
        slug: kind
        for slug, kind in open_kinds(user.has_perm).items()
        if kind.whole or not kind.severity or kind.group == "Corrections"
    }
    hidden = {} if user.has_perm("determinations.withhold") else withheld.waiting(shown.values())
    return {"groups": groups(waiting(shown, hidden)), "most": COUNTED_UP_TO}
