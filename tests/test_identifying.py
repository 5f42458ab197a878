"""Likely identifiers become questions that only curators see."""

import pytest
from django.core.management import call_command

from determinations.curation import identifying
from determinations.ingest import ingest_paths
from determinations.letters.identifiers import DETECTOR_VERSION
from determinations.models import Case, LetterSource, ParseIssue
from tests.conftest import SAMPLES

pytestmark = pytest.mark.django_db
SLUG = "cm16-0990003"


@pytest.fixture(autouse=True)
def own_index(db, settings, tmp_path):
    """What comes in here is rolled back in the database only."""
    settings.SEARCH_INDEX_DIR = tmp_path / "index"


@pytest.fixture
def named(tmp_path):
    """A letter in which a name was left."""
    text = (SAMPLES / "CM16-0990003.txt").read_text(encoding="utf-8")
    (tmp_path / "named.txt").write_text(
        text.replace("Both tests are", "For Mr. Quillfeather both tests are", 1), encoding="utf-8"
    )
    assert "Quillfeather" in (tmp_path / "named.txt").read_text(encoding="utf-8")
    return tmp_path / "named.txt"


def questions():
    return ParseIssue.objects.filter(code=identifying.CODE)


def test_letters_without_identifiers_ask_nothing():
    assert identifying.look() == 0
    assert not LetterSource.objects.filter(status="current", looked_at__lt=DETECTOR_VERSION).exists()


def test_an_ingest_looks_at_what_it_takes_in(named):
    call_command("ingest", str(named), verbosity=0)
    [question] = questions()
    source = question.source
    assert (question.case.slug, question.message) == (SLUG, "This may be a person's name.")
    assert source.text[question.start : question.end] == "Quillfeather"
    assert source.looked_at == DETECTOR_VERSION


def test_no_visitor_is_told(client, named):
    ingest_paths([named], jobs=1)
    before = [client.get(address).content for address in (f"/cases/{SLUG}/", f"/cases/{SLUG}/source/")]
    identifying.look()
    assert questions().count() == 1
    assert [client.get(address).content for address in (f"/cases/{SLUG}/", f"/cases/{SLUG}/source/")] == before
    assert "likely-identifier" not in str(client.get(f"/api/v1/cases/{SLUG}").json())


def test_what_was_dismissed_stays_so_while_the_text_is_the_same(named):
    ingest_paths([named], jobs=1)
    identifying.look()
    questions().update(status="dismissed")
    LetterSource.objects.update(looked_at=0)
    assert identifying.look() == 0
    assert questions().get().status == "dismissed"


def test_questions_about_an_earlier_version_go(named):
    ingest_paths([named], jobs=1)
    identifying.look()
    named.write_text(
        named.read_text(encoding="utf-8").replace("For Mr. Quillfeather both", "And both"), encoding="utf-8"
    )
    ingest_paths([named], jobs=1)
    identifying.look()
    assert Case.objects.get(slug=SLUG).sources.count() == 3
    assert not questions().exists()
