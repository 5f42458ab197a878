"""Privacy: officers withhold and redact in the admin, and nobody else sees their records."""

import pytest
from django.urls import reverse

from determinations.curation import privacy
from determinations.models import Case, Redaction, RemovalRequest, Withholding
from tests.privacy.doing import case, found, redact, withhold
from tests.secrets import NAME, REDACTED, WITHHELD, WITHHELD_WORD

pytestmark = pytest.mark.django_db


def address(model: str, what: str, *arguments) -> str:
    return reverse(f"admin:determinations_{model}_{what}", args=arguments)


def test_an_officer_withholds_and_lifts_after_seeing_what_will_happen(person, letters, commit):
    client, one = person("withhold", "redact"), case(WITHHELD)
    data = {"case": one.pk, "ground": "court", "reason": "An order.", "until": ""}
    add = address("withholding", "add")
    assert client.get(add, {"case": one.pk}).status_code == 200
    shown = client.post(add, data)
    assert "answers 451" in shown.content.decode()
    assert not Withholding.objects.exists()
    assert commit(client.post, add, data | {"_confirmed": "1"}).status_code == 302
    made = Withholding.objects.get()
    assert (made.made_by, made.ground, made.until, made.case) == ("pat", "court", None, one)
    assert client.get(f"/cases/{one.slug}/").status_code == 451
    assert found(WITHHELD_WORD) == 0
    # The officer sees the letter all the same.
    assert WITHHELD_WORD in client.get(address("case", "original", one.pk)).content.decode()
    assert client.get(address("case", "change", one.pk)).status_code == 200
    lift = address("withholding", "lift", made.pk)
    assert client.get(lift).status_code == 200
    assert client.post(lift, {"why": ""}).status_code == 400
    assert commit(client.post, lift, {"why": "Set aside."}).status_code == 302
    assert client.get(f"/cases/{one.slug}/").status_code == 200
    assert [entry.get_change_message() for entry in log_of(made)] == ["Lifted.", "Added."]


def log_of(row):
    from django.contrib.admin.models import LogEntry

    return LogEntry.objects.filter(object_id=str(row.pk), content_type__model=row._meta.model_name).order_by("-id")


def test_an_officer_redacts_and_lifts_after_seeing_where_the_words_stand(person, letters, commit):
    client, one = person("withhold", "redact"), case(REDACTED)
    data = {"case": one.pk, "words": NAME.upper(), "ground": "identity", "reason": "A name."}
    add = address("redaction", "add")
    shown = client.post(add, data).content.decode()
    assert "version 2:" in shown
    assert "No other letter is found by these words." in shown
    assert not Redaction.objects.exists()
    assert commit(client.post, add, data | {"_confirmed": "1"}).status_code == 302
    made = Redaction.objects.get()
    assert case(REDACTED).withheld is False
    assert NAME not in case(REDACTED).current_source.text
    marked = client.get(address("case", "original", one.pk)).content.decode()
    assert f"<mark>{NAME}</mark>" in marked
    assert commit(client.post, address("redaction", "lift", made.pk)).status_code == 302
    assert NAME in case(REDACTED).current_source.text


def test_other_letters_with_the_words_are_named(letters):
    places = privacy.places(case(REDACTED), "cyclobenzaprine")
    assert places.others
    assert case(REDACTED) not in places.others


@pytest.mark.parametrize(
    ("model", "changes", "problem"),
    [
        ("withholding", {"until": "2001-01-01"}, "over already"),
        ("withholding", {"reason": ""}, "required"),
        ("withholding", {"case": "0"}, "valid choice"),
        ("redaction", {"words": "Nobody Here"}, "No version"),
        ("redaction", {"words": REDACTED}, "case number"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(person, letters, model, changes, problem):
    client = person("withhold", "redact")
    data = {"case": case(REDACTED).pk, "ground": "person", "reason": "Asked.", "until": "", "words": NAME} | changes
    for confirmed in ({}, {"_confirmed": "1"}):
        assert problem in client.post(address(model, "add"), data | confirmed).content.decode()
    assert not Withholding.objects.exists()
    assert not Redaction.objects.exists()


@pytest.mark.parametrize(
    ("rights", "may"),
    [
        ((), set()),
        (("correct", "decide"), set()),
        (("withhold",), {"withholding", "removalrequest"}),
        (("redact",), {"redaction", "removalrequest"}),
        (("withhold", "redact"), {"withholding", "redaction", "removalrequest", "original"}),
    ],
)
def test_rights(person, letters, commit, rights, may):
    """Only who may do it sees the records, their words and the letter as it came."""
    withholding, redaction = withhold(commit), redact(commit)
    asked = RemovalRequest.objects.create(address="/x/", words="Mine.", contact="a@example.org")
    client = person(*rights)
    addresses = {
        name: [
            *(address(name, what) for what in ("changelist", "add")),
            *(address(name, what, row.pk) for what in ("change", "lift")),
        ]
        for name, row in (("withholding", withholding), ("redaction", redaction))
    }
    addresses["removalrequest"] = [
        address("removalrequest", "changelist"),
        address("removalrequest", "change", asked.pk),
    ]
    addresses["original"] = [address("case", "original", redaction.case_id)]
    for what, pages in addresses.items():
        for one in pages:
            assert client.get(one).status_code == (200 if what in may else 403), one
    for what in ("withholding", "redaction"):
        assert client.post(address(what, "delete", 1), {"post": "yes"}).status_code == 403
    # A withheld letter is not there for others, in any list, search or page of the admin.
    seen = "withhold" in rights
    own = Case.objects.get(pk=withholding.case_id)
    rows = {"case": own, "disputeditem": own.items.first(), "lettersource": own.sources.first()}
    for model, row in rows.items():
        assert (client.get(address(model, "change", row.pk)).status_code == 200) is seen
        listed = client.get(address(model, "changelist"), {"q": WITHHELD}).context["cl"].result_list
        assert (row in listed) is seen


def test_a_request_leads_to_the_letter_that_it_names(person, letters):
    client = person("withhold", "redact")
    asked = RemovalRequest.objects.create(
        address=f"https://archive.example/cases/{REDACTED.lower()}/#item-1", words="<script>", contact="a@example.org"
    )
    shown = client.get(address("removalrequest", "change", asked.pk)).content.decode()
    assert f"{address('redaction', 'add')}?case={case(REDACTED).pk}" in shown
    assert "<script></" not in shown
    data = {"status": "settled", "assigned_to": "", "note": "Done."}
    assert client.post(address("removalrequest", "change", asked.pk), data).status_code == 302
    asked.refresh_from_db()
    assert (asked.status, asked.words) == ("settled", "<script>")
