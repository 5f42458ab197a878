"""Joining and placing categories of treatments: searches look up where a decision stands, and no letter changes."""

import random

import pytest
from django.urls import reverse

from determinations import records, search
from determinations.curation import categorising, naming, plan
from determinations.curation.names_state import Refused
from determinations.curation.working import work
from determinations.ingest import ingest_paths
from determinations.models import Case, DisputedItem, Job, NameChange, TreatmentCategory
from determinations.search import DecisionQuery
from tests import plain
from tests.test_naming import agrees, category, said

pytestmark = pytest.mark.django_db

KEPT, GONE = "rehabilitation/other-therapies", "rehabilitation/pt-ot"


def places():
    """Decision -> the category that it says it stands in."""
    return {item.pk: str(item.category or "") for item in DisputedItem.objects.select_related(*DisputedItem.CATEGORY)}


def written():
    """What tells that a letter or a decision was written."""
    return list(DisputedItem.objects.order_by("pk").values_list("pk", "filed_under", "case__updated_at"))


def of(slug):
    """The decisions that stand in a category itself."""
    filed = TreatmentCategory.objects.filed_as([category(slug).pk])
    return set(DisputedItem.objects.filter(filed_under__in=filed).values_list("pk", flat=True))


@pytest.mark.parametrize(
    "make",
    [
        lambda: naming.join(category(KEPT), category(GONE)),
        lambda: naming.join(category("surgery"), category(GONE)),
        lambda: naming.place(category(GONE), parent=category("surgery")),
        lambda: naming.place(category(KEPT), parent=None),
    ],
    ids=["joined beside it", "joined elsewhere", "placed elsewhere", "placed above"],
)
def test_searches_change_at_once_and_no_letter(make, do):
    before, rows = said(), written()
    assert of(GONE)
    done = do(make())
    assert (done.followed.letters, done.job, Job.objects.count()) == (0, None, 0)
    assert written() == rows
    assert said() != before
    agrees()
    assert search.check().agrees
    do(naming.undo(done.change))
    assert written() == rows
    assert said() == before


def test_pages_files_and_lists_tell_where_decisions_stand_now(do, client, curator):
    moved = of(GONE)
    do(naming.join(category("surgery"), category(GONE)))
    item = DisputedItem.objects.filter(pk__in=moved).first()
    page = client.get(item.case.get_absolute_url()).text
    assert "treatment=surgery" in page
    assert "PT/OT" not in page
    assert {one["category"] for one in records.decisions(sorted(moved), "")} == {"Surgery"}
    listed = curator.get(reverse("admin:determinations_disputeditem_changelist"), {"category": category("surgery").pk})
    assert moved <= {row.pk for row in listed.context["cl"].result_list}
    assert client.get(f"/treatments/{GONE}/").url == "/treatments/surgery/"
    assert search.find(DecisionQuery(chosen={"treatment": {str(category("surgery").pk)}})).decisions >= len(moved)


def test_what_was_joined_to_what_was_joined_comes_back_step_by_step(do):
    before = [said()]
    steps = []
    for kept, gone in ((KEPT, GONE), ("surgery/spine", KEPT), ("transportation", "surgery/spine")):
        steps.append(do(naming.join(category(kept), category(gone))).change)
        before.append(said())
        agrees()
    assert set(places().values()) & {"Transportation"}
    with pytest.raises(Refused, match="undo that first"):
        naming.undo(steps[0])
    for step, earlier in zip(reversed(steps), before[-2::-1], strict=True):
        do(naming.undo(step))
        assert said() == earlier


@pytest.mark.parametrize("few", [1_000, 0], ids=["at once", "in the background"])
def test_letters_that_came_in_while_it_was_joined_are_parted(do, monkeypatch, tmp_path, few):
    """What did not change since is not placed anew."""
    monkeypatch.setattr(plan, "_FEW", few)
    old = DisputedItem.objects.filter(pk__in=of(GONE), case__number__isnull=False).first().case
    before = places()
    change = do(naming.join(category(KEPT), category(GONE))).change
    letter = tmp_path / "letter.txt"
    letter.write_text(old.current_source.text.replace(old.number, "CM17-0990777"), encoding="utf-8")
    ingest_paths([letter], jobs=1)
    new = Case.objects.get(number="CM17-0990777")
    assert str(category(KEPT)) in {str(item.category) for item in new.items.all()}
    agrees()
    placed, whole = [], categorising.belongs
    monkeypatch.setattr(categorising, "belongs", lambda names, heading: placed.append(heading) or whole(names, heading))
    do(naming.undo(change))
    work()
    after = places()
    assert {pk: after[pk] for pk in before} == before
    assert [str(item.category) for item in new.items.all()] == [before[item.pk] for item in old.items.all()]
    assert few or 0 < len(placed) <= new.items.count()
    agrees()


def test_a_preview_shows_decisions_that_came_by_an_earlier_join(do):
    do(naming.create("treatment", "Robots", parent=category("rehabilitation")))
    do(naming.join(category("rehabilitation/robots"), category(GONE)))
    preview = naming.join(category("surgery"), category("rehabilitation/robots")).preview()
    assert preview.examples
    assert {str(item.category) for item in preview.examples} <= {"Rehabilitation / Robots", "Surgery"}


def test_the_name_of_one_that_was_joined_may_be_given_again(do):
    joined = do(naming.join(category(KEPT), category(GONE))).change
    made = do(naming.create("treatment", "PT/OT", parent=category("rehabilitation"))).change
    agrees()
    with pytest.raises(Refused):
        naming.undo(joined)
    do(naming.undo(made))
    do(naming.undo(joined))
    agrees()


def test_one_that_others_were_joined_to_is_not_taken_away(do):
    made = do(naming.create("treatment", "Robots", parent=category("rehabilitation"))).change
    joined = do(naming.join(category("rehabilitation/robots"), category(GONE))).change
    with pytest.raises(Refused, match="decisions or rules stand in it"):
        do(naming.undo(made))
    do(naming.undo(joined))
    do(naming.undo(made))
    agrees()


def a_change(chance, done):
    """A plan that a curator may have; None where it makes no sense."""
    one, other = chance.sample(list(TreatmentCategory.objects.order_by("pk")), 2)
    above = chance.choice([None, *TreatmentCategory.objects.filter(parent=None).order_by("pk")])
    plans = [
        lambda: naming.join(one, other),
        lambda: naming.join(one, other),
        lambda: naming.place(one, parent=above),
        lambda: naming.rename(one, f"Renamed {len(done)}"),
        lambda: naming.create("treatment", f"Made {len(done)}", parent=above),
        lambda: naming.undo(chance.choice(done)),
        lambda: naming.undo(done[-1]),
    ]
    try:
        return chance.choice(plans)()
    except (Refused, IndexError):
        return None


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_joined_placed_and_undone(seed, do):
    chance, done, rows = random.Random(seed), [], written()
    while len(done) < 20:
        if made := a_change(chance, done):
            try:
                change = do(made).change
            except Refused:
                continue
            done = [one for one in (*done, change) if not NameChange.objects.get(pk=one.pk).undone_at]
    agrees()
    assert written() == rows
    assert {place for one in plain.decisions() for place in one.values["treatment"]} <= {
        str(pk) for pk in TreatmentCategory.objects.values_list("pk", flat=True)
    }
    for change in reversed(done):
        do(naming.undo(change))
    assert written() == rows
    assert not TreatmentCategory.everything.exclude(joined_to=None).exists()
