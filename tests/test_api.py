"""The JSON API: the same as the pages, as its OpenAPI document says it, and clear about what it cannot answer."""

import copy
import gzip
import json

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from determinations import records, search
from determinations.api.vocabularies import VOCABULARIES
from determinations.filters import DecisionFilter
from determinations.models import Case, DisputedItem
from tests.pages import page

pytestmark = pytest.mark.django_db

BASE = "http://testserver"


def get(client, address, status=200, **headers):
    response = client.get(address.removeprefix(BASE), headers=headers)
    assert response.status_code == status, response.content
    return response


def data(client, address):
    return json.loads(get(client, address).content)


@pytest.fixture(scope="module")
def document(django_db_setup):
    from determinations.api.documentation import document

    return json.loads(json.dumps(document()))


# ---- the document ---------------------------------------------------------------------------------------------------


def test_the_document_is_openapi_3_1(client, document):
    assert document["openapi"].startswith("3.1")
    validate(document)
    assert data(client, "/api/v1/openapi.json") == document


def test_every_parameter_of_a_search_is_in_the_document(document):
    expected = set(DecisionFilter({}).filters) - {"page"}
    for path, more in (("/decisions", {"limit", "cursor"}), ("/cases", {"limit", "cursor"}), ("/facets", set())):
        listed = {one["name"] for one in document["paths"][path]["get"]["parameters"]}
        assert listed == expected | more


def strict(document):
    """The document with every object closed: a key that it does not name is an error."""
    closed = copy.deepcopy(document)
    for shape in closed["components"]["schemas"].values():
        shape["additionalProperties"] = False
    return closed


def check(document, path, status, answer):
    [schema] = document["paths"][path]["get"]["responses"][str(status)]["content"].values()
    whole = {**schema["schema"], "components": strict(document)["components"]}
    errors = list(Draft202012Validator(whole).iter_errors(answer))
    assert not errors, [f"{list(error.absolute_path)}: {error.message}" for error in errors[:5]]


ANSWERS = [
    ("/decisions", "/api/v1/decisions?limit=100", 200),
    ("/decisions", "/api/v1/decisions?q=therapy&limit=3", 200),
    ("/decisions", "/api/v1/decisions?q=xyzzy", 200),
    ("/decisions", "/api/v1/decisions?limit=0", 400),
    ("/decisions/{case}/{item}", "/api/v1/decisions/cm16-0990003/1", 200),
    ("/decisions/{case}/{item}", "/api/v1/decisions/cm16-0990003/99", 404),
    ("/cases", "/api/v1/cases?limit=100", 200),
    ("/cases", "/api/v1/cases?outcome=overturned", 200),
    ("/cases/{case}", "/api/v1/cases/cm16-0990003", 200),
    ("/cases/{case}", "/api/v1/cases/nothing", 404),
    ("/facets", "/api/v1/facets", 200),
    ("/facets", "/api/v1/facets?q=therapy&treatment=pharmaceuticals", 200),
    ("/facets", "/api/v1/facets?outcome=won", 400),
    ("/vocabularies", "/api/v1/vocabularies", 200),
    ("/vocabularies/{name}", "/api/v1/vocabularies/nothing", 404),
    *[("/vocabularies/{name}", f"/api/v1/vocabularies/{name}", 200) for name in VOCABULARIES],
]


@pytest.mark.parametrize(("path", "address", "status"), ANSWERS, ids=[f"{row[1]} {row[2]}" for row in ANSWERS])
def test_every_answer_is_as_the_document_says(client, document, path, address, status):
    response = get(client, address, status)
    kinds = list(document["paths"][path]["get"]["responses"][str(status)]["content"])
    assert [response["Content-Type"]] == kinds
    check(document, path, status, json.loads(response.content))


def test_every_path_of_the_document_was_asked(document):
    assert {path for path, _, _ in ANSWERS} == set(document["paths"])


def test_every_letter_is_as_the_document_says(client, document):
    for slug in Case.objects.values_list("slug", flat=True):
        check(document, "/cases/{case}", 200, data(client, f"/api/v1/cases/{slug}"))


# ---- lists ----------------------------------------------------------------------------------------------------------


def all_pages(client, address):
    results, pages = [], 0
    while address:
        found = data(client, address)
        results += found["results"]
        address = found["next"]
        pages += 1
        assert pages < 100
    return results


@pytest.mark.parametrize(
    ("parameters", "asked"),
    [
        ("", {}),
        ("outcome=overturned", {"chosen": {"outcome": {"overturned"}}}),
        ("q=therapy", {"words": "therapy"}),
        ("q=therapy&sort=newest", {"words": "therapy", "sort": search.Sort.NEWEST}),
        ("sort=longest", {"sort": search.Sort.LONGEST}),
        ("sort=number&not_outcome=upheld", {"excluded": {"outcome": {"upheld"}}, "sort": search.Sort.NUMBER}),
        ("sort=oldest", {"sort": search.Sort.OLDEST}),
    ],
)
@pytest.mark.parametrize("limit", [1, 7, 100])
def test_pages_lead_through_all_decisions_in_their_order(client, settings, parameters, asked, limit):
    settings.LIMITS = settings.LIMITS | {"api": ""}
    found = search.find(search.DecisionQuery(**asked), limit=1000)
    if limit == 1 and found.decisions > 90:
        parameters, found = f"{parameters}&state=TX", None
    results = all_pages(client, f"/api/v1/decisions?{parameters}&limit={limit}")
    if found is None:
        assert len(results) == data(client, f"/api/v1/decisions?{parameters}")["total"]
    else:
        assert results == records.decisions(found.item_ids, BASE)


