"""Curators, and a review queue with two questions of each of some kinds."""

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache

from determinations.models import Case, CredentialWording, ParseIssue, ReaderReport, RejectedFile


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Numbers that are kept for some minutes are those of this test."""
    cache.clear()


@pytest.fixture
def people(django_user_model):
    """Ana and Ben, who are curators; Eva, an editor, who may decide on many; Rob, who may only read."""
    rights = {"ana": ["decide"], "ben": ["decide"], "eva": ["decide", "decide_many"], "rob": ["view_parseissue"]}
    made = {}
    for name, codes in rights.items():
        made[name] = django_user_model.objects.create_user(name, is_staff=True)
        made[name].user_permissions.set(Permission.objects.filter(codename__in=codes))
    return made


@pytest.fixture
def queue(people):
    """Two questions of each kind of SAMPLE_KINDS, and none else."""
    ParseIssue.objects.all().delete()
    CredentialWording.objects.filter(specialty=None).update(status="dismissed")
    case = Case.objects.get(slug="cm16-0990003")
    for code, origin in (
        ("uncategorised", "reading"), ("correction-lost", "curation"), ("telephone", "detector"),
    ):  # fmt: skip
        for start in (100, 200):
            ParseIssue.objects.create(
                case=case, source=case.current_source, code=code, origin=origin, message=f"{code} at {start}",
                start=start, end=start + 12,
            )  # fmt: skip
    for number in (1, 2):
        CredentialWording.objects.create(text=f"Wizardry {number}")
        RejectedFile.objects.create(path=f"/letters/{number}.txt", code="empty", reason="the file is empty")
        ReaderReport.objects.create(case=case, position=1, place="outcome", words=f"Wrong {number}")
    return case
