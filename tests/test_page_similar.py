"""Decisions like another one, in two columns; and decisions side by side."""

import pytest

from determinations import reading, search
from determinations.ingest import ingest_paths
from determinations.models import Case, DisputedItem
from tests.conftest import SAMPLES
from tests.letters.builder import HEADER_2016, Parts, letter_2016, pdfbox
from tests.pages import page

pytestmark = pytest.mark.django_db


def get(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status
    return page(response)


def letters_of(folder, *texts):
    """Letters with one decision each: (treatment, outcome)."""
    for number, (treatment, outcome) in enumerate(texts, start=1):
        header = (f"Case Number: CM16-08000{number:02}", *HEADER_2016[1:])
        (folder / f"{number}.txt").write_text(pdfbox(letter_2016(Parts(treatment, outcome), header=header)))
    ingest_paths([folder])


def test_similar_decisions_in_two_columns_with_why(client, empty_archive, tmp_path):
    letters_of(
        tmp_path,
        ("MRI of the right wrist", "Upheld"),
        ("MRI of the left wrist", "Overturned"),
        ("MRI of the lumbar spine", "Upheld"),
        ("Tramadol 50mg #60", "Upheld"),
        ("Ultram 50mg #90", "Overturned"),
    )
    found = get(client, "/cases/cm16-0800001/")
    similar = found.text.partition("Similar decisions")[2]
    assert "MRI of the left wrist CM16-0800002" in similar
    assert "same treatment: MRI; same body part: wrist" in similar
    assert similar.index("MRI of the left wrist") < similar.index("MRI of the lumbar spine")
    assert "ramadol" not in similar
    drug = get(client, "/cases/cm16-0800004/items/1/similar/")
    assert "Ultram 50mg #90" in drug.text
    assert "same drug: tramadol" in drug.text
    assert "None found." in drug.text  # none other was upheld
    assert "MRI" not in drug.text


def test_a_decision_unlike_all_others_says_so(client, empty_archive, tmp_path):
    letters_of(tmp_path, ("MRI of the right wrist", "Upheld"), ("Tramadol 50mg #60", "Upheld"))
    assert "Similar decisions" not in get(client, "/cases/cm16-0800001/").text
    assert "nothing telling in common" not in get(client, "/cases/cm16-0800001/items/1/similar/").text
    assert "No decision in the archive has anything telling" in get(client, "/cases/cm16-0800001/items/1/similar/").text


def test_similar_decisions_are_of_other_letters_and_told_truly(client):
    for item in DisputedItem.objects.select_related("case"):
        page = reading.similar_page(item.case.slug, item.position)
        for outcome, nearest in page.similar:
            letters = [one.item.case_id for one in nearest]
            assert item.case_id not in letters
            assert len(set(letters)) == len(letters)
            assert {one.item.outcome for one in nearest} <= {outcome}
            assert all(one.shared for one in nearest)


@pytest.mark.any_database  # it is the index that is made in other orders
def test_what_is_similar_does_not_depend_on_how_the_index_came_about(empty_archive):
    """Letters that were indexed anew, in another order, are still in the index as they were until it tidies up."""
    ingest_paths([SAMPLES], jobs=1)
    before = _all_similar()
    ids = list(Case.objects.order_by("-slug").values_list("pk", flat=True))
    for some in (ids[0::3], ids[1::3], ids[2::3]):
        Case.objects.filter(pk__in=some).update(index_pending=True)
        search.index_pending()
    assert _all_similar() == before
    search.rebuild()
    assert _all_similar() == before


def _all_similar():
    return {
        item.pk: [(one.item.pk, one.shared) for _, nearest in reading.similar(item) for one in nearest]
        for item in DisputedItem.objects.select_related("case")
    }


@pytest.mark.parametrize("path", ["/cases/cm16-0990003/items/99/similar/", "/cases/cm99-1/items/1/similar/"])
def test_similar_to_nothing_is_404(client, path):
    get(client, path, status=404)


def test_similar_decisions_without_an_index(client, no_index):
    assert "does not answer just now" in get(client, "/cases/cm16-0990003/items/1/similar/", status=503).text


# ---- side by side ----------------------------------------------------------------------------------------------------
def test_decisions_side_by_side(client):
    found = get(client, "/compare/?item=cm16-0990003/2&item=CM17-0990014/1&item=cm16-0990003/2")
    assert "CM16-0990003, item 2" in found.text
    assert "CM17-0990014, item 1" in found.text
    assert "Heading and reasons disagree" in found.text
    assert "/compare/?item=cm17-0990014/1" in found.links


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "No decision is chosen."),
        ("item=", "names no decision"),
        ("item=%3Cscript%3E", "“<script>” names no decision"),
        ("item=cm16-0990003/0", "“cm16-0990003/0” names no decision"),
        ("item=cm16-0990003/77", "There is no decision cm16-0990003/77 here."),
        ("item=" + "x" * 5000, "names no decision"),
        ("&".join(f"item=cm16-0990003/{number}" for number in range(1, 9)), "At most 4 decisions"),
        ("&".join(["item=?"] * 2000), "names no decision"),
    ],
)
def test_a_comparison_says_what_it_cannot_show(client, query, told):
    assert told in get(client, f"/compare/?{query}").text