def test_a_page_tells_the_next_one_in_a_header_too(client):
    response = get(client, "/api/v1/decisions?limit=5")
    following = json.loads(response.content)["next"]
    assert response["Link"] == f'<{following}>; rel="next"'
    assert "Link" not in get(client, "/api/v1/decisions?q=xyzzy")


def test_a_cursor_stays_good_while_letters_come_and_go(client, many_letters):
    many_letters(20)
    whole = [one["url"] for one in all_pages(client, "/api/v1/decisions?limit=10")]
    first = data(client, "/api/v1/decisions?limit=10")
    Case.objects.filter(items__id__gt=0).order_by("-decision_date").first().delete()
    many_letters(3, since=None, prefix="N")
    search.rebuild()
    rest = all_pages(client, first["next"])
    assert [one["url"] for one in rest][:30] == whole[10:]


def test_cases_tell_which_of_their_decisions_fit(client):
    results = all_pages(client, "/api/v1/cases?outcome=overturned&limit=4")
    expected = {}
    for slug, position in DisputedItem.objects.filter(outcome="Overturned").values_list("case__slug", "position"):
        expected.setdefault(slug, []).append(position)
    assert {one["case"]: one["matching"] for one in results} == {slug: sorted(some) for slug, some in expected.items()}
    assert len(results) == len(expected), "no letter stands on two pages"
    assert all(
        len(one["items"]) == Case.objects.get(slug=one["case"]).items.count() and set(one["matching"])
        for one in results
    )


def test_one_case_and_one_decision(client):
    case = data(client, "/api/v1/cases/CM16-0990003")
    assert case["case_number"] == "CM16-0990003"
    decision = data(client, "/api/v1/decisions/cm16-0990003/2")
    item = case["items"][1]
    assert {key: decision[key] for key in item} == item
    assert decision["url"] == BASE + DisputedItem.objects.get(case__slug="cm16-0990003", position=2).get_absolute_url()


# ---- counts and vocabularies ----------------------------------------------------------------------------------------


def test_a_count_is_what_asking_for_the_value_finds(client, settings):
    settings.LIMITS = settings.LIMITS | {"api": ""}
    found = data(client, "/api/v1/facets?q=therapy")
    assert len(found["facets"]) >= 6
    for facet in found["facets"]:
        for value in facet["values"][:4]:
            asked = data(client, f"/api/v1/decisions?limit=1&q=therapy&{facet['name']}={value['value']}")
            assert asked["total"] == value["count"], (facet["name"], value["value"])
    total = search.find(search.DecisionQuery(words="therapy"), limit=1)
    assert found["total"] == {"decisions": total.decisions, "letters": total.letters}


def test_every_facet_is_a_parameter(client):
    assert {facet["name"] for facet in data(client, "/api/v1/facets")["facets"]} <= set(DecisionFilter({}).filters)


def test_the_words_of_a_vocabulary_are_values_of_its_parameter(client, settings):
    settings.LIMITS = settings.LIMITS | {"api": ""}
    listed = data(client, "/api/v1/vocabularies")["vocabularies"]
    assert {one["name"] for one in listed} == set(VOCABULARIES)
    for one in listed:
        entries = data(client, one["url"])["entries"]
        assert len(entries) > 1, one["name"]
        assert len({(entry["value"], entry["group"]) for entry in entries}) == len(entries)
        if one["parameter"]:
            for entry in entries[:3]:
                get(client, f"/api/v1/decisions?limit=1&{one['parameter']}={entry['value']}")


