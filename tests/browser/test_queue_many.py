"""Deciding on very many questions in Chromium: from the preview over the progress, which moves by itself, to undo."""

import pytest
from playwright.sync_api import expect

from tests.archives import with_samples
from tests.servers import site

from .test_accessibility import everywhere
from .test_queue import curate  # noqa: F401 - a fixture

_MADE = """
from django.contrib.auth import get_user_model
from tests import many
get_user_model().objects.create_superuser("ana", "ana@example.org", "a-long-enough-password")
many.letters(1500)
many.questions("uncategorised")
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A site with 1,501 questions of one kind, whose work is done by a process that it starts."""
    archive = with_samples(tmp_path_factory.mktemp("queue"))
    archive.run("shell", "--verbosity", "0", "--command", _MADE)
    with site(archive, IMR_BACKGROUND="on") as running:
        yield running


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_preview_over_the_progress_to_the_undo(curate, javascript):  # noqa: F811
    page = curate("/admin/queue/uncategorised/many/dismiss/", javascript=javascript)
    expect(page.get_by_text("That is done in the background")).to_be_visible()
    page.get_by_label("Why").fill("All alike.")
    with page.expect_navigation():
        page.get_by_role("button", name="Not an error").click()
    if javascript:
        assert everywhere(page) == {}
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    ended(page, "1,501 found to be no error", javascript)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="It is undone in the background")).to_be_visible()
    ended(page, "All are as before", javascript)
    assert page.problems == []


def ended(page, words, javascript):
    """The page says so by itself, or without scripts when it is looked at again."""
    for _ in range(0 if javascript else 120):
        if page.get_by_text(words).count():
            break
        page.wait_for_timeout(500)
        page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text(words)).to_be_visible(timeout=60_000)
