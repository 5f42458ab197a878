"""/cases/<slug>/ and its source: one letter with all that was read, and the text as it came."""

import pytest

from determinations.ingest import ingest_paths
from determinations.models import Case, DisputedItem
from determinations.templatetags.readings import patient_facts, reason_labels, request_facts
from tests.conftest import SAMPLES
from tests.letters.builder import Parts, letter_2016, pdfbox
from tests.letters.pdfs import letter_pdf, scanned_pdf
from tests.pages import page

pytestmark = pytest.mark.django_db


def get(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status
    return page(response)


def joined(text):
    return " ".join(text.split())


@pytest.mark.parametrize("slug", sorted(path.stem.lower() for path in SAMPLES.glob("CM*.txt")))
def test_every_sample_letter_shows_all_that_was_read(client, slug):
    case = Case.objects.get(slug=slug)
    found = get(client, f"/cases/{slug}/")
    assert found.heading() == case.number
    assert joined(case.clinical_summary) in found.text
    for item in case.items.all():
        assert item.anchor in found.ids
        assert joined(item.title) in found.text
        assert joined(item.treatment) in found.text
        assert joined(item.rationale) in found.text
        for citation in item.citations.all():
            assert joined(citation.text) in found.text
        for statement in (item.claims_administrator_statement, item.reviewer_statement):
            assert joined(statement) in found.text
    for credential in case.reviewer.credentials.all():
        assert credential.wording.text in found.text
    for issue in case.issues.all():
        assert joined(issue.message) in found.text


def test_the_dates_and_the_credentials(client):
    found = get(client, "/cases/cm16-0990003/")
    case = Case.objects.get(slug="cm16-0990003")
    for day in (case.date_of_injury, case.ur_denial_date, case.received_date, case.date_assigned, case.decision_date):
        assert f"{day:%b} {day.day}, {day.year}" in found.text
    assert "Reviewers are anonymous" in found.text


def test_a_letter_without_header_says_what_it_lacks(client):
    case = Case.objects.filter(number=None).first()
    found = get(client, case.get_absolute_url())
    assert "came without its header" in found.text
    assert found.heading() == f"Letter {case.slug[7:15]}"


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("cm17-0990014", "The heading says Upheld; the reasons find the request medically necessary."),
        ("cm17-0990015", "The heading says Overturned; the reasons find the request not medically necessary."),
    ],
)
def test_a_contradiction_is_said_beside_the_item(client, slug, sentence):
    assert sentence in get(client, f"/cases/{slug}/").text


def test_links_lead_into_the_search(client):
    item = DisputedItem.objects.filter(
        filed_under__parent__isnull=False, citations__wording__guideline__isnull=False
    ).first()
    for link in get(client, item.case.get_absolute_url()).links:
        if link.startswith("/decisions/?"):
            found = get(client, link)
            assert found.heading() != "No decisions found"
            assert "is not known here" not in found.text


def test_an_address_in_capitals_leads_to_the_letter(client):
    response = client.get("/cases/CM16-0990003/")
    assert (response.status_code, response["Location"]) == (301, "/cases/cm16-0990003/")


@pytest.mark.parametrize(
    "path",
    [
        "/cases/cm99-0000001/",
        "/cases/x/",
        "/cases/cm99-0000001/source/",
        "/cases/cm99-0000001/source.txt",
        "/cases/a%20b/",
        "/cases/%00/",
    ],
)
def test_a_letter_that_is_not_there_is_404(client, path):
    assert "There is no such page" in get(client, path, status=404).text


def test_a_scanned_letter_says_what_it_is_and_nothing_that_is_not_so(client, empty_archive, tmp_path):
    (tmp_path / "scan.pdf").write_bytes(scanned_pdf(3))
    ingest_paths([tmp_path])
    case = Case.objects.get()
    found = get(client, case.get_absolute_url())
    assert "A scanned letter of 3 pages, not read yet" in found.text
    assert "This letter came as a scanned PDF" in found.text
    for wrong in (
        "0 disputed items",
        "No disputed item",
        "has no clinical summary",
        "the letter gives credentials only",
    ):
        assert wrong not in found.text
    source = get(client, f"{case.get_absolute_url()}source/")
    assert "PDF of 3 pages" in source.text
    assert "The PDF has no text: its pages are pictures." in source.text
    assert "Source text" in source.heading()


def test_the_source_of_a_pdf_is_the_text_that_was_read(client, empty_archive, tmp_path):
    (tmp_path / "letter.pdf").write_bytes(letter_pdf(letter_2016(Parts(rationale="Quite “rare” words."))))
    ingest_paths([tmp_path])
    found = get(client, "/cases/cm16-0777001/source/")
    assert "Quite “rare” words." in found.text
    assert "The text of the PDF as it was extracted" in found.text
    assert "pypdfium2" in found.text


def test_the_page_takes_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    case = max(Case.objects.all(), key=lambda case: case.items.count())
    with django_assert_max_num_queries(11):
        client.get(case.get_absolute_url())


# ---- what letters say as data ---------------------------------------------------------------------------------------
def test_a_notice_of_2013_shows_its_decisions_and_documents(client):
    found = get(client, "/cases/cm13-0990001/")
    assert "3 disputed items, decided November 4, 2013" in found.text
    assert "Treatment MRI Body part left knee Quantity 1" in found.text
    assert "Drug Diclofenac Dose 75mg Quantity 60" in found.text
    assert "Documents reviewed Application for Independent Medical Review (received 8/15/2013)" in found.text


def test_a_cover_page_and_an_amended_letter_say_so(client):
    assert "Determination Partial Overturn" in get(client, "/cases/cm13-0990002/").text
    amended = get(client, "/cases/cm14-0990003/")
    assert "Amended final determination letter" in amended.text
    assert "Determination Uphold" in amended.text


