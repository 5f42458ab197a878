"""Pages to browse by: lists of specialties, treatments, drugs, procedures and guidelines, and a page for each value."""

import re
from collections import Counter

import pytest
from django.http import QueryDict

from determinations import search, statistics, ways
from determinations.filters import DecisionFilter
from determinations.labels import load_labels
from determinations.models import (
    Case,
    CredentialWording,
    DisputedItem,
    Guideline,
    GuidelineCitation,
    Reviewer,
    ReviewerCredential,
    Specialty,
)
from determinations.search import DecisionQuery
from determinations.statistics import Rate
from determinations.ways import KINDS, Order, charts
from determinations.ways.rows import Row
from tests import plain
from tests.pages import page

pytestmark = pytest.mark.django_db

LISTS = ["/specialties/", "/treatments/", "/drugs/", "/procedures/", "/guidelines/"]
VALUES = [
    ("specialty", "physical-medicine-and-rehabilitation"),
    ("specialty", "pain-medicine"),
    ("treatment", "pharmaceuticals"),
    ("treatment", "pharmaceuticals/opioids"),
    ("drug", "tramadol"),
    ("drug", "all-opioids"),
    ("procedure", "physical-therapy"),
    ("procedure", "all-imaging"),
    ("guideline", "chronic-pain-medical-treatment-guidelines-2009"),
    ("guideline", "all-odg"),
]


def address_of(facet: str, slug: str) -> str:
    return KINDS[facet].url(slug)


def asked_by(address: str) -> DecisionQuery:
    """The search that a link leads to, read as its page reads it; nothing in it may be unknown."""
    asked = DecisionFilter(QueryDict(address.partition("?")[2]))
    assert asked.form.is_valid()
    assert not [problem for name in asked.filters for problem in asked.problems(name)], address
    return asked.query


def of(decisions: list[plain.Decision]) -> Rate:
    """The rate of some decisions, counted one by one."""
    outcomes = Counter(value for decision in decisions for value in decision.values["outcome"])
    return Rate(outcomes["upheld"] + outcomes["overturned"], outcomes["overturned"])


def rows_of(listing: ways.Listing) -> list[Row]:
    tops = [row for group in listing.groups for row in group.rows]
    return [each for row in tops for each in (row, *row.children)]


# ---- addresses ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LISTS)
def test_a_list_leads_to_the_page_of_every_value(client, path):
    links = {link for link in page(client.get(path)).links if link.startswith(path) and link != path}
    assert links
    for link in sorted(links)[::5]:
        assert client.get(link).status_code == 200


@pytest.mark.parametrize(("facet", "slug"), VALUES)
def test_each_value_has_a_page_with_its_name(client, facet, slug):
    known = load_labels()[facet]
    found = page(client.get(address_of(facet, slug)))
    assert found.heading() == known[known.by_slug[slug]].name


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/specialties/Pain-Medicine/", "/specialties/pain-medicine/"),
        ("/treatments/Pharmaceuticals/OPIOIDS/", "/treatments/pharmaceuticals/opioids/"),
        ("/drugs/TRAMADOL/", "/drugs/tramadol/"),
        ("/procedures/All-Imaging/", "/procedures/all-imaging/"),
        ("/guidelines/ALL-MTUS/", "/guidelines/all-mtus/"),
    ],
)
def test_capitals_lead_to_the_address(client, asked, leads_to):
    response = client.get(asked)
    assert response.status_code == 301
    assert response["Location"] == leads_to


