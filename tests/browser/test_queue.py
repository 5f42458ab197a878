"""The review queue and the form for readers' reports in Chromium: by keyboard, without scripts, and by axe's rules."""

import pytest
from playwright.sync_api import expect

from tests.archives import with_samples
from tests.servers import site

from .test_accessibility import everywhere

LETTER = "/cases/cm16-0990003/"
_MADE = """
from django.contrib.auth import get_user_model
from determinations.models import Case, ReaderReport
get_user_model().objects.create_superuser("ana", "ana@example.org", "a-long-enough-password")
case = Case.objects.get(slug="cm16-0990003")
for number in range(3):
    ReaderReport.objects.create(case=case, position=1, place="outcome", words=f"The outcome is not right, {number}.")
"""
PAGES = [
    "/admin/",
    "/admin/queue/",
    "/admin/queue/growth/",
    "/admin/queue/done/",
    "/admin/queue/warnings/",
    "/admin/queue/reports/?status=settled",
    "/admin/queue/warnings/many/dismiss/",
    "/admin/queue/guideline-wordings/",
]
# What Django's own pages around ours lack.
DJANGOS = {
    "/admin/": {"heading-order", "region", "landmark-unique", "empty-table-header", "target-size"},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A site with a curator and three readers' reports, which these tests may change."""
    archive = with_samples(tmp_path_factory.mktemp("queue"))
    archive.run("shell", "--verbosity", "0", "--command", _MADE)
    with site(archive) as running:
        yield running


@pytest.fixture
def curate(visit):
    """A function that logs a curator in and opens a page."""

    def open_page(path, **options):
        page = visit(f"/admin/login/?next={path}", **options)
        page.get_by_label("Username").fill("ana")
        page.get_by_label("Password").fill("a-long-enough-password")
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(f"**{path}")
        return page

    return open_page


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_on_the_queues_pages(curate, path):
    page = curate(path)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    assert everywhere(page, DJANGOS.get(path, frozenset())) == {}
    assert page.problems == []


@pytest.mark.parametrize("kind", ["warnings", "reports", "guideline-wordings"])
def test_axe_finds_nothing_on_a_question(curate, kind):
    page = curate(f"/admin/queue/{kind}/")
    with page.expect_navigation():
        page.locator("[data-row-link]").first.click()
    assert everywhere(page) == {}
    assert page.problems == []


@pytest.mark.parametrize("path", [*PAGES[1:], "question"])
@pytest.mark.parametrize("width", [320, 375])
def test_nothing_is_wider_than_a_narrow_screen(curate, path, width):
    page = curate("/admin/queue/warnings/" if path == "question" else path, width=width)
    if path == "question":
        with page.expect_navigation():
            page.locator("[data-row-link]").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_list_by_keyboard(curate):
    page = curate("/admin/queue/notices/")
    rows = page.locator("li[data-row]")
    second = rows.nth(1).get_attribute("id")
    third = rows.nth(2).get_attribute("id")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('[data-row]').id") == second
    with page.expect_navigation():
        page.keyboard.press("d")
    expect(page.locator(f"#{second}")).to_have_count(0)
    assert page.evaluate("document.activeElement.closest('[data-row]').id") == third
    with page.expect_navigation():
        page.keyboard.press("u")
    expect(page.locator(f"#{second}")).to_have_count(1)
    expect(page.get_by_text("Undone: 1 as before.")).to_be_visible()


def test_one_after_the_other_by_keyboard(curate):
    page = curate("/admin/queue/warnings/")
    with page.expect_navigation():
        page.keyboard.press("n")
    first = page.url
    page.keyboard.press("q")
    page.keyboard.type("add a question")  # a key in a text is a letter of it
    expect(page.get_by_label("Your question, or why")).to_have_value("add a question")
    with page.expect_navigation():
        page.get_by_role("button", name="Ask").click()
    assert page.url != first
    assert "/admin/queue/warnings/" in page.url
    second = page.url
    with page.expect_navigation():
        page.keyboard.press("a")
    assert page.url not in (first, second)


def test_keys_can_be_turned_off(curate):
    page = curate("/admin/queue/notices/")
    page.get_by_label("Keys are on").uncheck()
    page.reload()
    expect(page.get_by_label("Keys are on")).not_to_be_checked()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement === document.body")


def test_all_of_it_without_scripts(curate):
    page = curate("/admin/queue/reports/", javascript=False)
    page.get_by_role("button", name="Take the next one").click()
    page.get_by_label("What was done, or what you ask").fill("The outcome was corrected.")
    page.get_by_role("button", name="Answered").click()
    expect(page.get_by_text("Readers’ reports: accepted.")).to_be_visible()
    page.goto(page.url.split("/admin/")[0] + "/about/")
    expect(page.get_by_text("1 was answered")).to_be_visible()


def test_a_reader_reports_and_axe_finds_nothing(visit):
    page = visit(LETTER)
    with page.expect_navigation():
        page.locator("#item-2").get_by_role("link", name="Something wrong here?").click()
    assert everywhere(page) == {}
    page.get_by_role("button", name="Send to the curators").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert everywhere(page) == {}
    page.get_by_label("What is wrong?").select_option("The outcome")
    page.get_by_label("What does it say, and what should it say?").fill("It is the other way round.")
    page.wait_for_timeout(3_100)  # who sends a form at once is no person
    page.get_by_role("button", name="Send to the curators").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert everywhere(page) == {}
