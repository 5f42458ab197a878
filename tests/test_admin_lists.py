"""The curators' lists at any size: paged by key, found along the primary key, read off indexes on both databases."""

import re
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from determinations.access.rights import CURATOR
from determinations.admin import walking
from determinations.admin.base import begins
from determinations.admin.keyed import KeyedAdmin, KeyedList
from determinations.admin.walking import Number, number, number_of_all, walk
from determinations.models import (
    Case,
    DisputedItem,
    GuidelineCitation,
    LetterSource,
    ParseIssue,
)
from tests import many

pytestmark = pytest.mark.django_db

KEYED = {model: one for model, one in admin.site._registry.items() if isinstance(one, KeyedAdmin)}
GROWING = [Case, DisputedItem, GuidelineCitation, LetterSource, ParseIssue]
PAGED = [model for model, one in KEYED.items() if one.get_changelist(None) is KeyedList]


def address(model, **query):
    name = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{name}?{urlencode(query)}" if query else name


def listed(client, where):
    """The list that an address shows."""
    response = client.get(where)
    assert response.status_code == 200, where
    return response.context["cl"]


def shown(cl):
    return [row.pk for row in cl.result_list]


def follow(client, model, cl, way):
    return listed(client, address(model) + getattr(cl, way))


@pytest.fixture
def reader():
    """A client of the role that most have, which does not see letters that are withheld."""
    user = User.objects.create_user("carla", is_staff=True)
    user.groups.add(Group.objects.get(name=CURATOR))
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def letters(empty_archive):
    """A hundred and thirty letters of two decisions each: three pages of letters, six of decisions."""
    many.letters(130)


@pytest.fixture
def no_time(monkeypatch):
    """Stretches of ten ids, and time for one of them."""
    monkeypatch.setattr(walking, "_WIDTH", 10)
    monkeypatch.setattr(walking, "SECONDS", -1)
    monkeypatch.setattr(walking, "_SECONDS_FOR_COUNTING", -1)


# ---- paging -------------------------------------------------------------------------------------------------------


def test_every_list_of_a_table_that_grows_with_the_letters_is_paged_by_key():
    assert set(GROWING) <= set(PAGED)


@pytest.mark.parametrize("model", [Case, DisputedItem, GuidelineCitation])
@pytest.mark.parametrize("narrowed", [{}, {"q": "X00"}], ids=["all", "searched"])
def test_older_leads_to_every_row_once_and_newer_back_again(curator, letters, model, narrowed):
    if model is GuidelineCitation and narrowed:
        narrowed = {"q": "A guideline"}
    pages = [listed(curator, address(model, **narrowed))]
    while pages[-1].older:
        pages.append(follow(curator, model, pages[-1], "older"))
    assert [len(shown(page)) for page in pages[:-1]] == [50] * (len(pages) - 1)
    everything = [pk for page in pages for pk in shown(page)]
    assert everything == list(model.objects.order_by("-pk").values_list("pk", flat=True))
    back = pages[-1]
    for page in reversed(pages[:-1]):
        back = follow(curator, model, back, "newer")
        assert shown(back) == shown(page)
    assert (back.newer, back.broken_off) == ("", False)


def test_what_comes_in_meanwhile_moves_no_row_to_another_page(curator, letters):
    first = listed(curator, address(Case))
    many.letters(20, prefix="Y")
    second = follow(curator, Case, first, "older")
    assert shown(second)[0] == shown(first)[-1] - 1
    again = follow(curator, Case, second, "newer")
    assert shown(again) == shown(first)
    assert len(shown(follow(curator, Case, again, "newer"))) == 50


