"""In how many letters wordings of names stand: exactly while that is quickly counted, else up to a bound each."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection
from django.db.models import Count

from .. import search
from ..labels import drug_key
from ..models import CredentialWording, DrugWording, GuidelineCitation, GuidelineWording, ReviewerCredential

COUNTED_UP_TO = 1_000  # places of one wording
_EXACTLY = 5_000  # places of all others together, up to which letters are told apart

# For each wording the places where it stands, read off one index and no further than the bound.
_PLACES = {
    GuidelineWording: "SELECT 1 FROM determinations_guidelinecitation p WHERE p.wording_id = w.id",
    CredentialWording: (
        "SELECT 1 FROM determinations_reviewercredential r JOIN determinations_case p ON p.reviewer_id = r.reviewer_id"
        " WHERE r.wording_id = w.id"
    ),
}
Wordings = type[GuidelineWording] | type[CredentialWording] | type[DrugWording]


def letters(model: Wordings, ids: Collection[int]) -> dict[int, int]:
    """Wording's id -> in how many letters it stands, COUNTED_UP_TO at most.

    Where there are very many places in all, each is taken for a letter: both sides of one may cite the same.
    """
    if model is DrugWording:
        return _of_drugs(ids)
    found = _places(model, ids)
    few = [pk for pk, number in found.items() if number < COUNTED_UP_TO]
    if sum(found[pk] for pk in few) > _EXACTLY:
        return found
    if model is GuidelineWording:
        rows = GuidelineCitation.objects.filter(wording__in=few).order_by().values("wording")
        counted = rows.annotate(letters=Count("item__case", distinct=True))
    else:
        held = ReviewerCredential.objects.filter(wording__in=few).order_by().values("wording")
        counted = held.annotate(letters=Count("reviewer__cases", distinct=True))
    return found | dict(counted.values_list("wording", "letters"))


def _of_drugs(ids: Collection[int]) -> dict[int, int]:
    """In how many letters names of drugs stand, as the index counts them; no number while there is none."""
    try:
        held = search.Held()
    except (search.SearchError, search.SearchUnavailable):
        return dict.fromkeys(ids, 0)
    texts = DrugWording.objects.filter(pk__in=ids).values_list("pk", "text")
    return {pk: held.totals(search.Having("drug", frozenset([drug_key(text)])))[1] for pk, text in texts}


def told(number: int) -> str:
    """A number of letters in words."""
    before = "at least " if number >= COUNTED_UP_TO else ""
    return f"{before}{number:,} letter{'' if number == 1 else 's'}"


def _places(model: Wordings, ids: Collection[int]) -> dict[int, int]:
    if not ids:
        return {}
    table, own = model._meta.db_table, ", ".join(map(str, map(int, ids)))
    counted = f"SELECT COUNT(*) FROM ({_PLACES[model]} LIMIT {COUNTED_UP_TO}) AS places"  # noqa: S608 - own words
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT w.id, ({counted}) FROM {table} w WHERE w.id IN ({own})")  # noqa: S608 - and numbers
        return dict(cursor.fetchall())
