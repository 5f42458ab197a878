"""Names of drugs: what requests are shown to name today, and names that curators add."""

import pytest
from django.urls import reverse

from determinations import drugs, exports, search
from determinations.curation import drug_headings, jobs, naming, reach, unresolved
from determinations.curation.working import work
from determinations.drugs import Called
from determinations.models import Case, DisputedItem, Drug, DrugWording, Job, NameChange
from determinations.search import DecisionQuery, index
from determinations.vocabulary import drug_names
from tests.test_naming import agrees

pytestmark = pytest.mark.django_db

NORCO = {"text": "Norco", "generic": "hydrocodone/acetaminophen", "group": "Opioids"}
KNOWN = {
    "norco": ("hydrocodone/acetaminophen", "Opioids"), "norco forte": ("a stronger one", "Opioids"),
    "norko": ("hydrocodone/acetaminophen", "Opioids"), "sugar": None,
}  # fmt: skip


def drug(name):
    return Drug.objects.get(name=name)


@pytest.mark.parametrize(
    ("heading", "read", "now"),
    [
        ("Norco 10/325mg #60", [NORCO], [("Norco", "hydrocodone/acetaminophen")]),
        ("Norko 10/325mg #60", [], [("norko", "hydrocodone/acetaminophen")]),
        ("NORKO-10, Norco", [NORCO], [("Norco", "hydrocodone/acetaminophen"), ("norko", "hydrocodone/acetaminophen")]),
        ("Norkos", [], []),  # whole words alone
        ("Norco Forte #30", [NORCO], [("norco forte", "a stronger one")]),  # which is no Norco
        ("Sugar", [{"text": "Sugar", "generic": "sugar", "group": "Sweets"}], []),  # a name that names none
        ("Salt", [{"text": "Salt", "generic": "salt", "group": "Minerals"}], [("Salt", "salt")]),  # as it was read
    ],
)  # fmt: skip
def test_a_request_names_drugs_by_their_names_of_today(heading, read, now):
    called = Called(KNOWN, ("norco forte", "norko"))
    assert [(one["text"], one["generic"]) for one in called.now(heading, read)] == now


def test_every_name_that_is_shipped_is_there_and_names_its_drug():
    rows = DrugWording.objects.values_list("text", "drug__name", "drug__group")
    assert {text: (name, group) for text, name, group in rows} == {
        text: (drug.name, drug.group) for text, drug in drug_names().items()
    }
    assert drugs.current().added == ()


def test_pages_exports_and_searches_call_a_drug_by_its_name_of_today(sampled, do, client):
    item = next(one for one in DisputedItem.objects.all() if "Cymbalta" in one.title)
    do(naming.rename(drug("duloxetine"), "duloxetine hydrochloride"))
    do(naming.place(drug("duloxetine hydrochloride"), group="Pain Relievers"))
    assert "duloxetine hydrochloride" in client.get(item.case.get_absolute_url()).content.decode()
    told = client.get(f"/api/v1/cases/{item.case.slug}").json()
    [named] = [one for one in told["items"] if one["item"] == item.position]
    assert [(one["text"], one["generic"], one["group"]) for one in named["request"]["drugs"]] == [
        ("Cymbalta", "duloxetine hydrochloride", "Pain Relievers")
    ]
    assert client.get("/drugs/duloxetine/", follow=True).redirect_chain == [("/drugs/duloxetine-hydrochloride/", 302)]
    for words in ("drug:cymbalta", "drug:duloxetine"):
        assert item.pk in search.find(DecisionQuery(words=words)).item_ids
    query = DecisionQuery(chosen={"drug": {str(Drug.objects.get(slug="duloxetine-hydrochloride").pk)}})
    assert b"Pain Relievers" in b"".join(exports.export(query, exports.FORMATS["csv"], "").pieces)


def test_a_name_that_is_added_is_found_in_headings(sampled, do):
    item = next(one for one in DisputedItem.objects.all() if "rine drug screen" in one.title)
    plan = naming.spell(drug("tramadol"), "Urine – DRUG")
    seen = plan.preview()
    assert [(one.name, one.gains, one.loses) for one in seen.facets] == [("tramadol", seen.decisions, 0)]
    assert item.pk in {one.pk for one in seen.examples}
    done = do(plan)
    assert (done.change.letters, done.followed.letters) == (seen.letters, seen.letters)
    wording = DrugWording.objects.get(text="urine drug")
    assert wording.drug == drug("tramadol")
    chosen = DecisionQuery(chosen={"drug": {str(wording.drug_id)}})
    assert item.pk in search.find(chosen, limit=1_000).item_ids
    assert reach.letters(DrugWording, [wording.pk]) == {wording.pk: seen.letters}
    assert any(item.title in place.words for place in unresolved.places(wording))
    do(naming.undo(NameChange.objects.get()))
    assert item.pk not in search.find(chosen, limit=1_000).item_ids
    assert not DrugWording.objects.filter(text="urine drug").exists()


