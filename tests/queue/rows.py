"""Rows of the review queue, for its tests."""

from determinations.curation.queue.kinds import KINDS
from determinations.curation.queue.lists import Wanted
from determinations.models import ParseIssue

SAMPLE_KINDS = ("uncategorised", "correction-lost", "identifiers", "credential-wordings", "rejected", "reports")
# Action -> the state that it leads to.
STATES = {"accept": "settled", "dismiss": "dismissed", "ask": "asked", "assign": "open"}


def first(slug):
    return KINDS[slug].rows().filter(status="open").order_by("pk").first()


def wanted(slug, by="ana", **more):
    return Wanted(KINDS[slug], by, **more)


def many_of(case, number, code="uncategorised"):
    source = case.current_source
    ParseIssue.objects.bulk_create(
        ParseIssue(case=case, source=source, code=code, message=f"No. {n}", start=n, end=n + 5) for n in range(number)
    )
