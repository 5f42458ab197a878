"""Changing names: each change is counted before it is made, followed by every number, and can be taken back."""

import re

import pytest
from django.urls import reverse

from determinations import search
from determinations.curation import effects_counted, naming
from determinations.ingest import ingest_paths
from determinations.labels import FACETS, family_value, load_labels
from determinations.models import (
    Case,
    CredentialWording,
    DisputedItem,
    Drug,
    DrugWording,
    Guideline,
    GuidelineWording,
    LetterSource,
    NameChange,
    OldAddress,
    ParseIssue,
    Specialty,
    TreatmentCategory,
)
from determinations.names import Names, load_vocabulary
from determinations.rereading import Choice, reread
from determinations.search import DecisionQuery
from tests import plain
from tests.conftest import SAMPLES
from tests.test_facets import check

pytestmark = pytest.mark.django_db


def agrees():
    """Every count equals the plain scan, and every click finds what its value counts."""
    assert not Case.objects.awaiting_index().exists()
    every = plain.decisions()
    check(DecisionQuery(), plain.Scan(every), {})
    return every


def said():
    """All that the archive says of its names, by what the public sees."""
    labels = load_labels()
    counts = search.facets(DecisionQuery())
    return {
        "labels": {facet: dict(labels[facet]) for facet in ("specialty", "guideline", "drug", "treatment")},
        "counts": {facet: dict(counts[facet]) for facet in counts},
        "decisions": sorted((one.pk, sorted(map(str, one.values.items()))) for one in plain.decisions()),
        "wordings": sorted(CredentialWording.objects.values_list("text", "specialty__name", "status")),
        "guideline wordings": sorted(GuidelineWording.objects.values_list("text", "guideline__name", "status")),
        "names of drugs": sorted(DrugWording.objects.values_list("text", "drug__name", "status")),
        "addresses": sorted(OldAddress.objects.values_list("names", "slug", "now")),
        "issues": sorted(ParseIssue.objects.values_list("case__slug", "code", "message", "status")),
        "parents": sorted(Specialty.objects.values_list("slug", "parents__slug")),
    }  # fmt: skip


def specialty(name):
    return Specialty.objects.get(name=name)


def guideline(name):
    return Guideline.objects.get(name=name)


def drug(name):
    return Drug.objects.get(name=name)


def spelled(text):
    return DrugWording.objects.get(text=text)


def category(slug):
    return TreatmentCategory.objects.get(slug=slug)


def cited(*also):
    """Guidelines by how often reviewers cite them, most cited first."""
    counted = search.facets(DecisionQuery())["guideline"]
    rows = Guideline.objects.filter(pk__in=[value for value in counted if value.isdecimal()])
    return sorted(rows, key=lambda row: (-counted[str(row.pk)], row.pk))


PLANS = {
    "assign a credential": lambda: naming.assign(
        CredentialWording.objects.get(text="Family Practise"), specialty("Family Medicine")
    ),
    "assign a guideline": lambda: naming.assign(
        GuidelineWording.objects.filter(guideline=None, citations__side="reviewer").first(), cited()[0]
    ),
    "take an assignment away": lambda: naming.assign(cited()[0].wordings.first(), None),
    "create a specialty": lambda: naming.create(
        "specialty",
        "Medicine of Families",
        CredentialWording.objects.filter(text="Family Practise"),
        kind="board",
        parents=[],
    ),
    "create a guideline": lambda: naming.create(
        "guideline", "A Journal", GuidelineWording.objects.filter(guideline=None)[:1], family="Journals"
    ),
    "create a category": lambda: naming.create("treatment", "Robots", parent=category("dmepos")),
    "join specialties": lambda: naming.join(specialty("Internal Medicine"), specialty("Family Medicine")),
    "join a specialty that has children": lambda: naming.join(specialty("Neurology"), specialty("Internal Medicine")),
    "join guidelines": lambda: naming.join(*cited()[:2]),
    "join guidelines of two families": lambda: naming.join(
        cited()[0], next(row for row in cited() if row.family != cited()[0].family)
    ),
    "join categories": lambda: naming.join(
        category("rehabilitation/other-therapies"), category("rehabilitation/pt-ot")
    ),
    "split a guideline": lambda: naming.split(
        cited()[0], cited()[0].wordings.order_by("text")[:1], "A Part of a Guideline"
    ),
    "rename a specialty": lambda: naming.rename(specialty("Neurology"), "Nerve Medicine"),
    "rename a guideline": lambda: naming.rename(cited()[0], "The Guideline of All"),
    "rename a category with sub-categories": lambda: naming.rename(category("pharmaceuticals"), "Drugs"),
    "place a specialty": lambda: naming.place(specialty("Neurology"), parents=[specialty("Internal Medicine")]),
    "place a guideline in another family": lambda: naming.place(cited()[0], family="A New Family"),
    "assign a name of a drug": lambda: naming.assign(spelled("cymbalta"), drug("gabapentin")),
    "take the name of a drug away": lambda: naming.assign(spelled("cymbalta"), None),
    "create a drug": lambda: naming.create(
        "drug", "Duloxetine by Brand", [spelled("cymbalta")], group="Antidepressant"
    ),
    "join drugs": lambda: naming.join(drug("gabapentin"), drug("tramadol")),
    "split a drug": lambda: naming.split(drug("duloxetine"), [spelled("cymbalta")], "Cymbalta alone"),
    "rename a drug": lambda: naming.rename(drug("tramadol"), "tramadol hydrochloride"),
    "place a drug in another class": lambda: naming.place(drug("tramadol"), group="Pain Relievers"),
    "add a name of a drug": lambda: naming.spell(drug("tramadol"), "Urine  Drug"),
    "add a name with a drug's name in it": lambda: naming.spell(drug("gabapentin"), "Cymbalta 60mg"),
    "place a category under another one": lambda: naming.place(
        category("rehabilitation/pt-ot"), parent=category("therapies")
    ),
}  # fmt: skip


