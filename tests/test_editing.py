"""The page on which letters are corrected: what is sent is what is set, and nothing else."""

import re

import pytest
from django.urls import reverse

from determinations.curation.editing import LetterForm
from determinations.models import Case, Correction, Guideline
from tests.pages import Page

pytestmark = pytest.mark.django_db
SLUG = "cm16-0990003"


@pytest.fixture
def case():
    return Case.objects.get(slug=SLUG)


def address(case, page="change"):
    return reverse(f"admin:determinations_case_{page}", args=[case.pk])


def opened(curator, case):
    """What a browser would send of the form as it was opened."""
    response = curator.get(address(case))
    assert response.status_code == 200
    form = response.context["form"]
    sent = {"opened": form.opened, "why": "The letter says so.", "next": ""}
    for one in form.inputs:
        if one.field.name == "credentials":
            sent |= {f"{one.name}-{row['key']}": row["text"] for row in one.rows}
        elif one.field.name == "items":
            sent |= {f"{one.name}-place-{row['entry']['key']}": str(n) for n, row in enumerate(one.rows, 1)}
        elif one.rows:
            for part in ("document", "section", "pages"):
                sent[f"{one.name}-{part}"] = [row[part] for row in one.rows]
            sent[f"{one.name}-mtus"] = ["yes" if row["mtus"] else "no" for row in one.rows]
            sent[f"{one.name}-read"] = [row.get("read", "") for row in one.rows]
        elif one.field.kind.widget != "flag" or one.text:
            sent[one.name] = one.text.replace("\n", "\r\n")
    return sent


def test_a_form_that_was_only_opened_changes_nothing(curator):
    for case in Case.objects.all():
        response = curator.post(address(case), opened(curator, case))
        assert "Nothing was changed." in response.content.decode(), case
    assert not Correction.objects.exists()


def test_what_is_changed_is_corrected_and_the_rest_is_left(curator, case):
    sent = opened(curator, case) | {"1:outcome": "Upheld", "letter:dates.decision": "2016-02-29"}
    response = curator.post(address(case), sent)
    assert response.status_code == 302
    assert {(one.item, one.field, one.value) for one in Correction.objects.all()} == {
        ("1", "outcome", "Upheld"),
        ("", "dates.decision", "2016-02-29"),
    }
    page = curator.get(address(case)).content.decode()
    assert "Corrected by curator" in page
    assert "<q>Overturned</q>" in page


def test_one_click_goes_back_on_one_value(curator, case):
    curator.post(address(case), opened(curator, case) | {"1:outcome": "Upheld", "letter:priority": "Expedited"})
    pk = Correction.objects.get(field="outcome").pk
    assert curator.post(address(case), opened(curator, case) | {"revert": str(pk), "why": ""}).status_code == 302
    assert [one.field for one in Correction.objects.filter(retired_at=None)] == ["priority"]
    assert case.items.get(position=1).outcome == "Overturned"