@pytest.mark.parametrize(
    "path",
    [
        "/specialties/astrology/",
        "/specialties/Astrology/",
        "/treatments/pharmaceuticals/nothing/",
        "/treatments/opioids/",
        "/drugs/sugar/",
        "/drugs/tramadol/more/",
        "/procedures/x/",
        "/guidelines/all-of-them/",
        "/guidelines/%00/",
        "/guidelines/../admin/",
    ],
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", [*LISTS, "/specialties/pain-medicine/", "/guidelines/all-mtus/"])
def test_without_an_index_a_sentence_says_so(client, no_index, path):
    response = client.get(path)
    assert response.status_code == 503
    assert "search index is being built" in page(response).text


@pytest.mark.parametrize("path", LISTS)
def test_lists_of_an_empty_archive(client, empty_archive, reindex, path):
    reindex()
    assert "no decisions to list here yet" in page(client.get(path)).text


def test_a_value_without_decisions_says_so_and_a_list_names_it(client):
    Specialty.objects.create(name="Space Medicine", slug="space-medicine", kind=Specialty.Kind.SUBSPECIALTY)
    assert "No decision in the archive has this" in page(client.get("/specialties/space-medicine/")).text
    assert "/specialties/space-medicine/" in page(client.get("/specialties/")).links


def test_a_guideline_that_only_claims_administrators_cite():
    """Its page has no decisions of its own, but says who cited it."""
    every = plain.decisions()
    labels = load_labels()["guideline"]
    cited = {value for decision in every for value in decision.values["guideline"]}
    alone = sorted({value for decision in every for value in decision.values["administrator"]} - cited)
    assert alone
    found = ways.portrait(KINDS["guideline"], labels[alone[0]].slug)
    assert found.decisions == 0
    [sides] = [table for table in found.first if table.id == "sides"]
    assert [row.name for row in sides.rows] == [
        "The claims administrator cited it",
        "The claims administrator alone cited it",
    ]


# ---- numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("facet", KINDS)
def test_the_numbers_of_a_list_are_those_of_a_plain_scan(facet):
    every, known = plain.decisions(), load_labels()[facet]
    found = ways.listing(KINDS[facet])
    # Families of works that no record stands for are counted by the index and have no name to be listed by.
    counted = Counter(value for decision in every for value in decision.values[facet] if value in known)
    assert {row.page: row.decisions for row in rows_of(found)} == {
        address_of(facet, known[value].slug): number for value, number in counted.items()
    }
    for row in rows_of(found):
        [value] = [value for value in counted if address_of(facet, known[value].slug) == row.page]
        assert row.rate == of([decision for decision in every if value in decision.values[facet]])
    assert found.archive == of(every)
    assert len(found.unused) == len(known) - len(counted)


@pytest.mark.parametrize(("facet", "slug"), VALUES)
def test_the_numbers_of_a_page_are_those_of_a_plain_scan(facet, slug):
    every = plain.decisions()
    value = load_labels()[facet].by_slug[slug]
    these = [decision for decision in every if value in decision.values[facet]]
    found = ways.portrait(KINDS[facet], slug)
    assert these
    assert (found.decisions, found.letters) == (len(these), len({decision.case for decision in these}))
    assert (found.rate, found.archive) == (of(these), of(every))
    for year in (*found.years, *([found.undated] if found.undated.decisions else [])):
        assert year.rate == of(plain.matching(every, asked_by(year.found)))
    assert sum(row.decisions for row in (*found.years, found.undated)) == len(these)
    newest = sorted(these, key=lambda one: (-(one.day.toordinal() if one.day else 0), one.pk))
    assert [item.pk for item in found.recent] == [decision.pk for decision in newest[:5]]


@pytest.mark.parametrize(("facet", "slug"), VALUES)
def test_every_row_is_what_its_search_finds(facet, slug):
    every = plain.decisions()
    found = ways.portrait(KINDS[facet], slug)
    rows = [row for table in (*found.first, *found.tables) for row in table.rows]
    assert len(rows) > 5
    for row in rows:
        these = plain.matching(every, asked_by(row.found))
        assert (row.decisions, row.rate) == (len(these), of(these)), row
    for reasons in found.reasons:
        for reason in reasons.rows:
            assert reason.decisions == len(plain.matching(every, asked_by(reason.found))), reason


@pytest.mark.parametrize(
    "path", [*LISTS, *(f"{path}?sort=rate" for path in LISTS), "/treatments/surgery/", "/guidelines/all-mtus/"]
)
def test_every_number_that_is_a_link_leads_to_that_many_decisions(client, path):
    numbers = [
        (address, int(text.replace(",", "")))
        for address, text in page(client.get(path)).anchors
        if address.startswith("/decisions/") and re.fullmatch(r"[\d,]+", text)
    ]
    assert len(numbers) > 3
    for address, number in numbers:
        assert search.find(asked_by(address), limit=1).decisions == number


def test_a_page_asks_the_engine_four_things_and_the_archives_own_rate(monkeypatch):
    asked = []
    for name in ("answer", "facets", "find"):
        real = getattr(search, name)
        monkeypatch.setattr(
            statistics.search, name, lambda query, real=real, **more: asked.append(query) or real(query, **more)
        )
    for facet, slug in VALUES:
        asked.clear()
        ways.portrait(KINDS[facet], slug)
        assert len([query for query in asked if query != DecisionQuery()]) <= 4
        assert len(asked) <= 5


# ---- what a page says ----------------------------------------------------------------------------------------------


def test_few_decisions_have_no_rate(client):
    few = [row for row in rows_of(ways.listing(KINDS["specialty"])) if 0 < row.rate.decisions < 10]
    assert few
    found = page(client.get(few[0].page))
    assert "Fewer than ten decisions say more about chance" in found.text
    assert f"{few[0].rate.overturned} of {few[0].rate.decisions}" in found.text


@pytest.mark.parametrize("order", Order)
def test_a_list_is_sorted_as_asked(order):
    listing = ways.listing(KINDS["specialty"], order)
    for group in listing.groups:
        rows = list(group.rows)
        if order is Order.DECISIONS:
            assert rows == sorted(rows, key=lambda row: -row.decisions)
        elif order is Order.NAME:
            assert rows == sorted(rows, key=lambda row: row.name.casefold())
        else:
            rates = [row.rate.percent for row in rows if row.rate.enough]
            assert rates == sorted(rates, reverse=True)
            assert [row.rate.enough for row in rows] == sorted((row.rate.enough for row in rows), reverse=True)


def test_an_order_that_is_none_has_a_message(client):
    found = page(client.get("/drugs/?sort=<b>loudest"))
    assert "“<b>loudest” is no order of this list" in found.text


def test_a_specialty_that_letters_give_in_both_roles_is_told_apart():
    kind, specialty = KINDS["specialty"], Specialty.objects.get(slug="pain-medicine")
    assert [table.id for table in ways.portrait(kind, specialty.slug).first] == []  # always a subspecialty
    reviewer = Reviewer.objects.exclude(credentials__wording__specialty=specialty).filter(cases__items__isnull=False)[0]
    wording = CredentialWording.objects.create(text="Board of Pain Medicine", specialty=specialty)
    ReviewerCredential.objects.create(reviewer=reviewer, wording=wording, role="board certification", position=9)
    found = ways.portrait(kind, specialty.slug)
    [roles] = [table for table in found.first if table.id == "roles"]
    every, value = plain.decisions(), str(specialty.pk)
    assert {row.name: row.decisions for row in roles.rows} == {
        name: sum(value in decision.values[facet] for decision in every)
        for name, facet in (("As board certification", "board"), ("As subspecialty", "subspecialty"))
    }
    for row in roles.rows:
        assert row.rate == of(plain.matching(every, asked_by(row.found)))


def test_a_document_that_was_moved_to_another_family_stays_in_the_list():
    """The index still has it in the old family, until its letters are indexed again."""
    guideline = Guideline.objects.get(slug="chronic-pain-medical-treatment-guidelines-2009")
    guideline.family = "A New Family"
    guideline.save()
    rows = [row for row in rows_of(ways.listing(KINDS["guideline"])) if row.page.endswith(f"/{guideline.slug}/")]
    assert [row.decisions > 0 for row in rows] == [True]


def test_the_sections_of_a_guideline_are_those_that_its_decisions_cite(client):
    guideline = Guideline.objects.get(slug="chronic-pain-medical-treatment-guidelines-2009")
    citations = GuidelineCitation.objects.filter(
        wording__guideline=guideline, side=GuidelineCitation.Side.REVIEWER
    ).exclude(section="")
    expected = Counter()
    for section in {name.lower() for name in citations.values_list("section", flat=True)}:
        expected[section] = citations.filter(section__iexact=section).values("item").distinct().count()
    found = ways.portrait(KINDS["guideline"], guideline.slug).sections
    assert {row.name.lower(): row.decisions for row in found.rows} == dict(
        sorted(expected.items(), key=lambda one: (-one[1], re.sub(r"[^a-z0-9]+", " ", one[0])))[:15]
    )
    for row in found.rows:
        assert search.find(asked_by(row.found)).decisions >= row.decisions
    assert (
        "Counted over all decisions whose reviewer cited it"
        in page(client.get(KINDS["guideline"].url(guideline.slug))).text
    )


def test_names_are_escaped(client):
    specialty = Specialty.objects.get(slug="pain-medicine")
    specialty.name = "Pain <script>alert(1)</script> & Medicine"
    specialty.save()
    for path in ("/specialties/", "/specialties/pain-medicine/"):
        found = page(client.get(path))
        assert "Pain <script>alert(1)</script> & Medicine" in found.text


def test_decisions_whose_outcome_was_not_read_are_counted_but_not_in_the_rate(sampled):
    item = DisputedItem.objects.filter(filed_under__isnull=False, outcome="Upheld").first()
    DisputedItem.objects.filter(pk=item.pk).update(outcome="")
    Case.objects.filter(pk=item.case_id).update(index_pending=True)
    search.index_pending()
    found = ways.portrait(KINDS["treatment"], item.category.slug)
    assert found.decisions == found.rate.decisions + 1


# ---- the picture of the years ---------------------------------------------------------------------------------------


def year(name: str, decisions: int, overturned: int) -> Row:
    return Row(name, decisions, Rate(decisions, overturned), "")


def test_a_year_without_decisions_is_an_empty_place():
    chart = charts.chart([year("2013", 40, 10), year("2016", 20, 5)], Rate(100, 20))
    assert [column.year for column in chart.columns] == ["2013", "2014", "2015", "2016"]
    assert [float(column.upheld_height) > 0 for column in chart.columns] == [True, False, False, True]
    assert [bool(column.rate_y) for column in chart.columns] == [True, False, False, True]


def test_heights_are_as_the_numbers():
    first, second = charts.chart([year("2013", 40, 10), year("2014", 20, 10)], Rate(100, 20)).columns
    assert float(first.upheld_height) == pytest.approx(3 * float(first.overturned_height), abs=0.2)
    assert first.overturned_height == second.overturned_height
    assert float(second.upheld_height) == float(second.overturned_height)
    for column in (first, second):
        assert float(column.upheld_y) + float(column.upheld_height) == pytest.approx(
            float(column.overturned_y), abs=0.2
        )
        assert float(column.overturned_y) + float(column.overturned_height) == pytest.approx(130, abs=0.2)


@pytest.mark.parametrize("years", [[], [year("2015", 5, 1)]])
def test_one_year_is_no_picture(years):
    assert charts.chart(years, Rate(100, 20)) is None


@pytest.mark.parametrize(
    ("most", "top"), [(1, 2), (2, 2), (3, 4), (7, 10), (11, 20), (41, 60), (999, 1_000), (123_456, 200_000)]
)
def test_the_scale_is_a_round_number_not_below_the_most(most, top):
    chart = charts.chart([year("2013", most, 0), year("2014", most, 0)], Rate(100, 20))
    assert float(chart.columns[0].upheld_height) == pytest.approx(120 * most / top, abs=0.1)