@pytest.mark.parametrize("make", PLANS.values(), ids=PLANS)
def test_every_number_follows_and_undoing_gives_all_back(make, do):
    before = said()
    plan = make()
    seen = plan.preview()
    done = do(plan, why="As the board calls it.", seen=plan.stamp)
    assert said() != before
    agrees()
    change = NameChange.objects.get()
    assert (change.made_by, change.why) == ("mary", "As the board calls it.")
    assert change.letters == seen.letters >= done.followed.letters
    do(naming.undo(change))
    agrees()
    assert said() == before
    change.refresh_from_db()
    assert change.undone_by == "mary"


@pytest.mark.parametrize("make", PLANS.values(), ids=PLANS)
def test_the_preview_says_how_facets_change(make, do):
    plan = make()
    before, names = search.facets(DecisionQuery()), called(plan.kind)
    expected = {(one.facet, one.name): one.gains - one.loses for one in plan.preview().facets}
    do(plan)
    after = search.facets(DecisionQuery())
    names = called(plan.kind) | names
    found = {
        (FACETS[facet], names[value]): after[facet][value] - before[facet][value]
        for facet in plan.kind.facets
        for value in {*before[facet], *after[facet]} & names.keys()
        if after[facet][value] != before[facet][value]
    }
    if plan.kind.name == "treatment":  # those above follow, which the preview need not say
        above = set(TreatmentCategory.objects.filter(parent=None).values_list("name", flat=True))
        found = {place: number for place, number in found.items() if place[1] not in above}
    assert found == {place: number for place, number in expected.items() if number}


@pytest.mark.parametrize("make", PLANS.values(), ids=PLANS)
def test_the_index_counts_what_the_database_does(make, do, monkeypatch):
    """Before the change, and before it is taken back; of wordings that are a part of their guideline it cannot."""
    for make_plan in (make, lambda: naming.undo(do(make()).change)):
        plan = make_plan()
        if plan.kind.name == "drug":
            continue  # which the index counts always
        stored = plan.preview()
        monkeypatch.setattr(effects_counted, "FEW", 0)
        told = effects_counted.concerned(plan.kind, plan.before, plan.after)
        counting = effects_counted.counting(plan.kind, plan.before, plan.after)
        assert plan.preview() == stored
        if told.places().exists() and plan.action not in ("assign", "create", "split"):
            assert isinstance(counting, effects_counted._Indexed)
        monkeypatch.undo()


def test_without_an_index_the_database_counts(do, monkeypatch, settings, tmp_path):
    plan = PLANS["join guidelines"]()
    stored = plan.preview()
    monkeypatch.setattr(effects_counted, "FEW", 0)
    settings.SEARCH_INDEX_DIR = tmp_path / "nothing"
    assert plan.preview() == stored


def called(kind):
    """The names of all records of a kind by what stands for them in the index."""
    return {str(row.pk): str(row) for row in kind.model.objects.all()}


@pytest.mark.parametrize("make", PLANS.values(), ids=PLANS)
def test_no_later_ingest_brings_a_former_name_back(make, do):
    do(make())
    before = said()
    load_vocabulary()
    Names()
    assert said() == before
    ingest_paths([SAMPLES], jobs=1)
    assert said() == before