# ---- errors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "parameter", "message"),
    [
        ("decisions?outcome=won", "outcome", "“won” is not known here."),
        ("decisions?not_drug=x&outcome=upheld", "not_drug", "“x” is not known here."),
        ("decisions?since=soon", "since", "“soon” is no date; write 2014-03-31, 2014-03 or 2014."),
        ("decisions?sort=best", "sort", "“best” is not known here."),
        ("decisions?colour=red", "colour", "There is no such parameter here."),
        ("decisions?page=2", "page", "There is no such parameter here."),
        ("decisions?limit=0", "limit", "The limit must be a number from 1 to 100."),
        ("decisions?limit=101", "limit", "The limit must be a number from 1 to 100."),
        ("decisions?limit=many", "limit", "The limit must be a number from 1 to 100."),
        ("decisions?cursor=x", "cursor", "This is no cursor of this list; take it from “next”."),
        ("decisions?cursor=n" + "9" * 30, "cursor", "This is no cursor of this list; take it from “next”."),
        ("decisions?cursor=p10", "cursor", "This is no cursor of this list; take it from “next”."),
        ("decisions?q=tear&cursor=n10", "cursor", "This is no cursor of this list; take it from “next”."),
        ("decisions?q=a&cursor=p10000", "cursor", "Results in this order end at 10,000; sort=newest leads to all."),
        ("cases/cm16-0990003?fields=all", "fields", "There is no such parameter here."),
        ("facets?limit=3", "limit", "There is no such parameter here."),
    ],
)  # fmt: skip
def test_a_bad_parameter_is_named(client, address, parameter, message):
    response = get(client, f"/api/v1/{address}", 400)
    assert response["Content-Type"] == "application/problem+json"
    problem = json.loads(response.content)
    assert problem["status"] == 400
    assert {"parameter": parameter, "message": message} in problem["errors"]


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("get", "/api/v1/", 404),
        ("get", "/api/v1/nothing", 404),
        ("get", "/api/v1/decisions/cm16-0990003/0", 404),
        ("get", "/api/v1/decisions/cm16-0990003/99999999999", 404),
        ("get", "/api/v1/decisions/cm16-0990003/x", 404),
        ("get", "/api/v1/cases/%00", 404),
        ("post", "/api/v1/decisions", 405),
        ("delete", "/api/v1/cases/cm16-0990003", 405),
        ("put", "/api/v1/openapi.json", 405),
    ],
)
def test_every_error_is_a_problem_document(client, method, address, status):
    response = getattr(client, method)(address)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["status"] == status


def test_without_an_index(client, no_index):
    response = get(client, "/api/v1/decisions", 503)
    assert response["Content-Type"] == "application/problem+json"
    assert "ETag" not in response
    assert get(client, "/api/v1/cases/cm16-0990003").status_code == 200


def test_a_client_that_asks_too_often(client, settings):
    settings.LIMITS = settings.LIMITS | {"api": "2/minute"}
    get(client, "/api/v1/vocabularies")
    get(client, "/api/v1/facets")
    response = get(client, "/api/v1/decisions", 429, origin="https://example.org")
    assert 1 <= int(response["Retry-After"]) <= 60
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*"


# ---- for programs ---------------------------------------------------------------------------------------------------

KEPT = [
    "/api/v1/decisions?limit=2",
    "/api/v1/cases?limit=2",
    "/api/v1/cases/x0000001",
    "/api/v1/facets",
    "/api/v1/vocabularies/state",
]


@pytest.mark.parametrize("address", KEPT)
def test_what_has_not_changed_is_not_sent_again(client, many_letters, settings, address):
    many_letters(3)
    address = address.replace("x0000001", Case.objects.first().slug)
    first = get(client, address)
    get(client, address, 304, **{"if-none-match": first["ETag"]})
    get(client, address, 304, **{"if-modified-since": first["Last-Modified"]})
    many_letters(1)
    get(client, address, 200, **{"if-none-match": first["ETag"]})


def test_a_new_name_is_a_change(client):
    from determinations.models import Specialty

    first = get(client, "/api/v1/facets")
    specialty = Specialty.objects.first()
    specialty.name += " (renamed)"
    specialty.save()
    get(client, "/api/v1/facets", 200, **{"if-none-match": first["ETag"]})


def test_pages_of_other_sites_may_read_and_nothing_else(client):
    for address, status in (("/api/v1/facets", 200), ("/api/v1/nothing", 404), ("/api/v1/facets?x=1", 400)):
        response = get(client, address, status, origin="https://example.org")
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response
    asking = {"origin": "https://example.org", "access-control-request-method": "GET"}
    answer = client.options("/api/v1/facets", headers=asking | {"access-control-request-headers": "if-none-match"})
    assert answer.status_code == 200
    assert set(answer["Access-Control-Allow-Methods"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "if-none-match" in answer["Access-Control-Allow-Headers"]


def test_head_is_get_without_the_body(client):
    whole = get(client, "/api/v1/facets")
    head = client.head("/api/v1/facets")
    assert head.status_code == 200
    assert head.content == b""
    assert head["ETag"] == whole["ETag"]
    assert int(head["Content-Length"]) == len(whole.content)
    assert client.head("/api/v1/nothing").status_code == 404


def test_answers_are_compressed(client):
    response = get(client, "/api/v1/vocabularies/drug", **{"accept-encoding": "gzip"})
    assert json.loads(gzip.decompress(response.content))["name"] == "drug"


# ---- the page -------------------------------------------------------------------------------------------------------


def test_the_page_describes_every_address_parameter_and_shape(client, document):
    found = page(client.get("/api/"))
    for path, methods in document["paths"].items():
        assert f"GET /api/v1{path}" in found.text
        assert methods["get"]["description"] in found.text
        for parameter in methods["get"]["parameters"]:
            assert parameter["name"] in found.text
    for name in document["components"]["schemas"]:
        assert f"shape-{name}" in found.ids
    assert {link[1:] for link in found.links if link.startswith("#shape")} <= set(found.ids)
    assert "/api/v1/openapi.json" in found.links
    assert "``" in json.dumps(document)  # Markdown, as OpenAPI has it
    assert "``" not in found.text
    assert "<code>low</code>: the lesser end" in found.html
