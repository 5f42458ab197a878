"""The admin: every model registered, parsed fields read-only, lists that stay cheap, wordings that letters follow."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from determinations import search
from determinations.admin.base import BoundedPaginator, ReadOnlyAdmin
from determinations.models import (
    Archive,
    Case,
    CredentialWording,
    DisputedItem,
    GuidelineWording,
    ParseIssue,
)
from determinations.search import DecisionQuery
from tests import curated

pytestmark = pytest.mark.django_db

MODELS = [model for model in apps.get_app_config("determinations").get_models() if model is not Archive]
IDS = [model.__name__ for model in MODELS]


def address(model, page, *arguments):
    return reverse(f"admin:determinations_{model._meta.model_name}_{page}", args=arguments)


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_every_model_is_registered_with_search(model):
    registered = admin.site._registry[model]
    assert registered.search_fields
    assert registered.list_display != ("__str__",)


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_visitors_are_sent_to_the_login(client, model):
    response = client.get(address(model, "changelist"))
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_lists_searches_and_pages_open(curator, model):
    curated.one_of_each()
    assert curator.get(address(model, "changelist")).status_code == 200
    assert curator.get(address(model, "changelist"), {"q": "CM16-09"}).status_code == 200
    first = model.objects.first()
    response = curator.get(address(model, "change", first.pk))
    assert response.status_code == 200
    if isinstance(admin.site._registry[model], ReadOnlyAdmin):
        assert b'name="_save"' not in response.content


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_lists_take_the_same_number_of_queries_for_more_rows(curator, model, django_assert_max_num_queries):
    """No query a row: the longest list here has hundreds of them."""
    curator.get(address(model, "changelist"))
    with django_assert_max_num_queries(14):
        curator.get(address(model, "changelist"))


@pytest.mark.parametrize("model", [model for model in MODELS if isinstance(admin.site._registry[model], ReadOnlyAdmin)])
def test_what_was_read_can_be_neither_made_nor_changed_nor_deleted(curator, model):
    curated.one_of_each()
    first = model.objects.first()
    assert curator.get(address(model, "add")).status_code == 403
    assert curator.post(address(model, "delete", first.pk), {"post": "yes"}).status_code == 403
    if model is not Case:  # a case is corrected there, over what was read
        assert curator.post(address(model, "change", first.pk), {}).status_code == 403


def test_big_tables_are_not_offered_in_dropdowns(curator):
    big = {Case, DisputedItem}
    for model, registered in admin.site._registry.items():
        if model._meta.app_label != "determinations":
            continue
        for field in registered.list_filter:
            name = field[0] if isinstance(field, tuple) else field
            if isinstance(name, str):
                related = model._meta.get_field(name).related_model
                assert related not in big, (model, name)


def test_counts_are_exact_while_they_are_small_and_bounded_after(monkeypatch):
    everything = DisputedItem.objects.all()
    assert BoundedPaginator(everything, 50).count == everything.count()
    monkeypatch.setattr("determinations.admin.base.COUNTED_UP_TO", 10)
    assert BoundedPaginator(everything.filter(outcome="Upheld"), 50).count == 11
    assert BoundedPaginator(everything, 50).count >= 11


def test_cases_are_found_by_the_beginning_of_their_number(curator):
    response = curator.get(address(Case, "changelist"), {"q": "cm16-0990003"})
    assert response.context["cl"].result_list.count() == 1


def test_issues_lead_to_the_queue_where_they_are_decided_on(curator):
    issue = ParseIssue.objects.first()
    links = curator.get(address(ParseIssue, "changelist"), {"code": issue.code}).content.decode()
    assert reverse("queue-question", args=[issue.code, issue.pk]) in links


def test_unresolved_names_can_be_listed(curator):
    response = curator.get(address(CredentialWording, "changelist"), {"resolved": "no"})
    assert {row.text for row in response.context["cl"].result_list} == {"Family Practise", "Pain Managment"}
    assert curator.get(address(GuidelineWording, "changelist"), {"resolved": "no"}).status_code == 200


def test_letters_are_no_longer_found_by_an_issue_that_is_dismissed(
    curator, sampled, django_capture_on_commit_callbacks
):
    issue = ParseIssue.objects.filter(status="open", severity="warning").first()
    query = DecisionQuery(chosen={"flag": {issue.code}})
    before = search.find(query).letters
    own = list(ParseIssue.objects.filter(case=issue.case, code=issue.code).values_list("pk", flat=True))
    for action, expected in (("dismiss", before - 1), ("reopen", before)):
        for pk in own:
            with django_capture_on_commit_callbacks(execute=True):
                curator.post(reverse("queue-decide", args=[issue.code]), {"decide": f"{action}:{pk}"})
        assert search.find(query).letters == expected


def test_the_admin_keeps_to_the_policy(curator):
    for path in ("/admin/", address(Case, "changelist"), address(Case, "change", Case.objects.first().pk)):
        content = curator.get(path).content.decode()
        assert "<script>" not in content
        assert "onclick=" not in content
        assert " style=" not in content