@pytest.mark.parametrize(
    "name", ["join guidelines", "join categories", "rename a category with sub-categories", "assign a guideline"]
)
def test_letters_that_are_read_again_keep_to_the_names(name, do):
    do(PLANS[name]())
    before = said()
    assert reread(Choice(everything=True), apply=True).comparison.changed == 0
    assert said() == before
    everything = DisputedItem.objects.count()
    LetterSource.objects.all().delete()
    Case.objects.all().delete()
    ingest_paths([SAMPLES], jobs=1)
    search.rebuild()
    assert DisputedItem.objects.count() == everything
    counted = {facet: sorted(values.values()) for facet, values in before["counts"].items()}
    assert {facet: sorted(values.values()) for facet, values in said()["counts"].items()} == counted


def test_a_change_is_of_what_the_curator_saw(do):
    plan = PLANS["join guidelines"]()
    other = plan.stamp
    do(naming.rename(cited()[0], "Another Name"))
    with pytest.raises(naming.Stale):
        plan.carry_out(by="john")
    with pytest.raises(naming.Stale):
        PLANS["join guidelines"]().carry_out(by="john", seen=other)
    assert NameChange.objects.count() == 1


def test_what_something_builds_on_is_undone_after_it(do):
    kept, gone, third = cited()[:3]
    first = do(naming.join(kept, gone)).change
    second = do(naming.join(third, kept)).change
    with pytest.raises(naming.Refused, match=f"“{re.escape(second.summary)}” .* builds on it; undo that first"):
        naming.undo(first)
    do(naming.undo(second))
    do(naming.undo(first))
    agrees()
    with pytest.raises(naming.Refused, match="undone already"):
        naming.undo(first)


def test_the_guideline_that_a_wording_was_taken_from_has_to_be_there_again(do):
    taken_from, other, third = cited()[:3]
    assigned = do(naming.assign(taken_from.wordings.first(), other)).change
    joined = do(naming.join(third, taken_from)).change
    with pytest.raises(naming.Refused, match=f"“{re.escape(joined.summary)}” .* builds on it; undo that first"):
        naming.undo(assigned)
    do(naming.undo(joined))
    do(naming.undo(assigned))
    agrees()


def test_a_change_of_another_archive_does_not_stand_in_the_way(do):
    taken_from, other, third = cited()[:3]
    assigned = do(naming.assign(taken_from.wordings.first(), other)).change
    joined = do(naming.join(third, taken_from)).change
    NameChange.objects.create(kind="rename", names="guideline", summary="Elsewhere", letters=0, made_by="mary")
    with pytest.raises(naming.Refused, match=f"“{re.escape(joined.summary)}”"):
        naming.undo(assigned)


def test_the_category_that_one_was_taken_from_has_to_be_there_again(do):
    do(naming.create("treatment", "Robots", parent=category("transportation")))
    placed = do(naming.place(category("transportation/robots"), parent=category("surgery"))).change
    joined = do(naming.join(category("surgery"), category("transportation"))).change
    with pytest.raises(naming.Refused, match=f"“{re.escape(joined.summary)}” .* builds on it; undo that first"):
        naming.undo(placed)
    do(naming.undo(joined))
    do(naming.undo(placed))
    agrees()


REFUSED = {
    "a name that is taken": lambda: naming.rename(specialty("Neurology"), "internal medicine"),
    "a name of signs": lambda: naming.rename(specialty("Neurology"), "—"),
    "the name that it has": lambda: naming.rename(specialty("Neurology"), "Neurology"),
    "a name that is far too long": lambda: naming.rename(specialty("Neurology"), "N" * 200),
    "joining with itself": lambda: naming.join(specialty("Neurology"), specialty("Neurology")),
    "joining two kinds": lambda: naming.join(specialty("Neurology"), cited()[0]),
    "joining a category that has others below it": lambda: naming.join(category("dmepos"), category("pharmaceuticals")),
    "splitting a category": lambda: naming.split(category("dmepos"), [], "Half"),
    "splitting off nothing": lambda: naming.split(cited()[0], [], "Half"),
    "splitting off another's wording": lambda: naming.split(cited()[0], cited()[1].wordings.all(), "Half"),
    "assigning what is assigned": lambda: naming.assign(cited()[0].wordings.first(), cited()[0]),
    "a parent of itself": lambda: naming.place(specialty("Neurology"), parents=[specialty("Neurology")]),
    "a third level": lambda: naming.place(category("therapies"), parent=category("rehabilitation/pt-ot")),
    "the place where it stands": lambda: naming.place(cited()[0], family=cited()[0].family),
}  # fmt: skip


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED)
def test_what_makes_no_sense_is_refused_with_a_sentence(make, sampled):
    with pytest.raises(naming.Refused) as refused:
        make()
    assert str(refused.value).endswith((".", "instead."))


