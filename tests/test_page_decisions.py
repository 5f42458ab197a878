"""/decisions/: results with facets; the address is the whole state."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.http import QueryDict

from determinations import browsing, histogram, search, statistics
from determinations.filters import DecisionFilter
from determinations.labels import FACETS, load_labels
from determinations.models import Case, DisputedItem, Specialty
from tests import plain
from tests.pages import page

pytestmark = pytest.mark.django_db


def get(client, parameters="", status=200):
    response = client.get(f"/decisions/{parameters}")
    assert response.status_code == status
    return page(response)


def decisions_in(found):
    """The decisions that a page links to, by their own address, without the search that they were found by."""
    links = [re.fullmatch(r"(/cases/[\w-]+/)(?:\?[^#]*)?(#item-\d+)", link) for link in found.links]
    return {link[1] + link[2] for link in links if link}


def test_it_counts_decisions_and_letters(client):
    found = get(client)
    assert found.heading() == f"{DisputedItem.objects.count()} decisions in {Case.objects.count()} letters"


def test_choosing_a_specialty_and_an_outcome_gives_what_a_plain_scan_gives(client):
    specialty = Specialty.objects.get(name="Physical Medicine and Rehabilitation")
    query = search.DecisionQuery(chosen={"specialty": {str(specialty.pk)}, "outcome": {"overturned"}})
    expected = {decision.pk for decision in plain.matching(plain.decisions(), query)}
    assert expected
    parameters = "?outcome=overturned&specialty=physical-medicine-and-rehabilitation"
    shown = set()
    for number in range(1, 2 + len(expected) // 20):
        shown |= decisions_in(get(client, f"{parameters}&page={number}"))
    assert shown == {item.get_absolute_url() for item in DisputedItem.objects.filter(pk__in=expected)}


def test_the_same_by_clicking(client):
    first = get(client)
    [board] = [link for link in first.links if link == "?board=physical-medicine-and-rehabilitation"]
    second = get(client, board)
    [both] = [
        link for link in second.links if "&outcome=overturned" in link or link.startswith("?outcome=overturned&b")
    ]
    assert both == "?outcome=overturned&board=physical-medicine-and-rehabilitation"
    assert get(client, both).heading() == get(client, both).heading()


def test_results_say_what_a_reader_needs(client):
    found = get(client, "?q=CM16-0990003")
    case = Case.objects.get(number="CM16-0990003")
    for item in case.items.all():
        assert item.title in found.text
        assert item.get_absolute_url() in decisions_in(found)
        assert str(item.category) in found.text
    assert "Overturned" in found.text
    assert f"{case.decision_date:%b} {case.decision_date.day}, {case.decision_date.year}" in found.text


def test_words_are_marked_in_the_passage(client):
    response = client.get("/decisions/?q=tear")
    assert b"<mark>tear</mark>" in response.content


def test_what_was_typed_stays_in_the_box_and_is_escaped(client):
    response = client.get("/decisions/", {"q": '"><script>alert(1)</script>'})
    found = page(response)
    assert b"<script>alert" not in response.content
    assert found.fields["masthead-q"]["value"] == '"><script>alert(1)</script>'


def test_a_new_search_keeps_the_filters(client):
    found = get(client, "?state=CA&outcome=upheld&page=2")
    kept = {name: field for name, field in found.fields.items() if field.get("type") == "hidden"}
    assert {(field["name"], field["value"]) for field in kept.values()} == {("state", "CA"), ("outcome", "upheld")}


def test_pages_lead_through_all_results(client):
    count = DisputedItem.objects.count()
    pages = -(-count // 20)
    seen = []
    for number in range(1, pages + 1):
        found = get(client, f"?sort=oldest&page={number}")
        seen += [link for link in found.links if "#item-" in link]
        assert (f"?sort=oldest&page={number + 1}" in found.links) == (number < pages)
    assert len(seen) == len(set(seen)) == count


def test_a_page_past_the_end_says_so_and_shows_the_last(client):
    found = get(client, "?page=400")
    assert "the last one is shown" in found.text
    assert any("#item-" in link for link in found.links)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ("?specialty=astrology", "“astrology” is not known here"),
        ("?outcome=won&outcome=upheld", "“won” is not known here"),
        ("?year=99999", "“99999” is not known here"),
        ("?page=zero", "must be a number"),
        ("?sort=upwards", "“upwards” is no order"),
        ("?q=" + "x" * 500, "too long"),
        ("?state=%00", "is not known here"),
        ("?treatment=" + "y" * 5000, "is not known here"),
    ],
)
def test_bad_parameters_have_a_message_and_never_fail(client, parameters, message):
    assert message in get(client, parameters).text


@pytest.mark.parametrize("parameters", ["?specialty=astrology", "?year=99999", "?page=zero"])
def test_what_was_misread_is_told_above_the_results(client, parameters):
    head = get(client, parameters).html.partition('class="results__tools"')[0]
    assert head.count('class="problem" role="alert"') == 1


# ---- nothing found -----------------------------------------------------------------------------------------------


def test_no_results_is_said_plainly(client):
    found = get(client, "?q=xyzzyplugh")
    assert found.heading() == "No decisions found"
    assert "Nothing fits all of what is asked for" in found.text


def test_nothing_found_says_what_each_part_would_give(client):
    parameters = "?q=xyzzyplugh&outcome=overturned&not_state=CA&since=2015-01-01"
    parts = browsing.ways_out(DecisionFilter(QueryDict(parameters[1:])))
    assert [part.label for part in parts] == [
        "“xyzzyplugh”",
        "Outcome: Overturned",
        "Reviewer licensed in: not California",
        "Decided from Jan 1, 2015",
    ]
    links = get(client, parameters).links
    for part in parts:
        for number, address in ((part.without, part.without_url), (part.alone, part.alone_url)):
            assert search.find(DecisionFilter(QueryDict(address[1:])).query, limit=1).decisions == number
            assert number == 0 or address in links
    assert parts[0].without > 0
    assert parts[0].alone == 0


def test_the_part_to_drop_comes_first():
    parts = browsing.ways_out(DecisionFilter(QueryDict("q=knee&year=1999&outcome=upheld")))
    assert parts[0].label == "Date of decision: 1999"
    assert [part.without for part in parts] == sorted((part.without for part in parts), reverse=True)


def test_a_search_of_hostile_size_that_finds_nothing_has_few_parts():
    every = "&".join(f"{name}={slug}" for name in FACETS for slug in list(load_labels()[name].by_slug)[:40])
    assert len(browsing.ways_out(DecisionFilter(QueryDict(f"q=xyzzyplugh&{every}")))) <= 8


# ---- how the words were read -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('"lumbar fusion', "quotation mark"),
        ("knee OR", "OR without words on both sides"),
        ("specialty:alchemy knee", "No specialty is called “alchemy”"),
        ("-specialty:alchemy knee", "No specialty is called “alchemy”"),
        ("(body:elbowish OR knee)", "No part of the body is called “elbowish”"),
        ("year:1850", "No year or month of decision is called “1850”"),
        ("case:foo", "“foo” is no case number"),
    ],
)
def test_what_could_not_be_read_as_typed_is_said(client, words, said):
    response = client.get("/decisions/", {"q": words})
    assert said in page(response).text


def test_names_that_are_known_are_not_remarked_on(client):
    assert "is called" not in get(client, "?q=outcome:upheld+state:CA+body:knee").text


def test_synonyms_are_said_and_one_click_leads_to_the_exact_words_and_back(client):
    found = get(client, "?q=physical+therapy&state=CA")
    assert "Also searched: physical therapy → " in found.text
    exact = "?q=physical+therapy&exact=true&state=CA"
    assert exact in found.links
    back = get(client, exact)
    assert "Only the exact words are searched for." in back.text
    assert "?q=physical+therapy&state=CA" in back.links


def test_words_without_synonyms_have_no_such_line(client):
    assert "Also searched" not in get(client, "?q=because").text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("acupunture", "acupuncture"),
        ('"lumbar fusoin" -acupunture', '"lumbar fusion" -acupunture'),
        ("heading:Acupunture body:knee", "heading:acupuncture body:knee"),
        ("physicaltherapy", "physical therapy"),
    ],
)
def test_a_misspelling_is_noticed(client, typed, meant):
    response = client.get("/decisions/", {"q": typed, "state": "CA"})
    found = page(response)
    assert f"Did you mean {meant} ?" in found.text
    assert f"?{urlencode({'q': meant, 'state': 'CA'})}" in found.links


@pytest.mark.parametrize("typed", ["acupuncture", "xyzzyplugh", "oxycodne*", "12345678", "", "of the"])
def test_nothing_is_proposed_without_need_or_likeness(client, typed):
    assert "Did you mean" not in page(client.get("/decisions/", {"q": typed})).text


# ---- numbers above the results -----------------------------------------------------------------------------------


def test_too_few_for_a_rate_is_said(client):
    found = get(client, "?q=CM16-0990003")
    assert "too few for a rate" in found.text
    assert "interval" not in found.text.partition("Archive as a whole")[0]


def test_the_rate_has_its_interval_and_the_archive_beside_it(client):
    archive = statistics.archive_rate()
    found = get(client, "?q=pain")
    assert re.search(r"[\d.]+ % overturned, [\d,]+ of [\d,]+ \(95 % interval: [\d.]+ to [\d.]+ %\)", found.text)
    assert f"Archive as a whole: {archive.percent:.1f} % of {archive.decisions}" in found.text


def test_the_archive_is_not_held_against_itself(client):
    assert "Archive as a whole" not in get(client).text


def test_the_rate_does_not_depend_on_the_outcome_that_is_chosen(client):
    rate = re.compile(r"[\d.]+ % overturned, [\d,]+ of [\d,]+")
    assert rate.search(get(client, "?outcome=overturned").text)[0] == rate.search(get(client).text)[0]


# ---- when --------------------------------------------------------------------------------------------------------


def bars(parameters):
    asked = DecisionFilter(QueryDict(parameters))
    return histogram.histogram(asked, search.facets(asked.query)["year"])


@pytest.mark.parametrize(
    "parameters", ["", "outcome=overturned", "q=pain&year=2016", "since=2015-06-01&until=2016-03-31", "not_year=2017"]
)
def test_the_number_of_a_bar_is_what_a_click_finds(parameters):
    every = bars(parameters).bars
    assert sum(bar.count for bar in every) > 0
    for bar in every:
        query = DecisionFilter(QueryDict(bar.url[1:])).query
        if f"year={query.chosen.get('year')}" != parameters:
            assert search.find(query, limit=1).decisions == bar.count, bar


@pytest.mark.parametrize(
    ("parameters", "labels"),
    [
        ("", [""]),
        ("year=2016", ["2016"]),
        ("year=2016-03", ["2016"]),
        ("year=2014&year=2016", ["2014", "2016"]),
        ("year=2013&year=2014&year=2015&year=2016", [""]),
        ("since=2015-06-01&until=2016-03-31", ["2015", "2016"]),
        ("since=2013-01-01&until=2018-01-01", [""]),
        ("year=none", [""]),
    ],
)
def test_few_years_are_shown_by_month(parameters, labels):
    found = bars(parameters)
    assert [row.label for row in found.rows] == labels
    assert found.months == (labels != [""])
    assert all(len(row.bars) == 12 for row in found.rows if found.months)


def test_years_have_no_gap_between_them():
    years = [int(bar.label) for bar in bars("").bars]
    assert years == list(range(years[0], years[-1] + 1))


def test_a_bar_takes_the_place_of_other_dates_and_a_second_click_takes_it_away():
    [bar] = [bar for bar in bars("since=2015-06-01&until=2016-03-31&state=CA").bars if bar.label == "May 2016"]
    assert bar.url == "?state=CA&year=2016-05"
    [again] = [bar for bar in bars("state=CA&year=2016-05").bars if bar.selected]
    assert again.url == "?state=CA"


def test_bars_are_there_as_a_table_too(client):
    found = get(client)
    assert [f"{bar.label} {bar.count}" in found.text for bar in bars("").bars]


def test_days_are_a_form_that_keeps_all_else(client):
    found = get(client, "?q=pain&state=CA&year=2016&since=2016-02-01")
    assert found.fields["since"]["value"] == "2016-02-01"
    form = found.html.partition('class="days"')[2].partition("</form>")[0]
    assert re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', form) == [("q", "pain"), ("state", "CA")]


# ---- results -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("parameters", "number"), [("", 20), ("?per=20", 20), ("?per=50", 50), ("?per=1000", 20)])
def test_a_page_has_20_results_or_50(client, parameters, number):
    assert len(decisions_in(get(client, parameters))) == number


def test_the_number_of_results_stays_on_the_next_page_and_through_a_filter(client):
    links = get(client, "?per=50").links
    assert "?per=50&page=2" in links
    assert "?outcome=overturned&per=50" in links


def test_results_lead_to_the_case_with_the_search_and_their_rank(client):
    links = [link for link in get(client, "?q=pain&per=50&page=2").links if "#item-" in link]
    ranks = [parse_qs(urlsplit(link).query)["at"] for link in links]
    assert ranks == [[str(rank)] for rank in range(51, 51 + len(links))]
    assert all(parse_qs(urlsplit(link).query)["q"] == ["pain"] for link in links)


def test_excluding_a_value_by_its_link(client):
    whole = DisputedItem.objects.count()
    first = get(client)
    assert "Exclude California" in first.text
    assert "?not_state=CA" in first.links
    then = get(client, "?not_state=CA")
    rest = search.find(search.DecisionQuery(excluded={"state": {"CA"}}), limit=1).decisions
    assert then.heading().startswith(f"{rest} decisions")
    assert rest < whole
    assert "No longer exclude California" in then.text
    assert "?" in then.links


def test_a_tree_shows_what_lies_below_where_it_narrows_the_search(client):
    html = get(client, "?drug=oxycodone").html
    [details] = re.findall(r'<details class="sub" data-keep="drug:all-opioids"( open)?>', html)
    assert details == " open"


@pytest.mark.parametrize(
    "parameters", ["", "?q=pain", "?per=50", "?" + "&".join(f"year={y}" for y in range(2013, 2019))]
)
def test_a_page_is_small(client, parameters):
    response = client.get(f"/decisions/{parameters}", headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) < 60_000


def test_contradictions_are_flagged(client):
    assert "Heading and reasons disagree" in get(client, "?q=CM17-0990014").text


def test_orders_can_be_chosen(client):
    links = get(client, "?q=knee").links
    assert {"?q=knee&sort=newest", "?q=knee&sort=oldest", "?q=knee"} <= set(links)
    assert "?sort=oldest" in get(client).links


def test_without_an_index_it_says_so(client, no_index):
    response = client.get("/decisions/?q=knee")
    assert response.status_code == 503
    assert "search index is being built" in page(response).text


def test_the_page_takes_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    client.get("/decisions/")
    with django_assert_max_num_queries(30):
        client.get("/decisions/?q=pain")


def test_it_is_read_only(client):
    assert client.post("/decisions/").status_code == 405
