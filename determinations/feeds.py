"""A search as an Atom feed of its newest decisions (RFC 4287)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time

from django.urls import reverse
from django.utils import feedgenerator, timezone

from . import search
from .filters import DecisionFilter
from .models import DisputedItem
from .results import opening

ENTRIES = 50

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _text(words: str) -> str:
    """Words without the control characters that XML cannot hold."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", words)


def atom(asked: DecisionFilter, base: str, address: str) -> str:
    """The feed as XML. ``base``: scheme and host; ``address``: the feed's own, from the root of the site.

    Raises SearchUnavailable or SearchError.
    """
    newest = replace(asked.query, sort=search.Sort.NEWEST)
    ids = [hit.item_id for hit in search.after(newest, None, ENTRIES)]
    decisions = DisputedItem.objects.public().filter(id__in=ids)
    rows = decisions.select_related("case", *DisputedItem.CATEGORY).order_by()
    items = {item.pk: item for item in rows}
    feed = feedgenerator.Atom1Feed(
        title=f"IMR decisions: {_text(asked.words)}" if asked.words else "IMR decisions",
        link=base + reverse("decisions") + asked.address(),
        feed_url=base + address,
        description=None,
        subtitle="The newest decisions of this search in California Independent Medical Review",
        language="en-us",
        author_name="IMR Archive",
    )
    for pk in ids:
        if pk in items:
            _add(feed, items[pk], base)
    return feed.writeString("utf-8")


def _add(feed: feedgenerator.Atom1Feed, item: DisputedItem, base: str) -> None:
    day = item.case.decision_date
    address = base + item.get_absolute_url()
    feed.add_item(
        title=_text(": ".join(filter(None, (item.outcome, item.title)))) or "(no heading)",
        link=address,
        unique_id=address,
        description=_text(opening(item.rationale)),
        pubdate=timezone.make_aware(datetime.combine(day, time())) if day else None,
        updateddate=item.case.updated_at,
        categories=[str(item.category)] if item.category else [],
    )