def test_a_letter_that_comes_in_stands_against_taking_its_name_away(do):
    change = do(naming.create("guideline", "A Journal", family="Journals")).change
    GuidelineWording.objects.create(text="J. of X", guideline=guideline("A Journal"))
    with pytest.raises(naming.Refused, match="wordings stand for it"):
        naming.undo(change).carry_out(by="mary")
    assert guideline("A Journal")


# ---- addresses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "page", "facet", "old", "new"),
    [
        (lambda: naming.rename(specialty("Neurology"), "Nerve Medicine"),
         "specialty", "board", "neurology", "nerve-medicine"),
        (lambda: naming.join(specialty("Internal Medicine"), specialty("Family Medicine")),
         "specialty", "specialty", "family-medicine", "internal-medicine"),
        (lambda: naming.rename(category("pharmaceuticals"), "Drugs"),
         "treatment", "treatment", "pharmaceuticals/opioids", "drugs/opioids"),
        (lambda: naming.join(category("rehabilitation/other-therapies"), category("rehabilitation/pt-ot")),
         "treatment", "treatment", "rehabilitation/ptot", "rehabilitation/other-therapies"),
    ],
    ids=["renamed", "joined", "below a renamed one", "a category joined"],
)  # fmt: skip
def test_former_addresses_lead_to_the_new_ones(make, page, facet, old, new, do, client):
    old = old if page != "treatment" or "ptot" not in old else "rehabilitation/pt-ot"
    asked = {facet: old}
    plan = make()
    do(plan)
    answer = client.get(reverse(page, kwargs={"slug": old}))
    assert (answer.status_code, answer["Location"]) == (302, reverse(page, kwargs={"slug": new}))
    assert client.get(answer["Location"]).status_code == 200
    found = client.get("/decisions/", asked)
    assert found.context["filter"].selected(facet) == [new]
    assert not found.context["filter"].problems(facet)
    assert f"{facet}={new.replace('/', '%2F')}" in found.content.decode()
    decisions = search.count(found.context["filter"].query)
    assert decisions > 0
    taken = client.get("/decisions.jsonl", asked)
    assert len(b"".join(taken.streaming_content).splitlines()) == decisions
    assert client.get("/api/v1/facets", asked).json()["total"]["decisions"] == decisions


def test_an_address_that_was_renamed_twice_leads_straight_to_the_last(do, client):
    do(naming.rename(specialty("Neurology"), "Second Name"))
    do(naming.rename(specialty("Second Name"), "Third Name"))
    for slug in ("neurology", "second-name"):
        assert client.get(f"/specialties/{slug}/")["Location"] == "/specialties/third-name/"
    do(naming.rename(specialty("Third Name"), "Neurology"))
    assert client.get("/specialties/neurology/").status_code == 200
    for slug in ("third-name", "second-name"):
        assert client.get(f"/specialties/{slug}/")["Location"] == "/specialties/neurology/"


def test_a_former_name_can_be_given_to_another(do, client):
    do(naming.rename(specialty("Neurology"), "Nerve Medicine"))
    do(naming.create("specialty", "Neurology", kind="board"))
    assert client.get("/specialties/neurology/").status_code == 200
    assert not OldAddress.objects.exists()


def test_the_address_of_a_family_that_is_left_leads_on(do, client):
    last = next(row for row in cited() if Guideline.objects.filter(family=row.family).count() == 1)
    old = family_value(last.family)
    do(naming.place(last, family="A New Family"))
    found = client.get("/decisions/", {"guideline": old})
    assert found.context["filter"].selected("guideline") == ["all-a-new-family"]


# ---- wordings ---------------------------------------------------------------------------------------------------


def test_questions_about_a_wording_are_settled_with_it(do):
    wording = CredentialWording.objects.get(text="Family Practise")
    asked = ParseIssue.objects.filter(code="unknown-specialty", message__contains="'Family Practise'")
    assert {issue.status for issue in asked} == {"open"}
    change = do(naming.assign(wording, specialty("Family Medicine"))).change
    wording.refresh_from_db()
    assert wording.status == "settled"
    assert {issue.status for issue in asked.all()} == {"settled"}
    Case.objects.all().delete()
    ingest_paths([SAMPLES], jobs=1)
    assert {issue.status for issue in asked.all()} == {"settled"}, "nor does a letter that comes in ask again"
    assert change.letters == 1