@pytest.mark.parametrize(
    ("name", "sent", "words"),
    [
        ("letter:dates.decision", "2016-02-31", "no such day"),
        ("letter:dates.decision", "soon", "Write a day"),
        ("1:outcome", "Perhaps", "Choose one of the list"),
        ("letter:patient.age", "abc", "whole number"),
        ("1:request.drugs", "Snake oil", "is no drug"),
        ("letter:patient.body_parts", "left wing", "no part of the body"),
        ("1:request.quantity", "many", "Write a number"),
        ("letter:items-place-1", "first", "Write places as numbers"),
        ("opened", "forged", "came back damaged"),
        ("why", " ", "Say why"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_saved(curator, case, name, sent, words):
    form = opened(curator, case) | {"letter:priority": "Expedited"} | {name: sent}
    response = curator.post(address(case), form)
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not Correction.objects.exists()


def test_citations_are_changed_added_and_taken_away(curator, case):
    sent = opened(curator, case)
    guideline = Guideline.objects.order_by("id").last()
    sent["1:reviewer.citations-document"] = [guideline.name.upper(), *sent["1:reviewer.citations-document"][1:]]
    sent["1:claims_administrator.citations-document"] = ["" for _ in sent["1:claims_administrator.citations-document"]]
    assert curator.post(address(case), sent).status_code == 302
    item = case.items.get(position=1)
    assert item.citations.filter(side="reviewer").order_by("position").first().wording.guideline == guideline
    assert not item.citations.filter(side="claims administrator").exists()


def test_items_are_arranged_in_the_form(curator):
    case = next(case for case in Case.objects.order_by("id") if case.items.count() >= 3)
    sent = opened(curator, case) | {
        "letter:items-place-1": "3",
        "letter:items-join-2": "3",
        "letter:items-place-3": "1",
        "letter:items-new": "A forgotten item",
        "letter:items-new-place": "2",
    }
    read = list(case.items.order_by("position").values_list("treatment", flat=True))
    assert curator.post(address(case), sent).status_code == 302
    headings = list(case.items.order_by("position").values_list("treatment", flat=True))
    rest = read[3:]
    assert headings[:3] == [f"{read[2]} ; {read[1]}", "A forgotten item", read[0]] or rest
    assert "A forgotten item" in headings
    assert f"{read[2]} ; {read[1]}" in headings


def test_the_second_of_two_is_told_and_keeps_the_work(curator, case):
    first, second = opened(curator, case), opened(curator, case)
    curator.post(address(case), first | {"letter:priority": "Expedited", "1:outcome": "Upheld"})
    mine = second | {"letter:priority": "", "letter:patient.age": "33"}
    response = curator.post(address(case), mine)
    text = response.content.decode()
    assert response.status_code == 200
    assert "curator changed this letter after you had opened it" in text
    assert "set this meanwhile: Expedited" in text
    assert Correction.objects.filter(retired_at=None).count() == 2
    form = response.context["form"]
    again = mine | {"opened": form.opened}
    again |= {one.name: one.text for one in form.inputs if one.field.name in ("priority", "outcome", "patient.age")}
    assert curator.post(address(case), again).status_code == 302
    case.refresh_from_db()
    assert (case.priority, case.patient["age"]) == ("", 33)
    assert case.items.get(position=1).outcome == "Upheld"


def test_history_restores(curator, case):
    curator.post(address(case), opened(curator, case) | {"1:outcome": "Upheld"})
    page = curator.get(address(case, "history"))
    assert re.search(r"<del>Overturned</del>.*<ins>Upheld</ins>", page.content.decode(), re.DOTALL)
    assert curator.post(address(case, "history"), {"version": "0", "why": "As it was."}).status_code == 302
    assert case.items.get(position=1).outcome == "Overturned"
    assert curator.post(address(case, "history"), {"version": "77"}).status_code == 404
    assert curator.post(address(case, "history"), {"version": "x"}).status_code == 404


def test_every_change_is_in_the_log(curator, case, django_user_model):
    from django.contrib.admin.models import LogEntry

    curator.post(address(case), opened(curator, case) | {"1:outcome": "Upheld"})
    assert "item 1, Outcome: Upheld" in LogEntry.objects.get(object_id=str(case.pk)).change_message


def test_who_may_not_correct_may_look(client, case, django_user_model):
    from django.contrib.auth.models import Permission

    user = django_user_model.objects.create_user("reader", password="a-long-enough-password", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_case"))
    client.force_login(user)
    assert client.get(address(case)).status_code == 200
    assert client.post(address(case), {}).status_code == 403
    assert client.post(address(case, "history"), {"version": "0"}).status_code == 403


@pytest.mark.parametrize("pk", ["0", "x", "999999999", "9" * 40])
def test_a_letter_that_is_not_there(curator, pk):
    assert curator.get(f"/admin/determinations/case/{pk}/change/").status_code == 404


def test_a_letter_is_opened_in_the_same_number_of_queries(curator, django_assert_max_num_queries):
    longest = max(Case.objects.all(), key=lambda case: case.items.count())
    curator.get(address(longest))
    with django_assert_max_num_queries(24):
        curator.get(address(longest))


def test_the_page_forbids_nothing_that_strict_csp_does(curator, case):
    Page(curator.get(address(case)).content.decode())
    Page(curator.get(address(case, "history")).content.decode())


def test_after_saving_the_way_leads_back_only_within_the_admin(curator, case):
    sent = opened(curator, case) | {"1:outcome": "Upheld"}
    assert curator.post(address(case), sent | {"next": "https://evil.example/"}).url == address(case)
    sent = opened(curator, case) | {"letter:priority": "Expedited"}
    assert curator.post(address(case), sent | {"next": "/admin/queue/"}).url == "/admin/queue/"


def test_the_form_names_each_input_once(case):
    names = [one.name for one in LetterForm(case).inputs]
    assert len(names) == len(set(names))
