"""The address of a letter without a case number, which is made of the hash of its text.

With all other words of a letter known, a redacted name or claim number could be found by trying: the hash of the right
one is the address. So such a letter gets an address that is made of nothing while words of it are redacted. The old
one is not led to the new one, since that would say the same.
"""

from __future__ import annotations

import secrets

from django.contrib.admin.models import LogEntry

from ..models import Case, LetterSource

_BEGINS = "letter-"
_DIGITS = 16  # hexadecimal, as of the hash


def of_text(case: Case) -> str:
    """The address that a letter without a number gets when it comes in (store.py); "" for one with a number."""
    if not case.slug.startswith(_BEGINS):
        return ""
    first = LetterSource.objects.filter(case=case).order_by("version").values_list("text_sha256", flat=True).first()
    return f"{_BEGINS}{first[:_DIGITS]}" if first else ""


def case_of_text(slug: object) -> Case | None:
    """The letter whose address would be ``slug`` if nothing of it were redacted; None for other addresses."""
    if not (isinstance(slug, str) and slug.startswith(_BEGINS) and len(slug) == len(_BEGINS) + _DIGITS):
        return None
    digits = slug.removeprefix(_BEGINS)  # hexadecimal: "g" comes after all that begin so
    sources = LetterSource.objects.filter(text_sha256__gte=digits, text_sha256__lt=f"{digits}g").select_related("case")
    cases = (source.case for source in sources.defer("compressed", "extracted"))
    return next((case for case in cases if of_text(case) == slug), None)


def follow(case: Case) -> None:
    """Give a letter with redacted words an address that is not made of its text; one without, its own again."""
    own, redacted = of_text(case), case.redactions.filter(lifted_at=None).exists()
    if own and redacted and case.slug == own:
        _move(case, f"{_BEGINS}{secrets.token_hex(_DIGITS // 2)}")
    elif own and not redacted and case.slug != own:
        _move(case, own)


def _move(case: Case, slug: str) -> None:
    before = case.name
    case.slug = slug
    Case.objects.filter(pk=case.pk).update(slug=slug)
    if case.name != before:  # which is the beginning of the address
        for entry in LogEntry.objects.filter(object_repr__contains=before):
            LogEntry.objects.filter(pk=entry.pk).update(object_repr=entry.object_repr.replace(before, case.name))
