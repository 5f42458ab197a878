"""In how many letters wordings stand: exactly of few, "at least" of many, never by reading all of them."""

import pytest
from django.db import connection

from determinations.curation import newest, reach, unresolved
from determinations.models import Case, CredentialWording, GuidelineCitation, GuidelineWording, ReviewerCredential
from tests import many

pytestmark = pytest.mark.django_db


@pytest.fixture
def letters(empty_archive):
    """Twelve letters of one profile, of whose two items each cites one wording; in five both sides cite another."""
    many.letters(12)
    often, seldom = GuidelineWording.objects.get(), GuidelineWording.objects.create(text="Another Guideline")
    for case in Case.objects.order_by("pk")[:5]:
        for side in ("reviewer", "claims administrator"):
            GuidelineCitation.objects.create(item=case.items.first(), side=side, position=9, mtus=False, wording=seldom)
    held = CredentialWording.objects.create(text="Held")
    ReviewerCredential.objects.create(
        reviewer=Case.objects.first().reviewer, wording=held, role="subspecialty", position=1
    )
    return often, seldom, held, CredentialWording.objects.create(text="Held by nobody")


def test_letters_are_told_apart_while_there_are_few(letters):
    often, seldom, held, nobodys = letters
    assert reach.letters(GuidelineWording, [often.pk, seldom.pk]) == {often.pk: 12, seldom.pk: 5}
    assert reach.letters(CredentialWording, [held.pk, nobodys.pk]) == {held.pk: 12, nobodys.pk: 0}
    assert reach.letters(GuidelineWording, []) == {}


def test_many_are_counted_no_further_than_the_bound(letters, monkeypatch):
    often, seldom, held, _ = letters
    monkeypatch.setattr(reach, "COUNTED_UP_TO", 11)
    assert reach.letters(GuidelineWording, [often.pk, seldom.pk]) == {often.pk: 11, seldom.pk: 5}
    assert reach.letters(CredentialWording, [held.pk]) == {held.pk: 11}
    assert [reach.told(number) for number in (0, 1, 10, 11)] == ["0 letters", "1 letter", "10 letters",
                                                                 "at least 11 letters"]  # fmt: skip
    monkeypatch.setattr(reach, "_EXACTLY", 9)
    assert reach.letters(GuidelineWording, [often.pk, seldom.pk])[seldom.pk] == 10


def test_the_bound_is_kept_by_the_plan(letters):
    """On SQLite, whose plan does not depend on the number of rows."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole")
    for model, table in ((GuidelineWording, "wording_id"), (CredentialWording, "reviewer_id")):
        with connection.cursor() as cursor:
            cursor.execute(
                f"EXPLAIN QUERY PLAN SELECT w.id, (SELECT COUNT(*) FROM ({reach._PLACES[model]} LIMIT 9) AS x)"
                f" FROM {model._meta.db_table} w"
            )
            plan = [row[-1] for row in cursor.fetchall()]
        assert any(line.startswith("SEARCH p USING COVERING INDEX") and table in line for line in plan), plan


def test_the_newest_letters_are_shown_first(letters):
    often, seldom, held, nobodys = letters
    ids = list(Case.objects.order_by("-pk").values_list("pk", flat=True))
    assert newest.holding(held, 3) == ids[:3]
    assert newest.holding(nobodys, 3) == []
    Case.objects.filter(pk=ids[0]).update(withheld=True)
    assert newest.holding(held, 3) == ids[1:4]
    assert newest.citing(often, 2)[0].item.case_id == ids[1]
    assert len(unresolved.places(seldom)) == 5