def test_reasons_and_a_part_that_was_granted_are_told(client):
    item = DisputedItem.objects.exclude(modification="").first()
    found = get(client, item.case.get_absolute_url())
    assert f"Utilization review granted a part of this request: “{item.modification}”." in found.text
    with_reasons = next(one for one in DisputedItem.objects.exclude(reasons=[]) if len(one.reasons) > 1)
    shown = get(client, with_reasons.case.get_absolute_url()).text
    assert all(label in shown for label in reason_labels(with_reasons.reasons))


@pytest.mark.parametrize(
    ("request_", "pairs"),
    [
        ({}, []),
        (
            {"drugs": [{"text": "Norco", "generic": "hydrocodone/acetaminophen", "group": "Opioids"}], "refills": 0},
            [("Drug", "Norco (hydrocodone/acetaminophen)"), ("Refills", "0")],
        ),
        (
            {
                "quantity": {"number": 8, "unit": "visit", "low": 6},
                "frequency": {"times": 2, "period": "week", "low": None},
                "duration": {"number": 1, "unit": "month", "low": None},
            },
            [("Quantity", "6–8 visits"), ("Frequency", "2 a week"), ("Duration", "1 month")],
        ),
        ({"quantity": {"number": 60, "unit": "", "low": None}}, [("Quantity", "60")]),
        ({"compound": True, "doses": ["5%", "2%"]}, [("Form", "compounded"), ("Dose", "5%, 2%")]),
    ],
)
def test_a_request_in_words(request_, pairs):
    assert request_facts(request_) == pairs


def test_a_patient_in_words():
    patient = {
        "age": 51,
        "sex": "female",
        "body_parts": [{"part": "wrist", "side": "right"}],
        "prior_treatments": [{"kind": "physical therapy", "count": 12}, {"kind": "bracing", "count": None}],
    }
    assert patient_facts(patient) == [
        ("Patient", "51 years, female"),
        ("Injured", "right wrist"),
        ("Treated with", "physical therapy (12), bracing"),
    ]
    assert reason_labels(["no-such-reason"]) == ["no-such-reason"]


# ---- hostile and odd letters -----------------------------------------------------------------------------------------
def take_in(folder, *items, **options):
    """The case of a letter with these items."""
    (folder / "letter.txt").write_text(pdfbox(letter_2016(*items, **options)))
    ingest_paths([folder])
    return Case.objects.get()


def test_whatever_a_letter_says_it_is_text(client, empty_archive, tmp_path):
    hostile = '<script>alert(1)</script> <img src=x onerror=alert(1)> {{ case }} {% url %} </title> & "'
    case = take_in(
        tmp_path,
        Parts(
            treatment=f"MRI {hostile}",
            claims_administrator=f"Decision based on Non-MTUS Citation {hostile}.",
            reviewer=f"Decision based on Non-MTUS Citation {hostile}.",
            rationale=f"{hostile} was read. {hostile * 3} Therefore, {hostile} is not medically necessary.",
        ),
        summary=[hostile],
        certifications=hostile,
    )
    for query in ("", "?q=alert&at=1", "?q=%3Cscript%3E&at=%3Cscript%3E&outcome=%22%3E%3Cscript%3E"):
        found = get(client, case.get_absolute_url() + query)  # the page parser fails on scripts and handlers
        assert "<script>alert(1)" in found.text
        assert "<script>alert" not in found.html
        assert "<img" not in found.html


def test_a_letter_of_thirty_items(client, empty_archive, tmp_path, django_assert_max_num_queries):
    items = [Parts(treatment=f"MRI of the knee, part {number}") for number in range(1, 31)]
    case = take_in(tmp_path, *items)
    assert case.items.count() == 30
    with django_assert_max_num_queries(12):
        found = get(client, case.get_absolute_url())
    assert {f"item-{number}" for number in range(1, 31)} <= set(found.ids)
    assert "Item 30 of 30" in found.text
    # The lists of similar decisions stand on pages of their own, else this page would search sixty times.
    assert "/cases/cm16-0777001/items/30/similar/" in found.links
    assert len(client.get(case.get_absolute_url()).content) < 250_000


# ---- what the reviewer concludes, how to cite ------------------------------------------------------------------------
def test_the_conclusion_is_lifted(client, empty_archive, tmp_path):
    facts = "The wrist was bruised a year ago. Nothing was felt since then that the records of the clinic tell of. " * 2
    case = take_in(tmp_path, Parts(rationale=f"{facts}Therefore, the test is not medically necessary."))
    found = get(client, case.get_absolute_url())
    assert "The reviewer concludes Therefore, the test is not medically necessary." in found.text
    assert found.text.count("Therefore, the test is not medically necessary.") == 2


def test_each_decision_can_be_cited(client):
    found = get(client, "/cases/cm16-0990003/")
    for form in (
        "IMR case CM16-0990003, item 2: “Associated surgical service: Assistant surgeon” (Upheld).",
        (
            "In re IMR Case No. CM16-0990003, Final Determination Letter (Cal. Div. of Workers’ Comp., Indep. Med. "
            "Rev. Nov. 10, 2016), item 2, http://testserver/cases/cm16-0990003/#item-2"
        ),
        "@misc{imr-cm16-0990003-2, author = {{California",
    ):
        assert form in found.text


def test_the_canonical_address_is_clean(client):
    for query in ("", "?q=knee&at=3&outcome=upheld", "?page=7&x=y"):
        html = get(client, f"/cases/cm16-0990003/{query}").html
        assert '<link rel="canonical" href="http://testserver/cases/cm16-0990003/">' in html
