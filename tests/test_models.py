"""What the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction

from determinations.models import Archive, Case, DisputedItem, GuidelineCitation, LetterSource, ParseIssue

pytestmark = pytest.mark.django_db


def refuse(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


@pytest.fixture
def case():
    return Case.objects.filter(number__isnull=False).first()


def test_there_is_one_archive():
    Archive.identity()
    refuse(lambda: Archive.objects.create(id=2))
    assert Archive.identity() == Archive.identity()


def test_a_case_number_and_an_address_are_given_once(case):
    other = Case.objects.exclude(pk=case.pk).first()
    refuse(lambda: Case.objects.filter(pk=other.pk).update(number=case.number))
    refuse(lambda: Case.objects.filter(pk=other.pk).update(slug=case.slug))


def test_several_cases_may_lack_a_number():
    assert Case.objects.filter(number__isnull=True).count() > 1


@pytest.mark.parametrize(
    ("model", "field", "value"),
    [
        (Case, "priority", "Urgent"),
        (DisputedItem, "outcome", "Maybe"),
        (DisputedItem, "finding", "who knows"),
        (GuidelineCitation, "side", "the judge"),
        (LetterSource, "status", "lost"),
    ],
)
def test_only_known_values(model, field, value):
    first = model.objects.first()
    refuse(lambda: model.objects.filter(pk=first.pk).update(**{field: value}))


def test_one_item_a_position(case):
    item = case.items.first()
    refuse(lambda: DisputedItem.objects.create(case=case, position=item.position, finding="unclear"))


def test_one_current_source_a_case(case):
    current = case.current_source
    refuse(
        lambda: LetterSource.objects.create(
            case=case,
            version=9,
            status="current",
            sha256="0" * 64,
            text_sha256="0" * 64,
            size=1,
            parser_version=1,
            encoding="utf-8",
            compressed=b"",
            file_name="x",
        )
    )
    refuse(lambda: LetterSource.objects.filter(pk=current.pk).update(case=None))


def test_a_text_is_kept_once():
    first, second = LetterSource.objects.all()[:2]
    refuse(lambda: LetterSource.objects.filter(pk=second.pk).update(text_sha256=first.text_sha256))


def test_an_issue_ends_after_it_begins(case):
    refuse(
        lambda: ParseIssue.objects.create(case=case, source=case.current_source, code="x", message="x", start=5, end=4)
    )


@pytest.mark.parametrize(
    ("section", "pages", "expected"),
    [
        ("", [], ""),
        ("Physical Medicine", [], "Physical Medicine"),
        ("Physical Medicine", ["98-99"], "Physical Medicine, pages 98-99"),
        ("", ["122"], "page 122"),
        ("Opioids", ["78", "80"], "Opioids, pages 78, 80"),
    ],
)
def test_the_place_of_a_citation_reads_well(section, pages, expected):
    assert GuidelineCitation(section=section, pages=pages).place == expected


def test_names_of_cases_with_and_without_number():
    assert Case(number="CM16-0990001", slug="cm16-0990001").name == "CM16-0990001"
    assert Case(slug="letter-0123456789abcdef").name == "Letter 01234567"