@pytest.mark.parametrize(
    "query",
    [
        {"after": "x"}, {"after": "-1"}, {"after": ""}, {"after": "1e3"}, {"after": "²"}, {"after": "9" * 40},
        {"after": "999999999999999999"}, {"before": "x"}, {"before": "999999999999999999"}, {"before": "9" * 19},
        {"p": "100"}, {"p": "x"}, {"all": ""}, {"o": "1"}, {"o": "-3.2"}, {"_facets": "True"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_place_in_the_list_shows_the_first_page(curator, letters, query):
    assert shown(listed(curator, address(Case, **query))) == shown(listed(curator, address(Case)))


@pytest.mark.parametrize(("query", "rows"), [({"after": "0"}, 0), ({"after": "1"}, 0)])
def test_behind_the_last_row_there_is_none_and_a_way_back(curator, letters, query, rows):
    cl = listed(curator, address(Case, **query))
    assert (len(shown(cl)), cl.older) == (rows, "")
    assert cl.newer


@pytest.mark.parametrize("query", [{"priority__exact": "\0"}, {"letter_format": "\0"}, {"q": "\0"}, {"after": "\0"}])
def test_characters_that_no_database_takes_are_refused_in_words(curator, query):
    assert curator.get(address(Case, **query), follow=True).status_code == 200


@given(
    st.dictionaries(st.sampled_from(["after", "before", "q", "p", "o", "priority__exact", "letter_format"]), st.text())
)
@hypothesis_settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_address_breaks_a_list(curator, query):
    assert curator.get(address(Case, **query), follow=True).status_code == 200


def test_a_page_of_a_narrowed_list_keeps_what_it_is_narrowed_by(curator, letters):
    cl = listed(curator, address(DisputedItem, outcome__exact="Upheld"))
    assert QueryDict(cl.older.removeprefix("?")).dict() == {"outcome__exact": "Upheld", "after": str(shown(cl)[-1])}
    second = follow(curator, DisputedItem, cl, "older")
    assert {row.outcome for row in second.result_list} == {"Upheld"}
    # Filters and the search lead to the beginning of what they find.
    links = [choice["query_string"] for spec in second.filter_specs for choice in spec.choices(second)]
    assert not [link for link in links if "after" in link]
    assert "after" not in second.params


def test_who_comes_back_from_a_row_is_on_the_page_it_was_on(curator, letters):
    cl = listed(curator, address(Case, after=Case.objects.order_by("pk")[60].pk))
    assert "after" in cl.preserved_filters


# ---- how far it looks ---------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_time")
def test_a_page_that_takes_too_long_says_so_and_goes_on_from_there(curator, letters):
    wanted = Case.objects.order_by("pk")[3]
    Case.objects.filter(pk=wanted.pk).update(priority="Expedited")
    Case.objects.exclude(pk=wanted.pk).update(priority="Standard")
    cl, found = listed(curator, address(Case, priority__exact="Expedited")), []
    assert (shown(cl), cl.broken_off) == ([], True)
    assert "not looked through to its end" in curator.get(address(Case, priority__exact="Expedited")).content.decode()
    for _ in range(20):
        found += shown(cl)
        if not cl.older:
            break
        cl = follow(curator, Case, cl, "older")
    assert found == [wanted.pk]
    assert not cl.broken_off


@pytest.mark.usefixtures("no_time")
def test_so_does_the_way_back(curator, letters):
    top = Case.objects.order_by("-pk").first()
    Case.objects.exclude(pk=top.pk).update(priority="Standard")
    Case.objects.filter(pk=top.pk).update(priority="Expedited")
    cl = listed(curator, address(Case, priority__exact="Expedited", before=Case.objects.order_by("pk")[2].pk))
    assert cl.broken_off
    for _ in range(20):
        if not cl.newer:
            break
        cl = follow(curator, Case, cl, "newer")
    assert shown(cl) == [top.pk]


@pytest.mark.parametrize("down", [True, False])
@pytest.mark.parametrize("width", [1, 7, 10_000])
def test_a_walk_finds_what_a_query_finds(letters, monkeypatch, down, width):
    monkeypatch.setattr(walking, "_WIDTH", width)
    monkeypatch.setattr(walking, "SECONDS", 1_000)
    Case.objects.filter(pk__in=list(Case.objects.order_by("pk").values_list("pk", flat=True)[40:70])).delete()
    rows = DisputedItem.objects.filter(outcome="Upheld")
    expected = list(rows.order_by("-pk" if down else "pk").values_list("pk", flat=True))
    assert walk(rows, 10_000, down=down).ids == expected
    assert walk(rows, 10_000, down=down).reached is None
    assert walk(rows, 5, down=down).ids == expected[:5]
    for place in (0, 17, len(expected) - 1):
        assert walk(rows, 5, expected[place], down=down).ids == expected[place + 1 : place + 6]
    assert walk(DisputedItem.objects.none(), 5, down=down).ids == []


def test_a_walk_takes_few_steps_where_an_index_answers(letters, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(walking, "_WIDTH", 1)
    monkeypatch.setattr(walking, "SECONDS", 1_000)
    with django_assert_max_num_queries(2 + 4):  # the ends; 1, 8, 64 and 512 ids
        walk(DisputedItem.objects.filter(outcome=""), 51)


def test_an_empty_table_has_an_empty_list(curator, empty_archive):
    cl = listed(curator, address(Case))
    assert (shown(cl), cl.older, cl.newer, str(cl.how_many)) == ([], "", "", "0")


# ---- numbers ------------------------------------------------------------------------------------------------------


def test_numbers_are_exact_while_they_are_small(curator, letters):
    assert number(DisputedItem.objects.filter(outcome="Upheld")) == Number(130)
    assert number_of_all(DisputedItem) == Number(260)
    assert "260 disputed items" in curator.get(address(DisputedItem)).content.decode()
    assert "130 disputed items" in curator.get(address(DisputedItem, outcome__exact="Upheld")).content.decode()


def test_and_bounded_or_estimated_beyond(curator, letters, monkeypatch):
    monkeypatch.setattr(walking, "COUNTED_UP_TO", 100)
    assert str(number(DisputedItem.objects.filter(outcome="Upheld"))) == "at least 100"
    assert str(number_of_all(DisputedItem)).startswith("about ")
    assert "at least 100 disputed items" in curator.get(address(DisputedItem, outcome__exact="Upheld")).content.decode()


# ---- searches -----------------------------------------------------------------------------------------------------

SEARCHES = [
    ("X000000", 9), ("x0000001", 1), (" X0000001 ", 1), ("X00", 130), ("0000001", 0), ("%", 0), ("_", 0), ("X%", 0),
    ("Y", 0), ("letter-", 0), ("\U0010ffff", 0),
]  # fmt: skip


@pytest.mark.parametrize("few", [1_000, 0], ids=["few letters", "many letters"])
@pytest.mark.parametrize(("words", "expected"), SEARCHES)
def test_letters_are_found_by_the_beginning_of_their_number(empty_archive, curator, monkeypatch, few, words, expected):
    many.letters(130)
    for place, case in enumerate(Case.objects.order_by("pk"), 1):
        Case.objects.filter(pk=case.pk).update(number=f"X{place:07}", slug=f"x{place:07}")
    monkeypatch.setattr("determinations.admin.base._FEW", few)
    cl = listed(curator, address(Case, q=words))
    assert (cl.how_many or number(cl.queryset)).rows == expected
    items = listed(curator, address(DisputedItem, q=words))
    assert (items.how_many or number(items.queryset)).rows == expected * many.ITEMS


def test_a_letter_without_a_number_is_found_by_its_name(curator):
    case = Case.objects.filter(number=None).first()
    for words in (case.name, case.slug, case.slug[:12].upper()):
        assert shown(listed(curator, address(Case, q=words))) == [case.pk], words


def test_beginnings_are_compared_as_they_are_written(letters):
    assert Case.objects.filter(begins("number", "X")).count() == 130
    assert not Case.objects.filter(begins("number", "x")).exists()
    assert not Case.objects.filter(begins("number", "X_")).exists()


# ---- letters that are withheld ------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", GROWING)
def test_rows_of_withheld_letters_are_left_out_of_lists_and_numbers(reader, curator, model):
    case = Case.objects.filter(issues__isnull=False).order_by("pk").last()
    before = {client: listed(client, address(model)) for client in (reader, curator)}
    assert before[reader].how_many == before[curator].how_many
    Case.objects.filter(pk=case.pk).update(withheld=True)
    path = {Case: "pk", GuidelineCitation: "item__case"}.get(model, "case")
    own = set(model.objects.filter(**{path: case.pk}).values_list("pk", flat=True))
    assert own
    seen = [pk for cl in walk_pages(reader, model) for pk in shown(cl)]
    assert not own & set(seen)
    assert len(seen) == model.objects.count() - len(own)
    assert own <= {pk for cl in walk_pages(curator, model) for pk in shown(cl)}


def walk_pages(client, model):
    cl = listed(client, address(model))
    yield cl
    while cl.older:
        cl = follow(client, model, cl, "older")
        yield cl


# ---- plans --------------------------------------------------------------------------------------------------------


def offered(client, model):
    """Every address of a list with one choice of one filter, and with a search."""
    cl = listed(client, address(model))
    found = [choice["query_string"] for spec in cl.filter_specs for choice in spec.choices(cl)]
    words = ["X0000001", "X", "A Guideline"] if cl.search_fields else []
    return [address(model)] + [address(model) + one for one in found] + [address(model, q=one) for one in words]


def plan_of(statement, given):
    with connection.cursor() as cursor:
        cursor.execute(f"{'EXPLAIN' if connection.vendor == 'postgresql' else 'EXPLAIN QUERY PLAN'} {statement}", given)
        return [str(row[-1]) for row in cursor.fetchall()]


END = re.compile(r'^SELECT \S+ AS "pk" FROM \S+ ORDER BY 1 (ASC|DESC) LIMIT 1$')  # the first or last id of a table
TABLES = {model._meta.db_table for model in GROWING}


def reads_whole(plan):
    """The lines of a plan that read a big table from end to end, or sort more than the rows of a stretch of ids."""
    if connection.vendor == "postgresql":
        return [line for line in plan if any(f"Seq Scan on {table}" in line for table in TABLES)]
    found = [line for line in plan if line.startswith("SCAN ") and line.split()[1] in TABLES]
    if not any("rowid>? AND rowid<?" in line or "rowid=?" in line for line in plan):
        found += [line for line in plan if "B-TREE" in line]
    return found


@pytest.fixture
def as_if_big(letters):
    """PostgreSQL reads a small table whole; without that way it shows the one it takes when the table is big."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ANALYZE {table}")
            cursor.execute("SET LOCAL enable_seqscan = off")
    yield
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = on")


@pytest.mark.parametrize("model", GROWING)
def test_no_list_filter_or_search_reads_or_sorts_a_big_table_whole(reader, as_if_big, model, monkeypatch):
    monkeypatch.setattr(walking, "COUNTED_UP_TO", 20)  # these tables are too big to be counted
    for where in offered(reader, model):
        statements = []

        def keep(execute, statement, parameters, several, context, kept=statements):
            kept.append((statement, parameters))
            return execute(statement, parameters, several, context)

        with connection.execute_wrapper(keep):
            listed(reader, where)
        for statement, parameters in statements:
            if any(f'FROM "{table}"' in statement for table in TABLES) and not END.search(statement):
                plan = plan_of(statement, parameters)
                assert not reads_whole(plan), (where, statement, plan)


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (lambda: Case.objects.filter(letter_format="scanned"), "case_scanned"),
        (lambda: DisputedItem.objects.filter(outcome=""), "item_without_outcome"),
        (lambda: DisputedItem.objects.filter(finding="unclear"), "item_unclear"),
        (lambda: DisputedItem.objects.filter(finding="partly necessary"), "item_partly_necessary"),
        (lambda: LetterSource.objects.filter(status="superseded"), "source_superseded"),
    ],
)
def test_what_is_rare_has_an_index_of_its_own(letters, rows, index):
    """On SQLite, which chooses it however few rows there are; PostgreSQL goes by what it knows of the table."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole")
    plan = rows().filter(pk__gte=1, pk__lt=9).order_by("-pk").values("pk")[:51].explain()
    assert index in plan, plan
    assert "TEMP B-TREE" not in plan


# ---- numbers of queries -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Case, DisputedItem, GuidelineCitation])
@pytest.mark.parametrize("query", [{}, {"q": "X"}, {"q": "A Guideline"}, {"after": "10000"}], ids=str)
def test_a_list_takes_the_same_queries_for_every_number_of_rows(reader, empty_archive, model, query, monkeypatch):
    monkeypatch.setattr(walking, "_WIDTH", 100_000)  # one stretch of ids, before and after
    many.letters(120)
    listed(reader, address(model, **query))
    with CaptureQueriesContext(connection) as before:
        listed(reader, address(model, **query))
    many.letters(200)
    with CaptureQueriesContext(connection) as after:
        listed(reader, address(model, **query))
    assert len(before) == len(after) <= 14, [one["sql"] for one in after]


def test_long_texts_are_not_loaded_into_lists(curator, letters):
    for model, columns in (
        (Case, ["clinical_summary", "documents_reviewed"]),
        (DisputedItem, ["rationale", "reviewer_statement"]),
        (LetterSource, ["compressed", "extracted"]),
        (ParseIssue, ["compressed", "clinical_summary_"]),
    ):
        with CaptureQueriesContext(connection) as asked:
            listed(curator, address(model))
        for column in columns:
            assert not [one["sql"] for one in asked if f'"{column}"' in one["sql"]], (model, column)


# ---- what is chosen from --------------------------------------------------------------------------------------------


def test_filters_never_ask_a_big_table_for_their_values(curator, letters):
    request = RequestFactory().get("/")
    request.user = User.objects.get(username="curator")
    for model in GROWING:
        with CaptureQueriesContext(connection) as asked:
            listed(curator, address(model))
        assert not [one["sql"] for one in asked if "DISTINCT" in one["sql"]], model


@pytest.mark.parametrize("term", ["", "X", "X0000001", "zz", "\0", "x" * 500])
def test_letters_are_completed_from_a_few(curator, letters, term):
    given = {"app_label": "determinations", "model_name": "withholding", "field_name": "case", "term": term}
    response = curator.get(f"/admin/autocomplete/?{urlencode(given)}")
    assert response.status_code == 200
    found = response.json()
    assert len(found["results"]) <= 20
    if term in ("", "X"):
        assert found["pagination"]["more"]
        newest = Case.objects.order_by("-pk").first()
        assert found["results"][0] == {"id": str(newest.pk), "text": newest.name}
