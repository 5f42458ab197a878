"""A letter's page opened from a search: words marked, the results before and after, the way back."""

import re
from html import unescape

import pytest
from django.http import QueryDict

from determinations import search
from determinations.filters import DecisionFilter
from determinations.models import DisputedItem
from tests.pages import page

pytestmark = pytest.mark.django_db


def get(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status
    return page(response)


def test_words_of_the_search_are_marked_wherever_they_stand(client):
    found = get(client, "/cases/cm16-0990003/?q=shoulder")
    marked = re.findall(r"<(h2|p|strong)\b[^>]*>(?:(?!</\1>).)*?<mark>([^<]+)</mark>", found.html)
    assert {"h2", "p"} <= {tag for tag, _ in marked}
    assert {word.lower() for _, word in marked} == {"shoulder"}
    assert "<mark>" not in get(client, "/cases/cm16-0990003/?q=-shoulder").html
    assert "<mark>" not in get(client, "/cases/cm16-0990003/").html


def walk(client, query):
    """The results of a search by "next", from the first: (path, anchor) of each."""
    asked = DecisionFilter(QueryDict(query))
    total = search.find(asked.query).decisions
    url = DisputedItem.objects.get(pk=search.find(asked.query).item_ids[0]).get_absolute_url()
    url = f"{url.split('#')[0]}?{query}&at=1#{url.split('#')[1]}"
    seen = []
    for rank in range(1, total + 1):
        path, anchor = url.split("#")
        seen.append((path.split("?")[0], anchor))
        found = get(client, path)
        assert f"{rank} of {total}" in found.text
        steps = {"previous": rank > 1, "next": rank < total}
        urls = {rel: re.search(rf'rel="{rel[:4]} nofollow" href="([^"]+)"', found.html) for rel in steps}
        assert {rel: bool(urls[rel]) for rel in steps} == steps
        if urls["next"]:
            url = unescape(urls["next"][1])
    return seen


@pytest.mark.parametrize("query", ["q=knee", "q=surgery&outcome=overturned", "outcome=overturned&sort=oldest"])
def test_next_leads_through_all_results_in_their_order(client, query):
    ids = search.find(DecisionFilter(QueryDict(query)).query, limit=1000).item_ids
    items = DisputedItem.objects.select_related("case").in_bulk(ids)
    assert walk(client, query) == [(items[pk].case.get_absolute_url(), items[pk].anchor) for pk in ids]


def trail_of(client, slug, query):
    found = get(client, f"/cases/{slug}/?{query}")
    [back] = re.findall(r'class="trail__back"><a href="([^"]+)"', found.html)
    return found, unescape(back)


def test_back_leads_to_the_page_of_results(client, settings):
    settings.RESULTS_PER_PAGE = 5
    ids = search.find(DecisionFilter(QueryDict("q=pain")).query, limit=12).item_ids
    item = DisputedItem.objects.get(pk=ids[11])
    found, back = trail_of(client, item.case.slug, "q=pain&at=12")
    assert back == "/decisions/?q=pain&page=3"
    assert "Back to results for pain" in found.text


@pytest.mark.parametrize(
    "at", ["", "0", "-1", "1.5", "x", "99999999999999999999", "1e3", "%00", "²", "٣", "10000001", "2&at=zzz"]
)
def test_nonsense_for_a_rank_is_no_rank(client, at):
    found, back = trail_of(client, "cm16-0990003", f"q=shoulder&at={at}")
    assert back == "/decisions/?q=shoulder"
    assert "Next" not in found.text


@pytest.mark.parametrize("at", [1, 9_999_999])
def test_a_letter_that_is_not_among_the_results_says_so(client, at):
    found, back = trail_of(client, "cm16-0990003", f"q=acupuncture&at={at}")
    assert "This letter no longer stands at its place in these results" in found.text
    assert back == "/decisions/?q=acupuncture"
    assert "Previous" not in found.text


def test_a_letter_that_moved_in_the_results_is_found_nearby(client):
    ids = search.find(DecisionFilter(QueryDict("outcome=upheld&sort=oldest")).query, limit=30).item_ids
    item = DisputedItem.objects.get(pk=ids[4])
    found, _ = trail_of(client, item.case.slug, "outcome=upheld&sort=oldest&at=20")
    ranks = [rank for rank, pk in enumerate(ids, start=1) if pk in item.case.items.values_list("pk", flat=True)]
    assert f"{max(ranks)} of " in found.text


def test_no_search_no_way_back(client):
    for query in ("", "?at=", "?utm_source=x"):
        assert "Back to results" not in get(client, f"/cases/cm16-0990003/{query}").text


def test_without_an_index_the_letter_can_be_read(client, no_index):
    found = get(client, "/cases/cm16-0990003/?q=shoulder&at=1")
    assert found.heading() == "CM16-0990003"
    assert "<mark>" in found.html
    assert "Back to results" in found.text
    assert "Next" not in found.text