def test_the_letters_of_a_name_in_very_many_headings_are_looked_for_in_the_background(
    sampled, do, monkeypatch, admin_client
):
    holding = len(drug_headings.holding("therapy"))
    for name, number in {"AT_ONCE": 4, "_A_BATCH": 2, "_A_STEP": 3}.items():
        monkeypatch.setattr(drug_headings, name, number)
    asked = {"record": drug("tramadol").pk, "text": "Therapy"}
    page = admin_client.get(reverse("admin:names_change", args=["drug", "spell"]), asked)
    assert page.context["preview"].decisions == 4 < holding
    assert "Very many headings have these words" in page.text
    done = do(naming.spell(drug("tramadol"), "Therapy"))
    assert done.change.letters >= 4
    assert (done.job.name, done.job.total) == (jobs.SPELL, holding)
    assert not Case.objects.awaiting_index().exists()
    assert not drug_headings.mark_some(done.job)
    half = Case.objects.awaiting_index().count()
    work()
    done.job.refresh_from_db()
    assert (done.job.state, done.job.done) == ("done", holding)
    assert 0 < half < Job.objects.get(name=jobs.INDEX).done
    agrees()
    do(naming.undo(done.change))
    assert not DrugWording.objects.filter(text="therapy").exists()
    work()
    agrees()


def test_a_name_reaches_letters_that_are_being_indexed(do, monkeypatch):
    """They were read without it, and no search finds them yet."""
    item = next(one for one in DisputedItem.objects.all() if "rine drug screen" in one.title)
    Case.objects.filter(pk=item.case_id).update(index_pending=True, withheld=True)
    search.index_pending()
    Case.objects.filter(pk=item.case_id).update(index_pending=True, withheld=False)
    commit, plan = index._Writer.commit, naming.spell(drug("tramadol"), "Urine drug")

    def meanwhile(writer):
        monkeypatch.undo()
        plan.carry_out(by="mary")  # it is committed before those letters can be found
        commit(writer)

    monkeypatch.setattr(index._Writer, "commit", meanwhile)
    search.index_pending()
    work()
    assert not Case.objects.awaiting_index().exists()
    agrees()


def test_a_step_does_not_bring_back_words_that_were_redacted_meanwhile(do, monkeypatch):
    monkeypatch.setattr(drug_headings, "AT_ONCE", 0)
    job = do(naming.spell(drug("tramadol"), "Therapy")).job
    Job.objects.filter(pk=job.pk).update(parameters=job.parameters | {"text": "[redacted]"})
    drug_headings.mark_some(job)
    job.refresh_from_db()
    assert job.parameters["text"] == "[redacted]"
    assert job.parameters["cursor"]


@pytest.mark.parametrize("name", ["norco", "Norco", "tylenol-with-codeine"])
def test_the_address_of_a_name_leads_to_the_drug(name, client):
    record = DrugWording.objects.get(text=name.lower().replace("-", " ")).drug
    assert client.get(f"/drugs/{name}/", follow=True).redirect_chain[-1] == (f"/drugs/{record.slug}/", 302)


def test_the_address_of_a_name_that_names_nothing_leads_nowhere(client):
    DrugWording.objects.filter(text="norco").update(drug=None)
    for name in ("norco", "no-drug-of-this-name"):
        assert client.get(f"/drugs/{name}/").status_code == 404


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("ultram", "is a name of tramadol already"),
        ("10/325", "at least three letters"),
        ("a", "at least three letters"),
        ("…", "at least three letters"),
        ("x" * 201, "too long"),
    ],
)
def test_what_is_no_new_name_is_refused_with_a_sentence(text, because, sampled):
    with pytest.raises(naming.Refused, match=because):
        naming.spell(drug("codeine"), text)


def test_without_an_index_nothing_is_added_and_a_sentence_says_why(sampled, settings, tmp_path):
    plan = naming.spell(drug("codeine"), "Urine drug")
    settings.SEARCH_INDEX_DIR = tmp_path / "nothing"
    for attempt in (plan.preview, lambda: plan.carry_out(by="mary")):
        with pytest.raises(naming.Refused, match="being built"):
            attempt()
    assert not DrugWording.objects.filter(text="urine drug").exists()
    with pytest.raises(naming.Refused, match="cannot be counted"):
        naming.rename(drug("codeine"), "Codeine of today").preview()


def test_an_ingest_after_it_takes_the_name_in(sampled, do):
    do(naming.spell(drug("tramadol"), "Urine drug"))
    found = len(drug_headings.holding("urine drug"))
    Case.objects.update(index_pending=True)
    search.index_pending()
    chosen = DecisionQuery(chosen={"drug": {str(drug("tramadol").pk)}})
    assert search.find(chosen).decisions >= found > 0
    assert search.check().agrees


def test_a_name_is_added_on_a_page(sampled, admin_client):
    record = drug("tramadol")
    page = admin_client.get(reverse("admin:determinations_drug_change", args=[record.pk])).content.decode()
    address = reverse("admin:names_change", args=["drug", "spell"])
    assert f"{address}?record={record.pk}" in page
    assert "ultram" in page
    shown = admin_client.get(address, {"record": record.pk, "text": "Urine drug"})
    assert shown.context["preview"].decisions > 0
    data = {"record": record.pk, "text": "Urine drug", "stamp": shown.context["stamp"], "why": "As some write it."}
    assert admin_client.post(address, data).status_code == 302
    assert DrugWording.objects.get(text="urine drug").drug == record
    again = admin_client.get(address, {"record": record.pk, "text": "urine drug"}).content.decode()
    assert "is a name of tramadol already" in again
